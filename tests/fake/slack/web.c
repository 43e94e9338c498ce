#include "tests/fake/slack/web.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/slack/file.h"
#include "tests/fake/slack/hook.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

#define PAGE_MAX 1000

enum method_flags {
    FOR_APP = 1, /* wants the app's token */
    OPEN = 2,    /* works without any */
    READS = 4,   /* takes forms and queries only */
};

struct method {
    const char *name;
    const char *(*run)(struct web *w);
    const char *scope; /* NULL: none, or the method asks itself */
    int flags;
    int per_minute; /* 0: not limited here */
};

static const struct method methods[] = {
    {"api.test", web_api_test, NULL, OPEN, 100},
    {"apps.connections.open", web_connections_open, NULL, FOR_APP, 50},
    {"auth.test", web_auth_test, NULL, 0, 600},
    {"team.info", web_team_info, "team:read", READS, 50},
    {"bots.info", web_bots_info, "users:read", READS, 50},
    {"users.info", web_users_info, "users:read", READS, 100},
    {"users.list", web_users_list, "users:read", READS, 20},
    {"users.lookupByEmail", web_users_lookup, "users:read.email", READS, 50},
    {"users.getPresence", web_users_presence, "users:read", READS, 50},
    {"users.conversations", web_users_conversations, NULL, READS, 50},
    {"conversations.open", web_conversations_open, "im:write", 0, 50},
    {"conversations.info", web_conversations_info, NULL, READS, 50},
    {"conversations.list", web_conversations_list, NULL, READS, 20},
    {"conversations.members", web_conversations_members, NULL, READS, 100},
    {"conversations.history", web_conversations_history, NULL, READS, 50},
    {"conversations.replies", web_conversations_replies, NULL, READS, 50},
    {"chat.postMessage", web_chat_post, "chat:write", 0, 0},
    {"chat.update", web_chat_update, "chat:write", 0, 50},
    {"chat.delete", web_chat_delete, "chat:write", 0, 50},
    {"chat.postEphemeral", web_chat_ephemeral, "chat:write", 0, 100},
    {"chat.getPermalink", web_chat_permalink, NULL, READS, 100},
    {"reactions.add", web_reactions_add, "reactions:write", 0, 50},
    {"reactions.remove", web_reactions_remove, "reactions:write", 0, 20},
    {"reactions.get", web_reactions_get, "reactions:read", READS, 50},
    {"views.open", web_views_open, NULL, 0, 100},
    {"views.push", web_views_push, NULL, 0, 100},
    {"views.update", web_views_update, NULL, 0, 100},
    {"views.publish", web_views_publish, NULL, 0, 100},
    {"files.getUploadURLExternal", web_files_get_url, "files:write", READS, 100},
    {"files.completeUploadExternal", web_files_complete, "files:write", 0, 100},
    {"files.info", web_files_info, "files:read", READS, 100},
};

_Static_assert(ARRAY_LEN(methods) <= METHODS_MAX, "every method has a counter");

const char *const web_scopes[] = {
    "app_mentions:read", "channels:history", "channels:read",  "chat:write",       "commands",
    "files:read",        "files:write",      "groups:history", "groups:read",      "im:history",
    "im:read",           "im:write",         "mpim:history",   "mpim:read",        "reactions:read",
    "reactions:write",   "team:read",        "users:read",     "users:read.email", NULL,
};

bool web_has_scope(const struct server *sv, const char *scope) {
    return !map_get(&sv->web.missing, scope);
}

static const struct method *find_method(const char *path) {
    if (strncmp(path, "/api/", 5) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (strcmp(methods[i].name, path + 5) == 0) {
            return &methods[i];
        }
    }
    return NULL;
}

/* ---- arguments ---- */

const char *web_arg(const struct web *w, const char *name) {
    const char *s = json_string(w->args, name);
    return s ? s : "";
}

bool web_arg_flag(const struct web *w, const char *name, bool otherwise) {
    const cJSON *m = json_member(w->args, name);
    if (cJSON_IsBool(m)) {
        return cJSON_IsTrue(m);
    }
    const char *s = web_arg(w, name);
    return *s ? strcmp(s, "true") == 0 || strcmp(s, "1") == 0 : otherwise;
}

int64_t web_arg_int(const struct web *w, const char *name, int64_t otherwise) {
    const cJSON *m = json_member(w->args, name);
    if (cJSON_IsNumber(m)) {
        return (int64_t)m->valuedouble;
    }
    const char *s = web_arg(w, name);
    char *end;
    long long n = strtoll(s, &end, 10);
    return *s && *end == '\0' ? (int64_t)n : otherwise;
}

