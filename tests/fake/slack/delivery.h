/*
 * Envelopes on their way to the app: which socket one goes to, how long its acknowledgement may
 * take, when an event is sent again and when something is lost.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_DELIVERY_H
#define KIZUKI_TESTS_FAKE_SLACK_DELIVERY_H

#include <cjson/cJSON.h>
#include <libwebsockets.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tests/fake/common/map.h"
#include "tests/fake/slack/world.h"

#define RETRIES 3

struct server;
struct socket;

enum delivery_kind { DELIVERY_EVENT, DELIVERY_INTERACTIVE, DELIVERY_COMMAND, DELIVERY_OTHER };

/* What an acknowledgement with a payload is for. */
struct delivery_use {
    struct user *user;
    struct view *view;       /* it was submitted; NULL: not that */
    struct channel *channel; /* of a slash command */
};

struct delivery {
    struct delivery *next;
    struct server *server;
    enum delivery_kind kind;
    const char *type; /* as the envelope says */
    bool takes_payload;
    struct delivery_use use;
    char *payload; /* JSON, malloc'd */
    char envelope_id[UUID_MAX];
    int attempt;
    bool waits_for_ack; /* false: for its next attempt, or to be released */
    lws_sorted_usec_list_t timer;
};

struct deliveries {
    struct delivery *list;  /* under way */
    struct delivery *held;  /* newest first */
    struct map envelopes;   /* every one ever sent, by its id */
    char *last_event;       /* payload of the last message event, malloc'd */
    char last_id[UUID_MAX]; /* of the envelope sent last; "": there was no socket for it */
    /* settings */
    int64_t ack_ms;
    int64_t retry_ms[RETRIES];
    bool hold;
    bool lose_offline; /* events while no socket is open are not retried */
    int double_times;  /* so many envelopes are sent twice; -1: all */
    int copies;        /* of each message event, each with an event id of its own */
    int copies_times;  /* so many messages */
    /* counters */
    size_t n_events; /* different ones */
    size_t n_interactive;
    size_t n_commands;
    size_t n_sent; /* envelopes */
    size_t n_acked;
    size_t n_acked_late;
    size_t n_acked_again;
    size_t n_acked_elsewhere;
    size_t n_acked_unknown;
    size_t n_bad_payloads; /* acknowledgements with a payload nobody asked for */
    size_t n_timeouts;
    size_t n_redelivered;
    size_t n_lost_events;
    size_t n_lost_interactive;
    int64_t ack_max_ms;
    char last_loss[32];
};

void delivery_init(struct deliveries *d);

/* They take over the payload. */
void delivery_event(struct server *sv, cJSON *payload);
void delivery_interactive(struct server *sv, cJSON *payload, bool takes_payload,
                          const struct delivery_use *use);
void delivery_command(struct server *sv, cJSON *payload, const struct delivery_use *use);

/* An envelope of any type. */
void delivery_other(struct server *sv, const char *type, cJSON *payload);

/* What the app sent on that socket. */
void delivery_on_frame(struct server *sv, const struct socket *s, const char *text, size_t len);

/* "acked", "under_way", or "lost" for anything else. */
const char *delivery_fate(const struct deliveries *d, const char *envelope_id);

void delivery_release(struct server *sv, bool reversed);
void delivery_put_state(const struct deliveries *d, struct buf *b);
void delivery_stop(struct server *sv); /* gives up what is under way */
void delivery_free(struct deliveries *d);

#endif
