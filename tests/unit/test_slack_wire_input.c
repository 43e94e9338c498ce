/* What people click and fill in on Slack: all samples, field by field, and all kinds of elements.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "bot/slack/wire.h"
#include "tests/support/slack_frames.h"

#define TEAM "T0RIG0001"
#define TARO "U0TARO001"
#define DM   "D36BF7D3EC"
#define CARD "1795399013.662000" /* the question's message */

static struct arena a;
static struct slack_frame f;
static const char *why;

static int forget(UNUSED void **state) {
    arena_free(&a);
    return 0;
}

static bool read_text(const char *text) {
    return frame_reads(&a, text, strlen(text), &f, &why);
}

static void read_recorded(const char *name) {
    frame_recorded(&a, name, &f);
}

struct input {
    const char *block;
    const char *action;
    const char *values; /* each with a comma behind */
};

static void assert_value(const char *name, const struct slack_value *got,
                         const struct input *want) {
    const char *all = "";
    for (size_t i = 0; i < got->n; i++) {
        all = arena_printf(&a, "%s%s,", all, got->values[i]);
    }
    const char *const pairs[][2] = {
        {got->block, want->block}, {got->action, want->action}, {all, want->values}};
    assert_texts(name, pairs, ARRAY_LEN(pairs));
}

