/* Tables and charts beside a text: the same values as in its lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "tests/support/dialogue_driver.h"

#define CELL_CHARS  200
#define TITLE_CHARS 50

static const struct table *review_table(void) {
    const struct table *t = heard()->table;
    assert_non_null(t);
    assert_int_equal(t->columns, 2);
    for (size_t i = 0; i < t->columns * t->rows; i++) {
        assert_true(*t->cells[i] && text_graphemes(t->cells[i]) <= CELL_CHARS);
    }
    /* Below the head each row is a line of the text. */
    for (size_t row = 1; row < t->rows; row++) {
        char line[1024];
        snprintf(line, sizeof(line), "Q%zu %s: %s", row, t->cells[2 * row], t->cells[2 * row + 1]);
        expect_heard(line);
    }
    return t;
}

static void test_review(void **state) {
    (void)state;
    write_direct("診断");
    assert_null(heard()->table);
    write_direct("2");
    write_direct("1,2");
    write_direct("スキップ");
    write_direct("わからない");
    write_direct("わからない");
    expect_question("review");
    const struct table *t = review_table();
    assert_int_equal(t->rows, 5);
    assert_string_equal(t->cells[0], "質問");
    assert_string_equal(t->cells[1], "答え");
    assert_string_equal(t->cells[5], "「調達手続き」「NDA締結のサポート」");
    assert_string_equal(t->cells[7], "スキップ");
    assert_string_equal(t->cells[9], "わからない");
    write_direct("English");
    t = review_table();
    assert_string_equal(t->cells[0], "Question");
    write_direct("2"); /* which question? */
    assert_null(heard()->table);
    write_direct("back");
    write_direct("yes");
    for (size_t i = 0; i < step.n_replies; i++) {
        assert_null(step.replies[i].table);
    }
}

static void test_scores(void **state) {
    (void)state;
    write_direct("診断");
    write_direct("点数");
    assert_null(step.replies[0].chart);
    write_direct("2");
    write_direct("1,2,4");
    write_direct("どれもない");
    write_direct("3");
    write_direct("はい");
    assert_null(heard()->chart);
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        write_direct(lang == LANG_JA ? "点数" : "score");
        const struct chart *c = heard()->chart;
        assert_non_null(c);
        assert_true(*c->title && text_graphemes(c->title) <= TITLE_CHARS);
        assert_int_equal(c->n, session.form->n_outcomes);
        int sum = 0;
        for (size_t i = 0; i < c->n; i++) {
            char line[256];
            snprintf(line, sizeof(line), lang == LANG_JA ? "%d点 %s\n" : "%d %s\n", c->values[i],
                     c->labels[i]);
            expect_heard(line);
            assert_true(i == 0 || c->values[i] <= c->values[i - 1]);
            sum += c->values[i];
        }
        assert_true(sum > 0);
        write_direct("English");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_review, fresh),
        cmocka_unit_test_setup(test_scores, fresh),
    };
    return cmocka_run_group_tests_name("shown beside", tests, load_pack, unload_pack);
}
