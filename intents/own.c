#include "intents/own.h"

#include <string.h>

const struct own_level *own_level(const struct session *s, const char *item) {
    for (size_t i = 0; i < s->learning.n_levels; i++) {
        if (strcmp(s->learning.levels[i].item, item) == 0) {
            return &s->learning.levels[i];
        }
    }
    return NULL;
}

static void set_one(struct talk *t, const char *item, int level, bool corrects) {
    struct learning *l = &t->s->learning;
    struct own_level *levels = arena_alloc(t->arena, (l->n_levels + 1) * sizeof(*levels));
    size_t at = l->n_levels;
    for (size_t i = 0; i < l->n_levels; i++) {
        levels[i] = l->levels[i];
        at = strcmp(levels[i].item, item) == 0 ? i : at;
    }
    if (at == l->n_levels) {
        levels[l->n_levels++] = (struct own_level){.item = item, .first = CURRENT_UNSURE};
    }
    levels[at].level = level;
    levels[at].said_ms = t->event->at_ms;
    levels[at].only =
        levels[at].first == CURRENT_UNSURE || (levels[at].only && corrects && level >= 0);
    if (levels[at].only) {
        levels[at].first_ms = levels[at].first >= 0 ? levels[at].first_ms : t->event->at_ms;
        levels[at].first = level;
    }
    l->levels = levels;
    struct change *c = talk_change(t, CHANGE_LEVEL);
    c->item = item;
    c->level = level;
    c->corrects = corrects;
}

void own_set_level(struct talk *t, const struct tks *item, int level, bool corrects) {
    for (size_t i = 0; i < t->pack->n_tks; i++) {
        const struct tks *other = &t->pack->tks[i];
        bool same = item->same_group && other->same_group &&
                    strcmp(item->same_group, other->same_group) == 0;
        if (other == item || same) {
            set_one(t, other->id, level, corrects);
        }
    }
}

enum involvement own_involvement(const struct session *s, const char *item) {
    for (size_t i = 0; i < s->learning.n_involvements; i++) {
        if (strcmp(s->learning.involvements[i].item, item) == 0) {
            return s->learning.involvements[i].who;
        }
    }
    return INVOLVED_UNKNOWN;
}

void own_set_involvement(struct talk *t, const struct tks *item, enum involvement who) {
    struct learning *l = &t->s->learning;
    struct own_involvement *all = arena_alloc(t->arena, (l->n_involvements + 1) * sizeof(*all));
    size_t n = 0;
    for (size_t i = 0; i < l->n_involvements; i++) {
        if (strcmp(l->involvements[i].item, item->id) != 0) {
            all[n++] = l->involvements[i];
        }
    }
    if (who != INVOLVED_UNKNOWN) {
        all[n++] = (struct own_involvement){.item = item->id, .who = who};
    }
    l->involvements = all;
    l->n_involvements = n;
    struct change *c = talk_change(t, CHANGE_INVOLVEMENT);
    c->item = item->id;
    c->level = (int)who;
}

int own_target(const struct session *s, const char *item) {
    for (size_t i = 0; i < s->learning.n_targets; i++) {
        if (strcmp(s->learning.targets[i].item, item) == 0) {
            return s->learning.targets[i].level;
        }
    }
    return -1;
}

void own_set_target(struct talk *t, const struct tks *item, int level) {
    struct learning *l = &t->s->learning;
    struct target *targets = arena_alloc(t->arena, (l->n_targets + 1) * sizeof(*targets));
    size_t n = 0;
    for (size_t i = 0; i < l->n_targets; i++) {
        if (strcmp(l->targets[i].item, item->id) != 0) {
            targets[n++] = l->targets[i];
        }
    }
    if (level >= 0) {
        targets[n++] = (struct target){.item = item->id, .level = level};
    }
    l->targets = targets;
    l->n_targets = n;
    struct change *c = talk_change(t, CHANGE_TARGET);
    c->item = item->id;
    c->level = level;
}

void own_fill(const struct session *s, const struct expectation *e,
              struct own own[ASSESS_MAX_ITEMS]) {
    for (size_t i = 0; i < e->n_items; i++) {
        const char *id = e->items[i].tks->id;
        const struct own_level *level = own_level(s, id);
        own[i] = (struct own){.current = level ? level->level : CURRENT_OPEN,
                              .who = own_involvement(s, id),
                              .required = own_target(s, id)};
    }
}

const struct expectation *own_expectation(struct talk *t) {
    return expectation_of(t->pack, t->s->result);
}

const char *own_level_name(struct talk *t, int level) {
    return talk_string(t, MSG_TARGET_LEVEL, "level", talk_number(t, level), "name",
                       talk_l10n(t, t->pack->assess.levels[level].name));
}
