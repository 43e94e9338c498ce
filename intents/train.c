#include "intents/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define RATE  0.2f
#define DECAY 2e-5f /* of a weight that is used, each time */

struct trainer {
    size_t classes;
    size_t buckets;
    float *weights;  /* [buckets + 1][classes]; the last row is the bias */
    float *squares;  /* of their gradients, summed */
    uint32_t *order; /* in which the items are looked at */
};

static float *row_of(float *table, const struct trainer *t, size_t bucket) {
    return table + bucket * t->classes;
}

static size_t bucket_of(const struct trainer *t, uint16_t feature) {
    return feature & (t->buckets - 1);
}

static void shares_of(const struct trainer *t, const struct train_item *item, float value,
                      float *shares) {
    memcpy(shares, row_of(t->weights, t, t->buckets), t->classes * sizeof(*shares));
    for (size_t i = 0; i < item->n; i++) {
        const float *w = row_of(t->weights, t, bucket_of(t, item->buckets[i]));
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
        step(t, bucket_of(t, item->buckets[i]), errors, value);
    }
    step(t, t->buckets, errors, 0.3f);
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

/* A whole number of steps, as half a byte. */
static uint8_t nibble(float weight, float one) {
    float n = rintf(weight / one);
    n = n > MODEL_WEIGHT_MAX ? MODEL_WEIGHT_MAX : n < -MODEL_WEIGHT_MAX ? -MODEL_WEIGHT_MAX : n;
    return (uint8_t)((int)n + MODEL_WEIGHT_ZERO);
}

/* The few weights above half of the largest lose something, and all others gain by it. */
static float step_of(const struct trainer *t) {
    float largest = 1e-6f;
    for (size_t i = 0; i < t->buckets * t->classes; i++) {
        float size = fabsf(t->weights[i]);
        largest = size > largest ? size : largest;
    }
    return largest / 2 / MODEL_WEIGHT_MAX;
}

static void *pack_model(const struct trainer *t, float temperature, size_t *ret_n) {
    struct model_head head = {
        .magic = MODEL_MAGIC, .n_classes = (uint32_t)t->classes, .n_buckets = (uint32_t)t->buckets};
    float one = step_of(t);
    for (size_t c = 0; c < t->classes; c++) {
        head.bias[c] = row_of(t->weights, t, t->buckets)[c] / temperature;
    }
    head.scale = one / temperature;
    size_t row = MODEL_ROW_BYTES(t->classes);
    *ret_n = sizeof(head) + t->buckets * row;
    uint8_t *bytes = xmalloc(*ret_n);
    memcpy(bytes, &head, sizeof(head));
    for (size_t i = 0; i < t->buckets; i++) {
        const float *weights = t->weights + i * t->classes;
        uint8_t *to = bytes + sizeof(head) + i * row;
        for (size_t k = 0; k < row; k++) {
            float second = 2 * k + 1 < t->classes ? weights[2 * k + 1] : 0;
            to[k] = (uint8_t)(nibble(weights[2 * k], one) | nibble(second, one) << 4);
        }
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

void *train(const struct train_item *items, size_t n, const struct training *how, size_t *ret_n) {
    size_t cells = (how->buckets + 1) * how->classes;
    struct trainer t = {.classes = how->classes,
                        .buckets = how->buckets,
                        .weights = zeros(cells),
                        .squares = zeros(cells),
                        .order = xmalloc((n + 1) * sizeof(uint32_t))};
    uint32_t seed = 20261123;
    for (size_t i = 0; i < n; i++) {
        t.order[i] = (uint32_t)i;
    }
    for (int epoch = 0; epoch < how->epochs; epoch++) {
        shuffle(&t, n, &seed);
        for (size_t i = 0; i < n; i++) {
            learn(&t, &items[t.order[i]]);
        }
    }
    void *bytes = pack_model(&t, how->temperature, ret_n);
    free(t.weights);
    free(t.squares);
    free(t.order);
    return bytes;
}
