/* The conversation holds whatever is said: floods of one thing, and thousands of random steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/text.h"
#include "tests/support/dialogue_driver.h"

#define FUZZ_STEPS  40000
#define FUZZ_WORDS  2048
#define QUOTE_LIMIT 24

/* ---- floods ---- */

static size_t count_of(const char *text, const char *what) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        n++;
    }
    return n;
}

static void test_floods(void **state) {
    (void)state;
    static const char *const units[] = {"😀",
                                        "👩‍👩‍👧‍👦",
                                        "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
                                        "あ",
                                        "@all ",
                                        "1,",
                                        "ログと",
                                        "とは",
                                        "検索 ",
                                        "\n"};
    static char text[65536];
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        size_t n = strlen(units[i]);
        size_t times = 5000 * n < sizeof(text) ? 5000 : (sizeof(text) - 1) / n;
        for (size_t k = 0; k < times; k++) {
            memcpy(text + k * n, units[i], n);
        }
        text[times * n] = '\0';
        fresh(NULL);
        write_direct("こんにちは");
        write_direct(text);
        assert_true(text_graphemes(heard()->text) < 2000);
        assert_true(count_of(heard()->text, "😀") <= 2 * QUOTE_LIMIT);
        say_in(PLACE_CHANNEL, text);
        assert_true(text_graphemes(heard()->text) < 2000);
        write_direct("診断");
        write_direct(text);
        assert_true(count_of(heard()->text, "😀") <= 2 * QUOTE_LIMIT);
    }
}

/* ---- random conversations ---- */

static const char *words[FUZZ_WORDS];
static size_t n_words;
static struct texts ways;

/* What moves the questionnaire on, so that random conversations get far. */
static const char moves[] =
    "診断\t1\t2\t1,2\t5\tはい\t戻る\t1問目を直したい\tq2\tスキップ\tわからない\t決定\t"
    "最初から\t2も\t結果を変える\t中断\t再開\t自己診断\t0\t3\tギャップ\tギャップを全部\t担い方\t"
    "K-002 は任せる\tK-002 の目標を 3 に\t学習計画\t1 終わった\t1 を戻す\t2 を別の教材に\t"
    "1 を来週に\t週60分に\t計画を作り直す\t計画のカレンダー\t計画の文書\t学びの進み具合";

static void collect_words(struct arena *arena) {
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    static const char junk[] =
        "\t \t。\t@all\t{said}\tあ\tぬるぽ\t😀\t<!here>\t役割\tの\t問目\tから\t-\t、\tと\t"
        "か\tも\tとは\t検索 \tK-\tt\trole\tq\t\n\t結果\tはい\tいいえ\t診断\t続ける\t中断\t"
        "再開\t決定\t戻る\tスキップ\t最初から\tもっと\t1\t2\t3";
    n_words = 0;
    for (const char *p = f->data; p < f->end && n_words < FUZZ_WORDS / 2;) {
        const char *end = memchr(p, '\n', (size_t)(f->end - p));
        const char *line = arena_strndup(arena, p, (size_t)(end - p));
        const char *tab = strrchr(line, '\t');
        if (tab && *line != '#') {
            words[n_words++] = tab + 1;
        }
        p = end + 1;
    }
    for (size_t i = 0; i < pack->n_terms; i++) {
        words[n_words++] = pack->terms[i].name.in[i % 2];
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        words[n_words++] = pack->roles[i].name.in[i % 2];
    }
    for (size_t q = 0; q < pack->form->n_questions; q++) {
        for (size_t o = 0; o < pack->form->questions[q].n_options; o++) {
            words[n_words++] = pack->form->questions[q].options[o].label.in[o % 2];
            words[n_words++] = pack->form->questions[q].options[o].brief.in[q % 2];
        }
    }
    struct texts extra = split(junk);
    memcpy(words + n_words, extra.items, extra.n * sizeof(*words));
    n_words += extra.n;
    ways = split(moves);
    assert_true(n_words < FUZZ_WORDS);
}

static size_t pick(size_t n) {
    return (size_t)random() % n;
}

