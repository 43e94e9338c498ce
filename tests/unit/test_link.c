/* Linking in conversation: what is a code, who is asked, what is said and what is to be stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "intents/link.h"
#include "tests/support/dialogue_driver.h"

/* ---- what is a code ---- */

static void test_codes_are_found(UNUSED void **state) {
    static const char none[] = "none";
    static const struct {
        const char *text;
        const char *code; /* "": a number of another length */
    } table[] = {
        {"連携 12345678", "12345678"},
        {"連携 1234 5678", "12345678"},
        {"連携12345678", "12345678"},
        {"「連携 1234 5678」", "12345678"},
        {"連携 １２３４ ５６７８", "12345678"},
        {"連携　１２３４－５６７８", "12345678"},
        {"連携 1234ー5678", "12345678"},
        {"連携 1234-5678です", "12345678"},
        {"連携:1234 5678", "12345678"},
        {"連携コードは 00000001 です", "00000001"},
        {"連携 12 34 56 78 お願いします", "12345678"},
        {"12345678 連携", "12345678"},
        {"レンケイ 12345678", "12345678"},
        {"リンク 12345678", "12345678"},
        {"link 1234 5678", "12345678"},
        {"LINK 1234-5678 please", "12345678"},
        {"link1234 5678", "12345678"},
        {"Link code: 12345678", "12345678"},
        {"連携 1234567", ""},
        {"連携 123456789", ""},
        {"連携 12345678901234567890", ""},
        {"link 1", ""},
        {"連携", none},
        {"12345678", none},
        {"1234 5678", none},
        {"連携 12345678 と 2", none},
        {"連携を 12345678 回した", none},
        {"リンク 1234", none},
        {"ログ 12345678", none},
        {"link 12345678 was in the mail I clicked on", none},
        {"unlink 12345678", none},
        {"", none},
    };
    static struct faults faults;
    static struct arena arena;
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    struct phrases *p = phrases_load(f->data, (size_t)(f->end - f->data), f->path, &faults);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *code = none;
        bool found = link_find_code(p, &arena, table[i].text, &code);
        if (found != (table[i].code != none) || strcmp(code, table[i].code) != 0) {
            fail_msg("\"%s\": %s, not %s", table[i].text, code, table[i].code);
        }
    }
    faults_free(&faults);
    phrases_free(p);
    arena_free(&arena);
}

/* ---- giving one ---- */

static const char *code_given(void) {
    for (size_t i = 0; i < step.n_changes; i++) {
        if (step.changes[i].kind == CHANGE_LINK_CODE) {
            return step.changes[i].code;
        }
    }
    return "";
}

static void test_a_code_is_given(UNUSED void **state) {
    write_direct("連携したい");
    assert_int_equal(step.n_replies, 2); /* introductions first */
    assert_string_equal(code_given(), "12345678");
    expect_heard("「連携 1234 5678」");
    assert_null(strstr(heard()->text, "か所"));
    places = 3;
    write_direct("link my accounts");
    expect_heard("3か所");
    write_direct("診断");
    write_direct("連携");
    expect_question("q1");
    assert_string_equal(code_given(), "12345678");
}

/* Never in a channel, not even in a whisper, and neither is a question whose answer matters. */
static void test_nothing_in_a_channel(UNUSED void **state) {
    static const char *const texts[] = {"連携", "連携 1111 2222", "連携をやめる"};
    session.greeted = true;
    session.result = pack->personas[0].id;
    places = 2;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        for (int whisper = 0; whisper < 2; whisper++) {
            send_event((struct event){.kind = EVENT_MESSAGE,
                                      .place = PLACE_CHANNEL,
                                      .whisper = whisper == 1,
                                      .text = texts[i]});
            assert_int_equal(step.n_replies, 2);
            assert_int_equal(step.replies[0].audience, AUDIENCE_HERE);
            assert_null(strpbrk(step.replies[0].text, "0123456789"));
            assert_int_equal(step.replies[1].audience, AUDIENCE_DIRECT);
        }
    }
    session.menu = MENU_NONE;
    session.result = ""; /* nothing to ask about */
    link_result = LINK_JOINED;
    say_in(PLACE_CHANNEL, "連携 1111 2222");
    assert_int_equal(step.replies[0].audience, AUDIENCE_HERE);
    assert_int_equal(heard()->audience, AUDIENCE_DIRECT);
    expect_heard("つながりました");
}

/* ---- entering one ---- */

