/* Choices that were clicked or reacted to, also on what is over by now. */
#ifndef KIZUKI_INTENTS_CLICK_H
#define KIZUKI_INTENTS_CLICK_H

#include "intents/talk.h"

void click_answer(struct talk *t, const struct session *before);

/* A click on what is over: the person is shown what is open, unless it is the second of two. */
void click_answer_old(struct talk *t, const struct session *before);

#endif
