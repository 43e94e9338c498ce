/*
 * Frames of Mattermost that are cut, deep, long, or wrong in one field, and long lists: nothing
 * crashes, nothing is read beyond the end, and what is accepted is what was sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "bot/mattermost/wire.h"
#include "tests/support/recorded.h"

#define BYTES(s) (s), sizeof(s) - 1
#define HANAKO   "63h78fij6jy93x8fkj69nb14sy"
#define DM       "ionu3jspb7fjiyqeoyrfiscafw"
#define POST                                                                                       \
    "{\\\"id\\\":\\\"" HANAKO "\\\",\\\"user_id\\\":\\\"" HANAKO "\\\",\\\"channel_id\\\":\\\"" DM \
    "\\\",\\\"create_at\\\":1,"
#define HEAD "{\"event\":\"posted\",\"seq\":9,\"data\":{\"channel_type\":\"D\",\"post\":\""
#define TAIL "\"}}"

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

static bool read_json(const cJSON *json) {
    const char *text = printed(&a, json);
    return read_bytes(text, strlen(text));
}

/* ---- broken as a whole ---- */

static void test_refused(UNUSED void **state) {
    static const struct {
        const char *text;
        size_t n;
        int64_t seq; /* it counts even where the rest is useless */
    } cases[] = {
        {BYTES(""), -1},
        {BYTES("\n"), -1},
        {BYTES(" "), -1},
        {BYTES("null"), -1},
        {BYTES("[]"), -1},
        {BYTES("{}"), -1},
        {BYTES("7"), -1},
        {BYTES("\"posted\""), -1},
        {BYTES("Bad Request\n{}"), -1},
        {BYTES("{\"seq\":4}"), 4},
        {BYTES("{\"event\":\"\",\"seq\":4}"), 4},
        {BYTES("{\"event\":7,\"seq\":4}"), 4},
        {BYTES("{\"status\":7,\"seq_reply\":4}"), -1},
        {BYTES("{\"event\":\"typing\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":\"4\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":-4}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":1e30}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4} x"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4}{}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4}\n\nx"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4}\0"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4,\"x\":\"\xff\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4,\"x\":\"\xe3\x81\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4,\"x\":\"\xed\xa0\x80\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4,\"x\":\"a\0b\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4,\"x\":\"\\u0000\"}"), -1},
        {BYTES("{\"event\":\"typing\",\"seq\":4,\"x\":\"\\ud800\"}"), -1},
        {BYTES("{\"event\":\"typing\\u0000\",\"seq\":4}"), -1},
        {BYTES("{\"event\":\"posted\",\"seq\":4}"), 4},
        {BYTES("{\"event\":\"posted\",\"seq\":4,\"data\":[]}"), 4},
        {BYTES(HEAD TAIL), 9},
        {BYTES(HEAD "null" TAIL), 9},
        {BYTES(HEAD "[]" TAIL), 9},
        {BYTES(HEAD "not JSON" TAIL), 9},
        {BYTES(HEAD "\\\"a string\\\"" TAIL), 9},
        {BYTES(HEAD POST "\\\"message\\\":\\\"m\\\"" TAIL), 9},    /* no closing brace */
        {BYTES(HEAD POST "\\\"message\\\":\\\"m\\\"}}" TAIL), 9},  /* one too many */
        {BYTES(HEAD POST "\\\"message\\\":\\\"m\\\"} x" TAIL), 9}, /* garbage behind */
        {BYTES(HEAD POST "\\\"message\\\":\\\"\\\\u0000\\\"}" TAIL), 9} /* a NUL inside */,
        {BYTES(HEAD POST "\\\"message\\\":\\\"\\\\ud800\\\"}" TAIL), 9},
        {BYTES("{\"event\":\"reaction_added\",\"seq\":4,\"data\":{\"reaction\":\"{\"}}"), 4},
        {BYTES("{\"event\":\"user_updated\",\"seq\":4,\"data\":{\"user\":\"{}\"}}"), 4},
        {BYTES("{\"event\":\"hello\",\"seq\":0,\"data\":{\"connection_id\":\"\"}}"), 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (read_bytes(cases[i].text, cases[i].n) || f.seq != cases[i].seq) {
            fail_msg("case %zu (%s): seq %lld", i, cases[i].text, (long long)f.seq);
        }
    }
}

