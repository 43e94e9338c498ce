#include "intents/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PAGE 10

const char *lookup_kind_name(struct talk *t, int kind) {
    static const enum msg names[TKS__COUNT] = {MSG_KIND_TASK, MSG_KIND_KNOWLEDGE, MSG_KIND_SKILL};
    return kind < 0 ? talk_string(t, MSG_ALL_KINDS) : talk_string(t, names[kind]);
}

const char *lookup_role_names(struct talk *t, const struct ref_list *roles) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < roles->n; i++) {
        const struct role *r = pack_role(t->pack, roles->items[i].number);
        buf_addf(&b, "%s%s%s%s", i > 0 ? " " : "", r->mark, t->s->lang == LANG_JA ? "" : " ",
                 talk_l10n(t, r->name));
        if (roles->items[i].confidence != CONF_SOURCE) {
            buf_adds(&b, talk_string(t, MSG_INFERRED));
        }
    }
    return talk_take(t, &b);
}

const char *lookup_persona_word(struct talk *t, const struct persona *p) {
    for (size_t i = 0; i < p->aliases.n; i++) {
        bool latin = (unsigned char)p->aliases.items[i][1] < 0x80;
        bool wide = strstr(p->aliases.items[i], "さん") != NULL;
        if (t->s->lang == LANG_EN ? latin && !wide : wide) {
            return p->aliases.items[i];
        }
    }
    return talk_l10n(t, p->brief);
}

static const char *persona_names(struct talk *t, const struct ref_list *personas) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < personas->n; i++) {
        const struct persona *p = pack_persona(t->pack, personas->items[i].id);
        talk_join_quoted(t, &b, talk_l10n(t, p->brief));
        if (personas->items[i].confidence != CONF_SOURCE) {
            buf_adds(&b, talk_string(t, MSG_INFERRED));
        }
    }
    return talk_take(t, &b);
}

static const char *other(struct talk *t, struct l10n text) {
    return text.in[t->s->lang == LANG_JA ? LANG_EN : LANG_JA];
}

/* ---- roles ---- */

static void show_roles(struct talk *t) {
    talk_line(t, MSG_ROLES_HEAD);
    for (int i = 1; i <= PACK_ROLES; i++) {
        const struct role *r = pack_role(t->pack, i);
        talk_break(t);
        talk_text(t, r->mark);
        talk_text(t, " ");
        talk_text(t, talk_l10n(t, r->name));
    }
    talk_line(t, MSG_ROLES_FOOT);
    talk_attribution(t);
    if (t->event->place == PLACE_DIRECT) {
        t->s->menu = MENU_ROLES;
    }
}

static const char *join_references(struct talk *t, const struct string_list *names) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < names->n; i++) {
        buf_addf(&b, "%s%s", i > 0 ? " / " : "", names->items[i]);
    }
    return talk_take(t, &b);
}

void lookup_role(struct talk *t, int number) {
    const struct role *r = pack_role(t->pack, number);
    if (!r) {
        talk_line(t, MSG_ROLE_UNKNOWN, "number", talk_number(t, number));
        talk_attribution(t);
        return;
    }
    talk_line(t, MSG_ROLE_NAME, "mark", r->mark, "name", talk_l10n(t, r->name), "other",
              other(t, r->name));
    talk_line(t, MSG_ROLE_GLOSS, "gloss", talk_l10n(t, r->gloss));
    talk_line(t, MSG_ROLE_REFERENCES);
    for (size_t i = 0; i < PACK_FRAMEWORKS; i++) {
        const char *names = join_references(t, &r->references[i]);
        talk_line(t, MSG_ROLE_REFERENCE, "framework", talk_l10n(t, t->pack->frameworks[i].name),
                  "names", *names ? names : talk_string(t, MSG_ROLE_NO_REFERENCE));
    }
    if (*talk_l10n(t, r->references_note)) {
        talk_break(t);
        talk_text(t, talk_l10n(t, r->references_note));
    }
    if (r->personas.n > 0) {
        talk_line(t, MSG_ROLE_PERSONAS, "personas", persona_names(t, &r->personas));
    } else {
        talk_line(t, MSG_ROLE_NO_PERSONAS);
    }
    talk_line(t, MSG_ROLE_ABSENT);
    talk_line(t, MSG_ROLE_NEXT, "number", talk_number(t, number), "name", talk_l10n(t, r->name));
    talk_attribution(t);
}

