/* What is painted: every pixel checked is one that people would miss. */
/* LDFLAGS: -lcairo */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <cairo/cairo.h>

#include "bot/command.h"
#include "bot/paint/child.h"
#include "bot/paint/drawing_json.h"
#include "tests/support/drawings.h"

#define BARS_X 420 /* about: labels are left of it */
#define BLUE   0x0072b2
#define SKY    0x56b4e9
#define ORANGE 0xd55e00
#define WHITE  0xffffff

static struct arena arena;
static struct buf png;
static cairo_surface_t *surface;
static size_t taken;

static int forget(UNUSED void **state) {
    if (surface) {
        cairo_surface_destroy(surface);
    }
    surface = NULL;
    buf_free(&png);
    arena_free(&arena);
    return 0;
}

/* ---- painting, and looking at it ---- */

static const char *paint(const struct drawing *d) {
    const char *why;
    forget(NULL);
    const char *json = drawing_json_write(&arena, d, &why);
    assert_non_null(json);
    return paint_now(json, &png);
}

static cairo_status_t next_bytes(UNUSED void *ctx, unsigned char *data, unsigned int n) {
    if (png.len - taken < n) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(data, png.p + taken, n);
    taken += n;
    return CAIRO_STATUS_SUCCESS;
}

static void look_at(const struct drawing *d) {
    const char *why = paint(d);
    if (why) {
        fail_msg("%s", why);
    }
    assert_memory_equal(png.p, "\x89PNG\r\n\x1a\n", 8);
    taken = 0;
    surface = cairo_image_surface_create_from_png_stream(next_bytes, NULL);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(surface), 1000);
}

static int height(void) {
    return cairo_image_surface_get_height(surface);
}

static uint32_t pixel(int x, int y) {
    const unsigned char *row = cairo_image_surface_get_data(surface) +
                               (ptrdiff_t)y * cairo_image_surface_get_stride(surface);
    uint32_t p;
    memcpy(&p, row + (ptrdiff_t)4 * x, sizeof(p));
    return p & 0xffffff;
}

/* Alike: a channel may be rounded the other way. */
static bool is_colour(uint32_t p, uint32_t colour) {
    for (int shift = 0; shift < 24; shift += 8) {
        if (abs((int)(p >> shift & 0xff) - (int)(colour >> shift & 0xff)) > 2) {
            return false;
        }
    }
    return true;
}

/* The pixels of that colour, or with WHITE all others, between these columns, below the legend. */
static size_t count(uint32_t colour, int left, int right) {
    size_t n = 0;
    for (int y = 150; y < height(); y++) {
        for (int x = left; x < right; x++) {
            n += is_colour(pixel(x, y), colour) != (colour == WHITE);
        }
    }
    return n;
}

static struct drawing one_bar(struct drawing_bar *bar) {
    struct drawing d = drawing_of(1);
    d.bars = bar;
    return d;
}

/* ---- tests ---- */

static void test_bar_is_the_value(UNUSED void **state) {
    struct drawing_bar bar = {"x", 1, DRAWING_NOTHING, DRAWING_NOTHING};
    struct drawing d = one_bar(&bar);
    size_t blue[5];
    for (bar.value = 0; bar.value <= 4; bar.value++) {
        look_at(&d);
        blue[bar.value] = count(BLUE, BARS_X - 20, 1000);
        assert_int_equal(count(SKY, 0, 1000), 0);
        assert_int_equal(count(ORANGE, 0, 1000), 0);
    }
    assert_true(blue[0] > 50 && blue[0] < blue[1] / 10); /* nothing is seen, too */
    for (size_t i = 2; i <= 4; i++) {
        assert_in_range(blue[i], blue[1] * i * 9 / 10, blue[1] * i * 11 / 10);
    }
}

static void test_goal_and_before(UNUSED void **state) {
    struct drawing_bar bar = {"x", 2, 1, 3};
    struct drawing d = one_bar(&bar);
    look_at(&d);
    size_t sky = count(SKY, 0, 1000);
    assert_true(sky > 500);
    assert_true(count(BLUE, 0, 1000) > 4 * sky); /* twice as long, and not so thin */
    assert_true(count(ORANGE, BARS_X, 1000) > 200);
    int first = 1000;
    int last = 0;
    for (int x = 0; x < 1000; x++) {
        if (count(ORANGE, x, x + 1) > 20) {
            first = x < first ? x : first;
            last = x;
        }
    }
    assert_true(last - first < 30); /* one mark, right of the bar */
    assert_int_equal(count(BLUE, first, 1000), 0);
    bar.before = 4;
    look_at(&d);
    assert_in_range(count(SKY, 0, 1000), sky * 7 / 2, sky * 9 / 2);
}

static void test_unknown_is_written(UNUSED void **state) {
    struct drawing_bar bar = {"x", DRAWING_NOTHING, DRAWING_NOTHING, DRAWING_NOTHING};
    struct drawing d = one_bar(&bar);
    look_at(&d);
    assert_int_equal(count(BLUE, 0, 1000), 0);
    size_t with = count(WHITE, BARS_X, 1000);
    d.unknown_name = "";
    look_at(&d);
    assert_true(with > count(WHITE, BARS_X, 1000) + 500);
}

