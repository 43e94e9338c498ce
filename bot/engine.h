/*
 * The straight way of every event: seen before? → load → step → one transaction (state and outbox)
 * → sender. Knows no platform; what leaves goes to the outlets attached.
 */
#ifndef KIZUKI_BOT_ENGINE_H
#define KIZUKI_BOT_ENGINE_H

#include "base/event.h"
#include "bot/sender.h"
#include "content/pack.h"
#include "intents/step.h"
#include "store/store.h"

#define ENGINE_OUTLETS_MAX 17

struct engine;
struct reading;

struct engine_setup {
    struct store *store;     /* stays the caller's */
    const char *content_dir; /* "" or NULL: the pack in the binary; not kept */
    const char *intents_dir; /* "" or NULL: no sentences of the site's; not kept */
    struct site site;        /* texts must outlive the engine or the next reload */
    enum lang lang;          /* of people who have not chosen one and whose platform says nothing */
};

/* Loads the content; NULL with *faults filled if it is faulty. */
struct engine *engine_create(const struct engine_setup *setup, struct faults *faults);
void engine_destroy(struct engine *e);

/* For simulations: from now on codes follow from who asks and when. Anybody could guess them. */
void engine_fix_codes(struct engine *e);

/* For all workspaces, also those attached later: see sender_paint_with. */
void engine_paint_with(struct engine *e, struct painter *painter);

/* From now on messages of that workspace leave there; those of an earlier process do at once. */
int engine_attach(struct engine *e, const struct outlet *outlet) WARN_UNUSED;

/*
 * One event of the turn at hand: 0; -EEXIST when it was handled before; -ENOENT for a reaction to
 * something that was no question to that person; otherwise an error of store.h, and then nothing of
 * the whole turn is kept. NULL strings in the event are taken as "".
 */
int engine_take(struct engine *e, const struct event *event) WARN_UNUSED;

/*
 * While nothing can be stored: if the event is a cry for help, what answers it leaves at once, from
 * memory; when the event is taken later it is not said again. Not within a turn. False where
 * something is still under way or to be tried again: ask again later.
 */
bool engine_alarm(struct engine *e, const struct event *event);

/* Whether the event is a cry for help, whoever it comes from. Changes nothing. */
bool engine_hears_cry(struct engine *e, const struct event *event);

/* The event is known from now on, and nothing comes of it. */
int engine_pass(struct engine *e, const struct event *event) WARN_UNUSED;

/* What the event just taken asks for at once, until the next one is taken; see struct step. */
struct engine_taken {
    const struct sheet *sheet; /* NULL for none */
    const struct sheet_error *errors;
    size_t n_errors;
};
const struct engine_taken *engine_taken(const struct engine *e);

/* The turn's cursor: the channel was read up to there. As engine_take. */
int engine_take_cursor(struct engine *e, const char *platform, const char *workspace,
                       const struct store_cursor *cursor) WARN_UNUSED;

/*
 * For adapters, what is known of the past, with the errors of store.h: when the workspace was first
 * connected; how far a channel was read; the messages with the last question to each person, asked
 * within that time; the reactions to one of them.
 */
int engine_first_ms(struct engine *e, const char *platform, const char *workspace,
                    int64_t *ret_ms) WARN_UNUSED;
int engine_cursor(struct engine *e, struct arena *arena, const char *platform,
                  const char *workspace, const char *channel, struct store_cursor *ret) WARN_UNUSED;
int engine_asked(struct engine *e, struct arena *arena, const char *platform, const char *workspace,
                 int64_t within_ms, const char *const **ret, size_t *ret_n) WARN_UNUSED;
int engine_ticks(struct engine *e, struct arena *arena, const char *platform, const char *workspace,
                 const char *message, const struct store_tick **ret, size_t *ret_n) WARN_UNUSED;

/*
 * Whether that person is known (-ENOENT: not) and where their direct conversation is; the direct
 * conversations in which something was said within that time (store_directs_get); the messages a
 * STORE_SETTLE row is about (store_outbox_cards).
 */
int engine_known(struct engine *e, struct arena *arena, const char *platform, const char *workspace,
                 const char *user, const char **ret_channel) WARN_UNUSED;
int engine_directs(struct engine *e, struct arena *arena, const char *platform,
                   const char *workspace, int64_t within_ms, const struct store_direct **ret,
                   size_t *ret_n) WARN_UNUSED;
int engine_cards(struct engine *e, struct arena *arena, const struct store_out *row, size_t max,
                 const struct store_card **ret, size_t *ret_n, bool *ret_pending) WARN_UNUSED;
/* Whether a newer page of the same person waits behind this one (store_outbox_outdated). */
int engine_outdated(struct engine *e, const struct store_out *row, bool *ret) WARN_UNUSED;

/* Ends the turn: commits all that was taken, together, then delivers. 0 where nothing was. */
int engine_commit(struct engine *e) WARN_UNUSED;

/* A turn with one event. What engine_take says, or the error of committing. */
int engine_event(struct engine *e, const struct event *event) WARN_UNUSED;

/*
 * Sends what is due. Errors as in store.h; what was sent is remembered and marked later. After an
 * error here or from engine_settle or engine_work wait a while: the same would fail at once again.
 */
int engine_deliver(struct engine *e) WARN_UNUSED;

/* Writes down what was sent since the last commit. Call when idle and before the end. */
int engine_settle(struct engine *e) WARN_UNUSED;
bool engine_unsettled(const struct engine *e);

/* Whether that workspace has messages of an earlier process that may have been sent. */
bool engine_doubts(const struct engine *e, const char *platform, const char *workspace);

/* From outlets, for rows under way; see sender_posted and sender_done. */
void engine_posted(struct engine *e, const struct store_out *row, const char *remote_id);
/* The picture of the row is there under that id; written down at once, errors as in store.h. */
int engine_uploaded(struct engine *e, const struct store_out *row, const char *file) WARN_UNUSED;
void engine_sent(struct engine *e, const struct store_out *row, enum sent sent, const char *reason);

/*
 * Does due work; *ret_next_ms is when there is more to do or to send. Call engine_deliver too when
 * that time has come, and after this.
 */
int engine_work(struct engine *e, int64_t *ret_next_ms) WARN_UNUSED;

/*
 * Takes content, sentences, site texts and language anew (the store stays); on faults the old ones
 * stay and false is returned.
 */
bool engine_reload(struct engine *e, const struct engine_setup *setup, struct faults *faults);

/* What messages are read with, until the next reload. */
const struct reading *engine_reading(const struct engine *e);

/* A message of the catalogue without placeholders, in the language of newcomers. */
const char *engine_message(const struct engine *e, enum msg msg);

#endif
