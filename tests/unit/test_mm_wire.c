/* Frames and posts of Mattermost: all that was recorded, field by field, and all that is broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bot/mattermost/wire.h"
#include "tests/support/recorded.h"

#define BYTES(s) (s), sizeof(s) - 1
#define ME       "i1rndzru8tbgfdy8okha7jwtga"
#define HANAKO   "63h78fij6jy93x8fkj69nb14sy"
#define TARO     "7n48dpsxr7fq9kkbikydee3qdy"
#define ADMIN    "7p6hhni7yidj8ngexw8bcbi7yh"
#define DM       "ionu3jspb7fjiyqeoyrfiscafw"
#define PUBLIC   "ngcmi4rgojrbpnikh1cnm1xkrh"

static struct arena a;
static struct mm_frame f;
static const char *why;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

/* From memory that ends where the text does. */
static bool read_bytes(const char *text, size_t n) {
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    why = "untouched";
    bool good = mm_frame_read(&a, copy, n, &f, &why);
    free(copy);
    if (!good && (!why || !*why || strcmp(why, "untouched") == 0)) {
        fail_msg("no reason for %.80s", text);
    }
    return good;
}

static bool read_text(const char *text) {
    return read_bytes(text, strlen(text));
}

static void read_recorded(const char *name) {
    size_t n;
    const char *text = recorded_text(&a, name, &n);
    if (!read_bytes(text, n)) {
        fail_msg("%s: %s", name, why);
    }
}

static void assert_post(const char *name, const struct mm_post *got, const struct mm_post *want) {
    const char *const pairs[][2] = {{got->id, want->id},           {got->user, want->user},
                                    {got->channel, want->channel}, {got->root, want->root},
                                    {got->message, want->message}, {got->key, want->key}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (strcmp(pairs[i][0], pairs[i][1]) != 0) {
            fail_msg("%s, text %zu: '%s'", name, i, pairs[i][0]);
        }
    }
    if (got->create_ms != want->create_ms || got->system != want->system ||
        got->automatic != want->automatic || got->past != want->past) {
        fail_msg("%s: %lld, system %d, automatic %d, past %d", name, (long long)got->create_ms,
                 got->system, got->automatic, got->past);
    }
}

/* ---- what was recorded ---- */

static void test_posted(UNUSED void **state) {
    enum { SYSTEM = 1, AUTOMATIC = 2 };
    static const struct {
        const char *name;
        int64_t seq;
        int64_t create_ms;
        const char *id;
        const char *user;
        const char *channel;
        const char *root;
        const char *message;
        char type;
        char is;
    } cases[] = {
        {"ws-posted-dm", 2, 1795396903459, "fz5ud8hwm3gb88d33ybnspqnze", HANAKO, DM, "",
         "おはようございます、きづきさん。今日の気づきを登録したいです。", 'D', 0},
        {"handmade-v11-posted", 2, 1795396903459, "fz5ud8hwm3gb88d33ybnspqnze", HANAKO, DM, "",
         "おはようございます、きづきさん。", 'D', 0},
        {"ws-posted-numbered-answer", 42, 1795397813285, "on13gojy7pn6tg8ztst1atxhny", HANAKO, DM,
         "48adjib9ofbhfy74me44a8ji1o", "２", 'D', 0},
        {"ws-posted-own-thread-reply", 3, 1795396903992, "yr8d54n89iy5brpre6sis5yykc", ME, DM,
         "fz5ud8hwm3gb88d33ybnspqnze",
         "承知しました。どの種類の気づきですか？\n1. 改善\n2. 危険\n3. 感謝", 'D', AUTOMATIC},
        {"ws-posted-with-buttons", 2, 1795397668365, "efoaqarf87ns9x9nzu1b7h4mna", ME, DM, "", "",
         'D', AUTOMATIC},
        {"ws-posted-public-mention", 4, 1795396904517, "qnewppkfq3ftxfhtqanc95oskh", TARO, PUBLIC,
         "", "@kizuki ヘルプ", 'O', 0},
        {"ws-posted-private-no-mention", 5, 1795396905035, "ih9e4izo3fda5nbge5fkqfbake", TARO,
         "qibm79k6ipn83eph53a1ibmmcr", "", "非公開チャンネルのメモ（メンションなし）", 'P', 0},
        {"ws-posted-group-message", 6, 1795396905548, "q5ne88e653n3ibcqqpugyte59y", HANAKO,
         "sxbtxx6zijrtfjxsekyiqtbbfc", "", "グループメッセージのテスト", 'G', 0},
        {"ws-posted-by-another-bot", 2, 1795397875640, "3667di7wctydfnkm96a8nncfio",
         "zphkqmtk5pnbfmfdr8ymdg1qno", PUBLIC, "", "@kizuki ボットからのメンション", 'O',
         AUTOMATIC},
        {"ws-posted-by-incoming-webhook", 70, 1795397814239, "3p17cko6dpramnj91z34f77eqh", ADMIN,
         PUBLIC, "", "@kizuki ウェブフック", 'O', AUTOMATIC},
        {"ws-posted-slash-in-channel-response", 9, 1795397704231, "zw93d6jzx3y9fc7yrx83yfgkqw",
         HANAKO, PUBLIC, "", "あとからの返信", 'O', AUTOMATIC},
        {"ws-posted-bot-at-all", 51, 1795397813720, "tyf4c3iitfrktrummofm1up5rc", ME, PUBLIC, "",
         "@all テスト", 'O', AUTOMATIC},
        {"ws-posted-me-command", 71, 1795397814257, "agiszfj4qtnhpeficshy5b4xqw", HANAKO, PUBLIC,
         "", "*おどる*", 'O', SYSTEM},
        {"ws-posted-system-add-to-channel", 21, 1795396911457, "5o6mwymitpfdbq5m1qfw533c5y", ADMIN,
         PUBLIC, "", "newbie10354 added to the channel by admin.", 'O', SYSTEM},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mm_post want = {.id = cases[i].id,
                               .user = cases[i].user,
                               .channel = cases[i].channel,
                               .root = cases[i].root,
                               .message = cases[i].message,
                               .key = "",
                               .create_ms = cases[i].create_ms,
                               .system = cases[i].is == SYSTEM,
                               .automatic = cases[i].is == AUTOMATIC};
        read_recorded(cases[i].name);
        if (f.kind != MM_FRAME_POSTED || f.seq != cases[i].seq || f.channel_type != cases[i].type) {
            fail_msg("%s: kind %d, seq %lld, type %c", cases[i].name, (int)f.kind, (long long)f.seq,
                     f.channel_type);
        }
        assert_post(cases[i].name, &f.post, &want);
    }
}

