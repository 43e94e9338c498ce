#include "intents/persona_card.h"

#include <string.h>

#include "intents/exam.h"
#include "intents/lookup.h"

#define ITEMS_MAX 128 /* of a persona */
#define SHOWN_MAX 3   /* of a kind; the rest is a list of its own */

/* Adds those of a kind: its own ones, or those of the handbook's examples. */
static void take_items(struct talk *t, const struct persona *p, int kind, bool core,
                       const char *ids[ITEMS_MAX], size_t *n) {
    for (size_t i = 0; i < p->n_items && *n < ITEMS_MAX; i++) {
        const struct tks *item = pack_tks(t->pack, p->items[i].tks);
        if ((int)item->kind == kind && p->items[i].core == core) {
            ids[(*n)++] = item->id;
        }
    }
}

/* A line for each kind, its own ones first. */
static void say_items(struct talk *t, const struct persona *p) {
    for (int kind = 0; kind < TKS__COUNT; kind++) {
        const char *ids[ITEMS_MAX];
        struct string_list list = {.items = ids};
        take_items(t, p, kind, true, ids, &list.n);
        take_items(t, p, kind, false, ids, &list.n);
        if (list.n > 0) {
            talk_line(t, MSG_PERSONA_ITEMS, "kind", lookup_kind_name(t, kind), "count",
                      talk_number(t, (int64_t)list.n), "labels",
                      lookup_labels(t, &list, SHOWN_MAX));
        } else {
            talk_line(t, MSG_PERSONA_TKS_NONE, "name", talk_l10n(t, p->brief), "kind",
                      lookup_kind_name(t, kind));
        }
    }
    if (!p->core) {
        talk_line(t, MSG_RESULT_KIND_OURS);
    }
}

static void say_around(struct talk *t, const struct persona *p) {
    if (p->n_around > 0) {
        talk_line(t, MSG_RESULT_AROUND);
    }
    for (size_t i = 0; i < p->n_around; i++) {
        const struct persona_neighbour *n = &p->around[i];
        talk_line(t, MSG_PERSONA_AROUND, "persona",
                  talk_l10n(t, pack_persona(t->pack, n->with)->brief), "mark",
                  exam_mark(t, n->confidence), "what", talk_l10n(t, n->what));
    }
}

static const char *whose(struct talk *t, const struct ref *persona) {
    return persona->confidence == CONF_SOURCE ? "" : talk_string(t, MSG_PERSONA_WHOSE);
}

/* Of the first example that is about the persona the head, then a line for each of them. */
static bool say_gaps(struct talk *t, const struct persona *p) {
    static const enum msg kinds[TKS__COUNT] = {MSG_ONE_TASK, MSG_ONE_KNOWLEDGE, MSG_ONE_SKILL};
    bool any = false;
    for (size_t i = 0; i < t->pack->n_gaps; i++) {
        const struct gap_example *g = &t->pack->gaps[i];
        if (strcmp(g->persona.id, p->id) != 0) {
            continue;
        }
        if (!any) {
            talk_line(t, MSG_PERSONA_GAPS, "page", talk_number(t, g->source_page), "mark",
                      whose(t, &g->persona));
        }
        any = true;
        talk_line(t, MSG_PERSONA_GAP, "kind", talk_string(t, kinds[g->kind]), "gap",
                  talk_l10n(t, g->gap), "remedy", talk_l10n(t, g->remedy));
    }
    return any;
}

static bool say_trainings(struct talk *t, const struct persona *p) {
    bool any = false;
    for (size_t i = 0; i < t->pack->n_trainings; i++) {
        const struct training_example *x = &t->pack->trainings[i];
        if (strcmp(x->persona.id, p->id) != 0) {
            continue;
        }
        any = true;
        talk_line(t, MSG_PERSONA_TRAINING, "page", talk_number(t, x->source_page), "mark",
                  whose(t, &x->persona));
        talk_line(t, MSG_PERSONA_TRAINING_ITEMS, "items", lookup_labels(t, &x->tks, x->tks.n));
        struct buf b;
        buf_init(&b, 8192);
        for (size_t k = 0; k < x->resources.n; k++) {
            buf_addf(&b, "%s%s", k > 0 ? " / " : "",
                     talk_l10n(t, pack_resource(t->pack, x->resources.items[k].id)->label));
        }
        talk_line(t, MSG_PERSONA_TRAINING_WITH, "names", talk_take(t, &b));
    }
    return any;
}

void persona_card_lines(struct talk *t, const struct persona *p) {
    say_items(t, p);
    say_around(t, p);
    bool gaps = say_gaps(t, p);
    bool trainings = say_trainings(t, p);
    if (!gaps && !trainings) {
        talk_line(t, MSG_PERSONA_NO_EXAMPLES);
    }
}
