/* Questions as Block Kit: which controls, in Slack's limits, nothing live. */
#include "tests/support/card_fixture.h"

#define FAMILY "👨\u200d👩\u200d👧\u200d👦"

/* The texts of the options, or of the buttons, of that element's block, parted by "|". */
static const char *offered(const char *action) {
    const char *all = "";
    const cJSON *e = find_element(card.blocks, Q_REF, action);
    assert_non_null(e);
    const cJSON *list = json_member(e, "options");
    const cJSON *o = list ? list->child : e;
    for (; o; o = o->next) {
        all = arena_printf(&a, "%s%s%s", all, *all ? "|" : "", seen(&a, json_member(o, "text")));
    }
    return all;
}

static void expect_type(const char *action, const char *type) {
    assert_string_equal(json_string(find_element(card.blocks, Q_REF, action), "type"), type);
}

/* ---- which controls ---- */

static void test_text_alone(UNUSED void **state) {
    struct reply r = {.text = "**太字** & <こう>\n1. これは\n2. 手順です", .question = ""};
    show(&r);
    assert_null(card.blocks);
    assert_non_null(strstr(card.text, "*太字*"));
    assert_non_null(strstr(card.text, "&amp; &lt;こう&gt;\n1. これは\n2. 手順です"));
}

static void test_buttons(UNUSED void **state) {
    static const struct choice choices[] = {{1, "はい、最初から", "", false},
                                            {2, "いいえ、続ける", "", false}};
    struct reply r = question("最初から始めますか。", choices, ARRAY_LEN(choices));
    r.text = arena_printf(&a, "%s\n番号でも答えられます。", r.text);
    show(&r);
    assert_string_equal(
        card.text,
        "最初から始めますか。\n1. はい、最初から\n2. いいえ、続ける\n番号でも答えられます。");
    expect_sections("最初から始めますか。\n番号でも答えられます。\n");
    assert_string_equal(offered("pick:1"), "1 はい、最初から|2 いいえ、続ける");
    expect_type("pick:2", "button");
    assert_int_equal(cJSON_GetArraySize(card.blocks), 2);
}