/* Next to the broken ones, what must not be mistaken for them. */
static void test_accepted(UNUSED void **state) {
    static const struct {
        const char *text;
        enum mm_frame_kind kind;
        const char *message;
    } cases[] = {
        {"{\"event\":\"typing\",\"seq\":4}", MM_FRAME_OTHER, NULL},
        {" {\"event\":\"typing\",\"seq\":4} \r\n\n", MM_FRAME_OTHER, NULL},
        {"{\"event\":\"of_next_year\",\"seq\":4,\"data\":7}", MM_FRAME_OTHER, NULL},
        {"{\"status\":\"FAIL\"}", MM_FRAME_REPLY, NULL},
        {"{\"status\":\"\"}", MM_FRAME_REPLY, NULL},
        {HEAD POST "\\\"message\\\":\\\"\\\"}" TAIL, MM_FRAME_POSTED, ""},
        {HEAD POST "\\\"message\\\":\\\"m\\\"}" TAIL "\n", MM_FRAME_POSTED, "m"},
        /* Somebody typed a backslash, a u and four zeros. */
        {HEAD POST "\\\"message\\\":\\\"\\\\\\\\u0000\\\"}" TAIL, MM_FRAME_POSTED, "\\u0000"},
        {HEAD POST "\\\"message\\\":\\\"\\\\u003c\\\\ud83d\\\\ude00\\\\n\\\"}" TAIL,
         MM_FRAME_POSTED, "<😀\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (!read_bytes(cases[i].text, strlen(cases[i].text)) || f.kind != cases[i].kind) {
            fail_msg("case %zu (%s): %s, kind %d", i, cases[i].text, why, (int)f.kind);
        }
        if (cases[i].message) {
            assert_string_equal(f.post.message, cases[i].message);
        }
    }
}

static void test_cut(UNUSED void **state) {
    static const char *const names[] = {"ws-posted-dm", "ws-posted-by-incoming-webhook",
                                        "ws-reaction-added", "ws-hello"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct arena own = {0};
        size_t n;
        const char *text = recorded_text(&own, names[i], &n);
        size_t end = n;
        while (text[end - 1] == '\n') {
            end--;
        }
        assert_true(read_bytes(text, end));
        for (size_t cut = 0; cut < end; cut++) {
            if (read_bytes(text, cut)) {
                fail_msg("%s is accepted with %zu of %zu bytes", names[i], cut, end);
            }
            arena_reset(&a);
        }
        arena_free(&own);
    }
    /* The JSON inside the string, cut. */
    cJSON *json = recorded_json("ws-posted-dm");
    cJSON *data = cJSON_GetObjectItem(json, "data");
    const char *post = arena_strdup(&a, json_string(data, "post"));
    struct arena own = {0};
    for (size_t cut = 0; cut <= strlen(post); cut++) {
        if (text_valid(post, cut)) {
            cJSON_ReplaceItemInObject(data, "post",
                                      cJSON_CreateString(arena_strndup(&own, post, cut)));
            assert_int_equal(read_json(json), cut == strlen(post));
        }
        arena_reset(&own);
    }
    arena_free(&own);
    cJSON_Delete(json);
}

static const char *nested(size_t depth, const char *before, const char *after) {
    struct buf b;
    buf_init(&b, 100000);
    buf_adds(&b, before);
    for (size_t i = 0; i < depth; i++) {
        buf_adds(&b, "[");
    }
    for (size_t i = 0; i < depth; i++) {
        buf_adds(&b, "]");
    }
    buf_adds(&b, after);
    const char *text = arena_strdup(&a, buf_text(&b));
    buf_free(&b);
    return text;
}

