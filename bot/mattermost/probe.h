/*
 * Tries a workspace for real before the bot lives in it: address, token, version, team, websocket
 * and clock. Only reads. Blocks for at most half a minute and runs the loop meanwhile, so nothing
 * else may run it. What it tells contains no secret.
 */
#ifndef KIZUKI_BOT_MATTERMOST_PROBE_H
#define KIZUKI_BOT_MATTERMOST_PROBE_H

#include "bot/net/http.h"
#include "bot/net/loop.h"

enum probe_outcome { PROBE_OK, PROBE_WARNING, PROBE_FAILED, PROBE__COUNT };

struct probe_setup {
    const char *url;
    const char *token;
    bool proxied;
    struct loop *loop;
    struct http *http;
    /* One line for each step: what is wrong and what to do. The text lives until it returns. */
    void (*tell)(void *ctx, enum probe_outcome outcome, const char *step, const char *text);
    void *ctx;
};

/* Steps that depend on one that failed are left out. */
void mattermost_probe(const struct probe_setup *setup);

#endif
