/* The way in from Slack: in which order things are taken, what waits for what, when they are
 * acknowledged, and what happens when they cannot be stored. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include <errno.h>

#define FULL 8192

/* A connection that has caught up, and two people whom Slack has told us about. */
static int begin(void **state) {
    int rc = sl_begin(state);
    if (rc == 0) {
        sl_connect();
        sl_know(HANAKO, false);
        sl_know(TARO, false);
    }
    return rc;
}

static const char *id_of(const char *channel, int n) {
    return arena_printf(&fx_arena, "%s/%s", sl_ts(NOW_MS + n), channel);
}

/* ---- in which order ---- */

static void test_order(UNUSED void **state) {
    sl_say(HANAKO, 30, "三");
    sl_say(TARO, 25, "Taro");
    sl_say(HANAKO, 10, "一"); /* was said earlier, arrives later */
    sl_say(HANAKO, 20, "二");
    sl_say(HANAKO, 40, "四");
    sl_react(HANAKO, "one", true, DM);
    struct slack_message m = sl_message(HANAKO, 5, "零"); /* read back */
    assert_true(slack_intake_message(sl.intake, &m));
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("", "零", "一", "二", "三", "Taro", "四"); /* the reaction came first of all */
}

static void answer_about(const char *id, enum slack_outcome outcome, bool bot) {
    struct sl_asked asked = sl_take("users.info");
    assert_string_equal(sl_arg(&asked, "user"), id);
    assert_string_equal(sl_arg(&asked, "include_locale"), "true");
    sl_answer(&asked, outcome,
              arena_printf(&fx_arena,
                           "{\"ok\":true,\"error\":\"user_not_found\",\"user\":{\"id\":\"%s\","
                           "\"is_bot\":%s,\"locale\":\"en-US\",\"tz\":\"Europe/Berlin\"}}",
                           id, bot ? "true" : "false"));
}

/* Whoever is unknown is asked for; they wait, the others do not. */
static void test_authors(UNUSED void **state) {
    sl_say("U0NEW0001", 1, "一");
    sl_say(HANAKO, 2, "二");
    sl_say("U0NEW0002", 3, "三");
    sl_say("U0NEW0001", 4, "四");
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("二");
    SL_ACKS("e2");
    assert_int_equal(sl_waiting(), 2);
    answer_about("U0NEW0001", SLACK_DONE, false);
    assert_int_equal(sl_turn(false), 0);
    assert_string_equal(fx_events[0].event.locale, "en");
    assert_string_equal(fx_events[0].event.tz, "Europe/Berlin");
    SL_TEXTS("一", "四");
    answer_about("U0NEW0002", SLACK_DONE, true);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 0); /* a bot */
    SL_ACKS("e1", "e4", "e3");
}

/* An answer is worth more than a language: it does not wait for long. */
static void test_authors_in_vain(UNUSED void **state) {
    static const enum slack_outcome outcomes[] = {SLACK_REFUSED, SLACK_UNKNOWN, SLACK_UNSENT};
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        const char *id = arena_printf(&fx_arena, "U0NEW000%zu", i);
        sl_say(id, 1, "一");
        assert_int_equal(sl_turn(false), 0);
        answer_about(id, outcomes[i], false);
        assert_int_equal(sl_turn(false), 0);
        assert_string_equal(fx_events[0].event.locale, "");
        SL_TEXTS("一");
    }
    sl_say("U0NEW0009", 2, "二");
    assert_int_equal(sl_turn(false), 0);
    fx_pass(1199);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    fx_pass(1);
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("二");
    answer_about("U0NEW0009", SLACK_DONE, false);
    sl_say("U0NEW0009", 3, "三");
    assert_int_equal(sl_turn(false), 0);
    assert_string_equal(fx_events[0].event.locale, "en");
}

