#include "bot/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/alarm.h"
#include "bot/clicks.h"
#include "bot/mind.h"
#include "bot/owed.h"

#define KEEP_ENDED_MS (30 * DAY_MS)
#define DAY_MS        ((int64_t)24 * 60 * 60 * 1000)
#define WORK_LEASE_MS ((int64_t)60 * 1000)

struct engine {
    struct store *store;
    struct mind mind;
    struct sender *senders[2 * ENGINE_OUTLETS_MAX];
    size_t n_senders;
    bool in_turn; /* a transaction is open */
    struct engine_taken taken;
    struct clicks clicks;
    struct alarms *alarms;
    struct painter *painter; /* NULL for none */
    struct arena arena;      /* of the event */
};

struct engine *engine_create(const struct engine_setup *setup, struct faults *faults) {
    struct engine *e = xmalloc(sizeof(*e));
    *e = (struct engine){
        .store = setup->store,
        .mind = {.store = setup->store, .site = setup->site, .lang = setup->lang},
        .alarms = alarms_create(),
    };
    if (!mind_load(&e->mind, setup->content_dir, setup->intents_dir, faults)) {
        engine_destroy(e);
        return NULL;
    }
    return e;
}

void engine_destroy(struct engine *e) {
    if (!e) {
        return;
    }
    for (size_t i = 0; i < e->n_senders; i++) {
        sender_destroy(e->senders[i]);
    }
    alarms_destroy(e->alarms);
    mind_free(&e->mind);
    arena_free(&e->arena);
    free(e);
}

void engine_fix_codes(struct engine *e) {
    e->mind.fixed_codes = true;
}

bool engine_reload(struct engine *e, const struct engine_setup *setup, struct faults *faults) {
    if (!mind_reload(&e->mind, setup->content_dir, setup->intents_dir, faults)) {
        return false;
    }
    e->mind.site = setup->site;
    e->mind.lang = setup->lang;
    return true;
}

const struct reading *engine_reading(const struct engine *e) {
    return &e->mind.reading;
}

const char *engine_message(const struct engine *e, enum msg msg) {
    return e->mind.reading.pack->messages[msg].in[e->mind.lang];
}

/* ---- the notes of the senders ---- */

static int write_notes(struct engine *e, int64_t now_ms) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < e->n_senders; i++) {
        rc = sender_write_notes(e->senders[i], now_ms);
    }
    return rc;
}

static void forget_notes(struct engine *e) {
    for (size_t i = 0; i < e->n_senders; i++) {
        sender_forget_notes(e->senders[i]);
    }
}

/* ---- one turn ---- */

static struct sender *find_sender(const struct engine *e, const char *platform,
                                  const char *workspace, enum store_part part) {
    for (size_t i = 0; i < e->n_senders; i++) {
        if (sender_serves(e->senders[i], platform, workspace, part)) {
            return e->senders[i];
        }
    }
    return NULL;
}

/* The person's own page: where they look at it now, or looked before and it has changed. */
static int owe_home(struct engine *e, const struct owed *o, const struct step_input *in,
                    const struct profile *profile) {
    if (!o->cards || (o->event->kind != EVENT_HOME && !*profile->home)) {
        return 0;
    }
    struct reply page;
    const char *shown;
    dialogue_home(in, &e->arena, &page);
    int rc = owed_add_home(o, &page, profile->home, &shown);
    if (rc != 0 || strcmp(shown, profile->home) == 0) {
        return rc;
    }
    return store_identity_home(e->store, o->event->platform, o->event->workspace, o->event->user,
                               shown);
}

