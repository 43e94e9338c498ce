/* The store: every function for people, their answers, what is owed, and transactions. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/store_fixture.h"

/* ---- people ---- */

static struct store_session session(const char *run_id, const char *phase) {
    return (struct store_session){.run_id = run_id,
                                  .phase = phase,
                                  .question_id = "q1",
                                  .ticks = "a b",
                                  .hinted = true,
                                  .misses = 2,
                                  .other_lines = 1,
                                  .menu = "edit",
                                  .menu_arg = "3",
                                  .last_event_ms = 99};
}

static void test_people(void **state) {
    (void)state;
    struct store_person p;
    EQ(store_person_get(s, &arena, "slack", "w", "U1", "ja", 1, &p), 0);
    EQ(strlen(p.id), 32);
    EQ(strspn(p.id, "0123456789abcdef"), 32);
    SAME(p.lang, "ja");
    SAME(p.result, "");
    SAME(p.result_run_id, "");
    assert_false(p.result_by_hand);
    assert_false(p.greeted);
    const char *id = p.id;
    p.greeted = true;
    p.lang = "en";
    EQ(store_person_put(s, &p), 0);
    /* The second one has the earlier time: order comes from the sequence. */
    EQ(store_result_add(s, id, run_of(id, "r1"), "owl", false, 50), 0);
    EQ(store_person_get(s, &arena, "slack", "w", "U1", "ja", 1, &p), 0);
    SAME(p.result, "owl");
    SAME(p.result_run_id, "r1");
    assert_false(p.result_by_hand);
    EQ(store_result_add(s, id, "", "fox", true, 40), 0);
    EQ(store_result_add(s, id, "no such run", "owl", true, 60), -ENOENT);
    EQ(store_result_add(s, "nobody", "", "owl", true, 60), -ENOENT);
    reopen();
    EQ(store_person_get(s, &arena, "slack", "w", "U1", "ja", 2, &p), 0);
    SAME(p.id, id);
    SAME(p.lang, "en");
    assert_true(p.greeted);
    SAME(p.result, "fox");
    SAME(p.result_run_id, "");
    assert_true(p.result_by_hand);
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
    EQ(got.other_lines, 1);
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
    add_out("future", id, 1);
    add_out("sent", id, 1);
    add_out("late", id, 1);
    add_out("dead", id, 1);
    add_out("late dead", id, 1);
    add_out("pending", id, 1);
    EQ(store_outbox_sent(s, "future", "m0", 9000), 0); /* the clock was wrong for a while */
    EQ(store_outbox_sent(s, "sent", "m1", 10), 0);
    EQ(store_outbox_sent(s, "late", NULL, 20), 0);
    EQ(store_outbox_dead(s, "dead", "gone", 10), 0);
    EQ(store_outbox_dead(s, "late dead", "gone too", 20), 0);
    EQ(store_prune(s, 20), 0);
    EQ(store_inbox_add(s, "slack", "w", "e1", 40), 0);
    EQ(store_inbox_add(s, "slack", "w2", "e1", 40), -EEXIST);
    HAS("SELECT count(*) FROM outbox WHERE key IN ('sent', 'dead')", 0);
    HAS("SELECT count(*) FROM outbox WHERE text = 'text'", 4);
    HAS("SELECT count(*) FROM outbox WHERE reason = 'gone too'", 1);
    EQ(store_prune(s, 0), 0);
}

static void assert_due(int64_t now_ms, size_t max, const char *keys) {
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, now_ms, max, &rows, &n), 0);
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
    EQ(store_outbox_next_ms(s, "console", "w", STORE_ALL, &next), 0);
    EQ(next, 60); /* not 50: a2 has to wait for a1 */
    assert_due(60, 10, "b1 channel ");
    assert_due(100, 10, "b1 channel a1 "); /* a2 must not overtake a1 */
    assert_due(100, 2, "b1 channel ");
    assert_due(100, 0, "");
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, 100, 10, &rows, &n), 0);
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
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, 200, 10, &rows, &n), 0);
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
    EQ(store_outbox_sent(s, "b1", "m", 1), 0);
    EQ(store_outbox_sent(s, "channel", "m", 1), 0);
    EQ(store_outbox_next_ms(s, "console", "w", STORE_ALL, &next), -ENOENT);
    EQ(next, 60);
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

static void test_cursors(UNUSED void **state) {
    int64_t first;
    EQ(store_workspace_first_ms(s, "mm", "a", 100, &first), 0);
    EQ(first, 100);
    EQ(store_workspace_first_ms(s, "mm", "a", 900, &first), 0);
    EQ(first, 100);
    struct store_cursor c = {.channel = "c1", .message = "m1", .message_ms = 5};
    EQ(store_cursor_get(s, &arena, "mm", "a", "c1", &c), -ENOENT);
    EQ(store_cursor_put(s, "mm", "a", &c), 0);
    c.message = "m2";
    c.message_ms = 6;
    EQ(store_cursor_put(s, "mm", "a", &c), 0);
    c = (struct store_cursor){.message = ""};
    EQ(store_cursor_get(s, &arena, "mm", "a", "c1", &c), 0);
    SAME(c.message, "m2");
    EQ(c.message_ms, 6);
    EQ(store_cursor_get(s, &arena, "mm", "b", "c1", &c), -ENOENT);
}

