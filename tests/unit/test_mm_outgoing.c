/* The way out to Mattermost: each reply is there once, in full and with its reactions, or not. */
/* LDFLAGS: @tests/support/mm_fixture.flags */
#include "tests/support/mm_fixture.h"

#include "base/buf.h"
#include "base/hash.h"

#define KEY      "mattermost/acme/e1:0"
#define CHOICES2 "[{\"number\":1,\"label\":\"改善\"},{\"number\":2,\"label\":\"危険\"}]"
#define POSTED   "{\"id\":\"00000000000000000000000055\"}"
#define PENDING  "api.post.deduplicate_create_post.pending"
#define EXPIRED  "api.context.session_expired.app_error"

static struct store_out row;

/* A row as the sender hands it over: to a channel, without choices. */
static void init_row(void) {
    row = (struct store_out){.key = KEY,
                             .person_id = "p",
                             .platform = "mattermost",
                             .workspace = "acme",
                             .recipient = HANAKO,
                             .channel = DM,
                             .thread = "",
                             .text = "こんにちは",
                             .choices = "",
                             .question = "",
                             .replaces = "",
                             .remote_id = "",
                             .created_ms = NOW_MS};
}

static int begin(void **state) {
    init_row();
    return mm_begin(state);
}

static void send(bool doubtful) {
    assert_int_equal(mm_outgoing_send(&mm, &row, doubtful), SENT_UNDER_WAY);
}

/* The key a post carries: of the row and the part. */
static const char *key_of(const char *row_key, int part) {
    char hex[HASH_HEX_LEN + 1];
    hash_hex(row_key, strlen(row_key), hex);
    return arena_printf(&fx_arena, "%.32s-%d", hex, part);
}

static void assert_ended(size_t n, enum sent sent) {
    assert_int_equal(fx_n_ends, n);
    assert_string_equal(fx_ends[n - 1].key, KEY);
    assert_int_equal(fx_ends[n - 1].sent, sent);
    assert_int_equal(*fx_ends[n - 1].reason != '\0', sent == SENT_DEAD);
}

/* Takes POST /posts and looks into it. */
static struct mm_asked take_post(const char *message, const char *root, int part) {
    struct mm_asked asked = mm_take("POST", "/posts");
    struct json_error err;
    cJSON *body = json_parse(asked.body, strlen(asked.body), 1000000, &err);
    assert_string_equal(json_string(body, "channel_id"), DM);
    assert_string_equal(json_string(json_member(body, "props"), "kizuki_key"), key_of(KEY, part));
    assert_string_equal(json_string(body, "pending_post_id"),
                        arena_printf(&fx_arena, "%s:%s", ME, key_of(KEY, part)));
    if (message) {
        assert_string_equal(json_string(body, "message"), message);
    }
    assert_int_equal(json_member(body, "root_id") != NULL, root != NULL);
    if (root) {
        assert_string_equal(json_string(body, "root_id"), root);
    }
    cJSON_Delete(body);
    return asked;
}

static void expect_post(int status, const char *said) {
    struct mm_asked asked = take_post(NULL, *row.thread ? row.thread : NULL, 0);
    mm_answer(&asked, status, said);
}

static void expect_reaction(const char *emoji, int status, const char *said) {
    struct mm_asked asked = mm_take("POST", "/reactions");
    assert_string_equal(asked.body, arena_printf(&fx_arena,
                                                 "{\"user_id\":\"%s\",\"post_id\":\"%s\","
                                                 "\"emoji_name\":\"%s\"}",
                                                 ME, mm_id(55), emoji));
    mm_answer(&asked, status, said);
}

static void expect_look(const struct mm_post *posts, size_t n) {
    mm_expect("GET", "/channels/" DM "/posts?per_page=60&page=0", 200, mm_page(posts, n, ""));
}

static void test_posted(UNUSED void **state) {
    send(false);
    struct mm_asked asked = take_post("こんにちは", NULL, 0);
    assert_int_equal(fx_n_ends, 0);
    mm_answer(&asked, 201, POSTED);
    assert_ended(1, SENT_OK);
    assert_int_equal(fx_n_posted, 1);
    assert_string_equal(fx_posted[0].reason, mm_id(55));
    assert_int_equal(mm_waiting(), 0);
    fx_pass(600000);
    assert_int_equal(fx_n_ends, 1);
}

