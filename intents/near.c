#include "intents/near.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/xalloc.h"

#define RARITY_STEPS 24 /* of each factor e; 27,000 examples then fit into a byte */

struct near {
    const struct examples *examples;
    const uint8_t *rarities;
    uint32_t *begins; /* [FEATURE_BUCKETS + 1]: where the examples with a feature begin in … */
    uint32_t *having; /* … the numbers of those */
    float *lengths;   /* of each example */
    uint32_t *common; /* of each example with what is asked for; all zero between two questions */
};

static void features_in(struct arena *a, const char *text, struct features *ret) {
    features_of(text_fold(a, text), ret);
    arena_reset(a);
}

static uint32_t weight_of(const uint8_t *rarities, uint16_t bucket) {
    return (uint32_t)rarities[bucket] * rarities[bucket];
}

static float length_of(const uint8_t *rarities, const struct features *f) {
    uint32_t sum = 0; /* FEATURES_MAX squares of bytes fit */
    for (size_t i = 0; i < f->n; i++) {
        sum += weight_of(rarities, f->buckets[i]);
    }
    return sqrtf((float)sum);
}

/* The features of all examples, one behind the other; where those of each end. */
struct listed {
    uint16_t *buckets;
    size_t cap;
    size_t *ends;
};

/* Also counts how many examples have each feature, and takes their lengths. */
static void list_features(struct near *n, struct listed *l) {
    struct arena a = {0};
    size_t used = 0;
    for (size_t i = 0; i < n->examples->n; i++) {
        struct features f;
        features_in(&a, n->examples->items[i].text, &f);
        if (used + f.n > l->cap) {
            l->cap = 2 * l->cap + FEATURES_MAX;
            l->buckets = xrealloc(l->buckets, l->cap * sizeof(*l->buckets));
        }
        for (size_t k = 0; k < f.n; k++) {
            l->buckets[used++] = f.buckets[k];
            n->begins[f.buckets[k]]++;
        }
        l->ends[i] = used;
        n->lengths[i] = length_of(n->rarities, &f);
        n->common[i] = 0;
    }
    arena_free(&a);
}

struct near *near_make(const struct examples *e, const uint8_t *rarities) {
    struct listed l = {.ends = xmalloc((e->n + 1) * sizeof(*l.ends))};
    struct near *n = xmalloc(sizeof(*n));
    *n = (struct near){.examples = e,
                       .rarities = rarities,
                       .begins = xmalloc((FEATURE_BUCKETS + 1) * sizeof(*n->begins)),
                       .lengths = xmalloc((e->n + 1) * sizeof(*n->lengths)),
                       .common = xmalloc((e->n + 1) * sizeof(*n->common))};
    memset(n->begins, 0, (FEATURE_BUCKETS + 1) * sizeof(*n->begins));
    list_features(n, &l);
    for (size_t i = 1; i <= FEATURE_BUCKETS; i++) {
        n->begins[i] += n->begins[i - 1]; /* where they end; filling goes down from there */
    }
    n->having = xmalloc(((size_t)n->begins[FEATURE_BUCKETS] + 1) * sizeof(*n->having));
    for (size_t i = e->n; i-- > 0;) {
        for (size_t k = l.ends[i]; k > (i > 0 ? l.ends[i - 1] : 0); k--) {
            n->having[--n->begins[l.buckets[k - 1]]] = (uint32_t)i;
        }
    }
    free(l.buckets);
    free(l.ends);
    return n;
}

void near_free(struct near *n) {
    if (n) {
        free(n->begins);
        free(n->having);
        free(n->lengths);
        free(n->common);
        free(n);
    }
}

/* How much of what is asked for each example has. */
static void gather(const struct near *n, const struct features *f) {
    for (size_t i = 0; i < f->n; i++) {
        uint32_t weight = weight_of(n->rarities, f->buckets[i]);
        for (uint32_t k = n->begins[f->buckets[i]]; k < n->begins[f->buckets[i] + 1]; k++) {
            n->common[n->having[k]] += weight;
        }
    }
}

/* Also makes room for the next question. */
static struct near_hit hit_of(const struct near *n, size_t i, float length) {
    uint32_t common = n->common[i];
    if (common == 0) {
        return (struct near_hit){.example = NULL, .likeness = 0};
    }
    n->common[i] = 0;
    float likeness = (float)common / (length * n->lengths[i]);
    return (struct near_hit){.example = &n->examples->items[i],
                             .likeness = likeness < 1 ? likeness : 1};
}

struct near_hit near_find(const struct near *n, const struct features *f, size_t first,
                          enum label but) {
    struct near_hit best = {.example = NULL, .likeness = 0};
    float length = length_of(n->rarities, f);
    gather(n, f);
    for (size_t i = 0; i < n->examples->n; i++) {
        struct near_hit hit = hit_of(n, i, length);
        if (hit.example && hit.likeness > best.likeness && i < first && hit.example->label != but) {
            best = hit;
        }
    }
    return best;
}

void near_two(const struct near *n, const struct features *f, struct near_hit ret[2]) {
    float length = length_of(n->rarities, f);
    ret[0] = ret[1] = (struct near_hit){.example = NULL, .likeness = 0};
    gather(n, f);
    for (size_t i = 0; i < n->examples->n; i++) {
        struct near_hit hit = hit_of(n, i, length);
        bool other = hit.example && ret[0].example && hit.example->label != ret[0].example->label;
        if (hit.likeness > ret[0].likeness) {
            ret[1] = other ? ret[0] : ret[1];
            ret[0] = hit;
        } else if (other && hit.likeness > ret[1].likeness) {
            ret[1] = hit;
        }
    }
}

void near_rarities(const struct examples *e, uint8_t ret[FEATURE_BUCKETS]) {
    struct arena a = {0};
    uint32_t *n = xmalloc(FEATURE_BUCKETS * sizeof(*n));
    for (size_t i = 0; i < FEATURE_BUCKETS; i++) {
        n[i] = 0;
    }
    for (size_t i = 0; i < e->n; i++) {
        struct features f;
        features_in(&a, e->items[i].text, &f);
        for (size_t k = 0; k < f.n; k++) {
            n[f.buckets[k]]++;
        }
    }
    for (size_t i = 0; i < FEATURE_BUCKETS; i++) {
        float steps = rintf(RARITY_STEPS * logf((float)(e->n + 1) / (float)(n[i] + 1)));
        ret[i] = (uint8_t)(steps < 255 ? steps : 255);
    }
    free(n);
    arena_free(&a);
}
