/* Text as people type it: validation, cleaning, folding, clipping, quoting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"

#define BYTES(s) (s), sizeof(s) - 1
#define FAMILY   "👨\u200d👩\u200d👧\u200d👦"

struct pair {
    const char *in;
    const char *out;
};

static struct arena a;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

static void test_valid_prefix(UNUSED void **state) {
    static const struct {
        const char *in;
        size_t n;
        size_t good;
    } cases[] = {
        {BYTES(""), 0},
        {BYTES("abc"), 3},
        {BYTES("あa\xf0\x9f\x98\x80"), 8},
        {BYTES("a\0b"), 1},
        {BYTES("あ\xff"), 3},           /* not 0: the character in front is whole */
        {BYTES("あ\xe3\x81"), 3},       /* cut */
        {BYTES("\xe3\x81"), 0},         /* cut */
        {BYTES("a\x80"), 1},            /* continuation alone */
        {BYTES("\xc0\xaf"), 0},         /* overlong '/' */
        {BYTES("\xe0\x80\xaf"), 0},     /* overlong */
        {BYTES("\xf0\x80\x80\xaf"), 0}, /* overlong */
        {BYTES("ab\xed\xa0\x80"), 2},   /* surrogate */
        {BYTES("ab\xed\xbf\xbf"), 2},   /* surrogate */
        {BYTES("\xf4\x8f\xbf\xbf"), 4}, /* U+10FFFF */
        {BYTES("\xf4\x90\x80\x80"), 0}, /* above */
        {BYTES("\xf8\x88\x80\x80\x80"), 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t good = text_valid_prefix(cases[i].in, cases[i].n);
        if (good != cases[i].good || text_valid(cases[i].in, cases[i].n) != (good == cases[i].n)) {
            fail_msg("case %zu: %zu", i, good);
        }
    }
    /* Nothing behind n is read. */
    char *end = malloc(2);
    assert_non_null(end);
    memcpy(end, "\xe3\x81", 2);
    assert_int_equal(text_valid_prefix(end, 2), 0);
    free(end);
}