/* What an event that was not seen before brings about. */
static int answer(struct engine *e, const struct event *event) {
    const struct sender *sender = find_sender(e, event->platform, event->workspace, STORE_TALK);
    const char *desk = sender ? sender_desk(sender) : "";
    struct thought *t = arena_alloc(&e->arena, sizeof(*t));
    *t = (struct thought){.in = {.link = LINK_NONE}};
    int rc = mind_think(&e->mind, &e->arena, event, *desk != '\0', t);
    if (rc != 0) {
        return rc;
    }
    struct step *step = &t->step;
    e->taken = (struct engine_taken){
        .sheet = step->sheet, .errors = step->errors, .n_errors = step->n_errors};
    rc = profile_save(e->store, &e->arena, &t->profile, step, event);
    if (rc != 0) {
        return rc;
    }
    log_debug("event handled", "person", t->profile.person_id, "replies", LOG_N(step->n_replies));
    struct owed owed = {.store = e->store,
                        .arena = &e->arena,
                        .event = event,
                        .person_id = t->profile.person_id,
                        .cards = sender && sender_has_cards(sender),
                        .desk = desk,
                        .alarmed = alarms_answered(e->alarms, event)};
    rc = owed_add(&owed, step);
    t->in.session = &step->next;
    return rc == 0 ? owe_home(e, &owed, &t->in, &t->profile) : rc;
}

/*
 * A reaction to a message: which question that was, whether it is news, and an id of its own.
 * -ENOENT where the message asked nothing of this person.
 */
static int find_question(struct engine *e, struct event *event) {
    struct store_asked asked = {.recipient = ""};
    int rc = store_outbox_question(e->store, &e->arena, event->platform, event->workspace,
                                   event->shown, &asked);
    if (rc == 0 && strcmp(asked.recipient, event->user) != 0) {
        rc = -ENOENT;
    }
    if (rc != 0) {
        return rc;
    }
    event->question = asked.question;
    event->thread = asked.thread;
    struct store_tick tick = {.user = event->user, .mark = event->mark};
    int64_t changes = 0;
    bool on = event->kind != EVENT_UNTICK;
    rc = store_tick_set(e->store, event->platform, event->workspace, event->shown, &tick, on,
                        event->at_ms, &changes);
    if (rc == 0 && event->again && changes > 2) { /* it came and went: who knows when this was? */
        rc = store_tick_set(e->store, event->platform, event->workspace, event->shown, &tick, !on,
                            event->at_ms, &changes);
        rc = rc == 0 ? -EEXIST : rc;
    }
    event->id = arena_printf(&e->arena, "%s/%s/%s/%lld", event->shown, event->user, event->mark,
                             (long long)changes);
    return rc;
}

/* News of somebody who never talked with us are none of our business. */
static int check_known(struct engine *e, const struct event *event) {
    const char *channel;
    return event->kind == EVENT_ACCOUNT
               ? store_identity_channel(e->store, &e->arena, event->platform, event->workspace,
                                        event->user, &channel)
               : 0;
}

static int take(struct engine *e, struct event *event) {
    int rc = check_known(e, event);
    if (rc == 0) {
        rc = *event->shown ? find_question(e, event)
                           : store_inbox_add(e->store, event->platform, event->workspace, event->id,
                                             event->at_ms);
    }
    if (rc != 0) {
        return rc;
    }
    if (event->kind == EVENT_WORD && clicks_again(&e->clicks, event)) {
        return 0;
    }
    rc = answer(e, event);
    if (rc == 0 && e->taken.n_errors > 0) { /* it comes again, mended */
        rc = store_inbox_drop(e->store, event->platform, event->workspace, event->id);
    }
    /* Only the inbox knows a redelivery; any other row that is there already is a fault. */
    return rc == -EEXIST || rc == -ENOENT ? -EIO : rc;
}

/* The turn's transaction, with the notes in it: a reaction may be to what was just sent. */
static int begin(struct engine *e) {
    if (e->in_turn) {
        return 0;
    }
    int rc = store_begin(e->store);
    e->in_turn = rc == 0;
    return rc == 0 ? write_notes(e, clock_now_ms()) : rc;
}

static int give_up(struct engine *e, int rc) {
    store_rollback(e->store);
    e->in_turn = false;
    clicks_forget(&e->clicks);
    return rc;
}

int engine_take(struct engine *e, const struct event *event) {
    arena_reset(&e->arena);
    e->taken = (struct engine_taken){.sheet = NULL};
    struct event clean = mind_clean(&e->arena, event);
    int rc = begin(e);
    if (rc == 0) {
        rc = take(e, &clean);
    }
    if (rc == 0 || rc == -EEXIST || rc == -ENOENT) {
        return rc;
    }
    log_error("event not stored", "why", store_message(e->store));
    return give_up(e, rc);
}

