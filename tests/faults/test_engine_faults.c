/*
 * Failure at step n of the real conversation: two people talk with the engine while the n-th call
 * of SQLite fails once. An event that was not stored comes again under its id. Whatever fails, the
 * end is that of the undisturbed conversation, and nobody is told anything twice without need.
 * FAULTS=all: every call in every way. FAULTS=N: only call N. Otherwise a sample.
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
#include <sqlite3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "bot/engine.h"
#include "tests/support/sqlite_faults.h"

#define MIN_POINTS  1000
#define STRIDE      7
#define WAY_ANEW    1 /* opened anew after the failure; otherwise the same engine goes on */
#define WAY_AFTER   2 /* the call does its work and then says it failed */
#define WAYS        4
#define TRIES_MAX   3
#define HANDED_MAX  64
#define DUMP_MAX    ((size_t)1024 * 1024)
#define START_MS    INT64_C(1795400000000)
#define MINUTE_MS   INT64_C(60000)
#define DAY_MS      (24 * 60 * MINUTE_MS)
#define RESTART_AT  14                /* in front of this event, without any fault */
#define REFUSED_KEY "test/local/m4:0" /* the platform takes it at the second try */

/* ---- the script ---- */

static const char *const users[] = {"a", "b"};

static const struct said {
    int user;
    enum event_kind kind;
    const char *text;
    int choice;
    bool twice; /* the platform delivers it again though all went well */
} script[] = {
    {0, .text = "診断"},
    {0, .text = "非IT部門"},
    {1, .text = "診断"},
    {0, .text = "1と3"},
    {0, .text = "戻る"},
    {0, EVENT_UNTICK, "", .choice = 3},
    {0, EVENT_TICK, "", .choice = 4},
    {1, .text = "ITシステム", .twice = true},
    {0, EVENT_CLOSE, .text = ""},
    {1, .text = "わからない"},
    {1, .text = "わからない"},
    {0, .text = "検索 ログ"},
    {0, .text = "1"},
    {1, .text = "1と2"},
    {0, .text = "1問目を直したい"},
    {0, .text = "ITシステム"},
    {1, .text = "スキップ"},
    {0, .text = "1と2"},
    {0, .text = "4"},
    {1, .text = "1"},
    {0, .text = "1"},
    {0, .text = "確認"},
    {1, .text = "はい"},
    {0, .text = "1"},
    {0, .text = "結果を変える"},
    {0, .text = "6", .twice = true},
    {1, .text = "連携"},
    {0, .text = "連携 7266 7703"},
    {0, .text = "はい"},
    {0, .text = "連携 7266 7702"}, /* what b was just given, in a simulation */
    {0, .text = "はい", .twice = true},
    {1, .text = "結果を変える"},
    {0, .text = "3"},
    {0, .text = "連携をやめる"},
    {0, .text = "はい", .twice = true},
    {1, .text = "連携", .twice = true},
};

/* What the undisturbed conversation must bring about. */
static const struct {
    const char *what;
    const char *sql;
} covered[] = {
    {"a skipped question", "SELECT count(*) FROM answer WHERE value = ':skipped'"},
    {"an unsure answer", "SELECT count(*) FROM answer WHERE value = ':unsure'"},
    {"an answer taken away", "SELECT count(*) FROM answer_history WHERE value IS NULL"},
    {"an edited answer", "SELECT count(*) FROM answer a JOIN answer_history h"
                         " USING (run_id, question_id) WHERE a.value <> h.value"},
    {"a code", "SELECT count(*) FROM link_code"},
    {"a wrong code", "SELECT count(*) = 1 FROM link_try"},
    {"all in one hand",
     "SELECT count(*) = 2 FROM run JOIN identity USING (person_id) WHERE external_id = 'b'"},
    {"one who left", "SELECT count(*) = 2 FROM person WHERE greeted = 1"},
    {"two finished runs", "SELECT count(*) = 2 FROM run WHERE state = 'done'"},
    {"a result found by scoring", "SELECT count(*) FROM result WHERE by_hand = 0"},
    {"a result chosen by hand", "SELECT count(*) FROM result WHERE by_hand = 1"},
    {"a reply that was refused once", "SELECT count(*) FROM outbox WHERE tries = 1"},
    {"planned work", "SELECT count(*) FROM due_work WHERE kind = 'prune'"},
    {"sent replies only", "SELECT count(*) = 0 FROM outbox WHERE state <> 'sent'"},
    {"a whole database",
     "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"},
    {"references that hold", "SELECT count(*) = 0 FROM pragma_foreign_key_check"},
};

