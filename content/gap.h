/*
 * The gap between what is asked of somebody and what they say of themselves:
 *     gap = max(0, required - current)
 *     priority = gap * per_gap + weight of who does it + bonuses by kind and theme
 * Ranked by priority, then gap, then knowledge before skill before task, then id. What was not
 * answered, or answered with "I don't know", counts as no gap and is listed apart. Pure; numbers
 * are those of assessment.json, which are Kizuki's own.
 */
#ifndef KIZUKI_CONTENT_GAP_H
#define KIZUKI_CONTENT_GAP_H

#include "content/assess.h"
#include "content/pack.h"

enum { CURRENT_OPEN = -2, CURRENT_UNSURE = -1 }; /* instead of a level */

/* What the person said of one item of the persona. */
struct own {
    int current;          /* 0 to LEVEL_MAX, CURRENT_OPEN or CURRENT_UNSURE */
    enum involvement who; /* INVOLVED_UNKNOWN: as proposed */
    int required;         /* set by hand; -1: as proposed */
};

enum { GAP_BECAUSE_INCIDENT = 1, GAP_BECAUSE_BASE = 2 };

struct gap {
    const struct tks *tks;
    enum involvement who;
    bool who_own; /* said by the person */
    int required;
    bool required_own; /* set by the person */
    int current;
    int gap;
    int priority;
    unsigned reasons; /* bits GAP_BECAUSE_… */
};

struct gaps {
    struct gap items[ASSESS_MAX_ITEMS]; /* all, in the persona's order */
    size_t n;
    size_t ranked[ASSESS_MAX_ITEMS]; /* indexes of those with a gap, first things first */
    size_t n_ranked;
};

/* `own` by index of e->items. */
void gaps_find(const struct assess *a, const struct expectation *e, const struct own *own,
               struct gaps *ret);

/* Who does it and what is required then, as gaps_find has them. */
struct gap gap_of(const struct assess *a, const struct expectation *e, size_t item,
                  const struct own *own);

/*
 * Resources for an item, best first: those said to close it by the source, then by inference, then
 * by us, then what the rules name for its kind and theme; each once, at most max. Indexes into
 * pack->resources.
 */
size_t gap_resources(const struct pack *pack, const struct tks *t, size_t *ret, size_t max);

/* NULL where there is no such persona. */
const struct expectation *expectation_of(const struct pack *pack, const char *persona);

/* Index of the item of that persona, or -1. */
int expectation_find(const struct expectation *e, const char *item);

#endif
