/* Forms on Slack: shown within the three seconds of a click, whatever takes long, and handed in. */
/* LDFLAGS: @tests/support/slack_fixture.flags */
#include "tests/support/slack_fixture.h"

#include <errno.h>

#include "bot/slack/views.h"
#include "tests/support/block_kit.h"

#define LOADING "{\"ok\":true,\"view\":{\"id\":\"V0LOADING\"}}"

/* A connection that has caught up, and somebody known. */
static int begin(void **state) {
    int rc = sl_begin(state);
    if (rc == 0) {
        sl_connect();
        sl_know(HANAKO, false);
    }
    return rc;
}

/* Somebody clicks on the button that stands for that form. */
static void click(const char *sheet, const char *trigger, const char *envelope) {
    const char **values = arena_alloc(&fx_arena, sizeof(*values));
    values[0] = sheet;
    sl_frame(
        (struct slack_frame){
            .kind = SLACK_CLICK,
            .click = {.user = HANAKO,
                      .user_team = TEAM,
                      .channel = DM,
                      .ts = sl_ts(NOW_MS),
                      .thread = "",
                      .view = "",
                      .trigger = trigger,
                      .response_url = "",
                      .action_ts = trigger,
                      .done = {.block = "w:a", .action = "sheet:1", .values = values, .n = 1}}},
        envelope);
}

/* The form of an incident, asked for with that trigger. */
static struct sl_asked take_form(const char *method, const char *trigger) {
    struct sl_asked asked = sl_take(method);
    assert_int_equal(asked.urgency, SLACK_AT_ONCE);
    assert_string_equal(sl_arg(&asked, "trigger_id"), trigger);
    assert_string_equal(sl_arg(&asked, "view.callback_id"), "f:incident");
    return asked;
}

/* The empty one in its place. */
static struct sl_asked take_loading(const char *trigger) {
    struct sl_asked asked = sl_take("views.open");
    assert_string_equal(sl_arg(&asked, "trigger_id"), trigger);
    assert_string_equal(sl_arg(&asked, "view.callback_id"), "");
    check_view(json_member(asked.json, "view"));
    return asked;
}

static void test_in_time(UNUSED void **state) {
    click("incident", "t.1", "e1");
    fx_pass(900);
    assert_int_equal(sl_waiting(), 0); /* not before it is stored */
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e1");
    struct sl_asked asked = take_form("views.open", "t.1");
    assert_int_equal(asked.within_ms, 1900);
    assert_true(asked.once);
    check_view(json_member(asked.json, "view"));
    sl_answer(&asked, SLACK_DONE, LOADING);
    fx_pass(10000);
    assert_int_equal(sl_waiting(), 0);
    /* Delivered again: the first was enough. */
    click("incident", "t.1", "e2");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e2");
    fx_pass(10000);
    assert_int_equal(sl_waiting(), 0);
}

/* One that cannot be shown is not tried again: whoever waits clicks once more. */
static void test_refused(UNUSED void **state) {
    static const struct {
        enum slack_outcome outcome;
        const char *code;
    } cases[] = {{SLACK_REFUSED, "expired_trigger_id"},
                 {SLACK_REFUSED, "too_late"},
                 {SLACK_UNKNOWN, ""},
                 {SLACK_UNSENT, ""}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *trigger = arena_printf(&fx_arena, "t.%zu", i);
        click("incident", trigger, "e1");
        assert_int_equal(sl_turn(false), 0);
        struct sl_asked asked = take_form("views.open", trigger);
        sl_answer(&asked, cases[i].outcome, cases[i].code);
        fx_pass(10000);
        assert_int_equal(sl_waiting(), 0);
    }
}

