/* The store: every function, and every way in which files, disks and other processes fail it. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/private.h"

static char dir[64];
static char db[96];
static struct store *s;
static struct arena arena;

/* Short names: this file says little else. */
#define EQ(got, want)   assert_int_equal(got, want)
#define SAME(got, want) assert_string_equal(got, want)
#define HAS(sql, n)     assert_int_equal(raw_int(db, sql), n)

/* ---- fixture ---- */

static const char *at(const char *name) {
    return arena_printf(&arena, "%s/%s", dir, name);
}

static int make_dir(void **state) {
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/kizuki-store-XXXXXX");
    s = NULL;
    if (!mkdtemp(dir)) {
        return -1;
    }
    snprintf(db, sizeof(db), "%s/k.db", dir);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static int drop_dir(void **state) {
    (void)state;
    store_close(s);
    arena_free(&arena);
    return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void reopen(void) {
    store_close(s);
    int err = store_open(db, &s);
    if (err) {
        fail_msg("%d: %s", err, store_message(s));
    }
}

static int open_store(void **state) {
    int err = make_dir(state);
    return err ? err : store_open(db, &s);
}

/* One line that says the words and nothing left open by its format. */
static void assert_message(const char *words) {
    const char *m = store_message(s);
    if (!strstr(m, words) || strchr(m, '\n') || strstr(m, "(null)")) {
        fail_msg("\"%s\" lacks \"%s\"", m, words);
    }
}

static void open_fails(const char *path, int err, const char *words) {
    store_close(s);
    EQ(store_open(path, &s), err);
    assert_message(words);
    EQ(store_begin(s), -EIO); /* unusable, but not dangerous */
    store_rollback(s);
}

/* Another program's look at a file. */
static void raw_exec(const char *path, const char *sql) {
    sqlite3 *raw;
    EQ(sqlite3_open(path, &raw), SQLITE_OK);
    if (sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(raw));
    }
    sqlite3_close(raw);
}

static int64_t raw_int(const char *path, const char *sql) {
    sqlite3 *raw;
    sqlite3_stmt *st;
    EQ(sqlite3_open(path, &raw), SQLITE_OK);
    EQ(sqlite3_prepare_v2(raw, sql, -1, &st, NULL), SQLITE_OK);
    EQ(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(raw);
    return n;
}

static const char *person(const char *external_id) {
    struct store_person p;
    EQ(store_person_get(s, &arena, "console", "w", external_id, "ja", 1, &p), 0);
    return p.id;
}

static const char *run_of(const char *person_id, const char *run_id) {
    EQ(store_form_add(s, "h1", "form", "{}", 1), 0);
    EQ(store_run_begin(s, run_id, person_id, "h1", 1), 0);
    return run_id;
}

static struct store_session session(const char *run_id, const char *phase) {
    return (struct store_session){.run_id = run_id,
                                  .phase = phase,
                                  .question_id = "q1",
                                  .ticks = "a b",
                                  .hinted = true,
                                  .misses = 2,
                                  .menu = "edit",
                                  .menu_arg = "3",
                                  .last_event_ms = 99};
}

static struct store_out out(const char *key, const char *person_id, int64_t due_ms) {
    return (struct store_out){.key = key,
                              .person_id = person_id,
                              .platform = "console",
                              .workspace = "w",
                              .recipient = person_id,
                              .channel = "",
                              .text = "text",
                              .choices = "[1]",
                              .question = "q1",
                              .due_ms = due_ms,
                              .tries = 7};
}

static void add_out(const char *key, const char *person_id, int64_t due_ms) {
    struct store_out row = out(key, person_id, due_ms);
    EQ(store_outbox_add(s, &row, 1), 0);
}

/* ---- people ---- */

static void test_people(void **state) {
    (void)state;
    struct store_person p;
    EQ(store_person_get(s, &arena, "slack", "w", "U1", "ja", 1, &p), 0);
    EQ(strlen(p.id), 32);
    EQ(strspn(p.id, "0123456789abcdef"), 32);
    SAME(p.lang, "ja");
    SAME(p.result, "");
    assert_false(p.greeted);
    const char *id = p.id;
    p.greeted = true;
    p.lang = "en";
    EQ(store_person_put(s, &p), 0);
    /* The second one has the earlier time: order comes from the sequence. */
    EQ(store_result_add(s, id, run_of(id, "r1"), "owl", false, 50), 0);
    EQ(store_result_add(s, id, "", "fox", true, 40), 0);
    EQ(store_result_add(s, id, "no such run", "owl", true, 60), -ENOENT);
    EQ(store_result_add(s, "nobody", "", "owl", true, 60), -ENOENT);
    reopen();
    EQ(store_person_get(s, &arena, "slack", "w", "U1", "ja", 2, &p), 0);
    SAME(p.id, id);
    SAME(p.lang, "en");
    assert_true(p.greeted);
    SAME(p.result, "fox");
    EQ(store_person_get(s, &arena, "slack", "w2", "U1", "en", 2, &p), 0);
    assert_string_not_equal(p.id, id);
    p.id = "nobody";
    EQ(store_person_put(s, &p), -ENOENT);
    assert_message("no such row");
    /* A value the schema refuses leaves no half of a person. */
    EQ(store_person_get(s, &arena, "slack", "w", "U2", "xx", 2, &p), -EIO);
    assert_message("CHECK");
    SAME(p.id, "nobody");
    HAS("SELECT count(*) FROM person", 2);
}

static void test_person_goes_with_everything(void **state) {
    (void)state;
    const char *id = person("U1");
    struct store_session put = session(run_of(id, "r1"), "asking");
    EQ(store_session_put(s, id, &put), 0);
    EQ(store_answer_put(s, "r1", "q1", "a", 1), 0);
    EQ(store_result_add(s, id, "r1", "owl", false, 1), 0);
    add_out("k", id, 1);
    raw_exec(db, "PRAGMA foreign_keys = ON; DELETE FROM person");
    HAS("SELECT (SELECT count(*) FROM identity)"
        " + (SELECT count(*) FROM run) + (SELECT count(*) FROM answer)"
        " + (SELECT count(*) FROM answer_history)"
        " + (SELECT count(*) FROM session)"
        " + (SELECT count(*) FROM result)"
        " + (SELECT count(*) FROM outbox)",
        0);
    HAS("SELECT count(*) FROM form_version", 1);
}

static void test_sessions(void **state) {
    (void)state;
    const char *id = person("U1");
    struct store_session got = {.misses = 77};
    EQ(store_session_get(s, &arena, id, &got), -ENOENT);
    EQ(got.misses, 77);
    struct store_session put = session("", "none");
    EQ(store_session_put(s, id, &put), 0);
    EQ(store_session_get(s, &arena, id, &got), 0);
    SAME(got.run_id, "");
    SAME(got.form_hash, "");
    put = session(run_of(id, "r1"), "parked");
    put.form_hash = "ignored";
    EQ(store_session_put(s, id, &put), 0);
    EQ(store_session_get(s, &arena, id, &got), 0);
    SAME(got.run_id, "r1");
    SAME(got.form_hash, "h1");
    SAME(got.phase, "parked");
    SAME(got.question_id, "q1");
    SAME(got.ticks, "a b");
    SAME(got.menu, "edit");
    SAME(got.menu_arg, "3");
    assert_true(got.hinted);
    EQ(got.misses, 2);
    EQ(got.last_event_ms, 99);
    EQ(store_session_put(s, "nobody", &put), -ENOENT);
    put.run_id = "no such run";
    EQ(store_session_put(s, id, &put), -ENOENT);
    put = session("", "dreaming");
    EQ(store_session_put(s, id, &put), -EIO);
}

/* ---- forms, runs, answers ---- */

static void test_forms_and_runs(void **state) {
    (void)state;
    const char *id = person("U1");
    const char *body = "untouched";
    EQ(store_form_get(s, &arena, "h1", &body), -ENOENT);
    SAME(body, "untouched");
    EQ(store_form_add(s, "h1", "form", "{\"質問\":1}", 1), 0);
    EQ(store_form_add(s, "h1", "form", "other", 2), 0);
    EQ(store_form_get(s, &arena, "h1", &body), 0);
    SAME(body, "{\"質問\":1}");
    EQ(store_run_begin(s, "r1", id, "no such form", 1), -ENOENT);
    EQ(store_run_begin(s, "r1", "nobody", "h1", 1), -ENOENT);
    EQ(store_run_begin(s, "r1", id, "h1", 1), 0);
    EQ(store_run_begin(s, "r1", id, "h1", 1), -EEXIST);
    EQ(store_run_end(s, "r9", STORE_RUN_DONE, 5), -ENOENT);
    static const char *const expect[] = {
        [STORE_RUN_DONE] = "SELECT state = 'done' AND ended_ms = 5 FROM run",
        [STORE_RUN_LEFT] = "SELECT state = 'left' AND ended_ms = 5 FROM run",
        [STORE_RUN_OPEN] = "SELECT state = 'open' AND ended_ms IS NULL FROM run",
    };
    for (size_t i = 0; i < ARRAY_LEN(expect); i++) {
        EQ(store_run_end(s, "r1", (enum store_run_state)i, 5), 0);
        HAS(expect[i], 1);
    }
}

static void test_answers(void **state) {
    (void)state;
    run_of(person("U1"), "r1");
    const struct store_answer *a = NULL;
    size_t n = 99;
    EQ(store_answers_get(s, &arena, "r1", &a, &n), 0);
    EQ(n, 0);
    for (int i = 0; i < 40; i++) {
        EQ(store_answer_put(s, "r1", arena_printf(&arena, "q%02d", i), "a b", 1), 0);
    }
    EQ(store_answer_put(s, "r1", "q01", ":unsure", 2), 0);
    EQ(store_answer_put(s, "r1", "q02", NULL, 2), 0);
    EQ(store_answers_get(s, &arena, "r1", &a, &n), 0);
    EQ(n, 39);
    SAME(a[1].question_id, "q01");
    SAME(a[1].value, ":unsure");
    SAME(a[2].question_id, "q03");
    SAME(a[38].value, "a b");
    HAS("SELECT count(*) FROM answer_history", 42);
    HAS("SELECT value IS NULL FROM answer_history WHERE seq = 42", 1);
    /* An unknown run is no reason to give the transaction up: nothing was written. */
    EQ(store_begin(s), 0);
    EQ(store_answer_put(s, "r9", "q1", "a", 3), -ENOENT);
    EQ(store_answer_put(s, "r9", "q1", NULL, 3), -ENOENT);
    EQ(store_answer_put(s, "r1", "q02", "c", 3), 0);
    EQ(store_commit(s), 0);
    EQ(store_answer_put(s, "r1", "q1", "", 4), -EIO);
    HAS("SELECT count(*) FROM answer_history", 43);
}

/* ---- inbox, outbox, work ---- */

static void test_inbox_and_prune(void **state) {
    (void)state;
    const char *id = person("U1");
    EQ(store_inbox_add(s, "slack", "w", "e1", 10), 0);
    EQ(store_inbox_add(s, "slack", "w", "e1", 11), -EEXIST);
    assert_message("seen before");
    EQ(store_inbox_add(s, "slack", "w2", "e1", 20), 0);
    EQ(store_inbox_add(s, "mattermost", "w", "e1", 30), 0);
    add_out("sent", id, 1);
    add_out("late", id, 1);
    add_out("dead", id, 1);
    add_out("pending", id, 1);
    EQ(store_outbox_sent(s, "sent", "m1", 10), 0);
    EQ(store_outbox_sent(s, "late", NULL, 20), 0);
    EQ(store_outbox_dead(s, "dead", "gone", 10), 0);
    EQ(store_prune(s, 20), 0);
    EQ(store_inbox_add(s, "slack", "w", "e1", 40), 0);
    EQ(store_inbox_add(s, "slack", "w2", "e1", 40), -EEXIST);
    HAS("SELECT count(*) FROM outbox WHERE key = 'sent'", 0);
    HAS("SELECT count(*) FROM outbox WHERE text = 'text'", 3);
    HAS("SELECT count(*) FROM outbox WHERE reason = 'gone'", 1);
    EQ(store_prune(s, 0), 0);
}

static void assert_due(int64_t now_ms, size_t max, const char *keys) {
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, now_ms, max, &rows, &n), 0);
    const char *got = "";
    for (size_t i = 0; i < n; i++) {
        got = arena_printf(&arena, "%s%s ", got, rows[i].key);
    }
    SAME(got, keys);
}

