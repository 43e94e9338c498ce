/* From examples to guesses: features, training, models and what they are good for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "intents/examples.h"
#include "intents/guess.h"
#include "intents/lessons.h"

static struct arena arena;

static int forget(UNUSED void **state) {
    arena_free(&arena);
    return 0;
}

static struct features features(const char *text) {
    struct features f;
    features_of(text_fold(&arena, text), &f);
    return f;
}

static bool same(const char *a, const char *b) {
    struct features x = features(a);
    struct features y = features(b);
    return x.n == y.n && memcmp(x.buckets, y.buckets, x.n * sizeof(x.buckets[0])) == 0;
}

static void test_features(UNUSED void **state) {
    assert_int_equal(features("").n, 0);
    assert_int_equal(features("   ").n, 0);
    assert_true(features("あ").n > 0);
    /* What does not matter: width, case, kana, which number, how often a mark is repeated. */
    assert_true(same("ﾌｨｯｼﾝｸﾞ", "フィッシング"));
    assert_true(same("Click", "CLICK"));
    assert_true(same("3問目", "12問目"));
    assert_true(same("助けて!!!!", "助けて!"));
    assert_true(same("はい、そうです。", "はい そうです "));
    /* What does. */
    assert_false(same("踏んだ", "踏んだら"));
    assert_false(same("report", "reported"));
    assert_false(same("そうですか", "そうですか?"));
    struct features f = features("メールのリンクを踏んだ and typed my password");
    for (size_t i = 1; i < f.n; i++) {
        assert_true(f.buckets[i - 1] < f.buckets[i]);
    }
}

/* Of a long message, its beginning and its end count. */
static void test_long(UNUSED void **state) {
    char middle[3 * 2000 + 1];
    for (size_t i = 0; i < 2000; i++) {
        memcpy(middle + 3 * i, i % 2 ? "い" : "ろ", 4);
    }
    const char *text = arena_printf(&arena, "最初%s最後", middle);
    struct features f = features(text);
    assert_in_range(f.n, 1, FEATURES_MAX);
    assert_false(same(text, middle));
    assert_false(same(text, arena_printf(&arena, "最初%s", middle)));
    assert_true(same(text, arena_printf(&arena, "最初%s%s最後", middle, middle)));
}

static struct examples read_lines(const char *lines, const char *file, size_t faults) {
    static struct faults found;
    struct examples e = {.n = 0};
    faults_free(&found);
    found = (struct faults){.n = 0};
    examples_read(&e, lines, strlen(lines), file, &found);
    assert_int_equal(found.n, faults);
    return e;
}

static void test_examples(UNUSED void **state) {
    struct examples e = read_lines("ja\t助けて\t\nen\thelp me\ta=1;kind=x\n\n", "d/help.tsv", 0);
    assert_int_equal(e.n, 2);
    assert_int_equal(e.items[0].label, LABEL_HELP);
    assert_int_equal(e.items[1].lang, LANG_EN);
    assert_string_equal(e.items[1].text, "help me");
    assert_string_equal(examples_slot(&arena, e.items[1].slots, "kind"), "x");
    assert_string_equal(examples_slot(&arena, e.items[1].slots, "a"), "1");
    assert_string_equal(examples_slot(&arena, e.items[1].slots, "in"), "");
    assert_string_equal(examples_slot(&arena, e.items[0].slots, "kind"), "");
    examples_free(&e);
    static const char *const bad[] = {"ja\t助けて",     "fr\taide\t",  "ja\t\t",
                                      "ja\t\xff\xfe\t", "ja\ta\tb\tc", "ja\t \t"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        e = read_lines(bad[i], "help.tsv", 1);
        assert_int_equal(e.n, 0);
        examples_free(&e);
    }
    e = read_lines("ja\ta\t", "d/nothing_known.tsv", 1);
    examples_free(&e);
}