int engine_pass(struct engine *e, const struct event *event) {
    int rc = begin(e);
    if (rc == 0) {
        rc =
            store_inbox_add(e->store, event->platform, event->workspace, event->id, clock_now_ms());
    }
    return rc == 0 || rc == -EEXIST ? rc : give_up(e, rc);
}

/* ---- cries for help ---- */

bool engine_hears_cry(struct engine *e, const struct event *event) {
    arena_reset(&e->arena);
    e->taken = (struct engine_taken){.sheet = NULL};
    struct event clean = mind_clean(&e->arena, event);
    struct thought *t = arena_alloc(&e->arena, sizeof(*t));
    *t = (struct thought){.in = {.link = LINK_NONE}};
    bool cry = false;
    if (mind_think_alone(&e->mind, &e->arena, &clean, t) == 0) {
        for (size_t i = 0; i < t->step.n_replies; i++) {
            cry = cry || t->step.replies[i].urgent;
        }
    }
    return cry;
}

/* What the event would bring about; false where that was stored before. Nothing is kept. */
static bool foresee(struct engine *e, const struct event *event, struct thought *t) {
    int rc = store_begin(e->store);
    if (rc == 0) {
        rc = store_inbox_add(e->store, event->platform, event->workspace, event->id, event->at_ms);
    }
    bool known = rc == -EEXIST;
    if (rc == 0) {
        rc = mind_think(&e->mind, &e->arena, event, false, t);
    }
    store_rollback(e->store);
    if (rc != 0 && !known) { /* not even read */
        rc = mind_think_alone(&e->mind, &e->arena, event, t);
    }
    return rc == 0;
}

static size_t urgent_rows(struct engine *e, const struct event *event, const struct thought *t,
                          const struct sender *sender, struct store_out rows[ALARM_ROWS_MAX]) {
    struct owed owed = {.arena = &e->arena,
                        .event = event,
                        .person_id = t->profile.person_id,
                        .cards = sender_has_cards(sender),
                        .desk = ""};
    size_t n = 0;
    for (size_t i = 0; i < t->step.n_replies && n < ALARM_ROWS_MAX; i++) {
        if (t->step.replies[i].urgent) {
            rows[n] = owed_row(&owed, &t->step.replies[i], i);
            rows[n++].question = ""; /* nobody would know of it */
        }
    }
    return n;
}

static bool sound(struct engine *e, const struct event *event, const struct sender *sender) {
    struct thought *t = arena_alloc(&e->arena, sizeof(*t));
    *t = (struct thought){.in = {.link = LINK_NONE}};
    struct store_out rows[ALARM_ROWS_MAX];
    size_t n = foresee(e, event, t) ? urgent_rows(e, event, t, sender, rows) : 0;
    if (n == 0) {
        return true;
    }
    bool sounded = alarms_sound(e->alarms, event, sender, rows, n, clock_now_ms());
    if (sounded) {
        log_warn("a cry for help was answered though nothing can be stored", "workspace",
                 event->workspace);
    }
    return false;
}

bool engine_alarm(struct engine *e, const struct event *event) {
    const struct sender *sender = find_sender(e, event->platform, event->workspace, STORE_TALK);
    bool said =
        event->kind == EVENT_MESSAGE || event->kind == EVENT_WORD || event->kind == EVENT_SUBMIT;
    if (!said || !sender || e->in_turn) {
        return !said || !sender;
    }
    arena_reset(&e->arena);
    e->taken = (struct engine_taken){.sheet = NULL};
    struct event clean = mind_clean(&e->arena, event);
    switch (alarms_state(e->alarms, &clean, clock_now_ms())) {
    case ALARM_UNKNOWN:
        return sound(e, &clean, sender);
    case ALARM_AGAIN:
        alarms_again(e->alarms, &clean, sender, clock_now_ms());
        return false;
    case ALARM_UNDER_WAY:
        return false;
    case ALARM_OVER:
        break;
    }
    return true;
}

const struct engine_taken *engine_taken(const struct engine *e) {
    return &e->taken;
}

