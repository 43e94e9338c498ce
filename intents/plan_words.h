/* What a message wants of the learning plan, and of which of its steps. */
#ifndef KIZUKI_INTENTS_PLAN_WORDS_H
#define KIZUKI_INTENTS_PLAN_WORDS_H

#include "intents/plan_steps.h"
#include "intents/understand.h"

enum plan_verb {
    PLAN_NOTHING,
    PLAN_SHOW,
    PLAN_AGAIN, /* made anew from the gaps of today */
    PLAN_DONE,
    PLAN_UNDO,
    PLAN_SWAP,
    PLAN_PUT_OFF,
    PLAN_PACE,
    PLAN_CALENDAR, /* as an .ics file */
    PLAN_DOCUMENT, /* as markdown */
};

struct plan_wish {
    enum plan_verb verb;
    const struct plan_step *step; /* NULL: not said which */
    bool unknown;                 /* a number or item was said that the plan has not */
    int minutes;                  /* PLAN_PACE: a week, 0 for not said */
};

struct plan_wish plan_read(struct talk *t, const struct understood *u, const char *text);

#endif
