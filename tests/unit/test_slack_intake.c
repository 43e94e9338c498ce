/* The way in from Slack: what is for us, and what becomes of it. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "bot/emoji.h"
#include "tests/support/slack_fixture.h"

#include <errno.h>

#define OTHERBOT "U0OTHERBT"

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

static const char *shown_of(const char *channel, int n) {
    return arena_printf(&fx_arena, "%s/%s", channel, sl_ts(NOW_MS + n));
}

static const char *event_of(const char *channel, int n) {
    return arena_printf(&fx_arena, "%s/%s", sl_ts(NOW_MS + n), channel);
}

static void test_message(UNUSED void **state) {
    struct slack_message m = sl_message(HANAKO, -90000, "A &amp; B");
    m.thread = "1795399000.000007";
    sl.skew_ms = 30000;
    sl_hear_message(&m, "e1");
    assert_int_equal(sl_n_acks, 0); /* not before it is stored */
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e1");
    assert_int_equal(fx_n_events, 1);
    const struct event *e = &fx_events[0].event;
    assert_int_equal(fx_events[0].rc, 0);
    assert_int_equal(e->kind, EVENT_MESSAGE);
    assert_string_equal(e->user, HANAKO);
    assert_string_equal(e->id, event_of(DM, -90000));
    assert_int_equal(e->place, PLACE_DIRECT);
    assert_string_equal(e->channel, DM);
    assert_string_equal(e->thread, "1795399000.000007");
    assert_string_equal(e->text, "A & B");
    assert_string_equal(e->locale, "ja");
    assert_string_equal(e->tz, "Asia/Tokyo");
    assert_int_equal(e->at_ms, NOW_MS);
    assert_int_equal(e->late_ms, 120000);
    assert_true(fx_sql("SELECT count(*) FROM outbox WHERE recipient = '" HANAKO "'") > 0);
    /* We know now where that person is to be answered. */
    assert_string_equal(slack_people_get(sl.people, HANAKO)->channel, DM);
    /* The same again, in another envelope, is nothing new, and no fault. */
    sl_hear_message(&m, "e2");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e2");
    assert_int_equal(fx_events[1].rc, -EEXIST);
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 1);
}

/* What is not for us is acknowledged at once, and nothing else becomes of it. */
static void test_ignored(UNUSED void **state) {
    static const struct {
        const char *user;
        const char *team;
        enum slack_place place;
        bool automatic;
        bool past;
        bool system;
        int64_t age_ms;
    } cases[] = {
        {.user = ME},
        {.user = ""},
        {.user = HANAKO, .automatic = true},
        {.user = HANAKO, .past = true},
        {.user = HANAKO, .system = true},
        {.user = HANAKO, .team = "T0FOREIGN"},
        {.user = HANAKO, .age_ms = INT64_C(30) * 24 * 3600 * 1000},
        {.user = HANAKO, .place = SLACK_CHANNEL},
        {.user = HANAKO, .place = SLACK_GROUP},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct slack_message m = sl_message(HANAKO, (int)i, "ヘルプ");
        m.user = cases[i].user;
        m.user_team = cases[i].team ? cases[i].team : TEAM;
        m.ts = sl_ts(NOW_MS - cases[i].age_ms);
        m.place = cases[i].place;
        m.automatic = cases[i].automatic;
        m.past = cases[i].past;
        m.system = cases[i].system;
        sl_hear_message(&m, "e1");
        if (sl_n_acks != 1) {
            fail_msg("case %zu is not acknowledged at once", i);
        }
        SL_ACKS("e1");
        assert_true(slack_intake_message(sl.intake, &m)); /* read back, it is as little for us */
        assert_int_equal(sl_turn(false), 0);
        if (fx_n_events > 0) {
            fail_msg("case %zu is taken", i);
        }
    }
    /* A bot that does not say so is known for one. */
    sl_know(OTHERBOT, true);
    sl_say(OTHERBOT, 1, "ヘルプ");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e1");
    assert_int_equal(fx_n_events, 0);
}

