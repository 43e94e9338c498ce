/*
 * A hash map from text to a pointer. Keys and values stay the caller's and outlive the map; nothing
 * is ever taken out (an entry that no longer counts is marked in its value).
 */
#ifndef KIZUKI_TESTS_FAKE_COMMON_MAP_H
#define KIZUKI_TESTS_FAKE_COMMON_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_slot {
    const char *key; /* NULL: free */
    void *value;
};

/* A zeroed struct map is valid and empty. */
struct map {
    struct map_slot *slots;
    size_t used;
    size_t cap; /* 0 or a power of two */
};

uint64_t map_hash(const char *key);
void *map_get(const struct map *m, const char *key); /* or NULL */
void map_put(struct map *m, const char *key, void *value);
void map_clear(struct map *m);

#endif
