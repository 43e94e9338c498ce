#include "bot/mattermost/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/mattermost/private.h"
#include "bot/mattermost/socket.h"

#define AT_ONCE       8 /* a rate limit is then met by few */
#define TIMEOUT_MS    ((int64_t)15 * 1000)
#define PAUSE_MIN_MS  ((int64_t)1000)
#define PAUSE_JITTER  ((int64_t)500)
#define DEFAULT_BYTES ((size_t)1024 * 1024)
#define ERROR_MAX     200

struct call {
    struct mattermost *m;
    char *method;
    char *url;
    char *body;
    size_t body_len;
    bool file; /* the body is one */
    size_t max_bytes;
    bool once;
    bool text;
    bool any;
    mm_done done;
    void *ctx;
    struct http_call *http; /* NULL while it waits */
    struct call *next;
};

struct mm_api {
    struct mattermost *m;
    struct call *first; /* in the order they were asked for: under way, then waiting */
    struct call **last;
    size_t n;
    size_t under_way;
    int64_t paused_until_ms; /* of loop_now_ms */
    struct loop_timer *timer;
};

static void go_on(struct mm_api *api);

static void on_timer(void *ctx) {
    go_on(ctx);
}

struct mm_api *mm_api_create(struct mattermost *m) {
    struct mm_api *api = xmalloc(sizeof(*api));
    *api = (struct mm_api){.m = m};
    api->last = &api->first;
    api->timer = loop_timer_create(m->setup.loop, on_timer, api);
    return api;
}

static void free_call(struct call *c) {
    free(c->method);
    free(c->url);
    free(c->body);
    free(c);
}

void mm_api_destroy(struct mm_api *api) {
    if (!api) {
        return;
    }
    while (api->first) {
        struct call *next = api->first->next;
        if (api->first->http) {
            http_forget(api->first->http);
        }
        free_call(api->first);
        api->first = next;
    }
    loop_timer_destroy(api->timer);
    free(api);
}

static void unlink_call(struct mm_api *api, struct call *c) {
    struct call **p = &api->first;
    while (*p != c) {
        p = &(*p)->next;
    }
    *p = c->next;
    api->last = c->next ? api->last : p;
    api->n--;
}

/* ---- what a reply means ---- */

void mm_api_pause(struct mm_api *api, int64_t ms) {
    int64_t until =
        loop_now_ms() + (ms > PAUSE_MIN_MS ? ms : PAUSE_MIN_MS) + loop_random(PAUSE_JITTER);
    api->paused_until_ms = until > api->paused_until_ms ? until : api->paused_until_ms;
}

int64_t mm_api_pause_ms(const struct mm_api *api) {
    int64_t left = api->paused_until_ms - loop_now_ms();
    return left > 0 ? left : 0;
}

static enum mm_outcome outcome_of(const struct http_reply *r) {
    if (r->status == 0) {
        return r->unsent ? MM_UNSENT : MM_UNKNOWN;
    }
    if (r->status >= 200 && r->status < 300) {
        return MM_OK;
    }
    if (r->status == 401) {
        return MM_UNAUTHORIZED;
    }
    /* 408 and 425 are a proxy's way of saying that it gave up; 3xx is none of our API. */
    bool refused = (r->status >= 400 && r->status < 500 && r->status != 408 && r->status != 425) ||
                   r->status == 501;
    return refused ? MM_REFUSED : MM_UNKNOWN;
}

/* A line for the log: status and the server's name of the error, never its words, which may quote
 * a token. */
static void describe(const struct http_reply *r, const char *id, char out[ERROR_MAX]) {
    if (r->status == 0) {
        snprintf(out, ERROR_MAX, "%s", r->error);
    } else {
        snprintf(out, ERROR_MAX, "HTTP %d%s%s", r->status, *id ? " " : "", id);
    }
}

