/* Clicks: what was offered comes back as what it stood for, and nothing else is taken. */
#include "tests/support/card_fixture.h"
#include "tests/support/slack_frames.h"

static struct slack_click clicked;
static struct event event;

/* Read from whatever was in *event before. */
static bool reads(void) {
    memset(&event, 0x5a, sizeof(event));
    return slack_click_read(&a, &clicked, &event);
}

static void expect(enum event_kind kind, const char *question, int choice, const char *text) {
    assert_true(reads());
    assert_int_equal(event.kind, kind);
    assert_string_equal(event.question, question);
    assert_int_equal(event.choice, choice);
    assert_string_equal(event.text, text);
    assert_int_equal(event.late_ms, INT64_C(0x5a5a5a5a5a5a5a5a)); /* the caller's */
}

static void expect_selected(bool said, const char *numbers) {
    assert_int_equal(event.has_selected, said);
    const char *all = "";
    for (size_t i = 0; i < event.n_selected; i++) {
        all = arena_printf(&a, "%s%d,", all, event.selected[i]);
    }
    assert_string_equal(all, numbers);
}

static struct choice *choices_of(size_t n) {
    struct choice *c = arena_alloc(&a, n * sizeof(*c));
    for (size_t i = 0; i < n; i++) {
        c[i] = (struct choice){.number = (int)i + 1, .label = "か", .ticked = i % 3 == 1};
    }
    return c;
}

/* ---- what was offered ---- */

static void test_each_choice(UNUSED void **state) {
    static const size_t counts[] = {1, 5, 6, 10, 11, 40};
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        struct choice *c = choices_of(counts[i]);
        c[counts[i] - 1].number = 999;
        struct reply r = {.text = "?", .choices = c, .n_choices = counts[i], .question = REF};
        show(&r);
        for (size_t k = 0; k < counts[i]; k++) {
            const char *value = arena_printf(&a, "%d", c[k].number);
            bool button = counts[i] <= 5;
            click_in(&a, card.blocks, Q_REF, button ? arena_printf(&a, "pick:%s", value) : "pick",
                     &value, button ? 0 : 1, &clicked);
            expect(EVENT_TICK, REF, c[k].number, "");
            expect_selected(false, "");
        }
    }
}

static void test_ticking(UNUSED void **state) {
    static const struct {
        const char *values[3];
        size_t n;
        const char *numbers;
    } cases[] = {
        {{"1"}, 1, "1,"}, {{"3", "10", "2"}, 3, "3,10,2,"}, {{NULL}, 0, ""}, {{"2"}, 1, "2,"}};
    struct reply r = {
        .text = "?", .choices = choices_of(10), .n_choices = 10, .question = REF, .close = "決定"};
    show(&r);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        click_in(&a, card.blocks, Q_REF, "tick", cases[i].values, cases[i].n, &clicked);
        expect(EVENT_SELECT, REF, 0, "");
        expect_selected(true, cases[i].numbers);
        click_with(&a, card.blocks, Q_REF, "close", cases[i].values, cases[i].n, &clicked);
        expect(EVENT_CLOSE, REF, 0, "");
        expect_selected(true, cases[i].numbers);
    }
    click_with(&a, card.blocks, Q_REF, "close", NULL, 0, &clicked); /* as it was shown */
    expect(EVENT_CLOSE, REF, 0, "");
    expect_selected(true, "2,5,8,");
    clicked.n_state = 0; /* Slack did not say: what we know counts */
    expect(EVENT_CLOSE, REF, 0, "");
    expect_selected(false, "");
}

static void test_close_without_boxes(UNUSED void **state) {
    struct reply r = {
        .text = "?", .choices = choices_of(11), .n_choices = 11, .question = REF, .close = "決定"};
    show(&r);
    click_in(&a, card.blocks, Q_REF, "close", NULL, 0, &clicked);
    expect(EVENT_CLOSE, REF, 0, "");
    expect_selected(false, "");
}

