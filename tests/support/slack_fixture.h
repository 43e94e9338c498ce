/*
 * A Slack workspace without a network: all of its parts, with a real engine and a database in
 * memory. Calls wait until the test answers them, connections until it speaks on them, timers until
 * it lets time pass. For tests with the line: LDFLAGS: @tests/support/slack_fixture.flags
 */
#ifndef KIZUKI_TESTS_SUPPORT_SLACK_FIXTURE_H
#define KIZUKI_TESTS_SUPPORT_SLACK_FIXTURE_H

#include "bot/net/ws.h"
#include "bot/slack/api.h"
#include "bot/slack/asides.h"
#include "bot/slack/catchup.h"
#include "bot/slack/forms.h"
#include "bot/slack/intake.h"
#include "bot/slack/outgoing.h"
#include "bot/slack/people.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"
#include "tests/support/adapter_fixture.h"

#define ME     "U0KIZUKI1"
#define HANAKO "U0HANAKO1"
#define TARO   "U0TARO001"
#define DM     "D0HANAKO1" /* of Hanako and us */
#define TARODM "D0TARO001"
#define PUBLIC "C0PUBLIC1"
#define TEAM   "T0ACME001"

#define WITH_WORKSPACE(f) cmocka_unit_test_setup_teardown(f, sl_begin, sl_end)

extern struct slack sl;

/* Slack has told who we are; there is no connection. */
int sl_begin(void **state);
/* Fails where a call is left that nobody answered. */
int sl_end(void **state);

/* ---- calls, oldest first ---- */

struct sl_asked {
    const char *method;
    const char *form; /* "" for JSON */
    cJSON *json;      /* NULL for a form */
    const char *url;  /* "" for the method's */
    const char *file;
    size_t file_len;
    const char *channel;
    enum slack_urgency urgency;
    int64_t within_ms;
    bool app;
    bool once;
    slack_done done;
    void *ctx;
};

size_t sl_waiting(void);
const char *sl_next(void); /* the method of the oldest, "" for none */
/* The oldest call, taken away; it must be that one. Its JSON lives until the test ends. */
struct sl_asked sl_take(const char *method);
/* An argument: of a form, decoded, or a text in JSON at "a.b"; "" where there is none. */
const char *sl_arg(const struct sl_asked *asked, const char *name);
/* SLACK_DONE says JSON, SLACK_REFUSED and SLACK_UNAUTHORIZED a code or JSON with one in it; the
 * others nothing. */
void sl_answer(const struct sl_asked *asked, enum slack_outcome outcome, const char *said);
/* Both at once. */
void sl_expect(const char *method, enum slack_outcome outcome, const char *said);

/* ---- connections, in the order they were asked for ---- */

enum sl_link_state { SL_OPEN, SL_OVER, SL_CLOSED, SL_DROPPED };

struct ws {
    struct ws_setup setup;
    const char *url;
    enum sl_link_state state;
};
extern struct ws sl_links[512];
extern size_t sl_n_links;

struct sl_ack {
    size_t link;
    const char *envelope;
    const char *payload; /* as JSON, "" for none */
};
extern struct sl_ack sl_acks[512];
extern size_t sl_n_acks;

void sl_hear(size_t link, const char *text);
void sl_hello(size_t link, int connections);
/* The other side ends it: with that status at the upgrade, 0 later. */
void sl_cut(size_t link, int status, int64_t retry_after_ms);
/* From the beginning to a connection that has caught up; link 0, slack_link_id 1. Nothing of it is
 * left in what is counted here. */
void sl_connect(void);

/* ---- what becomes of it ---- */

/* A turn's end, as in run.c; what handing in or committing said. */
int sl_turn(bool one);

/* These envelopes were acknowledged since, in this order, on the first connection. */
#define SL_ACKS(...)                                                                               \
    sl_assert_acks((const char *const[]){__VA_ARGS__},                                             \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
void sl_assert_acks(const char *const *envelopes, size_t n);
/* These events were handed in since, by their text. */
#define SL_TEXTS(...)                                                                              \
    sl_assert_texts((const char *const[]){__VA_ARGS__},                                            \
                    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
void sl_assert_texts(const char *const *texts, size_t n);

/* ---- things to say ---- */

/* Said to us alone, in the D… of that U…, n ms from now as it was in the beginning. */
struct slack_message sl_message(const char *user, int n, const char *text);
/* On the first connection; what a frame has to have is filled in. */
void sl_frame(struct slack_frame f, const char *envelope);
void sl_hear_message(const struct slack_message *m, const char *envelope);
/* Both, in the envelope "e<n>". */
void sl_say(const char *user, int n, const char *text);
/* A reaction to a message there, 5 ms old. */
void sl_react(const char *user, const char *name, bool added, const char *channel);

const char *sl_ts(int64_t ms);
/* That person is known. */
void sl_know(const char *id, bool bot);
/* That person has talked with us in that direct conversation, as the database has it. */
void sl_met(const char *id, const char *channel);

struct sl_past {
    const char *ts;
    const char *user; /* NULL: ours */
    const char *text;
    const char *key;
    const char *thread;
    const char *latest_reply;
    const char *reactions; /* JSON */
};
/* {"ok":true,"messages":[…],"response_metadata":{"next_cursor":…}} */
const char *sl_page(const struct sl_past *messages, size_t n, const char *next);

#endif
