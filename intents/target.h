/* The level required of a person for an item, where they set it themselves. */
#ifndef KIZUKI_INTENTS_TARGET_H
#define KIZUKI_INTENTS_TARGET_H

#include "intents/talk.h"

/* Answers "T-007 を 2 に": sets the level, takes it back, or asks for what is missing. */
void target_set(struct talk *t, const char *text);

#endif
