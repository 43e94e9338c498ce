/* The conversation as a pure function: repeatable, well-formed, private in channels, unbreakable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/support/dialogue_driver.h"

/* ---- a whole conversation ---- */

static void to_result(void) {
    write_direct("診断");
    write_direct("2");
    write_direct("1,2,4");
    write_direct("どれもない");
    write_direct("3");
    write_direct("はい");
    assert_string_equal(session.result, "persona-c");
}

static void test_conversation(void **state) {
    (void)state;
    write_direct("こんにちは");
    assert_true(session.greeted);
    assert_int_equal(step.n_changes, 0);
    write_direct("診断");
    assert_true(changed(CHANGE_RUN_BEGIN));
    expect_question("q1");
    assert_int_equal(heard()->n_choices, 2);
    write_direct("経理です");
    assert_true(changed(CHANGE_REPLY));
    assert_int_equal(step.changes[0].reply.mask, 2);
    expect_question("q2");
    write_direct("トリアージって何");
    assert_false(changed(CHANGE_REPLY));
    expect_question("q2"); /* and back to the question */
    write_direct("1,2");
    write_direct("3");
    expect_question("q5");
    write_direct("戻る");
    expect_question("q4");
    write_direct("どれもない");
    write_direct("3");
    expect_question("review");
    assert_int_equal(heard()->n_choices, 3);
    write_direct("はい");
    assert_true(changed(CHANGE_RUN_DONE) && changed(CHANGE_RESULT));
    assert_string_equal(session.result, "persona-c");
    expect_heard(pack_persona(pack, "persona-c")->brief.in[LANG_JA]);
    write_direct("English");
    assert_int_equal(session.lang, LANG_EN);
    write_direct("my result");
    expect_heard(pack_persona(pack, "persona-c")->brief.in[LANG_EN]);
}

static void test_choices_by_click(void **state) {
    (void)state;
    write_direct("診断");
    char question[128];
    snprintf(question, sizeof(question), "%s", heard()->question);
    send_event((struct event){.kind = EVENT_TICK, .choice = 2, .question = question});
    expect_question("q2");
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = question});
    assert_int_equal(session.run.ticks, 0); /* the old question's choices do nothing */
    expect_question("q2");
    snprintf(question, sizeof(question), "%s", heard()->question);
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = question});
    send_event((struct event){.kind = EVENT_TICK, .choice = 3, .question = question});
    send_event((struct event){.kind = EVENT_UNTICK, .choice = 1, .question = question});
    assert_int_equal(session.run.ticks, 4);
    send_event((struct event){.kind = EVENT_TICK, .choice = 99, .question = question});
    assert_int_equal(session.run.ticks, 4);
    send_event((struct event){.kind = EVENT_CLOSE, .question = question});
    assert_int_equal(session.run.replies[1].mask, 4);
    expect_question("q4");
}

/* Clicks that belong to nothing are answered or ignored, and change no answer. */
static void test_stray_clicks(void **state) {
    (void)state;
    static const char *const refs[] = {"",     "menu/pick", "menu/none", "menu/",
                                       "x/q1", "/",         "/review"};
    static const char *const before[] = {"ヘルプ", "診断", "ヘルプ", "中断", "最初から"};
    for (size_t b = 0; b < ARRAY_LEN(before); b++) {
        write_direct(before[b]);
        for (size_t i = 0; i < ARRAY_LEN(refs); i++) {
            for (int kind = EVENT_TICK; kind <= EVENT_CLOSE; kind++) {
                for (int choice = -1; choice <= 3; choice++) {
                    send_event((struct event){
                        .kind = (enum event_kind)kind, .choice = choice, .question = refs[i]});
                    assert_int_equal(step.n_changes, 0);
                }
            }
        }
    }
}

/* ---- channels ---- */

static const char general[] =
    "ヘルプ\t役割\t役割7\t法務の知識\t人材像\tcさん\tcさんの知識\tトリアージとは\tK-006\t"
    "検索 ログ\t用語集\tリンク\t出典\tデータの扱い\tどの手引きを読めばいい\t困りごと\t"
    "タスク一覧\tこんにちは\tありがとう\tクイズ\tぬるぽ\t@all\troles\twhat is triage\t"
    "search log\tlinks\tSGの範囲\tIP\tK-016はどの試験\tITパスポート\t検索 "
    "forencics\tT-999\t役割99\tぽよぽよとは\t3\t1,2\t";

