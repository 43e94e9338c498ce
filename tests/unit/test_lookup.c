/* Lookups: every one of them names its source; what asks for the exams' tables; their facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/json.h"
#include "content/say.h"
#include "intents/understand.h"
#include "tests/support/dialogue_driver.h"

#define SOURCE_DIR "../shared/framework/"
#define MAX_BYTES  ((size_t)1024 * 1024)

static struct arena arena;

static int forget(void **state) {
    (void)state;
    arena_reset(&arena);
    return 0;
}

static int unload(void **state) {
    arena_free(&arena);
    return unload_pack(state);
}

/* ---- the source line ---- */

static const char *source_line(enum lang lang) {
    struct buf date;
    struct buf line;
    buf_init(&date, 64);
    buf_init(&line, 2048);
    say_date(&date, pack, lang);
    say_template(&line, pack->attribution.brief.in[lang], "date", date.p, (char *)NULL);
    const char *out = arena_strdup(&arena, line.p);
    buf_free(&date);
    buf_free(&line);
    return out;
}

static size_t walked;

static void expect_source(const char *text) {
    write_direct(text);
    walked++;
    for (size_t i = 0; i < step.n_replies; i++) {
        if (strstr(step.replies[i].text, source_line(session.lang))) {
            return;
        }
    }
    fail_msg("\"%s\" is answered without its source: %s", text,
             step.n_replies > 0 ? step.replies[step.n_replies - 1].text : "nothing");
}

static void walk_list(const char *const *texts, size_t n) {
    for (size_t i = 0; i < n; i++) {
        expect_source(texts[i]);
    }
}

/* Everything with a name, an id or a number of its own. */
static void walk_things(enum lang lang) {
    for (int i = 0; i <= PACK_ROLES + 1; i++) {
        expect_source(arena_printf(&arena, "役割%d", i == 0 ? 99 : i));
        expect_source(arena_printf(&arena, "役割%dの知識", i == 0 ? 99 : i));
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        expect_source(pack->roles[i].name.in[lang]);
    }
    for (size_t i = 0; i < pack->n_tks; i++) {
        expect_source(pack->tks[i].id);
        expect_source(arena_printf(&arena, "%s はどの試験?", pack->tks[i].id));
        expect_source(arena_printf(&arena, "検索 %s", pack->tks[i].label.in[lang]));
    }
    for (size_t i = 0; i < pack->n_personas; i++) {
        expect_source(pack->personas[i].brief.in[lang]);
    }
    for (size_t i = 0; i < pack->n_terms; i++) {
        expect_source(arena_printf(&arena, "%sとは", pack->terms[i].name.in[lang]));
    }
    for (size_t i = 0; i < pack->n_topics; i++) {
        expect_source(pack->topics[i].title.in[lang]);
    }
    for (size_t i = 0; i < pack->n_exams; i++) {
        expect_source(pack->exams[i].code);
        expect_source("もっと"); /* every page of it */
        expect_source(arena_printf(&arena, "%sの範囲", pack->exams[i].code));
    }
    for (size_t i = 0; i < pack->n_resources; i++) {
        expect_source(arena_printf(&arena, "検索 %s", pack->resources[i].label.in[lang]));
    }
}

static void test_sources(void **state) {
    (void)state;
    static const char *const texts[] = {"役割",
                                        "人材像",
                                        "用語集",
                                        "リンク",
                                        "どの手引きを読めばいい",
                                        "タスク一覧",
                                        "もっと",
                                        "知識一覧",
                                        "もっと",
                                        "もっと",
                                        "もっと",
                                        "スキル一覧",
                                        "cさんの知識",
                                        "bさんのスキル",
                                        "人事のタスク",
                                        "法務の知識",
                                        "検索 ログ",
                                        "もっと",
                                        "検索 セキュリティ",
                                        "検索 リスクマネジメソト",
                                        "検索 zzzzzz",
                                        "ほげほげとは",
                                        "教材",
                                        "試験",
                                        "ログの演習",
                                        "30分以内の講座",
                                        "ITパスポート",
                                        "情報セキュリティマネジメント試験",
                                        "K-099",
                                        "K-099はどの試験",
                                        "roles",
                                        "personas",
                                        "glossary",
                                        "links",
                                        "which handbook",
                                        "what is triage",
                                        "search log",
                                        "exams about risk",
                                        "what covers K-006"};
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        write_direct("こんにちは");
        write_direct(lang == LANG_JA ? "日本語" : "English");
        walked = 0;
        walk_list(texts, ARRAY_LEN(texts));
        walk_things((enum lang)lang);
        assert_true(walked > 400);
    }
}

/* ---- "source" says all that the terms of use ask for ---- */

