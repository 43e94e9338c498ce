/*
 * A framework taken in from a file: work roles and statements as the file has them, in memory and
 * read-only. The reading of files is pure: bytes in, items or faults out.
 */
#ifndef KIZUKI_CONTENT_IMPORTED_H
#define KIZUKI_CONTENT_IMPORTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/fault.h"

#define IMPORT_MAX_BYTES ((size_t)32 * 1024 * 1024) /* NIST's file has 2.4 MB */

enum import_kind { IMPORT_WORK_ROLE, IMPORT_TASK, IMPORT_KNOWLEDGE, IMPORT_SKILL, IMPORT__COUNT };

extern const char *const import_kind_names[IMPORT__COUNT]; /* "work_role", "task", … */

struct import_item {
    enum import_kind kind;
    const char *code;  /* "T0084", "PD-WRL-001"; "" where the file gives none */
    const char *title; /* of a work role, "" otherwise */
    const char *text;
    const char *roles;  /* codes, or numbers of the handbook's roles, with spaces between */
    const char *folded; /* title, new line, text; or the text alone. NULL before imported_index */
};

struct import_set {
    const char *name;    /* of the document */
    const char *version; /* "" where it says none */
    const struct import_item *items;
    size_t n_items;
    size_t counts[IMPORT__COUNT];
};

/*
 * Reads NIST's export of the NICE Framework Components (CPRT, JSON). Everything lives in the arena.
 * False with *faults filled where it is something else, cut off, or of a version before 2.
 */
bool import_read_nice(struct arena *arena, const char *json, size_t n, const char *file,
                      struct import_set *ret, struct faults *faults);

/*
 * Reads a site's sheet: CSV in UTF-8 with the header line "role,kind,statement,nice"; role is 1 to
 * 13, kind task, knowledge or skill, nice ids with spaces between or nothing. As above.
 */
bool import_read_framework(struct arena *arena, const char *csv, size_t n, const char *file,
                           struct import_set *ret, struct faults *faults);

/* What is current, for the conversation. */
struct imported {
    struct arena arena;
    struct import_set nice; /* n_items 0: none */
    struct import_set framework;
    const char *nice_day; /* of the import, "2026-11-24" */
    const char *framework_day;
    const char *framework_file;
};

/* Folds the texts of a set for searching. */
void imported_index(struct arena *arena, struct import_set *set, struct import_item *items);

/* NULL where there is none of that code (any case) in the set. */
const struct import_item *imported_find(const struct import_set *set, const char *code);

/*
 * Items whose title or text holds the folded query, best first: the whole title, its beginning, a
 * place in the title, then in the text. At most max; indexes into set->items. Returns how many.
 */
size_t imported_search(const struct import_set *set, const char *folded, size_t *ret, size_t max);

/* Whether that role is among item->roles. */
bool imported_of_role(const struct import_item *item, const char *role);

#endif
