/*
 * What trying a workspace for real has in common, whatever the platform: steps that are told one
 * after the other, requests that are waited for, and advice on addresses, proxies and TLS. Only
 * reads. Blocks for at most half a minute and runs the loop meanwhile, so nothing else may run it.
 * What it tells contains no secret. Texts live in the arena inside.
 */
#ifndef KIZUKI_BOT_PROBE_H
#define KIZUKI_BOT_PROBE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/json.h"
#include "bot/config.h"
#include "bot/net/http.h"
#include "bot/net/loop.h"
#include "bot/net/ws.h"

enum probe_outcome { PROBE_OK, PROBE_NOTE, PROBE_WARNING, PROBE_FAILED, PROBE__COUNT };

struct probe_setup {
    const struct config_workspace *workspace;
    bool proxied;
    struct loop *loop;
    struct http *http;
    /* One line for each step: what is wrong and what to do. The text lives until it returns. */
    void (*tell)(void *ctx, enum probe_outcome outcome, const char *step, const char *text);
    void *ctx;
};

struct probe {
    const struct probe_setup *setup;
    const char *url_key; /* what the address is called in the configuration */
    struct loop_timer *limit;
    int64_t until_ms; /* of loop_now_ms */
    bool done;        /* what is waited for has come */
    struct arena arena;
};

void probe_begin(struct probe *p, const struct probe_setup *setup, const char *url_key);
void probe_end(struct probe *p);

/* What a step came to: one line that is harmless in a terminal, whatever a server put into it. */
void probe_ok(struct probe *p, const char *step, const char *fmt, ...) PRINTF_LIKE(3, 4);
void probe_note(struct probe *p, const char *step, const char *fmt, ...) PRINTF_LIKE(3, 4);
void probe_warn(struct probe *p, const char *step, const char *fmt, ...) PRINTF_LIKE(3, 4);
void probe_fail(struct probe *p, const char *step, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* ---- waiting ---- */

/* For the next step, 0 where half a minute is over. */
int64_t probe_time_left(const struct probe *p);

/* Until probe_finish is called from a callback; false: the time was up before. */
bool probe_wait(struct probe *p, int64_t ms);
void probe_finish(struct probe *p);

/* The clock of the other side is ahead by that much. */
void probe_tell_clock(struct probe *p, int64_t ahead_ms);

/* ---- asking ---- */

struct probe_question {
    const char *method; /* "GET" */
    const char *path;   /* behind the workspace's address */
    const char *token;  /* "" for none */
    const char *form;   /* of a POST, "" for none */
    const char *header; /* a header of the reply that is wanted, NULL for none */
};

struct probe_answer {
    int status;         /* 0: none came, and `error` says why */
    const char *error;  /* "" where one came */
    const char *header; /* "" where it did not come */
    bool too_long;
    cJSON *json; /* NULL where it is not JSON; the caller's */
};

struct probe_answer probe_ask(struct probe *p, const struct probe_question *question);

/* ---- the websocket ---- */

/* The first member of what the callbacks get as ctx. */
struct probe_line {
    struct probe *p;
    struct ws *ws; /* NULL once it ended */
    bool opened;
    int status;         /* of a refused upgrade */
    const char *reason; /* "" where it has not ended */
};

/* Opens it and waits for probe_finish or its end; on_end, ctx and the way are filled in here. False
 * after telling that there is no time left. To be closed by the caller, if it is still there. */
bool probe_try_line(struct probe *p, struct probe_line *line, struct ws_setup *setup) WARN_UNUSED;

/* No connection came about, whatever the server: what to do, or `otherwise`. */
const char *probe_advise_line(const struct probe *p, const char *reason, const char *otherwise);

/* ---- the address ---- */

/* It answers; a warning where token and messages would travel for everybody to read. */
void probe_tell_address(struct probe *p);

/* No reply came at all: what to do by a part of curl's text, or `otherwise`, in which '@' is the
 * address's key. */
void probe_tell_no_address(struct probe *p, const char *error, const char *otherwise);

#endif
