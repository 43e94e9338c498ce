#include "intents/wished_language.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/lang.h"

struct hearing {
    const struct phrases *phrases;
    bool named[LANG__COUNT];
    bool refused[LANG__COUNT];
    int last;     /* the language named last in this clause, or -1 */
    bool pending; /* "I can't …": the language comes behind it */
};

/* What is refused may stand in front: "my English is not good". */
static void end_clause(struct hearing *h) {
    if (h->pending && h->last >= 0) {
        h->refused[h->last] = true;
    }
    h->pending = false;
    h->last = -1;
}

/* "Can't you …", and the same in Japanese: a refusal that asks for it. */
static bool is_request(const char *behind) {
    static const char *const words[] = {"か ", "のか", "の ", " you", " we"};
    return strcmp(behind, "か") == 0 || strcmp(behind, "の") == 0 ||
           text_match(behind, words, ARRAY_LEN(words)) > 0;
}

/* The bytes that were understood at s; 0 for none. */
static size_t hear_at(struct hearing *h, const char *s) {
    static const enum phrase_intent names[LANG__COUNT] = {
        [LANG_JA] = PHRASE_LANGUAGE_JA, [LANG_EN] = PHRASE_LANGUAGE_EN};
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        size_t n = phrases_head(h->phrases, names[lang], s);
        if (n > 0) {
            h->named[lang] = true;
            h->refused[lang] = h->refused[lang] || h->pending;
            h->pending = false;
            h->last = lang;
            return n;
        }
    }
    size_t n = phrases_head(h->phrases, PHRASE_LANGUAGE_NOT, s);
    if (n == 0 || is_request(s + n)) {
        return n;
    }
    if (text_is_latin(s)) {
        h->pending = true;
    } else if (h->last >= 0) {
        h->refused[h->last] = true;
    }
    return n;
}

static void hear_clause(struct hearing *h, const char *words) {
    static const char *const breaks[] = {"so ", "but ", "because ", "please"};
    bool begins = true; /* a Latin word */
    for (const char *s = words; *s;) {
        if (begins && text_match(s, breaks, ARRAY_LEN(breaks)) > 0) {
            end_clause(h);
        }
        size_t n = begins || !text_is_latin(s) ? hear_at(h, s) : 0;
        s += n > 0 ? n : 1;
        begins = !text_is_latin(s - 1);
    }
    end_clause(h);
}

static const char *clause_end(const char *s) {
    static const char *const marks[] = {",", ".", ";", ":", "!", "?", "、", "。", "\n"};
    while (*s && text_match(s, marks, ARRAY_LEN(marks)) == 0) {
        s++;
    }
    return s;
}

enum phrase_intent wished_language(const struct phrases *p, struct arena *arena,
                                   const char *folded) {
    struct hearing h = {.phrases = p, .last = -1};
    for (const char *s = folded; *s;) {
        const char *end = clause_end(s);
        hear_clause(&h, text_words(arena, arena_strndup(arena, s, (size_t)(end - s))));
        s = *end ? end + 1 : end;
    }
    bool en = h.named[LANG_EN] && !h.refused[LANG_EN];
    bool ja = h.named[LANG_JA] && !h.refused[LANG_JA];
    if (en == ja) { /* nothing but what it is not to be */
        en = h.refused[LANG_JA] && !h.refused[LANG_EN] && !ja;
        ja = h.refused[LANG_EN] && !h.refused[LANG_JA] && !en;
    }
    return en == ja ? PHRASE_SETTINGS : en ? PHRASE_LANGUAGE_EN : PHRASE_LANGUAGE_JA;
}
