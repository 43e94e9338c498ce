/*
 * A drawing as JSON, the way it waits in the outbox and reaches the child that paints it:
 * {"title":…,"value":…,"before":…,"goal":…,"unknown":…,"source":…,"max":…,
 *  "bars":[{"label":…,"value":…,"before":…,"goal":…}]}; a bar leaves out what is not known. Its alt
 * text is not in it. Both ways the same bounds are checked.
 */
#ifndef KIZUKI_BOT_PAINT_DRAWING_JSON_H
#define KIZUKI_BOT_PAINT_DRAWING_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/drawing.h"

#define DRAWING_JSON_MAX  ((size_t)64 * 1024) /* bytes */
#define DRAWING_TEXT_MAX  600                 /* bytes, of each text */
#define DRAWING_SCALE_MAX 100

/* NULL with *ret_why (in the arena) where it is out of bounds. */
const char *drawing_json_write(struct arena *a, const struct drawing *d, const char **ret_why);

/* Everything in the arena. False with *ret_why where it is no drawing within bounds. */
bool drawing_json_read(struct arena *a, const char *json, size_t n, struct drawing *ret,
                       const char **ret_why) WARN_UNUSED;

#endif
