/* Learning resources: what a message asks for, which ones are found, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/text.h"
#include "intents/duration.h"
#include "intents/resource_find.h"
#include "intents/understand.h"

#define EXAM     (1u << RESOURCE_EXAM)
#define COURSE   (1u << RESOURCE_COURSE)
#define EXERCISE (1u << RESOURCE_EXERCISE)
#define DOCUMENT (1u << RESOURCE_DOCUMENT)
#define VIDEO    (1u << RESOURCE_VIDEO)
#define TRAINING (COURSE | EXERCISE)

static struct pack *pack;
static struct phrases *phrases;
static struct arena arena;

static int load(void **state) {
    (void)state;
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    if (!pack || !f) {
        return -1;
    }
    phrases = phrases_load(f->data, (size_t)(f->end - f->data), f->path, &faults);
    int err = faults.n == 0 ? 0 : -1;
    faults_free(&faults);
    return err;
}

static int unload(void **state) {
    (void)state;
    phrases_free(phrases);
    pack_free(pack);
    arena_free(&arena);
    return 0;
}

static int forget(void **state) {
    (void)state;
    arena_reset(&arena);
    return 0;
}

static struct resource_wish read_wish(const char *text) {
    struct resource_wish w;
    resource_read(phrases, &arena, text, &w);
    resource_trim(phrases, &arena, &w);
    return w;
}

static void test_times(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int minutes; /* 0: no time */
        bool at_least;
    } rows[] = {
        {"30分で", 30, false},
        {"３０分以内", 30, false},
        {"三十分以内", 30, false},
        {"十五分くらい", 15, false},
        {"四十五分", 45, false},
        {"十分で終わる", 10, false},
        {"十分な教材", 0, false},
        {"1時間以内", 60, false},
        {"一時間半", 90, false},
        {"1.5時間", 90, false},
        {"1時間30分", 90, false},
        {"二時間まで", 120, false},
        {"半日のセミナー", 240, false},
        {"1時間以上", 60, true},
        {"under 20 minutes", 20, false},
        {"a 5-minute read", 5, false},
        {"max 10 min", 10, false},
        {"an hour", 60, false},
        {"an hour and a half", 90, false},
        {"half an hour", 30, false},
        {"two hours", 120, false},
        {"twenty mins", 20, false},
        {"1h", 60, false},
        {"more than an hour", 60, true},
        {"at least 30 minutes", 30, true},
        {"部分と自分", 0, false},
        {"2026年", 0, false},
        {"K-006", 0, false},
        {"hourly minutes", 0, false},
        {"covid19 mind", 0, false},
        {"99999999分", 0, false},
        {"", 0, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct duration span = {.minutes = 0};
        bool found = duration_find(text_fold(&arena, rows[i].text), &span);
        if (found != (rows[i].minutes > 0) || (found && span.minutes != rows[i].minutes) ||
            span.at_least != rows[i].at_least) {
            fail_msg("\"%s\": %d minutes%s", rows[i].text, span.minutes,
                     span.at_least ? " or more" : "");
        }
    }
}

