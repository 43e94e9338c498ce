/*
 * Looking things up in the pack: roles, tasks/knowledge/skills, personas, terms, basics, links,
 * learning resources.
 * Every answer ends with the source line; what the handbook lacks is said to be lacking.
 */
#ifndef KIZUKI_INTENTS_LOOKUP_H
#define KIZUKI_INTENTS_LOOKUP_H

#include "intents/talk.h"
#include "intents/understand.h"

/* Answers if this is a lookup; false if it is something else. */
bool lookup_answer(struct talk *t, const struct understood *u);

void lookup_role(struct talk *t, int number);

/* Whether the text is the mark of a role and nothing else: "⑦". */
bool lookup_is_mark(struct talk *t, const char *text);

/* Small texts other parts need. */
const char *lookup_kind_name(struct talk *t, int kind);
const char *lookup_role_names(struct talk *t, const struct ref_list *roles);
/* What to type for this persona in the person's language: "cさん", "c-san". */
const char *lookup_persona_word(struct talk *t, const struct persona *p);

#endif
