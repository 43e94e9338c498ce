/* The connections to Slack: who we are, one before the other goes, and back after everything. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include <errno.h>

#define OPEN        "apps.connections.open"
#define ADDRESS     "{\"ok\":true,\"url\":\"wss://wss.slack.test/link/?ticket=2\"}"
#define WE_ARE      "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":\"" TEAM "\"}"
#define LIST        "users.conversations"
#define NOBODY      "{\"ok\":true,\"channels\":[]}"
#define GOODBYE(s)  "{\"type\":\"disconnect\",\"reason\":\"" s "\"}"
#define MINUTE_MS   INT64_C(60000)
#define MESSAGE(id) envelope(id, DM, "ヘルプ")

/* A connection that has caught up. */
static int connected(void **state) {
    int rc = sl_begin(state);
    if (rc == 0) {
        sl_connect();
        sl_know(HANAKO, false);
    }
    return rc;
}

static const char *envelope(const char *id, const char *channel, const char *text) {
    return arena_printf(
        &fx_arena,
        "{\"type\":\"events_api\",\"envelope_id\":\"%s\",\"payload\":{\"type\":"
        "\"event_callback\",\"team_id\":\"" TEAM "\",\"event_id\":\"Ev%s\",\"event\":"
        "{\"type\":\"message\",\"channel\":\"%s\",\"user\":\"" HANAKO
        "\",\"ts\":\"1795400000.0000%s\",\"text\":\"%s\",\"channel_type\":\"im\"}}}",
        id, id, channel, id, text);
}

static size_t count_open(void) {
    size_t n = 0;
    for (size_t i = 0; i < sl_n_links; i++) {
        n += sl_links[i].state == SL_OPEN;
    }
    return n;
}

static void expect_address(void) {
    struct sl_asked asked = sl_take(OPEN);
    assert_true(asked.app);
    assert_int_equal(asked.urgency, SLACK_AT_ONCE);
    sl_answer(&asked, SLACK_DONE, ADDRESS);
}

/* Nothing is tried before that; then it is. */
static void expect_try_after(int64_t ms) {
    fx_pass(ms - 1);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    assert_int_equal(sl_waiting(), 1);
}

/* ---- the first one ---- */

static void test_start(UNUSED void **state) {
    slack_socket_start(sl.socket);
    assert_false(slack_socket_authorized(&sl));
    struct sl_asked asked = sl_take("auth.test");
    assert_false(asked.app);
    sl_answer(&asked, SLACK_DONE,
              "{\"ok\":true,\"user_id\":\"U0OTHER01\",\"team_id\":\"T0OTHER01\"}");
    assert_string_equal(sl.me, "U0OTHER01");
    assert_string_equal(sl.team, "T0OTHER01");
    assert_true(slack_socket_authorized(&sl));
    expect_address();
    assert_int_equal(sl_n_links, 1);
    assert_string_equal(sl_links[0].url, "wss://wss.slack.test/link/?ticket=2");
    assert_string_equal(sl_links[0].setup.bearer, "");
    assert_true(sl_links[0].setup.quick);
    assert_int_equal(sl_waiting(), 0); /* hello is what counts */
    sl_hello(0, 1);
    sl_expect(LIST, SLACK_DONE, NOBODY);
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(count_open(), 1);
    assert_int_equal(sl_waiting(), 0);
}

/* However it fails, it is tried again, less and less often. */
static void test_start_fails(UNUSED void **state) {
    static const struct {
        enum slack_outcome outcome;
        const char *said;
    } cases[] = {
        {SLACK_UNSENT, ""},
        {SLACK_UNKNOWN, ""},
        {SLACK_REFUSED, "an_error_of_tomorrow"},
        {SLACK_DONE, "{\"ok\":true}"},
        {SLACK_DONE, "{\"ok\":true,\"user_id\":\"../x\",\"team_id\":\"" TEAM "\"}"},
        {SLACK_DONE, "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":7}"},
    };
    slack_socket_start(sl.socket);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        sl_expect("auth.test", cases[i].outcome, cases[i].said);
        assert_int_equal(sl_waiting(), 0);
        fx_pass(MINUTE_MS);
        assert_false(slack_socket_authorized(&sl));
    }
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    static const char *const addresses[] = {"{\"ok\":true}", "{\"ok\":true,\"url\":7}",
                                            "{\"ok\":true,\"url\":\"https://slack.test\"}",
                                            "{\"ok\":true,\"url\":\"file:///etc/passwd\"}"};
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        sl_expect(OPEN, SLACK_DONE, addresses[i]);
        assert_int_equal(sl_waiting(), 0);
        fx_pass(MINUTE_MS);
    }
    sl_expect(OPEN, SLACK_UNKNOWN, "");
    fx_pass(MINUTE_MS);
    expect_address();
    /* The upgrade is refused, with and without a time to wait. */
    sl_cut(0, 503, -1);
    fx_pass(MINUTE_MS);
    expect_address();
    sl_cut(1, 429, 10 * MINUTE_MS);
    expect_try_after(10 * MINUTE_MS);
    expect_address();
    /* Sent away before hello. */
    sl_hear(2, GOODBYE("refresh_requested"));
    assert_int_equal(sl_links[2].state, SL_DROPPED);
    fx_pass(MINUTE_MS);
    expect_address();
    sl_hello(3, 1);
    sl_expect(LIST, SLACK_DONE, NOBODY);
}

