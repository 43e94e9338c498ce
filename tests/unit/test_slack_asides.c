/* What goes out to Slack beside the conversation: settled questions, pages, and whispers. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include "base/clock.h"
#include "bot/slack/views.h"
#include "tests/support/block_kit.h"

#define KEY       "slack/acme/command/e1:0"
#define QUESTION  "form/q1"
#define TS(n)     "1795400000.00000" #n
#define CARD(n)   DM "/" TS(n)
#define HOOK      "https://hooks.slack.test/commands/1"
#define UPDATE    "chat.update"
#define EPHEMERAL "chat.postEphemeral"
#define MINUTE_MS INT64_C(60000)

static struct store_out row;
static const char *person_id;

static void init_row(enum store_out_kind kind) {
    row = (struct store_out){.kind = kind,
                             .ord = 1000,
                             .key = KEY,
                             .person_id = person_id,
                             .platform = "slack",
                             .workspace = "acme",
                             .recipient = HANAKO,
                             .channel = "",
                             .thread = "",
                             .text = "改善ですね。",
                             .choices = "",
                             .question = "",
                             .replaces = "",
                             .controls = "",
                             .picture_alt = "",
                             .remote_id = "",
                             .file = "",
                             .created_ms = NOW_MS};
}

static int begin(void **state) {
    int rc = sl_begin(state);
    struct store_person person;
    if (rc == 0) {
        sl_met(HANAKO, DM);
        rc = store_person_get(fx_store, &fx_arena, "slack", "acme", HANAKO, "ja", NOW_MS, &person);
        person_id = person.id;
        fx_pass(MINUTE_MS);
    }
    return rc;
}

/* In the database: the question was asked in that message; "" where it is on its way. */
static void put_card_for(const char *key, const char *remote_id, const char *replaces) {
    init_row(STORE_SAY);
    row.key = key;
    row.text = "どれですか\n1. 改善\n2. 危険";
    row.choices = "[{\"number\":1,\"label\":\"改善\"},{\"number\":2,\"label\":\"危険\"}]";
    row.question = QUESTION;
    row.replaces = replaces;
    assert_int_equal(store_outbox_add(fx_store, &row, NOW_MS), 0);
    if (*remote_id) {
        assert_int_equal(store_outbox_sent(fx_store, key, remote_id, NOW_MS), 0);
    }
}

static void put_card(const char *key, const char *remote_id) {
    put_card_for(key, remote_id, "");
}

static void send(void) {
    assert_int_equal(slack_outgoing_send(&sl, &row, false), SENT_UNDER_WAY);
}

static void settle(void) {
    init_row(STORE_SETTLE);
    row.question = QUESTION;
    send();
}

static void assert_ended(size_t n, enum sent sent) {
    assert_int_equal(fx_n_ends, n);
    assert_string_equal(fx_ends[n - 1].key, KEY);
    assert_int_equal(fx_ends[n - 1].sent, sent);
    assert_int_equal(sl_waiting(), 0);
}

static struct sl_asked take_update(const char *ts) {
    struct sl_asked asked = sl_take(UPDATE);
    assert_string_equal(sl_arg(&asked, "channel"), DM);
    assert_string_equal(asked.channel, DM);
    assert_string_equal(sl_arg(&asked, "ts"), ts);
    assert_non_null(strstr(sl_arg(&asked, "text"), "改善ですね。"));
    const cJSON *blocks = json_member(asked.json, "blocks");
    assert_true(cJSON_IsArray(blocks)); /* or the buttons would stay */
    assert_null(find_block(blocks, "actions", 0));
    check_message(sl_arg(&asked, "text"), blocks);
    return asked;
}

static void expect_update(const char *ts, enum slack_outcome outcome, const char *said) {
    struct sl_asked asked = take_update(ts);
    sl_answer(&asked, outcome, said);
}

/* ---- questions that have their answer ---- */

/* All messages that asked it, the latest first; one that is gone does not keep the others. */
static void test_settled(UNUSED void **state) {
    put_card("k1", CARD(1));
    put_card("k2", CARD(2));
    put_card("k3", CARD(3));
    put_card("k4", CARD(4));
    settle();
    expect_update(TS(4), SLACK_UNKNOWN, "");
    assert_int_equal(sl_waiting(), 0);
    fx_pass(250);
    expect_update(TS(4), SLACK_UNSENT, "");
    fx_pass(499);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    expect_update(TS(4), SLACK_DONE, "{\"ok\":true}");
    expect_update(TS(3), SLACK_REFUSED, "message_not_found");
    expect_update(TS(2), SLACK_REFUSED, "edit_window_closed");
    assert_ended(1, SENT_OK); /* three are enough */
}

static void test_nothing_to_settle(UNUSED void **state) {
    settle();
    assert_ended(1, SENT_OK);
    put_card("k1", "no-slash");
    settle();
    sl_expect(UPDATE, SLACK_REFUSED, "channel_not_found");
    assert_ended(2, SENT_OK);
}

