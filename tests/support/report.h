/* Figures of a measurement, their table on the terminal and the same as JSON, and targets. */
#ifndef KIZUKI_TESTS_SUPPORT_REPORT_H
#define KIZUKI_TESTS_SUPPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

#define REPORT_ROUNDS  5
#define REPORT_SAMPLES 20000

enum { P50, P90, P99, MOST, FIGURES };

struct figures {
    double v[FIGURES];
};

struct samples {
    double ms[REPORT_SAMPLES];
    size_t n;
};

struct report {
    struct report_row {
        const char *name;
        const char *unit;
        struct figures f;
        bool single; /* one number, in p50 */
        size_t n;
    } rows[24];
    size_t n_rows;
    struct report_target {
        char text[160];
        double value;
        double limit;
        bool at_least; /* the limit is a floor */
    } targets[16];
    size_t n_targets;
    char machine[512];
};

double report_now_ms(void);

/* Sorts. */
double report_median(double *values, size_t n);
struct figures report_figures(struct samples *s);
/* Each figure's median over the rounds. */
struct figures report_median_figures(const struct figures rounds[REPORT_ROUNDS]);

void report_row(struct report *r, const char *name, struct figures f, size_t n);
void report_number(struct report *r, const char *name, const char *unit, double value, size_t n);
void report_target(struct report *r, double value, double limit, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void report_floor(struct report *r, double value, double limit, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

void report_machine(struct report *r);
bool report_print(const struct report *r, const char *json_path);

#endif
