#include "tests/fake/common/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/attr.h"
#include "base/xalloc.h"

#define ENDLESS_BYTES ((size_t)64 * 1024 * 1024)
#define CHUNK_BYTES   ((size_t)32 * 1024)
#define CUT_BYTES     100 /* announced and never sent */

struct request {
    struct request *next;
    struct net *net;
    struct peer *peer; /* NULL: the client is gone */
    struct call call;
    struct fault fault; /* its body belongs to the plan and is read at once only */
    lws_sorted_usec_list_t timer;
    bool timed; /* the effect is still to come */
    bool too_large;
    size_t sent; /* of a body without end */
};

static const struct {
    int status;
    const char *text;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {302, "Found"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {413, "Request Entity Too Large"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
};

static const char *reason_of(int status) {
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (reasons[i].status == status) {
            return reasons[i].text;
        }
    }
    return "Unknown";
}

/* ---- peers and requests ---- */

struct peer *http_peer(struct net *net, struct lws *wsi) {
    struct peer *p = lws_get_opaque_user_data(wsi);
    if (!p) {
        p = xmalloc(sizeof(*p));
        *p = (struct peer){.wsi = wsi, .next = net->peers};
        net->peers = p;
        lws_set_opaque_user_data(wsi, p);
    }
    return p;
}

static void free_request(struct request *r) {
    lws_sul_cancel(&r->timer);
    if (r->peer) {
        r->peer->request = NULL;
    }
    struct request **at = &r->net->requests;
    while (*at != r) {
        at = &(*at)->next;
    }
    *at = r->next;
    struct call *c = &r->call;
    r->net->ops->free(c);
    cJSON_Delete(c->json);
    buf_free(&c->body);
    buf_free(&c->headers);
    buf_free(&c->out);
    free(r);
}

static struct request *new_request(struct net *net, struct lws *wsi) {
    struct peer *p = http_peer(net, wsi);
    if (p->request) {
        free_request(p->request);
    }
    struct request *r = xmalloc(sizeof(*r));
    memset(r, 0, sizeof(*r));
    r->net = net;
    r->peer = p;
    r->next = net->requests;
    net->requests = r;
    p->request = r;
    r->call.server = net->server;
    buf_init(&r->call.body, BODY_MAX_BYTES);
    buf_init(&r->call.headers, HEAD_MAX_BYTES);
    buf_init(&r->call.out, OUT_MAX_BYTES);
    net->ops->init(&r->call);
    return r;
}

static void free_peer(struct net *net, struct lws *wsi) {
    struct peer *p = lws_get_opaque_user_data(wsi);
    if (!p) {
        return;
    }
    lws_set_opaque_user_data(wsi, NULL);
    if (p->request && p->request->timed) {
        p->request->peer = NULL; /* the effect comes, whether anybody waits for it or not */
    } else if (p->request) {
        free_request(p->request);
    }
    struct peer **at = &net->peers;
    while (*at != p) {
        at = &(*at)->next;
    }
    *at = p->next;
    free(p);
}

void http_drop_all(struct net *net, const struct lws *but) {
    for (struct request *r = net->requests, *next; r; r = next) {
        next = r->next;
        if (!r->peer || r->peer->wsi != but) {
            free_request(r);
        }
    }
    for (struct peer *p = net->peers; p; p = p->next) {
        if (p->wsi != but) {
            lws_set_timeout(p->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        }
    }
}

/* ---- writing ---- */

/* Small and large answers alike: lws keeps what the socket does not take at once. */
static int write_all(struct lws *wsi, const struct buf *b) {
    return lws_write(wsi, (unsigned char *)b->p, b->len, LWS_WRITE_HTTP_HEADERS) < 0 ? -1 : 0;
}

static void add_head(struct buf *b, const struct request *r, size_t body_len) {
    const struct call *c = &r->call;
    buf_addf(b, "HTTP/1.1 %d %s\r\n", c->status, reason_of(c->status));
    if (c->content_type) {
        buf_addf(b, "Content-Type: %s\r\n", c->content_type);
    }
    r->net->ops->add_head(c, b);
    buf_add(b, buf_text(&c->headers), c->headers.len);
    if (r->fault.kind == FAULT_ENDLESS) {
        buf_adds(b, "Connection: close\r\n\r\n");
    } else {
        buf_addf(b, "Content-Length: %zu\r\n\r\n", body_len);
    }
}

/* The answer as it stands; the result goes back to lws. */
static int send_answer(struct request *r) {
    struct lws *wsi = r->peer->wsi;
    enum fault_kind kind = r->fault.kind;
    if (kind == FAULT_DROP_BEFORE || kind == FAULT_DROP_AFTER) {
        free_request(r);
        return -1;
    }
    struct buf b;
    buf_init(&b, OUT_MAX_BYTES + HEAD_MAX_BYTES);
    size_t len = kind == FAULT_EMPTY ? 0 : r->call.out.len;
    add_head(&b, r, len + (kind == FAULT_CUT ? CUT_BYTES : 0));
    buf_add(&b, buf_text(&r->call.out), len);
    int bad = write_all(wsi, &b);
    buf_free(&b);
    if (kind == FAULT_ENDLESS && !bad) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    free_request(r);
    if (bad || kind == FAULT_CUT) {
        return -1;
    }
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int send_more(struct request *r) {
    static const char blank[CHUNK_BYTES] = {0};
    struct buf b;
    buf_init(&b, CHUNK_BYTES + 1);
    buf_add(&b, blank, CHUNK_BYTES);
    memset(b.p, ' ', CHUNK_BYTES);
    int bad = write_all(r->peer->wsi, &b);
    buf_free(&b);
    r->sent += CHUNK_BYTES;
    if (bad || r->sent >= ENDLESS_BYTES) {
        free_request(r);
        return -1;
    }
    lws_callback_on_writable(r->peer->wsi);
    return 0;
}

static int on_writable(struct net *net, struct lws *wsi) {
    struct request *r = http_peer(net, wsi)->request;
    if (!r || r->timed) {
        return 0;
    }
    if (r->fault.kind == FAULT_ENDLESS) {
        return send_more(r);
    }
    if (r->fault.kind == FAULT_SLOW || r->fault.kind == FAULT_SLOW_AFTER) {
        return send_answer(r);
    }
    return 0;
}

/* ---- what is to happen ---- */

static void on_time(lws_sorted_usec_list_t *timer) {
    struct request *r = lws_container_of(timer, struct request, timer);
    r->timed = false;
    if (r->fault.kind == FAULT_SLOW) {
        r->net->ops->handle(&r->call);
    }
    if (r->peer) {
        lws_rx_flow_control(r->peer->wsi, 1);
        lws_callback_on_writable(r->peer->wsi);
    } else {
        free_request(r);
    }
}

static int wait_for_time(struct request *r) {
    r->timed = true;
    struct lws *wsi = r->peer->wsi;
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
    lws_rx_flow_control(wsi, 0); /* or lws spins on a client that hangs up */
    lws_sul_schedule(r->net->lws, 0, &r->timer, on_time, r->fault.ms * LWS_US_PER_MS + 1);
    return 0;
}

static void put_instead(struct request *r) {
    struct call *c = &r->call;
    const struct fault *f = &r->fault;
    c->status = f->status;
    c->content_type = f->content_type;
    buf_adds(&c->out, f->body ? f->body : "");
    if (f->retry_after) {
        buf_addf(&c->headers, "Retry-After: %d\r\n", f->retry_after);
    }
}

static void put_html(struct request *r) {
    r->call.status = 502;
    r->call.content_type = "text/html";
    buf_adds(&r->call.out,
             "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 "
             "Bad Gateway</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n");
}

static int run_with_fault(struct request *r) {
    const struct http_ops *ops = r->net->ops;
    switch (r->fault.kind) {
    case FAULT_STATUS:
        put_instead(r);
        break;
    case FAULT_HTML:
        put_html(r);
        break;
    case FAULT_ENDLESS:
        r->call.status = 200;
        r->call.content_type = "application/json";
        buf_adds(&r->call.out, "{\"endless\":\"");
        break;
    case FAULT_DROP_BEFORE:
        break;
    case FAULT_SLOW:
        ops->reserve(&r->call);
        return wait_for_time(r);
    case FAULT_SLOW_AFTER:
        ops->handle(&r->call);
        return wait_for_time(r);
    default:
        ops->handle(&r->call);
        break;
    }
    return send_answer(r);
}

static int run(struct request *r) {
    struct net *net = r->net;
    struct call *c = &r->call;
    if (strncmp(c->path, "/control", 8) == 0) {
        net->ops->control(c, r->peer->wsi);
        return send_answer(r);
    }
    if (net->ops->limit(c)) {
        return send_answer(r);
    }
    if (r->too_large) {
        net->ops->refuse_size(c);
        return send_answer(r);
    }
    const struct fault *f = fault_hit(&net->faults, c->method, c->path);
    if (f) {
        r->fault = *f;
    } else if (net->ops->may_be_lost(c) && fault_lose(&net->faults)) {
        r->fault.kind = FAULT_DROP_AFTER;
    }
    return run_with_fault(r);
}

/* ---- reading ---- */

void http_token(struct lws *wsi, char *out, size_t size) {
    char value[256] = "";
    const char *token = value;
    if (lws_hdr_copy(wsi, value, sizeof(value), WSI_TOKEN_HTTP_AUTHORIZATION) > 0) {
        if (strncasecmp(value, "Bearer ", 7) == 0) {
            token = value + 7;
        } else if (strncasecmp(value, "Token ", 6) == 0) {
            token = value + 6;
        }
    }
    lws_strncpy(out, token, size);
}

void http_query(struct lws *wsi, char *out, size_t size) {
    out[0] = '\0';
    size_t len = 0;
    char part[2048];
    for (int i = 0; lws_hdr_copy_fragment(wsi, part, sizeof(part), WSI_TOKEN_HTTP_URI_ARGS, i) > 0;
         i++) {
        size_t n = strlen(part);
        if (len + n + 2 > size) {
            return;
        }
        if (len) {
            out[len++] = '&';
        }
        memcpy(out + len, part, n + 1);
        len += n;
    }
}

bool http_query_value(const char *query, const char *name, char *out, size_t size) {
    size_t n = strlen(name);
    for (const char *p = query; *p;) {
        size_t len = strcspn(p, "&");
        if (len > n && strncmp(p, name, n) == 0 && p[n] == '=') {
            snprintf(out, size, "%.*s", (int)(len - n - 1), p + n + 1);
            return true;
        }
        p += len + (p[len] == '&');
    }
    return false;
}

void http_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size) {
    if (lws_hdr_copy(wsi, out, (int)size, token) < 0) {
        out[0] = '\0';
    }
}

static const char *method_of(struct lws *wsi) {
    static const struct {
        enum lws_token_indexes token;
        const char *name;
    } methods[] = {
        {WSI_TOKEN_GET_URI, "GET"},         {WSI_TOKEN_POST_URI, "POST"},
        {WSI_TOKEN_PUT_URI, "PUT"},         {WSI_TOKEN_DELETE_URI, "DELETE"},
        {WSI_TOKEN_PATCH_URI, "PATCH"},     {WSI_TOKEN_HEAD_URI, "HEAD"},
        {WSI_TOKEN_OPTIONS_URI, "OPTIONS"},
    };
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (lws_hdr_total_length(wsi, methods[i].token) > 0) {
            return methods[i].name;
        }
    }
    return "?";
}

static int on_request(struct net *net, struct lws *wsi, const char *uri) {
    struct request *r = new_request(net, wsi);
    struct call *c = &r->call;
    lws_strncpy(c->method, method_of(wsi), sizeof(c->method));
    lws_strncpy(c->path, uri, sizeof(c->path));
    http_token(wsi, c->token, sizeof(c->token));
    http_query(wsi, c->query, sizeof(c->query));
    http_header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, c->type, sizeof(c->type));
    http_header(wsi, WSI_TOKEN_HOST, c->host, sizeof(c->host));
    char text[24] = "";
    bool announced = lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
    long long len = strtoll(text, NULL, 10);
    r->too_large = len >= (long long)BODY_MAX_BYTES;
    /* lws reports the end of a body even where it is empty, but for POST only. */
    bool more = announced && (len > 0 || strcmp(c->method, "POST") == 0);
    return more ? 0 : run(r);
}

