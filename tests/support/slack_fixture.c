#include "tests/support/slack_fixture.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "tests/support/recorded.h"

#define CALLS_MAX 256
#define JSONS_MAX 4096
#define EMPTY     "{\"ok\":true,\"channels\":[]}"

struct slack sl;
struct ws sl_links[512];
size_t sl_n_links;
struct sl_ack sl_acks[512];
size_t sl_n_acks;

static struct sl_asked calls[CALLS_MAX];
static size_t n_calls;
static cJSON *jsons[JSONS_MAX]; /* to be deleted in the end */
static size_t n_jsons;

static cJSON *keep(cJSON *json) {
    assert_true(n_jsons < JSONS_MAX);
    jsons[n_jsons++] = json;
    return json;
}

/* ---- calls ---- */

static const char *text_of(const char *s) {
    return arena_strdup(&fx_arena, s ? s : "");
}

void __wrap_slack_call(struct slack *s, const struct slack_request *r, slack_done done, void *ctx);
void __wrap_slack_call(struct slack *s, const struct slack_request *r, slack_done done, void *ctx) {
    assert_ptr_equal(s, &sl);
    assert_true(n_calls < CALLS_MAX);
    assert_true(!r->json || !r->form);
    calls[n_calls++] =
        (struct sl_asked){.method = text_of(r->method),
                          .form = text_of(r->form),
                          .json = r->json ? keep(cJSON_Duplicate(r->json, true)) : NULL,
                          .url = text_of(r->url),
                          .file = r->file ? arena_strndup(&fx_arena, r->file, r->file_len) : NULL,
                          .file_len = r->file_len,
                          .channel = text_of(r->channel),
                          .urgency = r->urgency,
                          .within_ms = r->within_ms,
                          .app = r->app,
                          .once = r->once,
                          .done = done,
                          .ctx = ctx};
}

size_t sl_waiting(void) {
    return n_calls;
}

const char *sl_next(void) {
    return n_calls > 0 ? calls[0].method : "";
}

struct sl_asked sl_take(const char *method) {
    if (n_calls == 0) {
        fail_msg("nobody asked for %s", method);
    }
    struct sl_asked first = calls[0];
    if (strcmp(first.method, method) != 0) {
        fail_msg("not %s but %s was asked", method, first.method);
    }
    memmove(calls, calls + 1, --n_calls * sizeof(*calls));
    return first;
}

