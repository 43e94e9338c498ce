/* A site's sheet of the framework itself: role, kind, statement, NICE ids; CSV as RFC 4180 has it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "content/imported.h"
#include "content/pack.h"

#define HEADER   "role,kind,statement,nice"
#define MAX_ROWS 20000
#define TEXT_MAX 2000

enum column { COL_ROLE, COL_KIND, COL_STATEMENT, COL_NICE, COLUMNS };

static const char *const column_names[COLUMNS] = {"role", "kind", "statement", "nice"};

struct sheet_reading {
    struct arena *arena;
    const char *file;
    struct faults *faults;
    const char *p;
    const char *end;
    int line;
    struct import_item *items;
    size_t n;
    size_t cap;
};

static void refuse(struct sheet_reading *r, int line, const char *column, const char *what) {
    char where[64];
    snprintf(where, sizeof(where), "line %d%s%s", line, *column ? ", column " : "", column);
    fault_add(r->faults, r->file, where, "%s", what);
}

/* One field; *ret_last: the row ends behind it. False where a quotation is never closed. */
static bool read_field(struct sheet_reading *r, const char **ret, bool *ret_last) {
    struct arena *a = r->arena;
    const char *p = r->p;
    bool quoted = p < r->end && *p == '"';
    char *text = arena_alloc(a, (size_t)(r->end - p) < TEXT_MAX * 4 ? (size_t)(r->end - p) + 1
                                                                    : TEXT_MAX * 4 + 1);
    size_t n = 0;
    p += quoted;
    for (; p < r->end; p++) {
        if (quoted && *p == '"' && p + 1 < r->end && p[1] == '"') {
            p++;
        } else if (quoted ? *p == '"' : *p == ',' || *p == '\n' || *p == '\r') {
            break;
        }
        r->line += *p == '\n';
        if (n < (size_t)TEXT_MAX * 4) {
            text[n++] = *p;
        }
    }
    if (quoted && p == r->end) {
        return false;
    }
    p += quoted;
    *ret_last = p == r->end || *p != ',';
    if (p < r->end && *p == ',') {
        p++;
    } else {
        p += p < r->end && *p == '\r';
        r->line += p < r->end && *p == '\n';
        p += p < r->end && *p == '\n';
    }
    text[n] = '\0';
    r->p = p;
    *ret = text_trim(a, text);
    return true;
}

/* How many fields the row has, the first COLUMNS of them in fields; 0 where it cannot be read. */
static size_t read_row(struct sheet_reading *r, const char *fields[COLUMNS]) {
    size_t n = 0;
    bool last = false;
    int line = r->line;
    while (!last) {
        const char *field = "";
        if (!read_field(r, &field, &last)) {
            refuse(r, line, "", "a quotation is not closed: every \" needs its second one");
            r->p = r->end;
            return 0;
        }
        if (n < COLUMNS) {
            fields[n] = field;
        }
        n++;
    }
    return n;
}

static void add(struct sheet_reading *r, const struct import_item *item) {
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 256;
        struct import_item *grown = arena_alloc(r->arena, cap * sizeof(*grown));
        if (r->n > 0) {
            memcpy(grown, r->items, r->n * sizeof(*grown));
        }
        r->items = grown;
        r->cap = cap;
    }
    r->items[r->n++] = *item;
}

static enum import_kind read_kind(const char *word) {
    int k = IMPORT_TASK;
    while (k < IMPORT__COUNT && strcmp(import_kind_names[k], word) != 0) {
        k++;
    }
    return (enum import_kind)k;
}

static void take_row(struct sheet_reading *r, const char *const fields[COLUMNS], size_t n,
                     int line) {
    if (n == 1 && *fields[0] == '\0') {
        return; /* an empty line */
    }
    if (n != COLUMNS) {
        refuse(r, line, "", "must have 4 fields: " HEADER);
        return;
    }
    char *end;
    long role = strtol(fields[COL_ROLE], &end, 10);
    enum import_kind kind = read_kind(fields[COL_KIND]);
    if (*fields[COL_ROLE] == '\0' || *end || role < 1 || role > PACK_ROLES) {
        refuse(r, line, column_names[COL_ROLE], "must be the number of a role, 1 to 13");
    }
    if (kind == IMPORT__COUNT) {
        refuse(r, line, column_names[COL_KIND], "must be task, knowledge or skill");
    }
    if (*fields[COL_STATEMENT] == '\0' || strlen(fields[COL_STATEMENT]) > TEXT_MAX) {
        refuse(r, line, column_names[COL_STATEMENT], "must be a text of at most 2000 bytes");
    }
    if (strspn(fields[COL_NICE], "TKS0123456789 ") != strlen(fields[COL_NICE])) {
        refuse(r, line, column_names[COL_NICE],
               "must be ids such as \"K0001 T0084\" with spaces between, or nothing");
    }
    struct import_item item = {.kind = kind,
                               .code = "",
                               .title = "",
                               .text = fields[COL_STATEMENT],
                               .roles = arena_printf(r->arena, "%ld", role)};
    if (*fields[COL_NICE]) {
        item.code = fields[COL_NICE];
    }
    add(r, &item);
}

static bool is_header(const char *const fields[COLUMNS], size_t n) {
    bool right = n == COLUMNS;
    for (size_t i = 0; right && i < COLUMNS; i++) {
        right = strcmp(fields[i], column_names[i]) == 0;
    }
    return right;
}

bool import_read_framework(struct arena *arena, const char *csv, size_t n, const char *file,
                           struct import_set *ret, struct faults *faults) {
    size_t before = faults->n + faults->dropped;
    *ret = (struct import_set){.name = file, .version = ""};
    struct sheet_reading r = {
        .arena = arena, .file = file, .faults = faults, .p = csv, .end = csv + n, .line = 1};
    if (!text_valid(csv, n)) {
        refuse(&r, 1, "", "is not UTF-8: save the sheet as \"CSV UTF-8\"");
        return false;
    }
    r.p += n >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    const char *fields[COLUMNS] = {"", "", "", ""};
    size_t columns = read_row(&r, fields);
    if (!is_header(fields, columns)) {
        refuse(&r, 1, "", "the first line must be: " HEADER);
        return false;
    }
    while (r.p < r.end && r.n < MAX_ROWS) {
        int line = r.line;
        const char *row[COLUMNS] = {"", "", "", ""};
        columns = read_row(&r, row);
        if (columns > 0) {
            take_row(&r, row, columns, line);
        }
    }
    if (r.p < r.end) {
        refuse(&r, r.line, "", "has more than 20000 rows");
    } else if (r.n == 0 && faults->n + faults->dropped == before) {
        refuse(&r, r.line, "", "has no rows below its header");
    }
    if (faults->n + faults->dropped != before) {
        return false;
    }
    ret->n_items = r.n;
    imported_index(arena, ret, r.items);
    return true;
}
