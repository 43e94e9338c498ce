/* What was missed on Slack: which conversations are read, from where, and what comes of it. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include <errno.h>

#include "base/buf.h"

#define MINUTE_MS INT64_C(60000)
#define HISTORY   "conversations.history"
#define REPLIES   "conversations.replies"
#define LIST      "users.conversations"
#define NOBODY    "{\"ok\":true,\"channels\":[]}"
#define PARENT    "1795399999.000001"
#define FULL      8192

static int begin(void **state) {
    int rc = sl_begin(state);
    if (rc == 0) {
        sl_know(HANAKO, false);
        sl_know(TARO, false);
    }
    return rc;
}

static int64_t cursor(void) {
    assert_int_equal(sl_turn(false), 0);
    return fx_sql("SELECT message_ms FROM channel_cursor WHERE channel = '*'");
}

/* That conversation is read, from that time on; before it, what may have become a thread. */
static struct sl_asked take_history(const char *channel, int64_t since_ms) {
    struct sl_asked asked = sl_take(HISTORY);
    assert_string_equal(sl_arg(&asked, "channel"), channel);
    assert_string_equal(sl_arg(&asked, "oldest"), sl_ts(since_ms - 3 * 24 * 60 * MINUTE_MS));
    assert_int_equal(asked.urgency, SLACK_LATER);
    return asked;
}

static void expect_history(const char *channel, int64_t since_ms, const struct sl_past *messages,
                           size_t n) {
    struct sl_asked asked = take_history(channel, since_ms);
    sl_answer(&asked, SLACK_DONE, sl_page(messages, n, ""));
}

static struct sl_asked take_thread(const char *parent) {
    struct sl_asked asked = sl_take(REPLIES);
    assert_string_equal(sl_arg(&asked, "ts"), parent);
    return asked;
}

/* There is nobody new, and the run is over. */
static void expect_nobody(void) {
    sl_expect(LIST, SLACK_DONE, NOBODY);
    assert_int_equal(sl_waiting(), 0);
}

/* Another process: nothing is known but what is in the database. */
static void begin_anew(void) {
    assert_int_equal(sl_turn(false), 0);
    slack_catchup_destroy(sl.catchup);
    sl.catchup = slack_catchup_create(&sl);
}

/* ---- when, and from when on ---- */

/* A workspace that is new: whoever wrote before we came was not written to us. */
static void test_first(UNUSED void **state) {
    slack_catchup_now(sl.catchup);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS);
    /* A replacement: nothing was missed until now. */
    fx_pass(MINUTE_MS);
    slack_catchup_reached(sl.catchup);
    assert_int_equal(cursor(), NOW_MS + MINUTE_MS);
    fx_pass(60 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
}

static void test_restart(UNUSED void **state) {
    slack_catchup_now(sl.catchup);
    expect_nobody();
    sl_met(HANAKO, DM);
    begin_anew();
    fx_pass(600 * MINUTE_MS);
    sl.skew_ms = 5000;
    slack_catchup_now(sl.catchup);
    struct sl_past page[] = {
        {.ts = sl_ts(NOW_MS + 3000), .user = HANAKO, .text = "三"},
        {.ts = sl_ts(NOW_MS + 2000), .user = HANAKO, .text = "二"},
        {.ts = sl_ts(NOW_MS + 1000), .user = HANAKO, .text = "一"},
    };
    expect_history(DM, NOW_MS - MINUTE_MS, page, 3); /* the place is kept in Slack's time */
    assert_int_equal(cursor(), NOW_MS);              /* not before the run is over */
    SL_TEXTS("一", "二", "三");
    assert_int_equal(fx_events[0].event.late_ms, 600 * MINUTE_MS + 4000);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS + 600 * MINUTE_MS + 5000);
}

static void test_gap(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    expect_history(DM, NOW_MS - MINUTE_MS, NULL, 0);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS);
    fx_pass(100 * MINUTE_MS);
    slack_catchup_gap(sl.catchup);
    fx_pass(MINUTE_MS);
    slack_catchup_gap(sl.catchup); /* and again, before anything was read */
    slack_catchup_reached(sl.catchup);
    assert_int_equal(cursor(), NOW_MS); /* that would not be true */
    fx_pass(MINUTE_MS);
    slack_catchup_now(sl.catchup);
    expect_history(DM, NOW_MS + 99 * MINUTE_MS, NULL, 0);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS + 102 * MINUTE_MS);
}

