/* Texts from and to Slack: tokens, entities, emoji names; mrkdwn in which nothing is live; length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "bot/slack/markup.h"

#define ME     "U0RIGBOT1"
#define KEYCAP "\ufe0f\u20e3"
#define Z      "\u200b"
#define SHY    "\u00ad"
#define FAMILY "👨\u200d👩\u200d👧\u200d👦"

struct pair {
    const char *in;
    const char *out;
};

static struct arena a;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

/* ---- from Slack ---- */

static void assert_plain(const struct pair *cases, size_t n, bool mentioned) {
    for (size_t i = 0; i < n; i++) {
        bool found = !mentioned;
        const char *got = slack_plain(&a, cases[i].in, ME, &found);
        if (found != mentioned || strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s': %d, '%s'", cases[i].in, found, got);
        }
    }
}

static void test_entities(UNUSED void **state) {
    static const struct pair cases[] = {
        {"", ""},
        {"診断", "診断"},
        {" \n診断 \n", "診断"},
        {"一行目\n二行目", "一行目\n二行目"},
        {"A社 &amp; B社 &lt;至急&gt;", "A社 & B社 <至急>"},
        {"&lt;@U0RIGBOT1&gt;", "<@U0RIGBOT1>"},
        {"&amp;lt;", "&lt;"}, /* once */
        {"&amp;amp;amp;", "&amp;amp;"},
        {"&lt;&gt;&amp;", "<>&"},
        {"&quot;&nbsp;&#39;&LT;", "&quot;&nbsp;&#39;&LT;"},
        {"&", "&"},
        {"&am", "&am"},
        {"&amp", "&amp"},
        {"&lt", "&lt"},
        {"a && b", "a && b"},
        {"*太字* _x_ ~y~ `z`", "*太字* _x_ ~y~ `z`"},
    };
    assert_plain(cases, ARRAY_LEN(cases), false);
}

static void test_tokens(UNUSED void **state) {
    static const struct pair cases[] = {
        {"<@U0HANA001>", "@U0HANA001"},
        {"<@U0HANA001|hanako>", "@hanako"},
        {"<@U0HANA001|@hanako>", "@hanako"},
        {"<@U0HANA001|>", "@U0HANA001"},
        {"<@U0RIGBOT12> ヘルプ", "@U0RIGBOT12 ヘルプ"},
        {"<@U0RIGBOT>", "@U0RIGBOT"},
        {"<@u0rigbot1>", "@u0rigbot1"},
        {"<#C0GENERAL|general> で", "#general で"},
        {"<#C0GENERAL>", "#C0GENERAL"},
        {"<#C0GENERAL|>", "#C0GENERAL"},
        {"<!here>", "@here"},
        {"<!here|here>", "@here"},
        {"<!channel> <!everyone|@everyone> <!group>", "@channel @everyone @group"},
        {"<!everyone>", "@everyone"},
        {"<https://a.example|b>", "b"},
        {"<@U1|@> <@U1|b>", "@ @b"},
        {"<!subteam^S0SALES01|@営業部>", "@営業部"},
        {"<!subteam^S0SALES01|営業部>", "@営業部"},
        {"<!subteam^S0SALES01>", "@S0SALES01"},
        {"<!date^1795500000^{date_short_pretty} {time}|11月24日>", "11月24日"},
        {"<!date^1795500000^{date}>まで", "まで"},
        {"<!of-next-year|表示>", "表示"},
        {"<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"},
        {"<https://example.com/|資料 &amp; 手順>", "資料 & 手順"},
        {"<https://example.com/|>", "https://example.com/"},
        {"<http://example.com|example.com>です", "example.comです"},
        {"<https://example.com/|a|b>", "a|b"},
        {"<mailto:taro@example.co.jp|taro@example.co.jp>", "taro@example.co.jp"},
        {"<mailto:taro@example.co.jp>", "taro@example.co.jp"},
        {"<tel:0312345678>", "0312345678"},
        {"<slack://user?id=U1>", "slack://user?id=U1"},
        {"<@U1|&lt;!channel&gt;>", "@<!channel>"},
        /* What Slack would not send stays as it is. */
        {"<", "<"},
        {"<>", "<>"},
        {"a < b > c", "a < b > c"},
        {"<<@U1>>", "<@U1>"},
        {"<@U1", "<@U1"},
        {"<@U0RIGBOT1", "<@U0RIGBOT1"},
        {"<https://example.com\n>", "<https://example.com\n>"},
        {"<<<<<", "<<<<<"},
        {">>>", ">>>"},
        {"<|>", ""},
        {"<@>", "@"},
        {"<!>", ""},
        {"<#|x>", "#x"},
    };
    assert_plain(cases, ARRAY_LEN(cases), false);
}

