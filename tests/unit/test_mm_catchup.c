/* What was missed on Mattermost: which channels are read, from where, and what comes of it. */
/* LDFLAGS: @tests/support/mm_fixture.flags */
#include "tests/support/mm_fixture.h"

#include <errno.h>

#include "base/buf.h"
#include "tests/support/recorded.h"

#define MINUTE_MS INT64_C(60000)
#define LIST      "/users/me/channels"
#define BACK      "/channels/" DM "/posts?per_page=%d&page=%d"

struct seen {
    const char *id;
    char type;
    int64_t create_ms;
    int64_t last_ms;
};

static const char *channel_list(const struct seen *channels, size_t n) {
    struct buf b;
    buf_init(&b, 100000);
    for (size_t i = 0; i < n; i++) {
        buf_addf(&b,
                 "%s{\"id\":\"%s\",\"type\":\"%c\",\"create_at\":%lld,\"last_post_at\":%lld,"
                 "\"delete_at\":0}",
                 i ? "," : "[", channels[i].id, channels[i].type, (long long)channels[i].create_ms,
                 (long long)channels[i].last_ms);
    }
    buf_adds(&b, n ? "]" : "[]");
    const char *text = arena_strdup(&fx_arena, buf_text(&b));
    buf_free(&b);
    return text;
}

/* Begins a run in which there is that one channel. */
static void run_with(const char *id, char type, int64_t last_ms) {
    struct seen c = {id, type, NOW_MS - 60 * MINUTE_MS, last_ms};
    mm_catchup_now(mm.catchup);
    mm_expect("GET", LIST, 200, channel_list(&c, 1));
}

static struct mm_post post(int n, int64_t create_ms) {
    return (struct mm_post){.id = mm_id(n),
                            .create_ms = create_ms,
                            .message = arena_printf(&fx_arena, "@kizuki %d", n)};
}

static void expect_after(const char *after, int size, const char *page) {
    mm_expect(
        "GET",
        arena_printf(&fx_arena, "/channels/%s/posts?after=%s&per_page=%d&page=0", DM, after, size),
        200, page);
}

/* The next page begins behind the newest post, or one before it: what comes twice is known. */
static void expect_next(const char *newest, const char *before, const char *page) {
    struct mm_asked asked = mm_take("GET", "/channels/" DM "/posts?after=*");
    if (!strstr(asked.path, newest) && !strstr(asked.path, before)) {
        fail_msg("goes on with %s", asked.path);
    }
    mm_answer(&asked, 200, page);
}

static void set_cursor(const char *channel, const char *message, int64_t ms) {
    struct store_cursor c = {.channel = channel, .message = message, .message_ms = ms};
    assert_int_equal(engine_take_cursor(mm.setup.engine, "mattermost", "acme", &c), 0);
    assert_int_equal(engine_commit(mm.setup.engine), 0);
}

static void assert_cursor(const char *channel, const char *message) {
    struct store_cursor got = {.message = "none"};
    assert_int_equal(mm_turn(false), 0);
    int rc = engine_cursor(mm.setup.engine, &fx_arena, "mattermost", "acme", channel, &got);
    assert_int_equal(rc, message ? 0 : -ENOENT);
    assert_string_equal(got.message, message ? message : "none");
}

/* The posts of these numbers were handed in, in this order; what came twice aside. */
static void assert_taken(const int *numbers, size_t n) {
    size_t fresh = 0;
    assert_int_equal(mm_turn(false), 0);
    for (size_t i = 0; i < fx_n_events; i++) {
        if (fx_events[i].rc == 0) {
            const char *want = fresh < n ? mm_id(numbers[fresh]) : "nothing";
            assert_string_equal(fx_events[i].event.id, want);
            fresh++;
        }
    }
    assert_int_equal(fresh, n);
    fx_n_events = 0;
}

/* Hanako says that now, to us alone. */
static void hear(int n, const char *text) {
    struct mm_post p = {.id = mm_id(n),
                        .user = HANAKO,
                        .channel = DM,
                        .root = "",
                        .message = text,
                        .create_ms = NOW_MS};
    mm_intake_post(mm.intake, &p, 'D', true);
}

static int begin(void **state) {
    int rc = mm_begin(state);
    if (rc == 0) {
        mm_know(HANAKO, false);
        mm_know(TARO, false);
    }
    return rc;
}

