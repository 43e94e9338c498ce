/* What is known of people on Slack: told, asked for once, recalled from the database. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include <stdio.h>

static void tell(const char *id, const char *locale, const char *tz, bool bot, bool gone) {
    slack_people_update(
        sl.people,
        &(struct slack_user){
            .id = id, .team = TEAM, .locale = locale, .tz = tz, .bot = bot, .deactivated = gone});
}

static void assert_person(const char *id, const char *locale, const char *tz) {
    const struct slack_person *p = slack_people_get(sl.people, id);
    assert_string_equal(p->id, id);
    assert_string_equal(p->locale, locale);
    assert_string_equal(p->tz, tz);
}

static void test_language(UNUSED void **state) {
    static const char *const cases[][2] = {
        {"ja-JP", "ja"}, {"en-US", "en"}, {"pt_BR", "pt"}, {"en", "en"}, {"", ""}};
    char out[SLACK_LOCALE_MAX];
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        slack_language(cases[i][0], out);
        assert_string_equal(out, cases[i][1]);
    }
    slack_language("abcdefghijklmnopqrstuvwxyz", out);
    assert_string_equal(out, "abcdefghijklmno");
}

/* What an account says now counts; what it does not say stays. */
static void test_told(UNUSED void **state) {
    assert_person(HANAKO, "", "");
    tell(HANAKO, "ja-JP", "Asia/Tokyo", false, false);
    assert_person(HANAKO, "ja", "Asia/Tokyo");
    assert_true(slack_people_known(sl.people, HANAKO));
    tell(HANAKO, "", "Europe/Berlin", false, true);
    assert_person(HANAKO, "ja", "Europe/Berlin");
    assert_true(slack_people_get(sl.people, HANAKO)->deactivated);
    tell(HANAKO, "en-GB", "", true, false);
    assert_person(HANAKO, "en", "Europe/Berlin");
    assert_true(slack_people_get(sl.people, HANAKO)->bot);
    assert_false(slack_people_get(sl.people, HANAKO)->deactivated);
    assert_int_equal(sl_waiting(), 0);
}

/* Asked for once, however often somebody wants to know. */
static void test_asked(UNUSED void **state) {
    assert_false(slack_people_known(sl.people, TARO));
    assert_false(slack_people_known(sl.people, TARO));
    assert_int_equal(sl_waiting(), 1);
    struct sl_asked asked = sl_take("users.info");
    assert_string_equal(sl_arg(&asked, "user"), TARO);
    assert_string_equal(sl_arg(&asked, "include_locale"), "true");
    assert_int_equal(asked.urgency, SLACK_SOON);
    sl_answer(&asked, SLACK_DONE,
              "{\"ok\":true,\"user\":{\"id\":\"" TARO "\",\"tz\":\"Asia/Tokyo\"}}");
    assert_true(slack_people_known(sl.people, TARO)); /* there is no more to be known */
    assert_person(TARO, "", "Asia/Tokyo");
    /* Of somebody else, or of nobody. */
    static const char *const odd[] = {"{\"ok\":true,\"user\":{\"id\":\"" HANAKO
                                      "\",\"locale\":\"en-US\"}}",
                                      "{\"ok\":true}", "{\"ok\":true,\"user\":{\"id\":7}}"};
    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        const char *id = arena_printf(&fx_arena, "U0NEW000%zu", i);
        assert_false(slack_people_known(sl.people, id));
        sl_expect("users.info", SLACK_DONE, odd[i]);
        assert_true(slack_people_known(sl.people, id));
        assert_person(id, "", "");
    }
    assert_person(HANAKO, "", "");
    assert_int_equal(sl_waiting(), 0);
}

/* Whoever talked with us is known, and where. */
static void test_recalled(UNUSED void **state) {
    sl_met(HANAKO, DM);
    assert_true(slack_people_known(sl.people, HANAKO));
    assert_string_equal(slack_people_get(sl.people, HANAKO)->channel, DM);
    sl_met(TARO, "not an id");
    assert_true(slack_people_known(sl.people, TARO));
    assert_string_equal(slack_people_get(sl.people, TARO)->channel, "");
    assert_int_equal(sl_waiting(), 0);
}

/* Many of them, each with their own. */
static void test_many(UNUSED void **state) {
    enum { N = 5000 };
    char id[SLACK_ID_MAX + 1];
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof(id), "U%06d", i);
        tell(id, i % 2 ? "ja-JP" : "en-US", "", i % 3 == 0, false);
    }
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof(id), "U%06d", i);
        const struct slack_person *p = slack_people_get(sl.people, id);
        assert_string_equal(p->id, id);
        assert_string_equal(p->locale, i % 2 ? "ja" : "en");
        assert_int_equal(p->bot, i % 3 == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_WORKSPACE(test_language), WITH_WORKSPACE(test_told), WITH_WORKSPACE(test_asked),
        WITH_WORKSPACE(test_recalled), WITH_WORKSPACE(test_many),
    };
    return cmocka_run_group_tests_name("slack_people", tests, NULL, NULL);
}