/* It takes long: an empty one after a second, filled when the form is there. */
static void test_loading(UNUSED void **state) {
    for (int late = 0; late < 2; late++) {
        const char *trigger = late ? "t.2" : "t.1";
        click("incident", trigger, "e1");
        fx_pass(999);
        assert_int_equal(sl_waiting(), 0);
        fx_pass(1);
        struct sl_asked asked = take_loading(trigger);
        assert_int_equal(asked.within_ms, 1800);
        if (late) { /* the form is ready before Slack has shown the empty one */
            assert_int_equal(sl_turn(false), 0);
            assert_int_equal(sl_waiting(), 0);
        }
        sl_answer(&asked, SLACK_DONE, LOADING);
        if (!late) {
            assert_int_equal(sl_waiting(), 0);
            fx_pass(20000);
            assert_int_equal(sl_turn(false), 0);
        }
        asked = take_form("views.update", "");
        assert_string_equal(sl_arg(&asked, "view_id"), "V0LOADING");
        sl_answer(&asked, SLACK_DONE, LOADING);
        fx_pass(10000);
        assert_int_equal(sl_waiting(), 0);
    }
}

/* Too late even for that: nothing can be shown any more. */
static void test_loading_refused(UNUSED void **state) {
    static const struct {
        enum slack_outcome outcome;
        const char *said;
    } cases[] = {{SLACK_REFUSED, "expired_trigger_id"},
                 {SLACK_UNKNOWN, ""},
                 {SLACK_DONE, "{\"ok\":true,\"view\":{}}"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *trigger = arena_printf(&fx_arena, "t.%zu", i);
        click("incident", trigger, "e1");
        fx_pass(1000);
        if (i == 1) {
            assert_int_equal(sl_turn(false), 0); /* it waits for the empty one */
        }
        struct sl_asked asked = take_loading(trigger);
        sl_answer(&asked, cases[i].outcome, cases[i].said);
        assert_int_equal(sl_turn(false), 0);
        fx_pass(10000);
        assert_int_equal(sl_waiting(), 0);
    }
}

/* A form nobody has: nothing is opened in vain. */
static void test_no_form(UNUSED void **state) {
    click("unknown", "t.1", "e1");
    assert_int_equal(sl_turn(false), 0);
    SL_ACKS("e1");
    fx_pass(10000);
    assert_int_equal(sl_waiting(), 0);
}

/* What was not stored is not shown; when it is, the click is still good. */
static void test_not_stored(UNUSED void **state) {
    click("incident", "t.1", "e1");
    fx_take_fails = 1;
    assert_int_equal(sl_turn(false), -EIO);
    assert_int_equal(sl_waiting(), 0);
    fx_pass(500);
    assert_int_equal(slack_intake_hand_in(sl.intake, true), 0);
    store_rollback(fx_store);
    assert_true(engine_commit(sl.setup.engine) != 0);
    (void)slack_intake_committed(sl.intake, -ENOSPC);
    assert_int_equal(sl_waiting(), 0);
    assert_int_equal(sl_n_acks, 0);
    assert_int_equal(sl_turn(true), 0);
    SL_ACKS("e1");
    struct sl_asked asked = take_form("views.open", "t.1");
    assert_int_equal(asked.within_ms, 2300);
    sl_answer(&asked, SLACK_DONE, LOADING);
}

/* The last one that finds a place, and one that does not. */
static void test_many(UNUSED void **state) {
    for (int i = 0; i < 65; i++) {
        slack_forms_expect(sl.forms, arena_printf(&fx_arena, "t.%d", i));
        slack_forms_expect(sl.forms, arena_printf(&fx_arena, "t.%d", i)); /* delivered twice */
    }
    cJSON *view = cJSON_CreateObject();
    slack_forms_show(sl.forms, "t.64", view);
    slack_forms_show(sl.forms, "t.unknown", view);
    assert_int_equal(sl_waiting(), 0);
    slack_forms_show(sl.forms, "t.63", view);
    sl_expect("views.open", SLACK_DONE, LOADING);
    cJSON_Delete(view);
    fx_pass(1000);
    assert_int_equal(sl_waiting(), 63);
    while (sl_waiting() > 0) {
        sl_expect("views.open", SLACK_REFUSED, "expired_trigger_id");
    }
    slack_forms_expect(sl.forms, "t.65"); /* there is room again */
    fx_pass(1000);
    sl_expect("views.open", SLACK_REFUSED, "expired_trigger_id");
}

/* ---- handed in ---- */

/* The form as Slack has shown it. */
static const cJSON *shown_form(void) {
    click("incident", "t.9", "e9");
    assert_int_equal(sl_turn(false), 0);
    struct sl_asked asked = take_form("views.open", "t.9");
    sl_answer(&asked, SLACK_DONE, LOADING);
    sl_n_acks = 0;
    fx_n_events = 0;
    return json_member(asked.json, "view");
}

/* It is handed in with that in its fields: what it was, when, details, how to be reached. */
static void hand_in(const cJSON *view, const char *what, const char *details,
                    const char *envelope) {
    const char *values[] = {what, NULL, details, NULL};
    struct slack_frame f = {.kind = SLACK_SUBMIT};
    submit_view(&fx_arena, view, values, ARRAY_LEN(values), &f.submit);
    f.submit.user = HANAKO;
    f.submit.user_team = TEAM;
    f.submit.view = "V0VIEW001";
    sl_frame(f, envelope);
}

/* Fields that were filled in wrongly are named in the acknowledgement, and may be mended. */
static void test_errors(UNUSED void **state) {
    const cJSON *view = shown_form();
    hand_in(view, NULL, NULL, "e1");
    assert_int_equal(sl_n_acks, 0);
    assert_int_equal(sl_turn(false), 0);
    assert_int_equal(fx_events[0].event.kind, EVENT_SUBMIT);
    assert_string_equal(fx_events[0].event.id, "submit/V0VIEW001");
    assert_string_equal(fx_events[0].event.text, "incident");
    struct json_error err;
    cJSON *payload =
        json_parse(sl_acks[0].payload, strlen(sl_acks[0].payload), (size_t)1000000, &err);
    assert_string_equal(json_string(payload, "response_action"), "errors");
    assert_int_equal(cJSON_GetArraySize(json_member(payload, "errors")), 2);
    cJSON_Delete(payload);
    SL_ACKS("e1");
    /* One of them mended. */
    hand_in(view, "f:lost", NULL, "e2");
    assert_int_equal(sl_turn(false), 0);
    assert_non_null(strstr(sl_acks[0].payload, "errors"));
    SL_ACKS("e2");
    assert_int_equal(fx_sql("SELECT count(*) FROM inbox WHERE event_id LIKE 'submit/%'"), 0);
    /* Both, in a turn that fails at first: what it says of fields is not said twice. */
    hand_in(view, "f:lost", "PC", "e3");
    fx_take_fails = 1;
    assert_int_equal(sl_turn(false), -EIO);
    assert_int_equal(sl_n_acks, 0);
    int64_t before = fx_sql("SELECT count(*) FROM outbox");
    assert_int_equal(sl_turn(false), 0);
    assert_string_equal(sl_acks[0].payload, "");
    SL_ACKS("e3");
    int64_t after = fx_sql("SELECT count(*) FROM outbox");
    assert_true(after > before);
    hand_in(view, "f:lost", "PC", "e4"); /* the acknowledgement did not arrive */
    assert_int_equal(sl_turn(false), 0);
    assert_string_equal(sl_acks[0].payload, "");
    SL_ACKS("e4");
    assert_int_equal(fx_sql("SELECT count(*) FROM outbox"), after);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, sl_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_in_time), TEST(test_refused),    TEST(test_loading), TEST(test_loading_refused),
        TEST(test_no_form), TEST(test_not_stored), TEST(test_many),    TEST(test_errors),
    };
    return cmocka_run_group_tests_name("slack_forms", tests, NULL, NULL);
}
