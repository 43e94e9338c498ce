/* The way in from Mattermost: what is for us, in which order, and what happens when it fails. */
/* LDFLAGS: @tests/support/mm_fixture.flags */
#include "bot/emoji.h"
#include "tests/support/mm_fixture.h"

#include <errno.h>

#define OTHERBOT "zphkqmtk5pnbfmfdr8ymdg1qno"

static struct mm_post post(int n, const char *user, const char *message) {
    return (struct mm_post){.id = mm_id(n),
                            .user = user,
                            .channel = DM,
                            .root = "",
                            .message = message,
                            .key = "",
                            .create_ms = NOW_MS};
}

static void say(int n, const char *user, const char *message, char type, bool live) {
    struct mm_post p = post(n, user, message);
    mm_intake_post(mm.intake, &p, type, live);
}

static void click(const char *user, int n, const char *emoji, bool on) {
    struct mm_reaction r = {.user = user, .post = mm_id(n), .emoji = emoji, .create_ms = NOW_MS};
    mm_intake_reaction(mm.intake, &r, on, true);
}

static void assert_taken(size_t i, const char *id, const char *text) {
    assert_true(i < fx_n_events);
    assert_string_equal(fx_events[i].event.id, id);
    assert_string_equal(fx_events[i].event.text, text);
}

static void test_message(UNUSED void **state) {
    mm_know(HANAKO, false);
    struct mm_post p = post(1, HANAKO, "  ヘルプ ");
    p.root = mm_id(7);
    p.create_ms = NOW_MS - 90000;
    mm.skew_ms = 30000;
    mm_intake_post(mm.intake, &p, 'D', true);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 1);
    const struct event *e = &fx_events[0].event;
    assert_int_equal(fx_events[0].rc, 0);
    assert_int_equal(e->kind, EVENT_MESSAGE);
    assert_string_equal(e->platform, "mattermost");
    assert_string_equal(e->workspace, "acme");
    assert_string_equal(e->user, HANAKO);
    assert_string_equal(e->id, mm_id(1));
    assert_int_equal(e->place, PLACE_DIRECT);
    assert_string_equal(e->channel, DM);
    assert_string_equal(e->thread, mm_id(7));
    assert_string_equal(e->text, "ヘルプ");
    assert_string_equal(e->locale, "ja");
    assert_int_equal(e->at_ms, NOW_MS);
    assert_int_equal(e->late_ms, 120000);
    assert_true(fx_sql("SELECT count(*) FROM outbox WHERE recipient = '" HANAKO "'") > 0);
    /* We know now where that person is to be answered. */
    assert_string_equal(mm_people_find(mm.people, HANAKO)->channel, DM);
    /* The same again is nothing new, and no fault. */
    say(1, HANAKO, "ヘルプ", 'D', false);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_events[1].rc, -EEXIST);
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 1);
}

static void test_ignored(UNUSED void **state) {
    static const struct {
        const char *user;
        const char *message;
        char type;
        bool system;
        bool automatic;
        bool past;
        int64_t age_ms;
    } cases[] = {
        {ME, "@kizuki ヘルプ", 'D', false, false, false, 0},
        {HANAKO, "@kizuki ヘルプ", 'D', true, false, false, 0},
        {HANAKO, "@kizuki ヘルプ", 'D', false, true, false, 0},
        {HANAKO, "@kizuki ヘルプ", 'D', false, false, true, 0},
        {HANAKO, "@kizuki ヘルプ", 'D', false, false, false, INT64_C(30) * 24 * 3600 * 1000},
        {HANAKO, "ヘルプ", 'O', false, false, false, 0},
        {HANAKO, "ヘルプ", 'P', false, false, false, 0},
        {HANAKO, "ヘルプ", 'G', false, false, false, 0},
        {HANAKO, "ヘルプ", 'X', false, false, false, 0},
        {HANAKO, "@all ヘルプ", 'O', false, false, false, 0},
        {HANAKO, "@kizuki-bot ヘルプ", 'O', false, false, false, 0},
        {OTHERBOT, "@kizuki ヘルプ", 'D', false, false, false, 0},
        {OTHERBOT, "@kizuki ヘルプ", 'O', false, false, false, 0},
    };
    mm_know(HANAKO, false);
    mm_know(OTHERBOT, true);
    mm_know(ME, true);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mm_post p = post((int)i, cases[i].user, cases[i].message);
        p.system = cases[i].system;
        p.automatic = cases[i].automatic;
        p.past = cases[i].past;
        p.create_ms = NOW_MS - cases[i].age_ms;
        mm_intake_post(mm.intake, &p, cases[i].type, true);
        assert_int_equal(mm_turn(false), 0);
        if (fx_n_events > 0) {
            fail_msg("case %zu is taken", i);
        }
    }
    /* Reactions of ours, of bots, and of no meaning. */
    click(ME, 1, "one", true);
    click(OTHERBOT, 1, "one", true);
    click(HANAKO, 1, "+1", true);
    click(HANAKO, 1, "ten", true);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    assert_int_equal(mm_waiting(), 0);
}

