#include "tests/fake/common/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

uint64_t map_hash(const char *key) {
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (const unsigned char *p = (const unsigned char *)key; *p; p++) {
        h = (h ^ *p) * 1099511628211u;
    }
    return h;
}

static struct map_slot *find(const struct map *m, const char *key) {
    size_t i = (size_t)map_hash(key) & (m->cap - 1);
    while (m->slots[i].key && strcmp(m->slots[i].key, key) != 0) {
        i = (i + 1) & (m->cap - 1);
    }
    return &m->slots[i];
}

void *map_get(const struct map *m, const char *key) {
    return m->cap ? find(m, key)->value : NULL;
}

static void grow(struct map *m) {
    struct map old = *m;
    m->cap = old.cap ? old.cap * 2 : 64;
    m->slots = xmalloc(m->cap * sizeof(*m->slots));
    memset(m->slots, 0, m->cap * sizeof(*m->slots));
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slots[i].key) {
            *find(m, old.slots[i].key) = old.slots[i];
        }
    }
    free(old.slots);
}

void map_put(struct map *m, const char *key, void *value) {
    if (m->used * 2 >= m->cap) {
        grow(m);
    }
    struct map_slot *slot = find(m, key);
    if (!slot->key) {
        slot->key = key;
        m->used++;
    }
    slot->value = value;
}

void map_clear(struct map *m) {
    free(m->slots);
    *m = (struct map){0};
}
