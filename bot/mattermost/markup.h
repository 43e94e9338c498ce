/*
 * Texts on their way from and to Mattermost: mentions of the bot, numbers as reactions, markdown,
 * length. Pure; results live in the arena.
 */
#ifndef KIZUKI_BOT_MATTERMOST_MARKUP_H
#define KIZUKI_BOT_MATTERMOST_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "bot/split.h"

#define MM_PARTS_MAX      SPLIT_PARTS_MAX
#define MM_POST_CHARS_MIN SPLIT_CHARS_MIN

/*
 * Whether the text speaks to the bot; *ret is it without the mention. Unlike the server, a mention
 * may be followed by Japanese ("@kizukiさん"); @all and its like are none.
 */
bool mm_mention(struct arena *a, const char *text, const char *username, const char **ret);

/*
 * A reply as markdown that looks as it was written: choices get the keycap of their reaction, other
 * numbers in front of lines stay numbers rather than lists, control characters go, and @all, @here
 * and @channel, full-width too, reach nobody. `choices` is the outbox' JSON, "" for none.
 */
const char *mm_markup(struct arena *a, const char *text, const char *choices);

/* As split_text. */
size_t mm_split(struct arena *a, const char *text, size_t max_chars,
                const char *parts[MM_PARTS_MAX]);

#endif
