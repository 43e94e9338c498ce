#include "tests/support/card_fixture.h"

struct arena a;
struct slack_card card;

int forget_card(void **state) {
    (void)state;
    cJSON_Delete(card.blocks);
    card.blocks = NULL;
    arena_free(&a);
    return 0;
}

void show_part(const struct store_out *row, const char *part, bool last, bool rich) {
    const struct slack_look look = {.rich = rich};
    cJSON_Delete(card.blocks);
    slack_card(&a, row, part, last, &look, &card);
    check_message(card.text, card.blocks);
}

static void show_reply(const struct reply *reply, bool rich) {
    struct store_out row = row_of(&a, reply);
    show_part(&row, row.text, true, rich);
}

void show(const struct reply *reply) {
    show_reply(reply, false);
}

void show_rich(const struct reply *reply) {
    show_reply(reply, true);
}

struct reply question(const char *text, const struct choice *choices, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *more = choices[i].description;
        text = arena_printf(&a, "%s\n%d. %s%s%s%s", text, choices[i].number,
                            choices[i].ticked ? "✓ " : "", choices[i].label,
                            more && *more ? ": " : "", more ? more : "");
    }
    return (struct reply){.text = text, .choices = choices, .n_choices = n, .question = REF};
}

struct reply question_of(size_t n, const char *label) {
    struct choice *choices = arena_alloc(&a, (n + 1) * sizeof(*choices));
    for (size_t i = 0; i < n; i++) {
        choices[i] =
            (struct choice){.number = (int)i + 1, .label = arena_printf(&a, "%s%zu", label, i + 1)};
    }
    return question("どれですか", choices, n);
}

const char *repeated(const char *s, size_t n) {
    char *all = arena_alloc(&a, n * strlen(s) + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(all + i * strlen(s), s, strlen(s) + 1);
    }
    return all;
}

void expect_sections(const char *text) {
    assert_string_equal(sections(&a, card.blocks), text);
}
