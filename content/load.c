#include "content/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/json.h"
#include "content/exams.h"
#include "content/refs.h"

#define FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)

static const char *const framework_ids[PACK_FRAMEWORKS] = {"itss_plus", "secbok_2025",
                                                           "sangyo_odan", "csij"};

static const char *read_disk(struct arena *arena, const char *path, size_t *ret_n,
                             const char **ret_why) {
    FILE *f = fopen(path, "rbe");
    if (!f) {
        *ret_why = errno == ENOENT ? "the file is missing" : "the file cannot be opened";
        return NULL;
    }
    struct stat st;
    const char *text = NULL;
    if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode)) {
        *ret_why = "this is not a regular file";
    } else if ((size_t)st.st_size > FILE_MAX_BYTES) {
        *ret_why = "the file is larger than 4 MiB";
    } else {
        char *p = arena_alloc(arena, (size_t)st.st_size + 1);
        *ret_n = fread(p, 1, (size_t)st.st_size, f);
        text = ferror(f) ? NULL : p;
        *ret_why = "the file cannot be read";
    }
    fclose(f);
    return text;
}

/* One file of the pack whole, in the arena or in the binary; NULL with a fault if that fails. */
static const char *load_text(struct arena *arena, const char *dir, const char *name, size_t *ret_n,
                             struct faults *faults) {
    if (dir && *dir) {
        const char *why = "";
        const char *path = arena_printf(arena, "%s/%s", dir, name);
        const char *text = read_disk(arena, path, ret_n, &why);
        if (!text) {
            fault_add(faults, path, "file", "%s", why);
        }
        return text;
    }
    const struct embedded_file *f = embed_find(arena_printf(arena, "content/pack/%s", name));
    if (!f) {
        fault_add(faults, name, "file", "the file is missing in this binary");
        return NULL;
    }
    *ret_n = (size_t)(f->end - f->data);
    return f->data;
}

static void read_role(struct pack *pack, struct node n, size_t index) {
    struct role *r = &pack->roles[index];
    r->number = node_int(node_member(n, "id"), 1, PACK_ROLES);
    if (r->number != (int)index + 1) {
        node_fault(node_member(n, "id"), "must be %zu: the roles stand in their order", index + 1);
    }
    r->mark = node_text(node_member(n, "mark"));
    r->name = node_l10n(n);
    r->aliases = node_strings(node_member(n, "aliases"));
    r->gloss = node_l10n(node_member(n, "gloss"));
    struct node refs = node_member(n, "references");
    for (size_t i = 0; i < PACK_FRAMEWORKS; i++) {
        struct node list = node_member(refs, framework_ids[i]);
        node_array(list);
        r->references[i] = node_strings(list);
    }
    r->references_note = node_l10n_opt(node_member(n, "references_note"));
    r->nice = node_strings(node_member(n, "nice_candidates"));
    r->personas = refs_read(node_member(n, "personas"), "id");
    r->tks = refs_read(node_member(n, "tks"), "id");
    refs_provenance(n);
}

static void read_roles(struct pack *pack, struct node root) {
    struct node frameworks = node_member(root, "frameworks");
    if (node_array(frameworks) != PACK_FRAMEWORKS) {
        node_fault(frameworks, "must have %d entries", PACK_FRAMEWORKS);
    }
    for (size_t i = 0; i < PACK_FRAMEWORKS; i++) {
        struct node at = node_item(frameworks, i);
        struct framework *f = &pack->frameworks[i];
        f->id = node_text(node_member(at, "id"));
        f->name = node_l10n(at);
        if (strcmp(f->id, framework_ids[i]) != 0) {
            node_fault(node_member(at, "id"), "unknown id \"%s\", expected \"%s\"", f->id,
                       framework_ids[i]);
        }
    }
    struct node roles = node_member(root, "roles");
    if (node_array(roles) != PACK_ROLES) {
        node_fault(roles, "must have %d entries", PACK_ROLES);
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        read_role(pack, node_item(roles, i), i);
    }
}

