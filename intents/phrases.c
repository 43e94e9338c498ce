#include "intents/phrases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "base/xalloc.h"

static const char *const intent_names[PHRASE__COUNT] = {
#define X(name, word) word,
    PHRASE_INTENTS(X)
#undef X
};

#define NEAR_MIN 5 /* letters of a word that may be misspelt */

static const char *const how_names[PHRASE_HOW__COUNT] = {"is", "starts", "ends", "has", "part"};

struct phrase {
    enum phrase_intent intent;
    enum phrase_how how;
    bool latin; /* compared word by word with `spaced`, otherwise with `tight` */
    const char *text;
    size_t len;
    struct text_bytes bytes;
};

/* Phrases that are looked for together, in the order of the file. */
struct group {
    struct phrase *items;
    size_t n;
    size_t cap;
};

struct phrases {
    struct arena arena;
    struct group endings;
    struct group by_how[PHRASE_HOW__COUNT]; /* all others */
    struct group has[PHRASE__COUNT];        /* those of PHRASE_HAS again, by their intent */
    struct group parts[PHRASE__COUNT];      /* the same for PHRASE_PART */
};

/* A folded text with what is compared first, since there are hundreds of phrases. */
struct folded {
    const char *s;
    size_t n;
    struct text_bytes bytes;
};

static struct folded measure(const char *s) {
    return (struct folded){.s = s, .n = strlen(s), .bytes = text_bytes(s)};
}

static bool is_phrase(const struct phrase *ph, const struct folded *text) {
    return ph->len == text->n && memcmp(ph->text, text->s, text->n) == 0;
}

static bool starts_with(const struct folded *text, const struct phrase *ph) {
    return text->n > ph->len && memcmp(text->s, ph->text, ph->len) == 0;
}

static bool ends_with(const char *s, size_t n, const struct phrase *ph) {
    return n > ph->len && memcmp(s + n - ph->len, ph->text, ph->len) == 0;
}

static const char *find_phrase(const struct phrase *ph, const struct folded *in) {
    return text_bytes_within(&ph->bytes, &in->bytes) ? text_find(in->s, ph->text, true) : NULL;
}

static char *cut_endings(const struct phrases *p, struct arena *arena, const char *tight) {
    char *s = arena_strdup(arena, tight);
    size_t n = strlen(s);
    bool cut = true;
    while (cut) {
        cut = false;
        for (size_t i = 0; i < p->endings.n; i++) {
            const struct phrase *e = &p->endings.items[i];
            if (ends_with(s, n, e)) {
                n -= e->len;
                s[n] = '\0';
                cut = true;
            }
        }
    }
    return s;
}

struct wording phrases_wording(const struct phrases *p, struct arena *arena, const char *text) {
    const char *folded = text_fold(arena, text);
    struct wording w = {
        .folded = folded, .spaced = text_words(arena, folded), .tight = text_bare(arena, folded)};
    if (*w.tight == '\0' && strchr(folded, '?') && folded[strspn(folded, "? ")] == '\0') {
        w.spaced = w.tight = "?"; /* nothing but a question mark asks for help */
    }
    w.plain = cut_endings(p, arena, w.tight);
    return w;
}

enum phrase_intent phrases_whole(const struct phrases *p, const struct wording *w) {
    struct folded tight = measure(w->tight);
    struct folded spaced = measure(w->spaced);
    struct folded plain = measure(w->plain);
    const struct phrase *found = NULL;
    for (size_t i = 0; i < p->by_how[PHRASE_IS].n; i++) {
        const struct phrase *ph = &p->by_how[PHRASE_IS].items[i];
        if (is_phrase(ph, &tight) || (ph->latin && is_phrase(ph, &spaced))) {
            return ph->intent;
        }
        found = !found && is_phrase(ph, &plain) ? ph : found;
    }
    return found ? found->intent : PHRASE_NOTHING;
}

enum phrase_intent phrases_near(const struct phrases *p, const struct wording *w) {
    size_t n = strlen(w->spaced);
    enum phrase_intent found = PHRASE_NOTHING;
    if (n < NEAR_MIN || strspn(w->spaced, "abcdefghijklmnopqrstuvwxyz") < n) {
        return found;
    }
    for (size_t i = 0; i < p->by_how[PHRASE_IS].n; i++) {
        const struct phrase *ph = &p->by_how[PHRASE_IS].items[i];
        if (ph->len < NEAR_MIN || *ph->text != *w->spaced || !text_one_slip(ph->text, w->spaced)) {
            continue;
        }
        if (found != PHRASE_NOTHING && found != ph->intent) {
            return PHRASE_NOTHING;
        }
        found = ph->intent;
    }
    return found;
}

