/* One websocket's bytes: messages put together from what comes, frames written in fragments. */
#ifndef KIZUKI_TESTS_FAKE_COMMON_WIRE_H
#define KIZUKI_TESTS_FAKE_COMMON_WIRE_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "base/buf.h"

struct wire {
    struct lws *wsi;
    struct buf rx; /* the message being read */
    size_t rx_max;
    bool too_big;
    struct buf tx; /* the frame being written, behind LWS_PRE bytes */
    size_t tx_at;  /* its part up to here is written */
    int tx_parts;  /* fragments still to be written of it */
    bool tx_binary;
};

void wire_init(struct wire *w, struct lws *wsi, size_t rx_max);
void wire_free(struct wire *w);

/* 1: w->rx is a whole message now. 0: there is more to come. -1: too big, drop the socket. */
int wire_receive(struct wire *w, const char *in, size_t len);

/* Gets w->tx ready for the next frame's text, which the caller adds. */
void wire_load(struct wire *w);

/* Writes one fragment; -1: the socket is broken. */
int wire_write_part(struct wire *w);

#endif
