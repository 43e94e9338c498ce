/* The whole double: one of these, made in main and handed to everything. */
#ifndef KIZUKI_TESTS_FAKE_SERVER_H
#define KIZUKI_TESTS_FAKE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fake/common/http.h"
#include "tests/fake/event.h"
#include "tests/fake/world.h"

#define ROUTES_MAX 64

struct socket;

struct server {
    struct net net;
    struct world world;
    struct event_gate gate;
    struct socket *sockets; /* all open websockets; ws.c */
    size_t n_sockets;
    size_t n_sockets_ever;
    size_t n_requests[ROUTES_MAX];
    size_t n_bot_requests[ROUTES_MAX];
    size_t n_unknown_routes;
    char unknown_route[128]; /* the last one */
    bool v6;                 /* users/me/channels exists */
};

#endif
