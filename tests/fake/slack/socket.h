/*
 * The sockets of Socket Mode: tickets, hello, pings, the ways a connection ends, and those that
 * only look alive. A ghost is a connection the server still counts though nobody is there.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_SOCKET_H
#define KIZUKI_TESTS_FAKE_SLACK_SOCKET_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "tests/fake/common/frame.h"
#include "tests/fake/common/map.h"
#include "tests/fake/common/wire.h"

struct server;

enum socket_phase {
    SOCKET_NEW,    /* hello is to come */
    SOCKET_LIVING, /* the warning is to come */
    SOCKET_ENDING,
};

struct socket {
    struct socket *next;
    struct server *server;
    struct lws *wsi; /* NULL: a ghost */
    struct wire wire;
    unsigned number;
    bool up;      /* it got its hello */
    bool deaf;    /* reads and writes nothing any more */
    bool mute;    /* alive, but no envelope ever gets through */
    bool leaving; /* it gets nothing new */
    bool ping_due;
    bool ends; /* to be closed with this code once all is written */
    int close_code;
    struct frame_queue queue;
    lws_sorted_usec_list_t ping;
    enum socket_phase phase;
    lws_sorted_usec_list_t turn; /* until what follows the phase */
};

struct sockets {
    struct socket *list;
    unsigned n_ever;
    unsigned next; /* whose turn it is */
    struct map tickets;
    size_t n_tickets;
    /* settings */
    int64_t ping_ms;
    int64_t hello_ms;    /* so much later */
    int64_t life_ms;     /* until the server wants it gone; 0: for ever */
    int64_t warning_ms;  /* how long before that the warning comes; 0: none */
    int64_t life_said_s; /* what hello says about it */
    int max;
    int fragments; /* an envelope comes in so many */
    bool no_hello;
    bool link_disabled;
    /* counters */
    size_t n_pings;
    size_t n_pongs;
    size_t n_hellos;
    size_t n_refused;
    size_t n_bad_frames; /* from the app */
};

void socket_init(struct sockets *s);

/* A new ticket for one connection; the URL goes to out. */
void socket_make_url(struct server *sv, const char *host, char *out, size_t size);

int socket_upgrade(struct server *sv, struct lws *wsi, const char *path, struct buf *headers);

/* The lws callback of websockets; the result goes back to lws. */
int socket_callback(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                    size_t len);

/* All that are registered, ghosts included. */
int socket_count(const struct server *sv);

/* The one whose turn it is to get an envelope; NULL: none is open. */
struct socket *socket_pick(struct server *sv);

void socket_push(struct socket *s, struct frame *f);
void socket_push_envelope(struct socket *s, struct frame *f); /* a mute one gets none */
void socket_set_ping(struct server *sv, int64_t ms);          /* 0: never */
void socket_say_goodbye(struct socket *s, const char *reason);
void socket_drop(struct socket *s); /* at once, without a word */
void socket_make_deaf(struct socket *s);
void socket_add_ghost(struct server *sv);
void socket_forget_ghosts(struct server *sv);
void socket_free(struct server *sv);

#endif
