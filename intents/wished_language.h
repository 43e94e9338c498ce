/*
 * Which language is wished for: "English, please", but also "I can't read Japanese". Knows no words
 * itself: they are the parts of language_en, language_ja and language_not in phrases.tsv.
 */
#ifndef KIZUKI_INTENTS_WISHED_LANGUAGE_H
#define KIZUKI_INTENTS_WISHED_LANGUAGE_H

#include "intents/phrases.h"

/* PHRASE_LANGUAGE_EN or _JA; PHRASE_SETTINGS where none is named, or both are. */
enum phrase_intent wished_language(const struct phrases *p, struct arena *arena,
                                   const char *folded);

#endif
