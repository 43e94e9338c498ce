/* What has changed since the first self-assessment: only ever compared with oneself. */
#ifndef KIZUKI_INTENTS_GROWTH_H
#define KIZUKI_INTENTS_GROWTH_H

#include "intents/talk.h"

void growth_show(struct talk *t);

#endif
