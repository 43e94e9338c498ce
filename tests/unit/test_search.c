/* Search over the pack: how good a hit is comes first, then which text, then the pack's order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/pack.h"
#include "content/search.h"

#define NO_RANK 9
#define THEME   3 /* weight of a text, by what it is: name, label, hint, theme */

static struct pack *pack;
static struct arena arena;

static int load(void **state) {
    (void)state;
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    faults_free(&faults);
    return pack ? 0 : -1;
}

static int unload(void **state) {
    (void)state;
    pack_free(pack);
    arena_free(&arena);
    return 0;
}

static int forget(void **state) {
    (void)state;
    arena_reset(&arena);
    return 0;
}

/* ---- the same once more, slowly: rank * 10 + which text; less is better ---- */

static void take_text(const char *text, const char *query, int what, int *best) {
    const char *folded = text_fold(&arena, text);
    const char *at = text_find(folded, query, false);
    int rank = !at                          ? NO_RANK
               : what == THEME              ? 2
               : strcmp(folded, query) == 0 ? 0
               : at == folded               ? 1
                                            : 2;
    int points = rank * 10 + what;
    *best = rank < NO_RANK && points < *best ? points : *best;
}

static int points_of(const struct tks *t, const char *query) {
    int best = NO_RANK * 10;
    for (int i = 0; i < LANG__COUNT; i++) {
        take_text(t->name.in[i], query, 0, &best);
        take_text(t->label.in[i], query, 1, &best);
        take_text(t->hint.in[i], query, 2, &best);
        take_text(pack->themes[t->theme].name.in[i], query, THEME, &best);
    }
    return best;
}

/* All that have the words are found, no others, and in the right order. */
static void check_query(const char *text, unsigned *ranks, size_t *ties) {
    const char *query = text_fold(&arena, text);
    const size_t *items;
    size_t n = search_tks(pack->search, &arena, query, &items);
    size_t all = 0;
    for (size_t i = 0; i < pack->n_tks; i++) {
        all += points_of(&pack->tks[i], query) < NO_RANK * 10;
    }
    assert_int_equal(n, all);
    for (size_t i = 0; i < n; i++) {
        int points = points_of(&pack->tks[items[i]], query);
        *ranks |= 1u << points / 10;
        int before = i > 0 ? points_of(&pack->tks[items[i - 1]], query) : -1;
        bool tie = before == points;
        *ties += tie;
        if (points < before || points == NO_RANK * 10 || (tie && items[i] <= items[i - 1])) {
            fail_msg("\"%s\": %s stands behind %s", text, pack->tks[items[i]].id,
                     pack->tks[items[i - 1]].id);
        }
    }
}

static void test_order(void **state) {
    (void)state;
    static const char *const words[] = {"セキュリティログ",
                                        "セキュリティ",
                                        "ログ",
                                        "リスク",
                                        "管理",
                                        "初動対応",
                                        "トリアージ",
                                        "log",
                                        "incident",
                                        "risk",
                                        "triage",
                                        "security",
                                        "first response",
                                        "アラート",
                                        "ガイドラ",
                                        "a",
                                        "の",
                                        "インシデント",
                                        "リスクマネジメント",
                                        "risk management",
                                        "Backups",
                                        "バックアップ"};
    size_t ties = 0;
    unsigned ranks = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        check_query(words[i], &ranks, &ties);
    }
    for (size_t i = 0; i < pack->n_tks; i++) {
        for (int k = 0; k < LANG__COUNT; k++) {
            check_query(pack->tks[i].label.in[k], &ranks, &ties);
            check_query(text_clip(&arena, pack->tks[i].name.in[k], 5), &ranks, &ties);
        }
    }
    assert_int_equal(ranks, 7); /* there were hits of each rank … */
    assert_true(ties > 100);    /* … and equals, in the order of the pack */
}

/* One query each whose hits are of several ranks. */
static void test_ranks(void **state) {
    (void)state;
    static const struct {
        const char *query;
        const char *ids; /* the first ones */
    } rows[] = {
        {"セキュリティログ", "K-033 K-011"},         /* is a label; stands inside one */
        {"リスク", "K-006 T-005 K-004 S-002 S-007"}, /* begins a name; inside, in their order */
        {"トリアージ", "T-024 S-008 T-009 S-031"},   /* two begin with it, two have it inside */
        {"risk management", "K-006"},                /* is a label in English */
        {"k-006", ""},                               /* ids are names, not texts */
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const size_t *items;
        size_t n = search_tks(pack->search, &arena, text_fold(&arena, rows[i].query), &items);
        const char *got = "";
        for (size_t k = 0; k < n && strlen(got) < strlen(rows[i].ids); k++) {
            got = arena_printf(&arena, "%s%s%s", got, *got ? " " : "", pack->tks[items[k]].id);
        }
        assert_string_equal(got, rows[i].ids);
    }
}

