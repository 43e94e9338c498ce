/* Walking through forms: the real questionnaire, a chain of conditions, and random walks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "content/pack.h"
#include "intents/form_run.h"

#define WALKS 300
#define STEPS 60

/* b is asked after a1, c after b1: what falls away takes others with it. */
static const char chain_json[] =
    "{\"id\":\"chain\",\"outcomes\":[\"x\"],\"min_top\":1,\"min_second\":1,\"second_divisor\":2,"
    "\"questions\":["
    "{\"id\":\"a\",\"kind\":\"single\",\"title\":{\"ja\":\"a\",\"en\":\"a\"},"
    "\"text\":{\"ja\":\"a\",\"en\":\"a\"},\"why\":{\"ja\":\"a\",\"en\":\"a\"},"
    "\"example\":{\"ja\":\"a\",\"en\":\"a\"},\"confidence\":\"proposed\",\"source_page\":[],"
    "\"options\":["
    "{\"id\":\"a1\",\"ja\":\"1\",\"en\":\"1\",\"brief\":{\"ja\":\"1\",\"en\":\"1\"},"
    "\"aliases\":[],\"weights\":{\"x\":1},\"confidence\":\"proposed\"},"
    "{\"id\":\"a2\",\"ja\":\"2\",\"en\":\"2\",\"brief\":{\"ja\":\"2\",\"en\":\"2\"},"
    "\"aliases\":[],\"weights\":{},\"confidence\":\"proposed\"}]},"
    "{\"id\":\"b\",\"kind\":\"single\",\"title\":{\"ja\":\"b\",\"en\":\"b\"},"
    "\"text\":{\"ja\":\"b\",\"en\":\"b\"},\"why\":{\"ja\":\"b\",\"en\":\"b\"},"
    "\"example\":{\"ja\":\"b\",\"en\":\"b\"},\"confidence\":\"proposed\",\"source_page\":[],"
    "\"ask_if\":{\"question\":\"a\",\"options\":[\"a1\"]},"
    "\"options\":["
    "{\"id\":\"b1\",\"ja\":\"1\",\"en\":\"1\",\"brief\":{\"ja\":\"1\",\"en\":\"1\"},"
    "\"aliases\":[],\"weights\":{\"x\":1},\"confidence\":\"proposed\"},"
    "{\"id\":\"b2\",\"ja\":\"2\",\"en\":\"2\",\"brief\":{\"ja\":\"2\",\"en\":\"2\"},"
    "\"aliases\":[],\"weights\":{},\"confidence\":\"proposed\"}]},"
    "{\"id\":\"c\",\"kind\":\"multi\",\"title\":{\"ja\":\"c\",\"en\":\"c\"},"
    "\"text\":{\"ja\":\"c\",\"en\":\"c\"},\"why\":{\"ja\":\"c\",\"en\":\"c\"},"
    "\"example\":{\"ja\":\"c\",\"en\":\"c\"},\"confidence\":\"proposed\",\"source_page\":[],"
    "\"ask_if\":{\"question\":\"b\",\"options\":[\"b1\"]},"
    "\"options\":["
    "{\"id\":\"c1\",\"ja\":\"1\",\"en\":\"1\",\"brief\":{\"ja\":\"1\",\"en\":\"1\"},"
    "\"aliases\":[],\"weights\":{\"x\":4},\"confidence\":\"proposed\"}],"
    "\"none\":{\"id\":\"c0\",\"ja\":\"0\",\"en\":\"0\",\"brief\":{\"ja\":\"0\",\"en\":\"0\"},"
    "\"aliases\":[],\"confidence\":\"proposed\"}}]}";

static struct pack *pack;
static struct form *chain;
static const struct form *form;
static struct form_run run;
static struct run_effect effect;

static int load(void **state) {
    (void)state;
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    chain = form_read(chain_json, strlen(chain_json), "chain", &faults);
    for (size_t i = 0; i < faults.n; i++) {
        print_error("%s: %s\n", faults.items[i].where, faults.items[i].what);
    }
    int err = pack && faults.n == 0 ? 0 : -1;
    faults_free(&faults);
    return err;
}

static int unload(void **state) {
    (void)state;
    form_free(chain);
    pack_free(pack);
    return 0;
}

static void begin(const struct form *f) {
    form = f;
    run_begin(form, &run);
}

static int fresh(void **state) {
    (void)state;
    begin(pack->form);
    return 0;
}

/* ---- invariants ---- */

static bool on_path(int question) {
    return run_place(form, &run, question, NULL) > 0;
}

