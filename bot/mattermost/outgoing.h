/*
 * The way out: a committed reply becomes one post or several, and then the reactions that stand
 * for its choices. Nothing is sent twice: a post carries a key of ours, and where we do not know
 * whether it arrived we look for that key before anything is sent again.
 */
#ifndef KIZUKI_BOT_MATTERMOST_OUTGOING_H
#define KIZUKI_BOT_MATTERMOST_OUTGOING_H

#include "bot/sender.h"

struct mattermost;
struct mm_outgoing;

struct mm_outgoing *mm_outgoing_create(struct mattermost *m);
void mm_outgoing_destroy(struct mm_outgoing *o);

/* For struct outlet; ctx is the workspace. */
enum sent mm_outgoing_send(void *mattermost, const struct store_out *row, bool doubtful);

/* Our own post came by with that key; true where that was news. */
bool mm_outgoing_echo(struct mm_outgoing *o, const char *key, const char *post);

/* Whether there are messages of which it is not known yet if they were posted. */
bool mm_outgoing_looks(const struct mm_outgoing *o);

/* Something that messages waited for may be there now: the token, or who somebody is. */
void mm_outgoing_wake(struct mm_outgoing *o);

#endif
