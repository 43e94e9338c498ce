/*
 * Looking things up in what the site took in from files: NICE work roles and statements, and the
 * framework's own sheets. In the words of the file, with its own source line.
 */
#ifndef KIZUKI_INTENTS_IMPORTED_LOOKUP_H
#define KIZUKI_INTENTS_IMPORTED_LOOKUP_H

#include "intents/talk.h"

/* Answers "NICE", "T0084", "PD-WRL-001", "Incident Response"; false if it is something else. */
bool imported_answer(struct talk *t, const char *text);

/* What else a search finds there, a line each; how many that were. */
size_t imported_say_hits(struct talk *t, const char *folded);

/* The statements of a role of the handbook, of that kind (enum tks_kind, -1 for all), a page of
 * them; false where no sheet was taken in that has some. */
bool imported_list_role(struct talk *t, int number, int kind, size_t from);

/* What a sheet has for that role, by kind; false as above. */
bool imported_say_role(struct talk *t, int number);

/* NICE work roles that may correspond to it: unofficial, and said to be. */
void imported_say_candidates(struct talk *t, const struct role *role);

/* The next page: goes on with "nice-roles", "nice CODE" or "sheet NUMBER KIND". */
bool imported_more(struct talk *t, const char *request, size_t from);

#endif
