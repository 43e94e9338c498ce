/*
 * One chat workspace the bot lives in, whatever the platform: what the process does with it. The
 * adapters make them; everything else of a platform stays in its folder.
 */
#ifndef KIZUKI_BOT_WORKSPACE_H
#define KIZUKI_BOT_WORKSPACE_H

#include "bot/config.h"
#include "bot/engine.h"
#include "bot/net/http.h"
#include "bot/net/loop.h"

struct workspace_setup {
    const struct config_workspace *config; /* not kept */
    bool proxied;
    struct engine *engine;
    struct loop *loop;
    struct http *http;
};

struct workspace_ops {
    void (*destroy)(void *self);
    /* Attaches it to the engine and begins to connect. Errors as in store.h. */
    int (*start)(void *self);
    /*
     * At the end of a turn: hands what waits to the engine (`one`: at most one thing), to be
     * committed by the caller, who then tells how that went. An error is that of engine_take.
     */
    int (*hand_in)(void *self, bool one);
    /* The number of things handed in in that turn. */
    size_t (*committed)(void *self, int rc);
    /* While nothing can be stored: shows the engine what waits (engine_alarm). */
    void (*alarm)(void *self);
    /* Whether answers wait to be sent: new ones would wait behind them. */
    bool (*busy)(const void *self);
    /* Whether it is the workspace of that configuration, whose desk and tokens it then gets: those
     * are tried at once. */
    bool (*is)(const void *self, const struct config_workspace *config);
    void (*renew)(void *self, const struct config_workspace *config);
};

struct workspace {
    const struct workspace_ops *ops;
    void *self;
};

#endif
