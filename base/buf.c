#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void buf_init(struct buf *b, size_t max) {
    *b = (struct buf){.max = max};
}

/* Makes room for n more bytes and the NUL; false at the limit. */
static bool reserve(struct buf *b, size_t n) {
    if (b->overflow || n >= b->max || b->len + n >= b->max) {
        b->overflow = true;
        return false;
    }
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 256;
        while (cap < need) {
            cap *= 2;
        }
        b->cap = cap > b->max ? b->max : cap;
        b->p = xrealloc(b->p, b->cap);
    }
    return true;
}

void buf_add(struct buf *b, const char *s, size_t n) {
    if (!reserve(b, n)) {
        return;
    }
    if (n > 0) {
        memcpy(b->p + b->len, s, n);
    }
    b->len += n;
    b->p[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s) {
    buf_add(b, s, strlen(s));
}

void buf_addf(struct buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n >= 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_drop_front(struct buf *b, size_t n) {
    if (n == 0 || !b->p) {
        return;
    }
    if (n > b->len) {
        n = b->len;
    }
    memmove(b->p, b->p + n, b->len - n + 1);
    b->len -= n;
}

void buf_clear(struct buf *b) {
    b->len = 0;
    b->overflow = false;
    if (b->p) {
        b->p[0] = '\0';
    }
}

const char *buf_text(const struct buf *b) {
    return b->p ? b->p : "";
}

void buf_free(struct buf *b) {
    free(b->p);
    *b = (struct buf){.max = b->max};
}
