#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define BLOCK_BYTES     ((size_t)1024) /* doubled with each block: many arenas stay small */
#define BLOCK_MAX_BYTES ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    _Alignas(max_align_t) char data[];
};

static struct arena_block *block_new(size_t size, struct arena_block *next) {
    struct arena_block *b = xmalloc(sizeof(*b) + size);
    b->next = next;
    b->size = size;
    b->used = 0;
    return b;
}

void *arena_alloc(struct arena *a, size_t n) {
    size_t align = _Alignof(max_align_t);
    size_t need = (n + align - 1) / align * align;
    if (need < n || need > SIZE_MAX / 2) {
        xalloc_die();
    }
    if (!a->head || a->head->size - a->head->used < need) {
        size_t size = a->head ? a->head->size * 2 : BLOCK_BYTES;
        size = size > BLOCK_MAX_BYTES ? BLOCK_MAX_BYTES : size;
        a->head = block_new(need > size ? need : size, a->head);
    }
    void *p = a->head->data + a->head->used;
    a->head->used += need;
    a->used_bytes += need;
    memset(p, 0, need);
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n) {
    char *p = arena_alloc(a, n + 1);
    if (n > 0) {
        memcpy(p, s, n);
    }
    p[n] = '\0';
    return p;
}

char *arena_strdup(struct arena *a, const char *s) {
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        xalloc_die();
    }
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

void arena_reset(struct arena *a) {
    struct arena_block *keep = NULL;
    for (struct arena_block *b = a->head; b;) {
        struct arena_block *next = b->next;
        if (!keep || b->size > keep->size) {
            free(keep);
            keep = b;
        } else {
            free(b);
        }
        b = next;
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
    }
    a->head = keep;
    a->used_bytes = 0;
}

void arena_free(struct arena *a) {
    for (struct arena_block *b = a->head; b;) {
        struct arena_block *next = b->next;
        free(b);
        b = next;
    }
    *a = (struct arena){0};
}