static void test_reactions(UNUSED void **state) {
    row.text = "どれですか\n1. 改善\n2. 危険";
    row.choices = CHOICES2;
    row.question = "q1";
    row.closes = true;
    row.thread = mm_id(7);
    send(false);
    struct mm_asked asked =
        take_post("どれですか\n1\ufe0f\u20e3 改善\n2\ufe0f\u20e3 危険", mm_id(7), 0);
    mm_answer(&asked, 201, POSTED);
    expect_reaction("one", 201, "{}");
    expect_reaction("two", 201, "{}");
    assert_int_equal(fx_n_ends, 0);
    expect_reaction("white_check_mark", 201, "{}");
    assert_ended(1, SENT_OK);
    /* Not for a choice that asks nothing, and no check mark where one answer is all. */
    row.question = "";
    send(false);
    expect_post(201, POSTED);
    assert_ended(2, SENT_OK);
    row.question = "q1";
    row.closes = false;
    send(false);
    expect_post(201, POSTED);
    expect_reaction("one", 201, "{}");
    /* A reaction that did not arrive is added again; one that is refused ends them. */
    expect_reaction("two", 0, "");
    assert_int_equal(mm_waiting(), 0);
    fx_pass(60000);
    expect_reaction("two", 404, "app.reaction.not_found");
    assert_ended(3, SENT_OK);
}

/* The message is there already; only its reactions may be missing. */
static void test_reactions_only(UNUSED void **state) {
    row.remote_id = mm_id(55);
    send(true);
    assert_ended(1, SENT_OK);
    row.choices = CHOICES2;
    row.question = "q1";
    send(true);
    expect_reaction("one", 201, "{}");
    expect_reaction("two", 201, "{}");
    assert_ended(2, SENT_OK);
    assert_int_equal(fx_n_posted, 0);
}

static void test_not_sent(UNUSED void **state) {
    send(false);
    for (int i = 0; i < 8; i++) {
        expect_post(-1, ""); /* the server saw nothing: no need to look */
        assert_int_equal(mm_waiting(), 0);
        fx_pass(31000);
    }
    expect_post(201, POSTED);
    assert_ended(1, SENT_OK);
}

/* Nobody knows whether it arrived: before anything is sent again, we look. */
static void test_unknown_and_found(UNUSED void **state) {
    static const struct {
        int status;
        const char *said;
    } unknown[] = {{0, ""}, {500, "app.post.save.app_error"}, {502, ""}, {500, PENDING}};
    for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
        struct mm_post page[] = {
            {.id = mm_id(56), .user = HANAKO, .key = key_of(KEY, 0), .create_ms = NOW_MS + 5},
            {.id = mm_id(55), .user = ME, .key = key_of(KEY, 0), .create_ms = NOW_MS + 8},
            {.id = mm_id(54), .user = ME, .key = key_of("other", 0), .create_ms = NOW_MS + 7},
            {.id = mm_id(53), .user = ME, .create_ms = NOW_MS + 6},
        };
        send(false);
        expect_post(unknown[i].status, unknown[i].said);
        assert_int_equal(mm_waiting(), 0);
        fx_pass(31000);
        expect_look(page, ARRAY_LEN(page));
        assert_ended(i + 1, SENT_OK);
        assert_string_equal(fx_posted[i].reason, mm_id(55));
        fx_pass(2000); /* people may have reacted to it: that is looked for */
        mm_expect("GET", "/users/me/channels", 200, "[]");
    }
}

static void test_unknown_and_not_found(UNUSED void **state) {
    struct mm_post others[] = {
        {.id = mm_id(54), .user = ME, .key = key_of("other", 0), .create_ms = NOW_MS + 7},
        {.id = mm_id(53), .user = ME, .key = key_of(KEY, 1), .create_ms = NOW_MS + 6},
    };
    send(false);
    expect_post(0, "");
    fx_pass(31000);
    mm_expect("GET", "/channels/" DM "/posts*", 0, ""); /* looking may fail too */
    assert_int_equal(mm_waiting(), 0);
    fx_pass(31000);
    expect_look(others, ARRAY_LEN(others));
    expect_post(201, POSTED); /* with the same key */
    assert_ended(1, SENT_OK);
    /* A row of an earlier process: looked for first. */
    send(true);
    expect_look(NULL, 0);
    expect_post(201, POSTED);
    assert_ended(2, SENT_OK);
    struct mm_post ours[] = {
        {.id = mm_id(55), .user = ME, .key = key_of(KEY, 0), .create_ms = NOW_MS + 7}};
    send(true);
    expect_look(ours, 1);
    assert_ended(3, SENT_OK);
    /* We are not in that channel: sending will tell. */
    send(true);
    mm_expect("GET", "/channels/" DM "/posts*", 403, "api.context.permissions.app_error");
    expect_post(403, "api.context.permissions.app_error");
    assert_ended(4, SENT_DEAD);
}

