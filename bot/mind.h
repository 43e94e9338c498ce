/*
 * What the bot knows and how it thinks an event through: content, words and guesses in memory, the
 * person from the store, the conversation in between. It says what would change and what would be
 * said; nothing of it is written down here. Not thread-safe.
 */
#ifndef KIZUKI_BOT_MIND_H
#define KIZUKI_BOT_MIND_H

#include "base/event.h"
#include "bot/frameworks.h"
#include "bot/profile.h"
#include "bot/reading.h"
#include "content/fault.h"
#include "intents/step.h"
#include "store/store.h"

struct mind {
    struct store *store; /* the caller's */
    struct site site;
    enum lang lang; /* of people who have not chosen one and whose platform says nothing */
    struct reading reading;
    struct profile_forms forms;
    struct frameworks frameworks;
    bool fixed_codes; /* for simulations: codes follow from who asks and when */
};

/* Reads with what is in the binary and in those folders (as reading_load), into m, of which store,
 * site and lang are set. False with *faults filled where it is faulty. */
bool mind_load(struct mind *m, const char *content_dir, const char *intents_dir,
               struct faults *faults);
/* From other folders; on faults the old reading stays. */
bool mind_reload(struct mind *m, const char *content_dir, const char *intents_dir,
                 struct faults *faults);
void mind_free(struct mind *m);

/* The same event with text that is safe to work with, and no NULL; it lives in the arena. */
struct event mind_clean(struct arena *arena, const struct event *event);

struct thought {
    struct profile profile; /* before */
    struct step_input in;   /* what was asked of the conversation */
    struct step step;       /* what it made of it */
};

/*
 * Thinks a clean event through. A newcomer is created, and a link code that was said is redeemed:
 * call within a transaction. Errors as in store.h.
 */
int mind_think(struct mind *m, struct arena *arena, const struct event *event, bool desk,
               struct thought *ret) WARN_UNUSED;

/* The same as if the person was never heard of, without the store. */
int mind_think_alone(struct mind *m, struct arena *arena, const struct event *event,
                     struct thought *ret) WARN_UNUSED;

#endif