static void test_words(UNUSED void **state) {
    static const struct word words[] = {
        {"戻る", "戻る", "", false},
        {"b", "not sure", "", false},
        {"c", "\" % & < > \\ %41 \t 100%", "", true},
        {"d", "", "incident report", true},
        {"e", "word", "settings", false},
    };
    static const char *const actions[] = {"word:1", "word:2", "word:3", "sheet:4", "sheet:5"};
    struct reply r = {.text = "?", .question = REF, .words = words, .n_words = ARRAY_LEN(words)};
    for (int home = 0; home < 2; home++) {
        r.question = home ? "" : REF;
        show(&r);
        for (size_t i = 0; i < ARRAY_LEN(words); i++) {
            bool sheet = *words[i].sheet != '\0';
            click_in(&a, card.blocks, home ? "w:" : W_REF, actions[i], NULL, 0, &clicked);
            expect(sheet ? EVENT_SHEET : EVENT_WORD, r.question, 0,
                   sheet ? words[i].sheet : words[i].text);
            expect_selected(false, "");
        }
    }
}

/* Whatever a pack calls its questions. */
static void test_references(UNUSED void **state) {
    static const char *const references[] = {"menu/edit/0123/",
                                             "menu/pick//persona-c adj-hr",
                                             "a b",
                                             "%",
                                             "%25",
                                             "q:w:f:",
                                             "<!channel>",
                                             "&amp;",
                                             "質問",
                                             " ",
                                             "\"",
                                             "\\u0041",
                                             "menu/list//ログ 1",
                                             "\x01\x7f",
                                             ":",
                                             "/"};
    for (size_t i = 0; i < ARRAY_LEN(references); i++) {
        struct reply r = {
            .text = "?", .choices = choices_of(2), .n_choices = 2, .question = references[i]};
        r.words = &(struct word){.label = "a", .text = "a", .sheet = ""};
        r.n_words = 1;
        show(&r);
        const cJSON *block = find_block(card.blocks, "actions", 0);
        const char *id = json_string(block, "block_id");
        assert_null(strpbrk(id, " <>&\"\\\t\x01\x7f"));
        click_in(&a, card.blocks, id, "pick:2", NULL, 0, &clicked);
        expect(EVENT_TICK, references[i], 2, "");
        id = json_string(find_block(card.blocks, "actions", 1), "block_id");
        click_in(&a, card.blocks, id, "word:1", NULL, 0, &clicked);
        expect(EVENT_WORD, references[i], 0, "a");
    }
}

/* ---- anything else ---- */

static void expect_refused(const char *block, const char *action, const char *const *values,
                           size_t n) {
    struct event before;
    clicked =
        (struct slack_click){.done = {.block = block, .action = action, .values = values, .n = n}};
    assert_false(reads());
    memset(&before, 0x5a, sizeof(before));
    assert_memory_equal(&event, &before, sizeof(event));
}