/* All that must be equal in the end: everything but times, tries and the random ids of people. */
static const struct {
    const char *table;
    const char *sql;
} compared[] = {
    {"answer", "SELECT run_id, question_id, value FROM answer ORDER BY 1, 2"},
    {"answer_history", "SELECT run_id, seq, question_id, value FROM answer_history ORDER BY 1, 2"},
    {"run", "SELECT id, external_id, form_hash, state FROM run JOIN identity USING (person_id)"
            " ORDER BY 1"},
    {"form_version", "SELECT hash, form_id FROM form_version ORDER BY 1"},
    {"session", "SELECT external_id, run_id, phase, question_id, ticks, hinted, misses, menu,"
                " menu_arg FROM session JOIN identity USING (person_id) ORDER BY 1"},
    {"result", "SELECT external_id, seq, run_id, persona, by_hand FROM result"
               " JOIN identity USING (person_id) ORDER BY 1, 2"},
    {"person", "SELECT platform, workspace, external_id, lang, greeted FROM person"
               " LEFT JOIN identity ON person_id = id ORDER BY 1, 2, 3"},
    {"link_code", "SELECT external_id FROM link_code JOIN identity USING (person_id)"},
    {"link_try", "SELECT external_id, seq FROM link_try ORDER BY 1, 2"},
    {"used", "SELECT external_id, used FROM identity ORDER BY 1"},
    {"inbox", "SELECT platform, workspace, event_id FROM inbox ORDER BY 1, 2, 3"},
    {"outbox", "SELECT ord, key, platform, workspace, recipient, channel, text, choices, question,"
               " state FROM outbox ORDER BY ord"},
    {"due_work", "SELECT kind, subject FROM due_work ORDER BY 1, 2"},
    {"integrity_check", "PRAGMA integrity_check"},
    {"foreign_key_check", "PRAGMA foreign_key_check"},
};

/* ---- one run ---- */

struct handed {
    char key[40];
    int life;
    bool marked; /* the engine reported that this is written down */
};

static struct {
    struct store *store;
    struct engine *engine;
    bool anew; /* after a failure everything is closed and opened */
    int life;  /* grows with every opening */
    int failures;
    bool refused;
    struct handed handed[HANDED_MAX];
    size_t n_handed;
    struct buf heard[ARRAY_LEN(users)]; /* what each was told, in order, without repeats */
} run;

static char dir[64];
static char db[96];
static FILE *nowhere;
static bool undisturbed;                      /* this is the run that the others must equal */
static char asked[ARRAY_LEN(script)][80];     /* what a click refers to */
static char last_asked[ARRAY_LEN(users)][80]; /* only kept up while undisturbed */
static struct buf expected[ARRAY_LEN(users)]; /* to be heard */
static struct buf expected_rows;              /* to be in the database */
static int repeats;