/* Two labels told apart by a few lines, and the same model each time. */
static void test_train(UNUSED void **state) {
    struct examples e = read_lines("ja\tありがとう\t\nja\tありがとうございます\t\nen\tthank you\t",
                                   "thanks.tsv", 0);
    struct faults faults = {.n = 0};
    const char *more = "ja\tリンクを踏んだ\t\nja\t変なリンク踏みました\t\nen\ti clicked a link\t";
    examples_read(&e, more, strlen(more), "incident_report.tsv", &faults);
    struct lessons l;
    lessons_labels(&e, &l);
    size_t n;
    size_t again;
    void *bytes = train(l.items, l.n, &lessons_labels_how, &n);
    void *second = train(l.items, l.n, &lessons_labels_how, &again);
    assert_int_equal(n, again);
    assert_memory_equal(bytes, second, n);
    struct model m;
    assert_true(model_read(&m, bytes, n, LABEL__COUNT));
    static const struct {
        const char *text;
        enum label label;
    } cases[] = {{"ありがと", LABEL_THANKS},
                 {"thanks to you", LABEL_THANKS},
                 {"リンク踏んだ", LABEL_INCIDENT},
                 {"clicked the link", LABEL_INCIDENT}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        float shares[MODEL_CLASSES_MAX];
        struct features f = features(cases[i].text);
        model_shares(&m, &f, shares);
        for (size_t c = 0; c < LABEL__COUNT; c++) {
            assert_true(c == cases[i].label || shares[c] < shares[cases[i].label]);
        }
    }
    /* What is no such model is refused. */
    assert_false(model_read(&m, bytes, n - 1, LABEL__COUNT));
    assert_false(model_read(&m, bytes, 3, LABEL__COUNT));
    assert_false(model_read(&m, bytes, n, LABEL__COUNT - 1));
    ((char *)bytes)[0] ^= 1;
    assert_false(model_read(&m, bytes, n, LABEL__COUNT));
    free(bytes);
    free(second);
    lessons_free(&l);
    examples_free(&e);
}

/* The models in the binary. */
static void test_guess(UNUSED void **state) {
    static const struct {
        const char *text;
        enum label label;
    } cases[] = {{"パソコンの電源を入れたら英語で金を払えと出ました", LABEL_INCIDENT},
                 {"some guy on the phone made me install a program", LABEL_INCIDENT},
                 {"続きをやろうと思います", LABEL_RESUME},
                 {"where did i stop? let's carry on with the questions", LABEL_RESUME},
                 {"勉強のスケジュールを出してほしい", LABEL_PLAN},
                 {"delete my account and my history, please", LABEL_DELETE},
                 {"クイズをひとつお願いします", LABEL_QUIZ},
                 {"明日は雨が降りますか", LABEL_NONE}};
    struct guesser *g = guesser_load();
    assert_non_null(g);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct guess best[GUESSES];
        guess(g, text_fold(&arena, cases[i].text), best);
        if (best[0].label != cases[i].label) {
            fail_msg("%s: %s %.2f", cases[i].text, label_names[best[0].label],
                     (double)best[0].share);
        }
        float sum = 0;
        for (size_t k = 0; k < GUESSES; k++) {
            assert_true(best[k].share >= 0 && (k == 0 || best[k].share <= best[k - 1].share));
            sum += best[k].share;
        }
        assert_true(sum <= 1.001f);
    }
    float share;
    assert_int_equal(guess_kind(g, text_fold(&arena, "会社の携帯を居酒屋に置いてきた"), &share),
                     KIND_LOST_DEVICE);
    assert_int_equal(
        guess_kind(g, text_fold(&arena, "all files encrypted, they want bitcoin"), &share),
        KIND_RANSOMWARE);
    assert_true(share > 0.5f && share <= 1);
    guesser_free(g);
}

/* Nothing at all, and noise, are guessed about without harm. */
static void test_noise(UNUSED void **state) {
    struct guesser *g = guesser_load();
    uint32_t seed = 7;
    for (int i = 0; i < 2000; i++) {
        char noise[200];
        size_t n = (size_t)i % sizeof(noise);
        for (size_t k = 0; k < n; k++) {
            seed = seed * 1664525u + 1013904223u;
            noise[k] = (char)(seed >> 24);
        }
        bool cut;
        const char *clean = text_clean(&arena, noise, n, 10000, &cut);
        struct guess best[GUESSES];
        guess(g, text_fold(&arena, clean), best);
        assert_true(best[0].share > 0 && best[0].share <= 1);
        arena_reset(&arena);
    }
    guesser_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_features, forget),
        cmocka_unit_test_teardown(test_long, forget),
        cmocka_unit_test_teardown(test_examples, forget),
        cmocka_unit_test_teardown(test_train, forget),
        cmocka_unit_test_teardown(test_guess, forget),
        cmocka_unit_test_teardown(test_noise, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
