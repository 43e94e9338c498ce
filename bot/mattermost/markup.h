/*
 * Texts on their way from and to Mattermost: mentions of the bot, numbers as reactions, markdown,
 * length. Pure; results live in the arena.
 */
#ifndef KIZUKI_BOT_MATTERMOST_MARKUP_H
#define KIZUKI_BOT_MATTERMOST_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define MM_PARTS_MAX      64
#define MM_POST_CHARS_MIN 200

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

/*
 * Splits at paragraphs, lines, sentences or words into parts of at most max_chars code points
 * (at least MM_POST_CHARS_MIN); bold text and code blocks are closed and opened again. The number
 * of parts; what is beyond MM_PARTS_MAX is dropped.
 */
size_t mm_split(struct arena *a, const char *text, size_t max_chars,
                const char *parts[MM_PARTS_MAX]);

#endif
