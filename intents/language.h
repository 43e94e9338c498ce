/*
 * The language people write in: told apart by script, and suggested, never switched, once somebody
 * has written twice in a row in the one that is not spoken; never to who has chosen one.
 */
#ifndef KIZUKI_INTENTS_LANGUAGE_H
#define KIZUKI_INTENTS_LANGUAGE_H

#include "intents/talk.h"

#define LANGUAGE_SUGGESTED (-1) /* session.other_lines, from then on */

/* False for what could be either: a number, an emoji, a name, one word, both mixed. */
bool language_of(const char *text, enum lang *ret);

/* Counts the event's message, and adds the suggestion to the reply when it is due. */
void language_hear(struct talk *t);

#endif
