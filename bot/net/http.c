#include "bot/net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "bot/net/private.h"

#define CONNECTIONS_PER_HOST 4L
#define CONNECT_TIMEOUT_MS   8000L
#define IDLE_HANDLES_MAX     8
#define UPLOAD_BUFFER        16384L /* instead of 64 KiB a request */
#define EVENTS_MAX           32
#define PAUSE_MAX_S          600 /* longer ones are not believed */

struct http_call {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    char *header; /* wanted of the reply, or NULL */
    struct buf reply;
    bool too_long;
    bool resolve_only;
    bool once; /* not to be sent again by itself */
    bool went_out;
    char error[CURL_ERROR_SIZE];
    http_done done; /* NULL: forgotten */
    void *ctx;
    struct http_call *next;
    struct http_call *prev;
};

struct http {
    struct loop *loop;
    CURLM *multi;
    int epoll;
    struct loop_timer *timer;
    struct http_call *calls;
    CURL *idle[IDLE_HANDLES_MAX];
    size_t n_idle;
};

/* ---- curl's wishes: descriptors and a timer ---- */

static int on_socket(UNUSED CURL *easy, curl_socket_t fd, int what, void *ctx, void *known) {
    struct http *h = ctx;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    struct epoll_event ev = {.data.fd = fd};
    ev.events |= (what & CURL_POLL_IN) ? (uint32_t)EPOLLIN : 0;
    ev.events |= (what & CURL_POLL_OUT) ? (uint32_t)EPOLLOUT : 0;
    int op = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(h->epoll, op, fd, &ev) != 0) {
        (void)epoll_ctl(h->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev);
    }
    curl_multi_assign(h->multi, fd, h);
    return 0;
}

static int on_timer(UNUSED CURLM *multi, long ms, void *ctx) {
    struct http *h = ctx;
    if (ms < 0) {
        loop_timer_clear(h->timer);
    } else {
        loop_timer_set(h->timer, ms);
    }
    return 0;
}

/* ---- one call ---- */

static size_t on_body(char *data, size_t size, size_t n, void *ctx) {
    struct http_call *c = ctx;
    size_t room = c->reply.max - 1 - c->reply.len;
    if (size * n > room) {
        buf_add(&c->reply, data, room);
        c->too_long = true;
        return 0;
    }
    buf_add(&c->reply, data, size * n);
    return size * n;
}

static void end_call(struct http_call *c) {
    struct http *h = c->http;
    curl_multi_remove_handle(h->multi, c->easy);
    if (h->n_idle < IDLE_HANDLES_MAX && !c->resolve_only) {
        curl_easy_reset(c->easy);
        h->idle[h->n_idle++] = c->easy;
    } else {
        curl_easy_cleanup(c->easy);
    }
    curl_slist_free_all(c->headers);
    free(c->body);
    free(c->header);
    buf_free(&c->reply);
    if (c->prev) {
        c->prev->next = c->next;
    } else {
        h->calls = c->next;
    }
    if (c->next) {
        c->next->prev = c->prev;
    }
    free(c);
}

/* Until the next one is asked for; "" where there is none. */
static const char *header_text(CURL *easy, const char *name) {
    struct curl_header *header;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value
                                                                                   : "";
}

/* The header's whole number, -1 where there is none. */
static int64_t header_number(CURL *easy, const char *name) {
    const char *text = header_text(easy, name);
    char *end;
    long n = strtol(text, &end, 10);
    return end == text || n < 0 ? -1 : n;
}

static int64_t header_seconds_ms(CURL *easy, const char *name) {
    int64_t s = header_number(easy, name);
    return (s < PAUSE_MAX_S ? s : PAUSE_MAX_S) * (s < 0 ? 1 : 1000);
}

/*
 * Where a kept-alive connection ends before the reply, curl sends the request again without a word;
 * what must not happen twice is then broken off instead.
 */
static int on_request(void *ctx, UNUSED char *to, UNUSED char *from, UNUSED int to_port,
                      UNUSED int from_port) {
    struct http_call *c = ctx;
    bool again = c->went_out;
    c->went_out = true;
    return again && c->once ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static bool is_unsent(CURLcode rc) {
    switch (rc) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return true;
    default:
        return false;
    }
}

static void report(struct http_call *c, CURLcode rc) {
    struct http_reply r = {.error = "", .body = buf_text(&c->reply), .len = c->reply.len};
    long status = 0;
    char *ip = NULL;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    r.too_long = c->too_long;
    if (rc != CURLE_OK && !c->too_long) {
        r.error = *c->error ? c->error : curl_easy_strerror(rc);
        r.unsent = !c->went_out && is_unsent(rc);
        status = 0; /* a reply that broke off is none */
    }
    r.status = (int)status;
    r.retry_after_ms = header_seconds_ms(c->easy, "Retry-After");
    r.limit_reset_ms = header_seconds_ms(c->easy, "X-Ratelimit-Reset");
    r.limit_remaining = header_number(c->easy, "X-Ratelimit-Remaining");
    r.header = c->header ? header_text(c->easy, c->header) : "";
    if (c->resolve_only && rc == CURLE_OK) {
        curl_easy_getinfo(c->easy, CURLINFO_PRIMARY_IP, &ip);
        r.body = ip ? ip : "";
        r.len = strlen(r.body);
    }
    if (c->done) {
        c->done(c->ctx, &r);
    }
}

