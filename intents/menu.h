/*
 * Choices that wait for an answer besides the questions of the form: welcome back, start over?,
 * which answer to change, which persona. While one waits, a number means its choices; side
 * questions are answered and the menu is shown again, so what was shown last is what counts.
 */
#ifndef KIZUKI_INTENTS_MENU_H
#define KIZUKI_INTENTS_MENU_H

#include "intents/talk.h"
#include "intents/understand.h"

/* Shows the waiting menu again. */
void menu_show(struct talk *t);

/* Back to what was open before a side question: the waiting menu, the question or the review. */
void menu_return(struct talk *t);

/*
 * Names the menu shown: a click on an older one, or on another list, is not taken for this one.
 * However long the list, the name is short: platforms carry it in ids.
 */
const char *menu_reference(struct talk *t);

/* Takes the message as an answer to the waiting menu; false if it is about something else. */
bool menu_take(struct talk *t, const struct understood *u);

#endif
