/* The store: codes that link, two people becoming one, one leaving, and the side used last. */
#include <errno.h>
#include <string.h>

#include "tests/support/store_fixture.h"

#define NOW  INT64_C(1795424400000)
#define MIN  INT64_C(60000)
#define HOUR (60 * MIN)

static struct store_side side(const char *user) {
    return (struct store_side){.platform = "console", .workspace = "w", .user = user};
}

static struct store_linked linked;

static enum store_link enter(const char *user, const char *code, int64_t now_ms) {
    struct store_side at = side(user);
    EQ(store_link_redeem(s, &at, code, now_ms, &linked), 0);
    return linked.how;
}

/* B, who is new, enters a code of A. */
static void link_b_to(const char *a) {
    person("B");
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
    SAME(person("B"), a);
}

/* ---- codes ---- */

static void test_code(UNUSED void **state) {
    const char *a = person("A");
    const char *b = person("B");
    assert_string_not_equal(a, b);
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    EQ(store_link_code_put(s, "nobody", "12345678", NOW), -ENOENT);
    HAS("SELECT count(*) FROM link_code WHERE hash GLOB '*[^0-9a-f]*' OR length(hash) <> 64", 0);
    EQ(enter("B", "12345679", NOW), STORE_LINK_UNKNOWN);
    EQ(enter("A", "12345678", NOW), STORE_LINK_OWN);
    EQ(enter("B", "12345678", NOW + 1), STORE_LINK_JOINED);
    assert_false(linked.left);
    SAME(person("B"), a);
    HAS("SELECT count(*) FROM person", 1);
    HAS("SELECT count(*) FROM link_code", 0);
    /* Once is once. */
    person("C");
    EQ(enter("C", "12345678", NOW + 2), STORE_LINK_UNKNOWN);
    EQ(enter("B", "12345678", NOW + 2), STORE_LINK_UNKNOWN);
    struct store_side stranger = side("Z");
    EQ(store_link_redeem(s, &stranger, "12345678", NOW, &linked), -ENOENT);
}

static void test_code_runs_out(UNUSED void **state) {
    static const struct {
        int64_t later_ms;
        enum store_link how;
    } table[] = {
        {10 * MIN, STORE_LINK_UNKNOWN},
        {HOUR, STORE_LINK_UNKNOWN},
        {-10 * MIN, STORE_LINK_UNKNOWN}, /* the clock was set back: not good for ever */
        {10 * MIN - 1, STORE_LINK_JOINED},
        {1 - 10 * MIN, STORE_LINK_JOINED},
        {0, STORE_LINK_JOINED},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *a = person(arena_printf(&arena, "A%zu", i));
        const char *user = arena_printf(&arena, "B%zu", i);
        person(user);
        EQ(store_link_code_put(s, a, "12345678", NOW), 0);
        EQ(enter(user, "12345678", NOW + table[i].later_ms), table[i].how);
        EQ(strcmp(person(user), a) == 0, table[i].how == STORE_LINK_JOINED);
        raw_exec(db, "DELETE FROM link_code");
    }
}

static void test_codes_of_several(UNUSED void **state) {
    const char *a = person("A");
    const char *b = person("B");
    const char *c = person("C");
    person("D");
    EQ(store_link_code_put(s, a, "00000001", NOW), 0);
    EQ(store_link_code_put(s, b, "00000002", NOW), 0);
    EQ(store_link_code_put(s, a, "00000003", NOW + 1), 0); /* instead of the first */
    EQ(enter("D", "00000001", NOW + 1), STORE_LINK_UNKNOWN);
    EQ(enter("D", "00000003", NOW + 1), STORE_LINK_JOINED);
    SAME(person("D"), a);
    /* The same code twice is nobody's, and each of both only sees that it is not good. */
    EQ(store_link_code_put(s, c, "00000002", NOW + 1), 0);
    person("E");
    EQ(enter("E", "00000002", NOW + 1), STORE_LINK_UNKNOWN);
    EQ(enter("B", "00000002", NOW + 1), STORE_LINK_UNKNOWN);
    /* Two who enter each other's: the first one does it, and takes the other code along. */
    EQ(store_link_code_put(s, b, "00000004", NOW + 2), 0);
    EQ(store_link_code_put(s, c, "00000005", NOW + 2), 0);
    EQ(enter("C", "00000004", NOW + 2), STORE_LINK_JOINED);
    EQ(enter("B", "00000005", NOW + 2), STORE_LINK_UNKNOWN);
    SAME(person("C"), b);
    HAS("SELECT count(*) FROM link_code", 0);
}

