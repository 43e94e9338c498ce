/*
 * HTTP requests over one pool of kept-alive connections (libcurl). Never blocks; no redirect is
 * followed, no cookie kept. A reply lives until the callback returns.
 */
#ifndef KIZUKI_BOT_NET_HTTP_H
#define KIZUKI_BOT_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bot/net/loop.h"

struct http;

struct http_request {
    const char *method; /* "GET", "POST", … */
    const char *url;
    const char *bearer;    /* token, "" for none */
    const char *body;      /* "" for none */
    size_t body_len;       /* 0: up to its NUL */
    const char *body_type; /* "application/json" where it is NULL */
    const char *header;    /* the name of a header of the reply that is wanted, or NULL */
    size_t max_bytes;      /* of the reply's body */
    int64_t timeout_ms;    /* for everything */
    bool proxied;          /* through the loop's proxy */
    bool once;             /* must not be sent again by itself on another connection */
};

struct http_reply {
    int status;        /* 0: none came, and `error` says why */
    const char *error; /* "" where a whole reply came */
    bool unsent;       /* the server certainly saw nothing of the request */
    bool too_long;     /* body is the beginning; the rest was not read */
    const char *body;  /* ends with a NUL that does not count; "" for none */
    size_t len;
    const char *header;      /* the value of the one wanted, "" where it did not come */
    int64_t retry_after_ms;  /* -1: not said */
    int64_t limit_remaining; /* X-Ratelimit-Remaining, -1: not said */
    int64_t limit_reset_ms;  /* X-Ratelimit-Reset, -1: not said */
};

typedef void (*http_done)(void *ctx, const struct http_reply *reply);

struct http *http_create(struct loop *l);
void http_destroy(struct http *h); /* calls under way end without a callback; NULL is fine */

/* All strings are copied. `done` is called once, later, unless http_forget comes first. */
struct http_call *http_start(struct http *h, const struct http_request *request, http_done done,
                             void *ctx);
void http_forget(struct http_call *call);

/*
 * Resolves and connects, speaking TLS where the scheme asks for it but no HTTP: for libwebsockets,
 * which resolves names while everything waits. On success error is "" and body the address.
 */
struct http_call *http_resolve(struct http *h, const char *url, http_done done, void *ctx);

#endif
