#include "tests/fake/rest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/fake/posts.h"
#include "tests/fake/shape.h"

enum route_flags { OPEN = 1 /* without a token */, ONLY_V6 = 2 };

struct route {
    const char *method;
    const char *path; /* below /api/v4; '*' stands for one part */
    void (*handle)(struct call *c);
    int flags;
};

/* The first that fits counts: fixed parts stand before open ones. */
static const struct route routes[] = {
    {"GET", "/system/ping", rest_ping, OPEN},
    {"GET", "/config/client", rest_config, OPEN},
    {"GET", "/users", rest_list_users, 0},
    {"GET", "/users/username/*", rest_get_user_named, 0},
    {"GET", "/users/email/*", rest_get_user_by_email, 0},
    {"POST", "/users/ids", rest_users_by_ids, 0},
    {"POST", "/users/usernames", rest_users_by_names, 0},
    {"POST", "/users/status/ids", rest_statuses_by_ids, 0},
    {"GET", "/users/*/status", rest_get_status, 0},
    {"PUT", "/users/*/status", rest_put_status, 0},
    {"PUT", "/users/*/patch", rest_patch_user, 0},
    {"POST", "/users/*/typing", rest_typing, 0},
    {"GET", "/users/*/teams", rest_my_teams, 0},
    {"GET", "/users/*/teams/*/channels", rest_my_team_channels, 0},
    {"GET", "/users/*/teams/*/channels/members", rest_my_team_memberships, 0},
    {"GET", "/users/*/channels", rest_my_channels, ONLY_V6},
    {"DELETE", "/users/*/posts/*/reactions/*", rest_remove_reaction, 0},
    {"GET", "/users/*", rest_get_user, 0},
    {"GET", "/teams/name/*", rest_team_named, 0},
    {"GET", "/teams/name/*/channels/name/*", rest_get_channel_named, 0},
    {"GET", "/teams/*/channels/name/*", rest_get_channel_named, 0},
    {"GET", "/teams/*/members/*", rest_team_member, 0},
    {"POST", "/channels/direct", rest_open_direct, 0},
    {"POST", "/channels/group", rest_open_group, 0},
    {"POST", "/channels/members/*/view", rest_view_channel, 0},
    {"GET", "/channels/*", rest_get_channel, 0},
    {"GET", "/channels/*/members", rest_channel_members, 0},
    {"GET", "/channels/*/members/*", rest_channel_member, 0},
    {"GET", "/channels/*/posts", rest_channel_posts, 0},
    {"POST", "/posts", rest_create_post, 0},
    {"POST", "/posts/ephemeral", rest_create_ephemeral, 0},
    {"POST", "/posts/ids/reactions", rest_reactions_by_ids, 0},
    {"GET", "/posts/*", rest_get_post, 0},
    {"DELETE", "/posts/*", rest_delete_post, 0},
    {"PUT", "/posts/*/patch", rest_patch_post, 0},
    {"GET", "/posts/*/thread", rest_thread, 0},
    {"GET", "/posts/*/reactions", rest_get_reactions, 0},
    {"POST", "/posts/*/pin", rest_pin_post, 0},
    {"POST", "/posts/*/unpin", rest_unpin_post, 0},
    {"POST", "/reactions", rest_add_reaction, 0},
    {"POST", "/files", rest_upload, 0},
};

_Static_assert(ARRAY_LEN(routes) <= ROUTES_MAX, "every route has a counter");

static const char api[] = "/api/v4";

void rest_init(struct call *c) {
    world_make_id(&c->server->world, "request", c->request_id);
}

void rest_free(struct call *c) {
    if (c->pending) {
        c->pending->in_flight = false;
    }
}

/* ---- answers ---- */

void rest_error(struct call *c, int status, const char *id, const char *message) {
    c->status = status;
    buf_clear(&c->out);
    buf_addf(&c->out,
             "{\"id\":\"%s\",\"message\":\"%s\",\"detailed_error\":\"\",\"request_id\":\"%s\""
             ",\"status_code\":%d}",
             id, message, c->request_id, status);
}

void rest_forbidden(struct call *c) {
    rest_error(c, 403, "api.context.permissions.app_error",
               "You do not have the appropriate permissions.");
}

