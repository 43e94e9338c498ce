/* What the files of bot/net share. Not for other folders. */
#ifndef KIZUKI_BOT_NET_PRIVATE_H
#define KIZUKI_BOT_NET_PRIVATE_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "bot/net/loop.h"

struct loop {
    struct loop_setup setup;
    struct lws_context *context;
    struct lws_vhost *direct;
    struct lws_vhost *proxied; /* NULL without a proxy */
    bool stop;
    bool active; /* something happened since this was cleared */
    void (*turn_end)(void *ctx);
    void *turn_ctx;
    char last_error[256]; /* the last line libwebsockets complained with */
};

/* Of ws.c: the protocol its connections speak with libwebsockets. */
int ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);

#endif