/* Of levels set in both, the later one stays. */
static void test_targets(UNUSED void **state) {
    const char *a = person("A");
    const char *b = person("B");
    EQ(store_target_put(s, a, "K-001", 1, NOW), 0);
    EQ(store_target_put(s, b, "K-001", 2, NOW + 1), 0);
    EQ(store_target_put(s, a, "K-002", 1, NOW + 1), 0);
    EQ(store_target_put(s, b, "K-002", 2, NOW), 0);
    EQ(store_target_put(s, b, "S-003", 4, NOW), 0);
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
    struct store_learning l;
    EQ(store_learning_get(s, &arena, a, &l), 0);
    EQ(l.n_targets, 3);
    static const int levels[] = {2, 1, 4};
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        EQ(l.targets[i].level, levels[i]);
    }
    EQ(store_target_put(s, a, "K-002", -1, NOW + 2), 0);
    EQ(store_target_put(s, a, "K-002", -1, NOW + 2), 0);
    EQ(store_learning_get(s, &arena, a, &l), 0);
    EQ(l.n_targets, 2);
    SAME(l.targets[1].item, "S-003");
    HAS("SELECT count(*) FROM target", 2);
}

static void plan(const char *id, const char *item, const char *state, int64_t now_ms) {
    struct store_plan_step step = {
        .item = item, .to_level = 1, .resource = "res-sg", .due_day = 20000, .state = state};
    EQ(store_plan_step_put(s, id, &step, now_ms), 0);
}

/* All that both said stays in the order of time; the later word counts, wherever it was said. */
static void test_learning(UNUSED void **state) {
    const char *a = person("A");
    const char *b = person("B");
    EQ(store_level_add(s, a, "K-001", 1, false, NOW), 0);
    EQ(store_level_add(s, b, "K-001", STORE_UNSURE, false, NOW - 2), 0);
    EQ(store_level_add(s, b, "K-001", 3, false, NOW + 1), 0);
    EQ(store_level_add(s, a, "K-001", 2, false, NOW + 2), 0);
    EQ(store_level_add(s, b, "S-001", 4, false, NOW), 0);
    EQ(store_involvement_put(s, a, "K-001", "self", NOW), 0);
    EQ(store_involvement_put(s, b, "K-001", "support", NOW - 1), 0);
    EQ(store_involvement_put(s, b, "T-001", "outsource", NOW - 1), 0);
    EQ(store_pace_put(s, a, 30, NOW), 0);
    EQ(store_pace_put(s, b, 60, NOW + 1), 0);
    plan(a, "K-001", "open", NOW);
    plan(b, "K-001", "done", NOW + 1);
    plan(b, "S-001", "open", NOW);
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
    struct store_learning l;
    EQ(store_learning_get(s, &arena, a, &l), 0);
    EQ(l.n_levels, 2);
    SAME(l.levels[0].item, "K-001");
    EQ(l.levels[0].level, 2);
    EQ(l.levels[0].said_ms, NOW + 2);
    EQ(l.levels[0].first, 1);
    EQ(l.levels[0].first_ms, NOW);
    EQ(l.levels[1].level, 4);
    EQ(l.n_involvements, 2);
    SAME(l.involvements[0].how, "self");
    SAME(l.involvements[1].how, "outsource");
    EQ(l.weekly_minutes, 60);
    EQ(l.n_steps, 2);
    SAME(l.steps[0].item, "K-001");
    SAME(l.steps[0].state, "done");
    SAME(l.steps[1].item, "S-001");
    HAS("SELECT count(*) FROM level", 5);
    HAS("SELECT learns FROM person", 1);
    EQ(store_level_add(s, a, "K-001", 0, false, NOW + 3), 0); /* the numbers go on */
    EQ(store_learning_get(s, &arena, a, &l), 0);
    EQ(l.levels[0].level, 0);
}

