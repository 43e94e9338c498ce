/* The actions a client may ask for over its websocket. */
#include <inttypes.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/posts.h"
#include "tests/fake/shape.h"
#include "tests/fake/ws.h"

#define REPLY_MAX ((size_t)64 * 1024)

/* An action that got through all checks. */
struct action {
    struct socket *socket;
    struct user *user;
    int64_t seq;
    const cJSON *data;
};

static void push(struct socket *s, struct buf *b) {
    if (s->session) {
        buf_adds(b, "}\n");
        struct frame *f = frame_new(buf_text(b), b->len, false);
        session_push(s->session, f);
        frame_unref(f);
    }
    buf_free(b);
}

static void fail(struct socket *s, int64_t seq, const char *id, const char *message, int status) {
    struct buf b;
    buf_init(&b, REPLY_MAX);
    buf_adds(&b, "{\"status\":\"FAIL\"");
    if (seq > 0) {
        buf_addf(&b, ",\"seq_reply\":%" PRId64, seq);
    }
    buf_addf(&b, ",\"error\":{\"id\":\"%s\",\"message\":", id);
    shape_string(&b, message);
    buf_addf(&b, ",\"detailed_error\":\"\",\"status_code\":%d}", status);
    push(s, &b);
}

static void begin_reply(struct buf *b, int64_t seq) {
    buf_init(b, REPLY_MAX);
    buf_addf(b, "{\"status\":\"OK\",\"seq_reply\":%" PRId64, seq);
}

/* ---- actions ---- */

static void ping(const struct action *a) {
    struct buf b;
    begin_reply(&b, a->seq);
    buf_addf(&b,
             ",\"data\":{\"node_id\":\"\",\"server_time\":%" PRId64
             ",\"text\":\"pong\",\"version\":\"" SERVER_VERSION "\"}",
             clock_now_ms());
    push(a->socket, &b);
}

static void typing(const struct action *a) {
    struct server *sv = a->socket->server;
    const char *id = json_string(a->data, "channel_id");
    const struct channel *c = id ? world_channel(&sv->world, id) : NULL;
    if (!c || !world_is_member(&sv->world, c, a->user)) {
        fail(a->socket, a->seq, "api.websocket_handler.invalid_param.app_error",
             "Invalid channel_id parameter.", 400);
        return;
    }
    const char *parent = json_string(a->data, "parent_id");
    event_typing(sv, c, a->user, parent ? parent : "");
    struct buf b;
    begin_reply(&b, a->seq);
    push(a->socket, &b);
}

static void statuses(const struct action *a) {
    const cJSON *ids = json_member(a->data, "user_ids");
    if (!cJSON_IsArray(ids)) {
        fail(a->socket, a->seq, "api.websocket_handler.invalid_param.app_error",
             "Invalid user_ids parameter.", 400);
        return;
    }
    struct buf b;
    begin_reply(&b, a->seq);
    buf_adds(&b, ",\"data\":{");
    const char *separator = "";
    const cJSON *id;
    cJSON_ArrayForEach(id, ids) {
        const struct user *u =
            cJSON_IsString(id) ? world_user(&a->socket->server->world, id->valuestring) : NULL;
        if (u) {
            buf_addf(&b, "%s\"%s\":\"%s\"", separator, u->id, u->status);
            separator = ",";
        }
    }
    buf_adds(&b, "}");
    push(a->socket, &b);
}

static const struct {
    const char *name;
    void (*run)(const struct action *a);
} actions[] = {
    {"ping", ping},
    {"user_typing", typing},
    {"get_statuses_by_ids", statuses},
};

/* Good: hello, then OK. Bad: the end. Already authenticated: ignored. */
static bool challenge(struct socket *s, int64_t seq, const char *token) {
    if (s->session) {
        return true;
    }
    struct user *u = token ? world_user_by_token(&s->server->world, token) : NULL;
    if (!u || u->disabled || u->revoked || u->delete_at) {
        return false;
    }
    ws_start(s, u);
    struct buf b;
    begin_reply(&b, seq);
    push(s, &b);
    return true;
}

static void run(struct socket *s, int64_t seq, const char *name, const cJSON *data) {
    struct user *u = s->session->user;
    if (s->session->not_authenticated) {
        fail(s, seq, "api.web_socket_router.not_authenticated.app_error",
             "WebSocket connection is not authenticated. Please log in and try again.", 401);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (strcmp(name, actions[i].name) != 0) {
            continue;
        }
        if (u->revoked) {
            /* The server does put the token into this text. */
            struct buf b;
            buf_init(&b, REPLY_MAX);
            buf_addf(&b, "Invalid session token=%s, err=", u->token);
            fail(s, seq, "api.context.invalid_token.error", buf_text(&b), 401);
            buf_free(&b);
            return;
        }
        actions[i].run(&(struct action){s, u, seq, data});
        return;
    }
    fail(s, seq, "api.web_socket_router.bad_action.app_error", "Unknown WebSocket action.", 500);
}

bool ws_handle(struct socket *s, const char *text, size_t len) {
    struct json_error err;
    cJSON *frame = json_parse(text, len, FRAME_MAX_BYTES, &err);
    if (!cJSON_IsObject(frame)) {
        cJSON_Delete(frame);
        return false;
    }
    const char *name = json_string(frame, "action");
    const cJSON *number = json_member(frame, "seq");
    int64_t seq = cJSON_IsNumber(number) ? (int64_t)number->valuedouble : 0;
    const cJSON *data = json_member(frame, "data");
    bool stay = true;
    if (!name || !*name) {
        fail(s, seq, "api.web_socket_router.no_action.app_error", "No websocket action.", 400);
    } else if (seq <= 0) {
        fail(s, 0, "api.web_socket_router.bad_seq.app_error",
             "Invalid sequence for WebSocket message.", 400);
    } else if (strcmp(name, "authentication_challenge") == 0) {
        stay = challenge(s, seq, json_string(data, "token"));
    } else if (s->session) {
        run(s, seq, name, data);
    }
    cJSON_Delete(frame);
    return stay;
}
