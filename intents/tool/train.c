/*
 * Makes the models the binary carries: train FOLDER EXAMPLES.tsv…, run by the Makefile. What is
 * wrong with an example stops the build with its file and line.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/xalloc.h"
#include "intents/lessons.h"
#include "intents/near.h"

static bool read_file(struct examples *e, const char *path, struct faults *faults) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return false;
    }
    char *text = NULL;
    size_t n = 0;
    for (size_t got = 1; got > 0; n += got) {
        text = xrealloc(text, n + 65536);
        got = fread(text + n, 1, 65536, f);
    }
    bool ok = !ferror(f);
    fclose(f);
    examples_read(e, text, n, path, faults);
    free(text);
    return ok;
}

typedef void (*lessons_fn)(const struct examples *e, struct lessons *ret);

static bool write_file(const char *folder, const char *name, const void *bytes, size_t n) {
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(bytes, 1, n, f) == n;
    ok = f && fclose(f) == 0 && ok;
    if (!ok) {
        perror(path);
    }
    return ok;
}

static bool make(const struct examples *examples, lessons_fn take, const struct training *how,
                 const char *folder, const char *name) {
    struct lessons lessons;
    take(examples, &lessons);
    size_t n;
    void *bytes = train(lessons.items, lessons.n, how, &n);
    bool ok = write_file(folder, name, bytes, n);
    free(bytes);
    lessons_free(&lessons);
    return ok;
}

static bool make_rarities(const struct examples *examples, const char *folder) {
    static uint8_t rarities[FEATURE_BUCKETS];
    near_rarities(examples, rarities);
    return write_file(folder, "rarities.model", rarities, sizeof(rarities));
}

int main(int argc, char **argv) {
    static struct faults faults;
    struct examples examples = {.n = 0};
    bool ok = argc > 2;
    for (int i = 2; ok && i < argc; i++) {
        ok = read_file(&examples, argv[i], &faults);
    }
    for (size_t i = 0; i < faults.n; i++) {
        fprintf(stderr, "%s: %s: %s\n", faults.items[i].file, faults.items[i].where,
                faults.items[i].what);
        ok = false;
    }
    ok = ok && make(&examples, lessons_labels, &lessons_labels_how, argv[1], "labels.model") &&
         make(&examples, lessons_kinds, &lessons_kinds_how, argv[1], "kinds.model") &&
         make(&examples, lessons_senses, &lessons_senses_how, argv[1], "senses.model") &&
         make_rarities(&examples, argv[1]);
    examples_free(&examples);
    return ok ? 0 : 1;
}
