/*
 * The straight way of every event: seen before? → load → step → one transaction (state and outbox)
 * → sender. Knows no platform; what leaves goes to the one callback given at creation.
 */
#ifndef KIZUKI_BOT_ENGINE_H
#define KIZUKI_BOT_ENGINE_H

#include "base/event.h"
#include "content/pack.h"
#include "intents/step.h"
#include "store/store.h"

struct engine;

enum sent { SENT_OK, SENT_RETRY, SENT_DEAD };

struct engine_setup {
    struct store *store;     /* stays the caller's */
    const char *content_dir; /* "" or NULL: the pack in the binary; not kept */
    struct site site;        /* texts must outlive the engine or the next reload */
    enum lang lang;          /* of people who have not chosen one */
    /* Hands one committed message to its platform; must not block for long. */
    enum sent (*send)(void *ctx, const struct store_out *row);
    void *ctx;
};

/* Loads the content; NULL with *faults filled if it is faulty. */
struct engine *engine_create(const struct engine_setup *setup, struct faults *faults);
void engine_destroy(struct engine *e);

/*
 * One turn: 0 when committed, -EEXIST when this event was handled before, otherwise an error of
 * store.h, and then nothing of the event is kept. Call engine_deliver afterwards in any case.
 */
int engine_event(struct engine *e, const struct event *event) WARN_UNUSED;

/*
 * Sends what is due. Errors as in store.h; what was sent is remembered and marked later. After an
 * error here or from engine_settle or engine_work wait a while: the same would fail at once again.
 */
int engine_deliver(struct engine *e) WARN_UNUSED;

/* Writes down what was sent since the last commit. Call when idle and before the end. */
int engine_settle(struct engine *e) WARN_UNUSED;

/*
 * Does due work; *ret_next_ms is when there is more to do or to send. Call engine_deliver too when
 * that time has come, and after this.
 */
int engine_work(struct engine *e, int64_t *ret_next_ms) WARN_UNUSED;

/* Loads content and site texts anew; on faults the old ones stay and false is returned. */
bool engine_reload(struct engine *e, const char *content_dir, const struct site *site,
                   enum lang lang, struct faults *faults);

/* A message of the catalogue without placeholders, in the language of newcomers. */
const char *engine_message(const struct engine *e, enum msg msg);

#endif
