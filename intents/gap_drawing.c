#include "intents/gap_drawing.h"

#include "intents/own.h"

#define BARS_MAX 15 /* more cannot be read on a phone */

struct bars {
    struct drawing_bar items[BARS_MAX];
    const struct gap *gaps[BARS_MAX];
    size_t n;
};

static void add(struct talk *t, struct bars *b, const struct gap *g, int before) {
    if (b->n == BARS_MAX) {
        return;
    }
    b->gaps[b->n] = g;
    b->items[b->n++] = (struct drawing_bar){
        .label = arena_printf(t->arena, "%s %s", g->tks->id, talk_l10n(t, g->tks->label)),
        .value = g->current >= 0 ? g->current : DRAWING_NOTHING,
        .before = before,
        .goal = g->required};
}

static const char *current_word(struct talk *t, const struct gap *g) {
    return g->current >= 0 ? talk_number(t, g->current) : talk_string(t, MSG_ANSWER_UNSURE);
}

/* The same in words, bar by bar. */
static const char *in_words(struct talk *t, const struct bars *bars) {
    struct buf b;
    buf_init(&b, 8192);
    for (size_t i = 0; i < bars->n; i++) {
        const struct drawing_bar *bar = &bars->items[i];
        bool grew = bar->before != DRAWING_NOTHING;
        buf_adds(&b, i > 0 ? talk_string(t, MSG_DRAWING_AND) : "");
        buf_adds(&b, talk_string(t, grew ? MSG_DRAWING_GREW : MSG_DRAWING_BAR, "label", bar->label,
                                 "current", current_word(t, bars->gaps[i]), "required",
                                 talk_number(t, bar->goal), "before",
                                 talk_number(t, grew ? bar->before : 0)));
    }
    return talk_take(t, &b);
}

static const struct drawing *draw(struct talk *t, const struct bars *bars, enum msg title,
                                  const char *before_name) {
    struct drawing *d = arena_alloc(t->arena, sizeof(*d));
    struct drawing_bar *items = arena_alloc(t->arena, bars->n * sizeof(*items));
    for (size_t i = 0; i < bars->n; i++) {
        items[i] = bars->items[i];
    }
    const struct persona *p = pack_persona(t->pack, t->s->result);
    const char *head = talk_string_of(t, title, "persona", talk_l10n(t, p->brief), (char *)NULL);
    *d = (struct drawing){
        .title = head,
        .value_name = talk_string(t, MSG_DRAWING_NOW),
        .before_name = before_name,
        .goal_name = talk_string(t, MSG_DRAWING_GOAL),
        .unknown_name = talk_string(t, MSG_ANSWER_UNSURE),
        .source = talk_source(t),
        .alt = talk_string(t, MSG_DRAWING_ALT, "title", head, "bars", in_words(t, bars)),
        .bars = items,
        .n = bars->n,
        .max = LEVEL_MAX,
    };
    return d;
}

const struct drawing *gap_drawing(struct talk *t, const struct gaps *gaps) {
    struct bars bars = {.n = 0};
    for (size_t i = 0; i < gaps->n_ranked; i++) {
        add(t, &bars, &gaps->items[gaps->ranked[i]], DRAWING_NOTHING);
    }
    for (size_t i = 0; i < gaps->n; i++) {
        if (gaps->items[i].gap == 0 && gaps->items[i].current != CURRENT_OPEN) {
            add(t, &bars, &gaps->items[i], DRAWING_NOTHING);
        }
    }
    return bars.n > 0 ? draw(t, &bars, MSG_DRAWING_GAP, "") : NULL;
}

const struct drawing *growth_drawing(struct talk *t, const struct gaps *gaps) {
    struct bars bars = {.n = 0};
    for (size_t i = 0; i < gaps->n; i++) {
        const struct gap *g = &gaps->items[i];
        const struct own_level *l = own_level(t->s, g->tks->id);
        if (l && l->first >= 0 && l->level >= 0 && l->first != l->level) {
            add(t, &bars, g, l->first);
        }
    }
    return bars.n > 0 ? draw(t, &bars, MSG_DRAWING_GROWTH, talk_string(t, MSG_DRAWING_FIRST))
                      : NULL;
}
