#include "intents/meaning.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/pack.h"
#include "intents/role_named.h"
#include "intents/wished_language.h"

struct weighing {
    const struct pack *pack;
    const struct phrases *phrases;
    struct arena *arena;
    const struct form_question *open;
    const char *text;
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
    {LABEL_RESOURCE, PHRASE_RESOURCES},
    {LABEL_MY_RESULT, PHRASE_MY_RESULT},
    {LABEL_PRIVACY, PHRASE_PRIVACY},
    {LABEL_LANGUAGE, PHRASE_SETTINGS},
    {LABEL_LANGUAGE, PHRASE_LANGUAGE_EN},
    {LABEL_LANGUAGE, PHRASE_LANGUAGE_JA},
    {LABEL_HELP, PHRASE_HELP},
    {LABEL_HUMAN, PHRASE_HUMAN},
    {LABEL_HUMAN, PHRASE_PASS_ON},
    {LABEL_SELF_ASSESS, PHRASE_SELF_ASSESS},
    {LABEL_GREET, PHRASE_GREET},
    {LABEL_GREET, PHRASE_BYE},
    {LABEL_THANKS, PHRASE_THANKS},
    {LABEL_ANSWER, PHRASE_YES},
    {LABEL_ANSWER, PHRASE_NO},
    {LABEL_ANSWER, PHRASE_ALL},
    {LABEL_ANSWER, PHRASE_NONE_OF},
    {LABEL_ANSWER, PHRASE_UNSURE},
    {LABEL_TERM, PHRASE_DEFINE},
    {LABEL_INCIDENT, PHRASE_REPORT},
    {LABEL_INCIDENT_HOWTO, PHRASE_REPORT_HOW},
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

/* The role that is named, misspelt if need be. */
static struct found role_in(const struct weighing *m) {
    struct found found = thing_in(m, true);
    found = found.kind == FOUND_NOTHING ? role_named(m->pack, m->arena, m->w.folded) : found;
    return found.kind == FOUND_NOTHING ? search_near(m->pack->search, m->w.spaced) : found;
}

/* What a message with that label is about. */
static struct found subject_of(const struct weighing *m, enum label label) {
    struct found none = {.kind = FOUND_NOTHING};
    if (label != LABEL_ROLE && label != LABEL_TKS && label != LABEL_TERM) {
        return none;
    }
    struct found found = label == LABEL_TERM ? thing_in(m, false) : role_in(m);
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
    bool work = text_find(folded, "work", true) || text_find(folded, "jobs", true);
    return work ? TKS_TASK : text_find(folded, "capable", true) ? TKS_SKILL : -1;
}

static bool make_lookup(enum label label, struct found found, int tks_kind,
                        struct understood *ret) {
    bool role = found.kind == FOUND_ROLE;
    if (found.kind == FOUND_NOTHING || (label == LABEL_TKS && !role)) {
        return false;
    }
    bool tks = label == LABEL_TKS; /* all kinds of them where none is named */
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
    int kind = kind_in(m->w.folded);
    if (label == LABEL_TKS && kind < 0 && !text_find(m->w.spaced, "tks", true) &&
        !text_find(m->w.spaced, "t k s", true)) {
        label = LABEL_ROLE; /* without a word for them it is the role itself that is asked for */
    }
    if (!meaning_made(label, subject_of(m, label), kind, u)) {
        return false;
    }
    if (label == LABEL_EXPLAIN) {
        u->phrase = explanation(m->w.folded);
    } else if (label == LABEL_LANGUAGE) {
        u->phrase = wished_language(m->phrases, m->arena, m->w.folded);
    } else if (label == LABEL_RESOURCE) {
        u->query = m->text;
    }
    return true;
}

static float share_of(const struct understood *u, enum label label) {
    for (size_t i = 0; i < GUESSES; i++) {
        if (u->maybe[i].label == label) {
            return u->maybe[i].share;
        }
    }
    return 0;
}

/* What speaks of incidents without there being one, or not any more. */
static bool is_about_incidents(enum label label) {
    return label == LABEL_INCIDENT_HOWTO || label == LABEL_INCIDENT_WITHDRAW ||
           label == LABEL_INCIDENT_STATUS;
}

static bool asks(const struct wording *w) {
    static const char *const words[] = {
        "?",      "どう",       "どこ",  "どの",  "誰",    "だれ", "何を",   "なにを", "ですか",
        "ますか", "でしょうか", "what",  "who",   "where", "how",  "should", "would",  "could",
        "do i",   "does",       "is it", "can i", "am i",  "will", ",is ",   ",are ",  ",do "};
    static const char ending[] = "か";
    size_t n = strlen(w->tight);
    return has_any(w->folded, words, ARRAY_LEN(words)) ||
           (n >= strlen(ending) && strcmp(w->tight + n - strlen(ending), ending) == 0);
}

/* Without what has the form of a condition and is none: "what should I do", "I would like to". */
static struct wording without_idioms(const struct weighing *m) {
    static const char *const idioms[] = {"したらい",      "したらよ",   "どうしたら", "やったらい",
                                         "言ったらい",    "would like", "could be",   "could have",
                                         "could someone", "could you",  "would you",  "who could"};
    char *s = arena_strdup(m->arena, m->w.folded);
    for (size_t i = 0; i < ARRAY_LEN(idioms); i++) {
        for (char *at; (at = strstr(s, idioms[i])) != NULL;) {
            memset(at, ' ', strlen(idioms[i]));
        }
    }
    return phrases_wording(m->phrases, m->arena, s);
}

/* "If …, what …?" asks about what did not happen, unless it is a shy way of saying that it did. */
static bool poses(const struct weighing *m) {
    if (share_of(m->out, LABEL_INCIDENT_HOWTO) < MEANING_POSED || !asks(&m->w)) {
        return false;
    }
    struct wording w = without_idioms(m);
    return phrases_has(m->phrases, &w, PHRASE_CONDITIONAL) &&
           !phrases_has(m->phrases, &w, PHRASE_HEDGED);
}

/* Still not found: many words of those who have found it again, and a "not". */
static bool searches(const struct weighing *m) {
    static const char *const words[] = {
        "見つから",     "みつから",   "見つかりません", "みつかりません", "見当たら",
        "どこにもな",   "can't find", "cannot find",    "isn't in",       "aren't in",
        "missing from", "is missing", "sign of",        "isn't on",       "not in my"};
    return m->out->maybe[0].label == LABEL_INCIDENT_WITHDRAW &&
           has_any(m->w.folded, words, ARRAY_LEN(words));
}

/* A cry for help need not be the likeliest: to miss one costs far more than a false one. */
static bool cries(const struct weighing *m, float sure) {
    const struct understood *u = m->out;
    float share = share_of(u, LABEL_INCIDENT);
    if (searches(m)) {
        return share + share_of(u, LABEL_INCIDENT_WITHDRAW) >= MEANING_INCIDENT_WITHIN;
    }
    return !is_about_incidents(u->maybe[0].label) && share >= sure &&
           !phrases_has(m->phrases, &m->w, PHRASE_DENIED);
}

/* "I want to report": that is what the message is for. */
static bool insists(const struct weighing *m) {
    static const char *const words[] = {
        "報告したい",     "報告します",     "報告しま",       "報告させ",
        "報告をさせ",     "報告です",       "ほうこくしたい", "届けたい",
        "出したい",       "want to report", "need to report", "like to report",
        "have to report", "must report",    "am reporting",   "i'm reporting",
        "to report a",    "i report",       "let me report",  "incident to report"};
    return has_any(m->w.folded, words, ARRAY_LEN(words)) && !asks(&m->w);
}

/* "I have an incident to report": that there is one, and nothing of it yet. */
static bool announces(const struct weighing *m) {
    static const char *const events[] = {"いんしでんと", "事故",     "ひやりはっと",  "盗難",
                                         "紛失",         "incident", "breach",        "accident",
                                         "near miss",    "theft",    "security event"};
    static const char *const words[] = {"報告する",  "発生",     "to report", "reporting",
                                        "report an", "report a", "log an"};
    static const char *const others[] = {"方法",       "やり方",    "手順",       "状況",
                                         "した件",     "発生時",    "the report", "my report",
                                         "report was", "i reported"};
    const struct understood *u = m->out;
    bool other = is_about_incidents(u->label) && u->share >= MEANING_SETTLED;
    return has_any(m->w.folded, events, ARRAY_LEN(events)) &&
           (insists(m) || (!other && has_any(m->w.folded, words, ARRAY_LEN(words)))) &&
           !has_any(m->w.folded, others, ARRAY_LEN(others)) && !asks(&m->w) &&
           !phrases_has(m->phrases, &m->w, PHRASE_DENIED);
}

/* Words that stand somewhere in it mean nothing: it is about something else altogether. */
static bool is_idle(const struct weighing *m) {
    const struct understood *u = m->out;
    bool edit = u->intent == INTENT_EDIT;
    bool word = u->intent == INTENT_PHRASE && u->phrase != PHRASE_FORGOT; /* which is none itself */
    return !u->firm && !m->open && (edit || word) && u->label == LABEL_NONE &&
           u->share >= (edit ? MEANING_SURE : MEANING_OVER);
}

/* Words that stand somewhere in the message: mostly right. */
static float needed(const struct weighing *m) {
    const struct understood *u = m->out;
    switch (u->intent) {
    case INTENT_UNKNOWN: /* to look up what is named does no harm */
        return subject_of(m, u->label).kind != FOUND_NOTHING ? MEANING_LIKELY : MEANING_SURE;
    case INTENT_SEARCH: /* of the whole message, or of what it names to be searched */
        return u->query == m->text ? MEANING_LIKELY : MEANING_SURE;
    case INTENT_DEFINE:
        return MEANING_LIKELY;
    case INTENT_EDIT:
        return MEANING_SURE;
    case INTENT_TKS_ID:
        return u->label == LABEL_SET_TARGET ? MEANING_ANSWER : MEANING_WITHIN;
    case INTENT_PHRASE:
        return u->phrase == PHRASE_RESUME && u->label == LABEL_NUDGE_ON ? MEANING_ANSWER
               : u->phrase == PHRASE_LATER                              ? MEANING_LIKELY
               : u->phrase == PHRASE_REPORT                             ? MEANING_OVER
               : u->phrase == PHRASE_SETTINGS                           ? MEANING_CERTAIN
                                                                        : MEANING_WITHIN;
    default:
        return MEANING_WITHIN;
    }
}

/* A rule saw what happens in incidents: whether it happened, the likeliest guess may know better.
 */
static bool weigh_incident(struct weighing *m) {
    struct understood *u = m->out;
    bool other = is_about_incidents(u->label) && u->share >= MEANING_SETTLED && !searches(m);
    if (u->intent == INTENT_INCIDENT && poses(m)) {
        u->intent = INTENT_INCIDENT_HOWTO;
    } else if (u->intent == INTENT_INCIDENT && u->label == LABEL_NONE &&
               u->share >= MEANING_WITHIN) {
        u->intent = INTENT_UNKNOWN; /* which of both, the person is asked */
        u->query = m->text;
        u->maybe[1] = (struct guess){.label = LABEL_INCIDENT, .share = MEANING_RIVAL};
    } else if (u->intent == INTENT_INCIDENT && other) {
        (void)meaning_made(u->label, (struct found){.kind = FOUND_NOTHING}, -1, u);
    } else if (u->intent == INTENT_INCIDENT_HOWTO && u->share >= MEANING_OVER &&
               u->label == LABEL_INCIDENT && phrases_has(m->phrases, &m->w, PHRASE_HYPOTHETICAL) &&
               !understand_opens_case(&m->w)) {
        u->intent = INTENT_INCIDENT;
    } else if (u->intent != INTENT_INCIDENT && u->intent != INTENT_INCIDENT_HOWTO) {
        return false;
    }
    return true;
}

/* What an answer in words of its own says to the open question. */
static bool read_sense(struct weighing *m, const struct guesser *g,
                       const struct form_question *open) {
    float share;
    enum sense sense = guess_sense(g, m->w.folded, &share);
    if (open->kind == FORM_SINGLE) {
        m->out->answer = answer_sensed(open, SENSE_NUMBER, m->w.folded);
        if (m->out->answer.kind != ANSWER_NOT) {
            m->out->intent = INTENT_ANSWER;
            return true;
        }
    }
    bool whole = sense == SENSE_ALL || sense == SENSE_NONE || sense == SENSE_UNSURE;
    size_t n;
    bool asked = strchr(m->w.folded, '?') ||
                 phrases_part(m->phrases, PHRASE_WHOLE_NOT, m->w.spaced, &n); /* "not all" */
    if (share < MEANING_SENSE || (whole && answer_names(open, m->w.folded)) ||
        (sense == SENSE_ALL && asked)) {
        return false; /* "not the contracts": which one is meant, the person has to say */
    }
    if (whole) {
        make_phrase(sense == SENSE_ALL    ? PHRASE_ALL
                    : sense == SENSE_NONE ? PHRASE_NONE_OF
                                          : PHRASE_UNSURE,
                    m->out);
        return true;
    }
    if (sense == SENSE_NUMBER) { /* of several choices: "all but 3", "the upper two" */
        return false;
    }
    m->out->answer = answer_sensed(open, sense, m->w.folded);
    m->out->intent = m->out->answer.kind == ANSWER_NOT ? INTENT_UNKNOWN : INTENT_ANSWER;
    return m->out->intent == INTENT_ANSWER;
}

/*
 * A word for what cannot be done yet: which one, the guess may tell, but nothing else. Words that
 * were to be looked up and are not known may hold a name that is.
 */
static bool fits(const struct weighing *m) {
    const struct understood *u = m->out;
    if (u->intent == INTENT_DEFINE || u->intent == INTENT_SEARCH) {
        return meaning_label(u) != u->label || subject_of(m, u->label).kind == FOUND_ROLE;
    }
    bool later = u->intent == INTENT_PHRASE && u->phrase == PHRASE_LATER;
    if (u->intent == INTENT_PHRASE && u->phrase == PHRASE_REPORT && insists(m)) {
        return false;
    }
    return meaning_label(u) != u->label && (!later || is_wish(u->label));
}

/* Between two readings of which the second is likely, too. To look up what is named is harmless. */
static bool torn(const struct weighing *m) {
    const struct understood *u = m->out;
    return u->intent == INTENT_UNKNOWN && u->maybe[1].share >= MEANING_RIVAL &&
           u->maybe[1].label != LABEL_NONE && subject_of(m, u->label).kind == FOUND_NOTHING;
}

/*
 * Letters and code: no word of four letters, nor two Japanese characters; or every sixth character
 * is one of those that markup and programs are made of.
 */
static bool says_little(const char *folded) {
    size_t others = 0;
    size_t letters = 0;
    size_t longest = 0;
    size_t marks = 0;
    size_t n = 0;
    for (int32_t c; (c = text_next(&folded)) != 0; n++) {
        letters = c >= 'a' && c <= 'z' ? letters + 1 : 0;
        longest = letters > longest ? letters : longest;
        others += c > 0x7f;
        marks += c < 0x80 && strchr("<>[]{}`*|;=\\\"&", (int)c) != NULL;
    }
    return (longest < 4 && others < 2) || marks * 6 >= n;
}

/* Who says that nothing happened is not asked whether it did; nor who says nothing. */
static void hear_denial(struct weighing *m) {
    bool none = phrases_has(m->phrases, &m->w, PHRASE_DENIED) || says_little(m->w.folded);
    for (size_t i = 0; i < GUESSES; i++) {
        struct guess *g = &m->out->maybe[i];
        if (g->label == LABEL_INCIDENT && none) {
            g->share = 0;
        }
    }
}

/* How likely it has to be that something happened. */
static float needed_to_cry(const struct weighing *m) {
    const struct understood *u = m->out;
    bool forgot = u->intent == INTENT_PHRASE && u->phrase == PHRASE_FORGOT;
    if (forgot || u->intent == INTENT_ANSWER) {
        return MEANING_INCIDENT_OVER;
    }
    return u->intent != INTENT_UNKNOWN || says_little(m->w.folded) ? MEANING_INCIDENT_WITHIN
           : m->open                                               ? MEANING_INCIDENT_AMID
                                                                   : MEANING_INCIDENT;
}

static void weigh(struct weighing *m) {
    struct understood *u = m->out;
    float sure = needed_to_cry(m);
    u->label = u->maybe[0].label;
    u->share = u->maybe[0].share;
    if (weigh_incident(m)) {
        return;
    }
    if (cries(m, sure)) {
        bool supposed = understand_supposed(m->phrases, &m->w) || poses(m);
        u->intent = supposed ? INTENT_INCIDENT_HOWTO : INTENT_INCIDENT;
        u->guessed = true;
    } else if (!u->firm && announces(m)) {
        make_phrase(PHRASE_REPORT, u);
    } else if (is_idle(m)) {
        u->intent = INTENT_UNKNOWN;
        u->query = m->text;
    } else if (!u->firm && fits(m) && u->share >= needed(m) && !torn(m)) {
        u->guessed = true;
        (void)take_label(m,
                         u->label == LABEL_INCIDENT && poses(m) ? LABEL_INCIDENT_HOWTO : u->label);
    }
}

/*
 * What happened, for whoever says that something did. A click matters less than the password that
 * was typed behind it, and a password that got out less as data than as a key.
 */
static void name_kind(const struct weighing *m, const struct guesser *g) {
    struct understood *u = m->out;
    float share;
    u->likely = guess_kind(g, m->w.folded, &share);
    bool key = u->likely == KIND_PHISHING_CLICK ||
               (u->likely == KIND_DATA_EXPOSURE && share < MEANING_OVER);
    if (key && phrases_has(m->phrases, &m->w, PHRASE_CREDENTIAL) &&
        !phrases_has(m->phrases, &m->w, PHRASE_DENIED)) {
        u->likely = KIND_CREDENTIAL_ENTERED;
        share = 1;
    }
    u->happened = share >= MEANING_KIND ? u->likely : KIND__COUNT;
}

/*
 * A site's sentences are heard where nothing happened without them: they can make an incident, but
 * never talk one away.
 */
static void weigh_guesses(struct weighing *m, const struct guesser *g) {
    struct understood ruled = *m->out;
    bool sited = guess_both(g, m->w.folded, m->out->maybe, ruled.maybe);
    weigh(m);
    if (sited && meaning_label(m->out) != LABEL_INCIDENT) {
        *m->out = ruled;
        weigh(m);
    }
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
                         .open = open,
                         .text = text,
                         .w = phrases_wording(phrases, arena, text),
                         .out = ret};
    bool incident = ret->intent == INTENT_INCIDENT || ret->intent == INTENT_INCIDENT_HOWTO;
    if (!ret->firm || incident || ret->intent == INTENT_ANSWER) {
        weigh_guesses(&m, guesser);
        hear_denial(&m);
        if (ret->intent == INTENT_UNKNOWN && open && ret->label == LABEL_ANSWER &&
            ret->share >= MEANING_ANSWER) {
            ret->guessed = read_sense(&m, guesser, open);
        }
    }
    if (ret->intent == INTENT_INCIDENT || ret->intent == INTENT_INCIDENT_HOWTO) {
        name_kind(&m, guesser);
    }
}

bool meaning_under(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                   enum label label, const char *text, struct understood *ret) {
    *ret = (struct understood){.phrase = PHRASE_NOTHING,
                               .kind = -1,
                               .query = "",
                               .happened = KIND__COUNT,
                               .likely = KIND__COUNT};
    struct weighing m = {.pack = pack,
                         .phrases = phrases,
                         .arena = arena,
                         .text = text,
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
    case INTENT_SEARCH:
        return (u->label == LABEL_NONE || u->label == LABEL_ROLE) && u->share >= MEANING_LIKELY
                   ? u->label
                   : LABEL_TERM;
    case INTENT_TKS_ID:
        return LABEL_TERM;
    case INTENT_THING:
        return u->found.kind == FOUND_ROLE ? LABEL_ROLE : LABEL_TERM;
    case INTENT_WISH:
        return u->label;
    default:
        return LABEL_NONE;
    }
}
