/* Cries for help that leave without the store: what is tried again, and when one counts as
 * answered.
 */
#include <string.h>

#include "bot/alarm.h"
#include "tests/support/store_fixture.h"

#define NOW_MS INT64_C(1795399200000)

static enum sent answer;
static int handed;
static struct store_out last;

static enum sent take(UNUSED void *ctx, const struct store_out *row, UNUSED bool doubtful) {
    handed++;
    last = *row;
    return answer;
}

static const struct outlet outlet = {.platform = "p", .workspace = "w", .send = take};
static const struct event first = {.platform = "p", .workspace = "w", .id = "e1"};
static const struct event other = {.platform = "p", .workspace = "w2", .id = "e1"};

static struct sender *begin(enum sent how) {
    answer = how;
    handed = 0;
    return sender_create(s, &outlet, STORE_TALK);
}

static bool sound(struct alarms *a, const struct event *e, const struct sender *to) {
    struct store_out rows[2] = {{.text = "here"}, {.text = "there"}};
    return alarms_sound(a, e, to, rows, 2, NOW_MS);
}

static void test_at_once(UNUSED void **state) {
    struct alarms *a = alarms_create();
    struct sender *to = begin(SENT_OK);
    EQ(alarms_state(a, &first, NOW_MS), ALARM_UNKNOWN);
    assert_true(sound(a, &first, to));
    EQ(handed, 2);
    SAME(last.text, "there");
    SAME(last.question, ""); /* no string is NULL for the outlet */
    assert_true(last.ord < 0);
    assert_true(alarms_answered(a, &first));
    assert_false(alarms_answered(a, &other));
    EQ(alarms_state(a, &first, NOW_MS), ALARM_OVER);
    sender_destroy(to);
    alarms_destroy(a);
}

static void test_again(UNUSED void **state) {
    struct alarms *a = alarms_create();
    struct sender *to = begin(SENT_UNDER_WAY);
    assert_true(sound(a, &first, to));
    struct store_out lost = last;
    struct store_out good = {.ord = lost.ord + 1};
    assert_true(alarms_done(a, &good, SENT_OK, NOW_MS));
    EQ(alarms_state(a, &first, NOW_MS), ALARM_UNDER_WAY);
    assert_false(alarms_answered(a, &first));
    assert_true(alarms_done(a, &lost, SENT_RETRY, NOW_MS));
    EQ(alarms_state(a, &first, NOW_MS), ALARM_UNDER_WAY);
    EQ(alarms_state(a, &first, NOW_MS + 60000), ALARM_AGAIN);
    alarms_again(a, &first, to, NOW_MS + 60000);
    EQ(handed, 3); /* what arrived does not leave again */
    assert_true(alarms_done(a, &lost, SENT_OK, NOW_MS));
    assert_true(alarms_answered(a, &first));
    struct store_out stored = {.ord = 1};
    assert_false(alarms_done(a, &stored, SENT_OK, NOW_MS));
    sender_destroy(to);
    alarms_destroy(a);
}

/* It ends: after some tries, or where the platform refuses. The event itself is answered later. */
static void test_refused(UNUSED void **state) {
    struct alarms *a = alarms_create();
    struct sender *to = begin(SENT_DEAD);
    assert_true(sound(a, &first, to));
    EQ(alarms_state(a, &first, NOW_MS), ALARM_OVER);
    assert_false(alarms_answered(a, &first));
    answer = SENT_RETRY;
    assert_true(sound(a, &other, to));
    int64_t now_ms = NOW_MS;
    int tries = 1;
    while (alarms_state(a, &other, now_ms += 3600000) == ALARM_AGAIN && tries < 100) {
        alarms_again(a, &other, to, now_ms);
        tries++;
    }
    EQ(tries, 8);
    EQ(alarms_state(a, &other, now_ms), ALARM_OVER);
    assert_false(alarms_answered(a, &other));
    sender_destroy(to);
    alarms_destroy(a);
}

/* The oldest make room, unless they are under way. */
static void test_many(UNUSED void **state) {
    struct alarms *a = alarms_create();
    struct sender *to = begin(SENT_OK);
    char id[16];
    struct event e = first;
    for (int i = 0; i < 200; i++) {
        snprintf(id, sizeof(id), "m%d", i);
        e.id = id;
        assert_true(sound(a, &e, to));
    }
    assert_true(alarms_answered(a, &e));
    e.id = "m0";
    EQ(alarms_state(a, &e, NOW_MS), ALARM_UNKNOWN);
    answer = SENT_UNDER_WAY;
    bool taken = true;
    for (int i = 0; i < 200 && taken; i++) {
        snprintf(id, sizeof(id), "u%d", i);
        e.id = id;
        taken = sound(a, &e, to);
    }
    assert_false(taken);
    e.id = "u0";
    EQ(alarms_state(a, &e, NOW_MS), ALARM_UNDER_WAY);
    sender_destroy(to);
    alarms_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_at_once),
        WITH_STORE(test_again),
        WITH_STORE(test_refused),
        WITH_STORE(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
