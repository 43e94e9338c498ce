/*
 * Websockets on libwebsockets: authentication, resuming, reading actions, writing events. What a
 * connection is owed lives in session.c; this is the socket around it.
 */
#ifndef KIZUKI_TESTS_FAKE_WS_H
#define KIZUKI_TESTS_FAKE_WS_H

#include <libwebsockets.h>

#include "tests/fake/common/wire.h"
#include "tests/fake/server.h"

#define FRAME_MAX_BYTES 8192 /* from clients */

struct socket {
    struct socket *next;
    struct server *server;
    struct lws *wsi;
    struct session *session; /* NULL: not authenticated */
    struct wire wire;
    int close_code;               /* to be closed with this code; 0: not */
    lws_sorted_usec_list_t timer; /* until it must have authenticated */
    char token[128];
    char query[512];
};

/* The lws callback of websockets; the result goes back to lws. */
int ws_callback(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                size_t len);

/* Gives the socket a fresh session and says hello. */
void ws_start(struct socket *s, struct user *u);

void ws_drop(struct socket *s); /* at once, without a word */

/* ---- ws_action.c ---- */

/* What the client sent; false: the connection is to be dropped. */
bool ws_handle(struct socket *s, const char *text, size_t len);

#endif
