/*
 * A bump allocator with one owner: allocate freely, release everything at once. One arena lives
 * for one turn of the event loop (events, replies), another one for the life of a content pack.
 * Running out of memory ends the process (see xalloc.h). Not thread-safe.
 */
#ifndef KIZUKI_BASE_ARENA_H
#define KIZUKI_BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"

struct arena_block;

struct arena {
    struct arena_block *head;
    size_t used_bytes; /* since the last reset, for limits and tests */
};

/* A zeroed struct arena is valid and empty. */
void *arena_alloc(struct arena *a, size_t n); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Keeps the largest block for the next turn. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
