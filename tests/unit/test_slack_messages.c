/* Messages as Block Kit: odd and long ones, tables and charts, and questions once answered. */
#include "bot/slack/elements.h"
#include "tests/support/card_fixture.h"

/* ---- what the outbox may hold ---- */

static void test_broken_rows(UNUSED void **state) {
    static const char *const lists[] = {
        "",
        "x",
        "{}",
        "[]",
        "[1,null,\"a\",[]]",
        "[{\"number\":-7,\"label\":\"a\"},{\"number\":1000,\"label\":\"a\"}]",
        "[{\"number\":1.5,\"label\":\"a\"},{\"number\":\"1\",\"label\":\"a\"}]",
        "[{\"number\":-1},{\"number\":1e99}]",
    };
    static const char *const controls[] = {
        "",
        "{",
        "[]",
        "7",
        "{\"close\":7,\"place\":\"1\",\"total\":{},\"words\":7,\"table\":[],\"chart\":1}",
        "{\"words\":[1,null,{},{\"label\":1,\"text\":2},{\"label\":\"a\"}]}",
        "{\"words\":{\"a\":{\"label\":1}}}",
        "{\"table\":{\"columns\":0,\"cells\":[\"a\"]}}",
        "{\"table\":{\"columns\":3,\"cells\":[\"a\"]}}",
        "{\"table\":{\"columns\":1e9,\"cells\":[]},\"chart\":{\"title\":\"a\",\"labels\":[]}}",
        "{\"chart\":{\"title\":\"\",\"labels\":[\"a\"],\"values\":[1]}}",
        "{\"chart\":{\"title\":\"a\",\"labels\":[\"a\",\"b\"],\"values\":[1]}}",
        "{\"chart\":{\"title\":\"a\",\"labels\":[\"a\",\"a\"],\"values\":[1,2]}}",
        "{\"chart\":{\"title\":\"a\",\"labels\":[\"a\",7],\"values\":[1,2]}}",
    };
    struct store_out row = {.text = "どれ\n1. a", .question = REF};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        for (size_t k = 0; k < ARRAY_LEN(controls); k++) {
            row.choices = lists[i];
            row.controls = controls[k];
            show_part(&row, row.text, true, true);
            assert_null(card.blocks);
            assert_string_equal(card.text, row.text);
        }
    }
    row.choices = "[{\"number\":1,\"label\":\"a\"},{\"number\":1,\"label\":\"b\"},{\"number\":2}]";
    row.controls = "";
    show_part(&row, row.text, true, false);
    assert_null(find_element(card.blocks, Q_REF, "pick:3"));
    assert_int_equal(
        cJSON_GetArraySize(json_member(find_block(card.blocks, "actions", 0), "elements")), 2);
}

static void test_empty_text(UNUSED void **state) {
    static const char *const texts[] = {"", " \n", "\x01\x02", "　"};
    struct store_out row = {.choices = "", .controls = "", .question = ""};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        row.text = texts[i];
        show_part(&row, row.text, true, false);
        assert_string_equal(card.text, "–");
    }
    row.text = "1. a";
    row.question = REF;
    row.choices = "[{\"number\":1,\"label\":\"a\"}]";
    show_part(&row, row.text, true, false);
    expect_sections("");
    assert_non_null(find_element(card.blocks, Q_REF, "pick:1"));
}

/* ---- length ---- */

static void test_parts(UNUSED void **state) {
    struct reply r = question_of(3, "か");
    const char *line = "これは一行の文です。\n";
    r.text = arena_printf(&a, "%s%s", repeated(line, 800), r.text);
    struct store_out row = row_of(&a, &r);
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = slack_split(&a, row.text, parts);
    assert_in_range(n, 3, 4);
    for (size_t i = 0; i < n; i++) {
        assert_true(chars(parts[i]) <= 3000);
        show_part(&row, parts[i], i + 1 == n, true);
        assert_int_equal(card.blocks != NULL, i + 1 == n);
    }
    assert_non_null(find_element(card.blocks, Q_REF, "pick:3"));
    assert_null(strstr(sections(&a, card.blocks), "1. か1"));
    assert_non_null(strstr(card.text, "1. か1"));
}

