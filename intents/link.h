/*
 * "連携": one person in several places. A one-time code given in one place and entered in another
 * makes both one, with the answers, the result and the settings of both; "連携をやめる" separates
 * the place it is said in. A step that has a code asks for it to be looked up (step.code) and is
 * taken again, as the person both are then, with what came of it (enum link_result).
 */
#ifndef KIZUKI_INTENTS_LINK_H
#define KIZUKI_INTENTS_LINK_H

#include "intents/phrases.h"
#include "intents/talk.h"

/*
 * Whether the message is the word for linking together with a number; *ret_code (in the arena) is
 * its digits, or "" where they are not as many as a code has.
 */
bool link_find_code(const struct phrases *phrases, struct arena *arena, const char *text,
                    const char **ret_code);

/* Gives a code. */
void link_offer(struct talk *t);

/* A code was entered. Who has answers here is asked first: whoever gave it is going to see them. */
void link_enter(struct talk *t, const char *code);
void link_confirm(struct talk *t);    /* yes */
void link_stay_apart(struct talk *t); /* no */
void link_ask_again(struct talk *t);

/* Says what came of it. */
void link_say(struct talk *t);

/* Asks whether this place is to be separated; then yes, or no. */
void link_ask_leave(struct talk *t);
void link_leave(struct talk *t);
void link_stay(struct talk *t);

/* These questions, and a message to be passed on, wait only where they were asked: elsewhere a
 * number, or whatever is written, means something else. */
void link_forget_elsewhere(struct talk *t);

#endif
