/* What the store keeps for platforms with cards and pages: identities, cards, kinds of rows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/store_fixture.h"

static struct store_person of(const char *external_id) {
    struct store_person p;
    EQ(store_person_get(s, &arena, "console", "w", external_id, "ja", 1, &p), 0);
    return p;
}

static void test_identity(void **state) {
    (void)state;
    const char *channel;
    EQ(store_identity_channel(s, &arena, "console", "w", "U1", &channel), -ENOENT);
    struct store_person p = of("U1");
    assert_false(p.lang_chosen);
    SAME(p.channel, "");
    SAME(p.home, "");
    p.channel = "D1";
    p.locale = "en";
    p.tz = "Asia/Tokyo";
    EQ(store_identity_put(s, "console", "w", "U1", &p), 0);
    EQ(store_identity_home(s, "console", "w", "U1", "h"), 0);
    EQ(store_identity_put(s, "console", "w", "U2", &p), -ENOENT);
    EQ(store_identity_put(s, "console", "other", "U1", &p), -ENOENT);
    EQ(store_identity_home(s, "console", "other", "U1", "x"), -ENOENT);
    p.lang = "en";
    p.lang_chosen = true;
    EQ(store_person_put(s, &p), 0);
    reopen();
    p = of("U1");
    assert_true(p.lang_chosen);
    SAME(p.channel, "D1");
    SAME(p.locale, "en");
    SAME(p.tz, "Asia/Tokyo");
    SAME(p.home, "h");
    EQ(store_identity_channel(s, &arena, "console", "w", "U1", &channel), 0);
    SAME(channel, "D1");
}

static void talk(const char *user, const char *channel, const char *phase, int64_t at_ms) {
    struct store_person p = of(user);
    p.channel = channel;
    EQ(store_identity_put(s, "console", "w", user, &p), 0);
    struct store_session session = {.run_id = run_of(p.id, arena_printf(&arena, "r%s", user)),
                                    .form_hash = "",
                                    .phase = phase,
                                    .question_id = "q1",
                                    .ticks = "",
                                    .menu = "none",
                                    .menu_arg = "",
                                    .last_event_ms = at_ms};
    EQ(store_session_put(s, p.id, &session), 0);
}

/* Whoever has an open question first, then the latest; not the silent, not those nowhere. */
static void test_directs(void **state) {
    (void)state;
    talk("done-early", "D1", "done", 100);
    talk("asked-early", "D2", "asking", 110);
    talk("done-late", "D3", "done", 200);
    talk("asked-late", "D4", "review", 190);
    talk("nowhere", "", "asking", 210);
    talk("silent", "D6", "asking", 99);
    static const char *const expected[] = {"asked-late", "asked-early", "done-late", "done-early"};
    const struct store_direct *directs;
    size_t n;
    EQ(store_directs_get(s, &arena, "console", "w", 100, &directs, &n), 0);
    EQ(n, 4);
    for (size_t i = 0; i < n; i++) {
        SAME(directs[i].user, expected[i]);
        EQ(directs[i].asked, i < 2);
    }
    SAME(directs[0].channel, "D4");
    EQ(store_directs_get(s, &arena, "console", "other", 0, &directs, &n), 0);
    EQ(n, 0);
}

static void ask(const char *key, const char *person_id, const char *question,
                enum store_out_kind kind) {
    struct store_out row = out(key, person_id, 0);
    row.question = question;
    row.kind = kind;
    row.controls = "{}";
    EQ(store_outbox_add(s, &row, 1), 0);
}

static struct store_out due(const char *key) {
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, 10, 100, &rows, &n), 0);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].key, key) == 0) {
            return rows[i];
        }
    }
    fail_msg("%s is not due", key);
    abort();
}