int engine_take_cursor(struct engine *e, const char *platform, const char *workspace,
                       const struct store_cursor *cursor) {
    int rc = begin(e);
    if (rc == 0) {
        rc = store_cursor_put(e->store, platform, workspace, cursor);
    }
    return rc == 0 ? 0 : give_up(e, rc);
}

static int commit(struct engine *e) {
    if (!e->in_turn) {
        return 0;
    }
    int rc = store_commit(e->store);
    if (rc != 0) {
        return give_up(e, rc);
    }
    e->in_turn = false;
    forget_notes(e);
    return 0;
}

int engine_commit(struct engine *e) {
    if (!e->in_turn) {
        return 0;
    }
    int rc = commit(e);
    if (rc != 0) {
        log_error("turn not stored", "why", store_message(e->store));
        return rc;
    }
    return engine_deliver(e);
}

int engine_event(struct engine *e, const struct event *event) {
    int rc = engine_take(e, event);
    if (rc == -EEXIST || rc == -ENOENT) {
        store_rollback(e->store);
        e->in_turn = false;
        return rc;
    }
    if (rc == 0) {
        rc = commit(e);
        if (rc != 0) {
            log_error("event not stored", "why", store_message(e->store));
        }
    }
    return rc;
}

/* ---- what adapters ask about the past ---- */

int engine_first_ms(struct engine *e, const char *platform, const char *workspace,
                    int64_t *ret_ms) {
    return store_workspace_first_ms(e->store, platform, workspace, clock_now_ms(), ret_ms);
}

int engine_cursor(struct engine *e, struct arena *arena, const char *platform,
                  const char *workspace, const char *channel, struct store_cursor *ret) {
    return store_cursor_get(e->store, arena, platform, workspace, channel, ret);
}

int engine_asked(struct engine *e, struct arena *arena, const char *platform, const char *workspace,
                 int64_t within_ms, const char *const **ret, size_t *ret_n) {
    return store_outbox_asked(e->store, arena, platform, workspace, clock_now_ms() - within_ms, ret,
                              ret_n);
}

int engine_ticks(struct engine *e, struct arena *arena, const char *platform, const char *workspace,
                 const char *message, const struct store_tick **ret, size_t *ret_n) {
    return store_ticks_get(e->store, arena, platform, workspace, message, ret, ret_n);
}

/* ---- what is owed ---- */

void engine_paint_with(struct engine *e, struct painter *painter) {
    e->painter = painter;
    for (size_t i = 0; i < e->n_senders; i++) {
        sender_paint_with(e->senders[i], painter);
    }
}

static int attach(struct engine *e, const struct outlet *outlet, enum store_part part) {
    if (e->n_senders == ARRAY_LEN(e->senders)) {
        return -ENOSPC;
    }
    struct sender *s = sender_create(e->store, outlet, part);
    e->senders[e->n_senders++] = s;
    sender_paint_with(s, e->painter);
    return sender_deliver(s);
}

int engine_attach(struct engine *e, const struct outlet *outlet) {
    int rc = attach(e, outlet, STORE_TALK);
    return rc == 0 && outlet->cards ? attach(e, outlet, STORE_BESIDE) : rc;
}

static struct sender *sender_of(const struct engine *e, const struct store_out *row) {
    bool beside = row->kind == STORE_SETTLE || row->kind == STORE_HOME;
    return find_sender(e, row->platform, row->workspace, beside ? STORE_BESIDE : STORE_TALK);
}

int engine_outdated(struct engine *e, const struct store_out *row, bool *ret) {
    return store_outbox_outdated(e->store, row, ret);
}

int engine_deliver(struct engine *e) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < e->n_senders; i++) {
        rc = sender_deliver(e->senders[i]);
    }
    return rc;
}

bool engine_unsettled(const struct engine *e) {
    for (size_t i = 0; i < e->n_senders; i++) {
        if (sender_has_notes(e->senders[i])) {
            return true;
        }
    }
    return false;
}

int engine_settle(struct engine *e) {
    if (!engine_unsettled(e)) {
        return 0;
    }
    int rc = begin(e);
    return rc == 0 ? commit(e) : give_up(e, rc);
}