/* More people than are asked for at once, more than are looked past in one turn. */
static void test_many_authors(UNUSED void **state) {
    for (int i = 0; i < 100; i++) {
        sl_say(arena_printf(&fx_arena, "U0NEW%04d", i), i, "ヘルプ");
    }
    sl_say(HANAKO, 200, "二");
    for (int turns = 0; fx_n_events < 101 && turns < 200; turns++) {
        assert_int_equal(sl_turn(false), 0);
        assert_in_range(sl_waiting(), 0, 32);
        while (sl_waiting() > 0) {
            struct sl_asked asked = sl_take("users.info");
            sl_answer(&asked, SLACK_DONE,
                      arena_printf(&fx_arena, "{\"user\":{\"id\":\"%s\",\"locale\":\"en-US\"}}",
                                   sl_arg(&asked, "user")));
        }
    }
    assert_int_equal(fx_n_events, 101);
    assert_int_equal(sl_n_acks, 101);
    for (size_t i = 0; i < 101; i++) {
        bool known = strcmp(fx_events[i].event.user, HANAKO) == 0;
        assert_string_equal(fx_events[i].event.locale, known ? "ja" : "en");
    }
}

/* A whole run of the catch-up in which nothing is found. */
static void nothing_missed(void) {
    assert_true(sl_waiting() > 0);
    while (sl_waiting() > 1 || strcmp(sl_next(), "users.conversations") != 0) {
        sl_expect("conversations.history", SLACK_DONE, sl_page(NULL, 0, ""));
    }
    sl_expect("users.conversations", SLACK_DONE, "{\"ok\":true,\"channels\":[]}");
}

/* What was said before in that conversation comes first, for a while. */
static void test_history_first(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup);
    struct sl_asked asked = sl_take("conversations.history");
    sl_say(HANAKO, 20, "二");
    sl_say(TARO, 30, "Taro");
    sl_react(HANAKO, "one", true, DM);
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("Taro");
    struct sl_past page[] = {{.ts = sl_ts(NOW_MS + 20), .user = HANAKO, .text = "二"},
                             {.ts = sl_ts(NOW_MS + 10), .user = HANAKO, .text = "一"}};
    sl_answer(&asked, SLACK_DONE, sl_page(page, 2, ""));
    sl_expect("users.conversations", SLACK_DONE, "{\"ok\":true,\"channels\":[]}");
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("", "一", "二", "二"); /* what comes twice is known */
    assert_int_equal(sl_n_acks, 3);
    /* Not for longer than an acknowledgement can wait. */
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup);
    sl_say(HANAKO, 40, "四");
    fx_pass(1499);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    fx_pass(1);
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("四");
    nothing_missed();
}

static void put_cursor(int n) {
    slack_intake_cursor(sl.intake,
                        &(struct store_cursor){.channel = "*", .message = "", .message_ms = n});
}

static int64_t cursor(void) {
    return fx_sql("SELECT message_ms FROM channel_cursor WHERE channel = '*'");
}

static void test_cursor(UNUSED void **state) {
    put_cursor(8);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(cursor(), 8);
    /* It waits behind all that came before it, whoever said that. */
    sl_say("U0NEW0001", 1, "一");
    put_cursor(9);
    sl_say(HANAKO, 2, "二");
    put_cursor(10);
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("二");
    assert_int_equal(cursor(), 8);
    answer_about("U0NEW0001", SLACK_DONE, false);
    assert_int_equal(sl_turn(true), 0);
    assert_int_equal(cursor(), 8);
    assert_int_equal(sl_turn(true), 0);
    assert_int_equal(cursor(), 9);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(cursor(), 10);
}

/* ---- when it cannot be stored ---- */

/* What was not committed comes again, in order, and is not acknowledged before. */
static void test_retried(UNUSED void **state) {
    sl_say(HANAKO, 1, "一");
    sl_say(HANAKO, 2, "二");
    sl_say(HANAKO, 3, "三");
    assert_int_equal(slack_intake_hand_in(sl.intake, false), 0);
    SL_TEXTS("一", "二", "三");
    store_rollback(fx_store);
    assert_true(engine_commit(sl.setup.engine) != 0);
    assert_int_equal(slack_intake_committed(sl.intake, -ENOSPC), 3);
    sl_say(HANAKO, 4, "四");
    fx_take_fails = 1;
    assert_int_equal(sl_turn(false), -EIO);
    SL_TEXTS("一");
    assert_int_equal(sl_n_acks, 0);
    assert_int_equal(sl_turn(true), 0); /* one at a time */
    SL_TEXTS("一");
    SL_ACKS("e1");
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("二", "三", "四");
    SL_ACKS("e2", "e3", "e4");
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 4);
    /* Late, but in its place among those that failed. */
    sl_say(HANAKO, 20, "十");
    assert_int_equal(slack_intake_hand_in(sl.intake, false), 0);
    store_rollback(fx_store);
    assert_true(engine_commit(sl.setup.engine) != 0);
    (void)slack_intake_committed(sl.intake, -ENOSPC);
    sl_say(HANAKO, 15, "五");
    fx_n_events = 0;
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("五", "十");
}

