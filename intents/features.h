/*
 * What the classifier sees of a message: its character n-grams (and, where words are kept apart,
 * its words), hashed into a fixed number of buckets. Japanese needs no word splitting that way.
 */
#ifndef KIZUKI_INTENTS_FEATURES_H
#define KIZUKI_INTENTS_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#define FEATURE_BUCKETS 65536
#define FEATURES_MAX    1200 /* of one message; the middle of a longer one is not looked at */

struct features {
    uint16_t buckets[FEATURES_MAX]; /* each once, ascending */
    size_t n;
};

/* `folded` is what text_fold makes of a message. */
void features_of(const char *folded, struct features *ret);

#endif
