/* Commands about who and what there is. */
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/control.h"
#include "tests/fake/slack/event.h"

static const char *user_change(const struct order *o) {
    struct user *u = order_user(o, "user");
    struct arena *a = &o->server->world.arena;
    if (!u) {
        return "no such user";
    }
    u->zone = arena_strdup(a, order_string(o, "zone", u->zone));
    u->locale = arena_strdup(a, order_string(o, "locale", u->locale));
    u->real_name = arena_strdup(a, order_string(o, "real_name", u->real_name));
    u->deleted = order_flag(o, "deleted", u->deleted);
    u->is_restricted = order_flag(o, "restricted", u->is_restricted);
    u->updated = world_now_s();
    event_user(o->server, "user_change", u);
    return NULL;
}

static const char *team_join(const struct order *o) {
    const char *name = order_string(o, "name", "");
    const struct user *u =
        *name ? world_add_user(&o->server->world, name, order_string(o, "real_name", name),
                               order_string(o, "locale", "ja-JP"),
                               order_string(o, "zone", "Asia/Tokyo"))
              : NULL;
    if (!u) {
        return "name is missing or taken";
    }
    event_user(o->server, "team_join", u);
    buf_addf(o->out, "{\"id\":\"%s\"}", u->id);
    return NULL;
}

/* The bot, where nobody is named. */
static struct user *subject(const struct order *o) {
    return json_string(o->args, "user") ? order_user(o, "user") : o->server->world.bot;
}

static const char *join(const struct order *o) {
    struct user *u = subject(o);
    struct channel *c = order_channel_named(o, order_string(o, "channel", ""));
    if (!u || !c) {
        return "no such user or channel";
    }
    world_join(c, u);
    event_joined(o->server, c, u);
    return NULL;
}

static const char *leave(const struct order *o) {
    const struct user *u = subject(o);
    struct channel *c = order_channel_named(o, order_string(o, "channel", ""));
    if (!u || !c) {
        return "no such user or channel";
    }
    world_leave(c, u);
    return NULL;
}

static const char *make_channel(const struct order *o) {
    struct world *w = &o->server->world;
    const char *name = order_string(o, "name", "");
    bool is_private = order_flag(o, "private", false);
    struct channel *c =
        *name ? world_add_channel(w, is_private ? PLACE_GROUP : PLACE_CHANNEL, NULL, name) : NULL;
    if (!c) {
        return "name is missing or taken";
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(o->args, "members")) {
        struct user *u = cJSON_IsString(item) ? world_find_user(w, item->valuestring) : NULL;
        if (u) {
            world_join(c, u);
        }
    }
    buf_addf(o->out, "{\"id\":\"%s\"}", c->id);
    return NULL;
}

static const char *archive_channel(const struct order *o) {
    struct channel *c = order_channel_named(o, order_string(o, "channel", ""));
    if (!c) {
        return "no such channel";
    }
    c->archived = true;
    return NULL;
}

static const char *find_user(const struct order *o) {
    struct user *u = order_user(o, "user");
    bool is_new;
    const struct channel *c = u ? world_open_im(&o->server->world, u, &is_new) : NULL;
    if (!c) {
        return "no such user";
    }
    buf_addf(o->out, "{\"id\":\"%s\",\"channel\":\"%s\"}", u->id, c->id);
    return NULL;
}

const struct order_kind orders_workspace[] = {
    {"user_change", user_change},
    {"team_join", team_join},
    {"join", join},
    {"leave", leave},
    {"make_channel", make_channel},
    {"archive_channel", archive_channel},
    {"find_user", find_user},
    {NULL, NULL},
};