/* One that fails for ever is left out in the end; what comes behind it is not lost. */
static void test_poison(UNUSED void **state) {
    sl_say(HANAKO, 1, "一");
    put_cursor(7);
    sl_say(TARO, 2, "二");
    fx_poison = id_of(DM, 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sl_turn(true), -EIO);
        assert_int_equal(cursor(), NOW_MS); /* read up to there only when all before it is */
        assert_int_equal(sl_n_acks, 0);
    }
    assert_int_equal(sl_turn(false), -EIO); /* one of several may be to blame, or not */
    (void)sl_turn(true);
    SL_ACKS("e1");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e2");
    assert_int_equal(cursor(), 7);
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 1);
    /* A full disk is nobody's fault: nothing is left out, however long it lasts. */
    sl_say(HANAKO, 3, "三");
    fx_n_events = 0;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(slack_intake_hand_in(sl.intake, true), 0);
        store_rollback(fx_store);
        assert_true(engine_commit(sl.setup.engine) != 0);
        (void)slack_intake_committed(sl.intake, -ENOSPC);
    }
    assert_int_equal(sl_n_acks, 0);
    assert_int_equal(sl_turn(true), 0);
    SL_ACKS("e3");
}

/* Whoever has no place waits where it came from: what is not acknowledged comes again. */
static void test_full(UNUSED void **state) {
    struct slack_message m = sl_message(HANAKO, 0, "ヘルプ");
    for (int i = 0; i < FULL; i++) {
        m.channel = arena_printf(&fx_arena, "D%08d", i);
        assert_true(slack_intake_message(sl.intake, &m));
    }
    assert_false(slack_intake_message(sl.intake, &m));
    struct slack_reaction r = {
        .user = HANAKO, .name = "one", .channel = DM, .ts = m.ts, .event_ts = m.ts, .added = true};
    assert_false(slack_intake_reaction(sl.intake, &r));
    sl_say(TARO, 2, "二");
    sl_react(HANAKO, "+1", true, DM); /* not even this */
    assert_int_equal(sl_n_acks, 0);
    assert_int_equal(sl_turn(true), 0);
    assert_true(slack_intake_message(sl.intake, &m));
    assert_false(slack_intake_message(sl.intake, &m));
    /* Slack does not repeat it for ever: it is read back. */
    fx_pass(2000);
    nothing_missed();
}

/* Two bots: answers stop, and go on later; nothing that was said then is answered afterwards. */
static void test_breaker(UNUSED void **state) {
    for (int i = 0; i < 30; i++) {
        sl_say(HANAKO, i, "ヘルプ");
        assert_int_equal(sl_turn(false), 0);
    }
    size_t most = (size_t)sl.setup.max_answers_a_minute + 1;
    assert_int_equal(fx_n_events, most);
    assert_int_equal(sl_n_acks, 30);
    sl_say(TARO, 100, "ヘルプ");
    sl_react(HANAKO, "one", true, DM); /* what is only clicked makes no noise */
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, most + 2);
    fx_pass(60000);
    sl_say(HANAKO, 60000, "ヘルプ");
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, most + 3);
    /* What was missed comes all at once, and is answered. */
    fx_n_events = 0;
    for (int i = 0; i < 60; i++) {
        struct slack_message m = sl_message(TARO, i - 3600000, "ヘルプ");
        assert_true(slack_intake_message(sl.intake, &m));
    }
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 60);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_order),        TEST(test_authors),       TEST(test_authors_in_vain),
        TEST(test_many_authors), TEST(test_history_first), TEST(test_cursor),
        TEST(test_retried),      TEST(test_poison),        TEST(test_full),
        TEST(test_breaker),
    };
    return cmocka_run_group_tests_name("slack_turns", tests, NULL, NULL);
}
