/*
 * Paints what is owed before it is sent: a child for each drawing (bot/paint/child.h), a few at a
 * time, the others in turn, none for longer than a moment. The bot itself goes on meanwhile.
 */
#ifndef KIZUKI_BOT_PAINTER_H
#define KIZUKI_BOT_PAINTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "bot/net/loop.h"

struct painter;

struct painter_setup {
    struct loop *loop;
    const char *program; /* what is started in place of this binary; NULL: this one. Not kept */
    int64_t limit_ms;    /* how long one may take; 0: PAINT_LIMIT_MS */
};

struct painter *painter_create(const struct painter_setup *setup);
/* Ends children under way; nobody is told. NULL is fine. After the last turn of the loop only. */
void painter_destroy(struct painter *p);

/*
 * `done` is called once, later, from the loop, with the PNG, which is gone after it, or with NULL
 * where there is none: why is in the log then. The JSON is copied.
 */
typedef void painter_done(void *ctx, int64_t id, const void *png, size_t n);
void painter_paint(struct painter *p, const char *json, painter_done *done, void *ctx, int64_t id);

#endif