static void test_clean(UNUSED void **state) {
    static const struct {
        const char *in;
        size_t n;
        const char *out;
    } cases[] = {
        {BYTES(""), ""},
        {BYTES("そのまま\n\tok"), "そのまま\n\tok"},
        {BYTES("a\xff"
               "b"),
         "a\xef\xbf\xbd"
         "b"},
        {BYTES("\xc0\xaf"), "��"},
        {BYTES("\xed\xa0\x80"), "���"},
        {BYTES("x\xf4\x90\x80\x80y"), "x����y"},
        {BYTES("あ\xe3"), "あ�"},
        {BYTES("a\0b"), "ab"},
        {BYTES("a\x01\x1b[31m\x7f\r\nb"), "a[31m\nb"},
        {BYTES("a\xc2\x80\xc2\x9b\xc2\x9f"
               "b"),
         "ab"},
        {BYTES("a\xc2\xa0"
               "b"),
         "a\xc2\xa0"
         "b"},
        {BYTES("a\u202e\u202a\u200e\u200f\u061c\u2066\u2069z"), "az"},
        {BYTES("a\u200b\u200c\u2060\u2064\ufeffz"), "az"},
        {BYTES("a\u2028\u2029z"), "az"},
        {BYTES("👨\u200d👩\u200d👧"), "👨\u200d👩\u200d👧"},
        {BYTES("1\ufe0f\u20e3"), "1\ufe0f\u20e3"},
        {BYTES("か\u3099"), "か\u3099"},
        {BYTES("e\u0301\u0302\u0303\u0304\u0305\u0306x\u0301"), "e\u0301\u0302\u0303\u0304x\u0301"},
        {BYTES("e\u0301\u0302\u200b\u0303\u0304\u0305x"), "e\u0301\u0302\u0303\u0304x"},
        {BYTES("a\u00ad\u034f\u180e\u206a\u206f\ufff9\ufffa\ufffbz"), "az"},
        /* What folding ignores neither ends nor lengthens a run. */
        {BYTES("e\u0301\u00ad\u0301\u00ad\u0301\u00ad\u0301\u00ad\u0301x"),
         "e\u0301\u0301\u0301\u0301x"},
        {BYTES("e\u0301\u200d\u0301\u200d\u0301\u200d\u0301\u200d\u0301x"),
         "e\u0301\u0301\u0301\u0301x"},
        {BYTES("e\u0301\u0301\u3164\u0301\u0301\u0301x"), "e\u0301\u0301\u3164\u0301\u0301x"},
        {BYTES("e\u3164\u3164\u3164\u3164\u3164\u0301"), "e\u3164\u3164\u3164\u3164\u3164\u0301"},
        {BYTES("a\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f"), "a\ufe0f\ufe0f\ufe0f\ufe0f"},
        {BYTES("ｶﾞﾞﾞﾞﾞﾞｶﾞ"), "ｶﾞﾞﾞﾞｶﾞ"},
        {BYTES("か゛゛゜゜゛"), "か゛゛゜゜"},
        /* A joiner stays where it joins two visible things. */
        {BYTES(FAMILY), FAMILY},
        {BYTES("👩🏽\u200d🔬❤\ufe0f\u200d🔥"), "👩🏽\u200d🔬❤\ufe0f\u200d🔥"},
        {BYTES("👨\u200d\u200d\u200d👩"), "👨\u200d👩"},
        {BYTES("👨\u200d\u202e👩"), "👨\u200d👩"},
        {BYTES("\u200da\u200d b\u200d\nc\u200d"), "a b\nc"},
        {BYTES("e\u0301\u200dx\u200d\u0301"), "e\u0301x\u0301"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool cut = true;
        const char *got = text_clean(&a, cases[i].in, cases[i].n, 1000, &cut);
        if (strcmp(got, cases[i].out) != 0 || cut) {
            fail_msg("case %zu: '%s', cut %d", i, got, cut);
        }
    }
}

static void test_clean_limit(UNUSED void **state) {
    static const struct {
        const char *in;
        size_t max;
        const char *out;
        bool cut;
    } cases[] = {
        {"abc", 3, "abc", false}, {"abc", 2, "ab", true},     {"abc", 0, "", true},
        {"", 0, "", false},       {"ああ", 5, "あ", true},    {"ああ", 6, "ああ", false},
        {"a😀", 4, "a", true},     {"\xff\xff", 5, "�", true}, {"ab\x01", 2, "ab", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool cut = !cases[i].cut;
        const char *got = text_clean(&a, cases[i].in, strlen(cases[i].in), cases[i].max, &cut);
        if (strcmp(got, cases[i].out) != 0 || cut != cases[i].cut) {
            fail_msg("case %zu: '%s', cut %d", i, got, cut);
        }
        assert_string_equal(text_clean(&a, cases[i].in, strlen(cases[i].in), cases[i].max, NULL),
                            cases[i].out);
    }
}

/* A megabyte in, at most max bytes out, whatever it is made of. */
static void test_clean_large(UNUSED void **state) {
    static const char *const units[] = {"a",      "あ",      "\xff", "\u0301",
                                        "\u202e", "👨\u200d", "\n",   "\0"};
    const size_t size = (size_t)1024 * 1024;
    const size_t max = 4096;
    char *big = malloc(size);
    assert_non_null(big);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        size_t unit = strlen(units[i]) ? strlen(units[i]) : 1;
        for (size_t at = 0; at < size; at++) {
            big[at] = units[i][at % unit];
        }
        arena_free(&a);
        bool cut = false;
        const char *got = text_clean(&a, big, size, max, &cut);
        assert_true(strlen(got) <= max);
        assert_true(text_valid(got, strlen(got)));
        bool much = i != 3 && i != 4 && i != 7; /* marks, controls and NUL leave next to nothing */
        assert_int_equal(cut, much);
        assert_int_equal(strlen(got) > max - 8, much); /* a joiner goes with what it joins */
        assert_true(a.used_bytes < max + 64);
    }
    free(big);
}

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t count_chars(const char *s) {
    size_t n = 0;
    while (text_next(&s) != 0) {
        n++;
    }
    return n;
}

/* utf8proc orders a run of marks in quadratic time: cleaning leaves no run worth that name. */
static void test_fold_in_bounded_time(UNUSED void **state) {
    static const char *const units[] = {
        "\u0301\u0316",       "\u0301\u00ad\u0316",     "\u0301\u200d\u0316\u200d",
        "\u0316\u3164\u0301", "\u0301\U000e0041\u0316", "\uff9e\u0301\u0301\u0316\u0316",
        "\u309b\u0344\u0316", "\u0301\u034f\u0316",     "\ufdfa",
    };
    enum { MESSAGE = 8192, TIMES = 30 };
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        char text[MESSAGE + 1] = "e";
        size_t len = 1;
        for (size_t n = strlen(units[i]); len + n <= MESSAGE; len += n) {
            memcpy(text + len, units[i], n + 1);
        }
        double start = cpu_seconds();
        const char *got = "";
        for (int k = 0; k < TIMES; k++) {
            arena_free(&a);
            got = text_fold(&a, text_clean(&a, text, len, MESSAGE, NULL));
        }
        double spent = cpu_seconds() - start;
        if (spent > 0.25 || count_chars(got) > MESSAGE) {
            fail_msg("case %zu: %f s, %zu characters", i, spent, count_chars(got));
        }
    }
}