static void test_outbox(void **state) {
    (void)state;
    const char *a = person("A");
    const char *b = person("B");
    assert_due(1000, 10, "");
    add_out("a1", a, 100);
    add_out("a2", a, 50); /* the clock went back; still after a1 */
    add_out("b1", b, 60);
    struct store_out row = out("a1", a, 1);
    EQ(store_outbox_add(s, &row, 1), -EEXIST);
    row = out("x", "nobody", 1);
    EQ(store_outbox_add(s, &row, 1), -ENOENT);
    row = out("channel", a, 60);
    row.channel = "C1"; /* another conversation */
    EQ(store_outbox_add(s, &row, 1), 0);
    assert_due(49, 10, "");
    int64_t next = 0;
    EQ(store_outbox_next_ms(s, &next), 0);
    EQ(next, 50);
    assert_due(60, 10, "b1 channel ");
    assert_due(100, 10, "b1 channel a1 "); /* a2 must not overtake a1 */
    assert_due(100, 2, "b1 channel ");
    assert_due(100, 0, "");
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, 100, 10, &rows, &n), 0);
    rows += 2;
    SAME(rows->person_id, a);
    SAME(rows->platform, "console");
    SAME(rows->workspace, "w");
    SAME(rows->recipient, a);
    SAME(rows->channel, "");
    SAME(rows->text, "text");
    SAME(rows->choices, "[1]");
    SAME(rows->question, "q1");
    EQ(rows->due_ms, 100);
    EQ(rows->tries, 0);
    EQ(store_outbox_retry(s, "a1", 200), 0);
    assert_due(150, 10, "b1 channel ");
    EQ(store_outbox_due(s, &arena, 200, 10, &rows, &n), 0);
    EQ(rows[2].tries, 1);
    EQ(store_outbox_dead(s, "a1", "user left", 210), 0);
    assert_due(150, 10, "a2 b1 channel ");
    EQ(store_outbox_sent(s, "a2", "m2", 220), 0);
    assert_due(300, 10, "b1 channel ");
    /* What is over stays over. */
    EQ(store_outbox_sent(s, "a1", "m", 1), -ENOENT);
    EQ(store_outbox_retry(s, "a2", 1), -ENOENT);
    EQ(store_outbox_dead(s, "a2", "", 1), -ENOENT);
    EQ(store_outbox_sent(s, "none", "m", 1), -ENOENT);
}

