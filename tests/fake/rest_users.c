/* People: who they are, whether they are there. And what needs no token. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define PAGE_MAX 200
#define LIST_MAX 1000

void rest_ping(struct call *c) {
    buf_adds(&c->out, "{\"AndroidLatestVersion\":\"\",\"AndroidMinVersion\":\"\""
                      ",\"DesktopLatestVersion\":\"\",\"DesktopMinVersion\":\"\""
                      ",\"IosLatestVersion\":\"\",\"IosMinVersion\":\"\",\"status\":\"OK\"}");
}

void rest_config(struct call *c) {
    char format[8] = "";
    if (!rest_query(c, "format", format, sizeof(format)) || strcmp(format, "old") != 0) {
        rest_error(c, 400, "api.context.invalid_url_param.app_error",
                   "Invalid or missing format parameter in request URL.");
        return;
    }
    buf_addf(&c->out,
             "{\"BuildNumber\":\"dev\",\"EnableBotAccountCreation\":\"true\",\"MaxFileSize\":"
             "\"104857600\",\"MaxPostSize\":\"%d\",\"SiteName\":\"Mattermost\",\"Version\":"
             "\"" SERVER_VERSION "\"}",
             c->server->world.max_post_size);
}

void rest_team_named(struct call *c) {
    if (strcmp(c->params[0], "kizuki") != 0) {
        rest_error(c, 404, "app.team.get_by_name.missing.app_error",
                   "Unable to find the existing team.");
        return;
    }
    shape_team(&c->out, &c->server->world);
}

static bool is_team(const struct call *c, const char *id) {
    return strcmp(id, c->server->world.team_id) == 0;
}

void rest_team_member(struct call *c) {
    const struct user *u = rest_user(c, c->params[1]);
    if (!u) {
        return;
    }
    if (!is_team(c, c->params[0]) || !u->in_team) {
        rest_error(c, 404, "app.team.get_member.missing.app_error",
                   "No team member found for that user ID and team ID.");
        return;
    }
    const char *admin = u->is_admin ? "true" : "false";
    buf_addf(&c->out,
             "{\"team_id\":\"%s\",\"user_id\":\"%s\",\"roles\":\"team_user%s\",\"delete_at\":0"
             ",\"scheme_guest\":false,\"scheme_user\":true,\"scheme_admin\":%s"
             ",\"explicit_roles\":\"\"}",
             c->params[0], u->id, u->is_admin ? " team_admin" : "", admin);
}

void rest_get_user(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (u) {
        shape_user(&c->out, u, u == c->user);
    }
}

void rest_get_user_named(struct call *c) {
    const struct user *u = world_user_named(&c->server->world, c->params[0]);
    if (!u) {
        rest_error(c, 404, "app.user.get_by_username.app_error",
                   "Unable to find an existing account matching your username for this team. This "
                   "team may require an invite from the team owner to join.");
        return;
    }
    shape_user(&c->out, u, u == c->user);
}

void rest_get_user_by_email(struct call *c) {
    char name[64] = "";
    size_t n = strcspn(c->params[0], "@");
    if (n < sizeof(name)) {
        memcpy(name, c->params[0], n);
        name[n] = '\0';
    }
    const struct user *u = world_user_named(&c->server->world, name);
    if (!u || strcmp(c->params[0] + n, u->is_bot ? "@localhost" : "@example.test") != 0) {
        rest_error(c, 404, "app.user.missing_account.const", "Unable to find the user.");
        return;
    }
    shape_user(&c->out, u, u == c->user);
}

static void add_user(struct call *c, const struct user *u) {
    buf_adds(&c->out, c->out.len > 1 ? "," : "");
    shape_user(&c->out, u, false);
}

void rest_list_users(struct call *c) {
    const struct world *w = &c->server->world;
    char channel_id[ID_LEN + 1] = "";
    const struct channel *in = NULL;
    if (rest_query(c, "in_channel", channel_id, sizeof(channel_id))) {
        in = rest_my_channel(c, channel_id);
        if (!in) {
            return;
        }
    }
    int64_t per_page = rest_query_int(c, "per_page", 60);
    per_page = per_page > PAGE_MAX || per_page < 0 ? PAGE_MAX : per_page;
    int64_t first = rest_query_int(c, "page", 0) * per_page;
    size_t total = in ? in->n_members : w->n_users;
    buf_adds(&c->out, "[");
    for (int64_t i = first; i >= 0 && i < first + per_page && (size_t)i < total; i++) {
        add_user(c, in ? in->members[i] : w->users[i]);
    }
    buf_adds(&c->out, "]");
}

/* In the order of their names, whatever was asked for first; each once. */
static void list(struct call *c, struct user *find(const struct world *, const char *),
                 const char *what) {
    if (!cJSON_IsArray(c->json) || cJSON_GetArraySize(c->json) == 0) {
        rest_bad_body(c, what);
        return;
    }
    const struct user *found[LIST_MAX] = {NULL};
    size_t n = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, c->json) {
        const struct user *u =
            cJSON_IsString(item) ? find(&c->server->world, item->valuestring) : NULL;
        size_t at = n;
        while (u && at > 0 && strcmp(found[at - 1]->username, u->username) >= 0) {
            at--;
        }
        if (!u || n == LIST_MAX || found[at] == u) {
            continue;
        }
        memmove(&found[at + 1], &found[at], (n++ - at) * sizeof(struct user *));
        found[at] = u;
    }
    buf_adds(&c->out, "[");
    for (size_t i = 0; i < n; i++) {
        add_user(c, found[i]);
    }
    buf_adds(&c->out, "]");
}

