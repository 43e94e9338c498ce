/*
 * Cries for help that were answered while nothing could be written down: what left for which event,
 * and what became of it. In memory only: after a restart the event is answered again with the rest.
 * Not thread-safe.
 */
#ifndef KIZUKI_BOT_ALARM_H
#define KIZUKI_BOT_ALARM_H

#include "base/event.h"
#include "bot/sender.h"

#define ALARM_ROWS_MAX 4

struct alarms;

struct alarms *alarms_create(void);
void alarms_destroy(struct alarms *a); /* NULL is fine */

enum alarm_state {
    ALARM_UNKNOWN,   /* nothing left for the event yet */
    ALARM_UNDER_WAY, /* something did, or is to be tried again later */
    ALARM_AGAIN,     /* that time has come: alarms_again */
    ALARM_OVER,      /* answered, or refused for good */
};
enum alarm_state alarms_state(const struct alarms *a, const struct event *event, int64_t now_ms);

/* Whether all that answers the event has arrived. */
bool alarms_answered(const struct alarms *a, const struct event *event);

/* Hands over the rows, up to ALARM_ROWS_MAX, of which copies are kept with an ord below zero.
 * False where too many are under way. */
bool alarms_sound(struct alarms *a, const struct event *event, const struct sender *sender,
                  const struct store_out *rows, size_t n, int64_t now_ms);
/* What did not arrive. */
void alarms_again(struct alarms *a, const struct event *event, const struct sender *sender,
                  int64_t now_ms);

/* What became of a row under way; true if it was one of these. */
bool alarms_done(struct alarms *a, const struct store_out *row, enum sent sent, int64_t now_ms);

#endif
