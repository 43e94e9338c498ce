#include "intents/exam_words.h"

#include <string.h>

#include "base/text.h"
#include "content/search.h"
#include "intents/tks_id.h"

#define LEFT_MAX    3  /* characters beside the name and the words that ask */
#define MESSAGE_MAX 40 /* characters of a question about an item; longer ones tell a story */
#define PARTS_MAX   3

struct reading {
    const struct pack *pack;
    const struct phrases *phrases;
    struct arena *arena;
    const struct wording *w;
};

/* The name of an exam where it stands in the message. */
struct named {
    const struct exam *exam;
    const char *at;
    size_t len;
};

static struct named find_exam(const struct reading *r) {
    size_t exam = 0;
    const char *name = search_exam(r->pack->search, r->w->spaced, &exam);
    if (!name) {
        return (struct named){.exam = NULL};
    }
    return (struct named){.exam = &r->pack->exams[exam],
                          .at = text_find(r->w->spaced, name, true),
                          .len = strlen(name)};
}

static size_t left_of(const struct reading *r, const char *part) {
    return text_chars(phrases_trim(r->phrases, r->arena, PHRASE_COVERAGE_FILLER, part));
}

/* Whether the words around the name ask for what it covers, and say nothing else. */
static bool asks_for_fields(const struct reading *r, const struct named *n) {
    const char *parts[PARTS_MAX] = {
        arena_strndup(r->arena, r->w->spaced, (size_t)(n->at - r->w->spaced)), n->at + n->len, ""};
    bool asks = false;
    for (size_t i = 2; i-- > 0 && !asks;) {
        size_t len;
        const char *hit = phrases_part(r->phrases, PHRASE_COVERAGE, parts[i], &len);
        if (hit) {
            asks = true;
            parts[2] = hit + len;
            parts[i] = arena_strndup(r->arena, parts[i], (size_t)(hit - parts[i]));
        }
    }
    size_t left = 0;
    for (size_t i = 0; i < PARTS_MAX; i++) {
        left += left_of(r, parts[i]);
    }
    return asks && left <= LEFT_MAX;
}

static bool is_whole(const struct reading *r, const char *name) {
    const char *bare = text_bare(r->arena, text_fold(r->arena, name));
    return strcmp(bare, r->w->tight) == 0 || strcmp(bare, r->w->plain) == 0;
}

/* Nothing but the name: its code asks for the fields, as it says nothing else to anyone. */
static bool read_name(const struct reading *r, const struct named *n, struct exam_wish *ret) {
    const char *name = arena_strndup(r->arena, n->at, n->len);
    if (!is_whole(r, name)) {
        return false;
    }
    ret->exam = is_whole(r, n->exam->code) ? n->exam : NULL;
    return true;
}

/* An id with a word of what covers it. */
static bool read_item(const struct reading *r, struct exam_wish *ret) {
    size_t len;
    bool asks = phrases_part(r->phrases, PHRASE_COVERAGE, r->w->spaced, &len) ||
                phrases_part(r->phrases, PHRASE_COVERAGE_BY, r->w->spaced, &len);
    const char *id = asks ? tks_id_in(r->arena, r->w) : NULL;
    ret->item = text_chars(r->w->tight) <= MESSAGE_MAX ? id : NULL;
    return ret->item != NULL;
}

bool exam_words_read(const struct pack *pack, const struct phrases *phrases, struct arena *arena,
                     const struct wording *w, struct exam_wish *ret) {
    struct reading r = {.pack = pack, .phrases = phrases, .arena = arena, .w = w};
    *ret = (struct exam_wish){.exam = NULL, .item = NULL};
    if (read_item(&r, ret)) {
        return true;
    }
    struct named named = find_exam(&r);
    if (!named.exam) {
        return false;
    }
    if (asks_for_fields(&r, &named)) {
        ret->exam = named.exam;
        return true;
    }
    return read_name(&r, &named, ret);
}