/* The connection is lost while what was missed is being read. */
static void test_gap_within(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    struct sl_asked asked = take_history(DM, NOW_MS - MINUTE_MS);
    fx_pass(MINUTE_MS);
    slack_catchup_gap(sl.catchup);
    sl_answer(&asked, SLACK_UNSENT, "");
    fx_pass(4999);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    asked = take_history(DM, NOW_MS - MINUTE_MS);
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup); /* it is asked for already */
    assert_int_equal(sl_waiting(), 0);
    sl_answer(&asked, SLACK_UNSENT, "");
    slack_catchup_now(sl.catchup); /* a connection is there: no need to wait */
    fx_pass(2 * MINUTE_MS);
    expect_history(DM, NOW_MS - MINUTE_MS, NULL, 0);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS); /* when that run began */
    fx_pass(1999);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    expect_history(DM, NOW_MS, NULL, 0); /* from the first loss on */
    expect_nobody();
    fx_pass(60 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
}

/* Something may have been missed though a connection was there. */
static void test_soon(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    slack_catchup_soon(sl.catchup); /* once more behind this one */
    slack_catchup_soon(sl.catchup);
    expect_history(DM, NOW_MS - MINUTE_MS, NULL, 0);
    expect_nobody();
    fx_pass(2000);
    expect_history(DM, NOW_MS - 11 * MINUTE_MS, NULL, 0);
    expect_nobody();
    fx_pass(60 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    slack_catchup_soon(sl.catchup);
    slack_catchup_reached(sl.catchup);
    int64_t before = cursor();
    assert_true(before < NOW_MS + MINUTE_MS);
    slack_catchup_now(sl.catchup); /* not twice */
    expect_history(DM, NOW_MS + 2000 + 49 * MINUTE_MS, NULL, 0);
    expect_nobody();
    fx_pass(60 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    /* What seems missing right behind a reading that came early is not forgotten. */
    slack_catchup_soon(sl.catchup);
    slack_catchup_now(sl.catchup);
    sl_expect(HISTORY, SLACK_DONE, sl_page(NULL, 0, ""));
    expect_nobody();
    slack_catchup_soon(sl.catchup);
    fx_pass(5 * MINUTE_MS);
    sl_expect(HISTORY, SLACK_DONE, sl_page(NULL, 0, ""));
    expect_nobody();
}

/* ---- when it does not work ---- */

static void test_failing(UNUSED void **state) {
    static const enum slack_outcome outcomes[] = {SLACK_UNKNOWN, SLACK_UNSENT, SLACK_DONE};
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        struct sl_asked asked = take_history(DM, NOW_MS - MINUTE_MS);
        sl_answer(&asked, outcomes[i], "{\"ok\":true}"); /* no list of messages */
        assert_int_equal(sl_waiting(), 0);
        fx_pass(5000);
    }
    /* A page in the middle: all of it again. */
    struct sl_past page[] = {{.ts = sl_ts(NOW_MS), .user = HANAKO, .text = "一"}};
    sl_expect(HISTORY, SLACK_DONE, sl_page(page, 1, "more"));
    sl_expect(HISTORY, SLACK_UNKNOWN, "");
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    fx_pass(5000);
    sl_expect(HISTORY, SLACK_DONE, sl_page(page, 1, "more"));
    struct sl_asked asked = take_history(DM, NOW_MS - MINUTE_MS);
    assert_string_equal(sl_arg(&asked, "cursor"), "more");
    page[0].text = "零";
    page[0].ts = sl_ts(NOW_MS - 1);
    sl_answer(&asked, SLACK_DONE, sl_page(page, 1, ""));
    sl_expect(LIST, SLACK_UNKNOWN, "");
    fx_pass(5000);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS);
    SL_TEXTS("零", "一");
}

