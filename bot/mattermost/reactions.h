/*
 * Reactions to open questions that were made or taken back while nobody listened. They are read
 * first and handed in between the posts of the same person, by time: what somebody clicked before
 * writing comes before it.
 */
#ifndef KIZUKI_BOT_MATTERMOST_REACTIONS_H
#define KIZUKI_BOT_MATTERMOST_REACTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct mattermost;
struct mm_reactions;

struct mm_reactions *mm_reactions_create(struct mattermost *m);
void mm_reactions_destroy(struct mm_reactions *r);

/*
 * Reads them, of all questions of the last 30 days or of the last one only; `done` gets "" or a
 * line for the log. Those taken back are handed in at once: when that was is not known, and whoever
 * unticks does so before going on.
 */
void mm_reactions_read(struct mm_reactions *r, bool thorough,
                       void (*done)(void *ctx, const char *error), void *ctx);

/* Hands in what that person reacted until then, or what is left of everybody. */
void mm_reactions_hand_in(struct mm_reactions *r, const char *user, int64_t until_ms);
void mm_reactions_hand_in_rest(struct mm_reactions *r);

#endif