static void test_when(UNUSED void **state) {
    mm_catchup_now(mm.catchup);
    struct mm_asked asked = mm_take("GET", LIST);
    hear(1, "ヘルプ");
    assert_taken(NULL, 0); /* it waits until what is older is there */
    mm_answer(&asked, 200, "[]");
    assert_taken((int[]){1}, 1);
    assert_int_equal(mm_waiting(), 0);
    fx_pass(5 * MINUTE_MS - 1);
    assert_int_equal(mm_waiting(), 0);
    fx_pass(1);
    /* Asked for while it runs: again, once, soon. */
    mm_catchup_soon(mm.catchup);
    mm_catchup_soon(mm.catchup);
    mm_expect("GET", LIST, 200, "[]");
    assert_int_equal(mm_waiting(), 0);
    fx_pass(1000);
    mm_expect("GET", LIST, 200, "[]");
    fx_pass(4 * MINUTE_MS);
    assert_int_equal(mm_waiting(), 0);
}

static void test_failed_list(UNUSED void **state) {
    static const struct {
        int status;
        const char *said;
    } cases[] = {{0, ""},   {-1, ""},        {500, "app.broken"}, {403, "api.permissions"},
                 {200, ""}, {200, "<html>"}, {200, "{}"},         {200, "[{\"id\":\"a\"}"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        mm_catchup_now(mm.catchup);
        mm_expect("GET", LIST, cases[i].status, cases[i].said);
        assert_int_equal(mm_waiting(), 0);
        /* Live messages do not wait for a server that says nothing. */
        hear((int)i, "ヘルプ");
        assert_taken((int[]){(int)i}, 1);
        fx_pass(10000);
        mm_expect("GET", LIST, 200, "[]");
    }
    mm_catchup_now(mm.catchup);
    struct mm_asked asked = mm_take("GET", LIST);
    mm_answer_cut(&asked, "[]");
    fx_pass(10000);
    mm_expect("GET", LIST, 200, "[]");
}

/* Somebody wrote to us before we ever looked: read from the beginning, oldest first. */
static void test_new_direct(UNUSED void **state) {
    run_with(DM, 'D', NOW_MS);
    struct mm_post page[] = {post(3, NOW_MS - 1000), post(2, NOW_MS - 2 * MINUTE_MS),
                             post(1, NOW_MS - 30 * MINUTE_MS),
                             post(9, NOW_MS - 61 * MINUTE_MS)}; /* long before us */
    mm_expect("GET", "/channels/" DM "/posts?per_page=60&page=0", 200, mm_page(page, 4, ""));
    assert_taken((int[]){1, 2, 3}, 3);
    assert_cursor(DM, mm_id(2)); /* a minute behind: late commits */
    assert_true(fx_events[0].event.late_ms == 30 * MINUTE_MS);
    /* Nothing new. */
    run_with(DM, 'D', NOW_MS - 2 * MINUTE_MS);
    assert_int_equal(mm_waiting(), 0);
    assert_cursor(DM, mm_id(2));
}

/* The database is new, the conversation is not: what had its answer gets no other one. */
static void test_lost_database(UNUSED void **state) {
    run_with(DM, 'D', NOW_MS);
    struct mm_post page[] = {post(4, NOW_MS - 1000), post(3, NOW_MS - 2 * MINUTE_MS),
                             post(2, NOW_MS - 10 * MINUTE_MS), post(1, NOW_MS - 30 * MINUTE_MS)};
    page[2].user = ME;
    mm_expect("GET", "/channels/" DM "/posts?per_page=60&page=0", 200, mm_page(page, 4, ""));
    assert_taken((int[]){3, 4}, 2);
}

static void test_new_public(UNUSED void **state) {
    run_with(PUBLIC, 'O', NOW_MS - 1);
    assert_int_equal(mm_waiting(), 0); /* what others said before we came is not ours to answer */
    assert_cursor(PUBLIC, "");
    fx_pass(10 * MINUTE_MS);
    mm_expect("GET", LIST, 200, "[]");
    run_with(PUBLIC, 'O', NOW_MS + 5 * MINUTE_MS);
    struct mm_post page[] = {post(3, NOW_MS + 5 * MINUTE_MS), post(2, NOW_MS + 4 * MINUTE_MS),
                             post(1, NOW_MS - 1)};
    page[0].message = "ヘルプ"; /* not to us */
    mm_expect("GET", "/channels/" PUBLIC "/posts?per_page=60&page=0", 200, mm_page(page, 3, ""));
    assert_taken((int[]){2}, 1);
    assert_cursor(PUBLIC, mm_id(3));
}

static void test_cursor(UNUSED void **state) {
    set_cursor(DM, mm_id(1), NOW_MS - 60 * MINUTE_MS);
    run_with(DM, 'D', NOW_MS);
    struct mm_post first[] = {post(3, NOW_MS - 58 * MINUTE_MS), post(2, NOW_MS - 59 * MINUTE_MS)};
    struct mm_post last[] = {post(5, NOW_MS - 10), post(4, NOW_MS - 5 * MINUTE_MS), first[0]};
    expect_after(mm_id(1), 60, mm_page(first, 2, mm_id(4)));
    expect_next(mm_id(3), mm_id(2), mm_page(last, 3, ""));
    assert_taken((int[]){2, 3, 4, 5}, 4);
    assert_cursor(DM, mm_id(4));
    /* The last minute is read again; the inbox knows what was handled. */
    run_with(DM, 'D', NOW_MS);
    expect_after(mm_id(4), 60, mm_page(last, 1, ""));
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 1);
    assert_int_equal(fx_events[0].rc, -EEXIST);
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox"), 4);
    fx_n_events = 0;
    /* We left the channel meanwhile. */
    run_with(DM, 'D', NOW_MS);
    mm_expect("GET", "/channels/" DM "/posts?after=*", 403, "api.context.permissions.app_error");
    assert_int_equal(mm_waiting(), 0);
    assert_cursor(DM, mm_id(4));
    /* It cannot be read now. */
    run_with(DM, 'D', NOW_MS);
    mm_expect("GET", "/channels/" DM "/posts?after=*", 0, "");
    assert_int_equal(mm_waiting(), 0);
    fx_pass(10000);
    mm_expect("GET", LIST, 200, "[]");
}

