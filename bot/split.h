/*
 * Long texts in parts, for platforms that take messages up to a length. Pure; parts live in the
 * arena.
 */
#ifndef KIZUKI_BOT_SPLIT_H
#define KIZUKI_BOT_SPLIT_H

#include <stddef.h>

#include "base/arena.h"

#define SPLIT_PARTS_MAX 64
#define SPLIT_CHARS_MIN 200

/*
 * Splits at paragraphs, lines, sentences or words into parts of at most max_chars code points
 * (at least SPLIT_CHARS_MIN); bold text and code blocks are closed and opened again. The number
 * of parts; what is beyond SPLIT_PARTS_MAX is dropped.
 */
size_t split_text(struct arena *a, const char *text, size_t max_chars,
                  const char *parts[SPLIT_PARTS_MAX]);

#endif
