/*
 * Days in the person's own calendar, counted from 1970-01-01, and how they are written. The offset
 * from UTC is that of now; a day told in summer of one in winter may begin an hour off.
 */
#ifndef KIZUKI_INTENTS_CALENDAR_H
#define KIZUKI_INTENTS_CALENDAR_H

#include "intents/talk.h"

int calendar_day(const struct talk *t, int64_t at_ms);
int calendar_today(const struct talk *t);

/* "11月30日(月)", "Mon 30 November" in the person's language. */
const char *calendar_date(struct talk *t, int day);

/* "20261130" */
const char *calendar_plain(struct arena *arena, int day);

#endif