static void test_work(void **state) {
    (void)state;
    const char *kind = "";
    const char *subject = "";
    int64_t next = -7;
    EQ(store_work_next_ms(s, &next), -ENOENT);
    EQ(next, -7);
    EQ(store_work_claim(s, &arena, 100, 200, &kind, &subject), -ENOENT);
    EQ(store_work_set(s, "nudge", "p1", 500), 0);
    EQ(store_work_set(s, "nudge", "p1", 80), 0);
    EQ(store_work_set(s, "prune", "", 90), 0);
    EQ(store_work_next_ms(s, &next), 0);
    EQ(next, 80);
    EQ(store_work_claim(s, &arena, 79, 200, &kind, &subject), -ENOENT);
    EQ(store_work_claim(s, &arena, 100, 200, &kind, &subject), 0);
    SAME(kind, "nudge");
    SAME(subject, "p1");
    EQ(store_work_claim(s, &arena, 100, 300, &kind, &subject), 0);
    SAME(kind, "prune");
    EQ(store_work_claim(s, &arena, 199, 300, &kind, &subject), -ENOENT);
    EQ(store_work_next_ms(s, &next), 0);
    EQ(next, 200);
    EQ(store_work_claim(s, &arena, 200, 400, &kind, &subject), 0);
    SAME(kind, "nudge");
    EQ(store_work_done(s, "nudge", "p1"), 0);
    EQ(store_work_done(s, "nudge", "p1"), -ENOENT);
    /* Planned anew while claimed: the claim is over. */
    EQ(store_work_set(s, "prune", "", 210), 0);
    EQ(store_work_claim(s, &arena, 210, 400, &kind, &subject), 0);
    SAME(kind, "prune");
}

