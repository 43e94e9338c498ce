#include "bot/paint/paint.h"

#include <stdio.h>

#include "bot/paint/libs.h"

/* Pixels. Phones show about 400 points in a row: what is 32 here is 13 there. */
#define WIDTH       1000
#define HEIGHT_MAX  8000
#define MARGIN      36
#define GAP         20
#define LABELS      370 /* the column of the labels */
#define BARS_AT     (MARGIN + LABELS + GAP)
#define BARS        (WIDTH - MARGIN - GAP - BARS_AT)
#define BAR         36
#define BAR_BEFORE  12
#define ROW_MIN     84
#define LABEL_LINES 3
#define SWATCH      44
#define MARK        11 /* half of the goal's diamond */
#define CLEAR       8  /* left free beside it */

#define TITLE_PX  42
#define LABEL_PX  32
#define LEGEND_PX 28
#define TICK_PX   26
#define SOURCE_PX 22

#define TICKS_MAX 10 /* steps between numbers of the scale */

#define FONTS                                                                                      \
    "Noto Sans CJK JP,Noto Sans JP,BIZ UDPGothic,IPAexGothic,IPAPGothic,VL PGothic,TakaoPGothic,"  \
    "sans-serif"

struct colour {
    double r, g, b;
};

/* The palette of Okabe and Ito, and greys. */
static const struct colour blue = {0.0, 0.447, 0.698};
static const struct colour sky = {0.337, 0.706, 0.914};
static const struct colour vermilion = {0.835, 0.369, 0.0};
static const struct colour white = {1, 1, 1};
static const struct colour ink = {0.1, 0.1, 0.1};
static const struct colour grey = {0.33, 0.33, 0.33};
static const struct colour pale = {0.82, 0.82, 0.82};

struct canvas {
    const struct paint_libs *l;
    const struct drawing *d;
    cairo_t *cr;
    double y; /* down to here all is drawn */
    int unknown_glyphs;
    bool has_before;
    bool has_goal;
};

struct style {
    int px;
    bool bold;
    struct colour colour;
    int width;     /* wrapped there, 0 for not at all */
    int max_lines; /* with an ellipsis behind, 0 for as many as it takes */
};

static void use(const struct canvas *c, struct colour colour) {
    c->l->cairo_set_source_rgb(c->cr, colour.r, colour.g, colour.b);
}

static void box(const struct canvas *c, struct colour colour, double x, double y, double width,
                double height) {
    use(c, colour);
    c->l->cairo_rectangle(c->cr, x, y, width, height);
    c->l->cairo_fill(c->cr);
}

/* ---- text ---- */

