/*
 * The conversation as Slack shows it: every reply as blocks that Slack takes, the questionnaire
 * from end to end by clicks alone, and the same for whatever words and labels a pack may have.
 */
#include "base/buf.h"
#include "base/text.h"
#include "bot/slack/markup.h"
#include "bot/slack/views.h"
#include "tests/support/card_fixture.h"
#include "tests/support/dialogue_driver.h"

#define ROUNDS 1500

static unsigned seed;

static int load_all(void **state) {
    return load_pack(state) != 0 || open_rows(state) != 0 ? -1 : 0;
}

static int unload_all(void **state) {
    return close_rows(state) != 0 || unload_pack(state) != 0 ? -1 : 0;
}

/* In all its parts; what is left is the last one. */
static void show_all(const struct reply *r) {
    struct store_out row = row_of(&a, r);
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = slack_split(&a, row.text, parts);
    for (size_t i = 0; i < n; i++) {
        show_part(&row, parts[i], i + 1 == n, true);
    }
}

static void keep(const char *name) {
    keep_sample(name, card.text, card.blocks);
}

/* ---- clicks only ---- */

static void send_click(const struct slack_click *click) {
    struct event e = {.place = PLACE_DIRECT};
    if (!slack_click_read(&a, click, &e)) {
        fail_msg("a click is not read: %s %s", click->done.block, click->done.action);
    }
    send_event(e);
}

static void press(const char *action) {
    const cJSON *b;
    cJSON_ArrayForEach(b, card.blocks) {
        const char *id = json_string(b, "block_id");
        if (id && find_element(card.blocks, id, action)) {
            struct slack_click click;
            click_in(&a, card.blocks, id, action, NULL, 0, &click);
            send_click(&click);
            return;
        }
    }
    fail_msg("nothing to press: %s", action);
}

/* The first choice, whatever it is offered with. */
static void pick_first(void) {
    const cJSON *block = find_block(card.blocks, "actions", 0);
    const char *id = json_string(block, "block_id");
    const cJSON *e = json_member(block, "elements")->child;
    const cJSON *options = json_member(e, "options");
    const char *value = options ? json_string(options->child, "value") : NULL;
    struct slack_click click;
    click_in(&a, card.blocks, id, json_string(e, "action_id"), &value, options ? 1 : 0, &click);
    send_click(&click);
    if (strcmp(json_string(e, "type"), "checkboxes") == 0) {
        assert_int_equal(step.n_replies, 0); /* the client shows the tick */
        click_with(&a, card.blocks, id, "close", &value, 1, &click);
        send_click(&click);
    }
}

/* What asked it shows what was understood. */
static void check_settled(const struct store_out *asked) {
    assert_string_equal(step.settled.question, asked->question);
    struct store_card before = {.remote_id = "D1/1.1",
                                .text = asked->text,
                                .choices = asked->choices,
                                .controls = asked->controls};
    struct slack_card after;
    slack_card_settled(&a, &before, step.settled.text, &after);
    check_message(after.text, after.blocks);
    assert_null(find_block(after.blocks, "actions", 0));
    assert_non_null(strstr(after.text, "✓ "));
    assert_null(strstr(after.text, "\n1. "));
    cJSON_Delete(after.blocks);
}

static void answer_all(const char *lang) {
    write_direct(strcmp(lang, "ja") == 0 ? "診断" : "start");
    for (int i = 0; session.run.phase == RUN_ASKING; i++) {
        assert_true(i < 20);
        struct store_out asked = row_of(&a, heard());
        show_all(heard());
        assert_non_null(find_block(card.blocks, "context", 0));
        keep(arena_printf(&a, "question-%s-%d", lang, i + 1));
        pick_first();
        check_settled(&asked);
    }
    assert_int_equal(session.run.phase, RUN_REVIEW);
    show_all(heard());
    keep(arena_printf(&a, "review-%s", lang));
    press("pick:1");
    assert_int_equal(session.run.phase, RUN_DONE);
    show_all(heard());
}