/* Our own post comes by on the websocket before the reply does, or instead of it. */
static void test_echo(UNUSED void **state) {
    row.choices = CHOICES2;
    row.question = "q1";
    send(false);
    struct mm_asked asked = take_post(NULL, NULL, 0);
    mm_outgoing_echo(mm.outgoing, key_of("other", 0), mm_id(54));
    mm_outgoing_echo(mm.outgoing, "", mm_id(54));
    mm_outgoing_echo(mm.outgoing, key_of(KEY, 7), mm_id(54));
    assert_int_equal(fx_n_posted, 0);
    mm_outgoing_echo(mm.outgoing, key_of(KEY, 0), mm_id(55));
    assert_int_equal(fx_n_posted, 1);
    assert_int_equal(mm_waiting(), 0); /* the reply comes first */
    mm_answer(&asked, 201, POSTED);
    expect_reaction("one", 201, "{}");
    expect_reaction("two", 201, "{}");
    assert_ended(1, SENT_OK);
    row.question = "";
    send(false);
    asked = take_post(NULL, NULL, 0);
    mm_outgoing_echo(mm.outgoing, key_of(KEY, 0), mm_id(55));
    mm_answer(&asked, 0, "");
    fx_pass(31000);
    assert_ended(2, SENT_OK); /* nothing was looked for or sent again */
    send(false);
    expect_post(0, "");
    mm_outgoing_echo(mm.outgoing, key_of(KEY, 0), mm_id(55));
    fx_pass(31000);
    assert_ended(3, SENT_OK);
    mm_outgoing_echo(mm.outgoing, key_of(KEY, 0), mm_id(55)); /* nobody waits for it any more */
}

/* The thread is gone; the answer is not. */
static void test_refused_thread(UNUSED void **state) {
    row.thread = mm_id(7);
    send(false);
    expect_post(400, "api.post.create_post.root_id.app_error");
    struct mm_asked asked = take_post("こんにちは", NULL, 0);
    mm_answer(&asked, 201, POSTED);
    assert_ended(1, SENT_OK);
    row.thread = "";
    send(false);
    expect_post(400, "api.post.create_post.root_id.app_error");
    assert_ended(2, SENT_DEAD);
}

