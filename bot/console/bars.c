#include "bot/console/bars.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "bot/paint/drawing_json.h"

#define TEXT_MAX  ((size_t)128 * 1024)
#define LABEL_MAX 36 /* columns; what is longer has a line of its own above its bar */
#define CELLS     20 /* of a bar, about: every level has as many as the others */

/* All of the same width, whatever width a terminal gives them. */
#define FULL        "█"
#define EMPTY       "░"
#define GOAL        "◇"
#define GOAL_INSIDE "◆"

static int cells_of(const struct drawing *d) {
    return d->max < CELLS ? d->max * (CELLS / d->max) : CELLS;
}

/* Up to there a value reaches. */
static int cells_to(const struct drawing *d, int value) {
    return (value * cells_of(d) + d->max / 2) / d->max;
}

static void pad(struct buf *b, size_t columns, size_t used) {
    for (size_t i = used; i < columns; i++) {
        buf_adds(b, " ");
    }
}

/* The goal's mark is the last cell a bar has to fill; a goal of 0 has none. */
static void add_bar(struct buf *b, const struct drawing *d, const struct drawing_bar *bar) {
    int full = bar->value == DRAWING_NOTHING ? 0 : cells_to(d, bar->value);
    int goal = bar->goal == DRAWING_NOTHING ? -1 : cells_to(d, bar->goal) - 1;
    for (int i = 0; i < cells_of(d); i++) {
        buf_adds(b, i == goal ? (i < full ? GOAL_INSIDE : GOAL) : i < full ? FULL : EMPTY);
    }
}

/* "2 (goal 3, before 1)" */
static void add_numbers(struct buf *b, const struct drawing *d, const struct drawing_bar *bar) {
    if (bar->value == DRAWING_NOTHING) {
        buf_adds(b, d->unknown_name);
    } else {
        buf_addf(b, "%d", bar->value);
    }
    bool goal = bar->goal != DRAWING_NOTHING;
    bool before = bar->before != DRAWING_NOTHING;
    if (goal) {
        buf_addf(b, " (%s%s%d", d->goal_name, *d->goal_name ? " " : "", bar->goal);
    }
    if (before) {
        buf_addf(b, "%s%s%s%d", goal ? ", " : " (", d->before_name, *d->before_name ? " " : "",
                 bar->before);
    }
    buf_adds(b, goal || before ? ")" : "");
}

static bool has_goal(const struct drawing *d) {
    for (size_t i = 0; i < d->n; i++) {
        if (d->bars[i].goal != DRAWING_NOTHING) {
            return true;
        }
    }
    return false;
}

static void add_legend(struct buf *b, const struct drawing *d) {
    if (*d->title) {
        buf_addf(b, "**%s**\n", d->title);
    }
    buf_addf(b, "%s %s", FULL, d->value_name);
    if (has_goal(d)) {
        buf_addf(b, "  %s %s", GOAL, d->goal_name);
    }
    buf_addf(b, "  (0–%d)", d->max);
}

const char *bars_text(struct arena *a, const struct drawing *d) {
    struct buf b;
    size_t widest = 0;
    for (size_t i = 0; i < d->n; i++) {
        size_t columns = text_columns(d->bars[i].label);
        widest = columns > widest && columns <= LABEL_MAX ? columns : widest;
    }
    buf_init(&b, TEXT_MAX);
    add_legend(&b, d);
    for (size_t i = 0; i < d->n; i++) {
        size_t columns = text_columns(d->bars[i].label);
        bool alone = columns > LABEL_MAX;
        buf_addf(&b, "\n%s%s", d->bars[i].label, alone ? "\n" : "");
        pad(&b, widest + 2, alone ? 0 : columns);
        add_bar(&b, d, &d->bars[i]);
        buf_adds(&b, " ");
        add_numbers(&b, d, &d->bars[i]);
    }
    if (*d->source) {
        buf_addf(&b, "\n%s", d->source);
    }
    const char *text = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return text;
}

const char *bars_of(struct arena *a, const char *json) {
    struct drawing d;
    const char *why;
    return drawing_json_read(a, json, strlen(json), &d, &why) ? bars_text(a, &d) : "";
}
