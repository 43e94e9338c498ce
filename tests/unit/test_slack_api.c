/* The queue of Slack calls: who goes first, who waits for a rate limit, what replies mean. */
/* LDFLAGS: @tests/support/slack_api.flags */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "bot/slack/api.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"

#define CALLS_MAX 64
#define EQ(a, b)  assert_int_equal((a), (b))

/* ---- instead of the network and the clock ---- */

struct http_call {
    char url[128];
    char bearer[64];
    char body[256];
    char body_type[64];
    http_done done;
    void *ctx;
};

static struct slack slack;
static struct http_call calls[CALLS_MAX]; /* under way; done NULL: answered */
static size_t n_calls;
static int64_t now_ms;
static int64_t timer_ms; /* when the queue's timer is due, -1: never */
static char refused[64]; /* the token that was refused, and why */
static void (*on_timer)(void *ctx);
static void *timer_ctx;

struct http_call *__wrap_http_start(struct http *h, const struct http_request *r, http_done done,
                                    void *ctx);
struct http_call *__wrap_http_start(UNUSED struct http *h, const struct http_request *r,
                                    http_done done, void *ctx) {
    assert_true(n_calls < CALLS_MAX);
    struct http_call *c = &calls[n_calls++];
    *c = (struct http_call){.done = done, .ctx = ctx};
    snprintf(c->url, sizeof(c->url), "%s", r->url);
    snprintf(c->bearer, sizeof(c->bearer), "%s", r->bearer);
    int n = r->body_len > 0 ? (int)r->body_len : (int)strlen(r->body);
    snprintf(c->body, sizeof(c->body), "%.*s", n, r->body);
    snprintf(c->body_type, sizeof(c->body_type), "%s", r->body_type);
    assert_string_equal(r->method, "POST");
    return c;
}

void __wrap_http_forget(struct http_call *call);
void __wrap_http_forget(struct http_call *call) {
    call->done = NULL;
}

int64_t __wrap_loop_now_ms(void);
int64_t __wrap_loop_now_ms(void) {
    return now_ms;
}

int64_t __wrap_loop_random(int64_t below);
int64_t __wrap_loop_random(UNUSED int64_t below) {
    return 0;
}

struct loop_timer *__wrap_loop_timer_create(struct loop *l, void (*fn)(void *ctx), void *ctx);
struct loop_timer *__wrap_loop_timer_create(UNUSED struct loop *l, void (*fn)(void *ctx),
                                            void *ctx) {
    on_timer = fn;
    timer_ctx = ctx;
    return NULL;
}

void __wrap_loop_timer_destroy(struct loop_timer *t);
void __wrap_loop_timer_destroy(UNUSED struct loop_timer *t) {
}

void __wrap_loop_timer_set(struct loop_timer *t, int64_t ms);
void __wrap_loop_timer_set(UNUSED struct loop_timer *t, int64_t ms) {
    timer_ms = now_ms + ms;
}

void __wrap_slack_socket_unauthorized(struct slack *s, bool app, const char *code);
void __wrap_slack_socket_unauthorized(UNUSED struct slack *s, bool app, const char *code) {
    snprintf(refused, sizeof(refused), "%s %s", app ? "app" : "bot", code);
}

static void pass(int64_t ms) {
    now_ms += ms;
    if (timer_ms >= 0 && timer_ms <= now_ms) {
        timer_ms = -1;
        on_timer(timer_ctx);
    }
}

/* ---- what came back ---- */

static struct {
    enum slack_outcome outcome;
    char code[64];
    char error[256];
    int n;
} last;

static void keep(void *ctx, const struct slack_reply *reply) {
    (void)ctx;
    last.outcome = reply->outcome;
    snprintf(last.code, sizeof(last.code), "%s", reply->code);
    snprintf(last.error, sizeof(last.error), "%s", reply->error);
    last.n++;
}

static void call(const char *method, const char *channel, enum slack_urgency urgency) {
    struct slack_request r = {.method = method, .form = "", .channel = channel, .urgency = urgency};
    slack_call(&slack, &r, keep, NULL);
}

static void answer(size_t i, int status, const char *body, int64_t retry_after_ms) {
    struct http_call *c = &calls[i];
    struct http_reply r = {.status = status,
                           .error = status ? "" : "timed out",
                           .body = body,
                           .len = strlen(body),
                           .retry_after_ms = retry_after_ms,
                           .limit_remaining = -1,
                           .limit_reset_ms = -1};
    http_done done = c->done;
    assert_non_null(done);
    c->done = NULL;
    done(c->ctx, &r);
}

static const char *method_of(size_t i) {
    assert_true(i < n_calls);
    return strrchr(calls[i].url, '/') + 1;
}

