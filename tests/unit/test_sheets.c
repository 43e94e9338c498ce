/*
 * Forms: how they look in both languages, what becomes of what is handed in, and that everything
 * can be had by words, too. The driver checks the limits of every form it sees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "tests/support/dialogue_driver.h"

#define ENTRIES_MAX 8

static void open_sheet(const char *name) {
    send_event((struct event){.kind = EVENT_SHEET, .text = name});
}

/* Pairs of a field and its value, ended by NULL. */
#define hand_in(sheet, ...) hand_in_list(sheet, (const char *const[]){__VA_ARGS__})

static void hand_in_list(const char *sheet, const char *const *pairs) {
    struct sheet_entry entries[ENTRIES_MAX];
    size_t n = 0;
    for (; pairs[2 * n]; n++) {
        assert_true(n < ENTRIES_MAX);
        entries[n] = (struct sheet_entry){.field = pairs[2 * n], .value = pairs[2 * n + 1]};
    }
    send_event(
        (struct event){.kind = EVENT_SUBMIT, .text = sheet, .entries = entries, .n_entries = n});
}

static const struct sheet_field *field(const char *name) {
    assert_non_null(step.sheet);
    for (size_t i = 0; i < step.sheet->n_fields; i++) {
        if (strcmp(step.sheet->fields[i].name, name) == 0) {
            return &step.sheet->fields[i];
        }
    }
    fail_msg("no field %s", name);
    return NULL;
}

static void expect_error(size_t i, const char *name) {
    assert_true(i < step.n_errors);
    assert_string_equal(step.errors[i].field, name);
    assert_true(*step.errors[i].text);
    assert_true(text_graphemes(step.errors[i].text) <= 75);
}

static const struct word *sheet_word(const struct reply *r) {
    for (size_t i = 0; i < r->n_words; i++) {
        if (*r->words[i].sheet) {
            return &r->words[i];
        }
    }
    return NULL;
}

static bool says(size_t reply, const char *part) {
    return reply < step.n_replies && strstr(step.replies[reply].text, part) != NULL;
}

/* ---- how they look ---- */

static void test_looks(void **state) {
    (void)state;
    static const char *const names[] = {"settings", "incident"};
    static const char *const locales[] = {"", "ja", "en", "fr"};
    for (size_t i = 0; i < ARRAY_LEN(names) * ARRAY_LEN(locales) * LANG__COUNT * 2; i++) {
        fresh(NULL);
        session.lang = i % 2 ? LANG_EN : LANG_JA;
        session.lang_chosen = i / 2 % 2 == 0;
        session.locale = locales[i / 4 % ARRAY_LEN(locales)];
        open_sheet(names[i / 16]);
        assert_non_null(step.sheet);
        assert_string_equal(step.sheet->name, names[i / 16]);
        assert_int_equal(step.n_replies, 0);
    }
}

static void test_unknown(void **state) {
    (void)state;
    write_direct("診断");
    struct form_run run = session.run;
    open_sheet("");
    assert_null(step.sheet);
    open_sheet("Settings");
    assert_null(step.sheet);
    hand_in("Settings", "lang", "en", NULL);
    assert_int_equal(step.n_replies + step.n_errors, 0);
    hand_in("", NULL);
    assert_int_equal(step.n_replies + step.n_errors, 0);
    assert_int_equal(session.lang, LANG_JA);
    assert_memory_equal(&session.run, &run, sizeof(run));
}

/* ---- settings ---- */