static const char *form_arg(const char *form, const char *name) {
    const char *key = arena_printf(&fx_arena, "&%s=", name);
    const char *at = strstr(arena_printf(&fx_arena, "&%s", form), key);
    if (!at) {
        return "";
    }
    at += strlen(key);
    char *value = arena_strndup(&fx_arena, at, strcspn(at, "&"));
    char *to = value;
    for (const char *p = value; *p; p++) {
        char code[3] = "";
        if (*p == '%') {
            memcpy(code, p + 1, 2);
            p += 2;
            *to++ = (char)(unsigned char)strtoul(code, NULL, 16);
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return value;
}

const char *sl_arg(const struct sl_asked *asked, const char *name) {
    if (!asked->json) {
        return form_arg(asked->form, name);
    }
    const cJSON *at = asked->json;
    for (const char *p = name; *p; p += strcspn(p, ".") + (strchr(p, '.') ? 1 : 0)) {
        at = json_member(at, arena_strndup(&fx_arena, p, strcspn(p, ".")));
    }
    return cJSON_IsString(at) ? at->valuestring : "";
}

static cJSON *parsed(const char *text) {
    struct json_error err;
    cJSON *json = json_parse(text, strlen(text), (size_t)32 * 1024 * 1024, &err);
    if (!json) {
        fail_msg("no JSON: %s", text);
    }
    return keep(json);
}

void sl_answer(const struct sl_asked *asked, enum slack_outcome outcome, const char *said) {
    bool refused = outcome == SLACK_REFUSED || outcome == SLACK_UNAUTHORIZED;
    struct slack_reply reply = {.outcome = outcome, .code = "", .error = ""};
    if (outcome == SLACK_DONE || (refused && *said == '{')) {
        reply.json = parsed(said);
    } else if (refused) {
        reply.json = parsed(arena_printf(&fx_arena, "{\"ok\":false,\"error\":\"%s\"}", said));
    }
    if (refused) {
        reply.code = json_string(reply.json, "error");
        reply.error = arena_printf(&fx_arena, "%s: %s", asked->method, reply.code);
    } else if (outcome != SLACK_DONE) {
        reply.code = said; /* "" where nothing was said */
        reply.error = outcome == SLACK_UNSENT ? "connection refused" : "no reply in time";
    }
    if (outcome == SLACK_UNAUTHORIZED) {
        slack_socket_unauthorized(&sl, asked->app, reply.code);
    }
    asked->done(asked->ctx, &reply);
}

void sl_expect(const char *method, enum slack_outcome outcome, const char *said) {
    struct sl_asked asked = sl_take(method);
    sl_answer(&asked, outcome, said);
}

/* ---- connections ---- */

struct ws *__wrap_ws_open(struct loop *l, struct http *h, const struct ws_setup *setup);
struct ws *__wrap_ws_open(UNUSED struct loop *l, UNUSED struct http *h,
                          const struct ws_setup *setup) {
    assert_true(sl_n_links < ARRAY_LEN(sl_links));
    struct ws *w = &sl_links[sl_n_links++];
    *w = (struct ws){.setup = *setup, .url = text_of(setup->url), .state = SL_OPEN};
    return w;
}

void __wrap_ws_send(struct ws *w, const char *text);
void __wrap_ws_send(struct ws *w, const char *text) {
    assert_int_equal(w->state, SL_OPEN);
    assert_true(sl_n_acks < ARRAY_LEN(sl_acks));
    const cJSON *json = parsed(text);
    const cJSON *payload = json_member(json, "payload");
    sl_acks[sl_n_acks++] = (struct sl_ack){.link = (size_t)(w - sl_links),
                                           .envelope = json_string(json, "envelope_id"),
                                           .payload = payload ? printed(&fx_arena, payload) : ""};
}

static void leave(struct ws *w, enum sl_link_state state) {
    if (w) {
        assert_int_equal(w->state, SL_OPEN);
        w->state = state;
    }
}

void __wrap_ws_close(struct ws *w);
void __wrap_ws_close(struct ws *w) {
    leave(w, SL_CLOSED);
}

void __wrap_ws_drop(struct ws *w);
void __wrap_ws_drop(struct ws *w) {
    leave(w, SL_DROPPED);
}

void sl_hear(size_t link, const char *text) {
    assert_int_equal(sl_links[link].state, SL_OPEN);
    sl_links[link].setup.on_text(sl_links[link].setup.ctx, text, strlen(text));
}

void sl_hello(size_t link, int connections) {
    sl_hear(link,
            arena_printf(&fx_arena, "{\"type\":\"hello\",\"num_connections\":%d}", connections));
}

void sl_cut(size_t link, int status, int64_t retry_after_ms) {
    struct ws *w = &sl_links[link];
    struct ws_end end = {.opened = status == 0,
                         .status = status,
                         .retry_after_ms = retry_after_ms,
                         .reason = "cut off"};
    leave(w, SL_OVER);
    w->setup.on_end(w->setup.ctx, &end);
}

void sl_connect(void) {
    slack_socket_start(sl.socket);
    sl_expect("auth.test", SLACK_DONE,
              "{\"ok\":true,\"user_id\":\"" ME "\",\"team_id\":\"" TEAM "\"}");
    sl_expect("apps.connections.open", SLACK_DONE,
              "{\"ok\":true,\"url\":\"wss://wss.slack.test/link/?ticket=1\"}");
    sl_hello(0, 1);
    sl_expect("users.conversations", SLACK_DONE, EMPTY);
    assert_int_equal(sl_turn(false), 0);
}

/* ---- turns ---- */

int sl_turn(bool one) {
    int rc = slack_intake_hand_in(sl.intake, one);
    if (rc == 0) {
        rc = engine_commit(sl.setup.engine);
    }
    (void)slack_intake_committed(sl.intake, rc);
    return rc;
}

void sl_assert_acks(const char *const *envelopes, size_t n) {
    assert_int_equal(sl_n_acks, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(sl_acks[i].envelope, envelopes[i]);
        assert_int_equal(sl_acks[i].link, 0);
    }
    sl_n_acks = 0;
}

void sl_assert_texts(const char *const *texts, size_t n) {
    assert_int_equal(fx_n_events, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(fx_events[i].event.text, texts[i]);
    }
    fx_n_events = 0;
}

/* ---- begin and end ---- */

int sl_begin(void **state) {
    (void)state;
    static char name[] = "acme";
    static char url[] = "https://slack.test/api";
    n_calls = 0;
    n_jsons = 0;
    sl_n_links = 0;
    sl_n_acks = 0;
    sl = (struct slack){
        .setup = {.name = name, .url = url, .max_answers_a_minute = 20, .engine = fx_begin()},
        .me = ME,
        .team = TEAM};
    if (!sl.setup.engine) {
        return -1;
    }
    sl.people = slack_people_create(&sl);
    sl.socket = slack_socket_create(&sl);
    sl.catchup = slack_catchup_create(&sl);
    sl.intake = slack_intake_create(&sl);
    sl.forms = slack_forms_create(&sl);
    sl.outgoing = slack_outgoing_create(&sl);
    return 0;
}

int sl_end(void **state) {
    (void)state;
    size_t left = n_calls;
    for (size_t i = 0; i < n_calls; i++) {
        fprintf(stderr, "never answered: %s\n", calls[i].method);
    }
    slack_socket_destroy(sl.socket);
    slack_catchup_destroy(sl.catchup);
    slack_intake_destroy(sl.intake);
    slack_outgoing_destroy(sl.outgoing);
    slack_forms_destroy(sl.forms);
    slack_people_destroy(sl.people);
    for (size_t i = 0; i < n_jsons; i++) {
        cJSON_Delete(jsons[i]);
    }
    left += fx_end(sl.setup.engine);
    return left == 0 ? 0 : -1;
}

/* ---- things to say ---- */

const char *sl_ts(int64_t ms) {
    return arena_printf(&fx_arena, "%" PRId64 ".%03d000", ms / 1000, (int)(ms % 1000));
}

void sl_know(const char *id, bool bot) {
    slack_people_update(
        sl.people, &(struct slack_user){
                       .id = id, .team = TEAM, .locale = "ja-JP", .tz = "Asia/Tokyo", .bot = bot});
}

void sl_met(const char *id, const char *channel) {
    struct event event = {.kind = EVENT_MESSAGE,
                          .platform = SLACK_PLATFORM,
                          .workspace = sl.setup.name,
                          .user = id,
                          .id = arena_printf(&fx_arena, "met/%s", id),
                          .place = PLACE_DIRECT,
                          .channel = channel,
                          .text = "ヘルプ",
                          .locale = "ja",
                          .at_ms = clock_now_ms()};
    assert_int_equal(engine_event(sl.setup.engine, &event), 0);
    fx_n_events = 0;
}

struct slack_message sl_message(const char *user, int n, const char *text) {
    return (struct slack_message){.channel = arena_printf(&fx_arena, "D%s", *user ? user + 1 : ""),
                                  .user = user,
                                  .ts = sl_ts(NOW_MS + n),
                                  .thread = "",
                                  .text = text,
                                  .key = "",
                                  .user_team = TEAM,
                                  .place = SLACK_IM};
}

void sl_frame(struct slack_frame f, const char *envelope) {
    f.envelope = envelope;
    f.event_id = f.event_id ? f.event_id : envelope;
    f.team = f.team ? f.team : TEAM;
    slack_intake_frame(sl.intake, &f, 1);
}

void sl_hear_message(const struct slack_message *m, const char *envelope) {
    sl_frame((struct slack_frame){.kind = SLACK_MESSAGE, .message = *m}, envelope);
}

void sl_say(const char *user, int n, const char *text) {
    struct slack_message m = sl_message(user, n, text);
    sl_hear_message(&m, arena_printf(&fx_arena, "e%d", n));
}

void sl_react(const char *user, const char *name, bool added, const char *channel) {
    sl_frame((struct slack_frame){.kind = SLACK_REACTION,
                                  .reaction = {.user = user,
                                               .name = name,
                                               .channel = channel,
                                               .ts = sl_ts(NOW_MS - 5),
                                               .event_ts = sl_ts(NOW_MS),
                                               .added = added}},
             "e1");
}

static void add_text(cJSON *to, const char *name, const char *text) {
    if (text) {
        cJSON_AddStringToObject(to, name, text);
    }
}

static cJSON *past_message(const struct sl_past *p) {
    cJSON *m = cJSON_CreateObject();
    cJSON_AddStringToObject(m, "type", "message");
    cJSON_AddStringToObject(m, "user", p->user ? p->user : ME);
    add_text(m, "bot_id", p->user ? NULL : "B0KIZUKI1");
    add_text(m, "ts", p->ts);
    add_text(m, "text", p->text ? p->text : "ヘルプ");
    add_text(m, "thread_ts", p->thread);
    add_text(m, "latest_reply", p->latest_reply);
    if (p->key) {
        cJSON *metadata = cJSON_AddObjectToObject(m, "metadata");
        cJSON *payload = cJSON_AddObjectToObject(metadata, "event_payload");
        cJSON_AddStringToObject(payload, "key", p->key);
    }
    if (p->reactions) {
        cJSON_AddItemToObject(m, "reactions", cJSON_Duplicate(parsed(p->reactions), true));
    }
    return m;
}

const char *sl_page(const struct sl_past *messages, size_t n, const char *next) {
    cJSON *page = cJSON_CreateObject();
    cJSON_AddTrueToObject(page, "ok");
    cJSON *list = cJSON_AddArrayToObject(page, "messages");
    for (size_t i = 0; i < n; i++) {
        cJSON_AddItemToArray(list, past_message(&messages[i]));
    }
    cJSON *more = cJSON_AddObjectToObject(page, "response_metadata");
    cJSON_AddStringToObject(more, "next_cursor", next);
    const char *text = printed(&fx_arena, page);
    cJSON_Delete(page);
    return text;
}
