/*
 * Texts from and to Slack put together at random, and long ones: nothing in a result is live but
 * bold text of ours, and nothing is lost.
 */
#include <ctype.h>
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
#include "bot/slack/markup.h"

#define ME     "U0RIGBOT1"
#define Z      "\u200b"
#define SHY    "\u00ad"
#define FAMILY "👨\u200d👩\u200d👧\u200d👦"

#ifndef ROUNDS
#define ROUNDS 20000
#endif
#ifndef SEED
#define SEED 20261123
#endif

struct pair {
    const char *in;
    const char *out;
};

static struct arena a;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

static size_t chars(const char *s) {
    size_t n = 0;
    while (text_next(&s)) {
        n++;
    }
    return n;
}

/* Whether Slack would find nothing but bold text of ours; what the marks would be, else. */
static const char *what_is_live(const char *text) {
    bool start = true;
    int bold = 0;
    for (const char *s = text; *s; s++) {
        if (strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0) {
            s += strcspn(s, " \n\t<>|*`\"'\\^{}") - 1;
            start = false;
            continue;
        }
        bool entity =
            strncmp(s, "&amp;", 5) == 0 || strncmp(s, "&lt;", 4) == 0 || strncmp(s, "&gt;", 4) == 0;
        bool inside = s > text && isalnum((unsigned char)s[-1]) && isalnum((unsigned char)s[1]);
        if (strchr("<>`~", *s) || (*s == '&' && !entity) || (*s == '_' && !inside)) {
            return s;
        }
        if ((unsigned char)*s < ' ' && *s != '\n' && *s != '\t') {
            return s;
        }
        if (start && (strncmp(s, "&gt;", 4) == 0 || strncmp(s, "＞", 3) == 0)) {
            return s;
        }
        if (strncmp(s, "＊", 3) == 0 || strncmp(s, "＿", 3) == 0 || strncmp(s, "｀", 3) == 0) {
            return s;
        }
        if (strncmp(s, "@here", 5) == 0 || strncmp(s, "@channel", 8) == 0) {
            return s;
        }
        bold += *s == '*';
        if (*s == '\n' && bold % 2 != 0) {
            return s;
        }
        start = *s == '\n' || (start && (*s == ' ' || *s == '\t'));
    }
    return bold % 2 == 0 ? NULL : "an open mark";
}

/* As Slack shows it. */
static const char *decoded(const char *text) {
    struct buf b;
    buf_init(&b, strlen(text) + 1);
    while (*text) {
        size_t n = strncmp(text, "&amp;", 5) == 0                                   ? 5
                   : strncmp(text, "&lt;", 4) == 0 || strncmp(text, "&gt;", 4) == 0 ? 4
                                                                                    : 1;
        buf_add(&b, n == 5 ? "&" : n == 4 ? (text[1] == 'l' ? "<" : ">") : text, 1);
        text += n;
    }
    const char *copy = arena_strdup(&a, buf_text(&b));
    buf_free(&b);
    return copy;
}

static void assert_harmless(const char *text) {
    bool mentioned;
    bool cut;
    const char *out = slack_mrkdwn(&a, text);
    const char *live = what_is_live(out);
    if (live || !text_valid(out, strlen(out))) {
        fail_msg("'%s': '%s' at '%s'", text, out, live ? live : "");
    }
    const char *literal = slack_literal(&a, text);
    if (strpbrk(literal, "<>") || !text_valid(literal, strlen(literal))) {
        fail_msg("'%s': '%s'", text, literal);
    }
    const char *plain = slack_plain(&a, text, ME, &mentioned);
    if (!text_valid(plain, strlen(plain)) || (!mentioned && strlen(plain) > 2 * strlen(text))) {
        fail_msg("'%s': '%s'", text, plain);
    }
    for (size_t max = 0; max < 12; max++) {
        const char *clipped = slack_clip(&a, literal, max, &cut);
        const char *shown = decoded(clipped);
        size_t kept = strlen(shown) - (cut && max > 0 ? strlen("…") : 0);
        if (chars(clipped) > max || strncmp(shown, decoded(literal), kept) != 0 ||
            !text_valid(clipped, strlen(clipped))) {
            fail_msg("'%s' to %zu: '%s'", literal, max, clipped);
        }
    }
}

