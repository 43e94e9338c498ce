#include "intents/model.h"

#include <math.h>
#include <string.h>

bool model_read(struct model *m, const void *bytes, size_t n, size_t n_classes) {
    if (n < sizeof(m->head)) {
        return false;
    }
    memcpy(&m->head, bytes, sizeof(m->head));
    m->weights = (const uint8_t *)bytes + sizeof(m->head);
    return memcmp(m->head.magic, MODEL_MAGIC, sizeof(m->head.magic)) == 0 &&
           m->head.n_classes == n_classes && n_classes <= MODEL_CLASSES_MAX &&
           m->head.n_buckets > 0 && m->head.n_buckets <= FEATURE_BUCKETS &&
           (m->head.n_buckets & (m->head.n_buckets - 1)) == 0 &&
           n - sizeof(m->head) == (size_t)m->head.n_buckets * MODEL_ROW_BYTES(n_classes);
}

void model_shares(const struct model *m, const struct features *f, float *shares) {
    int32_t sums[MODEL_CLASSES_MAX + 1] = {0};
    size_t classes = m->head.n_classes;
    size_t bytes = MODEL_ROW_BYTES(classes);
    for (size_t i = 0; i < f->n; i++) {
        const uint8_t *row = m->weights + (f->buckets[i] & (m->head.n_buckets - 1)) * bytes;
        for (size_t k = 0; k < bytes; k++) {
            sums[2 * k] += (row[k] & 15) - MODEL_WEIGHT_ZERO;
            sums[2 * k + 1] += (row[k] >> 4) - MODEL_WEIGHT_ZERO;
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
