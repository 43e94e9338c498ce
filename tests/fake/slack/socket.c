#include "tests/fake/slack/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "tests/fake/slack/server.h"

#define FROM_APP_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define TICKET_MS          30000
#define GOODBYE_MS         50

struct ticket {
    int64_t made_ms;
    bool used;
};

void socket_init(struct sockets *s) {
    s->ping_ms = 5000;
    s->warning_ms = 10000;
    s->life_said_s = 18060;
    s->max = 10;
    s->fragments = 1;
}

void socket_make_url(struct server *sv, const char *host, char *out, size_t size) {
    char uuid[UUID_MAX];
    char digest[65];
    world_make_uuid(&sv->world, uuid);
    world_make_hex(&sv->world, 64, digest);
    struct ticket *t = arena_alloc(&sv->world.arena, sizeof(*t));
    t->made_ms = clock_now_ms();
    map_put(&sv->sockets.tickets, arena_strdup(&sv->world.arena, uuid), t);
    sv->sockets.n_tickets++;
    snprintf(out, size, "%s://%s/link/?ticket=%s&app_id=%s", sv->net.tls ? "wss" : "ws", host, uuid,
             digest);
}

int socket_upgrade(struct server *sv, struct lws *wsi, const char *path, struct buf *headers) {
    (void)headers;
    char query[512];
    char uuid[64] = "";
    http_query(wsi, query, sizeof(query));
    http_query_value(query, "ticket", uuid, sizeof(uuid));
    struct ticket *t = map_get(&sv->sockets.tickets, uuid);
    if (strcmp(path, "/link/") != 0) {
        return 404;
    }
    bool good = t && !t->used && clock_now_ms() - t->made_ms <= TICKET_MS;
    if (!good) {
        sv->sockets.n_refused++;
        return 401;
    }
    t->used = true;
    return 0;
}

int socket_count(const struct server *sv) {
    int n = 0;
    for (const struct socket *s = sv->sockets.list; s; s = s->next) {
        n++;
    }
    return n;
}

struct socket *socket_pick(struct server *sv) {
    struct sockets *all = &sv->sockets;
    unsigned n = 0;
    for (const struct socket *s = all->list; s; s = s->next) {
        n += s->up && !s->leaving;
    }
    unsigned turn = n ? all->next++ % n : 0;
    for (struct socket *s = all->list; s; s = s->next) {
        if (s->up && !s->leaving && turn-- == 0) {
            return s;
        }
    }
    return NULL;
}

void socket_push(struct socket *s, struct frame *f) {
    if (s->wsi && !s->deaf) {
        frame_queue_push(&s->queue, f);
        lws_callback_on_writable(s->wsi);
    }
}

void socket_push_envelope(struct socket *s, struct frame *f) {
    if (!s->mute) {
        socket_push(s, f);
    }
}

static void say(struct socket *s, const char *text) {
    struct frame *f = frame_new(text, strlen(text), false);
    socket_push(s, f);
    frame_unref(f);
}

/* ---- how a connection goes on ---- */

static void say_hello(struct socket *s) {
    struct server *sv = s->server;
    char text[512];
    snprintf(text, sizeof(text),
             "{\"type\":\"hello\",\"num_connections\":%d,\"debug_info\":{\"host\":\"applink-%u\""
             ",\"build_number\":24,\"approximate_connection_time\":%lld},\"connection_info\":{"
             "\"app_id\":\"" APP_ID "\"}}",
             socket_count(sv), s->number, (long long)sv->sockets.life_said_s);
    say(s, text);
    s->up = true;
    sv->sockets.n_hellos++;
}

static void on_turn(lws_sorted_usec_list_t *timer);

static void turn_in(struct socket *s, int64_t ms) {
    lws_sul_schedule(s->server->net.lws, 0, &s->turn, on_turn, ms * LWS_US_PER_MS + 1);
}