static void test_mentioned(UNUSED void **state) {
    static const char types[] = "OPGX";
    mm_know(HANAKO, false);
    for (size_t i = 0; i < strlen(types); i++) {
        say((int)i, HANAKO, "ねえ @kizuki ヘルプ", types[i], true);
    }
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, strlen(types));
    for (size_t i = 0; i < fx_n_events; i++) {
        assert_int_equal(fx_events[i].event.place, PLACE_CHANNEL);
        assert_string_equal(fx_events[i].event.channel, DM);
        assert_null(strstr(fx_events[i].event.text, "kizuki"));
        assert_non_null(strstr(fx_events[i].event.text, "ヘルプ"));
    }
    /* Where somebody is answered in person is not learnt from channels. */
    assert_string_equal(mm_people_find(mm.people, HANAKO)->channel, "");
}

static void test_reactions(UNUSED void **state) {
    static const struct {
        const char *emoji;
        bool on;
        enum event_kind kind;
        int choice;
    } cases[] = {
        {"one", true, EVENT_TICK, 1},
        {"keycap_ten", true, EVENT_TICK, 10},
        {"two", false, EVENT_UNTICK, 2},
        {"zero", true, EVENT_TICK, 0},
        {"white_check_mark", true, EVENT_CLOSE, EMOJI_CHECK},
        {"white_check_mark", false, EVENT_UNTICK, EMOJI_CHECK},
    };
    mm_know(HANAKO, false);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        click(HANAKO, 5, cases[i].emoji, cases[i].on);
    }
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, ARRAY_LEN(cases));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct event *e = &fx_events[i].event;
        assert_int_equal(e->kind, cases[i].kind);
        assert_int_equal(e->choice, cases[i].choice);
        assert_string_equal(e->mark, cases[i].emoji);
        assert_string_equal(e->shown, mm_id(5));
        assert_string_equal(e->user, HANAKO);
        assert_int_equal(fx_events[i].rc, -ENOENT); /* that message asked nothing; no fault */
    }
}

/* Whoever is unknown is asked for, together with those behind; all wait in order meanwhile. */
static void test_authors(UNUSED void **state) {
    mm_know(HANAKO, false);
    say(1, TARO, "一", 'D', true);
    say(2, HANAKO, "二", 'D', true);
    say(3, OTHERBOT, "三", 'D', true);
    click(mm_id(9), 5, "one", true);
    say(4, TARO, "四", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    assert_int_equal(mm_waiting(), 1);
    struct mm_asked asked = mm_take("POST", "/users/ids");
    assert_string_equal(
        asked.body, arena_printf(&fx_arena, "[\"%s\",\"%s\",\"%s\"]", TARO, OTHERBOT, mm_id(9)));
    const char *ids[] = {TARO, OTHERBOT}; /* the server leaves out whom it does not know */
    mm_answer(&asked, 200, mm_user_list(ids, 2, OTHERBOT));
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 4);
    assert_taken(0, mm_id(1), "一");
    assert_taken(1, mm_id(2), "二");
    assert_int_equal(fx_events[2].event.kind, EVENT_TICK);
    assert_string_equal(fx_events[2].event.locale, "");
    assert_taken(3, mm_id(4), "四");
    assert_int_equal(mm_waiting(), 0);
}

static void test_authors_later(UNUSED void **state) {
    say(1, TARO, "一", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    mm_expect("POST", "/users/ids", 0, "");
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 0);
    fx_pass(10000);
    if (mm_waiting() == 0) {
        fail_msg("nobody asks again");
    }
    const char *ids[] = {TARO};
    mm_expect("POST", "/users/ids", 200, mm_user_list(ids, 1, ""));
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 1);
    /* After a reconnection everybody is asked for again. */
    mm_people_forget(mm.people);
    say(2, TARO, "二", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    mm_expect("POST", "/users/ids", 200, mm_user_list(ids, 1, TARO));
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 1); /* now it is a bot */
}

