#include "intents/who.h"

#include <string.h>

#include "base/text.h"
#include "content/gap.h"
#include "intents/item_id.h"
#include "intents/own.h"

/* What else may stand in "set K-006 to support", in bytes without blanks. */
#define REST_MAX 24

static const char *name_of(struct talk *t, enum involvement who) {
    return who == INVOLVED_UNKNOWN ? talk_string(t, MSG_WHO_UNKNOWN)
                                   : talk_l10n(t, t->pack->assess.involvements[who].name);
}

static struct gap gap_at(struct talk *t, const struct expectation *e, size_t item) {
    const char *id = e->items[item].tks->id;
    struct own own = {.current = CURRENT_OPEN,
                      .who = own_involvement(t->s, id),
                      .required = own_target(t->s, id)};
    return gap_of(&t->pack->assess, e, item, &own);
}

static void say_item(struct talk *t, const struct gap *g) {
    talk_line(t, g->who_own ? MSG_WHO_ITEM_OWN : MSG_WHO_ITEM, "id", g->tks->id, "label",
              talk_l10n(t, g->tks->label), "who", name_of(t, g->who), "level",
              talk_number(t, g->required));
}

void who_show(struct talk *t) {
    const struct expectation *e = own_expectation(t);
    if (!e) {
        talk_line(t, MSG_ASSESS_NO_PERSONA);
        return;
    }
    const struct persona *p = pack_persona(t->pack, t->s->result);
    talk_line(t, MSG_WHO_HEAD, "persona", talk_l10n(t, p->brief));
    for (size_t i = 0; i < e->n_items; i++) {
        struct gap g = gap_at(t, e, i);
        say_item(t, &g);
    }
    struct buf names;
    buf_init(&names, 1024);
    for (int i = 0; i < INVOLVEMENT__COUNT; i++) {
        talk_join_quoted(t, &names, name_of(t, (enum involvement)i));
    }
    talk_line(t, MSG_WHO_FOOT, "names", talk_take(t, &names));
    talk_attribution(t);
}

/* ---- changing it ---- */

/* Words with blanks between, or none for Japanese: where the name stands, or NULL. */
static const char *find_name(struct talk *t, const char *bare, const char *words, const char *name,
                             size_t *ret_len) {
    const char *folded = text_fold(t->arena, name);
    bool latin = text_is_latin(folded);
    const char *key = latin ? text_words(t->arena, folded) : text_bare(t->arena, folded);
    const char *in = latin ? words : bare;
    const char *at = *key ? strstr(in, key) : NULL;
    size_t len = strlen(key);
    bool whole =
        at && (!latin || ((at == in || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0')));
    *ret_len = len;
    return whole ? at : NULL;
}

/* The involvement with the longest name in the text that has little besides. */
static enum involvement who_in(struct talk *t, const char *rest) {
    const char *bare = text_bare(t->arena, rest);
    const char *words = text_words(t->arena, rest);
    enum involvement best = INVOLVED_UNKNOWN;
    size_t longest = 0;
    for (int i = 0; i < INVOLVEMENT__COUNT; i++) {
        const struct involvement_words *w = &t->pack->assess.involvements[i];
        for (size_t k = 0; k < w->aliases.n + LANG__COUNT; k++) {
            const char *name = k < LANG__COUNT ? w->name.in[k] : w->aliases.items[k - LANG__COUNT];
            size_t len;
            if (find_name(t, bare, words, name, &len) && len > longest) {
                longest = len;
                best = (enum involvement)i;
            }
        }
    }
    bool little = longest > 0 && strlen(bare) <= longest + REST_MAX;
    return little && !strpbrk(bare, "0123456789") ? best : INVOLVED_UNKNOWN;
}

static bool wants_back(struct talk *t, const char *rest) {
    size_t len;
    return phrases_part(t->phrases, PHRASE_WHO_BACK, rest, &len) != NULL;
}

bool who_set(struct talk *t, const char *text) {
    char id[ITEM_ID_SIZE];
    size_t n_items;
    const char *rest = item_id_take(t->arena, text_fold(t->arena, text), id, &n_items);
    const struct tks *item = n_items == 1 ? pack_tks(t->pack, id) : NULL;
    bool back = item && wants_back(t, rest);
    enum involvement who = item && !back ? who_in(t, rest) : INVOLVED_UNKNOWN;
    if (!item || (!back && who == INVOLVED_UNKNOWN)) {
        return false;
    }
    const struct expectation *e = own_expectation(t);
    int at = e ? expectation_find(e, item->id) : -1;
    if (at < 0) {
        talk_line(t, MSG_WHO_NOT_MINE, "id", item->id);
        return true;
    }
    own_set_involvement(t, item, who);
    struct gap g = gap_at(t, e, (size_t)at);
    talk_line(t, back ? MSG_WHO_BACK : MSG_WHO_SET, "id", item->id, "label",
              talk_l10n(t, item->label), "who", name_of(t, g.who), "level",
              own_level_name(t, g.required));
    return true;
}