static void test_deep(UNUSED void **state) {
    static const struct {
        size_t depth;
        const char *before;
        const char *after;
        bool good;
    } cases[] = {
        {900, "{\"event\":\"typing\",\"seq\":4,\"x\":", "}", true},
        {1001, "{\"event\":\"typing\",\"seq\":4,\"x\":", "}", false},
        {40000, "{\"event\":\"typing\",\"seq\":4,\"x\":", "}", false},
        {900, HEAD POST "\\\"message\\\":\\\"m\\\",\\\"x\\\":", "}" TAIL, true},
        {1001, HEAD POST "\\\"message\\\":\\\"m\\\",\\\"x\\\":", "}" TAIL, false},
        {900,
         "{\"event\":\"user_updated\",\"seq\":1,\"data\":{\"user\":{\"id\":\"" HANAKO "\",\"x\":",
         "}}}", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *text = nested(cases[i].depth, cases[i].before, cases[i].after);
        if (read_bytes(text, strlen(text)) != cases[i].good) {
            fail_msg("case %zu: %s", i, cases[i].good ? why : "accepted");
        }
    }
}

static void test_long(UNUSED void **state) {
    static const char head[] = HEAD POST "\\\"message\\\":\\\"";
    static const char tail[] = "\\\"}" TAIL;
    size_t room = MM_MESSAGE_MAX_BYTES - (sizeof(head) - 1) - (sizeof(tail) - 1);
    for (size_t more = 0; more < 2; more++) {
        struct buf b;
        buf_init(&b, MM_MESSAGE_MAX_BYTES * 2);
        buf_adds(&b, head);
        for (size_t i = 0; i < room + more; i++) {
            buf_add(&b, "x", 1);
        }
        buf_adds(&b, tail);
        assert_false(b.overflow);
        assert_int_equal(read_bytes(buf_text(&b), b.len), more == 0);
        if (more == 0) {
            assert_int_equal(strlen(f.post.message), room);
        } else {
            assert_non_null(strstr(why, "longer"));
        }
        buf_free(&b);
    }
}

/* ---- one field at a time ---- */

enum level { FRAME, DATA, INNER };
enum form { ID, WORD, TEXT, NUMBER, OBJECT };

static const struct field {
    const char *frame;
    const char *inner; /* the member of data that holds an object */
    enum level level;
    const char *key;
    enum form form;
    bool needed;
} fields[] = {
    {"ws-posted-dm", "post", FRAME, "event", WORD, true},
    {"ws-posted-dm", "post", FRAME, "seq", NUMBER, true},
    {"ws-posted-dm", "post", FRAME, "data", OBJECT, true},
    {"ws-posted-dm", "post", FRAME, "broadcast", OBJECT, false},
    {"ws-posted-dm", "post", DATA, "post", OBJECT, true},
    {"ws-posted-dm", "post", DATA, "channel_type", WORD, true},
    {"ws-posted-dm", "post", DATA, "mentions", TEXT, false},
    {"ws-posted-dm", "post", DATA, "sender_name", TEXT, false},
    {"ws-posted-dm", "post", INNER, "id", ID, true},
    {"ws-posted-dm", "post", INNER, "user_id", ID, true},
    {"ws-posted-dm", "post", INNER, "channel_id", ID, true},
    {"ws-posted-dm", "post", INNER, "message", TEXT, true},
    {"ws-posted-dm", "post", INNER, "create_at", NUMBER, true},
    {"ws-posted-dm", "post", INNER, "root_id", ID, false},
    {"ws-posted-dm", "post", INNER, "original_id", ID, false},
    {"ws-posted-dm", "post", INNER, "type", TEXT, false},
    {"ws-posted-dm", "post", INNER, "props", OBJECT, false},
    {"ws-posted-dm", "post", INNER, "delete_at", NUMBER, false},
    {"ws-posted-dm", "post", INNER, "metadata", OBJECT, false},
    {"ws-reaction-added", "reaction", DATA, "reaction", OBJECT, true},
    {"ws-reaction-added", "reaction", INNER, "user_id", ID, true},
    {"ws-reaction-added", "reaction", INNER, "post_id", ID, true},
    {"ws-reaction-added", "reaction", INNER, "emoji_name", WORD, true},
    {"ws-reaction-added", "reaction", INNER, "create_at", NUMBER, false},
    {"ws-hello", "", DATA, "connection_id", ID, true},
    {"ws-hello", "", DATA, "server_version", TEXT, false},
    {"ws-user-updated", "user", DATA, "user", OBJECT, true},
    {"ws-user-updated", "user", INNER, "id", ID, true},
    {"ws-user-updated", "user", INNER, "username", TEXT, false},
    {"ws-user-updated", "user", INNER, "locale", TEXT, false},
    {"ws-user-updated", "user", INNER, "delete_at", NUMBER, false},
    {"ws-user-added", "", DATA, "user_id", ID, false},
};

/* The recorded frame with that value in that field, or without it; the inner object as a string,
 * as servers send it. */
static bool read_with(const struct field *field, const char *value) {
    cJSON *json = recorded_json(field->frame);
    cJSON *data = cJSON_GetObjectItem(json, "data");
    struct json_error err;
    cJSON *inner = NULL;
    if (field->level == INNER) {
        const char *text = json_string(data, field->inner);
        inner = text ? json_parse(text, strlen(text), 10000, &err)
                     : cJSON_Duplicate(json_member(data, field->inner), 1);
        assert_non_null(inner);
    }
    cJSON *at = field->level == FRAME ? json : field->level == DATA ? data : inner;
    assert_non_null(json_member(at, field->key));
    cJSON_DeleteItemFromObjectCaseSensitive(at, field->key);
    if (value) {
        cJSON *item = json_parse(value, strlen(value), 10000, &err);
        assert_non_null(item);
        cJSON_AddItemToObject(at, field->key, item);
    }
    if (inner) {
        cJSON_ReplaceItemInObjectCaseSensitive(data, field->inner,
                                               cJSON_CreateString(printed(&a, inner)));
        cJSON_Delete(inner);
    }
    bool good = read_json(json);
    cJSON_Delete(json);
    return good;
}

static void test_missing(UNUSED void **state) {
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (read_with(&fields[i], NULL) == fields[i].needed) {
            fail_msg("%s without %s", fields[i].frame, fields[i].key);
        }
        bool numbered = strcmp(fields[i].key, "seq") != 0;
        assert_int_equal(f.seq >= 0, numbered);
    }
}

