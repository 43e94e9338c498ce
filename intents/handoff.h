/*
 * "人に聞く": the site's contact, and, where the workspace has a desk, a message that is passed on
 * to the people there. It is asked for, shown back and sent only when the person says so; meanwhile
 * it waits in menu_arg. Something that happened is answered first, whatever it was written for.
 */
#ifndef KIZUKI_INTENTS_HANDOFF_H
#define KIZUKI_INTENTS_HANDOFF_H

#include "intents/talk.h"
#include "intents/understand.h"

#define HANDOFF_MAX_CHARS 1000

/* Whether somebody to talk to is asked for. */
bool handoff_wanted(const struct understood *u);

/* The contact alone: may be said anywhere, to anyone. */
void handoff_contact(struct talk *t);

/* The contact, and the offer to pass a message on, or why there is none. */
void handoff_say(struct talk *t);

/* What waits is shown again, or takes the message as its answer; false: it is about something else.
 */
void handoff_show(struct talk *t);
bool handoff_take(struct talk *t, const struct understood *u);

/*
 * The message is what is to be passed on where that was asked for, whatever its words. False where
 * it was not; or it is to be answered first, and then what waits is shown again.
 */
bool handoff_hear(struct talk *t, const struct understood *u);

/* What was written for the desk is forgotten with the menu in which it waited. */
void handoff_forget(struct talk *t);

#endif
