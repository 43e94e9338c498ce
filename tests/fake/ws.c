#include "tests/fake/ws.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "tests/fake/common/http.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define AUTH_US (5 * LWS_US_PER_SEC)

void ws_drop(struct socket *s) {
    lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void on_time(lws_sorted_usec_list_t *timer) {
    ws_drop(lws_container_of(timer, struct socket, timer));
}

/* ---- beginning ---- */

static void make_socket(struct server *sv, struct lws *wsi) {
    struct socket *s = xmalloc(sizeof(*s));
    memset(s, 0, sizeof(*s));
    s->server = sv;
    s->wsi = wsi;
    wire_init(&s->wire, wsi, FRAME_MAX_BYTES);
    http_token(wsi, s->token, sizeof(s->token));
    http_query(wsi, s->query, sizeof(s->query));
    s->next = sv->sockets;
    sv->sockets = s;
    http_peer(&sv->net, wsi)->socket = s;
}

static void begin(struct socket *s, struct session *session) {
    s->session = session;
    lws_sul_cancel(&s->timer);
    lws_callback_on_writable(s->wsi);
    event_status(s->server, session->user, "online");
}

void ws_start(struct socket *s, struct user *u) {
    struct session *session = session_open(&s->server->world, u, s->wsi);
    event_hello(s->server, session);
    begin(s, session);
}

static bool is_number(const char *s) {
    size_t n = strspn(s, "0123456789");
    return n > 0 && n <= 15 && s[n] == '\0';
}

/* Goes on where the client was, as far as it asks for that; false: drop it. */
static bool resume_or_start(struct socket *s, struct user *u) {
    char id[64] = "";
    char number[32] = "";
    http_query_value(s->query, "connection_id", id, sizeof(id));
    http_query_value(s->query, "sequence_number", number, sizeof(number));
    if (id[0] && !world_is_id(id)) {
        return false;
    }
    struct session *session = NULL;
    if (id[0] && session_known(&s->server->world, u, id)) {
        if (!is_number(number)) {
            return false;
        }
        int64_t seq = strtoll(number, NULL, 10);
        session = session_resume(&s->server->world, u, id, seq, s->wsi);
    }
    if (session) {
        begin(s, session);
    } else {
        ws_start(s, u);
    }
    return true;
}

static int on_established(struct server *sv, struct socket *s) {
    sv->n_sockets++;
    sv->n_sockets_ever++;
    struct user *u = s->token[0] ? world_user_by_token(&sv->world, s->token) : NULL;
    if (!u || u->disabled || u->revoked || u->delete_at) {
        lws_sul_schedule(sv->net.lws, 0, &s->timer, on_time, AUTH_US);
        return 0;
    }
    return resume_or_start(s, u) ? 0 : -1;
}

/* ---- going on ---- */

static int on_receive(struct socket *s, const char *in, size_t len) {
    int got = wire_receive(&s->wire, in, len);
    if (got <= 0) {
        return got;
    }
    return ws_handle(s, buf_text(&s->wire.rx), s->wire.rx.len) ? 0 : -1;
}

static bool load_frame(struct socket *s) {
    wire_load(&s->wire);
    if (session_next(s->session, &s->wire.tx, &s->wire.tx_parts)) {
        return true;
    }
    s->wire.tx_parts = 0;
    return false;
}

static int on_writable(struct socket *s) {
    if (s->close_code) {
        lws_close_reason(s->wsi, (enum lws_close_status)s->close_code, NULL, 0);
        return -1;
    }
    if (!s->session) {
        return 0;
    }
    while (!lws_send_pipe_choked(s->wsi)) {
        if (!s->wire.tx_parts && !load_frame(s)) {
            return 0;
        }
        if (wire_write_part(&s->wire)) {
            return -1;
        }
    }
    if (s->wire.tx_parts || session_has_output(s->session)) {
        lws_callback_on_writable(s->wsi);
    }
    return 0;
}

/* ---- ending ---- */

static bool has_socket(const struct user *u) {
    for (const struct session *s = u->sessions; s; s = s->next) {
        if (s->wsi) {
            return true;
        }
    }
    return false;
}

static void free_socket(struct server *sv, struct socket *s) {
    lws_sul_cancel(&s->timer);
    struct user *u = s->session ? s->session->user : NULL;
    if (s->session) {
        session_detach(s->session);
    }
    struct socket **at = &sv->sockets;
    while (*at != s) {
        at = &(*at)->next;
    }
    *at = s->next;
    wire_free(&s->wire);
    free(s);
    if (u && !has_socket(u)) {
        u->active_at = clock_now_ms();
        event_status(sv, u, "offline");
    }
}

int ws_callback(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                size_t len) {
    if (reason == LWS_CALLBACK_HTTP_CONFIRM_UPGRADE) {
        return http_refuse_upgrade(&sv->net, wsi) ? 1 : 0;
    }
    if (reason == LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION) {
        make_socket(sv, wsi);
        return 0;
    }
    struct peer *p = http_peer(&sv->net, wsi);
    struct socket *s = p->socket;
    if (!s) {
        return 0;
    }
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        return on_established(sv, s);
    case LWS_CALLBACK_RECEIVE:
        return on_receive(s, in, len);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return on_writable(s);
    case LWS_CALLBACK_CLOSED:
        sv->n_sockets--;
        p->socket = NULL;
        free_socket(sv, s);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY: /* never got as far as being established */
        p->socket = NULL;
        free_socket(sv, s);
        return 0;
    default:
        return 0;
    }
}