/* The question is still on its way: it is to be there first. */
static void test_pending(UNUSED void **state) {
    put_card("k1", CARD(1));
    put_card("k2", "");
    settle();
    for (int i = 0; i < 20; i++) {
        fx_pass(MINUTE_MS);
        assert_int_equal(sl_waiting(), 0);
    }
    assert_int_equal(store_outbox_sent(fx_store, "k2", CARD(2), NOW_MS), 0);
    fx_pass(MINUTE_MS);
    expect_update(TS(2), SLACK_DONE, "{\"ok\":true}");
    expect_update(TS(1), SLACK_DONE, "{\"ok\":true}");
    assert_ended(1, SENT_OK);
    /* One that will never be there is not waited for. */
    put_card("k3", "");
    assert_int_equal(store_outbox_dead(fx_store, "k3", "gone", NOW_MS), 0);
    settle();
    expect_update(TS(2), SLACK_DONE, "{\"ok\":true}");
    expect_update(TS(1), SLACK_DONE, "{\"ok\":true}");
    assert_ended(2, SENT_OK);
}

/* A question shown with other ticks in its own message has no message of its own. */
static void test_settled_after_change(UNUSED void **state) {
    put_card("k0", CARD(1));
    for (size_t i = 1; i <= 4; i++) {
        const char *key = arena_printf(&fx_arena, "k%zu", i);
        put_card_for(key, "", CARD(1));
        send();
        sl_expect(UPDATE, SLACK_DONE, "{\"ok\":true}");
        assert_int_equal(fx_n_ends, i);
        assert_int_equal(fx_ends[i - 1].sent, SENT_OK);
        assert_int_equal(fx_n_posted, 0);
        assert_int_equal(store_outbox_sent(fx_store, key, "", NOW_MS), 0);
    }
    settle();
    expect_update(TS(1), SLACK_DONE, "{\"ok\":true}");
    assert_ended(5, SENT_OK);
}

/* ---- the home tab ---- */

static void test_home(UNUSED void **state) {
    init_row(STORE_HOME);
    row.channel = "home:" HANAKO;
    send();
    struct sl_asked asked = sl_take("views.publish");
    assert_string_equal(sl_arg(&asked, "user_id"), HANAKO);
    assert_string_equal(sl_arg(&asked, "view.type"), "home");
    check_view(json_member(asked.json, "view"));
    sl_answer(&asked, SLACK_UNKNOWN, "");
    fx_pass(250);
    sl_expect("views.publish", SLACK_DONE, "{\"ok\":true}");
    assert_ended(1, SENT_OK);
    send();
    sl_expect("views.publish", SLACK_REFUSED, "not_enabled");
    assert_ended(2, SENT_DEAD);
    assert_non_null(strstr(fx_ends[1].reason, "not_enabled"));
    /* A token that is refused: it waits, and so does what comes then. */
    send();
    sl_expect("views.publish", SLACK_UNAUTHORIZED, "token_revoked");
    send();
    fx_pass(600 * MINUTE_MS);
    assert_int_equal(sl_waiting(), 0);
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE,
              "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":\"" TEAM "\"}");
    sl_expect("views.publish", SLACK_DONE, "{\"ok\":true}");
    sl_expect("views.publish", SLACK_DONE, "{\"ok\":true}");
    sl_expect("apps.connections.open", SLACK_UNSENT, "");
    assert_ended(4, SENT_OK);
}

/* ---- whispers ---- */

static void whisper(void) {
    init_row(STORE_WHISPER);
    row.channel = PUBLIC;
    row.text = "**約束** & <!channel>";
    send();
}

static struct sl_asked take_whisper(const char *method) {
    struct sl_asked asked = sl_take(method);
    assert_non_null(strstr(sl_arg(&asked, "text"), "&amp; &lt;!channel&gt;"));
    bool hook = strcmp(method, "response_url") == 0;
    assert_string_equal(asked.url, hook ? HOOK : "");
    assert_string_equal(sl_arg(&asked, "response_type"), hook ? "ephemeral" : "");
    assert_int_equal(cJSON_IsFalse(json_member(asked.json, "replace_original")), hook);
    assert_string_equal(sl_arg(&asked, "channel"), hook ? "" : PUBLIC);
    assert_string_equal(sl_arg(&asked, "user"), hook ? "" : HANAKO);
    return asked;
}

static void expect_whisper(const char *method, enum slack_outcome outcome, const char *said) {
    struct sl_asked asked = take_whisper(method);
    sl_answer(&asked, outcome, said);
}

