#include "intents/target.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define NO_LEVEL  (-1)
#define TOO_HIGH  (-2)
#define SEVERAL   (-3)
#define ITEM_SIZE 8

int target_level(const struct session *s, const char *item) {
    for (size_t i = 0; i < s->learning.n_targets; i++) {
        if (strcmp(s->learning.targets[i].item, item) == 0) {
            return s->learning.targets[i].level;
        }
    }
    return -1;
}

const char *target_name(struct talk *t, int level) {
    return talk_string(t, MSG_TARGET_LEVEL, "level", talk_number(t, level), "name",
                       talk_l10n(t, t->pack->assess.levels[level].name));
}

/* The length of an id such as "t-007" at that place of a folded text; 0 for none. */
static size_t id_at(const char *s, char out[ITEM_SIZE]) {
    size_t gap = s[1] == '-' || s[1] == ' ';
    size_t n = strchr("tks", *s) && *s ? strspn(s + 1 + gap, "0123456789") : 0;
    if (n < 1 || n > 3) {
        return 0;
    }
    snprintf(out, ITEM_SIZE, "%c-%.*s%.*s", toupper((unsigned char)*s), (int)(3 - n), "000", (int)n,
             s + 1 + gap);
    return 1 + gap + n;
}

/* The text without its ids; the first of them, "" for none. */
static char *take_ids(struct talk *t, const char *folded, char item[ITEM_SIZE], size_t *ret_n) {
    char *rest = arena_strdup(t->arena, folded);
    item[0] = '\0';
    *ret_n = 0;
    for (size_t i = 0; rest[i]; i++) {
        bool begins = i == 0 || !isalnum((unsigned char)rest[i - 1]);
        char found[ITEM_SIZE];
        size_t len = begins ? id_at(rest + i, found) : 0;
        if (len > 0) {
            if ((*ret_n)++ == 0) {
                memcpy(item, found, ITEM_SIZE);
            }
            memset(rest + i, ' ', len);
        }
    }
    return rest;
}

/* The only number in the text, or the last one behind an arrow: "from 2 to 3" has two. */
static int level_in(const char *rest) {
    int level = NO_LEVEL;
    for (const char *p = rest; *p; p++) {
        size_t n = strspn(p, "0123456789");
        if (n == 0) {
            continue;
        }
        int value = n > 1 || *p - '0' > LEVEL_MAX ? TOO_HIGH : *p - '0';
        level = level == NO_LEVEL || level == value ? value : SEVERAL;
        p += n - 1;
    }
    return level;
}

static void keep(struct talk *t, const struct tks *item, int level) {
    struct session *s = t->s;
    struct target *targets = arena_alloc(t->arena, (s->learning.n_targets + 1) * sizeof(*targets));
    size_t n = 0;
    for (size_t i = 0; i < s->learning.n_targets; i++) {
        if (strcmp(s->learning.targets[i].item, item->id) != 0) {
            targets[n++] = s->learning.targets[i];
        }
    }
    if (level >= 0) {
        targets[n++] = (struct target){.item = item->id, .level = level};
    }
    s->learning.targets = targets;
    s->learning.n_targets = n;
    struct change *c = talk_change(t, CHANGE_TARGET);
    c->item = item->id;
    c->level = level;
}

static bool wants_back(struct talk *t, const char *rest) {
    size_t len;
    return phrases_part(t->phrases, PHRASE_TARGET_BACK, rest, &len) != NULL;
}

/* What is missing, or cannot be. */
static void ask(struct talk *t, const struct tks *item, const char *id, size_t n_items, int level) {
    if (n_items > 1) {
        talk_line(t, MSG_TARGET_ONE_BY_ONE);
    } else if (!item && *id) {
        talk_line(t, MSG_TARGET_UNKNOWN, "id", id);
    } else if (!item) {
        talk_line(t, MSG_TARGET_WHICH);
    } else {
        talk_line(t, level == TOO_HIGH ? MSG_TARGET_RANGE : MSG_TARGET_HOW_MUCH, "id", item->id,
                  "name", talk_l10n(t, item->name));
        for (int i = 0; i <= LEVEL_MAX; i++) {
            talk_break(t);
            talk_text(t, target_name(t, i));
        }
    }
}

void target_set(struct talk *t, const char *text) {
    char id[ITEM_SIZE];
    size_t n_items;
    const char *rest = take_ids(t, text_fold(t->arena, text), id, &n_items);
    const struct tks *item = n_items == 1 ? pack_tks(t->pack, id) : NULL;
    int before = item ? target_level(t->s, item->id) : -1;
    int level = level_in(rest);
    if (item && level == NO_LEVEL && wants_back(t, rest)) {
        talk_line(t, before >= 0 ? MSG_TARGET_BACK : MSG_TARGET_NOT_SET, "id", item->id, "name",
                  talk_l10n(t, item->name));
        if (before >= 0) {
            keep(t, item, -1);
        }
        return;
    }
    if (!item || level < 0) {
        ask(t, item, id, n_items, level);
        return;
    }
    keep(t, item, level);
    talk_line(t, MSG_TARGET_SET, "id", item->id, "name", talk_l10n(t, item->name), "level",
              target_name(t, level));
    if (before >= 0 && before != level) {
        talk_line(t, MSG_TARGET_BEFORE, "level", target_name(t, before));
    }
    talk_line(t, MSG_TARGET_FOOT, "id", item->id);
}