/* ---- transactions ---- */

static void test_transactions(void **state) {
    (void)state;
    EQ(store_commit(s), -EIO);
    store_rollback(s);
    EQ(store_begin(s), 0);
    EQ(store_begin(s), -EIO);
    EQ(store_commit(s), -EIO); /* that mistake has spoilt it */
    EQ(store_begin(s), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), 0);
    person("U1");
    store_rollback(s);
    HAS("SELECT count(*) FROM inbox", 0);
    HAS("SELECT count(*) FROM person", 0);
    /* After an error nothing more is taken, and nothing of it can be committed. */
    EQ(store_begin(s), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), 0);
    struct store_session bad = session("", "dreaming");
    EQ(store_session_put(s, person("U1"), &bad), -EIO);
    EQ(store_inbox_add(s, "p", "w", "e2", 1), -EIO);
    EQ(store_commit(s), -EIO);
    assert_message("CHECK");
    HAS("SELECT count(*) FROM inbox", 0);
    EQ(store_begin(s), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), -EEXIST);
    EQ(store_commit(s), 0);
    HAS("SELECT count(*) FROM inbox", 1);
    /* A transaction that SQLite ended by itself does not go on as single commits. */
    EQ(store_begin(s), 0);
    EQ(sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    EQ(store_inbox_add(s, "p", "w", "e3", 1), -EIO);
    assert_message("begin again");
    store_rollback(s);
    /* Closing takes back what was not committed. */
    EQ(store_begin(s), 0);
    EQ(store_inbox_add(s, "p", "w", "e4", 1), 0);
    reopen();
    EQ(store_inbox_add(s, "p", "w", "e4", 1), 0);
}

