/*
 * "All" and "none" as a sentence: "I don't do any of that", "yes, I handle both". Read only where
 * every word of the message belongs to it; the words are the parts of whole_… in phrases.tsv.
 */
#ifndef KIZUKI_INTENTS_WHOLE_H
#define KIZUKI_INTENTS_WHOLE_H

#include "content/form.h"
#include "intents/phrases.h"

/* PHRASE_ALL, PHRASE_NONE_OF, PHRASE_YES for "both" of more than two, or PHRASE_NOTHING. */
enum phrase_intent whole_read(const struct phrases *p, const struct form_question *q,
                              const struct wording *w);

#endif
