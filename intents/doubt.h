/*
 * What is not understood well enough: the likeliest readings are offered as choices, and whoever
 * is not understood twice in a row is offered the main ways on, a pause and a person. No guess is
 * acted upon here.
 */
#ifndef KIZUKI_INTENTS_DOUBT_H
#define KIZUKI_INTENTS_DOUBT_H

#include "intents/talk.h"
#include "intents/understand.h"

/*
 * Says that the message was not understood, after talk.s->misses was counted up for it; the words
 * differ from miss to miss, so that the bot never repeats itself.
 */
void doubt_say(struct talk *t, const struct understood *u);

/* Shows the choices again. */
void doubt_show(struct talk *t);

enum doubt_answer {
    DOUBT_OTHER,   /* it is about something else: the choices are gone */
    DOUBT_CHOSEN,  /* *u is the reading that was chosen */
    DOUBT_NEITHER, /* none of them; has been answered */
    DOUBT_NUMBER,  /* a number that is not there; has been answered */
};

/* What a message says to the choices that wait. */
enum doubt_answer doubt_take(struct talk *t, struct understood *u);

#endif