/* ---- lists of tasks, knowledge and skills, by page ---- */

struct page {
    const char *again; /* request to repeat for the next page, without the offset */
    size_t from;       /* index of the first one shown */
    size_t count;
};

static size_t page_end(const struct page *p) {
    return p->from + PAGE < p->count ? p->from + PAGE : p->count;
}

static void tks_line(struct talk *t, const struct tks *item) {
    talk_line(t, MSG_TKS_LINE, "id", item->id, "label", talk_l10n(t, item->label));
}

/* The foot of a list. In a channel there is no "more": lists are remembered per person. */
static void end_page(struct talk *t, const struct page *p, const char *example) {
    size_t end = page_end(p);
    if (end < p->count && t->event->place == PLACE_CHANNEL) {
        talk_line(t, MSG_LIST_MORE_DIRECT, "left", talk_number(t, (int64_t)(p->count - end)));
    } else if (end < p->count) {
        talk_line(t, MSG_LIST_MORE, "left", talk_number(t, (int64_t)(p->count - end)));
        t->s->menu = MENU_LIST;
        t->s->menu_arg = arena_printf(t->arena, "%zu %s", end, p->again);
    }
    talk_line(t, MSG_TKS_FOOT, "id", example);
    talk_attribution(t);
}

static void show_tks_list(struct talk *t, int kind, size_t from) {
    const struct tks *items[512];
    struct page page = {.again = arena_printf(t->arena, "kind %d", kind), .from = from};
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
              talk_number(t, (int64_t)page_end(&page)));
    for (size_t i = from; i < page_end(&page); i++) {
        tks_line(t, items[i]);
    }
    end_page(t, &page, items[from]->id);
}

