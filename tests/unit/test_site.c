/* A site's own example sentences: read, learned, and compared with everything else. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "bot/reading.h"
#include "bot/site_examples.h"
#include "intents/conflicts.h"
#include "intents/shipped.h"
#include "intents/trial.h"

static char dir[64];
static struct faults faults;
static struct arena arena;
static struct reading reading;
static struct reading plain;

static int fresh(UNUSED void **state) {
    snprintf(dir, sizeof(dir), "/tmp/kizuki-site-XXXXXX");
    faults = (struct faults){.n = 0};
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *ftw) {
    return remove(path);
}

static int forget(UNUSED void **state) {
    reading_free(&reading);
    faults_free(&faults);
    arena_free(&arena);
    return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int load_plain(UNUSED void **state) {
    static struct faults none;
    return reading_load(&plain, NULL, NULL, &none) ? 0 : -1;
}

static int unload_plain(UNUSED void **state) {
    reading_free(&plain);
    return 0;
}

static void put(const char *name, const char *lines) {
    FILE *f = fopen(arena_printf(&arena, "%s/%s", dir, name), "w");
    assert_non_null(f);
    fputs(lines, f);
    fclose(f);
}

static void learn(void) {
    bool good = reading_load(&reading, NULL, dir, &faults);
    for (size_t i = 0; i < faults.n; i++) {
        print_error("%s: %s: %s\n", faults.items[i].file, faults.items[i].where,
                    faults.items[i].what);
    }
    assert_true(good);
}

static struct trial taken(const struct reading *r, enum label label, const char *text) {
    struct trial t;
    trial_run(r->pack, r->phrases, r->guesser, label, text, "", &t);
    return t;
}

static bool knows(const struct reading *r, enum label label, const char *text) {
    struct trial t = taken(r, label, text);
    return t.taken == label && (!t.unsure || label == LABEL_NONE);
}

struct line {
    enum label label;
    const char *text;
};

/* Sentences nobody else would understand are, and so is what is said nearly like them. */
static void test_learned(UNUSED void **state) {
    static const struct line lines[] = {{LABEL_QUIZ, "まもる検定をやりたい"},
                                        {LABEL_QUIZ, "まもる検定やりたいです"},
                                        {LABEL_HUMAN, "当番さんいますか"},
                                        {LABEL_HUMAN, "当番さんはいますか。"},
                                        {LABEL_HUMAN, "is the duty officer around"},
                                        {LABEL_HUMAN, "is a duty officer around?"},
                                        {LABEL_INCIDENT, "the mamoru lamp is purple"}};
    put("quiz_start.tsv", "ja\tまもる検定をやりたい\t\n");
    put("human_handoff.tsv",
        "\xef\xbb\xbfja\t当番さんいますか\t\r\nen\tis the duty officer around\t\r\n");
    put("incident_report.tsv", "en\tthe mamoru lamp turned purple\tkind=malware\n");
    put(".help.tsv.swp", "not ours");
    learn();
    assert_int_equal(guesser_site(reading.guesser)->n, 4);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (knows(&plain, lines[i].label, lines[i].text)) {
            fail_msg("known before: %s", lines[i].text);
        }
        if (!knows(&reading, lines[i].label, lines[i].text)) {
            fail_msg("not known: %s", lines[i].text);
        }
    }
    float share;
    float likeness;
    const char *folded = text_fold(&arena, "the mamoru lamp is purple");
    assert_int_equal(guess_kind(reading.guesser, folded, &share), KIND_MALWARE);
    const struct example *x = guess_nearest(reading.guesser, folded, &likeness);
    assert_non_null(x);
    assert_int_equal(x->line, 1);
    assert_true(likeness > 0.5f && likeness < 1);
    /* Nothing else has changed. */
    assert_null(guess_nearest(reading.guesser, text_fold(&arena, "役割7の知識"), &likeness));
    assert_true(knows(&reading, LABEL_HELP, "使い方を教えて"));
}

/* Between two that are nearly as near, the bot asks. */
static void test_torn(UNUSED void **state) {
    put("nudge_on.tsv", "ja\t月曜のおたよりをまた届けて\t\n");
    put("nudge_off.tsv", "ja\t月曜のおたよりはもういらない\t\n");
    learn();
    assert_true(knows(&reading, LABEL_NUDGE_ON, "月曜のおたよりをまた届けて"));
    assert_true(knows(&reading, LABEL_NUDGE_OFF, "月曜のおたよりはもういらない"));
    assert_true(taken(&reading, LABEL_NUDGE_OFF, "月曜のおたよりを").unsure);
}

