/*
 * The connection to one workspace and its life: who are we, connect, resume where granted, ping,
 * and come back after everything. Frames go to the intake; what may have been missed is left to
 * the catch-up.
 */
#ifndef KIZUKI_BOT_MATTERMOST_SOCKET_H
#define KIZUKI_BOT_MATTERMOST_SOCKET_H

#include <stdbool.h>

struct mattermost;
struct mm_socket;

struct mm_socket *mm_socket_create(struct mattermost *m);
void mm_socket_destroy(struct mm_socket *s);

/* Begins, or tries again at once. */
void mm_socket_start(struct mm_socket *s);

/* The server refused our token: an alarm, and a slow probe until it takes it again. */
void mm_socket_unauthorized(struct mattermost *m);

/* Whether REST calls are worth trying: the token was good when last used. */
bool mm_socket_authorized(const struct mattermost *m);

#endif
