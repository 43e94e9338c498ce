/*
 * Which of some examples a message is nearest to: how much of their features is common to both (the
 * cosine), a rare feature counting more than one that stands in every other sentence. An index over
 * those features, so that a question costs little however many examples there are. Belongs to one
 * thread: asking uses room of its own.
 */
#ifndef KIZUKI_INTENTS_NEAR_H
#define KIZUKI_INTENTS_NEAR_H

#include "intents/examples.h"
#include "intents/features.h"

struct near;

/*
 * The examples and the rarities (of each of FEATURE_BUCKETS, by near_rarities or the same from the
 * binary) stay where they are and have to. Never NULL.
 */
struct near *near_make(const struct examples *e, const uint8_t *rarities);
void near_free(struct near *n);

struct near_hit {
    const struct example *example; /* NULL: nothing has anything in common */
    float likeness;                /* 0 to 1: the same features */
};

/* The nearest of the first `first` examples that do not have the label `but`; of equals the first.
 */
struct near_hit near_find(const struct near *n, const struct features *f, size_t first,
                          enum label but);

/* The nearest of all, and the nearest of those with another label than that one. */
void near_two(const struct near *n, const struct features *f, struct near_hit ret[2]);

/* How rare each feature is among the examples: 0 for one that all of them have. */
void near_rarities(const struct examples *e, uint8_t ret[FEATURE_BUCKETS]);

#endif
