/* Guarded reading of JSON: what is refused and where, and what the typed readers hand out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/json.h"

#define BYTES(s) (s), sizeof(s) - 1
#define MAX      1000000

static void test_refused(UNUSED void **state) {
    static const struct {
        const char *text;
        size_t n;
        int line;
        int column;
        const char *what;
    } cases[] = {
        {BYTES("{\"a\":\"\xff\"}"), 1, 7, "UTF-8"},
        {BYTES("{\"あ\":\"い\xff\"}"), 1, 12, "UTF-8"}, /* the character in front is whole */
        {BYTES("{\n \"a\":\n \"\xe3\x81\"}"), 3, 3, "UTF-8"},
        {BYTES("[\"\xc0\xaf\"]"), 1, 3, "UTF-8"},
        {BYTES("[\"\xed\xa0\x80\"]"), 1, 3, "UTF-8"},
        {BYTES("[1]\0"), 1, 4, "UTF-8"},
        {BYTES("[\"a\0b\"]"), 1, 4, "UTF-8"},
        {BYTES("[\"a\\u0000b\"]"), 1, 4, "\\u0000"},
        {BYTES("{\n\"a\\u0000\":1}"), 2, 3, "\\u0000"},
        {BYTES("[\"\\\\\\u0000\"]"), 1, 5, "\\u0000"}, /* a backslash, then the escape */
        {BYTES(""), 1, 1, "not JSON"},
        {BYTES("  "), 1, 0, "not JSON"},
        {BYTES("{\n \"a\": 1,\n \"b\": tru\n}"), 3, 0, "not JSON"},
        {BYTES("[1,]"), 1, 0, "not JSON"},
        {BYTES("[1] x"), 1, 5, "not JSON"},
        {BYTES("[1]\n[2]"), 2, 1, "not JSON"},
        {BYTES("{\"a\":1"), 1, 0, "not JSON"},
        {BYTES("{a:1}"), 1, 0, "not JSON"},
        {BYTES("['a']"), 1, 0, "not JSON"},
        {BYTES("[\"\\ud800\"]"), 1, 0, "not JSON"},
        {BYTES("[\"\\udc00\"]"), 1, 0, "not JSON"},
        {BYTES("[\"\\x\"]"), 1, 0, "not JSON"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json_error err = {-1, -1, "untouched"};
        cJSON *got = json_parse(cases[i].text, cases[i].n, MAX, &err);
        bool place = err.line == cases[i].line &&
                     (cases[i].column ? err.column == cases[i].column : err.column >= 1);
        if (got || !place || !strstr(err.what, cases[i].what)) {
            fail_msg("case %zu (%s): %d:%d %s", i, cases[i].text, err.line, err.column, err.what);
        }
    }
}

static void test_accepted(UNUSED void **state) {
    static const struct {
        const char *text;
        const char *printed;
    } cases[] = {
        {"[1]", "[1]"},
        {" \n\t{ } \r\n", "{}"},
        {"\"あ😀\"", "\"あ😀\""},
        {"[\"\\ud83d\\ude00\\u3042\"]", "[\"😀あ\"]"},
        {"[\"\\\\u0000\"]", "[\"\\\\u0000\"]"}, /* a backslash and five letters */
        {"[\"u0000\"]", "[\"u0000\"]"},
        {"null", "null"},
        {"[true,false,-1.5e1]", "[true,false,-15]"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json_error err = {0};
        cJSON *got = json_parse(cases[i].text, strlen(cases[i].text), MAX, &err);
        if (!got) {
            fail_msg("%s: %d:%d %s", cases[i].text, err.line, err.column, err.what);
        }
        char *printed = cJSON_PrintUnformatted(got);
        assert_string_equal(printed, cases[i].printed);
        free(printed);
        cJSON_Delete(got);
    }
}

static void test_limits(UNUSED void **state) {
    struct json_error err;
    cJSON *fits = json_parse("[12]", 4, 4, &err);
    assert_non_null(fits);
    cJSON_Delete(fits);
    assert_null(json_parse("[12]", 4, 3, &err));
    assert_string_equal(err.what, "the text is longer than allowed");
    assert_int_equal(err.line, 1);
    assert_int_equal(err.column, 1);
    /* Nothing behind n is read. */
    fits = json_parse("[1]]]", 3, MAX, &err);
    assert_non_null(fits);
    cJSON_Delete(fits);
    /* Deep nesting is refused, not followed until the stack ends. */
    static char deep[200000];
    memset(deep, '[', sizeof(deep));
    assert_null(json_parse(deep, sizeof(deep), MAX, &err));
    assert_string_equal(err.what, "this is not JSON");
}

/* A bad byte at the end of a large text is found in one pass: a second would be far too long. */
static void test_bad_byte_far_away(UNUSED void **state) {
    static char big[1000000];
    memset(big, 'x', sizeof(big));
    big[0] = '"';
    big[sizeof(big) - 2] = '\xff';
    struct json_error err;
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    assert_null(json_parse(big, sizeof(big), MAX, &err));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    assert_int_equal(err.line, 1);
    assert_int_equal(err.column, (int)sizeof(big) - 1);
    assert_true(end.tv_sec - start.tv_sec < 2);
}

static cJSON *parse(const char *text) {
    struct json_error err;
    cJSON *root = json_parse(text, strlen(text), MAX, &err);
    assert_non_null(root);
    return root;
}

static void test_members(UNUSED void **state) {
    cJSON *root = parse("{\"s\":\"あ\",\"n\":null,\"a\":[1],\"i\":7}");
    assert_string_equal(json_string(root, "s"), "あ");
    assert_null(json_string(root, "S")); /* names have their case */
    assert_null(json_string(root, "n"));
    assert_null(json_string(root, "i"));
    assert_null(json_string(root, "none"));
    assert_null(json_string(NULL, "s"));
    assert_null(json_string(json_member(root, "a"), "s")); /* not an object */
    assert_true(cJSON_IsArray(json_member(root, "a")));
    assert_non_null(json_member(root, "n"));
    assert_null(json_member(root, "N"));
    assert_null(json_member(NULL, "n"));
    cJSON_Delete(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused), cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_bad_byte_far_away),
        cmocka_unit_test(test_members)};
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
