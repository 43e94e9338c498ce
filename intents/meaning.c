#include "intents/meaning.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/pack.h"

struct weighing {
    const struct pack *pack;
    const struct phrases *phrases;
    struct arena *arena;
    struct wording w;
    struct understood *out;
};

/* What the rules have a word for. */
static const struct {
    enum label label;
    enum phrase_intent phrase;
} phrase_labels[] = {
    {LABEL_START, PHRASE_START},
    {LABEL_RESUME, PHRASE_RESUME},
    {LABEL_RESTART, PHRASE_RESTART},
    {LABEL_BACK, PHRASE_BACK},
    {LABEL_SKIP, PHRASE_SKIP},
    {LABEL_PAUSE, PHRASE_PAUSE},
    {LABEL_PROGRESS, PHRASE_PROGRESS},
    {LABEL_EXPLAIN, PHRASE_EXAMPLE},
    {LABEL_EXPLAIN, PHRASE_WHY},
    {LABEL_ROLE_LIST, PHRASE_ROLE_LIST},
    {LABEL_SOURCE, PHRASE_SOURCE},
    {LABEL_MY_RESULT, PHRASE_MY_RESULT},
    {LABEL_PRIVACY, PHRASE_PRIVACY},
    {LABEL_LANGUAGE, PHRASE_SETTINGS},
    {LABEL_LANGUAGE, PHRASE_LANGUAGE_EN},
    {LABEL_LANGUAGE, PHRASE_LANGUAGE_JA},
    {LABEL_HELP, PHRASE_HELP},
    {LABEL_HUMAN, PHRASE_HUMAN},
    {LABEL_GREET, PHRASE_GREET},
    {LABEL_THANKS, PHRASE_THANKS},
    {LABEL_ANSWER, PHRASE_YES},
    {LABEL_ANSWER, PHRASE_NO},
    {LABEL_ANSWER, PHRASE_ALL},
    {LABEL_ANSWER, PHRASE_NONE_OF},
    {LABEL_ANSWER, PHRASE_UNSURE},
    {LABEL_TERM, PHRASE_DEFINE},
    {LABEL_INCIDENT_HOWTO, PHRASE_REPORT},
    {LABEL_BACK, PHRASE_EDIT},
    {LABEL_BACK, PHRASE_WRONG},
};

static bool has_any(const char *folded, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (text_find(folded, words[i], false)) {
            return true;
        }
    }
    return false;
}

/* Why a question is asked, or what it means. */
static enum phrase_intent explanation(const char *folded) {
    static const char *const why[] = {
        "なんで", "なぜ", "どうして", "何のため", "なんのため", "理由",        "何に使う",
        "目的",   "why",  "reason",   "purpose",  "what for",   "need to know"};
    return has_any(folded, why, ARRAY_LEN(why)) ? PHRASE_WHY : PHRASE_EXAMPLE;
}

/* The language that is wished for; the settings where none is named. */
static enum phrase_intent language(const char *folded) {
    static const char *const english[] = {"英語", "えいご", "いんぐりっしゅ", "english", "eng"};
    static const char *const japanese[] = {"日本語", "にほんご", "japanese", "nihongo"};
    bool en = has_any(folded, english, ARRAY_LEN(english));
    bool ja = has_any(folded, japanese, ARRAY_LEN(japanese));
    return en == ja ? PHRASE_SETTINGS : en ? PHRASE_LANGUAGE_EN : PHRASE_LANGUAGE_JA;
}

/* Neither has the table of phrases a word for it, nor is it looked up. */
static bool is_wish(enum label label) {
    for (size_t i = 0; i < ARRAY_LEN(phrase_labels); i++) {
        if (phrase_labels[i].label == label) {
            return false;
        }
    }
    return label != LABEL_ROLE && label != LABEL_TKS && label != LABEL_INCIDENT &&
           label != LABEL_NONE;
}

/* A role or a term that is named somewhere in the message. */
static struct found thing_in(const struct weighing *m, bool role) {
    struct found found = search_within(m->pack->search, m->w.spaced, role);
    return found.kind == FOUND_NOTHING ? search_within(m->pack->search, m->w.tight, role) : found;
}

/* What a message with that label is about. */
static struct found subject_of(const struct weighing *m, enum label label) {
    struct found none = {.kind = FOUND_NOTHING};
    if (label != LABEL_ROLE && label != LABEL_TKS && label != LABEL_TERM) {
        return none;
    }
    struct found found = thing_in(m, label != LABEL_TERM);
    return found.kind == FOUND_NOTHING && label != LABEL_TKS ? thing_in(m, label == LABEL_TERM)
                                                             : found;
}

