/* Frameworks from files: what is read, what is refused and how, what is found in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/imported.h"

static struct arena arena;
static struct faults faults;
static struct import_set set;

static int setup(UNUSED void **state) {
    faults = (struct faults){.n = 0};
    return 0;
}

static int teardown(UNUSED void **state) {
    faults_free(&faults);
    arena_free(&arena);
    arena = (struct arena){0};
    return 0;
}

#define E(type, id, title, text)                                                                   \
    "{\"element_type\":\"" type "\",\"element_identifier\":\"" id "\",\"title\":\"" title          \
    "\",\"text\":\"" text "\"}"
#define REL(from, to)                                                                              \
    "{\"source_element_identifier\":\"" from "\",\"dest_element_identifier\":\"" to "\"}"
#define DOCUMENT "\"documents\":[{\"name\":\"A made-up NICE Framework\",\"version\":\"2.3.0\"}]"
#define ELEMENTS                                                                                   \
    "\"elements\":[" E("work_role", "PD-WRL-001", "Night Watch", "Watches at night.") "," E(       \
        "task", "T0001", "",                                                                       \
        "Light the lamps") "," E("skill", "S0001", "",                                             \
                                 "Skill in lamps") "," E("category", "PD", "PROTECTION",           \
                                                         "x") "," E("knowledge", "K0001", "",      \
                                                                    "Knowledge of oil") "]"
#define RELATIONS "\"relationships\":[" REL("PD-WRL-001", "T0001") "," REL("PD", "PD-WRL-001") "]"
#define WHOLE     "{\"response\":{\"elements\":{" DOCUMENT "," ELEMENTS "," RELATIONS "}}}"

static bool nice(const char *json) {
    return import_read_nice(&arena, json, strlen(json), "nice.json", &set, &faults);
}

static void test_nice(UNUSED void **state) {
    assert_true(nice(WHOLE));
    assert_int_equal(set.n_items, 4);
    assert_string_equal(set.version, "2.3.0");
    static const size_t counts[IMPORT__COUNT] = {1, 1, 1, 1};
    assert_memory_equal(set.counts, counts, sizeof(counts));
    const struct import_item *lamps = imported_find(&set, "t0001");
    assert_non_null(lamps);
    assert_string_equal(lamps->text, "Light the lamps");
    assert_true(imported_of_role(lamps, "PD-WRL-001"));
    assert_false(imported_of_role(lamps, "PD-WRL-00"));
    assert_false(imported_of_role(lamps, ""));
    assert_string_equal(imported_find(&set, "K0001")->roles, "");
    assert_null(imported_find(&set, "PD"));
    assert_null(imported_find(&set, ""));
    /* The lists at the top, as in version 2.0. */
    assert_true(nice("{" DOCUMENT "," ELEMENTS "," RELATIONS "}"));
    assert_int_equal(set.n_items, 4);
}

struct bad {
    const char *name;
    const char *text;
    const char *where;
    const char *what;
};

static void expect(const struct bad *b, bool taken) {
    bool found = false;
    for (size_t i = 0; i < faults.n; i++) {
        found = found ||
                (strstr(faults.items[i].where, b->where) && strstr(faults.items[i].what, b->what));
    }
    if (taken || !found) {
        for (size_t i = 0; i < faults.n; i++) {
            print_error("  %s: %s\n", faults.items[i].where, faults.items[i].what);
        }
        fail_msg("%s: %s", b->name, taken ? "taken" : "other faults");
    }
    faults_free(&faults);
    faults = (struct faults){.n = 0};
}

