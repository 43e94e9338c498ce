/* The way out: order in each conversation, what is doubtful, and notes that reach the database. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "bot/sender.h"
#include "tests/support/store_fixture.h"

#define NOW_MS INT64_C(1795399200000)

static struct sender *sender;
static char handed[1024]; /* keys in the order they were handed over, "?" behind a doubtful one */
static enum sent answer;

static enum sent take(UNUSED void *ctx, const struct store_out *row, bool doubtful) {
    size_t n = strlen(handed);
    snprintf(handed + n, sizeof(handed) - n, "%s%s%s", n > 0 ? " " : "", row->key,
             doubtful ? "?" : "");
    return answer;
}

static void owe(const char *key, const char *recipient) {
    struct store_out row = {.key = key,
                            .person_id = person("U1"),
                            .platform = "p",
                            .workspace = "w",
                            .recipient = recipient,
                            .channel = "",
                            .text = key,
                            .choices = "",
                            .question = ""};
    EQ(store_outbox_add(s, &row, NOW_MS), 0);
}

static void begin(enum sent how) {
    static const struct outlet outlet = {.platform = "p", .workspace = "w", .send = take};
    sender_destroy(sender);
    sender = sender_create(s, &outlet, STORE_TALK);
    handed[0] = '\0';
    answer = how;
}

static void deliver(const char *expected) {
    handed[0] = '\0';
    EQ(sender_deliver(sender), 0);
    SAME(handed, expected);
}

static void done(int64_t ord, enum sent how, const char *expected) {
    handed[0] = '\0';
    sender_done(sender, ord, how, "why");
    SAME(handed, expected);
}

static void write_down(void) {
    EQ(store_begin(s), 0);
    EQ(sender_write_notes(sender, NOW_MS), 0);
    EQ(store_commit(s), 0);
    sender_forget_notes(sender);
    assert_false(sender_has_notes(sender));
}

static int open_it(void **state) {
    clock_freeze_at_ms(NOW_MS);
    return open_store(state);
}

static int close_it(void **state) {
    sender_destroy(sender);
    sender = NULL;
    return drop_dir(state);
}

static void test_one_at_a_time(UNUSED void **state) {
    begin(SENT_UNDER_WAY);
    deliver("");
    owe("a1", "A");
    owe("a2", "A");
    owe("b1", "B");
    owe("a3", "A");
    deliver("a1 b1");
    deliver(""); /* they are at hand already */
    done(1, SENT_OK, "a2");
    done(1, SENT_OK, ""); /* once is enough */
    done(3, SENT_DEAD, "");
    HAS("SELECT count(*) FROM outbox WHERE state = 'pending'", 4);
    write_down();
    HAS("SELECT count(*) FROM outbox WHERE key = 'a1' AND state = 'sent'", 1);
    HAS("SELECT count(*) FROM outbox WHERE key = 'b1' AND state = 'dead' AND reason = 'why'", 1);
    done(2, SENT_OK, "a3");
    done(4, SENT_OK, "");
    write_down();
    HAS("SELECT count(*) FROM outbox WHERE state = 'pending'", 0);
}

/* What waits behind a row that is tried later is not sent in its place, notes written or not. */
static void test_retry_holds_back(UNUSED void **state) {
    begin(SENT_UNDER_WAY);
    deliver("");
    owe("a1", "A");
    owe("a2", "A");
    deliver("a1");
    done(1, SENT_RETRY, "");
    deliver("");
    write_down();
    deliver("");
    HAS("SELECT count(*) FROM outbox WHERE key = 'a1' AND tries = 1 AND state = 'pending'", 1);
    int64_t next_ms = INT64_MAX;
    EQ(sender_next_ms(sender, &next_ms), 0);
    EQ(next_ms, NOW_MS + 1000);
    clock_shift_ms(1000);
    deliver("a1?"); /* it may have been sent at the first try */
    done(1, SENT_OK, "");
    write_down();
    deliver("a2");
}

/* In a channel answers to several people come in the order of what they asked. */
static void test_channel_is_one_conversation(UNUSED void **state) {
    begin(SENT_UNDER_WAY);
    deliver("");
    struct store_out row = {.key = "c1",
                            .person_id = person("U1"),
                            .platform = "p",
                            .workspace = "w",
                            .recipient = "A",
                            .channel = "c",
                            .text = "",
                            .choices = "",
                            .question = ""};
    EQ(store_outbox_add(s, &row, NOW_MS), 0);
    row.key = "c2";
    row.recipient = "B";
    EQ(store_outbox_add(s, &row, NOW_MS), 0);
    owe("b", "B");
    deliver("c1 b");
    done(1, SENT_RETRY, "");
    write_down();
    deliver(""); /* the store holds it back, too */
}

static void test_of_an_earlier_process(UNUSED void **state) {
    owe("a1", "A");
    begin(SENT_OK);
    EQ(sender_deliver(sender), 0);
    SAME(handed, "a1?");
    owe("a2", "A");
    deliver("a2");
    write_down();
    HAS("SELECT count(*) FROM outbox WHERE state = 'sent'", 2);
}

static void test_id_before_the_end(UNUSED void **state) {
    begin(SENT_UNDER_WAY);
    deliver("");
    owe("a1", "A");
    deliver("a1");
    sender_posted(sender, 1, "m1");
    assert_true(sender_has_notes(sender));
    write_down();
    HAS("SELECT count(*) FROM outbox WHERE remote_id = 'm1' AND state = 'pending'", 1);
    done(1, SENT_OK, "");
    write_down();
    HAS("SELECT count(*) FROM outbox WHERE remote_id = 'm1' AND state = 'sent'", 1);
}

/* More than is kept at hand: all are sent, in order, and other workspaces' rows are not touched. */
static void test_many(UNUSED void **state) {
    begin(SENT_OK);
    deliver("");
    for (int i = 0; i < 300; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i);
        owe(key, "A");
    }
    struct store_out other = {.key = "other",
                              .person_id = person("U1"),
                              .platform = "p",
                              .workspace = "elsewhere",
                              .recipient = "A",
                              .channel = "",
                              .text = "",
                              .choices = "",
                              .question = ""};
    EQ(store_outbox_add(s, &other, NOW_MS), 0);
    EQ(sender_deliver(sender), 0);
    write_down();
    EQ(sender_deliver(sender), 0);
    write_down();
    HAS("SELECT count(*) FROM outbox WHERE state = 'sent'", 300);
    HAS("SELECT count(*) FROM outbox WHERE state = 'pending'", 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_it, close_it)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_one_at_a_time),         TEST(test_retry_holds_back),
        TEST(test_of_an_earlier_process), TEST(test_channel_is_one_conversation),
        TEST(test_id_before_the_end),     TEST(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
