/* The home tab and forms: within Slack's limits, nothing live, and back as they were filled in. */
#include "bot/slack/views.h"
#include "tests/support/card_fixture.h"
#include "tests/support/slack_frames.h"

static cJSON *view;

static int forget(void **state) {
    cJSON_Delete(view);
    view = NULL;
    return forget_card(state);
}

/* ---- the home tab ---- */

static void show_home(const struct reply *page) {
    struct store_out row = row_of_home(&a, page);
    cJSON_Delete(view);
    view = slack_home(&a, &row);
    check_view(view);
}

/* "s:" and a section's text, "-" for dividers, "a" for actions, "c" for context, a line each. */
static const char *shape(void) {
    const char *all = "";
    const cJSON *b;
    cJSON_ArrayForEach(b, json_member(view, "blocks")) {
        const char *type = json_string(b, "type");
        const char *text = json_string(json_member(b, "text"), "text");
        all = text ? arena_printf(&a, "%ss:%s\n", all, text)
                   : arena_printf(&a, "%s%s\n", all,
                                  *type == 'd'   ? "-"
                                  : *type == 'a' ? "a"
                                                 : "c");
    }
    return all;
}

static void test_paragraphs(UNUSED void **state) {
    static const struct {
        const char *text;
        const char *shape;
    } cases[] = {
        {"一行", "s:一行\n"},
        {"**頭**\n本文\n続き", "s:*頭*\n本文\n続き\n"},
        {"**頭**\n本文\n\n**次**\nその", "s:*頭*\n本文\n-\ns:*次*\nその\n"},
        {"**頭**\n本文\n**次**\nその", "s:*頭*\n本文\n-\ns:*次*\nその\n"},
        {"前\n\n後", "s:前\ns:後\n"},
        {"\n\n前\n\n\n\n後\n\n", "s:前\ns:後\n"},
        {"**太字** と本文\n二行", "s:*太字* と本文\n二行\n"},
        {"**a**\n**b**", "s:*a*\n-\ns:*b*\n"},
        {"****\nx", "s:****\nx\n"},
        {"<!channel> & <@U1>", "s:&lt;!channel&gt; &amp; &lt;@U1&gt;\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reply page = {.text = cases[i].text, .question = ""};
        show_home(&page);
        if (i != 8) { /* what marks with nothing between them become is markup.h's business */
            assert_string_equal(shape(), cases[i].shape);
        }
    }
}

static void test_home_words(UNUSED void **state) {
    static const struct word words[] = {{"診断", "診断", "", false},
                                        {"設定", "", "settings", false},
                                        {"知らせる", "", "incident", true}};
    struct reply page = {.text = "**いま**\n途中です",
                         .question = "",
                         .words = words,
                         .n_words = 3,
                         .place = 2,
                         .total = 4};
    show_home(&page);
    assert_string_equal(shape(), "s:*いま*\n途中です\nc\na\n");
    const cJSON *blocks = json_member(view, "blocks");
    assert_string_equal(json_string(find_element(blocks, "w:", "sheet:3"), "style"), "danger");
    for (size_t i = 0; i < 3; i++) {
        struct slack_click click;
        struct event e;
        const char *action = arena_printf(&a, "%s:%zu", i == 0 ? "word" : "sheet", i + 1);
        click_in(&a, blocks, "w:", action, NULL, 0, &click);
        assert_true(slack_click_read(&a, &click, &e));
        assert_int_equal(e.kind, i == 0 ? EVENT_WORD : EVENT_SHEET);
        assert_string_equal(e.text, i == 0 ? "診断" : words[i].sheet);
        assert_string_equal(e.question, "");
    }
}

/* Whatever there is to be said, the buttons are there. */
static void test_long_home(UNUSED void **state) {
    static const char *const texts[] = {"**頭**\n本文\n\n", "&\n\n", "か", "**a** "};
    static const struct word word = {"診断", "診断", "", false};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct reply page = {
            .text = repeated(texts[i], 20000), .question = "", .words = &word, .n_words = 1};
        show_home(&page);
        assert_non_null(find_element(json_member(view, "blocks"), "w:", "word:1"));
        assert_true(cJSON_GetArraySize(json_member(view, "blocks")) > 5);
    }
    struct store_out row = {.text = "本文", .controls = "{\"words\":"};
    cJSON_Delete(view);
    view = slack_home(&a, &row);
    check_view(view);
    row.text = "";
    cJSON_Delete(view);
    view = slack_home(&a, &row);
    check_view(view);
}

