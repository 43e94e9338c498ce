/*
 * A linear classifier over the features of a message: for each class a weight per feature, summed
 * and turned into shares that add up to one. Made by train.h, kept as bytes, read where they lie.
 */
#ifndef KIZUKI_INTENTS_MODEL_H
#define KIZUKI_INTENTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intents/features.h"

#define MODEL_CLASSES_MAX 64

struct model_head {
    char magic[8]; /* MODEL_MAGIC */
    uint32_t n_classes;
    uint32_t n_buckets;
    float scale; /* of one step of a weight, the temperature included */
    float bias[MODEL_CLASSES_MAX];
};

#define MODEL_MAGIC "KIZUKI2"

/* A weight is half a byte, the first of two the lower half: the number of steps above -8. */
#define MODEL_WEIGHT_MAX         7
#define MODEL_WEIGHT_ZERO        8
#define MODEL_ROW_BYTES(classes) (((classes) + 1) / 2)

struct model {
    struct model_head head;
    const uint8_t *weights; /* [n_buckets][MODEL_ROW_BYTES(n_classes)]; not owned */
};

/*
 * The bytes stay where they are. False where they are no model of that many classes. A model may
 * have fewer buckets than features.h, a power of two of them: several of those are one here.
 */
bool model_read(struct model *m, const void *bytes, size_t n, size_t n_classes);

/* The share of each class, 0 to 1, together 1. */
void model_shares(const struct model *m, const struct features *f, float *shares);

#endif
