/* Texts from and to Mattermost: reactions as numbers, mentions, markdown, and long texts in parts.
 */
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
#include "bot/emoji.h"
#include "bot/mattermost/markup.h"

#define KEYCAP  "\ufe0f\u20e3"
#define DEFUSED "\u200b"
#define FAMILY  "👨\u200d👩\u200d👧\u200d👦"

struct pair {
    const char *in;
    const char *out;
};

static struct arena a;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

/* ---- reactions ---- */

static void test_emoji(UNUSED void **state) {
    static const char *const names[] = {"zero", "one",   "two",   "three", "four",      "five",
                                        "six",  "seven", "eight", "nine",  "keycap_ten"};
    for (int i = 0; i <= EMOJI_NUMBERS_MAX; i++) {
        assert_string_equal(emoji_of(i), names[i]);
        assert_int_equal(emoji_number(names[i]), i);
    }
    static const int none[] = {-1, 11, 100, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        assert_null(emoji_of(none[i]));
    }
    static const char *const marks[] = {EMOJI_CLOSE, "white_check_mark", "heavy_check_mark",
                                        "ballot_box_with_check"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        assert_int_equal(emoji_number(marks[i]), EMOJI_CHECK);
    }
    static const char *const others[] = {
        "",     "null", "ten",    "One",       "one ", ":one:", "1",     "+1",
        "ones", "on",   "eleven", "keycap_te", "１",   "x",     "check", "white_check_mark2"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_int_equal(emoji_number(others[i]), EMOJI_NONE);
    }
}

/* ---- mentions ---- */

/* What is left, with one space where there were several. */
static const char *left(const char *text, const char *name, bool *ret_found) {
    const char *rest;
    *ret_found = mm_mention(&a, text, name, &rest);
    char *out = arena_strdup(&a, rest);
    char *to = out;
    for (const char *p = out; *p; p++) {
        if (*p != ' ' || to == out || to[-1] != ' ') {
            *to++ = *p;
        }
    }
    *to = '\0';
    return out;
}

