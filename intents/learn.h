/* Which part of learning a message is about: self-assessment, gap, who does what, plan, progress.
 */
#ifndef KIZUKI_INTENTS_LEARN_H
#define KIZUKI_INTENTS_LEARN_H

#include "intents/talk.h"
#include "intents/understand.h"

/* Answers if it is about learning, and returns to what was open; false if it is something else. */
bool learn_answer(struct talk *t, const struct understood *u);

#endif
