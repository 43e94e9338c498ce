/* What a persona's card says of its items, the people around and the handbook's examples. */
#ifndef KIZUKI_INTENTS_PERSONA_CARD_H
#define KIZUKI_INTENTS_PERSONA_CARD_H

#include "intents/talk.h"

void persona_card_lines(struct talk *t, const struct persona *p);

#endif
