#include "content/imported.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

const char *const import_kind_names[IMPORT__COUNT] = {"work_role", "task", "knowledge", "skill"};

void imported_index(struct arena *arena, struct import_set *set, struct import_item *items) {
    memset(set->counts, 0, sizeof(set->counts));
    for (size_t i = 0; i < set->n_items; i++) {
        set->counts[items[i].kind]++;
        const char *text = text_fold(arena, items[i].text);
        items[i].folded =
            *items[i].title ? arena_printf(arena, "%s\n%s", text_fold(arena, items[i].title), text)
                            : text;
    }
    set->items = items;
}

const struct import_item *imported_find(const struct import_set *set, const char *code) {
    for (size_t i = 0; *code && i < set->n_items; i++) {
        if (strcasecmp(set->items[i].code, code) == 0) {
            return &set->items[i];
        }
    }
    return NULL;
}

enum { RANKS = 4 };

/* 0 to RANKS - 1, RANKS for no hit. */
static int rank_of(const struct import_item *item, const char *folded, size_t n) {
    const char *at = strstr(item->folded, folded);
    if (!at) {
        return RANKS;
    }
    const char *end = strchr(item->folded, '\n');
    size_t title = end ? (size_t)(end - item->folded) : 0;
    size_t place = (size_t)(at - item->folded);
    if (place == 0 && n == (title ? title : strlen(item->folded))) {
        return 0;
    }
    return place == 0 ? 1 : place < title ? 2 : 3;
}

size_t imported_search(const struct import_set *set, const char *folded, size_t *ret, size_t max) {
    size_t n = strlen(folded);
    size_t found = 0;
    for (int rank = 0; n > 0 && rank < RANKS && found < max; rank++) {
        for (size_t i = 0; i < set->n_items && found < max; i++) {
            if (rank_of(&set->items[i], folded, n) == rank) {
                ret[found++] = i;
            }
        }
    }
    return found;
}

bool imported_of_role(const struct import_item *item, const char *role) {
    size_t n = strlen(role);
    for (const char *p = item->roles; n > 0 && *p;) {
        size_t len = strcspn(p, " ");
        if (len == n && strncmp(p, role, n) == 0) {
            return true;
        }
        p += len + (p[len] == ' ');
    }
    return false;
}