bool engine_doubts(const struct engine *e, const char *platform, const char *workspace) {
    const struct sender *s = find_sender(e, platform, workspace, STORE_TALK);
    return s && sender_doubts(s);
}

int engine_known(struct engine *e, struct arena *arena, const char *platform, const char *workspace,
                 const char *user, const char **ret_channel) {
    return store_identity_channel(e->store, arena, platform, workspace, user, ret_channel);
}

int engine_directs(struct engine *e, struct arena *arena, const char *platform,
                   const char *workspace, int64_t within_ms, const struct store_direct **ret,
                   size_t *ret_n) {
    return store_directs_get(e->store, arena, platform, workspace, clock_now_ms() - within_ms, ret,
                             ret_n);
}

int engine_cards(struct engine *e, struct arena *arena, const struct store_out *row, size_t max,
                 const struct store_card **ret, size_t *ret_n, bool *ret_pending) {
    return store_outbox_cards(e->store, arena, row, max, ret, ret_n, ret_pending);
}

int engine_uploaded(struct engine *e, const struct store_out *row, const char *file) {
    struct sender *s = sender_of(e, row);
    if (s) {
        sender_uploaded(s, row->ord, file);
    }
    return engine_settle(e);
}

void engine_posted(struct engine *e, const struct store_out *row, const char *remote_id) {
    struct sender *s = sender_of(e, row);
    if (s) {
        sender_posted(s, row->ord, remote_id);
    }
}

void engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                 const char *reason) {
    struct sender *s = sender_of(e, row);
    if (s && !alarms_done(e->alarms, row, sent, clock_now_ms())) {
        sender_done(s, row->ord, sent, reason);
    }
}

/* ---- due work ---- */

static int prune(struct engine *e, const char *subject, int64_t now_ms) {
    int rc = store_prune(e->store, now_ms - KEEP_ENDED_MS);
    return rc == 0 ? store_work_set(e->store, "prune", subject, now_ms + DAY_MS) : rc;
}

/* Each does its work for the subject and plans its next time, or removes the job. */
static const struct job {
    const char *kind;
    int (*run)(struct engine *e, const char *subject, int64_t now_ms);
} jobs[] = {{"prune", prune}};

static int do_work(struct engine *e, const char *kind, const char *subject, int64_t now_ms) {
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        if (strcmp(jobs[i].kind, kind) == 0) {
            return jobs[i].run(e, subject, now_ms);
        }
    }
    log_error("due work of an unknown kind, put off for a day", "kind", kind);
    return store_work_set(e->store, kind, subject, now_ms + DAY_MS);
}

/* Claims one job and does it in the same transaction; -ENOENT if none is due. */
static int work_once(struct engine *e, int64_t now_ms) {
    const char *kind;
    const char *subject;
    int rc = store_begin(e->store);
    if (rc == 0) {
        rc = store_work_claim(e->store, &e->arena, now_ms, now_ms + WORK_LEASE_MS, &kind, &subject);
    }
    if (rc == 0) {
        rc = do_work(e, kind, subject, now_ms);
        rc = rc == -ENOENT ? -EIO : rc; /* a row that a job misses is not the end of the work */
    }
    if (rc == 0) {
        rc = store_commit(e->store);
    }
    if (rc != 0) {
        store_rollback(e->store);
    }
    return rc;
}

int engine_work(struct engine *e, int64_t *ret_next_ms) {
    arena_reset(&e->arena);
    int64_t now = clock_now_ms();
    int rc;
    while ((rc = work_once(e, now)) == 0) {
        log_debug("due work done");
    }
    if (rc != -ENOENT) {
        return rc;
    }
    int64_t next_ms = now + DAY_MS;
    rc = store_work_next_ms(e->store, &next_ms);
    if (rc == -ENOENT) {
        rc = store_work_set(e->store, "prune", "", next_ms);
    }
    for (size_t i = 0; rc == 0 && i < e->n_senders; i++) {
        rc = sender_next_ms(e->senders[i], &next_ms);
    }
    *ret_next_ms = rc == 0 ? next_ms : *ret_next_ms;
    return rc;
}
