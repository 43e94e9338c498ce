#include "intents/guess.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/xalloc.h"
#include "intents/features.h"
#include "intents/model.h"

/*
 * How alike a message and a site's sentence have to be for the sentence to count at all, and to
 * count alone. Tried with sentences held out from training: a half of them as a site's, the others
 * asked. Sooner, and what merely sounds alike is taken for the same; later, and a sentence knows
 * hardly more than itself.
 */
#define LIKE_LEAST 0.30f
#define LIKE_FULL  0.75f
#define LIKE_AHEAD 0.20f /* of a sentence with another label, to count undivided */
#define LIKE_SAME  0.95f /* … and always then */

struct guesser {
    struct model labels;
    struct model kinds;
    struct model senses;
    struct examples site;
    struct near *near; /* those; NULL: none */
};

static struct model_bytes embedded(const char *path) {
    const struct embedded_file *f = embed_find(path);
    return f ? (struct model_bytes){.bytes = f->data, .n = (size_t)(f->end - f->data)}
             : (struct model_bytes){.bytes = "", .n = 0};
}

struct model_bytes guesser_labels(void) {
    return embedded("intents/labels.model");
}

struct model_bytes guesser_kinds(void) {
    return embedded("intents/kinds.model");
}

struct model_bytes guesser_senses(void) {
    return embedded("intents/senses.model");
}

struct model_bytes guesser_rarities(void) {
    return embedded("intents/rarities.model");
}

struct guesser *guesser_make(struct model_bytes labels, struct model_bytes kinds,
                             struct model_bytes senses) {
    struct guesser *g = xmalloc(sizeof(*g));
    *g = (struct guesser){.near = NULL};
    if (!model_read(&g->labels, labels.bytes, labels.n, LABEL__COUNT) ||
        !model_read(&g->kinds, kinds.bytes, kinds.n, KIND__COUNT) ||
        !model_read(&g->senses, senses.bytes, senses.n, SENSE__COUNT)) {
        free(g);
        return NULL;
    }
    return g;
}

struct guesser *guesser_load(void) {
    return guesser_rarities().n == FEATURE_BUCKETS
               ? guesser_make(guesser_labels(), guesser_kinds(), guesser_senses())
               : NULL;
}

void guesser_free(struct guesser *g) {
    if (g) {
        near_free(g->near);
        examples_free(&g->site);
        free(g);
    }
}

void guesser_learn(struct guesser *g, struct examples *site) {
    g->site = *site;
    *site = (struct examples){.items = NULL};
    if (g->site.n > 0) {
        g->near = near_make(&g->site, guesser_rarities().bytes);
    }
}

const struct examples *guesser_site(const struct guesser *g) {
    return &g->site;
}

const struct near *guesser_near(const struct guesser *g) {
    return g->near;
}

static size_t likeliest(const float *shares, size_t n) {
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        best = shares[i] > shares[best] ? i : best;
    }
    return best;
}

/* The likeliest first; `shares` is used up. */
static void pick(float *shares, struct guess ret[GUESSES]) {
    for (size_t i = 0; i < GUESSES; i++) {
        size_t best = likeliest(shares, LABEL__COUNT);
        ret[i] = (struct guess){.label = (enum label)best, .share = shares[best]};
        shares[best] = -1;
    }
}

void guess(const struct guesser *g, const char *folded, struct guess ret[GUESSES]) {
    struct features f;
    float shares[MODEL_CLASSES_MAX];
    features_of(folded, &f);
    model_shares(&g->labels, &f, shares);
    pick(shares, ret);
}

/* What the site's sentences say of a message. */
struct lean {
    const struct example *to; /* the nearest; NULL: none is near */
    float likeness;           /* its */
    float part;               /* of the shares, that it takes over … */
    float rest;               /* … less this, which a nearly as near one of another label takes */
    enum label other;         /* that label */
};