static const char personal[] =
    "診断\t結果\t結果を変える\t点数\t再開\t続き\t戻る\tスキップ\t中断\t最初から\t確認\t"
    "答えを見る\tはい\tいいえ\tわからない\t決定\t進み具合\tあと何問\t3問目を直したい\t"
    "なんで聞くの\t例えば\t全部\tどれもない\tもっと\tリンクを踏んだ\t"
    "パスワードを入れてしまった\tstart\tresult\tchange result\tscore\tmy answers\t"
    "resume\tstart over\tback\tEnglish\t日本語\tchange question 1";

/* What HERE says must not depend on anything kept about the person. */
static void check_channel(const char *text, const struct session *known, bool is_personal) {
    static char here[2][65536];
    for (int i = 0; i < 2; i++) {
        session = *known;
        if (i == 1) {
            session = (struct session){.lang = known->lang,
                                       .greeted = true,
                                       .form = pack->form,
                                       .menu_arg = "",
                                       .locale = "",
                                       .result = ""};
        }
        say_in(PLACE_CHANNEL, text);
        here[i][0] = '\0';
        size_t len = 0;
        for (size_t k = 0; k < step.n_replies; k++) {
            if (step.replies[k].audience == AUDIENCE_HERE) {
                len += (size_t)snprintf(here[i] + len, sizeof(here[i]) - len, "%s\n--\n",
                                        step.replies[k].text);
            }
        }
        assert_true(len > 0 && len < sizeof(here[i]));
    }
    if (strcmp(here[0], here[1]) != 0) {
        fail_msg("\"%s\" tells something in the channel: %s", text, here[0]);
    }
    const struct persona *p = pack_persona(pack, known->result);
    if (is_personal && p) {
        assert_null(strstr(here[0], p->brief.in[known->lang]));
        assert_null(strstr(here[0], p->name.in[known->lang]));
        assert_null(strstr(here[0], "点 ")); /* a line of the score */
    }
    for (size_t q = 0; is_personal && q < pack->form->n_questions; q++) {
        for (size_t o = 0; o < pack->form->questions[q].n_options; o++) {
            assert_null(strstr(here[0], pack->form->questions[q].options[o].brief.in[known->lang]));
        }
    }
}

static void check_channel_all(const struct session *known) {
    struct texts open = split(general);
    struct texts closed = split(personal);
    assert_true(open.n + closed.n > 60);
    for (size_t i = 0; i < open.n; i++) {
        check_channel(open.items[i], known, false);
    }
    for (size_t i = 0; i < closed.n; i++) {
        check_channel(closed.items[i], known, true);
    }
}

static void test_channel_keeps_secrets(void **state) {
    (void)state;
    to_result();
    struct session done = session;
    done.result = "persona-c";
    done.menu_arg = "";
    check_channel_all(&done);
    done.lang = LANG_EN;
    check_channel_all(&done);
    done.lang = LANG_JA;
    session = done;
    write_direct("診断"); /* a second run under way, with answers and ticks */
    write_direct("1");
    write_direct("2も");
    struct session asking = session;
    asking.result = "persona-c";
    asking.menu_arg = "";
    check_channel_all(&asking);
    static const enum menu menus[] = {MENU_LIST,    MENU_PICK,         MENU_CHANGE, MENU_ROLES,
                                      MENU_RESTART, MENU_WELCOME_BACK, MENU_EDIT};
    for (size_t i = 0; i < ARRAY_LEN(menus); i++) {
        asking.menu = menus[i];
        asking.menu_arg = menus[i] == MENU_LIST ? "10 kind 1" : "persona-c persona-b";
        check_channel_all(&asking);
    }
}

/* The same words in private do tell, so that the test above compares something. */
static void test_private_tells(void **state) {
    (void)state;
    to_result();
    write_direct("結果");
    expect_heard(pack_persona(pack, "persona-c")->brief.in[LANG_JA]);
    write_direct("点数");
    expect_heard("点 ");
    say_in(PLACE_CHANNEL, "結果");
    assert_int_equal(step.n_replies, 2);
    assert_int_equal(step.replies[0].audience, AUDIENCE_HERE);
    assert_int_equal(step.replies[1].audience, AUDIENCE_DIRECT);
    expect_heard(pack_persona(pack, "persona-c")->brief.in[LANG_JA]);
}

