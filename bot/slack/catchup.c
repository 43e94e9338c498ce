#include "bot/slack/catchup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/slack/history.h"
#include "bot/slack/intake.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"

#define DAY_MS        ((int64_t)24 * 60 * 60 * 1000)
#define ACTIVE_MS     (30 * DAY_MS)             /* whoever was silent for longer is not read back */
#define ASKED_MS      (29 * DAY_MS)             /* what was handled is known for 30 days */
#define MARGIN_MS     ((int64_t)60 * 1000)      /* clocks, and what was on its way */
#define THREAD_MS     (3 * DAY_MS)              /* a thread as old as that may have gone on */
#define AGAIN_MS      ((int64_t)10 * 60 * 1000) /* how far back without a gap */
#define SOON_MS       ((int64_t)2000)
#define SOON_AGAIN_MS ((int64_t)5 * 60 * 1000)
#define RETRY_MS      ((int64_t)5000)
#define NEW_MAX       200 /* people who are not known yet */
#define ALL           "*" /* the cursor of the workspace: nothing before it is missing */

struct conversation {
    const char *channel;
    int64_t since_ms; /* of Slack's clock */
};

struct slack_catchup {
    struct slack *s;
    struct arena arena; /* of one run */
    struct conversation *list;
    size_t n;
    size_t at;
    size_t n_new;         /* of people who are not known yet */
    const char *cursor;   /* asking for those, page by page */
    const char **parents; /* threads of the conversation at hand, still to be read */
    size_t n_parents;
    int64_t soon_ms; /* of loop_now_ms: when something seemed missing and is, or was, read back */
    bool began;      /* the cursor was asked */
    bool running;
    bool listing; /* asks for new people */
    bool again;
    bool blind;       /* in this run, the app may not read conversations */
    int64_t from_ms;  /* what may be missing begins here; 0: the cursor tells */
    int64_t begun_ms; /* of this run */
    int64_t gap_ms;   /* a connection was lost meanwhile, 0: none was */
    struct slack_walk *walk;
    struct loop_timer *timer;
};

static void next_conversation(struct slack_catchup *c);
static void begin(struct slack_catchup *c);

static void on_timer(void *ctx) {
    struct slack_catchup *c = ctx;
    if (!slack_socket_authorized(c->s)) {
        return; /* the next connection is the time */
    }
    if (c->running) {
        next_conversation(c);
    } else {
        begin(c);
    }
}

struct slack_catchup *slack_catchup_create(struct slack *s) {
    struct slack_catchup *c = xmalloc(sizeof(*c));
    *c = (struct slack_catchup){.s = s};
    c->timer = loop_timer_create(s->setup.loop, on_timer, c);
    return c;
}

void slack_catchup_destroy(struct slack_catchup *c) {
    if (c) {
        slack_history_forget(c->walk);
        loop_timer_destroy(c->timer);
        arena_free(&c->arena);
        free(c);
    }
}

/* ---- from when on ---- */

static void widen(struct slack_catchup *c, int64_t from_ms) {
    c->from_ms = c->from_ms == 0 || from_ms < c->from_ms ? from_ms : c->from_ms;
}

/* What the last process left: everything was seen until then. */
static int recall(struct slack_catchup *c, int64_t *ret_ms) {
    struct store_cursor cursor;
    int rc = engine_cursor(c->s->setup.engine, &c->arena, SLACK_PLATFORM, c->s->setup.name, ALL,
                           &cursor);
    *ret_ms = rc == 0 ? cursor.message_ms - c->s->skew_ms : clock_now_ms();
    return rc;
}

/* In Slack's time: our clock may be set right before we read it. */
static void reach(struct slack_catchup *c, int64_t until_ms) {
    slack_intake_cursor(c->s->intake,
                        &(struct store_cursor){
                            .channel = ALL, .message = "", .message_ms = until_ms + c->s->skew_ms});
}

void slack_catchup_gap(struct slack_catchup *c) {
    if (!c->running) {
        widen(c, clock_now_ms());
    } else if (c->gap_ms == 0) {
        c->gap_ms = clock_now_ms();
    }
}

