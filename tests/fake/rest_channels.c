/* Channels and who is in them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define GROUP_MIN 3
#define GROUP_MAX 8

static bool is_team(const struct call *c, const char *id) {
    return strcmp(id, c->server->world.team_id) == 0;
}

void rest_my_teams(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (!u) {
        return;
    }
    buf_adds(&c->out, "[");
    if (u->in_team) {
        shape_team(&c->out, &c->server->world);
    }
    buf_adds(&c->out, "]");
}

static void list_channels(struct call *c, const struct user *u) {
    buf_adds(&c->out, "[");
    const char *separator = "";
    for (size_t i = 0; i < u->n_channels; i++) {
        if (!u->channels[i]->delete_at) {
            buf_adds(&c->out, separator);
            shape_channel(&c->out, &c->server->world, u->channels[i]);
            separator = ",";
        }
    }
    buf_adds(&c->out, "]");
}

void rest_my_team_channels(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (!u) {
        return;
    }
    if (u != c->user || !u->in_team || !is_team(c, c->params[1])) {
        rest_forbidden(c);
        return;
    }
    list_channels(c, u);
}

void rest_my_channels(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (u) {
        list_channels(c, u);
    }
}

static void add_membership(struct buf *b, const struct channel *ch, const struct user *u) {
    bool admin = u->is_admin;
    buf_addf(b,
             "{\"channel_id\":\"%s\",\"user_id\":\"%s\",\"roles\":\"channel_user%s\""
             ",\"last_viewed_at\":0,\"msg_count\":0,\"mention_count\":0,\"mention_count_root\":0"
             ",\"msg_count_root\":0,\"notify_props\":{\"desktop\":\"default\",\"email\":"
             "\"default\",\"ignore_channel_mentions\":\"default\",\"mark_unread\":\"all\""
             ",\"push\":\"default\"},\"last_update_at\":%" PRId64
             ",\"scheme_guest\":false,\"scheme_user\":true,\"scheme_admin\":%s"
             ",\"explicit_roles\":\"\"}",
             ch->id, u->id, admin ? " channel_admin" : "", ch->create_at, admin ? "true" : "false");
}

void rest_my_team_memberships(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (!u) {
        return;
    }
    if (u != c->user || !u->in_team || !is_team(c, c->params[1])) {
        rest_forbidden(c);
        return;
    }
    buf_adds(&c->out, "[");
    for (size_t i = 0; i < u->n_channels; i++) {
        buf_adds(&c->out, i ? "," : "");
        add_membership(&c->out, u->channels[i], u);
    }
    buf_adds(&c->out, "]");
}

void rest_get_channel(struct call *c) {
    if (!world_is_id(c->params[0])) {
        rest_bad_param(c, "channel_id");
        return;
    }
    const struct world *w = &c->server->world;
    const struct channel *ch = world_channel(w, c->params[0]);
    if (!ch) {
        rest_error(c, 404, "app.channel.get.existing.app_error",
                   "Unable to find the existing channel.");
    } else if (world_is_member(w, ch, c->user) || c->user->is_admin ||
               (ch->type == 'O' && c->user->in_team)) {
        shape_channel(&c->out, w, ch);
    } else {
        rest_forbidden(c);
    }
}

/* With the team's id or its name in front. */
void rest_get_channel_named(struct call *c) {
    const struct world *w = &c->server->world;
    bool right_team = is_team(c, c->params[0]) || strcmp(c->params[0], "kizuki") == 0;
    const struct channel *ch = right_team ? world_channel_named(w, c->params[1]) : NULL;
    if (!ch || (ch->type != 'O' && !world_is_member(w, ch, c->user) && !c->user->is_admin)) {
        rest_error(c, 404, "app.channel.get_by_name.missing.app_error", "Channel does not exist.");
        return;
    }
    shape_channel(&c->out, w, ch);
}

void rest_channel_member(struct call *c) {
    const struct channel *ch = rest_my_channel(c, c->params[0]);
    const struct user *u = ch ? rest_user(c, c->params[1]) : NULL;
    if (!u) {
        return;
    }
    if (!world_is_member(&c->server->world, ch, u)) {
        rest_error(c, 404, "app.channel.get_member.missing.app_error",
                   "No channel member found for that user ID and channel ID.");
        return;
    }
    add_membership(&c->out, ch, u);
}

void rest_channel_members(struct call *c) {
    const struct channel *ch = rest_my_channel(c, c->params[0]);
    if (!ch) {
        return;
    }
    int64_t per_page = rest_query_int(c, "per_page", 60);
    int64_t first = rest_query_int(c, "page", 0) * per_page;
    buf_adds(&c->out, "[");
    for (int64_t i = first; i >= 0 && i < first + per_page && (size_t)i < ch->n_members; i++) {
        buf_adds(&c->out, i > first ? "," : "");
        add_membership(&c->out, ch, ch->members[i]);
    }
    buf_adds(&c->out, "]");
}