static void test_no_hello(UNUSED void **state) {
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
    fx_pass(9999);
    assert_int_equal(sl_links[0].state, SL_OPEN);
    fx_pass(1);
    assert_int_equal(sl_links[0].state, SL_DROPPED);
    fx_pass(MINUTE_MS);
    expect_address();
    sl_hello(1, 1);
    sl_hello(1, 1); /* twice is once */
    sl_expect(LIST, SLACK_DONE, NOBODY);
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_links[1].state, SL_OPEN);
}

/* ---- the next one before the old one goes ---- */

static void test_replacement(UNUSED void **state) {
    fx_pass(300 * MINUTE_MS);
    sl_hear(0, GOODBYE("warning"));
    sl_hear(0, GOODBYE("refresh_requested")); /* one replacement is enough */
    expect_address();
    sl_hear(0, GOODBYE("refresh_requested"));
    assert_int_equal(sl_waiting(), 0);
    sl_hear(0, MESSAGE("11")); /* it still delivers */
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("11");
    assert_int_equal(sl_links[0].state, SL_OPEN);
    sl_hello(1, 2);
    assert_int_equal(sl_links[0].state, SL_CLOSED);
    assert_int_equal(sl_waiting(), 0); /* nothing was missed */
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_sql("SELECT message_ms FROM channel_cursor WHERE channel = '*'"),
                     NOW_MS + 300 * MINUTE_MS);
}

/* What came on a connection is acknowledged there, if that does not take too long. */
static void test_leaving(UNUSED void **state) {
    for (int late = 0; late < 2; late++) {
        size_t old = sl_n_links - 1;
        fx_pass(300 * MINUTE_MS);
        sl_hear(old, MESSAGE(late ? "21" : "11"));
        sl_hear(old, MESSAGE(late ? "22" : "12"));
        sl_hear(old, GOODBYE("warning"));
        expect_address();
        sl_hello(old + 1, 2);
        assert_int_equal(sl_links[old].state, SL_OPEN);
        sl_hear(old, MESSAGE(late ? "23" : "13"));
        sl_hear(old + 1, MESSAGE(late ? "24" : "14"));
        if (late) {
            fx_pass(2999);
            assert_int_equal(sl_links[old].state, SL_OPEN);
            fx_pass(1);
            assert_int_equal(sl_links[old].state, SL_CLOSED);
        }
        assert_int_equal(sl_turn(false), 0);
        assert_int_equal(sl_links[old].state, SL_CLOSED);
        assert_int_equal(sl_n_acks, late ? 1 : 4); /* nowhere else than where it came from */
        for (size_t i = 0; i < sl_n_acks; i++) {
            assert_int_equal(sl_acks[i].link, strchr("4", sl_acks[i].envelope[1]) ? old + 1 : old);
        }
        sl_n_acks = 0;
    }
    assert_int_equal(sl_waiting(), 0);
}

/* The old one goes before the next one is there. */
static void test_replacement_late(UNUSED void **state) {
    fx_pass(300 * MINUTE_MS);
    sl_hear(0, GOODBYE("warning"));
    struct sl_asked asked = sl_take(OPEN);
    fx_pass(1000);
    sl_cut(0, 0, -1);
    fx_pass(MINUTE_MS);
    assert_int_equal(sl_waiting(), 0); /* it is asked for already */
    sl_answer(&asked, SLACK_DONE, ADDRESS);
    sl_hello(1, 1);
    sl_expect(LIST, SLACK_DONE, NOBODY); /* something may have been missed */
    /* And where the next one does not come at all. */
    fx_pass(300 * MINUTE_MS);
    sl_hear(1, GOODBYE("warning"));
    expect_address();
    sl_cut(1, 0, -1);
    fx_pass(10000);
    assert_int_equal(sl_links[2].state, SL_DROPPED);
    fx_pass(MINUTE_MS);
    expect_address();
    sl_hello(3, 1);
    sl_expect(LIST, SLACK_DONE, NOBODY);
    assert_int_equal(count_open(), 1);
}

