/* What Kizuki says of itself: where its content comes from, and what becomes of people's data. */
#ifndef KIZUKI_INTENTS_ABOUT_H
#define KIZUKI_INTENTS_ABOUT_H

#include "intents/talk.h"

void about_source(struct talk *t);
void about_privacy(struct talk *t);

#endif
