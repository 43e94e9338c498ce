#include "intents/guess.h"

#include <stdlib.h>

#include "base/embed.h"
#include "base/xalloc.h"
#include "intents/features.h"
#include "intents/model.h"

struct guesser {
    struct model labels;
    struct model kinds;
    struct model senses;
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

struct guesser *guesser_make(struct model_bytes labels, struct model_bytes kinds,
                             struct model_bytes senses) {
    struct guesser *g = xmalloc(sizeof(*g));
    if (!model_read(&g->labels, labels.bytes, labels.n, LABEL__COUNT) ||
        !model_read(&g->kinds, kinds.bytes, kinds.n, KIND__COUNT) ||
        !model_read(&g->senses, senses.bytes, senses.n, SENSE__COUNT)) {
        free(g);
        return NULL;
    }
    return g;
}

struct guesser *guesser_load(void) {
    return guesser_make(guesser_labels(), guesser_kinds(), guesser_senses());
}

void guesser_free(struct guesser *g) {
    free(g);
}

static size_t likeliest(const float *shares, size_t n) {
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        best = shares[i] > shares[best] ? i : best;
    }
    return best;
}

void guess(const struct guesser *g, const char *folded, struct guess ret[GUESSES]) {
    struct features f;
    float shares[MODEL_CLASSES_MAX];
    features_of(folded, &f);
    model_shares(&g->labels, &f, shares);
    for (size_t i = 0; i < GUESSES; i++) {
        size_t best = likeliest(shares, LABEL__COUNT);
        ret[i] = (struct guess){.label = (enum label)best, .share = shares[best]};
        shares[best] = -1;
    }
}

enum incident_kind guess_kind(const struct guesser *g, const char *folded, float *ret_share) {
    struct features f;
    float shares[MODEL_CLASSES_MAX];
    features_of(folded, &f);
    model_shares(&g->kinds, &f, shares);
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