static int begin(void **state) {
    (void)state;
    static char name[] = "w";
    static char url[] = "https://slack.test/api";
    static char app[] = "xapp-1";
    static char bot[] = "xoxb-1";
    log_setup(stderr, LOG_ERR, LOG_HUMAN);
    slack = (struct slack){.app_token = app, .bot_token = bot};
    slack.setup.name = name;
    slack.setup.url = url;
    n_calls = 0;
    now_ms = 1000;
    timer_ms = -1;
    refused[0] = '\0';
    last.n = 0;
    slack.api = slack_api_create(&slack);
    return 0;
}

static int end(void **state) {
    (void)state;
    slack_api_destroy(slack.api);
    return 0;
}

#define OK_REPLY "{\"ok\":true}"
#define TEST(f)  cmocka_unit_test_setup_teardown(f, begin, end)

/* ---- tests ---- */

static void test_what_is_sent(void **state) {
    (void)state;
    struct arena a = {0};
    const char *form = slack_form(&a, slack_form(&a, "", "user", "U1"), "cursor", "dXNlcjox&=%あ");
    assert_string_equal(form, "user=U1&cursor=dXNlcjox%26%3D%25%E3%81%82");
    slack_call(&slack, &(struct slack_request){.method = "users.info", .form = form}, keep, NULL);
    assert_string_equal(calls[0].url, "https://slack.test/api/users.info");
    assert_string_equal(calls[0].bearer, "xoxb-1");
    assert_string_equal(calls[0].body, form);
    assert_string_equal(calls[0].body_type, "application/x-www-form-urlencoded");
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "text", "&");
    slack_call(&slack, &(struct slack_request){.method = "chat.postMessage", .json = json}, keep,
               NULL);
    cJSON_Delete(json);
    assert_string_equal(calls[1].body, "{\"text\":\"&\"}");
    assert_string_equal(calls[1].body_type, "application/json; charset=utf-8");
    slack_call(&slack, &(struct slack_request){.method = "apps.connections.open", .app = true},
               keep, NULL);
    assert_string_equal(calls[2].bearer, "xapp-1");
    /* No token to an address that came from outside. */
    slack_call(&slack,
               &(struct slack_request){
                   .method = "upload", .url = "https://files.test/x", .file = "png", .file_len = 3},
               keep, NULL);
    assert_string_equal(calls[3].url, "https://files.test/x");
    assert_string_equal(calls[3].bearer, "");
    answer(3, 200, "OK - 3", -1);
    EQ(last.outcome, SLACK_DONE);
    arena_free(&a);
}