/* Sent away again and again soon after hello: not in a tight circle. */
static void test_circle(UNUSED void **state) {
    int asked = 0;
    fx_unlucky = true;
    for (int second = 0; second < 3600; second++) {
        while (sl_waiting() > 0) {
            asked++;
            expect_address();
            sl_hello(sl_n_links - 1, 1);
            sl_hear(sl_n_links - 1, GOODBYE("refresh_requested"));
        }
        if (second == 0) {
            sl_hear(0, GOODBYE("refresh_requested"));
        }
        fx_pass(1000);
    }
    assert_in_range(asked, 30, 120);
}

/* ---- back after everything ---- */

static void test_lost(UNUSED void **state) {
    sl_met(HANAKO, DM);
    fx_pass(300 * MINUTE_MS);
    sl_cut(0, 0, -1);
    fx_pass(1000);
    expect_address();
    for (int i = 1; i < 12; i++) {
        sl_cut((size_t)i, 0, -1);
        assert_int_equal(sl_waiting(), 0);
        fx_pass(MINUTE_MS);
        assert_int_equal(sl_waiting(), 1);
        expect_address();
    }
    sl_hello(12, 1);
    struct sl_asked asked = sl_take("conversations.history"); /* since it was lost … */
    int64_t threads_ms = (int64_t)3 * 24 * 60 * MINUTE_MS;    /* … and what threads began */
    assert_string_equal(sl_arg(&asked, "oldest"), sl_ts(NOW_MS + 299 * MINUTE_MS - threads_ms));
    sl_answer(&asked, SLACK_DONE, sl_page(NULL, 0, ""));
    sl_expect(LIST, SLACK_DONE, NOBODY);
}

static void test_switched_off(UNUSED void **state) {
    sl_hear(0, GOODBYE("link_disabled"));
    assert_int_equal(sl_links[0].state, SL_DROPPED);
    expect_try_after(5 * MINUTE_MS);
    sl_expect(OPEN, SLACK_REFUSED, "link_disabled");
    expect_try_after(5 * MINUTE_MS);
    expect_address();
    sl_hello(1, 1);
    sl_expect(LIST, SLACK_DONE, NOBODY);
}

/* Slack forgets ghosts after a while: longer and longer. */
static void test_too_many(UNUSED void **state) {
    fx_pass(300 * MINUTE_MS);
    sl_hear(0, GOODBYE("too_many_websockets"));
    for (int i = 0; i < 7; i++) {
        expect_try_after(INT64_C(30000) << (i < 4 ? i : 4));
        expect_address();
        sl_hear((size_t)i + 1, GOODBYE("too_many_websockets"));
        assert_int_equal(sl_links[i + 1].state, SL_DROPPED);
    }
    fx_pass(60 * MINUTE_MS);
    expect_address();
}

/* ---- tokens and workspaces ---- */

static void test_unauthorized(UNUSED void **state) {
    fx_pass(300 * MINUTE_MS);
    sl_hear(0, GOODBYE("warning"));
    sl_expect(OPEN, SLACK_UNAUTHORIZED, "invalid_auth");
    assert_int_equal(count_open(), 0);
    assert_false(slack_socket_authorized(&sl));
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    /* With other ones it begins anew, and what was missed meanwhile is read. */
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_UNAUTHORIZED, "account_inactive");
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    sl_expect(OPEN, SLACK_REFUSED, "missing_scope"); /* a token of the right kind, in vain */
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    assert_false(slack_socket_authorized(&sl));
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
    sl_hello(1, 1);
    sl_expect(LIST, SLACK_DONE, NOBODY);
}

/* Refused somewhere else, while an address is being asked for. */
static void test_unauthorized_meanwhile(UNUSED void **state) {
    sl_hear(0, GOODBYE("warning"));
    struct sl_asked asked = sl_take(OPEN);
    slack_socket_unauthorized(&sl, false, "token_revoked");
    assert_int_equal(count_open(), 0);
    sl_answer(&asked, SLACK_DONE, ADDRESS);
    assert_int_equal(count_open(), 0);
    slack_socket_start(sl.socket);
    asked = sl_take("auth.test");
    slack_socket_unauthorized(&sl, false, "token_revoked");
    sl_answer(&asked, SLACK_DONE, WE_ARE);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
}