static void test_settings(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        int64_t value;
    } expect[] = {{"PRAGMA synchronous", 2},
                  {"PRAGMA foreign_keys", 1},
                  {"PRAGMA busy_timeout", 5000},
                  {"PRAGMA trusted_schema", 0},
                  {"PRAGMA application_id", STORE_APPLICATION_ID},
                  {"PRAGMA user_version", 1}};
    for (size_t i = 0; i < ARRAY_LEN(expect); i++) {
        int64_t n;
        EQ(store_int(s, expect[i].sql, &n), 0);
        EQ(n, expect[i].value);
    }
    int64_t n;
    EQ(store_int(s, "SELECT \"no such column\"", &n), -EIO);
    EQ(store_run(s, "PRAGMA journal_mode = OFF", NO_BINDS), 0);
    HAS("SELECT count(*) FROM pragma_journal_mode WHERE "
        "journal_mode = 'wal'",
        1);
    HAS("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND"
        " schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0",
        0);
    struct store *m;
    EQ(store_open(":memory:", &m), 0);
    EQ(store_inbox_add(m, "p", "w", "e", 1), 0);
    store_close(m);
    store_close(NULL);
    EQ(access(":memory:", F_OK), -1);
}

/* ---- migrations ---- */

#define STEP(v, text)                                                                              \
    { .version = (v), .sql = (text), .len = sizeof(text) - 1 }
static const struct migration *first(void) {
    static struct migration list[MIGRATIONS_MAX];
    assert_true(migrate_embedded(list) >= 1);
    return list;
}

static int migrate_to_2(struct migration second) {
    struct migration list[2] = {first()[0], second};
    store_close(s);
    return store_open_with(db, list, 2, &s);
}

static void test_upgrade_keeps_copy(void **state) {
    (void)state;
    const char *id = person("U1");
    run_of(id, "r1");
    /* Rebuilding a parent table: with foreign keys on, its children would go. */
    EQ(migrate_to_2((struct migration)STEP(
           2, "CREATE TABLE p2 (id TEXT NOT NULL PRIMARY KEY, lang TEXT NOT NULL,"
              " greeted INTEGER NOT NULL, created_ms INTEGER NOT NULL, tz TEXT) STRICT;"
              "INSERT INTO p2 SELECT id, lang, greeted, created_ms, 'JST' FROM person;"
              "DROP TABLE person; ALTER TABLE p2 RENAME TO person;")),
       0);
    HAS("SELECT count(*) FROM run JOIN person p ON p.id = person_id"
        " WHERE tz = 'JST'",
        1);
    HAS("PRAGMA user_version", 2);
    int64_t on;
    EQ(store_int(s, "PRAGMA foreign_keys", &on), 0);
    EQ(on, 1);
    EQ(store_result_add(s, "nobody", "", "owl", true, 1), -ENOENT);
    const char *bak = at("k.db.v1.bak");
    EQ(raw_int(bak, "PRAGMA user_version"), 1);
    EQ(raw_int(bak, "SELECT count(*) FROM run"), 1);
    EQ(access(at("k.db.v1.bak.part"), F_OK), -1);
    struct stat st;
    EQ(stat(bak, &st), 0);
    EQ(st.st_mode & 0777, 0600);
    /* The program of before does not touch it. */
    open_fails(db, -EBADMSG, "newer Kizuki (database version 2, this one knows up to 1)");
}

