/* Long texts in parts: where they are cut, and that nothing is lost, torn or left open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"
#include "bot/mattermost/markup.h"

#define LIMIT  MM_POST_CHARS_MIN
#define FAMILY "👨\u200d👩\u200d👧\u200d👦"

static struct arena a;
static const char *parts[MM_PARTS_MAX];

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

static size_t chars(const char *s) {
    size_t n = 0;
    while (text_next(&s) != 0) {
        n++;
    }
    return n;
}

static const char *repeat(const char *unit, size_t times) {
    struct buf b;
    buf_init(&b, (size_t)1024 * 1024);
    for (size_t i = 0; i < times; i++) {
        buf_adds(&b, unit);
    }
    assert_false(b.overflow);
    const char *text = arena_strdup(&a, buf_text(&b));
    buf_free(&b);
    return text;
}

/* Without white space and marks: what must come through. */
static const char *bare(const char *s) {
    char *out = arena_strdup(&a, s);
    char *to = out;
    for (const char *p = s; *p; p++) {
        if (!strchr(" \n*`", *p)) {
            *to++ = *p;
        }
    }
    *to = '\0';
    return out;
}

/* Bold text and code are closed where the text ends. Marks inside code are letters. */
static bool balanced(const char *s) {
    bool bold = false;
    bool code = false;
    for (; *s; s++) {
        if (strncmp(s, "```", 3) == 0) {
            code = !code;
            s += 2;
        } else if (!code && strncmp(s, "**", 2) == 0) {
            bold = !bold;
            s++;
        }
    }
    return !bold && !code;
}

/* Splits and checks what holds for every text. */
static size_t split(const char *text, size_t limit) {
    size_t n = mm_split(&a, text, limit, parts);
    assert_true(n >= 1 && n <= MM_PARTS_MAX);
    struct buf all;
    buf_init(&all, (size_t)4 * 1024 * 1024);
    for (size_t i = 0; i < n; i++) {
        if (chars(parts[i]) > limit) {
            fail_msg("part %zu has %zu characters: '%s'", i, chars(parts[i]), parts[i]);
        }
        assert_true(text_valid(parts[i], strlen(parts[i])));
        if (balanced(text) && !balanced(parts[i])) {
            fail_msg("part %zu is left open: '%s'", i, parts[i]);
        }
        buf_adds(&all, parts[i]);
    }
    if (n < MM_PARTS_MAX) {
        assert_string_equal(bare(buf_text(&all)), bare(text));
    }
    buf_free(&all);
    return n;
}

static void test_short(UNUSED void **state) {
    static const char *const cases[] = {"", "a", "**太字**", "段落\n\n段落\n", "  a  "};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(split(cases[i], LIMIT), 1);
        assert_string_equal(parts[0], cases[i]);
    }
}

static void test_limit(UNUSED void **state) {
    static const char *const units[] = {"a", "あ", "😀"};
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        const char *fits = repeat(units[i], LIMIT);
        assert_int_equal(split(fits, LIMIT), 1);
        assert_string_equal(parts[0], fits);
        assert_int_equal(split(repeat(units[i], LIMIT + 1), LIMIT), 2);
        assert_int_equal(split(fits, 16383), 1);
    }
    /* A limit nobody could write with is not followed. */
    assert_int_equal(mm_split(&a, repeat("a", LIMIT), 10, parts), 1);
    assert_int_equal(mm_split(&a, repeat("a", LIMIT), 0, parts), 1);
    assert_int_equal(mm_split(&a, repeat("a", LIMIT + 1), 0, parts), 2);
    assert_true(strlen(parts[0]) <= LIMIT);
    /* As long as the real thing. */
    assert_int_equal(split(repeat("あいうえおかきくけ。", 1639), 16383), 2);
}

