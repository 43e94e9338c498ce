/* A message for the desk in conversation: when it is written, shown back, sent, left and forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "intents/handoff.h"
#include "tests/support/dialogue_driver.h"

#define ASK   "人に聞く"
#define OFFER "伝言を残す"

/* What the last step gives to the desk, NULL for nothing. */
static const char *desk_text(void) {
    const char *text = NULL;
    for (size_t i = 0; i < step.n_replies; i++) {
        if (step.replies[i].audience == AUDIENCE_DESK) {
            assert_null(text);
            text = step.replies[i].text;
        }
    }
    return text;
}

static void begin(void) {
    write_direct("こんにちは");
    write_direct(ASK);
    assert_int_equal(session.menu, MENU_HANDOFF);
    write_direct("1");
    assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
}

static void test_sent_by_yes_alone(UNUSED void **state) {
    static const char *const yes[] = {"1", "はい", "送る", "送信してください", "send", "１"};
    static const char *const no[] = {"3", "やめる", "いいえ", "キャンセル", "中断", "stop"};
    static const char *const other[] = {"4", "トリアージって何?", "うーん微妙", "0", "伝言を残す"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        fresh(NULL);
        begin();
        write_direct("**急ぎ** @all <!channel>");
        assert_null(desk_text());
        expect_heard("＊＊急ぎ＊＊ ＠all ＜！channel＞");
        write_direct(yes[i]);
        assert_non_null(desk_text());
        assert_non_null(strstr(desk_text(), "＊＊急ぎ＊＊ ＠all ＜！channel＞"));
        assert_int_equal(session.menu, MENU_NONE);
        assert_string_equal(session.menu_arg, "");
        write_direct(yes[i]);
        assert_null(desk_text());
    }
    for (size_t i = 0; i < ARRAY_LEN(no); i++) {
        fresh(NULL);
        begin();
        write_direct("質問があります");
        for (size_t k = 0; k < ARRAY_LEN(other); k++) {
            write_direct(other[k]);
            assert_null(desk_text());
            assert_int_equal(session.menu, MENU_HANDOFF_SEND);
        }
        write_direct(no[i]);
        assert_null(desk_text());
        assert_int_equal(session.menu, MENU_NONE);
        assert_string_equal(session.menu_arg, "");
    }
}

/* Whatever the words, they are the message; but for those that end it. */
static void test_any_words_are_text(UNUSED void **state) {
    static const char *const texts[] = {
        "1",    "役割7",  "診断", "私の結果", "英語で",
        "連携", "ヘルプ", "?",    "送る",     "やめるにはどうしますか"};
    static const char *const ends[] = {"やめる", "中断", "戻る", "cancel", "いまはいい", "back"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        fresh(NULL);
        begin();
        write_direct(texts[i]);
        assert_int_equal(session.menu, MENU_HANDOFF_SEND);
        assert_string_equal(session.menu_arg + TALK_HERE_LEN + 1, texts[i]);
        assert_int_equal(session.lang, LANG_JA);
    }
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        fresh(NULL);
        begin();
        write_direct(ends[i]);
        assert_int_equal(session.menu, MENU_NONE);
        assert_string_equal(session.menu_arg, "");
    }
    fresh(NULL);
    begin();
    write_direct(" ");
    assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
}

static void test_length(UNUSED void **state) {
    static char text[3 * (HANDOFF_MAX_CHARS + 1) + 1];
    for (size_t i = 0; i <= HANDOFF_MAX_CHARS; i++) {
        memcpy(text + 3 * i, "あ", 4);
    }
    begin();
    write_direct(text);
    assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
    expect_heard("1001字");
    assert_null(desk_text());
    write_direct(text + 3);
    assert_int_equal(session.menu, MENU_HANDOFF_SEND);
    write_direct("1");
    assert_non_null(strstr(desk_text(), text + 3));
    write_direct(ASK);
    write_direct(OFFER);
    write_direct("a\nb");
    write_direct("1");
    assert_non_null(strstr(desk_text(), "「a\nb」"));
}

static void test_incident_goes_first(UNUSED void **state) {
    static const char *const cries[] = {"フィッシングのリンクを踏んでしまいました",
                                        "もしパソコンをなくしたらどうすればいい?"};
    for (size_t i = 0; i < ARRAY_LEN(cries); i++) {
        fresh(NULL);
        begin();
        write_direct(cries[i]);
        assert_true(step.n_replies >= 2);
        assert_non_null(strstr(step.replies[0].text, "\n1. "));
        assert_null(desk_text());
        assert_int_equal(session.menu, MENU_HANDOFF_SEND);
        expect_heard(cries[i]);
        write_direct("2");
        assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
    }
    fresh(NULL);
    begin();
    write_direct("報告");
    assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
    assert_null(desk_text());
}

