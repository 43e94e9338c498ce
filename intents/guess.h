/*
 * What a message probably means, where no rule is certain: linear models over character n-grams,
 * made at build time from intents/examples/. Explainable by its shares; the same for everybody, and
 * nothing that users write changes it. A site may add sentences of its own: what is near one of
 * them leans to what that one means. Read-only after that; belongs to one thread.
 */
#ifndef KIZUKI_INTENTS_GUESS_H
#define KIZUKI_INTENTS_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "intents/examples.h"
#include "intents/near.h"

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

/* Takes over a site's examples, once; *site is empty then. */
void guesser_learn(struct guesser *g, struct examples *site);

/* What it took over, and the index of that; NULL where there is nothing. */
const struct examples *guesser_site(const struct guesser *g);
const struct near *guesser_near(const struct guesser *g);

/*
 * Also what they become with the site's sentences: the nearest one takes over a part of the shares
 * that grows with its likeness, all of them where it is the same. False where none is near, with
 * ret_sited untouched. The share of an incident there is never less than without them.
 */
bool guess_both(const struct guesser *g, const char *folded, struct guess ret[GUESSES],
                struct guess ret_sited[GUESSES]);

/* Of the site's sentences, the one that guess_both leans to; NULL where none is near. */
const struct example *guess_nearest(const struct guesser *g, const char *folded,
                                    float *ret_likeness);

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
struct model_bytes guesser_rarities(void); /* for near.h */

/* Of a message that reports an incident: the likeliest kind, and how sure. */
enum incident_kind guess_kind(const struct guesser *g, const char *folded, float *ret_share);

/* Of an answer to an open question: what it says, and how sure. */
enum sense guess_sense(const struct guesser *g, const char *folded, float *ret_share);

#endif