/* The server's real answer. */
static void test_recorded(UNUSED void **state) {
    mm_know("5o6fkz7hyfdkpfdn6qpkunf98h", false);
    set_cursor(DM, "zjmgybbgwtg9jmujdmn6i7o7hr", INT64_C(1795397578209));
    run_with(DM, 'D', INT64_C(1795397578400));
    expect_after("zjmgybbgwtg9jmujdmn6i7o7hr", 60,
                 recorded_body(&fx_arena, "rest-channel-posts-after"));
    expect_next("zxnau9pkti8mudbs511qh9p5dy", "9xh6jscwtfbf8y48mw73h8zxao", mm_page(NULL, 0, ""));
    assert_int_equal(mm_turn(false), 0);
    static const char *const ids[] = {"ngzxjzdr8ffcfc156hg8cfqgdr", "9xh6jscwtfbf8y48mw73h8zxao",
                                      "zxnau9pkti8mudbs511qh9p5dy"};
    assert_int_equal(fx_n_events, ARRAY_LEN(ids));
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        assert_string_equal(fx_events[i].event.id, ids[i]);
    }
    assert_cursor(DM, "zxnau9pkti8mudbs511qh9p5dy");
}

/* The post of the cursor is gone for good: read by time. */
static void test_unknown_cursor(UNUSED void **state) {
    set_cursor(DM, mm_id(1), NOW_MS - 10 * MINUTE_MS);
    run_with(DM, 'D', NOW_MS);
    expect_after(mm_id(1), 60, mm_page(NULL, 0, ""));
    struct mm_post page[] = {post(4, NOW_MS - 2 * MINUTE_MS), post(3, NOW_MS - 10 * MINUTE_MS - 1),
                             post(2, NOW_MS - 12 * MINUTE_MS)};
    mm_expect("GET", "/channels/" DM "/posts?per_page=60&page=0", 200, mm_page(page, 3, ""));
    assert_taken((int[]){3, 4}, 2);
    assert_cursor(DM, mm_id(4));
}

static void allow(int answers_a_minute) {
    mm.setup.max_answers_a_minute = answers_a_minute;
    mm_intake_destroy(mm.intake);
    mm.intake = mm_intake_create(&mm);
}

