#include "intents/plan_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "intents/ask.h"
#include "intents/item_id.h"

/* More than this beside verb and step, in bytes without blanks, is about something else. */
#define REST_MAX 30

/* The order counts: "put off" before the "off" in others. */
static const struct {
    enum phrase_intent phrase;
    enum plan_verb verb;
} verbs[] = {
    {PHRASE_PLAN_AGAIN, PLAN_AGAIN},       {PHRASE_PLAN_CALENDAR, PLAN_CALENDAR},
    {PHRASE_PLAN_DOCUMENT, PLAN_DOCUMENT}, {PHRASE_PLAN_PUT_OFF, PLAN_PUT_OFF},
    {PHRASE_PLAN_SWAP, PLAN_SWAP},         {PHRASE_PLAN_UNDO, PLAN_UNDO},
    {PHRASE_PLAN_DONE, PLAN_DONE},         {PHRASE_PLAN_PACE, PLAN_PACE},
};

/* The only number in the text, -1 for none or several. */
static int number_in(const char *text) {
    int number = -1;
    for (const char *p = text; *p;) {
        size_t n = strspn(p, "0123456789");
        if (n == 0) {
            p++;
            continue;
        }
        if (number >= 0 || n > 4) {
            return -1;
        }
        number = (int)strtol(p, NULL, 10);
        p += n;
    }
    return number;
}

static const struct plan_step *step_of_item(const struct plan_list *list, const char *item) {
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i]->item, item) == 0) {
            return list->items[i];
        }
    }
    return NULL;
}

static bool names(struct talk *t, const char *bare, const char *name) {
    const char *key = text_bare(t->arena, text_fold(t->arena, name));
    return *key && strstr(bare, key);
}

/* The open step whose resource stands in the text. */
static const struct plan_step *step_of_resource(struct talk *t, const struct plan_list *list,
                                                const char *bare) {
    for (size_t i = 0; i < list->n; i++) {
        int r = plan_resource(t->pack, list->items[i]->resource);
        const struct resource *x = r >= 0 ? &t->pack->resources[r] : NULL;
        bool named =
            x && (names(t, bare, x->label.in[LANG_JA]) || names(t, bare, x->label.in[LANG_EN]));
        for (size_t k = 0; x && !named && k < x->aliases.n; k++) {
            named = names(t, bare, x->aliases.items[k]);
        }
        if (named && list->items[i]->state == STEP_OPEN) {
            return list->items[i];
        }
    }
    return NULL;
}

static void find_step(struct talk *t, const char *folded, struct plan_wish *w) {
    struct plan_list list;
    char id[ITEM_ID_SIZE];
    size_t n_items;
    plan_list(t, &list);
    const char *rest = item_id_take(t->arena, folded, id, &n_items);
    int number = number_in(rest);
    if (n_items == 1) {
        w->step = step_of_item(&list, id);
        w->unknown = !w->step;
    } else if (number >= 0) {
        w->step = number >= 1 && (size_t)number <= list.n ? list.items[number - 1] : NULL;
        w->unknown = !w->step;
    } else {
        w->step = step_of_resource(t, &list, text_bare(t->arena, folded));
    }
}

static bool is_short(struct talk *t, const char *folded, size_t verb_len) {
    return strlen(text_bare(t->arena, folded)) <= verb_len + REST_MAX;
}

static enum plan_verb verb_in(struct talk *t, const char *folded) {
    const char *words = text_words(t->arena, folded);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        size_t len = 0;
        if (phrases_part(t->phrases, verbs[i].phrase, words, &len) && is_short(t, folded, len)) {
            return verbs[i].verb;
        }
    }
    return PLAN_NOTHING;
}

static bool names_plan(struct talk *t, const char *folded) {
    size_t len;
    return phrases_part(t->phrases, PHRASE_PLAN_WORD, text_words(t->arena, folded), &len) != NULL;
}

struct plan_wish plan_read(struct talk *t, const struct understood *u, const char *text) {
    struct plan_wish w = {.verb = PLAN_NOTHING};
    const char *folded = text_fold(t->arena, text);
    bool planned = t->s->learning.n_steps > 0;
    bool told = u->intent == INTENT_WISH && u->label == LABEL_PLAN_DONE;
    enum plan_verb verb = planned || names_plan(t, folded) ? verb_in(t, folded) : PLAN_NOTHING;
    find_step(t, folded, &w);
    int minutes = number_in(folded);
    if (verb == PLAN_PACE && minutes > 0) {
        w.verb = PLAN_PACE;
        w.minutes = minutes;
        return w;
    }
    verb = verb == PLAN_PACE && !names_plan(t, folded) ? PLAN_NOTHING : verb;
    /* While a question is open numbers are its answers, unless the plan or an item is named. */
    bool about = names_plan(t, folded) || told;
    bool named = w.step && !ask_open(t->s);
    if (verb != PLAN_NOTHING && (about || named || (w.unknown && !ask_open(t->s)))) {
        w.verb = verb;
    } else if (told) {
        w.verb = PLAN_DONE;
    } else if ((u->intent == INTENT_PHRASE && u->phrase == PHRASE_PLAN) ||
               (u->intent == INTENT_WISH && u->label == LABEL_PLAN)) {
        w.verb = PLAN_SHOW;
    }
    return w;
}
