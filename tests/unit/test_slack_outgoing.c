/* The way out to Slack: each message is there once, in full and with its picture, or not. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include "base/buf.h"
#include "base/hash.h"
#include "bot/slack/blocks.h"

#define KEY     "slack/acme/e1:0"
#define TS      "1795400000.000055"
#define THREAD  "1795399000.000007"
#define POSTED  "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" TS "\"}"
#define POST    "chat.postMessage"
#define HISTORY "conversations.history"
#define REPLIES "conversations.replies"
#define LONG_MS INT64_C(31000)

static struct store_out row;

/* A row as the sender hands it over: to a channel, in words alone. */
static void init_row(void) {
    row = (struct store_out){.kind = STORE_SAY,
                             .key = KEY,
                             .person_id = "p",
                             .platform = "slack",
                             .workspace = "acme",
                             .recipient = HANAKO,
                             .channel = DM,
                             .thread = "",
                             .text = "こんにちは",
                             .choices = "",
                             .question = "",
                             .replaces = "",
                             .controls = "",
                             .picture_alt = "",
                             .remote_id = "",
                             .file = "",
                             .created_ms = NOW_MS};
}

static int begin(void **state) {
    init_row();
    int rc = sl_begin(state);
    if (rc == 0) {
        fx_pass(60000); /* this process is not quite new */
    }
    return rc;
}

static void send(bool doubtful) {
    assert_int_equal(slack_outgoing_send(&sl, &row, doubtful), SENT_UNDER_WAY);
}

/* The key a message carries: of the row and the part. */
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

/* Takes the message and looks into it. */
static struct sl_asked take_post(const char *text, const char *thread, int part) {
    struct sl_asked asked = sl_take(POST);
    assert_string_equal(sl_arg(&asked, "channel"), DM);
    assert_string_equal(asked.channel, DM);
    assert_true(asked.once);
    assert_string_equal(sl_arg(&asked, "metadata.event_payload.key"), key_of(KEY, part));
    assert_string_equal(sl_arg(&asked, "thread_ts"), thread);
    assert_int_equal(json_member(asked.json, "thread_ts") != NULL, *thread != '\0');
    assert_int_equal(strlen(sl_arg(&asked, "client_msg_id")), 36);
    if (text) {
        assert_string_equal(sl_arg(&asked, "text"), text);
    }
    return asked;
}

static void expect_post(enum slack_outcome outcome, const char *said) {
    struct sl_asked asked = take_post(NULL, row.thread, 0);
    sl_answer(&asked, outcome, said);
}

static void expect_look(const struct sl_past *messages, size_t n) {
    sl_expect(*row.thread ? REPLIES : HISTORY, SLACK_DONE, sl_page(messages, n, ""));
}

static struct slack_message ours(const char *key, const char *ts) {
    return (struct slack_message){.channel = DM,
                                  .user = ME,
                                  .ts = ts,
                                  .thread = "",
                                  .text = "",
                                  .key = key,
                                  .user_team = "",
                                  .automatic = true};
}

static bool echo(const char *key) {
    struct slack_message m = ours(key, TS);
    return slack_outgoing_echo(sl.outgoing, &m);
}

static void test_posted(UNUSED void **state) {
    send(false);
    struct sl_asked asked = take_post("こんにちは", "", 0);
    assert_int_equal(asked.urgency, SLACK_SOON);
    assert_int_equal(fx_n_ends, 0);
    const char *id = arena_strdup(&fx_arena, sl_arg(&asked, "client_msg_id"));
    sl_answer(&asked, SLACK_DONE, POSTED);
    assert_ended(1, SENT_OK);
    assert_int_equal(fx_n_posted, 1);
    assert_string_equal(fx_posted[0].reason, DM "/" TS);
    fx_pass(600000);
    assert_int_equal(sl_waiting(), 0);
    assert_int_equal(fx_n_ends, 1);
    /* The same message has the same id; what was to come later may wait for the others. */
    row.due_ms = NOW_MS;
    row.thread = THREAD;
    send(false);
    asked = take_post("こんにちは", THREAD, 0);
    assert_int_equal(asked.urgency, SLACK_LATER);
    assert_string_equal(sl_arg(&asked, "client_msg_id"), id);
    sl_answer(&asked, SLACK_DONE, POSTED);
    assert_ended(2, SENT_OK);
}

