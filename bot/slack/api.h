/*
 * Calls to Slack's Web API: tokens, rate limits and the meaning of replies. All calls stand in one
 * queue, in which the more urgent ones overtake; a call that met a rate limit is repeated by itself
 * when its time is over, and holds up only those of the same method and channel. So is one whose
 * token was refused, where there is another one by then.
 */
#ifndef KIZUKI_BOT_SLACK_API_H
#define KIZUKI_BOT_SLACK_API_H

#include "base/arena.h"
#include "base/json.h"
#include "bot/net/http.h"

struct slack;
struct slack_api;

enum slack_outcome {
    SLACK_DONE,
    SLACK_REFUSED,      /* the same again would be refused again; `code` says why */
    SLACK_UNAUTHORIZED, /* the token, not the request */
    SLACK_UNSENT,       /* Slack saw nothing of it */
    SLACK_UNKNOWN,      /* timeout, 5xx, a reply that is none: it may have happened */
};

struct slack_reply {
    enum slack_outcome outcome;
    const cJSON *json; /* SLACK_DONE and SLACK_REFUSED; NULL where the reply is no JSON */
    const char *code;  /* Slack's name of the error, "" for none */
    const char *error; /* a line for the log, without secrets, "" for SLACK_DONE */
};

typedef void (*slack_done)(void *ctx, const struct slack_reply *reply);

enum slack_urgency { SLACK_AT_ONCE, SLACK_SOON, SLACK_LATER, SLACK_URGENCY__COUNT };

struct slack_request {
    const char *method; /* "chat.postMessage" */
    const cJSON *json;  /* the arguments, of methods that take JSON; not kept */
    const char *form;   /* or as a form, "" or NULL for none */
    const char *url;    /* instead of the method's; no token is sent there */
    const void *file;   /* the bytes to be sent there */
    size_t file_len;
    const char *channel; /* whose limit it counts for, "" or NULL for none */
    enum slack_urgency urgency;
    int64_t within_ms; /* dropped as refused ("too_late") when not answered by then, 0: never */
    bool app;          /* with the app's token */
    bool once;         /* must not happen twice */
};

struct slack_api *slack_api_create(struct slack *s);
void slack_api_destroy(struct slack_api *api);

/* Everything is copied. `done` is called once, later, and never after slack_api_destroy. */
void slack_call(struct slack *s, const struct slack_request *request, slack_done done, void *ctx);

/* Whether calls wait for earlier ones: what is asked for now would wait, too. */
bool slack_api_busy(const struct slack_api *api);

/* The time in an HTTP date ("Mon, 23 Nov 2026 09:58:00 GMT"); 0 for anything else. */
int64_t slack_date_ms(const char *date);

/* One argument of a form, percent-encoded, appended to the others. */
const char *slack_form(struct arena *a, const char *form, const char *name, const char *value);

#endif
