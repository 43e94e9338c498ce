/*
 * From words to meaning: exact rules over the phrase table, the names in the pack and the open
 * question, in a fixed order (see understand.c). Nothing is guessed here (see meaning.h); what no
 * rule knows is INTENT_UNKNOWN.
 */
#ifndef KIZUKI_INTENTS_UNDERSTAND_H
#define KIZUKI_INTENTS_UNDERSTAND_H

#include "content/search.h"
#include "intents/answer.h"
#include "intents/guess.h"
#include "intents/labels.h"
#include "intents/step.h"

enum intent {
    INTENT_UNKNOWN,
    INTENT_EMPTY,
    INTENT_INCIDENT,
    INTENT_INCIDENT_HOWTO, /* the same as a question: "what if" */
    INTENT_PHRASE,         /* `phrase` says it all: help, back, skip, … */
    INTENT_ANSWER,         /* `answer` to the open question */
    INTENT_TICK,           /* `answer` is added to what is ticked */
    INTENT_UNTICK,         /* … or taken away */
    INTENT_EDIT,           /* question number `number` */
    INTENT_NUMBER,         /* a bare number while no question is open */
    INTENT_THING,          /* `found` */
    INTENT_ROLE,           /* role `number`, which may not exist */
    INTENT_TKS_ID,         /* `query` looks like an id of a task, knowledge or skill */
    INTENT_ROLE_TKS,       /* of role `number`: `kind`, or all kinds */
    INTENT_PERSONA_TKS,    /* of persona found.index */
    INTENT_TKS_LIST,       /* of all */
    INTENT_SEARCH,         /* `query` */
    INTENT_LINK_CODE,      /* `query`: its digits, "" where they are no code */
    INTENT_DEFINE,         /* asked for something that is not known: `query` */
    INTENT_WISH,           /* `label`: something there are no rules for */
};

struct understood {
    enum intent intent;
    bool firm;                   /* a rule is certain of it */
    bool guessed;                /* by nothing but the likeliest guess */
    enum label label;            /* of the likeliest guess, LABEL_NONE where a rule is certain */
    float share;                 /* how sure it is */
    struct guess maybe[GUESSES]; /* the likeliest guesses; shares of 0 where a rule is certain */
    enum incident_kind happened; /* of an incident; KIND__COUNT where that is not clear */
    enum incident_kind likely;   /* the same, also where it is not */
    enum phrase_intent phrase;
    struct answer answer;
    int number;
    int kind; /* enum tks_kind, or -1 for all kinds */
    struct found found;
    const char *query;       /* folded or as typed; quote before showing */
    const struct exam *exam; /* PHRASE_RESOURCES: what that one covers is asked for; or NULL */
    const struct tks *item;  /* PHRASE_RESOURCES: what covers that one; or NULL */
};

/* `open` is the question being asked, or NULL. */
void understand(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                const struct form_question *open, const char *text, struct understood *ret);

/* "Say I lost it, …": only at the beginning; "I must say I lost it" tells of it. */
bool understand_opens_case(const struct wording *w);

/* Whether a message that tells what happens in incidents only asks about one, or heard of it. */
bool understand_supposed(const struct phrases *phrases, const struct wording *w);

/* The longest end or beginning of the message as typed that reads as the folded part; or all. */
const char *understand_typed(struct arena *arena, const char *text, const char *part);

#endif