static bool takes_head(const struct phrase *ph, const struct folded *text) {
    return starts_with(text, ph) && !(ph->latin && text_is_latin(text->s + ph->len));
}

static bool takes_tail(const struct phrase *ph, const struct folded *text) {
    return ends_with(text->s, text->n, ph) &&
           !(ph->latin && text_is_latin(text->s + text->n - ph->len - 1));
}

/* Latin phrases are cut from the spaced form, others from the tight one. */
static const char *cut(struct arena *arena, const char *in, size_t at, size_t len) {
    const char *head = arena_strndup(arena, in, at);
    const char *rest = arena_printf(arena, "%s %s", head, in + at + len);
    return text_words(arena, rest);
}

/* The longest of those of the group for which `is_there` holds; of equals the first. */
static const struct phrase *longest(const struct group *g, const struct wording *w,
                                    bool (*is_there)(const struct phrase *,
                                                     const struct folded *)) {
    const struct phrase *best = NULL;
    struct folded tight = measure(w->tight);
    struct folded spaced = measure(w->spaced);
    for (size_t i = 0; i < g->n; i++) {
        const struct phrase *ph = &g->items[i];
        if ((!best || ph->len > best->len) && is_there(ph, ph->latin ? &spaced : &tight)) {
            best = ph;
        }
    }
    return best;
}

enum phrase_intent phrases_around(const struct phrases *p, struct arena *arena,
                                  const struct wording *w, const char **ret_rest) {
    const struct phrase *head = longest(&p->by_how[PHRASE_STARTS], w, takes_head);
    const struct phrase *tail = longest(&p->by_how[PHRASE_ENDS], w, takes_tail);
    const struct phrase *best = !head || (tail && tail->len > head->len) ? tail : head;
    if (!best) {
        return PHRASE_NOTHING;
    }
    const char *in = best->latin ? w->spaced : w->tight;
    size_t at = best->how == PHRASE_STARTS ? 0 : strlen(in) - best->len;
    *ret_rest = cut(arena, in, at, best->len);
    return **ret_rest ? best->intent : PHRASE_NOTHING;
}

static bool is_within(const struct phrase *ph, const struct folded *text) {
    return find_phrase(ph, text) != NULL;
}

enum phrase_intent phrases_within(const struct phrases *p, const struct wording *w) {
    const struct phrase *best = longest(&p->by_how[PHRASE_HAS], w, is_within);
    return best ? best->intent : PHRASE_NOTHING;
}

bool phrases_has(const struct phrases *p, const struct wording *w, enum phrase_intent intent) {
    return longest(&p->has[intent], w, is_within) != NULL;
}

bool phrases_take(const struct phrases *p, struct arena *arena, const struct wording *w,
                  enum phrase_intent intent, const char **ret_rest) {
    const struct phrase *ph = longest(&p->has[intent], w, is_within);
    if (!ph) {
        return false;
    }
    const char *in = ph->latin ? w->spaced : w->tight;
    *ret_rest = cut(arena, in, (size_t)(text_find(in, ph->text, true) - in), ph->len);
    return true;
}

const char *phrases_part(const struct phrases *p, enum phrase_intent intent, const char *spaced,
                         size_t *ret_len) {
    struct folded text = measure(spaced);
    const struct phrase *best = NULL;
    const char *at = NULL;
    for (size_t i = 0; i < p->parts[intent].n; i++) {
        const struct phrase *ph = &p->parts[intent].items[i];
        const char *hit = !best || ph->len > best->len ? find_phrase(ph, &text) : NULL;
        if (hit) {
            best = ph;
            at = hit;
        }
    }
    *ret_len = best ? best->len : 0;
    return at;
}

/* Of the longest part that the text is, or begins or ends with. */
static size_t part_at_end(const struct group *g, const struct folded *text, bool tail) {
    size_t best = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct phrase *ph = &g->items[i];
        bool there = is_phrase(ph, text) || (tail ? takes_tail(ph, text) : takes_head(ph, text));
        best = there && ph->len > best ? ph->len : best;
    }
    return best;
}

size_t phrases_head(const struct phrases *p, enum phrase_intent intent, const char *spaced) {
    struct folded text = measure(spaced);
    return part_at_end(&p->parts[intent], &text, false);
}