static void check_ticks(void) {
    if (run.current < 0) {
        assert_int_equal(run.ticks, 0);
        return;
    }
    const struct form_question *q = &form->questions[run.current];
    uint32_t all = (1u << q->n_options) - 1;
    uint32_t none = q->none_option >= 0 ? 1u << q->none_option : 0;
    assert_int_equal(run.ticks & ~all, 0);
    assert_true(!(run.ticks & none) || run.ticks == none);
    assert_true(q->kind == FORM_MULTI || (run.ticks & (run.ticks - 1)) == 0);
}

static void check_run(void) {
    int path[FORM_MAX_QUESTIONS];
    size_t total;
    size_t n = run_path(form, &run, path);
    size_t place = run_place(form, &run, run.current, &total);
    size_t open = 0;
    assert_true(n >= 1 && n <= form->n_questions);
    assert_true(total >= n && total <= form->n_questions);
    assert_true(place <= total);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || path[i] > path[i - 1]);
        open += run.replies[path[i]].kind == REPLY_OPEN;
    }
    assert_int_equal(run_answered(form, &run), n - open);
    assert_true(run_answered(form, &run) <= total);
    for (size_t i = 0; i < form->n_questions; i++) {
        assert_true(on_path((int)i) || run.replies[i].kind == REPLY_OPEN);
        assert_true((run.replies[i].kind == REPLY_CHOSEN) == (run.replies[i].mask != 0));
    }
    if (run.phase == RUN_ASKING) {
        assert_true(run.current >= 0 && run.current < (int)form->n_questions);
        assert_true(on_path(run.current));
    } else if (run.phase == RUN_REVIEW) {
        assert_int_equal(run.current, -1);
        assert_int_equal(open, 0);
        assert_int_equal(n, total);
    }
    check_ticks();
}

/* ---- helpers: the open question is named, so that each step says what it expects ---- */

static void expect_open(const char *id) {
    check_run();
    assert_int_equal(run.phase, RUN_ASKING);
    assert_string_equal(form->questions[run.current].id, id);
}

static void expect_review(void) {
    check_run();
    assert_int_equal(run.phase, RUN_REVIEW);
}

static void answer(const char *id, uint32_t mask) {
    expect_open(id);
    run_answer(form, &run, (struct form_reply){.kind = REPLY_CHOSEN, .mask = mask}, &effect);
    assert_string_equal(form->questions[effect.answered].id, id);
    check_run();
}

static void skip_it(const char *id) {
    expect_open(id);
    run_skip(form, &run, &effect);
    check_run();
}

static void expect_total(size_t want) {
    size_t total;
    run_place(form, &run, run.current, &total);
    assert_int_equal(total, want);
}

static void expect_place(size_t want) {
    assert_int_equal(run_place(form, &run, run.current, NULL), want);
}

static int q(const char *id) {
    return form_find_question(form, id);
}

/* ---- tests ---- */

static void test_office_path(void **state) {
    (void)state;
    expect_open("q1");
    expect_total(4);
    expect_place(1);
    answer("q1", 2);
    assert_int_equal(effect.n_dropped + effect.n_again, 0);
    expect_total(4);
    answer("q2", 1);
    answer("q4", 4);
    expect_place(4);
    answer("q5", 4);
    expect_review();
    expect_total(4);
    assert_int_equal(run_answered(form, &run), 4);
    struct score s;
    run_score(form, &run, &s);
    assert_string_equal(form->outcomes[s.primary], "persona-c");
}

static void test_it_path(void **state) {
    (void)state;
    answer("q1", 1);
    expect_total(5);
    expect_place(2);
    answer("q3", 7);
    answer("q4", 4);
    answer("q5", 8);
    expect_place(5);
    answer("q6", 1);
    expect_review();
    expect_total(5);
    assert_int_equal(run_answered(form, &run), 5);
}

/* Whoever does not know which branch is theirs is asked both, but for what only one would know. */
static void test_both_branches(void **state) {
    (void)state;
    expect_open("q1");
    run_answer(form, &run, (struct form_reply){.kind = REPLY_UNSURE}, &effect);
    expect_open("q2");
    expect_total(5);
    begin(pack->form);
    skip_it("q1");
    assert_false(on_path(q("q6")));
    expect_total(5);
    skip_it("q2");
    skip_it("q3");
    skip_it("q4");
    skip_it("q5");
    expect_review();
    struct score s;
    run_score(form, &run, &s);
    assert_int_equal(s.primary, -1);
}

