/*
 * One websocket connection as a client. It does not come back by itself: its owner opens the next
 * one. TLS is verified; a redirect is refused, since it would take the token elsewhere.
 */
#ifndef KIZUKI_BOT_NET_WS_H
#define KIZUKI_BOT_NET_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bot/net/http.h"
#include "bot/net/loop.h"

struct ws;

struct ws_end {
    bool opened;            /* it had been open */
    int status;             /* HTTP status of a refused upgrade, 0 for anything else */
    int64_t retry_after_ms; /* with such a status, -1: not said */
    bool too_long;          /* a message was over the limit */
    const char *reason;
};

struct ws_setup {
    const char *url;    /* http(s):// or ws(s)://; path and query, up to 2000 bytes, verbatim */
    const char *bearer; /* token, "" for none */
    bool proxied;
    bool quick; /* pings every 10 s and gives up after 30 s without an answer, else 25 and 35 */
    size_t max_bytes; /* of a message, fragments joined */
    void (*on_open)(void *ctx);
    void (*on_text)(void *ctx, const char *text, size_t n); /* valid UTF-8, ends with a NUL */
    void (*on_end)(void *ctx, const struct ws_end *end);    /* once; the connection is gone then */
    void (*on_long)(void *ctx); /* a message over the limit was left out; NULL: that is the end */
    void *ctx;
};

/* Begins to connect; the callbacks come later. Strings are copied. */
struct ws *ws_open(struct loop *l, struct http *h, const struct ws_setup *setup);

/* Queues one text message. */
void ws_send(struct ws *w, const char *text);

/* Says goodbye behind what is queued, and ends without a callback. NULL is fine. */
void ws_close(struct ws *w);

/* Ends it without a callback and without a closing handshake, so that the server keeps the session
 * for a resume. NULL is fine. Not needed after on_end. */
void ws_drop(struct ws *w);

#endif
