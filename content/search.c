#include "content/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "content/pack.h"

struct name {
    const char *key;         /* folded, without spaces and punctuation */
    const char *words;       /* folded, words kept apart */
    struct text_bytes bytes; /* of words */
    bool alias;              /* not the proper name */
    struct found found;
};

#define TKS_FIELDS 7
#define TKS_THEME  6

/* How a text may have what is looked for, the best first. */
enum rank { RANK_EXACT, RANK_PREFIX, RANK_INSIDE };

#define RANK_POINTS 100 /* for each rank that is left behind: more than any field weighs */

/* Of equal ranks: names and labels in both languages, then hints, then the theme. */
static const int field_weight[TKS_FIELDS] = {60, 60, 50, 50, 20, 20, 10};

/* A text to search in. */
struct field {
    const char *text;
    struct text_bytes bytes;
};

struct search {
    struct arena arena;
    struct name *names; /* sorted by key; the first of equal keys was added first */
    size_t n_names;
    size_t cap_names;
    struct field (*fields)[TKS_FIELDS];
    size_t n_tks;
};

static void add_name(struct search *s, const char *text, bool alias, enum found_kind kind,
                     size_t index) {
    const char *folded = text_fold(&s->arena, text);
    const char *key = text_bare(&s->arena, folded);
    if (*key == '\0') {
        return;
    }
    const char *words = text_words(&s->arena, folded);
    if (s->n_names == s->cap_names) {
        s->cap_names = s->cap_names ? s->cap_names * 2 : 256;
        s->names = xrealloc(s->names, s->cap_names * sizeof(*s->names));
    }
    s->names[s->n_names++] = (struct name){
        .key = key,
        .words = words,
        .bytes = text_bytes(words),
        .alias = alias,
        .found = {.kind = kind, .index = index},
    };
}

static void add_l10n(struct search *s, const struct l10n *t, enum found_kind kind, size_t index) {
    for (int i = 0; i < LANG__COUNT; i++) {
        add_name(s, t->in[i], false, kind, index);
    }
}

static void add_list(struct search *s, const struct string_list *l, enum found_kind kind,
                     size_t index) {
    for (size_t i = 0; i < l->n; i++) {
        add_name(s, l->items[i], true, kind, index);
    }
}

/* What there is to learn with, and where to read on. */
static void add_sources(struct search *s, const struct pack *pack) {
    for (size_t i = 0; i < pack->n_resources; i++) {
        add_l10n(s, &pack->resources[i].name, FOUND_RESOURCE, i);
        add_l10n(s, &pack->resources[i].label, FOUND_RESOURCE, i);
        add_list(s, &pack->resources[i].aliases, FOUND_RESOURCE, i);
    }
    for (size_t i = 0; i < pack->n_links; i++) {
        add_l10n(s, &pack->links[i].name, FOUND_LINK, i);
    }
    for (size_t i = 0; i < pack->n_exams; i++) {
        const struct resource *r = pack_resource(pack, pack->exams[i].resource);
        add_l10n(s, &r->name, FOUND_EXAM, i);
        add_l10n(s, &r->label, FOUND_EXAM, i);
        add_list(s, &r->aliases, FOUND_EXAM, i);
        add_name(s, pack->exams[i].code, true, FOUND_EXAM, i);
        add_list(s, &pack->exams[i].aliases, FOUND_EXAM, i);
    }
}