static void read_tks_item(struct pack *pack, struct node n, struct tks *t) {
    t->id = node_text(node_member(n, "id"));
    struct node kind = node_member(n, "kind");
    const char *word = node_text(kind);
    for (t->kind = TKS_TASK; t->kind < TKS__COUNT; t->kind++) {
        if (strcmp(word, tks_kind_names[t->kind]) == 0) {
            break;
        }
    }
    if (t->kind == TKS__COUNT) {
        node_fault(kind, "must be task, knowledge or skill");
        t->kind = TKS_TASK;
    }
    t->name = node_l10n(n);
    t->label = node_l10n(node_member(n, "label"));
    t->hint = node_l10n(node_member(n, "hint"));
    struct node theme = node_member(n, "theme");
    const char *theme_id = node_text(theme);
    while (t->theme < pack->n_themes && strcmp(pack->themes[t->theme].id, theme_id) != 0) {
        t->theme++;
    }
    if (t->theme == pack->n_themes) {
        node_fault(theme, "unknown id \"%s\"", theme_id);
    }
    t->roles = refs_read_roles(node_member(n, "roles"));
    t->personas = refs_read(node_member(n, "personas"), "id");
    struct node group = node_member(n, "same_group");
    t->same_group = node_present(group) ? node_text(group) : NULL;
    node_confidence(node_member(n, "kind_confidence"));
    t->kind_note = node_l10n_opt(node_member(n, "kind_note"));
    refs_provenance(n);
}

static void read_tks(struct pack *pack, struct node root) {
    struct node themes = node_member(root, "themes");
    pack->n_themes = node_array(themes);
    struct theme *theme = arena_alloc(&pack->arena, (pack->n_themes + 1) * sizeof(*theme));
    for (size_t i = 0; i < pack->n_themes; i++) {
        struct node at = node_item(themes, i);
        theme[i].id = node_text(node_member(at, "id"));
        theme[i].name = node_l10n(at);
    }
    pack->themes = theme;
    struct node items = node_member(root, "items");
    pack->n_tks = node_array(items);
    struct tks *t = arena_alloc(&pack->arena, (pack->n_tks + 1) * sizeof(*t));
    for (size_t i = 0; i < pack->n_tks; i++) {
        read_tks_item(pack, node_item(items, i), &t[i]);
    }
    pack->tks = t;
}

/* "core": in the persona's own table; "extra": elsewhere in the handbook; "suggested": ours. */
static bool read_set(struct node n) {
    const char *word = node_text(n);
    if (strcmp(word, "core") != 0 && strcmp(word, "extra") != 0 && strcmp(word, "suggested") != 0) {
        node_fault(n, "must be core, extra or suggested");
    }
    return strcmp(word, "core") == 0;
}

static void read_persona_lists(struct node n, struct persona *p) {
    struct arena *arena = n.reader->arena;
    struct node duties = node_member(n, "duties");
    p->n_duties = node_length(duties);
    struct l10n *duty = arena_alloc(arena, (p->n_duties + 1) * sizeof(*duty));
    for (size_t i = 0; i < p->n_duties; i++) {
        duty[i] = node_l10n(node_item(duties, i));
    }
    p->duties = duty;
    struct node items = node_member(n, "items");
    p->n_items = node_array(items);
    struct persona_item *item = arena_alloc(arena, (p->n_items + 1) * sizeof(*item));
    for (size_t i = 0; i < p->n_items; i++) {
        struct node at = node_item(items, i);
        item[i].tks = node_text(node_member(at, "tks"));
        item[i].core = read_set(node_member(at, "set"));
        node_confidence(node_member(at, "confidence"));
    }
    p->items = item;
    struct node around = node_member(n, "around");
    p->n_around = node_length(around);
    struct persona_neighbour *near = arena_alloc(arena, (p->n_around + 1) * sizeof(*near));
    for (size_t i = 0; i < p->n_around; i++) {
        struct node at = node_item(around, i);
        near[i].with = node_text(node_member(at, "with"));
        near[i].what = node_l10n(at);
        near[i].confidence = node_confidence(node_member(at, "confidence"));
    }
    p->around = near;
}

static void read_persona(struct node n, struct persona *p) {
    p->id = node_text(node_member(n, "id"));
    const char *mark = json_string(n.json, "mark");
    p->mark = mark ? arena_strdup(n.reader->arena, mark) : "";
    struct node kind = node_member(n, "kind");
    const char *word = node_text(kind);
    p->core = strcmp(word, "core") == 0;
    if (!p->core && strcmp(word, "adjacent") != 0) {
        node_fault(kind, "must be core or adjacent");
    }
    p->name = node_l10n(node_member(n, "name"));
    p->brief = node_l10n(node_member(n, "short"));
    p->aliases = node_strings(node_member(n, "aliases"));
    p->summary = node_l10n(node_member(n, "summary"));
    p->work = node_l10n(node_member(n, "work"));
    p->roles = refs_read_roles(node_member(n, "roles"));
    p->roles_note = node_l10n_opt(node_member(n, "roles_note"));
    read_persona_lists(n, p);
    refs_provenance(n);
}