/* What markup makes longer than a section takes several; more than a message takes none. */
static void test_sections(UNUSED void **state) {
    static const struct {
        const char *unit;
        size_t n;
        bool blocks;
    } cases[] = {
        {"あ", 2990, true},    {"&", 1200, true},     {"&", 2900, false},
        {"い。\n", 990, true}, {"**a** ", 490, true}, {"**a**あ", 400, true},
        {"<", 2900, false},    {"a\n\n", 990, true},  {"\"", 2900, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reply r = {.text = repeated(cases[i].unit, cases[i].n), .question = ""};
        r.words = &(struct word){.label = "戻る", .text = "戻る", .sheet = ""};
        r.n_words = 1;
        show(&r);
        assert_int_equal(card.blocks != NULL, cases[i].blocks);
        size_t said = 0;
        for (const char *s = sections(&a, card.blocks); *s; s++) {
            said += strchr("&<a\"", *s) != NULL;
        }
        bool narrow = strchr("&<a\"*", *cases[i].unit) != NULL;
        size_t each = *cases[i].unit == '&' ? 2 : 1; /* "&amp;" has both */
        assert_int_equal(said, cases[i].blocks && narrow ? each * cases[i].n : 0);
    }
}

static void test_room(UNUSED void **state) {
    struct slack_blocks lists[] = {slack_blocks_of_message(), slack_blocks_of_view()};
    static const int most[] = {50, 100};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        for (int n = 0; n < 120; n++) {
            assert_int_equal(slack_blocks_add(&lists[i], slack_block("divider", "")), n < most[i]);
        }
        assert_int_equal(cJSON_GetArraySize(lists[i].list), most[i]);
        cJSON_Delete(lists[i].list);
    }
}

/* The longest that we could be asked for: as it is, or as text alone, and never refused. */
static void test_longest(UNUSED void **state) {
    static const size_t counts[] = {1, 5, 6, 10, 11, 20, 60, 100};
    size_t with_blocks = 0;
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        for (int close = 0; close < 2; close++) {
            struct choice choices[100];
            for (size_t c = 0; c < counts[i]; c++) {
                choices[c] = (struct choice){.number = (int)c + 1,
                                             .label = repeated("長", 80),
                                             .description = repeated("<", 80),
                                             .ticked = true};
            }
            struct reply r = question("どれ", choices, counts[i]);
            r.close = close ? repeated("決", 90) : "";
            r.place = 1;
            r.total = 2;
            struct store_out row = row_of(&a, &r);
            const char *parts[SPLIT_PARTS_MAX];
            size_t n = slack_split(&a, row.text, parts);
            show_part(&row, parts[n - 1], true, true);
            with_blocks += card.blocks != NULL;
        }
    }
    assert_in_range(with_blocks, 8, 14);
}

/* ---- tables and charts ---- */

static struct table table_of(size_t columns, size_t rows, const char *cell) {
    const char **cells = arena_alloc(&a, (columns * rows + 1) * sizeof(*cells));
    for (size_t i = 0; i < columns * rows; i++) {
        cells[i] = cell;
    }
    return (struct table){.cells = cells, .columns = columns, .rows = rows};
}

static void test_table(UNUSED void **state) {
    static const char *const cells[] = {"質問", "**答え**", "Q1", "", "Q<2>", "a & b\nc"};
    struct table table = {.cells = cells, .columns = 2, .rows = 3};
    struct reply r = {.text = "確認", .question = "", .table = &table};
    show(&r);
    assert_null(card.blocks); /* not to be shown here: the text has it */
    show_rich(&r);
    const cJSON *rows = json_member(find_block(card.blocks, "table", 0), "rows");
    static const char *const wanted[] = {"質問", "答え", "Q1", "–", "Q<2>", "a & b c"};
    for (int i = 0; i < 6; i++) {
        const cJSON *cell = cJSON_GetArrayItem(cJSON_GetArrayItem(rows, i / 2), i % 2);
        assert_string_equal(json_string(cell, "text"), wanted[i]);
    }
    expect_sections("確認\n");
}

