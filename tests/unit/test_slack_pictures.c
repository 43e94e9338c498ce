/* Pictures on Slack: shown once behind their text, or not at all, whatever fails on the way. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "base/text.h"
#include "tests/support/slack_fixture.h"

#define KEY     "slack/acme/e1:0"
#define TS      "1795400000.000055"
#define THREAD  "1795399000.000007"
#define POSTED  "{\"ok\":true,\"channel\":\"" DM "\",\"ts\":\"" TS "\"}"
#define ASK     "files.getUploadURLExternal"
#define UPLOAD  "upload"
#define SHARE   "files.completeUploadExternal"
#define LOOK    "files.info"
#define URL     "https://files.slack.test/upload/v1/abc"
#define FILE_ID "F0PICTURE"
#define ADDRESS "{\"ok\":true,\"upload_url\":\"" URL "\",\"file_id\":\"" FILE_ID "\"}"
#define SHARED  "{\"ok\":true,\"file\":{\"shares\":{\"private\":{\"" DM "\":[{}]}}}}"
#define NOWHERE "{\"ok\":true,\"file\":{\"shares\":{\"private\":{\"D0OTHER01\":[{}]}},\"ims\":[7]}}"
#define LONG_MS INT64_C(61000)

static const char png[] = "\x89PNG\r\n\0\x1a\n";
static struct store_out row;

static int begin(void **state) {
    row = (struct store_out){.kind = STORE_SAY,
                             .key = KEY,
                             .person_id = "p",
                             .platform = "slack",
                             .workspace = "acme",
                             .recipient = HANAKO,
                             .channel = DM,
                             .thread = "",
                             .text = "結果です",
                             .choices = "",
                             .question = "",
                             .replaces = "",
                             .controls = "",
                             .picture = png,
                             .picture_len = sizeof(png) - 1,
                             .picture_alt = "図 & 表",
                             .remote_id = "",
                             .file = "",
                             .created_ms = NOW_MS};
    int rc = sl_begin(state);
    if (rc == 0) {
        fx_pass(LONG_MS);
    }
    return rc;
}

static void send(void) {
    assert_int_equal(slack_outgoing_send(&sl, &row, *row.remote_id != '\0'), SENT_UNDER_WAY);
    if (*row.remote_id == '\0') {
        sl_expect("chat.postMessage", SLACK_DONE, POSTED);
    }
}

/* Shown or not, the text was sent, and nothing is left to do. */
static void assert_ended(size_t n) {
    assert_int_equal(fx_n_ends, n);
    assert_int_equal(fx_ends[n - 1].sent, SENT_OK);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(LONG_MS);
    assert_int_equal(sl_waiting(), 0);
}

static void expect_upload(enum slack_outcome outcome) {
    struct sl_asked asked = sl_take(UPLOAD);
    assert_string_equal(asked.url, URL);
    assert_int_equal(asked.file_len, sizeof(png) - 1);
    assert_memory_equal(asked.file, png, 6);
    sl_answer(&asked, outcome, outcome == SLACK_DONE ? "{}" : "");
}

static void test_shown(UNUSED void **state) {
    static const char *const threads[] = {"", THREAD};
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        row.thread = threads[i];
        send();
        assert_int_equal(fx_n_posted, i + 1); /* the text is there whatever comes */
        struct sl_asked asked = sl_take(ASK);
        assert_string_equal(sl_arg(&asked, "length"), "9");
        assert_string_equal(sl_arg(&asked, "alt_txt"), "図 & 表");
        assert_string_equal(sl_arg(&asked, "filename"), "kizuki.png");
        sl_answer(&asked, SLACK_DONE, ADDRESS);
        expect_upload(SLACK_DONE);
        asked = sl_take(SHARE);
        assert_true(asked.once);
        assert_string_equal(sl_arg(&asked, "channel_id"), DM);
        assert_string_equal(sl_arg(&asked, "thread_ts"), row.thread);
        const cJSON *file = cJSON_GetArrayItem(json_member(asked.json, "files"), 0);
        assert_string_equal(json_string(file, "id"), FILE_ID);
        assert_int_equal(fx_n_ends, i);
        sl_answer(&asked, SLACK_DONE, "{\"ok\":true}");
        assert_ended(i + 1);
    }
}

/* Words for a picture have a limit of their own; characters are counted, not bytes. */
static void test_long_words(UNUSED void **state) {
    char words[3 * 1200 + 1] = "";
    for (size_t i = 0; i < 1200; i++) {
        memcpy(words + 3 * i, "図", 4);
    }
    row.picture_alt = words;
    send();
    struct sl_asked asked = sl_take(ASK);
    assert_in_range(text_chars(sl_arg(&asked, "alt_txt")), 900, 1000);
    sl_answer(&asked, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    sl_expect(SHARE, SLACK_DONE, "{\"ok\":true}");
    assert_ended(1);
}

/* Every step that may fail without an answer, and is done again until there is one. */
static void test_unanswered(UNUSED void **state) {
    static const enum slack_outcome outcomes[] = {SLACK_UNSENT, SLACK_UNKNOWN};
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        send();
        sl_expect(ASK, outcomes[i], "");
        assert_int_equal(sl_waiting(), 0);
        fx_pass(LONG_MS);
        sl_expect(ASK, SLACK_DONE, ADDRESS);
        expect_upload(outcomes[i]);
        fx_pass(LONG_MS);
        sl_expect(ASK, SLACK_DONE, ADDRESS); /* the address may be used up */
        expect_upload(SLACK_DONE);
        sl_expect(SHARE, outcomes[i], "");
        assert_int_equal(sl_waiting(), 0);
        fx_pass(LONG_MS);
        if (outcomes[i] == SLACK_UNKNOWN) { /* it may be there */
            sl_expect(LOOK, SLACK_UNKNOWN, "");
            fx_pass(LONG_MS);
            struct sl_asked asked = sl_take(LOOK);
            assert_string_equal(sl_arg(&asked, "file"), FILE_ID);
            sl_answer(&asked, SLACK_DONE, NOWHERE);
            fx_pass(LONG_MS);
        }
        sl_expect(SHARE, SLACK_DONE, "{\"ok\":true}");
        assert_ended(i + 1);
    }
}

