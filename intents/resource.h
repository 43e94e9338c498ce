/*
 * Learning resources of the pack: looked for by topic, kind and time, the best ones first, each
 * with the reason why. What the pack does not know (fees, mostly the time) is said.
 */
#ifndef KIZUKI_INTENTS_RESOURCE_H
#define KIZUKI_INTENTS_RESOURCE_H

#include "intents/talk.h"

/* `text` is the message as typed, "" to show what there is; `role` the one it names by number, or
 * 0. */
void resource_answer(struct talk *t, const char *text, int role);

#endif