/* ---- forms ---- */

static const struct sheet_option whats[] = {
    {"link", "リンクを開いた"}, {"mail", "宛先を間違えた"}, {"a & b", "ほか"}};
static const struct sheet_field fields[] = {
    {.name = "what",
     .kind = SHEET_CHOICE,
     .label = "何が起きましたか",
     .hint = "",
     .value = "mail",
     .options = whats,
     .n_options = 3},
    {.name = "when",
     .kind = SHEET_LINE,
     .label = "いつ",
     .hint = "例: 昨日の夕方",
     .value = "",
     .max_chars = 100,
     .optional = true},
    {.name = "detail & more",
     .kind = SHEET_TEXT,
     .label = "くわしく",
     .hint = "",
     .value = "一行\n二行 <!channel>",
     .max_chars = 2000},
};
static const struct sheet sheet = {.name = "incident report",
                                   .title = "知らせる",
                                   .intro = "急ぎは **内線1234** へ",
                                   .submit = "作る",
                                   .cancel = "やめる",
                                   .fields = fields,
                                   .n_fields = 3};

static void show_sheet(const struct sheet *s, const char *metadata) {
    cJSON_Delete(view);
    view = slack_modal(&a, s, metadata);
    check_view(view);
}

static void test_modal(UNUSED void **state) {
    show_sheet(&sheet, "{\"a\":1}");
    const cJSON *blocks = json_member(view, "blocks");
    assert_int_equal(cJSON_GetArraySize(blocks), 4);
    assert_string_equal(json_string(view, "private_metadata"), "{\"a\":1}");
    assert_string_equal(seen(&a, json_member(view, "title")), "知らせる");
    assert_string_equal(seen(&a, json_member(view, "submit")), "作る");
    assert_string_equal(seen(&a, json_member(view, "close")), "やめる");
    assert_string_equal(sections(&a, blocks), "急ぎは *内線1234* へ\n");
    const cJSON *what = json_member(find_block(blocks, "input", 0), "element");
    assert_string_equal(json_string(what, "type"), "radio_buttons");
    assert_string_equal(seen(&a, json_member(json_member(what, "initial_option"), "text")),
                        "宛先を間違えた");
    const cJSON *when = find_block(blocks, "input", 1);
    assert_true(cJSON_IsTrue(json_member(when, "optional")));
    assert_string_equal(seen(&a, json_member(when, "hint")), "例: 昨日の夕方");
    assert_true(cJSON_IsFalse(json_member(find_block(blocks, "input", 2), "optional")));
    assert_true(cJSON_IsFalse(json_member(json_member(when, "element"), "multiline")));
    assert_null(json_member(json_member(when, "element"), "initial_value"));
    const cJSON *more = json_member(find_block(blocks, "input", 2), "element");
    assert_true(cJSON_IsTrue(json_member(more, "multiline")));
    assert_int_equal(json_member(more, "max_length")->valueint, 2000);
    assert_string_equal(json_string(more, "initial_value"), "一行\n二行 <!channel>");
    show_sheet(&sheet, "");
    assert_null(json_member(view, "private_metadata"));
    show_sheet(&sheet, repeated("a", 3001));
    assert_null(json_member(view, "private_metadata"));
}

static const char *entry(const struct event *e, const char *field) {
    for (size_t i = 0; i < e->n_entries; i++) {
        if (strcmp(e->entries[i].field, field) == 0) {
            return e->entries[i].value;
        }
    }
    fail_msg("no entry %s", field);
    return NULL;
}

