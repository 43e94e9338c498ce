#include "intents/guess.h"

#include <stdlib.h>

#include "base/embed.h"
#include "base/xalloc.h"
#include "intents/features.h"
#include "intents/model.h"

#define LABELS_PATH "intents/labels.model"
#define KINDS_PATH  "intents/kinds.model"

struct guesser {
    struct model labels;
    struct model kinds;
};

static bool load(struct model *m, const char *path, size_t n_classes) {
    const struct embedded_file *f = embed_find(path);
    return f && model_read(m, f->data, (size_t)(f->end - f->data), n_classes);
}

struct guesser *guesser_load(void) {
    struct guesser *g = xmalloc(sizeof(*g));
    if (!load(&g->labels, LABELS_PATH, LABEL__COUNT) || !load(&g->kinds, KINDS_PATH, KIND__COUNT)) {
        free(g);
        return NULL;
    }
    return g;
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