/* ---- hostile text ---- */

static const char hostile[] =
    "@all\t@channel\t<!channel>\t<@U123>\t<#C1>\t[x](http://y)\thttp://evil.example\t"
    "`code`\t```x\t**b**\t_i_\t~s~\t> quote\t# head\t:smile:\t||spoiler||\t{persona}\t"
    "a\u202eb\t\xe2\x81\xa6x\t\\n\t$x^2$";

static const char around[] =
    "%s\t%sとは\t検索 %s\twhat is %s\tsearch %s\tログと%s\t調達、%s\t%sの知識\t役割%s\t"
    "%sを外す\t%sか1";

static void check_harmless(const char *said, const char *text) {
    for (size_t i = 0; i < step.n_replies; i++) {
        if (strstr(step.replies[i].text, said)) {
            fail_msg("\"%s\" comes back live in: %s", text, step.replies[i].text);
        }
        assert_null(strstr(step.replies[i].text, "\xe2\x80\xae"));
        assert_null(strstr(step.replies[i].text, "\xe2\x81\xa6"));
        assert_null(strstr(step.replies[i].text, "http://"));
    }
}

static size_t echo_all(enum place place) {
    size_t echoed = 0;
    struct texts live = split(hostile);
    struct texts frames = split(around);
    for (size_t i = 0; i < live.n; i++) {
        for (size_t k = 0; k < frames.n; k++) {
            char text[256];
            const char *at = strstr(frames.items[k], "%s");
            snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - frames.items[k]), frames.items[k],
                     live.items[i], at + 2);
            struct session kept = session;
            say_in(place, text);
            check_harmless(live.items[i], text);
            for (size_t r = 0; r < step.n_replies; r++) {
                echoed += strstr(step.replies[r].text, "＠") != NULL;
            }
            session = kept; /* its strings are gone with the arena of an older step */
            session.misses = 0;
            session.menu_arg = "";
            session.result = "";
        }
    }
    return echoed;
}

static void test_hostile_text(void **state) {
    (void)state;
    write_direct("こんにちは");
    size_t echoed = echo_all(PLACE_DIRECT);
    echoed += echo_all(PLACE_CHANNEL);
    write_direct("診断");
    echoed += echo_all(PLACE_DIRECT);
    write_direct("1");
    echoed += echo_all(PLACE_DIRECT);
    session.lang = LANG_EN;
    echoed += echo_all(PLACE_DIRECT);
    assert_true(echoed > 20); /* it was echoed, in its harmless form */
}

/* An answer that comes late begins with saying so, and only its first message does. */
static void test_late(void **state) {
    (void)state;
    static const int64_t minute_ms = 60000;
    static const struct {
        int64_t minutes;
        const char *said; /* NULL: no word about it */
    } cases[] = {{0, NULL},         {4, NULL},        {5, "5分前"},
                 {119, "119分前"},  {120, "2時間前"}, {47 * 60, "47時間前"},
                 {48 * 60, "2日前"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        send_event((struct event){.kind = EVENT_MESSAGE,
                                  .text = "トリアージとは",
                                  .late_ms = cases[i].minutes * minute_ms + minute_ms / 2});
        bool late = strstr(step.replies[0].text, "お返事が遅くなりました") != NULL;
        assert_int_equal(late, cases[i].said != NULL);
        assert_true(!cases[i].said || strstr(step.replies[0].text, cases[i].said));
        for (size_t k = 1; k < step.n_replies; k++) {
            assert_null(strstr(step.replies[k].text, "お返事が遅くなりました"));
        }
    }
}

/* Unticking an answered question, or taking the check mark away, is tidying up. */
static void test_tidying_up(void **state) {
    (void)state;
    write_direct("診断");
    const char *first = heard()->question;
    send_event((struct event){.kind = EVENT_TICK, .choice = 2, .question = first, .text = ""});
    expect_question("q2");
    assert_true(heard()->closes);
    send_event((struct event){.kind = EVENT_UNTICK, .choice = 2, .question = first, .text = ""});
    assert_int_equal(step.n_replies, 0);
    assert_string_equal(open_question(&session)->id, "q2");
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = "stale", .text = ""});
    assert_true(step.n_replies > 0); /* a click is not: it wanted something */
}