static void test_mentions(UNUSED void **state) {
    static const struct pair cases[] = {
        {"<@U0RIGBOT1> アンケートを始めて", "アンケートを始めて"},
        {"<@U0RIGBOT1>", ""},
        {"<@U0RIGBOT1|kizuki> 診断", "診断"},
        {"<@U0RIGBOT1>診断", "診断"},
        {"<@U0RIGBOT1>さん、診断", "診断"},
        {"<@U0RIGBOT1>: 診断", "診断"},
        {"診断 <@U0RIGBOT1>", "診断"},
        {"ねえ<@U0RIGBOT1>診断", "ねえ 診断"},
        {"診断<@U0RIGBOT1>さん", "診断"},
        {"<@U0RIGBOT1> <@U0HANA001|hanako> 診断", "@hanako 診断"},
        {"<@U0RIGBOT1> <@U0RIGBOT1> 診断", "診断"},
        {"<@U0RIGBOT1> A &amp; B", "A & B"},
    };
    assert_plain(cases, ARRAY_LEN(cases), true);
    bool found = true;
    assert_string_equal(slack_plain(&a, "<@> <@U1>", "", &found), "@ @U1");
    assert_false(found);
}

static void test_emoji(UNUSED void **state) {
    static const struct pair cases[] = {
        {":one:", "1" KEYCAP},
        {":zero:", "0" KEYCAP},
        {":nine:", "9" KEYCAP},
        {":keycap_ten:", "🔟"},
        {":one: :three:", "1" KEYCAP " 3" KEYCAP},
        {":one::three:", "1" KEYCAP "3" KEYCAP},
        {"答えは:two:です", "答えは2" KEYCAP "です"},
        {":+1:", "👍"},
        {":thumbsup:", "👍"},
        {":-1:", "👎"},
        {":+1::skin-tone-3:", "👍"},
        {":+1::skin-tone-6: はい", "👍 はい"},
        {":woman-gesturing-ok::skin-tone-2:", "🙆"},
        {":+1::skin-tone-:", "👍:skin-tone-:"},
        {":+1::two:", "👍2" KEYCAP},
        {":white_check_mark:", "✅"},
        {":o: :x:", "⭕ ❌"},
        {":ok:", ":ok:"},
        {":ok: :+1:", ":ok: 👍"},
        {":tada:", ":tada:"},
        {":One:", ":One:"},
        {":one :", ":one :"},
        {":one", ":one"},
        {":", ":"},
        {"::", "::"},
        {":::one:::", "::1" KEYCAP "::"},
        {"10:30:45", "10:30:45"},
        {"a:one:b", "a1" KEYCAP "b"},
        {"<https://example.com/:one:/>", "https://example.com/:one:/"},
        {"&lt;:one:&gt;", "<1" KEYCAP ">"},
    };
    assert_plain(cases, ARRAY_LEN(cases), false);
    static const char *const names[] = {"zero",
                                        "one",
                                        "two",
                                        "three",
                                        "four",
                                        "five",
                                        "six",
                                        "seven",
                                        "eight",
                                        "nine",
                                        "+1",
                                        "thumbsup",
                                        "-1",
                                        "thumbsdown",
                                        "ok_hand",
                                        "wave",
                                        "clap",
                                        "pray",
                                        "raised_hands",
                                        "hand",
                                        "o",
                                        "raised_hand",
                                        "ok_woman",
                                        "ok_man",
                                        "woman-gesturing-ok",
                                        "x",
                                        "man-gesturing-ok",
                                        "no_good",
                                        "woman-gesturing-no",
                                        "man-gesturing-no",
                                        "white_check_mark",
                                        "heavy_check_mark",
                                        "ballot_box_with_check",
                                        "keycap_ten"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        bool found;
        const char *got = slack_plain(&a, arena_printf(&a, ":%s:", names[i]), ME, &found);
        if (strchr(got, ':') || !text_valid(got, strlen(got))) {
            fail_msg(":%s: is '%s'", names[i], got);
        }
    }
}

/* ---- to Slack ---- */

static void assert_mrkdwn(const struct pair *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *got = slack_mrkdwn(&a, cases[i].in);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s': '%s'", cases[i].in, got);
        }
    }
}

