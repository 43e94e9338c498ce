/* Reading messages as answers to the questions of the real questionnaire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "content/pack.h"
#include "intents/answer.h"

/* Options as they are counted by people: O(1) is the first one. */
#define O(n) (1u << ((n)-1))

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

struct row {
    const char *question;
    const char *text;
    enum answer_kind kind;
    uint32_t mask; /* where the kind has one */
};

static const char *const kind_names[] = {"not an answer", "chosen",   "out of range", "either",
                                         "several",       "conflict", "partly"};

static const struct form_question *question(const char *id) {
    int q = form_find_question(pack->form, id);
    assert_true(q >= 0);
    return &pack->form->questions[q];
}

static void expect(const struct row *rows, size_t n) {
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        struct answer a = answer_read(&arena, question(rows[i].question), rows[i].text);
        bool has_mask = rows[i].kind != ANSWER_NOT && rows[i].kind != ANSWER_OUT_OF_RANGE;
        assert_non_null(a.rest);
        if (a.kind != rows[i].kind || (has_mask && a.mask != rows[i].mask)) {
            print_error("%s \"%s\": %s 0x%x, not %s 0x%x\n", rows[i].question, rows[i].text,
                        kind_names[a.kind], a.mask, kind_names[rows[i].kind], rows[i].mask);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_numbers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q1", "2", ANSWER_CHOSEN, O(2)},
        {"q1", "２", ANSWER_CHOSEN, O(2)},
        {"q1", "②", ANSWER_CHOSEN, O(2)},
        {"q1", "2️⃣", ANSWER_CHOSEN, O(2)},
        {"q1", "2番", ANSWER_CHOSEN, O(2)},
        {"q1", "２番です", ANSWER_CHOSEN, O(2)},
        {"q1", "二番でお願いします", ANSWER_CHOSEN, O(2)},
        {"q1", "2番目かな", ANSWER_CHOSEN, O(2)},
        {"q1", "二つ目", ANSWER_CHOSEN, O(2)},
        {"q1", "２で。", ANSWER_CHOSEN, O(2)},
        {"q1", "(2)", ANSWER_CHOSEN, O(2)},
        {"q1", "「2」", ANSWER_CHOSEN, O(2)},
        {"q1", "2.", ANSWER_CHOSEN, O(2)},
        {"q1", "#2", ANSWER_CHOSEN, O(2)},
        {"q1", "  2\n", ANSWER_CHOSEN, O(2)},
        {"q1", "02", ANSWER_CHOSEN, O(2)},
        {"q1", "えっと、2だと思います", ANSWER_CHOSEN, O(2)},
        {"q1", "number 2 please", ANSWER_CHOSEN, O(2)},
        {"q1", "I think 2", ANSWER_CHOSEN, O(2)},
        {"q1", "Option 1", ANSWER_CHOSEN, O(1)},
        {"q1", "2 2", ANSWER_CHOSEN, O(2)},
        {"q1", "1,2", ANSWER_SEVERAL, O(1) | O(2)},
        {"q1", "1か2", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "1 or 2?", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "1または2", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "3", ANSWER_OUT_OF_RANGE, 0},
        {"q1", "0", ANSWER_OUT_OF_RANGE, 0},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* Thanks around an answer, in numbers or words, are no part of it. */
static void test_politely(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q1", "2, thanks!", ANSWER_CHOSEN, O(2)},
        {"q1", "2、ありがとう", ANSWER_CHOSEN, O(2)},
        {"q1", "2です、ありがとう", ANSWER_CHOSEN, O(2)},
        {"q1", "すみません、2です。よろしくお願いします", ANSWER_CHOSEN, O(2)},
        {"q1", "経理です、ありがとう", ANSWER_CHOSEN, O(2)},
        {"q1", "Thanks, accounting", ANSWER_CHOSEN, O(2)},
        {"q5", "1 and 3, thank you", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1-3 thanks", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q2", "NDA and training, thanks", ANSWER_CHOSEN, O(2) | O(4)},
        {"q2", "thanks", ANSWER_NOT, 0},
        {"q2", "ありがとう", ANSWER_NOT, 0},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_torn(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q1", "either 1 or 2", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "1か2か迷います", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "1と2で迷っています", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "1, or is it 2?", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "1、それとも2?", ANSWER_EITHER, O(1) | O(2)},
        {"q1", "can't decide between 1 and 2", ANSWER_EITHER, O(1) | O(2)},
        {"q5", "3か4のどちらか", ANSWER_EITHER, O(3) | O(4)},
        {"q1", "どちらかというと2", ANSWER_CHOSEN, O(2)},
        {"q1", "2か", ANSWER_CHOSEN, O(2)},
        {"q1", "2, not sure", ANSWER_NOT, 0},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* By place, and all but some. */
static void test_places(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q2", "the third one", ANSWER_CHOSEN, O(3)},
        {"q2", "3rd", ANSWER_CHOSEN, O(3)},
        {"q2", "first and third", ANSWER_CHOSEN, O(1) | O(3)},
        {"q2", "最初のやつ", ANSWER_CHOSEN, O(1)},
        {"q2", "上から2番目", ANSWER_CHOSEN, O(2)},
        {"q2", "下から2番目です", ANSWER_CHOSEN, O(4)},
        {"q2", "一番上", ANSWER_CHOSEN, O(1)},
        {"q2", "一番", ANSWER_CHOSEN, O(1)},
        {"q2", "最後のやつ", ANSWER_CHOSEN, O(5)},
        {"q2", "the last one", ANSWER_CHOSEN, O(5)},
        {"q1", "the second option please", ANSWER_CHOSEN, O(2)},
        {"q1", "the third one", ANSWER_OUT_OF_RANGE, 0},
        {"q2", "the first two", ANSWER_CHOSEN, O(1) | O(2)},
        {"q2", "top 3", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q2", "最初の2つ", ANSWER_CHOSEN, O(1) | O(2)},
        {"q2", "one second", ANSWER_NOT, 0},
        {"q2", "just 1 second please", ANSWER_NOT, 0},
        {"q2", "3以外全部", ANSWER_CHOSEN, O(1) | O(2) | O(4)},
        {"q2", "3以外はすべてです", ANSWER_CHOSEN, O(1) | O(2) | O(4)},
        {"q2", "all but 3", ANSWER_CHOSEN, O(1) | O(2) | O(4)},
        {"q2", "everything except 2 and 4", ANSWER_CHOSEN, O(1) | O(3)},
        {"q2", "3以外", ANSWER_CHOSEN, O(1) | O(2) | O(4)},
        {"q1", "1以外", ANSWER_CHOSEN, O(2)},
        {"q2", "all but one", ANSWER_NOT, 0},
        {"q2", "all 3", ANSWER_NOT, 0},
        {"q2", "全部で3", ANSWER_NOT, 0},
        {"q2", "9以外", ANSWER_OUT_OF_RANGE, 0},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_several_numbers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q5", "1,3", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1と3", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1 3", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "①③", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1️⃣3️⃣", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1、3、4", ANSWER_CHOSEN, O(1) | O(3) | O(4)},
        {"q5", "１・３・４です", ANSWER_CHOSEN, O(1) | O(3) | O(4)},
        {"q5", "1番と3番", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "一と三", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1 and 3", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "both 1 & 3", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1+3", ANSWER_CHOSEN, O(1) | O(3)},
        {"q5", "1-3", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q5", "1〜3", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q5", "1から3", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q5", "1から3まで", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q5", "1 to 3", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q5", "1,3-5", ANSWER_CHOSEN, O(1) | O(3) | O(4) | O(5)},
        {"q5", "1か2", ANSWER_EITHER, O(1) | O(2)},
        {"q5", "1 or 2", ANSWER_EITHER, O(1) | O(2)},
        {"q5", "9", ANSWER_OUT_OF_RANGE, 0},
        {"q5", "0", ANSWER_OUT_OF_RANGE, 0},
        {"q5", "1,9", ANSWER_OUT_OF_RANGE, 0},
        {"q5", "9999", ANSWER_OUT_OF_RANGE, 0},
        {"q5", "7", ANSWER_CHOSEN, O(7)},
        {"q2", "5", ANSWER_CHOSEN, O(5)},
        {"q2", "5と1", ANSWER_CONFLICT, O(5) | O(1)},
        {"q2", "1-5", ANSWER_CONFLICT, O(1) | O(2) | O(3) | O(4) | O(5)},
        {"q2", "5か1", ANSWER_EITHER, O(5) | O(1)},
        {"q4", "3,1", ANSWER_CONFLICT, O(3) | O(1)},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_out_of_range_names_the_number(void **state) {
    (void)state;
    assert_int_equal(answer_read(&arena, question("q1"), "3").number, 3);
    assert_int_equal(answer_read(&arena, question("q5"), "1,12").number, 12);
    assert_int_equal(answer_read(&arena, question("q5"), "０").number, 0);
}

/* Every label, short form and alias names its option, in any width and case. */
static void test_every_word_of_every_choice(void **state) {
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < pack->form->n_questions; i++) {
        const struct form_question *q = &pack->form->questions[i];
        for (size_t o = 0; o < q->n_options; o++) {
            const struct form_option *x = &q->options[o];
            const char *words[64] = {x->label.in[0], x->label.in[1], x->brief.in[0],
                                     x->brief.in[1]};
            size_t n = 4;
            for (size_t k = 0; k < x->aliases.n && n < ARRAY_LEN(words); k++) {
                words[n++] = x->aliases.items[k];
            }
            for (size_t k = 0; k < n; k++) {
                struct answer a = answer_read(&arena, q, words[k]);
                if (a.kind != ANSWER_CHOSEN || a.mask != 1u << o) {
                    print_error("%s %s: \"%s\" is %s 0x%x\n", q->id, x->id, words[k],
                                kind_names[a.kind], a.mask);
                    wrong++;
                }
            }
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_words(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q1", "ITシステムの開発・運用・保守", ANSWER_CHOSEN, O(1)},
        {"q1", "ＩＴシステム", ANSWER_CHOSEN, O(1)},
        {"q1", "システム開発です", ANSWER_CHOSEN, O(1)},
        {"q1", "非IT部門", ANSWER_CHOSEN, O(2)},
        {"q1", "非ＩＴ部門です。", ANSWER_CHOSEN, O(2)},
        {"q1", "バックオフィス", ANSWER_CHOSEN, O(2)},
        {"q1", "経理の担当です", ANSWER_CHOSEN, O(2)},
        {"q1", "総務をやっています", ANSWER_CHOSEN, O(2)},
        {"q1", "I am in accounting", ANSWER_CHOSEN, O(2)},
        {"q1", "a non-IT department", ANSWER_CHOSEN, O(2)},
        {"q1", "Non IT", ANSWER_CHOSEN, O(2)},
        {"q1", "I work in HR", ANSWER_CHOSEN, O(2)},
        {"q1", "I'm an accountant", ANSWER_CHOSEN, O(2)},
        {"q1", "I work in the IT department", ANSWER_CHOSEN, O(1)},
        {"q1", "私は人事部で働いています", ANSWER_CHOSEN, O(2)},
        {"q1", "I don't work in HR", ANSWER_NOT, 0},
        {"q1", "Engineer", ANSWER_CHOSEN, O(1)},
        {"q2", "調達", ANSWER_CHOSEN, O(1)},
        {"q2", "IT機器・SaaSの調達手続き", ANSWER_CHOSEN, O(1)},
        {"q2", "秘密保持契約", ANSWER_CHOSEN, O(2)},
        {"q2", "NDAです", ANSWER_CHOSEN, O(2)},
        {"q2", "調達とNDA", ANSWER_CHOSEN, O(1) | O(2)},
        {"q1", "I'm in acounting", ANSWER_CHOSEN, O(2)},
        {"q2", "procurment and trianing", ANSWER_CHOSEN, O(1) | O(4)},
        {"q5", "traige", ANSWER_CHOSEN, O(5)},
        {"q2", "アカウント管理", ANSWER_CHOSEN, O(3)},
        {"q2", "アカウントとNDA", ANSWER_CHOSEN, O(2) | O(3)},
        {"q2", "procurement and training", ANSWER_CHOSEN, O(1) | O(4)},
        {"q2", "どれもない", ANSWER_CHOSEN, O(5)},
        {"q2", "none of these", ANSWER_CHOSEN, O(5)},
        {"q2", "調達、どれもない", ANSWER_CONFLICT, O(1) | O(5)},
        {"q3", "ログとバックアップ", ANSWER_CHOSEN, O(2) | O(1)},
        {"q3", "ログ、不審なアクセス", ANSWER_CHOSEN, O(2) | O(3)},
        {"q3", "ログの確認をしています", ANSWER_CHOSEN, O(2)},
        {"q3", "logs and backups", ANSWER_CHOSEN, O(2) | O(1)},
        {"q3", "Checking system logs", ANSWER_CHOSEN, O(2)},
        {"q5", "トリアージ", ANSWER_CHOSEN, O(5)},
        {"q5", "広報、警察", ANSWER_CHOSEN, O(1) | O(3)},
        {"q6", "開発", ANSWER_CHOSEN, O(2)},
        {"q6", "運用・保守", ANSWER_CHOSEN, O(1)},
        {"q6", "operations", ANSWER_CHOSEN, O(1)},
        {"q6", "開発と運用", ANSWER_SEVERAL, O(1) | O(2)},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_half_understood(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q3", "ログとお茶くみ", ANSWER_PARTLY, O(2)},
        {"q3", "バックアップ、掃除、ログ", ANSWER_PARTLY, O(1) | O(2)},
        {"q3", "logs and coffee", ANSWER_PARTLY, O(2)},
        {"q2", "NDA、コピー取り", ANSWER_PARTLY, O(2)},
    };
    expect(rows, ARRAY_LEN(rows));
    assert_string_equal(answer_read(&arena, question("q3"), "ログとお茶くみ").rest, "お茶くみ");
    assert_string_equal(answer_read(&arena, question("q3"), "logs and coffee").rest, "coffee");
}

/* Questions about a choice's word ("トリアージとは") are sorted out before: see test_understand. */
static void test_not_an_answer(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "？",
        "役割7",
        "役割７の知識",
        "K-006",
        "T-001",
        "「3問目を直したい」",
        "3問目を直したい",
        "change question 3",
        "role 7",
        "10分後にまた来ます",
        "2026年4月3日に入社しました",
        "昨日から3日間ほど休んでいて、まだ何も読めていません。あとで答えてもいいですか",
        "この質問の意図がよくわからないので、もう少し詳しく説明してもらえますか",
        "ログを見るのは月に一度だけで、それ以外の日は会議と書類の整理をして過ごしています",
        "Could you tell me who is going to read my answers before I send them?",
        "I have been here for 2 years and nobody has ever told me about any of this",
        "technology",
        "catalogue",
        "1から",
        "一から",
        "1から3、4から",
        "と",
        "1-99",
        "5-1",
        "99999999999999999999",
        "1.5時間",
        "2人",
        "3 times",
    };
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        for (size_t q = 0; q < pack->form->n_questions; q++) {
            struct answer a = answer_read(&arena, &pack->form->questions[q], texts[i]);
            bool refused = a.kind == ANSWER_NOT || a.kind == ANSWER_OUT_OF_RANGE;
            if (!refused || (a.kind == ANSWER_OUT_OF_RANGE && strlen(texts[i]) > 6)) {
                print_error("%s \"%s\": %s 0x%x\n", pack->form->questions[q].id, texts[i],
                            kind_names[a.kind], a.mask);
                wrong++;
            }
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_single_number(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int number;
    } rows[] = {
        {"2", 2},     {"２番", 2},     {"⑬", 13},   {"十二", 12}, {"13", 13},
        {"3です", 3}, {"number 4", 4}, {"1,2", 0},  {"役割7", 0}, {"", 0},
        {"0", 0},     {"K-006", 0},    {"1か2", 0}, {"12345", 0}, {"7️⃣", 7},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int n = answer_number(&arena, rows[i].text);
        if (n != rows[i].number) {
            fail_msg("\"%s\" is %d, not %d", rows[i].text, n, rows[i].number);
        }
    }
}

/* ---- long input ---- */

static char *repeat(const char *unit, size_t chars) {
    size_t n = strlen(unit);
    size_t times = chars / text_graphemes(unit) + 1;
    char *out = arena_alloc(&arena, n * times + 1);
    for (size_t i = 0; i < times; i++) {
        memcpy(out + i * n, unit, n);
    }
    return out;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_long_input(void **state) {
    (void)state;
    static const char *const units[] = {"1",     "1,",   "あ", "ログ",      "ログと", "ログ、猫、",
                                        "、",    "です", "と", "logs and ", "a",      " ",
                                        "1から", "「",   "一", "ん",        "9 "};
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        char *text = repeat(units[i], 10000);
        double before = seconds();
        struct answer a = answer_read(&arena, question("q3"), text);
        double took = seconds() - before;
        assert_true(a.kind <= ANSWER_PARTLY);
        assert_non_null(a.rest);
        if (took > 2.0) { /* generous: sanitizers make it some ten times slower */
            fail_msg("10,000 characters of \"%s\" took %.1f s", units[i], took);
        }
        assert_true(arena.used_bytes < (size_t)16 * 1024 * 1024);
        arena_reset(&arena);
    }
}

/* Numbers as they sound, as they are carved, by place, and beside words. */
static void test_odd_numbers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q1", "いち", ANSWER_CHOSEN, O(1)},
        {"q1", "いちばん", ANSWER_CHOSEN, O(1)},
        {"q1", "にばんです", ANSWER_CHOSEN, O(2)},
        {"q2", "さんばんめ", ANSWER_CHOSEN, O(3)},
        {"q2", "よんばん", ANSWER_CHOSEN, O(4)},
        {"q1", "いちおう2", ANSWER_CHOSEN, O(2)},
        {"q1", "さん", ANSWER_NOT, 0},
        {"q1", "Ⅱ", ANSWER_CHOSEN, O(2)},
        {"q2", "Ⅳ", ANSWER_CHOSEN, O(4)},
        {"q1", "Ⅰ", ANSWER_CHOSEN, O(1)},
        {"q1", "I", ANSWER_NOT, 0},
        {"q1", "弐", ANSWER_CHOSEN, O(2)},
        {"q1", "the latter", ANSWER_CHOSEN, O(2)},
        {"q1", "The former one, please", ANSWER_CHOSEN, O(1)},
        {"q1", "後者です", ANSWER_CHOSEN, O(2)},
        {"q1", "前者", ANSWER_CHOSEN, O(1)},
        {"q2", "後者", ANSWER_NOT, 0}, /* of four */
        {"q2", "上の2つ", ANSWER_CHOSEN, O(1) | O(2)},
        {"q2", "下の二つです", ANSWER_CONFLICT, O(4) | O(5)},
        {"q2", "上から2つ目", ANSWER_CHOSEN, O(2)},
        {"q2", "the top two", ANSWER_CHOSEN, O(1) | O(2)},
        {"q2", "the first three", ANSWER_CHOSEN, O(1) | O(2) | O(3)},
        {"q2", "the bottom one", ANSWER_CHOSEN, O(5)},
        {"q2", "option 4 and the 2nd", ANSWER_CHOSEN, O(4) | O(2)},
        {"q2", "2 と account", ANSWER_CHOSEN, O(2) | O(3)},
        {"q2", "2とアカウント", ANSWER_CHOSEN, O(2) | O(3)},
        {"q2", "education and 1", ANSWER_CHOSEN, O(4) | O(1)},
        {"q1", "-1", ANSWER_NOT, 0},
        {"q2", "＋2", ANSWER_NOT, 0},
        {"q1", "営業やってます", ANSWER_CHOSEN, O(2)},
        {"q1", "プログラマーやってる", ANSWER_CHOSEN, O(1)},
    };
    expect(rows, ARRAY_LEN(rows));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_numbers, forget),
        cmocka_unit_test_teardown(test_politely, forget),
        cmocka_unit_test_teardown(test_torn, forget),
        cmocka_unit_test_teardown(test_places, forget),
        cmocka_unit_test_teardown(test_several_numbers, forget),
        cmocka_unit_test_teardown(test_out_of_range_names_the_number, forget),
        cmocka_unit_test_teardown(test_every_word_of_every_choice, forget),
        cmocka_unit_test_teardown(test_words, forget),
        cmocka_unit_test_teardown(test_half_understood, forget),
        cmocka_unit_test_teardown(test_not_an_answer, forget),
        cmocka_unit_test_teardown(test_single_number, forget),
        cmocka_unit_test_teardown(test_long_input, forget),
        cmocka_unit_test_teardown(test_odd_numbers, forget),
    };
    return cmocka_run_group_tests_name("answer", tests, load, unload);
}
