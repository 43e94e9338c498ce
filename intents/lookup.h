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
/* "T-001 label / T-002 label" of the first `max` of these ids, and how many more there are. */
const char *lookup_labels(struct talk *t, const struct string_list *ids, size_t max);
/* What is nearly the same as the item, in the same way; "" for nothing. */
const char *lookup_same_names(struct talk *t, const struct tks *item);
/* What to type for this persona in the person's language: "cさん", "c-san". */
const char *lookup_persona_word(struct talk *t, const struct persona *p);

#endif