static void test_refused(UNUSED void **state) {
    sl_met(HANAKO, DM);
    fx_pass(1000);
    sl_met(TARO, TARODM);
    slack_catchup_now(sl.catchup);
    sl_expect(HISTORY, SLACK_REFUSED, "channel_not_found");
    struct sl_past page[] = {{.ts = sl_ts(NOW_MS), .user = HANAKO, .text = "ぬるぽ"}};
    expect_history(DM, NOW_MS + 1000 - MINUTE_MS, page, 1);
    sl_expect(LIST, SLACK_REFUSED, "missing_scope");
    assert_int_equal(cursor(), NOW_MS + 1000);
    SL_TEXTS("ぬるぽ");
    /* What may not be read stays missed until it may. */
    fx_pass(MINUTE_MS);
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup);
    sl_expect(HISTORY, SLACK_REFUSED, "missing_scope");
    sl_expect(HISTORY, SLACK_REFUSED, "missing_scope");
    expect_nobody();
    slack_catchup_reached(sl.catchup);
    assert_int_equal(cursor(), NOW_MS + 1000);
    fx_pass(10 * MINUTE_MS - 1);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    expect_history(DM, NOW_MS + 1000, page, 0);
    expect_history(TARODM, NOW_MS + 1000, NULL, 0);
    expect_nobody();
    assert_int_equal(cursor(), NOW_MS + 1000 + 11 * MINUTE_MS);
}

/* A token that is refused is not tried every other second: the socket looks after it. */
static void test_token(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    sl_expect(HISTORY, SLACK_UNAUTHORIZED, "token_revoked");
    fx_pass(60 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    slack_socket_start(sl.socket); /* there are other tokens */
    sl_expect("auth.test", SLACK_DONE,
              "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":\"" TEAM "\"}");
    sl_expect("apps.connections.open", SLACK_DONE, "{\"ok\":true,\"url\":\"wss://slack.test\"}");
    sl_hello(0, 1);
    expect_history(DM, NOW_MS - MINUTE_MS, NULL, 0);
    expect_nobody();
}

/* No place for what was missed: it is read again when there may be. */
static void test_full(UNUSED void **state) {
    sl_met(HANAKO, DM);
    sl_know("U0SOMEONE", false);
    slack_catchup_now(sl.catchup);
    struct slack_message m = sl_message("U0SOMEONE", 0, "ヘルプ");
    for (int i = 0; i < FULL; i++) {
        m.channel = arena_printf(&fx_arena, "D%08d", i);
        assert_true(slack_intake_message(sl.intake, &m));
    }
    struct sl_past page[] = {
        {.ts = sl_ts(NOW_MS), .user = HANAKO, .text = "一", .latest_reply = sl_ts(NOW_MS)}};
    expect_history(DM, NOW_MS - MINUTE_MS, page, 1);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(5000);
    expect_history(DM, NOW_MS - MINUTE_MS, page, 1);
    slack_intake_destroy(sl.intake);
    sl.intake = slack_intake_create(&sl);
    fx_pass(5000);
    expect_history(DM, NOW_MS - MINUTE_MS, page, 1);
    struct sl_asked asked = take_thread(sl_ts(NOW_MS));
    sl_answer(&asked, SLACK_DONE, sl_page(page, 1, ""));
    expect_nobody();
    assert_int_equal(sl_turn(false), 0);
    SL_TEXTS("一", "一");
}

/* More than a thousand messages in one conversation: no more of it, and the others are read. */
static void test_cut(UNUSED void **state) {
    sl_met(HANAKO, DM);
    fx_pass(1000);
    sl_met(TARO, TARODM);
    slack_catchup_now(sl.catchup);
    struct sl_past page[200];
    for (int k = 0; k < 5; k++) {
        for (int i = 0; i < 200; i++) {
            page[i] = (struct sl_past){.ts = sl_ts(NOW_MS - k * 200 - i), .user = TARO};
        }
        sl_expect(HISTORY, SLACK_DONE, sl_page(page, 200, "more"));
    }
    struct sl_asked asked = take_history(DM, NOW_MS + 1000 - MINUTE_MS);
    assert_string_equal(sl_arg(&asked, "cursor"), "");
    sl_answer(&asked, SLACK_DONE, sl_page(NULL, 0, ""));
    expect_nobody();
}

/* ---- threads and reactions ---- */

static void test_threads(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    struct sl_past page[] = {
        {.ts = sl_ts(NOW_MS - 3), .latest_reply = sl_ts(NOW_MS - MINUTE_MS - 1)},
        {.ts = sl_ts(NOW_MS - 2), .latest_reply = sl_ts(NOW_MS)}, /* ours, and went on */
        {.ts = sl_ts(NOW_MS - 1), .user = HANAKO, .text = "一", .latest_reply = sl_ts(NOW_MS)},
        {.ts = sl_ts(NOW_MS), .user = HANAKO, .text = "四", .latest_reply = "no time"},
    };
    expect_history(DM, NOW_MS - MINUTE_MS, page, 4);
    struct sl_asked asked = take_thread(sl_ts(NOW_MS - 1));
    assert_string_equal(sl_arg(&asked, "channel"), DM);
    assert_string_equal(sl_arg(&asked, "oldest"), sl_ts(NOW_MS - MINUTE_MS));
    sl_answer(&asked, SLACK_UNKNOWN, ""); /* not for ever */
    fx_pass(5000);
    struct sl_past replies[] = {
        {.ts = sl_ts(NOW_MS - 1), .user = HANAKO, .text = "一", .latest_reply = sl_ts(NOW_MS)},
        {.ts = sl_ts(NOW_MS + 1), .user = HANAKO, .text = "二", .thread = sl_ts(NOW_MS - 1)},
    };
    asked = take_thread(sl_ts(NOW_MS - 1));
    sl_answer(&asked, SLACK_DONE, sl_page(replies, 2, ""));
    sl_expect(REPLIES, SLACK_REFUSED, "thread_not_found"); /* nor does that keep others waiting */
    expect_nobody();
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 4);
    assert_string_equal(fx_events[0].event.thread, "");
    assert_int_equal(fx_events[1].rc, -EEXIST); /* the parent, for the second time */
    assert_string_equal(fx_events[3].event.thread, sl_ts(NOW_MS - 1));
    SL_TEXTS("一", "一", "四", "二");
}