/* What Slack's clock says is known from what it posted. */
static void test_clock(UNUSED void **state) {
    send(false);
    expect_post(SLACK_DONE,
                arena_printf(&fx_arena, "{\"ok\":true,\"channel\":\"%s\",\"ts\":\"%s\"}", DM,
                             sl_ts(NOW_MS + 60000 + 90000)));
    assert_int_equal(sl.skew_ms, 90000);
    assert_int_equal(slack_server_ms(&sl), NOW_MS + 150000);
}

static void test_not_sent(UNUSED void **state) {
    send(false);
    for (int i = 0; i < 9; i++) {
        expect_post(SLACK_UNSENT, ""); /* Slack saw nothing: no need to look */
        assert_int_equal(sl_waiting(), 0);
        fx_pass(LONG_MS);
    }
    expect_post(SLACK_DONE, POSTED);
    assert_ended(1, SENT_OK);
}

/* Nobody knows whether it arrived: we look, not before it can be seen, and only for our own. */
static void test_unknown_and_found(UNUSED void **state) {
    struct sl_past page[] = {
        {.ts = "1795400000.000050", .user = HANAKO, .key = key_of(KEY, 0)},
        {.ts = "1795400000.000056", .key = key_of("other", 0)},
        {.ts = TS, .key = key_of(KEY, 0)},
        {.ts = "1795400000.000054"},
    };
    static const char *const threads[] = {"", THREAD};
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        row.thread = threads[i];
        send(false);
        expect_post(SLACK_UNKNOWN, "");
        fx_pass(2999);
        assert_int_equal(sl_waiting(), 0);
        fx_pass(1);
        struct sl_asked asked = sl_take(*row.thread ? REPLIES : HISTORY);
        assert_string_equal(sl_arg(&asked, "channel"), DM);
        assert_string_equal(sl_arg(&asked, "ts"), row.thread);
        assert_string_equal(sl_arg(&asked, "oldest"), sl_ts(NOW_MS - 300000));
        assert_string_equal(sl_arg(&asked, "inclusive"), "true");
        assert_string_equal(sl_arg(&asked, "include_all_metadata"), "true");
        page[2].user = i == 0 ? NULL : ME; /* once without a mark that it is a bot's */
        sl_answer(&asked, SLACK_DONE, sl_page(page, ARRAY_LEN(page), ""));
        assert_ended(i + 1, SENT_OK);
        assert_string_equal(fx_posted[i].reason, DM "/" TS);
    }
}

static void test_unknown_and_not_found(UNUSED void **state) {
    struct sl_past others[] = {
        {.ts = "1795400000.000054", .key = key_of("other", 0)},
        {.ts = "1795400000.000053", .key = key_of(KEY, 1)},
    };
    send(false);
    expect_post(SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    sl_expect(HISTORY, SLACK_UNKNOWN, ""); /* looking may fail, too */
    assert_int_equal(sl_waiting(), 0);
    fx_pass(LONG_MS);
    sl_expect(HISTORY, SLACK_UNSENT, "");
    fx_pass(LONG_MS);
    expect_look(others, ARRAY_LEN(others));
    expect_post(SLACK_DONE, POSTED); /* with the same key */
    assert_ended(1, SENT_OK);
    /* We may not read there: sending will tell. */
    send(true);
    sl_expect(HISTORY, SLACK_REFUSED, "channel_not_found");
    expect_post(SLACK_REFUSED, "channel_not_found");
    assert_ended(2, SENT_DEAD);
    /* A reply that is none may have been a good one. */
    static const char *const odd[] = {"{}", "{\"ts\":\"x\",\"channel\":\"D1\"}",
                                      "{\"ts\":\"" TS "\",\"channel\":\"../x\"}"};
    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        send(false);
        expect_post(SLACK_DONE, odd[i]);
        fx_pass(2999);
        assert_int_equal(sl_waiting(), 0);
        fx_pass(1);
        expect_look(NULL, 0);
        expect_post(SLACK_DONE, POSTED);
        assert_ended(3 + i, SENT_OK);
    }
}

