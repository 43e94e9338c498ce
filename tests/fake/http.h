/*
 * HTTP on libwebsockets: reads requests, lets faults happen, hands the rest to rest.c or control.c
 * and writes the answers. A request outlives its client when its effect is only due later.
 */
#ifndef KIZUKI_TESTS_FAKE_HTTP_H
#define KIZUKI_TESTS_FAKE_HTTP_H

#include <libwebsockets.h>

#include "tests/fake/server.h"

struct request;
struct socket;

/* What hangs at a connection (lws_get_opaque_user_data), made on first use. */
struct peer {
    struct peer *next;
    struct lws *wsi;
    struct request *request;
    struct socket *socket;
};

struct peer *http_peer(struct server *sv, struct lws *wsi);
void http_free_peer(struct server *sv, struct lws *wsi);

/* The lws callback for everything that is not a websocket's; the result goes back to lws. */
int http_callback(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                  size_t len);

/* Refuses an upgrade where that is asked for: true with the answer written. */
bool http_refuse_upgrade(struct server *sv, struct lws *wsi);

/* Copies the bearer token of the request; "" without one. */
void http_token(struct lws *wsi, char *out, size_t size);
void http_query(struct lws *wsi, char *out, size_t size);

/* Ends every connection but that one, and what was still to be done for them. */
void http_drop_all(struct server *sv, const struct lws *but);

#endif