static void test_open_question_returns(UNUSED void **state) {
    write_direct("診断");
    write_direct("2");
    write_direct(ASK);
    write_direct("1");
    write_direct("だれに聞けばよいですか");
    write_direct("1");
    assert_non_null(desk_text());
    expect_question("q2");
    write_direct(ASK);
    write_direct("いまはいい");
    expect_question("q2");
    assert_int_equal(session.run.phase, RUN_ASKING);
}

static void test_no_desk(UNUSED void **state) {
    desk = false;
    write_direct("こんにちは");
    write_direct(ASK);
    assert_int_equal(session.menu, MENU_NONE);
    expect_heard("伝言を渡すことは、ここではできません");
    say_in(PLACE_CHANNEL, ASK);
    assert_int_equal(heard()->audience, AUDIENCE_HERE);
    desk = true;
    begin();
    write_direct("質問です");
    desk = false; /* the configuration has changed */
    write_direct("1");
    assert_null(desk_text());
    assert_int_equal(session.menu, MENU_NONE);
    expect_heard("伝言は送っていません");
    expect_heard("内線1234");
}

/* What is said in a channel, clicked, or said in another place is no message for the desk. */
static void test_elsewhere(UNUSED void **state) {
    say_in(PLACE_CHANNEL, ASK);
    assert_int_equal(step.replies[0].audience, AUDIENCE_HERE);
    assert_int_equal(heard()->audience, AUDIENCE_DIRECT);
    assert_int_equal(session.menu, MENU_HANDOFF);
    write_direct("はい");
    say_in(PLACE_CHANNEL, "私の結果");
    assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
    send_event((struct event){.kind = EVENT_WORD, .text = "ヘルプ"});
    assert_int_equal(session.menu, MENU_HANDOFF_TEXT);
    send_event((struct event){.kind = EVENT_MESSAGE, .text = "こんにちは", .user = "other"});
    assert_int_equal(session.menu, MENU_NONE);
    assert_string_equal(session.menu_arg, "");
}

/* By a click: what was shown last counts, and another text is another question. */
static void test_clicks(UNUSED void **state) {
    char old[128];
    begin();
    write_direct("一つめ");
    snprintf(old, sizeof(old), "%s", heard()->question);
    write_direct("2");
    write_direct("二つめ");
    char now[128];
    snprintf(now, sizeof(now), "%s", heard()->question);
    assert_string_not_equal(now, old);
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = old});
    assert_null(desk_text());
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = now});
    assert_non_null(strstr(desk_text(), "二つめ"));
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = now});
    assert_null(step.n_replies > 0 ? desk_text() : NULL);
}

/* What was written does not stay behind when something else is begun. */
static void test_forgotten(UNUSED void **state) {
    static const char *const ways[] = {"診断", "最初から", "3", "1"};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        fresh(NULL);
        begin();
        write_direct("内緒の話です");
        write_direct(ways[i]);
        assert_null(strstr(session.menu_arg, "内緒"));
    }
}

/* The apology for being late is for the person. */
static void test_late(UNUSED void **state) {
    begin();
    write_direct("質問です");
    send_event((struct event){.kind = EVENT_MESSAGE, .text = "1", .late_ms = 3600 * 1000});
    assert_non_null(desk_text());
    assert_null(strstr(desk_text(), "分"));
    expect_heard("分");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_sent_by_yes_alone, fresh),
        cmocka_unit_test_setup(test_any_words_are_text, fresh),
        cmocka_unit_test_setup(test_length, fresh),
        cmocka_unit_test_setup(test_incident_goes_first, fresh),
        cmocka_unit_test_setup(test_open_question_returns, fresh),
        cmocka_unit_test_setup(test_no_desk, fresh),
        cmocka_unit_test_setup(test_elsewhere, fresh),
        cmocka_unit_test_setup(test_clicks, fresh),
        cmocka_unit_test_setup(test_forgotten, fresh),
        cmocka_unit_test_setup(test_late, fresh),
    };
    return cmocka_run_group_tests_name("handoff", tests, load_pack, unload_pack);
}
