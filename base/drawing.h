/*
 * Bars to be drawn as a picture: what is there against what is asked for, row by row. Plain data
 * shared by all floors; strings are never NULL and live as long as the reply that shows it.
 */
#ifndef KIZUKI_BASE_DRAWING_H
#define KIZUKI_BASE_DRAWING_H

#include <stddef.h>

#define DRAWING_MAX_BARS 32
#define DRAWING_NOTHING  (-1)

struct drawing_bar {
    const char *label;
    int value;  /* 0 to drawing.max, DRAWING_NOTHING: not known */
    int before; /* the same at an earlier time, DRAWING_NOTHING: is not shown */
    int goal;   /* what is asked for, DRAWING_NOTHING: nothing */
};

struct drawing {
    const char *title;
    const char *value_name; /* for the legend; "" for what no bar has */
    const char *before_name;
    const char *goal_name;
    const char *unknown_name; /* stands where a value is not known */
    const char *source;       /* the short source line, at the foot */
    const char *alt;          /* the same facts in words; not said again where the text has it */
    const struct drawing_bar *bars;
    size_t n;
    int max; /* the end of the scale */
};

#endif
