/* NIST's export of the NICE Framework Components: the CPRT form, JSON. */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "content/imported.h"
#include "content/node.h"

#define SHAPE "expected NIST's CPRT export of the NICE Framework Components, version 2 or later"

struct reading {
    struct import_item *items;
    size_t n;
    struct node_reader *reader;
};

static enum import_kind kind_of(const char *type) {
    int k = 0;
    while (k < IMPORT__COUNT && strcmp(import_kind_names[k], type) != 0) {
        k++;
    }
    return (enum import_kind)k;
}

/* T0084, K1082, S0432; PD-WRL-001. */
static bool is_code(enum import_kind kind, const char *code) {
    static const char letters[IMPORT__COUNT] = {0, 'T', 'K', 'S'};
    if (kind == IMPORT_WORK_ROLE) {
        return strlen(code) == strlen("PD-WRL-001") && strncmp(code + 2, "-WRL-", 5) == 0 &&
               strspn(code + 7, "0123456789") == 3;
    }
    return code[0] == letters[kind] && strlen(code) == 5 && strspn(code + 1, "0123456789") == 4;
}

static void read_element(struct reading *r, struct node n) {
    const char *type = node_text(node_member(n, "element_type"));
    enum import_kind kind = kind_of(type);
    if (kind == IMPORT__COUNT) {
        return; /* categories, competency areas, the order they are shown in */
    }
    struct node code = node_member(n, "element_identifier");
    struct import_item *it = &r->items[r->n++];
    *it = (struct import_item){.kind = kind, .code = node_text(code), .title = "", .roles = ""};
    if (*it->code && !is_code(kind, it->code)) {
        node_fault(code, "\"%s\" is no id of a %s in version 2 of the framework", it->code, type);
    }
    it->text = node_text(node_member(n, "text"));
    if (kind == IMPORT_WORK_ROLE) {
        it->title = node_text(node_member(n, "title"));
    }
}

static int by_code(const void *a, const void *b) {
    return strcmp((*(const struct import_item *const *)a)->code,
                  (*(const struct import_item *const *)b)->code);
}

static struct import_item *find(struct import_item **sorted, size_t n, const char *code) {
    struct import_item key = {.code = code};
    const struct import_item *pointer = &key;
    struct import_item **at = bsearch(&pointer, sorted, n, sizeof(*sorted), by_code);
    return at ? *at : NULL;
}

/* Which statements a work role has: work role -> task, knowledge, skill. */
static void read_relations(struct reading *r, struct import_item **sorted, struct node list) {
    size_t n = node_array(list);
    const cJSON *json = list.json ? list.json->child : NULL;
    for (size_t i = 0; i < n && json; i++, json = json->next) {
        const char *from = json_string(json, "source_element_identifier");
        const char *to = json_string(json, "dest_element_identifier");
        struct import_item *role = from ? find(sorted, r->n, from) : NULL;
        struct import_item *item = to ? find(sorted, r->n, to) : NULL;
        if (role && item && role->kind == IMPORT_WORK_ROLE && item->kind != IMPORT_WORK_ROLE) {
            item->roles = arena_printf(r->reader->arena, "%s%s%s", item->roles,
                                       *item->roles ? " " : "", role->code);
        }
    }
}

static void check_unique(struct reading *r, struct import_item **sorted) {
    for (size_t i = 1; i < r->n; i++) {
        if (*sorted[i]->code && strcmp(sorted[i - 1]->code, sorted[i]->code) == 0) {
            fault_add(r->reader->faults, r->reader->file, "$.response.elements.elements",
                      "duplicate id \"%s\"", sorted[i]->code);
        }
    }
}

/* The document's name and version: "2.1.0". */
static void read_document(struct node list, struct import_set *ret) {
    struct node document = node_item(list, 0);
    struct node version = node_member(document, "version");
    if (node_array(list) != 1) {
        node_fault(list, "must have one entry: " SHAPE);
        return;
    }
    ret->name = node_text(node_member(document, "name"));
    ret->version = node_text(version);
    if (!strstr(ret->name, "NICE")) {
        node_fault(node_member(document, "name"), "\"%s\" is not the NICE Framework: " SHAPE,
                   ret->name);
    }
    if (*ret->version && strtol(ret->version, NULL, 10) < 2) {
        node_fault(version, "version %s is too old: " SHAPE, ret->version);
    }
}

static void read_all(struct reading *r, struct node all, struct import_set *ret) {
    struct node list = node_member(all, "elements");
    size_t n = node_array(list);
    read_document(node_member(all, "documents"), ret);
    r->items = arena_alloc(r->reader->arena, (n + 1) * sizeof(*r->items));
    const cJSON *json = list.json ? list.json->child : NULL;
    for (size_t i = 0; i < n && json; i++, json = json->next) {
        struct node at = {.reader = r->reader,
                          .json = json,
                          .path = arena_printf(r->reader->arena, "%s[%zu]", list.path, i)};
        read_element(r, at);
    }
    struct import_item **sorted =
        arena_alloc(r->reader->arena, (r->n + 1) * sizeof(struct import_item *));
    for (size_t i = 0; i < r->n; i++) {
        sorted[i] = &r->items[i];
    }
    qsort(sorted, r->n, sizeof(*sorted), by_code);
    check_unique(r, sorted);
    read_relations(r, sorted, node_member(all, "relationships"));
    /* In the order of the ids, which is how people look for them. */
    struct import_item *ordered = arena_alloc(r->reader->arena, (r->n + 1) * sizeof(*ordered));
    for (size_t i = 0; i < r->n; i++) {
        ordered[i] = *sorted[i];
    }
    r->items = ordered;
}

static void check_counts(struct reading *r, const struct import_set *set) {
    for (int k = 0; k < IMPORT__COUNT; k++) {
        if (set->counts[k] == 0) {
            fault_add(r->reader->faults, r->reader->file, "$.response.elements.elements",
                      "has no %s at all: " SHAPE, import_kind_names[k]);
        }
    }
}

bool import_read_nice(struct arena *arena, const char *json, size_t n, const char *file,
                      struct import_set *ret, struct faults *faults) {
    size_t before = faults->n + faults->dropped;
    *ret = (struct import_set){.name = "", .version = ""};
    struct json_error err;
    cJSON *root = json_parse(json, n, IMPORT_MAX_BYTES, &err);
    if (!root) {
        char where[64];
        snprintf(where, sizeof(where), "line %d, column %d", err.line, err.column);
        fault_add(faults, file, where, "%s; " SHAPE, err.what);
        return false;
    }
    struct node_reader reader = {.file = file, .faults = faults, .arena = arena, .paths = arena};
    struct reading r = {.reader = &reader};
    struct node top = node_root(&reader, root);
    /* Version 2.0 had the lists at the top. */
    struct node response = node_member(top, "response");
    read_all(&r, node_present(response) ? node_member(response, "elements") : top, ret);
    ret->n_items = r.n;
    imported_index(arena, ret, r.items);
    if (faults->n + faults->dropped == before) {
        check_counts(&r, ret);
    }
    cJSON_Delete(root);
    return faults->n + faults->dropped == before;
}
