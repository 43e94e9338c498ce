/*
 * Questions about what an exam covers ("SGの範囲"), or what covers an item ("which exam covers
 * K-006"). The words for it are the phrases "coverage…" of the table; the names of the exams stand
 * in the pack.
 */
#ifndef KIZUKI_INTENTS_EXAM_WORDS_H
#define KIZUKI_INTENTS_EXAM_WORDS_H

#include "base/arena.h"
#include "content/pack.h"
#include "intents/phrases.h"

/* Both NULL: an exam is named and nothing else is said. */
struct exam_wish {
    const struct exam *exam; /* whose fields are asked for, or NULL */
    const char *item;        /* id for which exams and other resources are asked, or NULL */
};

/* False where the message asks for none of this. Whether there is such an item is not looked at. */
bool exam_words_read(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                     const struct wording *w, struct exam_wish *ret);

#endif
