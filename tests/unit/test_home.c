/* The page of one's own: what it shows in each state, that it offers nothing that is not
 * understood, and that it changes with what it shows and with nothing else. */
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

#define LINES_MAX 25
#define PAGES_MAX 64

static struct site site = {.security_contact = {{"内線1234", "extension 1234"}}};
static struct arena arena; /* of the pages */

static int unload(void **state) {
    arena_free(&arena);
    return unload_pack(state);
}

static struct reply look(const struct event *event) {
    struct step_input in = {.pack = pack, .site = &site, .session = &session, .event = event};
    struct reply page;
    struct session before = session;
    dialogue_home(&in, &arena, &page);
    assert_memory_equal(&session, &before, sizeof(session));
    return page;
}

/* All of a page that anybody can see, as one string. */
static const char *seen(const struct reply *page) {
    const char *all = arena_printf(&arena, "%s\n%d/%d", page->text, page->place, page->total);
    for (size_t i = 0; i < page->n_words; i++) {
        const struct word *w = &page->words[i];
        all = arena_printf(&arena, "%s\n%s|%s|%s|%d", all, w->label, w->text, w->sheet, w->urgent);
    }
    return all;
}

/* What the page says can be written is understood: it stands in 「」 or in quotation marks. */
static size_t check_quoted(const char *text) {
    bool ja = session.lang == LANG_JA;
    const char *open = ja ? "「" : "\"";
    const char *close = ja ? "」" : "\"";
    size_t n = 0;
    const char *end = strstr(text, ja ? "出典" : "Adapted from"); /* it quotes a title */
    assert_non_null(end);
    for (const char *at = text; (at = strstr(at, open)) != NULL && at < end; n++) {
        at += strlen(open);
        const char *stop = strstr(at, close);
        assert_non_null(stop);
        const char *said = arena_strndup(&arena, at, (size_t)(stop - at));
        if (!is_understood(said)) {
            fail_msg("the page says to write \"%s\"", said);
        }
        at = stop + strlen(close);
    }
    return n;
}

static void check_lines(const char *text) {
    size_t lines = 1;
    for (const char *p = text; *p; p++) {
        lines += *p == '\n';
        assert_false(p[0] == '\n' && p[1] == '\n' && p[2] == '\n');
        bool kana = session.lang == LANG_EN && strncmp(p, "\xe3\x81", 2) == 0;
        assert_false(kana); /* an English page has no Japanese in it */
    }
    assert_true(lines <= LINES_MAX);
    assert_int_equal(strncmp(text, "**", 2), 0);
}

static const struct word *word_for(const struct reply *page, const char *sheet) {
    for (size_t i = 0; i < page->n_words; i++) {
        if (strcmp(page->words[i].sheet, sheet) == 0) {
            return &page->words[i];
        }
    }
    return NULL;
}

/* The page as it is now, with what holds for every page; the first word is the next step. */
static struct reply page_with(const char *part, const char *next) {
    struct reply page = look(NULL);
    check_words(&page);
    check_lines(page.text);
    assert_true(check_quoted(page.text) >= 2);
    if (!strstr(page.text, part)) {
        fail_msg("\"%s\" is not in: %s", part, page.text);
    }
    assert_string_equal(page.words[0].label, next);
    assert_true(word_for(&page, "incident")->urgent);
    assert_false(word_for(&page, "settings")->urgent);
    assert_int_equal(page.n_choices, 0);
    assert_string_equal(page.question, "");
    assert_true(strstr(page.text, session.lang == LANG_JA ? "出典" : "Adapted from"));
    return page;
}

static void answer_all(void) {
    write_direct("2");
    write_direct("1,2,4");
    write_direct("どれもない");
    write_direct("3");
}

static const char *name_of(const char *persona) {
    return pack_persona(pack, persona)->name.in[session.lang];
}

static void expect_place(const struct reply *page, int place, int total) {
    assert_int_equal(page->place, place);
    assert_int_equal(page->total, total);
}

static void test_states(void **state) {
    (void)state;
    struct reply page = page_with("まだ分かりません", "診断");
    expect_place(&page, 0, 0);
    write_direct("診断");
    page = page_with("4問のうち0問", "再開");
    expect_place(&page, 0, 4);
    write_direct("2");
    write_direct("1");
    page = page_with("4問のうち2問", "再開");
    expect_place(&page, 2, 4);
    write_direct("中断");
    page = page_with("2問に答えて、止めて", "再開");
    expect_place(&page, 2, 4);
    write_direct("再開");
    write_direct("3");
    write_direct("3");
    page = page_with("4問の答えがそろい", "再開");
    expect_place(&page, 4, 4);
    write_direct("再開");
    write_direct("はい");
    page = page_with(name_of("persona-c"), "結果");
    assert_null(strstr(page.text, "ご自分で選んだ結果"));
    expect_place(&page, 0, 0);
    write_direct("結果を変える");
    write_direct("1");
    page = page_with("ご自分で選んだ結果", "結果");
    write_direct("2問目を直したい");
    page = page_with(name_of(session.result), "再開");
    expect_place(&page, 4, 4);
}