static void test_wrong_tries(UNUSED void **state) {
    const char *a = person("A");
    person("B");
    person("C");
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    for (int i = 0; i < 5; i++) {
        EQ(enter("B", "11111111", NOW + i * MIN), STORE_LINK_UNKNOWN);
    }
    HAS("SELECT count(*) FROM link_try", 5);
    /* Right or wrong is not told any more, and it is only B who has to wait. */
    EQ(enter("B", "12345678", NOW + 5 * MIN), STORE_LINK_LATER);
    EQ(enter("B", "11111111", NOW + 5 * MIN), STORE_LINK_LATER);
    HAS("SELECT count(*) FROM link_try", 5);
    EQ(enter("C", "11111111", NOW + 5 * MIN), STORE_LINK_UNKNOWN);
    /* An hour after the first one there is one more, and not five. */
    EQ(enter("B", "11111111", NOW + HOUR - 1), STORE_LINK_LATER);
    EQ(enter("B", "11111111", NOW + HOUR), STORE_LINK_UNKNOWN);
    EQ(enter("B", "11111111", NOW + HOUR), STORE_LINK_LATER);
    /* A clock that was set back does not shut anybody out for long. */
    EQ(enter("B", "11111111", NOW - HOUR), STORE_LINK_UNKNOWN);
    EQ(store_prune(s, NOW), 0);
    HAS("SELECT count(*) FROM link_try WHERE external_id = 'B'", 0);
    HAS("SELECT count(*) FROM link_try WHERE external_id = 'C'", 1);
    HAS("SELECT count(*) FROM link_code", 1);
    EQ(store_prune(s, NOW + 1), 0);
    HAS("SELECT count(*) FROM link_code", 0);
}

/* Who leaves and links again is the same one who tried too often. */
static void test_tries_outlive_leaving(UNUSED void **state) {
    link_b_to(person("A"));
    for (int i = 0; i < 5; i++) {
        EQ(enter("B", "11111111", NOW), STORE_LINK_UNKNOWN);
    }
    const char *id = "";
    struct store_side b = side("B");
    EQ(store_link_leave(s, &arena, &b, NOW, &id), 0);
    EQ(enter("B", "11111111", NOW), STORE_LINK_LATER);
}

/* ---- what of both lives on ---- */

enum had { NOTHING, GREETED, ASKING, PARKED, RESULT, RESULT_ASKING, UNDECIDED, HADS };

static const char *session_run(const char *person_id) {
    struct store_session got = {.run_id = "none"};
    int err = store_session_get(s, &arena, person_id, &got);
    assert_true(err == 0 || err == -ENOENT);
    return got.run_id;
}

/* A person with such a past; the run is called as the user. */
static const char *person_with(const char *user, enum had had) {
    static const char *const phases[HADS] = {"",     "none",   "asking", "parked",
                                             "done", "asking", "done"};
    const char *id = person(user);
    bool run = had > GREETED;
    if (run) {
        run_of(id, user);
        EQ(store_answer_put(s, user, "q1", user, 1), 0);
    }
    if (had == RESULT || had == RESULT_ASKING) {
        EQ(store_result_add(s, id, user, user, false, NOW), 0);
    }
    if (had == RESULT || had == UNDECIDED) {
        EQ(store_run_end(s, user, STORE_RUN_DONE, 5), 0);
    }
    struct store_session put = {.run_id = run ? user : "",
                                .phase = phases[had],
                                .question_id = "q1",
                                .ticks = "",
                                .menu = user,
                                .menu_arg = ""};
    if (had != NOTHING) {
        EQ(store_session_put(s, id, &put), 0);
    }
    return id;
}

static bool under_way(enum had had) {
    return had == ASKING || had == PARKED || had == RESULT_ASKING;
}

static const char *state_of(const char *run) {
    return arena_printf(&arena,
                        "SELECT coalesce((SELECT CASE state WHEN 'open' THEN 1 WHEN 'done' THEN 2"
                        " WHEN 'left' THEN 3 END FROM run WHERE id = '%s'), 0)",
                        run);
}