static struct outlet outlet = {.platform = "slack",
                               .workspace = "acme",
                               .cards = true,
                               .send = slack_outgoing_send,
                               .ctx = &sl};

/* Hanako has asked for the questionnaire; the ts of the message with its first question. */
static const char *ask_hanako(void) {
    assert_int_equal(engine_attach(sl.setup.engine, &outlet), 0);
    struct slack_message m = sl_message(HANAKO, -5000, "診断");
    assert_true(slack_intake_message(sl.intake, &m));
    assert_int_equal(sl_turn(false), 0);
    const char *ts = "";
    for (int n = 1; sl_waiting() > 0; n++) {
        ts = sl_ts(NOW_MS - 4000 + n);
        struct sl_asked asked = sl_take("chat.postMessage");
        sl_answer(
            &asked, SLACK_DONE,
            arena_printf(&fx_arena, "{\"ok\":true,\"channel\":\"%s\",\"ts\":\"%s\"}", DM, ts));
    }
    sl.skew_ms = 0;
    fx_n_events = 0;
    return ts;
}

/* A question that is open may have been reacted to, however old it is. */
static void test_reactions(UNUSED void **state) {
    const char *asked_ts = ask_hanako();
    fx_pass(100 * MINUTE_MS);
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup);
    struct sl_past page[] = {{.ts = asked_ts,
                              .reactions = "[{\"name\":\"one\",\"users\":[\"" HANAKO "\",\"" TARO
                                           "\"]},{\"name\":\"tada\",\"users\":[\"" HANAKO "\"]}]"}};
    expect_history(DM, slack_ts_ms(asked_ts), page, 1);
    expect_nobody();
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 2);
    assert_int_equal(fx_events[0].event.kind, EVENT_TICK);
    assert_int_equal(fx_events[0].event.choice, 1);
    assert_int_equal(fx_events[0].rc, 0);
    assert_int_equal(fx_events[1].rc, -ENOENT); /* she was asked, not he */
    while (sl_waiting() > 0) {
        struct sl_asked asked = sl_take(sl_next());
        sl_answer(&asked, SLACK_DONE, "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" PARENT "\"}");
    }
    /* It was taken back meanwhile; what is there still is known. */
    fx_n_events = 0;
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup);
    page[0].reactions = "[{\"name\":\"one\",\"users\":[\"" HANAKO "\"]}]";
    struct sl_asked asked = sl_take(HISTORY);
    sl_answer(&asked, SLACK_DONE, sl_page(page, 1, ""));
    expect_nobody();
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 1);
    assert_int_equal(fx_events[0].rc, -EEXIST);
    slack_catchup_gap(sl.catchup);
    slack_catchup_now(sl.catchup);
    page[0].reactions = "[{\"name\":\"two\",\"users\":[]},{\"name\":7},{}]";
    asked = sl_take(HISTORY);
    sl_answer(&asked, SLACK_DONE, sl_page(page, 1, ""));
    expect_nobody();
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 2);
    assert_int_equal(fx_events[1].event.kind, EVENT_UNTICK);
    assert_string_equal(fx_events[1].event.mark, "one");
    while (sl_waiting() > 0) {
        asked = sl_take(sl_next());
        sl_answer(&asked, SLACK_DONE, "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" PARENT "\"}");
    }
}

