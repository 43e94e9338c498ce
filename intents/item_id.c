#include "intents/item_id.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The length of an id such as "t-007" at that place of a folded text; 0 for none. */
static size_t id_at(const char *s, char out[ITEM_ID_SIZE]) {
    size_t gap = s[1] == '-' || s[1] == ' ';
    size_t n = strchr("tks", *s) && *s ? strspn(s + 1 + gap, "0123456789") : 0;
    if (n < 1 || n > 3) {
        return 0;
    }
    snprintf(out, ITEM_ID_SIZE, "%c-%.*s%.*s", toupper((unsigned char)*s), (int)(3 - n), "000",
             (int)n, s + 1 + gap);
    return 1 + gap + n;
}

char *item_id_take(struct arena *arena, const char *folded, char item[ITEM_ID_SIZE],
                   size_t *ret_n) {
    char *rest = arena_strdup(arena, folded);
    item[0] = '\0';
    *ret_n = 0;
    for (size_t i = 0; rest[i]; i++) {
        bool begins = i == 0 || !isalnum((unsigned char)rest[i - 1]);
        char found[ITEM_ID_SIZE];
        size_t len = begins ? id_at(rest + i, found) : 0;
        if (len > 0) {
            if ((*ret_n)++ == 0) {
                memcpy(item, found, ITEM_ID_SIZE);
            }
            memset(rest + i, ' ', len);
        }
    }
    return rest;
}