static void test_ticks(UNUSED void **state) {
    struct store_tick one = {.user = "U1", .mark = "one"};
    int64_t changes = 0;
    EQ(store_tick_set(s, "mm", "a", "m1", &one, false, 1, &changes), 0);
    EQ(store_tick_set(s, "mm", "a", "m1", &one, true, 1, &changes), 0);
    EQ(changes, 2);
    EQ(store_tick_set(s, "mm", "a", "m1", &one, true, 2, &changes), -EEXIST);
    EQ(store_tick_set(s, "mm", "a", "m2", &one, true, 2, &changes), 0);
    EQ(changes, 1);
    struct store_tick two = {.user = "U1", .mark = "two"};
    EQ(store_tick_set(s, "mm", "a", "m1", &two, true, 9, &changes), 0);
    const struct store_tick *on;
    size_t n;
    EQ(store_ticks_get(s, &arena, "mm", "a", "m1", &on, &n), 0);
    EQ(n, 2);
    EQ(store_tick_set(s, "mm", "a", "m1", &one, false, 3, &changes), 0);
    EQ(store_ticks_get(s, &arena, "mm", "a", "m1", &on, &n), 0);
    EQ(n, 1);
    SAME(on->mark, "two");
    EQ(store_prune(s, 4), 0);
    HAS("SELECT count(*) FROM tick", 1);
}

static void test_questions_asked(UNUSED void **state) {
    struct store_out row = {.key = "k1",
                            .person_id = person("U1"),
                            .platform = "mm",
                            .workspace = "a",
                            .recipient = "U1",
                            .channel = "",
                            .thread = "t",
                            .text = "?",
                            .choices = "",
                            .question = "r/q1",
                            .closes = true,
                            .replaces = "m0"};
    EQ(store_outbox_add(s, &row, 10), 0);
    row.key = "k2";
    row.question = "r/q2";
    EQ(store_outbox_add(s, &row, 20), 0);
    struct store_asked asked_in = {.question = ""};
    EQ(store_outbox_question(s, &arena, "mm", "a", "m1", &asked_in), -ENOENT);
    EQ(store_outbox_question(s, &arena, "mm", "a", "", &asked_in), -ENOENT);
    EQ(store_outbox_posted(s, "k1", "m1"), 0);
    EQ(store_outbox_posted(s, "none", "m1"), -ENOENT);
    EQ(store_outbox_question(s, &arena, "mm", "a", "m1", &asked_in), 0);
    SAME(asked_in.question, "r/q1");
    SAME(asked_in.recipient, "U1");
    SAME(asked_in.thread, "t");
    EQ(store_outbox_question(s, &arena, "mm", "b", "m1", &asked_in), -ENOENT);
    EQ(store_outbox_sent(s, "k1", "m1", 11), 0);
    EQ(store_outbox_sent(s, "k2", "m2", 21), 0);
    EQ(store_outbox_posted(s, "k2", "m3"), -ENOENT);
    const char *const *asked;
    size_t n;
    EQ(store_outbox_asked(s, &arena, "mm", "a", 15, &asked, &n), 0);
    EQ(n, 1);
    SAME(asked[0], "m2");
    EQ(store_outbox_asked(s, &arena, "mm", "a", 25, &asked, &n), 0);
    EQ(n, 0);
    /* The same question shown again: both messages ask it, the older question's does not. */
    row.key = "k3";
    EQ(store_outbox_add(s, &row, 30), 0);
    EQ(store_outbox_sent(s, "k3", "m3", 31), 0);
    EQ(store_outbox_asked(s, &arena, "mm", "a", 1, &asked, &n), 0);
    EQ(n, 2);
    SAME(asked[0], "m2");
    SAME(asked[1], "m3");
    int64_t last;
    EQ(store_outbox_last_ord(s, &last), 0);
    EQ(last, 3);
}

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
                  {"PRAGMA busy_timeout", 500},
                  {"PRAGMA trusted_schema", 0},
                  {"PRAGMA application_id", STORE_APPLICATION_ID},
                  {"PRAGMA user_version", LATEST}};
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

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_people),          WITH_STORE(test_person_goes_with_everything),
        WITH_STORE(test_sessions),        WITH_STORE(test_forms_and_runs),
        WITH_STORE(test_answers),         WITH_STORE(test_inbox_and_prune),
        WITH_STORE(test_outbox),          WITH_STORE(test_work),
        WITH_STORE(test_cursors),         WITH_STORE(test_ticks),
        WITH_STORE(test_questions_asked), WITH_STORE(test_transactions),
        WITH_STORE(test_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
