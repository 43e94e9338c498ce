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
 * What a person wrote, as plain text without spaces around it: entities decoded once, links as
 * their label or address, channels as #name, other people as @name or @id. Emoji names of digits,
 * hands and check marks become the emoji (":+1:" is 👍), others stay (":ok:"). Mentions of the bot
 * go, with "さん" and the like behind them; *ret_mentioned tells that there was one.
 */
const char *slack_plain(struct arena *a, const char *text, const char *bot_user,
                        bool *ret_mentioned);

/*
 * A reply of ours as mrkdwn: & < > escaped so that nothing in it is live (no mention, no link but
 * bare addresses, no <!channel>), **bold** as *bold* with what it needs around it in Japanese,
 * control characters gone. Other * _ ~ and ` become characters that look like them, outside
 * addresses and names_like_this; a soft hyphen stands in front of > at the beginning of a line.
 */
const char *slack_mrkdwn(struct arena *a, const char *text);

/* As plain_text: & < > escaped, ** taken away, control characters gone. */
const char *slack_literal(struct arena *a, const char *text);

/*
 * At most max_chars code points, "…" at the end where it was longer; cut between graphemes and not
 * within an entity, so that it may be used before and after the others.
 */
const char *slack_clip(struct arena *a, const char *text, size_t max_chars, bool *ret_cut);

#endif