/* Reading back goes on from page to page until it is far enough. */
static void test_several_pages(UNUSED void **state) {
    struct mm_post posts[130];
    for (int i = 0; i < 130; i++) {
        posts[i] = post(i + 1, NOW_MS - (i + 1) * 1000);
    }
    posts[129].create_ms = NOW_MS - 90 * MINUTE_MS;
    allow(1000);
    run_with(DM, 'D', NOW_MS);
    mm_expect("GET", arena_printf(&fx_arena, BACK, 60, 0), 200, mm_page(posts, 60, ""));
    mm_expect("GET", arena_printf(&fx_arena, BACK, 60, 1), 200, mm_page(posts + 60, 60, ""));
    mm_expect("GET", arena_printf(&fx_arena, BACK, 60, 2), 200, mm_page(posts + 120, 10, ""));
    assert_int_equal(mm_waiting(), 0);
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(fx_n_events, 129);
    assert_string_equal(fx_events[0].event.id, mm_id(129));
    assert_string_equal(fx_events[128].event.id, mm_id(1));
    assert_cursor(DM, mm_id(60));
}

/* A reply that is too long: smaller pages, and past the one post that cannot be read at all. */
static void test_ladder_after(UNUSED void **state) {
    set_cursor(DM, mm_id(1), NOW_MS - 60 * MINUTE_MS);
    run_with(DM, 'D', NOW_MS);
    static const int sizes[] = {60, 20, 5, 1};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct mm_asked asked = mm_take(
            "GET", arena_printf(&fx_arena, "/channels/" DM "/posts?after=%s&per_page=%d&page=0",
                                mm_id(1), sizes[i]));
        mm_answer_cut(&asked,
                      arena_printf(&fx_arena, "{\"order\":[\"%s\"],\"posts\":{\"xx", mm_id(2)));
    }
    struct mm_post last[] = {post(4, NOW_MS - 2 * MINUTE_MS), post(3, NOW_MS - 3 * MINUTE_MS)};
    expect_after(mm_id(2), 60, mm_page(last, 2, ""));
    assert_taken((int[]){3, 4}, 2);
    assert_cursor(DM, mm_id(4));
    /* Not even its id: nothing is skipped, and it is tried again. */
    run_with(DM, 'D', NOW_MS);
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct mm_asked asked = mm_take("GET", "/channels/" DM "/posts?after=*");
        mm_answer_cut(&asked, i % 2 ? "{\"order\":[\"" : "");
    }
    assert_int_equal(mm_waiting(), 0);
    assert_cursor(DM, mm_id(4));
}

static void test_ladder_since(UNUSED void **state) {
    struct mm_post posts[] = {post(5, NOW_MS - 1000), post(4, NOW_MS - 2000),
                              post(3, NOW_MS - 3000), post(2, NOW_MS - 4000),
                              post(1, NOW_MS - 90 * MINUTE_MS)};
    run_with(DM, 'D', NOW_MS);
    static const int sizes[] = {60, 20, 5};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct mm_asked asked = mm_take("GET", arena_printf(&fx_arena, BACK, sizes[i], 0));
        mm_answer_cut(&asked, "{\"order\":[");
    }
    for (int i = 0; i < 5; i++) {
        struct mm_asked asked = mm_take("GET", arena_printf(&fx_arena, BACK, 1, i));
        if (i == 2) {
            mm_answer_cut(&asked, arena_printf(&fx_arena, "{\"order\":[\"%s\"]", mm_id(3)));
        } else {
            mm_answer(&asked, 200, mm_page(&posts[i], 1, ""));
        }
    }
    assert_int_equal(mm_waiting(), 0);
    assert_taken((int[]){2, 4, 5}, 3);
}