static void test_about(void **state) {
    (void)state;
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        const struct attribution *a = &pack->attribution;
        write_direct("こんにちは");
        write_direct(lang == LANG_JA ? "日本語" : "English");
        write_direct("出典");
        const char *said = step.replies[step.n_replies - 1].text;
        const char *date = lang == LANG_JA ? "年" : "used on";
        assert_non_null(strstr(said, date));
        assert_null(strstr(said, "{date}"));
        assert_non_null(strstr(said, a->notice.in[lang]));
        assert_non_null(strstr(said, a->bot_disclaimer.in[lang]));
        assert_true(a->n_disclaimers > 0);
        for (size_t i = 0; i < a->n_disclaimers; i++) {
            assert_non_null(strstr(said, a->disclaimers[i].text.in[lang]));
        }
    }
}

/* ---- what is understood ---- */

static void read_words(const char *text, struct understood *u) {
    static struct phrases *phrases;
    static struct faults faults;
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    phrases = phrases_load(f->data, (size_t)(f->end - f->data), f->path, &faults);
    understand(pack, phrases, &arena, NULL, text, u);
    u->query = arena_strdup(&arena, u->query);
    phrases_free(phrases);
}

static void test_exam_words(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *what; /* the code of an exam, an id, "-" for neither */
    } rows[] = {
        {"SGは何をカバーする?", "SG"},
        {"情報セキュリティマネジメント試験の範囲", "SG"},
        {"情報セキュリティマネジメント試験の範囲を教えてください", "SG"},
        {"セキュマネの出題範囲", "SG"},
        {"ＳＧの対応表", "SG"},
        {"what does SG cover?", "SG"},
        {"what does the SG exam cover", "SG"},
        {"scope of the security management exam", "SG"},
        {"SG", "SG"},
        {"sg", "SG"},
        {"IP", "IP"},
        {"ITパスポートの範囲は?", "IP"},
        {"ITパスポート試験は何をカバーしていますか", "IP"},
        {"ITパスのシラバス", "IP"},
        {"what does IT Passport cover?", "IP"},
        {"IT passport syllabus", "IP"},
        {"topics of the IT passport exam", "IP"},
        {"K-006 はどの試験?", "K-006"},
        {"Ｋ－００６をカバーするのは", "K-006"},
        {"k6はどの試験で学べる?", "K-006"},
        {"what covers K-006?", "K-006"},
        {"which exam covers K-006", "K-006"},
        {"where can I learn s19", "S-019"},
        {"S-019 は何で学べる?", "S-019"},
        {"K-006はSGの範囲?", "K-006"},
        /* none of these */
        {"ITパスポート", "-"},
        {"情報セキュリティマネジメント試験", "-"},
        {"K-006", "-"},
        {"K-006の試験", "-"},
        {"K-006を学べる教材", "-"},
        {"SG試験の範囲を勉強し終えました", "-"},
        {"IPアドレスの範囲", "-"},
        {"試験の範囲", "-"},
        {"どの試験がいい?", "-"},
        {"昨日の会議でK-"
         "006の対応を話し合ったのですが、どこから手をつければよいか分からず困っています",
         "-"},
        {"does the insurance cover phishing", "-"},
        {"the ship covers the sea", "-"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct understood u;
        read_words(rows[i].text, &u);
        const char *got = u.exam ? u.exam->code : u.item ? u.item->id : "-";
        if (strcmp(got, rows[i].what) != 0) {
            fail_msg("\"%s\" asks for %s, not %s", rows[i].text, got, rows[i].what);
        }
        if (*got != '-') {
            assert_int_equal(u.intent, INTENT_PHRASE);
            assert_int_equal(u.phrase, PHRASE_RESOURCES);
            assert_true(u.firm);
        }
    }
}

/* Amid a question they are answered, and the question stands. */
static void test_amid_a_question(void **state) {
    (void)state;
    static const char *const texts[] = {"SG", "IPの範囲", "K-006 はどの試験?",
                                        "what does SG cover?"};
    write_direct("診断");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        expect_source(texts[i]);
        expect_question("q1");
        assert_int_equal(step.n_changes, 0);
    }
}

/* ---- the facts, where the source is at hand ---- */

static cJSON *read_json(const char *name) {
    FILE *f = fopen(arena_printf(&arena, SOURCE_DIR "%s", name), "rbe");
    assert_non_null(f);
    char *text = arena_alloc(&arena, MAX_BYTES + 1);
    size_t n = fread(text, 1, MAX_BYTES, f);
    fclose(f);
    struct json_error err;
    cJSON *root = json_parse(text, n, MAX_BYTES, &err);
    assert_non_null(root);
    return root;
}

static void need_source(void) {
    if (access(SOURCE_DIR "resources.json", R_OK) != 0) {
        print_message("skipped: " SOURCE_DIR " is not here\n");
        skip();
    }
}

static const char *member_text(const cJSON *x, const char *member, const char *lang) {
    return json_string(json_member(x, member), lang);
}

