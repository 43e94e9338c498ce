/* Drawings as JSON: the same comes back, and nothing else is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bot/paint/drawing_json.h"
#include "tests/support/drawings.h"

static struct arena arena;

static int forget(UNUSED void **state) {
    arena_free(&arena);
    return 0;
}

static const char *written(const struct drawing *d) {
    const char *why = NULL;
    const char *json = drawing_json_write(&arena, d, &why);
    assert_true(json ? !why : why && *why);
    return json;
}

static bool is_read(const char *json, struct drawing *ret) {
    const char *why = "";
    bool good = drawing_json_read(&arena, json, strlen(json), ret, &why);
    assert_true(good || *why);
    return good;
}

static void test_there_and_back(UNUSED void **state) {
    for (size_t n = 1; n <= 15; n++) {
        struct drawing d = drawing_of(n);
        struct drawing got;
        assert_true(is_read(written(&d), &got));
        assert_string_equal(got.title, d.title);
        assert_string_equal(got.value_name, d.value_name);
        assert_string_equal(got.before_name, d.before_name);
        assert_string_equal(got.goal_name, d.goal_name);
        assert_string_equal(got.unknown_name, d.unknown_name);
        assert_string_equal(got.source, d.source);
        assert_string_equal(got.alt, ""); /* the row has it */
        assert_int_equal(got.max, d.max);
        assert_int_equal(got.n, n);
        for (size_t i = 0; i < n; i++) {
            assert_string_equal(got.bars[i].label, d.bars[i].label);
            assert_int_equal(got.bars[i].value, d.bars[i].value);
            assert_int_equal(got.bars[i].before, d.bars[i].before);
            assert_int_equal(got.bars[i].goal, d.bars[i].goal);
        }
    }
}

static void test_bounds(UNUSED void **state) {
    static char text[DRAWING_TEXT_MAX + 2];
    struct drawing_bar bars[DRAWING_MAX_BARS + 1];
    for (size_t i = 0; i < ARRAY_LEN(bars); i++) {
        bars[i] = (struct drawing_bar){"x", 100, 100, 100};
    }
    memset(text, 'x', DRAWING_TEXT_MAX);
    struct drawing d = drawing_of(1);
    d.bars = bars;
    d.title = text;
    d.max = DRAWING_SCALE_MAX;
    d.n = DRAWING_MAX_BARS;
    assert_non_null(written(&d));
    d.n++;
    assert_null(written(&d));
    d.n = 0;
    assert_null(written(&d));
    d.n = 1;
    text[DRAWING_TEXT_MAX] = 'x';
    assert_null(written(&d));
    d.title = "two\nlines";
    assert_null(written(&d));
    d.title = "\xff";
    assert_null(written(&d));
    d.title = "";
    assert_non_null(written(&d));
    d.max++;
    assert_null(written(&d));
    d.max = 99; /* the values are beyond it */
    assert_null(written(&d));
    d.max = 0;
    assert_null(written(&d));
    d.max = DRAWING_SCALE_MAX;
    int *const values[] = {&bars[0].value, &bars[0].before, &bars[0].goal};
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        *values[i] = -2;
        assert_null(written(&d));
        *values[i] = DRAWING_NOTHING;
        assert_non_null(written(&d));
    }
    /* All texts as long as they may be: what was written can be read. */
    text[DRAWING_TEXT_MAX] = '\0';
    d.n = DRAWING_MAX_BARS;
    for (size_t i = 0; i < d.n; i++) {
        bars[i].label = text;
    }
    assert_true(is_read(written(&d), &d));
}

#define NAMES   "\"value\":\"\",\"before\":\"\",\"goal\":\"\",\"unknown\":\"\",\"source\":\"\""
#define HEAD    "{\"title\":\"\"," NAMES ",\"max\":4,"
#define BARS(x) HEAD "\"bars\":[" x "]}"

static void test_nothing_else(UNUSED void **state) {
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        HEAD "\"bars\":7}",
        HEAD "\"bars\":[]}",
        BARS("7"),
        BARS("{}"),
        BARS("{\"label\":7}"),
        BARS("{\"label\":\"x\",\"value\":5}"),
        BARS("{\"label\":\"x\",\"value\":-1}"),
        BARS("{\"label\":\"x\",\"value\":1.5}"),
        BARS("{\"label\":\"x\",\"value\":\"1\"}"),
        BARS("{\"label\":\"x\",\"goal\":1e300}"),
        BARS("{\"label\":\"x\",\"before\":null}"),
        BARS("{\"label\":\"x\\ny\"}"),
        BARS("{\"label\":\"x\\u0000\"}"),
        BARS("{\"label\":\"x\"}") "x",
        "{" NAMES ",\"max\":4,\"bars\":[{\"label\":\"x\"}]}",
        "{\"title\":\"\"," NAMES ",\"bars\":[{\"label\":\"x\"}]}",
        "{\"title\":\"\"," NAMES ",\"max\":101,\"bars\":[{\"label\":\"x\"}]}",
    };
    struct drawing d = {.title = "untouched"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (is_read(bad[i], &d)) {
            fail_msg("taken: %s", bad[i]);
        }
        assert_string_equal(d.title, "untouched");
    }
    assert_true(is_read(BARS("{\"label\":\"x\"}"), &d));
    assert_int_equal(d.bars[0].value, DRAWING_NOTHING);
    char *long_one = malloc(DRAWING_JSON_MAX + 2);
    memset(long_one, ' ', DRAWING_JSON_MAX + 1);
    long_one[DRAWING_JSON_MAX + 1] = '\0';
    assert_false(is_read(long_one, &d));
    free(long_one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_there_and_back, forget),
        cmocka_unit_test_teardown(test_bounds, forget),
        cmocka_unit_test_teardown(test_nothing_else, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
