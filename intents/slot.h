/*
 * A person has at most two forms on their way: the questionnaire and a self-assessment. One is at
 * hand (session.form, .run_id, .run), the other stands aside (session.other). Here they change
 * places.
 */
#ifndef KIZUKI_INTENTS_SLOT_H
#define KIZUKI_INTENTS_SLOT_H

#include "intents/step.h"

/* Whether a form for that purpose stands aside and has not been answered to the end. */
bool slot_waits(const struct session *s, enum form_purpose purpose);

/*
 * Puts the form for that purpose at hand and the one at hand aside; without one there is no run at
 * hand. False where it was at hand already. Calling it again with the purpose before undoes it.
 */
bool slot_bring(struct session *s, enum form_purpose purpose, const struct form *fresh);

#endif
