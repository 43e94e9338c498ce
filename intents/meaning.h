/*
 * What a message means: the rules of understand.h where one is certain, otherwise the likeliest
 * guess of guess.h, if that is sure enough. Something that happened goes before everything else.
 */
#ifndef KIZUKI_INTENTS_MEANING_H
#define KIZUKI_INTENTS_MEANING_H

#include "intents/guess.h"
#include "intents/understand.h"

/* How sure a guess has to be. */
#define MEANING_SURE    0.60f
#define MEANING_RIVAL   0.25f  /* of the second guess: too likely to act upon the first */
#define MEANING_LIKELY  0.35f  /* to win over a search for words that are not known */
#define MEANING_OVER    0.85f  /* to know better that something happened, or which kind of thing */
#define MEANING_SETTLED 0.55f  /* to know better that it did not, or is known already */
#define MEANING_POSED   0.025f /* that a question with an "if" only asks */
#define MEANING_WITHIN  0.80f  /* to win over words that stand somewhere in the message */
#define MEANING_ANSWER  0.45f  /* that it answers the question at all */
#define MEANING_SENSE   0.60f  /* of what an answer says */
#define MEANING_CERTAIN 0.95f  /* to win over "settings", which may be any of them */

/* How sure it has to be that something happened: a missed incident costs five false ones. */
#define MEANING_INCIDENT        0.20f /* where no rule knows anything */
#define MEANING_INCIDENT_AMID   0.30f /* the same while a question is open */
#define MEANING_INCIDENT_WITHIN 0.50f /* to win over words that stand somewhere in the message */
#define MEANING_INCIDENT_OVER   0.80f /* to win over words that read as an answer */

/* How sure the kind of an incident has to be for its own first steps. */
#define MEANING_KIND 0.45f

/* `guesser` may be NULL: then the rules alone. `open` is the question being asked, or NULL. */
void meaning_of(const struct pack *pack, const struct phrases *phrases,
                const struct guesser *guesser, struct arena *arena,
                const struct form_question *open, const char *text, struct understood *ret);

/*
 * What the message would mean under that label, also where the label is not likely; false where
 * nothing can be done with it, or it lacks what it is about.
 */
bool meaning_under(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                   enum label label, const char *text, struct understood *ret);

/* The same without a message: what it is about is known. */
bool meaning_made(enum label label, struct found found, int tks_kind, struct understood *ret);

/* The name for it in examples and evaluations. */
enum label meaning_label(const struct understood *u);

#endif