static void test_bold(UNUSED void **state) {
    static const struct pair cases[] = {
        {"**2/4** 仕事", "*2/4* 仕事"},
        {"a **b** c", "a *b* c"},
        {"これは**太字**です", "これは" Z "*太字*" Z "です"},
        {"**太字**", "*太字*"},
        {"「**太字**」", "「" Z "*太字*" Z "」"},
        {"x**「太字」**y", "x" Z "*" Z "「太字」" Z "*" Z "y"},
        {"**1.** 選択肢", "*1." Z "* 選択肢"},
        {"**太字。**\n次", "*太字。" Z "*\n次"},
        {"全角　**太字**　です", "全角　*太字*　です"},
        {"a ** b ** c", "a  *b*  c"},
        {"a**　b　**c", "a　*b*　c"},
        {"**a****b**", "*ab*"},
        {"**a** **b**", "*a* *b*"},
        {"@****here", "@" Z "here"},
        {"****> a", SHY "&gt; a"},
        {"** **> a", " " SHY "&gt; a"},
        {"a**\n**> b", "a\n" SHY "&gt; b"},
        {"** > a**", " *" Z "&gt; a*"},
        {"*****a", "∗a"},
        {"***a", "∗∗∗a"},
        {"a*b**c", "a∗b∗∗c"},
        {"　**a**", "　*a*"},
        {"******a**", "*a*"},
        {"**\x01**a", "a"},
        {"**a**\n**b**", "*a*\n*b*"},
        {"**a\nb**", "*a*\n*b*"},
        {"**a\n\nb** c", "*a*\n\n*b* c"},
        {"x**a\n**y", "x" Z "*a*\ny"},
        {"****", ""},
        {"** **", " "},
        {"a****b", "ab"},
        {"**a", "∗∗a"},
        {"a**", "a∗∗"},
        {"**a** b **c", "*a* b ∗∗c"},
        {"***a***", "*" Z "∗a*" Z "∗"},
        {"**", "∗∗"},
        {"**A&B**", "*A&amp;B*"},
        {"**<!channel>**", "*" Z "&lt;!channel&gt;" Z "*"},
        {"**a_b** **_c_**", "*a_b* *" Z "ˍcˍ" Z "*"},
        {"**✅** はい", "*" Z "✅" Z "* はい"},
        {"**々々**", "*々々*"},
        {"**> a**", "*" Z "&gt; a*"},
        {"\x01**a**\x02", "*a*"},
        {"**\x01**", ""},
    };
    assert_mrkdwn(cases, ARRAY_LEN(cases));
}