void rest_view_channel(struct call *c) {
    const char *id = json_string(c->json, "channel_id");
    const struct channel *ch = id ? world_channel(&c->server->world, id) : NULL;
    if (!ch) {
        rest_bad_body(c, "channel_view");
        return;
    }
    buf_addf(&c->out, "{\"status\":\"OK\",\"last_viewed_at_times\":{\"%s\":%" PRId64 "}}", ch->id,
             ch->last_post_at);
    event_viewed(c->server, ch, c->user);
}

/* ---- opening ---- */

static struct user *user_at(const struct call *c, int i) {
    const cJSON *item = cJSON_GetArrayItem(c->json, i);
    return cJSON_IsString(item) ? world_user(&c->server->world, item->valuestring) : NULL;
}

static void answer_opened(struct call *c, const struct channel *ch, bool is_new) {
    if (!ch) {
        rest_error(c, 500, "app.channel.save_channel.limit.app_error", "Too many channels.");
        return;
    }
    c->status = 201;
    shape_channel(&c->out, &c->server->world, ch);
    if (is_new) {
        event_opened_direct(c->server, ch, c->user);
    }
}

void rest_open_direct(struct call *c) {
    if (!cJSON_IsArray(c->json) || cJSON_GetArraySize(c->json) != 2) {
        rest_bad_body(c, "user_ids");
        return;
    }
    struct user *a = user_at(c, 0);
    struct user *b = user_at(c, 1);
    if (!a || !b) {
        rest_error(c, 400, "api.channel.create_direct_channel.invalid_user.app_error",
                   "Invalid user ID for direct channel creation.");
        return;
    }
    if (c->user != a && c->user != b && !c->user->is_admin) {
        rest_forbidden(c);
        return;
    }
    bool is_new = false;
    const struct channel *ch = world_open_direct(&c->server->world, a, b, &is_new);
    answer_opened(c, ch, is_new);
}

/* The members without repetition, by id; 0 when one is unknown or there are too many. */
static size_t collect(const struct call *c, struct user *out[GROUP_MAX]) {
    size_t n = 0;
    for (int i = -1; i < cJSON_GetArraySize(c->json); i++) {
        struct user *u = i < 0 ? c->user : user_at(c, i);
        if (!u) {
            return 0;
        }
        size_t at = 0;
        while (at < n && strcmp(out[at]->id, u->id) < 0) {
            at++;
        }
        if (at < n && out[at] == u) {
            continue;
        }
        if (n == GROUP_MAX) {
            return 0;
        }
        memmove(&out[at + 1], &out[at], (n - at) * sizeof(struct user *));
        out[at] = u;
        n++;
    }
    return n;
}

/* "admin, hanako, kizuki" */
static void group_title(struct buf *b, struct user *const *users, size_t n) {
    const char *last = "";
    for (size_t k = 0; k < n; k++) {
        const char *next = NULL;
        for (size_t i = 0; i < n; i++) {
            const char *name = users[i]->username;
            if (strcmp(name, last) > 0 && (!next || strcmp(name, next) < 0)) {
                next = name;
            }
        }
        buf_addf(b, "%s%s", k ? ", " : "", next ? next : "");
        last = next ? next : last;
    }
}

void rest_open_group(struct call *c) {
    struct user *users[GROUP_MAX + 1];
    size_t n = cJSON_IsArray(c->json) ? collect(c, users) : 0;
    if (n < GROUP_MIN) {
        rest_error(c, 400, "api.channel.create_group.bad_size.app_error",
                   "Group message channels must contain at least 3 and no more than 8 users.");
        return;
    }
    char ids[GROUP_MAX * ID_LEN + 1] = "";
    for (size_t i = 0; i < n; i++) {
        memcpy(ids + i * ID_LEN, users[i]->id, ID_LEN + 1);
    }
    char name[HASH_HEX_LEN + 1];
    hash_hex(ids, strlen(ids), name);
    name[40] = '\0'; /* as long as the server's */
    struct buf title;
    buf_init(&title, 1024);
    group_title(&title, users, n);
    bool is_new = false;
    struct channel *ch =
        world_open_channel(&c->server->world, 'G', name, buf_text(&title), c->user, &is_new);
    for (size_t i = 0; ch && i < n; i++) {
        world_join(&c->server->world, ch, users[i]);
    }
    buf_free(&title);
    answer_opened(c, ch, is_new);
}
