#include "bot/net/ws.h"

#include <curl/curl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "bot/net/private.h"

#define QUEUE_MAX_BYTES   ((size_t)1024 * 1024) /* waiting to be sent */
#define MESSAGE_MAX_BYTES ((size_t)8 * 1024)    /* what a Mattermost server takes */
#define PATH_MAX_BYTES    ((size_t)2000)
#define GOODBYE_S         1

struct outgoing {
    struct outgoing *next;
    size_t n;
    unsigned char bytes[]; /* LWS_PRE, then the text */
};

struct ws {
    struct loop *loop;
    struct ws_setup setup;
    char *url;
    char *bearer;
    char *host;
    char *path;
    int port;
    bool tls;
    struct http_call *resolving;
    struct loop_timer *start; /* through a proxy, where nothing is resolved here */
    bool *gone;               /* set when it is freed */
    struct lws *wsi;
    bool opened;
    bool leaving; /* its owner is not told anything any more */
    bool too_long;
    struct buf message; /* the one being received */
    struct outgoing *first;
    struct outgoing **last;
    size_t queued;
};

/* A server that stops answering is given up 35 s after its last pong. */
static const lws_retry_bo_t liveness = {.secs_since_valid_ping = 25, .secs_since_valid_hangup = 35};
static const lws_retry_bo_t quick = {.secs_since_valid_ping = 10, .secs_since_valid_hangup = 30};

static void free_ws(struct ws *w) {
    if (w->gone) {
        *w->gone = true;
    }
    loop_timer_destroy(w->start);
    while (w->first) {
        struct outgoing *next = w->first->next;
        free(w->first);
        w->first = next;
    }
    explicit_bzero(w->bearer, strlen(w->bearer));
    free(w->bearer);
    free(w->url);
    curl_free(w->host);
    free(w->path);
    buf_free(&w->message);
    free(w);
}

/* The owner hears of the end, then nothing any more. */
static void end_ws(struct ws *w, int status, int64_t retry_after_ms, const char *reason) {
    struct ws_end end = {.opened = w->opened,
                         .status = status,
                         .retry_after_ms = retry_after_ms,
                         .too_long = w->too_long,
                         .reason = reason};
    if (w->wsi) {
        lws_set_opaque_user_data(w->wsi, NULL);
    }
    if (!w->leaving) {
        w->setup.on_end(w->setup.ctx, &end);
    }
    free_ws(w);
}

/* ---- connecting ---- */

/* What stands behind the host is taken as it is: a ticket may be in it. */
static bool take_path(struct ws *w, const char *behind_scheme) {
    const char *path = behind_scheme + strcspn(behind_scheme, "/?#");
    size_t n = strcspn(path, "#");
    bool bare = *path != '/';
    w->path = xmalloc(n + 2);
    snprintf(w->path, n + 2, "%s%.*s", bare ? "/" : "", (int)n, path);
    return n <= PATH_MAX_BYTES;
}

/* curl knows http only; a websocket's address differs in its scheme alone. */
static bool take_scheme(struct ws *w, const char *url, const char **ret_rest) {
    static const struct {
        const char *scheme;
        const char *http;
    } known[] = {{"http://", "http://"},
                 {"https://", "https://"},
                 {"ws://", "http://"},
                 {"wss://", "https://"}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        size_t n = strlen(known[i].scheme);
        if (strncasecmp(url, known[i].scheme, n) == 0) {
            size_t size = strlen(url) + 4;
            w->url = xmalloc(size);
            snprintf(w->url, size, "%s%s", known[i].http, url + n);
            w->tls = known[i].http[4] == 's';
            *ret_rest = url + n;
            return true;
        }
    }
    return false;
}

