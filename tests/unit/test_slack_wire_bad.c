/*
 * Frames of Slack that are cut, deep, long, or wrong in one field: nothing crashes, nothing is read
 * beyond the end, and what is accepted is what was sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "bot/slack/wire.h"
#include "tests/support/recorded.h"
#include "tests/support/slack_frames.h"

#define BYTES(s) (s), sizeof(s) - 1
#define HEAD     "{\"envelope_id\":\"e-1\",\"type\":\"events_api\","
#define SAID                                                                                       \
    HEAD "\"payload\":{\"type\":\"event_callback\",\"event\":{\"type\":\"message\","               \
         "\"channel\":\"D1\",\"user\":\"U1\",\"ts\":\"5.5\",\"text\":\""
#define TAIL "\"}}}"

static struct arena a;
static struct slack_frame f;
static const char *why;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

static bool read_bytes(const char *text, size_t n) {
    return frame_reads(&a, text, n, &f, &why);
}

static bool read_json(const cJSON *json) {
    const char *text = printed(&a, json);
    return read_bytes(text, strlen(text));
}

/* ---- broken as a whole ---- */

static void test_refused(UNUSED void **state) {
    static const struct {
        const char *text;
        size_t n;
        const char *envelope; /* can be acknowledged even where the rest is useless */
    } cases[] = {
        {BYTES(""), ""},
        {BYTES("\n"), ""},
        {BYTES("null"), ""},
        {BYTES("[]"), ""},
        {BYTES("{}"), ""},
        {BYTES("7"), ""},
        {BYTES("\"hello\""), ""},
        {BYTES("Bad Request"), ""},
        {BYTES("{\"type\":7}"), ""},
        {BYTES("{\"type\":\"\"}"), ""},
        {BYTES("{\"Type\":\"hello\"}"), ""},
        {BYTES("{\"type\":\"hello\"} x"), ""},
        {BYTES("{\"type\":\"hello\"}{}"), ""},
        {BYTES("{\"type\":\"hello\"}\0"), ""},
        {BYTES("{\"type\":\"hello\\u0000\"}"), ""},
        {BYTES("{\"envelope_id\":\"e-1\"}"), "e-1"},
        {BYTES("{\"envelope_id\":\"e-1\",\"type\":7}"), "e-1"},
        {BYTES("{\"envelope_id\":7,\"type\":\"events_api\",\"payload\":{\"type\":\"x\"}}"), ""},
        {BYTES("{\"envelope_id\":\"\",\"type\":\"events_api\",\"payload\":{\"type\":\"x\"}}"), ""},
        {BYTES("{\"envelope_id\":\"e 1\",\"type\":\"events_api\",\"payload\":{\"type\":\"x\"}}"),
         ""},
        {BYTES("{\"envelope_id\":\"e\\n1\",\"type\":\"interactive\",\"payload\":{\"type\":\"x\"}}"),
         ""},
        {BYTES("{\"type\":\"slash_commands\",\"payload\":{\"user_id\":\"U1\",\"channel_id\":\"C1\","
               "\"command\":\"/k\"}}"),
         ""},
        {BYTES(HEAD "\"payload\":null}"), "e-1"},
        {BYTES(HEAD "\"payload\":{}}"), "e-1"},
        {BYTES(HEAD "\"payload\":{\"type\":\"event_callback\"}}"), "e-1"},
        {BYTES(HEAD "\"payload\":{\"type\":\"event_callback\",\"event\":null}}"), "e-1"},
        {BYTES(HEAD "\"payload\":{\"type\":\"event_callback\",\"event\":{}}}"), "e-1"},
        {BYTES(HEAD "\"payload\":{\"type\":\"event_callback\",\"event\":{\"type\":\"message\"}}}"),
         "e-1"},
        /* What is no JSON at all. */
        {BYTES(HEAD), "e-1"},
        {BYTES(HEAD "\"payload\":{"), "e-1"},
        {BYTES(SAID "\xff" TAIL), "e-1"},
        {BYTES(SAID "\xe3\x81" TAIL), "e-1"},
        {BYTES(SAID "\xed\xa0\x80" TAIL), "e-1"},
        {BYTES(SAID "\\u0000" TAIL), "e-1"},
        {BYTES(SAID "\\ud800" TAIL), "e-1"},
        {BYTES(SAID "a\0b" TAIL), "e-1"},
        {BYTES(SAID "m" TAIL "}"), "e-1"},
        {BYTES(SAID "m" TAIL " x"), "e-1"},
        {BYTES(SAID "m" TAIL "\0"), "e-1"},
        {BYTES("{\"x\":\"\xff\", \"envelope_id\" :\n\"e-2\"}"), "e-2"},
        {BYTES("{\"x\":{\"envelope_id\":\"no\"},\"envelope_id\":\"e-2\"} x"), "e-2"},
        {BYTES("{\"x\":[\"envelope_id\",\"no\"],\"envelope_id\":\"e-2\"} x"), "e-2"},
        {BYTES("{\"x\":\"\\\"envelope_id\\\":\\\"no\\\"\",\"envelope_id\":\"e-2\"} x"), "e-2"},
        {BYTES("{\"x\":\"envelope_id\",\"y\":\"no\"} x"), ""},
        {BYTES("{\"x\":{\"envelope_id\":\"no\"}} x"), ""},
        {BYTES("[\"envelope_id\",\"no\"] x"), ""},
        {BYTES("\"envelope_id\":\"no\""), ""},
        {BYTES("{\"envelope_id\":[\"no\"]} x"), ""},
        {BYTES("{\"envelope_id\":7,\"x\":\"no\"} x"), ""},
        {BYTES("{\"Envelope_id\":\"no\"} x"), ""},
        {BYTES("{\"envelope_ids\":\"no\"} x"), ""},
        {BYTES("{\"envelope_ix\":\"no\"} x"), ""},
        {BYTES("{\"envelope_id\":\"\"} x"), ""},
        {BYTES("{\"envelope_id\":\"e 1\"} x"), ""},
        {BYTES("{\"envelope_id\":\"e\\\"1\"} x"), ""},
        {BYTES("{\"envelope_id\":\"\xff\"} x"), ""},
        {BYTES("{\"envelope_id\":\"e-2"), ""},
        {BYTES("{\"envelope_id\":\"e-2\\"), ""},
        {BYTES("{\"envelope_id\":"), ""},
        {BYTES("{\"envelope_id\""), ""},
        {BYTES("{\"envelope_id"), ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (read_bytes(cases[i].text, cases[i].n) || strcmp(f.envelope, cases[i].envelope) != 0) {
            fail_msg("case %zu (%s): %s, '%s'", i, cases[i].text, why, f.envelope);
        }
    }
}

/* Next to the broken ones, what must not be mistaken for them. */
static void test_accepted(UNUSED void **state) {
    static const struct {
        const char *text;
        const char *said;
    } cases[] = {
        {SAID TAIL, ""},
        {SAID "m" TAIL "\n", "m"},
        {" " SAID "m" TAIL " \r\n\n", "m"},
        {SAID "\\\\u0000" TAIL, "\\u0000"},
        {SAID "\\u003c\\ud83d\\ude00\\n&lt;" TAIL, "<😀\n&lt;"},
        {SAID "m\",\"envelope_id\":\"no\",\"type\":\"hello" TAIL, "m"}, /* the first counts */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (!read_bytes(cases[i].text, strlen(cases[i].text)) || f.kind != SLACK_MESSAGE) {
            fail_msg("case %zu (%s): %s, kind %d", i, cases[i].text, why, (int)f.kind);
        }
        assert_string_equal(f.message.text, cases[i].said);
        assert_string_equal(f.envelope, "e-1");
        assert_sound(&f);
    }
}

/* The id of an envelope is given back in JSON and stands in the log. */
static void test_envelope(UNUSED void **state) {
    static const char *const bad[] = {"e\x7f", "\xc3\xa9", "e\t", "e1 "};
    char id[514];
    memset(id, 'e', sizeof(id));
    id[513] = '\0';
    for (size_t more = 0; more < 2; more++) {
        const char *text =
            arena_printf(&a, "{\"type\":\"new\",\"envelope_id\":\"%s\"}", id + 1 - more);
        assert_true(read_bytes(text, strlen(text)));
        assert_int_equal(strlen(f.envelope), more == 0 ? 512 : 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const char *text = arena_printf(&a, "{\"type\":\"new\",\"envelope_id\":\"%s\"}", bad[i]);
        (void)read_bytes(text, strlen(text));
        assert_string_equal(f.envelope, "");
    }
}

static void test_cut(UNUSED void **state) {
    static const char *const names[] = {"in-message-im-thread", "in-reaction_added",
                                        "in-slash_commands",    "in-block_actions-home-button",
                                        "in-view_submission",   "in-app_rate_limited"};
    struct arena own = {0};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        cJSON *json = recorded_json(arena_printf(&own, "slack/%s", names[i]));
        const char *text = printed(&own, json);
        const char *id = json_string(json, "envelope_id");
        size_t known = (size_t)(strstr(text, id) - text) + strlen(id) + 1;
        size_t n = strlen(text);
        assert_true(read_bytes(text, n));
        for (size_t cut = 0; cut < n; cut++) {
            if (read_bytes(text, cut) || strcmp(f.envelope, cut < known ? "" : id) != 0) {
                fail_msg("%s with %zu of %zu bytes: '%s'", names[i], cut, n, f.envelope);
            }
            arena_reset(&a);
        }
        cJSON_Delete(json);
        arena_reset(&own);
    }
    arena_free(&own);
}

static void test_deep(UNUSED void **state) {
    static const struct {
        size_t depth;
        bool good;
    } cases[] = {{900, true}, {1001, false}, {200000, false}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf b;
        buf_init(&b, (size_t)1024 * 1024);
        buf_adds(&b, SAID "m\",\"x\":");
        for (size_t k = 0; k < cases[i].depth; k++) {
            buf_adds(&b, "[");
        }
        for (size_t k = 0; k < cases[i].depth; k++) {
            buf_adds(&b, "]");
        }
        buf_adds(&b, "}}}");
        assert_false(b.overflow);
        assert_int_equal(read_bytes(buf_text(&b), b.len), cases[i].good);
        assert_string_equal(f.envelope, "e-1");
        buf_free(&b);
    }
}

static void test_long(UNUSED void **state) {
    size_t room = SLACK_FRAME_MAX_BYTES - strlen(SAID) - strlen(TAIL);
    for (size_t more = 0; more < 2; more++) {
        struct buf b;
        buf_init(&b, SLACK_FRAME_MAX_BYTES * 2);
        buf_adds(&b, SAID);
        for (size_t i = 0; i < room + more; i++) {
            buf_add(&b, "x", 1);
        }
        buf_adds(&b, TAIL);
        assert_false(b.overflow);
        assert_int_equal(read_bytes(buf_text(&b), b.len), more == 0);
        assert_string_equal(f.envelope, "e-1");
        if (more == 0) {
            assert_int_equal(strlen(f.message.text), room);
        } else {
            assert_non_null(strstr(why, "longer"));
        }
        buf_free(&b);
    }
}

/* ---- one field at a time ---- */

enum form { ID, TS, WORD, TEXT, KIND, OBJECT };
enum use {
    NEEDED,   /* refused without it */
    OPTIONAL, /* may be missing; refused where it is wrong */
    IGNORED,  /* no matter what it is */
};

static const struct field {
    const char *frame;
    const char *path;
    enum form form;
    enum use use;
} fields[] = {
    {"in-message-im-thread", "envelope_id", WORD, NEEDED},
    {"in-message-im-thread", "type", TEXT, NEEDED},
    {"in-message-im-thread", "payload", OBJECT, NEEDED},
    {"in-message-im-thread", "accepts_response_payload", OBJECT, IGNORED},
    {"in-message-im-thread", "retry_attempt", OBJECT, IGNORED},
    {"in-message-im-thread", "payload/type", KIND, NEEDED},
    {"in-message-im-thread", "payload/event", OBJECT, NEEDED},
    {"in-message-im-thread", "payload/event_id", WORD, IGNORED},
    {"in-message-im-thread", "payload/event_time", OBJECT, IGNORED},
    {"in-message-im-thread", "payload/team_id", ID, IGNORED},
    {"in-message-im-thread", "payload/authorizations", OBJECT, IGNORED},
    {"in-message-im-thread", "payload/authorizations/0/team_id", ID, OPTIONAL},
    {"in-message-im-thread", "payload/event/type", KIND, NEEDED},
    {"in-message-im-thread", "payload/event/channel", ID, NEEDED},
    {"in-message-im-thread", "payload/event/user", ID, NEEDED},
    {"in-message-im-thread", "payload/event/ts", TS, NEEDED},
    {"in-message-im-thread", "payload/event/thread_ts", TS, OPTIONAL},
    {"in-message-im-thread", "payload/event/text", TEXT, OPTIONAL},
    {"in-message-im-thread", "payload/event/team", ID, OPTIONAL},
    {"in-message-im-thread", "payload/event/event_ts", TS, IGNORED},
    {"in-message-im-thread", "payload/event/channel_type", TEXT, IGNORED},
    {"in-message-im-thread", "payload/event/blocks", OBJECT, IGNORED},
    {"in-message-im-thread", "payload/event/client_msg_id", TEXT, IGNORED},
    {"in-message-file_share", "payload/event/subtype", TEXT, OPTIONAL},
    {"in-message-file_share", "payload/event/files", OBJECT, IGNORED},
    {"in-message_changed", "payload/event/message", OBJECT, IGNORED},
    {"in-message_changed", "payload/event/ts", TS, NEEDED},
    {"in-app_mention", "payload/event/user", ID, NEEDED},
    {"in-reaction_added", "payload/event/user", ID, NEEDED},
    {"in-reaction_added", "payload/event/reaction", TEXT, NEEDED},
    {"in-reaction_added", "payload/event/item", OBJECT, NEEDED},
    {"in-reaction_added", "payload/event/item/type", KIND, NEEDED},
    {"in-reaction_added", "payload/event/item/channel", ID, NEEDED},
    {"in-reaction_added", "payload/event/item/ts", TS, NEEDED},
    {"in-reaction_added", "payload/event/event_ts", TS, OPTIONAL},
    {"in-user_change", "payload/event/user", OBJECT, NEEDED},
    {"in-user_change", "payload/event/user/id", ID, NEEDED},
    {"in-user_change", "payload/event/user/team_id", ID, OPTIONAL},
    {"in-user_change", "payload/event/user/tz", TEXT, IGNORED},
    {"in-user_change", "payload/event/user/deleted", OBJECT, IGNORED},
    {"in-user_change", "payload/event/user/profile", OBJECT, IGNORED},
    {"in-app_home_opened-first", "payload/event/user", ID, NEEDED},
    {"in-app_home_opened-first", "payload/event/channel", ID, OPTIONAL},
    {"in-app_home_opened-first", "payload/event/tab", TEXT, IGNORED},
    {"in-app_rate_limited", "payload/team_id", ID, OPTIONAL},
    {"in-app_rate_limited", "payload/minute_rate_limited", OBJECT, IGNORED},
    {"in-block_actions-button", "envelope_id", WORD, NEEDED},
    {"in-block_actions-button", "payload", OBJECT, NEEDED},
    {"in-block_actions-button", "payload/type", KIND, NEEDED},
    {"in-block_actions-button", "payload/user", OBJECT, NEEDED},
    {"in-block_actions-button", "payload/user/id", ID, NEEDED},
    {"in-block_actions-button", "payload/user/team_id", ID, OPTIONAL},
    {"in-block_actions-button", "payload/user/name", TEXT, IGNORED},
    {"in-block_actions-button", "payload/team", OBJECT, IGNORED},
    {"in-block_actions-button", "payload/team/id", ID, OPTIONAL},
    {"in-block_actions-button", "payload/channel", OBJECT, IGNORED}, /* said elsewhere, too */
    {"in-block_actions-button", "payload/channel/id", ID, OPTIONAL},
    {"in-block_actions-button", "payload/container", OBJECT, IGNORED},
    {"in-block_actions-button", "payload/container/message_ts", TS, OPTIONAL},
    {"in-block_actions-button", "payload/message", OBJECT, IGNORED},
    {"in-block_actions-button", "payload/trigger_id", WORD, IGNORED},
    {"in-block_actions-button", "payload/response_url", WORD, IGNORED},
    {"in-block_actions-button", "payload/actions", OBJECT, NEEDED},
    {"in-block_actions-button", "payload/actions/0", OBJECT, NEEDED},
    {"in-block_actions-button", "payload/actions/0/block_id", TEXT, NEEDED},
    {"in-block_actions-button", "payload/actions/0/action_id", TEXT, NEEDED},
    {"in-block_actions-button", "payload/actions/0/action_ts", TS, OPTIONAL},
    {"in-block_actions-button", "payload/actions/0/value", TEXT, OPTIONAL},
    {"in-block_actions-button", "payload/state/values/q1/q1_radio/selected_option/value", KIND,
     NEEDED},
    {"in-block_actions-button", "payload/state/values/q1/q1_check/selected_options/1/value", KIND,
     NEEDED},
    {"in-block_actions-home-button", "payload/view/id", ID, OPTIONAL},
    {"in-block_actions-home-button", "payload/container", OBJECT, IGNORED},
    {"in-slash_commands", "envelope_id", WORD, NEEDED},
    {"in-slash_commands", "payload", OBJECT, NEEDED},
    {"in-slash_commands", "payload/user_id", ID, NEEDED},
    {"in-slash_commands", "payload/channel_id", ID, NEEDED},
    {"in-slash_commands", "payload/command", TEXT, NEEDED},
    {"in-slash_commands", "payload/text", TEXT, OPTIONAL},
    {"in-slash_commands", "payload/team_id", ID, OPTIONAL},
    {"in-slash_commands", "payload/channel_name", TEXT, IGNORED},
    {"in-slash_commands", "payload/trigger_id", WORD, IGNORED},
    {"in-slash_commands", "payload/response_url", WORD, IGNORED},
    {"in-slash_commands", "payload/is_enterprise_install", TEXT, IGNORED},
    {"in-view_submission", "payload/user/id", ID, NEEDED},
    {"in-view_submission", "payload/user/team_id", ID, OPTIONAL},
    {"in-view_submission", "payload/view", OBJECT, NEEDED},
    {"in-view_submission", "payload/view/id", ID, NEEDED},
    {"in-view_submission", "payload/view/callback_id", TEXT, OPTIONAL},
    {"in-view_submission", "payload/view/hash", WORD, OPTIONAL},
    {"in-view_submission", "payload/view/private_metadata", TEXT, OPTIONAL},
    {"in-view_submission", "payload/view/app_installed_team_id", ID, OPTIONAL},
    {"in-view_submission", "payload/view/state/values/reason/v/value", TEXT, OPTIONAL},
    {"in-view_submission", "payload/view/state/values/when/v/selected_date", TEXT, OPTIONAL},
    {"in-view_closed", "payload/view", OBJECT, IGNORED},
    {"socket-hello", "type", TEXT, NEEDED},
    {"socket-hello", "num_connections", OBJECT, IGNORED},
    {"socket-hello", "debug_info", OBJECT, IGNORED},
    {"socket-disconnect-warning", "reason", TEXT, IGNORED},
};

/* The object or list that holds the last step of the path. */
static cJSON *parent_of(cJSON *json, const char *path, const char **ret_last) {
    cJSON *at = json;
    for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        const char *step = arena_strndup(&a, path, (size_t)(slash - path));
        at = cJSON_IsArray(at) ? cJSON_GetArrayItem(at, *step - '0')
                               : cJSON_GetObjectItemCaseSensitive(at, step);
        assert_non_null(at);
    }
    *ret_last = path;
    return at;
}

