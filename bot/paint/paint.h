/*
 * Paints a drawing as a PNG: bars side by side on one scale, big enough for a phone. Colours are
 * told apart by the colour-blind, and nothing is told by colour alone. For the child only: what the
 * libraries take is given back by its end.
 */
#ifndef KIZUKI_BOT_PAINT_PAINT_H
#define KIZUKI_BOT_PAINT_PAINT_H

#include <stddef.h>

#include "base/attr.h"
#include "base/drawing.h"

/* How painting ends, as the exit status of the child; beside those of command.h. */
enum painted {
    PAINTED = 0,
    PAINT_FAILED = 1,
    PAINT_BAD_INPUT = 10,  /* no drawing */
    PAINT_NO_LIBRARY = 11, /* cairo and pango cannot be opened */
    PAINT_NO_FONT = 12,    /* no font here can show the drawing's texts */
};

/* Writes the PNG with `write` (0, or -1 to give up), the rest of it last. */
enum painted paint_png(const struct drawing *d, int (*write)(void *ctx, const void *p, size_t n),
                       void *ctx) WARN_UNUSED;

#endif
