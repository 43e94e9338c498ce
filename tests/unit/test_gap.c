/* Gaps: five worked examples, required levels by who does it, ranking, what closes a gap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "content/gap.h"

static struct pack *pack;

static int load(UNUSED void **state) {
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    faults_free(&faults);
    return pack ? 0 : -1;
}

static int unload(UNUSED void **state) {
    pack_free(pack);
    return 0;
}

static const struct expectation *begin(const char *persona, struct own own[ASSESS_MAX_ITEMS]) {
    for (size_t i = 0; i < ASSESS_MAX_ITEMS; i++) {
        own[i] = (struct own){.current = CURRENT_OPEN, .who = INVOLVED_UNKNOWN, .required = -1};
    }
    const struct expectation *e = expectation_of(pack, persona);
    assert_non_null(e);
    return e;
}

static struct own *of(const struct expectation *e, struct own *own, const char *item) {
    int i = expectation_find(e, item);
    assert_in_range(i, 0, ASSESS_MAX_ITEMS - 1);
    return &own[i];
}

struct said {
    const char *item;
    int level;
};

struct expected_rank {
    const char *item;
    int gap;
    int priority;
};

/* Worked by hand from the rule, not by this program. */
static const struct vector {
    const char *persona;
    struct said said[8];
    struct expected_rank ranks[8];
} vectors[] = {
    {"persona-c",
     {{"K-002", 0},
      {"K-003", 2},
      {"K-004", 1},
      {"S-001", 2},
      {"S-002", 1},
      {"S-004", 1},
      {"T-021", 2}},
     {{"K-002", 2, 9}, {"K-004", 1, 6}, {"S-004", 1, 6}}},
    {"persona-b",
     {{"K-006", 1},
      {"K-007", 1},
      {"K-008", 2},
      {"S-006", 1},
      {"S-007", 2},
      {"S-008", 0},
      {"T-006", 2}},
     {{"S-008", 3, 12},
      {"K-006", 2, 9},
      {"K-007", 2, 9},
      {"S-006", 2, 8},
      {"K-008", 1, 5},
      {"S-007", 1, 5},
      {"T-006", 1, 5}}},
    {"persona-e",
     {{"K-011", 2},
      {"K-012", 2},
      {"K-014", 1},
      {"S-013", 1},
      {"S-014", 2},
      {"S-015", 1},
      {"T-017", 3}},
     {{"K-014", 2, 9}, {"S-013", 2, 9}, {"S-015", 2, 9}, {"S-014", 1, 6}, {"K-011", 1, 5}}},
    {"persona-c",
     {{"K-002", 2},
      {"K-003", 2},
      {"K-004", 2},
      {"S-001", 2},
      {"S-002", 1},
      {"S-004", 2},
      {"T-021", 2}},
     {{NULL, 0, 0}}},
    {"adj-pr",
     {{"T-025", 0}, {"K-032", 1}, {"S-029", 1}, {"K-005", 2}, {"T-021", 2}},
     {{"T-025", 2, 8}, {"S-029", 1, 5}, {"K-032", 1, 4}}},
};

static void test_vectors(UNUSED void **state) {
    for (size_t v = 0; v < ARRAY_LEN(vectors); v++) {
        struct own own[ASSESS_MAX_ITEMS];
        const struct expectation *e = begin(vectors[v].persona, own);
        for (const struct said *s = vectors[v].said; s->item; s++) {
            of(e, own, s->item)->current = s->level;
        }
        struct gaps g;
        gaps_find(&pack->assess, e, own, &g);
        size_t n = 0;
        for (const struct expected_rank *r = vectors[v].ranks; r->item; r++, n++) {
            assert_true(n < g.n_ranked);
            const struct gap *found = &g.items[g.ranked[n]];
            assert_string_equal(found->tks->id, r->item);
            assert_int_equal(found->gap, r->gap);
            assert_int_equal(found->priority, r->priority);
        }
        assert_int_equal(g.n_ranked, n);
    }
}