/* A server older than 6.1 lists channels team by team; direct ones are in every team's list. */
static void test_by_team(UNUSED void **state) {
    struct seen first[] = {{DM, 'D', NOW_MS - MINUTE_MS, NOW_MS}, {PUBLIC, 'O', NOW_MS, NOW_MS}};
    struct seen second[] = {{DM, 'D', NOW_MS - MINUTE_MS, NOW_MS}};
    const char *teams = arena_printf(
        &fx_arena, "[{\"id\":\"%s\"},{\"id\":\"x/y\"},{\"id\":\"%s\"}]", TEAM, mm_id(77));
    struct mm_post page[] = {post(1, NOW_MS - 1000)};
    mm_catchup_now(mm.catchup);
    mm_expect("GET", LIST, 404, "api.context.404.app_error");
    for (int i = 0; i < 2; i++) {
        mm_expect("GET", "/users/me/teams", 200,
                  i == 0 ? teams : recorded_body(&fx_arena, "rest-users-me-teams"));
        mm_expect("GET", "/users/me/teams/" TEAM "/channels", 200, channel_list(first, 2));
        if (i == 0) {
            mm_expect("GET", arena_printf(&fx_arena, "/users/me/teams/%s/channels", mm_id(77)), 200,
                      channel_list(second, 1));
        }
        mm_expect("GET", "/channels/" DM "/posts?per_page=60&page=0", 200, mm_page(page, 1, ""));
        assert_int_equal(mm_waiting(), 0); /* once */
        assert_int_equal(mm_turn(false), 0);
        assert_int_equal(fx_n_events, i + 1);
        mm_catchup_now(mm.catchup); /* by now the other list is not asked for any more */
    }
    /* We left a team meanwhile. */
    mm_expect("GET", "/users/me/teams", 200, teams);
    mm_expect("GET", "/users/me/teams/" TEAM "/channels", 403, "api.context.permissions.app_error");
    mm_expect("GET", "/users/me/teams/*", 200, "[]");
    assert_int_equal(mm_waiting(), 0);
    mm_catchup_now(mm.catchup);
    mm_expect("GET", "/users/me/teams", 200, "[]"); /* in no team at all */
    assert_int_equal(mm_waiting(), 0);
}

static void test_recorded_list(UNUSED void **state) {
    cJSON *json = recorded_json("rest-users-me-team-channels");
    const cJSON *list = json_member(json_member(json, "response"), "body");
    const cJSON *c;
    size_t direct = 0;
    cJSON_ArrayForEach(c, list) {
        const char *type = json_string(c, "type");
        bool talks = *type == 'D' || *type == 'G';
        direct += talks && mm_number(c, "last_post_at", 0) > NOW_MS - 60 * MINUTE_MS;
    }
    cJSON_Delete(json);
    mm_catchup_now(mm.catchup);
    mm_expect("GET", LIST, 200, recorded_body(&fx_arena, "rest-users-me-team-channels"));
    size_t read = 0;
    while (mm_waiting() > 0) {
        mm_expect("GET", "/channels/*", 200, mm_page(NULL, 0, ""));
        read++;
    }
    assert_true(direct > 0);
    assert_int_equal(read, direct);
}

/* ---- reactions to the last question ---- */

static int next_id = 500;

/* Sends all that is owed. */
static void serve(void) {
    while (mm_waiting() > 0) {
        struct mm_asked asked = mm_take("*", "/*");
        const char *id = arena_printf(&fx_arena, "{\"id\":\"%s\"}", mm_id(next_id++));
        mm_answer(&asked, 201, id);
    }
    assert_int_equal(engine_settle(mm.setup.engine), 0);
}

static void say(const char *text) {
    hear(next_id++, text);
    assert_int_equal(mm_turn(false), 0);
    serve();
}

/* Hanako is being asked something with several answers; the message that asks. */
static const char *ask(void) {
    static struct outlet outlet;
    outlet = (struct outlet){
        .platform = "mattermost", .workspace = "acme", .send = mm_outgoing_send, .ctx = &mm};
    assert_int_equal(engine_attach(mm.setup.engine, &outlet), 0);
    say("診断");
    say("非IT部門");
    fx_n_events = 0;
    int64_t id = fx_sql("SELECT CAST(remote_id AS INTEGER) FROM outbox WHERE question <> ''"
                        " ORDER BY ord DESC LIMIT 1");
    assert_true(id >= 500);
    return mm_id((int)id);
}

static struct mm_asked begin_reactions(const char *message) {
    mm_catchup_now(mm.catchup);
    struct mm_asked asked = mm_take("POST", "/posts/ids/reactions");
    assert_string_equal(asked.body, arena_printf(&fx_arena, "[\"%s\"]", message));
    return asked;
}

static const char *reactions(const char *message, const char *const (*list)[2], size_t n) {
    struct buf b;
    buf_init(&b, 100000);
    buf_addf(&b, "{\"%s\":[", message);
    for (size_t i = 0; i < n; i++) {
        buf_addf(&b,
                 "%s{\"user_id\":\"%s\",\"post_id\":\"%s\",\"emoji_name\":\"%s\","
                 "\"create_at\":1795399999000}",
                 i ? "," : "", list[i][0], message, list[i][1]);
    }
    buf_adds(&b, "]}");
    const char *text = arena_strdup(&fx_arena, buf_text(&b));
    buf_free(&b);
    return text;
}

