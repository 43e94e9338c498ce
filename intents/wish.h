/* Wishes that are understood and cannot be granted, or not yet: an honest answer and a way on. */
#ifndef KIZUKI_INTENTS_WISH_H
#define KIZUKI_INTENTS_WISH_H

#include "intents/labels.h"
#include "intents/talk.h"

/* False for what is no such wish. */
bool wish_answer(struct talk *t, enum label label);

#endif