static void test_mentioned(UNUSED void **state) {
    static const struct pair cases[] = {
        {"@kizuki ヘルプ", "ヘルプ"},
        {"ねえ @kizuki ヘルプ", "ねえ ヘルプ"},
        {"ヘルプ @kizuki", "ヘルプ"},
        {"@kizuki", ""},
        {" @kizuki \n", ""},
        {"＠kizuki 診断", "診断"},
        {"@KIZUKI 診断", "診断"},
        {"@Kizuki 診断", "診断"},
        {"@kizukiヘルプ", "ヘルプ"},
        {"教えて@kizuki", "教えて"},
        {"@kizuki\n診断", "診断"},
        {"@kizuki 診断 @kizuki", "診断"},
        {"(@kizuki) 診断", "( ) 診断"},
        {"@kizuki-bot @kizuki 診断", "@kizuki-bot 診断"},
        {"@kizuki @hanako 診断", "@hanako 診断"},
        {"@kizuki@", "@"},
        {"@@kizuki 診断", "@ 診断"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool found;
        const char *got = left(cases[i].in, "kizuki", &found);
        if (!found || strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s': %d, '%s'", cases[i].in, found, got);
        }
    }
}

/* What stands right behind a mention does not hide it. */
static void test_mentioned_before(UNUSED void **state) {
    static const char *const after[] = {"さん", "さん、", "。", "、", "!",  "！", "?", ",",
                                        ":",    ".",      ". ", "\t", "）", "…",  "/", "の"};
    for (size_t i = 0; i < ARRAY_LEN(after); i++) {
        bool found;
        const char *got = left(arena_printf(&a, "@kizuki%s診断", after[i]), "kizuki", &found);
        if (!found || !strstr(got, "診断") || strstr(got, "kizuki")) {
            fail_msg("'%s': %d, '%s'", after[i], found, got);
        }
    }
    bool found;
    (void)left("@kizuki.", "kizuki", &found);
    assert_true(found);
    (void)left("診断 @kizuki。", "kizuki", &found);
    assert_true(found);
}

static void test_not_mentioned(UNUSED void **state) {
    static const char *const cases[] = {
        "",
        "@",
        "ヘルプ",
        "kizuki ヘルプ",
        "@kizuki-bot ヘルプ",
        "@kizuki_2 ヘルプ",
        "@kizuki2",
        "@kizukis",
        "@kizuki.bot ヘルプ",
        "@kizuk ヘルプ",
        "@ kizuki",
        "mail@kizuki",
        "mail@kizuki.example",
        "a.b-c_@kizuki",
        "@all ヘルプ",
        "@here ヘルプ",
        "@channel ヘルプ",
        "@hanako kizuki",
        "＠",
        "＠kizuki2",
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *rest;
        bool found = mm_mention(&a, cases[i], "kizuki", &rest);
        if (found || strcmp(rest, cases[i]) != 0) {
            fail_msg("'%s': %d, '%s'", cases[i], found, rest);
        }
    }
    bool found;
    assert_string_equal(left("@ki.zu-ki 診断", "ki.zu-ki", &found), "診断");
    assert_true(found);
    (void)left("@ki 診断", "ki.zu-ki", &found);
    assert_false(found);
}

/* ---- markdown ---- */

#define CHOICE(n) "{\"number\":" #n ",\"label\":\"x\",\"ticked\":false}"

static void test_markup(UNUSED void **state) {
    static const struct {
        const char *in;
        const char *choices;
        const char *out;
    } cases[] = {
        {"", "", ""},
        {"ふつうの文。\n**太字**です", "", "ふつうの文。\n**太字**です"},
        {"どれですか\n1. 改善\n2. 危険", "[" CHOICE(1) "," CHOICE(2) "]",
         "どれですか\n1" KEYCAP " 改善\n2" KEYCAP " 危険"},
        {"1. a\n2. b\n3. c", "[" CHOICE(1) "," CHOICE(3) "]",
         "1" KEYCAP " a\n2" DEFUSED ". b\n3" KEYCAP " c"},
        {"9. a\n10. b\n11. c", "[" CHOICE(9) "," CHOICE(10) "," CHOICE(11) "]",
         "9" KEYCAP " a\n🔟 b\n11" DEFUSED ". c"},
        {"1. a", "", "1" DEFUSED ". a"},
        {"1. a", "[]", "1" DEFUSED ". a"},
        {"1. a", "{}", "1" DEFUSED ". a"},
        {"1. a", "not JSON", "1" DEFUSED ". a"},
        {"1. a", "[7,{\"number\":\"1\"},{\"n\":1}]", "1" DEFUSED ". a"},
        {"999. a", "", "999" DEFUSED ". a"},
        {"1.5 倍", "[" CHOICE(1) "]", "1.5 倍"},
        {"1.", "[" CHOICE(1) "]", "1."},
        {"1.\na", "[" CHOICE(1) "]", "1.\na"},
        {"1 . a", "[" CHOICE(1) "]", "1 . a"},
        {"a 1. b", "[" CHOICE(1) "]", "a 1. b"},
        {"2026年", "", "2026年"},
        {"-1. a", "[" CHOICE(1) "]", "-1. a"},
        {"1. 1. a", "[" CHOICE(1) "]", "1" KEYCAP " 1. a"},
        {"\n1. a\n\n", "[" CHOICE(1) "]", "\n1" KEYCAP " a\n\n"},
        {"- a\n* b\n> c", "", "- a\n* b\n> c"},
        {"99999999999999999999. a", "", "99999999999999999999. a"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = mm_markup(&a, cases[i].in, cases[i].choices);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s' with %s: '%s'", cases[i].in, cases[i].choices, got);
        }
    }
}

/* A NUL makes this server fail for ever; the others do nothing good. */
static void test_controls(UNUSED void **state) {
    static const struct pair cases[] = {
        {"a\tb\nc", "a\tb\nc"},
        {"\x1b[31ma\x7f\x08", "[31ma"},
        {"a\r\nb", "a\nb"},
        {"1. a\x01", "1" DEFUSED ". a"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(mm_markup(&a, cases[i].in, ""), cases[i].out);
    }
    for (int c = 1; c < ' '; c++) {
        char in[4] = {'a', (char)c, 'b', '\0'};
        bool stays = c == '\n' || c == '\t';
        assert_string_equal(mm_markup(&a, in, ""), stays ? in : "ab");
    }
}

static void test_crowds(UNUSED void **state) {
    static const struct pair cases[] = {
        {"@all", "@" DEFUSED "all"},
        {"@here @channel", "@" DEFUSED "here @" DEFUSED "channel"},
        {"@HERE", "@" DEFUSED "HERE"},
        {"@All、", "@" DEFUSED "All、"},
        {"みなさん@all。", "みなさん@" DEFUSED "all。"},
        {"@all.", "@" DEFUSED "all."},
        {"(@channel)", "(@" DEFUSED "channel)"},
        {"**@all**", "**@" DEFUSED "all**"},
        {"＠channel", "＠" DEFUSED "channel"},
        {"＠all", "＠" DEFUSED "all"},
        {"@@all", "@@" DEFUSED "all"},
        {"a\n@all", "a\n@" DEFUSED "all"},
        {"1. @all", "1" DEFUSED ". @" DEFUSED "all"},
        {"@allison", "@allison"},
        {"@hereford", "@hereford"},
        {"@channels", "@channels"},
        {"@hanako", "@hanako"},
        {"someone@all.example", "someone@all.example"},
        {"info@here.example", "info@here.example"},
        {"all here channel", "all here channel"},
        {"@", "@"},
        {"@al", "@al"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = mm_markup(&a, cases[i].in, "");
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s': '%s'", cases[i].in, got);
        }
    }
}

/* The server drops ":", ".", "-" and "_" around a word and takes it apart there, then looks for
 * "@all" again; letters of any script around it spoil a mention. */
static void test_crowds_between_marks(UNUSED void **state) {
    static const char *const cases[] = {"-@all",  ".@all",  "_@all_",   ":@all:",  "@all-",
                                        "@all..", "@all_",  "@all-x",   "@all.x",  "x-@all",
                                        "x.@all", "@here:", "...@here", "@a-@all", "@\x01\x61ll"};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = mm_markup(&a, cases[i], "");
        if (!strstr(got, "@" DEFUSED)) {
            fail_msg("'%s' stays and calls everybody", cases[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_emoji, forget),
        cmocka_unit_test_teardown(test_mentioned, forget),
        cmocka_unit_test_teardown(test_mentioned_before, forget),
        cmocka_unit_test_teardown(test_not_mentioned, forget),
        cmocka_unit_test_teardown(test_markup, forget),
        cmocka_unit_test_teardown(test_controls, forget),
        cmocka_unit_test_teardown(test_crowds, forget),
        cmocka_unit_test_teardown(test_crowds_between_marks, forget),
    };
    return cmocka_run_group_tests_name("mm_markup", tests, NULL, NULL);
}