static void begin_end(struct socket *s, int code, int64_t ms) {
    s->close_code = code;
    s->phase = SOCKET_ENDING;
    turn_in(s, ms);
}

void socket_say_goodbye(struct socket *s, const char *reason) {
    char text[256];
    if (strcmp(reason, "too_many_websockets") == 0) {
        snprintf(
            text, sizeof(text),
            "{\"type\":\"disconnect\",\"reason\":\"%s\",\"num_connections\":%d,"
            "\"debug_info\":{\"host\":\"applink-%u\"},\"connection_info\":{\"app_id\":\"" APP_ID
            "\"}}",
            reason, socket_count(s->server), s->number);
    } else {
        snprintf(text, sizeof(text),
                 "{\"type\":\"disconnect\",\"reason\":\"%s\",\"debug_info\":{\"host\":"
                 "\"applink-%u\"}}",
                 reason, s->number);
    }
    say(s, text);
    if (strcmp(reason, "warning") == 0) {
        begin_end(s, LWS_CLOSE_STATUS_NORMAL, s->server->sockets.warning_ms);
    } else {
        s->leaving = true;
        begin_end(s, LWS_CLOSE_STATUS_NORMAL, GOODBYE_MS);
    }
}

static void after_hello(struct socket *s) {
    const struct sockets *all = &s->server->sockets;
    if (all->life_ms) {
        s->phase = SOCKET_LIVING;
        turn_in(s, all->life_ms > all->warning_ms ? all->life_ms - all->warning_ms : 0);
    }
}

static void on_turn(lws_sorted_usec_list_t *timer) {
    struct socket *s = lws_container_of(timer, struct socket, turn);
    switch (s->phase) {
    case SOCKET_NEW:
        say_hello(s);
        after_hello(s);
        break;
    case SOCKET_LIVING:
        socket_say_goodbye(s, s->server->sockets.warning_ms ? "warning" : "refresh_requested");
        break;
    case SOCKET_ENDING:
        s->leaving = true;
        s->ends = true;
        if (s->wsi) {
            lws_callback_on_writable(s->wsi);
        }
        break;
    }
}

static void on_ping(lws_sorted_usec_list_t *timer);

static void arm_ping(struct socket *s) {
    int64_t ms = s->server->sockets.ping_ms;
    lws_sul_cancel(&s->ping);
    if (s->wsi && !s->deaf && ms) {
        lws_sul_schedule(s->server->net.lws, 0, &s->ping, on_ping, ms * LWS_US_PER_MS);
    }
}

static void on_ping(lws_sorted_usec_list_t *timer) {
    struct socket *s = lws_container_of(timer, struct socket, ping);
    s->ping_due = !s->deaf;
    lws_callback_on_writable(s->wsi);
    arm_ping(s);
}

static struct socket *new_socket(struct server *sv, struct lws *wsi) {
    struct socket *s = xmalloc(sizeof(*s));
    memset(s, 0, sizeof(*s));
    s->server = sv;
    s->wsi = wsi;
    s->number = ++sv->sockets.n_ever;
    wire_init(&s->wire, wsi, FROM_APP_MAX_BYTES);
    struct socket **end = &sv->sockets.list;
    while (*end) {
        end = &(*end)->next;
    }
    *end = s;
    return s;
}

static void free_socket(struct socket *s) {
    struct socket **at = &s->server->sockets.list;
    while (*at != s) {
        at = &(*at)->next;
    }
    *at = s->next;
    lws_sul_cancel(&s->ping);
    lws_sul_cancel(&s->turn);
    frame_queue_free(&s->queue);
    wire_free(&s->wire);
    free(s);
}

static void on_established(struct server *sv, struct socket *s) {
    struct sockets *all = &sv->sockets;
    arm_ping(s);
    if (all->link_disabled) {
        socket_say_goodbye(s, "link_disabled");
    } else if (socket_count(sv) > all->max) {
        socket_say_goodbye(s, "too_many_websockets");
    } else if (all->hello_ms || all->no_hello) {
        turn_in(s, all->no_hello ? LWS_US_PER_SEC * 3600 : all->hello_ms);
    } else {
        say_hello(s);
        after_hello(s);
    }
}