/* The first part, cut at the best place there is. */
static void test_places(UNUSED void **state) {
    static const struct {
        const char *unit;  /* 10 characters, repeated up to the place */
        size_t before;     /* times */
        const char *place; /* the last one of its kind that fits */
        size_t between;    /* times */
        const char *later; /* a place that fits too but is worse */
    } cases[] = {
        {"abcdefghij", 9, "\n\n", 6, "\n"},
        {"abcdefghij", 9, "\n\n", 6, "。"},
        {"abcdefghij", 9, "\n", 6, "。"},
        {"abcdefghij", 9, "\n", 6, " "},
        {"あいうえおかきくけこ", 9, "。", 6, "、"},
        {"あいうえおかきくけこ", 9, "。", 6, " "},
        {"abcdefghij", 9, ". ", 6, " "},
        {"あいうえおかきくけこ", 9, "、", 6, " "},
        {"abcdefghij", 9, " ", 6, ""},
        {"あいうえおかきくけこ", 17, "。", 0, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *first = repeat(cases[i].unit, cases[i].before);
        const char *more = repeat(cases[i].unit, cases[i].between);
        const char *rest = repeat(cases[i].unit, 20);
        const char *text =
            arena_printf(&a, "%s%s%s%s%s", first, cases[i].place, more, cases[i].later, rest);
        assert_true(split(text, LIMIT) >= 2);
        /* White space at the end goes; a full stop stays with its sentence. */
        size_t n = strcspn(cases[i].place, " \n");
        const char *want = arena_printf(&a, "%s%.*s", first, (int)n, cases[i].place);
        if (strcmp(parts[0], want) != 0) {
            fail_msg("case %zu: '%s'", i, parts[0]);
        }
    }
    /* A place too far in front is none: the part would be tiny. */
    const char *text = arena_printf(&a, "短い。\n\n%s", repeat("あ", 300));
    (void)split(text, LIMIT);
    assert_true(chars(parts[0]) > LIMIT / 2);
    /* No place at all. */
    (void)split(repeat("あ", 1000), LIMIT);
    assert_true(chars(parts[0]) > LIMIT / 2);
}

static void test_bold(UNUSED void **state) {
    /* Opened once, closed far behind: each part stands on its own. */
    const char *text = arena_printf(&a, "前**%s**後", repeat("あいうえお。", 100));
    size_t n = split(text, LIMIT);
    assert_true(n >= 3);
    assert_int_equal(strncmp(parts[0], "前**", strlen("前**")), 0);
    for (size_t i = 1; i + 1 < n; i++) {
        assert_int_equal(strncmp(parts[i], "**", 2), 0);
        assert_string_equal(parts[i] + strlen(parts[i]) - 2, "**");
    }
    /* Many short ones, and the cut between the two stars of a mark. */
    (void)split(repeat("**太字**と、", 200), LIMIT);
    for (size_t before = 0; before < 40; before++) {
        text = arena_printf(&a, "%s**%s**%s", repeat("a", 160 + before), repeat("b", 100),
                            repeat("c", 300));
        (void)split(text, LIMIT);
        text = arena_printf(&a, "**%s**%s", repeat("a", 160 + before), repeat("c", 300));
        (void)split(text, LIMIT);
    }
}

static void test_code(UNUSED void **state) {
    const char *text = arena_printf(&a, "前\n```\n%s\n```\n後", repeat("line of code;\n", 60));
    size_t n = split(text, LIMIT);
    assert_true(n >= 3);
    for (size_t i = 1; i + 1 < n; i++) {
        assert_int_equal(strncmp(parts[i], "```\n", 4), 0);
        assert_string_equal(parts[i] + strlen(parts[i]) - 4, "\n```");
    }
    (void)split(repeat("```\ncode\n```\n", 100), LIMIT);
}

/* Two stars in code are no bold text. */
static void test_stars_in_code(UNUSED void **state) {
    const char *text = arena_printf(&a, "```\ntwo ** three\n```\n%s", repeat("あいうえお。", 100));
    (void)split(text, LIMIT);
}

/* Nor is a mark of code torn where there is no better place. */
static void test_torn_code_mark(UNUSED void **state) {
    for (size_t before = 0; before < 40; before++) {
        const char *text = arena_printf(&a, "%s```%s```%s", repeat("a", 160 + before),
                                        repeat("b", 100), repeat("c", 300));
        (void)split(text, LIMIT);
    }
}

/* What people see as one character stays one, also where there is no place to cut. */
static void test_graphemes(UNUSED void **state) {
    static const char *const units[] = {FAMILY, "1\ufe0f\u20e3", "か\u3099", "👍🏽",
                                        "🇯🇵",   "e\u0301"};
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        for (size_t shift = 0; shift < 7; shift++) {
            size_t n =
                split(arena_printf(&a, "%s%s", repeat("x", shift), repeat(units[i], 200)), LIMIT);
            for (size_t k = 1; k < n; k++) {
                size_t len = strlen(units[i]);
                if (strncmp(parts[k], units[i], len) != 0) {
                    fail_msg("'%s' is torn: part %zu begins '%.20s'", units[i], k, parts[k]);
                }
            }
        }
    }
}

