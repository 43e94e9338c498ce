#include "bot/slack/api.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"

#define AT_ONCE       8
#define LATER_AT_ONCE 4 /* what can wait leaves room */
#define TIMEOUT_MS    ((int64_t)15 * 1000)
#define PAUSE_MIN_MS  ((int64_t)1000)
#define PAUSE_JITTER  ((int64_t)300)
#define PAUSES_MAX    64
#define DATE_STEP_MS  ((int64_t)1000) /* of an HTTP date */
#define REPLY_BYTES   ((size_t)2 * 1024 * 1024)
#define ERROR_MAX     240

struct call {
    struct slack *s;
    char *method;
    char *url;
    char *body;
    size_t body_len;
    const char *body_type;
    char *channel;
    enum slack_urgency urgency;
    int64_t until_ms; /* of loop_now_ms, 0: no end */
    bool app;
    unsigned tokens; /* which ones it was asked with */
    bool plain;      /* not to the API: no token, and any reply with 2xx is good */
    bool once;
    slack_done done;
    void *ctx;
    struct http_call *http; /* NULL while it waits */
    struct call *next;
};

/* Until then nothing of that method is asked: in that channel, or "" for all. */
struct pause {
    char method[48];
    char channel[SLACK_ID_MAX + 1];
    int64_t until_ms;
};

struct slack_api {
    struct slack *s;
    struct call *first[SLACK_URGENCY__COUNT]; /* each in the order they were asked for */
    size_t n;
    size_t under_way;
    size_t later_under_way;
    struct pause pauses[PAUSES_MAX];
    size_t n_pauses;
    struct loop_timer *timer;
};

static void go_on(struct slack_api *api);

static void on_timer(void *ctx) {
    go_on(ctx);
}

struct slack_api *slack_api_create(struct slack *s) {
    struct slack_api *api = xmalloc(sizeof(*api));
    *api = (struct slack_api){.s = s};
    api->timer = loop_timer_create(s->setup.loop, on_timer, api);
    return api;
}

static void free_call(struct call *c) {
    free(c->method);
    free(c->url);
    free(c->body);
    free(c->channel);
    free(c);
}

void slack_api_destroy(struct slack_api *api) {
    if (!api) {
        return;
    }
    for (int i = 0; i < SLACK_URGENCY__COUNT; i++) {
        while (api->first[i]) {
            struct call *next = api->first[i]->next;
            if (api->first[i]->http) {
                http_forget(api->first[i]->http);
            }
            free_call(api->first[i]);
            api->first[i] = next;
        }
    }
    loop_timer_destroy(api->timer);
    free(api);
}

static void unlink_call(struct slack_api *api, struct call *c) {
    struct call **p = &api->first[c->urgency];
    while (*p != c) {
        p = &(*p)->next;
    }
    *p = c->next;
    api->n--;
}

/* ---- rate limits ---- */

static void drop_old_pauses(struct slack_api *api) {
    size_t kept = 0;
    for (size_t i = 0; i < api->n_pauses; i++) {
        if (api->pauses[i].until_ms > loop_now_ms()) {
            api->pauses[kept++] = api->pauses[i];
        }
    }
    api->n_pauses = kept;
}

/* How long that call has to wait, 0: not at all. */
static int64_t pause_ms(const struct slack_api *api, const struct call *c) {
    int64_t now = loop_now_ms();
    int64_t longest = 0;
    for (size_t i = 0; i < api->n_pauses; i++) {
        const struct pause *p = &api->pauses[i];
        bool meant = strcmp(p->method, c->method) == 0 &&
                     (p->channel[0] == '\0' || strcmp(p->channel, c->channel) == 0);
        if (meant && p->until_ms - now > longest) {
            longest = p->until_ms - now;
        }
    }
    return longest;
}

/*
 * Slack does not say whether the channel or the workspace had too much of it. A second channel that
 * hears the same while the first one waits means the workspace.
 */
static void add_pause(struct slack_api *api, const struct call *c, int64_t ms) {
    drop_old_pauses(api);
    bool everywhere = *c->channel == '\0' || api->n_pauses == PAUSES_MAX;
    for (size_t i = 0; i < api->n_pauses; i++) {
        const struct pause *p = &api->pauses[i];
        everywhere = everywhere ||
                     (strcmp(p->method, c->method) == 0 && strcmp(p->channel, c->channel) != 0);
    }
    struct pause *p = &api->pauses[api->n_pauses < PAUSES_MAX ? api->n_pauses++ : 0];
    *p = (struct pause){.until_ms = loop_now_ms() + (ms > PAUSE_MIN_MS ? ms : PAUSE_MIN_MS) +
                                    loop_random(PAUSE_JITTER)};
    snprintf(p->method, sizeof(p->method), "%s", c->method);
    snprintf(p->channel, sizeof(p->channel), "%s", everywhere ? "" : c->channel);
}

/* ---- what a reply means ---- */

static bool listed(const char *const *codes, size_t n, const char *code) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_limit(const char *code) {
    static const char *const codes[] = {"ratelimited", "rate_limited", "message_limit_exceeded"};
    return listed(codes, ARRAY_LEN(codes), code);
}

