/*
 * Messages that are numbers and the small words around them, in both languages: lists, ranges,
 * places ("the last one"), all but some, one of two. Knows no question; words of a choice are
 * answer.h's.
 */
#ifndef KIZUKI_INTENTS_NUMBERS_H
#define KIZUKI_INTENTS_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBERS_MAX 32

enum counted {
    BY_NUMBER, /* as it is shown */
    FROM_TOP,  /* by its place */
    FROM_END,
};

struct numbers {
    int items[NUMBERS_MAX];
    enum counted counted[NUMBERS_MAX];
    size_t n;
    bool either; /* one of them */
    bool except; /* all but these */
    bool of_two; /* "the latter": where there are two */
};

/* True if the whole text is numbers and the small words around them, with at least one number. */
bool numbers_read(const char *folded, struct numbers *ret);

/* A number at s: digits (at most four), or one to twelve in words. Its bytes, 0 for none. */
size_t numbers_match(const char *s, int *ret);

/* "-1": a number with a sign in front is none of a list. */
bool numbers_signed(const char *folded);

/*
 * The whole text as a question's number: "3問目", "q3", "question 3", "3番目の答え", also with the
 * wish to go there. *ret_clear tells whether a word for "question" made that certain. 0 if it is
 * something else.
 */
int numbers_question(const char *tight, bool *ret_clear);

#endif
