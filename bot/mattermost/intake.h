/*
 * The way in: what was said and clicked, in order, waiting for its turn. Drops what is not for us,
 * turns the rest into events, and keeps everything until it is committed.
 */
#ifndef KIZUKI_BOT_MATTERMOST_INTAKE_H
#define KIZUKI_BOT_MATTERMOST_INTAKE_H

#include <stdbool.h>

#include "bot/mattermost/wire.h"
#include "store/store.h"

struct mattermost;
struct mm_intake;

struct mm_intake *mm_intake_create(struct mattermost *m);
void mm_intake_destroy(struct mm_intake *in);

/*
 * All is copied. `live`: as it happened; such things wait while older ones are being fetched. False
 * where there is no room for it.
 */
bool mm_intake_post(struct mm_intake *in, const struct mm_post *post, char channel_type, bool live);
bool mm_intake_reaction(struct mm_intake *in, const struct mm_reaction *reaction, bool on,
                        bool live);
/* The channel was read up to there once everything before this is committed. */
void mm_intake_cursor(struct mm_intake *in, const struct store_cursor *cursor);

/* Lets live things wait, or go on. */
void mm_intake_hold(struct mm_intake *in, bool hold);

/* As in struct workspace_ops. */
int mm_intake_hand_in(struct mm_intake *in, bool one) WARN_UNUSED;
size_t mm_intake_committed(struct mm_intake *in, int rc);
/* As workspace.h's alarm. */
void mm_intake_alarm(struct mm_intake *in);

#endif
