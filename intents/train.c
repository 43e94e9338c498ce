#include "intents/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define RATE  0.5f
#define DECAY 2e-6f /* of a weight that is used, each time */

struct trainer {
    size_t classes;
    float *weights;  /* [FEATURE_BUCKETS + 1][classes]; the last row is the bias */
    float *squares;  /* of their gradients, summed */
    uint32_t *order; /* in which the items are looked at */
};

static float *row_of(float *table, const struct trainer *t, size_t bucket) {
    return table + bucket * t->classes;
}

static void shares_of(const struct trainer *t, const struct train_item *item, float value,
                      float *shares) {
    memcpy(shares, row_of(t->weights, t, FEATURE_BUCKETS), t->classes * sizeof(*shares));
    for (size_t i = 0; i < item->n; i++) {
        const float *w = row_of(t->weights, t, item->buckets[i]);
        for (size_t c = 0; c < t->classes; c++) {
            shares[c] += value * w[c];
        }
    }
    float highest = shares[0];
    for (size_t c = 1; c < t->classes; c++) {
        highest = shares[c] > highest ? shares[c] : highest;
    }
    float sum = 0;
    for (size_t c = 0; c < t->classes; c++) {
        shares[c] = expf(shares[c] - highest);
        sum += shares[c];
    }
    for (size_t c = 0; c < t->classes; c++) {
        shares[c] /= sum;
    }
}

static void step(struct trainer *t, size_t bucket, const float *errors, float value) {
    float *w = row_of(t->weights, t, bucket);
    float *s = row_of(t->squares, t, bucket);
    for (size_t c = 0; c < t->classes; c++) {
        float g = errors[c] * value + DECAY * w[c];
        s[c] += g * g;
        w[c] -= RATE * g / sqrtf(s[c] + 1e-8f);
    }
}

static void learn(struct trainer *t, const struct train_item *item) {
    float errors[MODEL_CLASSES_MAX];
    float value = item->n > 0 ? 1 / sqrtf((float)item->n) : 0;
    shares_of(t, item, value, errors);
    errors[item->class] -= 1;
    for (size_t c = 0; c < t->classes; c++) {
        errors[c] *= item->weight;
    }
    for (size_t i = 0; i < item->n; i++) {
        step(t, item->buckets[i], errors, value);
    }
    step(t, FEATURE_BUCKETS, errors, 0.3f);
}

static void shuffle(struct trainer *t, size_t n, uint32_t *seed) {
    for (size_t i = n; i > 1; i--) {
        *seed = *seed * 1664525u + 1013904223u;
        size_t k = (size_t)((uint64_t)*seed * i >> 32);
        uint32_t swapped = t->order[i - 1];
        t->order[i - 1] = t->order[k];
        t->order[k] = swapped;
    }
}

/* As bytes: each weight a whole number of steps. */
static void *pack_model(const struct trainer *t, float temperature, size_t *ret_n) {
    struct model_head head = {
        .magic = MODEL_MAGIC, .n_classes = (uint32_t)t->classes, .n_buckets = FEATURE_BUCKETS};
    size_t n = (size_t)FEATURE_BUCKETS * t->classes;
    float largest = 1e-6f;
    for (size_t i = 0; i < n; i++) {
        float size = fabsf(t->weights[i]);
        largest = size > largest ? size : largest;
    }
    for (size_t c = 0; c < t->classes; c++) {
        head.bias[c] = row_of(t->weights, t, FEATURE_BUCKETS)[c] / temperature;
    }
    float one = largest / 127;
    head.scale = one / temperature;
    *ret_n = sizeof(head) + n;
    char *bytes = xmalloc(*ret_n);
    memcpy(bytes, &head, sizeof(head));
    for (size_t i = 0; i < n; i++) {
        bytes[sizeof(head) + i] = (char)lrintf(t->weights[i] / one);
    }
    return bytes;
}

static float *zeros(size_t n) {
    float *p = xmalloc(n * sizeof(*p));
    for (size_t i = 0; i < n; i++) {
        p[i] = 0;
    }
    return p;
}

void *train(const struct train_item *items, size_t n, size_t n_classes, int epochs,
            float temperature, size_t *ret_n) {
    size_t cells = (size_t)(FEATURE_BUCKETS + 1) * n_classes;
    struct trainer t = {.classes = n_classes,
                        .weights = zeros(cells),
                        .squares = zeros(cells),
                        .order = xmalloc((n + 1) * sizeof(uint32_t))};
    uint32_t seed = 20261123;
    for (size_t i = 0; i < n; i++) {
        t.order[i] = (uint32_t)i;
    }
    for (int epoch = 0; epoch < epochs; epoch++) {
        shuffle(&t, n, &seed);
        for (size_t i = 0; i < n; i++) {
            learn(&t, &items[t.order[i]]);
        }
    }
    void *bytes = pack_model(&t, temperature, ret_n);
    free(t.weights);
    free(t.squares);
    free(t.order);
    return bytes;
}