/* Where folding stops, the text in front is folded as ever. */
static void test_fold_limit(UNUSED void **state) {
    enum { LIMIT = 8192 };
    char text[LIMIT + 16];
    memset(text, 'A', LIMIT);
    memcpy(text + LIMIT, "B", 2);
    const char *got = text_fold(&a, text);
    assert_int_equal(strlen(got), LIMIT);
    assert_int_equal(got[LIMIT - 1], 'a');
    memcpy(text + LIMIT - 17, "\ufdfaB", 5); /* 18 code points: one too many */
    assert_int_equal(strlen(text_fold(&a, text)), LIMIT - 17);
    memcpy(text + LIMIT - 18, "\ufdfaB", 5);
    assert_true(strlen(text_fold(&a, text)) > LIMIT - 18);
}

static void test_fold(UNUSED void **state) {
    static const struct pair cases[] = {
        {"", ""},
        {"ABC", "abc"},
        {"ＡＢＣ　ｘ", "abc x"},
        {"１", "1"},
        {"①②", "1 2"},
        {"❶❸", "1 3"},
        {"①3", "1 3"},
        {"①、②", "1、2"},
        {"⑩", "10"},
        {"1️⃣2️⃣", "1 2"},
        {"1️⃣", "1"},
        {"1⃣,3️⃣", "1,3"},
        {"Straße", "strasse"},
        {"ｶﾞ", "が"},
        {"か\u3099", "が"},
        {"か゛", "が"},
        {"は゜", "ぱ"},
        {"カ゛", "が"},
        {"ﾚﾍﾞﾙ３", "れべる3"},
        {"レベル", "れべる"},
        {"ヴ", "ゔ"},
        {"セキュリティ", "せきゅりてぃ"},
        {"ｾｷｭﾘﾃｨｰ", "せきゅりてぃ"},
        {"セキュリティーの", "せきゅりてぃの"},
        {"サーバー", "さーば"},
        {"サーバ", "さーば"},
        {"サ−バ", "さーば"}, /* U+2212 */
        {"サ-バ", "さーば"},
        {"サ‐バ", "さーば"}, /* U+2010 */
        {"サ―バ", "さーば"}, /* U+2015 */
        {"サ－バー", "さーば"},
        {"らーめん", "らーめん"},
        {"2026-11", "2026-11"},
        {"2026－11", "2026-11"},
        {"a–b—c", "a-b-c"},
        {"1〜3", "1~3"},
        {"1～3", "1~3"},
        {"1∼3", "1~3"},
        {" \t a \n\n b　 ", "a b"},
        {"㍿", "株式会社"},
        {"ﬁ", "fi"},
        {"ア\ufe0f", "あ"},
        {"a\u200bb\u00adc", "abc"},
        {"診\u200d断\u200d", "診断"},
        {"\u3164a\u180eb\U000e0041c", "abc"},
        {"A" FAMILY "と", "a" FAMILY "と"}, /* not four people: folded words may be echoed */
        {"❤\ufe0f\u200d🔥", "❤\u200d🔥"},
        {"👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕"},
        {"👩\u200da", "👩a"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = text_fold(&a, cases[i].in);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s' folds to '%s', not '%s'", cases[i].in, got, cases[i].out);
        }
        assert_string_equal(text_fold(&a, got), got); /* folding twice changes nothing */
    }
}

