/*
 * Reading a channel over REST, in pages that get smaller where a reply is too long. Posts come
 * oldest first and live until the callback returns.
 */
#ifndef KIZUKI_BOT_MATTERMOST_HISTORY_H
#define KIZUKI_BOT_MATTERMOST_HISTORY_H

#include "bot/mattermost/api.h"
#include "bot/mattermost/wire.h"

#define MM_HISTORY_MAX 3000 /* posts of one walk */

struct mm_history {
    enum mm_outcome outcome;
    const char *error;           /* for the log */
    const struct mm_post *posts; /* oldest first */
    size_t n;
    const char *newest; /* mm_history_after: the id to go on after; "" where nothing came */
    bool more; /* mm_history_after: there are newer ones; mm_history_since: cut at the limit */
};

typedef void (*mm_history_done)(void *ctx, const struct mm_history *history);

/* One page of what was said after that post. A post that cannot be read is left out and logged. */
void mm_history_after(struct mattermost *m, const char *channel, const char *post,
                      mm_history_done done, void *ctx);

/* All that was said since that time of the server, at most MM_HISTORY_MAX, newest kept. */
void mm_history_since(struct mattermost *m, const char *channel, int64_t since_ms,
                      mm_history_done done, void *ctx);

/* Ends all walks without a callback. */
void mm_history_forget(struct mattermost *m);

#endif