/* Wherever the goal is, the number is there whole: nothing of it beyond the edge, none left out. */
static void test_number_keeps_clear(UNUSED void **state) {
    static const int values[] = {0, 1, 10, 19, 20};
    static const int goals[] = {0, 1, 2, 9, 18, 19, 20};
    struct drawing_bar bar = {"", 0, DRAWING_NOTHING, 0};
    struct drawing d = one_bar(&bar);
    d.max = 20;
    for (size_t i = 0; i < ARRAY_LEN(values) * ARRAY_LEN(goals); i++) {
        bar.value = values[i % ARRAY_LEN(values)];
        bar.goal = goals[i / ARRAY_LEN(values)];
        look_at(&d);
        assert_int_equal(count(WHITE, 994, 1000), 0);
    }
    /* A word has as much ink with a goal in its way as without. */
    bar.value = DRAWING_NOTHING;
    d.goal_name = "";
    bar.goal = DRAWING_NOTHING;
    d.unknown_name = "";
    look_at(&d);
    size_t bare = count(WHITE, BARS_X, 1000);
    d.unknown_name = "わからない";
    look_at(&d);
    size_t word = count(WHITE, BARS_X, 1000) - bare;
    bar.goal = 3;
    d.unknown_name = "";
    look_at(&d);
    bare = count(WHITE, BARS_X, 1000);
    d.unknown_name = "わからない";
    look_at(&d);
    assert_in_range(count(WHITE, BARS_X, 1000) - bare, word * 9 / 10, word * 11 / 10);
}

/* Each text leaves ink where it belongs; different texts leave different ink. */
static void test_texts_are_there(UNUSED void **state) {
    struct drawing_bar bar = {"", 2, 1, 3};
    struct drawing d = one_bar(&bar);
    look_at(&d);
    size_t bare = count(WHITE, 0, BARS_X - 30);
    bar.label = "一";
    look_at(&d);
    size_t simple = count(WHITE, 0, BARS_X - 30);
    bar.label = "鬱";
    look_at(&d);
    size_t dense = count(WHITE, 0, BARS_X - 30);
    assert_true(simple > bare + 20 && dense > simple + 100);
    int full = height();
    d.title = "";
    look_at(&d);
    assert_true(height() < full - 40);
    d.source = "";
    look_at(&d);
    assert_true(height() < full - 70);
}

static void test_rows_and_wraps(UNUSED void **state) {
    struct drawing d = drawing_of(1);
    look_at(&d);
    int one = height();
    d = drawing_of(15);
    look_at(&d);
    assert_in_range(height(), one + 14 * 70, one + 14 * 130);
    struct drawing_bar bars[DRAWING_MAX_BARS];
    char label[DRAWING_TEXT_MAX + 1] = "";
    for (size_t i = 0; i + 3 <= DRAWING_TEXT_MAX; i += 3) {
        memcpy(label + i, "鬱", 4);
    }
    for (size_t i = 0; i < DRAWING_MAX_BARS; i++) {
        bars[i] = (struct drawing_bar){label, (int)i, DRAWING_NOTHING, 100};
    }
    d.bars = bars;
    d.n = DRAWING_MAX_BARS;
    d.max = DRAWING_SCALE_MAX;
    d.title = label;
    d.value_name = label;
    d.unknown_name = label;
    d.source = label;
    look_at(&d);
    assert_true(height() <= 8000 && png.len < PAINT_PNG_MAX);
}

/* ---- what cannot be ---- */

static void with_fonts(const char *config, void (*fn)(const char *path)) {
    char path[] = "/tmp/kizuki-fonts-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, config, strlen(config)), strlen(config));
    close(fd);
    setenv("FONTCONFIG_FILE", path, 1);
    fn(path);
    unsetenv("FONTCONFIG_FILE");
    unlink(path);
}

static void expect_no_font(UNUSED const char *path) {
    struct drawing d = drawing_of(15);
    const char *why = paint(&d);
    assert_non_null(why);
    assert_true(paint_wants_package(why));
    assert_non_null(strstr(why, "fonts-ipaexfont-gothic"));
    assert_int_equal(png.len, 0);
}

static void test_no_font(UNUSED void **state) {
    with_fonts("<?xml version=\"1.0\"?><fontconfig></fontconfig>", expect_no_font);
    struct drawing d = drawing_of(15);
    assert_null(paint(&d));
}

static void test_no_drawing(UNUSED void **state) {
    static const char *const bad[] = {"", "{}", "\xff"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *why = paint_now(bad[i], &png);
        assert_non_null(why);
        assert_false(paint_wants_package(why));
        buf_free(&png);
    }
}

/* The test is its own child, as the bot is. */
int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "paint") == 0) {
        return command_paint(argc - 1, argv + 1);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_bar_is_the_value, forget),
        cmocka_unit_test_teardown(test_goal_and_before, forget),
        cmocka_unit_test_teardown(test_unknown_is_written, forget),
        cmocka_unit_test_teardown(test_number_keeps_clear, forget),
        cmocka_unit_test_teardown(test_texts_are_there, forget),
        cmocka_unit_test_teardown(test_rows_and_wraps, forget),
        cmocka_unit_test_teardown(test_no_font, forget),
        cmocka_unit_test_teardown(test_no_drawing, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