static void test_clicks(UNUSED void **state) {
    static const struct {
        const char *name;
        const char *action_ts;
        const char *trigger;
        const char *response_url;
        struct input done;
        struct input state[3];
    } cases[] = {
        {"in-block_actions-button",
         "1795399013.871000",
         "9970468650959.566956753940.a71bc0dbc109b96cbf2e60113d1dd03d",
         "https://hooks.slack.com/actions/T0RIG0001/1c457a0140e53afd63823868",
         {"q1_nav", "nav:next", "survey:42:q:1,"},
         {{"q1", "q1_radio", "5,"},
          {"q1", "q1_check", "headache,cough,"},
          {"q1", "q1_dept", "dev,"}}},
        {"in-block_actions-checkboxes",
         "1795399013.737000",
         "2821744670827.519565777623.a23e562906d78fc3986426456443767a",
         "https://hooks.slack.com/actions/T0RIG0001/1418a846dd4beb71e6243015",
         {"q1", "q1_check", "headache,cough,"},
         {{"q1", "q1_radio", "5,"}, {"q1", "q1_check", "headache,cough,"}, {"q1", "q1_dept", ""}}},
        {"in-block_actions-radio",
         "1795399013.670000",
         "9725019714576.857210834341.39a18ec9e038197bdd3aabfa3eb01735",
         "https://hooks.slack.com/actions/T0RIG0001/6c04e79ba7f02d4048b2fa93",
         {"q1", "q1_radio", "5,"},
         {{"q1", "q1_radio", "5,"}, {"q1", "q1_check", ""}, {"q1", "q1_dept", ""}}},
        {"in-block_actions-static_select",
         "1795399013.805000",
         "963133460651.156359349740.b58293c0ad7fd1e1267567fdb8fff6b0",
         "https://hooks.slack.com/actions/T0RIG0001/597ad4e94729ddd5a4901049",
         {"q1", "q1_dept", "dev,"},
         {{"q1", "q1_radio", "5,"},
          {"q1", "q1_check", "headache,cough,"},
          {"q1", "q1_dept", "dev,"}}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_recorded(cases[i].name);
        const struct slack_click *c = &f.click;
        const char *const pairs[][2] = {{c->user, TARO},
                                        {c->user_team, TEAM},
                                        {c->channel, DM},
                                        {c->ts, CARD},
                                        {c->thread, ""},
                                        {c->view, ""},
                                        {c->trigger, cases[i].trigger},
                                        {c->response_url, cases[i].response_url},
                                        {c->action_ts, cases[i].action_ts}};
        assert_texts(cases[i].name, pairs, ARRAY_LEN(pairs));
        assert_value(cases[i].name, &c->done, &cases[i].done);
        assert_int_equal(c->n_state, 3);
        for (size_t k = 0; k < 3; k++) {
            assert_value(cases[i].name, &c->state[k], &cases[i].state[k]);
        }
    }
}

static void test_click_at_home(UNUSED void **state) {
    static const struct input done = {"home_actions", "resume", "survey:42,"};
    read_recorded("in-block_actions-home-button");
    const struct slack_click *c = &f.click;
    const char *const pairs[][2] = {
        {c->user, TARO},
        {c->user_team, TEAM},
        {c->channel, ""},
        {c->ts, ""},
        {c->thread, ""},
        {c->view, "V4E58DFC47"},
        {c->trigger, "5021857183048.724181151809.c6e9a20fa0295c0681500248f9da0f1e"},
        {c->response_url, ""},
        {c->action_ts, "1795399013.592000"}};
    assert_texts("home", pairs, ARRAY_LEN(pairs));
    assert_value("home", &c->done, &done);
    assert_int_equal(c->n_state, 0);
}

#define CLICK                                                                                      \
    "{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":{\"type\":\"block_actions\","     \
    "\"user\":{\"id\":\"U1\"},"

/* What can be chosen in an element, by its kind. */
static void test_values(UNUSED void **state) {
    static const struct {
        const char *json;
        const char *values;
    } cases[] = {
        {"\"type\":\"button\"", ""},
        {"\"type\":\"button\",\"value\":\"v\"", "v,"},
        {"\"type\":\"button\",\"value\":\"\"", ","},
        {"\"type\":\"overflow\",\"selected_option\":{\"value\":\"1\"}", "1,"},
        {"\"type\":\"radio_buttons\",\"selected_option\":null", ""},
        {"\"type\":\"checkboxes\",\"selected_options\":[]", ""},
        {"\"type\":\"checkboxes\",\"selected_options\":null", ""},
        {"\"type\":\"multi_static_select\",\"selected_options\":[{\"value\":\"2\"},{\"value\":"
         "\"1\"}]",
         "2,1,"},
        {"\"type\":\"plain_text_input\",\"value\":\"一行目\\n二行目\"", "一行目\n二行目,"},
        {"\"type\":\"plain_text_input\",\"value\":null", ""},
        {"\"type\":\"datepicker\",\"selected_date\":\"2026-11-23\"", "2026-11-23,"},
        {"\"type\":\"timepicker\",\"selected_time\":\"09:30\"", "09:30,"},
        {"\"type\":\"users_select\",\"selected_user\":\"U2\"", "U2,"},
        {"\"type\":\"multi_users_select\",\"selected_users\":[\"U2\",\"U3\"]", "U2,U3,"},
        {"\"type\":\"channels_select\",\"selected_channel\":\"C2\"", "C2,"},
        {"\"type\":\"multi_channels_select\",\"selected_channels\":[\"C2\"]", "C2,"},
        {"\"type\":\"conversations_select\",\"selected_conversation\":\"D2\"", "D2,"},
        {"\"type\":\"multi_conversations_select\",\"selected_conversations\":[\"C2\",\"D2\"]",
         "C2,D2,"},
        {"\"type\":\"of_next_year\",\"chosen\":\"x\"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct input want = {"b", "a", cases[i].values};
        const char *text =
            arena_printf(&a,
                         CLICK "\"container\":{\"channel_id\":\"C1\",\"message_ts\":\"1.1\","
                               "\"thread_ts\":\"1.0\"},\"actions\":[{\"block_id\":\"b\","
                               "\"action_id\":\"a\",%s}],\"state\":{\"values\":{\"b\":{\"a\":{%s}"
                               "}}}}}",
                         cases[i].json, cases[i].json);
        if (!read_text(text)) {
            fail_msg("%s: %s", cases[i].json, why);
        }
        assert_value(cases[i].json, &f.click.done, &want);
        assert_int_equal(f.click.n_state, 1);
        assert_value(cases[i].json, &f.click.state[0], &want);
        assert_string_equal(f.click.channel, "C1");
        assert_string_equal(f.click.ts, "1.1");
        assert_string_equal(f.click.thread, "1.0");
    }
}

/* Where a click was is said in several places, not always in all of them. */
static void test_click_where(UNUSED void **state) {
    static const struct {
        const char *json; /* members of the payload */
        const char *channel;
        const char *ts;
        const char *thread;
        const char *view;
    } cases[] = {
        {"\"channel\":{\"id\":\"C1\"},\"message\":{\"ts\":\"1.1\"}", "C1", "1.1", "", ""},
        {"\"channel\":{\"id\":\"C1\"},\"message\":{\"ts\":\"1.1\",\"thread_ts\":\"1.1\"}", "C1",
         "1.1", "", ""},
        {"\"channel\":{\"id\":\"C1\"},\"message\":{\"ts\":\"1.1\",\"thread_ts\":\"1.0\"}", "C1",
         "1.1", "1.0", ""},
        {"\"channel\":null,\"container\":{\"channel_id\":\"C1\",\"message_ts\":\"1.1\"}", "C1",
         "1.1", "", ""},
        {"\"container\":{\"view_id\":\"V1\"}", "", "", "", "V1"},
        {"\"view\":{\"id\":\"V1\"}", "", "", "", "V1"},
        {"\"view\":{\"id\":\"V1\",\"state\":{\"values\":{\"b\":{\"a\":{\"value\":\"v\"}}}}}", "",
         "", "", "V1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *text = arena_printf(
            &a, CLICK "\"actions\":[{\"block_id\":\"b\",\"action_id\":\"a\"}],%s}}", cases[i].json);
        if (!read_text(text)) {
            fail_msg("%s: %s", cases[i].json, why);
        }
        const char *const pairs[][2] = {{f.click.channel, cases[i].channel},
                                        {f.click.ts, cases[i].ts},
                                        {f.click.thread, cases[i].thread},
                                        {f.click.view, cases[i].view},
                                        {f.click.action_ts, ""},
                                        {f.click.user_team, ""}};
        assert_texts(cases[i].json, pairs, ARRAY_LEN(pairs));
        assert_int_equal(f.click.n_state, strstr(cases[i].json, "state") ? 1 : 0);
    }
}

static void test_click_nowhere(UNUSED void **state) {
    static const char *const cases[] = {
        "\"channel\":null",
        "\"channel\":{\"id\":\"C1\"}",
        "\"message\":{\"ts\":\"1.1\"}",
        "\"container\":{\"channel_id\":\"C/1\",\"message_ts\":\"1.1\"}",
        "\"container\":{\"channel_id\":\"C1\",\"message_ts\":\"1/1\"}",
        "\"container\":{\"channel_id\":\"C1\",\"message_ts\":\"1.1\",\"thread_ts\":\"1/1\"}",
        "\"container\":{\"view_id\":\"V/1\"}",
        "\"channel\":{\"id\":\"C1\"},\"message\":{\"ts\":\"1/1\"}",
        "\"channel\":{\"id\":\"C1\"},\"message\":{\"ts\":\"1.1\",\"thread_ts\":\"1/0\"}",
        "\"view\":{\"id\":\"V1\"},\"container\":{\"channel_id\":\"C/1\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (read_text(arena_printf(
                &a, CLICK "\"actions\":[{\"block_id\":\"b\",\"action_id\":\"a\"}],%s}}",
                cases[i]))) {
            fail_msg("%s is accepted", cases[i]);
        }
    }
}