static void test_by_clicks(UNUSED void **state) {
    answer_all("ja");
    assert_true(*session.result != '\0');
    write_direct("結果を変える");
    assert_in_range(strlen(heard()->question), 60, 70); /* however many it lists */
    show_all(heard());
    keep("personas-ja");
    pick_first();
    assert_true(session.result_by_hand);
    write_direct("English");
    answer_all("en");
}

static void test_words(UNUSED void **state) {
    write_direct("診断");
    show_all(heard());
    pick_first();
    const char *second = arena_strdup(&a, heard()->question);
    show_all(heard());
    press("word:1"); /* back */
    expect_question("q1");
    show_all(heard());
    assert_non_null(strstr(card.text, "1. ✓ "));
    press("word:1"); /* skip: there is no way back from the first question */
    assert_string_equal(heard()->question, second);
    show_all(heard());
    press("word:3"); /* pause */
    assert_int_equal(session.run.phase, RUN_PARKED);
    write_direct("こんにちは");
    show_all(heard());
    assert_non_null(strstr(sections(&a, card.blocks), "\n2. ")); /* it says more than the button */
    assert_null(strstr(sections(&a, card.blocks), "\n1. "));
    keep("welcome-ja");
    press("pick:1");
    assert_string_equal(heard()->question, second);
}

/* All there is to say, in both languages. */
static void test_everything_said(UNUSED void **state) {
    static const char *const said[] = {"こんにちは",
                                       "ヘルプ",
                                       "出典",
                                       "データの扱い",
                                       "役割",
                                       "役割7",
                                       "人材像",
                                       "cさん",
                                       "用語集",
                                       "リンク",
                                       "検索 ログ",
                                       "もっと",
                                       "K-006",
                                       "法務の知識",
                                       "困りごと",
                                       "診断",
                                       "リンクを踏んだ",
                                       "わからない",
                                       "ん？",
                                       "3問目を直したい",
                                       "1",
                                       "見直し",
                                       "戻る",
                                       "最初から",
                                       "中断",
                                       "再開",
                                       "English",
                                       "help",
                                       "roles",
                                       "start",
                                       "skip",
                                       "why",
                                       "example",
                                       "glossary",
                                       "what?",
                                       "all",
                                       "review",
                                       "my result",
                                       "change result",
                                       "2",
                                       "score",
                                       "Japanese"};
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        write_direct(said[i]);
        for (size_t k = 0; k < step.n_replies; k++) {
            show_all(&step.replies[k]);
            const struct reply *r = &step.replies[k];
            assert_int_equal(card.blocks != NULL,
                             r->n_choices > 0 || r->n_words > 0 || r->table || r->chart);
        }
    }
}

/* ---- samples of views ---- */

static void test_views(UNUSED void **state) {
    static const struct word words[] = {{"診断", "診断", "", false},
                                        {"設定", "", "settings", false},
                                        {"知らせる", "", "incident", true}};
    static const struct sheet_option whats[] = {{"link", "リンクを開いた"}, {"mail", "宛先"}};
    static const struct sheet_field fields[] = {
        {"what", SHEET_CHOICE, "何が", "", "link", whats, 2, 0, false},
        {"when", SHEET_LINE, "いつ", "例", "", NULL, 0, 100, true},
        {"detail", SHEET_TEXT, "くわしく", "", "x", NULL, 0, 2000, false},
    };
    const struct sheet sheet = {"incident", "知らせる", "急ぎは", "作る", "やめる", fields, 3};
    struct reply page = {.text = "**いま**\n途中\n\n**次**\n「診断」",
                         .question = "",
                         .words = words,
                         .n_words = 3,
                         .place = 2,
                         .total = 4};
    struct store_out row = row_of_home(&a, &page);
    cJSON *views[] = {slack_home(&a, &row), slack_modal(&a, &sheet, "{}"),
                      slack_loading(&a, "知らせる", "少し")};
    static const char *const names[] = {"home-ja", "modal-ja", "loading-ja"};
    for (size_t i = 0; i < ARRAY_LEN(views); i++) {
        check_view(views[i]);
        keep_sample(names[i], NULL, views[i]);
        cJSON_Delete(views[i]);
    }
}