static void check_pair(enum had maker, enum had other) {
    bool maker_some = under_way(maker) || maker == RESULT;
    bool other_some = under_way(other) || other == RESULT;
    bool takes = other_some && !maker_some;
    const char *a = person_with("A", maker);
    const char *b = person_with("B", other);
    add_out("b1", b, 1);
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
    SAME(person("B"), a);
    SAME(session_run(b), "none");
    const char *stays = takes ? "B" : maker == NOTHING ? "none" : maker == GREETED ? "" : "A";
    SAME(session_run(a), stays);
    bool left = !takes && under_way(other);
    EQ(linked.left, left);
    EQ(raw_int(db, state_of("A")), maker <= GREETED ? 0 : under_way(maker) ? 1 : 2);
    EQ(raw_int(db, state_of("B")), other <= GREETED ? 0 : left ? 3 : under_way(other) ? 1 : 2);
    HAS("SELECT count(*) FROM run WHERE person_id <> (SELECT id FROM person)", 0);
    EQ(raw_int(db, "SELECT count(*) FROM answer"), (maker > GREETED) + (other > GREETED));
    EQ(raw_int(db, "SELECT count(*) FROM answer_history"), (maker > GREETED) + (other > GREETED));
    bool results = maker == RESULT || maker == RESULT_ASKING;
    EQ(raw_int(db, "SELECT count(*) FROM result"),
       results + (other == RESULT || other == RESULT_ASKING));
    HAS("SELECT count(*) FROM outbox o JOIN person p ON p.id = o.person_id", 1);
    HAS("SELECT count(*) FROM identity", 2);
    HAS("SELECT count(*) FROM person", 1);
    HAS("SELECT count(*) FROM pragma_foreign_key_check", 0);
}

static void test_one_conversation_goes_on(UNUSED void **state) {
    for (int maker = 0; maker < HADS; maker++) {
        for (int other = 0; other < HADS; other++) {
            check_pair((enum had)maker, (enum had)other);
            raw_exec(db, "PRAGMA foreign_keys = ON; DELETE FROM person");
        }
    }
}

/* Both have a result: the newer one's conversation goes on, unless the code's has begun another. */
static void test_newest_result_goes_on(UNUSED void **state) {
    static const struct {
        enum had maker;
        int64_t later_ms; /* the other one's result */
        const char *stays;
    } table[] = {{RESULT, 0, "A"},        {RESULT, -1, "A"},       {RESULT, 1, "B"},
                 {RESULT_ASKING, 1, "A"}, {RESULT_ASKING, 0, "A"}, {UNDECIDED, -NOW, "B"}};
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *a = person_with("A", table[i].maker);
        const char *b = person_with("B", UNDECIDED);
        EQ(store_result_add(s, b, "B", "new", false, NOW + table[i].later_ms), 0);
        EQ(store_link_code_put(s, a, "12345678", NOW), 0);
        EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
        SAME(session_run(a), table[i].stays);
        assert_false(linked.left);
        raw_exec(db, "PRAGMA foreign_keys = ON; DELETE FROM person");
    }
}

static void set_person(const char *id, const char *lang, bool chosen, bool greeted) {
    struct store_person p = {.id = id, .lang = lang, .lang_chosen = chosen, .greeted = greeted};
    EQ(store_person_put(s, &p), 0);
}

static void test_settings(UNUSED void **state) {
    static const struct {
        bool maker_chose;
        bool other_chose;
        const char *lang; /* the maker speaks Japanese, the other English */
    } table[] = {
        {false, false, "ja"}, {true, false, "ja"}, {true, true, "ja"}, {false, true, "en"}};
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *a = person("A");
        const char *b = person("B");
        set_person(a, "ja", table[i].maker_chose, i % 2 == 0);
        set_person(b, "en", table[i].other_chose, i % 2 == 1);
        EQ(store_link_code_put(s, a, "12345678", NOW), 0);
        EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
        struct store_person p;
        EQ(store_person_get(s, &arena, "console", "w", "B", "ja", 1, &p), 0);
        SAME(p.lang, table[i].lang);
        EQ(p.lang_chosen, table[i].maker_chose || table[i].other_chose);
        assert_true(p.greeted); /* nobody is introduced twice */
        EQ(p.places, 2);
        raw_exec(db, "PRAGMA foreign_keys = ON; DELETE FROM person");
    }
}