static void show_search(struct talk *t, const char *query, size_t from) {
    const size_t *items;
    const char *folded = text_fold(t->arena, query);
    struct page page = {.again = arena_printf(t->arena, "search %s", query), .from = from};
    page.count = search_tks(t->pack->search, t->arena, folded, &items);
    if (page.count == 0) {
        talk_line(t, MSG_UNKNOWN, "said", talk_quote(t, query));
        talk_attribution(t);
        return;
    }
    if (from >= page.count) {
        talk_line(t, MSG_MORE_NOTHING);
        return;
    }
    talk_line(t, MSG_TKS_SEARCH, "said", talk_quote(t, query), "count",
              talk_number(t, (int64_t)page.count), "from", talk_number(t, (int64_t)from + 1), "to",
              talk_number(t, (int64_t)page_end(&page)));
    for (size_t i = from; i < page_end(&page); i++) {
        tks_line(t, &t->pack->tks[items[i]]);
    }
    end_page(t, &page, t->pack->tks[items[from]].id);
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

static void show_role_tks(struct talk *t, int number, int kind, size_t from) {
    const struct role *r = pack_role(t->pack, number);
    if (!r) {
        lookup_role(t, number);
        return;
    }
    const struct tks *items[256];
    size_t sourced = role_items(t, r, kind, true, items, 0, ARRAY_LEN(items));
    size_t count = role_items(t, r, kind, false, items, sourced, ARRAY_LEN(items));
    struct page page = {
        .again = arena_printf(t->arena, "role %d %d", number, kind), .from = from, .count = count};
    talk_line(t, MSG_ROLE_TKS_ABSENT, "mark", r->mark, "name", talk_l10n(t, r->name), "what",
              lookup_kind_name(t, kind));
    if (count == 0) {
        talk_line(t, MSG_ROLE_TKS_NONE);
        talk_attribution(t);
        return;
    }
    for (size_t i = from; i < page_end(&page); i++) {
        if (i == 0 && sourced > 0) {
            talk_line(t, MSG_ROLE_TKS_SOURCE, "count", talk_number(t, (int64_t)sourced));
        }
        if (i == sourced || (i == from && i > sourced)) {
            talk_line(t, MSG_ROLE_TKS_INFERRED, "count",
                      talk_number(t, (int64_t)(count - sourced)));
        }
        tks_line(t, items[i]);
    }
    end_page(t, &page, items[from < count ? from : 0]->id);
}

static void show_persona_tks(struct talk *t, const struct persona *p, int kind) {
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

/* ---- cards ---- */

static const char *same_ids(struct talk *t, const struct tks *item) {
    struct buf b;
    buf_init(&b, 256);
    for (size_t i = 0; item->same_group && i < t->pack->n_tks; i++) {
        const struct tks *x = &t->pack->tks[i];
        if (x != item && x->same_group && strcmp(x->same_group, item->same_group) == 0) {
            buf_addf(&b, "%s%s", b.len > 0 ? " " : "", x->id);
        }
    }
    return talk_take(t, &b);
}

static void show_tks(struct talk *t, const struct tks *item) {
    talk_line(t, MSG_TKS_CARD, "id", item->id, "kind", lookup_kind_name(t, (int)item->kind), "name",
              talk_l10n(t, item->name), "other", other(t, item->name), "label",
              talk_l10n(t, item->label));
    talk_line(t, MSG_TKS_HINT, "hint", talk_l10n(t, item->hint));
    talk_line(t, MSG_TKS_THEME, "theme", talk_l10n(t, t->pack->themes[item->theme].name));
    if (item->personas.n > 0) {
        talk_line(t, MSG_TKS_PERSONAS, "personas", persona_names(t, &item->personas));
    }
    if (item->roles.n > 0) {
        talk_line(t, MSG_TKS_ROLES, "roles", lookup_role_names(t, &item->roles));
    } else {
        talk_line(t, MSG_TKS_NO_ROLES);
    }
    const char *same = same_ids(t, item);
    if (*same) {
        talk_line(t, MSG_TKS_SAME, "ids", same);
    }
    if (*talk_l10n(t, item->kind_note)) {
        talk_break(t);
        talk_text(t, talk_l10n(t, item->kind_note));
    }
    talk_line(t, MSG_TKS_LEVELS);
    talk_attribution(t);
}

static void show_personas(struct talk *t) {
    talk_line(t, MSG_PERSONAS_HEAD);
    for (size_t i = 0; i < t->pack->n_personas; i++) {
        const struct persona *p = &t->pack->personas[i];
        const char *name = talk_l10n(t, p->name);
        const char *brief = talk_l10n(t, p->brief);
        talk_line(t, MSG_PERSONAS_LINE, "name",
                  strcmp(name, brief) == 0 ? brief : arena_printf(t->arena, "%s / %s", brief, name),
                  "summary", talk_l10n(t, p->summary));
    }
    talk_line(t, MSG_PERSONAS_FOOT);
    talk_attribution(t);
}

static void show_persona(struct talk *t, const struct persona *p) {
    talk_line(t, MSG_PERSONA_NAME, "mark", p->mark, "name", talk_l10n(t, p->name), "other",
              talk_l10n(t, p->brief));
    talk_break(t);
    talk_text(t, talk_l10n(t, p->summary));
    talk_break(t);
    talk_text(t, talk_l10n(t, p->work));
    for (size_t i = 0; i < p->n_duties; i++) {
        talk_break(t);
        talk_text(t, "- ");
        talk_text(t, talk_l10n(t, p->duties[i]));
    }
    if (p->roles.n > 0) {
        talk_line(t, MSG_TKS_ROLES, "roles", lookup_role_names(t, &p->roles));
    }
    if (*talk_l10n(t, p->roles_note)) {
        talk_break(t);
        talk_text(t, talk_l10n(t, p->roles_note));
    }
    if (p->n_around > 0) {
        talk_line(t, MSG_RESULT_AROUND);
    }
    for (size_t i = 0; i < p->n_around; i++) {
        const struct persona *with = pack_persona(t->pack, p->around[i].with);
        talk_line(t, MSG_RESULT_AROUND_LINE, "persona", talk_l10n(t, with->brief), "what",
                  talk_l10n(t, p->around[i].what));
    }
    talk_line(t, MSG_PERSONA_NEXT, "name", lookup_persona_word(t, p));
    talk_attribution(t);
}

static void show_term(struct talk *t, const struct term *term) {
    talk_line(t, MSG_TERM, "name", talk_l10n(t, term->name), "other", other(t, term->name),
              "definition", talk_l10n(t, term->definition));
    if (!term->in_source) {
        talk_line(t, MSG_TERM_OURS);
    }
    if (term->tks.n > 0) {
        talk_line(t, MSG_TERM_TKS, "ids", join_references(t, &term->tks));
    }
    talk_attribution(t);
}

static void show_terms(struct talk *t) {
    talk_line(t, MSG_TERMS_HEAD);
    talk_break(t);
    for (size_t i = 0; i < t->pack->n_terms; i++) {
        talk_text(t, i > 0 ? " / " : "");
        talk_text(t, talk_l10n(t, t->pack->terms[i].name));
    }
    talk_line(t, MSG_TERMS_FOOT);
    talk_attribution(t);
}

static void show_links(struct talk *t) {
    talk_line(t, MSG_LINKS_HEAD);
    for (size_t i = 0; i < t->pack->n_links; i++) {
        const struct link *l = &t->pack->links[i];
        talk_break(t);
        talk_text(t, "- ");
        talk_text(t, talk_l10n(t, l->name));
        talk_text(t, " ");
        talk_text(t, l->url ? l->url : talk_string(t, MSG_LINKS_NO_URL));
        if (l->url && l->confidence != CONF_SOURCE) {
            talk_text(t, " ");
            talk_say(t, MSG_LINKS_OURS);
        }
    }
    talk_attribution(t);
}

static void show_topic(struct talk *t, const struct topic *topic) {
    talk_break(t);
    talk_text(t, "**");
    talk_text(t, talk_l10n(t, topic->title));
    talk_text(t, "**\n");
    talk_text(t, talk_l10n(t, topic->body));
    for (size_t i = 0; i < topic->n_points; i++) {
        talk_break(t);
        talk_text(t, talk_number(t, (int64_t)i + 1));
        talk_text(t, ". ");
        talk_text(t, talk_l10n(t, topic->points[i].title));
        talk_text(t, ": ");
        talk_text(t, talk_l10n(t, topic->points[i].text));
    }
    talk_attribution(t);
}

/* The reader matrix, a line a reader: marked handbooks only, best mark first as the legend has it.
 */
static void show_readers(struct talk *t) {
    static const char no_mark[] = "—";
    talk_line(t, MSG_READERS_HEAD);
    for (size_t i = 0; i < t->pack->n_readers; i++) {
        const struct reader *r = &t->pack->readers[i];
        talk_break(t);
        talk_text(t, "- ");
        talk_text(t, talk_l10n(t, r->name));
        talk_text(t, ": ");
        bool first = true;
        for (size_t k = 0; k < t->pack->n_handbooks; k++) {
            if (strcmp(r->marks[k], no_mark) == 0) {
                continue;
            }
            talk_text(t, first ? "" : ", ");
            first = false;
            talk_text(t, r->marks[k]);
            talk_text(t, " ");
            talk_text(t, talk_l10n(t, t->pack->handbooks[k].name));
            if (*talk_l10n(t, r->notes[k])) {
                talk_text(t, " (");
                talk_text(t, talk_l10n(t, r->notes[k]));
                talk_text(t, ")");
            }
        }
    }
    for (size_t i = 0; i < t->pack->n_legends; i++) {
        if (strcmp(t->pack->legends[i].mark, no_mark) == 0) {
            continue;
        }
        talk_break(t);
        talk_text(t, t->pack->legends[i].mark);
        talk_text(t, " ");
        talk_text(t, talk_l10n(t, t->pack->legends[i].meaning));
    }
    talk_line(t, MSG_READERS_FOOT);
    talk_attribution(t);
}

/* ---- dispatch ---- */

static void show_found(struct talk *t, struct found found) {
    switch (found.kind) {
    case FOUND_TOPIC:
        show_topic(t, &t->pack->topics[found.index]);
        break;
    case FOUND_ROLE:
        lookup_role(t, (int)found.index + 1);
        break;
    case FOUND_PERSONA:
        show_persona(t, &t->pack->personas[found.index]);
        break;
    case FOUND_TERM:
        show_term(t, &t->pack->terms[found.index]);
        break;
    case FOUND_TKS:
        show_tks(t, &t->pack->tks[found.index]);
        break;
    default:
        break;
    }
}

static bool answer_phrase(struct talk *t, enum phrase_intent phrase) {
    switch (phrase) {
    case PHRASE_ROLE_LIST:
        show_roles(t);
        return true;
    case PHRASE_PERSONA_LIST:
        show_personas(t);
        return true;
    case PHRASE_TERM_LIST:
        show_terms(t);
        return true;
    case PHRASE_LINKS:
        show_links(t);
        return true;
    case PHRASE_HANDBOOKS:
        show_readers(t);
        return true;
    default:
        return false;
    }
}

bool lookup_answer(struct talk *t, const struct understood *u) {
    switch (u->intent) {
    case INTENT_PHRASE:
        return answer_phrase(t, u->phrase);
    case INTENT_THING:
        show_found(t, u->found);
        return true;
    case INTENT_ROLE:
        lookup_role(t, u->number);
        return true;
    case INTENT_TKS_ID: {
        const struct tks *item = pack_tks(t->pack, u->query);
        if (item) {
            show_tks(t, item);
        } else {
            talk_line(t, MSG_TKS_UNKNOWN, "id", u->query);
            talk_attribution(t);
        }
        return true;
    }
    case INTENT_ROLE_TKS:
        show_role_tks(t, u->number, u->kind, 0);
        return true;
    case INTENT_PERSONA_TKS:
        show_persona_tks(t, &t->pack->personas[u->found.index], u->kind);
        return true;
    case INTENT_TKS_LIST:
        show_tks_list(t, u->kind, 0);
        return true;
    case INTENT_SEARCH:
    case INTENT_DEFINE:
        show_search(t, u->query, 0);
        return true;
    default:
        return false;
    }
}

/* Carries on with the request kept in menu_arg: "OFFSET search WORDS", "OFFSET role N KIND", … */
void lookup_more(struct talk *t) {
    char *rest;
    size_t from = (size_t)strtoul(t->s->menu_arg, &rest, 10);
    enum menu menu = t->s->menu;
    t->s->menu = MENU_NONE;
    if (menu == MENU_LIST && strncmp(rest, " search ", 8) == 0) {
        show_search(t, rest + 8, from);
        return;
    }
    if (menu == MENU_LIST && strncmp(rest, " kind ", 6) == 0) {
        show_tks_list(t, (int)strtol(rest + 6, NULL, 10), from);
        return;
    }
    if (menu == MENU_LIST && strncmp(rest, " role ", 6) == 0) {
        char *kind;
        int number = (int)strtol(rest + 6, &kind, 10);
        show_role_tks(t, number, (int)strtol(kind, NULL, 10), from);
        return;
    }
    talk_line(t, MSG_MORE_NOTHING);
}
