#include "content/exams.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "content/refs.h"

static const char file[] = "exams.json";

/* ---- reading ---- */

/* The first page that is named; 0 where none has to be. */
static int read_page(struct node n) {
    refs_provenance(n);
    struct node pages = node_member(n, "source_page");
    return node_length(pages) > 0 ? node_int(node_item(pages, 0), 1, 1000) : 0;
}

static struct ref read_persona(struct node n) {
    return (struct ref){.id = node_text(node_member(n, "id")),
                        .confidence = node_confidence(node_member(n, "confidence"))};
}

static void read_entries(struct node list, struct exam_row *row) {
    row->n_entries = node_array(list);
    struct exam_entry *e = arena_alloc(list.reader->arena, (row->n_entries + 1) * sizeof(*e));
    for (size_t i = 0; i < row->n_entries; i++) {
        struct node at = node_item(list, i);
        e[i].tks = node_text(node_member(at, "tks"));
        e[i].roles = refs_read_roles(node_member(at, "roles"));
        e[i].confidence = node_confidence(node_member(at, "confidence"));
    }
    if (node_present(list) && row->n_entries == 0) {
        node_fault(list, "must name at least one task, knowledge or skill");
    }
    row->entries = e;
}

static void read_rows(struct node list, struct exam *exam) {
    exam->n_rows = node_array(list);
    struct exam_row *row = arena_alloc(list.reader->arena, (exam->n_rows + 1) * sizeof(*row));
    for (size_t i = 0; i < exam->n_rows; i++) {
        struct node at = node_item(list, i);
        row[i].id = node_text(node_member(at, "id"));
        row[i].exam = exam->resource;
        row[i].field = node_l10n(node_member(at, "field"));
        row[i].examples = node_l10n(node_member(at, "examples"));
        read_entries(node_member(at, "entries"), &row[i]);
        row[i].source_page = read_page(at);
        row[i].confidence = node_confidence(node_member(at, "confidence"));
    }
    if (node_present(list) && exam->n_rows == 0) {
        node_fault(list, "must have at least one field of the exam");
    }
    exam->rows = row;
}

static void read_exams(struct pack *pack, struct node list) {
    pack->n_exams = node_array(list);
    struct exam *e = arena_alloc(&pack->arena, (pack->n_exams + 1) * sizeof(*e));
    for (size_t i = 0; i < pack->n_exams; i++) {
        struct node at = node_item(list, i);
        e[i].resource = node_text(node_member(at, "resource"));
        e[i].code = node_text(node_member(at, "code"));
        e[i].aliases = node_strings(node_member(at, "aliases"));
        e[i].beside = node_l10n_opt(node_member(at, "beside"));
        read_rows(node_member(at, "rows"), &e[i]);
    }
    pack->exams = e;
}

static enum tks_kind read_kind(struct node n) {
    const char *word = node_text(n);
    for (int k = 0; k < TKS__COUNT; k++) {
        if (strcmp(word, tks_kind_names[k]) == 0) {
            return (enum tks_kind)k;
        }
    }
    node_fault(n, "must be task, knowledge or skill");
    return TKS_TASK;
}

static void read_gaps(struct pack *pack, struct node list) {
    pack->n_gaps = node_array(list);
    struct gap_example *g = arena_alloc(&pack->arena, (pack->n_gaps + 1) * sizeof(*g));
    for (size_t i = 0; i < pack->n_gaps; i++) {
        struct node at = node_item(list, i);
        g[i].id = node_text(node_member(at, "id"));
        g[i].persona = read_persona(node_member(at, "persona"));
        g[i].kind = read_kind(node_member(at, "kind"));
        g[i].task = node_text(node_member(at, "task"));
        g[i].gap = node_l10n(node_member(at, "gap"));
        g[i].remedy = node_l10n(node_member(at, "remedy"));
        g[i].resources = node_strings(node_member(at, "resources"));
        g[i].closes = refs_read(node_member(at, "closes"), "tks");
        g[i].source_page = read_page(at);
    }
    pack->gaps = g;
}

