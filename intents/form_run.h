/*
 * The one mechanism for asking: walks a person through a form (ask, accept, tick, back, edit, skip,
 * park, resume, review). Knows nothing of texts or platforms; the same state and input always give
 * the same result.
 */
#ifndef KIZUKI_INTENTS_FORM_RUN_H
#define KIZUKI_INTENTS_FORM_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "content/form.h"
#include "content/score.h"

enum reply_kind { REPLY_OPEN, REPLY_CHOSEN, REPLY_UNSURE, REPLY_SKIPPED, REPLY__COUNT };

struct form_reply {
    enum reply_kind kind; /* REPLY_OPEN: not answered yet */
    uint32_t mask;        /* REPLY_CHOSEN: the options, bit i for option i */
};

enum run_phase { RUN_NONE, RUN_ASKING, RUN_REVIEW, RUN_PARKED, RUN_DONE, RUN__COUNT };

struct form_run {
    enum run_phase phase;
    int current;    /* the open question; kept while parked; -1 in review */
    uint32_t ticks; /* of the open question, not closed yet */
    bool hinted;    /* an example was given after "I don't know" */
    struct form_reply replies[FORM_MAX_QUESTIONS];
};

/* What an input did; indexes are of the form's questions. */
struct run_effect {
    int answered;                    /* question that got this answer, or -1 */
    bool had_answer;                 /* and had one before */
    int dropped[FORM_MAX_QUESTIONS]; /* answers that fell away with it */
    size_t n_dropped;
    int again[FORM_MAX_QUESTIONS]; /* questions that have to be asked because of it */
    size_t n_again;
};

void run_begin(const struct form *form, struct form_run *run);

/* The questions asked on the path still possible, in order. At most form.n_questions. */
size_t run_path(const struct form *form, const struct form_run *run, int path[FORM_MAX_QUESTIONS]);

/* 1-based place of a question on the path, 0 if it is not on it. */
size_t run_place(const struct form *form, const struct form_run *run, int question,
                 size_t *ret_total);
size_t run_answered(const struct form *form, const struct form_run *run);

/* Answers the open question and moves on to the first open one, or to the review. */
void run_answer(const struct form *form, struct form_run *run, struct form_reply reply,
                struct run_effect *ret);

/* An answer that is known already, to any question of the path; opens the first open one. */
void run_fill(const struct form *form, struct form_run *run, int question, struct form_reply reply);

/* Leaves the open question: an answer it already had stays, otherwise it counts as skipped. */
void run_skip(const struct form *form, struct form_run *run, struct run_effect *ret);

/* Ticks or unticks options of the open question without closing it. */
void run_set_tick(const struct form_question *q, struct form_run *run, int option, bool on);

/* Opens the question before the open one (from the review: the last one); false if there is none.
 */
bool run_back(const struct form *form, struct form_run *run);

/* Opens the n-th question of the path again (from 1); false if there is none or it lies ahead. */
bool run_edit(const struct form *form, struct form_run *run, size_t place);

void run_park(struct form_run *run);
void run_resume(struct form_run *run);

void run_score(const struct form *form, const struct form_run *run, struct score *ret);

#endif