static void reap(struct http *h) {
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(h->multi, &left))) {
        if (m->msg != CURLMSG_DONE) {
            continue;
        }
        CURLcode rc = m->data.result;
        struct http_call *c = NULL;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
        report(c, rc);
        end_call(c);
    }
}

static void on_timeout(void *ctx) {
    struct http *h = ctx;
    int running;
    curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    reap(h);
}

static void on_ready(void *ctx) {
    struct http *h = ctx;
    struct epoll_event ev[EVENTS_MAX];
    int n = epoll_wait(h->epoll, ev, EVENTS_MAX, 0);
    for (int i = 0; i < n; i++) {
        int mask = 0;
        mask |= (ev[i].events & (EPOLLIN | EPOLLHUP)) ? CURL_CSELECT_IN : 0;
        mask |= (ev[i].events & EPOLLOUT) ? CURL_CSELECT_OUT : 0;
        mask |= (ev[i].events & EPOLLERR) ? CURL_CSELECT_ERR : 0;
        int running;
        curl_multi_socket_action(h->multi, ev[i].data.fd, mask, &running);
    }
    reap(h);
}

struct http *http_create(struct loop *l) {
    struct http *h = xmalloc(sizeof(*h));
    *h = (struct http){.loop = l, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    h->multi = curl_multi_init();
    h->timer = loop_timer_create(l, on_timeout, h);
    if (!h->multi || h->epoll < 0 || !loop_watch(l, h->epoll, on_ready, h)) {
        xalloc_die();
    }
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    /* Else a burst opens one TLS connection a waiting request. */
    curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, CONNECTIONS_PER_HOST);
    return h;
}

void http_destroy(struct http *h) {
    if (!h) {
        return;
    }
    for (struct http_call *c = h->calls; c;) {
        struct http_call *next = c->next;
        end_call(c);
        c = next;
    }
    for (size_t i = 0; i < h->n_idle; i++) {
        curl_easy_cleanup(h->idle[i]);
    }
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, NULL);
    curl_multi_cleanup(h->multi);
    loop_timer_destroy(h->timer);
    curl_global_cleanup();
    free(h);
}

static struct http_call *new_call(struct http *h, const char *url, bool proxied, http_done done,
                                  void *ctx) {
    struct http_call *c = xmalloc(sizeof(*c));
    *c = (struct http_call){.http = h, .done = done, .ctx = ctx, .next = h->calls};
    c->easy = h->n_idle > 0 ? h->idle[--h->n_idle] : curl_easy_init();
    if (!c->easy) {
        xalloc_die();
    }
    if (h->calls) {
        h->calls->prev = c;
    }
    h->calls = c;
    curl_easy_setopt(c->easy, CURLOPT_URL, url);
    curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(c->easy, CURLOPT_CAINFO, h->loop->setup.ca_file);
    curl_easy_setopt(c->easy, CURLOPT_PROXY, proxied ? h->loop->setup.proxy : "");
    curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER);
    curl_easy_setopt(c->easy, CURLOPT_QUICK_EXIT, 1L); /* else a slow resolver is waited for */
    curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(c->easy, CURLOPT_USERAGENT, "Kizuki");
    return c;
}

static void add_header(struct http_call *c, const char *line) {
    struct curl_slist *list = curl_slist_append(c->headers, line);
    if (!list) {
        xalloc_die();
    }
    c->headers = list;
}

static void set_headers(struct http_call *c, const struct http_request *r) {
    struct buf line;
    buf_init(&line, 4096);
    if (*r->bearer) {
        buf_addf(&line, "Authorization: Bearer %s", r->bearer);
        add_header(c, buf_text(&line));
        explicit_bzero(line.p, line.len);
    }
    if (*r->body) {
        buf_clear(&line);
        buf_addf(&line, "Content-Type: %s", r->body_type ? r->body_type : "application/json");
        add_header(c, buf_text(&line));
    }
    add_header(c, "Expect:"); /* no waiting for a go-ahead */
    buf_free(&line);
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
}

struct http_call *http_start(struct http *h, const struct http_request *r, http_done done,
                             void *ctx) {
    struct http_call *c = new_call(h, r->url, r->proxied, done, ctx);
    buf_init(&c->reply, r->max_bytes + 1);
    c->header = r->header ? xstrdup(r->header) : NULL;
    set_headers(c, r);
    curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
    curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
    if (*r->body || strcmp(r->method, "POST") == 0) { /* some servers want a length, even of 0 */
        size_t n = r->body_len ? r->body_len : strlen(r->body);
        c->body = memcpy(xmalloc(n + 1), r->body, n);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, c->body);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
    }
    curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, r->method);
    c->once = r->once;
    curl_easy_setopt(c->easy, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt(c->easy, CURLOPT_PREREQDATA, c);
    curl_multi_add_handle(h->multi, c->easy);
    return c;
}

struct http_call *http_resolve(struct http *h, const char *url, http_done done, void *ctx) {
    struct http_call *c = new_call(h, url, false, done, ctx);
    buf_init(&c->reply, 1);
    c->resolve_only = true;
    curl_easy_setopt(c->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_multi_add_handle(h->multi, c->easy);
    return c;
}

void http_forget(struct http_call *call) {
    call->done = NULL;
}