/* Clients cut a button's text at about 30 characters, half as many wide ones. */
static void test_narrow_and_wide(UNUSED void **state) {
    static const struct {
        const char *label;
        size_t n;
        const char *type;
    } cases[] = {
        {"a", 28, "button"},         {"a", 29, "radio_buttons"},    {"あ", 14, "button"},
        {"あ", 15, "radio_buttons"}, {FAMILY, 20, "radio_buttons"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct choice choices[] = {{1, "x", "", false},
                                   {2, repeated(cases[i].label, cases[i].n), "", false}};
        struct reply r = question("?", choices, 2);
        show(&r);
        bool button = strcmp(cases[i].type, "button") == 0;
        expect_type(button ? "pick:2" : "pick", cases[i].type);
        assert_null(find_element(card.blocks, Q_REF, button ? "pick" : "pick:2"));
    }
}

static void test_numbers_of_choices(UNUSED void **state) {
    static const struct {
        size_t n;
        const char *action;
        const char *type;
        bool lines; /* stay in the text above */
    } cases[] = {
        {1, "pick:1", "button", false},       {5, "pick:5", "button", false},
        {6, "pick", "radio_buttons", false},  {10, "pick", "radio_buttons", false},
        {11, "pick", "static_select", true},  {20, "pick", "static_select", true},
        {100, "pick", "static_select", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reply r = question_of(cases[i].n, "か");
        show(&r);
        expect_type(cases[i].action, cases[i].type);
        expect_sections(cases[i].lines ? arena_printf(&a, "%s\n", r.text) : "どれですか\n");
        assert_string_equal(card.text, r.text);
        const cJSON *list = json_member(find_element(card.blocks, Q_REF, "pick"), "options");
        assert_int_equal(cJSON_GetArraySize(list), i < 2 ? 0 : cases[i].n);
    }
    struct reply r = question_of(101, "か");
    show(&r);
    assert_null(card.blocks); /* typing remains */
    assert_string_equal(card.text, r.text);
}

static void test_select(UNUSED void **state) {
    struct reply r = question_of(12, "か");
    show(&r);
    const cJSON *e = find_element(card.blocks, Q_REF, "pick");
    assert_string_equal(seen(&a, json_member(e, "placeholder")), "1–12");
    assert_null(json_member(e, "initial_option"));
}

/* A click on what is chosen beforehand would not be told, so nothing is. */
static void test_ticked_single(UNUSED void **state) {
    static const struct choice few[] = {{1, "改善", "", false}, {2, "危険", "", true}};
    struct reply r = question("どれですか", few, 2);
    show(&r);
    assert_string_equal(offered("pick:1"), "1 改善|2 ✓ 危険");
    expect_sections("どれですか\n");
    struct choice many[7];
    for (int i = 0; i < 7; i++) {
        many[i] = (struct choice){.number = i + 1, .label = "か", .ticked = i == 2};
    }
    r = question("どれですか", many, 7);
    show(&r);
    assert_string_equal(offered("pick"), "1 か|2 か|3 ✓ か|4 か|5 か|6 か|7 か");
    assert_null(json_member(find_element(card.blocks, Q_REF, "pick"), "initial_option"));
    expect_sections("どれですか\n");
}

static void test_several(UNUSED void **state) {
    struct choice choices[] = {
        {1, "ルール", "", false}, {2, "ログ", "", true}, {3, "契約", "", true}};
    struct reply r = question("どれですか", choices, 3);
    r.close = "決定";
    show(&r);
    expect_type("tick", "checkboxes");
    assert_string_equal(offered("tick"), "1 ルール|2 ログ|3 契約");
    const cJSON *boxes = find_element(card.blocks, Q_REF, "tick");
    const cJSON *initial = json_member(boxes, "initial_options");
    assert_int_equal(cJSON_GetArraySize(initial), 2);
    assert_string_equal(json_string(cJSON_GetArrayItem(initial, 1), "value"), "3");
    const cJSON *close = find_element(card.blocks, Q_REF, "close");
    assert_string_equal(json_string(close, "style"), "primary");
    assert_string_equal(seen(&a, json_member(close, "text")), "決定");
    expect_sections("どれですか\n");
    assert_string_equal(card.text, "どれですか\n1. ルール\n2. ✓ ログ\n3. ✓ 契約");
    for (int i = 0; i < 3; i++) {
        choices[i].ticked = false;
    }
    show(&r);
    boxes = find_element(card.blocks, Q_REF, "tick");
    assert_non_null(boxes);
    assert_null(json_member(boxes, "initial_options"));
}

/* Beyond ten, ticking is typed; the button to end it stays. */
static void test_many_several(UNUSED void **state) {
    struct reply r = question_of(10, "か");
    r.close = "決定";
    show(&r);
    expect_type("tick", "checkboxes");
    r = question_of(11, "か");
    r.close = "決定";
    show(&r);
    assert_null(find_element(card.blocks, Q_REF, "tick"));
    assert_non_null(find_element(card.blocks, Q_REF, "close"));
    expect_sections(arena_printf(&a, "%s\n", r.text));
}

/* In a closed list nothing can be read, so all lines stay above it. */
static void test_descriptions(UNUSED void **state) {
    static const size_t lengths[] = {1, 75, 76, 400};
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        const char *more = repeated("説", lengths[i]);
        struct choice choices[] = {{1, "cさん", more, false}, {2, "bさん", "", false}};
        struct reply r = question("どちら", choices, 2);
        show(&r);
        expect_type("pick", "static_select");
        const cJSON *options = json_member(find_element(card.blocks, Q_REF, "pick"), "options");
        const char *got = seen(&a, json_member(options->child, "description"));
        assert_int_equal(chars(got), lengths[i] < 75 ? lengths[i] : 75);
        assert_int_equal(strcmp(got, more) == 0, lengths[i] <= 75);
        assert_null(json_member(options->child->next, "description"));
        expect_sections(arena_printf(&a, "%s\n", r.text));
    }
}

/* Checkboxes show descriptions at once; a line that says no more than both goes. */
static void test_described_boxes(UNUSED void **state) {
    const struct choice choices[] = {{1, "ログ", "記録を見る", false},
                                     {2, "契約", repeated("約", 76), false},
                                     {3, "教育", "", false}};
    struct reply r = question("どれですか", choices, 3);
    r.close = "決定";
    show(&r);
    assert_string_equal(offered("tick"), "1 ログ|2 契約|3 教育");
    expect_sections(arena_printf(&a, "どれですか\n2. 契約: %s\n", choices[1].description));
    r.text = "どれですか\n1. **ログ**: 記録を見る\n2. 契約\n3. 教育";
    show(&r);
    expect_sections("どれですか\n2. 契約\n");
    r.text = "どれですか\n1. ログ(新): 記録を見る";
    show(&r);
    expect_sections("どれですか\n1. ログ(新): 記録を見る\n");
}

/* ---- labels that are too long ---- */

static void test_long_labels(UNUSED void **state) {
    static const char *const units[] = {"a",        "あ",   "𠮷", "e\u0301", "か\u3099",
                                        "👍🏽", FAMILY, "&",  "<"};
    static const size_t counts[] = {1, 7, 12, 13, 14, 15, 36, 37, 72, 73, 74, 75, 76, 300};
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        for (size_t k = 0; k < ARRAY_LEN(counts); k++) {
            struct choice choices[6];
            for (int c = 0; c < 6; c++) {
                choices[c] = (struct choice){.number = c + 1, .label = "短い"};
            }
            choices[4].label = repeated(units[i], counts[k]);
            struct reply r = question("どれ", choices, 6);
            show(&r);
            const cJSON *o = cJSON_GetArrayItem(
                json_member(find_element(card.blocks, Q_REF, "pick"), "options"), 4);
            const char *got = json_string(json_member(o, "text"), "text");
            const char *full = arena_printf(&a, "5 %s", choices[4].label);
            const char *read = seen(&a, json_member(o, "text"));
            bool whole = strcmp(read, full) == 0;
            size_t needed = chars(units[i]) * counts[k] *
                            (*units[i] == '&'   ? 5
                             : *units[i] == '<' ? 4
                                                : 1);
            assert_int_equal(whole, needed + 2 <= 75);
            bool repeats = strstr(sections(&a, card.blocks), "\n5. ") != NULL;
            assert_int_equal(repeats, !whole);
            if (!whole) { /* whole characters, and nearly as many as there is room for */
                size_t n = strlen(read);
                assert_string_equal(read + n - 3, "…");
                assert_memory_equal(read, full, n - 3);
                assert_int_equal((n - 3 - 2) % strlen(units[i]), 0);
                size_t each = chars(units[i]) * (*units[i] == '&' ? 5 : *units[i] == '<' ? 4 : 1);
                assert_true(chars(got) + 2 * each >= 75);
            }
        }
    }
}