static void test_figures(UNUSED void **state) {
    static const char *const cells[] = {"質問", "答え", "仕事", "開発"};
    static const char *const labels[] = {"cさん", "bさん"};
    static const int values[] = {3, 5};
    struct table table = {.cells = cells, .columns = 2, .rows = 2};
    struct chart chart = {.title = "点数", .labels = labels, .values = values, .n = 2};
    struct reply r = {.text = "点数", .question = "", .table = &table};
    show_all(&r);
    assert_non_null(find_block(card.blocks, "table", 0));
    keep("table-ja"); /* charts are newer than the official types */
    r.chart = &chart;
    show_all(&r);
    assert_non_null(find_block(card.blocks, "data_visualization", 0));
}

/* ---- whatever a pack may have ---- */

static unsigned rnd(unsigned n) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static const char *random_text(unsigned max) {
    static const char *const pieces[] = {"a",
                                         "あ",
                                         "漢字",
                                         " ",
                                         "　",
                                         "\n",
                                         "**",
                                         "*",
                                         "_",
                                         "`",
                                         "```",
                                         "&",
                                         "<",
                                         ">",
                                         "&amp;",
                                         "<!channel>",
                                         "<@U1>",
                                         "1. ",
                                         "2. ✓ ",
                                         "✓ ",
                                         "…",
                                         "👍🏽",
                                         "か\u3099",
                                         "e\u0301\u0302",
                                         "👨\u200d👩\u200d👧",
                                         "\"",
                                         "\\",
                                         "%",
                                         "%41",
                                         ":",
                                         ": ",
                                         "\t",
                                         "\x01",
                                         "https://e.example/a_b",
                                         "。",
                                         "、",
                                         "-",
                                         "~x~",
                                         "🇯🇵",
                                         "\u200b",
                                         "\u00ad",
                                         "長い文です。"};
    struct buf b;
    buf_init(&b, 200000);
    for (unsigned n = rnd(max + 1); n > 0; n--) {
        buf_adds(&b, pieces[rnd(ARRAY_LEN(pieces))]);
    }
    const char *text = arena_strdup(&a, buf_text(&b));
    buf_free(&b);
    return text;
}

static size_t random_size(void) {
    static const size_t sizes[] = {0, 1, 2, 3, 5, 6, 9, 10, 11, 20, 40, 101};
    return sizes[rnd(ARRAY_LEN(sizes))];
}

static unsigned random_length(void) {
    static const unsigned lengths[] = {3, 3, 8, 20, 30, 60, 200};
    return lengths[rnd(ARRAY_LEN(lengths))];
}

static struct reply random_reply(void) {
    size_t n = random_size();
    struct choice *choices = arena_alloc(&a, (n + 1) * sizeof(*choices));
    struct word *words = arena_alloc(&a, 8 * sizeof(*words));
    const char *text = random_text(rnd(20) == 0 ? 4000 : random_length());
    bool described = rnd(3) == 0;
    unsigned length = random_length();
    for (size_t i = 0; i < n; i++) {
        choices[i] = (struct choice){.number = (int)i + 1 + (int)rnd(2) * 200,
                                     .label = random_text(length),
                                     .description = described ? random_text(length) : "",
                                     .ticked = rnd(3) == 0};
        text = arena_printf(&a, "%s\n%d. %s%s", text, choices[i].number,
                            choices[i].ticked ? "✓ " : "", choices[i].label);
    }
    for (size_t i = 0; i < 8; i++) {
        words[i] = (struct word){random_text(20), random_text(20), rnd(3) ? "" : random_text(5),
                                 rnd(2) == 0};
    }
    return (struct reply){.text = text,
                          .choices = choices,
                          .n_choices = n,
                          .question = rnd(8) ? "run/q1" : random_text(40),
                          .close = rnd(3) ? "" : random_text(random_length()),
                          .place = (int)rnd(9),
                          .total = (int)rnd(9),
                          .words = words,
                          .n_words = rnd(9)};
}