void rest_bad_body(struct call *c, const char *what) {
    char message[128];
    snprintf(message, sizeof(message), "Invalid or missing %s in request body.", what);
    rest_error(c, 400, "api.context.invalid_body_param.app_error", message);
}

void rest_bad_param(struct call *c, const char *what) {
    char message[128];
    snprintf(message, sizeof(message), "Invalid or missing %s parameter in request URL.", what);
    rest_error(c, 400, "api.context.invalid_url_param.app_error", message);
}

void rest_ok(struct call *c) {
    buf_adds(&c->out, "{\"status\":\"OK\"}");
}

static void not_found(struct call *c) {
    c->status = 404;
    c->content_type = "text/plain; charset=utf-8";
    c->request_id[0] = '\0';
    buf_adds(&c->out, "{\"id\":\"api.context.404.app_error\",\"message\":\"Sorry, we could not "
                      "find the page.\",\"detailed_error\":");
    struct buf detail;
    buf_init(&detail, 4096);
    buf_addf(&detail,
             "There doesn't appear to be an api call for the url='%s'.  Typo? are you missing a "
             "team_id or user_id as part of the url?",
             c->path);
    shape_string(&c->out, buf_text(&detail));
    buf_free(&detail);
    buf_adds(&c->out, ",\"status_code\":404}");
}

/* ---- requests ---- */

bool rest_query(const struct call *c, const char *name, char *out, size_t size) {
    return http_query_value(c->query, name, out, size);
}

int64_t rest_query_int(const struct call *c, const char *name, int64_t otherwise) {
    char text[32];
    if (!rest_query(c, name, text, sizeof(text))) {
        return otherwise;
    }
    char *end;
    long long n = strtoll(text, &end, 10);
    return end == text || *end ? otherwise : (int64_t)n;
}

/* What cJSON cannot take but the server can: broken UTF-8 and NUL escapes become U+FFFD. */
static void parse_body(struct call *c) {
    struct buf clean;
    buf_init(&clean, 4 * BODY_MAX_BYTES);
    const char *p = buf_text(&c->body);
    const char *end = p + c->body.len;
    while (p < end) {
        size_t good = text_valid_prefix(p, (size_t)(end - p));
        buf_add(&clean, p, good);
        p += good;
        if (p < end && *p != '\0') {
            buf_adds(&clean, "\xef\xbf\xbd");
            p++;
        } else if (p < end) {
            buf_free(&clean); /* a bare NUL is no JSON */
            return;
        }
    }
    bool escaped = false;
    for (char *q = clean.p; q && *q; q++) {
        if (escaped && strncmp(q, "u0000", 5) == 0) {
            memcpy(q, "ufffd", 5);
            c->has_nul = true;
        }
        escaped = *q == '\\' && !escaped;
    }
    struct json_error err;
    c->json = clean.len ? json_parse(clean.p, clean.len, 4 * BODY_MAX_BYTES, &err) : NULL;
    buf_free(&clean);
}

static bool is_part(const char *pattern, size_t n, const char *part, size_t len) {
    return (n == 1 && *pattern == '*') ? len > 0 : n == len && memcmp(pattern, part, n) == 0;
}

/* Compares part by part and notes where the open ones are. */
static bool fits(const char *pattern, const char *path, const char **params, size_t *lens) {
    size_t n_params = 0;
    while (*pattern == '/' && *path == '/') {
        size_t n = strcspn(++pattern, "/");
        size_t len = strcspn(++path, "/");
        if (!is_part(pattern, n, path, len)) {
            return false;
        }
        if (*pattern == '*' && n_params < PARAMS_MAX) {
            params[n_params] = path;
            lens[n_params++] = len;
        }
        pattern += n;
        path += len;
    }
    return *pattern == '\0' && (*path == '\0' || strcmp(path, "/") == 0);
}

