/*
 * A form is a set of questions asked one after another: the persona questionnaire, the
 * self-assessment, quizzes later. It is data: which questions, when each is asked, how answers
 * are spelt and what they weigh. A form is read-only and carries the JSON it was read from, so that
 * a conversation can be finished on the version it began with.
 */
#ifndef KIZUKI_CONTENT_FORM_H
#define KIZUKI_CONTENT_FORM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "content/fault.h"
#include "content/lang.h"
#include "content/node.h"

#define FORM_MAX_QUESTIONS 32
#define FORM_MAX_OPTIONS   16
#define FORM_MAX_OUTCOMES  16
#define FORM_LABEL_KEYS    4 /* the first keys of an option: label and brief, ja and en */

enum form_purpose { FORM_PERSONA, FORM_ASSESSMENT };
enum form_question_kind { FORM_SINGLE, FORM_MULTI };

struct form_weight {
    size_t outcome; /* index into form.outcomes */
    int points;
};

struct form_option {
    const char *id;             /* ids: 1 to 64 of a-z, 0-9 and '-' */
    struct l10n label;          /* a term of the source, verbatim, where its file says so */
    struct l10n brief;          /* a short form for echoes */
    struct string_list aliases; /* other words for it, both languages */
    struct string_list keys;    /* all of these folded for comparison (Latin ones with spaces) */
    const struct form_weight *weights;
    size_t n_weights;
};

struct form_question {
    const char *id;
    enum form_question_kind kind;
    struct l10n title;                 /* two or three words, for reviews and edits */
    struct l10n text;                  /* the question itself */
    struct l10n why;                   /* why it is asked */
    struct l10n example;               /* something concrete for those who are unsure */
    const struct form_option *options; /* the none option, if any, is the last one */
    size_t n_options;
    bool from_zero;        /* choices are numbered from 0, not from 1 */
    int none_option;       /* index of the choice that excludes all others, or -1 */
    int depends_on;        /* index of the question that decides whether this is asked, or -1 */
    uint32_t depends_mask; /* options of that question that lead here */
    bool when_unknown;     /* asked too if that question was skipped or is not known */
};

struct form {
    char hash[HASH_HEX_LEN + 1]; /* of `body` */
    const char *id;
    enum form_purpose purpose;
    const char *about; /* FORM_ASSESSMENT: of which persona; its questions are named as its items */
    const char *body;  /* compact JSON, printed anew: what `hash` names and the store keeps */
    const struct form_question *questions;
    size_t n_questions;
    const char *outcomes[FORM_MAX_OUTCOMES]; /* persona ids in the order that settles ties */
    size_t n_outcomes;
    int min_top;        /* fewer points than this decide nothing */
    int min_second;     /* points a second outcome needs … */
    int second_divisor; /* … and at least the top's points divided by this */
    struct arena arena;
};

/*
 * Reads a form from the JSON text of one file. Faults are collected; the result is usable only if
 * none were added. Free with form_free. `file` names the source in faults.
 *
 * `hash` is that of the JSON as this cJSON prints it. A body from the store was printed by the
 * cJSON of its time and may print otherwise today, so whoever reads one back verifies it by the
 * hash of the stored bytes, not by `hash` of the form read from them.
 */
struct form *form_read(const char *json, size_t n, const char *file, struct faults *faults);
void form_free(struct form *form);

/* The number in front of a choice, and the choice of that number; -1 for none. */
int form_number(const struct form_question *q, int option);
int form_option(const struct form_question *q, int number);

/* The index, or -1. */
int form_find_question(const struct form *form, const char *id);
int form_find_option(const struct form_question *q, const char *id);

#endif