static void test_pieces(UNUSED void **state) {
    static const char *const pieces[] = {
        "*",
        "**",
        "***",
        "_",
        "~",
        "`",
        "```",
        ">",
        "<",
        "&",
        "|",
        "!",
        "@",
        "@here",
        "<!channel>",
        "<@U0RIGBOT1>",
        "<@U1|x>",
        "<",
        "＊",
        "＿",
        "｀",
        "＞",
        "&amp;",
        "&lt;",
        "&amp",
        "a",
        "b1",
        "あ",
        "漢字",
        "。",
        " ",
        "\n",
        "　",
        "\t",
        "\x01",
        "\xc2\x85",
        Z,
        FAMILY,
        "e\u0301",
        "👍🏽",
        ":",
        ":one:",
        ":+1::skin-tone-2:",
        "https://a.example/",
        "http://",
        "1. ",
        "- ",
        "\r\n",
        "<https://a.example|b>",
        "<!date^1^{_}|*>",
        "here",
        "channel",
        "http",
        "://a",
    };
    uint32_t seed = SEED;
    for (int round = 0; round < ROUNDS; round++) {
        struct buf b;
        buf_init(&b, 1000);
        for (uint32_t n = 1 + (seed >> 9) % 12; n > 0; n--) {
            seed = seed * 1664525 + 1013904223;
            buf_adds(&b, pieces[(seed >> 8) % ARRAY_LEN(pieces)]);
        }
        char *copy = strdup(buf_text(&b)); /* from memory that ends where the text does */
        assert_non_null(copy);
        buf_free(&b);
        assert_harmless(copy);
        free(copy);
        arena_reset(&a);
        seed = seed * 1664525 + 1013904223;
    }
}

/* What is escaped once is read as it was written. */
static void test_there_and_back(UNUSED void **state) {
    static const char *const texts[] = {
        "A&B",       "<@U0RIGBOT1>",  "<!channel>", "&amp;", "&lt;b&gt;",
        "a < b > c", "<https://a|b>", "x\n> y",     "&&&",   "<<>>",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        bool mentioned = true;
        const char *literal = slack_literal(&a, texts[i]);
        assert_string_equal(slack_plain(&a, literal, ME, &mentioned), texts[i]);
        assert_false(mentioned);
    }
}

/* Long texts take their time in proportion, and nothing of them is lost. */
static void test_long(UNUSED void **state) {
    static const struct pair cases[] = {
        {"&", "&amp;"},
        {"<", "&lt;"},
        {"*a* ", "∗a∗ "},
        {"\n>", "\n" SHY "&gt;"},
        {"**-\n** ", "*" Z "-" Z "*\n "},
        {"@here", "@" Z "here"},
        {"あ", "あ"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum { TIMES = 40000 };
        size_t n = strlen(cases[i].in);
        size_t m = strlen(cases[i].out);
        char *text = arena_alloc(&a, n * TIMES + 1);
        for (size_t k = 0; k < TIMES; k++) {
            memcpy(text + k * n, cases[i].in, n);
        }
        const char *out = slack_mrkdwn(&a, text);
        assert_int_equal(strlen(out), m * TIMES);
        assert_memory_equal(out, cases[i].out, m);
        bool mentioned;
        bool cut;
        assert_int_equal(strlen(slack_plain(&a, slack_literal(&a, "<<"), ME, &mentioned)), 2);
        size_t kept = chars(slack_clip(&a, out, 3000, &cut));
        assert_true(cut && kept > 2995 && kept <= 3000);
        arena_reset(&a);
    }
    char *open = arena_alloc(&a, 200001);
    memset(open, '<', 100000);
    memset(open + 100000, ':', 100000);
    bool mentioned;
    assert_string_equal(slack_plain(&a, open, ME, &mentioned), open);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_pieces, forget),
        cmocka_unit_test_teardown(test_there_and_back, forget),
        cmocka_unit_test_teardown(test_long, forget),
    };
    return cmocka_run_group_tests_name("slack_markup_random", tests, NULL, NULL);
}
