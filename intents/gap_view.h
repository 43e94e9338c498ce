/*
 * What is asked of somebody like this person and where they say they are: the first few gaps with
 * the reason for each, what is strong, what is still open; all of it by theme and role on request.
 * Only for the person; nothing is ever compared with anybody else.
 */
#ifndef KIZUKI_INTENTS_GAP_VIEW_H
#define KIZUKI_INTENTS_GAP_VIEW_H

#include "intents/talk.h"

/* For the page of the person's own: the first few, or how to find them. */
void gap_home(struct talk *t);
void gap_home_words(struct talk *t); /* what to press for them */

void gap_show(struct talk *t);
void gap_show_all(struct talk *t);

#endif