/* The sample with that value in that field, or without it. */
static bool read_with(const struct field *field, const char *value) {
    cJSON *json = recorded_json(arena_printf(&a, "slack/%s", field->frame));
    const char *key;
    cJSON *at = parent_of(json, field->path, &key);
    struct json_error err;
    cJSON *item = value ? json_parse(value, strlen(value), 10000, &err) : NULL;
    assert_true(item || !value);
    if (cJSON_IsArray(at)) {
        cJSON_DeleteItemFromArray(at, *key - '0');
        cJSON_InsertItemInArray(at, *key - '0', item ? item : cJSON_CreateNull());
    } else {
        assert_non_null(json_member(at, key));
        cJSON_DeleteItemFromObjectCaseSensitive(at, key);
        cJSON_AddItemToObject(at, key, item); /* nothing, for none */
    }
    bool good = read_json(json);
    cJSON_Delete(json);
    if (good) {
        assert_sound(&f);
    }
    return good;
}

static void test_missing(UNUSED void **state) {
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        bool needed = fields[i].use == NEEDED;
        if (read_with(&fields[i], NULL) == needed || read_with(&fields[i], "null") == needed) {
            fail_msg("%s without %s: %s", fields[i].frame, fields[i].path, why);
        }
        bool enveloped = strncmp(fields[i].frame, "in-", 3) == 0;
        bool named = enveloped && strcmp(fields[i].path, "envelope_id") != 0;
        assert_int_equal(*f.envelope != '\0', named);
    }
}