/* More than any block may have: there is room for what comes. */
static void test_many(UNUSED void **state) {
    enum { OPTIONS = 3000, INPUTS = 2000 };
    struct buf b;
    buf_init(&b, SLACK_FRAME_MAX_BYTES);
    buf_adds(&b,
             CLICK "\"view\":{\"id\":\"V1\"},\"actions\":[{\"block_id\":\"b\",\"action_id\":\"a\","
                   "\"selected_options\":[{\"value\":\"0\"}");
    for (int i = 1; i < OPTIONS; i++) {
        buf_addf(&b, ",{\"value\":\"%d\"}", i);
    }
    buf_adds(&b, "]}],\"state\":{\"values\":{\"empty\":{}");
    for (int i = 0; i < INPUTS; i += 2) {
        buf_addf(&b, ",\"b%d\":{\"x\":{\"value\":\"%d\"},\"y\":{\"value\":\"%d\"}}", i, i, i + 1);
    }
    buf_adds(&b, "}}}}");
    assert_false(b.overflow);
    if (!read_text(buf_text(&b))) {
        fail_msg("%s", why);
    }
    buf_free(&b);
    assert_int_equal(f.click.done.n, OPTIONS);
    for (int i = 0; i < OPTIONS; i++) {
        assert_string_equal(f.click.done.values[i], arena_printf(&a, "%d", i));
    }
    assert_int_equal(f.click.n_state, INPUTS);
    for (int i = 0; i < INPUTS; i++) {
        const struct input want = {arena_printf(&a, "b%d", i - i % 2), i % 2 ? "y" : "x",
                                   arena_printf(&a, "%d,", i)};
        assert_value("many", &f.click.state[i], &want);
    }
}

static void test_submit(UNUSED void **state) {
    static const struct input want[] = {
        {"reason", "v", "睡眠不足が続いているためです。,"}, {"when", "v", ""}, {"who", "v", ""}};
    read_recorded("in-view_submission");
    const struct slack_submit *s = &f.submit;
    const char *const pairs[][2] = {
        {s->user, TARO},
        {s->user_team, TEAM},
        {s->view, "V01A261F28"},
        {s->callback, "survey_reason"},
        {s->hash, "1795399013.a82a5445"},
        {s->private, "{\"survey\":42,\"q\":2,\"channel\":\"" DM "\",\"ts\":\"" CARD "\"}"}};
    assert_texts("in-view_submission", pairs, ARRAY_LEN(pairs));
    assert_int_equal(s->n_state, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_value("in-view_submission", &s->state[i], &want[i]);
    }
}

static void test_command(UNUSED void **state) {
    read_recorded("in-slash_commands");
    const struct slack_command *c = &f.command;
    const char *const pairs[][2] = {
        {c->user, TARO},
        {c->channel, DM},
        {c->channel_name, "directmessage"},
        {c->command, "/survey"},
        {c->text, "開始 42"},
        {c->trigger, "6430693244681.214997061314.6f91eb0b7c9f9dee5085ada60bfc008f"},
        {c->response_url, "https://hooks.slack.com/actions/T0RIG0001/cab1689e0b012825b8022f07"}};
    assert_texts("in-slash_commands", pairs, ARRAY_LEN(pairs));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_clicks, forget),
        cmocka_unit_test_teardown(test_click_at_home, forget),
        cmocka_unit_test_teardown(test_values, forget),
        cmocka_unit_test_teardown(test_click_where, forget),
        cmocka_unit_test_teardown(test_click_nowhere, forget),
        cmocka_unit_test_teardown(test_many, forget),
        cmocka_unit_test_teardown(test_submit, forget),
        cmocka_unit_test_teardown(test_command, forget),
    };
    return cmocka_run_group_tests_name("slack_wire_input", tests, NULL, NULL);
}
