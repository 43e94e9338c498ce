/*
 * The questionnaire as a conversation: renders questions and the review, takes answers and the
 * words around them (back, skip, pause, …). The walking itself is form_run.h.
 */
#ifndef KIZUKI_INTENTS_ASK_H
#define KIZUKI_INTENTS_ASK_H

#include "intents/talk.h"
#include "intents/understand.h"

/* The question being asked, or NULL. */
const struct form_question *ask_open(const struct session *s);

/* Whether a questionnaire is under way: open, in review or parked. */
bool ask_under_way(const struct session *s);

/* The reference replies carry for the open question or review; "" if there is none. */
const char *ask_reference(struct talk *t);

/* Appends the open question or the review, with its choices, to the reply. */
void ask_show(struct talk *t);

/* The same behind something else ("back to the question"); nothing if none is open. */
void ask_return(struct talk *t);

/* The questionnaire: goes on with one under way unless over, or begins. */
void ask_start(struct talk *t, bool over);

/* A new run of that form, from its first question; nothing is shown yet. */
void ask_begin(struct talk *t, const struct form *form);
/* Takes an answer over that is known from before, without asking. */
void ask_fill(struct talk *t, int question, uint32_t mask);
/* The form for that purpose is at hand now; one that gives way is parked, with the word that brings
 * it back. */
void ask_bring(struct talk *t, enum form_purpose purpose);
/* Goes on with the run at hand, which is under way. */
void ask_go_on(struct talk *t);
void ask_resume(struct talk *t);
void ask_pause(struct talk *t);
void ask_confirm_restart(struct talk *t);
/* Opens an answer again: by place on the path, by the words of its title, or asks which one. */
void ask_edit(struct talk *t, int place);
bool ask_edit_named(struct talk *t, const char *words); /* false if no question is called so */
void ask_edit_words(struct talk *t, int place, const char *words);
void ask_which_to_edit(struct talk *t);
void ask_progress(struct talk *t);
void ask_welcome_back(struct talk *t);

/* Says that no question is open now: paused, or none was begun. */
void ask_say_closed(struct talk *t);

/* A phrase that concerns the questionnaire (back, skip, none of these, …); false if it does not. */
bool ask_phrase(struct talk *t, enum phrase_intent phrase);

/* An answer in words or numbers, and ticks by word. */
void ask_answer(struct talk *t, const struct answer *a);
void ask_tick_words(struct talk *t, const struct answer *a, bool on);

/* A choice of the open question that was clicked, reacted to, or taken back. */
void ask_tick(struct talk *t, int number, bool on);

/* The ticked choices are these now, which whoever ticks them sees: nothing is said. */
void ask_select(struct talk *t, const int *numbers, size_t n);
/* Numbers of choices as the set of them; others are left out. */
uint32_t ask_mask(const struct form_question *q, const int *numbers, size_t n);

/* A number while the review is open; false if it means nothing there. */
bool ask_review_number(struct talk *t, int number);

#endif