/* By time, and never against the order of either side. */
static void test_results_by_time(UNUSED void **state) {
    static const struct {
        const char *user;
        const char *persona;
        int64_t at_ms;
    } added[] = {{"A", "a1", 10}, {"A", "a2", 50}, {"A", "a3", 40},
                 {"B", "b1", 20}, {"B", "b2", 45}, {"B", "b3", 60},
                 {"A", "z4", 70}, {"A", "a5", 70}, {"C", "c1", 90}};
    static const char *const order[] = {"a1", "b1", "b2", "a2", "a3", "b3", "z4", "a5"};
    person("B");
    const char *a = person("A");
    for (size_t i = 0; i < ARRAY_LEN(added); i++) {
        EQ(store_result_add(s, person(added[i].user), "", added[i].persona, i % 2 == 0,
                            added[i].at_ms),
           0);
    }
    link_b_to(a);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        const char *sql =
            arena_printf(&arena,
                         "SELECT persona = '%s' FROM result JOIN identity USING (person_id)"
                         " WHERE external_id = 'A' ORDER BY seq LIMIT 1 OFFSET %zu",
                         order[i], i);
        HAS(sql, 1);
    }
    HAS("SELECT count(*) FROM result", ARRAY_LEN(added));
    HAS("SELECT count(*) FROM result WHERE persona = 'c1' AND seq = 1", 1);
    HAS("SELECT by_hand FROM result WHERE persona = 'b1'", 0);
    HAS("SELECT created_ms FROM result WHERE persona = 'a3'", 40);
    EQ(store_result_add(s, a, "", "later", true, 1), 0);
    struct store_person p;
    EQ(store_person_get(s, &arena, "console", "w", "B", "ja", 1, &p), 0);
    SAME(p.result, "later");
}

static void test_owed_and_planned(UNUSED void **state) {
    const char *b = person("B");
    const char *a = person("A");
    add_out("pending", b, NOW + HOUR);
    add_out("sent", b, 1);
    EQ(store_outbox_sent(s, "sent", "m1", 2), 0);
    EQ(store_work_set(s, "nudge", b, 100), 0);
    EQ(store_work_set(s, "nudge", a, 200), 0);
    EQ(store_work_set(s, "digest", b, 300), 0);
    link_b_to(a);
    HAS("SELECT count(*) FROM outbox JOIN identity USING (person_id) WHERE external_id = 'A'", 2);
    HAS("SELECT due_ms FROM due_work WHERE kind = 'nudge'", 200);
    HAS("SELECT due_ms FROM due_work JOIN person ON id = subject WHERE kind = 'digest'", 300);
    HAS("SELECT count(*) FROM due_work", 2);
    /* What is still to be said goes where it would have gone. */
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, NOW + HOUR, 9, &rows, &n), 0);
    EQ(n, 1);
    SAME(rows[0].recipient, b);
    SAME(rows[0].person_id, a);
}

/* Everything of a person has to be thought of above: a new table ends up here. */
static void test_all_tables_are_known(UNUSED void **state) {
    sqlite3_stmt *st;
    EQ(store_prepare(s,
                     "SELECT group_concat(name, ' ') FROM (SELECT m.name FROM sqlite_schema m,"
                     " pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
                     " AND f.\"table\" = 'person' ORDER BY m.name)",
                     NO_BINDS, &st),
       0);
    EQ(store_step(s, st), 1);
    SAME(store_text(&arena, st, 0), "aside identity involvement level link_code outbox pace "
                                    "plan_step result run session target");
    store_reset(st);
}

