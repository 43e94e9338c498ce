#include "bot/mattermost/socket.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/catchup.h"
#include "bot/mattermost/intake.h"
#include "bot/mattermost/outgoing.h"
#include "bot/mattermost/people.h"
#include "bot/mattermost/private.h"
#include "bot/net/ws.h"

#define PING_MS          ((int64_t)30 * 1000)
#define HELLO_MS         ((int64_t)10 * 1000) /* opened, but nothing came */
#define OPEN_MS          ((int64_t)30 * 1000)
#define NOT_OPEN         ((int64_t)-1) /* instead of the number of an awaited ping */
#define BACKOFF_FIRST_MS ((int64_t)1000)
#define BACKOFF_MAX_MS   ((int64_t)60 * 1000)
#define HEALTHY_MS       ((int64_t)60 * 1000) /* then the backoff begins anew */
#define PROBE_MS         ((int64_t)60 * 1000) /* while the token is refused */

struct mm_socket {
    struct mattermost *m;
    struct ws *ws;  /* NULL: not connected */
    bool asking;    /* who are we? is under way */
    bool confirmed; /* this connection delivers: hello or a pong came */
    bool unauthorized;
    int failures; /* in a row */
    int64_t confirmed_ms;
    struct loop_timer *retry;
    struct loop_timer *open;
    struct loop_timer *ping;
    int64_t ping_seq;               /* of our requests */
    int64_t awaited;                /* the ping not answered yet, 0: none */
    char connection[MM_ID_LEN + 1]; /* for a resume, "" for none */
    int64_t expected;               /* the next event's number */
    bool no_resume;                 /* the next connection starts afresh */
};

static void connect_now(struct mm_socket *s);

/* ---- coming back ---- */

static void retry(void *ctx) {
    connect_now(ctx);
}

static void come_back(struct mm_socket *s, int64_t at_least_ms, const char *why) {
    bool healthy = s->confirmed && loop_now_ms() - s->confirmed_ms >= HEALTHY_MS;
    s->failures = healthy ? 0 : s->failures;
    int64_t most = BACKOFF_FIRST_MS << (s->failures < 6 ? s->failures : 6);
    int64_t wait = loop_random(most < BACKOFF_MAX_MS ? most : BACKOFF_MAX_MS);
    wait = wait > at_least_ms ? wait : at_least_ms + loop_random(BACKOFF_FIRST_MS);
    s->failures++;
    s->confirmed = false;
    s->awaited = 0;
    loop_timer_clear(s->ping);
    loop_timer_set(s->retry, wait);
    log_warn("not connected", "workspace", s->m->setup.name, "why", why, "again_in_ms",
             LOG_N(wait));
}

/* Gives up this connection; the server may think otherwise for a while. */
static void drop(struct mm_socket *s, const char *why) {
    ws_drop(s->ws);
    s->ws = NULL;
    come_back(s, 0, why);
}

static void lost(struct mm_socket *s, const char *why) {
    s->no_resume = true;
    drop(s, why);
}

void mm_socket_unauthorized(struct mattermost *m) {
    struct mm_socket *s = m->socket;
    bool fresh = !s->unauthorized;
    if (fresh) {
        s->unauthorized = true;
        log_error("the server refuses the token: revoked, expired, or the bot is disabled; what is "
                  "owed is kept; give the bot a token (System Console > Integrations > Bot "
                  "Accounts) and reload with SIGHUP, or enable it there",
                  "workspace", m->setup.name);
    }
    ws_drop(s->ws);
    s->ws = NULL;
    s->confirmed = false;
    s->awaited = 0;
    loop_timer_clear(s->ping);
    if (fresh || s->asking) { /* other calls do not put the probe off */
        loop_timer_set(s->retry, PROBE_MS + loop_random(PROBE_MS / 4));
    }
}

bool mm_socket_authorized(const struct mattermost *m) {
    return !m->socket->unauthorized && m->me[0];
}

/* ---- a living connection ---- */

static void send_ping(struct mm_socket *s) {
    char text[64];
    s->awaited = ++s->ping_seq;
    snprintf(text, sizeof(text), "{\"seq\":%" PRId64 ",\"action\":\"ping\"}", s->ping_seq);
    ws_send(s->ws, text);
}

static void on_ping_timer(void *ctx) {
    struct mm_socket *s = ctx;
    if (s->awaited) {
        drop(s, s->awaited == NOT_OPEN ? "it did not open"
                : s->confirmed         ? "no reply to a ping"
                                       : "opened, but nothing came");
        return;
    }
    send_ping(s);
    loop_timer_set(s->ping, PING_MS);
}