static void read_personas(struct pack *pack, struct node root) {
    struct node list = node_member(root, "personas");
    pack->n_personas = node_array(list);
    struct persona *p = arena_alloc(&pack->arena, (pack->n_personas + 1) * sizeof(*p));
    for (size_t i = 0; i < pack->n_personas; i++) {
        read_persona(node_item(list, i), &p[i]);
    }
    pack->personas = p;
}

static void read_terms(struct pack *pack, struct node root) {
    struct node list = node_member(root, "terms");
    pack->n_terms = node_array(list);
    struct term *t = arena_alloc(&pack->arena, (pack->n_terms + 1) * sizeof(*t));
    for (size_t i = 0; i < pack->n_terms; i++) {
        struct node at = node_item(list, i);
        t[i].id = node_text(node_member(at, "id"));
        t[i].name = node_l10n(at);
        t[i].aliases = node_strings(node_member(at, "aliases"));
        t[i].definition = node_l10n(node_member(at, "definition"));
        t[i].tks = node_strings(node_member(at, "tks"));
        enum confidence c = refs_provenance(at);
        t[i].in_source = c == CONF_SOURCE || c == CONF_INFERRED;
    }
    pack->terms = t;
}

static void read_links(struct pack *pack, struct node root) {
    struct node list = node_member(root, "links");
    pack->n_links = node_array(list);
    struct link *l = arena_alloc(&pack->arena, (pack->n_links + 1) * sizeof(*l));
    for (size_t i = 0; i < pack->n_links; i++) {
        struct node at = node_item(list, i);
        struct node url = node_member(at, "url");
        l[i].id = node_text(node_member(at, "id"));
        l[i].name = node_l10n(at);
        l[i].url = node_present(url) ? node_text(url) : NULL;
        if (l[i].url && strncmp(l[i].url, "https://", 8) != 0) {
            node_fault(url, "must begin with https://");
        }
        l[i].note = node_l10n_opt(node_member(at, "note"));
        refs_provenance(at);
    }
    pack->links = l;
}

/* The address and how sure it is; where there is none, there is nothing to be sure of. */
static void read_url(struct node n, struct resource *r) {
    struct node url = node_member(n, "url");
    if (!node_present(url)) {
        return;
    }
    r->url = node_text(url);
    r->url_confidence = node_confidence(node_member(n, "url_confidence"));
    if (strncmp(r->url, "https://", 8) != 0) {
        node_fault(url, "must begin with https://");
    }
}

static unsigned read_kinds(struct node list) {
    unsigned kinds = 0;
    size_t n = node_array(list);
    for (size_t i = 0; i < n; i++) {
        struct node at = node_item(list, i);
        const char *word = node_text(at);
        int kind = 0;
        while (kind < RESOURCE__COUNT && strcmp(word, resource_kind_names[kind]) != 0) {
            kind++;
        }
        if (kind == RESOURCE__COUNT) {
            node_fault(at, "must be exam, course, exercise, document or video");
        } else {
            kinds |= 1u << kind;
        }
    }
    if (node_present(list) && kinds == 0) {
        node_fault(list, "must name at least one kind");
    }
    return kinds;
}

static void read_resource(const struct pack *pack, struct node n, struct resource *r) {
    r->id = node_text(node_member(n, "id"));
    r->name = node_l10n(n);
    r->label = node_l10n(node_member(n, "label"));
    r->aliases = node_strings(node_member(n, "aliases"));
    r->provider = node_l10n_opt(node_member(n, "provider"));
    struct node type = node_member(n, "type");
    const char *id = node_text(type);
    while (r->type < pack->n_resource_types && strcmp(pack->resource_types[r->type].id, id) != 0) {
        r->type++;
    }
    if (r->type == pack->n_resource_types) {
        node_fault(type, "unknown id \"%s\"", id);
    }
    r->kinds = read_kinds(node_member(n, "kinds"));
    read_url(n, r);
    struct node minutes = node_member(n, "minutes");
    r->minutes = node_present(minutes) ? node_int(minutes, 1, 10000) : 0;
    r->summary = node_l10n(node_member(n, "summary"));
    struct node closes = node_member(n, "closes");
    node_array(closes);
    r->closes = refs_read(closes, "tks");
    r->personas = refs_read(node_member(n, "personas"), "id");
    refs_provenance(n);
}

