/* Scoring: the worked examples of tests/data, ties, thresholds, and a second implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/json.h"
#include "content/pack.h"
#include "content/score.h"

#define VECTORS    "tests/data/vectors.json"
#define ROUNDS     20000
#define MAX_PICKED 64

static struct pack *pack;
static cJSON *source; /* the questionnaire as plain JSON, for the second implementation */

static int load(void **state) {
    (void)state;
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    const struct embedded_file *f = embed_find("content/pack/questionnaire.json");
    struct json_error err;
    source = f ? json_parse(f->data, (size_t)(f->end - f->data), 1 << 20, &err) : NULL;
    faults_free(&faults);
    return pack && source ? 0 : -1;
}

static int unload(void **state) {
    (void)state;
    pack_free(pack);
    cJSON_Delete(source);
    return 0;
}

static cJSON *read_vectors(void) {
    FILE *f = fopen(VECTORS, "rbe");
    if (!f) {
        fail_msg("%s cannot be opened; tests run from the project root", VECTORS);
        return NULL; /* fail_msg does not return */
    }
    static char text[65536];
    size_t n = fread(text, 1, sizeof(text), f);
    fclose(f);
    struct json_error err;
    cJSON *root = json_parse(text, n, sizeof(text), &err);
    assert_non_null(root);
    return root;
}

/* Chooses the option of that id, wherever it is. */
static void choose(struct score_input *in, const char *id) {
    for (size_t q = 0; q < pack->form->n_questions; q++) {
        int o = form_find_option(&pack->form->questions[q], id);
        if (o >= 0) {
            in->chosen[q] |= 1u << o;
            return;
        }
    }
    fail_msg("no option \"%s\"", id);
}

/* Ids separated by one space. */
static struct score score_ids(const char *ids) {
    struct score_input in = {{0}};
    struct score s;
    while (*ids) {
        char id[32];
        size_t n = strcspn(ids, " ");
        snprintf(id, sizeof(id), "%.*s", (int)n, ids);
        choose(&in, id);
        ids += n + (ids[n] == ' ');
    }
    score_answers(pack->form, &in, &s);
    return s;
}

static const char *outcome(int i) {
    return i < 0 ? "" : pack->form->outcomes[i];
}

static void join(const int *outcomes, size_t n, char out[256]) {
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        len +=
            (size_t)snprintf(out + len, 256 - len, "%s%s", i > 0 ? " " : "", outcome(outcomes[i]));
    }
}

static void expect(const char *which, const char *what, const char *got, const char *want) {
    if (strcmp(got, want) != 0) {
        fail_msg("%s: %s is \"%s\", not \"%s\"", which, what, got, want);
    }
}

static void test_vectors(void **state) {
    (void)state;
    cJSON *root = read_vectors();
    assert_string_equal(json_string(root, "form"), pack->form->id);
    const cJSON *vectors = json_member(root, "vectors");
    assert_int_equal(cJSON_GetArraySize(vectors), 15);
    const cJSON *v;
    cJSON_ArrayForEach(v, vectors) {
        struct score_input in = {{0}};
        struct score s;
        const cJSON *a;
        cJSON_ArrayForEach(a, json_member(v, "answers")) {
            choose(&in, a->valuestring);
        }
        score_answers(pack->form, &in, &s);
        char want[256] = "";
        size_t len = 0;
        const cJSON *x;
        cJSON_ArrayForEach(x, json_member(v, "secondary")) {
            len += (size_t)snprintf(want + len, sizeof(want) - len, "%s%s", len > 0 ? " " : "",
                                    x->valuestring);
        }
        char got[256];
        join(s.second, s.n_second, got);
        const char *id = json_string(v, "id");
        const char *primary = json_string(v, "primary");
        expect(id, "primary", outcome(s.primary), primary ? primary : "");
        expect(id, "secondary", got, want);
    }
    cJSON_Delete(root);
}