static void test_bad_migrations(void **state) {
    (void)state;
    static const struct {
        struct migration step;
        int err;
        const char *words;
    } cases[] = {
        {STEP(2, "DELETE FROM person;"), -EBADMSG, "refer to nothing"},
        {STEP(2, "CREATE TABLE x (a); CREATE TABEL y (a);"), -EIO, "migration 2 failed"},
        {STEP(2, "CREATE TABLE x (a); COMMIT;"), -EIO, "not authorized"},
        {STEP(2, "INSERT INTO person SELECT * FROM person;"), -EIO, "UNIQUE"},
    };
    run_of(person("U1"), "r1");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        EQ(migrate_to_2(cases[i].step), cases[i].err);
        assert_message(cases[i].words);
        HAS("PRAGMA user_version", 1);
        HAS("SELECT count(*) FROM sqlite_schema WHERE name = 'x'", 0);
        reopen();
        EQ(store_run_begin(s, "r1", person("U1"), "h1", 1), -EEXIST);
    }
    store_close(s);
    EQ(store_open_with(db, NULL, 0, &s), -EIO);
    assert_message("without its schema");
    /* No copy, no migration. */
    EQ(unlink(at("k.db.v1.bak")), 0);
    EQ(mkdir(at("k.db.v1.bak"), 0700), 0);
    EQ(migrate_to_2((struct migration)STEP(2, "CREATE TABLE x (a);")), -EBADMSG);
    HAS("PRAGMA user_version", 1);
}

/* ---- files ---- */

static void test_creates_files(void **state) {
    (void)state;
    struct stat st;
    const char *path = at("a/b/c.db");
    EQ(store_open(path, &s), 0);
    EQ(stat(at("a/b"), &st), 0);
    EQ(st.st_mode & 0777, 0700);
    const char *const files[] = {"a/b/c.db", "a/b/c.db-wal", "a/b/c.db-shm", "a/b/c.db.lock"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        EQ(stat(at(files[i]), &st), 0);
        EQ(st.st_mode & 0777, 0600);
    }
    store_close(s);
    /* A name that looks like an address is a name; beside it in the folder we are in. */
    EQ(chdir(dir), 0);
    EQ(store_open("file:x?mode=memory", &s), 0);
    EQ(access(at("file:x?mode=memory"), F_OK), 0);
    EQ(chdir("/"), 0);
}