static void add_names(struct search *s, const struct pack *pack) {
    for (size_t i = 0; i < pack->n_topics; i++) {
        add_l10n(s, &pack->topics[i].title, FOUND_TOPIC, i);
        add_list(s, &pack->topics[i].aliases, FOUND_TOPIC, i);
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        add_l10n(s, &pack->roles[i].name, FOUND_ROLE, i);
        add_list(s, &pack->roles[i].aliases, FOUND_ROLE, i);
    }
    for (size_t i = 0; i < pack->n_personas; i++) {
        add_l10n(s, &pack->personas[i].name, FOUND_PERSONA, i);
        add_l10n(s, &pack->personas[i].brief, FOUND_PERSONA, i);
        add_list(s, &pack->personas[i].aliases, FOUND_PERSONA, i);
    }
    for (size_t i = 0; i < pack->n_terms; i++) {
        add_l10n(s, &pack->terms[i].name, FOUND_TERM, i);
        add_list(s, &pack->terms[i].aliases, FOUND_TERM, i);
    }
    for (size_t i = 0; i < pack->n_tks; i++) {
        add_name(s, pack->tks[i].id, false, FOUND_TKS, i);
        add_l10n(s, &pack->tks[i].name, FOUND_TKS, i);
        add_l10n(s, &pack->tks[i].label, FOUND_TKS, i);
    }
}

static int compare_names(const void *a, const void *b) {
    const struct name *x = a;
    const struct name *y = b;
    int by_key = strcmp(x->key, y->key);
    if (by_key != 0) {
        return by_key;
    }
    if (x->found.kind != y->found.kind) {
        return x->found.kind < y->found.kind ? -1 : 1;
    }
    return x->found.index < y->found.index ? -1 : x->found.index > y->found.index;
}

static void add_fields(struct search *s, const struct pack *pack) {
    s->n_tks = pack->n_tks;
    s->fields = xmalloc((pack->n_tks + 1) * sizeof(*s->fields));
    for (size_t i = 0; i < pack->n_tks; i++) {
        const struct tks *t = &pack->tks[i];
        const struct l10n *theme = &pack->themes[t->theme].name;
        const char *texts[TKS_FIELDS] = {
            t->name.in[LANG_JA],
            t->name.in[LANG_EN],
            t->label.in[LANG_JA],
            t->label.in[LANG_EN],
            t->hint.in[LANG_JA],
            t->hint.in[LANG_EN],
            arena_printf(&s->arena, "%s %s", theme->in[LANG_JA], theme->in[LANG_EN]),
        };
        for (size_t k = 0; k < TKS_FIELDS; k++) {
            const char *text = text_fold(&s->arena, texts[k]);
            s->fields[i][k] = (struct field){.text = text, .bytes = text_bytes(text)};
        }
    }
}

struct search *search_build(const struct pack *pack) {
    struct search *s = xmalloc(sizeof(*s));
    *s = (struct search){0};
    add_names(s, pack);
    add_sources(s, pack);
    qsort(s->names, s->n_names, sizeof(*s->names), compare_names);
    add_fields(s, pack);
    return s;
}

void search_free(struct search *s) {
    if (s) {
        arena_free(&s->arena);
        free(s->names);
        free(s->fields);
        free(s);
    }
}

struct found search_name(const struct search *s, const char *folded) {
    struct found nothing = {.kind = FOUND_NOTHING, .index = 0};
    struct arena arena = {0};
    const char *key = text_bare(&arena, folded);
    size_t low = 0;
    size_t high = s->n_names;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(s->names[mid].key, key) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    bool hit = low < s->n_names && *key && strcmp(s->names[low].key, key) == 0;
    arena_free(&arena);
    return hit && s->names[low].found.kind <= FOUND_TKS ? s->names[low].found : nothing;
}

struct found search_within(const struct search *s, const char *folded, bool role) {
    struct found best = {.kind = FOUND_NOTHING, .index = 0};
    size_t longest = 0;
    enum found_kind kind = role ? FOUND_ROLE : FOUND_TERM;
    struct text_bytes bytes = text_bytes(folded);
    for (size_t i = 0; i < s->n_names; i++) {
        const struct name *name = &s->names[i];
        size_t n = strlen(name->words);
        bool may_be = name->found.kind == kind && n > longest && n > 3 &&
                      text_bytes_within(&name->bytes, &bytes);
        if (may_be && text_find(folded, name->words, true)) {
            best = name->found;
            longest = n;
        }
    }
    return best;
}

