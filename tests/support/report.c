#include "tests/support/report.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const char *const figure_names[FIGURES] = {"p50", "p90", "p99", "max"};

/* ---- figures ---- */

double report_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

double report_median(double *values, size_t n) {
    qsort(values, n, sizeof(*values), by_size);
    return values[n / 2];
}

struct figures report_figures(struct samples *s) {
    qsort(s->ms, s->n, sizeof(s->ms[0]), by_size);
    return (struct figures){
        {s->ms[s->n / 2], s->ms[s->n * 90 / 100], s->ms[s->n * 99 / 100], s->ms[s->n - 1]}};
}

/* Each figure's median over the rounds. */
struct figures report_median_figures(const struct figures rounds[REPORT_ROUNDS]) {
    struct figures ret;
    for (size_t k = 0; k < FIGURES; k++) {
        double of[REPORT_ROUNDS];
        for (size_t i = 0; i < REPORT_ROUNDS; i++) {
            of[i] = rounds[i].v[k];
        }
        ret.v[k] = report_median(of, REPORT_ROUNDS);
    }
    return ret;
}

void report_row(struct report *r, const char *name, struct figures f, size_t n) {
    r->rows[r->n_rows++] = (struct report_row){name, "ms", f, false, n};
}

void report_number(struct report *r, const char *name, const char *unit, double value, size_t n) {
    r->rows[r->n_rows++] = (struct report_row){name, unit, {{value}}, true, n};
}

PRINTF_LIKE(3, 0)
static struct report_target *add_target(struct report *r, double value, const char *fmt,
                                        va_list ap) {
    struct report_target *t = &r->targets[r->n_targets++];
    vsnprintf(t->text, sizeof(t->text), fmt, ap);
    t->value = value;
    return t;
}

void report_target(struct report *r, double value, double limit, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    add_target(r, value, fmt, ap)->limit = limit;
    va_end(ap);
}

void report_floor(struct report *r, double value, double limit, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    struct report_target *t = add_target(r, value, fmt, ap);
    va_end(ap);
    t->limit = limit;
    t->at_least = true;
}

/* What stands behind "KEY ... : " in the file, without what JSON would have to escape. */
static void find_value(const char *path, const char *key, char *ret, size_t size) {
    char line[512];
    FILE *f = fopen(path, "re");
    snprintf(ret, size, "unknown");
    while (f && fgets(line, sizeof(line), f)) {
        const char *colon = strchr(line, ':');
        if (colon && strncmp(line, key, strlen(key)) == 0) {
            snprintf(ret, size, "%s", colon + 2);
            break;
        }
    }
    ret[strcspn(ret, "\n\"\\")] = '\0';
    if (f) {
        fclose(f);
    }
}

/* The file system of the working directory: that of the longest mount point in front of it. */
static void find_filesystem(char *ret, size_t size) {
    char here[PATH_MAX];
    char line[1024];
    size_t longest = 0;
    FILE *f = getcwd(here, sizeof(here)) ? fopen("/proc/mounts", "re") : NULL;
    snprintf(ret, size, "unknown");
    while (f && fgets(line, sizeof(line), f)) {
        char *save;
        const char *parts[3] = {strtok_r(line, " ", &save), strtok_r(NULL, " ", &save),
                                strtok_r(NULL, " ", &save)};
        size_t n = parts[2] ? strlen(parts[1]) : 0;
        if (n > longest && strncmp(here, parts[1], n) == 0) {
            longest = n;
            snprintf(ret, size, "%s", parts[2]);
        }
    }
    if (f) {
        fclose(f);
    }
}

void report_machine(struct report *r) {
    char cpu[128];
    char filesystem[64];
    find_value("/proc/cpuinfo", "model name", cpu, sizeof(cpu));
    find_filesystem(filesystem, sizeof(filesystem));
    struct utsname u;
    uname(&u);
    snprintf(r->machine, sizeof(r->machine), "%s, %ld cores, %s %s, %s, SQLite %s", cpu,
             sysconf(_SC_NPROCESSORS_ONLN), u.sysname, u.release, filesystem, sqlite3_libversion());
}

/* The same to the terminal and to a file for programs; no name needs escaping. */
bool report_print(const struct report *r, const char *json_path) {
    FILE *f = fopen(json_path, "we");
    if (!f) {
        return false;
    }
    fprintf(f, "{\"machine\": \"%s\",\n\"measured\": [", r->machine);
    printf("%s\n\n%-40s %9s %9s %9s %9s  %-5s %7s\n", r->machine, "measured", "p50", "p90", "p99",
           "max", "unit", "n");
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct report_row *w = &r->rows[i];
        fprintf(f, "%s\n{\"name\": \"%s\", \"unit\": \"%s\", \"n\": %zu", i ? "," : "", w->name,
                w->unit, w->n);
        printf("%-40s", w->name);
        for (size_t k = 0; k < FIGURES; k++) {
            if (k == 0 || !w->single) {
                fprintf(f, ", \"%s\": %.4f", w->single ? "value" : figure_names[k], w->f.v[k]);
                printf(w->single ? " %9.1f" : " %9.3f", w->f.v[k]);
            } else {
                printf(" %9s", "");
            }
        }
        fprintf(f, "}");
        printf("  %-5s %7zu\n", w->unit, w->n);
    }
    fprintf(f, "],\n\"targets\": [");
    for (size_t i = 0; i < r->n_targets; i++) {
        const struct report_target *t = &r->targets[i];
        bool met = t->at_least ? t->value >= t->limit : t->value <= t->limit;
        printf("%s%-6s  %s\n", i ? "" : "\n", met ? "met" : "MISSED", t->text);
        fprintf(f, "%s\n{\"target\": \"%s\", \"value\": %.4f, \"limit\": %.4f, \"met\": %s}",
                i ? "," : "", t->text, t->value, t->limit, met ? "true" : "false");
    }
    return fputs("]}\n", f) >= 0 && fclose(f) == 0;
}
