/*
 * How questions, ticks, answers and the review look: appends to the reply, changes nothing.
 */
#ifndef KIZUKI_INTENTS_QUESTION_H
#define KIZUKI_INTENTS_QUESTION_H

#include "intents/talk.h"

/* Brief labels of options, titles of questions, as quotations: 「a」「b」, “a”, “b”. */
const char *question_labels(struct talk *t, const struct form_question *q, uint32_t mask);
const char *question_titles(struct talk *t, const int *questions, size_t n);

/* The numbers of options as people type them: "1,3". */
const char *question_numbers(struct talk *t, const struct form_question *q, uint32_t mask);

/* What ends the review: "show my result". */
const char *question_done(struct talk *t);

/* How many questions there are on the path, as people count them. */
const char *question_total(struct talk *t);

/* What was answered to a question of the run, "" for nothing yet. */
const char *question_reply(struct talk *t, int question);

/* The open question with its choices; all answers given so far; the review with its choices. */
void question_show(struct talk *t, const struct form_question *q);
void question_replies(struct talk *t);
void question_review(struct talk *t);

#endif