/* One character may be as long as its writer likes. */
static void test_endless_character(UNUSED void **state) {
    const struct choice choices[] = {
        {1, arena_printf(&a, "か%s", repeated("\u0301", 500)), "", false}, {2, "き", "", false}};
    struct reply r = question("どれ", choices, 2);
    show(&r);
    expect_type("pick", "radio_buttons");
    assert_non_null(strstr(sections(&a, card.blocks), "\n1. か"));
}

static void test_odd_labels(UNUSED void **state) {
    static const char *const labels[] = {"",     " ",  "**",  "** **", "\n",   "a\nb", "\t",
                                         "\x1b", "　", "*a*", "`",     "1. a", "✓ "};
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        for (size_t n = 2; n <= 12; n += 5) { /* buttons, radio, select */
            struct choice choices[12];
            for (size_t c = 0; c < n; c++) {
                choices[c] = (struct choice){.number = (int)c + 1, .label = labels[i]};
            }
            struct reply r = question("どれ", choices, n);
            show(&r);
            assert_non_null(card.blocks);
            r.close = labels[i];
            r.words = &(struct word){.label = labels[i], .text = labels[i], .sheet = ""};
            r.n_words = 1;
            show(&r);
        }
    }
}

/* ---- nothing live ---- */

static void test_nothing_live(UNUSED void **state) {
    static const char *const live[] = {
        "<!channel>",
        "<!here|x>",
        "<@U0TARO001>",
        "<#C123|x>",
        "<https://e.example|x>",
        "<mailto:a@b|x>",
        "&lt;!channel&gt;",
        "<!date^1^{date}|x>",
        "<!subteam^S1>",
        "a & b < c > d",
    };
    for (size_t i = 0; i < ARRAY_LEN(live); i++) {
        const struct word word = {.label = live[i], .text = live[i], .sheet = ""};
        const struct choice choices[] = {{1, live[i], live[i], false}, {2, "b", "", true}};
        const char *const cells[] = {live[i], live[i]};
        const struct table table = {.cells = cells, .columns = 2, .rows = 1};
        struct reply r = question(live[i], choices, 2);
        r.words = &word;
        r.n_words = 1;
        r.table = &table;
        show(&r); /* checked in check_message */
        assert_non_null(find_element(card.blocks, W_REF, "word:1"));
        r.close = live[i];
        show(&r);
        const cJSON *o = json_member(find_element(card.blocks, Q_REF, "tick"), "options");
        assert_string_equal(seen(&a, json_member(o->child, "description")), live[i]);
    }
}

