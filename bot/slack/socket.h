/*
 * The Socket Mode connections of one app and their life: who are we, open, hello, replacement
 * before the old one goes, and back after everything. Frames go to the intake; what may have been
 * missed is left to the catch-up.
 */
#ifndef KIZUKI_BOT_SLACK_SOCKET_H
#define KIZUKI_BOT_SLACK_SOCKET_H

#include <stdbool.h>

#include "base/json.h"

struct slack;
struct slack_socket;

/* Which connection something came on; 0 for none. */
typedef unsigned slack_link_id;

struct slack_socket *slack_socket_create(struct slack *s);
void slack_socket_destroy(struct slack_socket *k);

/* Begins, or begins anew with other tokens. */
void slack_socket_start(struct slack_socket *k);

/* Acknowledges an envelope where it came from; where that connection is gone, nowhere. */
void slack_socket_ack(struct slack_socket *k, slack_link_id link, const char *envelope,
                      const cJSON *payload);
/* Something that came on this connection waits to be acknowledged, or does not any more. */
void slack_socket_hold(struct slack_socket *k, slack_link_id link, bool hold);

/* Slack refused one of the tokens for good: an alarm, and nothing is tried until there are others.
 */
void slack_socket_unauthorized(struct slack *s, bool app, const char *code);

/* Whether calls are worth trying. */
bool slack_socket_authorized(const struct slack *s);

#endif