static void test_wrong(UNUSED void **state) {
    static const struct {
        const char *value;
        bool may[OBJECT + 1]; /* by form */
    } values[] = {
        {"true", {false}},
        {"false", {false}},
        {"[]", {false}},
        {"[7]", {false}},
        {"{}", {false}},
        {"{\"x\":7}", {false}},
        {"-1", {false}},
        {"7", {false}},
        {"7.7", {false}},
        {"1e300", {false}},
        {"\"7.7\"", {[TS] = true, [WORD] = true, [TEXT] = true, [KIND] = true}},
        {"\"U7\"", {[ID] = true, [WORD] = true, [TEXT] = true, [KIND] = true}},
        {"\"U/7\"", {[WORD] = true, [TEXT] = true, [KIND] = true}},
        {"\"../U7\"", {[WORD] = true, [TEXT] = true, [KIND] = true}},
        {"\"u7\"", {[WORD] = true, [TEXT] = true, [KIND] = true}},
        {"\"U7\\n\"", {[TEXT] = true, [KIND] = true}},
        {"\"a \\\"b\"", {[TEXT] = true, [KIND] = true}},
        {"\"あ\"", {[TEXT] = true, [KIND] = true}},
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        for (size_t k = 0; k < ARRAY_LEN(values); k++) {
            bool may = fields[i].use == IGNORED || values[k].may[fields[i].form];
            if (read_with(&fields[i], values[k].value) != may) {
                fail_msg("%s with %s: %s is %s", fields[i].frame, fields[i].path, values[k].value,
                         may ? why : "accepted");
            }
        }
        /* An empty string is as good as none, but where any string is a value. */
        bool needed = fields[i].use == NEEDED && fields[i].form != KIND;
        if (read_with(&fields[i], "\"\"") == needed) {
            fail_msg("%s with an empty %s: %s", fields[i].frame, fields[i].path, why);
        }
    }
}