void slack_catchup_reached(struct slack_catchup *c) {
    if (!c->running && c->from_ms == 0) {
        reach(c, clock_now_ms());
    }
}

/* ---- one run ---- */

static void finish(struct slack_catchup *c) {
    log_debug("caught up", "workspace", c->s->setup.name, "conversations", LOG_N(c->n));
    c->running = false;
    c->n = 0;
    if (c->blind) { /* what was missed stays so until it may */
        loop_timer_set(c->timer, AGAIN_MS);
        return;
    }
    c->from_ms = 0;
    reach(c, c->begun_ms);
    if (c->gap_ms > 0) { /* something is known to be missing: no reason to wait */
        widen(c, c->gap_ms);
        c->gap_ms = 0;
        c->soon_ms = loop_now_ms() + SOON_MS;
        loop_timer_set(c->timer, SOON_MS);
    }
    if (c->again) {
        c->again = false;
        slack_catchup_soon(c);
    }
}

static void fail(struct slack_catchup *c, const char *why) {
    log_warn("missed messages cannot be read yet", "workspace", c->s->setup.name, "why", why);
    loop_timer_set(c->timer, RETRY_MS);
}

/* In Slack's time, where what may be missing begins. */
static int64_t from(const struct slack_catchup *c) {
    return c->from_ms + c->s->skew_ms - MARGIN_MS;
}

/* A question that is open may have been reacted to: it is read, too, however old. */
static int64_t since(const struct slack_catchup *c, const char *channel, const char *const *asked,
                     size_t n) {
    int64_t since_ms = from(c);
    size_t len = strlen(channel);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(asked[i], channel, len) == 0 && asked[i][len] == '/') {
            int64_t ms = slack_ts_ms(asked[i] + len + 1);
            since_ms = ms > 0 && ms < since_ms ? ms : since_ms;
        }
    }
    return since_ms;
}

static int list_conversations(struct slack_catchup *c) {
    struct engine *e = c->s->setup.engine;
    const struct store_direct *directs;
    const char *const *asked;
    size_t n_asked;
    int rc = engine_settle(e); /* the last question may have been sent just now */
    if (rc == 0) {
        rc = engine_directs(e, &c->arena, SLACK_PLATFORM, c->s->setup.name, ACTIVE_MS, &directs,
                            &c->n);
    }
    if (rc == 0) {
        rc = engine_asked(e, &c->arena, SLACK_PLATFORM, c->s->setup.name, ASKED_MS, &asked,
                          &n_asked);
    }
    if (rc != 0) {
        return rc;
    }
    c->list = arena_alloc(&c->arena, (c->n + NEW_MAX) * sizeof(*c->list));
    for (size_t i = 0; i < c->n; i++) {
        c->list[i] = (struct conversation){
            .channel = directs[i].channel,
            .since_ms = directs[i].asked ? since(c, directs[i].channel, asked, n_asked) : from(c)};
    }
    return 0;
}

/* ---- people who had not talked with us, or not for long, and wrote while nobody listened ---- */

static void ask_new(struct slack_catchup *c);

static bool is_listed(const struct slack_catchup *c, const char *channel) {
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(c->list[i].channel, channel) == 0) {
            return true;
        }
    }
    return false;
}

static void add_new(struct slack_catchup *c, const cJSON *json) {
    const char *channel = json_string(json, "id");
    bool gone = cJSON_IsTrue(json_member(json, "is_user_deleted"));
    bool known = !channel || !slack_is_id(channel) || is_listed(c, channel);
    if (known || gone || !json_string(json, "user")) {
        return;
    }
    if (c->n_new < NEW_MAX) {
        c->n_new++;
        c->list[c->n++] =
            (struct conversation){.channel = arena_strdup(&c->arena, channel), .since_ms = from(c)};
    }
}

