/*
 * Texts on their way from and to Slack: escapes, mrkdwn, mentions, length. Pure; results live in
 * the arena and are valid UTF-8.
 */
#ifndef KIZUKI_BOT_SLACK_MARKUP_H
#define KIZUKI_BOT_SLACK_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * What a person wrote, as plain text: entities decoded once, links as their label or address,
 * channels as #name, other people as @name or @id, emoji names of digits and hands as the emoji
 * themselves (":two:" as 2️⃣, ":ok:" left alone); mentions of the bot go, *ret_mentioned tells
 * that there was one.
 */
const char *slack_plain(struct arena *a, const char *text, const char *bot_user,
                        bool *ret_mentioned);

/*
 * A reply of ours as mrkdwn: & < > escaped so that nothing in it is live (no mention, no link, no
 * <!channel>), **bold** as *bold* with what it needs around it in Japanese, control characters
 * gone, and *, _, ~, ` or a leading > of people's words without effect (U+200B in front).
 */
const char *slack_mrkdwn(struct arena *a, const char *text);

/* As plain_text: & < > escaped, ** taken away. */
const char *slack_literal(struct arena *a, const char *text);

/* At most max_chars code points, "…" at the end where it was longer; cut between graphemes. */
const char *slack_clip(struct arena *a, const char *text, size_t max_chars, bool *ret_cut);

#endif
