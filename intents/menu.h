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

/* The label of that number on the waiting menu, "" for none. Only before anything is said. */
const char *menu_label(struct talk *t, int number);

/* Takes the message as an answer to the waiting menu; false if it is about something else. */
bool menu_answer(struct talk *t, const struct understood *u);

#endif
