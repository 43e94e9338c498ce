#include "content/fault.h"

#include <stdarg.h>
#include <stdio.h>

void fault_add(struct faults *f, const char *file, const char *where, const char *fmt, ...) {
    if (f->n == FAULTS_MAX) {
        f->dropped++;
        return;
    }
    char what[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    f->items[f->n++] = (struct fault){
        .file = arena_strdup(&f->arena, file),
        .where = arena_strdup(&f->arena, where),
        .what = arena_strdup(&f->arena, what),
    };
}

void faults_free(struct faults *f) {
    arena_free(&f->arena);
    f->n = 0;
    f->dropped = 0;
}
