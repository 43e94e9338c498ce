/*
 * Something happened, or may have: what to do first, and whom to tell. Nothing is passed on to
 * anyone yet, and every text says so.
 */
#ifndef KIZUKI_INTENTS_INCIDENT_H
#define KIZUKI_INTENTS_INCIDENT_H

#include "intents/labels.h"
#include "intents/talk.h"

/*
 * The head, the three steps with the site's contact, and the foot, as one reply that is sent. The
 * steps are those for that kind, or what is right for any where it is KIND__COUNT.
 */
void incident_said(struct talk *t, enum incident_kind kind);    /* it happened: thanks first */
void incident_what_if(struct talk *t, enum incident_kind kind); /* it may happen some day */
void incident_report(struct talk *t); /* asked how to report: with what is worth telling */

/* A report was written; *copy, what was written, follows in a message of its own. */
void incident_written(struct talk *t, enum incident_kind kind, const char *copy);

#endif