/* It delivers: whatever may have been missed is looked for. */
static void confirm(struct mm_socket *s, bool resumed) {
    if (s->confirmed) {
        return;
    }
    s->confirmed = true;
    s->confirmed_ms = loop_now_ms();
    s->no_resume = false;
    loop_timer_set(s->ping, PING_MS);
    log_info("connected", "workspace", s->m->setup.name, "how", resumed ? "resumed" : "afresh");
    mm_people_forget(s->m->people);
    mm_catchup_now(s->m->catchup);
}

static void on_reply(struct mm_socket *s, const struct mm_frame *f) {
    if (f->seq_reply != s->awaited || s->awaited == 0) {
        return;
    }
    s->awaited = 0;
    if (!f->ok) {
        /* The server does not know us any more, though it keeps the socket open. */
        lost(s, "the server refuses a ping");
        return;
    }
    if (f->server_ms > 0) {
        s->m->skew_ms = f->server_ms - clock_now_ms();
    }
    confirm(s, true); /* no hello came before this reply: a resume */
}

static void on_hello(struct mm_socket *s, const struct mm_frame *f) {
    bool fresh = strcmp(s->connection, f->connection) != 0;
    log_debug("hello", "workspace", s->m->setup.name, "server", f->version);
    snprintf(s->connection, sizeof(s->connection), "%s", f->connection);
    s->expected = f->seq + 1;
    if (fresh && s->confirmed) {
        mm_catchup_soon(s->m->catchup);
    }
    confirm(s, false);
}

static void dispatch(struct mm_socket *s, const struct mm_frame *f) {
    struct mattermost *m = s->m;
    switch (f->kind) {
    case MM_FRAME_POSTED:
        if (*f->post.key && strcmp(f->post.user, m->me) == 0) {
            (void)mm_outgoing_echo(m->outgoing, f->post.key, f->post.id);
        }
        mm_intake_post(m->intake, &f->post, f->channel_type, true);
        break;
    case MM_FRAME_REACTION:
        mm_intake_reaction(m->intake, &f->reaction, f->added, true);
        break;
    case MM_FRAME_USER:
        mm_people_update(m->people, &f->user);
        break;
    case MM_FRAME_CHANNEL:
        if (!*f->user.id || strcmp(f->user.id, m->me) == 0) {
            mm_catchup_soon(m->catchup);
        }
        break;
    default:
        break;
    }
}

/* False for an event we had already. A gap means that something is missing. */
static bool take_number(struct mm_socket *s, int64_t seq, bool *ret_gap) {
    *ret_gap = seq > s->expected;
    if (seq < s->expected) {
        return false;
    }
    s->expected = seq + 1;
    return true;
}

static void on_text(void *ctx, const char *text, size_t n) {
    struct mm_socket *s = ctx;
    struct arena a = {0};
    struct mm_frame f;
    const char *why;
    bool good = mm_frame_read(&a, text, n, &f, &why);
    bool gap = false;
    if (!good) {
        log_warn("a frame that cannot be read", "workspace", s->m->setup.name, "why", why);
    }
    if (good && f.kind == MM_FRAME_REPLY) {
        on_reply(s, &f);
    } else if (good && f.kind == MM_FRAME_HELLO) {
        on_hello(s, &f);
    } else if (f.seq >= 0 && take_number(s, f.seq, &gap) && good) {
        dispatch(s, &f);
    }
    if (!good) {
        mm_catchup_soon(s->m->catchup); /* it may have been a message */
    }
    if (gap && s->ws) {
        lost(s, "events are missing");
    }
    arena_free(&a);
}

static void on_open(void *ctx) {
    struct mm_socket *s = ctx;
    send_ping(s);
    loop_timer_set(s->ping, HELLO_MS);
}

static void on_end(void *ctx, const struct ws_end *end) {
    struct mm_socket *s = ctx;
    s->ws = NULL;
    /* Refused right after opening, or too long a message: the same again would end the same way. */
    s->no_resume = s->no_resume || end->too_long || !s->confirmed;
    if (end->too_long) {
        log_error("a frame over 1 MiB was dropped; messages are fetched instead", "workspace",
                  s->m->setup.name);
    }
    char why[256];
    if (end->status) {
        snprintf(why, sizeof(why), "the upgrade was refused with HTTP %d", end->status);
    } else {
        snprintf(why, sizeof(why), "%.200s", end->reason);
    }
    if (end->status == 429) {
        mm_api_pause(s->m->api, end->retry_after_ms);
    }
    come_back(s, end->retry_after_ms > 0 ? end->retry_after_ms : 0, why);
}