static int on_body(struct net *net, struct lws *wsi, const char *in, size_t len) {
    struct request *r = http_peer(net, wsi)->request;
    if (r && !r->too_large && len > 0) {
        buf_add(&r->call.body, in, len);
    }
    return 0;
}

int http_callback(struct net *net, struct lws *wsi, enum lws_callback_reasons reason, void *in,
                  size_t len) {
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        net->n_connections_ever++;
        return lws_now_usecs() < net->down_until_us;
    case LWS_CALLBACK_HTTP:
        return on_request(net, wsi, in);
    case LWS_CALLBACK_HTTP_BODY:
        return on_body(net, wsi, in, len);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: {
        struct request *r = http_peer(net, wsi)->request;
        return r ? run(r) : 0;
    }
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writable(net, wsi);
    case LWS_CALLBACK_WSI_DESTROY:
        free_peer(net, wsi);
        return 0;
    default:
        return 0;
    }
}

/* The status an upgrade is refused with, or 0. */
static int upgrade_status(struct net *net, struct lws *wsi, struct buf *headers) {
    struct refusal *f = &net->faults.refusal;
    char *uri = NULL;
    int uri_len = 0;
    if (f->times != 0) {
        f->times -= f->times > 0;
        return f->status;
    }
    bool read = lws_http_get_uri_and_method(wsi, &uri, &uri_len) >= 0 && uri;
    return net->ops->upgrade(net->server, wsi, read ? uri : "", headers);
}

bool http_refuse_upgrade(struct net *net, struct lws *wsi) {
    const struct refusal *f = &net->faults.refusal;
    struct buf limits;
    struct buf b;
    buf_init(&limits, HEAD_MAX_BYTES);
    buf_init(&b, HEAD_MAX_BYTES);
    int status = upgrade_status(net, wsi, &limits);
    if (status) {
        const char *body = status == 429 ? "limit exceeded\n" : "";
        buf_addf(&b, "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\n", status,
                 reason_of(status));
        if (limits.len) {
            buf_add(&b, limits.p, limits.len);
        } else if (status == 429) {
            buf_addf(&b, "Retry-After: %d\r\n", f->retry_after);
        }
        if (status == 302) {
            buf_addf(&b, "Location: %s\r\n", f->location);
        }
        buf_addf(&b, "Content-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
        write_all(wsi, &b);
    }
    buf_free(&limits);
    buf_free(&b);
    return status != 0;
}