/* What was just answered or chosen is clicked again: nothing, within moments; a word, later. */
static void check_click_again(struct event click) {
    send_event(click);
    assert_true(step.n_replies > 0);
    struct session after = session;
    send_event(click);
    assert_int_equal(step.n_replies, 0);
    assert_int_equal(session.menu, after.menu);
    assert_memory_equal(&session.run, &after.run, sizeof(after.run));
    now_ms += 5000;
    send_event(click);
    assert_true(step.n_replies > 0);
}

static void test_double_clicks(void **state) {
    (void)state;
    static const int first_two[] = {1, 2};
    char question[128];
    write_direct("診断");
    snprintf(question, sizeof(question), "%s", heard()->question);
    check_click_again(
        (struct event){.kind = EVENT_TICK, .choice = 2, .question = question, .text = ""});
    expect_question("q2");
    snprintf(question, sizeof(question), "%s", heard()->question);
    check_click_again((struct event){.kind = EVENT_CLOSE,
                                     .has_selected = true,
                                     .selected = first_two,
                                     .n_selected = 2,
                                     .question = question});
    snprintf(question, sizeof(question), "%s", heard()->question);
    write_direct("1も");
    check_click_again((struct event){.kind = EVENT_CLOSE, .question = question});
    write_direct("どれもない");
    expect_question("review");
    snprintf(question, sizeof(question), "%s", heard()->question);
    for (int choice = 3; choice >= 1; choice--) { /* start over, edit, done */
        check_click_again(
            (struct event){.kind = EVENT_TICK, .choice = choice, .question = question});
        now_ms += 5000;
        write_direct(choice == 3 ? "2" : choice == 2 ? "そのまま" : "ありがとう");
    }
    assert_int_equal(session.run.phase, RUN_DONE);
}

/* "None of these" together with others, which only a list lets people tick. */
static void test_contradiction(void **state) {
    (void)state;
    static const int both[] = {1, 5};
    write_direct("診断");
    write_direct("2");
    char question[128];
    snprintf(question, sizeof(question), "%s", heard()->question);
    send_event((struct event){.kind = EVENT_CLOSE,
                              .has_selected = true,
                              .selected = both,
                              .n_selected = 2,
                              .question = question});
    expect_question("q2");
    assert_non_null(strstr(heard()->text, "一緒に選べません"));
    assert_int_equal(session.run.replies[1].kind, REPLY_OPEN);
    send_event((struct event){.kind = EVENT_CLOSE,
                              .has_selected = true,
                              .selected = both + 1,
                              .n_selected = 1,
                              .question = question});
    expect_question("q4");
}

/* Ticks may change the message that asks; words get a message of their own. */
static void test_refreshes(void **state) {
    (void)state;
    write_direct("診断");
    assert_false(heard()->closes);
    write_direct("2");
    const char *question = heard()->question;
    assert_false(heard()->refreshes);
    send_event((struct event){.kind = EVENT_TICK, .choice = 1, .question = question, .text = ""});
    assert_true(heard()->refreshes);
    write_direct("3も");
    assert_false(heard()->refreshes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_conversation, fresh),
        cmocka_unit_test_setup(test_choices_by_click, fresh),
        cmocka_unit_test_setup(test_stray_clicks, fresh),
        cmocka_unit_test_setup(test_channel_keeps_secrets, fresh),
        cmocka_unit_test_setup(test_private_tells, fresh),
        cmocka_unit_test_setup(test_hostile_text, fresh),
        cmocka_unit_test_setup(test_late, fresh),
        cmocka_unit_test_setup(test_tidying_up, fresh),
        cmocka_unit_test_setup(test_refreshes, fresh),
        cmocka_unit_test_setup(test_double_clicks, fresh),
        cmocka_unit_test_setup(test_contradiction, fresh),
    };
    return cmocka_run_group_tests_name("dialogue", tests, load_pack, unload_pack);
}