static void on_new(void *ctx, const struct slack_reply *reply) {
    struct slack_catchup *c = ctx;
    const cJSON *json;
    c->listing = false;
    if (reply->outcome != SLACK_DONE && reply->outcome != SLACK_REFUSED) {
        fail(c, reply->error);
        return;
    }
    if (reply->outcome == SLACK_REFUSED) {
        log_warn("people who wrote for the first time cannot be looked for", "workspace",
                 c->s->setup.name, "why", reply->error);
    }
    cJSON_ArrayForEach(json, json_member(reply->json, "channels")) {
        add_new(c, json);
    }
    const char *next = json_string(json_member(reply->json, "response_metadata"), "next_cursor");
    c->cursor = next && *next && c->n_new < NEW_MAX ? arena_strdup(&c->arena, next) : NULL;
    next_conversation(c);
}

static void ask_new(struct slack_catchup *c) {
    struct arena a = {0};
    const char *form = slack_form(&a, slack_form(&a, "", "types", "im"), "limit", "200");
    form = *c->cursor ? slack_form(&a, form, "cursor", c->cursor) : form;
    struct slack_request request = {
        .method = "users.conversations", .form = form, .urgency = SLACK_LATER};
    c->listing = true;
    slack_call(c->s, &request, on_new, c);
    arena_free(&a);
}

static void begin(struct slack_catchup *c) {
    int64_t known_ms;
    arena_reset(&c->arena);
    c->n = 0;
    c->n_new = 0;
    c->cursor = "";
    c->at = 0;
    c->n_parents = 0;
    c->blind = false;
    c->begun_ms = clock_now_ms();
    c->soon_ms = c->soon_ms < loop_now_ms() ? c->soon_ms : loop_now_ms();
    int rc = recall(c, &known_ms);
    if (c->from_ms == 0 || !c->began) {
        widen(c, known_ms);
    }
    c->began = c->began || rc == 0 || rc == -ENOENT;
    if (rc == 0 || rc == -ENOENT) {
        rc = list_conversations(c);
    }
    if (rc != 0) {
        fail(c, "the database cannot be read");
        return;
    }
    c->running = true;
    next_conversation(c);
}

void slack_catchup_now(struct slack_catchup *c) {
    loop_timer_clear(c->timer);
    if (c->running) { /* what was missed meanwhile is read behind it */
        next_conversation(c);
    } else {
        begin(c);
    }
}

void slack_catchup_soon(struct slack_catchup *c) {
    if (c->running) {
        c->again = true;
        return;
    }
    widen(c, clock_now_ms() - AGAIN_MS);
    int64_t now = loop_now_ms();
    if (c->soon_ms > now) {
        return; /* it will be looked for */
    }
    /* Each reading asks for every conversation: what goes on going wrong is not to cause many. */
    int64_t rest = c->soon_ms > 0 ? c->soon_ms + SOON_AGAIN_MS - now : 0;
    c->soon_ms = now + (rest > SOON_MS ? rest : SOON_MS);
    loop_timer_set(c->timer, c->soon_ms - now);
}

bool slack_catchup_pending(struct slack_catchup *c, const char *channel) {
    for (size_t i = c->at; c->running && i < c->n; i++) {
        if (strcmp(c->list[i].channel, channel) != 0) {
            continue;
        }
        if (i > c->at + 1) { /* the one at hand is being read already */
            struct conversation wanted = c->list[i];
            memmove(&c->list[c->at + 2], &c->list[c->at + 1], (i - c->at - 1) * sizeof(*c->list));
            c->list[c->at + 1] = wanted;
        }
        return true;
    }
    return false;
}

/* ---- one conversation after the other ---- */

static bool listed(const struct slack_past *past, const struct store_tick *tick) {
    for (size_t i = 0; i < past->n_reactions; i++) {
        if (strcmp(past->reactions[i].user, tick->user) == 0 &&
            strcmp(past->reactions[i].name, tick->mark) == 0) {
            return true;
        }
    }
    return false;
}