/* Whatever came for another installation is none of ours, whoever says it. */
static void test_foreign(UNUSED void **state) {
    struct slack_message m = sl_message(HANAKO, 1, "ヘルプ");
    struct slack_command command = {.user = HANAKO,
                                    .channel = PUBLIC,
                                    .channel_name = "",
                                    .command = "/kizuki",
                                    .text = "",
                                    .trigger = "",
                                    .response_url = ""};
    struct slack_frame frames[] = {
        {.kind = SLACK_MESSAGE, .team = "T0FOREIGN", .message = m},
        {.kind = SLACK_MESSAGE, .enterprise = true, .message = m},
        {.kind = SLACK_COMMAND, .team = "T0FOREIGN", .command = command},
        {.kind = SLACK_HOME, .enterprise = true, .home = {HANAKO, DM}},
        {.kind = SLACK_USER,
         .user = {.id = HANAKO, .team = "T0FOREIGN", .locale = "en-US", .tz = "", .bot = true}},
        {.kind = SLACK_OTHER},
    };
    for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
        sl_frame(frames[i], "e1");
        SL_ACKS("e1");
        assert_int_equal(sl_turn(false), 0);
        assert_int_equal(fx_n_events, 0);
    }
    assert_string_equal(slack_people_get(sl.people, HANAKO)->locale, "ja");
    /* Where no workspace is said, it is ours. */
    sl_frame((struct slack_frame){.kind = SLACK_MESSAGE, .team = "", .message = m}, "e2");
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 1);
}

/* In channels only what mentions us, once, though Slack may tell of it twice. */
static void test_mentioned(UNUSED void **state) {
    struct slack_message m = sl_message(HANAKO, 1, "ねえ <@" ME "> ヘルプ");
    m.channel = PUBLIC;
    m.place = SLACK_CHANNEL;
    sl_hear_message(&m, "e1");
    m.mention = true;
    sl_hear_message(&m, "e2");
    m.ts = sl_ts(NOW_MS + 2);
    m.text = "ヘルプ";
    sl_hear_message(&m, "e3");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e1", "e2", "e3");
    assert_int_equal(fx_events[0].event.place, PLACE_CHANNEL);
    assert_string_equal(fx_events[0].event.channel, PUBLIC);
    assert_int_equal(fx_events[1].rc, -EEXIST);
    assert_null(strstr(fx_events[0].event.text, ME));
    assert_non_null(strstr(fx_events[0].event.text, "ヘルプ"));
    assert_int_equal(fx_events[2].rc, 0);
    /* Where somebody is answered in person is not learnt from channels. */
    assert_string_equal(slack_people_get(sl.people, HANAKO)->channel, "");
}

static void test_reactions(UNUSED void **state) {
    static const struct {
        const char *name;
        bool added;
        enum event_kind kind;
        int choice;
    } cases[] = {
        {"one", true, EVENT_TICK, 1},
        {"keycap_ten", true, EVENT_TICK, 10},
        {"two", false, EVENT_UNTICK, 2},
        {"zero", true, EVENT_TICK, 0},
        {"white_check_mark", true, EVENT_CLOSE, EMOJI_CHECK},
        {"white_check_mark", false, EVENT_UNTICK, EMOJI_CHECK},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        sl_react(HANAKO, cases[i].name, cases[i].added, DM);
    }
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, ARRAY_LEN(cases));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct event *e = &fx_events[i].event;
        assert_int_equal(e->kind, cases[i].kind);
        assert_int_equal(e->choice, cases[i].choice);
        assert_string_equal(e->mark, cases[i].name);
        assert_string_equal(e->shown, shown_of(DM, -5));
        assert_int_equal(fx_events[i].rc, -ENOENT); /* that message asked nothing; no fault */
    }
    assert_int_equal(sl_n_acks, ARRAY_LEN(cases));
    fx_n_events = 0;
    sl_react(ME, "one", true, DM);
    sl_react(HANAKO, "+1", true, DM);
    sl_react(HANAKO, "one", true, PUBLIC);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    assert_int_equal(sl_n_acks, ARRAY_LEN(cases) + 3);
}