/* No request with this token will do better. */
static bool is_about_token(const char *code) {
    static const char *const codes[] = {"not_authed",
                                        "invalid_auth",
                                        "account_inactive",
                                        "token_revoked",
                                        "token_expired",
                                        "user_removed_from_team",
                                        "team_disabled",
                                        "not_allowed_token_type",
                                        "ekm_access_denied",
                                        "org_login_required",
                                        "two_factor_setup_required"};
    return listed(codes, ARRAY_LEN(codes), code);
}

/* Slack itself failed; part of the work may be done. */
static bool is_failure(const char *code) {
    static const char *const codes[] = {"internal_error", "fatal_error", "service_unavailable",
                                        "request_timeout", "team_added_to_org"};
    return listed(codes, ARRAY_LEN(codes), code);
}

static enum slack_outcome outcome_of(const struct call *c, const struct http_reply *r,
                                     const cJSON *json, const char *code) {
    if (r->status == 0) {
        return r->unsent ? SLACK_UNSENT : SLACK_UNKNOWN;
    }
    bool good = r->status >= 200 && r->status < 300 && !r->too_long;
    bool refused = r->status >= 400 && r->status < 500;
    if (c->plain && !cJSON_IsBool(json_member(json, "ok"))) {
        return good ? SLACK_DONE : refused ? SLACK_REFUSED : SLACK_UNKNOWN;
    }
    if (cJSON_IsTrue(json_member(json, "ok"))) {
        return good ? SLACK_DONE : SLACK_UNKNOWN;
    }
    if (*code == '\0' || is_failure(code) || r->status >= 500) {
        return SLACK_UNKNOWN;
    }
    return is_about_token(code) && !c->plain ? SLACK_UNAUTHORIZED : SLACK_REFUSED;
}