cJSON *web_arg_json(const struct web *w, const char *name, bool *ret_bad) {
    const cJSON *m = json_member(w->args, name);
    *ret_bad = false;
    if (!m || cJSON_IsNull(m) || (cJSON_IsString(m) && !*m->valuestring)) {
        return NULL;
    }
    if (!cJSON_IsString(m)) {
        return cJSON_Duplicate(m, 1);
    }
    struct json_error err;
    cJSON *read = json_parse(m->valuestring, strlen(m->valuestring), BODY_MAX_BYTES, &err);
    *ret_bad = !read;
    return read;
}

/* Structures come as text in forms: kept as what they mean. */
void web_note_sent(struct server *sv, const char *how, const cJSON *said) {
    static const char *const names[] = {"text",    "blocks", "view",      "metadata", "channel",
                                        "user_id", "ts",     "thread_ts", "errors"};
    struct web_state *state = &sv->web;
    struct web w = {.args = (cJSON *)said};
    state->sent = state->sent ? state->sent : cJSON_CreateArray();
    if (cJSON_GetArraySize(state->sent) >= SENT_MAX) {
        return;
    }
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "method", how);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        bool bad = false;
        const cJSON *m = json_member(said, names[i]);
        bool structured = i >= 1 && i <= 3;
        cJSON *value = structured ? web_arg_json(&w, names[i], &bad) : cJSON_Duplicate(m, 1);
        if (value) {
            cJSON_AddItemToObject(o, names[i], value);
        }
    }
    cJSON_AddItemToArray(state->sent, o);
}

void web_complain(struct web *w, const char *what, const char *pointer, bool is_view) {
    char text[256];
    char marked[272];
    struct web_state *state = &w->server->web;
    snprintf(text, sizeof(text), "%.120s [json-pointer:%.100s]", what, pointer);
    snprintf(marked, sizeof(marked), "[ERROR] %s", text);
    snprintf(state->bad_blocks, sizeof(state->bad_blocks), "%s: %.200s", w->method, text);
    if (!is_view) {
        cJSON *errors = cJSON_GetObjectItemCaseSensitive(w->detail, "errors");
        errors = errors ? errors : shape_array(w->detail, "errors");
        cJSON_AddItemToArray(errors, cJSON_CreateString(text));
    }
    cJSON *meta = cJSON_GetObjectItemCaseSensitive(w->detail, "response_metadata");
    meta = meta ? meta : shape_object(w->detail, "response_metadata");
    cJSON *messages = cJSON_GetObjectItemCaseSensitive(meta, "messages");
    messages = messages ? messages : shape_array(meta, "messages");
    cJSON_AddItemToArray(messages, cJSON_CreateString(marked));
}

/* ---- pages ---- */

/* Cursors are "c:NUMBER" in base64, with "=" at the end as Slack's. */
static void put_cursor(size_t at, char *out, size_t size) {
    char plain[32];
    int n = snprintf(plain, sizeof(plain), "c:%zu", at);
    n += n % 3 == 0 ? snprintf(plain + n, sizeof(plain) - (size_t)n, ":") : 0;
    lws_b64_encode_string(plain, n, out, (int)size);
}

static bool read_cursor(const char *cursor, size_t *ret_at) {
    char plain[64] = "";
    if (strlen(cursor) > 40 || lws_b64_decode_string(cursor, plain, (int)sizeof(plain)) <= 0 ||
        strncmp(plain, "c:", 2) != 0) {
        return false;
    }
    *ret_at = (size_t)strtoull(plain + 2, NULL, 10);
    return true;
}

bool web_page(struct web *w, size_t n, size_t usual, size_t *ret_from, size_t *ret_to) {
    const char *cursor = web_arg(w, "cursor");
    size_t from = 0;
    if (*cursor && !read_cursor(cursor, &from)) {
        return false;
    }
    int64_t limit = web_arg_int(w, "limit", (int64_t)usual);
    limit = limit < 1 ? (int64_t)usual : limit > PAGE_MAX ? PAGE_MAX : limit;
    *ret_from = from < n ? from : n;
    *ret_to = n - *ret_from > (size_t)limit ? *ret_from + (size_t)limit : n;
    return true;
}

void web_add_cursor(struct web *w, size_t to, size_t n) {
    char cursor[64] = "";
    if (to < n) {
        put_cursor(to, cursor, sizeof(cursor));
    }
    cJSON_AddStringToObject(shape_object(w->reply, "response_metadata"), "next_cursor", cursor);
}

/* ---- rights ---- */

static void add_provided(struct web *w) {
    struct buf b;
    buf_init(&b, 1024);
    for (size_t i = 0; web_scopes[i]; i++) {
        if (web_has_scope(w->server, web_scopes[i])) {
            buf_addf(&b, "%s%s", b.len ? "," : "", web_scopes[i]);
        }
    }
    cJSON_AddStringToObject(w->detail, "provided", buf_text(&b));
    buf_free(&b);
}