static void read_trainings(struct pack *pack, struct node list) {
    pack->n_trainings = node_array(list);
    struct training_example *x = arena_alloc(&pack->arena, (pack->n_trainings + 1) * sizeof(*x));
    for (size_t i = 0; i < pack->n_trainings; i++) {
        struct node at = node_item(list, i);
        x[i].id = node_text(node_member(at, "id"));
        x[i].persona = read_persona(node_member(at, "persona"));
        x[i].roles = refs_read_roles(node_member(at, "roles"));
        x[i].tks = node_strings(node_member(at, "tks"));
        x[i].resources = refs_read(node_member(at, "resources"), "id");
        x[i].source_page = read_page(at);
    }
    pack->trainings = x;
}

void exams_read(struct pack *pack, struct node root) {
    read_exams(pack, node_member(root, "exams"));
    read_gaps(pack, node_member(root, "gaps"));
    read_trainings(pack, node_member(root, "trainings"));
}

/* ---- relations ---- */

struct checking {
    const struct pack *pack;
    struct faults *faults;
};

PRINTF_LIKE(2, 3) static const char *at(struct checking *c, const char *fmt, ...) {
    char path[160];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(path, sizeof(path), fmt, ap);
    va_end(ap);
    return arena_strdup(&c->faults->arena, path);
}

static void need_tks(struct checking *c, const char *where, const char *id) {
    if (!pack_tks(c->pack, id)) {
        fault_add(c->faults, file, where, "unknown id \"%s\": no such task, knowledge or skill",
                  id);
    }
}

static void need_persona(struct checking *c, const char *where, const char *id) {
    if (!pack_persona(c->pack, id)) {
        fault_add(c->faults, file, where, "unknown id \"%s\": no such persona", id);
    }
}

static void need_resource(struct checking *c, const char *where, const char *id) {
    if (!pack_resource(c->pack, id)) {
        fault_add(c->faults, file, where, "unknown id \"%s\": no such learning resource", id);
    }
}

static bool is_sourced(const struct ref_list *list, const char *id, int number) {
    for (size_t i = 0; i < list->n; i++) {
        const struct ref *ref = &list->items[i];
        if (ref->confidence == CONF_SOURCE &&
            (id ? strcmp(ref->id, id) == 0 : ref->number == number)) {
            return true;
        }
    }
    return false;
}

/* `where` is the place of the entry. */
static void check_entry(struct checking *c, const struct exam_entry *e, const struct resource *r,
                        const char *where) {
    const struct tks *item = pack_tks(c->pack, e->tks);
    need_tks(c, at(c, "%s.tks", where), e->tks);
    if (item && r && e->confidence == CONF_SOURCE && !is_sourced(&r->closes, e->tks, 0)) {
        fault_add(c->faults, file, at(c, "%s.tks", where),
                  "resources.json does not name \"%s\" as source among what \"%s\" closes", e->tks,
                  r->id);
    }
    for (size_t i = 0; item && i < e->roles.n; i++) {
        const struct ref *role = &e->roles.items[i];
        if (role->confidence == CONF_SOURCE && !is_sourced(&item->roles, NULL, role->number)) {
            fault_add(c->faults, file, at(c, "%s.roles[%zu].id", where, i),
                      "tks.json does not tie \"%s\" to role %d as source", e->tks, role->number);
        }
    }
}

