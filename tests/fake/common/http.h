/*
 * HTTP on libwebsockets: reads requests, lets faults happen, hands the rest to the double (struct
 * http_ops) and writes the answers. A request outlives its client when its effect is only due
 * later.
 */
#ifndef KIZUKI_TESTS_FAKE_COMMON_HTTP_H
#define KIZUKI_TESTS_FAKE_COMMON_HTTP_H

#include <cjson/cJSON.h>
#include <libwebsockets.h>
#include <stdbool.h>

#include "base/buf.h"
#include "tests/fake/common/fault.h"

#define BODY_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define OUT_MAX_BYTES  ((size_t)64 * 1024 * 1024)
#define HEAD_MAX_BYTES 2048
#define PARAMS_MAX     4

struct pending;
struct request;
struct server; /* each double's own */
struct socket;
struct user;

/* One HTTP request and its answer, free of sockets. */
struct call {
    struct server *server;
    char method[8];
    char path[1024];
    char query[4096];
    char token[256];
    char type[160]; /* its Content-Type */
    char host[160];
    struct buf body;
    cJSON *json;                    /* the body or NULL */
    bool has_nul;                   /* it had a NUL escape, since replaced */
    struct user *user;              /* who asks; NULL where that does not matter */
    const char *params[PARAMS_MAX]; /* the parts of the path the route leaves open */
    char parts[1024];               /* where these live */
    struct pending *pending;        /* reserved when the request came in */
    int status;
    const char *content_type;
    char request_id[32]; /* "": none */
    struct buf headers;  /* whole lines, more of them */
    struct buf out;
};

/* What a double does with requests. */
struct http_ops {
    void (*init)(struct call *c); /* of a zeroed call with its server and buffers */
    void (*free)(struct call *c);
    void (*handle)(struct call *c);
    void (*reserve)(struct call *c); /* it is to be handled later */
    void (*control)(struct call *c, const struct lws *wsi);
    bool (*limit)(struct call *c); /* true: refused, and that is the answer */
    void (*refuse_size)(struct call *c);
    bool (*may_be_lost)(const struct call *c);
    void (*add_head)(const struct call *c, struct buf *b);
    /* The status an upgrade is refused with, or 0. */
    int (*upgrade)(struct server *sv, struct lws *wsi, const char *path, struct buf *headers);
    void (*stop)(struct server *sv); /* before the end of the loop: no timers from now on */
    int (*socket)(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                  size_t len);
};

/* The network's side of a double. */
struct net {
    struct server *server;
    const struct http_ops *ops;
    struct lws_context *lws;
    struct peer *peers;       /* all connections */
    struct request *requests; /* all not yet answered */
    struct faults faults;
    size_t n_connections_ever; /* TCP */
    bool tls;
    int64_t down_until_us; /* monotonic: until then nobody gets in */
};

/* What hangs at a connection (lws_get_opaque_user_data), made on first use. */
struct peer {
    struct peer *next;
    struct lws *wsi;
    struct request *request;
    struct socket *socket;
};

struct peer *http_peer(struct net *net, struct lws *wsi);

/* The lws callback for everything that is not a websocket's; the result goes back to lws. */
int http_callback(struct net *net, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                  size_t len);

/* Refuses an upgrade where that is asked for: true with the answer written. */
bool http_refuse_upgrade(struct net *net, struct lws *wsi);

/* Copies the bearer token of the request; "" without one. */
void http_token(struct lws *wsi, char *out, size_t size);
void http_query(struct lws *wsi, char *out, size_t size);
void http_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size);

/* Ends every connection but that one, and what was still to be done for them. */
void http_drop_all(struct net *net, const struct lws *but);

/* A value of a query, as it stands there; false where there is none. */
bool http_query_value(const char *query, const char *name, char *out, size_t size);

#endif
