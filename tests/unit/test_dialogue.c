/* The conversation as a pure function: repeatable, well-formed, private in channels, unbreakable.
 */
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
#include "base/text.h"
#include "intents/step.h"

#define MAX_CHARS   16000
#define FUZZ_STEPS  20000
#define FUZZ_WORDS  2048
#define START_MS    ((int64_t)1795424400000)
#define QUOTE_LIMIT 24

static struct pack *pack;
static struct phrases *phrases;
/* Lists of texts below are one string each, parted by tabs. */
struct texts {
    const char *items[64];
    size_t n;
};

static const struct site site = {{{"内線1234", "extension 1234"}}, {{"会社の約束", "our promise"}}};

/* Two arenas take turns: a session's strings outlive the step that made them by one step. */
static struct arena arenas[2];
static struct arena again;
static struct arena lists;
static struct session session;
static struct step step;
static int turn;
static int64_t now_ms;

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
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    arena_free(&again);
    arena_free(&lists);
    return 0;
}

static struct texts split(const char *list) {
    struct texts t = {.n = 0};
    for (const char *p = list;; p++) {
        size_t n = strcspn(p, "\t");
        assert_true(t.n < ARRAY_LEN(t.items));
        t.items[t.n++] = arena_strndup(&lists, p, n);
        p += n;
        if (*p == '\0') {
            return t;
        }
    }
}

static int fresh(void **state) {
    (void)state;
    session = (struct session){.lang = LANG_JA, .form = pack->form, .menu_arg = "", .result = ""};
    now_ms = START_MS;
    turn = 0;
    return 0;
}

/* ---- what holds for every step ---- */

static void same(const char *a, const char *b) {
    assert_string_equal(a, b);
}

static void check_same_step(const struct step *a, const struct step *b) {
    assert_int_equal(a->n_replies, b->n_replies);
    for (size_t i = 0; i < a->n_replies; i++) {
        const struct reply *x = &a->replies[i];
        const struct reply *y = &b->replies[i];
        assert_int_equal(x->audience, y->audience);
        same(x->text, y->text);
        same(x->question, y->question);
        assert_int_equal(x->n_choices, y->n_choices);
        for (size_t k = 0; k < x->n_choices; k++) {
            assert_int_equal(x->choices[k].number, y->choices[k].number);
            assert_int_equal(x->choices[k].ticked, y->choices[k].ticked);
            same(x->choices[k].label, y->choices[k].label);
        }
    }
    assert_int_equal(a->n_changes, b->n_changes);
    for (size_t i = 0; i < a->n_changes; i++) {
        assert_int_equal(a->changes[i].kind, b->changes[i].kind);
        assert_int_equal(a->changes[i].question, b->changes[i].question);
        assert_memory_equal(&a->changes[i].reply, &b->changes[i].reply, sizeof(struct form_reply));
        assert_int_equal(a->changes[i].by_hand, b->changes[i].by_hand);
        same(a->changes[i].run_id, b->changes[i].run_id);
        same(a->changes[i].persona, b->changes[i].persona);
    }
    assert_memory_equal(&a->next.run, &b->next.run, sizeof(a->next.run));
    assert_int_equal(a->next.lang, b->next.lang);
    assert_int_equal(a->next.greeted, b->next.greeted);
    assert_int_equal(a->next.menu, b->next.menu);
    assert_int_equal(a->next.misses, b->next.misses);
    assert_int_equal(a->next.last_event_ms, b->next.last_event_ms);
    assert_ptr_equal(a->next.form, b->next.form);
    same(a->next.run_id, b->next.run_id);
    same(a->next.menu_arg, b->next.menu_arg);
    same(a->next.result, b->next.result);
}