static void test_back(void **state) {
    (void)state;
    expect_open("q1");
    assert_false(run_back(form, &run));
    expect_open("q1");
    answer("q1", 2);
    answer("q2", 3);
    assert_true(run_back(form, &run));
    expect_open("q2");
    assert_int_equal(run.ticks, 3); /* what was answered is ticked */
    assert_true(run_back(form, &run));
    expect_open("q1");
    assert_false(run_back(form, &run));
    answer("q1", 2); /* the same again: q2 keeps its answer, the first open one follows */
    assert_int_equal(effect.n_dropped + effect.n_again, 0);
    expect_open("q4");
    answer("q4", 1);
    answer("q5", 64);
    expect_review();
    assert_true(run_back(form, &run));
    expect_open("q5");
    answer("q5", 1);
    expect_review();
}

static void test_edit_drops_dependants(void **state) {
    (void)state;
    answer("q1", 2);
    answer("q2", 15);
    answer("q4", 4);
    answer("q5", 64);
    assert_true(run_edit(form, &run, 1));
    expect_open("q1");
    assert_int_equal(run.ticks, 2);
    answer("q1", 1);
    assert_int_equal(effect.n_dropped, 1);
    assert_int_equal(effect.dropped[0], q("q2"));
    assert_int_equal(effect.n_again, 2);
    assert_int_equal(effect.again[0], q("q3"));
    assert_int_equal(effect.again[1], q("q6"));
    expect_open("q3");
    expect_total(5);
    assert_int_equal(run_answered(form, &run), 3); /* q1, q4, q5 stand */
    struct score s;
    run_score(form, &run, &s);
    assert_int_equal(s.points[2], 0); /* nothing of q2 counts any more */
    answer("q3", 8);
    expect_open("q6");
    answer("q6", 2);
    expect_review();
    assert_true(run_edit(form, &run, 1)); /* and back: q2 has to be asked again */
    answer("q1", 2);
    assert_int_equal(effect.n_dropped, 2);
    assert_int_equal(effect.n_again, 1);
    expect_open("q2");
    assert_int_equal(run.ticks, 0);
}

static void test_edit_limits(void **state) {
    (void)state;
    expect_open("q1");
    assert_true(run_edit(form, &run, 1)); /* the open one itself */
    assert_false(run_edit(form, &run, 0));
    assert_false(run_edit(form, &run, 2));
    assert_false(run_edit(form, &run, 99));
    expect_open("q1");
    answer("q1", 2);
    answer("q2", 1);
    assert_true(run_edit(form, &run, 1));
    assert_false(run_edit(form, &run, 3)); /* q4 lies ahead */
    expect_open("q1");
    assert_true(run_edit(form, &run, 2));
    expect_open("q2");
}

static void test_chain(void **state) {
    (void)state;
    begin(chain);
    expect_total(1); /* the shortest way; more may come */
    answer("a", 1);
    expect_total(2);
    answer("b", 1);
    expect_total(3);
    answer("c", 1);
    expect_review();
    assert_true(run_edit(form, &run, 1));
    answer("a", 2);
    assert_int_equal(effect.n_dropped, 2);
    assert_int_equal(effect.dropped[0], 1);
    assert_int_equal(effect.dropped[1], 2);
    expect_review();
    assert_int_equal(run_answered(form, &run), 1);
}

static void test_skip_keeps_an_answer(void **state) {
    (void)state;
    answer("q1", 2);
    skip_it("q2");
    assert_int_equal(run.replies[q("q2")].kind, REPLY_SKIPPED);
    assert_true(run_edit(form, &run, 1));
    skip_it("q1");
    assert_int_equal(run.replies[q("q1")].kind, REPLY_CHOSEN);
    assert_int_equal(run.replies[q("q1")].mask, 2);
    assert_int_equal(run.replies[q("q2")].kind, REPLY_SKIPPED);
    expect_open("q4");
    assert_true(run_edit(form, &run, 2)); /* what was skipped can be answered */
    answer("q2", 2);
    assert_int_equal(run.replies[q("q2")].mask, 2);
}

static void test_ticks(void **state) {
    (void)state;
    const struct form_question *q1 = &form->questions[0];
    run_set_tick(q1, &run, 0, true);
    run_set_tick(q1, &run, 1, true);
    assert_int_equal(run.ticks, 2); /* one of two */
    run_set_tick(q1, &run, 1, false);
    assert_int_equal(run.ticks, 0);
    answer("q1", 2);
    const struct form_question *q2 = &form->questions[run.current];
    run_set_tick(q2, &run, 0, true);
    run_set_tick(q2, &run, 2, true);
    assert_int_equal(run.ticks, 5);
    run_set_tick(q2, &run, q2->none_option, true);
    assert_int_equal(run.ticks, 16); /* none excludes the others */
    run_set_tick(q2, &run, 1, true);
    assert_int_equal(run.ticks, 2); /* and they exclude none */
    run_set_tick(q2, &run, 3, false);
    run_set_tick(q2, &run, 1, true);
    assert_int_equal(run.ticks, 2); /* nothing changes twice */
    assert_int_equal(run.replies[run.current].kind, REPLY_OPEN);
    check_run();
    answer("q2", run.ticks);
    assert_int_equal(run.ticks, 0);
}

