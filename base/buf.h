/*
 * A growing string whose limit is fixed at the start (after curl's dynbuf). Reaching the limit sets
 * `overflow` and drops what does not fit as a whole, so a caller may append freely and check once.
 * Invariant: p is NULL (empty) or NUL-terminated at p[len], len < max.
 */
#ifndef KIZUKI_BASE_BUF_H
#define KIZUKI_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct buf {
    char *p;
    size_t len;
    size_t cap;
    size_t max; /* bytes including the NUL */
    bool overflow;
};

void buf_init(struct buf *b, size_t max);
void buf_add(struct buf *b, const char *s, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_drop_front(struct buf *b, size_t n); /* forget the first n bytes */
void buf_clear(struct buf *b);                /* keeps the memory, forgets the overflow */
const char *buf_text(const struct buf *b);    /* "" when empty; valid until the next call */
void buf_free(struct buf *b);

#endif
