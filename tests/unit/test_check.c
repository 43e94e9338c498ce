/* What the content linter finds: a good pack with one edit must name file, place and reason. */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "content/pack.h"

#define PACK      "content/pack/"
#define MAX_BYTES ((size_t)256 * 1024)
#define FIFTY     "123456789-123456789-123456789-123456789-123456789-"
#define OVERSIZE  ((size_t)4 * 1024 * 1024 + 1)

enum edit_kind { EDIT_REPLACE, EDIT_REMOVE, EDIT_TRUNCATE, EDIT_PAD, EDIT_DIRECTORY };

struct edit {
    const char *name;
    enum edit_kind kind;
    const char *file;
    const char *find; /* the first place of it is replaced; for EDIT_TRUNCATE cut there */
    const char *put;
    const char *where; /* parts of the fault */
    const char *what;
};

static char dir[64];
static struct faults faults;

/* ---- fixture: a copy of the pack in a directory of its own ---- */

static const char *path_of(const char *file) {
    static char path[160];
    snprintf(path, sizeof(path), "%s/%s", dir, file);
    return path;
}

static void write_file(const char *file, const char *data, size_t n) {
    FILE *f = fopen(path_of(file), "wbe");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static size_t read_file(const char *file, char out[MAX_BYTES]) {
    FILE *f = fopen(path_of(file), "rbe");
    assert_non_null(f);
    size_t n = fread(out, 1, MAX_BYTES - 1, f);
    assert_true(n < MAX_BYTES - 1);
    out[n] = '\0';
    fclose(f);
    return n;
}

static int copy_pack(void **state) {
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/kizuki-check-XXXXXX");
    faults = (struct faults){0};
    if (!mkdtemp(dir)) {
        return -1;
    }
    size_t copied = 0;
    for (const struct embedded_file *f = embedded_files; f->path; f++) {
        if (strncmp(f->path, PACK, strlen(PACK)) == 0) {
            write_file(f->path + strlen(PACK), f->data, (size_t)(f->end - f->data));
            copied++;
        }
    }
    return copied == 12 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static int drop_pack(void **state) {
    (void)state;
    faults_free(&faults);
    return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- edits ---- */

static void replace(const struct edit *e) {
    static char text[MAX_BYTES];
    static char out[MAX_BYTES * 2];
    read_file(e->file, text);
    char *at = strstr(text, e->find);
    if (!at) {
        fail_msg("%s: the edit no longer applies to %s", e->name, e->file);
        return;
    }
    *at = '\0';
    const char *rest = e->kind == EDIT_TRUNCATE ? "" : at + strlen(e->find);
    int n =
        snprintf(out, sizeof(out), "%s%s%s", text, e->kind == EDIT_TRUNCATE ? "" : e->put, rest);
    assert_true(n >= 0 && (size_t)n < sizeof(out));
    write_file(e->file, out, (size_t)n);
}

static void apply(const struct edit *e) {
    switch (e->kind) {
    case EDIT_REMOVE:
        assert_int_equal(unlink(path_of(e->file)), 0);
        break;
    case EDIT_DIRECTORY:
        assert_int_equal(unlink(path_of(e->file)), 0);
        assert_int_equal(mkdir(path_of(e->file), 0700), 0);
        break;
    case EDIT_PAD: { /* still good JSON, only too much of it */
        FILE *f = fopen(path_of(e->file), "abe");
        assert_non_null(f);
        for (size_t i = 0; i < OVERSIZE; i++) {
            putc(' ', f);
        }
        assert_int_equal(fclose(f), 0);
        break;
    }
    default:
        replace(e);
        break;
    }
}

static bool is_the_fault(const struct fault *f, const struct edit *e) {
    return strstr(f->file, e->file) && strstr(f->where, e->where) && strstr(f->what, e->what);
}

static void expect_fault(const struct edit *e) {
    apply(e);
    struct pack *pack = pack_load(dir, &faults);
    bool found = false;
    for (size_t i = 0; i < faults.n; i++) {
        found = found || is_the_fault(&faults.items[i], e);
    }
    if (pack || !found) {
        for (size_t i = 0; i < faults.n; i++) {
            print_error("  %s %s: %s\n", faults.items[i].file, faults.items[i].where,
                        faults.items[i].what);
        }
        fail_msg("%s: %s, expected %s %s: %s", e->name, pack ? "the pack loaded" : "other faults",
                 e->file, e->where, e->what);
    }
}

static void expect_all(const struct edit *edits, size_t n) {
    for (size_t i = 0; i < n; i++) {
        expect_fault(&edits[i]);
        assert_int_equal(drop_pack(NULL), 0);
        assert_int_equal(copy_pack(NULL), 0);
    }
}

/* ---- the tests ---- */

static void test_unchanged(void **state) {
    (void)state;
    struct pack *pack = pack_load(dir, &faults);
    assert_int_equal(faults.n + faults.dropped, 0);
    assert_non_null(pack);
    assert_int_equal(pack->n_tks, 92);
    pack_free(pack);
}

static void test_files(void **state) {
    (void)state;
    static const struct edit edits[] = {
        {"comma lost", EDIT_REPLACE, "roles.json", "\"mark\": \"①\",", "\"mark\": \"①\"", "line 2",
         "not JSON"},
        {"cut off", EDIT_TRUNCATE, "tks.json", "\"K-020\"", "", "line ", "not JSON"},
        {"emptied", EDIT_TRUNCATE, "links.json", "{", "", "line 1", "not JSON"},
        {"text behind the value", EDIT_REPLACE, "questionnaire.json", "\"q6-dev\",",
         "\"q6-dev\" x,", "line ", "not JSON"},
        {"missing", EDIT_REMOVE, "glossary.json", "", "", "file", "missing"},
        {"questionnaire missing", EDIT_REMOVE, "questionnaire.json", "", "", "file", "missing"},
        {"directory", EDIT_DIRECTORY, "basics.json", "", "", "file", "not a regular file"},
        {"oversize", EDIT_PAD, "personas.json", "", "", "file", "larger than 4 MiB"},
        {"invalid UTF-8", EDIT_REPLACE, "messages.json", "どういたしまして", "\xff\xfe", "line ",
         "not valid UTF-8"},
        {"surrogate half", EDIT_REPLACE, "basics.json", "進め方", "\xed\xa0\x80", "line ",
         "not valid UTF-8"},
        {"NUL escape", EDIT_REPLACE, "roles.json", "\"mark\": \"①\"", "\"mark\": \"a\\u0000b\"",
         "line ", "\\u0000"},
        {"list for an object", EDIT_REPLACE, "links.json", "\"links\": [", "\"lines\": [",
         "$.links", "missing"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_no_directory(void **state) {
    (void)state;
    assert_null(pack_load("/tmp/kizuki-check-none", &faults));
    assert_int_equal(faults.n, 11);
    assert_non_null(strstr(faults.items[0].what, "missing"));
}

static void test_references(void **state) {
    (void)state;
    static const struct edit edits[] = {
        {"tks of a role", EDIT_REPLACE, "roles.json", "\"T-023\"", "\"T-099\"",
         "$.roles[0].tks[0].id", "unknown id \"T-099\""},
        {"persona of a role", EDIT_REPLACE, "roles.json", "\"persona-b\"", "\"persona-x\"",
         "$.roles[0].personas[0].id", "unknown id \"persona-x\""},
        {"tks of a persona", EDIT_REPLACE, "personas.json", "\"tks\": \"T-001\"",
         "\"tks\": \"T-999\"", ".items[", "unknown id \"T-999\""},
        {"neighbour", EDIT_REPLACE, "personas.json", "\"with\": \"", "\"with\": \"x", ".around[",
         "no such persona"},
        {"role of a persona", EDIT_REPLACE, "personas.json", "\"roles\": [\n    {\n     \"id\": ",
         "\"roles\": [\n    {\n     \"id\": 9", ".roles[0].id", "from 1 to 13"},
        {"tks of a term", EDIT_REPLACE, "glossary.json", "\"K-", "\"Z-", "$.terms[", "unknown id"},
        {"role number", EDIT_REPLACE, "roles.json", "\"id\": 2,", "\"id\": 14,", "$.roles[1].id",
         "from 1 to 13"},
        {"roles out of order", EDIT_REPLACE, "roles.json", "\"id\": 2,", "\"id\": 3,",
         "$.roles[1].id", "must be 2"},
        {"theme", EDIT_REPLACE, "tks.json", "\"theme\": \"", "\"theme\": \"x", "$.items[0].theme",
         "unknown id"},
        {"framework", EDIT_REPLACE, "roles.json", "\"itss_plus\"", "\"itss\"", "$.frameworks[0].id",
         "unknown id"},
        {"outcome", EDIT_REPLACE, "questionnaire.json", "\"persona-b\",", "\"persona-d\",", "$.",
         "unknown id \"persona-"},
        {"weight of nobody", EDIT_REPLACE, "questionnaire.json", "\"adj-dev\": 4", "\"adj-x\": 4",
         "options[1].weights.adj-x", "not among the outcomes"},
        {"duplicate tks", EDIT_REPLACE, "tks.json", "\"id\": \"T-002\"", "\"id\": \"T-001\"",
         "$.items[1].id", "duplicate id \"T-001\""},
        {"duplicate persona", EDIT_REPLACE, "personas.json", "\"id\": \"persona-b\",",
         "\"id\": \"persona-c\",", "$.personas[", "duplicate id \"persona-c\""},
        {"duplicate link", EDIT_REPLACE, "links.json", "\"id\": \"ln-handbook\"",
         "\"id\": \"ln-framework\"", "$.links[1].id", "duplicate id"},
        {"duplicate topic", EDIT_REPLACE, "basics.json", "\"id\": \"why-now\"",
         "\"id\": \"plus-security\"", "$.topics[1].id", "duplicate id"},
        {"duplicate term", EDIT_REPLACE, "glossary.json", "\"id\": \"gl-framework\"",
         "\"id\": \"gl-plus-security\"", "$.terms[1].id", "duplicate id"},
        {"duplicate option", EDIT_REPLACE, "questionnaire.json", "\"id\": \"q2-nda\"",
         "\"id\": \"q2-procure\"", "options[1]", "duplicate id \"q2-procure\""},
        {"option id of two words", EDIT_REPLACE, "questionnaire.json", "\"id\": \"q2-nda\"",
         "\"id\": \"two words\"", "$.questions[1].options[1].id", "an id has 1 to 64"},
        {"option id like a mark of the store", EDIT_REPLACE, "questionnaire.json",
         "\"id\": \"q2-nda\"", "\"id\": \":unsure\"", "$.questions[1].options[1].id",
         "an id has 1 to 64"},
        {"none id in capitals", EDIT_REPLACE, "questionnaire.json", "\"id\": \"q2-none\"",
         "\"id\": \"q2-None\"", "$.questions[1].none.id", "an id has 1 to 64"},
        {"question id too long", EDIT_REPLACE, "questionnaire.json", "\"id\": \"q6\"",
         "\"id\": \"q6-" FIFTY "-23456789-123\"", "$.questions[5].id", "an id has 1 to 64"},
        {"form id with a space", EDIT_REPLACE, "questionnaire.json", "\"id\": \"persona\"",
         "\"id\": \"the persona\"", "$.id", "an id has 1 to 64"},
        {"duplicate question", EDIT_REPLACE, "questionnaire.json", "\"id\": \"q5\"",
         "\"id\": \"q4\"", "$.questions[4].id", "duplicate id \"q4\""},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_texts(void **state) {
    (void)state;
    static const struct edit edits[] = {
        {"English missing", EDIT_REPLACE, "roles.json", "\"en\": \"Decision-making and strategy\"",
         "\"xx\": \"\"", "$.roles[0].en", "missing"},
        {"Japanese empty", EDIT_REPLACE, "tks.json", "\"ja\": \"プロジェクトで",
         "\"ja\": \"\", \"x\": \"", "$.items[0].ja", "not empty"},
        {"English of a message", EDIT_REPLACE, "messages.json", "\"en\": \"You're welcome.",
         "\"xx\": \"You're welcome.", "$.thanks.en", "missing"},
        {"Japanese of a choice", EDIT_REPLACE, "questionnaire.json",
         "\"ja\": \"システムのログの確認\"", "\"ja\": \"\"", "$.questions[2].options[1].ja",
         "not empty"},
        {"number for a text", EDIT_REPLACE, "glossary.json", "\"definition\": {\n    \"ja\": \"",
         "\"definition\": {\n    \"ja\": 7, \"x\": \"", "$.terms[0].definition.ja",
         "must be a text"},
        {"text for a number", EDIT_REPLACE, "questionnaire.json", "\"min_top\": 2",
         "\"min_top\": \"2\"", "$.min_top", "whole number"},
        {"half a point", EDIT_REPLACE, "questionnaire.json", "\"adj-dev\": 4", "\"adj-dev\": 1.5",
         "weights.adj-dev", "whole number"},
        {"text for a list", EDIT_REPLACE, "roles.json", "\"itss_plus\": [",
         "\"itss_plus\": \"\", \"x\": [", "$.roles[0].references.itss_plus", "must be a list"},
        {"kind unknown", EDIT_REPLACE, "tks.json", "\"kind\": \"task\"", "\"kind\": \"duty\"",
         "$.items[0].kind", "task, knowledge or skill"},
        {"kind of another id", EDIT_REPLACE, "tks.json", "\"kind\": \"task\"",
         "\"kind\": \"skill\"", "$.items[0].kind", "another kind"},
        {"kind of a persona", EDIT_REPLACE, "personas.json", "\"kind\": \"core\"",
         "\"kind\": \"main\"", "$.personas[0].kind", "core or adjacent"},
        {"kind of a question", EDIT_REPLACE, "questionnaire.json", "\"kind\": \"multi\"",
         "\"kind\": \"many\"", "$.questions[1].kind", "single"},
        {"provenance unknown", EDIT_REPLACE, "links.json", "\"confidence\": \"source\"",
         "\"confidence\": \"sure\"", "$.links[0].confidence", "provenance"},
        {"no page", EDIT_REPLACE, "links.json", "\"source_page\": [\n    6,\n    31\n   ]",
         "\"source_page\": []", "$.links[0].source_page", "missing source"},
        {"no page of a topic", EDIT_REPLACE, "basics.json",
         "\"source_page\": [\n    12,\n    13\n   ]", "\"source_page\": []",
         "$.topics[0].source_page", "missing source"},
        {"page list missing", EDIT_REPLACE, "roles.json", "\"source_page\"", "\"page\"",
         "$.roles[0].source_page", "missing"},
        {"plain http", EDIT_REPLACE, "links.json", "\"https://www.cyber.go.jp/council",
         "\"http://www.cyber.go.jp/council", "$.links[2].url", "https://"},
        {"script for a url", EDIT_REPLACE, "links.json", "\"https://www.cyber.go.jp/council",
         "\"javascript://www.cyber.go.jp/council", "$.links[2].url", "https://"},
        {"date not in the citation", EDIT_REPLACE, "attribution.json", "({date}に利用)\"", "\"",
         "$.citation.ja", "date of use"},
        {"date not in the short form", EDIT_REPLACE, "attribution.json", ", used on {date}.", ".",
         "$.short.en", "date of use"},
        {"date of no month", EDIT_REPLACE, "attribution.json", "\"2026-11-23\"", "\"2026-13-23\"",
         "$.used_on", "date like"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_resources(void **state) {
    (void)state;
    static const char file[] = "resources.json";
    static const struct edit edits[] = {
        {"missing", EDIT_REMOVE, file, "", "", "file", "missing"},
        {"cut off", EDIT_TRUNCATE, file, "\"res-sg\"", "", "line ", "not JSON"},
        {"no list", EDIT_REPLACE, file, "\"resources\": [", "\"others\": [", "$.resources",
         "missing"},
        {"duplicate resource", EDIT_REPLACE, file, "\"id\": \"res-sg\"", "\"id\": \"res-ip\"",
         "$.resources[1].id", "duplicate id \"res-ip\""},
        {"duplicate type", EDIT_REPLACE, file, "\"types\": [",
         "\"types\": [{\"id\": \"exam\", \"ja\": \"a\", \"en\": \"a\"},", "$.types[1].id",
         "duplicate id \"exam\""},
        {"type unknown", EDIT_REPLACE, file, "\"type\": \"exam\"", "\"type\": \"test\"",
         "$.resources[0].type", "unknown id \"test\""},
        {"kind unknown", EDIT_REPLACE, file, "\"kinds\": [\n    \"exam\"",
         "\"kinds\": [\n    \"quiz\"", "$.resources[0].kinds[0]", "must be exam, course"},
        {"no kind", EDIT_REPLACE, file, "\"kinds\": [\n    \"exam\"\n   ]", "\"kinds\": []",
         "$.resources[0].kinds", "at least one kind"},
        {"tks unknown", EDIT_REPLACE, file, "\"tks\": \"K-001\"", "\"tks\": \"K-999\"",
         "$.resources[0].closes[0].tks", "unknown id \"K-999\""},
        {"how sure unknown", EDIT_REPLACE, file,
         "\"tks\": \"K-001\",\n     \"confidence\": \"inferred\"",
         "\"tks\": \"K-001\",\n     \"confidence\": \"maybe\"",
         "$.resources[0].closes[0].confidence", "provenance"},
        {"persona unknown", EDIT_REPLACE, file, "\"id\": \"persona-c\"", "\"id\": \"persona-z\"",
         "$.resources[0].personas[0].id", "unknown id \"persona-z\""},
        {"plain http", EDIT_REPLACE, file, "\"url\": \"https://", "\"url\": \"http://",
         "$.resources[0].url", "https://"},
        {"address of nobody knows where", EDIT_REPLACE, file, "\"url_confidence\": \"proposed\"",
         "\"url_from\": \"proposed\"", "$.resources[0].url_confidence", "provenance"},
        {"no time at all", EDIT_REPLACE, file, "\"minutes\": null", "\"minutes\": 0",
         "$.resources[0].minutes", "whole number from 1"},
        {"time in words", EDIT_REPLACE, file, "\"minutes\": null", "\"minutes\": \"30\"",
         "$.resources[0].minutes", "whole number"},
        {"no summary", EDIT_REPLACE, file, "\"summary\"", "\"about\"", "$.resources[0].summary",
         "missing"},
        {"provider in one language", EDIT_REPLACE, file, "\"provider\": {\n    \"ja\"",
         "\"provider\": {\n    \"jp\"", "$.resources[0].provider.ja", "missing"},
        {"no page", EDIT_REPLACE, file, "\"source_page\": [\n    27,\n    28\n   ]",
         "\"source_page\": []", "$.resources[0].source_page", "missing source"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_exams(void **state) {
    (void)state;
    static const char file[] = "exams.json";
    static const struct edit edits[] = {
        {"missing", EDIT_REMOVE, file, "", "", "file", "missing"},
        {"cut off", EDIT_TRUNCATE, file, "\"sg-02\"", "", "line ", "not JSON"},
        {"no list", EDIT_REPLACE, file, "\"exams\": [", "\"tests\": [", "$.exams", "missing"},
        {"no exam of that id", EDIT_REPLACE, file, "\"resource\": \"res-ip\"",
         "\"resource\": \"res-xx\"", "$.exams[0].resource", "unknown id \"res-xx\""},
        {"no exam at all", EDIT_REPLACE, file, "\"resource\": \"res-ip\"",
         "\"resource\": \"res-books\"", "$.exams[0].resource", "is no exam"},
        {"exam twice", EDIT_REPLACE, file, "\"resource\": \"res-sg\"", "\"resource\": \"res-ip\"",
         "$.exams[1].resource", "duplicate id \"res-ip\""},
        {"no code", EDIT_REPLACE, file, "\"code\": \"IP\"", "\"code\": \"\"", "$.exams[0].code",
         "not empty"},
        {"row twice", EDIT_REPLACE, file, "\"id\": \"ip-02\"", "\"id\": \"ip-01\"",
         "$.exams[0].rows[1].id", "duplicate id \"ip-01\""},
        {"field in one language", EDIT_REPLACE, file, "\"field\": {\n      \"ja\"",
         "\"field\": {\n      \"jp\"", "$.exams[0].rows[0].field.ja", "missing"},
        {"no field", EDIT_REPLACE, file, "\"rows\": [", "\"rows\": [], \"lines\": [",
         "$.exams[0].rows", "at least one field"},
        {"no entry", EDIT_REPLACE, file, "\"entries\": [", "\"entries\": [], \"x\": [",
         "$.exams[0].rows[0].entries", "at least one task"},
        {"item unknown", EDIT_REPLACE, file, "\"tks\": \"K-006\"", "\"tks\": \"K-999\"",
         "$.exams[0].rows[1].entries[0].tks", "unknown id \"K-999\""},
        {"another item than the exam closes", EDIT_REPLACE, file, "\"tks\": \"K-006\"",
         "\"tks\": \"K-030\"", "$.exams[0].rows[1].entries[0].tks", "does not name \"K-030\""},
        {"item that the exam closes is lost", EDIT_REPLACE, file, "\"tks\": \"K-006\"",
         "\"tks\": \"K-016\"", "$.exams[0].rows", "no field has \"K-006\""},
        {"item twice in a field", EDIT_REPLACE, file, "\"tks\": \"S-018\"", "\"tks\": \"K-016\"",
         "$.exams[1].rows[0].entries[1].tks", "in this field twice"},
        {"role that the item is not for", EDIT_REPLACE, file, "\"id\": 3,", "\"id\": 13,",
         "$.exams[1].rows[0].entries[0].roles[0].id", "role 13"},
        {"role out of range", EDIT_REPLACE, file, "\"id\": 3,", "\"id\": 14,",
         "$.exams[1].rows[0].entries[0].roles[0].id", "from 1 to 13"},
        {"how sure unknown", EDIT_REPLACE, file, "\"confidence\": \"source\"",
         "\"confidence\": \"sure\"", "$.exams[0].rows[0].entries[0].confidence", "provenance"},
        {"no page", EDIT_REPLACE, file, "\"source_page\": [\n      28\n     ]",
         "\"source_page\": []", "$.exams[0].rows[0].source_page", "missing source"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_exam_examples(void **state) {
    (void)state;
    static const char file[] = "exams.json";
    static const struct edit edits[] = {
        {"persona of a gap", EDIT_REPLACE, file, "\"id\": \"persona-c\"", "\"id\": \"persona-x\"",
         "$.gaps[0].persona.id", "unknown id \"persona-x\""},
        {"task of a gap", EDIT_REPLACE, file, "\"task\": \"T-021\"", "\"task\": \"T-121\"",
         "$.gaps[0].task", "unknown id \"T-121\""},
        {"kind of a gap", EDIT_REPLACE, file, "\"kind\": \"knowledge\"", "\"kind\": \"wisdom\"",
         "$.gaps[0].kind", "task, knowledge or skill"},
        {"resource of a gap", EDIT_REPLACE, file, "\"resources\": [\n    \"res-ip\"",
         "\"resources\": [\n    \"res-xx\"", "$.gaps[0].resources[0]", "no such learning"},
        {"what a gap's remedy closes", EDIT_REPLACE, file, "\"tks\": \"K-001\"",
         "\"tks\": \"K-901\"", "$.gaps[0].closes[0].tks", "unknown id \"K-901\""},
        {"gap twice", EDIT_REPLACE, file, "\"id\": \"gap-02\"", "\"id\": \"gap-01\"",
         "$.gaps[1].id", "duplicate id \"gap-01\""},
        {"persona of a training", EDIT_REPLACE, file,
         "\"id\": \"tr-b\",\n   \"persona\": {\n    \"id\": \"persona-b\"",
         "\"id\": \"tr-b\",\n   \"persona\": {\n    \"id\": \"persona-y\"",
         "$.trainings[0].persona.id", "unknown id \"persona-y\""},
        {"item of a training", EDIT_REPLACE, file, "\"T-023\"", "\"T-923\"",
         "$.trainings[0].tks[0]", "unknown id \"T-923\""},
        {"resource of a training", EDIT_REPLACE, file, "\"id\": \"res-rp-invest\"",
         "\"id\": \"res-zz\"", "$.trainings[0].resources[0].id", "no such learning"},
        {"training twice", EDIT_REPLACE, file, "\"id\": \"tr-c\"", "\"id\": \"tr-b\"",
         "$.trainings[1].id", "duplicate id \"tr-b\""},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_messages(void **state) {
    (void)state;
    static const struct edit edits[] = {
        {"missing", EDIT_REPLACE, "messages.json", "\"thanks\":", "\"thank\":", "$.thanks",
         "missing message"},
        {"there twice", EDIT_REPLACE, "messages.json", "\"thanks\": {",
         "\"thanks\": {\"ja\": \"a\", \"en\": \"a\"}, \"thanks\": {", "$.thanks", "there twice"},
        {"never said", EDIT_REPLACE, "messages.json", "\"thanks\":", "\"thank\":", "$.thank",
         "unknown id"},
        {"unknown placeholder", EDIT_REPLACE, "messages.json",
         "\"ja\": \"こんにちは。いまの結果は **{persona}**", "\"ja\": \"{name} **{persona}**",
         "$.greet.done.ja", "unknown placeholder \"{name}\""},
        {"brace left open", EDIT_REPLACE, "messages.json", "全部で{total}問です",
         "全部で{total問です", "$.ask.begin.ja", "unknown placeholder"},
        {"misspelt in one language", EDIT_REPLACE, "messages.json", "Your result is **{persona}**",
         "Your result is **{Persona}**", "$.greet.done.en", "unknown placeholder"},
        {"one language only", EDIT_REPLACE, "messages.json", "Your result is **{persona}**",
         "You have a result", "$.greet.done.ja", "one language only"},
        {"one language only, other way", EDIT_REPLACE, "messages.json", "全部で{total}問です",
         "質問です", "$.ask.begin.en", "one language only"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_questionnaire(void **state) {
    (void)state;
    static const struct edit edits[] = {
        {"branch to no option", EDIT_REPLACE, "questionnaire.json",
         "\"options\": [\n     \"q1-nonit\"", "\"options\": [\n     \"q1-other\"",
         "$.questions[1].ask_if.options[0]", "dead branch"},
        {"branch of no option at all", EDIT_REPLACE, "questionnaire.json",
         "\"options\": [\n     \"q1-nonit\"\n    ]", "\"options\": []",
         "$.questions[1].ask_if.options", "dead branch"},
        {"branch to a later question", EDIT_REPLACE, "questionnaire.json", "\"question\": \"q1\"",
         "\"question\": \"q5\"", "$.questions[1].ask_if.question", "only on an earlier one"},
        {"branch to itself", EDIT_REPLACE, "questionnaire.json", "\"question\": \"q1\"",
         "\"question\": \"q2\"", "$.questions[1].ask_if.question", "only on an earlier one"},
        {"branch to nothing", EDIT_REPLACE, "questionnaire.json", "\"question\": \"q1\"",
         "\"question\": \"q9\"", "$.questions[1].ask_if.question", "unknown id \"q9\""},
        {"weights twice", EDIT_REPLACE, "questionnaire.json", "\"adj-dev\": 4",
         "\"adj-dev\": 4, \"adj-dev\": 3", "weights.adj-dev", "there twice"},
        {"weights removed", EDIT_REPLACE, "questionnaire.json", "\"adj-dev\": 4", "",
         "$.outcomes[3]", "unreachable persona"},
        {"weights too small", EDIT_REPLACE, "questionnaire.json", "\"adj-dev\": 4",
         "\"adj-dev\": 1", "$.outcomes[3]", "unreachable persona"},
        {"not an outcome", EDIT_REPLACE, "questionnaire.json", "\"adj-pr\",\n  \"adj-hr\"\n",
         "\"adj-pr\"\n", "weights.adj-hr", "not among the outcomes"},
        {"outcome twice", EDIT_REPLACE, "questionnaire.json", "\"adj-pr\",\n", "\"adj-hr\",\n",
         "$.outcomes[5]", "duplicate id"},
        {"no options", EDIT_REPLACE, "questionnaire.json",
         "\"options\": [\n    {\n     \"id\": \"q1-it\"",
         "\"choices\": [\n    {\n     \"id\": \"q1-it\"", "$.questions[0].options", "missing"},
        {"points out of range", EDIT_REPLACE, "questionnaire.json", "\"adj-dev\": 4",
         "\"adj-dev\": 101", "weights.adj-dev", "from 1 to 100"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

static void test_assessment(void **state) {
    (void)state;
    static const char file[] = "assessment.json";
    static const struct edit edits[] = {
        {"level out of order", EDIT_REPLACE, file, "\"level\": 3,", "\"level\": 2,",
         "$.levels[3].level", "from 3 to 3"},
        {"behaviour missing", EDIT_REPLACE, file, "\"knowledge\": {", "\"wisdom\": {",
         "$.levels[0].behaviour.knowledge", "missing"},
        {"unknown involvement", EDIT_REPLACE, file, "\"id\": \"support\"", "\"id\": \"helps\"",
         "$.involvements[1].id", "unknown id \"helps\""},
        {"involvements out of order", EDIT_REPLACE, file, "\"id\": \"support\"", "\"id\": \"self\"",
         "$.involvements[1].id", "must be \"support\""},
        {"other persona", EDIT_REPLACE, file, "\"id\": \"persona-b\"", "\"id\": \"persona-e\"",
         "$.personas[1].id", "must be \"persona-b\""},
        {"item of nobody", EDIT_REPLACE, file, "\"tks\": \"T-001\"", "\"tks\": \"T-099\"",
         "$.personas[0].items[0].tks", "unknown id \"T-099\""},
        {"item of another", EDIT_REPLACE, file, "\"tks\": \"T-001\"", "\"tks\": \"T-006\"",
         "$.personas[0].items[0].tks", "must be \"T-001\""},
        {"key item that is none", EDIT_REPLACE, file, "\"K-002\",", "\"K-006\",",
         "$.personas[0].quick[0]", "not among the items"},
        {"too few key items", EDIT_REPLACE, file,
         "\"T-003\",\n    \"T-002\",\n    \"K-008\",\n    \"T-021\"", "\"T-003\"",
         "$.personas[3].quick", "4 to 7"},
        {"level too high", EDIT_REPLACE, file, "\"task\": 2,", "\"task\": 5,", ".required[0].task",
         "from 0 to 4"},
        {"theme", EDIT_REPLACE, file, "\"external\"", "\"internal\"",
         "$.priority.incident_bonus.themes[0]", "unknown id \"internal\""},
        {"kind", EDIT_REPLACE, file, "\"kinds\": [\n    \"task\"", "\"kinds\": [\n    \"job\"",
         "$.priority.incident_bonus.kinds[0]", "must be \"task\""},
        {"remedy", EDIT_REPLACE, file, "\"resources\": [\n    \"res-sg\"",
         "\"resources\": [\n    \"res-xx\"", "$.remedies[0].resources[0]", "unknown id \"res-xx\""},
        {"first step of nothing", EDIT_REPLACE, file, "\"res-rules\": {", "\"res-ruler\": {",
         "$.first_steps.res-ruler", "unknown id"},
        {"no pace", EDIT_REPLACE, file, "\"weekly_minutes\": [", "\"weekly_minutes\": [], \"x\": [",
         "$.plan.weekly_minutes", "1 to 6"},
    };
    expect_all(edits, ARRAY_LEN(edits));
}

/* A text of the longest length is fine, one byte more is not: a reply holds several. */
static void test_long_text(void **state) {
    (void)state;
    static char text[NODE_TEXT_MAX_BYTES + 2];
    static char put[NODE_TEXT_MAX_BYTES + 64];
    for (size_t more = 0; more < 2; more++) {
        memset(text, 'x', sizeof(text));
        text[NODE_TEXT_MAX_BYTES + more] = '\0';
        snprintf(put, sizeof(put), "\"en\": \"%s\", \"x\": \"You're welcome.", text);
        struct edit e = {
            "long text", EDIT_REPLACE,  "messages.json",     "\"en\": \"You're welcome.",
            put,         "$.thanks.en", "at most 4000 bytes"};
        if (more) {
            expect_fault(&e);
            continue;
        }
        apply(&e);
        struct pack *pack = pack_load(dir, &faults);
        assert_non_null(pack);
        assert_string_equal(pack->messages[MSG_THANKS].in[LANG_EN], text);
        pack_free(pack);
        assert_int_equal(drop_pack(NULL), 0);
        assert_int_equal(copy_pack(NULL), 0);
    }
}

/* More faults than are kept: the rest is counted, nothing overflows. */
static void test_many_faults(void **state) {
    (void)state;
    write_file("tks.json", "{\"themes\":[],\"items\":[", 22);
    FILE *f = fopen(path_of("tks.json"), "abe");
    assert_non_null(f);
    for (int i = 0; i < 500; i++) {
        fprintf(f, "%s{}", i > 0 ? "," : "");
    }
    fputs("]}", f);
    assert_int_equal(fclose(f), 0);
    assert_null(pack_load(dir, &faults));
    assert_int_equal(faults.n, FAULTS_MAX);
    assert_true(faults.dropped > 1000);
}

#define WITH_COPY(test) cmocka_unit_test_setup_teardown(test, copy_pack, drop_pack)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_COPY(test_unchanged),     WITH_COPY(test_files),     WITH_COPY(test_no_directory),
        WITH_COPY(test_references),    WITH_COPY(test_texts),     WITH_COPY(test_messages),
        WITH_COPY(test_resources),     WITH_COPY(test_exams),     WITH_COPY(test_exam_examples),
        WITH_COPY(test_questionnaire), WITH_COPY(test_long_text), WITH_COPY(test_many_faults),
        WITH_COPY(test_assessment),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
