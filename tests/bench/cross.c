/*
 * How well the examples teach: 10-fold cross-validation, from the project's root. Nine tenths
 * train a model, the last tenth is asked; sentences that are nearly the same are in the same tenth,
 * so that none is asked of a model that learned its twin. The rules have no part in it.
 */
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "intents/lessons.h"

#define FOLDS        10
#define ACCURACY_MIN 0.90
#define RECALL_MIN   0.99

static bool read_all(struct examples *e) {
    static struct faults faults;
    glob_t found;
    if (glob("intents/examples/*.tsv", 0, NULL, &found) != 0) {
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *f = fopen(found.gl_pathv[i], "rb");
        char *text = xmalloc(1 << 20);
        size_t n = f ? fread(text, 1, 1 << 20, f) : 0;
        examples_read(e, text, n, found.gl_pathv[i], &faults);
        free(text);
        if (f) {
            fclose(f);
        }
    }
    globfree(&found);
    return faults.n == 0 && e->n > 0;
}

static size_t root_of(uint32_t *up, size_t i) {
    while (up[i] != i) {
        up[i] = up[up[i]];
        i = up[i];
    }
    return i;
}

/* Most of the features of one are those of the other. */
static bool alike(const struct train_item *a, const struct train_item *b) {
    size_t common = 0;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        if (a->buckets[i] == b->buckets[k]) {
            common++;
            i++;
            k++;
        } else if (a->buckets[i] < b->buckets[k]) {
            i++;
        } else {
            k++;
        }
    }
    return common * 5 >= (a->n + b->n - common) * 3; /* three fifths of all of theirs */
}

/* Which fold each lesson is in; what is alike, directly or by others, is in the same one. */
static uint32_t *folds_of(const struct lessons *l) {
    uint32_t *up = xmalloc(l->n * sizeof(*up));
    for (size_t i = 0; i < l->n; i++) {
        up[i] = (uint32_t)i;
    }
    for (size_t i = 0; i < l->n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (alike(&l->items[i], &l->items[k])) {
                up[root_of(up, i)] = (uint32_t)root_of(up, k);
            }
        }
    }
    uint32_t *folds = xmalloc(l->n * sizeof(*folds));
    for (size_t i = 0; i < l->n; i++) {
        folds[i] = (uint32_t)(root_of(up, i) * 2654435761u >> 8) % FOLDS;
    }
    free(up);
    return folds;
}

struct score {
    size_t n;
    size_t right;
    size_t incidents;
    size_t noticed;
    size_t supposed; /* hypothetical lines … */
    size_t cried;    /* … taken for something that happened */
};

static void ask(const struct model *m, const struct train_item *item, const struct example *x,
                struct score *s) {
    struct arena arena = {0};
    struct features f = {.n = item->n};
    float shares[MODEL_CLASSES_MAX];
    memcpy(f.buckets, item->buckets, item->n * sizeof(f.buckets[0]));
    model_shares(m, &f, shares);
    size_t best = 0;
    for (size_t c = 1; c < LABEL__COUNT; c++) {
        best = shares[c] > shares[best] ? c : best;
    }
    bool supposed = *examples_slot(&arena, x->slots, "hypothetical") != '\0';
    s->n++;
    s->right += best == item->class;
    s->incidents += item->class == LABEL_INCIDENT;
    s->noticed += item->class == LABEL_INCIDENT && best == LABEL_INCIDENT;
    s->supposed += supposed;
    s->cried += supposed && best == LABEL_INCIDENT;
    arena_free(&arena);
}

static void run_fold(const struct lessons *l, const uint32_t *folds, uint32_t fold,
                     struct score *s) {
    struct train_item *learned = xmalloc(l->n * sizeof(*learned));
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (folds[i] != fold) {
            learned[n++] = l->items[i];
        }
    }
    size_t size;
    struct model m;
    void *bytes = train(learned, n, LABEL__COUNT, LESSONS_EPOCHS, LESSONS_TEMPERATURE, &size);
    bool ok = model_read(&m, bytes, size, LABEL__COUNT);
    for (size_t i = 0; ok && i < l->n; i++) {
        if (folds[i] == fold) {
            ask(&m, &l->items[i], l->of[i], s);
        }
    }
    free(bytes);
    free(learned);
}

static void aim(const char *what, double got, double least) {
    printf("%-7s %s %.3f >= %.2f\n", got >= least ? "met" : "MISSED", what, got, least);
}

int main(void) {
    struct examples examples = {.n = 0};
    struct lessons lessons;
    struct score s = {.n = 0};
    if (!read_all(&examples)) {
        fputs("no examples, or faulty ones: run this in the project's root\n", stderr);
        return 1;
    }
    lessons_labels(&examples, &lessons);
    uint32_t *folds = folds_of(&lessons);
    for (uint32_t fold = 0; fold < FOLDS; fold++) {
        run_fold(&lessons, folds, fold, &s);
    }
    printf("%zu examples in %d folds: %zu right; %zu of %zu incidents noticed; %zu of %zu "
           "hypothetical lines taken for incidents\n",
           s.n, FOLDS, s.right, s.noticed, s.incidents, s.cried, s.supposed);
    aim("accuracy", (double)s.right / (double)s.n, ACCURACY_MIN);
    aim("incidents noticed", (double)s.noticed / (double)s.incidents, RECALL_MIN);
    printf("%-7s no hypothetical line is taken for an incident: %zu\n",
           s.cried == 0 ? "met" : "MISSED", s.cried);
    free(folds);
    lessons_free(&lessons);
    examples_free(&examples);
    return 0;
}