static const char *all_of(const char *id) {
    sqlite3_stmt *st;
    EQ(store_prepare(
           s,
           "SELECT group_concat(quote(lang) || quote(greeted) || quote(lang_chosen)) ||"
           " (SELECT group_concat(external_id || used) FROM identity WHERE person_id = ?1)"
           " || (SELECT group_concat(id || state) FROM run WHERE person_id = ?1)"
           " || (SELECT group_concat(run_id || menu) FROM session WHERE person_id = ?1)"
           " || (SELECT group_concat(persona || seq) FROM result WHERE person_id = ?1)"
           " || (SELECT group_concat(key || state) FROM outbox WHERE person_id = ?1)"
           " || (SELECT group_concat(hash) FROM link_code WHERE person_id = ?1)"
           " || (SELECT group_concat(item || level) FROM target WHERE person_id = ?1)"
           " || (SELECT group_concat(kind || due_ms) FROM due_work WHERE subject = ?1)"
           " FROM person WHERE id = ?1",
           BINDS(TEXT(id)), &st),
       0);
    EQ(store_step(s, st), 1);
    const char *all = store_text(&arena, st, 0);
    store_reset(st);
    assert_true(strlen(all) > 90); /* nothing in it is NULL */
    return all;
}

static void test_others_are_left_alone(UNUSED void **state) {
    const char *c = person_with("C", RESULT_ASKING);
    add_out("c1", c, 1);
    EQ(store_work_set(s, "nudge", c, 100), 0);
    EQ(store_link_code_put(s, c, "99999999", NOW), 0);
    EQ(store_target_put(s, c, "K-006", 2, NOW), 0);
    const char *before = all_of(c);
    const char *a = person_with("A", RESULT);
    person_with("B", ASKING);
    link_b_to(a);
    SAME(all_of(c), before);
    struct store_side b = side("B");
    const char *id = "";
    EQ(store_link_leave(s, &arena, &b, NOW, &id), 0);
    SAME(all_of(c), before);
}

/* All places of the one who enters the code go over, not only the one it was entered in. */
static void test_three_places(UNUSED void **state) {
    struct store_person p;
    EQ(store_person_get(s, &arena, "slack", "w1", "U1", "ja", 1, &p), 0);
    const char *slack = p.id;
    link_b_to(slack);
    EQ(store_link_code_put(s, person("A"), "22222222", NOW), 0);
    EQ(enter("B", "22222222", NOW), STORE_LINK_JOINED);
    EQ(store_person_get(s, &arena, "slack", "w1", "U1", "ja", 1, &p), 0);
    SAME(p.id, person("A"));
    EQ(p.places, 3);
    /* The same name elsewhere is somebody else. */
    EQ(store_person_get(s, &arena, "slack", "w2", "U1", "ja", 1, &p), 0);
    EQ(p.places, 1);
    HAS("SELECT count(*) FROM person", 2);
}

/* ---- leaving ---- */

static void test_leaving(UNUSED void **state) {
    const char *a = person_with("A", RESULT);
    set_person(a, "en", true, true);
    struct store_side at = side("A");
    const char *id = "untouched";
    EQ(store_link_leave(s, &arena, &at, NOW, &id), -ENOENT); /* A is nowhere else */
    SAME(id, "untouched");
    link_b_to(a);
    EQ(store_link_code_put(s, a, "33333333", NOW), 0);
    EQ(store_link_leave(s, &arena, &at, NOW, &id), 0);
    struct store_person p;
    EQ(store_person_get(s, &arena, "console", "w", "A", "ja", 1, &p), 0);
    SAME(p.id, id);
    assert_string_not_equal(id, a);
    SAME(p.lang, "en");
    assert_true(p.lang_chosen && p.greeted && p.used_last);
    SAME(p.result, "");
    EQ(p.places, 1);
    SAME(session_run(id), "none");
    EQ(store_person_get(s, &arena, "console", "w", "B", "ja", 1, &p), 0);
    SAME(p.id, a);
    SAME(p.result, "A");
    SAME(session_run(a), "A");
    EQ(enter("A", "33333333", NOW), STORE_LINK_UNKNOWN); /* its codes are over */
    struct store_side stranger = side("Z");
    EQ(store_link_leave(s, &arena, &stranger, NOW, &id), -ENOENT);
    HAS("SELECT count(*) FROM person", 2);
}

