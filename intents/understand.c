#include "intents/understand.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "intents/exam_words.h"
#include "intents/link.h"
#include "intents/numbers.h"
#include "intents/resource_words.h"
#include "intents/tks_id.h"
#include "intents/whole.h"
#include "intents/wished_language.h"

#define ID_MAX          7   /* characters of an id and little else */
#define SEARCH_MAX      12  /* characters of what is searched for by a command */
#define TYPED_MAX_BYTES 200 /* longer messages are shown whole (and clipped) */

struct reading {
    const struct pack *pack;
    const struct phrases *phrases;
    struct arena *arena;
    const struct form_question *open;
    const char *text;
    struct wording w;
    struct wording polite; /* the same without polite endings */
    struct understood *out;
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* "I read about a company that …": something happened, but to others. */
static bool is_hearsay(const struct phrases *p, const struct wording *w) {
    size_t n;
    return phrases_part(p, PHRASE_HEARSAY, w->spaced, &n) &&
           !phrases_part(p, PHRASE_OWN, w->spaced, &n);
}

bool understand_opens_case(const struct wording *w) {
    static const char *const openings[] = {"assume ",  "assuming ", "say i ",  "say my ",
                                           "say our ", "say a ",    "say some"};
    for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
        if (strncmp(w->spaced, openings[i], strlen(openings[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool understand_supposed(const struct phrases *p, const struct wording *w) {
    return is_hearsay(p, w) || understand_opens_case(w) ||
           (phrases_has(p, w, PHRASE_HYPOTHETICAL) && !phrases_has(p, w, PHRASE_HEDGED));
}

/*
 * A cry for help counts in any state. A question about one ("what if …") is not one, and a denial
 * ("I did not click") is neither; a hedge ("maybe I clicked") is a cry for help all the same.
 */
static bool read_incident(struct reading *r) {
    if (!phrases_has(r->phrases, &r->w, PHRASE_INCIDENT) ||
        phrases_has(r->phrases, &r->w, PHRASE_DENIED)) {
        return false;
    }
    bool what_if = understand_supposed(r->phrases, &r->w);
    r->out->intent = what_if ? INTENT_INCIDENT_HOWTO : INTENT_INCIDENT;
    return true;
}

static bool read_link_code(struct reading *r) {
    if (!link_find_code(r->phrases, r->arena, r->text, &r->out->query)) {
        return false;
    }
    r->out->intent = INTENT_LINK_CODE;
    return true;
}

/* At most four digits, so that no number overflows; *s moves behind them. -1 if there is none. */
static int take_number(const char **s) {
    static const char *const kanji[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    int value = 0;
    size_t n = 0;
    for (; n < 4 && is_digit((*s)[n]); n++) {
        value = value * 10 + ((*s)[n] - '0');
    }
    if (n > 0 && !is_digit((*s)[n])) {
        *s += n;
        return value;
    }
    for (size_t i = 0; n == 0 && i < ARRAY_LEN(kanji); i++) {
        if (strncmp(*s, kanji[i], strlen(kanji[i])) == 0) {
            *s += strlen(kanji[i]);
            return (int)i + 1;
        }
    }
    return -1;
}

/* A question named by its number, or by anything together with the wish to change it. */
static bool read_edit(struct reading *r) {
    const char *rest = r->w.plain;
    bool wish = phrases_around(r->phrases, r->arena, &r->w, &rest) == PHRASE_EDIT ||
                phrases_around(r->phrases, r->arena, &r->polite, &rest) == PHRASE_EDIT;
    if (phrases_has(r->phrases, &r->w, PHRASE_CHANGE_RESULT) ||
        phrases_has(r->phrases, &r->w, PHRASE_SETTINGS)) {
        return false;
    }
    rest = wish ? rest : r->w.plain;
    bool clear = false;
    int number = numbers_question(text_bare(r->arena, rest), &clear);
    if (!wish && (number == 0 || !clear)) {
        return false;
    }
    r->out->intent = INTENT_EDIT;
    r->out->number = number;
    r->out->query = rest;
    return true;
}

/* An id; with words for a level the wish to set the one that is required. */
static bool read_tks_id(struct reading *r) {
    const char *id = tks_id_in(r->arena, &r->w);
    size_t len;
    if (!id) {
        return false;
    }
    bool target = phrases_part(r->phrases, PHRASE_TARGET, r->w.spaced, &len) != NULL;
    r->out->intent = target ? INTENT_WISH : INTENT_TKS_ID;
    r->out->label = target ? LABEL_SET_TARGET : LABEL_NONE;
    r->out->query = id;
    return true;
}

/* The number whose last digit is s[0]; digits before it in `text` belong to it. */
static int number_ending_at(const char *text, const char *s) {
    while (s > text && is_digit(s[-1])) {
        s--;
    }
    return take_number(&s);
}

/*
 * The number tied to the word at `at`: right behind it, or before it with a small link between. As
 * many as there are mean all of them: "13 roles".
 */
static int number_beside(const char *text, const char *at, size_t len) {
    static const char *const links[] = {"番目の", "番の", "番", "の", ""};
    static const char *const heads[] = {"の", "number", "no."};
    const char *after = at + len;
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        size_t n = strlen(heads[i]);
        after += strncmp(after, heads[i], n) == 0 ? n : 0;
    }
    if (is_digit(*after)) {
        return take_number(&after);
    }
    for (size_t k = 0; k < ARRAY_LEN(links); k++) {
        size_t n = strlen(links[k]);
        if ((size_t)(at - text) > n && strncmp(at - n, links[k], n) == 0 &&
            is_digit(*(at - n - 1))) {
            int number = number_ending_at(text, at - n - 1);
            return number == PACK_ROLES && k >= 3 ? 0 : number;
        }
    }
    return 0;
}

/* "役割7", "7番の役割", "role 7"; 0 if no role is named by number. */
static int role_number(const char *tight) {
    static const char *const words[] = {"役割", "ろーる", "ろる", "role", "roles"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const char *at = strstr(tight, words[i]);
        int number = at ? number_beside(tight, at, strlen(words[i])) : 0;
        if (number > 0) {
            return number;
        }
    }
    return 0;
}

/* Drops the small words that tie a name to a kind: "法務 の", "needed for …", "… of". */
static const char *strip_links(struct arena *arena, const char *s) {
    static const char *const heads[] = {"needed for ", "for ",  "of ", "the ",   "list of ",
                                        "all ",        "show ", "の",  "必要な", "に必要な"};
    static const char *const tails[] = {
        " needed", "で必要な", "に必要な", "の一覧", "一覧", "に要る", "を教えて", "を見せて", "は",
        "の",      "を",       " of",      " list",  "'s",   " role",  " for",     "役割"};
    char *out = arena_strdup(arena, s);
    bool cut = true;
    while (cut) {
        cut = false;
        for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
            size_t n = strlen(heads[i]);
            if (strncmp(out, heads[i], n) == 0) {
                out += n;
                cut = true;
            }
        }
        size_t len = strlen(out);
        for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
            size_t n = strlen(tails[i]);
            if (len >= n && n > 0 && strcmp(out + len - n, tails[i]) == 0) {
                out[len -= n] = '\0';
                cut = true;
            }
        }
        while (len > 0 && out[len - 1] == ' ') {
            out[--len] = '\0';
        }
        while (*out == ' ') {
            out++;
        }
    }
    return out;
}

static bool all_digits(const char *s) {
    return *s && s[strspn(s, "0123456789")] == '\0';
}

/* "X の 知識": X is a role (by number or name), a persona, or nothing (then all of that kind). */
static bool read_kind(struct reading *r, const struct wording *w) {
    static const enum phrase_intent kinds[TKS__COUNT] = {PHRASE_KIND_TASK, PHRASE_KIND_KNOWLEDGE,
                                                         PHRASE_KIND_SKILL};
    for (int k = 0; k < TKS__COUNT; k++) {
        const char *rest = "";
        if (!phrases_take(r->phrases, r->arena, w, kinds[k], &rest)) {
            continue;
        }
        const char *subject = strip_links(r->arena, rest);
        r->out->kind = k;
        const char *digits = subject;
        r->out->number =
            all_digits(subject) ? take_number(&digits) : role_number(text_bare(r->arena, rest));
        r->out->found = search_name(r->pack->search, subject);
        if (*subject == '\0' && r->out->number == 0) {
            r->out->intent = INTENT_TKS_LIST;
        } else if (r->out->number > 0) {
            r->out->intent = INTENT_ROLE_TKS;
        } else if (r->out->found.kind == FOUND_ROLE) {
            r->out->intent = INTENT_ROLE_TKS;
            r->out->number = (int)r->out->found.index + 1;
        } else if (r->out->found.kind == FOUND_PERSONA) {
            r->out->intent = INTENT_PERSONA_TKS;
        } else {
            continue;
        }
        return true;
    }
    return false;
}

static bool read_name(struct reading *r, const char *name) {
    struct found found = search_name(r->pack->search, name);
    if (found.kind == FOUND_NOTHING) {
        return false;
    }
    r->out->intent = INTENT_THING;
    r->out->found = found;
    return true;
}

/* Requests for lists by name inside "show me …": the phrase table knows them. */
static bool is_list(enum phrase_intent p) {
    return p == PHRASE_ROLE_LIST || p == PHRASE_PERSONA_LIST || p == PHRASE_TERM_LIST ||
           p == PHRASE_LINKS || p == PHRASE_HANDBOOKS || p == PHRASE_MY_RESULT ||
           p == PHRASE_SETTINGS || p == PHRASE_SOURCE || p == PHRASE_REVIEW ||
           p == PHRASE_PROGRESS || p == PHRASE_EXAMPLE;
}

/* "What does it mean", amid a question: the question. */
static bool is_question(const struct reading *r, const char *spaced) {
    return r->open && *phrases_trim(r->phrases, r->arena, PHRASE_POINTER, spaced) == '\0';
}

const char *understand_typed(struct arena *arena, const char *text, const char *part) {
    const char *wanted = text_bare(arena, part);
    size_t n = strlen(text);
    for (size_t i = 0; n <= TYPED_MAX_BYTES && i <= 2 * n; i++) {
        size_t at = i <= n ? i : 2 * n - i; /* ends first, from the longest; then beginnings */
        if (((unsigned char)text[at] & 0xc0) == 0x80) {
            continue;
        }
        const char *typed = i <= n ? text + at : arena_strndup(arena, text, at);
        if (strcmp(text_bare(arena, text_fold(arena, typed)), wanted) == 0) {
            return text_trim(arena, typed);
        }
    }
    return text;
}

/* "X とは", "what is X": X may be anything that has a name; otherwise the texts are searched. */
static bool read_around(struct reading *r) {
    const char *rest = "";
    enum phrase_intent p = phrases_around(r->phrases, r->arena, &r->w, &rest);
    if (p == PHRASE_SEARCH) {
        r->out->intent = INTENT_SEARCH;
        r->out->query = understand_typed(r->arena, r->text, rest);
        return true;
    }
    if (p != PHRASE_DEFINE) {
        return false;
    }
    struct wording inner = phrases_wording(r->phrases, r->arena, rest);
    const char *again = "";
    if (phrases_around(r->phrases, r->arena, &inner, &again) == PHRASE_DEFINE) {
        inner = phrases_wording(r->phrases, r->arena, again); /* "what does X mean" */
        rest = again;
    }
    enum phrase_intent whole = phrases_whole(r->phrases, &inner);
    int number = role_number(inner.tight);
    const char *digits = inner.tight;
    if (number == 0 && all_digits(digits)) {
        number = take_number(&digits); /* "⑦とは" */
    }
    if (is_question(r, inner.spaced) || is_list(whole)) {
        r->out->intent = INTENT_PHRASE;
        r->out->phrase = is_list(whole) ? whole : PHRASE_EXAMPLE;
    } else if (number > 0) {
        r->out->intent = INTENT_ROLE;
        r->out->number = number;
    } else if (!read_name(r, rest) && !read_name(r, strip_links(r->arena, rest)) &&
               !read_name(r, rest + strspn(rest, "0123456789 ")) && /* "⑦フォレンジックとは" */
               !read_kind(r, &inner)) {
        r->out->intent = INTENT_DEFINE;
        r->out->query = understand_typed(r->arena, r->text, rest);
    }
    return true;
}

/* "トリアージとは" holds the word of a choice, but asks for its meaning. */
static bool asks_about(struct reading *r) {
    const char *rest = "";
    enum phrase_intent p = phrases_around(r->phrases, r->arena, &r->w, &rest);
    return p == PHRASE_DEFINE || p == PHRASE_SEARCH;
}

static bool read_answer(struct reading *r) {
    if (!r->open) {
        int number = answer_number(r->arena, r->text);
        if (number <= 0) {
            return false;
        }
        r->out->intent = INTENT_NUMBER;
        r->out->number = number;
        return true;
    }
    if (asks_about(r)) {
        return false;
    }
    r->out->answer = answer_read(r->arena, r->open, r->text);
    if (r->out->answer.kind != ANSWER_NOT) {
        r->out->intent = INTENT_ANSWER;
        return true;
    }
    r->out->phrase = whole_read(r->phrases, r->open, &r->w);
    if (r->out->phrase == PHRASE_NOTHING) {
        return false;
    }
    r->out->intent = INTENT_PHRASE;
    return true;
}

/* "Xの教材", "exams about X", also with "を教えて" or "検索" around it. */
static bool asks_for_resources(struct reading *r, const struct wording *w) {
    const char *rest = "";
    enum phrase_intent p = phrases_around(r->phrases, r->arena, w, &rest);
    if (p == PHRASE_SEARCH || p == PHRASE_DEFINE) {
        struct wording inner = phrases_wording(r->phrases, r->arena, rest);
        p = phrases_around(r->phrases, r->arena, &inner, &rest);
    }
    return p == PHRASE_RESOURCES;
}

/* What an exam covers, or what covers an item: of learning resources, too, but another view. */
static bool read_exam(struct reading *r) {
    struct exam_wish wish;
    if (!exam_words_read(r->pack, r->phrases, r->arena, &r->w, &wish)) {
        return false;
    }
    r->out->exam = wish.exam;
    r->out->item = wish.item ? pack_tks(r->pack, wish.item) : NULL;
    bool unknown = wish.item && !r->out->item;
    r->out->intent = unknown ? INTENT_TKS_ID : INTENT_PHRASE;
    r->out->phrase = unknown ? PHRASE_NOTHING : PHRASE_RESOURCES;
    r->out->query = unknown ? wish.item : r->text;
    return true;
}

/* A request for learning resources that says nothing else, or has the form of one. */
static bool read_resources(struct reading *r) {
    struct resource_wish wish;
    if (!resource_named(r->phrases, r->w.spaced) ||
        search_name(r->pack->search, r->w.tight).kind != FOUND_NOTHING ||
        phrases_has(r->phrases, &r->w, PHRASE_HANDBOOKS)) {
        return false;
    }
    resource_read(r->phrases, r->arena, r->text, &wish);
    if (!wish.named) {
        return false;
    }
    resource_trim(r->phrases, r->arena, &wish);
    if (wish.n_topics > 0 && !asks_for_resources(r, &r->w)) {
        return false;
    }
    r->out->intent = INTENT_PHRASE;
    r->out->phrase = PHRASE_RESOURCES;
    r->out->number = role_number(r->w.tight);
    r->out->query = r->text;
    return true;
}

/* "3を外す", "4も": what is left after the phrase must itself read as an answer. */
static bool read_tick(struct reading *r) {
    const char *rest = "";
    enum phrase_intent p =
        r->open ? phrases_around(r->phrases, r->arena, &r->w, &rest) : PHRASE_NOTHING;
    if (p != PHRASE_TICK && p != PHRASE_UNTICK) {
        return false;
    }
    struct answer a = answer_read(r->arena, r->open, rest);
    if (a.kind == ANSWER_NOT || a.kind == ANSWER_EITHER) {
        return false;
    }
    r->out->intent = p == PHRASE_TICK ? INTENT_TICK : INTENT_UNTICK;
    r->out->answer = a;
    return true;
}

/* What only tells how something is meant, or needs more than words that stand somewhere. */
static bool is_part(enum phrase_intent p) {
    switch (p) {
    case PHRASE_INCIDENT:
    case PHRASE_HYPOTHETICAL:
    case PHRASE_CONDITIONAL:
    case PHRASE_CREDENTIAL:
    case PHRASE_HEDGED:
    case PHRASE_REVISES:
    case PHRASE_DENIED:
    case PHRASE_KIND_TASK:
    case PHRASE_KIND_KNOWLEDGE:
    case PHRASE_KIND_SKILL:
        return true;
    default:
        return false;
    }
}

static bool read_within(struct reading *r) {
    enum phrase_intent p = phrases_within(r->phrases, &r->w);
    if (p == PHRASE_NOTHING || is_part(p)) {
        return false;
    }
    bool language = p == PHRASE_LANGUAGE_EN || p == PHRASE_LANGUAGE_JA;
    r->out->intent = INTENT_PHRASE;
    r->out->phrase = language ? wished_language(r->phrases, r->arena, r->w.folded) : p;
    return true;
}

static bool read_phrase(struct reading *r) {
    enum phrase_intent p = phrases_whole(r->phrases, &r->w);
    if (p == PHRASE_NOTHING) {
        return false;
    }
    r->out->intent = INTENT_PHRASE;
    r->out->phrase = p;
    return true;
}

/* "resme": of what moves the conversation alone, which does no harm where it is wrong. */
static bool read_misspelt(struct reading *r) {
    enum phrase_intent p = phrases_near(r->phrases, &r->w);
    switch (p) {
    case PHRASE_START:
    case PHRASE_RESUME:
    case PHRASE_RESTART: /* asks first */
    case PHRASE_BACK:
    case PHRASE_PAUSE:
    case PHRASE_REVIEW:
    case PHRASE_PROGRESS:
        r->out->intent = INTENT_PHRASE;
        r->out->phrase = p;
        return true;
    default:
        return false;
    }
}

static bool read_role_number(struct reading *r) {
    if (phrases_has(r->phrases, &r->w, PHRASE_ROLE_LIST)) {
        return false; /* "the 13 roles" is no role number */
    }
    r->out->number = role_number(r->w.tight);
    if (r->out->number <= 0 || read_kind(r, &r->w)) {
        return r->out->intent != INTENT_UNKNOWN;
    }
    r->out->intent = INTENT_ROLE;
    return true;
}

/* What is searched for has just that name: no story is told of it. */
static bool is_named(const struct reading *r) {
    const char *query = text_fold(r->arena, r->out->query);
    return search_name(r->pack->search, query).kind != FOUND_NOTHING;
}

/* A short message that hits the texts and is nothing else is taken as a search. */
static bool read_bare_search(struct reading *r) {
    const size_t *items;
    if (text_graphemes(r->w.spaced) < 2 || text_graphemes(r->w.spaced) > 16 ||
        search_tks(r->pack->search, r->arena, r->w.spaced, &items) == 0) {
        return false;
    }
    r->out->intent = INTENT_SEARCH;
    r->out->query = r->text;
    return true;
}

void understand(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                const struct form_question *open, const char *text, struct understood *ret) {
    *ret = (struct understood){.phrase = PHRASE_NOTHING,
                               .kind = -1,
                               .query = "",
                               .firm = true,
                               .label = LABEL_NONE,
                               .happened = KIND__COUNT,
                               .likely = KIND__COUNT};
    struct reading r = {
        .pack = pack,
        .phrases = phrases,
        .arena = arena,
        .open = open,
        .text = text,
        .w = phrases_wording(phrases, arena, text),
        .out = ret,
    };
    r.polite = (struct wording){
        .folded = r.w.folded, .spaced = r.w.spaced, .tight = r.w.plain, .plain = r.w.plain};
    if (*r.w.tight == '\0') {
        ret->intent = INTENT_EMPTY;
        return;
    }
    /* The order is the rule: help first, then exact words, then the question, then lookups. */
    if (read_phrase(&r) && ret->phrase == PHRASE_LATER) {
        ret->firm = false;
        return;
    }
    if (read_incident(&r) || read_phrase(&r) || read_link_code(&r)) {
        return;
    }
    if (read_edit(&r)) {
        ret->firm = ret->number > 0; /* otherwise it may be about changing something else */
        return;
    }
    if (read_tick(&r) || read_answer(&r) || read_exam(&r) || read_resources(&r)) {
        return;
    }
    if (read_tks_id(&r)) {
        ret->firm = ret->intent == INTENT_WISH || text_graphemes(r.w.tight) <= ID_MAX;
        return;
    }
    if (read_name(&r, r.w.tight)) {
        return;
    }
    if (read_role_number(&r) || read_around(&r) || read_kind(&r, &r.w)) {
        bool search = ret->intent == INTENT_SEARCH; /* or a story of one that found something */
        bool role = ret->intent == INTENT_ROLE && text_graphemes(r.w.tight) > SEARCH_MAX;
        ret->firm = ret->intent != INTENT_DEFINE && !role &&
                    !(search && text_graphemes(ret->query) > SEARCH_MAX && !is_named(&r));
        return;
    }
    ret->firm = false; /* words that stand in it, from here on */
    if (read_within(&r) || read_name(&r, strip_links(arena, r.w.spaced)) || read_bare_search(&r) ||
        read_misspelt(&r)) {
        return;
    }
    ret->intent = INTENT_UNKNOWN;
    ret->query = text;
}