/*
 * Invalid UTF-8 should never get here; if it does, nothing is written out of bounds. The space
 * between the numbers at the end is what the sanitizer sees: utf8proc itself is not instrumented.
 */
static void test_fold_invalid(UNUSED void **state) {
    static char bad[8001]; /* folded, more than a block of the arena */
    memset(bad, '\xff', sizeof(bad) - 1);
    memcpy(bad + sizeof(bad) - 5, "①1", 4);
    const char *got = text_fold(&a, bad);
    assert_true(text_valid(got, strlen(got)));
    assert_int_equal(strlen(got), 3 * (sizeof(bad) - 5) + 3);
    assert_true(strlen(text_fold(&a, "あ-あ-あ-あ-あ-あ-あ-あ")) > 0);
}

static const char plain_chars[] = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
#define N_PLAIN (sizeof(plain_chars) - 1)

/* Plain ASCII takes a short way, which must lead to the same place as the long one. */
static void test_fold_plain(UNUSED void **state) {
    uint32_t seed = 1;
    for (size_t i = 0; i < 5000; i++) {
        char in[24];
        size_t n = i % (sizeof(in) - 3);
        for (size_t k = 0; k < n; k++) {
            seed = seed * 1103515245 + 12345;
            const char *from = (seed >> 8) % 5 == 0 ? " " : plain_chars + (seed >> 16) % N_PLAIN;
            in[k] = *from;
        }
        in[n] = '\0';
        const char *plain = text_fold(&a, in);
        const char *got = text_fold(&a, arena_printf(&a, "%s あ", in));
        const char *want = *plain ? arena_printf(&a, "%s あ", plain) : "あ";
        if (strcmp(got, want) != 0) {
            fail_msg("'%s': '%s' and '%s'", in, got, want);
        }
        arena_reset(&a);
    }
}

static void test_bytes(UNUSED void **state) {
    struct text_bytes none = text_bytes("");
    struct text_bytes some = text_bytes("a@\x7f\x80\xff");
    assert_true(text_bytes_within(&none, &some));
    assert_true(text_bytes_within(&some, &some));
    for (int c = 1; c < 256; c++) {
        const char one[] = {(char)c, '\0'};
        struct text_bytes b = text_bytes(one);
        bool is_there = strchr("a@\x7f\x80\xff", one[0]) != NULL;
        assert_true(text_bytes_within(&b, &b));
        assert_int_equal(text_bytes_within(&b, &some), is_there);
    }
}