/* ---- connecting ---- */

static void open_socket(struct mm_socket *s) {
    struct mattermost *m = s->m;
    bool resume = s->connection[0] && !s->no_resume;
    struct arena a = {0};
    const char *url = arena_printf(&a, "%s/api/v4/websocket", m->setup.url);
    if (resume) {
        url = arena_printf(&a, "%s?connection_id=%s&sequence_number=%" PRId64, url, s->connection,
                           s->expected);
    }
    if (!resume) {
        s->connection[0] = '\0';
        s->expected = 0;
    }
    struct ws_setup setup = {.url = url,
                             .bearer = m->token,
                             .proxied = m->setup.proxied,
                             .max_bytes = MM_MESSAGE_MAX_BYTES,
                             .on_open = on_open,
                             .on_text = on_text,
                             .on_end = on_end,
                             .ctx = s};
    s->awaited = NOT_OPEN; /* whatever becomes of it, there is an end to waiting for it */
    loop_timer_set(s->ping, OPEN_MS);
    s->ws = ws_open(m->setup.loop, m->setup.http, &setup);
    arena_free(&a);
}

static void on_open_timer(void *ctx) {
    struct mm_socket *s = ctx;
    int64_t pause_ms = mm_api_pause_ms(s->m->api);
    if (s->ws || s->unauthorized) {
        return;
    }
    if (pause_ms > 0) {
        loop_timer_set(s->open, pause_ms);
    } else {
        open_socket(s);
    }
}

static void take_me(struct mattermost *m, const struct mm_user *user) {
    if (strcmp(m->me, user->id) != 0) {
        log_info("we are", "workspace", m->setup.name, "user", user->username);
    }
    snprintf(m->me, sizeof(m->me), "%s", user->id);
    free(m->username);
    m->username = xstrdup(user->username);
}

static void on_me(void *ctx, const struct mm_reply *reply) {
    struct mm_socket *s = ctx;
    struct arena a = {0};
    struct mm_user user;
    s->asking = false;
    if (reply->outcome == MM_OK && mm_user_read(&a, reply->json, &user)) {
        take_me(s->m, &user);
        if (s->unauthorized) {
            log_warn("the server takes the token again", "workspace", s->m->setup.name);
        }
        s->unauthorized = false;
        loop_timer_set(s->open, mm_api_pause_ms(s->m->api)); /* the upgrade counts, too */
        mm_outgoing_wake(s->m->outgoing);
    } else if (reply->outcome != MM_UNAUTHORIZED) { /* of that mm_socket_unauthorized was told */
        come_back(s, 0, *reply->error ? reply->error : "the server does not say who we are");
    }
    arena_free(&a);
}

static void on_limits(void *ctx, const struct mm_reply *reply) {
    struct mattermost *m = ctx;
    const char *size = json_string(reply->json, "MaxPostSize");
    long n = size ? strtol(size, NULL, 10) : 0;
    if (n > 0) {
        m->post_chars = (size_t)n;
    }
}

static void connect_now(struct mm_socket *s) {
    if (s->asking || s->ws) {
        return;
    }
    s->asking = true;
    mm_call_json(s->m, "GET", "/config/client?format=old", NULL, on_limits, s->m);
    mm_call_json(s->m, "GET", "/users/me", NULL, on_me, s);
}

struct mm_socket *mm_socket_create(struct mattermost *m) {
    struct mm_socket *s = xmalloc(sizeof(*s));
    *s = (struct mm_socket){.m = m};
    s->retry = loop_timer_create(m->setup.loop, retry, s);
    s->open = loop_timer_create(m->setup.loop, on_open_timer, s);
    s->ping = loop_timer_create(m->setup.loop, on_ping_timer, s);
    return s;
}

void mm_socket_destroy(struct mm_socket *s) {
    if (s) {
        ws_drop(s->ws);
        loop_timer_destroy(s->retry);
        loop_timer_destroy(s->open);
        loop_timer_destroy(s->ping);
        free(s);
    }
}

void mm_socket_start(struct mm_socket *s) {
    s->failures = 0;
    loop_timer_clear(s->retry);
    connect_now(s);
}
