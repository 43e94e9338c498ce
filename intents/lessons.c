#include "intents/lessons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "base/xalloc.h"

#define EPOCHS 80

const struct training lessons_labels_how = {
    .classes = LABEL__COUNT, .buckets = FEATURE_BUCKETS, .epochs = EPOCHS, .temperature = 1};
const struct training lessons_kinds_how = {
    .classes = KIND__COUNT, .buckets = FEATURE_BUCKETS / 4, .epochs = EPOCHS, .temperature = 1};
const struct training lessons_senses_how = {
    .classes = SENSE__COUNT, .buckets = FEATURE_BUCKETS / 4, .epochs = EPOCHS, .temperature = 1};

static void begin(struct lessons *l, size_t n) {
    *l = (struct lessons){.items = xmalloc((n + 1) * sizeof(*l->items)),
                          .of = xmalloc((n + 1) * sizeof(struct example *))};
}

static void add(struct lessons *l, const struct example *x, size_t class, float weight) {
    struct features f;
    features_of(text_fold(&l->arena, x->text), &f);
    uint16_t *buckets = arena_alloc(&l->arena, f.n * sizeof(*buckets) + 1);
    memcpy(buckets, f.buckets, f.n * sizeof(*buckets));
    l->of[l->n] = x;
    l->items[l->n++] =
        (struct train_item){.buckets = buckets, .n = f.n, .class = class, .weight = weight};
}

void lessons_labels(const struct examples *e, struct lessons *ret) {
    size_t counts[LABEL__COUNT] = {0};
    for (size_t i = 0; i < e->n; i++) {
        counts[e->items[i].label]++;
    }
    begin(ret, e->n);
    for (size_t i = 0; i < e->n; i++) {
        float share = (float)counts[e->items[i].label] * LABEL__COUNT / (float)e->n;
        add(ret, &e->items[i], e->items[i].label, 1 / sqrtf(share));
    }
}

void lessons_kinds(const struct examples *e, struct lessons *ret) {
    begin(ret, e->n);
    for (size_t i = 0; i < e->n; i++) {
        enum incident_kind kind = examples_kind(&e->items[i]);
        if (kind < KIND__COUNT) {
            add(ret, &e->items[i], kind, 1);
        }
    }
}

static size_t sense_of(struct arena *a, const struct example *x) {
    static const struct {
        const char *key;
        const char *value;
        enum sense sense;
    } senses[] = {{"yesno", "yes", SENSE_YES},       {"yesno", "no", SENSE_NO},
                  {"choices", "all", SENSE_ALL},     {"choices", "none", SENSE_NONE},
                  {"unsure", "1", SENSE_UNSURE},     {"choice", "it", SENSE_IT},
                  {"choice", "non_it", SENSE_NON_IT}};
    for (size_t i = 0; i < ARRAY_LEN(senses); i++) {
        if (strcmp(examples_slot(a, x->slots, senses[i].key), senses[i].value) == 0) {
            return senses[i].sense;
        }
    }
    const char *level = examples_slot(a, x->slots, "level");
    bool number = strpbrk(text_fold(a, x->text), "0123456789") != NULL;
    if (*level >= '0' && *level <= '4' && !number) {
        return SENSE_LEVEL + (size_t)(*level - '0');
    }
    return number ? SENSE_NUMBER : SENSE__COUNT;
}

void lessons_senses(const struct examples *e, struct lessons *ret) {
    begin(ret, e->n);
    for (size_t i = 0; i < e->n; i++) {
        const struct example *x = &e->items[i];
        size_t sense = x->label == LABEL_ANSWER ? sense_of(&ret->arena, x) : SENSE__COUNT;
        if (sense < SENSE__COUNT) {
            add(ret, x, sense, 1);
        }
    }
}

void lessons_free(struct lessons *l) {
    arena_free(&l->arena);
    free(l->items);
    free(l->of);
}