static void test_settings_filled_in(void **state) {
    (void)state;
    static const struct {
        enum lang lang;
        bool chosen;
        const char *locale;
        const char *value;
        size_t n_options;
    } cases[] = {
        {LANG_JA, false, "", "ja", 2},        {LANG_EN, false, "", "en", 2},
        {LANG_JA, false, "ja", "account", 3}, {LANG_EN, false, "en", "account", 3},
        {LANG_EN, true, "ja", "en", 3},       {LANG_JA, true, "fr", "ja", 2},
        {LANG_JA, false, "fr", "ja", 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        fresh(NULL);
        session.lang = cases[i].lang;
        session.lang_chosen = cases[i].chosen;
        session.locale = cases[i].locale;
        open_sheet("settings");
        assert_string_equal(field("lang")->value, cases[i].value);
        assert_int_equal(field("lang")->n_options, cases[i].n_options);
        /* Handed in as it was: nothing changes, and that is said. */
        hand_in("settings", "lang", cases[i].value, NULL);
        assert_int_equal(step.n_errors, 0);
        assert_int_equal(session.lang, cases[i].lang);
        assert_int_equal(session.lang_chosen, cases[i].chosen);
        assert_true(says(0, cases[i].lang == LANG_JA ? "そのまま" : "as they were"));
        assert_int_equal(step.n_replies, 1);
    }
}

static void test_settings_taken(void **state) {
    (void)state;
    static const struct {
        enum lang lang;
        bool chosen;
        const char *locale;
        const char *value;
        enum lang want;
        bool want_chosen;
        const char *said;
        const char *way_back;
    } cases[] = {
        {LANG_JA, false, "", "en", LANG_EN, true, "I'll speak English", "Japanese"},
        {LANG_EN, true, "", "ja", LANG_JA, true, "日本語でお話しします", "英語"},
        {LANG_JA, false, "ja", "ja", LANG_JA, true, "日本語でお話しします", "設定"},
        {LANG_EN, true, "ja", "account", LANG_JA, false, "アカウントの言語に合わせます", "設定"},
        {LANG_JA, true, "en", "account", LANG_EN, false, "follow your account", "settings"},
        {LANG_EN, true, "en", " account\n", LANG_EN, false, "follow your account", "settings"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        fresh(NULL);
        session.lang = cases[i].lang;
        session.lang_chosen = cases[i].chosen;
        session.locale = cases[i].locale;
        hand_in("settings", "other", "x", "lang", cases[i].value, NULL);
        assert_int_equal(step.n_errors, 0);
        assert_int_equal(session.lang, cases[i].want);
        assert_int_equal(session.lang_chosen, cases[i].want_chosen);
        assert_int_equal(step.n_replies, 1);
        expect_heard(cases[i].said);
        expect_heard(cases[i].way_back);
        assert_true(is_understood(cases[i].way_back));
        assert_null(strchr(heard()->text, '\n'));
    }
}

static void test_settings_refused(void **state) {
    (void)state;
    static const char *const values[] = {"", "fr", "JA", "account", "ja en"};
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        fresh(NULL);
        hand_in("settings", "lang", values[i], NULL);
        expect_error(0, "lang");
        assert_int_equal(step.n_errors, 1);
    }
    hand_in("settings", NULL);
    expect_error(0, "lang");
}

/* The question that is open is shown again in the new language, and only then. */
static void test_settings_in_a_question(void **state) {
    (void)state;
    write_direct("診断");
    write_direct("2");
    hand_in("settings", "lang", "en", NULL);
    expect_question("q2");
    expect_heard("2/4");
    hand_in("settings", "lang", "en", NULL);
    assert_string_equal(heard()->question, "");
    assert_string_equal(open_question(&session)->id, "q2");
}

static void test_settings_in_words(void **state) {
    (void)state;
    static const char *const words[] = {"設定",     "設定を変えたい", "言語を変更したいです",
                                        "settings", "Preferences",    "change my settings please"};
    write_direct("こんにちは");
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        write_direct(words[i]);
        assert_true(says(0, "**設定**") && says(0, "言語: 日本語") && says(0, "「英語」"));
        assert_string_equal(sheet_word(&step.replies[0])->sheet, "settings");
        assert_false(sheet_word(&step.replies[0])->urgent);
    }
    assert_false(says(0, "アカウント"));
    session.locale = "ja";
    write_direct("設定");
    assert_true(says(0, "アカウントに合わせています") && !says(0, "「アカウントの言語」"));
    write_direct("英語");
    assert_true(session.lang_chosen && session.lang == LANG_EN);
    write_direct("settings");
    assert_true(says(0, "your own choice") && says(0, "\"account language\""));
    write_direct("account language");
    assert_true(!session.lang_chosen && session.lang == LANG_JA);
    session.locale = "";
    write_direct("アカウントの言語");
    expect_heard("分からない");
    session.lang_chosen = true;
    write_direct("アカウントの言語");
    assert_true(session.lang_chosen);
    /* In the middle of a question the words for it come with the next message. */
    write_direct("診断");
    write_direct("設定");
    assert_int_equal(step.n_replies, 2);
    expect_question("q1");
    assert_null(sheet_word(heard()));
    say_in(PLACE_CHANNEL, "設定");
    assert_int_equal(step.replies[0].audience, AUDIENCE_HERE);
    assert_false(says(0, "言語"));
    assert_true(says(1, "言語"));
}