static const char *posted_at(int64_t ms) {
    return arena_printf(&fx_arena, "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"%s\"}", sl_ts(ms));
}

/*
 * Somebody is quicker than what Slack says of a message of ours: the reaction waits until we know
 * that the message is there. One to an older message does not.
 */
static void test_quick_reaction(UNUSED void **state) {
    const struct store_out row = {.kind = STORE_SAY,
                                  .key = "slack/acme/e0:0",
                                  .recipient = HANAKO,
                                  .channel = DM,
                                  .thread = "",
                                  .text = "?",
                                  .choices = "",
                                  .question = "",
                                  .replaces = "",
                                  .controls = "",
                                  .remote_id = "",
                                  .file = "",
                                  .created_ms = NOW_MS - 10};
    struct store_out later = row;
    later.key = "slack/acme/e1:0";
    later.created_ms = NOW_MS + 60000;
    slack_outgoing_say(sl.outgoing, &later, false);
    struct sl_asked asked = sl_take("chat.postMessage");
    sl_react(HANAKO, "two", true, DM);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 1);
    slack_outgoing_say(sl.outgoing, &row, false);
    struct sl_asked post = sl_take("chat.postMessage");
    sl_react(HANAKO, "one", true, DM);
    sl_say(HANAKO, 1, "それから");
    sl_say(TARO, 2, "こちらは別");
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 2); /* Taro's alone */
    sl_answer(&post, SLACK_DONE, posted_at(NOW_MS - 5));
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 4);
    assert_string_equal(fx_events[2].event.mark, "one");
    assert_string_equal(fx_events[3].event.text, "それから");
    assert_int_equal(sl_n_acks, 4);
    sl_answer(&asked, SLACK_DONE, posted_at(NOW_MS));
}

/* ---- clicks, forms, commands, accounts ---- */

/* As wire.h has a form's input. */
static const struct slack_value *inputs(const char *field, const char *value, size_t *ret_n) {
    struct slack_value *v = arena_alloc(&fx_arena, sizeof(*v));
    const char **values = arena_alloc(&fx_arena, sizeof(*values));
    values[0] = value;
    *v = (struct slack_value){.block = field, .action = "value", .values = values, .n = 1};
    *ret_n = 1;
    return v;
}

static void test_home_and_account(UNUSED void **state) {
    sl_frame((struct slack_frame){.kind = SLACK_HOME, .event_id = "Ev1", .home = {HANAKO, DM}},
             "e1");
    sl_frame(
        (struct slack_frame){
            .kind = SLACK_USER,
            .event_id = "Ev2",
            .user = {.id = HANAKO, .team = TEAM, .locale = "en-US", .tz = "Europe/Berlin"}},
        "e2");
    sl_frame(
        (struct slack_frame){
            .kind = SLACK_USER,
            .event_id = "Ev3",
            .user = {.id = TARO, .team = TEAM, .locale = "", .tz = "", .deactivated = true}},
        "e3");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e3", "e1", "e2"); /* nothing is to be stored of somebody who is gone */
    assert_int_equal(fx_n_events, 2);
    assert_int_equal(fx_events[0].event.kind, EVENT_HOME);
    assert_string_equal(fx_events[0].event.id, "Ev1");
    assert_int_equal(fx_events[1].event.kind, EVENT_ACCOUNT);
    assert_string_equal(fx_events[1].event.locale, "en");
    assert_string_equal(fx_events[1].event.tz, "Europe/Berlin");
    assert_true(slack_people_get(sl.people, TARO)->deactivated);
}