static void read_resources(struct pack *pack, struct node root) {
    struct node types = node_member(root, "types");
    pack->n_resource_types = node_array(types);
    struct resource_type *t = arena_alloc(&pack->arena, (pack->n_resource_types + 1) * sizeof(*t));
    for (size_t i = 0; i < pack->n_resource_types; i++) {
        t[i].id = node_text(node_member(node_item(types, i), "id"));
        t[i].name = node_l10n(node_item(types, i));
    }
    pack->resource_types = t;
    struct node list = node_member(root, "resources");
    pack->n_resources = node_array(list);
    struct resource *r = arena_alloc(&pack->arena, (pack->n_resources + 1) * sizeof(*r));
    for (size_t i = 0; i < pack->n_resources; i++) {
        read_resource(pack, node_item(list, i), &r[i]);
    }
    pack->resources = r;
}

static void read_topics(struct pack *pack, struct node list) {
    pack->n_topics = node_array(list);
    struct topic *t = arena_alloc(&pack->arena, (pack->n_topics + 1) * sizeof(*t));
    for (size_t i = 0; i < pack->n_topics; i++) {
        struct node at = node_item(list, i);
        t[i].id = node_text(node_member(at, "id"));
        t[i].title = node_l10n(node_member(at, "title"));
        t[i].aliases = node_strings(node_member(at, "aliases"));
        t[i].body = node_l10n(node_member(at, "body"));
        struct node points = node_member(at, "points");
        t[i].n_points = node_length(points);
        struct topic_point *p = arena_alloc(&pack->arena, (t[i].n_points + 1) * sizeof(*p));
        for (size_t k = 0; k < t[i].n_points; k++) {
            p[k].title = node_l10n(node_member(node_item(points, k), "title"));
            p[k].text = node_l10n(node_item(points, k));
        }
        t[i].points = p;
        refs_provenance(at);
    }
    pack->topics = t;
}

static void read_reader(struct pack *pack, struct node n, struct reader *r) {
    r->id = node_text(node_member(n, "id"));
    r->name = node_l10n(n);
    struct node marks = node_member(n, "marks");
    struct node notes = node_member(n, "notes");
    for (size_t i = 0; i < pack->n_handbooks; i++) {
        r->marks[i] = node_text(node_member(marks, pack->handbooks[i].id));
        r->notes[i] = node_l10n_opt(node_member(notes, pack->handbooks[i].id));
    }
}

static void read_readers(struct pack *pack, struct node root) {
    struct node books = node_member(root, "handbooks");
    pack->n_handbooks = node_array(books);
    if (pack->n_handbooks > PACK_MAX_HANDBOOKS) {
        node_fault(books, "at most %d entries", PACK_MAX_HANDBOOKS);
        pack->n_handbooks = PACK_MAX_HANDBOOKS;
    }
    struct handbook *h = arena_alloc(&pack->arena, (pack->n_handbooks + 1) * sizeof(*h));
    for (size_t i = 0; i < pack->n_handbooks; i++) {
        h[i].id = node_text(node_member(node_item(books, i), "id"));
        h[i].name = node_l10n(node_item(books, i));
    }
    pack->handbooks = h;
    struct node readers = node_member(root, "readers");
    pack->n_readers = node_array(readers);
    struct reader *r = arena_alloc(&pack->arena, (pack->n_readers + 1) * sizeof(*r));
    for (size_t i = 0; i < pack->n_readers; i++) {
        read_reader(pack, node_item(readers, i), &r[i]);
    }
    pack->readers = r;
    struct node legend = node_member(root, "legend");
    pack->n_legends = node_array(legend);
    struct legend *l = arena_alloc(&pack->arena, (pack->n_legends + 1) * sizeof(*l));
    for (size_t i = 0; i < pack->n_legends; i++) {
        l[i].mark = node_text(node_member(node_item(legend, i), "mark"));
        l[i].meaning = node_l10n(node_item(legend, i));
    }
    pack->legends = l;
}

