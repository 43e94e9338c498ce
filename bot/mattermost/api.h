/*
 * REST calls to one Mattermost server: token, rate limit and the meaning of replies. Calls that met
 * the rate limit are repeated by themselves, in order.
 */
#ifndef KIZUKI_BOT_MATTERMOST_API_H
#define KIZUKI_BOT_MATTERMOST_API_H

#include "base/json.h"
#include "bot/net/http.h"

struct mattermost;
struct mm_api;

enum mm_outcome {
    MM_OK,
    MM_REFUSED,      /* 4xx: the same again would be refused again */
    MM_UNAUTHORIZED, /* 401: the token, not the request */
    MM_UNSENT,       /* the server saw nothing of it */
    MM_UNKNOWN,      /* timeout, 5xx, a reply that is none: it may have happened */
};

struct mm_reply {
    enum mm_outcome outcome;
    int status;
    const cJSON *json;    /* MM_OK: the reply; NULL for calls that asked for the text */
    const char *error_id; /* the server's name of the error, "" for none */
    const char *error;    /* a line for the log, without secrets, "" for MM_OK */
    bool unreadable;      /* too long or no JSON; text is what came of it */
    const char *text;
    size_t len;
};

typedef void (*mm_done)(void *ctx, const struct mm_reply *reply);

struct mm_request {
    const char *method;
    const char *path; /* below /api/v4, with the query */
    const char *body; /* JSON, "" for none */
    const void *file; /* or the bytes of a file */
    size_t file_len;
    size_t max_bytes; /* of the reply, 0: 1 MiB */
    bool once;        /* must not happen twice */
    bool text;        /* the reply is wanted as text */
    bool any;         /* an unreadable reply is MM_OK, too */
};

struct mm_api *mm_api_create(struct mattermost *m);
void mm_api_destroy(struct mm_api *api);

/* Strings are copied. `done` is called once, later, and never after mm_api_destroy. */
void mm_call(struct mattermost *m, const struct mm_request *request, mm_done done, void *ctx);

/* How long the rate limit asks to wait, 0: not at all; and that it asks for that. */
int64_t mm_api_pause_ms(const struct mm_api *api);
void mm_api_pause(struct mm_api *api, int64_t ms);

/* Whether calls wait for earlier ones: what is asked for now would wait, too. */
bool mm_api_busy(const struct mm_api *api);

/* The body of a request, printed and freed. */
void mm_call_json(struct mattermost *m, const char *method, const char *path, cJSON *body,
                  mm_done done, void *ctx);

#endif