/* ---- reading and writing ---- */

static int on_receive(struct socket *s, const char *in, size_t len) {
    int got = wire_receive(&s->wire, in, len);
    if (got > 0 && !s->deaf) {
        delivery_on_frame(s->server, s, buf_text(&s->wire.rx), s->wire.rx.len);
    }
    return got < 0 ? -1 : 0;
}

static bool load_frame(struct socket *s) {
    struct frame *f = frame_queue_pop(&s->queue);
    if (!f) {
        return false;
    }
    wire_load(&s->wire);
    buf_add(&s->wire.tx, f->text, f->len);
    s->wire.tx_parts = f->fragments;
    s->wire.tx_binary = f->is_binary;
    frame_unref(f);
    return true;
}

static int write_ping(struct socket *s) {
    unsigned char text[LWS_PRE + 64];
    char *p = (char *)text + LWS_PRE;
    int n = snprintf(p, 64, "Ping from applink-%u", s->number);
    s->ping_due = false;
    s->server->sockets.n_pings++;
    return lws_write(s->wsi, text + LWS_PRE, (size_t)n, LWS_WRITE_PING) < 0 ? -1 : 0;
}

static int on_writable(struct socket *s) {
    if (s->deaf) {
        return 0;
    }
    while (!lws_send_pipe_choked(s->wsi)) {
        if (s->ping_due && !s->wire.tx_parts) {
            if (write_ping(s)) {
                return -1;
            }
            continue;
        }
        if (!s->wire.tx_parts && !load_frame(s)) {
            break;
        }
        if (wire_write_part(&s->wire)) {
            return -1;
        }
    }
    if (s->wire.tx_parts || s->queue.n || s->ping_due) {
        lws_callback_on_writable(s->wsi);
        return 0;
    }
    if (s->ends) {
        lws_close_reason(s->wsi, (enum lws_close_status)s->close_code, NULL, 0);
        return -1;
    }
    return 0;
}

int socket_callback(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                    size_t len) {
    if (reason == LWS_CALLBACK_HTTP_CONFIRM_UPGRADE) {
        return http_refuse_upgrade(&sv->net, wsi) ? 1 : 0;
    }
    struct peer *p = http_peer(&sv->net, wsi);
    if (reason == LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION) {
        p->socket = new_socket(sv, wsi);
        return 0;
    }
    struct socket *s = p->socket;
    if (!s) {
        return 0;
    }
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        on_established(sv, s);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return on_receive(s, in, len);
    case LWS_CALLBACK_RECEIVE_PONG:
        sv->sockets.n_pongs++;
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return on_writable(s);
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_WSI_DESTROY:
        p->socket = NULL;
        free_socket(s);
        return 0;
    default:
        return 0;
    }
}

/* ---- what tests do to them ---- */

void socket_set_ping(struct server *sv, int64_t ms) {
    sv->sockets.ping_ms = ms;
    for (struct socket *s = sv->sockets.list; s; s = s->next) {
        arm_ping(s);
    }
}

void socket_drop(struct socket *s) {
    if (s->wsi) {
        lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    }
}

void socket_make_deaf(struct socket *s) {
    if (s->wsi) {
        s->deaf = true;
        frame_queue_free(&s->queue);
        lws_rx_flow_control(s->wsi, 0); /* not even pongs */
    }
}

void socket_add_ghost(struct server *sv) {
    new_socket(sv, NULL)->up = true;
}

void socket_forget_ghosts(struct server *sv) {
    for (struct socket *s = sv->sockets.list, *next; s; s = next) {
        next = s->next;
        if (!s->wsi) {
            free_socket(s);
        }
    }
}

void socket_free(struct server *sv) {
    socket_forget_ghosts(sv);
    map_clear(&sv->sockets.tickets);
}