/* Opposites are alike: "stop the letters", "bring the letters". Then the bot shall rather ask. */
static struct lean lean_of(const struct guesser *g, const struct features *f) {
    struct lean l = {.to = NULL, .other = LABEL__COUNT};
    if (!g->near) {
        return l;
    }
    struct near_hit hits[2];
    near_two(g->near, f, hits);
    if (hits[0].likeness <= LIKE_LEAST) {
        return l;
    }
    float part = (hits[0].likeness - LIKE_LEAST) / (LIKE_FULL - LIKE_LEAST);
    float ahead = (hits[0].likeness - hits[1].likeness) / LIKE_AHEAD;
    bool clear = !hits[1].example || ahead >= 1 || hits[0].likeness >= LIKE_SAME;
    l.to = hits[0].example;
    l.likeness = hits[0].likeness;
    l.part = part < 1 ? part : 1;
    l.rest = clear ? 0 : l.part * (1 - ahead) / 2;
    l.other = hits[1].example ? hits[1].example->label : LABEL__COUNT;
    return l;
}

const struct example *guess_nearest(const struct guesser *g, const char *folded,
                                    float *ret_likeness) {
    struct features f;
    features_of(folded, &f);
    struct lean l = lean_of(g, &f);
    *ret_likeness = l.likeness;
    return l.to;
}

/* The shares with what the site's sentences say; that of an incident becomes no less. */
static void lean_over(const struct lean *l, float shares[LABEL__COUNT]) {
    float incident = shares[LABEL_INCIDENT];
    for (size_t c = 0; c < LABEL__COUNT; c++) {
        shares[c] *= 1 - l->part;
        shares[c] += c == l->to->label ? l->part - l->rest : c == l->other ? l->rest : 0;
    }
    float others = 1 - shares[LABEL_INCIDENT];
    if (shares[LABEL_INCIDENT] < incident) {
        for (size_t c = 0; c < LABEL__COUNT; c++) {
            shares[c] *= (1 - incident) / others;
        }
        shares[LABEL_INCIDENT] = incident;
    }
}

/* An incident that was among the guesses stays there: the bot may have to ask about it. */
static void keep_incident(const struct guess before[GUESSES], struct guess after[GUESSES]) {
    const struct guess *incident = NULL;
    for (size_t i = 0; i < GUESSES; i++) {
        if (after[i].label == LABEL_INCIDENT) {
            return;
        }
        incident = before[i].label == LABEL_INCIDENT ? &before[i] : incident;
    }
    if (incident) {
        after[GUESSES - 1] = *incident;
    }
}

bool guess_both(const struct guesser *g, const char *folded, struct guess ret[GUESSES],
                struct guess ret_sited[GUESSES]) {
    struct features f;
    float shares[MODEL_CLASSES_MAX];
    float copy[MODEL_CLASSES_MAX];
    features_of(folded, &f);
    model_shares(&g->labels, &f, shares);
    memcpy(copy, shares, sizeof(copy));
    pick(copy, ret);
    struct lean l = lean_of(g, &f);
    if (!l.to) {
        return false;
    }
    lean_over(&l, shares);
    pick(shares, ret_sited);
    keep_incident(ret, ret_sited);
    return true;
}

enum incident_kind guess_kind(const struct guesser *g, const char *folded, float *ret_share) {
    struct features f;
    float shares[MODEL_CLASSES_MAX];
    features_of(folded, &f);
    model_shares(&g->kinds, &f, shares);
    struct lean l = lean_of(g, &f);
    enum incident_kind kind = l.to ? examples_kind(l.to) : KIND__COUNT;
    for (size_t k = 0; kind < KIND__COUNT && k < KIND__COUNT; k++) {
        shares[k] = (1 - l.part) * shares[k] + (k == kind ? l.part : 0);
    }
    size_t best = likeliest(shares, KIND__COUNT);
    *ret_share = shares[best];
    return (enum incident_kind)best;
}

enum sense guess_sense(const struct guesser *g, const char *folded, float *ret_share) {
    struct features f;
    float shares[MODEL_CLASSES_MAX];
    features_of(folded, &f);
    model_shares(&g->senses, &f, shares);
    size_t best = likeliest(shares, SENSE__COUNT);
    *ret_share = shares[best];
    return (enum sense)best;
}