static void test_wrong_type(UNUSED void **state) {
    static const struct {
        const char *value;
        bool may[OBJECT + 1]; /* by form */
    } values[] = {
        {"null", {false}},         {"true", {false}},
        {"false", {false}},        {"[]", {false}},
        {"[7]", {false}},          {"{}", {false}},
        {"{\"id\":7}", {false}},   {"-1", {false}},
        {"1e300", {false}},        {"7", {[NUMBER] = true}},
        {"\"\"", {[TEXT] = true}}, {"\"7\"", {[TEXT] = true, [WORD] = true}},
    };
    struct mm_frame before;
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        for (size_t k = 0; k < ARRAY_LEN(values); k++) {
            bool good = read_with(&fields[i], values[k].value);
            if (fields[i].needed && good != values[k].may[fields[i].form]) {
                fail_msg("%s with %s: %s", fields[i].frame, fields[i].key, values[k].value);
            }
            if (good && f.kind == MM_FRAME_POSTED) {
                before = f;
                assert_true(mm_is_id(before.post.id) && mm_is_id(before.post.user));
                assert_true(mm_is_id(before.post.channel) && before.post.create_ms > 0);
                assert_true(!*before.post.root || mm_is_id(before.post.root));
            }
        }
    }
}

static void test_wrong_id(UNUSED void **state) {
    static const char *const ids[] = {
        "\"abcdefghijklmnopqrstuvwxy\"",  "\"abcdefghijklmnopqrstuvwxyz0\"",
        "\"Abcdefghijklmnopqrstuvwxyz\"", "\"abcdefghijklm/opqrstuvwxyz\"",
        "\"../../users/me/posts/abcde\"", "\"abcdefghijklmnopqrstuvwxy\\n\"",
        "\"abcdefghijklmnopqrstuvwx%2\"", "\"abcdefghijklmnopqrstuvwあ\"",
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        for (size_t k = 0; k < ARRAY_LEN(ids) && fields[i].form == ID; k++) {
            if (read_with(&fields[i], ids[k])) {
                fail_msg("%s with %s: %s", fields[i].frame, fields[i].key, ids[k]);
            }
            assert_true(f.seq >= 0);
        }
    }
}

