/*
 * What goes out beside the conversation: questions that show their answer, the home tab, and
 * whispers. Each can be repeated without harm, so nothing has to be looked up.
 */
#ifndef KIZUKI_BOT_SLACK_ASIDES_H
#define KIZUKI_BOT_SLACK_ASIDES_H

#include "store/store.h"

struct slack;
struct slack_asides;

struct slack_asides *slack_asides_create(struct slack *s);
void slack_asides_destroy(struct slack_asides *a);

/* Takes over a row that is no message; as send of struct outlet. */
void slack_asides_send(struct slack_asides *a, const struct store_out *row, bool doubtful);

/* Where that event may be answered directly, for half an hour. */
void slack_asides_remember(struct slack_asides *a, const char *event_id, const char *url);

void slack_asides_wake(struct slack_asides *a);

#endif