static void test_tables(UNUSED void **state) {
    static const struct {
        size_t columns;
        size_t rows;
        const char *cell;
        bool shown;
    } cases[] = {
        {20, 1, "a", true},   {21, 1, "a", false},   {1, 100, "a", true},
        {1, 101, "a", false}, {20, 100, "a", false}, {2, 0, "a", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct table table = table_of(cases[i].columns, cases[i].rows, cases[i].cell);
        struct reply r = {.text = "確認", .question = "", .table = &table};
        show_rich(&r);
        assert_int_equal(find_block(card.blocks, "table", 0) != NULL, cases[i].shown);
    }
    struct table table = table_of(1, 2, repeated("長", 4000));
    struct reply r = {.text = "確認", .question = "", .table = &table};
    show_rich(&r);
    assert_non_null(find_block(card.blocks, "table", 0));
}

static void test_chart(UNUSED void **state) {
    static const char *const labels[] = {"cさん", "bさん", "eさん"};
    static const int values[] = {7, 0, -2};
    struct chart chart = {.title = "点数", .labels = labels, .values = values, .n = 3};
    struct reply r = {.text = "点数", .question = "", .chart = &chart};
    show(&r);
    assert_null(card.blocks);
    show_rich(&r);
    const cJSON *bars = json_member(find_block(card.blocks, "data_visualization", 0), "chart");
    const cJSON *data = json_member(json_member(bars, "series")->child, "data");
    assert_string_equal(json_string(cJSON_GetArrayItem(data, 2), "label"), "eさん");
    assert_int_equal(json_member(cJSON_GetArrayItem(data, 2), "value")->valueint, -2);
}

static void test_charts(UNUSED void **state) {
    static const struct {
        size_t n;
        size_t title;
        size_t label;
        bool shown;
    } cases[] = {
        {1, 50, 18, true}, {20, 51, 19, false}, {20, 300, 18, true},
        {21, 5, 5, false}, {2, 0, 5, false},    {2, 5, 40, false}, /* cut, they would be the same */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *labels[30];
        int values[30] = {0};
        for (size_t k = 0; k < cases[i].n; k++) {
            labels[k] = arena_printf(&a, "%s%zu", repeated("長", cases[i].label), k);
        }
        struct chart chart = {.title = repeated("題", cases[i].title),
                              .labels = labels,
                              .values = values,
                              .n = cases[i].n};
        struct reply r = {.text = "点数", .question = "", .chart = &chart};
        show_rich(&r);
        assert_int_equal(card.blocks != NULL, cases[i].shown);
    }
}

/* ---- answered ---- */

static void settle(const char *text, const char *choices, const char *understood) {
    struct store_card asked = {
        .remote_id = "D1/1.1", .text = text, .choices = choices, .controls = ""};
    cJSON_Delete(card.blocks);
    slack_card_settled(&a, &asked, understood, &card);
    check_message(card.text, card.blocks);
    assert_true(chars(card.text) <= 4000);
    assert_null(find_block(card.blocks, "actions", 0));
}

static void test_settled(UNUSED void **state) {
    static const char list[] =
        "[{\"number\":1,\"label\":\"改善\"},{\"number\":2,\"label\":\"危険\"},"
        "{\"number\":12,\"label\":\"cさん\"}]";
    settle("**2/4** どれですか\n1. 改善\n2. ✓ 危険\n12. **cさん**: 人です\n3. 手順\n番号で。", list,
           "✓ 「改善」 <!channel>");
    static const char want[] = "*2/4* どれですか\n3. 手順\n番号で。\n✓ 「改善」 &lt;!channel&gt;";
    assert_string_equal(card.text, want);
    expect_sections(arena_printf(&a, "%s\n", want));
    settle("1. 改善\n2. 危険", list, "✓ 危険");
    assert_string_equal(card.text, "✓ 危険");
    settle("どれ", "", "");
    assert_string_equal(card.text, "どれ");
    settle("", "", "");
    assert_string_equal(card.text, "–");
    assert_null(card.blocks);
}

/* The message with the controls is the last part. */
static void test_settled_long(UNUSED void **state) {
    const char *head = repeated("これは一行の文です。\n", 500);
    settle(arena_printf(&a, "%s最後の行\n1. 改善", head), "[{\"number\":1,\"label\":\"改善\"}]",
           "✓ 改善");
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = slack_split(&a, arena_printf(&a, "%s最後の行\n1. 改善", head), parts);
    assert_true(n > 1);
    assert_string_equal(card.text, arena_printf(&a, "%.*s✓ 改善",
                                                (int)(strlen(parts[n - 1]) - strlen("1. 改善")),
                                                parts[n - 1]));
    settle(repeated("&", 2900), "", "✓ 改善");
    assert_null(card.blocks); /* too long: the text alone, cut to what an update takes */
    assert_in_range(chars(card.text), 3990, 4000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CARD(test_broken_rows), CARD(test_empty_text), CARD(test_parts),   CARD(test_sections),
        CARD(test_room),        CARD(test_longest),    CARD(test_table),   CARD(test_tables),
        CARD(test_chart),       CARD(test_charts),     CARD(test_settled), CARD(test_settled_long),
    };
    return cmocka_run_group_tests(tests, open_rows, close_rows);
}
