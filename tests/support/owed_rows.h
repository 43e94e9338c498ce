/*
 * Replies as rows of the outbox, the way they really become some: through bot/owed.h and a database
 * in memory. Rows live in the arena.
 */
#ifndef KIZUKI_TESTS_SUPPORT_OWED_ROWS_H
#define KIZUKI_TESTS_SUPPORT_OWED_ROWS_H

#include "base/event.h"
#include "intents/step.h"
#include "store/store.h"

/* For a group of tests. */
int open_rows(void **state);
int close_rows(void **state);

/* The row that the reply, or the page, becomes. */
struct store_out row_of(struct arena *a, const struct reply *reply);
struct store_out row_of_home(struct arena *a, const struct reply *home);

#endif