/* Looked for, and there: not shown twice. */
static void test_looked_for(UNUSED void **state) {
    static const char *const there[] = {
        SHARED, "{\"ok\":true,\"file\":{\"ims\":[\"D0OTHER01\",\"" DM "\"]}}",
        "{\"ok\":true,\"file\":{\"shares\":{\"public\":{\"" DM "\":[{}]}}}}"};
    for (size_t i = 0; i < ARRAY_LEN(there); i++) {
        send();
        sl_expect(ASK, SLACK_DONE, ADDRESS);
        expect_upload(SLACK_DONE);
        sl_expect(SHARE, SLACK_UNKNOWN, "");
        fx_pass(LONG_MS);
        sl_expect(LOOK, SLACK_DONE, there[i]);
        assert_ended(i + 1);
    }
}

/* Refused: the text stands alone. */
static void test_refused(UNUSED void **state) {
    send();
    sl_expect(ASK, SLACK_REFUSED, "missing_scope");
    assert_ended(1);
    send();
    sl_expect(ASK, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    sl_expect(SHARE, SLACK_REFUSED, "not_in_channel");
    assert_ended(2);
    /* Whether it is there may not be seen: rather none than two. */
    send();
    sl_expect(ASK, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    sl_expect(SHARE, SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    sl_expect(LOOK, SLACK_REFUSED, "missing_scope");
    assert_ended(3);
    /* It never arrived: from the beginning. */
    send();
    sl_expect(ASK, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    sl_expect(SHARE, SLACK_UNKNOWN, "");
    fx_pass(LONG_MS);
    sl_expect(LOOK, SLACK_REFUSED, "file_not_found");
    fx_pass(LONG_MS);
    sl_expect(ASK, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    sl_expect(SHARE, SLACK_DONE, "{\"ok\":true}");
    assert_ended(4);
}

/* What goes on saying nothing of use is given up. */
static void test_given_up(UNUSED void **state) {
    static const char *const odd[] = {"{\"ok\":true}", "{\"ok\":true,\"upload_url\":\"" URL "\"}",
                                      "{\"ok\":true,\"upload_url\":7,\"file_id\":\"F1\"}",
                                      "{\"ok\":true,\"upload_url\":\"" URL
                                      "\",\"file_id\":\"../F1\"}"};
    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        send();
        int tries = 0;
        for (; sl_waiting() > 0 && tries < 100; tries++) {
            sl_expect(ASK, SLACK_DONE, odd[i]);
            fx_pass(LONG_MS);
        }
        assert_in_range(tries, 2, 20);
        assert_ended(i + 1);
    }
    /* Shared again and again, and never there. */
    send();
    sl_expect(ASK, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    int shared = 0;
    for (; sl_waiting() > 0 && shared < 100; shared++) {
        sl_expect(SHARE, SLACK_UNKNOWN, "");
        fx_pass(LONG_MS);
        if (sl_waiting() > 0) {
            sl_expect(LOOK, SLACK_DONE, NOWHERE);
            fx_pass(LONG_MS);
        }
    }
    assert_in_range(shared, 2, 20);
    assert_ended(ARRAY_LEN(odd) + 1);
}

/* A process that ended when the text was there: before the picture had an id, and after. */
static void test_earlier_process(UNUSED void **state) {
    row.remote_id = DM "/" TS;
    send();
    sl_expect(ASK, SLACK_DONE, ADDRESS);
    expect_upload(SLACK_DONE);
    sl_expect(SHARE, SLACK_DONE, "{\"ok\":true}");
    assert_ended(1);
    row.file = FILE_ID;
    send();
    sl_expect(LOOK, SLACK_DONE, SHARED);
    assert_ended(2);
    send();
    sl_expect(LOOK, SLACK_DONE, NOWHERE); /* uploaded, perhaps; shared, no */
    fx_pass(LONG_MS);
    sl_expect(SHARE, SLACK_DONE, "{\"ok\":true}");
    assert_ended(3);
    row.file = "../F1"; /* what is no id is not looked for */
    send();
    sl_expect(ASK, SLACK_REFUSED, "an_error");
    assert_ended(4);
    assert_int_equal(fx_n_posted, 0);
}

/* The process ends in one of the steps: nothing of it is left behind. */
static void end_within(const char *step) {
    send();
    while (strcmp(sl_next(), step) != 0) {
        sl_expect(sl_next(), SLACK_DONE, ADDRESS);
    }
    (void)sl_take(step); /* that is never answered */
}

static void test_ends_within(UNUSED void **state) {
    static const char *const steps[] = {ASK, UPLOAD, SHARE};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        end_within(steps[i]);
        slack_outgoing_destroy(sl.outgoing);
        sl.outgoing = slack_outgoing_create(&sl);
    }
    assert_int_equal(fx_n_ends, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_shown),           TEST(test_long_words),  TEST(test_unanswered),
        TEST(test_looked_for),      TEST(test_refused),     TEST(test_given_up),
        TEST(test_earlier_process), TEST(test_ends_within),
    };
    return cmocka_run_group_tests_name("slack_pictures", tests, NULL, NULL);
}
