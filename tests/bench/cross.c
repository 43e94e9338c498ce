/*
 * How well the examples teach: 10-fold cross-validation, from the project's root. Nine tenths
 * train a model, the last tenth is asked of it and the rules together, as users would; sentences
 * that are nearly the same are in the same tenth, so that none is asked of a model that learned its
 * twin.
 */
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/xalloc.h"
#include "content/pack.h"
#include "intents/lessons.h"
#include "intents/trial.h"

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

/* Which of so many bits the features fall on: who is alike has most of them in common. */
#define BITS 256
struct bits {
    uint64_t word[BITS / 64];
};

static struct bits bits_of(const struct train_item *item) {
    struct bits b = {{0}};
    for (size_t i = 0; i < item->n; i++) {
        b.word[item->buckets[i] % BITS / 64] |= UINT64_C(1) << item->buckets[i] % 64;
    }
    return b;
}

/* False where more of the features of one are missing in the other than may be. */
static bool may_be_alike(const struct train_item *a, const struct bits *x,
                         const struct train_item *b, const struct bits *y) {
    size_t missing = 0;
    for (size_t i = 0; i < BITS / 64; i++) {
        missing += (size_t)__builtin_popcountll(x->word[i] & ~y->word[i]);
    }
    return (a->n - missing) * 8 >= (a->n + b->n) * 3;
}

static int by_size(const void *a, const void *b) {
    const struct train_item *x = *(const struct train_item *const *)a;
    const struct train_item *y = *(const struct train_item *const *)b;
    return (x->n > y->n) - (x->n < y->n);
}

/* Which fold each lesson is in; what is alike, directly or by others, is in the same one. */
static uint32_t *folds_of(const struct lessons *l) {
    uint32_t *up = xmalloc(l->n * sizeof(*up));
    for (size_t i = 0; i < l->n; i++) {
        up[i] = (uint32_t)i;
    }
    const struct train_item **sorted = xmalloc((l->n + 1) * sizeof(*sorted));
    for (size_t i = 0; i < l->n; i++) {
        sorted[i] = &l->items[i];
    }
    qsort(sorted, l->n, sizeof(*sorted), by_size);
    struct bits *bits = xmalloc((l->n + 1) * sizeof(*bits));
    for (size_t i = 0; i < l->n; i++) {
        bits[i] = bits_of(sorted[i]);
    }
    for (size_t i = 0; i < l->n; i++) {
        size_t most = sorted[i]->n * 5 / 3; /* what is longer cannot be alike */
        for (size_t k = i + 1; k < l->n && sorted[k]->n <= most; k++) {
            if (may_be_alike(sorted[i], &bits[i], sorted[k], &bits[k]) &&
                alike(sorted[i], sorted[k])) {
                size_t a = (size_t)(sorted[i] - l->items);
                size_t b = (size_t)(sorted[k] - l->items);
                up[root_of(up, a)] = (uint32_t)root_of(up, b);
            }
        }
    }
    free(bits);
    free(sorted);
    uint32_t *folds = xmalloc(l->n * sizeof(*folds));
    for (size_t i = 0; i < l->n; i++) {
        folds[i] = (uint32_t)(root_of(up, i) * 2654435761u >> 8) % FOLDS;
    }
    free(up);
    return folds;
}

struct tally {
    size_t n;
    size_t right;
    size_t incidents;
    size_t noticed;
    size_t supposed; /* hypothetical lines … */
    size_t cried;    /* … taken for something that happened */
    size_t doubted;  /* … of which the person is asked whether it did */
    size_t false_cries;
    size_t slots;
    size_t exact;
};

static struct pack *pack;
static struct phrases *phrases;

static void ask(const struct guesser *g, const struct example *x, struct tally *s) {
    struct arena arena = {0};
    struct trial trial;
    trial_run(pack, phrases, g, x->label, x->text, x->slots, &trial);
    bool supposed = *examples_slot(&arena, x->slots, "hypothetical") != '\0';
    bool cry = trial.taken == LABEL_INCIDENT;
    s->n++;
    s->right += trial.taken == x->label;
    s->incidents += x->label == LABEL_INCIDENT;
    s->noticed += x->label == LABEL_INCIDENT && cry;
    s->supposed += supposed;
    s->cried += supposed && cry && !trial.unsure;
    s->doubted += supposed && cry && trial.unsure;
    s->false_cries += x->label != LABEL_INCIDENT && cry;
    s->slots += trial.slots;
    s->exact += trial.exact;
    if (getenv("CROSS_SHOW") && trial.taken != x->label) {
        printf("%s\t%s\t%s\n", x->text, label_names[x->label], label_names[trial.taken]);
    }
    arena_free(&arena);
}

static void run_fold(const struct lessons *l, const uint32_t *folds, uint32_t fold,
                     struct tally *s) {
    struct train_item *learned = xmalloc(l->n * sizeof(*learned));
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (folds[i] != fold) {
            learned[n++] = l->items[i];
        }
    }
    size_t size;
    void *bytes = train(learned, n, &lessons_labels_how, &size);
    struct guesser *g = guesser_make((struct model_bytes){.bytes = bytes, .n = size},
                                     guesser_kinds(), guesser_senses());
    for (size_t i = 0; g && i < l->n; i++) {
        if (folds[i] == fold) {
            ask(g, l->of[i], s);
        }
    }
    guesser_free(g);
    free(bytes);
    free(learned);
}

static void aim(const char *what, double got, double least) {
    printf("%-7s %s %.3f >= %.2f\n", got >= least ? "met" : "MISSED", what, got, least);
}

int main(void) {
    struct examples examples = {.n = 0};
    struct lessons lessons;
    struct tally s = {.n = 0};
    static struct faults faults;
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    pack = pack_load(NULL, &faults);
    phrases = f ? phrases_load(f->data, (size_t)(f->end - f->data), "phrases", &faults) : NULL;
    if (!pack || !phrases || !read_all(&examples)) {
        fputs("no examples, or faulty ones: run this in the project's root\n", stderr);
        return 1;
    }
    lessons_labels(&examples, &lessons);
    uint32_t *folds = folds_of(&lessons);
    for (uint32_t fold = 0; fold < FOLDS; fold++) {
        run_fold(&lessons, folds, fold, &s);
    }
    printf("%zu examples in %d folds: %zu right; %zu of %zu incidents noticed; %zu of %zu "
           "hypothetical lines taken for incidents, %zu false ones in all; %zu of %zu slots\n",
           s.n, FOLDS, s.right, s.noticed, s.incidents, s.cried, s.supposed, s.false_cries, s.exact,
           s.slots);
    aim("accuracy", (double)s.right / (double)s.n, ACCURACY_MIN);
    aim("incidents noticed", (double)s.noticed / (double)s.incidents, RECALL_MIN);
    printf("%-7s no hypothetical line is taken for an incident: %zu (asked whether it is: %zu)\n",
           s.cried == 0 ? "met" : "MISSED", s.cried, s.doubted);
    free(folds);
    lessons_free(&lessons);
    phrases_free(phrases);
    pack_free(pack);
    faults_free(&faults);
    examples_free(&examples);
    return 0;
}