/* ---- the report of an incident ---- */

static void test_incident_looks(void **state) {
    (void)state;
    open_sheet("incident");
    assert_non_null(strstr(step.sheet->intro, "内線1234"));
    assert_non_null(strstr(step.sheet->intro, "届きません")); /* nobody is led to believe it does */
    assert_true(field("what")->n_options >= 6);
    assert_false(field("what")->optional || field("details")->optional);
    assert_true(field("when")->optional && field("reach")->optional);
    assert_int_equal(field("details")->kind, SHEET_TEXT);
    session.lang = LANG_EN;
    open_sheet("incident");
    assert_non_null(strstr(step.sheet->intro, "extension 1234"));
    assert_non_null(strstr(step.sheet->intro, "does not reach"));
}

static void test_incident_missing(void **state) {
    (void)state;
    hand_in("incident", NULL);
    assert_int_equal(step.n_errors, 2);
    expect_error(0, "what");
    expect_error(1, "details");
    hand_in("incident", "what", "link", "details", " \n\u3000 ", NULL);
    assert_int_equal(step.n_errors, 1);
    expect_error(0, "details");
    hand_in("incident", "what", "links", "details", "x", NULL);
    assert_int_equal(step.n_errors, 1);
    expect_error(0, "what");
    hand_in("incident", "what", "other", "details", "x", NULL);
    assert_int_equal(step.n_errors, 0);
    assert_true(step.n_replies > 0);
}

/* Every line that the chat says about an incident is in what the form is answered with. */
static void check_same_advice(const char *chat) {
    char line[512];
    for (const char *at = chat; *at;) {
        size_t n = strcspn(at, "\n");
        snprintf(line, sizeof(line), "%.*s", (int)n, at);
        if (!says(0, line)) {
            fail_msg("\"%s\" is not in: %s", line, step.replies[0].text);
        }
        at += n + (at[n] == '\n');
    }
}

static void test_incident_taken(void **state) {
    (void)state;
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        char chat[2048];
        fresh(NULL);
        session.lang = (enum lang)lang;
        session.greeted = true;
        write_direct(lang == LANG_JA ? "会社のスマホを電車に忘れた" : "I lost my work phone");
        snprintf(chat, sizeof(chat), "%s", step.replies[0].text);
        fresh(NULL);
        session.lang = (enum lang)lang;
        hand_in("incident", "what", "lost", "when", "昨日の夜", "details", "スマホを\n電車に忘れた",
                "reach", "内線 77", NULL);
        assert_int_equal(step.n_replies, 2);
        check_same_advice(chat);
        assert_true(says(0, lang == LANG_JA ? "転送" : "forward"));
        assert_true(says(1, lang == LANG_JA ? "なくした" : "lost or stolen"));
        assert_true(says(1, "昨日の夜") && says(1, "スマホを\n電車に忘れた") && says(1, "内線 77"));
        assert_false(session.greeted); /* introductions can wait */
        for (size_t i = 0; i < step.n_replies; i++) {
            assert_int_equal(step.replies[i].audience, AUDIENCE_DIRECT);
        }
        hand_in("incident", "what", "odd", "details", "x", NULL);
        assert_false(says(1, lang == LANG_JA ? "いつごろ" : "When"));
        assert_false(says(1, lang == LANG_JA ? "連絡のつき方" : "reach"));
    }
}