static void test_words_bare(UNUSED void **state) {
    static const struct {
        const char *in; /* folded */
        const char *words;
        const char *bare;
    } cases[] = {
        {"", "", ""},
        {"...", "", ""},
        {"診断、して。", "診断 して", "診断して"},
        {"「ヘルプ」", "ヘルプ", "ヘルプ"},
        {"what's  up?", "what's up", "what'sup"},
        {"what’s", "what's", "what's"},
        {"1,3 と 4", "1 3 と 4", "13と4"},
        {" a / b ", "a b", "ab"},
        {"1~3", "1 3", "13"},
        {"がんばる…", "がんばる", "がんばる"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(text_words(&a, cases[i].in), cases[i].words);
        assert_string_equal(text_bare(&a, cases[i].in), cases[i].bare);
    }
}

static void test_graphemes(UNUSED void **state) {
    static const struct {
        const char *in;
        size_t n;
        size_t chars;
    } cases[] = {
        {"", 0, 0},         {"abc", 3, 3},      {"あい", 2, 2},
        {"か\u3099", 1, 2}, {"が", 1, 1},       {"👨\u200d👩\u200d👧\u200d👦", 1, 7},
        {"🇯🇵", 1, 2},       {"🇯🇵🇺🇸", 2, 4},     {"1️⃣2", 2, 4},
        {"👍🏽", 1, 2}, {"e\u0301x", 2, 3}, {"\r\n", 1, 2},
        {"한국", 2, 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t n = text_graphemes(cases[i].in);
        size_t chars = text_chars(cases[i].in);
        if (n != cases[i].n || chars != cases[i].chars) {
            fail_msg("'%s': %zu of %zu code points", cases[i].in, n, chars);
        }
    }
}

static void test_clip(UNUSED void **state) {
    static const struct {
        const char *in;
        size_t max;
        const char *out;
    } cases[] = {
        {"", 0, ""},
        {"", 3, ""},
        {"abc", 3, "abc"},
        {"abcd", 3, "ab…"},
        {"abc", 1, "…"},
        {"abc", 0, ""},
        {"か\u3099き\u3099く\u3099", 2, "か\u3099…"},
        {"か\u3099き\u3099", 2, "か\u3099き\u3099"},
        {"👨\u200d👩\u200d👧bc", 2, "👨\u200d👩\u200d👧…"},
        {"👨\u200d👩\u200d👧b", 2, "👨\u200d👩\u200d👧b"},
        {FAMILY FAMILY FAMILY, 2, FAMILY "…"},
        {FAMILY FAMILY, 1, "…"},
        {FAMILY, 1, FAMILY},
        {"🇯🇵🇺🇸🇫🇷", 2, "🇯🇵…"},
        {"🇯🇵🇺🇸", 2, "🇯🇵🇺🇸"},
        {"1️⃣2️⃣3️⃣", 2, "1️⃣…"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = text_clip(&a, cases[i].in, cases[i].max);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s' to %zu: '%s'", cases[i].in, cases[i].max, got);
        }
    }
}

static void test_quote(UNUSED void **state) {
    static const struct pair cases[] = {
        {"ふつうの文。", "ふつうの文。"},
        {"plain, text? 'x' 1-2.", "plain, text? 'x' 1-2."},
        {"@all", "＠all"},
        {"<!here>", "＜！here＞"},
        {"<@U123|x>", "＜＠U123｜x＞"},
        {"`code`", "｀code｀"},
        {"**b** _i_ ~s~", "＊＊b＊＊ ＿i＿ ～s～"},
        {"[x](y)", "［x］（y）"},
        {"![x](y)", "！［x］（y）"},
        {"http://example.com/a", "http：／／example．com／a"},
        {"www.evil.example", "www．evil．example"},
        {"見て evil.example.", "見て evil．example."},
        {"日本.jp 例.テスト ☃.net 4chan.org", "日本．jp 例．テスト ☃．net 4chan．org"},
        {"1.5 倍、v2.10、3. 4 .5 …", "1.5 倍、v2.10、3. 4 .5 …"},
        {"a..b c. .d e.", "a..b c. .d e."},
        {FAMILY "も", FAMILY "も"},
        {":smile:", "：smile："},
        {"~channel", "～channel"},
        {"#town", "＃town"},
        {"> quoted & $x$ ^2 + {a} = \\n", "＞ quoted ＆ ＄x＄ ＾2 ＋ ｛a｝ ＝ ＼n"},
        {"line\nnext\tcell\r\n", "line next cell "},
        {"a\u2028b\u202ec\x1b[0m", "abc［0m"},
        {"\xff@", "�＠"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = text_quote(&a, cases[i].in, 100);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s' is quoted as '%s'", cases[i].in, got);
        }
    }
    assert_string_equal(text_quote(&a, "@@@@", 3), "＠＠…");
    assert_string_equal(text_quote(&a, "👨\u200d👩\u200d👧@x", 2), "👨\u200d👩\u200d👧…");
    assert_string_equal(text_quote(&a, FAMILY FAMILY FAMILY "。", 3), FAMILY FAMILY "…");
    /* Every printable character that any platform reads as markup. */
    for (char c = ' '; c < 0x7f; c++) {
        char one[2] = {c, '\0'};
        bool harmless = strchr(" \"%',-.;?", c) || (c >= '0' && c <= '9') ||
                        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        assert_int_equal(strcmp(text_quote(&a, one, 9), one) == 0, harmless);
    }
}

/* In full and with its lines, and as harmless as a quotation. */
static void test_defuse(UNUSED void **state) {
    static const struct pair cases[] = {
        {"", ""},
        {"一行目\n\n> **三** @all\n", "一行目\n\n＞ ＊＊三＊＊ ＠all\n"},
        {"10:30 http://evil.example\tx", "10：30 http：／／evil．example x"},
        {"\xff\r\n\u202e", "�\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = text_defuse(&a, cases[i].in);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s' becomes '%s'", cases[i].in, got);
        }
    }
    static char many[8193];
    memset(many, 'x', sizeof(many) - 1);
    assert_string_equal(text_defuse(&a, many), many);
    for (char c = ' '; c < 0x7f; c++) {
        char one[2] = {c, '\0'};
        assert_string_equal(text_defuse(&a, one), text_quote(&a, one, 9));
    }
}

/* As few characters as one may be as long as a message: bytes are limited too. */
static void test_quote_bytes(UNUSED void **state) {
    enum { MESSAGE = 8192, LIMIT = 200 };
    static const struct {
        const char *unit;
        size_t shown; /* units in front of the "…" */
    } cases[] = {
        {"@", LIMIT - 3}, {"あ", (LIMIT - 3) / 3}, {FAMILY, (LIMIT - 3) / 25},
        {"👨\u200d", 0}, /* joined to one single character without end */
        {"\u3164", 0},  /* zero or more: only the limit counts */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        static char big[MESSAGE + 1];
        size_t n = strlen(cases[i].unit);
        for (size_t len = 0; len + n <= MESSAGE; len += n) {
            memcpy(big + len, cases[i].unit, n + 1);
        }
        const char *got = text_quote(&a, big, 10000);
        assert_true(strlen(got) <= (size_t)LIMIT * 3);
        assert_true(text_valid(got, strlen(got)));
        assert_string_equal(got + strlen(got) - 3, "…");
        if (cases[i].shown > 0) {
            assert_int_equal(text_graphemes(got), cases[i].shown + 1);
        }
    }
    char full[LIMIT + 2];
    memset(full, 'x', LIMIT + 1);
    full[LIMIT] = '\0';
    assert_string_equal(text_quote(&a, full, 10000), full);
}

static void test_next_put(UNUSED void **state) {
    static const struct {
        const char *bytes;
        int32_t c;
    } cases[] = {{"a", 'a'}, {"\xc2\x80", 0x80}, {"あ", 0x3042}, {"😀", 0x1f600}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *p = cases[i].bytes;
        assert_int_equal(text_next(&p), cases[i].c);
        assert_ptr_equal(p, cases[i].bytes + strlen(cases[i].bytes));
        assert_int_equal(text_next(&p), 0);
        assert_ptr_equal(p, cases[i].bytes + strlen(cases[i].bytes)); /* stays at the end */
        char out[4];
        assert_int_equal(text_put(out, cases[i].c), strlen(cases[i].bytes));
        assert_memory_equal(out, cases[i].bytes, strlen(cases[i].bytes));
    }
}

static void test_blank(UNUSED void **state) {
    static const char *const blank[] = {"", " ", "\n\t \u3000\u00a0"};
    static const char *const not_blank[] = {"a", " \n\u3000。", "\u200b", "\xff"};
    for (size_t i = 0; i < ARRAY_LEN(blank); i++) {
        assert_true(text_is_blank(blank[i]));
        assert_string_equal(text_trim(&a, blank[i]), "");
    }
    for (size_t i = 0; i < ARRAY_LEN(not_blank); i++) {
        assert_false(text_is_blank(not_blank[i]));
        assert_string_not_equal(text_trim(&a, not_blank[i]), "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_valid_prefix, forget),
        cmocka_unit_test_teardown(test_clean, forget),
        cmocka_unit_test_teardown(test_clean_limit, forget),
        cmocka_unit_test_teardown(test_clean_large, forget),
        cmocka_unit_test_teardown(test_fold, forget),
        cmocka_unit_test_teardown(test_fold_invalid, forget),
        cmocka_unit_test_teardown(test_fold_in_bounded_time, forget),
        cmocka_unit_test_teardown(test_fold_limit, forget),
        cmocka_unit_test_teardown(test_fold_plain, forget),
        cmocka_unit_test_teardown(test_bytes, forget),
        cmocka_unit_test_teardown(test_words_bare, forget),
        cmocka_unit_test_teardown(test_graphemes, forget),
        cmocka_unit_test_teardown(test_clip, forget),
        cmocka_unit_test_teardown(test_quote, forget),
        cmocka_unit_test_teardown(test_defuse, forget),
        cmocka_unit_test_teardown(test_quote_bytes, forget),
        cmocka_unit_test_teardown(test_next_put, forget),
        cmocka_unit_test_teardown(test_blank, forget),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
