/* The outcome of the questionnaire: found, explained, shown again, changed by hand. */
#ifndef KIZUKI_INTENTS_RESULT_H
#define KIZUKI_INTENTS_RESULT_H

#include "intents/talk.h"

/* Closes the review: scores the answers and shows the result, or offers what to choose from. */
void result_finish(struct talk *t);

/* Shows the current result again, or says that there is none; true if it ends with a menu. */
bool result_show(struct talk *t);

/* Offers all personas, or sets the one given. */
void result_change(struct talk *t);
void result_set(struct talk *t, const struct persona *p);

/* Shows the waiting menu of personas again. */
void result_offer_again(struct talk *t);

/* A number in a menu of personas; false if it names none of them. */
bool result_pick(struct talk *t, int number);

void result_scores(struct talk *t);

#endif