/* Reactions to a message of ours: those that are there, and those that are not any more. */
static bool take_reactions(struct slack_catchup *c, const struct slack_past *past) {
    const struct slack_message *m = &past->message;
    const struct store_tick *ticks;
    size_t n;
    const char *id = arena_printf(&c->arena, "%s/%s", m->channel, m->ts);
    if (engine_ticks(c->s->setup.engine, &c->arena, SLACK_PLATFORM, c->s->setup.name, id, &ticks,
                     &n) != 0) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        struct slack_reaction gone = {.user = ticks[i].user,
                                      .name = ticks[i].mark,
                                      .channel = m->channel,
                                      .ts = m->ts,
                                      .event_ts = m->ts};
        if (!listed(past, &ticks[i]) && !slack_intake_reaction(c->s->intake, &gone)) {
            return false;
        }
    }
    for (size_t i = 0; i < past->n_reactions; i++) {
        if (!slack_intake_reaction(c->s->intake, &past->reactions[i])) {
            return false;
        }
    }
    return true;
}

static bool take_message(struct slack_catchup *c, const struct slack_past *past) {
    return past->message.automatic ? take_reactions(c, past)
                                   : slack_intake_message(c->s->intake, &past->message);
}

/* False where not all of it could be taken: it is read again. */
static bool take_messages(struct slack_catchup *c, const struct slack_history *h, bool thread) {
    int64_t since_ms = thread ? from(c) : c->list[c->at].since_ms;
    for (size_t i = 0; i < h->n; i++) {
        const struct slack_past *past = &h->messages[i];
        bool good = slack_ts_ms(past->message.ts) < since_ms || take_message(c, past);
        if (!good) {
            return false;
        }
        bool went_on = *past->latest_reply && slack_ts_ms(past->latest_reply) >= from(c);
        if (!thread && went_on) {
            c->parents[c->n_parents++] = arena_strdup(&c->arena, past->message.ts);
        }
    }
    return true;
}

/* True: that conversation or thread is passed over. */
static bool refused(struct slack_catchup *c, const struct slack_history *h) {
    if (h->outcome != SLACK_REFUSED) {
        return false;
    }
    c->blind = c->blind || strcmp(h->code, "missing_scope") == 0;
    log_warn("a conversation cannot be read back", "workspace", c->s->setup.name, "why", h->error);
    return true;
}

static void on_thread(void *ctx, const struct slack_history *h) {
    struct slack_catchup *c = ctx;
    c->walk = NULL;
    bool skipped = refused(c, h);
    if (h->outcome != SLACK_DONE && !skipped) {
        fail(c, h->error);
    } else if (!skipped && !take_messages(c, h, true)) {
        fail(c, "too much waits to be answered");
    } else {
        c->n_parents--;
        next_conversation(c);
    }
}

static void on_history(void *ctx, const struct slack_history *h) {
    struct slack_catchup *c = ctx;
    c->walk = NULL;
    c->parents = arena_alloc(&c->arena, (h->n + 1) * sizeof(*c->parents));
    bool skipped = refused(c, h);
    if (h->outcome != SLACK_DONE && !skipped) {
        fail(c, h->error);
        return;
    }
    if (!skipped && !take_messages(c, h, false)) {
        c->n_parents = 0;
        fail(c, "too much waits to be answered");
        return;
    }
    if (h->cut) {
        log_error("more was missed in a conversation than is read back", "workspace",
                  c->s->setup.name, "channel", c->list[c->at].channel);
    }
    c->list[c->at].since_ms = 0; /* the conversation itself is read */
    next_conversation(c);
}

/* The threads of the conversation at hand, then the next one. */
static void next_conversation(struct slack_catchup *c) {
    if (c->walk || c->listing) {
        return;
    }
    if (c->n_parents > 0) {
        c->walk = slack_history(c->s, c->list[c->at].channel, c->parents[c->n_parents - 1], from(c),
                                SLACK_LATER, on_thread, c);
        return;
    }
    if (c->at < c->n && c->list[c->at].since_ms == 0) {
        c->at++;
    }
    if (c->at >= c->n && c->cursor) {
        ask_new(c);
        return;
    }
    if (c->at >= c->n) {
        finish(c);
        return;
    }
    c->walk = slack_history(c->s, c->list[c->at].channel, "", c->list[c->at].since_ms - THREAD_MS,
                            SLACK_LATER, on_history, c);
}