static void test_park(void **state) {
    (void)state;
    answer("q1", 2);
    run_set_tick(&form->questions[run.current], &run, 1, true);
    run_park(&run);
    assert_int_equal(run.phase, RUN_PARKED);
    check_run();
    run_resume(&run);
    expect_open("q2");
    assert_int_equal(run.ticks, 2); /* half-made choices survive */
    answer("q2", 1);
    answer("q4", 1);
    answer("q5", 1);
    run_park(&run);
    check_run();
    run_resume(&run);
    expect_review();
}

/* ---- random walks ---- */

static uint32_t random_mask(const struct form_question *question) {
    uint32_t mask;
    do {
        mask = (uint32_t)random() & ((1u << question->n_options) - 1);
        if (question->kind == FORM_SINGLE) {
            mask = 1u << (random() % (long)question->n_options);
        } else if (question->none_option >= 0 && random() % 4 == 0) {
            mask = 1u << question->none_option;
        } else if (question->none_option >= 0) {
            mask &= ~(1u << question->none_option);
        }
    } while (mask == 0);
    return mask;
}

static void check_effect(const struct form_run *before) {
    for (size_t i = 0; i < effect.n_dropped; i++) {
        assert_true(before->replies[effect.dropped[i]].kind != REPLY_OPEN);
        assert_false(on_path(effect.dropped[i]));
    }
    for (size_t i = 0; i < effect.n_again; i++) {
        assert_true(on_path(effect.again[i]));
        assert_int_equal(run.replies[effect.again[i]].kind, REPLY_OPEN);
    }
}

static void random_answer(void) {
    struct form_run before = run;
    const struct form_question *question = &form->questions[run.current];
    if (random() % 4 == 0) {
        run_skip(form, &run, &effect);
    } else if (random() % 5 == 0) {
        run_answer(form, &run, (struct form_reply){.kind = REPLY_UNSURE}, &effect);
    } else {
        run_answer(form, &run,
                   (struct form_reply){.kind = REPLY_CHOSEN, .mask = random_mask(question)},
                   &effect);
    }
    assert_int_equal(effect.answered, before.current);
    assert_true(run.replies[effect.answered].kind != REPLY_OPEN);
    check_effect(&before);
}

static void random_step(void) {
    struct form_run before = run;
    bool asking = run.phase == RUN_ASKING;
    long what = random() % 10;
    if (run.phase == RUN_PARKED) {
        run_resume(&run);
    } else if (what < 5 && asking) {
        random_answer();
    } else if (what == 5 && asking) {
        const struct form_question *question = &form->questions[run.current];
        run_set_tick(question, &run, (int)(random() % (long)question->n_options), random() % 3 > 0);
    } else if (what == 6) {
        run_park(&run);
    } else if (what == 7) {
        if (!run_back(form, &run)) {
            assert_memory_equal(&run, &before, sizeof(run));
        }
    } else if (!run_edit(form, &run, (size_t)(random() % 9))) {
        assert_memory_equal(&run, &before, sizeof(run)); /* what is refused changes nothing */
    }
}

static void walk(const struct form *f, size_t *ret_reviews) {
    for (int i = 0; i < WALKS; i++) {
        begin(f);
        for (int k = 0; k < STEPS; k++) {
            random_step();
            check_run();
            *ret_reviews += run.phase == RUN_REVIEW;
        }
    }
}

static void test_random_walks(void **state) {
    (void)state;
    size_t reviews = 0;
    srandom(17);
    walk(pack->form, &reviews);
    assert_true(reviews > 500); /* the walks do get to the end */
    walk(chain, &reviews);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_office_path, fresh),
        cmocka_unit_test_setup(test_it_path, fresh),
        cmocka_unit_test_setup(test_both_branches, fresh),
        cmocka_unit_test_setup(test_back, fresh),
        cmocka_unit_test_setup(test_edit_drops_dependants, fresh),
        cmocka_unit_test_setup(test_edit_limits, fresh),
        cmocka_unit_test_setup(test_chain, fresh),
        cmocka_unit_test_setup(test_skip_keeps_an_answer, fresh),
        cmocka_unit_test_setup(test_ticks, fresh),
        cmocka_unit_test_setup(test_park, fresh),
        cmocka_unit_test_setup(test_random_walks, fresh),
    };
    return cmocka_run_group_tests_name("form_run", tests, load, unload);
}
