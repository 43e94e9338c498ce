#include "bot/probe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define STEP_MS     ((int64_t)10 * 1000)
#define ALL_MS      ((int64_t)30 * 1000)
#define BACKSTOP_MS ((int64_t)500) /* curl's own limit comes first, with a better text */
#define SKEW_MAX_MS ((int64_t)60 * 1000)
#define REPLY_BYTES ((size_t)1024 * 1024)
#define TEXT_BYTES  ((size_t)2048)

static void on_limit(void *ctx) {
    struct probe *p = ctx;
    loop_stop(p->setup->loop);
}

void probe_begin(struct probe *p, const struct probe_setup *setup, const char *url_key) {
    *p = (struct probe){.setup = setup, .url_key = url_key, .until_ms = loop_now_ms() + ALL_MS};
    p->limit = loop_timer_create(setup->loop, on_limit, p);
}

void probe_end(struct probe *p) {
    loop_timer_destroy(p->limit);
    arena_free(&p->arena);
}

static void tell(struct probe *p, enum probe_outcome outcome, const char *step, const char *fmt,
                 va_list ap) PRINTF_LIKE(4, 0);

static void tell(struct probe *p, enum probe_outcome outcome, const char *step, const char *fmt,
                 va_list ap) {
    char text[TEXT_BYTES];
    vsnprintf(text, sizeof(text), fmt, ap);
    char *line = text_clean(&p->arena, text, strlen(text), TEXT_BYTES, NULL);
    for (char *c = line; *c; c++) {
        if (*c == '\n' || *c == '\t') {
            *c = ' ';
        }
    }
    p->setup->tell(p->setup->ctx, outcome, step, line);
}

void probe_ok(struct probe *p, const char *step, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    tell(p, PROBE_OK, step, fmt, ap);
    va_end(ap);
}

void probe_note(struct probe *p, const char *step, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    tell(p, PROBE_NOTE, step, fmt, ap);
    va_end(ap);
}

void probe_warn(struct probe *p, const char *step, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    tell(p, PROBE_WARNING, step, fmt, ap);
    va_end(ap);
}

void probe_fail(struct probe *p, const char *step, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    tell(p, PROBE_FAILED, step, fmt, ap);
    va_end(ap);
}

/* ---- waiting ---- */

int64_t probe_time_left(const struct probe *p) {
    int64_t left = p->until_ms - loop_now_ms();
    return left < 0 ? 0 : left < STEP_MS ? left : STEP_MS;
}

bool probe_wait(struct probe *p, int64_t ms) {
    p->done = false;
    loop_timer_set(p->limit, ms);
    loop_run(p->setup->loop);
    loop_timer_clear(p->limit);
    return p->done;
}

void probe_finish(struct probe *p) {
    p->done = true;
    loop_stop(p->setup->loop);
}

void probe_tell_clock(struct probe *p, int64_t ahead_ms) {
    int64_t off_ms = ahead_ms < 0 ? -ahead_ms : ahead_ms;
    if (off_ms > SKEW_MAX_MS) {
        probe_warn(p, "clock",
                   "the server's is %" PRId64 " s %s of this machine's: have both set by NTP",
                   off_ms / 1000, ahead_ms > 0 ? "ahead" : "behind");
    } else {
        probe_ok(p, "clock", "%" PRId64 " s off the server's", off_ms / 1000);
    }
}

/* ---- asking ---- */

struct asked {
    struct probe *p;
    struct probe_answer answer;
};

static void on_reply(void *ctx, const struct http_reply *r) {
    struct asked *a = ctx;
    struct json_error err;
    bool whole = !r->too_long && r->len > 0;
    a->answer.status = r->status;
    a->answer.error = arena_strdup(&a->p->arena, r->error);
    a->answer.header = arena_strdup(&a->p->arena, r->header);
    a->answer.too_long = r->too_long;
    a->answer.json = whole ? json_parse(r->body, r->len, REPLY_BYTES, &err) : NULL;
    probe_finish(a->p);
}

struct probe_answer probe_ask(struct probe *p, const struct probe_question *question) {
    struct asked a = {.p = p, .answer = {.error = "no reply came in time", .header = ""}};
    int64_t ms = probe_time_left(p);
    if (ms <= 0) {
        a.answer.error = "not tried: half a minute was over before; the server is too slow";
        return a.answer;
    }
    struct http_request request = {
        .method = question->method,
        .url = arena_printf(&p->arena, "%s%s", p->setup->workspace->url, question->path),
        .bearer = question->token,
        .body = question->form,
        .body_type = "application/x-www-form-urlencoded",
        .header = question->header,
        .max_bytes = REPLY_BYTES,
        .timeout_ms = ms,
        .proxied = p->setup->proxied,
    };
    struct http_call *call = http_start(p->setup->http, &request, on_reply, &a);
    if (!probe_wait(p, ms + BACKSTOP_MS)) {
        http_forget(call);
    }
    return a.answer;
}