static void test_submitted(UNUSED void **state) {
    static const struct {
        const char *what; /* as Slack has it */
        const char *when;
        const char *detail;
        const char *got;
    } cases[] = {
        {"f:link", NULL, "開きました", "link"},
        {"f:a%20%26%20b", "昨日", "a\n<b> & c", "a & b"},
        {NULL, "", "x", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct slack_submit submit;
        struct arena frame = {0}; /* gone before the event is taken */
        struct event e = {.late_ms = 7};
        const char *values[] = {cases[i].what, cases[i].when, cases[i].detail};
        show_sheet(&sheet, "x");
        submit_view(&frame, view, values, 3, &submit);
        assert_true(slack_submit_read(&a, &submit, &e));
        arena_free(&frame);
        assert_int_equal(e.kind, EVENT_SUBMIT);
        assert_string_equal(e.text, "incident report");
        assert_int_equal(e.n_entries, 3);
        assert_int_equal(e.late_ms, 7);
        assert_string_equal(entry(&e, "what"), cases[i].got);
        assert_string_equal(entry(&e, "when"), cases[i].when ? cases[i].when : "");
        assert_string_equal(entry(&e, "detail & more"), cases[i].detail);
    }
}

static void test_refused(UNUSED void **state) {
    static const char *const two[] = {"f:a", "f:b"};
    static const struct {
        const char *callback;
        struct slack_value value;
    } cases[] = {
        {"", {"f:a", "text", two, 1}},       {"f:", {"f:a", "text", two, 1}},
        {"survey", {"f:a", "text", two, 1}}, {"f:a b", {"f:a", "text", two, 1}},
        {"f:a", {"a", "text", two, 1}},      {"f:a", {"f:%", "text", two, 1}},
        {"f:a", {"f:a", "v", two, 1}},       {"f:a", {"f:a", "", two, 1}},
        {"f:a", {"f:a", "text", two, 2}},    {"f:a", {"f:a", "option", two, 2}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct slack_submit submit = {
            .callback = cases[i].callback, .state = &cases[i].value, .n_state = 1};
        struct event e = {.text = "before"};
        assert_false(slack_submit_read(&a, &submit, &e));
        assert_string_equal(e.text, "before");
    }
    static const char *const bare[] = {"link"};
    struct slack_value option = {"f:a", "option", bare, 1};
    struct slack_submit submit = {.callback = "f:a", .state = &option, .n_state = 1};
    struct event e;
    assert_false(slack_submit_read(&a, &submit, &e));
    option.values = two;
    assert_true(slack_submit_read(&a, &submit, &e));
    struct slack_frame f;
    frame_recorded(&a, "in-view_submission", &f);
    assert_false(slack_submit_read(&a, &f.submit, &e));
}

/* Whatever the texts, Slack takes the form. */
static void test_limits(UNUSED void **state) {
    static const char *const units[] = {"a", "あ", "&",  "👍🏽", "e\u0301",
                                        "<", " ",  "**", "\n"};
    static const size_t counts[] = {0, 1, 24, 25, 75, 76, 150, 255, 300, 2000, 2001, 3001};
    for (size_t u = 0; u < ARRAY_LEN(units); u++) {
        for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
            const char *s = repeated(units[u], counts[i]);
            const struct sheet_option options[] = {{s, s}, {"b", s}, {"b", "twice"}};
            struct sheet_field all[] = {
                {s, SHEET_LINE, s, s, s, NULL, 0, counts[i], true},
                {"b", SHEET_TEXT, s, s, s, NULL, 0, 0, false},
                {"c", SHEET_CHOICE, s, s, s, options, 3, 0, false},
                {"c", SHEET_LINE, "twice", s, s, NULL, 0, 10, false},
                {"d", SHEET_CHOICE, "nothing to choose from", "", "", NULL, 0, 0, true},
            };
            struct sheet strange = {.name = s,
                                    .title = s,
                                    .intro = s,
                                    .submit = s,
                                    .cancel = s,
                                    .fields = all,
                                    .n_fields = ARRAY_LEN(all)};
            show_sheet(&strange, s);
            strange.n_fields = 0;
            show_sheet(&strange, s);
        }
    }
}

static void test_many_options(UNUSED void **state) {
    static const struct {
        size_t n;
        const char *type;
        int shown;
    } cases[] = {{1, "radio_buttons", 1},
                 {5, "radio_buttons", 5},
                 {6, "static_select", 6},
                 {100, "static_select", 100},
                 {101, "static_select", 100}};
    struct sheet_option options[101];
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        options[i] = (struct sheet_option){arena_printf(&a, "v%zu", i), "か"};
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sheet_field field = {"c",     SHEET_CHOICE, "c", "",   "v0",
                                    options, cases[i].n,   0,   false};
        struct sheet one = sheet;
        one.fields = &field;
        one.n_fields = 1;
        show_sheet(&one, "");
        const cJSON *e =
            json_member(find_block(json_member(view, "blocks"), "input", 0), "element");
        assert_string_equal(json_string(e, "type"), cases[i].type);
        assert_int_equal(cJSON_GetArraySize(json_member(e, "options")), cases[i].shown);
    }
}

