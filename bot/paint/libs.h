/*
 * What paints and writes text: cairo and pango, opened by the child that paints and by nobody else.
 * Linked in, they would cost every process of the bot its memory, and no bot would start without
 * them. Their headers say what each function does.
 */
#ifndef KIZUKI_BOT_PAINT_LIBS_H
#define KIZUKI_BOT_PAINT_LIBS_H

#include <pango/pangocairo.h>
#include <stdbool.h>

#include "base/attr.h"

/* X(the index of its library, function) */
#define PAINT_FUNCTIONS(X)                                                                         \
    X(0, cairo_image_surface_create)                                                               \
    X(0, cairo_surface_destroy)                                                                    \
    X(0, cairo_surface_write_to_png_stream)                                                        \
    X(0, cairo_create)                                                                             \
    X(0, cairo_destroy)                                                                            \
    X(0, cairo_status)                                                                             \
    X(0, cairo_set_source_rgb)                                                                     \
    X(0, cairo_set_line_width)                                                                     \
    X(0, cairo_new_path)                                                                           \
    X(0, cairo_move_to)                                                                            \
    X(0, cairo_line_to)                                                                            \
    X(0, cairo_close_path)                                                                         \
    X(0, cairo_rectangle)                                                                          \
    X(0, cairo_fill)                                                                               \
    X(0, cairo_fill_preserve)                                                                      \
    X(0, cairo_stroke)                                                                             \
    X(0, cairo_paint)                                                                              \
    X(1, pango_language_from_string)                                                               \
    X(1, pango_font_description_new)                                                               \
    X(1, pango_font_description_free)                                                              \
    X(1, pango_font_description_set_family_static)                                                 \
    X(1, pango_font_description_set_weight)                                                        \
    X(1, pango_font_description_set_absolute_size)                                                 \
    X(1, pango_context_set_language)                                                               \
    X(1, pango_layout_get_context)                                                                 \
    X(1, pango_layout_set_font_description)                                                        \
    X(1, pango_layout_set_text)                                                                    \
    X(1, pango_layout_set_width)                                                                   \
    X(1, pango_layout_set_height)                                                                  \
    X(1, pango_layout_set_wrap)                                                                    \
    X(1, pango_layout_set_ellipsize)                                                               \
    X(1, pango_layout_get_pixel_size)                                                              \
    X(1, pango_layout_get_unknown_glyphs_count)                                                    \
    X(2, pango_cairo_create_layout)                                                                \
    X(2, pango_cairo_show_layout)                                                                  \
    X(3, g_object_unref)

struct paint_libs {
#define PAINT_MEMBER(library, function) __typeof__(&(function)) function;
    PAINT_FUNCTIONS(PAINT_MEMBER)
#undef PAINT_MEMBER
};

/* False with *ret_missing (static) where a library or a function of it is not there. */
bool paint_libs_open(struct paint_libs *ret, const char **ret_missing) WARN_UNUSED;

#endif
