/* Which resources fit a wish, and why: the best first. Pure; everything lives in the arena. */
#ifndef KIZUKI_INTENTS_RESOURCE_FIND_H
#define KIZUKI_INTENTS_RESOURCE_FIND_H

#include "intents/resource_words.h"

#define RESOURCE_MAX_REASONS 3

struct resource_match {
    const struct resource *resource;
    int points;
    bool called;               /* it is named in full or by an alias */
    bool named;                /* its name, or what says what it is, has the topic */
    const struct ref *example; /* the persona asked for, where it is an example for it; or NULL */
    const struct ref *reasons[RESOURCE_MAX_REASONS]; /* of what it closes, the nearest first */
    size_t n_reasons;
};

struct resource_matches {
    const struct resource_match *items;
    size_t n;
    unsigned topics; /* bit: a topic of the wish of which something was found */
};

/* All that fit the topics, of these kinds (0: any) and within the time, where that is known. */
struct resource_matches resource_find(const struct pack *pack, struct arena *arena,
                                      const struct resource_wish *wish, unsigned kinds);

#endif