/* A row of an earlier process: looked for first, and not before its last try can be seen. */
static void test_earlier_process(UNUSED void **state) {
    struct sl_past page[] = {{.ts = TS, .key = key_of(KEY, 0)}};
    send(true);
    expect_look(page, 1);
    assert_ended(1, SENT_OK);
    assert_string_equal(fx_posted[0].reason, DM "/" TS);
    send(true);
    sl_expect(HISTORY, SLACK_DONE, sl_page(NULL, 0, "next=="));
    struct sl_asked asked = sl_take(HISTORY);
    assert_string_equal(sl_arg(&asked, "cursor"), "next==");
    sl_answer(&asked, SLACK_DONE, sl_page(page, 1, ""));
    assert_ended(2, SENT_OK);
    slack_outgoing_destroy(sl.outgoing);
    sl.outgoing = slack_outgoing_create(&sl);
    send(true);
    fx_pass(2999);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(1);
    expect_look(NULL, 0);
    expect_post(SLACK_DONE, POSTED);
    assert_ended(3, SENT_OK);
    /* What is known to be there is neither looked for nor sent. */
    row.remote_id = DM "/" TS;
    send(true);
    assert_ended(4, SENT_OK);
    assert_int_equal(fx_n_posted, 3);
}

/* Our own message comes by on the connection before the reply does, or instead of it. */
static void test_echo(UNUSED void **state) {
    send(false);
    struct sl_asked asked = take_post(NULL, "", 0);
    assert_false(echo(key_of("other", 0)));
    assert_false(echo(""));
    assert_false(echo(key_of(KEY, 7)));
    struct slack_message forged = ours(key_of(KEY, 0), TS);
    forged.automatic = false;
    forged.user = HANAKO;
    assert_false(slack_outgoing_echo(sl.outgoing, &forged));
    assert_int_equal(fx_n_posted, 0);
    assert_true(echo(key_of(KEY, 0)));
    assert_false(echo(key_of(KEY, 0)));
    assert_int_equal(fx_n_posted, 1);
    assert_int_equal(fx_n_ends, 0); /* the reply comes first */
    sl_answer(&asked, SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    assert_ended(1, SENT_OK); /* nothing was looked for or sent again */
    send(false);
    expect_post(SLACK_UNKNOWN, "");
    assert_true(echo(key_of(KEY, 0)));
    fx_pass(LONG_MS);
    assert_ended(2, SENT_OK);
    assert_false(echo(key_of(KEY, 0))); /* nobody waits for it any more */
}

/* The thread is gone; the answer is not. */
static void test_refused_thread(UNUSED void **state) {
    static const char *const codes[] = {"thread_not_found", "cannot_reply_to_message",
                                        "invalid_thread_ts", "message_not_found"};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        row.thread = THREAD;
        send(false);
        expect_post(SLACK_REFUSED, codes[i]);
        struct sl_asked asked = take_post("こんにちは", "", 0);
        sl_answer(&asked, SLACK_DONE, POSTED);
        assert_ended(2 * i + 1, SENT_OK);
        row.thread = "";
        send(false);
        expect_post(SLACK_REFUSED, codes[i]);
        assert_ended(2 * i + 2, SENT_DEAD);
    }
    /* Looked for where it may be: first in the thread, then beside it. */
    row.thread = THREAD;
    send(true);
    sl_expect(REPLIES, SLACK_REFUSED, "thread_not_found");
    expect_post(SLACK_REFUSED, "thread_not_found");
    struct sl_asked asked = take_post(NULL, "", 0);
    sl_answer(&asked, SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    struct sl_past page[] = {{.ts = TS, .key = key_of(KEY, 0)}};
    sl_expect(HISTORY, SLACK_DONE, sl_page(page, 1, ""));
    assert_ended(9, SENT_OK);
}

static void test_refused(UNUSED void **state) {
    static const char *const codes[] = {
        "channel_not_found", "is_archived", "not_in_channel",      "msg_too_long",
        "restricted_action", "no_text",     "an_error_of_tomorrow"};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        send(false);
        expect_post(SLACK_REFUSED, codes[i]);
        assert_ended(i + 1, SENT_DEAD);
        assert_non_null(strstr(fx_ends[i].reason, codes[i]));
    }
    /* What the operator can mend is kept however long it takes. */
    send(false);
    for (int k = 0; k < 80; k++) {
        expect_post(SLACK_REFUSED, k % 2 ? "missing_scope" : "messages_tab_disabled");
        fx_pass(LONG_MS);
    }
    expect_post(SLACK_DONE, POSTED);
    assert_ended(ARRAY_LEN(codes) + 1, SENT_OK);
}

