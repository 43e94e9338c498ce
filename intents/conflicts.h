/*
 * Where a site's example sentences contradict each other, the rules or the shipped examples, or
 * change what they should not. Pure; blocks for about a second where the shipped ones are looked
 * at, and for a tenth of a millisecond a sentence otherwise.
 */
#ifndef KIZUKI_INTENTS_CONFLICTS_H
#define KIZUKI_INTENTS_CONFLICTS_H

#include "intents/guess.h"
#include "intents/phrases.h"

struct pack;

enum conflict_kind {
    CONFLICT_SAME,     /* the same sentence stands under another intent: `other` */
    CONFLICT_RULE,     /* a rule takes it for `taken`, whatever the examples say */
    CONFLICT_INCIDENT, /* it is taken for an incident, which an example cannot talk away */
    CONFLICT_TAKEN,    /* it is taken for `taken` all the same */
    CONFLICT_UNSURE,   /* the bot asks back, mostly since it names nothing that is known */
    CONFLICT_NEAR,     /* nearly the same sentence stands under another intent: `other` */
    CONFLICT_SPOILS /* because of it `count` shipped ones, first `other`, are taken for `taken` */
};

struct conflict {
    enum conflict_kind kind;
    const struct example *example;
    const struct example *other; /* NULL: none */
    bool shipped;                /* `other` is not the site's */
    enum label taken;
    size_t count;
};

struct conflicts_setup {
    const struct pack *pack;
    const struct phrases *phrases;
    const struct guesser *guesser;  /* with the site's sentences */
    const struct guesser *plain;    /* without them; needed with … */
    const struct examples *shipped; /* … NULL: these are not looked at */
    size_t most;                    /* of the site's sentences to be looked at; 0: all */
    void (*tell)(void *ctx, const struct conflict *c); /* NULL: only to count */
    void *ctx;
};

/* How many there are. In the order of the sentences, what they spoil behind that. */
size_t conflicts_find(const struct conflicts_setup *setup);

#endif
