/*
 * What was missed while no connection was there: the direct conversations are read back, those with
 * an open question first, as far as the rate limit lets us. What was known already is recognised.
 * Clicks cannot be read back; questions stay open for them.
 */
#ifndef KIZUKI_BOT_SLACK_CATCHUP_H
#define KIZUKI_BOT_SLACK_CATCHUP_H

#include <stdbool.h>

struct slack;
struct slack_catchup;

struct slack_catchup *slack_catchup_create(struct slack *s);
void slack_catchup_destroy(struct slack_catchup *c);

/* The last connection is gone. */
void slack_catchup_gap(struct slack_catchup *c);
/* A connection is there again: reads what was missed. */
void slack_catchup_now(struct slack_catchup *c);
/* Something may have been missed though a connection was there. */
void slack_catchup_soon(struct slack_catchup *c);
/* Nothing was missed until now. */
void slack_catchup_reached(struct slack_catchup *c);

/* Whether that conversation is still to be read, in which case it comes next. */
bool slack_catchup_pending(struct slack_catchup *c, const char *channel);

#endif
