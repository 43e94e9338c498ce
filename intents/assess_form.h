/*
 * The self-assessment as a form: which items are asked of a persona, in which words, with the five
 * levels as choices. Questions are named as their items in lower case ("k-006"); of items that say
 * nearly the same only the first is asked.
 */
#ifndef KIZUKI_INTENTS_ASSESS_FORM_H
#define KIZUKI_INTENTS_ASSESS_FORM_H

#include "content/form.h"
#include "content/pack.h"

/* Made when first asked for; the pack owns it. */
const struct form *assess_form(const struct pack *pack, size_t persona, bool quick);

/* The item that a question asks about; NULL where the content has it no longer. */
const struct tks *assess_item(const struct pack *pack, const struct form_question *q);

#endif