static void test_many_fields(UNUSED void **state) {
    struct sheet_field many[150];
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        many[i] = fields[2];
        many[i].name = arena_printf(&a, "f%zu", i);
        many[i].value = repeated("長", 2000);
    }
    struct sheet large = sheet;
    large.fields = many;
    large.n_fields = ARRAY_LEN(many);
    show_sheet(&large, "");
    assert_true(cJSON_GetArraySize(json_member(view, "blocks")) > 20);
}

static void test_loading(UNUSED void **state) {
    view = slack_loading(&a, "知らせる", "少しお待ちください");
    check_view(view);
    assert_string_equal(sections(&a, json_member(view, "blocks")), "少しお待ちください\n");
    cJSON_Delete(view);
    view = slack_loading(&a, "", "");
    check_view(view);
}

static void test_errors(UNUSED void **state) {
    static const struct sheet_error errors[] = {{"detail & more", "書いてください"},
                                                {"what", "選んでください"},
                                                {"what", "twice"},
                                                {"when", ""}};
    view = slack_errors(errors, ARRAY_LEN(errors));
    assert_string_equal(json_string(view, "response_action"), "errors");
    const cJSON *at = json_member(view, "errors");
    assert_int_equal(cJSON_GetArraySize(at), 2);
    assert_string_equal(json_string(at, "f:detail%20%26%20more"), "書いてください");
    assert_string_equal(json_string(at, "f:what"), "選んでください");
    cJSON *form = slack_modal(&a, &sheet, "");
    const cJSON *e;
    cJSON_ArrayForEach(e, at) { /* each at a field that is there */
        bool there = false;
        const cJSON *b;
        cJSON_ArrayForEach(b, json_member(form, "blocks")) {
            const char *id = json_string(b, "block_id");
            there = there || (id && strcmp(id, e->string) == 0);
        }
        assert_true(there);
    }
    cJSON_Delete(form);
    assert_null(slack_errors(NULL, 0));
    assert_null(slack_errors(&errors[3], 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_paragraphs, forget),
        cmocka_unit_test_teardown(test_home_words, forget),
        cmocka_unit_test_teardown(test_long_home, forget),
        cmocka_unit_test_teardown(test_modal, forget),
        cmocka_unit_test_teardown(test_submitted, forget),
        cmocka_unit_test_teardown(test_refused, forget),
        cmocka_unit_test_teardown(test_limits, forget),
        cmocka_unit_test_teardown(test_many_options, forget),
        cmocka_unit_test_teardown(test_many_fields, forget),
        cmocka_unit_test_teardown(test_loading, forget),
        cmocka_unit_test_teardown(test_errors, forget),
    };
    return cmocka_run_group_tests(tests, open_rows, close_rows);
}
