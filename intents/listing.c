#include "intents/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "content/search.h"
#include "intents/exam.h"
#include "intents/imported_lookup.h"
#include "intents/lookup.h"

#define PAGE 10

size_t listing_page_end(const struct listing_page *p) {
    return p->from + p->size < p->count ? p->from + p->size : p->count;
}

static void tks_line(struct talk *t, const struct tks *item) {
    talk_line(t, MSG_TKS_LINE, "id", item->id, "label", talk_l10n(t, item->label));
}

/* In a channel there is no "more": lists are remembered per person. */
void listing_end_page(struct talk *t, const struct listing_page *p, const char *example) {
    size_t end = listing_page_end(p);
    if (end < p->count && t->event->place == PLACE_CHANNEL) {
        talk_line(t, MSG_LIST_MORE_DIRECT, "left", talk_number(t, (int64_t)(p->count - end)));
    } else if (end < p->count && !talk_menu_waits(t->s)) {
        /* A waiting menu goes first: its choices must not be lost for a list. */
        talk_line(t, MSG_LIST_MORE, "left", talk_number(t, (int64_t)(p->count - end)));
        t->s->menu = MENU_LIST;
        t->s->menu_arg = arena_printf(t->arena, "%zu %s", end, p->again);
    }
    if (*example) {
        talk_line(t, MSG_TKS_FOOT, "id", example);
    }
    talk_attribution(t);
}

void listing_kind(struct talk *t, int kind, size_t from) {
    const struct tks *items[512];
    struct listing_page page = {
        .size = PAGE, .again = arena_printf(t->arena, "kind %d", kind), .from = from};
    for (size_t i = 0; i < t->pack->n_tks && page.count < ARRAY_LEN(items); i++) {
        if ((int)t->pack->tks[i].kind == kind) {
            items[page.count++] = &t->pack->tks[i];
        }
    }
    if (from >= page.count) {
        talk_line(t, MSG_MORE_NOTHING);
        return;
    }
    talk_line(t, MSG_TKS_LIST, "kind", lookup_kind_name(t, kind), "count",
              talk_number(t, (int64_t)page.count), "from", talk_number(t, (int64_t)from + 1), "to",
              talk_number(t, (int64_t)listing_page_end(&page)));
    for (size_t i = from; i < listing_page_end(&page); i++) {
        tks_line(t, items[i]);
    }
    listing_end_page(t, &page, items[from]->id);
}

static const struct l10n *proper_name(const struct pack *pack, struct found found) {
    switch (found.kind) {
    case FOUND_ROLE:
        return &pack->roles[found.index].name;
    case FOUND_PERSONA:
        return &pack->personas[found.index].brief;
    case FOUND_TERM:
        return &pack->terms[found.index].name;
    case FOUND_RESOURCE:
        return &pack->resources[found.index].name;
    case FOUND_LINK:
        return &pack->links[found.index].name;
    default:
        return &pack->topics[found.index].title;
    }
}

static void say_found(struct talk *t, struct found found) {
    static const enum msg kinds[] = {
        [FOUND_TOPIC] = MSG_NAMED_TOPIC,       [FOUND_ROLE] = MSG_NAMED_ROLE,
        [FOUND_PERSONA] = MSG_NAMED_PERSONA,   [FOUND_TERM] = MSG_NAMED_TERM,
        [FOUND_RESOURCE] = MSG_NAMED_RESOURCE, [FOUND_LINK] = MSG_NAMED_LINK,
    };
    if (found.kind == FOUND_TKS) {
        tks_line(t, &t->pack->tks[found.index]);
    } else {
        talk_line(t, kinds[found.kind], "name", talk_l10n(t, *proper_name(t->pack, found)));
    }
}

/* All else whose names hold the words, a line each; how many there are. */
static size_t say_names(struct talk *t, const char *folded) {
    const struct found *names;
    size_t n = search_names(t->pack->search, t->arena, folded, &names);
    for (size_t i = 0; i < n && i < PAGE; i++) {
        say_found(t, names[i]);
    }
    if (n > PAGE) {
        talk_line(t, MSG_NAMED_LEFT, "left", talk_number(t, (int64_t)(n - PAGE)));
    }
    return n;
}

/* Nothing has the words: what is spelt nearly so, or that there is nothing. */
static void say_similar(struct talk *t, const char *query, const char *folded) {
    const struct found *found;
    size_t n = search_similar(t->pack->search, t->arena, folded, &found);
    talk_line(t, n > 0 ? MSG_SIMILAR : MSG_UNKNOWN, "said", talk_quote(t, query));
    const char *example = "";
    for (size_t i = 0; i < n && i < PAGE; i++) {
        say_found(t, found[i]);
        if (*example == '\0' && found[i].kind == FOUND_TKS) {
            example = t->pack->tks[found[i].index].id;
        }
    }
    if (*example) {
        talk_line(t, MSG_TKS_FOOT, "id", example);
    }
    talk_attribution(t);
}

void listing_search(struct talk *t, const char *query, size_t from) {
    const size_t *items;
    const char *folded = text_fold(t->arena, query);
    struct listing_page page = {
        .size = PAGE, .again = arena_printf(t->arena, "search %s", query), .from = from};
    page.count = search_tks(t->pack->search, t->arena, folded, &items);
    if (from > 0 && from >= page.count) {
        talk_line(t, MSG_MORE_NOTHING);
        return;
    }
    if (page.count > 0) {
        talk_line(t, MSG_TKS_SEARCH, "said", talk_quote(t, query), "count",
                  talk_number(t, (int64_t)page.count), "from", talk_number(t, (int64_t)from + 1),
                  "to", talk_number(t, (int64_t)listing_page_end(&page)));
    } else {
        talk_line(t, MSG_NAMED_ONLY, "said", talk_quote(t, query));
    }
    size_t names = from == 0 ? say_names(t, folded) : 0;
    if (page.count == 0 && names == 0) {
        talk_clear(t);
        if (imported_say_hits(t, folded) > 0) {
            return;
        }
        say_similar(t, query, folded);
        return;
    }
    for (size_t i = from; i < listing_page_end(&page); i++) {
        tks_line(t, &t->pack->tks[items[i]]);
    }
    listing_end_page(t, &page, page.count > 0 ? t->pack->tks[items[from]].id : "");
    if (from == 0) {
        (void)imported_say_hits(t, folded);
    }
}