static bool covers(const struct exam *e, const char *tks) {
    for (size_t i = 0; i < e->n_rows; i++) {
        for (size_t k = 0; k < e->rows[i].n_entries; k++) {
            if (strcmp(e->rows[i].entries[k].tks, tks) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool row_was_there(const struct exam *e, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (strcmp(e->rows[k].id, e->rows[i].id) == 0) {
            return true;
        }
    }
    return false;
}

static bool entry_was_there(const struct exam_row *row, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (strcmp(row->entries[k].tks, row->entries[i].tks) == 0) {
            return true;
        }
    }
    return false;
}

/* Every row and entry on its own, and none twice. */
static void check_rows(struct checking *c, size_t exam, const struct resource *r) {
    const struct exam *e = &c->pack->exams[exam];
    for (size_t i = 0; i < e->n_rows; i++) {
        const struct exam_row *row = &e->rows[i];
        const char *where = at(c, "$.exams[%zu].rows[%zu]", exam, i);
        if (row_was_there(e, i)) {
            fault_add(c->faults, file, at(c, "%s.id", where), "duplicate id \"%s\"", row->id);
        }
        for (size_t k = 0; k < row->n_entries; k++) {
            check_entry(c, &row->entries[k], r, at(c, "%s.entries[%zu]", where, k));
            if (entry_was_there(row, k)) {
                fault_add(c->faults, file, at(c, "%s.entries[%zu].tks", where, k),
                          "\"%s\" stands in this field twice", row->entries[k].tks);
            }
        }
    }
}

/* What the exam is said to close by the source stands in one of its fields. */
static void check_exam(struct checking *c, size_t exam) {
    const struct exam *e = &c->pack->exams[exam];
    const struct resource *r = pack_resource(c->pack, e->resource);
    const char *where = at(c, "$.exams[%zu].resource", exam);
    need_resource(c, where, e->resource);
    if (r && !(r->kinds & 1u << RESOURCE_EXAM)) {
        fault_add(c->faults, file, where, "\"%s\" is no exam", e->resource);
    }
    for (size_t i = 0; i < exam; i++) {
        if (strcmp(c->pack->exams[i].resource, e->resource) == 0) {
            fault_add(c->faults, file, where, "duplicate id \"%s\"", e->resource);
        }
    }
    check_rows(c, exam, r);
    for (size_t i = 0; r && i < r->closes.n; i++) {
        const struct ref *ref = &r->closes.items[i];
        if (ref->confidence == CONF_SOURCE && !covers(e, ref->id)) {
            fault_add(c->faults, file, at(c, "$.exams[%zu].rows", exam),
                      "no field has \"%s\", which the exam closes according to resources.json",
                      ref->id);
        }
    }
}

static void check_gap(struct checking *c, size_t i) {
    const struct gap_example *g = &c->pack->gaps[i];
    for (size_t k = 0; k < i; k++) {
        if (strcmp(c->pack->gaps[k].id, g->id) == 0) {
            fault_add(c->faults, file, at(c, "$.gaps[%zu].id", i), "duplicate id \"%s\"", g->id);
        }
    }
    need_persona(c, at(c, "$.gaps[%zu].persona.id", i), g->persona.id);
    need_tks(c, at(c, "$.gaps[%zu].task", i), g->task);
    for (size_t k = 0; k < g->resources.n; k++) {
        need_resource(c, at(c, "$.gaps[%zu].resources[%zu]", i, k), g->resources.items[k]);
    }
    for (size_t k = 0; k < g->closes.n; k++) {
        need_tks(c, at(c, "$.gaps[%zu].closes[%zu].tks", i, k), g->closes.items[k].id);
    }
}

static void check_training(struct checking *c, size_t i) {
    const struct training_example *x = &c->pack->trainings[i];
    for (size_t k = 0; k < i; k++) {
        if (strcmp(c->pack->trainings[k].id, x->id) == 0) {
            fault_add(c->faults, file, at(c, "$.trainings[%zu].id", i), "duplicate id \"%s\"",
                      x->id);
        }
    }
    need_persona(c, at(c, "$.trainings[%zu].persona.id", i), x->persona.id);
    for (size_t k = 0; k < x->tks.n; k++) {
        need_tks(c, at(c, "$.trainings[%zu].tks[%zu]", i, k), x->tks.items[k]);
    }
    for (size_t k = 0; k < x->resources.n; k++) {
        need_resource(c, at(c, "$.trainings[%zu].resources[%zu].id", i, k),
                      x->resources.items[k].id);
    }
}

void exams_check(const struct pack *pack, struct faults *faults) {
    struct checking c = {.pack = pack, .faults = faults};
    for (size_t i = 0; i < pack->n_exams; i++) {
        check_exam(&c, i);
    }
    for (size_t i = 0; i < pack->n_gaps; i++) {
        check_gap(&c, i);
    }
    for (size_t i = 0; i < pack->n_trainings; i++) {
        check_training(&c, i);
    }
}