static bool take_url(struct ws *w, const char *url) {
    const char *rest;
    CURLU *u = curl_url();
    char *port = NULL;
    bool good = u && take_scheme(w, url, &rest) && take_path(w, rest) &&
                curl_url_set(u, CURLUPART_URL, w->url, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_HOST, &w->host, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    w->port = good ? (int)strtol(port, NULL, 10) : 0;
    curl_free(port);
    curl_url_cleanup(u);
    return good;
}

static void connect_to(struct ws *w, const char *address) {
    struct loop *l = w->loop;
    struct lws_client_connect_info info = {
        .context = l->context,
        .vhost = w->setup.proxied ? l->proxied : l->direct,
        .address = address,
        .port = w->port,
        .path = w->path,
        .host = w->host, /* for verification and the Host header, whatever the address is */
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (w->tls ? LCCSCF_USE_SSL : 0),
        .local_protocol_name = "kizuki-ws",
        .retry_and_idle_policy = w->setup.quick ? &quick : &liveness,
        .opaque_user_data = w,
    };
    l->last_error[0] = '\0';
    bool gone = false; /* it may end within the call */
    /* cppcheck-suppress autoVariables ; taken back below */
    w->gone = &gone;
    struct lws *wsi = lws_client_connect_via_info(&info);
    if (gone) {
        return;
    }
    w->gone = NULL;
    w->wsi = wsi;
    if (!wsi) {
        end_ws(w, 0, -1, l->last_error);
    }
}

static void connect_through_proxy(void *ctx) {
    struct ws *w = ctx;
    connect_to(w, w->host); /* the proxy resolves it */
}

static void on_resolved(void *ctx, const struct http_reply *reply) {
    struct ws *w = ctx;
    w->resolving = NULL;
    if (*reply->error) {
        end_ws(w, 0, -1, reply->error);
    } else {
        connect_to(w, reply->body);
    }
}

struct ws *ws_open(struct loop *l, struct http *h, const struct ws_setup *setup) {
    struct ws *w = xmalloc(sizeof(*w));
    *w = (struct ws){.loop = l, .setup = *setup, .bearer = xstrdup(setup->bearer)};
    w->setup.url = NULL;
    w->setup.bearer = NULL;
    w->last = &w->first;
    buf_init(&w->message, setup->max_bytes + 1);
    bool good = take_url(w, setup->url);
    if (good && setup->proxied) {
        w->start = loop_timer_create(l, connect_through_proxy, w);
        loop_timer_set(w->start, 0);
        return w;
    }
    /* A URL that cannot be taken apart fails there, too, and then on_end says so. */
    w->resolving = http_resolve(h, good ? w->url : "", on_resolved, w);
    return w;
}

void ws_drop(struct ws *w) {
    if (!w) {
        return;
    }
    if (w->resolving) {
        http_forget(w->resolving);
    }
    if (w->wsi) {
        lws_set_opaque_user_data(w->wsi, NULL);
        lws_set_timeout(w->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    }
    free_ws(w);
}

void ws_close(struct ws *w) {
    if (w && w->wsi && w->opened) {
        w->leaving = true;
        lws_callback_on_writable(w->wsi);
    } else {
        ws_drop(w);
    }
}

/* ---- what libwebsockets calls ---- */

static int add_authorization(struct ws *w, unsigned char **p, unsigned char *end) {
    if (!*w->bearer) {
        return 0;
    }
    struct buf b;
    buf_init(&b, 4096);
    buf_addf(&b, "Bearer %s", w->bearer);
    int rc = lws_add_http_header_by_token(w->wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                                          (const unsigned char *)buf_text(&b), (int)b.len, p, end);
    explicit_bzero(b.p, b.len);
    buf_free(&b);
    return rc;
}

static void refused(struct ws *w, struct lws *wsi, const char *in, size_t len) {
    unsigned status = lws_http_client_http_response(wsi);
    char text[64] = "";
    bool told = status != 0 && status != 101 &&
                lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_RETRY_AFTER) > 0;
    long s = told ? strtol(text, NULL, 10) : -1;
    char reason[512];
    snprintf(reason, sizeof(reason), "%.*s %s", (int)(len < 200 ? len : 200), in ? in : "",
             w->loop->last_error);
    end_ws(w, status == 101 ? 0 : (int)status, s < 0 || s > 600 ? -1 : s * 1000, reason);
}

static void hand_on(struct ws *w, struct lws *wsi) {
    if (w->message.overflow) {
        w->setup.on_long(w->setup.ctx);
    } else {
        w->setup.on_text(w->setup.ctx, buf_text(&w->message), w->message.len);
    }
    if (lws_get_opaque_user_data(wsi)) { /* still ours: not dropped meanwhile */
        buf_clear(&w->message);
    }
}

/* -1: the message is over the limit. Never lws_close_reason here: it would spin (4.1.6). */
static int receive(struct ws *w, struct lws *wsi, const char *in, size_t len) {
    w->loop->active = true;
    lws_validity_confirmed(wsi); /* whatever comes is a sign of life */
    if (lws_is_first_fragment(wsi)) {
        buf_clear(&w->message);
    }
    buf_add(&w->message, in, len);
    if (w->message.overflow && !w->setup.on_long) {
        w->too_long = true;
        return -1;
    }
    bool whole = lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0;
    if (whole && !w->leaving) {
        hand_on(w, wsi);
    }
    return 0;
}

/* Between on and off, what is written shares packets; each of them wakes the other side. */
static void cork(struct lws *wsi, int on) {
    (void)setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
}

static int send_queued(struct ws *w, struct lws *wsi) {
    bool many = w->first && w->first->next;
    if (many) {
        cork(wsi, 1);
    }
    while (w->first && !lws_partial_buffered(wsi)) { /* asks nobody, unlike "choked" */
        struct outgoing *o = w->first;
        int n = lws_write(wsi, o->bytes + LWS_PRE, o->n, LWS_WRITE_TEXT);
        if (n < (int)o->n) {
            return -1;
        }
        w->first = o->next;
        w->queued -= o->n;
        free(o);
    }
    if (many) {
        cork(wsi, 0);
    }
    if (w->first) {
        lws_callback_on_writable(wsi);
    } else {
        w->last = &w->first;
    }
    if (!w->first && w->leaving) {
        lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
        lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, GOODBYE_S);
        return -1;
    }
    return 0;
}