static void test_what_came_of_it(UNUSED void **state) {
    static const struct {
        enum link_result result;
        const char *says;
    } table[] = {
        {LINK_JOINED, "つながりました"}, {LINK_JOINED_LEFT, "途中だった質問は、ここまで"},
        {LINK_OWN, "ご自分のコード"},    {LINK_REFUSED, "使えませんでした"},
        {LINK_LATER, "1時間ほど"},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        assert_int_equal(fresh(NULL), 0);
        link_result = table[i].result;
        write_direct("連携 1111 2222");
        assert_string_equal(asked_code, "11112222");
        /* Nobody is introduced in between; that is for the next message. */
        assert_int_equal(step.n_replies, 1);
        expect_heard(table[i].says);
        assert_false(session.greeted);
        assert_int_equal(step.n_changes, 0);
    }
    write_direct("連携 1111");
    expect_heard("8桁");
    assert_null(asked_code);
}

/* What goes on is said: the step is that of the person both are now. */
static void test_what_goes_on(UNUSED void **state) {
    session.greeted = true;
    write_direct("診断");
    link_result = LINK_JOINED;
    write_direct("連携 1111 2222");
    write_direct("1");
    expect_question("q1");
    write_direct("中断");
    link_result = LINK_JOINED;
    write_direct("連携 1111 2222");
    write_direct("はい");
    expect_heard("再開");
    session.run.phase = RUN_DONE;
    session.result = pack->personas[1].id;
    write_direct("連携 1111 2222");
    write_direct("はい");
    expect_heard(pack->personas[1].brief.in[LANG_JA]);
}

static void test_who_has_answers_is_asked(UNUSED void **state) {
    session.greeted = true;
    write_direct("診断");
    write_direct("連携 1111 2222");
    assert_null(asked_code);
    assert_int_equal(heard()->n_choices, 2);
    assert_int_equal(session.menu, MENU_LINK);
    write_direct("役割7"); /* a side question changes nothing */
    assert_int_equal(session.menu, MENU_LINK);
    write_direct("3");
    assert_int_equal(session.menu, MENU_LINK);
    write_direct("いいえ");
    assert_null(asked_code);
    assert_int_equal(session.menu, MENU_NONE);
    expect_question("q1");
    char question[128];
    write_direct("連携 1111 2222");
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = "menu/link/stale"});
    assert_null(asked_code);
    write_direct("連携 1111 2222");
    snprintf(question, sizeof(question), "%s", heard()->question);
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = question});
    assert_string_equal(asked_code, "11112222");
    expect_heard("使えませんでした");
    expect_question("q1");
    assert_int_equal(session.menu, MENU_NONE);
}

/* ---- leaving ---- */

static void test_leaving(UNUSED void **state) {
    session.greeted = true;
    write_direct("連携をやめる");
    assert_int_equal(session.menu, MENU_NONE); /* linked with nothing */
    places = 2;
    write_direct("English");
    write_direct("start");
    session.result = pack->personas[1].id;
    write_direct("unlink");
    assert_int_equal(session.menu, MENU_UNLINK);
    write_direct("no");
    assert_false(changed(CHANGE_UNLINK));
    expect_question("q1");
    write_direct("disconnect");
    write_direct("yes");
    assert_true(changed(CHANGE_UNLINK));
    assert_string_equal(session.run_id, "");
    assert_string_equal(session.result, "");
    assert_int_equal(session.run.phase, RUN_NONE);
    assert_int_equal(session.lang, LANG_EN);
    assert_true(session.greeted && session.lang_chosen);
}

/* In another place a number means what was shown there. */
static void test_questions_wait_where_they_were_asked(UNUSED void **state) {
    static const char *const texts[] = {"連携をやめる", "連携 1111 2222"};
    session.greeted = true;
    places = 2;
    write_direct("診断");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        write_direct(texts[i]);
        assert_true(session.menu == MENU_UNLINK || session.menu == MENU_LINK);
        send_event((struct event){.kind = EVENT_ACCOUNT, .user = "elsewhere"});
        assert_true(session.menu == MENU_UNLINK || session.menu == MENU_LINK);
        send_event((struct event){.kind = EVENT_MESSAGE, .user = "elsewhere", .text = "1"});
        assert_false(changed(CHANGE_UNLINK));
        assert_null(asked_code);
        assert_true(changed(CHANGE_REPLY));
        assert_int_equal(session.menu, MENU_NONE);
        write_direct("最初から");
        write_direct("はい");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_found),
        cmocka_unit_test_setup(test_a_code_is_given, fresh),
        cmocka_unit_test_setup(test_nothing_in_a_channel, fresh),
        cmocka_unit_test_setup(test_what_came_of_it, fresh),
        cmocka_unit_test_setup(test_what_goes_on, fresh),
        cmocka_unit_test_setup(test_who_has_answers_is_asked, fresh),
        cmocka_unit_test_setup(test_leaving, fresh),
        cmocka_unit_test_setup(test_questions_wait_where_they_were_asked, fresh),
    };
    return cmocka_run_group_tests_name("link", tests, load_pack, unload_pack);
}