/* The words for it in the order in which they are asked. */
static int kind_in(const char *folded) {
    static const char *const words[TKS__COUNT][8] = {
        {"たすく", "業務", "仕事", "作業", "何をする", "task", "duties", "responsibilities"},
        {"知識", "ちしき", "知っておく", "知っとく", "knowledge", "know", "ならっじ", "のれっじ"},
        {"すきる", "技能", "できること", "能力", "skill", "abilities", "able", "技術"}};
    for (int k = 0; k < TKS__COUNT; k++) {
        if (has_any(folded, words[k], ARRAY_LEN(words[k]))) {
            return k;
        }
    }
    return -1;
}

static bool make_lookup(enum label label, struct found found, int tks_kind,
                        struct understood *ret) {
    bool role = found.kind == FOUND_ROLE;
    if (found.kind == FOUND_NOTHING || (label == LABEL_TKS && !role)) {
        return false;
    }
    /* Without a word for tasks, knowledge or skills it is the role itself that is asked for. */
    bool tks = label == LABEL_TKS && tks_kind >= 0;
    ret->intent = tks ? INTENT_ROLE_TKS : role ? INTENT_ROLE : INTENT_THING;
    ret->kind = tks ? tks_kind : -1;
    ret->number = (int)found.index + 1;
    ret->found = found;
    return true;
}

static void make_phrase(enum phrase_intent phrase, struct understood *ret) {
    ret->intent = INTENT_PHRASE;
    ret->phrase = phrase;
}

bool meaning_made(enum label label, struct found found, int tks_kind, struct understood *ret) {
    ret->label = label;
    switch (label) {
    case LABEL_ROLE:
    case LABEL_TKS:
    case LABEL_TERM:
        return make_lookup(label, found, tks_kind, ret);
    case LABEL_ANSWER: /* to no question, or to one that does not know it */
    case LABEL_NONE:
        return false;
    case LABEL_INCIDENT:
        ret->intent = INTENT_INCIDENT;
        return true;
    case LABEL_INCIDENT_HOWTO:
        ret->intent = INTENT_INCIDENT_HOWTO;
        return true;
    default:
        break;
    }
    for (size_t i = 0; i < ARRAY_LEN(phrase_labels); i++) {
        if (phrase_labels[i].label == label) {
            make_phrase(phrase_labels[i].phrase, ret);
            return true;
        }
    }
    ret->intent = INTENT_WISH;
    return true;
}

/* From a label to what the conversation knows; false where it knows nothing to do. */
static bool take_label(struct weighing *m, enum label label) {
    struct understood *u = m->out;
    if (!meaning_made(label, subject_of(m, label), kind_in(m->w.folded), u)) {
        return false;
    }
    if (label == LABEL_EXPLAIN) {
        u->phrase = explanation(m->w.folded);
    } else if (label == LABEL_LANGUAGE) {
        u->phrase = language(m->w.folded);
    }
    return true;
}

/* What happened is told by more than one of the likeliest meanings at once: "if", "was", … */
static bool cries(const struct weighing *m, float sure) {
    bool likeliest = m->out->maybe[0].label == LABEL_INCIDENT && m->out->maybe[0].share >= sure;
    return likeliest && !phrases_has(m->phrases, &m->w, PHRASE_DENIED);
}

static bool supposes(const struct weighing *m) {
    return phrases_has(m->phrases, &m->w, PHRASE_HYPOTHETICAL) &&
           !phrases_has(m->phrases, &m->w, PHRASE_HEDGED);
}

/* Words that stand somewhere in the message: mostly right. */
static float needed(const struct understood *u) {
    switch (u->intent) {
    case INTENT_UNKNOWN:
        return MEANING_SURE;
    case INTENT_DEFINE:
    case INTENT_SEARCH:
        return MEANING_LIKELY;
    case INTENT_PHRASE:
        return u->phrase == PHRASE_LATER ? MEANING_LIKELY : MEANING_WITHIN;
    default:
        return MEANING_WITHIN;
    }
}

/* A rule saw what happens in incidents: whether it happened, the likeliest guess may know better.
 */
static bool weigh_incident(struct weighing *m) {
    struct understood *u = m->out;
    bool sure = m->out->maybe[0].share >= MEANING_OVER;
    if (u->intent == INTENT_INCIDENT && sure && m->out->maybe[0].label == LABEL_INCIDENT_HOWTO) {
        u->intent = INTENT_INCIDENT_HOWTO;
    } else if (u->intent == INTENT_INCIDENT_HOWTO && sure &&
               m->out->maybe[0].label == LABEL_INCIDENT) {
        u->intent = INTENT_INCIDENT;
    }
    return u->intent == INTENT_INCIDENT || u->intent == INTENT_INCIDENT_HOWTO;
}