/* ---- the websocket ---- */

static void on_end(void *ctx, const struct ws_end *end) {
    struct probe_line *l = ctx;
    l->ws = NULL;
    l->status = end->status;
    l->reason = arena_strdup(&l->p->arena, end->reason);
    probe_finish(l->p);
}

bool probe_try_line(struct probe *p, struct probe_line *line, struct ws_setup *setup) {
    int64_t ms = probe_time_left(p);
    if (ms <= 0) {
        probe_fail(p, "websocket",
                   "not tried: half a minute was over before; the server is too slow");
        return false;
    }
    line->p = p;
    line->reason = "";
    setup->proxied = p->setup->proxied;
    setup->on_end = on_end;
    setup->ctx = line;
    line->ws = ws_open(p->setup->loop, p->setup->http, setup);
    probe_wait(p, ms);
    return true;
}

const char *probe_advise_line(const struct probe *p, const char *reason, const char *otherwise) {
    if (strstr(reason, "SSL")) {
        return "the websocket meets another certificate than the address did: look at what stands "
               "in between";
    }
    return p->setup->proxied ? "the proxy has to allow CONNECT to the server's host and port"
                             : otherwise;
}

/* ---- the address ---- */

/* The text with the address's key in the place of each '@'. */
static const char *with_key(struct probe *p, const char *text) {
    struct buf b;
    buf_init(&b, TEXT_BYTES);
    for (const char *at; (at = strchr(text, '@')) != NULL; text = at + 1) {
        buf_addf(&b, "%.*skey '%s'", (int)(at - text), text, p->url_key);
    }
    buf_adds(&b, text);
    const char *all = arena_strdup(&p->arena, buf_text(&b));
    buf_free(&b);
    return all;
}

/* What to do when no reply came at all, by a part of curl's text. */
static const char *advise(struct probe *p, const char *error, const char *otherwise) {
    static const struct {
        const char *part;
        const char *advice;
    } known[] = {
        {"resolve proxy", "correct the proxy's host (key 'proxy' or HTTPS_PROXY)"},
        {"CONNECT", "the proxy does not let it through: have it allow this host and port, or take "
                    "the host out with NO_PROXY"},
        {"resolve host", "correct the host in @, or this machine's DNS"},
        {"Resolving timed out", "this machine's DNS does not answer"},
        {"expired", "have the server's certificate renewed; if it is new, set this machine's "
                    "clock"},
        {"not yet valid", "set this machine's clock, or have the server's certificate replaced"},
        {"subject name", "the host in @ has to be one that the server's certificate names"},
        {"certificate", "name a PEM file with the authority that signed the server's certificate "
                        "in key 'ca_file'; behind an intermediate authority the server has to send "
                        "that one's certificate, too"},
        {"wrong version number", "no TLS is spoken there: correct the port in @, or write http:// "
                                 "if that is meant"},
        {"HTTP/0.9", "TLS is probably spoken there: write https:// in @"},
        {"Empty reply", "TLS is probably spoken there: write https:// in @"},
        {"Connection reset", "a firewall or another service is there: correct host, port and "
                             "https:// in @"},
        {"timed out", "nothing answers: a firewall in between, or a server too busy; correct host "
                      "and port in @"},
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strstr(error, known[i].part)) {
            return with_key(p, known[i].advice);
        }
    }
    return p->setup->proxied ? "is the proxy running, and are its host and port right (key 'proxy' "
                               "or HTTPS_PROXY)?"
                             : with_key(p, otherwise);
}

/* Whether token and messages would travel for everybody to read. */
static bool is_exposed(const char *url) {
    static const char *const here[] = {"localhost", "127.", "[::1]"};
    bool exposed = strncmp(url, "http://", 7) == 0;
    for (size_t k = 0; exposed && k < ARRAY_LEN(here); k++) {
        exposed = strncmp(url + 7, here[k], strlen(here[k])) != 0;
    }
    return exposed;
}

void probe_tell_address(struct probe *p) {
    const char *url = p->setup->workspace->url;
    if (is_exposed(url)) {
        probe_warn(p, "address",
                   "%.300s answers, but token and messages travel unencrypted; write https:// "
                   "in key '%s' if the server can",
                   url, p->url_key);
    } else {
        probe_ok(p, "address", "%.300s answers", url);
    }
}

void probe_tell_no_address(struct probe *p, const char *error, const char *otherwise) {
    probe_fail(p, "address", "%.300s: %s; %s", p->setup->workspace->url, error,
               advise(p, error, otherwise));
}