static void test_meaning(void **state) {
    (void)state;
    static const struct {
        const char *body;
        const char *code;
        int status;
        enum slack_outcome outcome;
    } cases[] = {
        {OK_REPLY, "", 200, SLACK_DONE},
        {"{\"ok\":false,\"error\":\"channel_not_found\"}", "channel_not_found", 200, SLACK_REFUSED},
        {"{\"ok\":false,\"error\":\"internal_error\"}", "internal_error", 200, SLACK_UNKNOWN},
        {"{\"ok\":false,\"error\":\"fatal_error\"}", "fatal_error", 200, SLACK_UNKNOWN},
        {"{\"ok\":false}", "", 200, SLACK_UNKNOWN},
        {"{\"ok\":\"true\"}", "", 200, SLACK_UNKNOWN},
        {"{}", "", 200, SLACK_UNKNOWN},
        {"", "", 200, SLACK_UNKNOWN},
        {"<html>", "", 200, SLACK_UNKNOWN},
        {"{\"ok\":tru", "", 200, SLACK_UNKNOWN},
        {OK_REPLY, "", 500, SLACK_UNKNOWN},
        {"busy", "", 503, SLACK_UNKNOWN},
        {"<html>", "", 404, SLACK_UNKNOWN},
        {"", "", 0, SLACK_UNKNOWN},
        /* Not a name: not for the log. */
        {"{\"ok\":false,\"error\":\"xoxb-1 said\\nno\"}", "", 200, SLACK_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        call("chat.postMessage", "D1", SLACK_SOON);
        answer(i, cases[i].status, cases[i].body, -1);
        EQ(last.n, i + 1);
        EQ(last.outcome, cases[i].outcome);
        assert_string_equal(last.code, cases[i].code);
        EQ(*last.error == '\0', cases[i].outcome == SLACK_DONE);
        assert_null(strstr(last.error, "xoxb"));
    }
    assert_string_equal(refused, "");
}

static void test_tokens(void **state) {
    (void)state;
    call("auth.test", "", SLACK_SOON);
    answer(0, 200, "{\"ok\":false,\"error\":\"token_revoked\"}", -1);
    EQ(last.outcome, SLACK_UNAUTHORIZED);
    assert_string_equal(refused, "bot token_revoked");
    slack_call(&slack, &(struct slack_request){.method = "apps.connections.open", .app = true},
               keep, NULL);
    answer(1, 200, "{\"ok\":false,\"error\":\"not_allowed_token_type\"}", -1);
    assert_string_equal(refused, "app not_allowed_token_type");
    refused[0] = '\0';
    call("files.info", "", SLACK_SOON);
    answer(2, 200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"files:read\"}", -1);
    EQ(last.outcome, SLACK_REFUSED);
    assert_non_null(strstr(last.error, "missing_scope files:read"));
    assert_string_equal(refused, "");
}

/* Eight at once; what can wait leaves half of them; the urgent overtake. */
static void test_order(void **state) {
    (void)state;
    for (int i = 0; i < 6; i++) {
        call("conversations.history", "", SLACK_LATER);
    }
    EQ(n_calls, 4);
    for (int i = 0; i < 5; i++) {
        call("chat.postMessage", "", SLACK_SOON);
    }
    EQ(n_calls, 8);
    assert_true(slack_api_busy(slack.api));
    call("views.open", "", SLACK_AT_ONCE);
    EQ(n_calls, 8);
    answer(0, 200, OK_REPLY, -1);
    assert_string_equal(method_of(8), "views.open");
    answer(1, 200, OK_REPLY, -1);
    assert_string_equal(method_of(9), "chat.postMessage");
    answer(4, 200, OK_REPLY, -1);
    assert_string_equal(method_of(10), "conversations.history");
    EQ(n_calls, 11);
}

/* A channel that had too much waits alone; others, and other methods, go on. */
static void test_limit_of_a_channel(void **state) {
    (void)state;
    call("chat.postMessage", "D1", SLACK_SOON);
    answer(0, 429, "{\"ok\":false,\"error\":\"ratelimited\"}", 5000);
    EQ(last.n, 0);
    EQ(n_calls, 1);
    call("chat.postMessage", "D1", SLACK_SOON);
    call("chat.postMessage", "D2", SLACK_SOON);
    call("chat.update", "D1", SLACK_SOON);
    EQ(n_calls, 3);
    EQ(timer_ms, now_ms + 5000);
    pass(4999);
    EQ(n_calls, 3);
    pass(1);
    EQ(n_calls, 5); /* the one that was refused and the one behind it */
    answer(3, 200, OK_REPLY, -1);
    EQ(last.n, 1);
}

/* A second channel that hears the same means all of them. */
static void test_limit_of_all(void **state) {
    (void)state;
    call("chat.postMessage", "D1", SLACK_SOON);
    call("chat.postMessage", "D2", SLACK_SOON);
    answer(0, 429, "", 3000);
    answer(1, 200, "{\"ok\":false,\"error\":\"rate_limited\"}", 7000);
    call("chat.postMessage", "D3", SLACK_SOON);
    call("users.info", "", SLACK_SOON);
    EQ(n_calls, 3);
    assert_string_equal(method_of(2), "users.info");
    pass(3000);
    EQ(n_calls, 3);
    pass(4000);
    EQ(n_calls, 6);
}

/* A form is shown within three seconds or not at all. */
static void test_too_late(void **state) {
    (void)state;
    struct slack_request open = {
        .method = "views.open", .form = "", .urgency = SLACK_AT_ONCE, .within_ms = 2000};
    slack_call(&slack, &open, keep, NULL);
    answer(0, 429, "", 10000);
    EQ(last.n, 0);
    pass(1000);
    call("users.info", "", SLACK_SOON);
    EQ(last.n, 0);
    pass(1000);
    call("users.info", "", SLACK_SOON);
    EQ(last.n, 1);
    EQ(last.outcome, SLACK_REFUSED);
    assert_string_equal(last.code, "too_late");
    pass(10000);
    EQ(n_calls, 3); /* never asked again */
}

/* Refused with tokens that have been replaced since: asked again with the new ones. */
static void test_other_tokens(void **state) {
    (void)state;
    static char other[] = "xoxb-2";
    call("chat.postMessage", "D1", SLACK_SOON);
    slack.bot_token = other;
    slack.tokens++;
    answer(0, 200, "{\"ok\":false,\"error\":\"token_revoked\"}", -1);
    EQ(last.n, 0);
    assert_string_equal(refused, "");
    EQ(n_calls, 2);
    assert_string_equal(calls[1].bearer, "xoxb-2");
    answer(1, 200, "{\"ok\":false,\"error\":\"token_revoked\"}", -1);
    EQ(last.n, 1);
    EQ(last.outcome, SLACK_UNAUTHORIZED);
    assert_string_equal(refused, "bot token_revoked");
    EQ(n_calls, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_sent),
        TEST(test_meaning),
        TEST(test_tokens),
        TEST(test_order),
        TEST(test_limit_of_a_channel),
        TEST(test_limit_of_all),
        TEST(test_too_late),
        TEST(test_other_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
