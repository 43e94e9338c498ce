/* The learning plan as files: for a calendar (iCalendar, RFC 5545), and as a markdown document. */
#ifndef KIZUKI_INTENTS_PLAN_EXPORT_H
#define KIZUKI_INTENTS_PLAN_EXPORT_H

#include "intents/talk.h"

void plan_export_calendar(struct talk *t);
void plan_export_document(struct talk *t);

#endif