const char *web_need_scope(struct web *w, const char *scope) {
    if (web_has_scope(w->server, scope)) {
        return NULL;
    }
    cJSON_AddStringToObject(w->detail, "needed", scope);
    add_provided(w);
    return "missing_scope";
}

const char *web_need_place_scope(struct web *w, const struct channel *c, const char *what) {
    static const char *const kinds[] = {"im", "channels", "groups", "mpim"};
    char scope[64];
    snprintf(scope, sizeof(scope), "%s:%s", kinds[c->place], what);
    return web_need_scope(w, scope);
}

struct channel *web_channel(struct web *w, const char *name) {
    struct channel *c = world_channel(&w->server->world, web_arg(w, name));
    bool visible = c && (c->place == PLACE_CHANNEL || world_is_member(c, w->server->world.bot));
    return visible ? c : NULL;
}

static const char *check_token(const struct web *w, const struct method *m) {
    const struct web_state *state = &w->server->web;
    const char *token = w->call->token;
    token = *token ? token : web_arg(w, "token");
    if (m->flags & OPEN) {
        return NULL;
    }
    if (!*token) {
        return "not_authed";
    }
    bool is_app = strcmp(token, APP_TOKEN) == 0;
    if (!is_app && strcmp(token, BOT_TOKEN) != 0) {
        return "invalid_auth";
    }
    if (is_app && state->app_error) {
        return state->app_error;
    }
    if (!is_app && state->bot_error) {
        return state->bot_error;
    }
    return is_app == ((m->flags & FOR_APP) != 0) ? NULL : "not_allowed_token_type";
}

/* ---- limits ---- */

bool web_answer_limited(struct call *c, int seconds) {
    c->status = 429;
    c->content_type = "application/json; charset=utf-8";
    buf_addf(&c->headers, "Retry-After: %d\r\n", seconds);
    buf_adds(&c->out, "{\"ok\":false,\"error\":\"ratelimited\"}");
    c->server->web.n_limited++;
    return true;
}

bool web_limit(struct call *c) {
    struct web_state *state = &c->server->web;
    const struct method *m = find_method(c->path);
    if (!m) {
        return false;
    }
    size_t i = (size_t)(m - methods);
    state->n_impatient += lws_now_usecs() < state->not_before_us[i];
    int wait = 0;
    if (!fault_rate_take(&c->server->net.faults.rate, &wait)) {
        state->not_before_us[i] = lws_now_usecs() + wait * LWS_US_PER_SEC;
        return web_answer_limited(c, wait);
    }
    if (!state->limits || !m->per_minute) {
        return false;
    }
    struct rate *r = &state->rates[i];
    r->per_second = m->per_minute * state->limit_scale / 60;
    r->burst = m->per_minute * state->limit_scale / 2;
    if (fault_rate_take(r, &wait)) {
        return false;
    }
    state->not_before_us[i] = lws_now_usecs() + wait * LWS_US_PER_SEC;
    return web_answer_limited(c, wait);
}

void web_refuse_size(struct call *c) {
    c->status = 413;
    c->content_type = "text/html";
}