/* Each button and option comes back as what it is. */
static void check_ways_back(const struct reply *r) {
    const cJSON *b;
    cJSON_ArrayForEach(b, card.blocks) {
        const char *id = json_string(b, "block_id");
        const cJSON *e;
        cJSON_ArrayForEach(e, json_member(id ? b : NULL, "elements")) {
            const cJSON *options = json_member(e, "options");
            const char *value = options ? json_string(options->child, "value") : NULL;
            struct slack_click click;
            struct event got;
            click_in(&a, card.blocks, id, json_string(e, "action_id"), &value, options ? 1 : 0,
                     &click);
            assert_true(slack_click_read(&a, &click, &got));
            assert_string_equal(got.question, strcmp(id, "w:") == 0 ? "" : r->question);
            bool found = got.kind == EVENT_CLOSE || got.kind == EVENT_SELECT;
            for (size_t i = 0; i < r->n_choices; i++) {
                found = found || r->choices[i].number == got.choice;
            }
            for (size_t i = 0; i < r->n_words; i++) {
                const struct word *w = &r->words[i];
                found = found || strcmp(*w->sheet ? w->sheet : w->text, got.text) == 0;
            }
            assert_true(found);
        }
    }
}

static bool is_shown(const char *label) {
    const cJSON *e = json_member(find_block(card.blocks, "actions", 0), "elements");
    for (e = e ? e->child : NULL; e; e = e->next) {
        const cJSON *list = json_member(e, "options");
        for (const cJSON *o = list ? list->child : e; o; o = list ? o->next : NULL) {
            if (strcmp(seen(&a, json_member(o, "text")), label) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Each choice can be read: its line stays unless a control has all of it. */
static void check_readable(const struct reply *r) {
    if (!card.blocks || find_block(card.blocks, "section", 1)) {
        return; /* one piece only: markup is closed and opened again where a text is parted */
    }
    const char *text = sections(&a, card.blocks);
    for (size_t i = 0; i < r->n_choices; i++) {
        const struct choice *c = &r->choices[i];
        if (strpbrk(c->label, "*_`~>\n\t\x01/:<") || strstr(c->label, "  ") || !*c->label ||
            strcmp(text_trim(&a, c->label), c->label) != 0) {
            continue; /* what is not shown as it is written */
        }
        const char *line = arena_printf(&a, "%d. %s%s", c->number, c->ticked ? "✓ " : "", c->label);
        bool said = strstr(text, slack_literal(&a, line)) != NULL;
        const char *ticked = arena_printf(&a, "%d ✓ %s", c->number, c->label);
        const char *plain = arena_printf(&a, "%d %s", c->number, c->label);
        if (!said && !is_shown(plain) && !is_shown(ticked)) {
            fail_msg("seed %u: '%s' cannot be read:\n%s", seed, line, text);
        }
    }
}

static void test_random(UNUSED void **state) {
    size_t with_blocks = 0;
    seed = 20261123;
    for (int i = 0; i < ROUNDS; i++) {
        struct reply r = random_reply();
        show_all(&r);
        check_ways_back(&r);
        const char *parts[SPLIT_PARTS_MAX];
        if (slack_split(&a, r.text, parts) == 1) {
            check_readable(&r);
        }
        with_blocks += card.blocks != NULL;
        arena_reset(&a);
    }
    assert_in_range(with_blocks, ROUNDS / 2, ROUNDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_by_clicks, fresh, forget_card),
        cmocka_unit_test_setup_teardown(test_words, fresh, forget_card),
        cmocka_unit_test_setup_teardown(test_everything_said, fresh, forget_card),
        cmocka_unit_test_teardown(test_views, forget_card),
        cmocka_unit_test_teardown(test_figures, forget_card),
        cmocka_unit_test_teardown(test_random, forget_card),
    };
    return cmocka_run_group_tests(tests, load_all, unload_all);
}