/* The reply, and then that there is nothing else to be read. */
static void end_reactions(struct mm_asked *asked, const char *reply) {
    mm_answer(asked, 200, reply);
    mm_expect("GET", LIST, 200, "[]");
    assert_int_equal(mm_turn(false), 0);
}

/* Clicked, then written: in that order, though posts and reactions are read one after the other. */
static void test_reactions_in_between(UNUSED void **state) {
    const char *message = ask();
    static const char *const some[][2] = {{HANAKO, "one"}, {TARO, "two"}};
    struct mm_asked asked = begin_reactions(message);
    mm_answer(&asked, 200, reactions(message, some, 2));
    struct seen c = {DM, 'D', NOW_MS - 60 * MINUTE_MS, INT64_C(1795399999500)};
    mm_expect("GET", LIST, 200, channel_list(&c, 1));
    struct mm_post page[] = {post(12, INT64_C(1795399999500)), post(11, INT64_C(1795399998000))};
    page[0].user = page[1].user = HANAKO;
    while (mm_waiting() > 0) {
        mm_expect("GET", "/channels/" DM "/posts*", 200, mm_page(page, 2, ""));
    }
    assert_int_equal(mm_turn(false), 0);
    assert_true(fx_n_events >= 3);
    assert_string_equal(fx_events[0].event.id, mm_id(11));
    assert_int_equal(fx_events[1].event.kind, EVENT_TICK);
    assert_string_equal(fx_events[2].event.id, mm_id(12));
    serve();
}

static void test_reactions(UNUSED void **state) {
    const char *message = ask();
    static const char *const some[][2] = {{ME, "one"},       {HANAKO, "one"}, {ME, "three"},
                                          {HANAKO, "three"}, {TARO, "two"},   {HANAKO, "tada"}};
    struct mm_asked asked = begin_reactions(message);
    end_reactions(&asked, reactions(message, some, ARRAY_LEN(some)));
    /* Those of Hanako that stand for an answer; Taro was not asked. */
    assert_int_equal(fx_n_events, 3);
    assert_int_equal(fx_events[0].event.kind, EVENT_TICK);
    assert_int_equal(fx_events[0].event.choice, 1);
    assert_int_equal(fx_events[0].rc, 0);
    assert_int_equal(fx_events[1].event.choice, 3);
    assert_int_equal(fx_events[1].rc, 0);
    assert_int_equal(fx_events[2].rc, -ENOENT);
    assert_int_equal(fx_sql("SELECT count(*) FROM session WHERE ticks LIKE '% %'"), 1);
    serve();
}

static void test_reactions_gone(UNUSED void **state) {
    const char *message = ask();
    static const char *const some[][2] = {{HANAKO, "one"}, {HANAKO, "three"}};
    struct mm_asked asked = begin_reactions(message);
    end_reactions(&asked, reactions(message, some, 2));
    serve();
    fx_n_events = 0;
    asked = begin_reactions(message);
    end_reactions(&asked, reactions(message, some + 1, 1));
    assert_int_equal(fx_n_events, 2);
    assert_int_equal(fx_events[0].event.kind, EVENT_UNTICK);
    assert_int_equal(fx_events[0].event.choice, 1);
    assert_string_equal(fx_events[0].event.user, HANAKO);
    assert_int_equal(fx_events[0].rc, 0);
    assert_int_equal(fx_events[1].rc, -EEXIST); /* that one was known */
    serve();
    fx_n_events = 0;
    asked = begin_reactions(message);
    end_reactions(&asked, reactions(message, some, 0));
    assert_int_equal(fx_n_events, 1);
    assert_int_equal(fx_events[0].event.choice, 3);
    serve();
    assert_int_equal(fx_sql("SELECT count(*) FROM session WHERE ticks = ''"), 1);
}

/* A server that does not say which reactions there are has not said that there are none. */
static void test_reactions_refused(UNUSED void **state) {
    const char *message = ask();
    static const char *const some[][2] = {{HANAKO, "one"}};
    struct mm_asked asked = begin_reactions(message);
    end_reactions(&asked, reactions(message, some, 1));
    serve();
    static const int statuses[] = {0, -1, 500, 401, 403, 404};
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        fx_n_events = 0;
        asked = begin_reactions(message);
        mm_answer(&asked, statuses[i], statuses[i] > 0 ? "api.context.permissions.app_error" : "");
        assert_int_equal(mm_turn(false), 0);
        if (fx_n_events > 0) {
            serve();
            fail_msg("with status %d an answer is taken back", statuses[i]);
        }
        if (mm_waiting() > 0) {
            mm_expect("GET", LIST, 200, "[]");
        }
        fx_pass(10000);
        if (mm_waiting() > 0) { /* again, after a failure */
            mm_expect("POST", "/posts/ids/reactions", 500, "");
        }
        assert_int_equal(mm_waiting(), 0);
    }
}