static void check_session(const struct session *s) {
    int path[FORM_MAX_QUESTIONS];
    size_t total;
    assert_true(s->lang < LANG__COUNT && s->menu < MENU__COUNT && s->run.phase < RUN__COUNT);
    assert_non_null(s->menu_arg);
    assert_true(s->misses >= 0);
    assert_true(*s->result == '\0' || pack_persona(pack, s->result));
    if (s->run.phase == RUN_NONE) {
        return;
    }
    size_t n = run_path(s->form, &s->run, path);
    size_t place = run_place(s->form, &s->run, s->run.current, &total);
    assert_true(place <= total && run_answered(s->form, &s->run) <= total);
    assert_true(n <= total && strlen(s->run_id) == RUN_ID_LEN);
    assert_true(s->run.phase != RUN_ASKING || place > 0);
    assert_true(s->run.phase != RUN_REVIEW || s->run.current == -1);
    for (size_t i = 0; i < s->form->n_questions; i++) {
        const struct form_reply *r = &s->run.replies[i];
        bool asked = run_place(s->form, &s->run, (int)i, NULL) > 0;
        assert_true(asked || r->kind == REPLY_OPEN);
        assert_true(r->mask >> s->form->questions[i].n_options == 0);
        assert_true((r->kind == REPLY_CHOSEN) == (r->mask != 0));
    }
}

static const struct form_question *open_question(const struct session *s) {
    return s->run.phase == RUN_ASKING ? &s->form->questions[s->run.current] : NULL;
}

/* The reference is that of what is asked, and what asks has one. */
static void check_reference(const struct reply *r, const struct session *s) {
    const struct form_question *q = open_question(s);
    char want[128];
    snprintf(want, sizeof(want), "%s/%s", s->run_id, q ? q->id : "review");
    if (strncmp(r->question, "menu/", 5) == 0) {
        assert_string_equal(r->question + 5, menu_names[s->menu]);
        assert_true(s->menu != MENU_NONE);
    } else if (*r->question) {
        assert_true(q || s->run.phase == RUN_REVIEW);
        assert_string_equal(r->question, want);
    }
    bool asks = q && strstr(r->text, q->text.in[s->lang]);
    if (r->n_choices > 0 || asks) {
        if (*r->question == '\0') {
            fail_msg("asks without a reference: %s", r->text);
        }
    }
}

static void check_reply(const struct reply *r, const struct event *e, const struct session *s) {
    assert_true(*r->text != '\0');
    assert_true(text_valid(r->text, strlen(r->text)));
    assert_true(text_graphemes(r->text) <= MAX_CHARS);
    if (strpbrk(r->text, "{}") || strstr(r->text, "(null)")) {
        fail_msg("a placeholder is left: %s", r->text);
    }
    assert_true(r->audience == AUDIENCE_DIRECT || e->place == PLACE_CHANNEL);
    if (r->audience == AUDIENCE_HERE) {
        assert_int_equal(r->n_choices, 0);
        same(r->question, "");
    } else {
        check_reference(r, s);
    }
    for (size_t i = 0; i < r->n_choices; i++) {
        assert_int_equal(r->choices[i].number, i + 1);
        assert_true(*r->choices[i].label != '\0');
    }
}

static void check_step(const struct event *e) {
    assert_true(e->kind != EVENT_MESSAGE || step.n_replies > 0);
    assert_true(step.n_replies < STEP_MAX_REPLIES);
    assert_true(step.n_changes < STEP_MAX_CHANGES - 1);
    for (size_t i = 0; i < step.n_replies; i++) {
        check_reply(&step.replies[i], e, &step.next);
    }
    for (size_t i = 0; i < step.n_changes; i++) {
        const struct change *c = &step.changes[i];
        assert_true(c->question >= 0 && c->question < (int)step.next.form->n_questions);
        assert_true(c->kind != CHANGE_RESULT || pack_persona(pack, c->persona));
    }
    check_session(&step.next);
    assert_int_equal(step.next.last_event_ms, e->at_ms);
}

/* ---- driving it ---- */

