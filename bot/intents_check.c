#include "bot/intents_check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "intents/conflicts.h"
#include "intents/shipped.h"

#define SHOWN_GRAPHEMES 60

struct printer {
    const char *dir;
    const char *lead;
    struct arena arena;
};

/* On a terminal, too, without harm. */
static const char *shown(struct arena *a, const char *text) {
    return text_clip(a, text_clean(a, text, strlen(text), strlen(text), NULL), SHOWN_GRAPHEMES);
}

static const char *place(struct printer *p, const struct example *x, bool shipped) {
    return arena_printf(&p->arena, "%s/%s.tsv:%d", shipped ? "intents/examples" : p->dir,
                        label_names[x->label], x->line);
}

/* What it is in conflict with, and what to do. */
static const char *explain(struct printer *p, const struct conflict *c) {
    struct arena *a = &p->arena;
    const char *taken = label_names[c->taken];
    const char *other = c->other ? place(p, c->other, c->shipped) : "";
    const char *label = c->other ? label_names[c->other->label] : "";
    const char *said = c->other ? shown(a, c->other->text) : "";
    switch (c->kind) {
    case CONFLICT_SAME:
        return arena_printf(a, "is also under %s (%s); %s", label, other,
                            c->shipped ? "Kizuki means that one by it: take yours out, unless you "
                                         "want it otherwise"
                                       : "keep one of them");
    case CONFLICT_RULE:
        return arena_printf(a, "a rule takes it for %s, so it has no effect: take it out", taken);
    case CONFLICT_INCIDENT:
        return arena_printf(
            a, "is taken for %s, which no sentence may change: take it out, or word it otherwise",
            taken);
    case CONFLICT_TAKEN:
        return arena_printf(a, "is still taken for %s: take it out, or word it otherwise", taken);
    case CONFLICT_UNSURE:
        return arena_printf(a, "is understood, but the bot has to ask back: name what it is about "
                               "as the content does, or take it out");
    case CONFLICT_NEAR:
        return arena_printf(a, "is nearly \"%s\" under %s (%s): see which one is meant", said,
                            label, other);
    default:
        return arena_printf(a,
                            "because of it %zu of Kizuki's own sentences are misunderstood, such "
                            "as \"%s\" (%s), now taken for %s: word it more closely",
                            c->count, said, other, taken);
    }
}

static void print(void *ctx, const struct conflict *c) {
    struct printer *p = ctx;
    printf("%s%s: \"%s\": %s\n", p->lead, place(p, c->example, false),
           shown(&p->arena, c->example->text), explain(p, c));
    arena_reset(&p->arena);
}

size_t intents_check_print(const struct reading *r, const char *dir, const char *lead) {
    struct printer p = {.dir = dir, .lead = lead};
    struct faults faults = {.n = 0}; /* the build has read the shipped ones without any */
    struct examples shipped = {.n = 0};
    shipped_examples(&shipped, &faults);
    struct guesser *plain = guesser_load();
    struct conflicts_setup setup = {.pack = r->pack,
                                    .phrases = r->phrases,
                                    .guesser = r->guesser,
                                    .plain = plain,
                                    .shipped = &shipped,
                                    .tell = print,
                                    .ctx = &p};
    size_t n = conflicts_find(&setup);
    guesser_free(plain);
    examples_free(&shipped);
    faults_free(&faults);
    arena_free(&p.arena);
    return n;
}