static void test_refused(UNUSED void **state) {
    static const struct {
        const char *block;
        const char *action;
        const char *values[2];
        size_t n;
    } cases[] = {
        {"", "pick", {"1"}, 1},
        {"q", "pick", {"1"}, 1},
        {"q:", "pick", {"1"}, 1},
        {"Q:a", "pick", {"1"}, 1},
        {"x:a", "pick", {"1"}, 1},
        {"q1", "q1_radio", {"5"}, 1},
        {"w:a", "pick", {"1"}, 1},
        {"q:a", "word:1", {"a"}, 1},
        {"f:a", "pick", {"1"}, 1},
        {"q:a b", "pick", {"1"}, 1},
        {"q:%41", "pick", {"1"}, 1},
        {"q:%2", "pick", {"1"}, 1},
        {"q:%", "pick", {"1"}, 1},
        {"q:%00", "pick", {"1"}, 1},
        {"q:%3c", "pick", {"1"}, 1},
        {"q:%zz", "pick", {"1"}, 1},
        {"q:<", "pick", {"1"}, 1},
        {"q:a", "", {"1"}, 1},
        {"q:a", "pic", {"1"}, 1},
        {"q:a", "picks", {"1"}, 1},
        {"q:a", "pick", {NULL}, 0},
        {"q:a", "pick", {"1", "2"}, 2},
        {"q:a", "pick", {""}, 1},
        {"q:a", "pick", {"00"}, 1},
        {"q:a", "pick", {"01"}, 1},
        {"q:a", "pick", {"-1"}, 1},
        {"q:a", "pick", {"+1"}, 1},
        {"q:a", "pick", {" 1"}, 1},
        {"q:a", "pick", {"1x"}, 1},
        {"q:a", "pick", {"1000"}, 1},
        {"q:a", "pick", {"99999999999999999999"}, 1},
        {"q:a", "pick", {"１"}, 1},
        {"q:a", "pick:1", {"2"}, 1},
        {"q:a", "pick:", {"1"}, 1},
        {"q:a", "pick:01", {"1"}, 1},
        {"q:a", "pick:00", {"00"}, 1},
        {"q:a", "tick", {"a"}, 1},
        {"q:a", "tick", {"1", "1"}, 2},
        {"q:a", "tick", {"1", "-0"}, 2},
        {"q:a", "tick:1", {"1"}, 1},
        {"q:a", "close", {NULL}, 0},
        {"q:a", "close", {"1"}, 1},
        {"q:a", "close:1", {"close"}, 1},
        {"w:a", "word", {"a"}, 1},
        {"w:a", "word:0", {"a"}, 1},
        {"w:a", "word:1", {NULL}, 0},
        {"w:a", "word:1", {""}, 1},
        {"w:a", "word:1", {"a b"}, 1},
        {"w:a", "word:1", {"a", "b"}, 2},
        {"w:a", "words:1", {"a"}, 1},
        {"w:a", "sheet:x", {"a"}, 1},
        {"w:a", "sheet:1", {"%"}, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        expect_refused(cases[i].block, cases[i].action, cases[i].values, cases[i].n);
    }
}

static void test_too_many_ticked(UNUSED void **state) {
    const char *values[11];
    for (int i = 0; i < 11; i++) {
        values[i] = arena_printf(&a, "%d", i + 1);
    }
    clicked =
        (struct slack_click){.done = {.block = "q:a", .action = "tick", .values = values, .n = 10}};
    expect(EVENT_SELECT, "a", 0, "");
    expect_refused("q:a", "tick", values, 11);
    struct slack_value boxes = {.block = "q:a", .action = "tick", .values = values, .n = 11};
    static const char *const close[] = {"close"};
    clicked =
        (struct slack_click){.done = {.block = "q:a", .action = "close", .values = close, .n = 1},
                             .state = &boxes,
                             .n_state = 1};
    assert_false(reads());
    boxes.n = 10;
    assert_true(reads());
    boxes.block = "q:b"; /* of another question */
    expect(EVENT_CLOSE, "a", 0, "");
    expect_selected(false, "");
}

/* Other apps' samples hold nothing of ours. */
static void test_foreign(UNUSED void **state) {
    static const char *const names[] = {"in-block_actions-button", "in-block_actions-checkboxes",
                                        "in-block_actions-home-button", "in-block_actions-radio",
                                        "in-block_actions-static_select"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct slack_frame f;
        frame_recorded(&a, names[i], &f);
        clicked = f.click;
        assert_false(reads());
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CARD(test_each_choice),     CARD(test_ticking),    CARD(test_close_without_boxes),
        CARD(test_words),           CARD(test_references), CARD(test_refused),
        CARD(test_too_many_ticked), CARD(test_foreign),
    };
    return cmocka_run_group_tests(tests, open_rows, close_rows);
}
