/*
 * Messages: what the server keeps of them, what changes when, and which events that makes. Whether
 * somebody may is decided by the callers.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_MESSAGE_H
#define KIZUKI_TESTS_FAKE_SLACK_MESSAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "tests/fake/slack/world.h"

struct server;

struct message {
    char ts[TS_MAX];
    struct user *user;
    struct channel *channel;
    struct message *root;     /* NULL: not in a thread, or its root */
    struct user *only;        /* ephemeral: who sees it; NULL: everybody */
    cJSON *json;              /* as history has it */
    cJSON *states;            /* by person: block_id: action_id: what is chosen there */
    struct message **replies; /* malloc'd; of a root */
    size_t n_replies;
    bool deleted;
};

struct draft {
    struct user *user;
    struct channel *channel;
    struct message *root;
    struct user *only;
    const char *text;    /* escaped */
    const char *subtype; /* NULL: none */
    cJSON *blocks;       /* taken over; NULL: a rich_text block from the text */
    cJSON *metadata;     /* taken over; or NULL */
    cJSON *files;        /* taken over; or NULL */
    bool no_blocks;
};

struct message *message_post(struct server *sv, struct draft *d);
struct message *message_find(const struct world *w, const struct channel *c, const char *ts);

/* NULL leaves a part as it is; blocks and metadata are taken over. */
void message_edit(struct server *sv, struct message *m, const char *text, cJSON *blocks,
                  cJSON *metadata);
void message_delete(struct server *sv, struct message *m);

/* False: nothing has changed. */
bool message_react(struct server *sv, struct message *m, struct user *u, const char *emoji);
bool message_unreact(struct server *sv, struct message *m, struct user *u, const char *emoji);

/* A copy with the metadata or without it. */
cJSON *message_copy(const struct message *m, bool with_metadata);

/* What that person has chosen in it: an object, made when there is none. */
cJSON *message_state(struct message *m, const struct user *u);

void message_free_all(struct server *sv);

#endif
