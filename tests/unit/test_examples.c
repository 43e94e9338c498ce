/*
 * The examples we train with: enough of them, none twice, and none that is, literally or nearly, a
 * line that the evaluation asks. Run in the project's root.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "intents/examples.h"

#define ENOUGH         40  /* of each intent and language */
#define ENOUGH_NONE    300 /* in both */
#define ENOUGH_SPECIAL 60  /* hypothetical, and of others, in each language */
#define NEAR           5   /* a fifth of the characters */
#define CHARS_MAX      200

static struct examples examples;

static char *slurp(const char *path, size_t *ret_n) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = NULL;
    size_t n = 0;
    for (size_t got = 1; got > 0; n += got) {
        text = xrealloc(text, n + 65537);
        got = fread(text + n, 1, 65536, f);
    }
    fclose(f);
    text[n] = '\0';
    *ret_n = n;
    return text;
}

static int load(UNUSED void **state) {
    static struct faults faults;
    glob_t found;
    assert_int_equal(glob("intents/examples/*.tsv", 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, LABEL__COUNT);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        size_t n;
        char *text = slurp(found.gl_pathv[i], &n);
        examples_read(&examples, text, n, found.gl_pathv[i], &faults);
        free(text);
    }
    globfree(&found);
    for (size_t i = 0; i < faults.n; i++) {
        print_error("%s: %s: %s\n", faults.items[i].file, faults.items[i].where,
                    faults.items[i].what);
    }
    assert_int_equal(faults.n, 0);
    return 0;
}

static int unload(UNUSED void **state) {
    examples_free(&examples);
    return 0;
}

static bool has_slot(const struct example *x, const char *key) {
    struct arena arena = {0};
    bool has = *examples_slot(&arena, x->slots, key) != '\0';
    arena_free(&arena);
    return has;
}

static void test_enough(UNUSED void **state) {
    size_t n[LABEL__COUNT][LANG__COUNT] = {{0}};
    size_t supposed[LANG__COUNT] = {0};
    size_t others[LANG__COUNT] = {0};
    for (size_t i = 0; i < examples.n; i++) {
        const struct example *x = &examples.items[i];
        n[x->label][x->lang]++;
        supposed[x->lang] += x->label == LABEL_INCIDENT_HOWTO && has_slot(x, "hypothetical");
        others[x->lang] += x->label == LABEL_INCIDENT && has_slot(x, "third_party");
    }
    for (size_t i = 0; i < LABEL__COUNT; i++) {
        for (size_t k = 0; k < LANG__COUNT; k++) {
            if (n[i][k] < ENOUGH) {
                fail_msg("%s: only %zu in %s", label_names[i], n[i][k], lang_codes[k]);
            }
        }
    }
    assert_true(n[LABEL_NONE][LANG_JA] + n[LABEL_NONE][LANG_EN] >= ENOUGH_NONE);
    for (size_t k = 0; k < LANG__COUNT; k++) {
        assert_true(supposed[k] >= ENOUGH_SPECIAL);
        assert_true(others[k] >= ENOUGH_SPECIAL);
    }
}

static int by_text(const void *a, const void *b) {
    const struct example *x = a;
    const struct example *y = b;
    return strcmp(x->text, y->text);
}

static void test_once(UNUSED void **state) {
    qsort(examples.items, examples.n, sizeof(*examples.items), by_text);
    for (size_t i = 1; i < examples.n; i++) {
        const struct example *x = &examples.items[i - 1];
        const struct example *y = &examples.items[i];
        if (strcmp(x->text, y->text) == 0) {
            fail_msg("twice, as %s and %s: %s", label_names[x->label], label_names[y->label],
                     x->text);
        }
    }
}

struct chars {
    int32_t c[CHARS_MAX];
    size_t n;
};

/* As it is compared: folded, without spaces and punctuation. */
static struct chars chars_of(struct arena *a, const char *text) {
    struct chars r = {.n = 0};
    const char *s = text_bare(a, text_fold(a, text));
    for (int32_t c; r.n < CHARS_MAX && (c = text_next(&s)) != 0;) {
        r.c[r.n++] = c;
    }
    return r;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Characters to be changed, added or left out until one is the other. */
static size_t distance(const struct chars *x, const struct chars *y) {
    size_t row[CHARS_MAX + 1];
    for (size_t k = 0; k <= y->n; k++) {
        row[k] = k;
    }
    for (size_t i = 0; i < x->n; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < y->n; k++) {
            size_t other = corner + (x->c[i] != y->c[k]);
            corner = row[k + 1];
            row[k + 1] = least(other, least(row[k], row[k + 1]) + 1);
        }
    }
    return row[y->n];
}

static bool near(const struct chars *x, const struct chars *y) {
    size_t longer = x->n > y->n ? x->n : y->n;
    size_t shorter = least(x->n, y->n);
    return longer > 0 && (longer - shorter) * NEAR <= longer && distance(x, y) * NEAR <= longer;
}

static void test_far(UNUSED void **state) {
    size_t n;
    char *text = slurp("tests/data/utterances.tsv", &n);
    struct arena arena = {0};
    struct chars *mine = xmalloc(examples.n * sizeof(*mine));
    for (size_t i = 0; i < examples.n; i++) {
        mine[i] = chars_of(&arena, examples.items[i].text);
        arena_reset(&arena);
    }
    size_t rows = 0;
    char *save;
    (void)strtok_r(text, "\n", &save);
    for (char *line; (line = strtok_r(NULL, "\n", &save)) != NULL; rows++) {
        const char *said = strchr(line, '\t');
        assert_non_null(said);
        const char *row = arena_strndup(&arena, said + 1, strcspn(said + 1, "\t"));
        struct chars theirs = chars_of(&arena, row);
        for (size_t i = 0; i < examples.n; i++) {
            if (near(&mine[i], &theirs)) {
                fail_msg("too near to \"%s\": %s", row, examples.items[i].text);
            }
        }
    }
    assert_true(rows > 150);
    free(mine);
    free(text);
    arena_free(&arena);
}

/* The measure itself. */
static void test_near(UNUSED void **state) {
    static const struct {
        const char *a;
        const char *b;
        bool near;
    } cases[] = {{"リンクを踏んだ", "ﾘﾝｸを、踏んだ!", true},
                 {"はい", "はい。", true},
                 {"はい", "はあ", false},
                 {"abcdefghij", "abcdefghijkl", true},
                 {"abcdefghij", "abcdefghijklm", false},
                 {"abcdefghij", "xxcdefghij", true},
                 {"abcdefghij", "xxxdefghij", false}};
    struct arena arena = {0};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct chars a = chars_of(&arena, cases[i].a);
        struct chars b = chars_of(&arena, cases[i].b);
        assert_int_equal(near(&a, &b), cases[i].near);
        assert_int_equal(near(&b, &a), cases[i].near);
    }
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enough),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_far),
        cmocka_unit_test(test_near),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
