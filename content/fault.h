/*
 * What is wrong with a content pack: each fault names the file and the JSON path (or the line, for
 * syntax errors). Collected rather than stopping at the first one, up to a limit.
 */
#ifndef KIZUKI_CONTENT_FAULT_H
#define KIZUKI_CONTENT_FAULT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

#define FAULTS_MAX 200

struct fault {
    const char *file;
    const char *where; /* "$.roles[3].gloss.en" or "line 12, column 5" */
    const char *what;
};

/* Zeroed: empty. Texts live in the arena. */
struct faults {
    struct arena arena;
    struct fault items[FAULTS_MAX];
    size_t n;       /* items filled */
    size_t dropped; /* found beyond the limit */
};

void fault_add(struct faults *f, const char *file, const char *where, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void faults_free(struct faults *f);

#endif