PRINTF_LIKE(1, 2)
static void wrong(const char *fmt, ...) {
    char what[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    fault.armed = false;
    fail_msg("call %d (%s \"%s\", %s, %s its work, then %s): %s", fault.target,
             fault.fired ? fault.fired : "none", fault.sql, sqlite3_errstr(fault.rc),
             fault.after ? "after" : "before", run.anew ? "opened anew" : "the same engine", what);
}

/* ---- the platform ---- */

static enum sent take(void *ctx, const struct store_out *row, UNUSED bool doubtful) {
    (void)ctx;
    size_t user = strcmp(row->recipient, users[1]) == 0;
    if (!run.refused && strcmp(row->key, REFUSED_KEY) == 0) {
        run.refused = true;
        return SENT_RETRY;
    }
    for (size_t i = 0; i < run.n_handed; i++) {
        struct handed *h = &run.handed[i];
        if (strcmp(h->key, row->key) == 0) {
            if (h->marked || h->life == run.life) {
                wrong("%s is sent again though it was %s", row->key,
                      h->marked ? "marked" : "sent by the same engine");
            }
            h->life = run.life;
            repeats++;
            return SENT_OK;
        }
    }
    assert_true(run.n_handed < HANDED_MAX);
    struct handed *h = &run.handed[run.n_handed++];
    *h = (struct handed){.life = run.life};
    snprintf(h->key, sizeof(h->key), "%s", row->key);
    buf_addf(&run.heard[user], "%s | %s | %s | %s | %s\n", row->key, row->channel, row->text,
             row->choices, row->question);
    if (undisturbed && *row->question) {
        snprintf(last_asked[user], sizeof(last_asked[user]), "%s", row->question);
    }
    return SENT_OK;
}

/* The engine of today knows nothing of what an earlier one sent. */
static void all_marked(void) {
    for (size_t i = 0; i < run.n_handed; i++) {
        struct handed *h = &run.handed[i];
        h->marked = h->marked || h->life == run.life;
    }
}

/* ---- opening, closing, failing ---- */

static void close_all(void) {
    engine_destroy(run.engine);
    store_close(run.store);
    run.engine = NULL;
    run.store = NULL;
}

/* One fault is one failure: of the right kind, with a message that tells it. */
static void check_failure(int err, const char *doing) {
    const char *message = store_message(run.store);
    run.failures++;
    if (run.failures > 1 || !fault.fired || err != fault.err || strchr(message, '\n') ||
        !strstr(message, sqlite3_errstr(fault.rc))) {
        wrong("%s gives %d, not %d (failure %d): %s", doing, err, fault.fired ? fault.err : 0,
              run.failures, message);
    }
}

static void open_all(void) {
    struct faults faults = {.n = 0};
    run.life++;
    int err = store_open(db, &run.store);
    if (err) {
        check_failure(err, "opening");
        store_close(run.store);
        err = store_open(db, &run.store);
    }
    if (err) {
        wrong("opening again gives %d: %s", err, store_message(run.store));
    }
    struct engine_setup setup = {.store = run.store, .lang = LANG_JA};
    setup.site = (struct site){{{"", ""}}, {{"", ""}}};
    run.engine = engine_create(&setup, &faults);
    faults_free(&faults);
    assert_non_null(run.engine);
    engine_fix_codes(run.engine);
    struct outlet outlet = {.platform = "test", .workspace = "local", .send = take};
    err = engine_attach(run.engine, &outlet);
    if (err) {
        check_failure(err, "attaching"); /* attached it is; delivering comes again */
    }
}

/* True when it went well. */
static bool well(int err, const char *doing) {
    if (err) {
        check_failure(err, doing);
        if (run.anew) {
            close_all();
            open_all();
        }
    }
    return !err;
}

/* ---- the conversation ---- */

static void send_owed(void) {
    (void)well(engine_deliver(run.engine), "delivering");
    if (well(engine_settle(run.engine), "settling")) {
        all_marked();
    }
}

/* Until it is stored; true if that was said at the first try. */
static bool hand_in(const struct event *e, bool seen_before) {
    for (int tries = 1; tries <= TRIES_MAX; tries++) {
        int err = engine_event(run.engine, e);
        bool committed = fault.two_sided && fault.after && strcmp(fault.sql, "COMMIT") == 0;
        if (err == -EEXIST && !seen_before && !(tries > 1 && committed)) {
            wrong("%s is taken for a redelivery", e->id);
        }
        if (err == 0 && seen_before) {
            wrong("%s is not known as a redelivery", e->id);
        }
        if (err == 0) {
            all_marked();
        }
        bool stored = err == -EEXIST || well(err, e->id);
        send_owed();
        if (stored) {
            return true;
        }
    }
    return false;
}

static void say(size_t i) {
    const struct said *said = &script[i];
    char id[16];
    snprintf(id, sizeof(id), "m%zu", i);
    if (undisturbed) {
        snprintf(asked[i], sizeof(asked[i]), "%s", last_asked[said->user]);
    }
    struct event e = {.kind = said->kind,
                      .platform = "test",
                      .workspace = "local",
                      .user = users[said->user],
                      .id = id,
                      .place = PLACE_DIRECT,
                      .channel = "",
                      .text = said->text,
                      .choice = said->choice,
                      .question = said->kind == EVENT_MESSAGE ? "" : asked[i],
                      .at_ms = START_MS + (int64_t)i * MINUTE_MS};
    clock_freeze_at_ms(e.at_ms);
    bool ok = hand_in(&e, false);
    if (said->twice) {
        ok = ok && hand_in(&e, true);
    }
    if (!ok) {
        wrong("%s is never stored", id);
    }
}

/* A day passes: the job for it is planned, then done. */
static void work(void) {
    for (int day = 0; day < 2; day++) {
        int64_t next_ms = 0;
        int tries = 1;
        while (!well(engine_work(run.engine, &next_ms), "due work") && tries < TRIES_MAX) {
            tries++;
        }
        if (next_ms != clock_now_ms() + DAY_MS) {
            wrong("the next work is at %lld", (long long)next_ms);
        }
        clock_shift_ms(DAY_MS);
    }
}

static void converse(void) {
    clock_freeze_at_ms(START_MS);
    open_all();
    for (size_t i = 0; i < ARRAY_LEN(script); i++) {
        if (i == RESTART_AT) {
            close_all();
            open_all();
        }
        say(i);
    }
    work();
    for (int i = 0; i < TRIES_MAX; i++) {
        send_owed();
    }
    fault.armed = false;
    close_all();
}

/* ---- what is left of it ---- */

static void dump(sqlite3 *raw, const char *name, const char *sql, struct buf *out) {
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(raw, sql, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        buf_addf(out, "%s:", name);
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *text = (const char *)sqlite3_column_text(st, i);
            buf_addf(out, " | %s", text ? text : "NULL");
        }
        buf_adds(out, "\n");
    }
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
}

