/*
 * The forms to fill in, where a platform can show them: which there are, how they look now, and
 * what becomes of what was written. All they do can be said in words, too.
 */
#ifndef KIZUKI_INTENTS_SHEETS_H
#define KIZUKI_INTENTS_SHEETS_H

#include "intents/talk.h"

#define SHEETS_SETTINGS "settings"
#define SHEETS_INCIDENT "incident"

/* The sheet of the event's name into the step; an unknown one is ignored. */
void sheets_show(struct talk *t);

/*
 * Takes the sheet handed in. False where nothing was taken: it is unknown, or the step says at
 * which fields something is wrong.
 */
bool sheets_take(struct talk *t);

#endif