static void test_hello(UNUSED void **state) {
    read_recorded("ws-hello");
    assert_int_equal(f.kind, MM_FRAME_HELLO);
    assert_int_equal(f.seq, 0);
    assert_string_equal(f.connection, "a3ryygw6i7fg9kjmad9ycqguiy");
    assert_string_equal(f.version, "5.37.0..027a41fb8c1580656b0aefb9cd721428.false");
    read_recorded("handmade-v11-hello");
    assert_int_equal(f.kind, MM_FRAME_HELLO);
    assert_int_equal(f.seq, 0);
    assert_string_equal(f.connection, "hzg47a5pmtnstk5yh3ymzr4rtc");
    assert_string_equal(f.version, "11.9.0.11.9.0.3ae9e82cf93a1c6625746e26946fd27e.false");
}

static void test_reactions(UNUSED void **state) {
    static const struct {
        const char *name;
        int64_t seq;
        bool added;
        int64_t create_ms;
    } cases[] = {
        {"ws-reaction-added", 8, true, 1795396906583},
        {"ws-reaction-removed", 9, false, 0},
        {"handmade-v11-reaction-added", 8, true, 1795396906583},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_recorded(cases[i].name);
        assert_int_equal(f.kind, MM_FRAME_REACTION);
        assert_int_equal(f.seq, cases[i].seq);
        assert_int_equal(f.added, cases[i].added);
        assert_string_equal(f.reaction.user, HANAKO);
        assert_string_equal(f.reaction.post, "yr8d54n89iy5brpre6sis5yykc");
        assert_string_equal(f.reaction.emoji, "one");
        assert_int_equal(f.reaction.create_ms, cases[i].create_ms);
    }
}

