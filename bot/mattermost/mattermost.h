/*
 * One Mattermost workspace: its websocket, its REST interface, and the way from frames to events
 * and from the outbox to posts. Never blocks.
 */
#ifndef KIZUKI_BOT_MATTERMOST_MATTERMOST_H
#define KIZUKI_BOT_MATTERMOST_MATTERMOST_H

#include "bot/engine.h"
#include "bot/net/http.h"
#include "bot/net/loop.h"

struct mattermost;

struct mattermost_setup {
    const char *name; /* of the workspace; texts are copied */
    const char *url;
    const char *token;
    bool proxied;
    int max_answers_a_minute;
    struct engine *engine;
    struct loop *loop;
    struct http *http;
};

struct mattermost *mattermost_create(const struct mattermost_setup *setup);
void mattermost_destroy(struct mattermost *m); /* NULL is fine */

/* Attaches it to the engine and begins to connect. */
int mattermost_start(struct mattermost *m) WARN_UNUSED;

/*
 * At the end of a turn: hands what waits to the engine (`one`: at most one thing), to be committed
 * by the caller, who then tells how that went. An error is that of engine_take.
 */
int mattermost_hand_in(struct mattermost *m, bool one) WARN_UNUSED;
/* The number of things handed in in that turn. */
size_t mattermost_committed(struct mattermost *m, int rc);

/* Whether answers wait to be sent: new ones would wait behind them. */
bool mattermost_busy(const struct mattermost *m);

/* Whether it is the workspace of that name and address. */
bool mattermost_is(const struct mattermost *m, const char *name, const char *url);

/* Another token, from a reload: tried at once. */
void mattermost_set_token(struct mattermost *m, const char *token);

#endif