void ws_send(struct ws *w, const char *text) {
    size_t n = strlen(text);
    if (!w->wsi || !w->opened || n > MESSAGE_MAX_BYTES || w->queued + n > QUEUE_MAX_BYTES) {
        return; /* the missing reply will be noticed */
    }
    struct outgoing *o = xmalloc(sizeof(*o) + LWS_PRE + n);
    o->next = NULL;
    o->n = n;
    memcpy(o->bytes + LWS_PRE, text, n);
    *w->last = o;
    w->last = &o->next;
    w->queued += n;
    lws_callback_on_writable(w->wsi);
}

int ws_callback(struct lws *wsi, enum lws_callback_reasons reason, UNUSED void *user, void *in,
                size_t len) {
    struct ws *w = lws_get_opaque_user_data(wsi);
    if (!w) { /* dropped */
        return reason == LWS_CALLBACK_CLIENT_RECEIVE || reason == LWS_CALLBACK_CLIENT_WRITEABLE ? -1
                                                                                                : 0;
    }
    w->wsi = wsi;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
        unsigned char **p = in;
        return add_authorization(w, p, *p + len);
    }
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        w->opened = true;
        w->setup.on_open(w->setup.ctx);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return receive(w, wsi, in, len);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return send_queued(w, wsi);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        refused(w, wsi, in, len);
        return 0;
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP: /* instead of CONNECTION_ERROR (4.1.6) */
        end_ws(w, 0, -1, "the upgrade was not answered");
        return 0;
    case LWS_CALLBACK_WSI_DESTROY: /* whatever else may happen: the owner hears of it */
        end_ws(w, 0, -1, "the connection ended");
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        end_ws(w, 0, -1, w->too_long ? "a message was too long" : "the connection was closed");
        return 0;
    default:
        return 0;
    }
}