static void send_event(struct event e) {
    char id[32];
    snprintf(id, sizeof(id), "e%d", turn);
    now_ms += 1000;
    e.platform = "console";
    e.workspace = "w";
    e.user = "u";
    e.id = id;
    e.channel = e.place == PLACE_CHANNEL ? "general" : "";
    e.text = e.text ? e.text : "";
    e.question = e.question ? e.question : "";
    e.at_ms = now_ms;
    struct step_input in = {
        .pack = pack, .phrases = phrases, .site = &site, .session = &session, .event = &e};
    struct arena *arena = &arenas[turn++ % 2];
    static struct step second;
    struct session before = session;
    arena_reset(arena);
    arena_reset(&again);
    dialogue_step(&in, arena, &step);
    dialogue_step(&in, &again, &second);
    assert_memory_equal(&session, &before, sizeof(session)); /* the input is only read */
    check_same_step(&step, &second);
    check_step(&e);
    session = step.next;
    session.menu_arg = arena_strdup(arena, session.menu_arg);
    session.result = arena_strdup(arena, session.result);
}

static void say_in(enum place place, const char *text) {
    send_event((struct event){.kind = EVENT_MESSAGE, .place = place, .text = text});
}

static void write_direct(const char *text) {
    say_in(PLACE_DIRECT, text);
}

/* The last reply of the last step. */
static const struct reply *heard(void) {
    assert_true(step.n_replies > 0);
    return &step.replies[step.n_replies - 1];
}

static void expect_heard(const char *part) {
    if (!strstr(heard()->text, part)) {
        fail_msg("\"%s\" is not in: %s", part, heard()->text);
    }
}

static void expect_question(const char *id) {
    char want[128];
    snprintf(want, sizeof(want), "%s/%s", session.run_id, id);
    assert_string_equal(heard()->question, want);
}

static bool changed(enum change_kind kind) {
    for (size_t i = 0; i < step.n_changes; i++) {
        if (step.changes[i].kind == kind) {
            return true;
        }
    }
    return false;
}

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
    "search log\tlinks\tT-999\t役割99\tぽよぽよとは\t3\t1,2\t";

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

static size_t count_of(const char *text, const char *what) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        n++;
    }
    return n;
}

static void test_floods(void **state) {
    (void)state;
    static const char *const units[] = {"😀",
                                        "👩‍👩‍👧‍👦",
                                        "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
                                        "あ",
                                        "@all ",
                                        "1,",
                                        "ログと",
                                        "とは",
                                        "検索 ",
                                        "\n"};
    static char text[65536];
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        size_t n = strlen(units[i]);
        size_t times = 5000 * n < sizeof(text) ? 5000 : (sizeof(text) - 1) / n;
        for (size_t k = 0; k < times; k++) {
            memcpy(text + k * n, units[i], n);
        }
        text[times * n] = '\0';
        fresh(NULL);
        write_direct("こんにちは");
        write_direct(text);
        assert_true(text_graphemes(heard()->text) < 2000);
        assert_true(count_of(heard()->text, "😀") <= 2 * QUOTE_LIMIT);
        say_in(PLACE_CHANNEL, text);
        assert_true(text_graphemes(heard()->text) < 2000);
        write_direct("診断");
        write_direct(text);
        assert_true(count_of(heard()->text, "😀") <= 2 * QUOTE_LIMIT);
    }
}

/* ---- random conversations ---- */

static const char *words[FUZZ_WORDS];
static size_t n_words;
static struct texts ways;

/* What moves the questionnaire on, so that random conversations get far. */
static const char moves[] =
    "診断\t1\t2\t1,2\t5\tはい\t戻る\t1問目を直したい\tq2\tスキップ\tわからない\t決定\t"
    "最初から\t2も\t結果を変える\t中断\t再開";