static void random_text(char out[512]) {
    if (pick(2) == 0) {
        snprintf(out, 512, "%s", ways.items[pick(ways.n)]);
        return;
    }
    size_t parts = 1 + pick(4) * pick(2);
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < parts; i++) {
        if (pick(3) == 0) {
            len += (size_t)snprintf(out + len, 512 - len, "%ld", random() % 9 - (pick(20) == 0));
        } else {
            const char *w = words[pick(n_words)];
            if (len + strlen(w) + 2 < 512) {
                len += (size_t)snprintf(out + len, 512 - len, "%s%s", w, pick(4) == 0 ? " " : "");
            }
        }
    }
}

/* Pages looked at, forms opened and handed in with this and that, accounts that change. */
static void random_form(void) {
    static const char *const names[] = {"settings", "incident", "nothing"};
    static const char *const fields[] = {"lang", "what", "when", "details", "reach", ""};
    static const char *const values[] = {"ja", "en", "account", "link", "x", "", "**@all** <x>"};
    static const char *const locales[] = {"", "ja", "en", "de"};
    static const enum event_kind kinds[] = {EVENT_HOME,   EVENT_SHEET,  EVENT_SUBMIT,
                                            EVENT_SUBMIT, EVENT_SUBMIT, EVENT_ACCOUNT};
    struct sheet_entry entries[4];
    size_t n = pick(ARRAY_LEN(entries) + 1);
    for (size_t i = 0; i < n; i++) {
        entries[i] =
            (struct sheet_entry){fields[pick(ARRAY_LEN(fields))], values[pick(ARRAY_LEN(values))]};
    }
    session.locale = locales[pick(ARRAY_LEN(locales))];
    send_event((struct event){.kind = kinds[pick(ARRAY_LEN(kinds))],
                              .text = names[pick(ARRAY_LEN(names))],
                              .entries = entries,
                              .n_entries = n});
}

static void random_event(void) {
    char text[512];
    char question[128] = "";
    if (pick(20) == 0) {
        random_form();
        return;
    }
    if (pick(4) == 0) {
        /* Mostly what is open, sometimes something else or nothing. */
        const struct form_question *q = open_question(&session);
        if (pick(6) == 0) {
            snprintf(question, sizeof(question), "menu/%s", menu_names[pick(MENU__COUNT)]);
        } else if (pick(6) > 0) {
            snprintf(question, sizeof(question), "%s/%s", session.run_id, q ? q->id : "review");
        }
        static const enum event_kind kinds[] = {EVENT_TICK, EVENT_UNTICK, EVENT_CLOSE, EVENT_SELECT,
                                                EVENT_WORD};
        int selected[3] = {(int)pick(9) - 1, (int)pick(5) + 1, (int)pick(40)};
        size_t kind = pick(ARRAY_LEN(kinds));
        send_event((struct event){.kind = kinds[kind],
                                  .text = ways.items[pick(ways.n)],
                                  .choice = (int)pick(9) - 1,
                                  .has_selected = pick(2) == 0,
                                  .selected = selected,
                                  .n_selected = pick(ARRAY_LEN(selected) + 1),
                                  .question = question});
        return;
    }
    random_text(text);
    say_in(pick(10) == 0 ? PLACE_CHANNEL : PLACE_DIRECT, text);
}

static void test_random_conversation(void **state) {
    (void)state;
    struct arena keep = {0};
    size_t results = 0;
    size_t begun = 0;
    size_t replies = 0;
    size_t forms = 0;
    size_t refused = 0;
    size_t levels = 0;
    size_t planned = 0;
    size_t who = 0;
    collect_words(&keep);
    srandom(20261123);
    for (int i = 0; i < FUZZ_STEPS; i++) {
        random_event();
        results += changed(CHANGE_RESULT);
        begun += changed(CHANGE_RUN_BEGIN);
        replies += changed(CHANGE_REPLY);
        levels += changed(CHANGE_LEVEL);
        planned += changed(CHANGE_PLAN_STEP);
        who += changed(CHANGE_INVOLVEMENT);
        forms += step.sheet != NULL;
        refused += step.n_errors > 0;
        now_ms += pick(50) == 0 ? (int64_t)13 * 3600 * 1000 : 0;
    }
    /* The conversation went somewhere. */
    assert_true(begun > 100 && replies > 1500 && results > 50);
    assert_true(forms > 50 && refused > 50);
    assert_true(levels > 500 && planned > 100 && who > 50);
    arena_free(&keep);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_floods, fresh),
        cmocka_unit_test_setup(test_random_conversation, fresh),
    };
    return cmocka_run_group_tests_name("dialogue random", tests, load_pack, unload_pack);
}
