/*
 * Failure at step n: every call of SQLite that the store makes fails once, n = 1, 2, … until a run
 * is over before its turn comes. Whatever fails, a turn is there as a whole or not at all, what was
 * reported as committed is there, and the work can be finished.
 */
/* LDFLAGS: @tests/support/sqlite_faults.flags */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/private.h"
#include "tests/support/sqlite_faults.h"

#define MIN_POINTS 100
#define TURNS      2

/* ---- the script ---- */

static char dir[64];
static char db[96];
static struct store *s;
static struct arena arena;
static bool committed[TURNS + 1]; /* by number of the turn: reported to us as done */
static bool upgraded;
static bool delivered; /* "e1:1" was reported as sent */

#define LATEST 9 /* the schema's version in this program; the test goes one further */

static int open_version(size_t version) {
    static struct migration list[MIGRATIONS_MAX];
    static const char next[] = "CREATE TABLE later (a TEXT NOT NULL) STRICT;";
    if (migrate_embedded(list) != LATEST) {
        return -EIO;
    }
    list[LATEST] = (struct migration){.version = LATEST + 1, .sql = next, .len = sizeof(next) - 1};
    store_close(s);
    return store_open_with(db, list, version, &s);
}

static int say(const struct store_person *p, const char *event, int turn) {
    struct store_session session;
    int err = store_session_get(s, &arena, p->id, &session);
    if (err && err != -ENOENT) {
        return err;
    }
    session = (struct store_session){.run_id = "r1",
                                     .phase = "asking",
                                     .question_id = event,
                                     .ticks = "",
                                     .menu = "none",
                                     .menu_arg = "",
                                     .last_event_ms = turn};
    err = store_session_put(s, p->id, &session);
    if (err) {
        return err;
    }
    struct store_out row = {.key = arena_printf(&arena, "%s:1", event),
                            .person_id = p->id,
                            .platform = "p",
                            .workspace = "w",
                            .recipient = "u",
                            .channel = "",
                            .text = "hello",
                            .choices = "",
                            .question = event,
                            .due_ms = turn};
    err = store_outbox_add(s, &row, turn);
    return err ? err : store_work_set(s, "nudge", p->id, 1000 + turn);
}

static int effects(const char *event, int turn) {
    struct store_person p;
    int err = store_person_get(s, &arena, "p", "w", "u", "ja", turn, &p);
    if (!err && turn == 1) {
        err = store_form_add(s, "h", "form", "{}", turn);
    }
    if (!err && turn == 1) {
        err = store_run_begin(s, "r1", p.id, "h", turn);
    }
    static const char *const values[] = {"a", NULL, "b"};
    for (size_t i = 0; !err && i < ARRAY_LEN(values); i++) {
        err = store_answer_put(s, "r1", event, values[i], turn);
    }
    if (!err && turn == TURNS) {
        err = store_result_add(s, p.id, "", "owl", true, turn);
    }
    return err ? err : say(&p, event, turn);
}

/* The same event again is answered once. */
static int one_turn(int turn) {
    const char *event = arena_printf(&arena, "e%d", turn);
    int err = store_begin(s);
    if (!err) {
        err = store_inbox_add(s, "p", "w", event, turn);
    }
    if (err == -EEXIST) {
        store_rollback(s);
        return 0;
    }
    if (!err) {
        err = effects(event, turn);
    }
    if (!err) {
        err = store_commit(s);
    }
    if (!err) {
        committed[turn] = true;
    }
    return err;
}

/* Until nothing is due: a retried row holds back the later ones of its conversation. */
static int deliver(void) {
    const struct store_out *rows = NULL;
    size_t n = 0;
    int err = store_outbox_due(s, &arena, "p", "w", STORE_ALL, 100, 10, &rows, &n);
    for (size_t i = 0; !err && i < n; i++) {
        err = store_outbox_retry(s, rows[i].key, 50);
        if (!err) {
            err = store_outbox_sent(s, rows[i].key, "m", 100);
        }
        delivered = delivered || (!err && strcmp(rows[i].key, "e1:1") == 0);
    }
    return err || n == 0 ? err : deliver();
}