const char *search_exam(const struct search *s, const char *folded, size_t *ret_exam) {
    const char *best = NULL;
    size_t longest = 0;
    struct text_bytes bytes = text_bytes(folded);
    for (size_t i = 0; i < s->n_names; i++) {
        const struct name *name = &s->names[i];
        size_t n = strlen(name->words);
        if (name->found.kind == FOUND_EXAM && n > longest &&
            text_bytes_within(&name->bytes, &bytes) && text_find(folded, name->words, true)) {
            best = name->words;
            longest = n;
            *ret_exam = name->found.index;
        }
    }
    return best;
}

/* ---- with mistakes ---- */

#define NEAR_TEXT_MAX 120 /* characters of the text that are looked at */
#define NEAR_NAME_MIN 5
#define NEAR_NAME_MAX 60
#define NEAR_MISTAKES 5 /* characters for each mistake that is allowed */

struct chars {
    int32_t c[NEAR_TEXT_MAX];
    size_t n;
};

static void read_chars(const char *s, struct chars *ret) {
    ret->n = 0;
    for (int32_t c; ret->n < NEAR_TEXT_MAX && (c = text_next(&s)) != 0;) {
        ret->c[ret->n++] = c;
    }
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Characters to be changed, added or left out until the name stands somewhere in the text. */
static size_t mistakes(const struct chars *name, const struct chars *text) {
    size_t column[NEAR_NAME_MAX + 1];
    for (size_t i = 0; i <= name->n; i++) {
        column[i] = i;
    }
    size_t best = name->n;
    for (size_t k = 0; k < text->n; k++) {
        size_t corner = 0; /* the name may begin anywhere */
        for (size_t i = 1; i <= name->n; i++) {
            size_t changed = corner + (name->c[i - 1] != text->c[k]);
            corner = column[i];
            column[i] = least(changed, least(column[i], column[i - 1]) + 1);
        }
        best = least(best, column[name->n]);
    }
    return best;
}

struct found search_near(const struct search *s, const char *folded) {
    struct found best = {.kind = FOUND_NOTHING, .index = 0};
    size_t fewest = NEAR_NAME_MAX;
    size_t longest = 0;
    struct chars text;
    read_chars(folded, &text);
    for (size_t i = 0; i < s->n_names; i++) {
        struct chars name;
        read_chars(s->names[i].words, &name);
        bool may_be = s->names[i].found.kind == FOUND_ROLE && name.n >= NEAR_NAME_MIN &&
                      name.n <= NEAR_NAME_MAX;
        size_t wrong = may_be ? mistakes(&name, &text) : NEAR_NAME_MAX;
        bool better = wrong < fewest || (wrong == fewest && name.n > longest);
        if (may_be && wrong <= name.n / NEAR_MISTAKES && better) {
            best = s->names[i].found;
            fewest = wrong;
            longest = name.n;
        }
    }
    return best;
}

/* `hit`: where the words stand in the text. */
static enum rank rank_of(const char *text, const char *hit, const char *words) {
    return hit != text ? RANK_INSIDE : text[strlen(words)] == '\0' ? RANK_EXACT : RANK_PREFIX;
}

static int score_item(const struct field fields[TKS_FIELDS], const char *query,
                      const struct text_bytes *bytes) {
    int best = 0;
    for (size_t k = 0; k < TKS_FIELDS; k++) {
        if (!text_bytes_within(bytes, &fields[k].bytes)) {
            continue;
        }
        const char *hit = text_find(fields[k].text, query, false); /* "log" finds logs, not blog */
        if (!hit) {
            continue;
        }
        /* The theme is two names in one text: what stands first there says nothing. */
        enum rank rank = k == TKS_THEME ? RANK_INSIDE : rank_of(fields[k].text, hit, query);
        int points = field_weight[k] + (int)(RANK_INSIDE - rank) * RANK_POINTS;
        best = points > best ? points : best;
    }
    return best;
}

struct ranked {
    int points;
    size_t index;
};

static int compare_ranked(const void *a, const void *b) {
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (x->points != y->points) {
        return x->points > y->points ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

size_t search_tks(const struct search *s, struct arena *arena, const char *folded,
                  const size_t **ret_items) {
    struct ranked *hits = arena_alloc(arena, (s->n_tks + 1) * sizeof(*hits));
    size_t n = 0;
    struct text_bytes bytes = text_bytes(folded);
    for (size_t i = 0; *folded && i < s->n_tks; i++) {
        int points = score_item(s->fields[i], folded, &bytes);
        if (points > 0) {
            hits[n++] = (struct ranked){.points = points, .index = i};
        }
    }
    qsort(hits, n, sizeof(*hits), compare_ranked);
    size_t *items = arena_alloc(arena, (n + 1) * sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        items[i] = hits[i].index;
    }
    *ret_items = items;
    return n;
}

/* ---- names ---- */

struct hit {
    int rank; /* enum rank, or how many mistakes */
    struct found found;
};

static int compare_hits(const void *a, const void *b) {
    const struct hit *x = a;
    const struct hit *y = b;
    if (x->rank != y->rank) {
        return x->rank < y->rank ? -1 : 1;
    }
    if (x->found.kind != y->found.kind) {
        return x->found.kind < y->found.kind ? -1 : 1;
    }
    return x->found.index < y->found.index ? -1 : x->found.index > y->found.index;
}

/* Best first, each thing once. */
static size_t sort_hits(struct arena *arena, struct hit *hits, size_t n,
                        const struct found **ret_found) {
    struct found *found = arena_alloc(arena, (n + 1) * sizeof(*found));
    size_t kept = 0;
    qsort(hits, n, sizeof(*hits), compare_hits);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < kept &&
               (found[k].kind != hits[i].found.kind || found[k].index != hits[i].found.index)) {
            k++;
        }
        if (k == kept) {
            found[kept++] = hits[i].found;
        }
    }
    *ret_found = found;
    return kept;
}

size_t search_names(const struct search *s, struct arena *arena, const char *folded,
                    const struct found **ret_names) {
    const char *words = text_words(arena, folded);
    struct hit *hits = arena_alloc(arena, (s->n_names + 1) * sizeof(*hits));
    size_t n = 0;
    struct text_bytes bytes = text_bytes(words);
    for (size_t i = 0; *words && i < s->n_names; i++) {
        const struct name *name = &s->names[i];
        bool kind = name->found.kind != FOUND_TKS && name->found.kind != FOUND_EXAM;
        if (!kind || !text_bytes_within(&bytes, &name->bytes)) {
            continue;
        }
        const char *at = text_find(name->words, words, false);
        /* An alias counts from its beginning only: "log" in Japanese is part of "programmer". */
        if (at && (!name->alias || at == name->words)) {
            hits[n++] =
                (struct hit){.rank = (int)rank_of(name->words, at, words), .found = name->found};
        }
    }
    return sort_hits(arena, hits, n, ret_names);
}

size_t search_similar(const struct search *s, struct arena *arena, const char *folded,
                      const struct found **ret_found) {
    struct hit *hits = arena_alloc(arena, (s->n_names + 1) * sizeof(*hits));
    size_t n = 0;
    struct chars words;
    read_chars(text_words(arena, folded), &words);
    size_t allowed = words.n <= NEAR_NAME_MAX ? words.n / NEAR_MISTAKES : 0;
    for (size_t i = 0; allowed > 0 && i < s->n_names; i++) {
        struct chars name;
        if (s->names[i].found.kind == FOUND_EXAM) {
            continue;
        }
        read_chars(s->names[i].words, &name);
        size_t wrong = name.n + allowed < words.n ? words.n : mistakes(&words, &name);
        if (wrong <= allowed) {
            hits[n++] = (struct hit){.rank = (int)wrong, .found = s->names[i].found};
        }
    }
    return sort_hits(arena, hits, n, ret_found);
}
