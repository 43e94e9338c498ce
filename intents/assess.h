/*
 * The self-assessment as a conversation: a short way, a full way, or only what is still open; asked
 * by the mechanism of ask.h. Every answer counts at once, and the end shows the gap.
 */
#ifndef KIZUKI_INTENTS_ASSESS_H
#define KIZUKI_INTENTS_ASSESS_H

#include "intents/talk.h"

/* Goes on with one under way, or offers the ways; false where it can only say what it lacks. */
bool assess_start(struct talk *t);

/* The menu of ways: shows it, takes a number of it (false: there is none of that number). */
void assess_offer(struct talk *t);
bool assess_pick(struct talk *t, int number);
/* The same by a word for the short or the long way. */
bool assess_pick_length(struct talk *t, bool quick);

/* From the beginning, the same way as the one at hand. */
void assess_again(struct talk *t);

/* A question of the run at hand has its answer, or another one. */
void assess_took(struct talk *t, int question, bool corrects);

/* All is answered and looked at. */
void assess_finish(struct talk *t);

/* What was said of the open question in an earlier self-assessment, if anything. */
void assess_say_earlier(struct talk *t, const struct form_question *q);

#endif