static void test_too_many(UNUSED void **state) {
    size_t n = mm_split(&a, repeat("あいうえお。", 5000), LIMIT, parts);
    assert_int_equal(n, MM_PARTS_MAX);
    for (size_t i = 0; i < n; i++) {
        assert_true(chars(parts[i]) > LIMIT / 3 && chars(parts[i]) <= LIMIT);
    }
}

/* ---- whatever the text ---- */

static uint32_t seed = 20261123;

static size_t below(size_t n) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static void add_some(struct buf *b, bool in_code) {
    static const char *const units[] = {"a",  "word", "あ", "日本語", "。", "、", ". ", " ",
                                        "\n", "\n\n", "😀",  FAMILY,   "1",  "-",  "*",  "`"};
    for (size_t n = below(60); n > 0; n--) {
        size_t i = below(ARRAY_LEN(units) - 2);
        buf_adds(b, units[i]);
        /* One star or backtick means nothing; not next to another one. */
        if (below(40) == 0 && !in_code) {
            buf_adds(b, below(2) ? "*x" : "`x");
        }
    }
    buf_adds(b, "x");
}

static const char *random_text(void) {
    struct buf b;
    buf_init(&b, (size_t)64 * 1024);
    for (size_t n = 1 + below(40); n > 0; n--) {
        static const char *const marks[] = {"", "**", "```\n"};
        const char *mark = marks[below(8) < 5 ? 0 : 1 + below(2)];
        buf_adds(&b, mark);
        add_some(&b, *mark == '`');
        buf_adds(&b, *mark == '`' ? "\n```" : mark);
        add_some(&b, false);
    }
    assert_false(b.overflow);
    const char *text = arena_strdup(&a, buf_text(&b));
    buf_free(&b);
    return text;
}

static void test_random(UNUSED void **state) {
    size_t several = 0;
    for (int round = 0; round < 1000; round++) {
        arena_reset(&a);
        const char *text = random_text();
        assert_true(balanced(text));
        several += split(text, LIMIT + below(400)) > 2;
    }
    assert_true(several > 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_short, forget),
        cmocka_unit_test_teardown(test_limit, forget),
        cmocka_unit_test_teardown(test_places, forget),
        cmocka_unit_test_teardown(test_bold, forget),
        cmocka_unit_test_teardown(test_code, forget),
        cmocka_unit_test_teardown(test_stars_in_code, forget),
        cmocka_unit_test_teardown(test_torn_code_mark, forget),
        cmocka_unit_test_teardown(test_graphemes, forget),
        cmocka_unit_test_teardown(test_too_many, forget),
        cmocka_unit_test_teardown(test_random, forget),
    };
    return cmocka_run_group_tests_name("mm_split", tests, NULL, NULL);
}