static void test_refused(UNUSED void **state) {
    static const struct {
        int status;
        const char *id;
    } cases[] = {{400, "model.post.is_valid.msg.app_error"},
                 {403, "api.context.permissions.app_error"},
                 {404, "store.sql_channel.get.existing.app_error"},
                 {400, "api.post.create_post.can_not_post_to_deleted.error"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        send(false);
        expect_post(cases[i].status, cases[i].id);
        assert_ended(i + 1, SENT_DEAD);
        assert_non_null(strstr(fx_ends[i].reason, cases[i].id));
    }
    /* A server that fails over one message for ever does not keep the others from their turn. */
    send(false);
    int tries = 0;
    while (fx_n_ends == ARRAY_LEN(cases) && tries < 200) {
        if (mm_waiting() > 0 && tries > 0) {
            expect_look(NULL, 0);
        }
        expect_post(500, "app.post.save.app_error");
        tries++;
        fx_pass(31000);
    }
    assert_ended(ARRAY_LEN(cases) + 1, SENT_DEAD);
    assert_in_range(tries, 10, 100);
}

/* A refused token is not the message's fault: it waits, however long it takes. */
static void test_token(UNUSED void **state) {
    send(false);
    expect_post(401, EXPIRED);
    mm_authorized = false;
    fx_pass(3600000);
    mm_outgoing_wake(mm.outgoing); /* woken for another reason */
    assert_int_equal(mm_waiting(), 0);
    send(false); /* another one, meanwhile */
    assert_int_equal(mm_waiting(), 0);
    mm_authorized = true;
    mm_outgoing_wake(mm.outgoing);
    assert_int_equal(mm_waiting(), 2);
    expect_post(201, POSTED);
    expect_post(201, POSTED);
    assert_int_equal(fx_n_ends, 2);
}

static void test_replace(UNUSED void **state) {
    row.replaces = mm_id(44);
    row.text = "1. ☑ 改善";
    send(false);
    struct mm_asked asked = mm_take("PUT", "/posts/00000000000000000000000044/patch");
    assert_string_equal(asked.body, "{\"message\":\"1\u200b. ☑ 改善\"}");
    mm_answer(&asked, 0, "");
    fx_pass(31000);
    mm_expect("PUT", "/posts/00000000000000000000000044/patch", 200, "{}");
    assert_ended(1, SENT_OK);
    /* Somebody deleted it: then as a new message, not looked for. */
    send(false);
    mm_expect("PUT", "/posts/00000000000000000000000044/patch", 403, "permissions");
    expect_post(201, POSTED);
    assert_ended(2, SENT_OK);
    /* What is no id never becomes a path. */
    row.replaces = "../../users/me";
    send(false);
    expect_post(201, POSTED);
    assert_ended(3, SENT_OK);
}

static void test_parts(UNUSED void **state) {
    struct buf b;
    buf_init(&b, 100000);
    for (int i = 0; i < 50; i++) {
        buf_adds(&b, "あいうえおかきくけこ。");
    }
    row.text = arena_strdup(&fx_arena, buf_text(&b));
    buf_free(&b);
    row.replaces = mm_id(44); /* several parts cannot replace one */
    row.choices = CHOICES2;
    row.question = "q1";
    mm.post_chars = 200;
    send(false);
    for (int part = 0; part < 3; part++) {
        struct mm_asked asked = take_post(NULL, NULL, part);
        if (part == 1) {
            mm_answer(&asked, 0, "");
            fx_pass(31000);
            /* The first is known; of the others none is there. */
            struct mm_post page[] = {
                {.id = mm_id(60), .user = ME, .key = key_of(KEY, 0), .create_ms = NOW_MS + 1}};
            expect_look(page, 1);
            asked = take_post(NULL, NULL, part);
        }
        mm_answer(&asked, 201,
                  arena_printf(&fx_arena, "{\"id\":\"%s\"}", mm_id(part == 2 ? 55 : 60 + part)));
        if (part < 2) {
            assert_int_equal(fx_n_posted, 0);
        }
    }
    expect_reaction("one", 201, "{}"); /* on the last one */
    expect_reaction("two", 201, "{}");
    assert_ended(1, SENT_OK);
    assert_string_equal(fx_posted[0].reason, mm_id(55));
}

static void test_address(UNUSED void **state) {
    row.channel = "";
    send(false);
    struct mm_asked asked = mm_take("POST", "/users/ids"); /* who is that? */
    const char *ids[] = {HANAKO};
    mm_answer(&asked, 200, mm_user_list(ids, 1, ""));
    asked = mm_take("POST", "/channels/direct");
    assert_string_equal(asked.body, "[\"" ME "\",\"" HANAKO "\"]");
    mm_answer(&asked, 0, "");
    fx_pass(31000);
    mm_expect("POST", "/channels/direct", 201, "{\"id\":\"" DM "\"}");
    expect_post(201, POSTED); /* no look: that call left nothing open */
    assert_ended(1, SENT_OK);
    send(false); /* known by now */
    expect_post(201, POSTED);
    assert_ended(2, SENT_OK);
    /* A deactivated account reads nothing. */
    mm_people_update(
        mm.people,
        &(struct mm_user){.id = HANAKO, .username = "hanako", .locale = "ja", .deactivated = true});
    send(false);
    assert_ended(3, SENT_DEAD);
    assert_non_null(strstr(fx_ends[2].reason, "deactivated"));
    row.recipient = TARO;
    mm_know(TARO, false);
    send(false);
    mm_expect("POST", "/channels/direct", 400, "api.channel.create_direct_channel.invalid_user");
    assert_ended(4, SENT_DEAD);
    send(false);
    mm_expect("POST", "/channels/direct", 201, "{\"id\":\"../posts\"}");
    fx_pass(31000);
    mm_expect("POST", "/channels/direct", 201, "{\"id\":\"" DM "\"}");
    expect_post(201, POSTED);
    assert_ended(5, SENT_OK);
}

/* The sender and the database, with two messages of one conversation. */
static void test_with_sender(UNUSED void **state) {
    struct outlet outlet = {
        .platform = "mattermost", .workspace = "acme", .send = mm_outgoing_send, .ctx = &mm};
    assert_int_equal(engine_attach(mm.setup.engine, &outlet), 0);
    mm_know(HANAKO, false);
    struct mm_post p = {.id = mm_id(1),
                        .user = HANAKO,
                        .channel = DM,
                        .root = "",
                        .message = "診断",
                        .create_ms = NOW_MS};
    mm_intake_post(mm.intake, &p, 'D', true);
    assert_int_equal(mm_turn(false), 0);
    int n = 100;
    while (mm_waiting() > 0) {
        assert_int_equal(mm_waiting(), 1); /* one at a time */
        const char *id = arena_printf(&fx_arena, "{\"id\":\"%s\"}", mm_id(n++));
        struct mm_asked asked = mm_take("POST", "/*");
        mm_answer(&asked, 201, id);
    }
    assert_true(n > 101);
    assert_int_equal(engine_settle(mm.setup.engine), 0);
    assert_true(fx_sql("SELECT count(*) FROM outbox WHERE state = 'sent'") > 0);
    assert_int_equal(fx_sql("SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
}

/* Which message a server fails over for ever, whatever is being done for it. */
static void fail_for_ever(const char *method, const char *path) {
    send(false);
    for (int i = 0; i < 100 && fx_n_ends == 0; i++) {
        mm_expect(method, path, 500, "app.broken.app_error");
        fx_pass(31000);
    }
    assert_ended(1, SENT_DEAD);
}

static void test_broken_direct(UNUSED void **state) {
    row.channel = "";
    mm_know(HANAKO, false);
    fail_for_ever("POST", "/channels/direct");
}

/* A message that cannot be changed is followed by a new one. */
static void test_broken_patch(UNUSED void **state) {
    row.replaces = mm_id(44);
    send(false);
    for (int i = 0; i < 6; i++) {
        mm_expect("PUT", "/posts/*", 500, "app.broken.app_error");
        fx_pass(31000);
    }
    expect_post(201, POSTED);
    assert_ended(1, SENT_OK);
}

/* What is there is sent, whatever becomes of its reactions. */
static void test_broken_reactions(UNUSED void **state) {
    row.question = "q1";
    row.choices = "[{\"number\":1},{\"number\":2},{\"number\":3},{\"number\":4},{\"number\":5},"
                  "{\"number\":6},{\"number\":7},{\"number\":8},{\"number\":9},{\"number\":10}]";
    row.closes = true;
    send(false);
    expect_post(201, POSTED);
    for (int i = 0; i < 200 && fx_n_ends == 0; i++) {
        bool fails = i % 5 < 4;
        mm_expect("POST", "/reactions", fails ? 500 : 201, fails ? "app.broken" : "{}");
        if (fails) {
            fx_pass(31000);
        }
    }
    assert_ended(1, SENT_OK);
}

/* A message that was long on its way has its reactions tried as often as any other. */
static void test_late_reactions(UNUSED void **state) {
    row.question = "q1";
    row.choices = CHOICES2;
    send(false);
    for (int i = 0; i < 8; i++) {
        expect_post(-1, "");
        fx_pass(31000);
    }
    expect_post(0, "");
    mm_outgoing_echo(mm.outgoing, key_of(KEY, 0), mm_id(55));
    fx_pass(31000);
    expect_reaction("one", -1, "");
    assert_int_equal(fx_n_ends, 0);
    fx_pass(31000);
    expect_reaction("one", 201, "{}");
    expect_reaction("two", 201, "{}");
    assert_ended(1, SENT_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, mm_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_posted),        TEST(test_reactions),         TEST(test_reactions_only),
        TEST(test_not_sent),      TEST(test_unknown_and_found), TEST(test_unknown_and_not_found),
        TEST(test_echo),          TEST(test_refused_thread),    TEST(test_refused),
        TEST(test_token),         TEST(test_replace),           TEST(test_parts),
        TEST(test_address),       TEST(test_with_sender),       TEST(test_late_reactions),
        TEST(test_broken_direct), TEST(test_broken_patch),      TEST(test_broken_reactions),
    };
    return cmocka_run_group_tests_name("mm_outgoing", tests, NULL, NULL);
}
