/*
 * What the exams cover, field by field, and what covers a task, knowledge or skill: its fields in
 * the exams and the learning resources that close it. Where an assignment is inferred or ours, that
 * is said.
 */
#ifndef KIZUKI_INTENTS_EXAM_H
#define KIZUKI_INTENTS_EXAM_H

#include "intents/talk.h"

/* `from`: index of the first field shown. */
void exam_table(struct talk *t, const struct exam *exam, size_t from);

/* The exam of that resource, or NULL. */
const struct exam *exam_of(const struct pack *pack, const char *resource);

/* The first field of that exam that covers the item; NULL where none does. */
const struct exam_row *exam_field(const struct pack *pack, const char *resource, const char *item);

/* All that covers the item. */
void exam_covering(struct talk *t, const struct tks *item);

/* The lines of an item's card: fields of exams, and the first few resources. */
void exam_card_lines(struct talk *t, const struct tks *item);

/* "(inferred)", "(our view)", or "" for what the handbook says. */
const char *exam_mark(struct talk *t, enum confidence confidence);

#endif
