#include "bot/site_examples.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/xalloc.h"

static int visible(const struct dirent *d) {
    return d->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_intent(const char *name) {
    size_t n = strcspn(name, ".");
    return label_find(name, n) < LABEL__COUNT && strcmp(name + n, ".tsv") == 0;
}

/* What the reader of examples lets through, and a site should not have. */
static void check_from(const struct examples *e, size_t first, const char *path,
                       struct faults *faults) {
    for (size_t i = first; i < e->n; i++) {
        const struct example *x = &e->items[i];
        struct arena a = {0};
        char where[32];
        snprintf(where, sizeof(where), "line %d", x->line);
        if (text_chars(x->text) > SITE_EXAMPLES_CHARS_MAX) {
            fault_add(faults, path, where, "the text is longer than %d characters",
                      SITE_EXAMPLES_CHARS_MAX);
        }
        const char *kind = examples_slot(&a, x->slots, "kind");
        if (x->label == LABEL_INCIDENT && *kind && examples_kind(x) == KIND__COUNT) {
            fault_add(faults, path, where, "unknown kind of incident \"%s\"", kind);
        }
        arena_free(&a);
    }
}

static void read_file(const char *path, struct examples *ret, struct faults *faults) {
    struct stat st;
    FILE *f = NULL;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* opening a pipe might not end */
        fault_add(faults, path, "file", "is not a regular file");
    } else if ((f = fopen(path, "re")) == NULL) {
        fault_add(faults, path, "file", "cannot be read: %s", strerrordesc_np(errno));
    } else if ((size_t)st.st_size > SITE_EXAMPLES_FILE_MAX) {
        fault_add(faults, path, "file", "is larger than 1 MiB");
    } else {
        size_t first = ret->n;
        char *text = xmalloc(SITE_EXAMPLES_FILE_MAX);
        size_t n = fread(text, 1, SITE_EXAMPLES_FILE_MAX, f);
        if (ferror(f)) {
            fault_add(faults, path, "file", "cannot be read to its end");
        }
        examples_read(ret, text, n, path, faults);
        check_from(ret, first, path, faults);
        free(text);
    }
    if (f) {
        fclose(f);
    }
}

void site_examples_read(const char *dir, struct examples *ret, struct faults *faults) {
    struct dirent **names;
    struct arena a = {0};
    int n = scandir(dir, &names, visible, by_name);
    if (n < 0) {
        fault_add(faults, dir, "folder", "cannot be read: %s", strerrordesc_np(errno));
        return;
    }
    for (int i = 0; i < n; i++) {
        const char *path = arena_printf(&a, "%s/%s", dir, names[i]->d_name);
        if (is_intent(names[i]->d_name)) {
            read_file(path, ret, faults);
        } else {
            fault_add(faults, path, "the file's name",
                      "must be that of an intent, such as help.tsv; \"kizuki intents --help\" has "
                      "them all");
        }
        free(names[i]);
    }
    free(names);
    arena_free(&a);
    if (ret->n > SITE_EXAMPLES_MAX) {
        fault_add(faults, dir, "folder", "has %zu sentences; allowed: at most %d", ret->n,
                  SITE_EXAMPLES_MAX);
    }
}