/* The question that was open follows; what was answered stays. */
static void test_incident_in_a_question(void **state) {
    (void)state;
    write_direct("診断");
    write_direct("2");
    struct form_run run = session.run;
    hand_in("incident", "what", "link", "details", "x", NULL);
    assert_int_equal(step.n_replies, 3);
    expect_question("q2");
    assert_memory_equal(&session.run, &run, sizeof(run));
}

static void test_incident_harmless(void **state) {
    (void)state;
    static char flood[3 * 9000 + 1];
    hand_in("incident", "what", "link", "when", "**x**", "details",
            "<!here> @all https://evil.example/x?y=1 `x` [a](b)\n# 見出し\n> 引用 ~~x~~ &lt;",
            "reach", "|a|b|", NULL);
    const char *copy = step.replies[1].text;
    assert_non_null(strstr(copy, "evil．example"));
    assert_non_null(strstr(copy, "\n＃ 見出し\n＞ 引用"));
    const char *body = strchr(copy, '\n'); /* behind the head, which is ours */
    assert_null(strpbrk(body, "<>@`[]#&~|*/"));
    for (size_t i = 0; i < 9000; i++) {
        memcpy(flood + 3 * i, "あ", 3);
    }
    hand_in("incident", "what", "link", "details", flood, "when", flood, "reach", flood, NULL);
    assert_true(text_graphemes(step.replies[1].text) < 2500);
    assert_non_null(strstr(step.replies[1].text, "…"));
    memset(flood, '@', sizeof(flood) - 1);
    hand_in("incident", "what", "link", "details", flood, NULL);
    assert_true(text_graphemes(step.replies[1].text) < 2500);
}

/* Asked for in words: all that the form would say is there without it. */
static void test_incident_in_words(void **state) {
    (void)state;
    static const char *const words[] = {"報告フォーム",
                                        "報告する",
                                        "インシデントを報告したい",
                                        "インシデントってどこに報告すればいいですか",
                                        "ヒヤリハットでも報告していいの？",
                                        "report form",
                                        "Report an incident",
                                        "who do I report incidents to?"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        fresh(NULL);
        write_direct(words[i]); /* from a newcomer, too: no introduction first */
        assert_int_equal(step.n_replies, 1);
        expect_heard("内線1234");
        expect_heard("伝えるとよいこと");
        expect_heard("担当に知らせません");
        assert_string_equal(sheet_word(heard())->sheet, "incident");
        assert_true(sheet_word(heard())->urgent);
        say_in(PLACE_CHANNEL, words[i]);
        assert_false(says(0, "内線1234"));
        assert_true(says(1, "内線1234"));
        assert_int_equal(step.n_replies, 2);
    }
    write_direct("リンクを踏んだ");
    assert_string_equal(sheet_word(heard())->sheet, "incident");
    write_direct("もしリンクを踏んだらどうなる");
    assert_null(sheet_word(heard()));
    write_direct("検索 報告");
    assert_null(sheet_word(heard()));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_looks, fresh),
        cmocka_unit_test_setup(test_unknown, fresh),
        cmocka_unit_test_setup(test_settings_filled_in, fresh),
        cmocka_unit_test_setup(test_settings_taken, fresh),
        cmocka_unit_test_setup(test_settings_refused, fresh),
        cmocka_unit_test_setup(test_settings_in_a_question, fresh),
        cmocka_unit_test_setup(test_settings_in_words, fresh),
        cmocka_unit_test_setup(test_incident_looks, fresh),
        cmocka_unit_test_setup(test_incident_missing, fresh),
        cmocka_unit_test_setup(test_incident_taken, fresh),
        cmocka_unit_test_setup(test_incident_in_a_question, fresh),
        cmocka_unit_test_setup(test_incident_harmless, fresh),
        cmocka_unit_test_setup(test_incident_in_words, fresh),
    };
    return cmocka_run_group_tests_name("sheets", tests, load_pack, unload_pack);
}
