/*
 * What the server remembers of one websocket connection, over the life of its socket and for a
 * while beyond: the numbering of events, those not yet written and the last ones that were, so that
 * a client may resume. Knows nothing of HTTP and little of sockets: it asks for a writable
 * callback.
 */
#ifndef KIZUKI_TESTS_FAKE_SESSION_H
#define KIZUKI_TESTS_FAKE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tests/fake/common/frame.h"
#include "tests/fake/world.h"

#define SENT_KEPT       128 /* events that can be sent again */
#define AWAY_MAX        256 /* events queued for a client that is away */
#define QUEUE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define REAP_MS         300000
#define SESSIONS_AWAY   16 /* of one user */

struct lws;

struct sent {
    struct frame *frame;
    int64_t seq;
};

struct session {
    struct session *next;
    struct user *user;
    struct lws *wsi; /* NULL: the client is away */
    char id[ID_LEN + 1];
    int64_t next_seq;
    int64_t replay_seq; /* what was sent before is sent again from here; == next_seq: nothing */
    struct sent sent[SENT_KEPT]; /* by seq % SENT_KEPT */
    struct frame_queue queue;
    bool zombie;            /* the hub has forgotten it */
    bool not_authenticated; /* the account was disabled meanwhile */
    bool broken;            /* over its limit: the socket has to go */
    int64_t active_at;
    int64_t away_since;
};

/* A fresh connection of that user on that socket. */
struct session *session_open(struct world *w, struct user *u, struct lws *wsi);

/* The away session of that id that can go on from seq, now attached; NULL: open a fresh one. */
struct session *session_resume(const struct world *w, struct user *u, const char *id, int64_t seq,
                               struct lws *wsi);
bool session_known(const struct world *w, struct user *u, const char *id);

void session_detach(struct session *s); /* the socket is gone */
void session_forget(struct session *s); /* frees it; the socket must be gone */

void session_push(struct session *s, struct frame *f);
bool session_has_output(const struct session *s);

/* The next frame with its number, in `out`. *ret_fragments: in how many parts. */
bool session_next(struct session *s, struct buf *out, int *ret_fragments);

#endif