static void read_basics(struct pack *pack, struct node root) {
    read_topics(pack, node_member(root, "topics"));
    read_readers(pack, root);
}

/* "2026-11-23" as a day of the calendar. */
static bool read_day(const char *text, struct attribution *a) {
    int64_t at_ms;
    char *end;
    if (strlen(text) != strlen("YYYY-MM-DD") || !clock_parse_iso(text, &at_ms)) {
        return false;
    }
    a->year = (int)strtol(text, &end, 10);
    a->month = (int)strtol(end + 1, &end, 10);
    a->day = (int)strtol(end + 1, &end, 10);
    return true;
}

static void read_attribution(struct pack *pack, struct node root) {
    struct attribution *a = &pack->attribution;
    struct node used_on = node_member(root, "used_on");
    if (!read_day(node_text(used_on), a)) {
        node_fault(used_on, "must be a date like 2026-11-23");
    }
    a->citation = node_l10n(node_member(root, "citation"));
    a->brief = node_l10n(node_member(root, "short"));
    a->notice = node_l10n(node_member(root, "notice"));
    a->bot_disclaimer = node_l10n(node_member(root, "bot_disclaimer"));
    struct node list = node_member(root, "disclaimers");
    a->n_disclaimers = node_array(list);
    struct disclaimer *d = arena_alloc(&pack->arena, (a->n_disclaimers + 1) * sizeof(*d));
    for (size_t i = 0; i < a->n_disclaimers; i++) {
        d[i].id = node_text(node_member(node_item(list, i), "id"));
        d[i].text = node_l10n(node_item(list, i));
    }
    a->disclaimers = d;
}

static void read_messages(struct pack *pack, struct node root) {
    for (int i = 0; i < MSG__COUNT; i++) {
        struct node at = node_member(root, message_keys[i].key);
        if (!node_present(at)) {
            node_fault(at, "missing message");
            continue;
        }
        pack->messages[i] = node_l10n(at);
    }
    const cJSON *m;
    cJSON_ArrayForEach(m, root.json) {
        struct node at = node_key(root, m);
        if (message_find(m->string) < 0) {
            node_fault(at, "unknown id: no such message is ever said");
        }
    }
}

static const struct {
    const char *name;
    void (*read)(struct pack *pack, struct node root);
} pack_files[] = {
    {"roles.json", read_roles},       {"tks.json", read_tks},
    {"personas.json", read_personas}, {"glossary.json", read_terms},
    {"links.json", read_links},       {"resources.json", read_resources},
    {"exams.json", exams_read},       {"basics.json", read_basics},
    {"messages.json", read_messages}, {"attribution.json", read_attribution},
};

static void load_file(struct pack *pack, const char *dir, const char *name,
                      void (*read)(struct pack *pack, struct node root), struct faults *faults) {
    size_t n = 0;
    const char *text = load_text(&pack->arena, dir, name, &n, faults);
    if (!text) {
        return;
    }
    const char *shown = dir && *dir ? arena_printf(&pack->arena, "%s/%s", dir, name) : name;
    struct json_error err;
    cJSON *root = json_parse(text, n, FILE_MAX_BYTES, &err);
    if (!root) {
        fault_add(faults, shown,
                  arena_printf(&pack->arena, "line %d, column %d", err.line, err.column), "%s",
                  err.what);
        return;
    }
    struct arena paths = {0};
    struct node_reader reader = {
        .file = shown, .faults = faults, .arena = &pack->arena, .paths = &paths};
    read(pack, node_root(&reader, root));
    arena_free(&paths);
    cJSON_Delete(root);
}

void load_files(struct pack *pack, const char *dir, struct faults *faults) {
    for (size_t i = 0; i < ARRAY_LEN(pack_files); i++) {
        load_file(pack, dir, pack_files[i].name, pack_files[i].read, faults);
    }
    size_t n = 0;
    const char *text = load_text(&pack->arena, dir, "questionnaire.json", &n, faults);
    if (text) {
        const char *shown = dir && *dir ? arena_printf(&pack->arena, "%s/questionnaire.json", dir)
                                        : "questionnaire.json";
        pack->form = form_read(text, n, shown, faults);
    }
}

void load_assessment(struct pack *pack, const char *dir, struct faults *faults) {
    load_file(pack, dir, "assessment.json", assess_read, faults);
}