static void test_lock(void **state) {
    (void)state;
    EQ(symlink(db, at("link.db")), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *other = NULL;
        char words[32];
        snprintf(words, sizeof(words), "process %ld uses", (long)getppid());
        bool good = store_open(db, &other) == -EBUSY && strstr(store_message(other), words);
        store_close(other);
        good = good && store_open(at("link.db"), &other) == -EBUSY;
        _exit(good ? 0 : 1);
    }
    int status;
    EQ(waitpid(child, &status, 0), child);
    EQ(status, 0);
    struct store *same;
    EQ(store_open(db, &same), -EBUSY);
    store_close(same);
    EQ(truncate(at("k.db.lock"), 0), 0);
    EQ(store_open(db, &same), -EBUSY);
    assert_non_null(strstr(store_message(same), "another process"));
    store_close(same);
    reopen(); /* the lock goes with the process or the store, not with the file */
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void test_strange_files(void **state) {
    (void)state;
    const char *text = arena_printf(&arena, "%0800d", 7);
    write_file(db, text);
    open_fails(db, -EBADMSG, "not a Kizuki database");
    open_fails(dir, -EBADMSG, "a folder");
    open_fails(at("no/"), -EBADMSG, "a folder");
    open_fails("/dev/null", -EBADMSG, "not a regular file");
    open_fails(at("k.db/x/k.db"), -ENOENT, "check the path");
    open_fails("", -ENOENT, "check the path");
    const char *other = at("other.db");
    raw_exec(other, "CREATE TABLE t (a)");
    open_fails(other, -EBADMSG, "another program");
    raw_exec(other, "DROP TABLE t; PRAGMA application_id = 7");
    open_fails(other, -EBADMSG, "another program");
    EQ(raw_int(other, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"), 1);
    const char *newer = at("newer.db");
    raw_exec(newer, "PRAGMA application_id = 0x4b5a4b49; PRAGMA user_version = 99");
    open_fails(newer, -EBADMSG, "database version 99");
    write_file(at("empty.db"), "");
    store_close(s);
    EQ(store_open(at("empty.db"), &s), 0);
}

static void test_corrupt_page(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) {
        person(arena_printf(&arena, "a long name of nobody in particular, number %d", i));
    }
    int64_t page = raw_int(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'person'");
    store_close(s);
    s = NULL;
    int fd = open(db, O_WRONLY | O_CLOEXEC);
    char junk[4096];
    memset(junk, 0x5a, sizeof(junk));
    EQ(pwrite(fd, junk, sizeof(junk), (page - 1) * 4096), sizeof(junk));
    close(fd);
    reopen();
    struct store_person p = {.id = "x", .lang = "ja"};
    EQ(store_begin(s), 0);
    EQ(store_person_get(s, &arena, "console", "w", "new", "ja", 1, &p), -EBADMSG);
    assert_message("damaged");
    store_rollback(s);
    store_close(s);
    s = NULL;
    EQ(truncate(db, 4096 * 2 + 100), 0);
    open_fails(db, -EBADMSG, "restore a copy");
}

/* Root may write everywhere, so a child gives its rights up. */
static void test_read_only(void **state) {
    (void)state;
    EQ(chmod(dir, 0755), 0);
    EQ(mkdir(at("ro"), 0555), 0);
    EQ(store_open(db, &s), 0);
    store_close(s);
    s = NULL;
    const char *const paths[] = {at("ro/k.db"), at("ro/sub/k.db"), db};
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) < 0) {
            _exit(77);
        }
        int bad = 0;
        for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
            struct store *ro;
            bad += store_open(paths[i], &ro) != -EROFS || !strstr(store_message(ro), "permission");
            store_close(ro);
        }
        _exit(bad);
    }
    int status;
    EQ(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        print_message("skipped: root that cannot become anyone else\n");
        skip();
    }
    EQ(status, 0);
}

/* ---- a full disk and a busy one ---- */

static int64_t budget = -1; /* calls that still work; -1: no limit */
static sqlite3_syscall_ptr real_calls[4];
static const char *const call_names[] = {"write", "pwrite", "pwrite64", "ftruncate"};

static bool full(void) {
    if (budget > 0) {
        budget--;
        return false;
    }
    if (budget == 0) {
        errno = ENOSPC;
    }
    return budget == 0;
}

static ssize_t full_write(int fd, const void *p, size_t n) {
    return full() ? -1 : ((ssize_t(*)(int, const void *, size_t))real_calls[0])(fd, p, n);
}

static ssize_t full_pwrite(int fd, const void *p, size_t n, off_t to) {
    return full() ? -1
                  : ((ssize_t(*)(int, const void *, size_t, off_t))real_calls[1])(fd, p, n, to);
}

static ssize_t full_pwrite64(int fd, const void *p, size_t n, off_t to) {
    return full() ? -1
                  : ((ssize_t(*)(int, const void *, size_t, off_t))real_calls[2])(fd, p, n, to);
}

static int full_ftruncate(int fd, off_t n) {
    return full() ? -1 : ((int (*)(int, off_t))real_calls[3])(fd, n);
}

static int full_fallocate(int fd, off_t from, off_t n) {
    (void)fd;
    (void)from;
    (void)n;
    return full() ? ENOSPC : 0;
}

static void hook_disk(bool on) {
    sqlite3_syscall_ptr const fakes[] = {
        (sqlite3_syscall_ptr)full_write, (sqlite3_syscall_ptr)full_pwrite,
        (sqlite3_syscall_ptr)full_pwrite64, (sqlite3_syscall_ptr)full_ftruncate};
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (size_t i = 0; i < ARRAY_LEN(fakes); i++) {
        sqlite3_syscall_ptr now = vfs->xGetSystemCall(vfs, call_names[i]);
        if (now && on) {
            real_calls[i] = now;
        }
        if (now) {
            vfs->xSetSystemCall(vfs, call_names[i], on ? fakes[i] : NULL);
        }
    }
    if (vfs->xGetSystemCall(vfs, "fallocate")) {
        vfs->xSetSystemCall(vfs, "fallocate", on ? (sqlite3_syscall_ptr)full_fallocate : NULL);
    }
    budget = -1;
}

