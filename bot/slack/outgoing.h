/*
 * The way out: a committed reply becomes messages, a changed card, a home tab or a whisper. Nothing
 * is said twice: a message carries a key of ours, and where we do not know whether it arrived we
 * look for that key before anything is sent again.
 */
#ifndef KIZUKI_BOT_SLACK_OUTGOING_H
#define KIZUKI_BOT_SLACK_OUTGOING_H

#include "bot/sender.h"
#include "bot/slack/wire.h"

struct slack;
struct slack_outgoing;

struct slack_outgoing *slack_outgoing_create(struct slack *s);
void slack_outgoing_destroy(struct slack_outgoing *o);

/* For struct outlet; ctx is the workspace. */
enum sent slack_outgoing_send(void *slack, const struct store_out *row, bool doubtful);

/* Says as a direct message what could not be said otherwise. */
void slack_outgoing_say(struct slack_outgoing *o, const struct store_out *row, bool doubtful);

/* A message of ours came by; true where that was news. */
bool slack_outgoing_echo(struct slack_outgoing *o, const struct slack_message *m);

/*
 * Whether that message may be one of ours of which we do not know yet that it is there: a reaction
 * to it has to wait.
 */
bool slack_outgoing_awaits(const struct slack_outgoing *o, const char *channel, const char *ts);

/* Where that event may be answered directly, for half an hour. */
void slack_outgoing_remember(struct slack_outgoing *o, const char *event_id, const char *url);

/* Something that messages waited for may be there now. */
void slack_outgoing_wake(struct slack_outgoing *o);

#endif