/* What stands inside next to a mark: letters touch it, everything else keeps away. */
static void test_bold_edges(UNUSED void **state) {
    static const char *const letters[] = {"a",  "Z",  "0",  "À",  "я",  "ぁ", "あ",
                                          "ー", "ァ", "漢", "々", "Ａ", "Ｚ", "ａ",
                                          "ｚ", "０", "９", "ｦ",  "ﾝ",  "한", "𠮷"};
    static const char *const signs[] = {".",  ")",  "±",  "¿",  "―",  "”",  "、", "。", "「",
                                        "〟", "・", "！", "／", "：", "＠", "［", "］", "｛",
                                        "～", "｡",  "･",  "…",  "①",  "😀",  "🀄"};
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        const char *got = slack_mrkdwn(&a, arena_printf(&a, "**%sx%s**", letters[i], letters[i]));
        assert_string_equal(got, arena_printf(&a, "*%sx%s*", letters[i], letters[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        const char *got = slack_mrkdwn(&a, arena_printf(&a, "**%sx%s**", signs[i], signs[i]));
        assert_string_equal(got, arena_printf(&a, "*" Z "%sx%s" Z "*", signs[i], signs[i]));
    }
}

static void test_words(UNUSED void **state) {
    static const struct pair cases[] = {
        {"", ""},
        {"こんにちは。", "こんにちは。"},
        {"A&B <C>", "A&amp;B &lt;C&gt;"},
        {"&amp;", "&amp;amp;"},
        {"<!channel> <@U1> <#C1|x> <https://a.example|b>",
         "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1|x&gt; &lt;https://a.example|b&gt;"},
        {"@here @Channel @everyone @group @hanako a@here.example",
         "@" Z "here @" Z "Channel @" Z "everyone @" Z "group @hanako a@" Z "here.example"},
        {"*x*", "∗x∗"},
        {"2 * 3 * 4", "2 ∗ 3 ∗ 4"},
        {"_x_ ~y~ `z`", "ˍxˍ ∼y∼ ˋzˋ"},
        {"```a```", "ˋˋˋaˋˋˋ"},
        {"＊x＊ ＿y＿ ｀z｀", "﹡x﹡ ˍyˍ ˋzˋ"},
        {"some_file_name.txt", "some_file_name.txt"},
        {"_some_name_", "ˍsome_nameˍ"},
        {"漢字_漢字", "漢字ˍ漢字"},
        {"a_", "aˍ"},
        {"a_ b", "aˍ b"},
        {"出典: https://www.example.jp/a_b/~c/_d_*x*?e=1&f=2 です",
         "出典: https://www.example.jp/a_b/~c/_d_∗x∗?e=1&amp;f=2 です"},
        {"https://", "https://"},
        {"http://a_.example/_x_、_y_", "http://a_.example/_x_、ˍyˍ"},
        {"https://a/|_b_", "https://a/|ˍbˍ"},
        {"https://a/<_b_>", "https://a/&lt;ˍbˍ&gt;"},
        {"xhttps_", "xhttpsˍ"},
        {"> 引用", SHY "&gt; 引用"},
        {">>> 引用", SHY "&gt;&gt;&gt; 引用"},
        {"a\n> b\n  > c\n　> d", "a\n" SHY "&gt; b\n  " SHY "&gt; c\n　" SHY "&gt; d"},
        {"＞ 引用", SHY "＞ 引用"},
        {"a > b", "a &gt; b"},
        {"a＞b", "a＞b"},
        {"\x01> a", SHY "&gt; a"},
        {"a\x01\x1b[31m\x7f\r\n\tb", "a[31m\n\tb"},
        {"a\xc2\x85"
         "b\xc2\x9f"
         "c\u00a0d",
         "abc\u00a0d"},
        {":one: 1. - •", ":one: 1. - •"},
        {"a\n\n\nb\n", "a\n\n\nb\n"},
    };
    assert_mrkdwn(cases, ARRAY_LEN(cases));
}

static void test_literal(UNUSED void **state) {
    static const struct pair cases[] = {
        {"", ""},
        {"はい", "はい"},
        {"**2/4** 仕事", "2/4 仕事"},
        {"a****b", "ab"},
        {"**a", "**a"},
        {"**a** b **c", "a b **c"},
        {"***a***", "*a*"},
        {"A&B <C> &amp;", "A&amp;B &lt;C&gt; &amp;amp;"},
        {"<!channel>", "&lt;!channel&gt;"},
        {"_x_ `y` > z", "_x_ `y` &gt; z"},
        {"a\x01\xc2\x80\nb", "a\nb"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = slack_literal(&a, cases[i].in);
        if (strcmp(got, cases[i].out) != 0) {
            fail_msg("'%s': '%s'", cases[i].in, got);
        }
    }
}

/* ---- length ---- */

static size_t chars(const char *s) {
    size_t n = 0;
    while (text_next(&s)) {
        n++;
    }
    return n;
}

static void test_clip(UNUSED void **state) {
    static const struct {
        const char *in;
        size_t max;
        const char *out;
        bool cut;
    } cases[] = {
        {"", 0, "", false},
        {"", 5, "", false},
        {"abc", 3, "abc", false},
        {"abc", 4, "abc", false},
        {"abcd", 3, "ab…", true},
        {"abcd", 1, "…", true},
        {"a", 1, "a", false},
        {"abcd", 0, "", true},
        {"あいうえお", 5, "あいうえお", false},
        {"あいうえお", 4, "あいう…", true},
        {"e\u0301e\u0301e\u0301", 6, "e\u0301e\u0301e\u0301", false},
        {"e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…", true},
        {"e\u0301e\u0301e\u0301", 4, "e\u0301…", true},
        {"a" FAMILY "b", 9, "a" FAMILY "b", false},
        {"a" FAMILY "bc", 9, "a" FAMILY "…", true},
        {"a" FAMILY "bc", 8, "a…", true},
        {FAMILY FAMILY, 4, "👨\u200d👩…", true}, /* longer than all there is room for */
        {"a&amp;b", 7, "a&amp;b", false},
        {"a&amp;bc", 7, "a&amp;…", true},
        {"a&amp;bc", 6, "a…", true},
        {"a&amp;bc", 3, "a…", true},
        {"a&amp;bc", 2, "a…", true},
        {"&lt;&gt;x", 8, "&lt;…", true},
        {"&lt;&gt;x", 5, "&lt;…", true},
        {"&lt;&gt;x", 4, "…", true},
        {"&copy;&amp", 9, "&copy;&a…", true},
        {"&&&&&&", 5, "&&&&…", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool cut = !cases[i].cut;
        const char *got = slack_clip(&a, cases[i].in, cases[i].max, &cut);
        if (strcmp(got, cases[i].out) != 0 || cut != cases[i].cut || chars(got) > cases[i].max) {
            fail_msg("'%s' to %zu: '%s', %d", cases[i].in, cases[i].max, got, cut);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_entities, forget),
        cmocka_unit_test_teardown(test_tokens, forget),
        cmocka_unit_test_teardown(test_mentions, forget),
        cmocka_unit_test_teardown(test_emoji, forget),
        cmocka_unit_test_teardown(test_bold, forget),
        cmocka_unit_test_teardown(test_bold_edges, forget),
        cmocka_unit_test_teardown(test_words, forget),
        cmocka_unit_test_teardown(test_literal, forget),
        cmocka_unit_test_teardown(test_clip, forget),
    };
    return cmocka_run_group_tests_name("slack_markup", tests, NULL, NULL);
}