static void test_bad_nice(UNUSED void **state) {
    static const struct bad cases[] = {
        {"nothing", "", "line 1", "expected NIST"},
        {"cut off", "{\"response\":{\"elements\":{", "line 1", "expected NIST"},
        {"something else", "{\"items\":[]}", "$.elements", "missing"},
        {"a list", "[1]", "$.elements", "missing"},
        {"too old",
         "{\"documents\":[{\"name\":\"NICE Framework\",\"version\":\"1.0.0\"}]," ELEMENTS
         "," RELATIONS "}",
         "version", "too old"},
        {"another framework",
         "{\"documents\":[{\"name\":\"CSF\",\"version\":\"2.0\"}]," ELEMENTS "," RELATIONS "}",
         "name", "not the NICE Framework"},
        {"old ids", "{" DOCUMENT ",\"elements\":[" E("task", "T1", "", "x") "]," RELATIONS "}",
         "element_identifier", "no id of a task"},
        {"twice",
         "{" DOCUMENT ",\"elements\":[" E("task", "T0001", "", "x") "," E("task", "T0001", "",
                                                                          "y") "]," RELATIONS "}",
         "elements", "duplicate id \"T0001\""},
        {"no text", "{" DOCUMENT ",\"elements\":[" E("task", "T0001", "", "") "]," RELATIONS "}",
         "text", ""},
        {"no skills", "{" DOCUMENT ",\"elements\":[" E("task", "T0001", "", "x") "]," RELATIONS "}",
         "elements", "has no skill"},
        {"no relations", "{" DOCUMENT "," ELEMENTS "}", "relationships", "missing"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        expect(&cases[i], nice(cases[i].text));
    }
    for (size_t n = 0; n + 1 < strlen(WHOLE); n++) { /* cut off anywhere */
        assert_false(import_read_nice(&arena, WHOLE, n, "nice.json", &set, &faults));
        assert_true(faults.n > 0);
        faults_free(&faults);
        faults = (struct faults){.n = 0};
    }
}

#define HEADER "role,kind,statement,nice\n"

static bool sheet(const char *csv) {
    return import_read_framework(&arena, csv, strlen(csv), "sheet.csv", &set, &faults);
}

static void test_sheet(UNUSED void **state) {
    assert_true(sheet("\xef\xbb\xbfrole,kind,statement,nice\r\n"
                      "7,task,\"記録を,\n「\"\"\"\"」集める\",T0084 T0085\r\n"
                      "\r\n 13 , skill ,読む,\r\n"
                      "1,knowledge,最後の行は改行なし,"));
    assert_int_equal(set.n_items, 3);
    assert_string_equal(set.items[0].text, "記録を,\n「\"\"」集める");
    assert_string_equal(set.items[0].code, "T0084 T0085");
    assert_string_equal(set.items[0].roles, "7");
    assert_string_equal(set.items[1].text, "読む");
    assert_true(imported_of_role(&set.items[1], "13"));
    assert_false(imported_of_role(&set.items[1], "1"));
    assert_int_equal(set.counts[IMPORT_KNOWLEDGE], 1);
}

static void test_bad_sheet(UNUSED void **state) {
    static const struct bad cases[] = {
        {"empty", "", "line 1", "first line must be"},
        {"other header", "role;kind;statement;nice\n7;task;x;\n", "line 1", "first line must be"},
        {"header alone", HEADER, "line 2", "no rows"},
        {"role 14", HEADER "14,task,x,\n", "line 2, column role", "1 to 13"},
        {"role 7b", HEADER "7,task,x,\n7b,task,x,\n", "line 3, column role", "1 to 13"},
        {"kind", HEADER "7,job,x,\n", "line 2, column kind", "task, knowledge or skill"},
        {"no statement", HEADER "7,task,,\n", "line 2, column statement", "a text"},
        {"ids", HEADER "7,task,x,t1\n", "line 2, column nice", "ids such as"},
        {"three fields", HEADER "7,task,x\n", "line 2", "4 fields"},
        {"five fields", HEADER "7,task,x,,\n", "line 2", "4 fields"},
        {"open quotation", HEADER "7,task,\"x,\n7,task,y,\n", "line 2", "not closed"},
        {"a line in a field", HEADER "7,task,\"a\nb\",\n0,task,x,\n", "line 4", "1 to 13"},
        {"no UTF-8", HEADER "7,task,\x82\xa0,\n", "line 1", "not UTF-8"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        expect(&cases[i], sheet(cases[i].text));
    }
}

static const char *found(const char *words, size_t max) {
    size_t items[8];
    size_t n = imported_search(&set, text_fold(&arena, words), items, max);
    const char *out = "";
    for (size_t i = 0; i < n; i++) {
        out = arena_printf(&arena, "%s%s%s", out, i > 0 ? " " : "", set.items[items[i]].code);
    }
    return out;
}

/* The whole, its beginning, within; then in the order of the file; never more than asked for. */
static void test_search(UNUSED void **state) {
    assert_true(
        nice("{" DOCUMENT ",\"elements\":[" E("task", "T0001", "", "Keep an oil lamp") "," E(
            "task", "T0002",
            "", "Oil lamp care") "," E("task", "T0003", "",
                                       "Oil lamp") "," E("work_role", "PD-WRL-002", "Old oil lamp",
                                                         "oil lamp") "," E("skill", "S0001", "",
                                                                           "Skill") "," E("knowledg"
                                                                                          "e",
                                                                                          "K0001",
                                                                                          "",
                                                                                          "Knowledg"
                                                                                          "e") "]"
                                                                                               "," RELATIONS
                                                                                               "}"));
    assert_string_equal(found("OIL lamp", 8), "T0003 T0002 PD-WRL-002 T0001");
    assert_string_equal(found("oil lamp", 2), "T0003 T0002");
    assert_string_equal(found("old", 8), "PD-WRL-002");
    assert_string_equal(found("nothing", 8), "");
    assert_string_equal(found("", 8), "");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH(test_nice),      WITH(test_bad_nice), WITH(test_sheet),
        WITH(test_bad_sheet), WITH(test_search),
    };
    return cmocka_run_group_tests_name("imported", tests, NULL, NULL);
}