/* ---- who ---- */

/* People who wrote for the first time while nobody listened. */
static void test_new_people(UNUSED void **state) {
    sl_met(HANAKO, DM);
    slack_catchup_now(sl.catchup);
    expect_history(DM, NOW_MS - MINUTE_MS, NULL, 0);
    struct sl_asked asked = sl_take(LIST);
    assert_string_equal(sl_arg(&asked, "types"), "im");
    assert_string_equal(sl_arg(&asked, "cursor"), "");
    sl_answer(&asked, SLACK_UNKNOWN, "");
    fx_pass(5000);
    sl_expect(LIST, SLACK_DONE,
              "{\"ok\":true,\"channels\":[{\"id\":\"" DM "\",\"user\":\"" HANAKO "\"},"
              "{\"id\":\"D0GONE001\",\"user\":\"U0GONE001\",\"is_user_deleted\":true},"
              "{\"id\":\"../x\",\"user\":\"U0ODD0001\"},{\"id\":\"D0ODD0002\"},7,"
              "{\"id\":\"D0HANAKO2\",\"user\":\"" HANAKO "\"},"
              "{\"id\":\"" TARODM "\",\"user\":\"" TARO "\"}],"
              "\"response_metadata\":{\"next_cursor\":\"more=\"}}");
    struct sl_past page[] = {{.ts = sl_ts(NOW_MS), .user = TARO, .text = "はじめまして"}};
    expect_history("D0HANAKO2", NOW_MS - MINUTE_MS, NULL, 0);
    expect_history(TARODM, NOW_MS - MINUTE_MS, page, 1);
    asked = sl_take(LIST);
    assert_string_equal(sl_arg(&asked, "cursor"), "more=");
    sl_answer(&asked, SLACK_DONE,
              "{\"ok\":true,\"channels\":[{\"id\":\"" TARODM "\",\"user\":\"" TARO "\"}]}");
    assert_int_equal(sl_waiting(), 0);
    assert_int_equal(cursor(), NOW_MS);
    SL_TEXTS("はじめまして");
}

/* More of them than are read back in one run. */
static void test_many_new_people(UNUSED void **state) {
    slack_catchup_now(sl.catchup);
    struct buf b;
    buf_init(&b, 100000);
    buf_adds(&b, "{\"ok\":true,\"channels\":[");
    for (int i = 0; i < 250; i++) {
        buf_addf(&b, "%s{\"id\":\"D%08d\",\"user\":\"U%08d\"}", i ? "," : "", i, i);
    }
    buf_adds(&b, "],\"response_metadata\":{\"next_cursor\":\"more\"}}");
    sl_expect(LIST, SLACK_DONE, buf_text(&b));
    buf_free(&b);
    for (int i = 0; i < 200; i++) {
        sl_expect(HISTORY, SLACK_DONE, sl_page(NULL, 0, ""));
    }
    assert_int_equal(sl_waiting(), 0);
}

