#include "intents/resource_find.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/search.h"

/* Points: a name that stands in the message outweighs everything else. */
#define POINTS_NAMED   1000
#define POINTS_NAME    60
#define POINTS_EXAMPLE 30
#define POINTS_ABOUT   20
#define POINTS_CLOSES  100 /* at most */
#define POINTS_TIME    5

#define KANA_BYTES 3 /* of one character */

struct finding {
    const struct pack *pack;
    struct arena *arena;
    const struct resource_wish *wish;
    unsigned topics;               /* bit: something was found of it */
    int *near;                     /* by index of pack.tks: how near it is to the topics */
    const struct persona *persona; /* for whom it is to be; NULL for nobody in particular */
};

/* ---- the topics as tasks, knowledge and skills ---- */

static void note_id(struct finding *f, const char *id, int near) {
    for (size_t i = 0; i < f->pack->n_tks; i++) {
        if (strcmp(f->pack->tks[i].id, id) == 0) {
            f->near[i] += near;
        }
    }
}

static void note_found(struct finding *f, struct found found) {
    const struct pack *pack = f->pack;
    switch (found.kind) {
    case FOUND_TERM:
        for (size_t i = 0; i < pack->terms[found.index].tks.n; i++) {
            note_id(f, pack->terms[found.index].tks.items[i], 2);
        }
        break;
    case FOUND_ROLE:
        for (size_t i = 0; i < pack->roles[found.index].tks.n; i++) {
            note_id(f, pack->roles[found.index].tks.items[i].id, 1);
        }
        break;
    case FOUND_PERSONA:
        f->persona = &pack->personas[found.index];
        for (size_t i = 0; i < f->persona->n_items; i++) {
            note_id(f, f->persona->items[i].tks, 1);
        }
        break;
    case FOUND_TKS:
        f->near[found.index] += 4;
        break;
    default:
        break;
    }
}

static size_t note_search(struct finding *f, const char *words, int near) {
    const size_t *items;
    if (text_graphemes(words) < 2) {
        return 0;
    }
    size_t n = search_tks(f->pack->search, f->arena, words, &items);
    for (size_t i = 0; i < n; i++) {
        f->near[items[i]] += near;
    }
    return n;
}

/* Roughly: where one ends and another begins, a word may. */
enum script { SCRIPT_SPACE, SCRIPT_KANA, SCRIPT_KANJI, SCRIPT_LATIN };

static enum script script_of(int32_t c) {
    return c == ' '                     ? SCRIPT_SPACE
           : c >= 0x3041 && c <= 0x30ff ? SCRIPT_KANA
           : c >= 0x2e80                ? SCRIPT_KANJI
                                        : SCRIPT_LATIN;
}

/* A word, or what it is without its last character: "logs", "log" with a particle behind it. */
static size_t note_word(struct finding *f, const char *word, enum script script) {
    size_t least = script == SCRIPT_KANJI ? 2 : 3;
    size_t n = strlen(word);
    size_t hits = 0;
    if (script == SCRIPT_SPACE || text_chars(word) < least) {
        return 0;
    }
    hits = note_search(f, word, 1);
    if (hits == 0 && script == SCRIPT_LATIN && word[n - 1] == 's') {
        hits = note_search(f, arena_strndup(f->arena, word, n - 1), 1);
    } else if (hits == 0 && script == SCRIPT_KANA) {
        hits = note_search(f, arena_strndup(f->arena, word, n - KANA_BYTES), 1);
    }
    return hits;
}

/* The words of a topic of which nothing is found as a whole: "log retention" -> "log". */
static size_t note_words(struct finding *f, const char *topic) {
    const char *begin = topic;
    enum script script = SCRIPT_SPACE;
    size_t hits = 0;
    for (const char *s = topic;;) {
        const char *at = s;
        enum script next = script_of(text_next(&s));
        if (*at && next == script) {
            continue;
        }
        hits += note_word(f, arena_strndup(f->arena, begin, (size_t)(at - begin)), script);
        if (!*at) {
            return hits;
        }
        begin = at;
        script = next;
    }
}

static bool note_topic(struct finding *f, const char *topic) {
    const struct search *search = f->pack->search;
    struct found whole = search_name(search, topic);
    struct found term = search_within(search, topic, false);
    struct found role = search_within(search, topic, true);
    note_found(f, whole);
    if (whole.kind != FOUND_TERM) {
        note_found(f, term);
    }
    if (whole.kind != FOUND_ROLE) {
        note_found(f, role);
    }
    size_t hits = note_search(f, topic, 2);
    bool named =
        whole.kind != FOUND_NOTHING || term.kind != FOUND_NOTHING || role.kind != FOUND_NOTHING;
    return named || hits > 0 || note_words(f, topic) > 0;
}

static void note_topics(struct finding *f) {
    if (pack_role(f->pack, f->wish->role)) {
        note_found(f, (struct found){.kind = FOUND_ROLE, .index = (size_t)f->wish->role - 1});
        f->topics = ~0u;
    }
    for (size_t i = 0; i < f->wish->n_topics; i++) {
        f->topics |= note_topic(f, f->wish->topics[i]) ? 1u << i : 0;
    }
}

/* ---- one resource ---- */

static const char *alias_of(const struct finding *f, const struct resource *r, size_t i) {
    return text_words(f->arena, text_fold(f->arena, r->aliases.items[i]));
}

/* Whether the message has a longer name of something else around this one. */
static bool is_part(const struct finding *f, const struct resource *r, const char *alias) {
    for (size_t i = 0; i < f->pack->n_resources; i++) {
        const struct resource *other = &f->pack->resources[i];
        for (size_t k = 0; other != r && k < other->aliases.n; k++) {
            const char *longer = alias_of(f, other, k);
            if (strlen(longer) > strlen(alias) && strstr(longer, alias) &&
                text_find(f->wish->message, longer, true)) {
                return true;
            }
        }
    }
    return false;
}