/* What Slack fails over for ever is parked, for others wait behind it; an outage is no reason. */
static void test_hopeless(UNUSED void **state) {
    for (size_t outage = 0; outage < 2; outage++) {
        send(false);
        for (int i = 1; i < 30 || (outage && i < 99); i++) {
            expect_post(SLACK_UNKNOWN, outage ? "service_unavailable" : "internal_error");
            fx_pass(LONG_MS);
            expect_look(NULL, 0);
        }
        expect_post(outage ? SLACK_DONE : SLACK_UNKNOWN, outage ? POSTED : "fatal_error");
        assert_ended(outage + 1, outage ? SENT_OK : SENT_DEAD);
    }
}

/* Blocks that are not taken: the same message in words alone. */
static void test_refused_blocks(UNUSED void **state) {
    static const char *const codes[] = {"invalid_blocks", "invalid_blocks_format",
                                        "msg_blocks_too_long"};
    row.text = "どれですか\n1. 改善\n2. 危険";
    row.choices = "[{\"number\":1,\"label\":\"改善\"},{\"number\":2,\"label\":\"危険\"}]";
    row.question = "q1";
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        send(false);
        struct sl_asked asked = take_post(NULL, "", 0);
        assert_non_null(json_member(asked.json, "blocks"));
        sl_answer(&asked, SLACK_REFUSED,
                  arena_printf(&fx_arena, "{\"ok\":false,\"error\":\"%s\",\"errors\":[\"x\"]}",
                               codes[i]));
        asked = take_post(NULL, "", 0);
        assert_null(json_member(asked.json, "blocks"));
        assert_non_null(strstr(sl_arg(&asked, "text"), "2. 危険"));
        sl_answer(&asked, i == 0 ? SLACK_REFUSED : SLACK_DONE, i == 0 ? codes[0] : POSTED);
        assert_ended(i + 1, i == 0 ? SENT_DEAD : SENT_OK);
    }
}

/* A refused token is not the message's fault: it waits, however long it takes. */
static void test_token(UNUSED void **state) {
    send(false);
    expect_post(SLACK_UNAUTHORIZED, "token_revoked");
    fx_pass(3600000);
    slack_outgoing_wake(sl.outgoing); /* woken for another reason */
    send(false);                      /* another one, meanwhile */
    assert_int_equal(sl_waiting(), 0);
    slack_socket_start(sl.socket); /* there are other tokens */
    struct sl_asked who = sl_take("auth.test");
    slack_outgoing_wake(sl.outgoing);
    assert_int_equal(sl_waiting(), 0);
    sl_answer(&who, SLACK_DONE, "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":\"" TEAM "\"}");
    assert_int_equal(sl_waiting(), 3);
    expect_post(SLACK_DONE, POSTED);
    expect_post(SLACK_DONE, POSTED);
    assert_int_equal(fx_n_ends, 2);
    sl_expect("apps.connections.open", SLACK_UNSENT, "");
}

