/* Frames, messages and people of Slack: all samples, field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bot/slack/wire.h"
#include "tests/support/recorded.h"
#include "tests/support/slack_frames.h"

#define TEAM    "T0RIG0001"
#define ME      "U0RIGBOT1"
#define TARO    "U0TARO001"
#define HANAKO  "U0HANA001"
#define DM      "D36BF7D3EC"
#define GENERAL "C0GENERAL"
#define CARD    "1795399013.662000" /* the question's message */

static struct arena a;
static struct slack_frame f;
static const char *why;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

static bool read_text(const char *text) {
    return frame_reads(&a, text, strlen(text), &f, &why);
}

static void read_recorded(const char *name) {
    frame_recorded(&a, name, &f);
}

/* ---- envelopes ---- */

/* What all frames have, in every sample there is. */
static void test_envelopes(UNUSED void **state) {
    static const struct {
        const char *name;
        enum slack_kind kind;
        const char *envelope;
        const char *event_id;
        int64_t event_ms;
    } cases[] = {
        {"in-app_home_opened-again", SLACK_HOME, "61e1bad9-ef9c-42bb-ae45-c613dec23f00",
         "Ev027BFC6390", 1795399013526},
        {"in-app_home_opened-first", SLACK_HOME, "94de53d5-97a2-4bbc-99b6-db02cb79cd04",
         "Ev0C31B5E23C", 1795399013452},
        {"in-app_mention", SLACK_MESSAGE, "9c3b8ffc-8486-40b0-b9aa-d9310f24aeed", "Ev0E4D1ACDC6",
         1795399012506},
        {"in-app_rate_limited", SLACK_LIMITED, "d15dc5c9-e65d-4f15-904f-73cf9630116c", "",
         1795398960000},
        {"in-block_actions-button", SLACK_CLICK, "de7b2ce2-7d82-41c5-8eb3-bbd098e791b0", "",
         1795399013871},
        {"in-block_actions-checkboxes", SLACK_CLICK, "53f0a412-ce5b-4238-9912-a34f2e3b4c33", "",
         1795399013737},
        {"in-block_actions-home-button", SLACK_CLICK, "78c80c76-c0dc-4d4a-a5bb-63fcb8ff589a", "",
         1795399013592},
        {"in-block_actions-radio", SLACK_CLICK, "67a27bad-0d13-434b-a46d-2b4cde6d161e", "",
         1795399013670},
        {"in-block_actions-static_select", SLACK_CLICK, "c2e4c899-a1e1-4992-ac18-c96b5e2e2954", "",
         1795399013805},
        {"in-member_joined_channel", SLACK_OTHER, "bf0739a7-fe5b-44d3-94f8-e8ccb465f3a4",
         "Ev01CE024CA5", 1795399014289},
        {"in-message-channels", SLACK_MESSAGE, "27d83a45-a6f9-4869-8439-7633a67a7005",
         "Ev0AD9A5D751", 1795399012573},
        {"in-message-file_share", SLACK_MESSAGE, "057a2e97-918a-49da-9082-88d232698338",
         "Ev06046F7CB2", 1795399012229},
        {"in-message-im", SLACK_MESSAGE, "6697b36c-de99-4bce-98a9-74d1ca21ba60", "Ev0AEAEECCCA",
         1795399012090},
        {"in-message-im-retry1", SLACK_MESSAGE, "d643b865-7ad9-493a-a153-efc8aaf5d5c4",
         "Ev01E61626AF", 1795399012640},
        {"in-message-im-thread", SLACK_MESSAGE, "813ca4be-e8ce-4235-92ac-b860907e1811",
         "Ev061B6FEC6A", 1795399012162},
        {"in-message-own-bot", SLACK_MESSAGE, "9befe58b-2de7-43e8-b991-afc15fbf56c6",
         "Ev063692BD79", 1795399012431},
        {"in-message_changed", SLACK_MESSAGE, "bed6faf8-e856-4ee7-8b7d-ce6ca1862a42",
         "Ev0EBC8066DD", 1795399012296},
        {"in-message_deleted", SLACK_MESSAGE, "d95d0217-de14-437a-b82d-fa491e9ebd40",
         "Ev09778C6BD3", 1795399012362},
        {"in-reaction_added", SLACK_REACTION, "f1dd9de4-70e1-45f8-8044-974f437871d8",
         "Ev0E120DE8ED", 1795399014158},
        {"in-slash_commands", SLACK_COMMAND, "054bbe68-8249-4b0b-9455-3accc9303bb9", "", 0},
        {"in-team_join", SLACK_USER, "46607d87-c3ec-40ad-a3c7-1032ea226fa8", "Ev0FB4E06603",
         1795399014224},
        {"in-user_change", SLACK_USER, "02a90529-630c-4516-88d4-7b25cd3e1b0b", "Ev0817137F36",
         1795399014352},
        {"in-view_closed", SLACK_OTHER, "f6f41e04-6eff-431a-a8e7-354286d835f8", "", 0},
        {"in-view_submission", SLACK_SUBMIT, "1d04094e-eac2-49f4-8b8f-d3b9f3ea2c41", "", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_recorded(cases[i].name);
        const char *const pairs[][2] = {
            {f.envelope, cases[i].envelope}, {f.event_id, cases[i].event_id}, {f.team, TEAM}};
        assert_texts(cases[i].name, pairs, ARRAY_LEN(pairs));
        bool takes = f.kind == SLACK_COMMAND || f.kind == SLACK_SUBMIT;
        int retry = strstr(cases[i].name, "retry1") ? 1 : 0;
        if (f.kind != cases[i].kind || f.event_ms != cases[i].event_ms || f.enterprise ||
            f.takes_payload != takes || f.retry != retry || f.connections || f.life_s) {
            fail_msg("%s: kind %d, %lld ms, enterprise %d, payload %d, retry %d", cases[i].name,
                     (int)f.kind, (long long)f.event_ms, f.enterprise, f.takes_payload, f.retry);
        }
    }
}

static void test_socket(UNUSED void **state) {
    read_recorded("socket-hello");
    assert_int_equal(f.kind, SLACK_HELLO);
    assert_int_equal(f.connections, 1);
    assert_int_equal(f.life_s, 18060);
    assert_string_equal(f.envelope, "");
    static const struct {
        const char *name;
        enum slack_reason why;
    } cases[] = {
        {"socket-disconnect-warning", SLACK_WARNING},
        {"socket-disconnect-refresh_requested", SLACK_REFRESH},
        {"socket-disconnect-link_disabled", SLACK_LINK_DISABLED},
        {"socket-disconnect-too_many_websockets", SLACK_TOO_MANY},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_recorded(cases[i].name);
        assert_int_equal(f.kind, SLACK_DISCONNECT);
        assert_int_equal(f.why, cases[i].why);
        assert_string_equal(f.envelope, "");
    }
    static const char *const others[] = {"{\"type\":\"disconnect\",\"reason\":\"of next year\"}",
                                         "{\"type\":\"disconnect\",\"reason\":null}",
                                         "{\"type\":\"disconnect\"}"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_true(read_text(others[i]));
        assert_int_equal(f.kind, SLACK_DISCONNECT);
        assert_int_equal(f.why, SLACK_REASON_OTHER);
    }
    assert_true(read_text("{\"type\":\"hello\"}"));
    assert_int_equal(f.kind, SLACK_HELLO);
    assert_int_equal(f.connections, 0);
    assert_int_equal(f.life_s, 0);
}

/* Whatever Slack may add one day is acknowledged. */
static void test_unknown(UNUSED void **state) {
    static const struct {
        const char *text;
        const char *envelope;
    } cases[] = {
        {"{\"envelope_id\":\"e-1\",\"type\":\"of_next_year\",\"payload\":{}}", "e-1"},
        {"{\"envelope_id\":\"e-1\",\"type\":\"of_next_year\",\"payload\":7}", "e-1"},
        {"{\"envelope_id\":\"e-1\",\"type\":\"of_next_year\"}", "e-1"},
        {"{\"type\":\"of_next_year\"}", ""},
        {"{\"envelope_id\":\"e-1\",\"type\":\"events_api\",\"payload\":{\"type\":\"new\"}}", "e-1"},
        {"{\"envelope_id\":\"e-1\",\"type\":\"events_api\",\"payload\":{\"type\":"
         "\"event_callback\",\"event\":{\"type\":\"new\",\"user\":7}}}",
         "e-1"},
        {"{\"envelope_id\":\"e-1\",\"type\":\"interactive\",\"payload\":{\"type\":\"shortcut\"}}",
         "e-1"},
        {"{\"envelope_id\":\"e-1\",\"type\":\"events_api\",\"payload\":{\"type\":"
         "\"event_callback\",\"event\":{\"type\":\"app_home_opened\",\"user\":\"" TARO
         "\",\"channel\":\"" DM "\",\"tab\":\"messages\"}}}",
         "e-1"},
        {"{\"envelope_id\":\"e-1\",\"type\":\"events_api\",\"payload\":{\"type\":"
         "\"event_callback\",\"event\":{\"type\":\"reaction_added\",\"user\":\"" TARO
         "\",\"reaction\":\"one\",\"item\":{\"type\":\"file\",\"file\":\"F1\"}}}}",
         "e-1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (!read_text(cases[i].text) || f.kind != SLACK_OTHER) {
            fail_msg("%s: %s, kind %d", cases[i].text, why, (int)f.kind);
        }
        assert_string_equal(f.envelope, cases[i].envelope);
    }
}

/* ---- messages ---- */

static void assert_message(const char *name, const struct slack_message *got,
                           const struct slack_message *want) {
    const char *const pairs[][2] = {
        {got->channel, want->channel},    {got->user, want->user}, {got->ts, want->ts},
        {got->thread, want->thread},      {got->text, want->text}, {got->key, want->key},
        {got->user_team, want->user_team}};
    assert_texts(name, pairs, ARRAY_LEN(pairs));
    if (got->place != want->place || got->mention != want->mention ||
        got->automatic != want->automatic || got->past != want->past ||
        got->system != want->system) {
        fail_msg("%s: place %d, mention %d, automatic %d, past %d, system %d", name,
                 (int)got->place, got->mention, got->automatic, got->past, got->system);
    }
}

static void test_messages(UNUSED void **state) {
    static const struct {
        const char *name;
        struct slack_message want;
    } cases[] = {
        {"in-message-im",
         {DM, TARO, "1795399012.090000", "", "A社 &amp; B社 &lt;至急&gt; 「確認」お願いします", "",
          TEAM, SLACK_IM, .mention = false}},
        {"in-message-im-thread",
         {DM, TARO, "1795399012.162000", "1795399012.090000", "スレッドで返信です", "", TEAM,
          SLACK_IM, .mention = false}},
        {"in-message-im-retry1",
         {DM, TARO, "1795399012.640000", "", "再送される例", "", TEAM, SLACK_IM, .mention = false}},
        {"in-message-file_share",
         {DM, TARO, "1795399012.229000", "", "資料です", "", TEAM, SLACK_IM, .mention = false}},
        {"in-message-channels",
         {GENERAL, HANAKO, "1795399012.573000", "", "雑談です", "", TEAM, SLACK_CHANNEL,
          .mention = false}},
        {"in-app_mention",
         {GENERAL, HANAKO, "1795399012.506000", "", "<@" ME "> アンケートを始めて", "", TEAM,
          SLACK_CHANNEL, .mention = true}},
        {"in-message-own-bot",
         {DM, ME, "1795399012.431000", "", "こんにちは！", "", TEAM, SLACK_IM, .automatic = true}},
        {"in-message_changed",
         {DM, "", "1795399012.296001", "", "", "", "", SLACK_IM, .past = true}},
        {"in-message_deleted",
         {DM, "", "1795399012.362000", "", "", "", "", SLACK_IM, .past = true}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_recorded(cases[i].name);
        assert_int_equal(f.kind, SLACK_MESSAGE);
        assert_message(cases[i].name, &f.message, &cases[i].want);
    }
}

/* Who speaks, where, and whether it still stands, by the keys that say so. */
static void test_message_fields(UNUSED void **state) {
    enum { SAID = 0, AUTOMATIC = 1, PAST = 2, SYSTEM = 4 };
    static const struct {
        const char *json; /* members of the event */
        int is;
        enum slack_place place;
        const char *user;
        const char *team;
        const char *thread;
        const char *key;
    } cases[] = {
#define EVENT(json, is)                                                                            \
    {"\"user\":\"U1\",\"channel_type\":\"im\"," json, is, SLACK_IM, "U1", "", "", ""}
        EVENT("\"subtype\":null", SAID),
        EVENT("\"subtype\":\"\"", SAID),
        EVENT("\"subtype\":\"file_share\"", SAID),
        EVENT("\"subtype\":\"thread_broadcast\"", SAID),
        EVENT("\"subtype\":\"me_message\"", SAID),
        EVENT("\"subtype\":\"bot_message\"", AUTOMATIC),
        EVENT("\"subtype\":\"slackbot_response\"", AUTOMATIC),
        EVENT("\"subtype\":\"message_changed\"", PAST),
        EVENT("\"subtype\":\"message_deleted\"", PAST),
        EVENT("\"subtype\":\"message_replied\"", PAST),
        EVENT("\"subtype\":\"tombstone\"", PAST),
        EVENT("\"subtype\":\"channel_join\"", SYSTEM),
        EVENT("\"subtype\":\"group_topic\"", SYSTEM),
        EVENT("\"subtype\":\"of_next_year\"", SYSTEM),
        EVENT("\"subtype\":\"Me_message\"", SYSTEM),
        EVENT("\"hidden\":true", PAST),
        EVENT("\"hidden\":false", SAID),
        EVENT("\"hidden\":true,\"subtype\":\"channel_join\"", PAST | SYSTEM),
        EVENT("\"bot_id\":\"B1\"", AUTOMATIC),
        EVENT("\"bot_id\":7", AUTOMATIC),
        EVENT("\"bot_id\":\"\"", SAID),
        EVENT("\"bot_id\":null", SAID),
        EVENT("\"bot_profile\":{\"id\":\"B1\"}", AUTOMATIC),
        EVENT("\"bot_profile\":null", SAID),
        EVENT("\"bot_id\":\"B1\",\"subtype\":\"file_share\"", AUTOMATIC),
        EVENT("\"bot_id\":\"B1\",\"subtype\":\"channel_join\"", AUTOMATIC | SYSTEM),
        EVENT("\"app_id\":\"A1\"", SAID),
        EVENT("\"metadata\":null", SAID),
        EVENT("\"metadata\":{\"event_payload\":7}", SAID),
        EVENT("\"metadata\":{\"event_payload\":{\"key\":7}}", SAID),
        EVENT("\"thread_ts\":\"5.5\"", SAID), /* the thread's first message */
        EVENT("\"thread_ts\":null", SAID),
        EVENT("\"team\":null,\"user_team\":\"\"", SAID),
        {"\"user\":\"USLACKBOT\"", AUTOMATIC, SLACK_CHANNEL, "USLACKBOT", "", "", ""},
        {"\"subtype\":\"bot_message\"", AUTOMATIC, SLACK_CHANNEL, "", "", "", ""},
        {"\"subtype\":\"channel_archive\"", SYSTEM, SLACK_CHANNEL, "", "", "", ""},
        {"\"bot_id\":\"B1\",\"user\":null", AUTOMATIC, SLACK_CHANNEL, "", "", "", ""},
        {"\"user\":\"W1\",\"channel_type\":\"mpim\"", SAID, SLACK_GROUP, "W1", "", "", ""},
        {"\"user\":\"W1\",\"channel_type\":\"group\"", SAID, SLACK_CHANNEL, "W1", "", "", ""},
        {"\"user\":\"W1\",\"channel_type\":\"new\"", SAID, SLACK_CHANNEL, "W1", "", "", ""},
        {"\"user\":\"W1\",\"channel_type\":7", SAID, SLACK_CHANNEL, "W1", "", "", ""},
        {"\"user\":\"U1\",\"team\":\"T1\"", SAID, SLACK_CHANNEL, "U1", "T1", "", ""},
        {"\"user\":\"U1\",\"team\":\"T1\",\"user_team\":\"T2\"", SAID, SLACK_CHANNEL, "U1", "T2",
         "", ""},
        {"\"user\":\"U1\",\"team\":\"T1\",\"source_team\":\"T2\",\"user_team\":\"T3\"", SAID,
         SLACK_CHANNEL, "U1", "T3", "", ""},
        {"\"user\":\"U1\",\"team\":\"T1\",\"source_team\":\"E2\"", SAID, SLACK_CHANNEL, "U1", "E2",
         "", ""},
        {"\"user\":\"U1\",\"thread_ts\":\"4.5\"", SAID, SLACK_CHANNEL, "U1", "", "4.5", ""},
        {"\"user\":\"U1\",\"bot_id\":\"B1\",\"metadata\":{\"event_type\":\"x\",\"event_payload\":"
         "{\"key\":\"k-1\"}}",
         AUTOMATIC, SLACK_CHANNEL, "U1", "", "", "k-1"},
#undef EVENT
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *text =
            arena_printf(&a,
                         "{\"envelope_id\":\"e\",\"type\":\"events_api\",\"payload\":{\"type\":"
                         "\"event_callback\",\"event\":{\"type\":\"message\",\"channel\":\"C1\","
                         "\"ts\":\"5.5\",\"text\":\"m\",%s}}}",
                         cases[i].json);
        struct slack_message want = {.channel = "C1",
                                     .user = cases[i].user,
                                     .ts = "5.5",
                                     .thread = cases[i].thread,
                                     .text = "m",
                                     .key = cases[i].key,
                                     .user_team = cases[i].team,
                                     .place = cases[i].place,
                                     .automatic = cases[i].is & AUTOMATIC,
                                     .past = cases[i].is & PAST,
                                     .system = cases[i].is & SYSTEM};
        if (!read_text(text)) {
            fail_msg("%s: %s", cases[i].json, why);
        }
        assert_message(cases[i].json, &f.message, &want);
    }
}

/* Without channel_type, as app_mention comes: a direct channel is told by its id. */
static void test_place_by_id(UNUSED void **state) {
    assert_true(read_text("{\"envelope_id\":\"e\",\"type\":\"events_api\",\"payload\":{\"type\":"
                          "\"event_callback\",\"event\":{\"type\":\"app_mention\",\"channel\":"
                          "\"D1\",\"ts\":\"5.5\",\"user\":\"U1\"}}}"));
    assert_int_equal(f.message.place, SLACK_IM);
    assert_true(f.message.mention);
    assert_string_equal(f.message.text, "");
}

static void test_history(UNUSED void **state) {
    static const struct slack_message want[] = {
        {DM, ME, CARD, "", "質問 1/3: 回答済み", "", TEAM, SLACK_IM, .automatic = true},
        {DM, TARO, "1795399012.640000", "", "再送される例", "", TEAM, SLACK_IM, .past = false},
        {DM, ME, "1795399012.431000", "", "こんにちは！", "", TEAM, SLACK_IM, .automatic = true},
    };
    cJSON *page = recorded_json("slack/web-conversations.history");
    const cJSON *messages = json_member(page, "messages");
    assert_int_equal(cJSON_GetArraySize(messages), ARRAY_LEN(want));
    for (int i = 0; i < (int)ARRAY_LEN(want); i++) {
        struct slack_message got;
        assert_true(slack_message_read(&a, cJSON_GetArrayItem(messages, i), DM, &got));
        assert_message("history", &got, &want[i]);
    }
    struct slack_message got;
    const cJSON *first = cJSON_GetArrayItem(messages, 0);
    assert_true(slack_message_read(&a, first, GENERAL, &got));
    assert_int_equal(got.place, SLACK_CHANNEL);
    assert_false(slack_message_read(&a, first, "", &got));
    assert_false(slack_message_read(&a, first, "../C1", &got));
    assert_false(slack_message_read(&a, messages, DM, &got));
    assert_false(slack_message_read(&a, NULL, DM, &got));
    cJSON_Delete(page);
    /* The same message, as the reply that says it was posted. */
    cJSON *reply = recorded_json("slack/web-chat.postMessage");
    assert_true(slack_message_read(&a, json_member(reply, "message"), DM, &got));
    assert_string_equal(got.ts, CARD);
    assert_true(got.automatic);
    cJSON_Delete(reply);
}

/* ---- other events ---- */

static void test_reactions(UNUSED void **state) {
    read_recorded("in-reaction_added");
    const char *const pairs[][2] = {{f.reaction.user, TARO},
                                    {f.reaction.name, "+1"},
                                    {f.reaction.channel, DM},
                                    {f.reaction.ts, CARD},
                                    {f.reaction.event_ts, "1795399014.158000"}};
    assert_texts("in-reaction_added", pairs, ARRAY_LEN(pairs));
    assert_true(f.reaction.added);
    cJSON *json = recorded_json("slack/in-reaction_added");
    cJSON *event = cJSON_GetObjectItem(cJSON_GetObjectItem(json, "payload"), "event");
    cJSON_ReplaceItemInObject(event, "type", cJSON_CreateString("reaction_removed"));
    cJSON_ReplaceItemInObject(event, "reaction", cJSON_CreateString("thumbsup::skin-tone-2"));
    assert_true(read_text(printed(&a, json)));
    cJSON_Delete(json);
    assert_int_equal(f.kind, SLACK_REACTION);
    assert_false(f.reaction.added);
    assert_string_equal(f.reaction.name, "thumbsup::skin-tone-2");
}

static void test_home(UNUSED void **state) {
    static const char *const names[] = {"in-app_home_opened-first", "in-app_home_opened-again"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        read_recorded(names[i]);
        assert_string_equal(f.home.user, TARO);
        assert_string_equal(f.home.channel, DM);
    }
}

static void assert_user(const char *name, const struct slack_user *got,
                        const struct slack_user *want) {
    const char *const pairs[][2] = {{got->id, want->id},
                                    {got->team, want->team},
                                    {got->locale, want->locale},
                                    {got->tz, want->tz}};
    assert_texts(name, pairs, ARRAY_LEN(pairs));
    if (got->bot != want->bot || got->guest != want->guest ||
        got->deactivated != want->deactivated) {
        fail_msg("%s: bot %d, guest %d, deactivated %d", name, got->bot, got->guest,
                 got->deactivated);
    }
}

static void test_people(UNUSED void **state) {
    static const struct slack_user joined = {"U0NEW0001", TEAM, "", "Asia/Tokyo", .bot = false};
    static const struct slack_user changed = {TARO, TEAM, "", "Europe/Berlin", .bot = false};
    read_recorded("in-team_join");
    assert_user("in-team_join", &f.user, &joined);
    read_recorded("in-user_change");
    assert_user("in-user_change", &f.user, &changed);
    struct slack_user user;
    cJSON *json = recorded_json("slack/web-users.info");
    assert_true(slack_user_read(&a, json_member(json, "user"), &user));
    cJSON_Delete(json);
    static const struct slack_user bob = {"U0BOB0001", TEAM, "en-US", "America/New_York",
                                          .bot = false};
    assert_user("web-users.info", &user, &bob);
    json = recorded_json("slack/web-users.list");
    const cJSON *members = json_member(json, "members");
    assert_int_equal(cJSON_GetArraySize(members), 2);
    assert_true(slack_user_read(&a, cJSON_GetArrayItem(members, 1), &user));
    static const struct slack_user hanako = {HANAKO, TEAM, "", "Asia/Tokyo", .bot = false};
    assert_user("web-users.list", &user, &hanako);
    cJSON_Delete(json);
}

static void test_people_fields(UNUSED void **state) {
    static const struct {
        const char *json;
        struct slack_user want;
    } cases[] = {
        {"{\"id\":\"U1\"}", {"U1", "", "", "", .bot = false}},
        {"{\"id\":\"U1\",\"team_id\":null,\"tz\":null}", {"U1", "", "", "", .bot = false}},
        {"{\"id\":\"USLACKBOT\",\"is_bot\":false}", {"USLACKBOT", "", "", "", .bot = true}},
        {"{\"id\":\"U1\",\"is_bot\":true}", {"U1", "", "", "", .bot = true}},
        {"{\"id\":\"U1\",\"is_workflow_bot\":true}", {"U1", "", "", "", .bot = true}},
        {"{\"id\":\"W1\",\"is_restricted\":true}", {"W1", "", "", "", .guest = true}},
        {"{\"id\":\"U1\",\"is_ultra_restricted\":true}", {"U1", "", "", "", .guest = true}},
        {"{\"id\":\"U1\",\"deleted\":true}", {"U1", "", "", "", .deactivated = true}},
        {"{\"id\":\"U1\",\"locale\":\"ja-JP\",\"tz\":\"America/Argentina/Buenos_Aires\"}",
         {"U1", "", "ja-JP", "America/Argentina/Buenos_Aires", .bot = false}},
        {"{\"id\":\"U1\",\"tz\":\"Etc/GMT+9\"}", {"U1", "", "", "Etc/GMT+9", .bot = false}},
        /* It may become part of a path. */
        {"{\"id\":\"U1\",\"tz\":\"../../etc/passwd\"}", {"U1", "", "", "", .bot = false}},
        {"{\"id\":\"U1\",\"tz\":\"/etc/passwd\"}", {"U1", "", "", "", .bot = false}},
        {"{\"id\":\"U1\",\"tz\":\":JST\"}", {"U1", "", "", "", .bot = false}},
        {"{\"id\":\"U1\",\"locale\":\"../ja\"}", {"U1", "", "", "", .bot = false}},
        {"{\"id\":\"U1\",\"tz\":9,\"locale\":[]}", {"U1", "", "", "", .bot = false}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json_error err;
        struct slack_user user;
        cJSON *json = json_parse(cases[i].json, strlen(cases[i].json), 1000, &err);
        assert_non_null(json);
        if (!slack_user_read(&a, json, &user)) {
            fail_msg("%s is refused", cases[i].json);
        }
        cJSON_Delete(json);
        assert_user(cases[i].json, &user, &cases[i].want);
    }
}

/* Whose installation it is, in shared channels and in organisations. */
static void test_teams(UNUSED void **state) {
    static const struct {
        const char *json; /* members of the payload */
        const char *team;
        bool enterprise;
    } cases[] = {
        {"\"team_id\":\"T1\"", "T1", false},
        {"\"team_id\":null", "", false},
        {"\"team_id\":\"T1\",\"context_team_id\":\"T2\"", "T2", false},
        {"\"team_id\":\"T1\",\"context_team_id\":\"T2\",\"authorizations\":[]", "T2", false},
        {"\"team_id\":\"T1\",\"context_team_id\":null,\"authorizations\":[{\"team_id\":\"T3\","
         "\"is_enterprise_install\":false}]",
         "T3", false},
        {"\"team_id\":null,\"authorizations\":[{\"enterprise_id\":\"E1\",\"team_id\":null,"
         "\"is_enterprise_install\":true}]",
         "", true},
        {"\"team_id\":\"T1\",\"authorizations\":[{\"enterprise_id\":\"E1\",\"team_id\":\"T3\","
         "\"is_enterprise_install\":true}]",
         "T3", true},
        {"\"team_id\":\"T1\",\"authorizations\":7", "T1", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(read_text(
            arena_printf(&a,
                         "{\"envelope_id\":\"e\",\"type\":\"events_api\",\"payload\":{\"type\":"
                         "\"event_callback\",\"event\":{\"type\":\"new\"},\"event_time\":7,%s}}",
                         cases[i].json)));
        if (strcmp(f.team, cases[i].team) != 0 || f.enterprise != cases[i].enterprise) {
            fail_msg("%s: '%s', %d", cases[i].json, f.team, f.enterprise);
        }
        assert_int_equal(f.event_ms, 7000); /* where the event has no time of its own */
    }
    static const char *const wrong[] = {"\"team_id\":\"T/1\"", "\"context_team_id\":\"T/1\"",
                                        "\"authorizations\":[{\"team_id\":\"T/1\"}]"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_false(read_text(
            arena_printf(&a,
                         "{\"envelope_id\":\"e\",\"type\":\"events_api\",\"payload\":{\"type\":"
                         "\"event_callback\",\"event\":{\"type\":\"new\"},%s}}",
                         wrong[i])));
    }
    assert_true(read_text("{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":{\"type\":"
                          "\"shortcut\",\"team\":null,\"is_enterprise_install\":true}}"));
    assert_string_equal(f.team, "");
    assert_true(f.enterprise);
    assert_true(read_text("{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":{\"type\":"
                          "\"view_closed\",\"team\":{\"id\":\"T1\"},\"view\":{"
                          "\"app_installed_team_id\":\"T2\"}}}"));
    assert_string_equal(f.team, "T2");
    static const char *const said[] = {"\"true\"", "true", "\"false\"", "false", "null", "7"};
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        assert_true(read_text(
            arena_printf(&a,
                         "{\"envelope_id\":\"e\",\"type\":\"slash_commands\",\"payload\":{"
                         "\"user_id\":\"U1\",\"channel_id\":\"C1\",\"command\":\"/k\","
                         "\"is_enterprise_install\":%s}}",
                         said[i])));
        assert_int_equal(f.enterprise, i < 2);
        assert_string_equal(f.command.text, "");
        assert_string_equal(f.team, "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_envelopes, forget),
        cmocka_unit_test_teardown(test_socket, forget),
        cmocka_unit_test_teardown(test_unknown, forget),
        cmocka_unit_test_teardown(test_messages, forget),
        cmocka_unit_test_teardown(test_message_fields, forget),
        cmocka_unit_test_teardown(test_place_by_id, forget),
        cmocka_unit_test_teardown(test_history, forget),
        cmocka_unit_test_teardown(test_reactions, forget),
        cmocka_unit_test_teardown(test_home, forget),
        cmocka_unit_test_teardown(test_people, forget),
        cmocka_unit_test_teardown(test_people_fields, forget),
        cmocka_unit_test_teardown(test_teams, forget),
    };
    return cmocka_run_group_tests_name("slack_wire", tests, NULL, NULL);
}