static void look(struct buf *ret) {
    sqlite3 *raw;
    assert_int_equal(sqlite3_open(db, &raw), SQLITE_OK);
    buf_clear(ret);
    for (size_t i = 0; i < ARRAY_LEN(compared); i++) {
        dump(raw, compared[i].table, compared[i].sql, ret);
    }
    for (size_t i = 0; undisturbed && i < ARRAY_LEN(covered); i++) {
        struct buf count;
        buf_init(&count, 64);
        dump(raw, "", covered[i].sql, &count);
        if (strcmp(buf_text(&count), ": | 0\n") == 0) {
            wrong("the conversation does not bring about %s", covered[i].what);
        }
        buf_free(&count);
    }
    sqlite3_close(raw);
    assert_false(ret->overflow);
}

static void must_equal(const struct buf *want, const struct buf *got) {
    const char *a = buf_text(want);
    const char *b = buf_text(got);
    while (*a || *b) {
        size_t n = strcspn(a, "\n");
        size_t m = strcspn(b, "\n");
        if (n != m || memcmp(a, b, n) != 0) {
            wrong("expected %.*s\nfound    %.*s", (int)n, a, (int)m, b);
        }
        a += n + (a[n] == '\n');
        b += m + (b[m] == '\n');
    }
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void clean(void) {
    nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(dir, 0700), 0);
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        buf_clear(&run.heard[i]);
    }
    run.life = 0;
    run.failures = 0;
    run.refused = false;
    run.n_handed = 0;
}

static void run_with_fault(int n, int turn, int way) {
    static struct buf rows;
    buf_init(&rows, DUMP_MAX);
    clean();
    run.anew = way & WAY_ANEW;
    sqlite_fault_arm(n, turn, way & WAY_AFTER);
    converse();
    look(&rows);
    if (!fault.fired) {
        wrong("the fault never came");
    }
    if (run.failures != !fault.may_pass) {
        wrong("the fault was reported %d times", run.failures);
    }
    must_equal(&expected_rows, &rows);
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        must_equal(&expected[i], &run.heard[i]);
    }
    buf_free(&rows);
}

static int count_points(void) {
    undisturbed = true;
    clean();
    sqlite_fault_arm(0, 0, false);
    converse();
    int points = fault.calls;
    buf_init(&expected_rows, DUMP_MAX);
    look(&expected_rows);
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        expected[i] = run.heard[i];
        buf_init(&run.heard[i], DUMP_MAX);
    }
    undisturbed = false;
    return points;
}

/* Every way of call n; `after` only where that makes a difference. */
static int run_ways(int n) {
    int runs = 0;
    for (int way = 0; way < WAYS && (way < WAY_AFTER || fault.two_sided); way++) {
        run_with_fault(n, n / WAYS + way, way);
        runs++;
    }
    return runs;
}

static void test_every_call_fails_once(void **state) {
    (void)state;
    const char *wish = getenv("FAULTS");
    int only = wish ? (int)strtol(wish, NULL, 10) : 0;
    int points = count_points();
    int tried = 0;
    int runs = 0;
    if (only) {
        tried++;
        runs += run_ways(only);
    } else if (wish && strcmp(wish, "all") == 0) {
        for (int n = 1; n <= points; n++) {
            tried++;
            runs += run_ways(n);
        }
    } else {
        for (int n = 1; n <= points; n += STRIDE) {
            run_with_fault(n, tried / WAYS, tried % WAYS);
            tried++;
            runs++;
        }
    }
    print_message("engine: %d fault points, %d of them tried, %d runs, %d repeated replies\n",
                  points, tried, runs, repeats);
    assert_true(points >= MIN_POINTS);
}

/* Nobody cuts the power here: waiting for a disk would cost most of the time. */
static const char *temporary(void) {
    const char *tmp = getenv("TMPDIR");
    if (tmp && *tmp) {
        return tmp;
    }
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static int make_dir(void **state) {
    (void)state;
    nowhere = fopen("/dev/null", "we");
    int n = snprintf(dir, sizeof(dir), "%s/kizuki-faults-XXXXXX", temporary());
    if (!nowhere || n >= (int)sizeof(dir) || !mkdtemp(dir)) {
        return -1;
    }
    log_setup(nowhere, LOG_ERR, LOG_JSON);
    snprintf(db, sizeof(db), "%s/k.db", dir);
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        buf_init(&run.heard[i], DUMP_MAX);
    }
    return 0;
}

static int drop_dir(void **state) {
    (void)state;
    fault.armed = false;
    close_all();
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        buf_free(&run.heard[i]);
        buf_free(&expected[i]);
    }
    buf_free(&expected_rows);
    log_setup(stderr, LOG_ERR, LOG_JSON);
    fclose(nowhere);
    return nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_call_fails_once)};
    return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