/* ---- against the grain ---- */

/* Called for after a reconnection while another run is under way: live messages wait here too. */
static void test_now_while_running(UNUSED void **state) {
    mm_catchup_soon(mm.catchup);
    fx_pass(1000);
    struct mm_asked asked = mm_take("GET", LIST);
    mm_catchup_now(mm.catchup);
    hear(2, "ヘルプ");
    assert_int_equal(mm_turn(false), 0);
    size_t early = fx_n_events;
    mm_answer(&asked, 200, "[]");
    /* The next run begins at once, and what was said waits for it. */
    struct seen c = {DM, 'D', NOW_MS - 60 * MINUTE_MS, NOW_MS};
    mm_expect("GET", LIST, 200, channel_list(&c, 1));
    assert_int_equal(mm_turn(false), 0);
    assert_int_equal(early + fx_n_events, 0);
    struct mm_post page[] = {post(2, NOW_MS), post(1, NOW_MS - 5000)};
    while (mm_waiting() > 0) {
        mm_expect("GET", "/channels/" DM "/posts*", 200, mm_page(page, 2, ""));
    }
    assert_int_equal(mm_turn(false), 0);
    assert_true(fx_n_events > 0);
}

/* More waits than fits: what was not taken is fetched later, so the cursor stays in front of it. */
static void test_full(UNUSED void **state) {
    for (int i = 0; i < 8192; i++) {
        struct mm_post p = {.id = mm_id(100000 + i),
                            .user = i == 0 ? mm_id(9) : HANAKO, /* unknown: nobody passes yet */
                            .channel = DM,
                            .root = "",
                            .message = "",
                            .create_ms = NOW_MS};
        mm_intake_post(mm.intake, &p, 'D', true);
    }
    set_cursor(DM, mm_id(1), NOW_MS - 60 * MINUTE_MS);
    run_with(DM, 'D', NOW_MS);
    struct mm_post first[] = {post(2, NOW_MS - 50 * MINUTE_MS)};
    struct mm_post last[] = {post(3, NOW_MS - 40 * MINUTE_MS)};
    expect_after(mm_id(1), 60, mm_page(first, 1, mm_id(3)));
    /* Meanwhile others are answered, and there is room again. */
    mm_intake_destroy(mm.intake);
    mm.intake = mm_intake_create(&mm);
    if (mm_waiting() > 0) {
        expect_after(mm_id(2), 60, mm_page(last, 1, ""));
    }
    assert_cursor(DM, mm_id(1));
}

/* A refused token is the socket's to probe, once a minute, not everybody's every few seconds. */
static void test_token(UNUSED void **state) {
    mm_catchup_now(mm.catchup);
    mm_authorized = false;
    int asked = 0;
    for (int s = 0; s < 50; s++) {
        while (mm_waiting() > 0) {
            mm_expect("GET", LIST, 401, "api.context.session_expired.app_error");
            asked++;
        }
        fx_pass(1000);
    }
    while (mm_waiting() > 0) {
        mm_expect("GET", LIST, 401, "api.context.session_expired.app_error");
    }
    assert_true(asked <= 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, mm_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_when),
        TEST(test_failed_list),
        TEST(test_new_direct),
        TEST(test_lost_database),
        TEST(test_new_public),
        TEST(test_cursor),
        TEST(test_recorded),
        TEST(test_unknown_cursor),
        TEST(test_several_pages),
        TEST(test_ladder_after),
        TEST(test_ladder_since),
        TEST(test_by_team),
        TEST(test_recorded_list),
        TEST(test_reactions),
        TEST(test_reactions_in_between),
        TEST(test_reactions_gone),
        TEST(test_reactions_refused),
        TEST(test_now_while_running),
        TEST(test_full),
        TEST(test_token),
    };
    return cmocka_run_group_tests_name("mm_catchup", tests, NULL, NULL);
}