static void test_whisper(UNUSED void **state) {
    whisper(); /* of an earlier process: nobody knows the address any more */
    expect_whisper(EPHEMERAL, SLACK_DONE, "{\"ok\":true}");
    assert_ended(1, SENT_OK);
    slack_outgoing_remember(sl.outgoing, "command/e1", HOOK);
    slack_outgoing_remember(sl.outgoing, "command/e", "https://hooks.slack.test/other");
    slack_outgoing_remember(sl.outgoing, "command/e12", "https://hooks.slack.test/other");
    for (size_t i = 0; i < 5; i++) {
        whisper();
        expect_whisper("response_url", SLACK_DONE, "{}");
        assert_ended(2 + i, SENT_OK);
    }
    whisper(); /* five times are all that it is good for */
    expect_whisper(EPHEMERAL, SLACK_DONE, "{\"ok\":true}");
    assert_ended(7, SENT_OK);
}

static void test_whisper_in_vain(UNUSED void **state) {
    slack_outgoing_remember(sl.outgoing, "command/e1", HOOK);
    whisper();
    expect_whisper("response_url", SLACK_UNKNOWN, "");
    fx_pass(MINUTE_MS);
    expect_whisper("response_url", SLACK_REFUSED, "expired_url");
    expect_whisper(EPHEMERAL, SLACK_UNSENT, "");
    fx_pass(MINUTE_MS);
    expect_whisper(EPHEMERAL, SLACK_REFUSED, "user_not_in_channel");
    /* We are not in that channel: in person, then. */
    struct sl_asked asked = sl_take("chat.postMessage");
    assert_string_equal(sl_arg(&asked, "channel"), DM);
    assert_string_equal(sl_arg(&asked, "thread_ts"), "");
    sl_answer(&asked, SLACK_DONE, "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" TS(1) "\"}");
    assert_ended(1, SENT_OK);
    assert_string_equal(fx_posted[0].reason, CARD(1));
}

/* An earlier process may have said it in person, and ended before that was written down. */
static void test_whisper_doubtful(UNUSED void **state) {
    init_row(STORE_WHISPER);
    row.channel = PUBLIC;
    assert_int_equal(slack_outgoing_send(&sl, &row, true), SENT_UNDER_WAY);
    sl_expect(EPHEMERAL, SLACK_REFUSED, "user_not_in_channel");
    sl_expect("conversations.history", SLACK_DONE, sl_page(NULL, 0, ""));
    sl_expect("chat.postMessage", SLACK_DONE,
              "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" TS(1) "\"}");
    assert_ended(1, SENT_OK);
}

static void test_old_address(UNUSED void **state) {
    slack_outgoing_remember(sl.outgoing, "command/e1", HOOK);
    fx_pass(29 * MINUTE_MS - 1);
    whisper();
    expect_whisper("response_url", SLACK_DONE, "{}");
    fx_pass(1);
    whisper();
    expect_whisper(EPHEMERAL, SLACK_DONE, "{\"ok\":true}");
    /* Many others came since. */
    slack_outgoing_remember(sl.outgoing, "command/e1", HOOK);
    for (int i = 0; i < 2000; i++) {
        slack_outgoing_remember(sl.outgoing, arena_printf(&fx_arena, "command/x%d", i), "");
    }
    whisper();
    expect_whisper(EPHEMERAL, SLACK_DONE, "{\"ok\":true}");
    assert_ended(3, SENT_OK);
}

/* ---- at the address that came with a click ---- */

static void test_settled_by_address(UNUSED void **state) {
    const char *event = "click/" HANAKO "/" CARD(2) "/q:a/pick:1/1";
    put_card("k1", CARD(1));
    put_card("k2", CARD(2));
    for (int refused = 0; refused < 2; refused++) {
        slack_outgoing_remember(sl.outgoing, event, HOOK);
        init_row(STORE_SETTLE);
        row.question = QUESTION;
        row.key = arena_printf(&fx_arena, "slack/acme/%s:settled", event);
        send();
        struct sl_asked asked = sl_take("response_url"); /* the one that was clicked */
        assert_string_equal(asked.url, HOOK);
        assert_true(cJSON_IsTrue(json_member(asked.json, "replace_original")));
        assert_true(cJSON_IsArray(json_member(asked.json, "blocks")));
        sl_answer(&asked, refused ? SLACK_REFUSED : SLACK_DONE, refused ? "expired_url" : "{}");
        if (refused) {
            expect_update(TS(2), SLACK_DONE, "{\"ok\":true}");
        }
        expect_update(TS(1), SLACK_DONE, "{\"ok\":true}");
        assert_int_equal(fx_n_ends, refused + 1);
        assert_int_equal(fx_ends[refused].sent, SENT_OK);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_settled),
        TEST(test_nothing_to_settle),
        TEST(test_pending),
        TEST(test_settled_after_change),
        TEST(test_home),
        TEST(test_whisper),
        TEST(test_whisper_in_vain),
        TEST(test_whisper_doubtful),
        TEST(test_old_address),
        TEST(test_settled_by_address),
    };
    return cmocka_run_group_tests_name("slack_asides", tests, NULL, NULL);
}