static void collect_words(struct arena *arena) {
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    static const char junk[] =
        "\t \t。\t@all\t{said}\tあ\tぬるぽ\t😀\t<!here>\t役割\tの\t問目\tから\t-\t、\tと\t"
        "か\tも\tとは\t検索 \tK-\tt\trole\tq\t\n\t結果\tはい\tいいえ\t診断\t続ける\t中断\t"
        "再開\t決定\t戻る\tスキップ\t最初から\tもっと\t1\t2\t3";
    n_words = 0;
    for (const char *p = f->data; p < f->end && n_words < FUZZ_WORDS / 2;) {
        const char *end = memchr(p, '\n', (size_t)(f->end - p));
        const char *line = arena_strndup(arena, p, (size_t)(end - p));
        const char *tab = strrchr(line, '\t');
        if (tab && *line != '#') {
            words[n_words++] = tab + 1;
        }
        p = end + 1;
    }
    for (size_t i = 0; i < pack->n_terms; i++) {
        words[n_words++] = pack->terms[i].name.in[i % 2];
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        words[n_words++] = pack->roles[i].name.in[i % 2];
    }
    for (size_t q = 0; q < pack->form->n_questions; q++) {
        for (size_t o = 0; o < pack->form->questions[q].n_options; o++) {
            words[n_words++] = pack->form->questions[q].options[o].label.in[o % 2];
            words[n_words++] = pack->form->questions[q].options[o].brief.in[q % 2];
        }
    }
    struct texts extra = split(junk);
    memcpy(words + n_words, extra.items, extra.n * sizeof(*words));
    n_words += extra.n;
    ways = split(moves);
    assert_true(n_words < FUZZ_WORDS);
}

static size_t pick(size_t n) {
    return (size_t)random() % n;
}

static void random_text(char out[512]) {
    if (pick(2) == 0) {
        snprintf(out, 512, "%s", ways.items[pick(ways.n)]);
        return;
    }
    size_t parts = 1 + pick(4) * pick(2);
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < parts; i++) {
        if (pick(3) == 0) {
            len += (size_t)snprintf(out + len, 512 - len, "%ld", random() % 9 - (pick(20) == 0));
        } else {
            const char *w = words[pick(n_words)];
            if (len + strlen(w) + 2 < 512) {
                len += (size_t)snprintf(out + len, 512 - len, "%s%s", w, pick(4) == 0 ? " " : "");
            }
        }
    }
}

static void random_event(void) {
    char text[512];
    char question[128] = "";
    if (pick(4) == 0) {
        /* Mostly what is open, sometimes something else or nothing. */
        const struct form_question *q = open_question(&session);
        if (pick(6) == 0) {
            snprintf(question, sizeof(question), "menu/%s", menu_names[pick(MENU__COUNT)]);
        } else if (pick(6) > 0) {
            snprintf(question, sizeof(question), "%s/%s", session.run_id, q ? q->id : "review");
        }
        send_event((struct event){.kind = (enum event_kind)(EVENT_TICK + pick(3)),
                                  .choice = (int)pick(9) - 1,
                                  .question = question});
        return;
    }
    random_text(text);
    say_in(pick(10) == 0 ? PLACE_CHANNEL : PLACE_DIRECT, text);
}

static void test_random_conversation(void **state) {
    (void)state;
    struct arena keep = {0};
    size_t results = 0;
    size_t begun = 0;
    size_t replies = 0;
    collect_words(&keep);
    srandom(20261123);
    for (int i = 0; i < FUZZ_STEPS; i++) {
        random_event();
        results += changed(CHANGE_RESULT);
        begun += changed(CHANGE_RUN_BEGIN);
        replies += changed(CHANGE_REPLY);
        now_ms += pick(50) == 0 ? (int64_t)13 * 3600 * 1000 : 0;
    }
    /* The conversation went somewhere. */
    assert_true(begun > 100 && replies > 1500 && results > 50);
    arena_free(&keep);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_conversation, fresh),
        cmocka_unit_test_setup(test_choices_by_click, fresh),
        cmocka_unit_test_setup(test_stray_clicks, fresh),
        cmocka_unit_test_setup(test_channel_keeps_secrets, fresh),
        cmocka_unit_test_setup(test_private_tells, fresh),
        cmocka_unit_test_setup(test_hostile_text, fresh),
        cmocka_unit_test_setup(test_floods, fresh),
        cmocka_unit_test_setup(test_random_conversation, fresh),
    };
    return cmocka_run_group_tests_name("dialogue", tests, load, unload);
}
