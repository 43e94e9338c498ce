#include "content/gap.h"

#include <string.h>

const struct expectation *expectation_of(const struct pack *pack, const char *persona) {
    const struct persona *p = pack_persona(pack, persona);
    return p ? &pack->assess.personas[p - pack->personas] : NULL;
}

int expectation_find(const struct expectation *e, const char *item) {
    for (size_t i = 0; i < e->n_items; i++) {
        if (strcmp(e->items[i].tks->id, item) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool applies(const struct bonus *b, const struct tks *t) {
    return (b->kinds & (1u << t->kind)) && t->theme < 32 && (b->themes & (1u << t->theme));
}

static int required_level(const struct expectation *e, const struct expected *item,
                          const struct own *own) {
    if (own->required >= 0) {
        return own->required;
    }
    return own->who == INVOLVED_UNKNOWN || own->who == item->involvement
               ? item->level
               : e->required[own->who][item->tks->kind];
}

struct gap gap_of(const struct assess *a, const struct expectation *e, size_t item,
                  const struct own *own) {
    const struct expected *x = &e->items[item];
    const struct priority_rule *rule = &a->priority;
    struct gap g = {.tks = x->tks,
                    .who_own = own->who != INVOLVED_UNKNOWN,
                    .who = own->who != INVOLVED_UNKNOWN ? own->who : x->involvement,
                    .required = required_level(e, x, own),
                    .required_own = own->required >= 0,
                    .current = own->current};
    if (g.current >= 0 && g.required > g.current) {
        g.gap = g.required - g.current;
        g.priority =
            g.gap * rule->per_gap +
            (g.who == INVOLVED_UNKNOWN ? rule->default_weight : a->involvements[g.who].weight);
    }
    if (g.gap > 0 && applies(&rule->incident, x->tks)) {
        g.priority += rule->incident.points;
        g.reasons |= GAP_BECAUSE_INCIDENT;
    }
    if (g.gap > 0 && applies(&rule->base, x->tks)) {
        g.priority += rule->base.points;
        g.reasons |= GAP_BECAUSE_BASE;
    }
    return g;
}

static bool comes_first(const struct gap *a, const struct gap *b) {
    static const int order[TKS__COUNT] = {[TKS_KNOWLEDGE] = 0, [TKS_SKILL] = 1, [TKS_TASK] = 2};
    if (a->priority != b->priority) {
        return a->priority > b->priority;
    }
    if (a->gap != b->gap) {
        return a->gap > b->gap;
    }
    if (a->tks->kind != b->tks->kind) {
        return order[a->tks->kind] < order[b->tks->kind];
    }
    return strcmp(a->tks->id, b->tks->id) < 0;
}

void gaps_find(const struct assess *a, const struct expectation *e, const struct own *own,
               struct gaps *ret) {
    ret->n = e->n_items;
    ret->n_ranked = 0;
    for (size_t i = 0; i < e->n_items; i++) {
        ret->items[i] = gap_of(a, e, i, &own[i]);
        if (ret->items[i].gap == 0) {
            continue;
        }
        size_t at = ret->n_ranked++;
        for (; at > 0 && comes_first(&ret->items[i], &ret->items[ret->ranked[at - 1]]); at--) {
            ret->ranked[at] = ret->ranked[at - 1];
        }
        ret->ranked[at] = i;
    }
}

struct picked {
    size_t *items;
    size_t n;
    size_t max;
};

static void pick(struct picked *p, size_t resource) {
    for (size_t i = 0; i < p->n; i++) {
        if (p->items[i] == resource) {
            return;
        }
    }
    if (p->n < p->max) {
        p->items[p->n++] = resource;
    }
}

size_t gap_resources(const struct pack *pack, const struct tks *t, size_t *ret, size_t max) {
    struct picked p = {.items = ret, .max = max};
    for (int c = CONF_SOURCE; c < CONF__COUNT; c++) {
        for (size_t r = 0; r < pack->n_resources; r++) {
            const struct ref_list *closes = &pack->resources[r].closes;
            for (size_t i = 0; i < closes->n; i++) {
                if ((int)closes->items[i].confidence == c &&
                    strcmp(closes->items[i].id, t->id) == 0) {
                    pick(&p, r);
                }
            }
        }
    }
    for (size_t i = 0; i < pack->assess.n_remedies; i++) {
        const struct remedy *rule = &pack->assess.remedies[i];
        bool here = rule->themes == 0 || (t->theme < 32 && (rule->themes & (1u << t->theme)));
        for (size_t k = 0; here && (rule->kinds & (1u << t->kind)) && k < rule->n_resources; k++) {
            pick(&p, rule->resources[k]);
        }
    }
    return p.n;
}