static void test_slots(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned kinds;
        int max_minutes;
        bool fees;
        const char *topic; /* the first one, "" for none */
    } rows[] = {
        {"どんな試験がある？", EXAM, 0, false, ""},
        {"資格とりたいんだけど何がある", EXAM, 0, false, ""},
        {"おすすめの検定を教えてください", EXAM, 0, false, ""},
        {"クラウドのセキュリティを学べる講座", COURSE, 0, false, "くらうど"},
        {"ログ分析のセミナーを紹介して", COURSE, 0, false, "ろぐ分析"},

        {"３０分以内で無料の研修ない？", TRAINING, 30, true, ""},
        {"一時間以内の演習だけ", EXERCISE, 60, false, ""},
        {"フォレンジックの演習コース", EXERCISE, 0, false, "ふぉれんじっく"},
        {"ハンズオン ログ解析 タダで", EXERCISE, 0, true, "ろぐ解析"},
        {"リスク分析の本ある？", DOCUMENT, 0, false, "りすく分析"},
        {"契約について読める資料、ありますか", DOCUMENT, 0, false, "契約"},
        {"動画が苦手なので読み物で", DOCUMENT, 0, false, ""},
        {"フィッシングについて学べる動画ありますか", VIDEO, 0, false, "ふぃっしんぐ"},
        {"YouTubeで10分", VIDEO, 10, false, ""},
        {"1時間以上の講座", COURSE, 0, false, "以上"},
        {"受講料はいくら", 0, 0, true, ""},
        {"教材", 0, 0, false, ""},
        {"ログの見方を学びたい。何を見ればいい？", 0, 0, false, "ろぐ"},
        {"any good videos about phishing?", VIDEO, 0, false, "phishing"},
        {"free courses under 20 minutes", COURSE, 20, true, ""},
        {"Which EXAMS are there?", EXAM, 0, false, ""},
        {"certification in risk management", EXAM, 0, false, "risk management"},
        {"security training, half an hour", TRAINING, 30, false, ""},
        {"hands-on labs for log analysis", EXERCISE, 0, false, "log analysis"},
        {"documents on the supply chain", DOCUMENT, 0, false, "supply chain"},
        {"what does a course cost", COURSE, 0, true, ""},
        {"more than an hour of reading", DOCUMENT, 0, false, ""},
        {"courses and exams", COURSE | EXAM, 0, false, ""},
        {"", 0, 0, false, ""},
        {"???", 0, 0, false, ""},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct resource_wish w = read_wish(rows[i].text);
        const char *topic = w.n_topics > 0 ? w.topics[0] : "";
        if (w.kinds != rows[i].kinds || w.max_minutes != rows[i].max_minutes ||
            w.fees != rows[i].fees || strcmp(topic, rows[i].topic) != 0) {
            print_error("\"%s\": kinds %x, %d minutes, fees %d, \"%s\"\n", rows[i].text, w.kinds,
                        w.max_minutes, w.fees, topic);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_typed(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"フィッシングの動画", "フィッシング"},
        {"ﾗﾝｻﾑｳｪｱの動画みたい", "ﾗﾝｻﾑｳｪｱ"},
        {"courses about Supply Chain, please", "Supply Chain"},
        {"ログ 分析の教材", "ログ 分析"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct resource_wish w = read_wish(rows[i][0]);
        assert_int_equal(w.n_topics, 1);
        assert_string_equal(resource_typed(&arena, rows[i][0], w.topics[0]), rows[i][1]);
    }
}

/* The ids found, the best first, and the first reason of the first one. */
static const char *finds(const char *text) {
    struct resource_wish w = read_wish(text);
    struct resource_matches m = resource_find(pack, &arena, &w, w.kinds);
    const char *out = "";
    for (size_t i = 0; i < m.n && i < 3; i++) {
        out = arena_printf(&arena, "%s%s%s", out, i > 0 ? " " : "", m.items[i].resource->id);
    }
    bool why = m.n > 0 && m.items[0].n_reasons > 0;
    return why ? arena_printf(&arena, "%s: %s", out, m.items[0].reasons[0]->id) : out;
}

static void test_found(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"どんな試験がある", "res-ip res-sg"},
        {"ITパスポートの教材", "res-ip"},
        {"机上演習の教材", "res-ttx"},
        {"tabletop exercise", "res-ttx"},
        {"プレサイダー", "res-precyder"},
        {"プレCYDERの講座", "res-precyder"},
        {"K-006の教材", "res-ip res-cyder res-precyder: K-006"},
        {"フィッシングの試験", "res-ip res-sg: K-016"},
        {"exams about phishing", "res-ip res-sg: K-016"},
        {"ログの演習", "res-cyder res-ttx: S-012"},
        {"NICTの研修", "res-cyder res-precyder"},
        {"量子暗号の講座", ""},
        {"フィッシングの動画", ""},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *got = finds(rows[i][0]);
        if (strcmp(got, rows[i][1]) != 0) {
            print_error("\"%s\": %s, not %s\n", rows[i][0], got, rows[i][1]);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* Where the time is known, what takes longer is left out; what is not known stays. */
static void test_time_filter(void **state) {
    (void)state;
    struct resource *first = (struct resource *)pack->resources;
    first[0].minutes = 90;
    first[1].minutes = 20;
    assert_string_equal(finds("30分以内の試験"), "res-sg");
    assert_string_equal(finds("2時間以内の試験"), "res-ip res-sg");
    first[0].minutes = 0;
    assert_string_equal(finds("30分以内の試験"), "res-sg res-ip");
    first[1].minutes = 0;
}

/* As much as a message may hold, of everything there is a word for. */
static void test_long(void **state) {
    (void)state;
    static char text[8001];
    static const char *const parts[] = {"試験、", "30分", "ログ", "free, ", "😊", "ー"};
    size_t n = 0;
    for (size_t i = 0; n + 16 < sizeof(text); i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", parts[i * 7 % ARRAY_LEN(parts)]);
    }
    struct resource_wish w = read_wish(text);
    assert_true(w.n_topics <= RESOURCE_MAX_TOPICS);
    assert_int_equal(w.max_minutes, 30);
    (void)resource_find(pack, &arena, &w, w.kinds);
    for (size_t i = 0; i < w.n_topics; i++) {
        assert_non_null(resource_typed(&arena, text, w.topics[i]));
    }
}

/* What is a request for resources by the rules alone: it says nothing else, or has the form. */
static void test_requests(void **state) {
    (void)state;
    static const struct {
        const char *open; /* question id, or NULL */
        const char *text;
        bool want;
        int role;
    } rows[] = {
        {NULL, "教材", true, 0},
        {NULL, "どんな試験がある？", true, 0},
        {NULL, "試験だけ", true, 0},
        {NULL, "ｅラーニング", true, 0},
        {NULL, "ログの演習", true, 0},
        {NULL, "ログの演習を教えて", true, 0},
        {NULL, "検索 ログの演習", true, 0},
        {NULL, "K-006の教材", true, 0},
        {NULL, "役割7の講座", true, 7},
        {NULL, "無料の動画ありますか", true, 0},
        {NULL, "３０分以内で終わる研修ない？", true, 0},
        {NULL, "exams about logs", true, 0},
        {NULL, "Which exams are there?", true, 0},
        {NULL, "courses under 30 minutes", true, 0},
        {"q2", "リスクの教材", true, 0},
        {"q5", "learning material", true, 0},
        {NULL, "教育・訓練", false, 0},
        {NULL, "机上演習", false, 0},
        {NULL, "役割7の知識", false, 0},
        {NULL, "資格とは", false, 0},
        {NULL, "演習って何", false, 0},
        {NULL, "どの手引きを読めばいい", false, 0},
        {NULL, "ITパスポート試験に合格しました", false, 0},
        {NULL, "30分以内", false, 0},
        {NULL, "無料", false, 0},
        {"q2", "1", false, 0},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct form *form = pack->form;
        const struct form_question *open =
            rows[i].open ? &form->questions[form_find_question(form, rows[i].open)] : NULL;
        struct understood u;
        understand(pack, phrases, &arena, open, rows[i].text, &u);
        bool is = u.intent == INTENT_PHRASE && u.phrase == PHRASE_RESOURCES;
        if (is != rows[i].want || (is && (u.number != rows[i].role || !u.firm))) {
            print_error("\"%s\" is %sa request, role %d\n", rows[i].text, is ? "" : "no ",
                        u.number);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_times, forget),
        cmocka_unit_test_teardown(test_slots, forget),
        cmocka_unit_test_teardown(test_typed, forget),
        cmocka_unit_test_teardown(test_requests, forget),
        cmocka_unit_test_teardown(test_found, forget),
        cmocka_unit_test_teardown(test_time_filter, forget),
        cmocka_unit_test_teardown(test_long, forget),
    };
    return cmocka_run_group_tests_name("resource", tests, load, unload);
}
