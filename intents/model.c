#include "intents/model.h"

#include <math.h>
#include <string.h>

bool model_read(struct model *m, const void *bytes, size_t n, size_t n_classes) {
    if (n < sizeof(m->head)) {
        return false;
    }
    memcpy(&m->head, bytes, sizeof(m->head));
    m->weights = (const int8_t *)bytes + sizeof(m->head);
    return memcmp(m->head.magic, MODEL_MAGIC, sizeof(m->head.magic)) == 0 &&
           m->head.n_classes == n_classes && n_classes <= MODEL_CLASSES_MAX &&
           m->head.n_buckets == FEATURE_BUCKETS &&
           n - sizeof(m->head) == (size_t)FEATURE_BUCKETS * n_classes;
}

void model_shares(const struct model *m, const struct features *f, float *shares) {
    int32_t sums[MODEL_CLASSES_MAX] = {0};
    size_t classes = m->head.n_classes;
    for (size_t i = 0; i < f->n; i++) {
        const int8_t *row = m->weights + (size_t)f->buckets[i] * classes;
        for (size_t c = 0; c < classes; c++) {
            sums[c] += row[c];
        }
    }
    float length = f->n > 0 ? sqrtf((float)f->n) : 1;
    float highest = -1e30f;
    for (size_t c = 0; c < classes; c++) {
        shares[c] = (float)sums[c] * m->head.scale / length + m->head.bias[c];
        highest = shares[c] > highest ? shares[c] : highest;
    }
    float sum = 0;
    for (size_t c = 0; c < classes; c++) {
        shares[c] = expf(shares[c] - highest);
        sum += shares[c];
    }
    for (size_t c = 0; c < classes; c++) {
        shares[c] /= sum;
    }
}