static void test_ties_and_thresholds(void **state) {
    (void)state;
    static const struct {
        const char *answers;
        const char *primary;
        const char *second;
        const char *tied;
    } cases[] = {
        {"", "", "", ""},
        {"q1-it", "", "", ""}, /* one point is below min_top */
        {"q2-procure", "persona-c", "", ""},
        {"q4-rules q5-first", "persona-b", "persona-e", "persona-b persona-e"},
        {"q5-outside q5-first q4-rules", "persona-b", "persona-e persona-c",
         "persona-b persona-e persona-c"},
        {"q5-contactnet q5-outside", "persona-c", "adj-hr", "persona-c adj-hr"},
        {"q5-contactnet q6-dev", "adj-dev", "adj-hr", ""},
        /* Equal seconds stand in the order that settles ties: b has 4, pr and hr 3. */
        {"q4-rules q5-pr q5-contactnet", "persona-b", "adj-pr adj-hr", ""},
        /* Half the top is enough: c 6, b 3; below half it is not: c 7, b 3. */
        {"q2-procure q2-nda q2-edu q4-rules", "persona-c", "persona-b", ""},
        {"q1-nonit q2-procure q2-nda q2-edu q4-rules", "persona-c", "", ""},
        /* Two points are not enough for a second, however close the top is. */
        {"q3-log q5-contactnet", "adj-hr", "", ""},
        {"q2-procure q3-log", "persona-e", "", "persona-e persona-c"},
        /* More points come first among the seconds, whatever the order of ties. */
        {"q4-rules q4-vendor q5-first q6-dev", "persona-b", "adj-dev persona-e", ""},
        {"q2-none q3-none q4-none q5-none", "", "", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct score s = score_ids(cases[i].answers);
        char list[256];
        expect(cases[i].answers, "primary", outcome(s.primary), cases[i].primary);
        join(s.second, s.n_second, list);
        expect(cases[i].answers, "secondary", list, cases[i].second);
        join(s.tied, s.n_tied, list);
        expect(cases[i].answers, "tied", list, cases[i].tied);
    }
}

/* ---- the same rule a second time, over the JSON and by persona id, as in check.py ---- */

struct tally {
    const char *id; /* in the order that settles ties */
    int points;
};

struct verdict {
    char primary[64];
    char second[256];
};

static void add_weights(struct tally *t, size_t n, const cJSON *option) {
    const cJSON *w;
    cJSON_ArrayForEach(w, json_member(option, "weights")) {
        for (size_t i = 0; i < n; i++) {
            t[i].points += strcmp(t[i].id, w->string) == 0 ? (int)w->valuedouble : 0;
        }
    }
}

static size_t add_up(const char *const *picked, size_t n_picked, struct tally *t) {
    size_t n = 0;
    const cJSON *x;
    cJSON_ArrayForEach(x, json_member(source, "outcomes")) {
        t[n++] = (struct tally){.id = x->valuestring};
    }
    const cJSON *q;
    const cJSON *o;
    cJSON_ArrayForEach(q, json_member(source, "questions")) {
        cJSON_ArrayForEach(o, json_member(q, "options")) {
            for (size_t i = 0; i < n_picked; i++) {
                if (strcmp(json_string(o, "id"), picked[i]) == 0) {
                    add_weights(t, n, o);
                }
            }
        }
    }
    return n;
}

/* Selection by repeated search for the best left: first the primary, then the seconds in order. */
static void judge(const char *const *picked, size_t n_picked, struct verdict *ret) {
    struct tally t[FORM_MAX_OUTCOMES];
    size_t n = add_up(picked, n_picked, t);
    int top = -1;
    size_t len = 0;
    *ret = (struct verdict){{0}, {0}};
    for (size_t round = 0; round < n; round++) {
        struct tally *best = NULL;
        for (size_t i = 0; i < n; i++) {
            best = t[i].points >= 0 && (!best || t[i].points > best->points) ? &t[i] : best;
        }
        if (!best) {
            return;
        }
        if (round == 0) {
            top = best->points;
            if (top < 2) {
                return;
            }
            snprintf(ret->primary, sizeof(ret->primary), "%s", best->id);
        } else if (best->points >= 3 && best->points * 2 >= top) {
            len += (size_t)snprintf(ret->second + len, sizeof(ret->second) - len, "%s%s",
                                    len > 0 ? " " : "", best->id);
        }
        best->points = -1;
    }
}

static void test_against_second_implementation(void **state) {
    (void)state;
    assert_int_equal(cJSON_GetNumberValue(json_member(source, "min_top")), 2);
    assert_int_equal(cJSON_GetNumberValue(json_member(source, "min_second")), 3);
    assert_int_equal(cJSON_GetNumberValue(json_member(source, "second_divisor")), 2);
    srandom(20260403);
    size_t undecided = 0;
    size_t with_second = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const char *picked[MAX_PICKED];
        size_t n_picked = 0;
        struct score_input in = {{0}};
        long one_in = 1 + random() % 6; /* sparse and dense sets alike */
        for (size_t q = 0; q < pack->form->n_questions; q++) {
            for (size_t o = 0; o < pack->form->questions[q].n_options; o++) {
                if (random() % one_in == 0) {
                    in.chosen[q] |= 1u << o;
                    picked[n_picked++] = pack->form->questions[q].options[o].id;
                }
            }
        }
        struct score s;
        struct verdict v;
        char second[256];
        score_answers(pack->form, &in, &s);
        judge(picked, n_picked, &v);
        join(s.second, s.n_second, second);
        assert_string_equal(outcome(s.primary), v.primary);
        assert_string_equal(second, v.second);
        undecided += s.primary < 0;
        with_second += s.n_second > 0;
    }
    /* The sets must have been worth comparing. */
    assert_true(undecided > 20 && with_second > 2000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_ties_and_thresholds),
        cmocka_unit_test(test_against_second_implementation),
    };
    return cmocka_run_group_tests_name("score", tests, load, unload);
}
