/* Drawings as text: every value to be read, and everything below each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "bot/console/bars.h"
#include "bot/paint/drawing_json.h"
#include "tests/support/drawings.h"

static struct arena arena;

static int forget(UNUSED void **state) {
    arena_free(&arena);
    return 0;
}

static void test_columns(UNUSED void **state) {
    assert_int_equal(text_columns(""), 0);
    assert_int_equal(text_columns("abc"), 3);
    assert_int_equal(text_columns("ログ監視"), 8);
    assert_int_equal(text_columns("ﾛｸﾞ"), 3);
    assert_int_equal(text_columns("e\u0301"), 1);
}

static void test_all_of_it(UNUSED void **state) {
    struct drawing d = drawing_of(4);
    assert_string_equal(bars_text(&arena, &d),
                        "**いまの段階と目標**\n"
                        "█ いま  ◇ 目標  (0–4)\n"
                        "リスクマネジメント  █████████◆█████░░░░░ 3 (目標 2, 前回 1)\n"
                        "契約と調達          █████░░░░░░░░░░░░░░◇ 1 (目標 4)\n"
                        "ログの監視          ░░░░░░░░░◇░░░░░░░░░░ わからない (目標 2)\n"
                        "Awareness           ░░░░░░░░░░░░░░░░░░░░ 0 (前回 0)\n"
                        "出典: ハンドブック");
}

/* A long label stands above its bar: the others keep theirs. */
static void test_long_label(UNUSED void **state) {
    struct drawing d = drawing_of(5);
    d.bars += 3;
    d.n = 2;
    d.title = "";
    d.source = "";
    assert_string_equal(bars_text(&arena, &d),
                        "█ いま  ◇ 目標  (0–4)\n"
                        "Awareness  ░░░░░░░░░░░░░░░░░░░░ 0 (前回 0)\n"
                        "インシデントへの対応と、事業を続けるための計画\n"
                        "           █████████◆░░░░░░░░░░ 2 (目標 2, 前回 2)");
}

/* On every scale nothing is an empty bar and all is a full one. */
static void test_scales(UNUSED void **state) {
    for (int max = 1; max <= DRAWING_SCALE_MAX; max++) {
        struct drawing_bar bars[] = {{"a", 0, DRAWING_NOTHING, DRAWING_NOTHING},
                                     {"b", max, DRAWING_NOTHING, max}};
        struct drawing d = drawing_of(1);
        d.bars = bars;
        d.n = 2;
        d.max = max;
        d.source = "";
        const char *text = bars_text(&arena, &d);
        const char *a = strstr(text, "\na  ");
        const char *b = strstr(text, "\nb  ");
        assert_true(a && b);
        assert_null(memmem(a, (size_t)(b - a), "█", 3));
        assert_null(strstr(b, "░"));
        assert_non_null(strstr(b, "◆ "));
        size_t cells = text_chars(b) - strlen("\nb   ") - text_chars(strchr(b + 4, ' ')) + 1;
        assert_true(cells >= 11 && cells <= 20);
    }
}

static void test_stored(UNUSED void **state) {
    struct drawing d = drawing_of(15);
    const char *why;
    const char *json = drawing_json_write(&arena, &d, &why);
    assert_string_equal(bars_of(&arena, json), bars_text(&arena, &d));
    assert_string_equal(bars_of(&arena, "{}"), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_columns, forget),
        cmocka_unit_test_teardown(test_all_of_it, forget),
        cmocka_unit_test_teardown(test_long_label, forget),
        cmocka_unit_test_teardown(test_scales, forget),
        cmocka_unit_test_teardown(test_stored, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