/* Whatever a site says of them, incidents stay incidents. */
static void test_incidents(UNUSED void **state) {
    static const struct example *all[3000];
    struct examples shipped = {.n = 0};
    size_t n = 0;
    shipped_examples(&shipped, &faults);
    assert_int_equal(faults.n, 0);
    for (size_t i = 0; i < shipped.n && n < ARRAY_LEN(all); i++) {
        if (shipped.items[i].label == LABEL_INCIDENT) {
            all[n++] = &shipped.items[i];
        }
    }
    assert_true(n > 1000);
    static const char *const files[] = {"none.tsv", "incident_howto.tsv", "incident_withdraw.tsv",
                                        "help.tsv"};
    FILE *out[ARRAY_LEN(files)];
    for (size_t k = 0; k < ARRAY_LEN(files); k++) {
        out[k] = fopen(arena_printf(&arena, "%s/%s", dir, files[k]), "w");
        assert_non_null(out[k]);
    }
    for (size_t i = 0; i < n; i++) {
        if (i % 2 == 0 && text_chars(all[i]->text) <= SITE_EXAMPLES_CHARS_MAX) {
            fprintf(out[i / 2 % ARRAY_LEN(files)], "%s\t%s\t\n", lang_codes[all[i]->lang],
                    all[i]->text);
        }
    }
    for (size_t k = 0; k < ARRAY_LEN(files); k++) {
        fclose(out[k]);
    }
    learn();
    for (size_t i = 0; i < n; i++) {
        if (knows(&plain, LABEL_INCIDENT, all[i]->text) &&
            !knows(&reading, LABEL_INCIDENT, all[i]->text)) {
            fail_msg("missed now: %s", all[i]->text);
        }
    }
    examples_free(&shipped);
}

static void expect_fault(const char *file, const char *where, const char *what) {
    assert_false(reading_load(&reading, NULL, dir, &faults));
    for (size_t i = 0; i < faults.n; i++) {
        if (strstr(faults.items[i].file, file) && strcmp(faults.items[i].where, where) == 0 &&
            strstr(faults.items[i].what, what)) {
            faults_free(&faults);
            return;
        }
    }
    fail_msg("not said: %s: %s: %s", file, where, what);
}