/* What is chosen is never read as nothing because it looks wrong. */
static void test_wrong_choices(UNUSED void **state) {
    static const struct field option = {"in-block_actions-button",
                                        "payload/state/values/q1/q1_radio/selected_option", OBJECT,
                                        OPTIONAL};
    static const struct field options = {"in-block_actions-button",
                                         "payload/state/values/q1/q1_check/selected_options",
                                         OBJECT, OPTIONAL};
    static const struct field input = {"in-block_actions-button",
                                       "payload/state/values/q1/q1_radio", OBJECT, OPTIONAL};
    static const struct field block = {"in-block_actions-button", "payload/state/values/q1", OBJECT,
                                       OPTIONAL};
    static const struct field values = {"in-block_actions-button", "payload/state/values", OBJECT,
                                        OPTIONAL};
    static const struct field whole = {"in-block_actions-button", "payload/state", OBJECT,
                                       OPTIONAL};
    static const struct {
        const struct field *field;
        const char *value;
        bool good;
    } cases[] = {
        {&option, "{\"value\":7}", false},
        {&option, "{\"text\":\"x\"}", false},
        {&option, "[]", false},
        {&option, "false", false},
        {&options, "{}", false},
        {&options, "{\"value\":\"1\"}", false},
        {&options, "\"1\"", false},
        {&options, "[null]", false},
        {&options, "[[]]", false},
        {&options, "[{\"value\":null}]", false},
        {&options, "[{\"value\":\"1\"},7]", false},
        {&options, "[]", true},
        {&input, "{}", true},
        {&input, "[]", false},
        {&input, "null", false},
        {&input, "\"5\"", false},
        {&block, "{}", true},
        {&block, "[]", false},
        {&block, "[{}]", false},
        {&block, "null", false},
        {&block, "7", false},
        {&values, "{}", true},
        {&values, "null", true},
        {&values, "[]", false},
        {&values, "[{\"a\":{}}]", false},
        {&whole, "{}", true},
        {&whole, "null", true},
        {&whole, "[]", false},
        {&whole, "7", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (read_with(cases[i].field, cases[i].value) != cases[i].good) {
            fail_msg("%s: %s is %s", cases[i].field->path, cases[i].value,
                     cases[i].good ? why : "accepted");
        }
    }
}

/* ---- forms ---- */

static void test_ids(UNUSED void **state) {
    static const char *const good[] = {"U1", "T0RIG0001", "W012A3CDE", "USLACKBOT",
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_true(slack_is_id(good[i]));
    }
    static const char *const bad[] = {
        "",     "U",     "u1",     "U1 ",     "U1\n",         "U/1",
        "../U", "U%2F1", "U1?a=b", "U1あ",    "Ev0AEAEECCCA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456",
        "U-1",  "U_1",   "<@U1>",  "U1|taro", "U1&x",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(slack_is_id(bad[i]));
    }
}

static void test_ts(UNUSED void **state) {
    static const struct {
        const char *ts;
        int64_t ms;
    } cases[] = {
        {"1795399012.090000", 1795399012090},
        {"1795399012.090999", 1795399012090},
        {"1795399012.0", 1795399012000},
        {"1795399012.9", 1795399012900},
        {"1795399012.98", 1795399012980},
        {"1795399012.987", 1795399012987},
        {"0000000000.000000", 0},
        {"0.001", 1},
        {"999999999999.999999", 999999999999999},
        {"1795399012.000000000000000000000", 1795399012000},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(slack_is_ts(cases[i].ts));
        assert_int_equal(slack_ts_ms(cases[i].ts), cases[i].ms);
    }
    static const char *const bad[] = {
        "",
        ".",
        "1",
        "1.",
        ".1",
        "1.1.1",
        "-1.1",
        "+1.1",
        " 1.1",
        "1.1 ",
        "1.1\n",
        "1,1",
        "1.1a",
        "a1.1",
        "1e5.1",
        "１.１",
        "0x1.1",
        "1795399012.-90000",
        "1234567890123.000000",
        "1795399012.0000000000000000000000",
        "1/1.1",
        "inf",
        "nan",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (slack_is_ts(bad[i]) || slack_ts_ms(bad[i]) != 0) {
            fail_msg("'%s' is taken for a ts", bad[i]);
        }
    }
}

static void test_ts_later(UNUSED void **state) {
    static const char *const rising[] = {"9.999999",          "10.000000",         "999999999.9",
                                         "1795399012.090000", "1795399012.090001", "1795399012.1",
                                         "1795399013.000000"};
    for (size_t i = 0; i < ARRAY_LEN(rising); i++) {
        for (size_t k = 0; k < ARRAY_LEN(rising); k++) {
            assert_int_equal(slack_ts_later(rising[i], rising[k]), i > k);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_refused, forget),
        cmocka_unit_test_teardown(test_accepted, forget),
        cmocka_unit_test_teardown(test_envelope, forget),
        cmocka_unit_test_teardown(test_cut, forget),
        cmocka_unit_test_teardown(test_deep, forget),
        cmocka_unit_test_teardown(test_long, forget),
        cmocka_unit_test_teardown(test_missing, forget),
        cmocka_unit_test_teardown(test_wrong, forget),
        cmocka_unit_test_teardown(test_wrong_choices, forget),
        cmocka_unit_test_teardown(test_ids, forget),
        cmocka_unit_test_teardown(test_ts, forget),
        cmocka_unit_test_teardown(test_ts_later, forget),
    };
    return cmocka_run_group_tests_name("slack_wire_bad", tests, NULL, NULL);
}
