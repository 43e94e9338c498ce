/*
 * What the person said of themselves, item by item: levels, who does it, what is required. Reads
 * and changes session.learning, and notes each change for the store.
 */
#ifndef KIZUKI_INTENTS_OWN_H
#define KIZUKI_INTENTS_OWN_H

#include "content/gap.h"
#include "intents/talk.h"

/* NULL where nothing was ever said of that item. */
const struct own_level *own_level(const struct session *s, const char *item);

/*
 * CURRENT_UNSURE for "I don't know". Items that say nearly the same get it, too. `corrects`: what
 * was said just before, and is no change of the person.
 */
void own_set_level(struct talk *t, const struct tks *item, int level, bool corrects);

/* INVOLVED_UNKNOWN takes back what was said. */
enum involvement own_involvement(const struct session *s, const char *item);
void own_set_involvement(struct talk *t, const struct tks *item, enum involvement who);

/* The level set as required; -1 for none, which also takes it back. */
int own_target(const struct session *s, const char *item);
void own_set_target(struct talk *t, const struct tks *item, int level);

/* All of it for the items of a persona, as the gap wants it. */
void own_fill(const struct session *s, const struct expectation *e,
              struct own own[ASSESS_MAX_ITEMS]);

/* What is asked of the persona that the person came out as; NULL where there is none. */
const struct expectation *own_expectation(struct talk *t);

/* The level with its name: "2(指示があればできる)". */
const char *own_level_name(struct talk *t, int level);

#endif