static void finish(struct call *c, const struct http_reply *r) {
    struct mm_reply reply = {.outcome = outcome_of(r),
                             .status = r->status,
                             .error_id = "",
                             .error = "",
                             .text = r->body,
                             .len = r->len};
    struct json_error err;
    cJSON *json = c->text || r->too_long || r->len == 0
                      ? NULL
                      : json_parse(r->body, r->len, c->max_bytes, &err);
    char error[ERROR_MAX] = "";
    reply.unreadable = r->too_long || (!c->text && !json);
    if (reply.outcome == MM_OK && reply.unreadable && !c->any) {
        reply.outcome = MM_UNKNOWN;
        snprintf(error, sizeof(error), "HTTP %d with a reply that %s", r->status,
                 r->too_long ? "is too long" : "is not JSON");
    } else if (reply.outcome != MM_OK) {
        const char *id = json_string(json, "id");
        reply.error_id = id ? id : "";
        describe(r, reply.error_id, error);
    }
    reply.error = error;
    reply.json = reply.outcome == MM_OK ? json : NULL;
    if (reply.outcome == MM_UNAUTHORIZED) {
        mm_socket_unauthorized(c->m);
    }
    c->done(c->ctx, &reply);
    cJSON_Delete(json);
}

static void on_reply(void *ctx, const struct http_reply *r) {
    struct call *c = ctx;
    struct mm_api *api = c->m->api;
    c->http = NULL;
    api->under_way--;
    if (r->status == 429) {
        log_warn("the server's rate limit was met", "workspace", c->m->setup.name);
        mm_api_pause(api, r->retry_after_ms > 0 ? r->retry_after_ms : r->limit_reset_ms);
        go_on(api); /* it stays first in line */
        return;
    }
    if (r->limit_remaining == 0) {
        mm_api_pause(api, PAUSE_MIN_MS);
    }
    unlink_call(api, c);
    finish(c, r);
    free_call(c);
    go_on(api);
}

/* ---- asking ---- */

static void start(struct call *c) {
    struct http_request request = {.method = c->method,
                                   .url = c->url,
                                   .bearer = c->m->token,
                                   .body = c->body,
                                   .body_len = c->body_len,
                                   .body_type = c->file ? "application/octet-stream" : NULL,
                                   .max_bytes = c->max_bytes,
                                   .timeout_ms = TIMEOUT_MS,
                                   .proxied = c->m->setup.proxied,
                                   .once = c->once};
    c->m->api->under_way++;
    c->http = http_start(c->m->setup.http, &request, on_reply, c);
}

static void go_on(struct mm_api *api) {
    int64_t wait_ms = mm_api_pause_ms(api);
    for (struct call *c = api->first; c && api->under_way < AT_ONCE; c = c->next) {
        if (c->http) {
            continue;
        }
        if (wait_ms > 0) {
            loop_timer_set(api->timer, wait_ms);
            return;
        }
        start(c);
    }
}

bool mm_api_busy(const struct mm_api *api) {
    return api->n > api->under_way;
}

void mm_call(struct mattermost *m, const struct mm_request *r, mm_done done, void *ctx) {
    struct call *c = xmalloc(sizeof(*c));
    *c = (struct call){.m = m,
                       .method = xstrdup(r->method),
                       .url = xmalloc(strlen(m->setup.url) + strlen(r->path) + 16),
                       .file = r->file != NULL,
                       .max_bytes = r->max_bytes ? r->max_bytes : DEFAULT_BYTES,
                       .once = r->once,
                       .text = r->text,
                       .any = r->any,
                       .done = done,
                       .ctx = ctx};
    if (r->file) {
        c->body_len = r->file_len;
        c->body = memcpy(xmalloc(r->file_len), r->file, r->file_len);
    } else {
        c->body = xstrdup(r->body ? r->body : "");
    }
    snprintf(c->url, strlen(m->setup.url) + strlen(r->path) + 16, "%s/api/v4%s", m->setup.url,
             r->path);
    *m->api->last = c;
    m->api->last = &c->next;
    m->api->n++;
    go_on(m->api);
}

void mm_call_json(struct mattermost *m, const char *method, const char *path, cJSON *body,
                  mm_done done, void *ctx) {
    char *text = body ? cJSON_PrintUnformatted(body) : NULL;
    if (body && !text) {
        xalloc_die();
    }
    mm_call(m, &(struct mm_request){.method = method, .path = path, .body = text}, done, ctx);
    cJSON_free(text);
    cJSON_Delete(body);
}