bool web_may_be_lost(const struct call *c) {
    static const char *const paths[] = {"/api/chat.postMessage", "/api/chat.postEphemeral",
                                        "/api/files.completeUploadExternal"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        if (strcmp(c->path, paths[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- answers ---- */

void web_add_head(const struct call *c, struct buf *b) {
    const struct method *m = find_method(c->path);
    if (!m) {
        return;
    }
    char date[64];
    struct tm tm;
    time_t now = (time_t)(clock_now_ms() / 1000);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &tm));
    buf_addf(b, "date: %s\r\nx-slack-req-id: %s\r\n", date, c->request_id);
    if (strcmp(c->token, BOT_TOKEN) != 0 || c->server->web.bot_error) {
        return;
    }
    buf_adds(b, "x-oauth-scopes: ");
    const char *separator = "";
    for (size_t i = 0; web_scopes[i]; i++) {
        if (web_has_scope(c->server, web_scopes[i])) {
            buf_addf(b, "%s%s", separator, web_scopes[i]);
            separator = ",";
        }
    }
    buf_addf(b, "\r\nx-accepted-oauth-scopes: %s\r\n", m->scope ? m->scope : "");
}

static void note_error(struct web *w, const char *error) {
    struct web_state *state = &w->server->web;
    state->n_errors++;
    snprintf(state->last_error, sizeof(state->last_error), "%.60s: %.60s", w->method, error);
    state->n_bad_blocks += strcmp(error, "invalid_blocks") == 0 ||
                           (strcmp(error, "invalid_arguments") == 0 && w->detail->child != NULL);
}

static void add_warning(cJSON *o, const char *warning) {
    cJSON_AddStringToObject(o, "warning", warning);
    cJSON *meta = cJSON_GetObjectItemCaseSensitive(o, "response_metadata");
    meta = meta ? meta : shape_object(o, "response_metadata");
    cJSON_AddItemToArray(shape_array(meta, "warnings"), cJSON_CreateString(warning));
}

static void put_reply(struct web *w, const char *error) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddBoolToObject(o, "ok", !error);
    if (error) {
        cJSON_AddStringToObject(o, "error", error);
        note_error(w, error);
    }
    cJSON *from = error ? w->detail : w->reply;
    for (cJSON *item; (item = from->child) != NULL;) {
        cJSON_DetachItemViaPointer(from, item);
        cJSON_AddItemToObject(o, item->string, item);
    }
    if (w->warning) {
        add_warning(o, w->warning);
        w->server->web.n_warnings++;
    }
    char *text = cJSON_PrintUnformatted(o);
    buf_adds(&w->call->out, text);
    free(text);
    cJSON_Delete(o);
}

static const char *run(struct web *w, const struct method *m) {
    w->args = args_read(w->call, !(m->flags & READS));
    if (!w->args) {
        return "invalid_json";
    }
    if (strncmp(m->name, "chat.", 5) == 0 || strncmp(m->name, "views.", 6) == 0) {
        web_note_sent(w->server, m->name, w->args);
    }
    const char *wrong = check_token(w, m);
    wrong = wrong || !m->scope ? wrong : web_need_scope(w, m->scope);
    return wrong ? wrong : m->run(w);
}

static void handle_method(struct call *c) {
    struct server *sv = c->server;
    const struct method *m = find_method(c->path);
    struct web w = {.server = sv, .call = c, .method = m ? m->name : "?"};
    w.reply = cJSON_CreateObject();
    w.detail = cJSON_CreateObject();
    if (m) {
        sv->web.n_requests[m - methods]++;
        bool is_json = strncmp(c->type, "application/json", 16) == 0;
        w.warning = is_json && !strstr(c->type, "charset=") ? "missing_charset" : NULL;
        const char *wrong = run(&w, m);
        if (!wrong || strcmp(wrong, WEB_ANSWERED) != 0) {
            put_reply(&w, wrong);
        }
    } else {
        sv->web.n_unknown++;
        snprintf(sv->web.unknown, sizeof(sv->web.unknown), "%.60s", c->path);
        cJSON_AddStringToObject(w.detail, "req_method", c->path + 5);
        put_reply(&w, "unknown_method");
    }
    cJSON_Delete(w.args);
    cJSON_Delete(w.reply);
    cJSON_Delete(w.detail);
}

void web_handle(struct call *c) {
    c->status = 200;
    c->content_type = "application/json; charset=utf-8";
    if (strncmp(c->path, "/api/", 5) == 0) {
        world_make_hex(&c->server->world, 31, c->request_id);
        handle_method(c);
    } else if (!hook_handle(c) && !file_handle(c)) {
        c->status = 404;
        c->content_type = "text/html";
        c->server->web.n_unknown++;
        snprintf(c->server->web.unknown, sizeof(c->server->web.unknown), "%.60s", c->path);
    }
}

void web_put_state(const struct server *sv, struct buf *b) {
    const struct web_state *s = &sv->web;
    buf_addf(b,
             ",\"limited\":%zu,\"impatient\":%zu,\"unknown\":%zu,\"bad_blocks\":%zu"
             ",\"errors\":%zu,\"warnings\":%zu",
             s->n_limited, s->n_impatient, s->n_unknown, s->n_bad_blocks, s->n_errors,
             s->n_warnings);
    cJSON *names = cJSON_CreateObject();
    cJSON_AddStringToObject(names, "last_unknown", s->unknown);
    cJSON_AddStringToObject(names, "last_bad_block", s->bad_blocks);
    cJSON_AddStringToObject(names, "last_error", s->last_error);
    cJSON *requests = shape_object(names, "requests");
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (s->n_requests[i]) {
            cJSON_AddNumberToObject(requests, methods[i].name, (double)s->n_requests[i]);
        }
    }
    char *text = cJSON_PrintUnformatted(names);
    buf_addf(b, ",%s", text + 1);
    b->p[--b->len] = '\0'; /* goes on after that */
    free(text);
    cJSON_Delete(names);
}

void web_free(struct server *sv) {
    map_clear(&sv->web.unsubscribed);
    map_clear(&sv->web.missing);
    cJSON_Delete(sv->web.sent);
}
