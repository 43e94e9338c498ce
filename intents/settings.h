/* What a person can set, which is the language so far: said, and changed by word. */
#ifndef KIZUKI_INTENTS_SETTINGS_H
#define KIZUKI_INTENTS_SETTINGS_H

#include "intents/talk.h"

/* Whether the platform says a language of the person's that we speak. */
bool settings_account(const struct talk *t, enum lang *ret);

/* How the settings are, a line each. */
void settings_state(struct talk *t);

/* The same with the words that change them; a reply of its own, sent. */
void settings_show(struct talk *t);

/* Speaks that language from now on, or the account's. */
void settings_choose(struct talk *t, enum lang lang);
void settings_follow(struct talk *t);

#endif
