/*
 * What the fixtures of the adapters have in common: a real engine with a database in memory, timers
 * that fire when the test lets time pass, and what the engine was given and told. Link flags:
 * @tests/support/adapter_fixture.flags, which the flags of those fixtures bring along.
 */
#ifndef KIZUKI_TESTS_SUPPORT_ADAPTER_FIXTURE_H
#define KIZUKI_TESTS_SUPPORT_ADAPTER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "bot/engine.h"

#define NOW_MS INT64_C(1795400000000)

extern struct store *fx_store;
extern struct arena fx_arena; /* what the helpers return lives here */

/* NULL where it fails. */
struct engine *fx_begin(void);
/* How many timers nobody destroyed. */
size_t fx_end(struct engine *e);

void fx_pass(int64_t ms); /* fires the timers on the way */
extern bool fx_unlucky;   /* what is up to chance takes as long as it can, else no time */

struct fx_event {
    struct event event; /* its strings in fx_arena */
    int rc;
};
extern struct fx_event fx_events[256];
extern size_t fx_n_events;
extern int fx_take_fails;     /* the next calls of engine_take fail, with -EIO */
extern const char *fx_poison; /* taking the event of this id always does; NULL for none */

struct fx_sent {
    const char *key;
    enum sent sent;
    const char *reason;
};
extern struct fx_sent fx_ends[64];
extern size_t fx_n_ends;
extern struct fx_sent fx_posted[64]; /* reason: the id of the message */
extern size_t fx_n_posted;

int64_t fx_sql(const char *sql);

#endif
