#include "intents/whole.h"

#include <string.h>

#include "base/attr.h"

/* What a word may say, in the order of the phrases below. */
enum part {
    PART_ALL,
    PART_EACH, /* all, and with a "not" none */
    PART_BOTH,
    PART_TWO, /* both, and with a "not" neither */
    PART_ANY,
    PART_NONE,
    PART_DOES,
    PART_NOT,
    PART_SMALL,
    PART__COUNT
};

static const enum phrase_intent parts[PART__COUNT] = {
    PHRASE_WHOLE_ALL,  PHRASE_WHOLE_EACH, PHRASE_WHOLE_BOTH, PHRASE_WHOLE_TWO,  PHRASE_WHOLE_ANY,
    PHRASE_WHOLE_NONE, PHRASE_WHOLE_DOES, PHRASE_WHOLE_NOT,  PHRASE_WHOLE_SMALL};

/* The bytes of the longest word at s, and of which kind it is; 0 for none. */
static size_t take(const struct phrases *p, const char *s, enum part *ret) {
    size_t best = 0;
    for (int i = 0; i < PART__COUNT; i++) {
        size_t n = phrases_head(p, parts[i], s);
        if (n > best) {
            best = n;
            *ret = (enum part)i;
        }
    }
    return best;
}

/* How often which kind of word stands there; false if there is any other. */
static bool count(const struct phrases *p, const char *spaced, size_t found[PART__COUNT]) {
    memset(found, 0, PART__COUNT * sizeof(*found));
    for (const char *s = spaced; *s;) {
        enum part part = PART_SMALL;
        size_t n = *s == ' ' ? 1 : take(p, s, &part);
        if (n == 0) {
            return false;
        }
        found[part]++;
        s += n;
    }
    return true;
}

static size_t real_options(const struct form_question *q) {
    return q->n_options - (q->none_option >= 0);
}

enum phrase_intent whole_read(const struct phrases *p, const struct form_question *q,
                              const struct wording *w) {
    size_t found[PART__COUNT];
    if (strchr(w->folded, '?') || !count(p, w->spaced, found)) {
        return PHRASE_NOTHING;
    }
    size_t all = found[PART_ALL] + found[PART_EACH];
    size_t both = found[PART_BOTH] + found[PART_TWO];
    bool not = found[PART_NOT] % 2 == 1;
    if (found[PART_NONE] > 0) {
        return all + both > 0 ? PHRASE_NOTHING : PHRASE_NONE_OF;
    }
    if (not ) { /* "not all of them": some, and which is not said */
        bool some = found[PART_ALL] + found[PART_BOTH] > 0;
        bool none = found[PART_EACH] + found[PART_TWO] + found[PART_ANY] > 0 ||
                    (found[PART_DOES] > 0 && q->none_option >= 0);
        return none && !some ? PHRASE_NONE_OF : PHRASE_NOTHING;
    }
    if (both > 0 && real_options(q) != 2) {
        return PHRASE_YES;
    }
    return all + both > 0 && found[PART_ANY] + found[PART_NOT] == 0 ? PHRASE_ALL : PHRASE_NOTHING;
}
