#include "intents/features.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define CHARS_MAX 260 /* from the beginning and the end of a longer message */
#define GRAM_MAX  3
#define KIND_GRAM 1 /* keeps the hashes of unlike things apart */
#define KIND_WORD 2
#define KIND_PAIR 3

struct text {
    int32_t chars[CHARS_MAX + 2];
    size_t n;
};

static uint32_t mix(uint32_t h, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        h = (h ^ (value & 0xff)) * 16777619u;
        value >>= 8;
    }
    return h;
}

static void add(struct features *f, uint32_t h) {
    if (f->n < FEATURES_MAX) {
        h ^= h >> 15;
        f->buckets[f->n++] = (uint16_t)(h % FEATURE_BUCKETS);
    }
}

static bool is_digit(int32_t c) {
    return c >= '0' && c <= '9';
}

static bool is_latin(int32_t c) {
    return (c >= 'a' && c <= 'z') || c == '\'';
}

/* Which digit it is matters to nobody here; punctuation only where it asks or cries. */
static int32_t seen_as(int32_t c) {
    if (is_digit(c)) {
        return '0';
    }
    if (c == 0x3001 || c == 0x3002 || c == ',' || c == '.' || c == '\n' || c == '(' || c == ')') {
        return ' ';
    }
    return c;
}

static void append(struct text *t, int32_t c) {
    int32_t last = t->chars[t->n - 1];
    bool repeated = c == last && (c == ' ' || c == '0' || c == '!' || c == '?');
    if (!repeated && t->n < CHARS_MAX + 1) {
        t->chars[t->n++] = c;
    }
}

/* With a space at both ends, so that beginnings and ends are told apart. */
static void read_text(const char *folded, struct text *t) {
    size_t total = text_chars(folded);
    size_t at = 0;
    t->chars[0] = ' ';
    t->n = 1;
    for (int32_t c; (c = text_next(&folded)) != 0; at++) {
        if (at < CHARS_MAX / 2 || at + CHARS_MAX / 2 >= total) {
            append(t, seen_as(c));
        }
    }
    append(t, ' ');
}

static void add_grams(const struct text *t, struct features *f) {
    for (size_t i = 0; i < t->n; i++) {
        uint32_t h = mix(2166136261u, KIND_GRAM);
        for (size_t k = 0; k < GRAM_MAX && i + k < t->n; k++) {
            h = mix(h, (uint32_t)t->chars[i + k]);
            bool alone = k == 0 && (t->chars[i] == ' ' || is_latin(t->chars[i]));
            bool short_latin = k == 1 && is_latin(t->chars[i]) && is_latin(t->chars[i + 1]);
            if (!alone && !short_latin) {
                add(f, h + (uint32_t)k * 0x9e3779b9u);
            }
        }
    }
}

static void add_words(const struct text *t, struct features *f) {
    uint32_t before = 0;
    for (size_t i = 0; i < t->n;) {
        uint32_t h = mix(2166136261u, KIND_WORD);
        size_t begin = i;
        while (i < t->n && is_latin(t->chars[i])) {
            h = mix(h, (uint32_t)t->chars[i++]);
        }
        if (i > begin) {
            add(f, h);
            add(f, mix(mix(h, before), KIND_PAIR));
            before = h;
        } else {
            before = t->chars[i] == ' ' ? before : 0;
            i++;
        }
    }
}

/* Each once, ascending: faster than sorting, as there are many of them and few possible ones. */
static void put_in_order(struct features *f) {
    uint64_t seen[FEATURE_BUCKETS / 64] = {0};
    for (size_t i = 0; i < f->n; i++) {
        seen[f->buckets[i] / 64] |= UINT64_C(1) << f->buckets[i] % 64;
    }
    f->n = 0;
    for (size_t i = 0; i < FEATURE_BUCKETS / 64; i++) {
        for (uint64_t bits = seen[i]; bits; bits &= bits - 1) {
            f->buckets[f->n++] = (uint16_t)(i * 64 + (size_t)__builtin_ctzll(bits));
        }
    }
}

void features_of(const char *folded, struct features *ret) {
    struct text t;
    ret->n = 0;
    read_text(folded, &t);
    add_words(&t, ret);
    add_grams(&t, ret);
    put_in_order(ret);
}
