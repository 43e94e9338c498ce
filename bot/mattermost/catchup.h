/*
 * Finding what was missed: after the start, every reconnection, every gap, and every five minutes
 * the channels are asked for what came after their cursor, and open questions for reactions. The
 * inbox knows what was handled already.
 */
#ifndef KIZUKI_BOT_MATTERMOST_CATCHUP_H
#define KIZUKI_BOT_MATTERMOST_CATCHUP_H

struct mattermost;
struct mm_catchup;

struct mm_catchup *mm_catchup_create(struct mattermost *m);
void mm_catchup_destroy(struct mm_catchup *c);

/* Begins at once; live messages wait until it is through, so that answers come in order. */
void mm_catchup_now(struct mm_catchup *c);

/* Within a second or so, however often it is asked for; nothing waits for it. */
void mm_catchup_soon(struct mm_catchup *c);

#endif
