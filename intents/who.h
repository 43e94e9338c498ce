/* Who does what: the proposal for each item of the persona, and what the person made of it. */
#ifndef KIZUKI_INTENTS_WHO_H
#define KIZUKI_INTENTS_WHO_H

#include "intents/talk.h"

void who_show(struct talk *t);

/* Takes "K-006 は任せる"; false if the text names no item, or nobody who does it. */
bool who_set(struct talk *t, const char *text);

#endif
