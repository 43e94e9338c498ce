/*
 * For the tests of the conversation: one person talks, and after every step all is checked that
 * must hold whatever was said (the same input gives the same step; replies are well-formed; the
 * session is possible). The driver owns everything here: what `step` and `session` point to is
 * gone two steps later, the pack and the texts of a list after unload_pack.
 */
#ifndef KIZUKI_TESTS_SUPPORT_DIALOGUE_DRIVER_H
#define KIZUKI_TESTS_SUPPORT_DIALOGUE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intents/step.h"

/* A list of texts: written as one string, parted by tabs. */
struct texts {
    const char *items[64];
    size_t n;
};

extern struct pack *pack;
extern struct session session;       /* before the next step; tests may change it */
extern struct step step;             /* the last one */
extern size_t places;                /* of the person */
extern bool desk;                    /* there is one */
extern enum link_result link_result; /* what comes of a code */
extern const char *asked_code;       /* by the last step, NULL for none */
extern int64_t now_ms;               /* the time of the last event; each comes a second later */

/* For a group of tests, and for each of them: a person never heard of. */
int load_pack(void **state);
int unload_pack(void **state);
int fresh(void **state);

struct texts split(const char *list);

/* Whether these words mean something by themselves, or to the question open now. */
bool is_understood(const char *text);
/* The words offered are understood and short enough. */
void check_words(const struct reply *r);

/* Takes the step and checks it. Only kind, place, text, choice, question, entries need to be set.
 */
void send_event(struct event e);
void say_in(enum place place, const char *text);
void write_direct(const char *text);

/* The last reply of the last step. */
const struct reply *heard(void);
void expect_heard(const char *part);
void expect_question(const char *id);
/* Whether the last step made such a change. */
bool changed(enum change_kind kind);
/* NULL where none is. */
const struct form_question *open_question(const struct session *s);

#endif