/* Where somebody waits for an answer now, what was said before is read next. */
static void test_next(UNUSED void **state) {
    static const char *const people[] = {"U0AAAAAA1", "U0AAAAAA2", "U0AAAAAA3", "U0AAAAAA4"};
    for (size_t i = 0; i < ARRAY_LEN(people); i++) {
        sl_met(people[i], arena_printf(&fx_arena, "D%s", people[i] + 1));
        fx_pass(1000);
    }
    assert_false(slack_catchup_pending(sl.catchup, "D0AAAAAA1"));
    slack_catchup_now(sl.catchup);
    struct sl_asked asked = sl_take(HISTORY);
    assert_string_equal(sl_arg(&asked, "channel"), "D0AAAAAA4"); /* the latest first */
    assert_true(slack_catchup_pending(sl.catchup, "D0AAAAAA1"));
    assert_true(slack_catchup_pending(sl.catchup, "D0AAAAAA4"));
    assert_false(slack_catchup_pending(sl.catchup, "D0AAAAAA5"));
    sl_answer(&asked, SLACK_DONE, sl_page(NULL, 0, ""));
    static const char *const order[] = {"D0AAAAAA1", "D0AAAAAA3", "D0AAAAAA2"};
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        asked = sl_take(HISTORY);
        assert_string_equal(sl_arg(&asked, "channel"), order[i]);
        assert_false(slack_catchup_pending(sl.catchup, "D0AAAAAA4"));
        sl_answer(&asked, SLACK_DONE, sl_page(NULL, 0, ""));
    }
    expect_nobody();
    assert_false(slack_catchup_pending(sl.catchup, "D0AAAAAA1"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

static void hear_reaction(const char *ts, bool added, int retry) {
    sl_frame((struct slack_frame){.kind = SLACK_REACTION,
                                  .retry = retry,
                                  .reaction = {.user = HANAKO,
                                               .name = "two",
                                               .channel = DM,
                                               .ts = ts,
                                               .event_ts = sl_ts(NOW_MS),
                                               .added = added}},
             "e1");
    assert_int_equal(sl_turn(false), 0);
    while (sl_waiting() > 0) {
        struct sl_asked asked = sl_take(sl_next());
        sl_answer(&asked, SLACK_DONE, "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" PARENT "\"}");
    }
}

/*
 * A reaction delivered anew is taken as news where it can be, but one that came and went since is
 * not there again; either way the history is asked how it is.
 */
static void test_outdated_reactions(UNUSED void **state) {
    const char *ts = ask_hanako();
    int64_t owed = fx_sql("SELECT count(*) FROM outbox");
    hear_reaction(ts, true, 1);
    assert_int_equal(fx_events[0].rc, 0);
    assert_true(fx_sql("SELECT count(*) FROM outbox") > owed);
    owed = fx_sql("SELECT count(*) FROM outbox");
    hear_reaction(ts, false, 0);
    assert_int_equal(fx_events[1].rc, 0);
    hear_reaction(ts, true, 1);
    assert_int_equal(fx_events[2].rc, -EEXIST);
    assert_int_equal(fx_sql("SELECT is_on FROM tick"), 0);
    assert_int_equal(fx_sql("SELECT count(*) FROM outbox"), owed);
    fx_pass(10000);
    assert_string_equal(sl_next(), HISTORY);
    struct sl_past page = {.ts = ts,
                           .reactions = "[{\"name\":\"two\",\"users\":[\"" HANAKO "\"]}]"};
    struct sl_asked asked = sl_take(HISTORY);
    sl_answer(&asked, SLACK_DONE, sl_page(&page, 1, ""));
    expect_nobody();
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_events[3].rc, 0);
    assert_int_equal(fx_sql("SELECT is_on FROM tick"), 1);
    while (sl_waiting() > 0) {
        asked = sl_take(sl_next());
        sl_answer(&asked, SLACK_DONE, "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" PARENT "\"}");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_first),      TEST(test_restart),
        TEST(test_gap),        TEST(test_gap_within),
        TEST(test_soon),       TEST(test_failing),
        TEST(test_refused),    TEST(test_token),
        TEST(test_full),       TEST(test_cut),
        TEST(test_threads),    TEST(test_reactions),
        TEST(test_new_people), TEST(test_many_new_people),
        TEST(test_next),       TEST(test_outdated_reactions),
    };
    return cmocka_run_group_tests_name("slack_catchup", tests, NULL, NULL);
}