/* ---- words and progress ---- */

static void test_words(UNUSED void **state) {
    static const struct word words[] = {{"戻る", "戻る", "", false},
                                        {"not sure & so", "not sure & so", "", false},
                                        {"知らせる", "", "incident", true},
                                        {"", "x", "", false},
                                        {"nothing", "", "", false}};
    struct reply r = {.text = "本文", .question = "", .words = words, .n_words = ARRAY_LEN(words)};
    show(&r);
    const cJSON *block = find_block(card.blocks, "actions", 0);
    assert_string_equal(json_string(block, "block_id"), "w:");
    assert_int_equal(cJSON_GetArraySize(json_member(block, "elements")), 4);
    const cJSON *urgent = find_element(card.blocks, "w:", "sheet:3");
    assert_string_equal(json_string(urgent, "style"), "danger");
    assert_string_equal(json_string(urgent, "value"), "incident");
    assert_null(json_member(find_element(card.blocks, "w:", "word:1"), "style"));
    assert_string_equal(seen(&a, json_member(find_element(card.blocks, "w:", "word:2"), "text")),
                        "not sure & so");
    expect_sections("本文\n");
}

static void test_too_many_words(UNUSED void **state) {
    struct word words[40];
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        words[i] = (struct word){.label = "語", .text = "語", .sheet = ""};
    }
    struct reply r = {.text = "本文", .question = REF, .words = words, .n_words = 40};
    show(&r);
    const cJSON *block = find_block(card.blocks, "actions", 0);
    assert_string_equal(json_string(block, "block_id"), W_REF);
    assert_int_equal(cJSON_GetArraySize(json_member(block, "elements")), 25);
}

/* What could not come back is not offered. */
static void test_long_words(UNUSED void **state) {
    struct word word = {.label = repeated("長", 300), .text = repeated("a", 2000), .sheet = ""};
    struct reply r = {.text = "本文", .question = "", .words = &word, .n_words = 1};
    show(&r);
    assert_non_null(find_element(card.blocks, "w:", "word:1"));
    word.text = repeated("a", 2001);
    show(&r);
    assert_null(card.blocks);
    word.text = repeated("&", 667);
    show(&r);
    assert_null(card.blocks);
    word.text = repeated("&", 666);
    show(&r);
    assert_non_null(card.blocks);
}