static void test_english(void **state) {
    (void)state;
    session.lang = LANG_EN;
    page_with("Not known yet", "start");
    write_direct("start");
    page_with("0 of 4", "resume");
    write_direct("2");
    write_direct("pause");
    page_with("Paused, with 1 of 4", "resume");
    write_direct("resume");
    write_direct("1");
    write_direct("3");
    write_direct("3");
    page_with("a last look is left", "resume");
    write_direct("yes");
    page_with(name_of(session.result), "result");
    write_direct("change result");
    write_direct("1");
    page_with("Your own choice.", "result");
}

/* By hand without a questionnaire, none that fits, and a persona that the pack no longer has. */
static void test_results(void **state) {
    (void)state;
    write_direct("結果を変える");
    write_direct("2");
    struct reply page = page_with(name_of(session.result), "結果");
    assert_null(strstr(page.text, "**診断**"));
    session.result = "persona-of-old";
    page_with("前の結果の人材像は", "診断");
    fresh(NULL);
    write_direct("診断");
    write_direct("2");
    write_direct("どれもない");
    write_direct("どれもない");
    write_direct("どれもない");
    write_direct("はい");
    assert_string_equal(session.result, "");
    page_with("近い人材像を選べます", "結果");
}

static void test_settings_and_contact(void **state) {
    (void)state;
    struct site before = site;
    page_with("言語: 日本語\n", "診断");
    session.locale = "ja";
    page_with("アカウントに合わせています", "診断");
    session.lang_chosen = true;
    page_with("言語: 日本語(ご自分で選んだもの)", "診断");
    page_with("内線1234", "診断");
    site = (struct site){.security_contact = {{"", ""}}, .privacy_text = {{"", ""}}};
    page_with("社内のセキュリティ担当か上司に", "診断");
    session.lang = LANG_EN;
    page_with("your security team or your manager", "start");
    site = before;
}

/* ---- equal and different ---- */

static const char *pages[PAGES_MAX];
static size_t n_pages;

/* Every page so far looks different. */
static void collect(void) {
    struct reply page = look(NULL);
    const char *all = seen(&page);
    for (size_t i = 0; i < n_pages; i++) {
        if (strcmp(pages[i], all) == 0) {
            fail_msg("two states look the same: %s", all);
        }
    }
    assert_true(n_pages < PAGES_MAX);
    pages[n_pages++] = all;
}

static void test_changes_are_seen(void **state) {
    (void)state;
    n_pages = 0;
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        fresh(NULL);
        session.lang = (enum lang)lang;
        collect();
        write_direct("診断");
        collect();
        write_direct("2");
        collect();
        write_direct("1");
        collect();
        write_direct("中断");
        collect();
        write_direct("再開");
        write_direct("3");
        collect();
        write_direct("3");
        collect();
        write_direct("はい");
        collect();
        write_direct("結果を変える");
        write_direct("1");
        collect();
        session.locale = lang_codes[lang];
        collect();
        session.lang_chosen = true;
        collect();
    }
    assert_int_equal(n_pages, 22);
}

/* What is not shown changes nothing: time, clicks under way, menus, and who looks from where. */
static void test_same_is_same(void **state) {
    (void)state;
    write_direct("診断");
    write_direct("2");
    struct reply page = look(NULL);
    const char *first = seen(&page);
    struct event event = {.kind = EVENT_HOME,
                          .platform = "p",
                          .workspace = "w",
                          .user = "u",
                          .id = "i",
                          .place = PLACE_CHANNEL,
                          .channel = "c",
                          .text = "診断",
                          .locale = "en",
                          .at_ms = 5,
                          .late_ms = 99999999};
    page = look(&event);
    assert_string_equal(seen(&page), first);
    write_direct("2も"); /* a tick */
    assert_true(session.run.ticks != 0);
    write_direct("ぬるぽ");
    write_direct("役割");
    now_ms += (int64_t)100 * 3600 * 1000;
    write_direct("こんにちは");
    assert_int_equal(session.menu, MENU_WELCOME_BACK);
    page = look(NULL);
    assert_string_equal(seen(&page), first);
    session.misses = 7;
    session.last_event_ms = 1;
    page = look(NULL);
    assert_string_equal(seen(&page), first);
}

/* Looking is no sign of life: whoever looked, but said nothing for a day, is welcomed back. */
static void test_looking(void **state) {
    (void)state;
    write_direct("診断");
    answer_all();
    now_ms += (int64_t)24 * 3600 * 1000;
    send_event((struct event){.kind = EVENT_HOME});
    assert_int_equal(step.n_replies, 0);
    send_event((struct event){.kind = EVENT_SHEET, .text = "settings"});
    write_direct("こんにちは");
    assert_int_equal(session.menu, MENU_WELCOME_BACK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_states, fresh),
        cmocka_unit_test_setup(test_english, fresh),
        cmocka_unit_test_setup(test_results, fresh),
        cmocka_unit_test_setup(test_settings_and_contact, fresh),
        cmocka_unit_test_setup(test_changes_are_seen, fresh),
        cmocka_unit_test_setup(test_same_is_same, fresh),
        cmocka_unit_test_setup(test_looking, fresh),
    };
    return cmocka_run_group_tests_name("home", tests, load_pack, unload);
}
