/*
 * Reads a message as an answer to an open question: numbers in any width and spelling, ranges,
 * lists, or the words of the choices. Never guesses: what is ambiguous, out of range or half
 * understood is reported as such.
 */
#ifndef KIZUKI_INTENTS_ANSWER_H
#define KIZUKI_INTENTS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "content/form.h"
#include "intents/labels.h"

enum answer_kind {
    ANSWER_NOT,          /* not an answer to this question */
    ANSWER_CHOSEN,       /* `mask` holds the options */
    ANSWER_OUT_OF_RANGE, /* `number` is not among the choices */
    ANSWER_EITHER,       /* "1 or 2": `mask` holds the candidates */
    ANSWER_SEVERAL,      /* several for a question that takes one: `mask` */
    ANSWER_CONFLICT,     /* "none of these" together with others */
    ANSWER_PARTLY,       /* `mask` was understood, `rest` was not */
};

struct answer {
    enum answer_kind kind;
    uint32_t mask; /* bit i: option i */
    int number;
    const char *rest; /* in the arena, folded */
};

struct answer answer_read(struct arena *arena, const struct form_question *q, const char *text);

/*
 * An answer whose words no rule can read, but of which it was guessed what it says: a number that
 * stands somewhere in it, a level, a job. ANSWER_NOT where that is no choice of the question.
 */
struct answer answer_sensed(const struct form_question *q, enum sense sense, const char *folded);

/* Whether the text holds a word of one of the choices. */
bool answer_names(const struct form_question *q, const char *folded);

/* A message that is one number and nothing else (any spelling); 0 if it is not. */
int answer_number(struct arena *arena, const char *text);

#endif