/* A number that is not whole is none. */
static void test_fractions(UNUSED void **state) {
    static const struct field seq = {"ws-posted-dm", "post", FRAME, "seq", NUMBER, true};
    static const struct field at = {"ws-posted-dm", "post", INNER, "create_at", NUMBER, true};
    assert_false(read_with(&seq, "2.5"));
    assert_int_equal(f.seq, -1);
    assert_false(read_with(&at, "1795396903459.5"));
    assert_false(read_with(&at, "0.5"));
}

/* Bytes changed at random: what is accepted still has the form that is promised. */
static void test_damaged(UNUSED void **state) {
    size_t n;
    const char *text = recorded_text(&a, "ws-posted-own-thread-reply", &n);
    char *copy = malloc(n);
    assert_non_null(copy);
    uint32_t seed = 20261123;
    int accepted = 0;
    struct arena own = {0};
    for (int round = 0; round < 20000; round++) {
        memcpy(copy, text, n);
        for (int i = 0; i < 2; i++) {
            seed = seed * 1664525 + 1013904223;
            copy[(seed >> 8) % n] = (char)(seed >> 3);
        }
        if (mm_frame_read(&own, copy, n, &f, &why) && f.kind == MM_FRAME_POSTED) {
            accepted++;
            assert_true(mm_is_id(f.post.id) && mm_is_id(f.post.user) && mm_is_id(f.post.channel));
            assert_true(f.post.create_ms > 0 && f.seq >= 0 && f.channel_type);
            assert_true(text_valid(f.post.message, strlen(f.post.message)));
        }
        arena_reset(&own);
    }
    assert_true(accepted > 100);
    arena_free(&own);
    free(copy);
}

/* ---- long lists ---- */

static char seen[256];
static size_t n_seen;

static void collect(UNUSED void *ctx, const cJSON *object) {
    const char *id = json_string(object, "id");
    size_t len = strlen(seen);
    assert_true(cJSON_IsObject(object));
    snprintf(seen + len, sizeof(seen) - len, "%s,", id ? id : "-");
    n_seen++;
}

static bool each(const char *text) {
    seen[0] = '\0';
    n_seen = 0;
    return mm_each(text, strlen(text), collect, NULL);
}

