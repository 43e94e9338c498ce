/*
 * Reading a conversation back. Messages come oldest first, page by page, and live until the
 * callback returns.
 */
#ifndef KIZUKI_BOT_SLACK_HISTORY_H
#define KIZUKI_BOT_SLACK_HISTORY_H

#include "bot/slack/api.h"
#include "bot/slack/wire.h"

#define SLACK_HISTORY_MAX 1000 /* messages of one walk */

struct slack_past {
    struct slack_message message;
    const struct slack_reaction *reactions; /* one for each person and name */
    size_t n_reactions;
    const char *latest_reply; /* ts of the last reply in its thread, "" for none */
};

struct slack_history {
    enum slack_outcome outcome;
    const char *code;
    const char *error;
    const struct slack_past *messages; /* oldest first */
    size_t n;
    bool cut; /* there was more than SLACK_HISTORY_MAX */
};

typedef void (*slack_history_done)(void *ctx, const struct slack_history *history);

struct slack_walk;

/* What was said in the channel since that time of Slack's clock, or in one of its threads. */
struct slack_walk *slack_history(struct slack *s, const char *channel, const char *thread,
                                 int64_t since_ms, enum slack_urgency urgency,
                                 slack_history_done done, void *ctx);
/* Frees it without a callback; to be called after slack_api_destroy only. NULL is fine. */
void slack_history_forget(struct slack_walk *w);

#endif