/* What happens around messages: channels and accounts, and all that is none of our business. */
static void test_other_events(UNUSED void **state) {
    static const struct {
        const char *name;
        enum mm_frame_kind kind;
        int64_t seq;
        const char *user;
    } cases[] = {
        {"ws-direct-added", MM_FRAME_CHANNEL, 13, ""},
        {"ws-user-added-self", MM_FRAME_CHANNEL, 16, ME},
        {"ws-user-added", MM_FRAME_CHANNEL, 17, "eges9mz4r3yjpmgs9medo3oz3a"},
        {"ws-user-updated", MM_FRAME_USER, 22, HANAKO},
        {"ws-user-removed-self", MM_FRAME_OTHER, 18, ""},
        {"ws-new-user", MM_FRAME_OTHER, 15, ""},
        {"ws-post-edited", MM_FRAME_OTHER, 7, ""},
        {"ws-post-edited-after-button", MM_FRAME_OTHER, 3, ""},
        {"ws-post-deleted", MM_FRAME_OTHER, 10, ""},
        {"ws-typing", MM_FRAME_OTHER, 11, ""},
        {"ws-status-change", MM_FRAME_OTHER, 13, ""},
        {"ws-channel-viewed", MM_FRAME_OTHER, 12, ""},
        {"handmade-v11-multiple-channels-viewed", MM_FRAME_OTHER, 5, ""},
        {"ws-ephemeral-message", MM_FRAME_OTHER, 24, ""},
        {"ws-ephemeral-after-button", MM_FRAME_OTHER, 4, ""},
        {"ws-ephemeral-slash-response", MM_FRAME_OTHER, 8, ""},
        {"ws-open-dialog", MM_FRAME_OTHER, 7, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_recorded(cases[i].name);
        if (f.kind != cases[i].kind || f.seq != cases[i].seq ||
            strcmp(f.user.id, cases[i].user) != 0) {
            fail_msg("%s: kind %d, seq %lld, user '%s'", cases[i].name, (int)f.kind,
                     (long long)f.seq, f.user.id);
        }
    }
}

static void test_user_updated(UNUSED void **state) {
    read_recorded("ws-user-updated"); /* the user is an object here, no string that holds one */
    assert_string_equal(f.user.username, "hanako");
    assert_string_equal(f.user.locale, "ja");
    assert_false(f.user.bot);
    assert_false(f.user.deactivated);
    assert_true(read_text("{\"event\":\"user_updated\",\"data\":{\"user\":\"{\\\"id\\\":\\\"" HANAKO
                          "\\\",\\\"locale\\\":\\\"en\\\",\\\"delete_at\\\":5,\\\"is_bot\\\":true}"
                          "\"},\"seq\":3}"));
    assert_int_equal(f.kind, MM_FRAME_USER);
    assert_string_equal(f.user.id, HANAKO);
    assert_string_equal(f.user.username, "");
    assert_string_equal(f.user.locale, "en");
    assert_true(f.user.bot);
    assert_true(f.user.deactivated);
    assert_true(read_text("{\"event\":\"group_added\",\"data\":{\"teammate_ids\":\"[]\"},"
                          "\"seq\":4}"));
    assert_int_equal(f.kind, MM_FRAME_CHANNEL);
    assert_string_equal(f.user.id, "");
}

static void test_replies(UNUSED void **state) {
    static const struct {
        const char *name;
        bool ok;
        int64_t seq_reply;
        int64_t server_ms;
    } cases[] = {
        {"ws-ping-action-reply", true, 1, 1795396998441},
        {"ws-get-statuses-by-ids-reply", true, 5, 0},
        {"ws-bad-seq-error", false, 0, 0},
        {"ws-unknown-action-error", false, 2, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        cJSON *json = recorded_json(cases[i].name);
        assert_true(read_text(printed(&a, json_member(json, "server_reply"))));
        cJSON_Delete(json);
        if (f.kind != MM_FRAME_REPLY || f.ok != cases[i].ok || f.seq_reply != cases[i].seq_reply ||
            f.server_ms != cases[i].server_ms) {
            fail_msg("%s: kind %d, ok %d, %lld, %lld", cases[i].name, (int)f.kind, f.ok,
                     (long long)f.seq_reply, (long long)f.server_ms);
        }
    }
    /* A bot that was disabled and enabled again: refused for ever, though the socket is open. */
    cJSON *json = recorded_json("ws-bot-disabled-then-enabled");
    const cJSON *after = json_member(json_member(json, "after_reenable"), "application_ping_reply");
    assert_true(read_text(printed(&a, cJSON_GetArrayItem(after, 0))));
    assert_int_equal(f.kind, MM_FRAME_REPLY);
    assert_false(f.ok);
    assert_int_equal(f.seq_reply, 2);
    cJSON_Delete(json);
    /* What answers an authentication_challenge. */
    assert_true(read_text("{\"status\":\"OK\",\"seq_reply\":1}\n"));
    assert_true(f.ok);
    assert_int_equal(f.seq, -1);
}

/* A resume: what was missed, with the old numbers; and the server's fault that sends it twice. */
static void test_several_frames(UNUSED void **state) {
    static const char *const names[] = {"ws-resume-success",
                                        "ws-duplicate-delivery-after-failed-resume"};
    static const int posted[] = {6, 2};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        cJSON *json = recorded_json(names[i]);
        const cJSON *frame;
        int n = 0;
        const char *last = "";
        int64_t seq = i == 0 ? 2 : -1;
        cJSON_ArrayForEach(frame, json_member(json, "server_frames")) {
            assert_true(read_text(printed(&a, frame)));
            assert_true(f.seq > seq);
            seq = f.seq;
            if (f.kind == MM_FRAME_POSTED) {
                n++;
                assert_true(i == 1 || strcmp(f.post.id, last) != 0);
                last = f.post.id;
            }
        }
        assert_int_equal(n, posted[i]);
        cJSON_Delete(json);
    }
}

static void test_posts_and_people(UNUSED void **state) {
    struct mm_post post;
    struct mm_post want;
    cJSON *decoded = recorded_json("ws-posted-dm.data.post-decoded");
    assert_true(mm_post_read(&a, decoded, &post));
    read_recorded("ws-posted-dm");
    want = f.post;
    assert_post("ws-posted-dm.data.post-decoded", &post, &want);
    cJSON_Delete(decoded);
    /* A post with our own key. */
    cJSON *flow = recorded_json("flow-outbox-reconcile");
    assert_true(mm_post_read(&a, json_member(json_member(flow, "reconcile"), "found"), &post));
    assert_string_equal(post.key, "outbox-77");
    assert_string_equal(post.user, ME);
    assert_true(post.automatic);
    cJSON_Delete(flow);
    /* A page by time holds a deleted post and the archived text of an edited one. */
    static const bool past[] = {false, false, false, false, true, false, true, false};
    cJSON *page = recorded_json("rest-channel-posts-since");
    const cJSON *body = json_member(json_member(page, "response"), "body");
    const cJSON *order = json_member(body, "order");
    assert_int_equal(cJSON_GetArraySize(order), ARRAY_LEN(past));
    for (int i = 0; i < (int)ARRAY_LEN(past); i++) {
        const char *id = cJSON_GetArrayItem(order, i)->valuestring;
        assert_true(mm_post_read(&a, json_member(json_member(body, "posts"), id), &post));
        assert_string_equal(post.id, id);
        assert_int_equal(post.past, past[i]);
    }
    cJSON_Delete(page);
    static const struct {
        const char *name;
        int item; /* -1: the body itself */
        struct mm_user want;
    } cases[] = {
        {"rest-users-me-bot", -1, {ME, "kizuki", "en", true, false}},
        {"rest-users-by-ids", 0, {ADMIN, "admin", "ja", false, false}},
        {"rest-users-by-ids", 2, {"zphkqmtk5pnbfmfdr8ymdg1qno", "otherbot", "en", true, false}},
        {"rest-deactivated-user",
         -1,
         {"nwwj47jzitry8dz76bcmpxwgmo", "leaver84507", "en", false, true}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mm_user user;
        cJSON *json = recorded_json(cases[i].name);
        const cJSON *at = json_member(json_member(json, "response"), "body");
        at = cases[i].item < 0 ? at : cJSON_GetArrayItem(at, cases[i].item);
        assert_true(mm_user_read(&a, at, &user));
        cJSON_Delete(json);
        assert_string_equal(user.id, cases[i].want.id);
        assert_string_equal(user.username, cases[i].want.username);
        assert_string_equal(user.locale, cases[i].want.locale);
        assert_int_equal(user.bot, cases[i].want.bot);
        assert_int_equal(user.deactivated, cases[i].want.deactivated);
    }
}

/* Who speaks, and whether it still stands, by the keys that say so. */
static void test_flags(UNUSED void **state) {
    static const struct {
        const char *json; /* members of the post */
        bool system;
        bool automatic;
        bool past;
        const char *key;
    } cases[] = {
        {"\"props\":{}", false, false, false, ""},
        {"\"props\":null", false, false, false, ""},
        {"\"props\":[]", false, false, false, ""},
        {"\"props\":{\"from_bot\":\"true\"}", false, true, false, ""},
        {"\"props\":{\"from_bot\":true}", false, true, false, ""},
        {"\"props\":{\"from_bot\":\"false\"}", false, false, false, ""},
        {"\"props\":{\"from_bot\":false}", false, false, false, ""},
        {"\"props\":{\"from_bot\":null}", false, false, false, ""},
        {"\"props\":{\"from_webhook\":\"true\"}", false, true, false, ""},
        {"\"props\":{\"from_plugin\":\"true\"}", false, true, false, ""},
        {"\"props\":{\"from_oauth_app\":\"true\"}", false, true, false, ""},
        {"\"props\":{\"kizuki_key\":\"k-1\"}", false, false, false, "k-1"},
        {"\"props\":{\"kizuki_key\":7}", false, false, false, ""},
        {"\"type\":\"\"", false, false, false, ""},
        {"\"type\":\"me\"", true, false, false, ""},
        {"\"type\":\"custom_poll\"", true, false, false, ""},
        {"\"delete_at\":0", false, false, false, ""},
        {"\"delete_at\":1795397578395", false, false, true, ""},
        {"\"original_id\":\"ngzxjzdr8ffcfc156hg8cfqgdr\"", false, false, true, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *text = arena_printf(
            &a,
            "{\"event\":\"posted\",\"seq\":1,\"data\":{\"channel_type\":\"D\",\"post\":{"
            "\"id\":\"%s\",\"user_id\":\"%s\",\"channel_id\":\"%s\",\"message\":\"m\","
            "\"create_at\":1,%s}}}",
            HANAKO, HANAKO, DM, cases[i].json);
        struct mm_post want = {.id = HANAKO,
                               .user = HANAKO,
                               .channel = DM,
                               .root = "",
                               .message = "m",
                               .key = cases[i].key,
                               .create_ms = 1,
                               .system = cases[i].system,
                               .automatic = cases[i].automatic,
                               .past = cases[i].past};
        assert_true(read_text(text));
        assert_post(cases[i].json, &f.post, &want);
    }
}

static void test_ids(UNUSED void **state) {
    assert_true(mm_is_id("abcdefghijklmnopqrstuvwxyz"));
    assert_true(mm_is_id("00000000001111111111222222"));
    static const char *const bad[] = {
        "",
        "abcdefghijklmnopqrstuvwxy",
        "abcdefghijklmnopqrstuvwxyz0",
        "Abcdefghijklmnopqrstuvwxyz",
        "abcdefghijklm/opqrstuvwxyz",
        "abcdefghijklmnopqrstuvwxy/",
        "../../users/me/posts/abcde",
        "abcdefghijklmnopqrstuvwxy ",
        "abcdefghijklmnopqrstuvwxy\n",
        "abcdefghijklmnopqrstuvw%2f",
        "abcdefghijklmnopqrstuvwxy?",
        "abcdefghijklmnopqrstuvwあ",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(mm_is_id(bad[i]));
    }
}

static void test_numbers(UNUSED void **state) {
    static const struct {
        const char *json;
        int64_t n;
    } cases[] = {
        {"{\"n\":0}", 0},
        {"{\"n\":1795396903459}", 1795396903459},
        {"{\"n\":1e3}", 1000},
        {"{\"n\":9007199254740991}", 9007199254740991},
        {"{\"n\":-1}", -7},
        {"{\"n\":1e300}", -7},
        {"{\"n\":-1e300}", -7},
        {"{\"n\":1e999}", -7},
        {"{\"n\":\"5\"}", -7},
        {"{\"n\":true}", -7},
        {"{\"n\":null}", -7},
        {"{\"n\":[5]}", -7},
        {"{\"N\":5}", -7},
        {"[5]", -7},
        {"{\"n\":18446744073709551615}", -7},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json_error err;
        cJSON *json = json_parse(cases[i].json, strlen(cases[i].json), 1000, &err);
        assert_non_null(json);
        if (mm_number(json, "n", -7) != cases[i].n) {
            fail_msg("%s: %lld", cases[i].json, (long long)mm_number(json, "n", -7));
        }
        cJSON_Delete(json);
    }
    assert_int_equal(mm_number(NULL, "n", -7), -7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_posted, forget),
        cmocka_unit_test_teardown(test_hello, forget),
        cmocka_unit_test_teardown(test_reactions, forget),
        cmocka_unit_test_teardown(test_other_events, forget),
        cmocka_unit_test_teardown(test_user_updated, forget),
        cmocka_unit_test_teardown(test_replies, forget),
        cmocka_unit_test_teardown(test_several_frames, forget),
        cmocka_unit_test_teardown(test_posts_and_people, forget),
        cmocka_unit_test_teardown(test_flags, forget),
        cmocka_unit_test_teardown(test_ids, forget),
        cmocka_unit_test_teardown(test_numbers, forget),
    };
    return cmocka_run_group_tests_name("mm_wire", tests, NULL, NULL);
}
