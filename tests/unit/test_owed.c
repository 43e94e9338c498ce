/* What becomes a picture: of a reply, a row that has one or the drawing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "bot/owed.h"
#include "bot/paint/drawing_json.h"
#include "tests/support/drawings.h"

static struct arena arena;

static struct store_out row_of(const struct reply *r) {
    static const struct event event = {
        .platform = "p", .workspace = "w", .user = "u", .id = "e", .thread = "", .channel = ""};
    struct owed o = {.arena = &arena, .event = &event, .person_id = "x", .desk = ""};
    return owed_row(&o, r, 0);
}

static int forget(UNUSED void **state) {
    arena_free(&arena);
    return 0;
}

static void test_drawing(UNUSED void **state) {
    struct drawing d = drawing_of(4);
    struct drawing got;
    const char *why;
    struct store_out row = row_of(&(struct reply){.text = "t", .drawing = &d});
    assert_string_equal(row.picture_alt, d.alt);
    assert_null(row.picture);
    assert_true(drawing_json_read(&arena, row.drawing, strlen(row.drawing), &got, &why));
    assert_string_equal(got.bars[3].label, d.bars[3].label);
}

static void test_picture_wins(UNUSED void **state) {
    struct drawing d = drawing_of(4);
    struct picture p = {.png = "png", .n = 3, .alt = "words"};
    struct store_out row = row_of(&(struct reply){.text = "t", .drawing = &d, .picture = &p});
    assert_string_equal(row.drawing, "");
    assert_string_equal(row.picture_alt, "words");
    assert_int_equal(row.picture_len, 3);
}

static void test_none(UNUSED void **state) {
    struct drawing d = drawing_of(4);
    d.max = 0; /* a faulty one is as good as none */
    const struct reply replies[] = {{.text = "t"}, {.text = "t", .drawing = &d}};
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        struct store_out row = row_of(&replies[i]);
        assert_string_equal(row.drawing, "");
        assert_string_equal(row.picture_alt, "");
        assert_string_equal(row.text, "t");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_drawing, forget),
        cmocka_unit_test_teardown(test_picture_wins, forget),
        cmocka_unit_test_teardown(test_none, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