static void test_goes_with_the_person(UNUSED void **state) {
    EQ(store_link_code_put(s, person("A"), "12345678", NOW), 0);
    EQ(enter("A", "11111111", NOW), STORE_LINK_UNKNOWN);
    HAS("SELECT (SELECT count(*) FROM link_code) + (SELECT count(*) FROM link_try)", 2);
    raw_exec(db, "PRAGMA foreign_keys = ON; DELETE FROM person");
    HAS("SELECT (SELECT count(*) FROM link_code) + (SELECT count(*) FROM link_try)", 0);
}

/* ---- the side used last ---- */

static void expect_side(const char *person_id, const char *user) {
    struct store_side got = {.user = ""};
    EQ(store_side_get(s, &arena, person_id, &got), 0);
    SAME(got.platform, "console");
    SAME(got.workspace, "w");
    SAME(got.user, user);
    for (size_t i = 0; i < 2; i++) {
        struct store_person p;
        const char *name = i == 0 ? "A" : "B";
        EQ(store_person_get(s, &arena, "console", "w", name, "ja", 1, &p), 0);
        EQ(p.used_last, strcmp(name, user) == 0);
    }
}

static void test_side_used_last(UNUSED void **state) {
    const char *a = person("A");
    struct store_side at_a = side("A");
    struct store_side at_b = side("B");
    struct store_side got = {.user = "untouched"};
    EQ(store_side_get(s, &arena, "nobody", &got), -ENOENT);
    SAME(got.user, "untouched");
    struct store_person p = {.channel = "D1", .locale = "", .tz = ""};
    EQ(store_identity_put(s, "console", "w", "A", &p), 0);
    EQ(store_side_get(s, &arena, a, &got), 0);
    SAME(got.user, "A");
    SAME(got.channel, "D1");
    link_b_to(a);
    expect_side(a, "B"); /* where the code was entered */
    EQ(store_side_use(s, &at_a), 0);
    expect_side(a, "A");
    EQ(store_side_use(s, &at_b), 0);
    expect_side(a, "B");
    const char *id = "";
    EQ(store_link_leave(s, &arena, &at_b, NOW, &id), 0);
    EQ(store_side_get(s, &arena, a, &got), 0);
    SAME(got.user, "A");
    EQ(store_side_get(s, &arena, id, &got), 0);
    SAME(got.user, "B");
    struct store_side stranger = side("Z");
    EQ(store_side_use(s, &stranger), -ENOENT);
}

/* One transaction: whoever gives up half-way has changed nothing. */
static void test_all_or_nothing(UNUSED void **state) {
    const char *a = person_with("A", RESULT);
    person_with("B", RESULT_ASKING);
    EQ(store_link_code_put(s, a, "12345678", NOW), 0);
    EQ(store_begin(s), 0);
    EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
    store_rollback(s);
    HAS("SELECT count(*) FROM person", 2);
    HAS("SELECT count(*) FROM link_code", 1);
    HAS("SELECT state = 'open' FROM run WHERE id = 'B'", 1);
    EQ(enter("B", "12345678", NOW), STORE_LINK_JOINED);
    reopen();
    HAS("SELECT count(*) FROM person", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_code),
        WITH_STORE(test_code_runs_out),
        WITH_STORE(test_codes_of_several),
        WITH_STORE(test_targets),
        WITH_STORE(test_learning),
        WITH_STORE(test_wrong_tries),
        WITH_STORE(test_tries_outlive_leaving),
        WITH_STORE(test_one_conversation_goes_on),
        WITH_STORE(test_newest_result_goes_on),
        WITH_STORE(test_settings),
        WITH_STORE(test_results_by_time),
        WITH_STORE(test_owed_and_planned),
        WITH_STORE(test_all_tables_are_known),
        WITH_STORE(test_others_are_left_alone),
        WITH_STORE(test_three_places),
        WITH_STORE(test_leaving),
        WITH_STORE(test_goes_with_the_person),
        WITH_STORE(test_side_used_last),
        WITH_STORE(test_all_or_nothing),
    };
    return cmocka_run_group_tests_name("store links", tests, NULL, NULL);
}
