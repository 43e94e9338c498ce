#include "intents/resource_words.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "intents/duration.h"

#define TYPED_MAX_BYTES 300 /* of longer messages the topic is shown as it is compared */

struct reading {
    const struct phrases *phrases;
    struct arena *arena;
    struct resource_wish *out;
};

static const struct {
    enum phrase_intent phrase;
    unsigned kinds;
} words[] = {
    {PHRASE_RESOURCE_EXAM, 1u << RESOURCE_EXAM},
    {PHRASE_RESOURCE_COURSE, 1u << RESOURCE_COURSE},
    {PHRASE_RESOURCE_EXERCISE, 1u << RESOURCE_EXERCISE},
    {PHRASE_RESOURCE_DOCUMENT, 1u << RESOURCE_DOCUMENT},
    {PHRASE_RESOURCE_VIDEO, 1u << RESOURCE_VIDEO},
    {PHRASE_RESOURCE_TRAINING, 1u << RESOURCE_COURSE | 1u << RESOURCE_EXERCISE},
    {PHRASE_RESOURCE_ANY, 0},
    {PHRASE_RESOURCE_FREE, 0},
};

static void add_topic(struct resource_wish *w, size_t at, const char *text) {
    if (w->n_topics < RESOURCE_MAX_TOPICS && *text) {
        memmove(&w->topics[at + 1], &w->topics[at], (w->n_topics - at) * sizeof(w->topics[0]));
        w->topics[at] = text;
        w->n_topics++;
    }
}

/* Adds what stands between the marks that end a thought. */
static void add_topics(struct reading *r, const char *folded, size_t n) {
    static const char *const marks[] = {"。", "、", ",", "!", "?", ";", "「", "」", "(", ")"};
    const char *rest = arena_strndup(r->arena, folded, n);
    for (const char *s = rest; *s;) {
        size_t len = 0;
        for (size_t i = 0; len == 0 && i < ARRAY_LEN(marks); i++) {
            len = strncmp(s, marks[i], strlen(marks[i])) == 0 ? strlen(marks[i]) : 0;
        }
        if (len > 0) {
            const char *part = arena_strndup(r->arena, rest, (size_t)(s - rest));
            add_topic(r->out, r->out->n_topics, text_words(r->arena, part));
            rest = s + len;
        }
        s += len > 0 ? len : 1;
    }
    add_topic(r->out, r->out->n_topics, text_words(r->arena, rest));
}

/* The shortest time that is named; the message is cut where it stands. */
static void take_times(struct reading *r, const char *folded) {
    struct duration span;
    while (duration_find(folded, &span)) {
        int max = r->out->max_minutes;
        if (!span.at_least && (max == 0 || span.minutes < max)) {
            r->out->max_minutes = span.minutes;
        }
        add_topics(r, folded, span.at);
        folded += span.at + span.len;
    }
    add_topics(r, folded, strlen(folded));
}

static void note_word(struct reading *r, size_t word) {
    bool free_of_charge = words[word].phrase == PHRASE_RESOURCE_FREE;
    r->out->fees = r->out->fees || free_of_charge;
    r->out->named = r->out->named || !free_of_charge;
    r->out->kinds |= words[word].kinds;
}

/* A folded word may have lost its last prolonged mark, which is still there inside a sentence. */
static const char *skip_mark(const char *s) {
    static const char mark[] = "ー";
    return strncmp(s, mark, strlen(mark)) == 0 ? s + strlen(mark) : s;
}

/* Takes the longest word for a kind, fees or material out of a topic; false if it has none. */
static bool take_word(struct reading *r, size_t at) {
    const char *topic = r->out->topics[at];
    const char *best = NULL;
    size_t best_len = 0;
    size_t word = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t len;
        const char *hit = phrases_part(r->phrases, words[i].phrase, topic, &len);
        if (hit && len > best_len) {
            best = hit;
            best_len = len;
            word = i;
        }
    }
    if (!best) {
        return false;
    }
    note_word(r, word);
    const char *rest = skip_mark(best + best_len);
    r->out->topics[at] = arena_strndup(r->arena, topic, (size_t)(best - topic));
    add_topic(r->out, at + 1, rest);
    return true;
}

bool resource_named(const struct phrases *phrases, const char *spaced) {
    bool named = false;
    for (size_t i = 0; !named && i < ARRAY_LEN(words); i++) {
        size_t len;
        named = words[i].phrase != PHRASE_RESOURCE_FREE &&
                phrases_part(phrases, words[i].phrase, spaced, &len);
    }
    return named;
}

void resource_read(const struct phrases *phrases, struct arena *arena, const char *text,
                   struct resource_wish *ret) {
    const char *folded = text_fold(arena, text);
    *ret = (struct resource_wish){.message = text_words(arena, folded)};
    struct reading r = {.phrases = phrases, .arena = arena, .out = ret};
    take_times(&r, folded);
    for (size_t i = 0; i < ret->n_topics;) {
        i += !take_word(&r, i);
    }
}

void resource_trim(const struct phrases *phrases, struct arena *arena, struct resource_wish *w) {
    size_t n = 0;
    for (size_t i = 0; i < w->n_topics; i++) {
        const char *topic = phrases_trim(phrases, arena, PHRASE_RESOURCE_FILLER, w->topics[i]);
        if (text_graphemes(topic) > 1) {
            w->topics[n++] = topic;
        }
    }
    w->n_topics = n;
}

const char *resource_typed(struct arena *arena, const char *text, const char *topic) {
    const char *bare = text_bare(arena, topic);
    size_t n = strlen(text);
    size_t from = n;
    for (size_t i = 0; n <= TYPED_MAX_BYTES && i < n; i++) {
        bool begins = ((unsigned char)text[i] & 0xc0) != 0x80;
        const char *rest = begins ? text_bare(arena, text_fold(arena, text + i)) : "";
        from = *rest && strncmp(rest, bare, strlen(bare)) == 0 ? i : from;
    }
    for (size_t len = 1; from + len <= n; len++) {
        bool ends = ((unsigned char)text[from + len] & 0xc0) != 0x80;
        const char *part = ends ? arena_strndup(arena, text + from, len) : "";
        if (ends && strcmp(text_bare(arena, text_fold(arena, part)), bare) == 0) {
            const char *end = skip_mark(text + from + len);
            return text_trim(arena, arena_strndup(arena, text + from, (size_t)(end - text) - from));
        }
    }
    return topic;
}