static int turn(const char *event) {
    static char text[20000]; /* several pages, so that the disk can be full in the middle */
    memset(text, 'x', sizeof(text) - 1);
    struct store_person p;
    int err = store_begin(s);
    if (!err) {
        err = store_inbox_add(s, "p", "w", event, 1);
    }
    if (!err) {
        err = store_person_get(s, &arena, "p", "w", event, "ja", 1, &p);
    }
    if (!err) {
        struct store_out row = out(event, p.id, 1);
        row.text = text;
        err = store_outbox_add(s, &row, 1);
    }
    if (!err) {
        err = store_commit(s);
    }
    if (err) {
        store_rollback(s);
    }
    return err;
}

static void test_disk_full(void **state) {
    (void)state;
    hook_disk(true);
    int failed = 0;
    for (int room = 0;; room++) {
        budget = room;
        store_close(s);
        int err = store_open(db, &s);
        budget = -1;
        if (!err) {
            break;
        }
        EQ(err, -ENOSPC);
        assert_message("make room");
        failed++;
    }
    reopen();
    for (int room = 0;; room++) {
        budget = room;
        int err = turn("e");
        budget = -1;
        int64_t rows = raw_int(db, "SELECT (SELECT count(*) FROM inbox)"
                                   " + (SELECT count(*) FROM person)"
                                   " + (SELECT count(*) FROM identity)"
                                   " + (SELECT count(*) FROM outbox)");
        EQ(rows, err ? 0 : 4);
        if (!err) {
            break;
        }
        EQ(err, -ENOSPC);
        assert_message("make room");
        failed++;
    }
    assert_true(failed > 5);
    EQ(turn("e2"), 0);
    /* Without room for the copy or the migration: the version of before, no half copy. */
    struct migration second = STEP(2, "CREATE TABLE x (a);");
    int copying = 0;
    for (int room = 0;; room++) {
        budget = room;
        int err = migrate_to_2(second);
        budget = -1;
        assert_int_equal(access(at("k.db.v1.bak.part"), F_OK), -1);
        assert_int_equal(access(at("k.db.v1.bak.part-journal"), F_OK), -1);
        HAS("PRAGMA user_version", err ? 1 : 2);
        if (!err) {
            break;
        }
        EQ(err, -ENOSPC);
        copying += access(at("k.db.v1.bak"), F_OK) < 0;
    }
    assert_true(copying > 5);
    hook_disk(false);
    HAS("SELECT count(*) FROM pragma_integrity_check"
        " WHERE integrity_check = 'ok'",
        1);
}

static void test_locked_by_another_program(void **state) {
    (void)state;
    sqlite3 *other;
    EQ(sqlite3_open(db, &other), SQLITE_OK);
    EQ(sqlite3_busy_timeout(s->db, 20), SQLITE_OK);
    EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    EQ(store_begin(s), -EBUSY);
    assert_message("another program holds a lock");
    EQ(store_inbox_add(s, "p", "w", "e", 1), -EBUSY);
    EQ(store_prune(s, 1), -EBUSY);
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, 1, 1, &rows, &n), 0); /* reading goes on */
    EQ(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    EQ(turn("e"), 0);
}

#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, open_store, drop_dir)
#define WITH_DIR(f)   cmocka_unit_test_setup_teardown(f, make_dir, drop_dir)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_people),
        WITH_STORE(test_person_goes_with_everything),
        WITH_STORE(test_sessions),
        WITH_STORE(test_forms_and_runs),
        WITH_STORE(test_answers),
        WITH_STORE(test_inbox_and_prune),
        WITH_STORE(test_outbox),
        WITH_STORE(test_work),
        WITH_STORE(test_transactions),
        WITH_STORE(test_settings),
        WITH_STORE(test_upgrade_keeps_copy),
        WITH_STORE(test_bad_migrations),
        WITH_DIR(test_creates_files),
        WITH_STORE(test_lock),
        WITH_DIR(test_strange_files),
        WITH_STORE(test_corrupt_page),
        WITH_DIR(test_read_only),
        WITH_DIR(test_disk_full),
        WITH_STORE(test_locked_by_another_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
