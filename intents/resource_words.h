/*
 * What a message asks for among the learning resources: the kind, the time there is, the fees, and
 * the words that are left. The words for it are the phrases "resource_…" of the table.
 */
#ifndef KIZUKI_INTENTS_RESOURCE_WORDS_H
#define KIZUKI_INTENTS_RESOURCE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/pack.h"
#include "intents/phrases.h"

#define RESOURCE_MAX_TOPICS 24

struct resource_wish {
    bool named;                              /* there is a word for learning material of any kind */
    unsigned kinds;                          /* bit: enum resource_kind; 0: any */
    int max_minutes;                         /* 0: not said */
    bool fees;                               /* they are asked for, or free material is */
    const char *topics[RESOURCE_MAX_TOPICS]; /* what is left, folded, words kept apart */
    size_t n_topics;
    int role;            /* that is named by its number, 0 for none; not read here */
    const char *message; /* all of it, folded, words kept apart */
};

/* Whether the message, words kept apart, has a word for learning material: without one it asks for
 * none, and need not be read. */
bool resource_named(const struct phrases *phrases, const char *spaced);

/* Everything lives in the arena. The topics still have small words around them. */
void resource_read(const struct phrases *phrases, struct arena *arena, const char *text,
                   struct resource_wish *ret);

/* Takes the small words away ("any good … about"), and topics that are nothing else. */
void resource_trim(const struct phrases *phrases, struct arena *arena, struct resource_wish *w);

/* How the person wrote the topic: the stretch of the text that folds to it. Quote before showing.
 */
const char *resource_typed(struct arena *arena, const char *text, const char *topic);

#endif