static int chores(void) {
    struct store_person p;
    const char *kind;
    const char *subject;
    const char *body;
    int64_t next;
    const struct store_answer *answers;
    size_t n;
    int err = store_person_get(s, &arena, "p", "w", "u", "ja", 9, &p);
    if (!err) {
        p.greeted = true;
        err = store_person_put(s, &p);
    }
    if (!err) {
        err = store_answers_get(s, &arena, "r1", &answers, &n);
    }
    if (!err) {
        err = store_form_get(s, &arena, "h", &body);
    }
    if (!err) {
        err = store_run_end(s, "r1", STORE_RUN_DONE, 9);
    }
    if (!err) {
        err = store_work_set(s, "digest", "", 10);
    }
    if (!err) {
        err = store_work_next_ms(s, &next);
    }
    if (!err) {
        err = store_work_claim(s, &arena, 10, 20, &kind, &subject);
    }
    if (!err) {
        err = store_work_done(s, kind, subject);
    }
    return err ? err : store_prune(s, 0);
}

/* Can be taken up again after any failure. */
static int work(void) {
    int err = 0;
    for (int turn = 1; !err && turn <= TURNS; turn++) {
        err = one_turn(turn);
    }
    if (!err) {
        err = one_turn(1); /* the platform delivers it a second time */
    }
    if (!err) {
        err = deliver();
    }
    return err ? err : chores();
}

static int script(void) {
    int err = open_version(LATEST);
    if (!err) {
        err = open_version(LATEST + 1);
    }
    if (!err) {
        upgraded = true;
        err = work();
    }
    return err;
}

/* ---- what has to be true ---- */

static sqlite3 *raw; /* not the store's connection; open only while looking */

static void look(bool on) {
    assert_int_equal(on ? sqlite3_open(db, &raw) : sqlite3_close(raw), SQLITE_OK);
}

static int64_t ask(const char *sql) {
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(raw, sql, -1, &st, NULL) != SQLITE_OK ||
        sqlite3_step(st) != SQLITE_ROW) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(raw));
    }
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static void must(const char *sql, int64_t want) {
    int64_t got = ask(sql);
    if (got != want) {
        fail_msg("call %d (%s, code %d, %s): %s gives %lld, not %lld", fault.target,
                 fault.fired ? fault.fired : "none", fault.rc, fault.after ? "after" : "before",
                 sql, (long long)got, (long long)want);
    }
}

static void check_sound(void) {
    must("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", 0);
    must("SELECT count(*) FROM pragma_foreign_key_check", 0);
    must("SELECT count(*) FROM inbox i WHERE"
         " NOT EXISTS (SELECT 1 FROM outbox WHERE key = i.event_id || ':1')"
         " OR NOT EXISTS (SELECT 1 FROM answer WHERE question_id = i.event_id AND value = 'b')"
         " OR NOT EXISTS (SELECT 1 FROM session WHERE last_event_ms >= i.received_ms)"
         " OR NOT EXISTS (SELECT 1 FROM due_work WHERE kind = 'nudge')"
         " OR 3 <> (SELECT count(*) FROM answer_history WHERE question_id = i.event_id)",
         0);
    must("SELECT (SELECT count(*) FROM outbox) - (SELECT count(*) FROM inbox)", 0);
    must("SELECT (SELECT count(*) FROM answer) - (SELECT count(*) FROM inbox)", 0);
    must("SELECT (SELECT count(*) FROM answer_history) - 3 * (SELECT count(*) FROM inbox)", 0);
    must("SELECT (SELECT coalesce(max(last_event_ms), 0) FROM session)"
         " - (SELECT count(*) FROM inbox)",
         0);
    must("SELECT (SELECT count(*) FROM person) - (SELECT count(*) > 0 FROM inbox)", 0);
    must("SELECT (SELECT count(*) FROM identity) - (SELECT count(*) FROM person)", 0);
    must("SELECT (SELECT count(*) FROM run) - (SELECT count(*) FROM person)", 0);
    for (int turn = 1; turn <= TURNS; turn++) {
        char sql[96];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM inbox WHERE event_id = 'e%d'", turn);
        if (committed[turn]) {
            must(sql, 1);
        }
    }
    if (delivered) {
        must("SELECT state = 'sent' FROM outbox WHERE key = 'e1:1'", 1);
    }
}