/* A server that does not answer is asked again after a while, not with every turn of the loop. */
static void test_authors_pause(UNUSED void **state) {
    static const int statuses[] = {0, -1, 500, 502};
    say(1, TARO, "一", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        mm_expect("POST", "/users/ids", statuses[i], "");
        assert_int_equal(mm_turn(false), 0);
        assert_int_equal(mm_turn(false), 0);
        assert_int_equal(mm_waiting(), 0);
        fx_pass(60000);
        assert_int_equal(mm_waiting(), 1);
    }
    const char *ids[] = {TARO};
    mm_expect("POST", "/users/ids", 200, mm_user_list(ids, 1, ""));
}

/* A token that is refused is not tried every other second: the socket looks after it. */
static void test_authors_without_token(UNUSED void **state) {
    say(1, TARO, "一", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    mm_authorized = false;
    int asked = 0;
    for (int s = 0; s < 50; s++) {
        while (mm_waiting() > 0) {
            mm_expect("POST", "/users/ids", 401, "api.context.session_expired.app_error");
            asked++;
        }
        fx_pass(1000);
        assert_int_equal(mm_turn(false), 0);
    }
    while (mm_waiting() > 0) {
        mm_expect("POST", "/users/ids", 401, "api.context.session_expired.app_error");
    }
    assert_true(asked <= 2);
}

static void test_hold(UNUSED void **state) {
    mm_know(HANAKO, false);
    mm_intake_hold(mm.intake, true);
    say(3, HANAKO, "三", 'D', true);
    say(1, HANAKO, "一", 'D', false);
    say(4, HANAKO, "四", 'D', true);
    click(HANAKO, 9, "one", true);
    say(2, HANAKO, "二", 'D', false);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 2);
    assert_taken(0, mm_id(1), "一");
    assert_taken(1, mm_id(2), "二");
    mm_intake_hold(mm.intake, false);
    say(5, HANAKO, "五", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 6);
    assert_taken(2, mm_id(3), "三");
    assert_taken(3, mm_id(4), "四");
    assert_int_equal(fx_events[4].event.kind, EVENT_TICK);
    assert_taken(5, mm_id(5), "五");
}

static void put_cursor(int n) {
    struct store_cursor c = {.channel = DM, .message = mm_id(n), .message_ms = NOW_MS};
    mm_intake_cursor(mm.intake, &c);
}

/* Somebody reacts while posts are read back, and goes on to write what is read, too. */
static void test_hold_in_order(UNUSED void **state) {
    struct mm_reaction early = {
        .user = HANAKO, .post = mm_id(9), .emoji = "one", .create_ms = NOW_MS - 5};
    struct mm_reaction late = {
        .user = HANAKO, .post = mm_id(9), .emoji = "two", .create_ms = NOW_MS + 2000};
    mm_know(HANAKO, false);
    mm_intake_hold(mm.intake, true);
    say(3, HANAKO, "三", 'D', true);
    mm_intake_reaction(mm.intake, &late, true, true);
    mm_intake_reaction(mm.intake, &early, true, true);
    say(1, HANAKO, "一", 'D', false);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 2);
    assert_string_equal(fx_events[0].event.mark, "one");
    assert_taken(1, mm_id(1), "一");
    mm_intake_hold(mm.intake, false);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 4);
    assert_taken(2, mm_id(3), "三");
    assert_string_equal(fx_events[3].event.mark, "two");
}

static void test_cursor(UNUSED void **state) {
    struct store_cursor got;
    put_cursor(8);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(engine_cursor(mm.setup.engine, &fx_arena, "mattermost", "acme", DM, &got), 0);
    assert_string_equal(got.message, mm_id(8));
    assert_int_equal(got.message_ms, NOW_MS);
    /* It waits behind what came before it, whoever said that. */
    say(1, TARO, "一", 'D', false);
    put_cursor(9);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(engine_cursor(mm.setup.engine, &fx_arena, "mattermost", "acme", DM, &got), 0);
    assert_string_equal(got.message, mm_id(8));
    const char *ids[] = {TARO};
    mm_expect("POST", "/users/ids", 200, mm_user_list(ids, 1, ""));
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(engine_cursor(mm.setup.engine, &fx_arena, "mattermost", "acme", DM, &got), 0);
    assert_string_equal(got.message, mm_id(9));
}

