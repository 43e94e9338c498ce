#include "intents/trial.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "intents/examples.h"

#define QUESTION_ONE     "q1" /* of the questionnaire: one choice of two */
#define QUESTION_SEVERAL "q2"

/* Levels as the self-assessment will ask for them: 0 to 4, by number. */
static const struct form_option levels[] = {
    {.id = "0"}, {.id = "1"}, {.id = "2"}, {.id = "3"}, {.id = "4"}};
static const struct form_question level_question = {.id = "level",
                                                    .kind = FORM_SINGLE,
                                                    .options = levels,
                                                    .n_options = ARRAY_LEN(levels),
                                                    .from_zero = true,
                                                    .none_option = -1,
                                                    .depends_on = -1};

static const struct form_question *question_for(const struct pack *pack, struct arena *arena,
                                                enum label label, const char *slots) {
    if (label != LABEL_ANSWER || *examples_slot(arena, slots, "yesno")) {
        return NULL;
    }
    if (*examples_slot(arena, slots, "level")) {
        return &level_question;
    }
    bool several = *examples_slot(arena, slots, "choices") != '\0';
    int i = form_find_question(pack->form, several ? QUESTION_SEVERAL : QUESTION_ONE);
    return i >= 0 ? &pack->form->questions[i] : NULL;
}

static const char *kind_of_tks(int kind) {
    static const char *const names[TKS__COUNT] = {"task", "knowledge", "skill"};
    return kind >= 0 && kind < TKS__COUNT ? names[kind] : "";
}

/* "1,3", "all" or "none". */
static const char *choices_of(struct arena *arena, const struct form_question *open,
                              const struct understood *u) {
    if (u->intent == INTENT_PHRASE) {
        return u->phrase == PHRASE_ALL ? "all" : u->phrase == PHRASE_NONE_OF ? "none" : "";
    }
    if (!open || u->intent != INTENT_ANSWER) {
        return "";
    }
    uint32_t none = open->none_option >= 0 ? 1u << open->none_option : 0;
    uint32_t all = ((1u << open->n_options) - 1) & ~none;
    if (u->answer.mask == all || u->answer.mask == none) {
        return u->answer.mask == all ? "all" : "none";
    }
    const char *list = "";
    for (size_t o = 0; o < open->n_options; o++) {
        if (u->answer.mask & (1u << o)) {
            list = arena_printf(arena, "%s%s%zu", list, *list ? "," : "", o + 1);
        }
    }
    return list;
}

static const char *level_of(struct arena *arena, const struct understood *u) {
    for (size_t o = 0; u->intent == INTENT_ANSWER && o < ARRAY_LEN(levels); o++) {
        if (u->answer.mask == 1u << o) {
            return arena_printf(arena, "%zu", o);
        }
    }
    return "";
}

int trial_role(const struct understood *u) {
    switch (u->intent) {
    case INTENT_ROLE:
    case INTENT_ROLE_TKS:
        return u->number;
    case INTENT_THING:
        return u->found.kind == FOUND_ROLE ? (int)u->found.index + 1 : 0;
    default:
        return 0;
    }
}

static const char *slot_of(struct arena *arena, const char *key, enum label label,
                           const struct form_question *open, const struct understood *u) {
    if (strcmp(key, "kind") == 0 && label == LABEL_INCIDENT) {
        return u->likely < KIND__COUNT ? incident_kind_names[u->likely] : "";
    }
    if (strcmp(key, "kind") == 0) {
        return kind_of_tks(u->kind);
    }
    if (strcmp(key, "role") == 0) {
        return arena_printf(arena, "r%02d", trial_role(u));
    }
    return strcmp(key, "level") == 0 ? level_of(arena, u) : choices_of(arena, open, u);
}

void trial_run(const struct pack *pack, const struct phrases *phrases,
               const struct guesser *guesser, enum label label, const char *text, const char *slots,
               struct trial *ret) {
    static const char *const keys[] = {"kind", "role", "level", "choices"};
    static const bool of_answers[] = {false, false, true, true};
    struct arena arena = {0};
    struct understood u;
    const struct form_question *open = question_for(pack, &arena, label, slots);
    meaning_of(pack, phrases, guesser, &arena, open, text, &u);
    bool unsure = u.intent == INTENT_UNKNOWN;
    *ret = (struct trial){.taken = unsure ? u.label : meaning_label(&u),
                          .unsure = unsure,
                          .ruled = u.firm && !u.guessed};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const char *want = examples_slot(&arena, slots, keys[i]);
        if (*want && (!of_answers[i] || label == LABEL_ANSWER)) {
            ret->slots++;
            ret->exact += strcmp(want, slot_of(&arena, keys[i], label, open, &u)) == 0;
        }
    }
    arena_free(&arena);
}
