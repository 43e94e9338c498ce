/*
 * The last words clicked, to tell a nervous finger: the same word of the same person under the same
 * question twice within moments counts once. In memory only, since it is about moments.
 */
#ifndef KIZUKI_BOT_CLICKS_H
#define KIZUKI_BOT_CLICKS_H

#include "base/event.h"

#define CLICKS_MAX 64

struct clicks {
    struct click {
        uint64_t key; /* hash of who clicked what */
        int64_t at_ms;
    } items[CLICKS_MAX];
    size_t n;
    size_t next;
};

/* Whether the event, an EVENT_WORD, is the second click of two; a first one is remembered. */
bool clicks_again(struct clicks *c, const struct event *event);

/* What was clicked did not count. */
void clicks_forget(struct clicks *c);

#endif