void rest_users_by_ids(struct call *c) {
    list(c, world_user, "user_ids");
}

void rest_users_by_names(struct call *c) {
    list(c, world_user_named, "usernames");
}

void rest_patch_user(struct call *c) {
    struct user *u = rest_user(c, c->params[0]);
    if (!u) {
        return;
    }
    if (u != c->user && !c->user->is_admin) {
        rest_forbidden(c);
        return;
    }
    struct arena *a = &c->server->world.arena;
    const struct {
        const char *name;
        const char **place;
    } fields[] = {{"nickname", &u->nickname},
                  {"first_name", &u->first_name},
                  {"last_name", &u->last_name},
                  {"locale", &u->locale}};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const char *value = json_string(c->json, fields[i].name);
        if (value) {
            *fields[i].place = arena_strdup(a, value);
        }
    }
    const char *zone = json_string(json_member(c->json, "timezone"), "automaticTimezone");
    if (zone) {
        u->zone = arena_strdup(a, zone);
    }
    world_touch_user(u);
    shape_user(&c->out, u, u == c->user);
    event_user_updated(c->server, u);
}

/* ---- presence ---- */

static void add_status(struct buf *b, const struct user *u) {
    buf_addf(b,
             "{\"user_id\":\"%s\",\"status\":\"%s\",\"manual\":false,\"last_activity_at\":%" PRId64
             ",\"dnd_end_time\":0}",
             u->id, u->status, u->active_at);
}

void rest_get_status(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (u) {
        add_status(&c->out, u);
    }
}

void rest_put_status(struct call *c) {
    static const char *const known[] = {"online", "away", "dnd", "offline"};
    struct user *u = rest_user(c, c->params[0]);
    if (!u) {
        return;
    }
    const char *status = json_string(c->json, "status");
    for (size_t i = 0; status && i < ARRAY_LEN(known); i++) {
        if (u == c->user && strcmp(status, known[i]) == 0) {
            event_status(c->server, u, known[i]);
            add_status(&c->out, u);
            return;
        }
    }
    rest_bad_body(c, "status");
}

void rest_statuses_by_ids(struct call *c) {
    if (!cJSON_IsArray(c->json) || cJSON_GetArraySize(c->json) == 0) {
        rest_bad_body(c, "user_ids");
        return;
    }
    buf_adds(&c->out, "[");
    const cJSON *item;
    cJSON_ArrayForEach(item, c->json) {
        const struct user *u =
            cJSON_IsString(item) ? world_user(&c->server->world, item->valuestring) : NULL;
        if (u) {
            buf_adds(&c->out, c->out.len > 1 ? "," : "");
            add_status(&c->out, u);
        }
    }
    buf_adds(&c->out, "]");
}

void rest_typing(struct call *c) {
    const char *channel_id = json_string(c->json, "channel_id");
    if (!channel_id) {
        rest_bad_body(c, "typing");
        return;
    }
    const struct channel *ch = rest_my_channel(c, channel_id);
    if (ch) {
        const char *parent = json_string(c->json, "parent_id");
        event_typing(c->server, ch, c->user, parent ? parent : "");
        rest_ok(c);
    }
}
