/*
 * Tries an utterance whose meaning is known: what evaluations and cross-validation count.
 */
#ifndef KIZUKI_INTENTS_TRIAL_H
#define KIZUKI_INTENTS_TRIAL_H

#include "intents/meaning.h"

struct trial {
    enum label taken; /* for what it was taken; the likeliest guess where it was not understood */
    bool unsure;      /* not understood: the bot asks back */
    bool ruled;       /* a rule is certain of it: no example changes that */
    size_t slots;     /* of kind, role, level and choices: how many it names … */
    size_t exact;     /* … and how many were understood exactly so */
};

/* The number of the role that is named, 0 for none. */
int trial_role(const struct understood *u);

/*
 * `slots` as in examples.h. An answer is tried with a question open whose kind fits the slot:
 * one choice, several, or a level; anything else without one.
 */
void trial_run(const struct pack *pack, const struct phrases *phrases,
               const struct guesser *guesser, enum label label, const char *text, const char *slots,
               struct trial *ret);

#endif
