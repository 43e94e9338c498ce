#include "intents/target.h"

#include <string.h>

#include "base/text.h"
#include "intents/item_id.h"
#include "intents/own.h"

#define NO_LEVEL (-1)
#define TOO_HIGH (-2)
#define SEVERAL  (-3)

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
            talk_text(t, own_level_name(t, i));
        }
    }
}

void target_set(struct talk *t, const char *text) {
    char id[ITEM_ID_SIZE];
    size_t n_items;
    const char *rest = item_id_take(t->arena, text_fold(t->arena, text), id, &n_items);
    const struct tks *item = n_items == 1 ? pack_tks(t->pack, id) : NULL;
    int before = item ? own_target(t->s, item->id) : -1;
    int level = level_in(rest);
    if (item && level == NO_LEVEL && wants_back(t, rest)) {
        talk_line(t, before >= 0 ? MSG_TARGET_BACK : MSG_TARGET_NOT_SET, "id", item->id, "name",
                  talk_l10n(t, item->name));
        if (before >= 0) {
            own_set_target(t, item, -1);
        }
        return;
    }
    if (!item || level < 0) {
        ask(t, item, id, n_items, level);
        return;
    }
    own_set_target(t, item, level);
    talk_line(t, MSG_TARGET_SET, "id", item->id, "name", talk_l10n(t, item->name), "level",
              own_level_name(t, level));
    if (before >= 0 && before != level) {
        talk_line(t, MSG_TARGET_BEFORE, "level", own_level_name(t, before));
    }
    talk_line(t, MSG_TARGET_FOOT, "id", item->id);
}
