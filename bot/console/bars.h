/*
 * A drawing as lines of text, for terminals: a bar of blocks for each value, a mark for each goal,
 * the numbers behind, all of it below each other by display width.
 */
#ifndef KIZUKI_BOT_CONSOLE_BARS_H
#define KIZUKI_BOT_CONSOLE_BARS_H

#include "base/arena.h"
#include "base/drawing.h"

/* Lives in the arena; no line break at the end. */
const char *bars_text(struct arena *a, const struct drawing *d);

/* The same for one that was stored; "" where it is none. */
const char *bars_of(struct arena *a, const char *json);

#endif
