/* The whole double: one of these, made in main and handed to everything. */
#ifndef KIZUKI_TESTS_FAKE_SERVER_H
#define KIZUKI_TESTS_FAKE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fake/event.h"
#include "tests/fake/fault.h"
#include "tests/fake/world.h"

#define ROUTES_MAX 64

struct lws_context;
struct peer;
struct request;
struct socket;

struct server {
    struct world world;
    struct event_gate gate;
    struct faults faults;
    struct lws_context *lws;
    struct peer *peers;       /* all connections; http.c */
    struct request *requests; /* all not yet answered; http.c */
    struct socket *sockets;   /* all open websockets; ws.c */
    size_t n_sockets;
    size_t n_sockets_ever;
    size_t n_connections_ever; /* TCP */
    size_t n_requests[ROUTES_MAX];
    size_t n_bot_requests[ROUTES_MAX];
    size_t n_unknown_routes;
    char unknown_route[128]; /* the last one */
    int64_t down_until_us;   /* monotonic: until then nobody gets in */
    bool v6;                 /* users/me/channels exists */
};

#endif