static PangoLayout *lay_out(struct canvas *c, const char *text, const struct style *style,
                            int *ret_width, int *ret_height) {
    const struct paint_libs *l = c->l;
    PangoLayout *layout = l->pango_cairo_create_layout(c->cr);
    PangoFontDescription *font = l->pango_font_description_new();
    l->pango_font_description_set_family_static(font, FONTS);
    l->pango_font_description_set_weight(font,
                                         style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    l->pango_font_description_set_absolute_size(font, (double)style->px * PANGO_SCALE);
    l->pango_context_set_language(l->pango_layout_get_context(layout),
                                  l->pango_language_from_string("ja")); /* not Chinese forms */
    l->pango_layout_set_font_description(layout, font);
    l->pango_font_description_free(font);
    l->pango_layout_set_text(layout, text, -1);
    if (style->width > 0) {
        l->pango_layout_set_width(layout, style->width * PANGO_SCALE);
        l->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    if (style->max_lines > 0) {
        l->pango_layout_set_height(layout, -style->max_lines);
        l->pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    l->pango_layout_get_pixel_size(layout, ret_width, ret_height);
    c->unknown_glyphs += l->pango_layout_get_unknown_glyphs_count(layout);
    return layout;
}

static void show(const struct canvas *c, PangoLayout *layout, struct colour colour, double x,
                 double y) {
    use(c, colour);
    c->l->cairo_move_to(c->cr, x, y);
    c->l->pango_cairo_show_layout(c->cr, layout);
    c->l->cairo_new_path(c->cr); /* it leaves a point that the next line would begin at */
    c->l->g_object_unref(layout);
}

/* Below what is there. */
static void write_paragraph(struct canvas *c, const char *text, const struct style *style) {
    int width;
    int height;
    if (*text) {
        PangoLayout *layout = lay_out(c, text, style, &width, &height);
        show(c, layout, style->colour, MARGIN, c->y);
        c->y += height + GAP;
    }
}

/* Beside that height: `align` 0 begins at x, 0.5 is centred there, 1 ends there. */
static void write_at(struct canvas *c, const char *text, const struct style *style, double x,
                     double middle, double align) {
    int width;
    int height;
    PangoLayout *layout = lay_out(c, text, style, &width, &height);
    show(c, layout, style->colour, x - align * width, middle - height / 2.0);
}

/* ---- marks ---- */

static double x_of(const struct canvas *c, int value) {
    return BARS_AT + (double)BARS * value / c->d->max;
}

static void diamond(const struct canvas *c, double x, double y) {
    const struct paint_libs *l = c->l;
    l->cairo_move_to(c->cr, x, y - MARK);
    l->cairo_line_to(c->cr, x + MARK, y);
    l->cairo_line_to(c->cr, x, y + MARK);
    l->cairo_line_to(c->cr, x - MARK, y);
    l->cairo_close_path(c->cr);
    use(c, white);
    l->cairo_fill_preserve(c->cr);
    use(c, vermilion);
    l->cairo_set_line_width(c->cr, 5);
    l->cairo_stroke(c->cr);
}

/* A line with a diamond on top: seen over a bar and beside it, and in grey. */
static void mark_goal(const struct canvas *c, double x, double top, double bottom) {
    box(c, white, x - 5, top, 10, bottom - top);
    box(c, vermilion, x - 3, top, 6, bottom - top);
    diamond(c, x, top);
}

/* Whether what stands from x on would be crossed by the goal's mark. */
static bool meets_goal(const struct canvas *c, const struct drawing_bar *bar, double x,
                       double width) {
    double goal = x_of(c, bar->goal);
    return bar->goal != DRAWING_NOTHING && goal > x - MARK - CLEAR &&
           goal < x + width + MARK + CLEAR;
}

/* Beside the goal's mark: in front of it where there is room, else behind it. */
static void draw_unknown(struct canvas *c, const struct drawing_bar *bar, double middle) {
    struct style word = {.px = LEGEND_PX, .colour = grey, .width = BARS, .max_lines = 1};
    double x = BARS_AT + GAP / 2.0;
    int width;
    int height;
    PangoLayout *layout = lay_out(c, c->d->unknown_name, &word, &width, &height);
    if (meets_goal(c, bar, x, width)) {
        double goal = x_of(c, bar->goal);
        double behind = goal + MARK + CLEAR;
        double before = goal - MARK - CLEAR - x;
        bool right = WIDTH - GAP - behind > before;
        word.width = (int)(right ? WIDTH - GAP - behind : before);
        word.max_lines = 2;
        x = right ? behind : x;
        c->l->g_object_unref(layout);
        layout = lay_out(c, c->d->unknown_name, &word, &width, &height);
    }
    show(c, layout, grey, x, middle - height / 2.0);
}

/* Its number stands inside where it fits and the goal leaves it in peace, else behind. */
static void draw_value(struct canvas *c, const struct drawing_bar *bar, double top) {
    struct style number = {.px = LABEL_PX, .bold = true};
    int width;
    int height;
    double middle = top + BAR / 2.0;
    if (bar->value == DRAWING_NOTHING) {
        draw_unknown(c, bar, middle);
        return;
    }
    char text[16];
    snprintf(text, sizeof(text), "%d", bar->value);
    PangoLayout *layout = lay_out(c, text, &number, &width, &height);
    double end = x_of(c, bar->value);
    box(c, blue, BARS_AT, top, end > BARS_AT ? end - BARS_AT : 4, BAR);
    double x = end - MARK - CLEAR / 2.0 - width;
    bool at_end = bar->goal == bar->value; /* where there is room for its mark anyway */
    bool inside = x > BARS_AT + CLEAR / 2.0 && (at_end || !meets_goal(c, bar, x, width));
    if (!inside) {
        x = end + GAP;
        x = meets_goal(c, bar, x, width) ? x_of(c, bar->goal) + MARK + CLEAR : x;
        inside = x + width > WIDTH - CLEAR; /* no room there: inside, in front of the goal */
        x = inside ? x_of(c, bar->goal) - MARK - CLEAR - width : x;
    }
    show(c, layout, inside ? white : ink, x, middle - height / 2.0);
}

/* ---- parts of the picture ---- */

/* What stands for what: the mark and, behind it, its name. */
static void explain(struct canvas *c, double *x, const char *name,
                    void (*sample)(const struct canvas *c, double x, double y)) {
    struct style style = {.px = LEGEND_PX, .colour = ink};
    int width;
    int height;
    PangoLayout *layout = lay_out(c, name, &style, &width, &height);
    double needed = SWATCH + GAP / 2.0 + width + 2 * GAP;
    if (*x > MARGIN && *x + needed > WIDTH) {
        *x = MARGIN;
        c->y += LEGEND_PX * 1.5;
    }
    sample(c, *x, c->y);
    show(c, layout, ink, *x + SWATCH + GAP / 2.0, c->y - height / 2.0);
    *x += needed;
}

static void sample_value(const struct canvas *c, double x, double y) {
    box(c, blue, x, y - BAR / 3.0, SWATCH, BAR * 2 / 3.0);
}

static void sample_before(const struct canvas *c, double x, double y) {
    box(c, sky, x, y - BAR_BEFORE / 2.0, SWATCH, BAR_BEFORE);
}

static void sample_goal(const struct canvas *c, double x, double y) {
    mark_goal(c, x + SWATCH / 2.0, y - BAR / 3.0, y + BAR / 2.0);
}

static void draw_legend(struct canvas *c) {
    const struct drawing *d = c->d;
    double x = MARGIN;
    c->y += LEGEND_PX / 2.0;
    if (*d->value_name) {
        explain(c, &x, d->value_name, sample_value);
    }
    if (c->has_goal && *d->goal_name) {
        explain(c, &x, d->goal_name, sample_goal);
    }
    if (c->has_before && *d->before_name) {
        explain(c, &x, d->before_name, sample_before);
    }
    c->y += LEGEND_PX / 2.0 + GAP;
}

static int tick_step(int max) {
    static const int steps[] = {1, 2, 5, 10};
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(steps) && max / steps[i] > TICKS_MAX) {
        i++;
    }
    return steps[i];
}

static void draw_ticks(struct canvas *c) {
    struct style style = {.px = TICK_PX, .colour = grey};
    for (int i = 0; i <= c->d->max; i += tick_step(c->d->max)) {
        char text[16];
        snprintf(text, sizeof(text), "%d", i);
        write_at(c, text, &style, x_of(c, i), c->y + TICK_PX / 2.0, 0.5);
    }
    c->y += TICK_PX * 3 / 2.0;
}

static void draw_row(struct canvas *c, const struct drawing_bar *bar) {
    struct style style = {.px = LABEL_PX, .colour = ink, .width = LABELS, .max_lines = LABEL_LINES};
    int width;
    int height;
    PangoLayout *label = lay_out(c, bar->label, &style, &width, &height);
    double row = height + GAP > ROW_MIN ? height + GAP : ROW_MIN;
    for (int i = 0; i <= c->d->max; i += tick_step(c->d->max)) {
        box(c, pale, x_of(c, i) - 1, c->y, 2, row);
    }
    double bars = BAR + (c->has_before ? BAR_BEFORE : 0);
    double top = c->y + (row - bars) / 2;
    show(c, label, ink, MARGIN, c->y + (row - height) / 2);
    draw_value(c, bar, top);
    if (bar->before != DRAWING_NOTHING) {
        double end = x_of(c, bar->before);
        box(c, sky, BARS_AT, top + BAR, end > BARS_AT ? end - BARS_AT : 4, BAR_BEFORE);
    }
    if (bar->goal != DRAWING_NOTHING) {
        mark_goal(c, x_of(c, bar->goal), top - MARK / 2.0, top + bars + MARK / 2.0);
    }
    c->y += row;
}

static void draw(struct canvas *c) {
    struct style title = {.px = TITLE_PX, .bold = true, .colour = ink, .width = WIDTH - 2 * MARGIN};
    struct style source = {.px = SOURCE_PX, .colour = grey, .width = WIDTH - 2 * MARGIN};
    c->y = MARGIN;
    write_paragraph(c, c->d->title, &title);
    draw_legend(c);
    draw_ticks(c);
    for (size_t i = 0; i < c->d->n; i++) {
        draw_row(c, &c->d->bars[i]);
    }
    c->y += GAP / 2.0;
    draw_ticks(c);
    write_paragraph(c, c->d->source, &source);
    c->y += MARGIN - GAP;
}

/* ---- from drawing to file ---- */

struct sink {
    int (*write)(void *ctx, const void *p, size_t n);
    void *ctx;
};

static cairo_status_t on_bytes(void *sink, const unsigned char *p, unsigned int n) {
    const struct sink *s = sink;
    return s->write(s->ctx, p, n) == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* A surface of that height with all that is drawn; of 1, to find the height out. */
static cairo_surface_t *draw_all(struct canvas *c, int height) {
    const struct paint_libs *l = c->l;
    cairo_surface_t *surface = l->cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, height);
    c->cr = l->cairo_create(surface);
    c->unknown_glyphs = 0;
    use(c, white);
    l->cairo_paint(c->cr);
    draw(c);
    bool good = l->cairo_status(c->cr) == CAIRO_STATUS_SUCCESS;
    l->cairo_destroy(c->cr);
    c->cr = NULL;
    if (!good) {
        l->cairo_surface_destroy(surface);
        return NULL;
    }
    return surface;
}

static void look_through(struct canvas *c) {
    for (size_t i = 0; i < c->d->n; i++) {
        c->has_before = c->has_before || c->d->bars[i].before != DRAWING_NOTHING;
        c->has_goal = c->has_goal || c->d->bars[i].goal != DRAWING_NOTHING;
    }
}

enum painted paint_png(const struct drawing *d, int (*write)(void *ctx, const void *p, size_t n),
                       void *ctx) {
    struct paint_libs libs;
    const char *missing;
    if (!paint_libs_open(&libs, &missing)) {
        fprintf(stderr, "kizuki: %s cannot be opened\n", missing);
        return PAINT_NO_LIBRARY;
    }
    struct canvas c = {.l = &libs, .d = d};
    look_through(&c);
    cairo_surface_t *surface = draw_all(&c, 1);
    if (c.unknown_glyphs > 0) { /* the surface may be faulty for that very reason */
        return PAINT_NO_FONT;
    }
    if (!surface || c.y > HEIGHT_MAX) {
        return PAINT_FAILED;
    }
    libs.cairo_surface_destroy(surface);
    surface = draw_all(&c, (int)c.y);
    struct sink sink = {write, ctx};
    bool good = surface && libs.cairo_surface_write_to_png_stream(surface, on_bytes, &sink) ==
                               CAIRO_STATUS_SUCCESS;
    libs.cairo_surface_destroy(surface);
    return good ? PAINTED : PAINT_FAILED;
}