static void test_cards(void **state) {
    (void)state;
    const char *id = person("U1");
    ask("k1", id, "r/q1", STORE_SAY);
    ask("k2", id, "r/q2", STORE_SAY);
    ask("k3", id, "r/q1", STORE_SAY);
    ask("k4", id, "r/q1", STORE_SAY);
    ask("k5", id, "r/q1", STORE_SETTLE);
    ask("k6", id, "r/q1", STORE_SAY);
    struct store_out settle = due("k5");
    EQ(settle.kind, STORE_SETTLE);
    SAME(settle.controls, "{}");
    EQ(store_outbox_sent(s, "k1", "C/1", 2), 0);
    EQ(store_outbox_dead(s, "k4", "gone", 2), 0);
    const struct store_card *cards;
    size_t n;
    bool pending;
    EQ(store_outbox_cards(s, &arena, &settle, 3, &cards, &n, &pending), 0);
    EQ(n, 1);
    SAME(cards[0].remote_id, "C/1");
    assert_true(pending); /* k3 is on its way */
    EQ(store_outbox_posted(s, "k3", "C/3"), 0);
    EQ(store_outbox_cards(s, &arena, &settle, 3, &cards, &n, &pending), 0);
    EQ(n, 2);
    SAME(cards[0].remote_id, "C/3");
    SAME(cards[1].remote_id, "C/1");
    assert_false(pending);
    EQ(store_outbox_cards(s, &arena, &settle, 1, &cards, &n, &pending), 0);
    EQ(n, 1);
    SAME(cards[0].remote_id, "C/3");
    settle.recipient = "somebody else";
    EQ(store_outbox_cards(s, &arena, &settle, 3, &cards, &n, &pending), 0);
    EQ(n, 0);
    /* What shows an answer asks nothing. */
    EQ(store_outbox_sent(s, "k5", "C/5", 3), 0);
    struct store_asked asked;
    EQ(store_outbox_question(s, &arena, "console", "w", "C/5", &asked), -ENOENT);
    EQ(store_outbox_question(s, &arena, "console", "w", "C/1", &asked), 0);
}

/* Ticks change a message in place: the row that did it has no message of its own. */
static void test_cards_changed(void **state) {
    (void)state;
    const char *id = person("U1");
    ask("k1", id, "r/q1", STORE_SAY);
    struct store_out tick = out("k2", id, 0);
    tick.question = "r/q1";
    tick.replaces = "C/1";
    tick.choices = "[2]";
    EQ(store_outbox_add(s, &tick, 1), 0);
    ask("k3", id, "r/q1", STORE_SETTLE);
    struct store_out settle = due("k3");
    EQ(store_outbox_sent(s, "k1", "C/1", 2), 0);
    const struct store_card *cards;
    size_t n;
    bool pending;
    EQ(store_outbox_cards(s, &arena, &settle, 3, &cards, &n, &pending), 0);
    assert_true(pending); /* or it would show the question again behind its answer */
    EQ(store_outbox_sent(s, "k2", "", 3), 0);
    EQ(store_outbox_cards(s, &arena, &settle, 3, &cards, &n, &pending), 0);
    assert_false(pending);
    EQ(n, 1);
    SAME(cards[0].remote_id, "C/1");
    SAME(cards[0].choices, "[2]");
}

static void test_uploaded(void **state) {
    (void)state;
    add_out("k1", person("U1"), 0);
    SAME(due("k1").file, "");
    EQ(store_outbox_uploaded(s, "k1", "F1"), 0);
    reopen();
    SAME(due("k1").file, "F1");
    EQ(store_outbox_sent(s, "k1", "C/1", 1), 0);
    EQ(store_outbox_uploaded(s, "k1", "F2"), -ENOENT);
}

static void test_inbox_drop(void **state) {
    (void)state;
    EQ(store_inbox_add(s, "p", "w", "e", 1), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), -EEXIST);
    EQ(store_inbox_drop(s, "p", "other", "e"), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), -EEXIST);
    EQ(store_inbox_drop(s, "p", "w", "e"), 0);
    EQ(store_inbox_add(s, "p", "w", "e", 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_identity),      WITH_STORE(test_directs),  WITH_STORE(test_cards),
        WITH_STORE(test_cards_changed), WITH_STORE(test_uploaded), WITH_STORE(test_inbox_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