/* Other tokens while there is a connection: it goes when the new one is there. */
static void test_other_tokens(UNUSED void **state) {
    fx_pass(300 * MINUTE_MS);
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
    assert_int_equal(count_open(), 2);
    sl_hello(1, 2);
    assert_int_equal(sl_links[0].state, SL_CLOSED);
}

/* Other tokens while an address is asked for, or a connection is being opened, with the old ones:
 * who we are has to be asked first. */
static void test_other_tokens_meanwhile(UNUSED void **state) {
    fx_pass(300 * MINUTE_MS);
    sl_hear(0, GOODBYE("warning"));
    struct sl_asked asked = sl_take(OPEN);
    slack_socket_start(sl.socket);
    sl_answer(&asked, SLACK_DONE, ADDRESS);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
    assert_true(slack_socket_authorized(&sl));
    assert_int_equal(sl_n_links, 2);
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
    sl_hello(sl_n_links - 1, 2);
    assert_true(slack_socket_authorized(&sl));
    assert_int_equal(count_open(), 1);
    assert_int_equal(sl_waiting(), 0);
    slack_socket_start(sl.socket);
    asked = sl_take("auth.test");
    slack_socket_start(sl.socket);
    assert_int_equal(sl_waiting(), 0);
    sl_answer(&asked, SLACK_DONE, "{\"ok\":true,\"user_id\":\"U0OTHER01\",\"team_id\":\"T0X\"}");
    assert_string_equal(sl.me, "");
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
}

/* The people in the database are not those of another workspace. */
static void test_other_team(UNUSED void **state) {
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE,
              "{\"ok\":true,\"user_id\":\"U0OTHER01\",\"team_id\":\"T0OTHER01\"}");
    assert_int_equal(sl_waiting(), 0);
    assert_int_equal(count_open(), 0);
    assert_false(slack_socket_authorized(&sl));
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE, WE_ARE);
    expect_address();
}

static void test_enterprise(UNUSED void **state) {
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE,
              "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":\"" TEAM
              "\",\"is_enterprise_install\":true}");
    assert_int_equal(sl_waiting(), 0);
    assert_int_equal(count_open(), 0);
    assert_false(slack_socket_authorized(&sl));
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
}

/* ---- frames ---- */

/* What cannot be read is acknowledged where it can be, and what it may have been is read back. */
static void test_unreadable(UNUSED void **state) {
    sl_hear(0, "{\"type\":\"events_api\",\"envelope_id\":\"e1\",\"payload\":{");
    SL_ACKS("e1");
    sl_hear(0, "rubbish");
    assert_int_equal(sl_n_acks, 0);
    fx_pass(1999);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    sl_expect(LIST, SLACK_DONE, NOBODY);
    sl_links[0].setup.on_long(sl_links[0].setup.ctx);
    fx_pass(4 * MINUTE_MS); /* not for each of them */
    assert_int_equal(sl_waiting(), 0);
    fx_pass(MINUTE_MS);
    sl_expect(LIST, SLACK_DONE, NOBODY);
    sl_hear(0, "{\"type\":\"something_new\",\"envelope_id\":\"e2\"}");
    SL_ACKS("e2");
    assert_int_equal(sl_links[0].state, SL_OPEN);
    fx_pass(10 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
}

/* An acknowledgement for a connection that is gone goes nowhere. */
static void test_gone(UNUSED void **state) {
    sl_hear(0, MESSAGE("11"));
    sl_cut(0, 0, -1);
    fx_pass(1000);
    expect_address();
    sl_hello(1, 1);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(sl_n_acks, 0);
    sl_expect(LIST, SLACK_DONE, NOBODY);
    sl_hear(1, MESSAGE("11")); /* Slack delivers it again */
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(sl_n_acks, 1);
    assert_int_equal(fx_events[1].rc, -EEXIST);
}

#define CONNECTED(f) cmocka_unit_test_setup_teardown(f, connected, sl_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_WORKSPACE(test_start),    WITH_WORKSPACE(test_start_fails),
        WITH_WORKSPACE(test_no_hello), CONNECTED(test_replacement),
        CONNECTED(test_leaving),       CONNECTED(test_replacement_late),
        CONNECTED(test_circle),        CONNECTED(test_lost),
        CONNECTED(test_switched_off),  CONNECTED(test_too_many),
        CONNECTED(test_unauthorized),  CONNECTED(test_unauthorized_meanwhile),
        CONNECTED(test_other_tokens),  CONNECTED(test_other_tokens_meanwhile),
        CONNECTED(test_other_team),    CONNECTED(test_enterprise),
        CONNECTED(test_unreadable),    CONNECTED(test_gone),
    };
    return cmocka_run_group_tests_name("slack_socket", tests, NULL, NULL);
}