/* What was not committed comes again, in order. */
static void test_retried(UNUSED void **state) {
    mm_know(HANAKO, false);
    say(1, HANAKO, "一", 'D', true);
    say(2, HANAKO, "二", 'D', true);
    say(3, HANAKO, "三", 'D', true);
    assert_int_equal(mm_intake_hand_in(mm.intake, false), 0);
    assert_int_equal(fx_n_events, 3);
    store_rollback(fx_store);
    assert_true(engine_commit(mm.setup.engine) != 0);
    mm_intake_committed(mm.intake, -ENOSPC);
    say(4, HANAKO, "四", 'D', true);
    fx_n_events = 0;
    fx_take_fails = 1;
    assert_int_equal(mm_turn(false), -EIO);
    assert_int_equal(fx_n_events, 1);
    fx_n_events = 0;
    assert_int_equal(mm_turn(true), 0); /* one at a time */
    assert_int_equal(fx_n_events, 1);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 4);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(fx_events[i].event.id, mm_id(i + 1));
        assert_int_equal(fx_events[i].rc, 0);
    }
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 4);
}

/* One that fails for ever lets others pass after a while, and is left out in the end. */
static void test_poison(UNUSED void **state) {
    mm_know(HANAKO, false);
    mm_know(TARO, false);
    say(1, HANAKO, "一", 'D', true);
    say(2, TARO, "二", 'D', true);
    int refusals = 0;
    fx_poison = mm_id(1);
    for (int i = 0; i < 100; i++) {
        refusals += mm_turn(true) == -EIO;
        if (i == 5) {
            assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 1);
        }
    }
    assert_int_equal(fx_n_events, refusals + 1);
    assert_in_range(refusals, 10, 50);
    /* A full disk is nobody's fault: nothing is left out, however long it lasts. */
    say(3, HANAKO, "三", 'D', true);
    fx_n_events = 0;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(mm_intake_hand_in(mm.intake, true), 0);
        mm_intake_committed(mm.intake, -ENOSPC);
    }
    assert_int_equal(fx_n_events, 100);
    assert_int_equal(mm_turn(true), 0);
}

static void test_poison_and_cursor(UNUSED void **state) {
    mm_know(HANAKO, false);
    say(1, HANAKO, "一", 'D', false);
    put_cursor(1);
    fx_poison = mm_id(1);
    for (int i = 0; i < 7; i++) {
        (void)mm_turn(true);
        /* Read up to there only once everything before it is committed. */
        struct store_cursor got;
        assert_int_equal(engine_cursor(mm.setup.engine, &fx_arena, "mattermost", "acme", DM, &got),
                         -ENOENT);
    }
}

/* Two bots: answers stop, and go on later; nothing that was said then is answered afterwards. */
static void test_breaker(UNUSED void **state) {
    mm_know(HANAKO, false);
    mm_know(TARO, false);
    for (int i = 0; i < 30; i++) {
        say(100 + i, HANAKO, "ヘルプ", 'D', true);
        assert_int_equal(mm_turn(false), 0);
    }
    assert_int_equal(fx_n_events, mm.setup.max_answers_a_minute + 1);
    struct mm_post p = post(1, TARO, "ヘルプ");
    p.channel = PUBLIC;
    mm_intake_post(mm.intake, &p, 'D', true);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, mm.setup.max_answers_a_minute + 2);
    fx_pass(60000);
    say(2, HANAKO, "ヘルプ", 'D', true);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, mm.setup.max_answers_a_minute + 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_WORKSPACE(test_message),       WITH_WORKSPACE(test_ignored),
        WITH_WORKSPACE(test_mentioned),     WITH_WORKSPACE(test_reactions),
        WITH_WORKSPACE(test_authors),       WITH_WORKSPACE(test_authors_later),
        WITH_WORKSPACE(test_authors_pause), WITH_WORKSPACE(test_authors_without_token),
        WITH_WORKSPACE(test_hold),          WITH_WORKSPACE(test_hold_in_order),
        WITH_WORKSPACE(test_cursor),        WITH_WORKSPACE(test_retried),
        WITH_WORKSPACE(test_poison),        WITH_WORKSPACE(test_poison_and_cursor),
        WITH_WORKSPACE(test_breaker),
    };
    return cmocka_run_group_tests_name("mm_intake", tests, NULL, NULL);
}