/* A name of an error or a scope and no more: whatever a server sends is not to fill a log. */
static void copy_code(const char *from, char out[64]) {
    size_t n = strspn(from, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:");
    snprintf(out, 64, "%.*s", from[n] ? 0 : (int)(n < 63 ? n : 63), from);
}

static void describe(const struct call *c, const struct http_reply *r, const cJSON *json,
                     const char *code, char out[ERROR_MAX]) {
    if (r->status == 0) {
        snprintf(out, ERROR_MAX, "%s: %s", c->method, r->error);
    } else if (*code) {
        const char *needed = json_string(json, "needed");
        char scope[64] = "";
        copy_code(needed ? needed : "", scope);
        snprintf(out, ERROR_MAX, "%s: %s%s%s", c->method, code, *scope ? " " : "", scope);
    } else {
        snprintf(out, ERROR_MAX, "%s: HTTP %d%s", c->method, r->status,
                 json || c->plain ? "" : " with a reply that is not Slack's");
    }
}

static void finish(struct call *c, const struct http_reply *r, const cJSON *json,
                   const char *code) {
    char error[ERROR_MAX] = "";
    struct slack_reply reply = {
        .outcome = outcome_of(c, r, json, code), .json = json, .code = code, .error = error};
    if (reply.outcome != SLACK_DONE) {
        describe(c, r, json, code, error);
    }
    if (reply.outcome == SLACK_UNAUTHORIZED) {
        slack_socket_unauthorized(c->s, c->app, code);
    }
    c->done(c->ctx, &reply);
}

int64_t slack_date_ms(const char *date) {
    struct tm tm = {.tm_year = 0};
    const char *end = strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return end && *end == '\0' ? (int64_t)timegm(&tm) * 1000 : 0;
}

/* Until a message of ours tells it exactly, Slack's clock is the one in its replies. */
static void look_at_clock(struct slack *s, const char *date) {
    int64_t server_ms = slack_date_ms(date);
    int64_t ahead = server_ms + DATE_STEP_MS / 2 - clock_now_ms();
    if (server_ms > 0 && llabs(ahead - s->skew_ms) > 2 * DATE_STEP_MS) {
        s->skew_ms = ahead;
    }
}

static void on_reply(void *ctx, const struct http_reply *r) {
    struct call *c = ctx;
    struct slack_api *api = c->s->api;
    c->http = NULL;
    look_at_clock(c->s, r->header ? r->header : "");
    api->under_way--;
    api->later_under_way -= c->urgency == SLACK_LATER;
    struct json_error err;
    bool none = r->too_long || r->len == 0 || (c->plain && r->body[0] != '{');
    cJSON *json = none ? NULL : json_parse(r->body, r->len, REPLY_BYTES, &err);
    const char *said = json_string(json, "error");
    char code[64] = "";
    copy_code(said ? said : "", code);
    if (r->status == 429 || is_limit(code)) {
        log_warn("Slack's rate limit was met", "workspace", c->s->setup.name, "method", c->method);
        add_pause(api, c, r->retry_after_ms); /* it stays where it is in line */
    } else if (is_about_token(code) && c->tokens != c->s->tokens) {
        log_debug("asked again with another token", "workspace", c->s->setup.name, "method",
                  c->method);
    } else {
        unlink_call(api, c);
        finish(c, r, json, code);
        free_call(c);
    }
    cJSON_Delete(json);
    go_on(api);
}

/* ---- asking ---- */

static void start(struct call *c) {
    struct slack_api *api = c->s->api;
    struct http_request request = {.method = "POST",
                                   .url = c->url,
                                   .bearer = c->plain ? ""
                                             : c->app ? c->s->app_token
                                                      : c->s->bot_token,
                                   .body = c->body,
                                   .body_len = c->body_len,
                                   .body_type = c->body_type,
                                   .max_bytes = REPLY_BYTES,
                                   .timeout_ms = TIMEOUT_MS,
                                   .proxied = c->s->setup.proxied,
                                   .once = c->once,
                                   .header = c->plain ? NULL : "Date"};
    c->tokens = c->s->tokens;
    api->under_way++;
    api->later_under_way += c->urgency == SLACK_LATER;
    c->http = http_start(c->s->setup.http, &request, on_reply, c);
}

/* Its time is over before it was even asked: the callback may ask for more, so only one a round. */
static struct call *too_late(struct slack_api *api) {
    int64_t now = loop_now_ms();
    for (struct call *c = api->first[SLACK_AT_ONCE]; c; c = c->next) {
        if (!c->http && c->until_ms > 0 && now >= c->until_ms) {
            return c;
        }
    }
    return NULL;
}

static void drop_late(struct slack_api *api) {
    for (struct call *c = too_late(api); c; c = too_late(api)) {
        struct slack_reply reply = {
            .outcome = SLACK_REFUSED, .code = "too_late", .error = "its time was over"};
        unlink_call(api, c);
        c->done(c->ctx, &reply);
        free_call(c);
    }
}

static bool has_room(const struct slack_api *api, const struct call *c) {
    return api->under_way < AT_ONCE &&
           (c->urgency != SLACK_LATER || api->later_under_way < LATER_AT_ONCE);
}

static void go_on(struct slack_api *api) {
    drop_late(api);
    int64_t next_ms = -1;
    for (int i = 0; i < SLACK_URGENCY__COUNT; i++) {
        for (struct call *c = api->first[i]; c && has_room(api, c); c = c->next) {
            int64_t wait_ms = c->http ? 0 : pause_ms(api, c);
            if (wait_ms > 0) {
                next_ms = next_ms < 0 || wait_ms < next_ms ? wait_ms : next_ms;
            } else if (!c->http) {
                start(c);
            }
        }
    }
    if (next_ms > 0) {
        loop_timer_set(api->timer, next_ms);
    }
}

bool slack_api_busy(const struct slack_api *api) {
    return api->n > api->under_way;
}

/* ---- what is sent ---- */

const char *slack_form(struct arena *a, const char *form, const char *name, const char *value) {
    struct buf b;
    buf_init(&b, strlen(form) + strlen(name) + 3 * strlen(value) + 8);
    buf_addf(&b, "%s%s%s=", form, *form ? "&" : "", name);
    for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
        if (*p < 128 && (isalnum(*p) || *p == '-' || *p == '.' || *p == '_')) {
            buf_add(&b, (const char *)p, 1);
        } else {
            buf_addf(&b, "%%%02X", *p);
        }
    }
    const char *text = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return text;
}

static void take_body(struct call *c, const struct slack_request *r) {
    if (r->file) {
        c->body = memcpy(xmalloc(r->file_len), r->file, r->file_len);
        c->body_len = r->file_len;
        c->body_type = "application/octet-stream";
    } else if (r->json) {
        char *text = cJSON_PrintUnformatted(r->json);
        if (!text) {
            xalloc_die();
        }
        c->body = xstrdup(text);
        cJSON_free(text);
        c->body_type = "application/json; charset=utf-8";
    } else {
        c->body = xstrdup(r->form ? r->form : "");
        c->body_type = "application/x-www-form-urlencoded";
    }
}

void slack_call(struct slack *s, const struct slack_request *r, slack_done done, void *ctx) {
    struct call *c = xmalloc(sizeof(*c));
    size_t size = strlen(s->setup.url) + strlen(r->method) + 2;
    *c = (struct call){.s = s,
                       .method = xstrdup(r->method),
                       .url = r->url ? xstrdup(r->url) : xmalloc(size),
                       .channel = xstrdup(r->channel ? r->channel : ""),
                       .urgency = r->urgency,
                       .until_ms = r->within_ms > 0 ? loop_now_ms() + r->within_ms : 0,
                       .app = r->app,
                       .plain = r->url != NULL,
                       .once = r->once,
                       .done = done,
                       .ctx = ctx};
    if (!r->url) {
        snprintf(c->url, size, "%s/%s", s->setup.url, r->method);
    }
    take_body(c, r);
    struct call **last = &s->api->first[c->urgency];
    while (*last) {
        last = &(*last)->next;
    }
    *last = c;
    s->api->n++;
    go_on(s->api);
}
