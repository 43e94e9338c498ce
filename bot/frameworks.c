#include "bot/frameworks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"

static void drop(struct imported *i) {
    if (i) {
        arena_free(&i->arena);
        free(i);
    }
}

void frameworks_free(struct frameworks *f) {
    drop(f->current);
    *f = (struct frameworks){.current = NULL};
}

static enum import_kind find_kind(const char *name) {
    int k = 0;
    while (k < IMPORT__COUNT - 1 && strcmp(import_kind_names[k], name) != 0) {
        k++;
    }
    return (enum import_kind)k;
}

static int read_set(struct store *s, struct imported *to, const struct store_import_set *row) {
    const struct store_import_item *rows = NULL;
    size_t n = 0;
    int rc = store_import_items(s, &to->arena, row->id, &rows, &n);
    if (rc != 0) {
        return rc;
    }
    struct import_item *items = arena_alloc(&to->arena, (n + 1) * sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        items[i] = (struct import_item){.kind = find_kind(rows[i].kind),
                                        .code = rows[i].code,
                                        .title = rows[i].title,
                                        .text = rows[i].text,
                                        .roles = rows[i].roles};
    }
    char day[32];
    clock_format_iso(row->imported_ms, day);
    day[strlen("2026-11-24")] = '\0';
    bool nice = strcmp(row->source, "nice") == 0;
    struct import_set *set = nice ? &to->nice : &to->framework;
    *set = (struct import_set){.name = arena_strdup(&to->arena, row->name),
                               .version = arena_strdup(&to->arena, row->version),
                               .n_items = n};
    imported_index(&to->arena, set, items);
    *(nice ? &to->nice_day : &to->framework_day) = arena_strdup(&to->arena, day);
    to->framework_file = nice ? to->framework_file : arena_strdup(&to->arena, row->file);
    return 0;
}

static int read_all(struct store *s, struct arena *scratch, struct imported *to) {
    const struct store_import_set *sets = NULL;
    size_t n = 0;
    int rc = store_import_sets(s, scratch, &sets, &n);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = read_set(s, to, &sets[i]);
    }
    return rc;
}

int frameworks_refresh(struct frameworks *f, struct store *s, struct arena *scratch) {
    const char *version = "";
    int rc = store_import_version(s, scratch, &version);
    if (rc != 0 || strcmp(version, f->version) == 0) {
        return rc;
    }
    struct imported *fresh = NULL;
    if (*version) {
        fresh = xmalloc(sizeof(*fresh));
        *fresh = (struct imported){.nice_day = "", .framework_day = "", .framework_file = ""};
        rc = read_all(s, scratch, fresh);
    }
    if (rc != 0) {
        drop(fresh);
        return rc;
    }
    drop(f->current);
    f->current = fresh;
    snprintf(f->version, sizeof(f->version), "%s", version);
    if (fresh) {
        log_info("frameworks were taken in", "nice", LOG_N(fresh->nice.n_items), "sheet",
                 LOG_N(fresh->framework.n_items));
    }
    return 0;
}