/* A name of it that stands in the message. */
static bool is_named(struct finding *f, const struct resource *r) {
    for (size_t i = 0; i < r->aliases.n; i++) {
        const char *alias = alias_of(f, r, i);
        if (!text_find(f->wish->message, alias, true) || is_part(f, r, alias)) {
            continue;
        }
        for (size_t k = 0; k < f->wish->n_topics; k++) {
            const char *topic = f->wish->topics[k];
            bool part = text_find(topic, alias, true) || text_find(alias, topic, true);
            f->topics |= part ? 1u << k : 0;
        }
        return true;
    }
    return false;
}

static bool holds(const struct finding *f, struct l10n text, const char *topic) {
    for (int i = 0; i < LANG__COUNT; i++) {
        const char *words = text_words(f->arena, text_fold(f->arena, text.in[i]));
        if (text_find(words, topic, false)) {
            return true;
        }
    }
    return false;
}

static int rate_words(struct finding *f, const struct resource *r) {
    int points = 0;
    for (size_t i = 0; i < f->wish->n_topics; i++) {
        const char *topic = f->wish->topics[i];
        if (text_graphemes(topic) < 2) {
            continue;
        }
        int more = 0;
        if (holds(f, r->name, topic) || holds(f, r->label, topic)) {
            more = POINTS_NAME;
        } else if (holds(f, r->provider, topic) || holds(f, r->summary, topic)) {
            more = POINTS_ABOUT;
        }
        f->topics |= more > 0 ? 1u << i : 0;
        points += more;
    }
    return points;
}

static int trust(enum confidence c) {
    return c == CONF_SOURCE ? 3 : c == CONF_INFERRED ? 2 : 1;
}

static int near_of(const struct finding *f, const struct ref *ref) {
    const struct tks *t = pack_tks(f->pack, ref->id);
    return f->near[t - f->pack->tks] * trust(ref->confidence);
}

/* Keeps the nearest reasons; of equals the one that stands first. */
static void keep_reason(const struct finding *f, struct resource_match *m, const struct ref *ref) {
    size_t at = m->n_reasons;
    while (at > 0 && near_of(f, ref) > near_of(f, m->reasons[at - 1])) {
        at--;
    }
    if (at == RESOURCE_MAX_REASONS) {
        return;
    }
    m->n_reasons += m->n_reasons < RESOURCE_MAX_REASONS;
    for (size_t i = m->n_reasons - 1; i > at; i--) {
        m->reasons[i] = m->reasons[i - 1];
    }
    m->reasons[at] = ref;
}

static int rate_closes(const struct finding *f, struct resource_match *m) {
    const struct resource *r = m->resource;
    int points = 0;
    for (size_t i = 0; i < r->closes.n; i++) {
        int near = near_of(f, &r->closes.items[i]);
        if (near > 0) {
            keep_reason(f, m, &r->closes.items[i]);
        }
        points += near;
    }
    return points < POINTS_CLOSES ? points : POINTS_CLOSES;
}

static int rate_persona(const struct finding *f, struct resource_match *m) {
    const struct ref_list *personas = &m->resource->personas;
    for (size_t i = 0; f->persona && i < personas->n; i++) {
        if (strcmp(personas->items[i].id, f->persona->id) == 0) {
            m->example = &personas->items[i];
            return POINTS_EXAMPLE * trust(m->example->confidence);
        }
    }
    return 0;
}

static struct resource_match rate(struct finding *f, const struct resource *r) {
    struct resource_match m = {.resource = r};
    if (is_named(f, r)) { /* that is reason enough */
        m.called = true;
        m.named = true;
        m.points = POINTS_NAMED;
        return m;
    }
    m.points = rate_words(f, r);
    m.named = m.points > 0;
    m.points += rate_closes(f, &m) + rate_persona(f, &m);
    return m;
}

/* ---- all of them ---- */

static int compare(const void *a, const void *b) {
    const struct resource_match *x = a;
    const struct resource_match *y = b;
    if (x->points != y->points) {
        return x->points > y->points ? -1 : 1;
    }
    return x->resource < y->resource ? -1 : x->resource > y->resource;
}

/* Who names a resource wants that one. */
static size_t keep_named(const struct resource_match *items, size_t n) {
    size_t kept = 0;
    while (kept < n && items[kept].points >= POINTS_NAMED) {
        kept++;
    }
    return kept > 0 ? kept : n;
}

struct resource_matches resource_find(const struct pack *pack, struct arena *arena,
                                      const struct resource_wish *wish, unsigned kinds) {
    struct finding f = {.pack = pack, .arena = arena, .wish = wish};
    f.near = arena_alloc(arena, (pack->n_tks + 1) * sizeof(*f.near));
    note_topics(&f);
    struct resource_match *items = arena_alloc(arena, (pack->n_resources + 1) * sizeof(*items));
    size_t n = 0;
    for (size_t i = 0; i < pack->n_resources; i++) {
        const struct resource *r = &pack->resources[i];
        struct resource_match m = rate(&f, r);
        bool asked = wish->n_topics > 0;
        bool too_long = wish->max_minutes > 0 && r->minutes > wish->max_minutes;
        bool of_kind = kinds == 0 || (r->kinds & kinds) != 0;
        if (too_long || !of_kind || (asked && m.points == 0)) {
            continue;
        }
        m.points += wish->max_minutes > 0 && r->minutes > 0 ? POINTS_TIME : 0;
        items[n++] = m;
    }
    qsort(items, n, sizeof(*items), compare);
    return (struct resource_matches){.items = items, .n = keep_named(items, n), .topics = f.topics};
}
