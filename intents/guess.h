/*
 * What a message probably means, where no rule is certain: linear models over character n-grams,
 * made at build time from intents/examples/. Explainable by its shares; the same for everybody, and
 * nothing that users write changes it. Read-only after loading.
 */
#ifndef KIZUKI_INTENTS_GUESS_H
#define KIZUKI_INTENTS_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "intents/labels.h"

#define GUESSES 3

struct guess {
    enum label label;
    float share; /* 0 to 1: how sure */
};

struct guesser;

/* From the models in the binary; NULL where they are none. */
struct guesser *guesser_load(void);
void guesser_free(struct guesser *g);

/* The likeliest meanings, the likeliest first. `folded` is what text_fold makes of the message. */
void guess(const struct guesser *g, const char *folded, struct guess ret[GUESSES]);

/* Made elsewhere: the bytes stay where they are, and have to. NULL where they are no models. */
struct model_bytes {
    const void *bytes;
    size_t n;
};
struct guesser *guesser_make(struct model_bytes labels, struct model_bytes kinds,
                             struct model_bytes senses);

/* The models in the binary. */
struct model_bytes guesser_labels(void);
struct model_bytes guesser_kinds(void);
struct model_bytes guesser_senses(void);

/* Of a message that reports an incident: the likeliest kind, and how sure. */
enum incident_kind guess_kind(const struct guesser *g, const char *folded, float *ret_share);

/* Of an answer to an open question: what it says, and how sure. */
enum sense guess_sense(const struct guesser *g, const char *folded, float *ret_share);

#endif
