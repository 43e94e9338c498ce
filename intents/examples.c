#include "intents/examples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static enum label label_of(const char *file) {
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    return label_find(name, strcspn(name, "."));
}

static void add(struct examples *e, const struct example *x) {
    if (e->n == e->cap) {
        e->cap = e->cap ? e->cap * 2 : 1024;
        e->items = xrealloc(e->items, e->cap * sizeof(*e->items));
    }
    e->items[e->n++] = *x;
}

static void read_line(struct examples *e, enum label label, const char *line, size_t n,
                      const char *file, int number, struct faults *faults) {
    char where[32];
    snprintf(where, sizeof(where), "line %d", number);
    const char *tab1 = memchr(line, '\t', n);
    const char *tab2 = tab1 ? memchr(tab1 + 1, '\t', n - (size_t)(tab1 + 1 - line)) : NULL;
    if (!tab2 || memchr(tab2 + 1, '\t', n - (size_t)(tab2 + 1 - line))) {
        fault_add(faults, file, where, "must have three columns: language, text, slots");
        return;
    }
    struct example x = {.label = label,
                        .line = number,
                        .text = arena_strndup(&e->arena, tab1 + 1, (size_t)(tab2 - tab1 - 1)),
                        .slots = arena_strndup(&e->arena, tab2 + 1, n - (size_t)(tab2 + 1 - line))};
    const char *lang = arena_strndup(&e->arena, line, (size_t)(tab1 - line));
    if (!lang_parse(lang, &x.lang)) {
        fault_add(faults, file, where, "the language must be ja or en");
    } else if (!text_valid(x.text, strlen(x.text)) || *text_fold(&e->arena, x.text) == '\0') {
        fault_add(faults, file, where, "the text is empty or not valid UTF-8");
    } else {
        add(e, &x);
    }
}

void examples_read(struct examples *e, const char *tsv, size_t n, const char *file,
                   struct faults *faults) {
    enum label label = label_of(file);
    if (label == LABEL__COUNT) {
        fault_add(faults, file, "the file's name", "must be that of an intent, such as help.tsv");
        return;
    }
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, as some editors put it */
    size_t at = n >= 3 && memcmp(tsv, mark, 3) == 0 ? 3 : 0;
    for (int number = 1; at < n; number++) {
        const char *end = memchr(tsv + at, '\n', n - at);
        size_t len = end ? (size_t)(end - tsv) - at : n - at;
        size_t shown = len > 0 && tsv[at + len - 1] == '\r' ? len - 1 : len;
        if (shown > 0) {
            read_line(e, label, tsv + at, shown, file, number, faults);
        }
        at += len + 1;
    }
}

void examples_free(struct examples *e) {
    arena_free(&e->arena);
    free(e->items);
    *e = (struct examples){.items = NULL};
}

const char *examples_slot(struct arena *a, const char *slots, const char *key) {
    size_t n = strlen(key);
    for (const char *at = slots; *at; at += strspn(at, ";")) {
        size_t len = strcspn(at, ";");
        if (len > n && strncmp(at, key, n) == 0 && at[n] == '=') {
            return arena_strndup(a, at + n + 1, len - n - 1);
        }
        at += len;
    }
    return "";
}

enum incident_kind examples_kind(const struct example *x) {
    struct arena a = {0};
    const char *kind = examples_slot(&a, x->slots, "kind");
    size_t k = 0;
    while (k < KIND__COUNT &&
           (x->label != LABEL_INCIDENT || strcmp(kind, incident_kind_names[k]) != 0)) {
        k++;
    }
    arena_free(&a);
    return (enum incident_kind)k;
}
