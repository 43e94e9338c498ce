/*
 * Adds up what answers weigh: per outcome the sum of the points of the chosen options; the top one
 * is the nearest persona if it reaches form.min_top, others follow with at least form.min_second
 * points and the top's points divided by form.second_divisor. Equal points are settled by the
 * order of form.outcomes, and reported as a tie. The rule is Kizuki's own; the handbook gives none.
 */
#ifndef KIZUKI_CONTENT_SCORE_H
#define KIZUKI_CONTENT_SCORE_H

#include "content/form.h"

/* Chosen options per question, bit i for option i; 0 for unanswered, unsure or none. */
struct score_input {
    uint32_t chosen[FORM_MAX_QUESTIONS];
};

struct score {
    int points[FORM_MAX_OUTCOMES]; /* by outcome index */
    int primary;                   /* outcome index, or -1: undecided */
    int second[FORM_MAX_OUTCOMES]; /* by points, then outcome order */
    size_t n_second;
    int tied[FORM_MAX_OUTCOMES]; /* all outcomes with the top points, if more than one */
    size_t n_tied;
};

void score_answers(const struct form *form, const struct score_input *in, struct score *ret);

#endif