static const struct route *find_route(struct call *c) {
    if (strncmp(c->path, api, sizeof(api) - 1) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        const char *params[PARAMS_MAX] = {NULL};
        size_t lens[PARAMS_MAX] = {0};
        if (strcmp(routes[i].method, c->method) != 0 ||
            !fits(routes[i].path, c->path + sizeof(api) - 1, params, lens)) {
            continue;
        }
        char *to = c->parts;
        for (size_t k = 0; k < PARAMS_MAX && params[k]; k++) {
            c->params[k] = to;
            memcpy(to, params[k], lens[k]);
            to[lens[k]] = '\0';
            to += lens[k] + 1;
        }
        return &routes[i];
    }
    return NULL;
}

/* Whoever the token belongs to, people made on the fly included. */
static void authenticate(struct call *c) {
    struct world *w = &c->server->world;
    size_t before = w->n_users;
    struct user *u = c->token[0] ? world_user_by_token(w, c->token) : NULL;
    if (u && w->n_users > before) {
        event_new_user(c->server, u);
    }
    if (u && !u->disabled && !u->revoked && !u->delete_at) {
        c->user = u;
    }
}

/* A socket's page asked for without an upgrade. */
static void bad_upgrade(struct call *c) {
    rest_error(c, 400, "api.web_socket.connect.upgrade.app_error", "URL Blocked because of CORS.");
    struct buf b;
    buf_init(&b, OUT_MAX_BYTES);
    buf_addf(&b, "Bad Request\n%s", buf_text(&c->out));
    buf_clear(&c->out);
    buf_add(&c->out, buf_text(&b), b.len);
    buf_free(&b);
    c->content_type = "text/plain; charset=utf-8";
}

void rest_handle(struct call *c) {
    c->status = 200;
    c->content_type = "application/json";
    if (strcmp(c->path, "/api/v4/websocket") == 0) {
        bad_upgrade(c);
        return;
    }
    const struct route *route = find_route(c);
    if (!route) {
        struct server *sv = c->server;
        sv->n_unknown_routes++;
        snprintf(sv->unknown_route, sizeof(sv->unknown_route), "%s %.100s", c->method, c->path);
        not_found(c);
        return;
    }
    c->server->n_requests[route - routes]++;
    if (strcmp(c->token, c->server->world.bot->token) == 0) {
        c->server->n_bot_requests[route - routes]++;
    }
    if ((route->flags & ONLY_V6) && !c->server->v6) {
        not_found(c); /* known to us, not to a 5.37 */
        return;
    }
    authenticate(c);
    if (!c->user && !(route->flags & OPEN)) {
        rest_error(c, 401, "api.context.session_expired.app_error",
                   "Invalid or expired session, please login again.");
        return;
    }
    if (!c->json) {
        parse_body(c);
    }
    route->handle(c);
}

void rest_reserve(struct call *c) {
    if (strcmp(c->method, "POST") != 0 || strcmp(c->path, "/api/v4/posts") != 0) {
        return;
    }
    parse_body(c);
    const char *id = json_string(c->json, "pending_post_id");
    struct pending *p = id && *id ? posts_pending(&c->server->world, id) : NULL;
    if (p && !p->in_flight && !p->post) {
        p->in_flight = true;
        c->pending = p;
    }
}

struct user *rest_user(struct call *c, const char *id) {
    if (strcmp(id, "me") == 0) {
        return c->user;
    }
    if (!world_is_id(id)) {
        rest_bad_param(c, "user_id");
        return NULL;
    }
    struct user *u = world_user(&c->server->world, id);
    if (!u) {
        rest_error(c, 404, "app.user.missing_account.const", "Unable to find the user.");
    }
    return u;
}

struct channel *rest_my_channel(struct call *c, const char *id) {
    if (!world_is_id(id)) {
        rest_bad_param(c, "channel_id");
        return NULL;
    }
    const struct world *w = &c->server->world;
    struct channel *ch = world_channel(w, id);
    if (!ch || (!world_is_member(w, ch, c->user) && !c->user->is_admin)) {
        rest_forbidden(c);
        return NULL;
    }
    return ch;
}

void rest_put_counters(struct buf *b, const size_t counters[ROUTES_MAX]) {
    buf_adds(b, "{");
    const char *separator = "";
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (counters[i]) {
            buf_addf(b, "%s\"%s %s\":%zu", separator, routes[i].method, routes[i].path,
                     counters[i]);
            separator = ",";
        }
    }
    buf_adds(b, "}");
}