static void test_faults(UNUSED void **state) {
    static const struct {
        const char *file;
        const char *lines;
        const char *where;
        const char *what;
    } cases[] = {
        {"help.tsv", "ja\t助けて\t\nja\t助けて\n", "line 2", "three columns"},
        {"help.tsv", "\n\nfr\taide\t\n", "line 3", "ja or en"},
        {"help.tsv", "ja\t\xff\t\n", "line 1", "UTF-8"},
        {"incident_report.tsv", "ja\tやられた\tkind=bad_luck\n", "line 1", "bad_luck"},
        {"helpp.tsv", "ja\t助けて\t\n", "the file's name", "intents --help"},
        {"help.tsv.bak", "", "the file's name", "such as help.tsv"},
        {"README", "", "the file's name", "that of an intent"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        put(cases[i].file, cases[i].lines);
        expect_fault(cases[i].file, cases[i].where, cases[i].what);
        assert_int_equal(remove(arena_printf(&arena, "%s/%s", dir, cases[i].file)), 0);
    }
    char text[3 * (SITE_EXAMPLES_CHARS_MAX + 1) + 8] = "ja\t";
    for (size_t i = 0; i <= SITE_EXAMPLES_CHARS_MAX; i++) {
        memcpy(text + 3 + i, "a", 2);
    }
    put("help.tsv", arena_printf(&arena, "%s\t\n", text));
    expect_fault("help.tsv", "line 1", "longer than 250 characters");
    assert_int_equal(remove(arena_printf(&arena, "%s/help.tsv", dir)), 0);
    assert_int_equal(mkdir(arena_printf(&arena, "%s/help.tsv", dir), 0700), 0);
    expect_fault("help.tsv", "file", "not a regular file");
}

static void test_limits(UNUSED void **state) {
    FILE *f = fopen(arena_printf(&arena, "%s/none.tsv", dir), "w");
    assert_non_null(f);
    for (int i = 0; i <= SITE_EXAMPLES_MAX; i++) {
        fprintf(f, "en\tline number %d of many\t\n", i);
    }
    fclose(f);
    expect_fault(dir, "folder", "has 2001 sentences; allowed: at most 2000");
    assert_int_equal(remove(arena_printf(&arena, "%s/none.tsv", dir)), 0);
    learn(); /* empty */
    assert_int_equal(guesser_site(reading.guesser)->n, 0);
    reading_free(&reading);
    assert_false(reading_load(&reading, NULL, "/no/such/folder", &faults));
    assert_string_equal(faults.items[0].file, "/no/such/folder");
}

/* ---- conflicts ---- */

struct told {
    struct conflict items[32];
    size_t n;
};

static void note(void *ctx, const struct conflict *c) {
    struct told *t = ctx;
    assert_true(t->n < ARRAY_LEN(t->items));
    t->items[t->n++] = *c;
}

static struct told conflicts(const struct examples *shipped) {
    struct told t = {.n = 0};
    struct conflicts_setup setup = {.pack = reading.pack,
                                    .phrases = reading.phrases,
                                    .guesser = reading.guesser,
                                    .plain = plain.guesser,
                                    .shipped = shipped,
                                    .tell = note,
                                    .ctx = &t};
    size_t n = conflicts_find(&setup);
    assert_int_equal(n, t.n);
    return t;
}

static const struct conflict *about(const struct told *t, enum conflict_kind kind,
                                    const char *text) {
    for (size_t i = 0; i < t->n; i++) {
        if (t->items[i].kind == kind && strcmp(t->items[i].example->text, text) == 0) {
            return &t->items[i];
        }
    }
    fail_msg("no conflict %d of %s", (int)kind, text);
    return NULL;
}

static void test_conflicts(UNUSED void **state) {
    put("quiz_start.tsv", "ja\tまもる検定をやりたい\t\nja\t朝礼の小テストをお願いします\t\n");
    put("plan_show.tsv", "ja\tﾏﾓﾙ検定をやりたい\t\nja\t朝礼の小テストをお願いしますね\t\n");
    put("help.tsv", "ja\t役割7\t\n");                                /* a rule */
    put("none.tsv", "ja\tリンクを踏んでパスワードを入れました\t\n"); /* an incident */
    put("role_lookup.tsv", "ja\tまもる番長って誰\t\n");              /* nobody known */
    learn();
    struct told t = conflicts(NULL);
    const struct conflict *c = about(&t, CONFLICT_SAME, "まもる検定をやりたい");
    assert_non_null(c->other);
    assert_int_equal(c->other->label, LABEL_PLAN);
    assert_int_equal(c->other->line, 1);
    assert_false(c->shipped);
    c = about(&t, CONFLICT_RULE, "役割7");
    assert_int_equal(c->taken, LABEL_ROLE);
    (void)about(&t, CONFLICT_UNSURE, "まもる番長って誰");
    (void)about(&t, CONFLICT_NEAR, "朝礼の小テストをお願いします");
    for (size_t i = 0; i < t.n; i++) {
        if (t.items[i].example->label == LABEL_NONE) {
            assert_int_equal(t.items[i].taken, LABEL_INCIDENT);
        }
    }
    assert_int_equal(t.n, 5);
}

/* A shipped sentence that no rule is needed for. */
static const struct example *known_plan(const struct examples *shipped) {
    for (size_t i = 0; i < shipped->n; i++) {
        const struct example *x = &shipped->items[i];
        if (x->label == LABEL_PLAN && text_chars(x->text) > 12 &&
            knows(&plain, LABEL_PLAN, x->text) && !taken(&plain, LABEL_PLAN, x->text).ruled) {
            return x;
        }
    }
    fail_msg("there is none");
    return &shipped->items[0];
}

/* With the shipped sentences: the same one there, and what is misunderstood because of one here. */
static void test_shipped(UNUSED void **state) {
    struct examples shipped = {.n = 0};
    shipped_examples(&shipped, &faults);
    assert_true(shipped.n > 20000);
    const struct example *theirs = known_plan(&shipped);
    put("quiz_start.tsv",
        arena_printf(&arena, "%s\t%s\t\n", lang_codes[theirs->lang], theirs->text));
    put("thanks.tsv", arena_printf(&arena, "%s\t%s!!\t\n", lang_codes[theirs->lang], theirs->text));
    learn();
    struct told t = conflicts(&shipped);
    const struct conflict *c = about(&t, CONFLICT_SAME, theirs->text);
    assert_true(c->shipped);
    assert_non_null(c->other);
    assert_int_equal(c->other->label, LABEL_PLAN);
    assert_int_equal(c->other->line, theirs->line);
    /* The one shipped sentence that it is nearest to, it takes along. */
    assert_true(taken(&reading, LABEL_PLAN, theirs->text).taken != LABEL_PLAN);
    /* Without any, there are none. */
    reading_free(&reading);
    assert_int_equal(remove(arena_printf(&arena, "%s/quiz_start.tsv", dir)), 0);
    put("thanks.tsv", "ja\tまもるくんによろしく\t\n");
    learn();
    assert_int_equal(conflicts(&shipped).n, 0);
    examples_free(&shipped);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, forget)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_learned), TEST(test_torn),      TEST(test_incidents), TEST(test_faults),
        TEST(test_limits),  TEST(test_conflicts), TEST(test_shipped),
    };
    return cmocka_run_group_tests(tests, load_plain, unload_plain);
}
