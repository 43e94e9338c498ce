#include "intents/conflicts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "intents/near.h"
#include "intents/trial.h"

#define NEARLY_SAME 0.85f

struct finder {
    const struct conflicts_setup *setup;
    const struct examples *site;
    const struct near *own;
    struct near *shipped; /* NULL: not looked at */
    struct arena arena;
    size_t n;
};

static void found(struct finder *f, struct conflict c) {
    f->n++;
    if (f->setup->tell) {
        f->setup->tell(f->setup->ctx, &c);
    }
}

static bool same_text(struct finder *f, const struct example *a, const struct example *b) {
    return strcmp(text_fold(&f->arena, a->text), text_fold(&f->arena, b->text)) == 0;
}

static struct trial try(const struct finder *f, const struct guesser *g, const struct example *x) {
    struct trial t;
    trial_run(f->setup->pack, f->setup->phrases, g, x->label, x->text, x->slots, &t);
    return t;
}

/* The nearest sentence under another intent: of the site's in front of it, or of the shipped. */
static struct conflict nearest_other(struct finder *f, size_t i) {
    struct conflict c = {.example = &f->site->items[i]};
    struct features features;
    features_of(text_fold(&f->arena, c.example->text), &features);
    struct near_hit hit = near_find(f->own, &features, i, c.example->label);
    if (f->shipped) {
        struct near_hit other = near_find(f->shipped, &features, SIZE_MAX, c.example->label);
        c.shipped = other.likeness > hit.likeness;
        hit = c.shipped ? other : hit;
    }
    c.other = hit.likeness >= NEARLY_SAME ? hit.example : NULL;
    return c;
}

/* One conflict of a sentence is enough: the one that explains most. */
static void look_at(struct finder *f, size_t i) {
    struct conflict c = nearest_other(f, i);
    enum label label = c.example->label;
    struct trial t = try(f, f->setup->guesser, c.example);
    c.taken = t.taken;
    if (c.other && same_text(f, c.example, c.other)) {
        c.kind = CONFLICT_SAME;
    } else if (t.taken != label && t.ruled) {
        c.kind = CONFLICT_RULE;
    } else if (t.taken == LABEL_INCIDENT && label != LABEL_INCIDENT) {
        c.kind = CONFLICT_INCIDENT;
    } else if (t.taken != label) {
        c.kind = CONFLICT_TAKEN;
    } else if (t.unsure && label != LABEL_NONE && label != LABEL_ANSWER) {
        c.kind = CONFLICT_UNSURE; /* what an answer says depends on the question */
    } else if (c.other) {
        c.kind = CONFLICT_NEAR;
    } else {
        return;
    }
    found(f, c);
}

/* Whether the site's sentences spoil a shipped one, and which of them does. */
static bool spoilt(struct finder *f, const struct example *x, const struct example **ret_by,
                   enum label *ret_taken) {
    float likeness;
    const struct example *by =
        guess_nearest(f->setup->guesser, text_fold(&f->arena, x->text), &likeness);
    if (!by || by->label == x->label) {
        return false;
    }
    struct trial before = try(f, f->setup->plain, x);
    struct trial after = try(f, f->setup->guesser, x);
    bool was_right = before.taken == x->label && (!before.unsure || x->label == LABEL_NONE);
    *ret_by = by;
    *ret_taken = after.taken;
    return was_right && after.taken != x->label && !same_text(f, x, by);
}

static void look_at_shipped(struct finder *f) {
    const struct examples *shipped = f->setup->shipped;
    struct conflict *spoils = xmalloc((f->site->n + 1) * sizeof(*spoils));
    for (size_t i = 0; i < f->site->n; i++) {
        spoils[i] = (struct conflict){
            .kind = CONFLICT_SPOILS, .example = &f->site->items[i], .shipped = true};
    }
    for (size_t i = 0; i < shipped->n; i++) {
        const struct example *by;
        enum label taken;
        arena_reset(&f->arena);
        if (spoilt(f, &shipped->items[i], &by, &taken)) {
            struct conflict *c = &spoils[by - f->site->items];
            c->other = c->count == 0 ? &shipped->items[i] : c->other;
            c->taken = c->count == 0 ? taken : c->taken;
            c->count++;
        }
    }
    for (size_t i = 0; i < f->site->n; i++) {
        if (spoils[i].count > 0) {
            found(f, spoils[i]);
        }
    }
    free(spoils);
}

size_t conflicts_find(const struct conflicts_setup *setup) {
    struct finder f = {
        .setup = setup, .site = guesser_site(setup->guesser), .own = guesser_near(setup->guesser)};
    if (setup->shipped) {
        f.shipped = near_make(setup->shipped, guesser_rarities().bytes);
    }
    for (size_t i = 0; i < f.site->n && (setup->most == 0 || i < setup->most); i++) {
        arena_reset(&f.arena);
        look_at(&f, i);
    }
    if (setup->shipped) {
        look_at_shipped(&f);
    }
    near_free(f.shipped);
    arena_free(&f.arena);
    return f.n;
}
