/*
 * From what a step says to what we owe: rows of the outbox. Within a transaction. Platforms without
 * cards get the messages only.
 */
#ifndef KIZUKI_BOT_OWED_H
#define KIZUKI_BOT_OWED_H

#include "base/event.h"
#include "intents/step.h"
#include "store/store.h"

struct owed {
    struct store *store;
    struct arena *arena;
    const struct event *event;
    const char *person_id;
    bool cards;       /* the platform can change messages and show a page of one's own */
    const char *desk; /* the channel for AUDIENCE_DESK, "" for none */
    bool alarmed;     /* what is urgent was said while nothing could be stored: not again */
};

/* All that the step says. Errors as in store.h. */
int owed_add(const struct owed *o, const struct step *step) WARN_UNUSED;

/* The row for the i-th of its replies, as owed_add stores it; none for the desk. */
struct store_out owed_row(const struct owed *o, const struct reply *r, size_t i);

/*
 * Whether the row is what its recipient asked to be passed on: the adapter puts their name and a
 * space in front of the text. What is logged when a row is given up.
 */
/* What the picture or file of a row is called. */
const char *owed_file_name(const struct store_out *row);

bool owed_is_for_desk(const struct store_out *row);
const char *owed_loss(const struct store_out *row);

/* The person's own page, unless it shows that already: `shown` is its hash, *ret_shown the new
 * one's. */
int owed_add_home(const struct owed *o, const struct reply *home, const char *shown,
                  const char **ret_shown) WARN_UNUSED;

#endif