/* Of every persona: what each kind of item asks for, by who does it. */
static void test_required(UNUSED void **state) {
    static const char *const high[] = {"persona-b", "persona-e"};
    for (size_t p = 0; p < pack->n_personas; p++) {
        struct own own[ASSESS_MAX_ITEMS];
        const char *id = pack->personas[p].id;
        const struct expectation *e = begin(id, own);
        int self = strcmp(id, high[0]) == 0 || strcmp(id, high[1]) == 0 ? 3 : 2;
        for (size_t i = 0; i < e->n_items; i++) {
            bool knows = e->items[i].tks->kind == TKS_KNOWLEDGE;
            const int levels[INVOLVEMENT__COUNT] = {self, 1, knows ? 2 : 1, self, knows ? 2 : 1};
            for (int w = 0; w < INVOLVEMENT__COUNT; w++) {
                if (e->items[i].involvement == INVOLVED_UNKNOWN ||
                    e->items[i].involvement == (enum involvement)w) {
                    continue; /* the item's own level stands */
                }
                own[i].who = (enum involvement)w;
                struct gap g = gap_of(&pack->assess, e, i, &own[i]);
                assert_int_equal(g.required, levels[w]);
                assert_true(g.who_own);
            }
            own[i].required = 4;
            assert_int_equal(gap_of(&pack->assess, e, i, &own[i]).required, 4);
            own[i] = (struct own){.current = 0, .who = INVOLVED_UNKNOWN, .required = 0};
            struct gap g = gap_of(&pack->assess, e, i, &own[i]);
            assert_int_equal(g.required, 0);
            assert_int_equal(g.gap, 0);
            assert_true(g.required_own);
        }
    }
}

static void test_not_counted(UNUSED void **state) {
    struct own own[ASSESS_MAX_ITEMS];
    const struct expectation *e = begin("persona-c", own);
    of(e, own, "K-002")->current = CURRENT_UNSURE;
    of(e, own, "K-003")->current = 4; /* more than is asked for */
    struct gaps g;
    gaps_find(&pack->assess, e, own, &g);
    assert_int_equal(g.n_ranked, 0);
    assert_int_equal(g.n, e->n_items);
    for (size_t i = 0; i < g.n; i++) {
        assert_int_equal(g.items[i].gap, 0);
        assert_int_equal(g.items[i].priority, 0);
        assert_true(g.items[i].required >= 1);
    }
}

/* What somebody else does weighs less than what one does oneself. */
static void test_who_weighs(UNUSED void **state) {
    struct own own[ASSESS_MAX_ITEMS];
    const struct expectation *e = begin("persona-c", own);
    struct own *k = of(e, own, "K-002");
    k->current = 0;
    size_t i = (size_t)expectation_find(e, "K-002");
    assert_int_equal(gap_of(&pack->assess, e, i, k).priority, 2 * 3 + 2 + 1);
    k->who = INVOLVED_SUPPORT;
    assert_int_equal(gap_of(&pack->assess, e, i, k).priority, 1 * 3 + 1 + 1);
    k->who = INVOLVED_OUTSOURCE;
    assert_int_equal(gap_of(&pack->assess, e, i, k).priority, 2 * 3 + 0 + 1);
    assert_int_equal(gap_of(&pack->assess, e, i, k).reasons, GAP_BECAUSE_BASE);
}

static enum confidence closes(const struct resource *r, const char *id) {
    for (size_t i = 0; i < r->closes.n; i++) {
        if (strcmp(r->closes.items[i].id, id) == 0) {
            return r->closes.items[i].confidence;
        }
    }
    return CONF__COUNT;
}

/* Every item of every persona can be learnt with something, the surest first, none twice. */
static void test_resources(UNUSED void **state) {
    for (size_t t = 0; t < pack->n_tks; t++) {
        size_t found[32];
        size_t n = gap_resources(pack, &pack->tks[t], found, ARRAY_LEN(found));
        assert_true(n >= 1);
        for (size_t i = 1; i < n; i++) {
            assert_true(closes(&pack->resources[found[i - 1]], pack->tks[t].id) <=
                        closes(&pack->resources[found[i]], pack->tks[t].id));
            for (size_t k = 0; k < i; k++) {
                assert_int_not_equal(found[i], found[k]);
            }
        }
        size_t two[2];
        assert_int_equal(gap_resources(pack, &pack->tks[t], two, 2), n < 2 ? n : 2);
        assert_int_equal(two[0], found[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),     cmocka_unit_test(test_required),
        cmocka_unit_test(test_not_counted), cmocka_unit_test(test_who_weighs),
        cmocka_unit_test(test_resources),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