static const char *names_of(const struct found *found, size_t n) {
    static const char letters[] = "-trpmKRLE";
    const char *out = "";
    for (size_t i = 0; i < n && i < 6; i++) {
        size_t k = found[i].index;
        const char *id = found[i].kind == FOUND_TOPIC      ? pack->topics[k].id
                         : found[i].kind == FOUND_ROLE     ? pack->roles[k].mark
                         : found[i].kind == FOUND_PERSONA  ? pack->personas[k].id
                         : found[i].kind == FOUND_TERM     ? pack->terms[k].id
                         : found[i].kind == FOUND_TKS      ? pack->tks[k].id
                         : found[i].kind == FOUND_RESOURCE ? pack->resources[k].id
                                                           : pack->links[k].id;
        out = arena_printf(&arena, "%s%s%c:%s", out, *out ? " " : "", letters[found[i].kind], id);
    }
    return out;
}

/* Names: those called just so, then by what begins, then by what is inside; kinds in their order.
 */
static void test_names(void **state) {
    (void)state;
    static const struct {
        const char *query;
        const char *found;
    } rows[] = {
        {"CYDER", "m:gl-cyder R:res-cyder L:ln-cyder m:gl-precyder R:res-precyder"},
        {"プレCYDER", "m:gl-precyder R:res-precyder"},
        {"ITパスポート", "R:res-ip L:ln-ip"},
        {"ipa", "L:ln-ip L:ln-sg"},
        {"法務", "r:⑩ p:persona-c"},
        {"zzzzz", ""},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct found *found;
        size_t n = search_names(pack->search, &arena, text_fold(&arena, rows[i].query), &found);
        assert_string_equal(names_of(found, n), rows[i].found);
    }
}

/* One mistake for each five characters; the fewest first; too short is nothing. */
static void test_similar(void **state) {
    (void)state;
    static const struct {
        const char *query;
        const char *found;
    } rows[] = {
        {"リスクマネジメソト", "K:K-006"},
        {"forencics", "r:⑦ m:gl-forensics"},
        {"しゃどうくらうと", "m:gl-shadowcloud"},
        {"ITパスボート", "R:res-ip L:ln-ip"},
        {"risk mamagement", "K:K-006 m:gl-isms R:res-sg L:ln-sg"}, /* one; three */
        {"risk mamagememt", "K:K-006"},                            /* two in fourteen */
        {"rosk mamagememt", "K:K-006"},                            /* three in fifteen */
        {"rosk namagememt", ""},                                   /* four */
        {"tria", ""}, /* four characters: none allowed */
        {"zzzzzzzzzz", ""},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct found *found;
        size_t n = search_similar(pack->search, &arena, text_fold(&arena, rows[i].query), &found);
        assert_string_equal(names_of(found, n), rows[i].found);
    }
}

/* A name of a resource or a link is no answer of its own; an exam is found in a sentence. */
static void test_exams(void **state) {
    (void)state;
    size_t exam = 99;
    assert_int_equal(search_name(pack->search, text_fold(&arena, "セキュマネ")).kind,
                     FOUND_NOTHING);
    assert_non_null(search_exam(pack->search, text_fold(&arena, "SGの範囲"), &exam));
    assert_string_equal(pack->exams[exam].code, "SG");
    assert_non_null(
        search_exam(pack->search, text_fold(&arena, "what does the ip exam cover"), &exam));
    assert_string_equal(pack->exams[exam].code, "IP");
    assert_null(search_exam(pack->search, text_fold(&arena, "skip the tips"), &exam));
    assert_null(search_exam(pack->search, "", &exam));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_order, forget),
        cmocka_unit_test_teardown(test_ranks, forget),
        cmocka_unit_test_teardown(test_names, forget),
        cmocka_unit_test_teardown(test_similar, forget),
        cmocka_unit_test_teardown(test_exams, forget),
    };
    return cmocka_run_group_tests_name("search", tests, load, unload);
}
