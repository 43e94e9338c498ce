#include "tests/fake/session.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"

/*
 * Every five minutes the server forgets connections that are away and whose last activity is more
 * than five minutes old; so a client may find itself forgotten after anything up to five minutes.
 */
static bool is_reaped(const struct world *w, const struct session *s, int64_t now) {
    int64_t earliest = s->active_at + REAP_MS + 1;
    earliest = earliest > s->away_since ? earliest : s->away_since;
    int64_t ticks = (earliest - w->start_ms + REAP_MS - 1) / REAP_MS;
    return !s->wsi && w->start_ms + ticks * REAP_MS <= now;
}

static void reap(const struct world *w, struct user *u) {
    int64_t now = clock_now_ms();
    size_t away = 0;
    for (struct session *s = u->sessions, *next; s; s = next) {
        next = s->next;
        away += !s->wsi;
        if (is_reaped(w, s, now) || (!s->wsi && away > SESSIONS_AWAY)) {
            session_forget(s);
        }
    }
}

struct session *session_open(struct world *w, struct user *u, struct lws *wsi) {
    reap(w, u);
    struct session *s = xmalloc(sizeof(*s));
    *s = (struct session){.user = u, .wsi = wsi, .next = u->sessions};
    s->active_at = clock_now_ms();
    world_make_id(w, "connection", s->id);
    u->sessions = s;
    return s;
}

static struct session *find(const struct world *w, struct user *u, const char *id) {
    reap(w, u);
    for (struct session *s = u->sessions; s; s = s->next) {
        if (strcmp(s->id, id) == 0) {
            return s;
        }
    }
    return NULL;
}

bool session_known(const struct world *w, struct user *u, const char *id) {
    return find(w, u, id) != NULL;
}

static bool was_sent(const struct session *s, int64_t seq) {
    const struct sent *sent = &s->sent[seq % SENT_KEPT];
    return sent->frame && sent->seq == seq;
}

struct session *session_resume(const struct world *w, struct user *u, const char *id, int64_t seq,
                               struct lws *wsi) {
    struct session *s = find(w, u, id);
    if (!s || s->wsi || s->not_authenticated) {
        return NULL;
    }
    if (seq != s->next_seq && !was_sent(s, seq)) {
        session_forget(s);
        return NULL;
    }
    s->wsi = wsi;
    s->replay_seq = seq;
    s->active_at = clock_now_ms();
    return s;
}

void session_detach(struct session *s) {
    s->wsi = NULL;
    s->away_since = clock_now_ms();
    if (s->zombie || s->not_authenticated || s->broken) {
        session_forget(s);
    }
}

void session_forget(struct session *s) {
    struct session **at = &s->user->sessions;
    while (*at != s) {
        at = &(*at)->next;
    }
    *at = s->next;
    for (size_t i = 0; i < SENT_KEPT; i++) {
        frame_unref(s->sent[i].frame);
    }
    frame_queue_free(&s->queue);
    free(s);
}

/* ---- frames ---- */

void session_push(struct session *s, struct frame *f) {
    if (s->zombie || (f->is_event && s->not_authenticated) || s->broken) {
        return;
    }
    if (!s->wsi && s->queue.n >= AWAY_MAX) {
        session_forget(s);
        return;
    }
    frame_queue_push(&s->queue, f);
    s->broken = s->queue.bytes > QUEUE_MAX_BYTES;
    if (s->wsi && s->broken) {
        /* It does not read: no writable callback would come. */
        lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    } else if (s->wsi) {
        lws_callback_on_writable(s->wsi);
    }
}

bool session_has_output(const struct session *s) {
    return s->queue.n > 0 || s->replay_seq < s->next_seq;
}

static void add_text(struct buf *out, const struct frame *f, int64_t seq) {
    buf_add(out, f->text, f->len);
    if (f->is_event) {
        buf_addf(out, "%" PRId64 "}\n", seq);
    }
}

bool session_next(struct session *s, struct buf *out, int *ret_fragments) {
    while (s->replay_seq < s->next_seq) {
        int64_t seq = s->replay_seq++;
        if (was_sent(s, seq)) {
            *ret_fragments = 1;
            add_text(out, s->sent[seq % SENT_KEPT].frame, seq);
            return true;
        }
    }
    struct frame *f = frame_queue_pop(&s->queue);
    if (!f) {
        return false;
    }
    *ret_fragments = f->fragments;
    add_text(out, f, s->next_seq);
    if (!f->is_event) {
        frame_unref(f);
        return true;
    }
    struct sent *place = &s->sent[s->next_seq % SENT_KEPT];
    frame_unref(place->frame);
    *place = (struct sent){f, s->next_seq++};
    s->replay_seq = s->next_seq;
    return true;
}