static void check_finished(void) {
    check_sound();
    must("SELECT count(*) FROM inbox", TURNS);
    must("SELECT count(*) FROM outbox WHERE state = 'sent'", TURNS);
    must("SELECT count(*) FROM result", 1);
    must("SELECT count(*) FROM due_work", 1);
    must("SELECT greeted FROM person", 1);
    must("PRAGMA user_version", LATEST + 1);
}

/* ---- one run ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void clean(void) {
    store_close(s);
    s = NULL;
    arena_reset(&arena);
    nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(dir, 0700), 0);
    memset(committed, 0, sizeof(committed));
    upgraded = false;
    delivered = false;
}

static void must_work(int err, const char *what) {
    if (err) {
        fail_msg("call %d (%s): %s afterwards gives %d: %s", fault.target, fault.fired, what, err,
                 store_message(s));
    }
}

static void check_error(int err) {
    if (err != fault.err || !*store_message(s)) {
        fail_msg("call %d (%s, code %d): error %d instead of %d: %s", fault.target, fault.fired,
                 fault.rc, err, fault.err, store_message(s));
    }
}

static void check_no_half_copy(void) {
    char part[128];
    snprintf(part, sizeof(part), "%s.v1.bak.part", db);
    if (access(part, F_OK) == 0) {
        fail_msg("call %d (%s): %s is left", fault.target, fault.fired, part);
    }
}

/* False when the run was over before the call number n. */
static bool run_with_fault(int n, int turn, bool after, bool same_store) {
    clean();
    sqlite_fault_arm(n, turn, after);
    int err = script();
    fault.armed = false;
    if (err && !fault.fired) {
        fail_msg("without a fault: %d: %s", err, store_message(s));
    }
    if (fault.fired && !fault.may_pass) {
        check_error(err);
    }
    if (err) {
        store_rollback(s);
    }
    check_no_half_copy();
    if (!same_store || !upgraded) {
        store_close(s);
        s = NULL;
        look(true);
        if (ask("PRAGMA user_version") > 0) {
            check_sound();
        }
        look(false);
        must_work(open_version(LATEST + 1), "opening");
    }
    look(true);
    check_sound();
    look(false);
    must_work(work(), "the rest of the work");
    look(true);
    check_finished();
    look(false);
    return fault.fired != NULL;
}

static void test_every_call_fails_once(void **state) {
    (void)state;
    int points = 0;
    int runs = 0;
    for (int n = 1;; n++) {
        bool fired = false;
        for (int way = 0; way < 4; way++) {
            /* Every way at every call; the codes take turns. */
            fired = run_with_fault(n, n + way, way & 1, way & 2);
            runs++;
            if (!fired) {
                break;
            }
        }
        if (!fired) {
            break;
        }
        points++;
    }
    print_message("store: %d fault points, %d runs\n", points, runs);
    assert_true(points >= MIN_POINTS);
}

static int make_dir(void **state) {
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/kizuki-faults-XXXXXX");
    if (!mkdtemp(dir)) {
        return -1;
    }
    snprintf(db, sizeof(db), "%s/k.db", dir);
    return 0;
}

static int drop_dir(void **state) {
    (void)state;
    store_close(s);
    arena_free(&arena);
    return nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_call_fails_once)};
    return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