/* A word for what cannot be done yet: which one, the guess may tell, but nothing else. */
static bool fits(const struct understood *u) {
    bool later = u->intent == INTENT_PHRASE && u->phrase == PHRASE_LATER;
    return meaning_label(u) != u->label && (!later || is_wish(u->label));
}

/* Who says that nothing happened is not asked whether it did. */
static void hear_denial(struct weighing *m) {
    for (size_t i = 0; i < GUESSES; i++) {
        struct guess *g = &m->out->maybe[i];
        if (g->label == LABEL_INCIDENT && phrases_has(m->phrases, &m->w, PHRASE_DENIED)) {
            g->share = 0;
        }
    }
}

static void weigh(struct weighing *m) {
    struct understood *u = m->out;
    float sure = u->intent == INTENT_ANSWER ? MEANING_INCIDENT_OVER : MEANING_INCIDENT;
    u->label = m->out->maybe[0].label;
    u->share = m->out->maybe[0].share;
    if (weigh_incident(m)) {
        return;
    }
    if (cries(m, sure)) {
        u->intent = supposes(m) ? INTENT_INCIDENT_HOWTO : INTENT_INCIDENT;
        u->guessed = true;
    } else if (!u->firm && fits(u) && u->share >= needed(u)) {
        u->guessed = true;
        (void)take_label(m, u->label);
    }
}

/* What happened, for whoever says that something did. */
static void name_kind(const struct guesser *g, const char *folded, struct understood *u) {
    float share;
    enum incident_kind kind = guess_kind(g, folded, &share);
    u->happened = share >= MEANING_KIND ? kind : KIND__COUNT;
}

void meaning_of(const struct pack *pack, const struct phrases *phrases,
                const struct guesser *guesser, struct arena *arena,
                const struct form_question *open, const char *text, struct understood *ret) {
    understand(pack, phrases, arena, open, text, ret);
    if (!guesser || ret->intent == INTENT_EMPTY) {
        return;
    }
    struct weighing m = {.pack = pack,
                         .phrases = phrases,
                         .arena = arena,
                         .w = phrases_wording(phrases, arena, text),
                         .out = ret};
    bool incident = ret->intent == INTENT_INCIDENT || ret->intent == INTENT_INCIDENT_HOWTO;
    if (!ret->firm || incident || ret->intent == INTENT_ANSWER) {
        guess(guesser, m.w.folded, ret->maybe);
        weigh(&m);
        hear_denial(&m);
    }
    if (ret->intent == INTENT_INCIDENT || ret->intent == INTENT_INCIDENT_HOWTO) {
        name_kind(guesser, m.w.folded, ret);
    }
}

bool meaning_under(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                   enum label label, const char *text, struct understood *ret) {
    *ret = (struct understood){
        .phrase = PHRASE_NOTHING, .kind = -1, .query = "", .happened = KIND__COUNT};
    struct weighing m = {.pack = pack,
                         .phrases = phrases,
                         .arena = arena,
                         .w = phrases_wording(phrases, arena, text),
                         .out = ret};
    return take_label(&m, label);
}

static enum label label_of_phrase(enum phrase_intent phrase) {
    for (size_t i = 0; i < ARRAY_LEN(phrase_labels); i++) {
        if (phrase_labels[i].phrase == phrase) {
            return phrase_labels[i].label;
        }
    }
    return LABEL_NONE;
}

enum label meaning_label(const struct understood *u) {
    switch (u->intent) {
    case INTENT_INCIDENT:
        return LABEL_INCIDENT;
    case INTENT_INCIDENT_HOWTO:
        return LABEL_INCIDENT_HOWTO;
    case INTENT_PHRASE:
        return label_of_phrase(u->phrase);
    case INTENT_ANSWER:
    case INTENT_TICK:
    case INTENT_UNTICK:
    case INTENT_NUMBER:
        return LABEL_ANSWER;
    case INTENT_EDIT:
        return LABEL_BACK;
    case INTENT_ROLE:
        return LABEL_ROLE;
    case INTENT_ROLE_TKS:
    case INTENT_PERSONA_TKS:
    case INTENT_TKS_LIST:
        return LABEL_TKS;
    case INTENT_DEFINE: /* of something that is not known, and none of our business either */
        return u->label == LABEL_NONE && u->share >= MEANING_LIKELY ? LABEL_NONE : LABEL_TERM;
    case INTENT_TKS_ID:
    case INTENT_SEARCH:
        return LABEL_TERM;
    case INTENT_THING:
        return u->found.kind == FOUND_ROLE ? LABEL_ROLE : LABEL_TERM;
    case INTENT_WISH:
        return u->label;
    default:
        return LABEL_NONE;
    }
}