/* Fields that were filled in wrongly are named in the acknowledgement, and may be mended. */
static void test_submit(UNUSED void **state) {
    struct slack_submit submit = {.user = HANAKO,
                                  .user_team = "T0FOREIGN",
                                  .view = "V0VIEW001",
                                  .callback = "incident",
                                  .hash = "",
                                  .private = ""};
    submit.state = inputs("f/x", "", &submit.n_state);
    sl_frame((struct slack_frame){.kind = SLACK_SUBMIT, .submit = submit}, "e1");
    SL_ACKS("e1");
    submit.user_team = TEAM;
    submit.callback = "of/another/app";
    sl_frame((struct slack_frame){.kind = SLACK_SUBMIT, .submit = submit}, "e2");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e2");
    assert_int_equal(fx_n_events, 0);
}

/* In our own conversation as if written there, elsewhere for the person's eyes only. */
static void test_command(UNUSED void **state) {
    struct slack_command command = {.user = HANAKO,
                                    .channel = PUBLIC,
                                    .channel_name = "general",
                                    .command = "/kizuki",
                                    .text = "ヘルプ &amp;",
                                    .trigger = "",
                                    .response_url = "https://hooks.slack.test/1"};
    sl_frame((struct slack_frame){.kind = SLACK_COMMAND, .command = command}, "e1");
    command.channel = TARODM; /* a direct conversation, but not ours with her */
    sl_frame((struct slack_frame){.kind = SLACK_COMMAND, .command = command}, "e2");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e1", "e2");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(fx_events[i].rc, 0);
        assert_int_equal(fx_events[i].event.kind, EVENT_MESSAGE);
        assert_int_equal(fx_events[i].event.place, PLACE_CHANNEL);
        assert_true(fx_events[i].event.whisper);
        assert_string_equal(fx_events[i].event.text, "ヘルプ &");
    }
    assert_string_equal(fx_events[0].event.channel, PUBLIC);
    assert_string_equal(fx_events[0].event.id, "command/e1");
    sl_say(HANAKO, 3, "ヘルプ");
    assert_int_equal(sl_turn(false), 0);
    command.channel = DM;
    sl_frame((struct slack_frame){.kind = SLACK_COMMAND, .command = command}, "e4");
    sl_frame((struct slack_frame){.kind = SLACK_COMMAND, .command = command}, "e4");
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 5);
    assert_int_equal(fx_events[3].event.place, PLACE_DIRECT);
    assert_false(fx_events[3].event.whisper);
    assert_int_equal(fx_events[4].rc, -EEXIST); /* the same envelope */
}

/* Slack left events out: they are read back. */
static void test_limited(UNUSED void **state) {
    sl_frame((struct slack_frame){.kind = SLACK_LIMITED}, "e1");
    SL_ACKS("e1");
    fx_pass(1999);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    sl_expect("users.conversations", SLACK_DONE, "{\"ok\":true,\"channels\":[]}");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

/*
 * A reaction that was read back says no more than what it is to: it comes before what was said
 * later, though that was heard earlier.
 */
static void test_reaction_in_order(UNUSED void **state) {
    struct slack_reaction r = {.user = HANAKO,
                               .name = "one",
                               .channel = DM,
                               .ts = sl_ts(NOW_MS - 500),
                               .event_ts = sl_ts(NOW_MS - 500),
                               .added = true};
    sl_say(HANAKO, -1000, "前");
    sl_say(HANAKO, -100, "後");
    assert_true(slack_intake_reaction(sl.intake, &r));
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_n_events, 3);
    assert_string_equal(fx_events[0].event.text, "前");
    assert_string_equal(fx_events[1].event.mark, "one");
    assert_string_equal(fx_events[2].event.text, "後");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_message),        TEST(test_ignored),           TEST(test_foreign),
        TEST(test_mentioned),      TEST(test_reactions),         TEST(test_home_and_account),
        TEST(test_submit),         TEST(test_command),           TEST(test_limited),
        TEST(test_quick_reaction), TEST(test_reaction_in_order),
    };
    return cmocka_run_group_tests_name("slack_intake", tests, NULL, NULL);
}
