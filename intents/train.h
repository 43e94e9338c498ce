/*
 * Makes a model from labelled messages: softmax regression by stochastic gradient descent with
 * AdaGrad steps. The same examples in the same order give the same model.
 */
#ifndef KIZUKI_INTENTS_TRAIN_H
#define KIZUKI_INTENTS_TRAIN_H

#include <stddef.h>

#include "intents/features.h"
#include "intents/model.h"

struct train_item {
    const uint16_t *buckets;
    size_t n;
    size_t class;
    float weight; /* how much it counts, 1 for most */
};

struct training {
    size_t classes;
    size_t buckets; /* a power of two, FEATURE_BUCKETS or fewer */
    int epochs;
    float temperature;
};

/*
 * Returns the model's bytes for model_read, *ret_n of them; to be freed. `temperature` above one
 * makes the shares more modest.
 */
void *train(const struct train_item *items, size_t n, const struct training *how, size_t *ret_n);

#endif
