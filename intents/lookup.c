#include "intents/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "intents/exam.h"
#include "intents/imported_lookup.h"
#include "intents/listing.h"
#include "intents/own.h"
#include "intents/persona_card.h"
#include "intents/resource.h"

#define SAME_MAX       8
#define TERM_ITEMS_MAX 12

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
        buf_adds(&b, exam_mark(t, roles->items[i].confidence));
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
        buf_adds(&b, exam_mark(t, personas->items[i].confidence));
    }
    return talk_take(t, &b);
}

bool lookup_is_mark(struct talk *t, const char *text) {
    const char *typed = text_trim(t->arena, text);
    for (int i = 1; i <= PACK_ROLES; i++) {
        if (strcmp(pack_role(t->pack, i)->mark, typed) == 0) {
            return true;
        }
    }
    return false;
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
    if (t->event->place == PLACE_DIRECT && !talk_menu_waits(t->s)) {
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
              talk_other(t, r->name));
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
    imported_say_candidates(t, r);
    if (!imported_say_role(t, number)) {
        talk_line(t, MSG_ROLE_ABSENT);
    }
    talk_line(t, MSG_ROLE_NEXT, "number", talk_number(t, number), "name", talk_l10n(t, r->name));
    talk_attribution(t);
}

/* ---- cards ---- */

const char *lookup_labels(struct talk *t, const struct string_list *ids, size_t max) {
    struct buf b;
    buf_init(&b, 16384);
    for (size_t i = 0; i < ids->n && i < max; i++) {
        const struct tks *item = pack_tks(t->pack, ids->items[i]);
        buf_addf(&b, "%s%s %s", i > 0 ? " / " : "", item->id, talk_l10n(t, item->label));
    }
    if (ids->n > max) {
        buf_adds(&b,
                 talk_string(t, MSG_LABELS_MORE, "count", talk_number(t, (int64_t)(ids->n - max))));
    }
    return talk_take(t, &b);
}

const char *lookup_same_names(struct talk *t, const struct tks *item) {
    const char *ids[SAME_MAX];
    struct string_list same = {.items = ids};
    for (size_t i = 0; item->same_group && i < t->pack->n_tks && same.n < SAME_MAX; i++) {
        const struct tks *x = &t->pack->tks[i];
        if (x != item && x->same_group && strcmp(x->same_group, item->same_group) == 0) {
            ids[same.n++] = x->id;
        }
    }
    return lookup_labels(t, &same, SAME_MAX);
}

static const char *one_kind(struct talk *t, enum tks_kind kind) {
    static const enum msg names[TKS__COUNT] = {MSG_ONE_TASK, MSG_ONE_KNOWLEDGE, MSG_ONE_SKILL};
    return talk_string(t, names[kind]);
}

static void show_tks(struct talk *t, const struct tks *item) {
    talk_line(t, MSG_TKS_CARD, "id", item->id, "kind", one_kind(t, item->kind), "name",
              talk_l10n(t, item->name), "other",
              item->name.in[t->s->lang == LANG_JA ? LANG_EN : LANG_JA], "label",
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
    exam_card_lines(t, item);
    const char *same = lookup_same_names(t, item);
    if (*same) {
        talk_line(t, MSG_TKS_SAME, "ids", same);
    }
    if (*talk_l10n(t, item->kind_note)) {
        talk_break(t);
        talk_text(t, talk_l10n(t, item->kind_note));
    }
    int level = own_target(t->s, item->id);
    if (level >= 0 && t->event->place == PLACE_DIRECT) {
        talk_line(t, MSG_TKS_TARGET, "level", own_level_name(t, level));
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
    const char *name = talk_l10n(t, p->name);
    const char *brief = talk_l10n(t, p->brief);
    talk_line(t, MSG_PERSONA_NAME, "name", name, "other",
              strcmp(name, brief) == 0 ? "" : talk_string(t, MSG_OTHER, "name", brief));
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
    persona_card_lines(t, p);
    talk_line(t, MSG_PERSONA_NEXT, "name", lookup_persona_word(t, p));
    talk_attribution(t);
}

static void show_term(struct talk *t, const struct term *term) {
    talk_line(t, MSG_TERM, "name", talk_l10n(t, term->name), "other", talk_other(t, term->name),
              "definition", talk_l10n(t, term->definition));
    if (!term->in_source) {
        talk_line(t, MSG_TERM_OURS);
    }
    if (term->tks.n > 0) {
        talk_line(t, MSG_TERM_TKS, "ids", lookup_labels(t, &term->tks, TERM_ITEMS_MAX));
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

/* Each link with what is to be known about it; where the source gives none, the note says so. */
static void show_links(struct talk *t) {
    talk_line(t, MSG_LINKS_HEAD);
    for (size_t i = 0; i < t->pack->n_links; i++) {
        const struct link *l = &t->pack->links[i];
        const char *note = talk_l10n(t, l->note);
        talk_line(t, MSG_LINKS_LINE, "name", talk_l10n(t, l->name), "url",
                  l->url ? l->url : talk_string(t, MSG_LINKS_NO_URL), "note",
                  *note ? arena_printf(t->arena, " %s", note) : "");
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

static bool answer_phrase(struct talk *t, const struct understood *u) {
    switch (u->phrase) {
    case PHRASE_RESOURCES:
        if (u->exam) {
            exam_table(t, u->exam, 0);
        } else if (u->item) {
            exam_covering(t, u->item);
        } else {
            resource_answer(t, u->query, u->number);
        }
        return true;
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

static bool finds(const struct talk *t, const char *query) {
    const size_t *items;
    return search_tks(t->pack->search, t->arena, text_fold(t->arena, query), &items) > 0;
}

/* "Knowledge of X": where nothing is called so, what is to be found of X. */
static const char *topic_of(const struct talk *t, const char *query) {
    static const enum phrase_intent kinds[] = {PHRASE_KIND_TASK, PHRASE_KIND_KNOWLEDGE,
                                               PHRASE_KIND_SKILL};
    struct wording w = phrases_wording(t->phrases, t->arena, query);
    const char *rest;
    for (size_t i = 0; i < ARRAY_LEN(kinds) && !finds(t, query); i++) {
        if (phrases_take(t->phrases, t->arena, &w, kinds[i], &rest)) {
            const char *topic = phrases_trim(t->phrases, t->arena, PHRASE_POINTER, rest);
            return finds(t, topic) ? understand_typed(t->arena, query, topic) : query;
        }
    }
    return query;
}

bool lookup_answer(struct talk *t, const struct understood *u) {
    if (imported_answer(t, t->event->text)) {
        return true;
    }
    switch (u->intent) {
    case INTENT_PHRASE:
        return answer_phrase(t, u);
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
        listing_role(t, u->number, u->kind, 0);
        return true;
    case INTENT_PERSONA_TKS:
        listing_persona(t, &t->pack->personas[u->found.index], u->kind);
        return true;
    case INTENT_TKS_LIST:
        listing_kind(t, u->kind, 0);
        return true;
    case INTENT_SEARCH:
        listing_search(t, u->query, 0);
        return true;
    case INTENT_DEFINE:
        listing_search(t, topic_of(t, u->query), 0);
        return true;
    default:
        return false;
    }
}