/* Rows in their order: field, examples, items and roles. Returns how many items there are. */
static size_t expect_rows(const struct exam *e, const cJSON *mapping, const char *field,
                          const char *examples) {
    size_t n = 0;
    size_t items = 0;
    const cJSON *x;
    cJSON_ArrayForEach(x, json_member(mapping, "rows")) {
        assert_true(n < e->n_rows);
        const struct exam_row *row = &e->rows[n++];
        assert_string_equal(row->id, json_string(x, "id"));
        assert_int_equal(row->source_page,
                         (int)cJSON_GetNumberValue(json_member(mapping, "source_page")));
        assert_int_equal(row->confidence, CONF_SOURCE);
        for (int k = 0; k < LANG__COUNT; k++) {
            assert_string_equal(row->field.in[k], member_text(x, field, lang_codes[k]));
            assert_string_equal(row->examples.in[k], member_text(x, examples, lang_codes[k]));
        }
        const cJSON *entries = json_member(x, "entries");
        if (!entries) {
            assert_int_equal(row->n_entries, 1);
            assert_string_equal(row->entries[0].tks, json_string(x, "tks"));
        }
        size_t k = 0;
        const cJSON *entry;
        cJSON_ArrayForEach(entry, entries) {
            assert_string_equal(row->entries[k].tks, json_string(entry, "tks"));
            const cJSON *roles = json_member(entry, "roles");
            assert_int_equal(row->entries[k].roles.n, (size_t)cJSON_GetArraySize(roles));
            for (size_t r = 0; r < row->entries[k].roles.n; r++) {
                assert_int_equal(row->entries[k].roles.items[r].number,
                                 (int)cJSON_GetNumberValue(cJSON_GetArrayItem(roles, (int)r)));
            }
            k++;
        }
        items += row->n_entries;
    }
    assert_int_equal(n, e->n_rows);
    return items;
}

static void test_exams_equal_the_source(void **state) {
    (void)state;
    assert_int_equal(pack->n_exams, 2);
    assert_int_equal(pack->exams[0].n_rows, 9);
    assert_int_equal(pack->exams[1].n_rows, 8);
    assert_int_equal(pack->n_gaps, 6);
    assert_int_equal(pack->n_trainings, 3);
    need_source();
    cJSON *root = read_json("resources.json");
    size_t ip =
        expect_rows(&pack->exams[0], json_member(root, "ip_mapping"), "syllabus", "content");
    size_t sg = expect_rows(&pack->exams[1], json_member(root, "sg_mapping"), "field", "examples");
    assert_int_equal(ip, 9);
    assert_int_equal(sg, 19);
    const cJSON *x;
    size_t n = 0;
    cJSON_ArrayForEach(x, json_member(json_member(root, "gap_examples"), "rows")) {
        const struct gap_example *g = &pack->gaps[n++];
        assert_string_equal(g->id, json_string(x, "id"));
        assert_string_equal(g->persona.id, json_string(x, "persona"));
        assert_int_equal(g->persona.confidence, CONF_INFERRED);
        assert_string_equal(g->task, json_string(x, "task"));
        assert_string_equal(tks_kind_names[g->kind], json_string(x, "kind"));
        assert_int_equal(g->closes.n, (size_t)cJSON_GetArraySize(json_member(x, "closes")));
    }
    n = 0;
    cJSON_ArrayForEach(x, json_member(json_member(root, "training_examples"), "rows")) {
        const struct training_example *t = &pack->trainings[n++];
        assert_string_equal(t->id, json_string(x, "id"));
        assert_string_equal(t->persona.id, json_string(x, "persona"));
        assert_int_equal(t->persona.confidence, CONF_INFERRED);
        const cJSON *tks = json_member(x, "tks");
        assert_int_equal(t->tks.n, (size_t)cJSON_GetArraySize(tks));
        for (size_t k = 0; k < t->tks.n; k++) {
            assert_string_equal(t->tks.items[k], cJSON_GetArrayItem(tks, (int)k)->valuestring);
        }
    }
    cJSON_Delete(root);
}

/* Every disclaimer of the terms of use is among ours. */
static void test_terms_of_use(void **state) {
    (void)state;
    need_source();
    cJSON *root = read_json("attribution.json");
    const struct attribution *a = &pack->attribution;
    size_t n = 0;
    const cJSON *x;
    cJSON_ArrayForEach(x, json_member(root, "disclaimers")) {
        assert_true(n < a->n_disclaimers);
        assert_string_equal(a->disclaimers[n++].id, json_string(x, "id"));
    }
    assert_int_equal(n, a->n_disclaimers);
    /* The citation as the terms ask for it, but for the date. */
    const char *template = json_string(json_member(root, "citation"), "template_ja");
    const char *date = strstr(template, "{date_ja}");
    assert_non_null(date);
    const char *want = arena_printf(&arena, "%.*s{date}%s", (int)(date - template), template,
                                    date + strlen("{date_ja}"));
    assert_string_equal(a->citation.in[LANG_JA], want);
    cJSON_Delete(root);
}

#define TALK(test) cmocka_unit_test_setup_teardown(test, fresh, forget)

int main(void) {
    const struct CMUnitTest tests[] = {
        TALK(test_sources),
        TALK(test_about),
        TALK(test_exam_words),
        TALK(test_amid_a_question),
        TALK(test_exams_equal_the_source),
        TALK(test_terms_of_use),
    };
    return cmocka_run_group_tests_name("lookup", tests, load_pack, unload);
}