static void test_progress(UNUSED void **state) {
    static const struct {
        int place;
        int total;
        const char *bar;
    } cases[] = {
        {1, 4, "█░░░░ 1/4"},   {2, 4, "███░░ 2/4"},
        {3, 4, "████░ 3/4"},   {4, 4, "█████ 4/4"},
        {1, 20, "░░░░░ 1/20"}, {1, 1, "█████ 1/1"},
        {9, 4, "█████ 4/4"},   {0, 5, "░░░░░ 0/5"},
        {-3, 5, "░░░░░ 0/5"},  {INT32_MAX, INT32_MAX, "█████ 999/999"},
        {1, 0, NULL},          {1, -1, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reply r = {
            .text = "本文", .question = "", .place = cases[i].place, .total = cases[i].total};
        show(&r);
        const cJSON *context = find_block(card.blocks, "context", 0);
        assert_int_equal(context != NULL, cases[i].bar != NULL);
        if (context) {
            assert_string_equal(seen(&a, json_member(context, "elements")->child), cases[i].bar);
        }
    }
}

/* ---- references ---- */

static void test_block_ids(UNUSED void **state) {
    struct reply r = question_of(3, "か");
    struct choice *choices = arena_alloc(&a, 3 * sizeof(*choices));
    memcpy(choices, r.choices, 3 * sizeof(*choices));
    r.close = "決定";
    show(&r);
    assert_non_null(find_element(card.blocks, Q_REF, "tick"));
    choices[1].ticked = true; /* the same question: what is ticked on the screen stays */
    r.choices = choices;
    show(&r);
    assert_non_null(find_element(card.blocks, Q_REF, "tick"));
    r.question = "menu/edit//";
    show(&r);
    assert_non_null(find_element(card.blocks, "q:menu/edit//", "tick"));
}

/* Where a click could not say what it is about there are no controls; the text has all. */
static void test_references(UNUSED void **state) {
    static const struct {
        const char *unit;
        size_t n;
        bool fits;
    } cases[] = {
        {"a", 253, true}, {"a", 254, false}, {"あ", 253, true}, {"あ", 254, false},
        {" ", 84, true},  {" ", 85, false},  {"<", 84, true},   {"%", 85, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reply r = question_of(3, "か");
        r.words = &(struct word){.label = "戻る", .text = "戻る", .sheet = ""};
        r.n_words = 1;
        r.question = repeated(cases[i].unit, cases[i].n);
        show(&r);
        assert_int_equal(find_element(card.blocks, "", "pick:1") != NULL, cases[i].fits);
        assert_non_null(find_element(card.blocks, cases[i].fits ? "" : "w:", "word:1"));
        expect_sections(cases[i].fits ? "どれですか\n" : arena_printf(&a, "%s\n", r.text));
    }
    struct reply r = question_of(3, "か");
    r.question = "";
    show(&r);
    assert_null(card.blocks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CARD(test_text_alone),      CARD(test_buttons),
        CARD(test_narrow_and_wide), CARD(test_numbers_of_choices),
        CARD(test_select),          CARD(test_ticked_single),
        CARD(test_several),         CARD(test_many_several),
        CARD(test_descriptions),    CARD(test_described_boxes),
        CARD(test_long_labels),     CARD(test_endless_character),
        CARD(test_odd_labels),      CARD(test_nothing_live),
        CARD(test_words),           CARD(test_too_many_words),
        CARD(test_long_words),      CARD(test_progress),
        CARD(test_block_ids),       CARD(test_references),
    };
    return cmocka_run_group_tests(tests, open_rows, close_rows);
}