/* What ties to a role: first what the handbook says, then what is inferred, each page of both. */
static size_t role_items(struct talk *t, const struct role *r, int kind, bool in_source,
                         const struct tks **out, size_t n, size_t max) {
    for (size_t i = 0; i < r->tks.n && n < max; i++) {
        const struct tks *item = pack_tks(t->pack, r->tks.items[i].id);
        bool source = r->tks.items[i].confidence == CONF_SOURCE;
        if (source == in_source && (kind < 0 || (int)item->kind == kind)) {
            out[n++] = item;
        }
    }
    return n;
}

void listing_role(struct talk *t, int number, int kind, size_t from) {
    const struct role *r = pack_role(t->pack, number);
    if (!r) {
        lookup_role(t, number);
        return;
    }
    if (imported_list_role(t, number, kind, from)) {
        return;
    }
    const struct tks *items[256];
    size_t sourced = role_items(t, r, kind, true, items, 0, ARRAY_LEN(items));
    size_t count = role_items(t, r, kind, false, items, sourced, ARRAY_LEN(items));
    struct listing_page page = {.size = PAGE,
                                .again = arena_printf(t->arena, "role %d %d", number, kind),
                                .from = from,
                                .count = count};
    talk_line(t, MSG_ROLE_TKS_ABSENT, "mark", r->mark, "name", talk_l10n(t, r->name), "what",
              lookup_kind_name(t, kind));
    if (count == 0) {
        talk_line(t, MSG_ROLE_TKS_NONE);
        talk_attribution(t);
        return;
    }
    for (size_t i = from; i < listing_page_end(&page); i++) {
        if (i == 0 && sourced > 0) {
            talk_line(t, MSG_ROLE_TKS_SOURCE, "count", talk_number(t, (int64_t)sourced));
        }
        if (i == sourced || (i == from && i > sourced)) {
            talk_line(t, MSG_ROLE_TKS_INFERRED, "count",
                      talk_number(t, (int64_t)(count - sourced)));
        }
        tks_line(t, items[i]);
    }
    listing_end_page(t, &page, items[from < count ? from : 0]->id);
}

void listing_persona(struct talk *t, const struct persona *p, int kind) {
    const char *name = talk_l10n(t, p->brief);
    const char *kind_name = lookup_kind_name(t, kind);
    const struct tks *own[128];
    const struct tks *extra[128];
    size_t n_own = 0;
    size_t n_extra = 0;
    for (size_t i = 0; i < p->n_items; i++) {
        const struct tks *item = pack_tks(t->pack, p->items[i].tks);
        if ((int)item->kind != kind) {
            continue;
        }
        if ((p->items[i].core || !p->core) && n_own < ARRAY_LEN(own)) {
            own[n_own++] = item;
        } else if (n_extra < ARRAY_LEN(extra)) {
            extra[n_extra++] = item;
        }
    }
    if (n_own + n_extra == 0) {
        talk_line(t, MSG_PERSONA_TKS_NONE, "name", name, "kind", kind_name);
        talk_attribution(t);
        return;
    }
    talk_line(t, p->core ? MSG_PERSONA_TKS : MSG_PERSONA_TKS_OURS, "name", name, "kind", kind_name,
              "count", talk_number(t, (int64_t)(n_own + n_extra)));
    for (size_t i = 0; i < n_own; i++) {
        tks_line(t, own[i]);
    }
    if (n_extra > 0) {
        talk_line(t, MSG_PERSONA_EXTRA);
    }
    for (size_t i = 0; i < n_extra; i++) {
        tks_line(t, extra[i]);
    }
    talk_line(t, MSG_TKS_FOOT, "id", n_own > 0 ? own[0]->id : extra[0]->id);
    talk_attribution(t);
}

/* Carries on with the request kept in menu_arg: "OFFSET search WORDS", "OFFSET role N KIND", … */
void listing_more(struct talk *t) {
    char *rest;
    size_t from = (size_t)strtoul(t->s->menu_arg, &rest, 10);
    enum menu menu = t->s->menu;
    t->s->menu = MENU_NONE;
    if (menu == MENU_LIST && *rest == ' ' && imported_more(t, rest + 1, from)) {
        return;
    }
    if (menu == MENU_LIST && strncmp(rest, " search ", 8) == 0) {
        listing_search(t, rest + 8, from);
        return;
    }
    if (menu == MENU_LIST && strncmp(rest, " kind ", 6) == 0) {
        listing_kind(t, (int)strtol(rest + 6, NULL, 10), from);
        return;
    }
    if (menu == MENU_LIST && strncmp(rest, " role ", 6) == 0) {
        char *kind;
        int number = (int)strtol(rest + 6, &kind, 10);
        listing_role(t, number, (int)strtol(kind, NULL, 10), from);
        return;
    }
    if (menu == MENU_LIST && strncmp(rest, " exam ", 6) == 0) {
        const struct exam *exam = exam_of(t->pack, rest + 6);
        if (exam) {
            exam_table(t, exam, from);
            return;
        }
    }
    talk_line(t, MSG_MORE_NOTHING);
}