const char *phrases_trim(const struct phrases *p, struct arena *arena, enum phrase_intent intent,
                         const char *spaced) {
    const char *s = text_trim(arena, spaced);
    for (;;) {
        struct folded text = measure(s);
        size_t head = part_at_end(&p->parts[intent], &text, false);
        size_t tail = head > 0 ? 0 : part_at_end(&p->parts[intent], &text, true);
        if (head + tail == 0) {
            return s;
        }
        s = text_trim(arena, arena_strndup(arena, s + head, text.n - head - tail));
    }
}

static int find_word(const char *const *words, size_t n, const char *s, size_t len) {
    for (size_t i = 0; i < n; i++) {
        if (strlen(words[i]) == len && strncmp(words[i], s, len) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void join(struct group *g, const struct phrase *ph) {
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 16;
        g->items = xrealloc(g->items, g->cap * sizeof(*g->items));
    }
    g->items[g->n++] = *ph;
}

static bool add_phrase(struct phrases *p, enum phrase_intent intent, enum phrase_how how,
                       const char *text) {
    const char *folded = text_fold(&p->arena, text);
    const char *clean = text_words(&p->arena, folded);
    if (*clean == '\0') {
        clean = folded;
    }
    bool latin = text_is_latin(clean);
    if (!latin && *text_bare(&p->arena, clean)) {
        clean = text_bare(&p->arena, clean);
    }
    if (*clean == '\0') {
        return false;
    }
    struct phrase ph = {.intent = intent,
                        .how = how,
                        .latin = latin,
                        .text = clean,
                        .len = strlen(clean),
                        .bytes = text_bytes(clean)};
    join(intent == PHRASE_ENDING ? &p->endings : &p->by_how[how], &ph);
    if (how == PHRASE_HAS) {
        join(&p->has[intent], &ph);
    }
    if (how == PHRASE_PART) {
        join(&p->parts[intent], &ph);
    }
    return true;
}

static void read_line(struct phrases *p, const char *line, size_t len, const char *file, int number,
                      struct faults *faults) {
    char where[32];
    snprintf(where, sizeof(where), "line %d", number);
    const char *tab1 = memchr(line, '\t', len);
    const char *tab2 = tab1 ? memchr(tab1 + 1, '\t', len - (size_t)(tab1 + 1 - line)) : NULL;
    if (!tab2 || tab2 + 1 == line + len) {
        fault_add(faults, file, where, "must have three columns: intent, how, phrase");
        return;
    }
    int intent = find_word(intent_names, PHRASE__COUNT, line, (size_t)(tab1 - line));
    int how = find_word(how_names, PHRASE_HOW__COUNT, tab1 + 1, (size_t)(tab2 - tab1 - 1));
    const char *text = arena_strndup(&p->arena, tab2 + 1, len - (size_t)(tab2 + 1 - line));
    if (intent < 0) {
        fault_add(faults, file, where, "unknown intent \"%.*s\"", (int)(tab1 - line), line);
    } else if (how < 0) {
        fault_add(faults, file, where, "the second column must be is, starts, ends, has or part");
    } else if (!text_valid(text, strlen(text))) {
        fault_add(faults, file, where, "the phrase is not valid UTF-8");
    } else if (!add_phrase(p, (enum phrase_intent)intent, (enum phrase_how)how, text)) {
        fault_add(faults, file, where, "nothing is left of the phrase when it is compared");
    }
}

struct phrases *phrases_load(const char *tsv, size_t n, const char *file, struct faults *faults) {
    struct phrases *p = xmalloc(sizeof(*p));
    *p = (struct phrases){.endings = {.n = 0}};
    int number = 1;
    for (size_t at = 0; at < n; number++) {
        const char *end = memchr(tsv + at, '\n', n - at);
        size_t len = end ? (size_t)(end - tsv) - at : n - at;
        if (len > 0 && tsv[at] != '#') {
            read_line(p, tsv + at, len, file, number, faults);
        }
        at += len + 1;
    }
    return p;
}

void phrases_free(struct phrases *p) {
    if (p) {
        for (size_t i = 0; i < PHRASE_HOW__COUNT; i++) {
            free(p->by_how[i].items);
        }
        for (size_t i = 0; i < PHRASE__COUNT; i++) {
            free(p->has[i].items);
            free(p->parts[i].items);
        }
        free(p->endings.items);
        arena_free(&p->arena);
        free(p);
    }
}