static void test_each(UNUSED void **state) {
    static const struct {
        const char *text;
        bool good;
        const char *seen;
    } cases[] = {
        {"[]", true, ""},
        {" [ ]\n", true, ""},
        {"[{\"id\":\"a\"}]", true, "a,"},
        {"[{\"id\":\"a\"},{\"id\":\"b\"}]", true, "a,b,"},
        {"[\n  {\"id\": \"a\"} ,\r\n\t{\"id\":\"b\"}\n]\n", true, "a,b,"},
        {"[{},{\"id\":\"b\"}]", true, "-,b,"},
        {"[{\"id\":\"}\"},{\"id\":\"b\"}]", true, "},b,"},
        {"[{\"id\":\"]{[\"},{\"id\":\"b\"}]", true, "]{[,b,"},
        {"[{\"id\":\"\\\"}\"},{\"id\":\"b\"}]", true, "\"},b,"},
        {"[{\"id\":\"\\\\\"},{\"id\":\"b\"}]", true, "\\,b,"},
        {"[{\"id\":\"\\\\\\\"}\"},{\"id\":\"b\"}]", true, "\\\"},b,"},
        {"[{\"x\":{\"y\":[{},[1,{}]]},\"id\":\"a\"},{\"id\":\"b\"}]", true, "a,b,"},
        {"", false, ""},
        {" ", false, ""},
        {"{}", false, ""},
        {"{\"id\":\"a\"}", false, ""},
        {"null", false, ""},
        {"limit exceeded\n", false, ""},
        {"<html>[]</html>", false, ""},
        {"[", false, ""},
        {"[1]", false, ""},
        {"[null]", false, ""},
        {"[\"a\"]", false, ""},
        {"[[{\"id\":\"a\"}]]", false, ""},
        {"[{\"id\":\"a\"}", false, "a,"},
        {"[{\"id\":\"a\"},", false, "a,"},
        {"[{\"id\":\"a\"},{\"id\":\"b\"", false, "a,"},
        {"[{\"id\":\"a\"},7,{\"id\":\"b\"}]", false, "a,"},
        {"[{\"id\":\"a\"},{\"id\":b}]", false, "a,"},
        {"[{\"id\":\"a\"]", false, ""},
        {"[{\"id\":\"a]}", false, ""},
        {"[{\"id\":\"\\u0000\"}]", false, ""},
        {"[{\"id\":\"\xff\"}]", false, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (each(cases[i].text) != cases[i].good || strcmp(seen, cases[i].seen) != 0) {
            fail_msg("case %zu (%s): '%s'", i, cases[i].text, seen);
        }
    }
}

/* A list that was cut anywhere is no list, and gives only objects that are whole. */
static void test_each_cut(UNUSED void **state) {
    const char *text = recorded_body(&a, "rest-users-me-team-channels");
    size_t n = strlen(text);
    assert_true(each(text));
    size_t all = n_seen;
    assert_true(all > 3);
    size_t most = 0;
    for (size_t cut = 0; cut < n; cut++) {
        char *copy = strndup(text, cut); /* as replies come: with a NUL behind */
        assert_non_null(copy);
        seen[0] = '\0';
        n_seen = 0;
        assert_false(mm_each(copy, cut, collect, NULL));
        assert_true(n_seen >= most && n_seen <= all);
        most = n_seen;
        free(copy);
    }
    assert_int_equal(most, all);
}

static void count(void *ctx, const cJSON *object) {
    size_t *n = ctx;
    *n += mm_number(object, "n", -1) == (int64_t)*n;
}

static void test_each_many(UNUSED void **state) {
    enum { ITEMS = 10000 };
    struct buf b;
    buf_init(&b, (size_t)16 * 1024 * 1024);
    for (int i = 0; i < ITEMS; i++) {
        buf_addf(&b, "%s{\"n\":%d,\"s\":\"{[\\\"\"}", i ? "," : "[", i);
    }
    buf_adds(&b, "]");
    assert_false(b.overflow);
    size_t n = 0;
    assert_true(mm_each(buf_text(&b), b.len, count, &n));
    assert_int_equal(n, ITEMS);
    buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_refused, forget),
        cmocka_unit_test_teardown(test_accepted, forget),
        cmocka_unit_test_teardown(test_cut, forget),
        cmocka_unit_test_teardown(test_deep, forget),
        cmocka_unit_test_teardown(test_long, forget),
        cmocka_unit_test_teardown(test_missing, forget),
        cmocka_unit_test_teardown(test_wrong_type, forget),
        cmocka_unit_test_teardown(test_wrong_id, forget),
        cmocka_unit_test_teardown(test_fractions, forget),
        cmocka_unit_test_teardown(test_damaged, forget),
        cmocka_unit_test_teardown(test_each, forget),
        cmocka_unit_test_teardown(test_each_cut, forget),
        cmocka_unit_test_teardown(test_each_many, forget),
    };
    return cmocka_run_group_tests_name("mm_wire_bad", tests, NULL, NULL);
}