static void test_replace(UNUSED void **state) {
    row.replaces = DM "/" THREAD;
    row.text = "1. ☑ 改善";
    send(false);
    struct sl_asked asked = sl_take("chat.update");
    assert_string_equal(sl_arg(&asked, "channel"), DM);
    assert_string_equal(sl_arg(&asked, "ts"), THREAD);
    assert_string_equal(sl_arg(&asked, "text"), "1. ☑ 改善");
    assert_false(asked.once);
    sl_answer(&asked, SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    sl_expect("chat.update", SLACK_DONE, "{\"ok\":true}");
    assert_ended(1, SENT_OK);
    /* Somebody deleted it: then as a new message, not looked for. */
    send(false);
    sl_expect("chat.update", SLACK_REFUSED, "message_not_found");
    expect_post(SLACK_DONE, POSTED);
    assert_ended(2, SENT_OK);
    /* One that cannot be changed for ever is followed by a new one. */
    send(false);
    for (int i = 0; i < 6; i++) {
        sl_expect("chat.update", SLACK_UNKNOWN, "");
        fx_pass(LONG_MS);
    }
    expect_post(SLACK_DONE, POSTED);
    assert_ended(3, SENT_OK);
    /* What is no id of a message is not changed. */
    row.replaces = "0123";
    send(false);
    expect_post(SLACK_DONE, POSTED);
    assert_ended(4, SENT_OK);
}

/* A text of several messages. */
static const char *long_text(void) {
    struct buf b;
    buf_init(&b, 100000);
    for (int i = 0; i < 700; i++) {
        buf_adds(&b, "あいうえおかきくけこ。");
    }
    const char *text = arena_strdup(&fx_arena, buf_text(&b));
    buf_free(&b);
    return text;
}

static void test_parts(UNUSED void **state) {
    row.text = long_text();
    send(false);
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = slack_split(&fx_arena, row.text, parts);
    assert_true(n > 1);
    for (size_t part = 0; part < n; part++) {
        struct sl_asked asked = take_post(NULL, "", (int)part);
        assert_int_equal(fx_n_posted, 0);
        if (part == 1) {
            sl_answer(&asked, SLACK_UNKNOWN, "");
            fx_pass(LONG_MS);
            struct sl_past page[] = {{.ts = "1795400000.000060", .key = key_of(KEY, 0)}};
            expect_look(page, 1); /* the first is known; of the others none is there */
            asked = take_post(NULL, "", (int)part);
        }
        sl_answer(&asked, SLACK_DONE,
                  arena_printf(&fx_arena, "{\"ok\":true,\"channel\":\"%s\",\"ts\":\"%s\"}", DM,
                               part + 1 == n ? TS : "1795400000.000060"));
    }
    assert_ended(1, SENT_OK);
    assert_int_equal(fx_n_posted, 1);
    assert_string_equal(fx_posted[0].reason, DM "/" TS);
    /* A process that ended between the first part and the second. */
    struct sl_past page[] = {{.ts = "1795400000.000060", .key = key_of(KEY, 0)}};
    send(true);
    expect_look(page, 1);
    for (size_t part = 1; part < n; part++) {
        struct sl_asked asked = take_post(NULL, "", (int)part);
        sl_answer(&asked, SLACK_DONE, POSTED);
    }
    assert_ended(2, SENT_OK);
    /* One that ended after the last. */
    row.remote_id = DM "/" TS;
    send(true);
    assert_ended(3, SENT_OK);
}

/* Several messages cannot stand in the place of one. */
static void test_parts_and_replace(UNUSED void **state) {
    row.text = long_text();
    row.replaces = DM "/" THREAD;
    send(false);
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = slack_split(&fx_arena, row.text, parts);
    for (size_t part = 0; part < n; part++) {
        struct sl_asked asked = take_post(NULL, "", (int)part);
        sl_answer(&asked, SLACK_DONE, POSTED);
    }
    assert_ended(1, SENT_OK);
}

static void test_address(UNUSED void **state) {
    row.channel = "";
    send(false);
    struct sl_asked asked = sl_take("conversations.open");
    assert_string_equal(sl_arg(&asked, "users"), HANAKO);
    sl_answer(&asked, SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    sl_expect("conversations.open", SLACK_UNSENT, "");
    fx_pass(LONG_MS);
    sl_expect("conversations.open", SLACK_DONE, "{\"ok\":true,\"channel\":{\"id\":\"../x\"}}");
    fx_pass(LONG_MS);
    sl_expect("conversations.open", SLACK_DONE, "{\"ok\":true,\"channel\":{\"id\":\"" DM "\"}}");
    expect_post(SLACK_DONE, POSTED); /* no look: those calls left nothing open */
    assert_ended(1, SENT_OK);
    send(false); /* known by now */
    expect_post(SLACK_DONE, POSTED);
    assert_ended(2, SENT_OK);
    /* A deactivated account reads nothing. */
    slack_people_update(
        sl.people, &(struct slack_user){
                       .id = HANAKO, .team = TEAM, .locale = "", .tz = "", .deactivated = true});
    send(false);
    assert_ended(3, SENT_DEAD);
    assert_non_null(strstr(fx_ends[2].reason, "deactivated"));
    row.recipient = TARO;
    send(false);
    sl_expect("conversations.open", SLACK_REFUSED, "user_disabled");
    assert_ended(4, SENT_DEAD);
    assert_non_null(strstr(fx_ends[3].reason, "user_disabled"));
    /* The database knows where somebody is who talked with us. */
    sl_met(TARO, TARODM);
    slack_people_destroy(sl.people);
    sl.people = slack_people_create(&sl);
    send(false);
    asked = sl_take(POST);
    assert_string_equal(sl_arg(&asked, "channel"), TARODM);
    sl_answer(&asked, SLACK_DONE, POSTED);
    assert_ended(5, SENT_OK);
}

/* What Slack cannot do for a while is not asked for faster and faster. */
static void test_broken_post(UNUSED void **state) {
    send(false);
    int posts = 0;
    for (int second = 0; second < 3600; second++) {
        while (sl_waiting() > 0 && posts < 1000) {
            struct sl_asked asked = posts % 2 ? sl_take(HISTORY) : sl_take(POST);
            sl_answer(&asked, posts % 2 ? SLACK_DONE : SLACK_UNKNOWN, sl_page(NULL, 0, ""));
            posts++;
        }
        fx_pass(1000);
    }
    assert_in_range(posts, 100, 300);
    assert_int_equal(fx_n_ends, 0); /* it is owed */
    for (; fx_n_ends == 0; posts++) {
        fx_pass(LONG_MS);
        if (posts % 2) {
            expect_look(NULL, 0);
        } else {
            expect_post(SLACK_DONE, POSTED);
        }
    }
    assert_ended(1, SENT_OK);
}

/* The sender and the database, with all that one conversation is owed. */
static void test_with_sender(UNUSED void **state) {
    struct outlet outlet = {.platform = "slack",
                            .workspace = "acme",
                            .cards = true,
                            .send = slack_outgoing_send,
                            .ctx = &sl};
    assert_int_equal(engine_attach(sl.setup.engine, &outlet), 0);
    sl_know(HANAKO, false);
    struct slack_message m = {.channel = DM,
                              .user = HANAKO,
                              .ts = sl_ts(NOW_MS),
                              .thread = "",
                              .text = "診断",
                              .key = "",
                              .user_team = TEAM,
                              .place = SLACK_IM};
    assert_true(slack_intake_message(sl.intake, &m));
    assert_int_equal(sl_turn(false), 0);
    int n = 0;
    while (sl_waiting() > 0) {
        assert_int_equal(sl_waiting(), 1); /* one at a time */
        struct sl_asked asked = sl_take(POST);
        sl_answer(&asked, SLACK_DONE,
                  arena_printf(&fx_arena, "{\"ok\":true,\"channel\":\"%s\",\"ts\":\"%s\"}", DM,
                               sl_ts(NOW_MS + n++)));
    }
    assert_true(n > 0);
    assert_int_equal(engine_settle(sl.setup.engine), 0);
    assert_true(fx_sql("SELECT count(*) FROM outbox WHERE state = 'sent'") > 0);
    assert_int_equal(fx_sql("SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
    assert_int_equal(fx_sql("SELECT count(*) FROM outbox WHERE remote_id LIKE '" DM "/%'"), n);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_posted),
        TEST(test_clock),
        TEST(test_not_sent),
        TEST(test_unknown_and_found),
        TEST(test_unknown_and_not_found),
        TEST(test_earlier_process),
        TEST(test_echo),
        TEST(test_refused_thread),
        TEST(test_refused),
        TEST(test_refused_blocks),
        TEST(test_hopeless),
        TEST(test_token),
        TEST(test_replace),
        TEST(test_parts),
        TEST(test_parts_and_replace),
        TEST(test_address),
        TEST(test_broken_post),
        TEST(test_with_sender),
    };
    return cmocka_run_group_tests_name("slack_outgoing", tests, NULL, NULL);
}
