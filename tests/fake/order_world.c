/* Commands about people, channels, posts and the clock. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/order.h"
#include "tests/fake/posts.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define BIG_MAX_BYTES ((int64_t)8 * 1024 * 1024)

static const char *reset_counters(const struct order *o) {
    struct server *sv = o->server;
    memset(sv->n_requests, 0, sizeof(sv->n_requests));
    memset(sv->n_bot_requests, 0, sizeof(sv->n_bot_requests));
    sv->n_unknown_routes = 0;
    sv->unknown_route[0] = '\0';
    return NULL;
}

/* ---- posts ---- */

static const char *post(const struct order *o, struct draft *d) {
    d->channel = order_channel(o);
    d->user = d->user ? d->user : order_user(o, "user");
    if (!d->channel || !d->user) {
        return "no such channel or user";
    }
    d->type = d->type ? d->type : "";
    struct post *p = posts_add(&o->server->world, d);
    if (!p) {
        return "too many posts";
    }
    event_posted(o->server, p, "");
    buf_addf(o->out, "{\"id\":\"%s\"}", p->id);
    return NULL;
}

static const char *system_post(const struct order *o) {
    struct draft d = {.props = "{}"};
    d.type = order_string(o, "type", "system_generic");
    d.message = order_string(o, "text", "something happened");
    return post(o, &d);
}

static const char *webhook_post(const struct order *o) {
    struct buf props;
    buf_init(&props, BODY_MAX_BYTES);
    buf_adds(&props, "{\"from_webhook\":\"true\",\"override_username\":");
    shape_string(&props, order_string(o, "name", "CI"));
    buf_adds(&props, ",\"webhook_display_name\":\"hook\"}");
    struct draft d = {.props = buf_text(&props), .message = order_string(o, "text", "")};
    const char *wrong = post(o, &d);
    buf_free(&props);
    return wrong;
}

/* Any post at all, without the checks of REST. */
static const char *raw_post(const struct order *o) {
    struct buf props;
    buf_init(&props, BODY_MAX_BYTES);
    shape_map(&props, json_member(o->args, "props"));
    struct draft d = {.props = buf_text(&props), .message = order_string(o, "text", "")};
    d.type = order_string(o, "type", "");
    const char *root = order_string(o, "root_id", "");
    d.root = posts_find(&o->server->world, root);
    const char *wrong = *root && !d.root ? "no such root" : post(o, &d);
    buf_free(&props);
    return wrong;
}

static const char *big_post(const struct order *o) {
    int64_t bytes = order_int(o, "bytes", 100000);
    if (bytes < 0 || bytes > BIG_MAX_BYTES) {
        return "bytes is out of range";
    }
    char *fill = xmalloc((size_t)bytes + 1);
    memset(fill, 'x', (size_t)bytes);
    fill[bytes] = '\0';
    struct buf props;
    buf_init(&props, (size_t)bytes + 64);
    buf_addf(&props, "{\"fill\":\"%s\"}", fill);
    free(fill);
    struct draft d = {.props = buf_text(&props), .message = order_string(o, "text", "big")};
    const char *wrong = post(o, &d);
    buf_free(&props);
    return wrong;
}

static const char *max_post_size(const struct order *o) {
    o->server->world.max_post_size = (int)order_int(o, "n", 16383);
    return NULL;
}

/* ---- people ---- */

static const char *set_active(const struct order *o, bool active) {
    struct user *u = order_user(o, "username");
    if (!u) {
        return "no such user";
    }
    world_touch_user(u);
    u->delete_at = active ? 0 : u->update_at;
    event_user_updated(o->server, u);
    for (struct session *s = u->sessions; s && !active; s = s->next) {
        s->not_authenticated = true;
    }
    return NULL;
}

static const char *deactivate_user(const struct order *o) {
    return set_active(o, false);
}

static const char *activate_user(const struct order *o) {
    return set_active(o, true);
}

static const char *remove_from_team(const struct order *o) {
    struct world *w = &o->server->world;
    if (!w->bot->in_team) {
        return NULL;
    }
    event_left_team(o->server, w->bot);
    w->bot->in_team = false;
    for (size_t i = w->bot->n_channels; i > 0; i--) {
        struct channel *c = w->bot->channels[i - 1];
        if (c->type == 'O' || c->type == 'P') {
            world_leave(w, c, w->bot);
        }
    }
    return NULL;
}

static const char *add_to_team(const struct order *o) {
    struct world *w = &o->server->world;
    struct channel *general = world_channel_named(w, "general");
    w->bot->in_team = true;
    world_join(w, general, w->bot);
    event_user_added(o->server, general, w->bot);
    return NULL;
}

/* ---- channels ---- */

static struct user *subject(const struct order *o) {
    return json_string(o->args, "user") ? order_user(o, "user") : o->server->world.bot;
}

static const char *kick(const struct order *o) {
    struct channel *c = order_channel(o);
    struct user *u = subject(o);
    if (!c || !u) {
        return "no such channel or user";
    }
    world_leave(&o->server->world, c, u);
    event_user_removed(o->server, c, u);
    return NULL;
}

static const char *add(const struct order *o) {
    struct channel *c = order_channel(o);
    struct user *u = subject(o);
    if (!c || !u) {
        return "no such channel or user";
    }
    world_join(&o->server->world, c, u);
    event_user_added(o->server, c, u);
    return NULL;
}

static const char *make_channel(const struct order *o) {
    const char *name = order_string(o, "name", "");
    char type = order_string(o, "type", "P")[0];
    if (!*name || (type != 'O' && type != 'P')) {
        return "name is missing or type is neither O nor P";
    }
    struct world *w = &o->server->world;
    struct channel *c =
        world_open_channel(w, type, name, order_string(o, "display_name", name), w->admin, NULL);
    if (!c) {
        return "too many channels";
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, json_member(o->args, "members")) {
        struct user *u = cJSON_IsString(item) ? world_user_named(w, item->valuestring) : NULL;
        if (u) {
            world_join(w, c, u);
        }
    }
    buf_addf(o->out, "{\"id\":\"%s\"}", c->id);
    return NULL;
}

static const char *archive_channel(const struct order *o) {
    struct channel *c = order_channel(o);
    if (!c) {
        return "no such channel";
    }
    c->delete_at = c->update_at = clock_now_ms();
    event_channel_deleted(o->server, c);
    return NULL;
}

static const char *v6(const struct order *o) {
    const cJSON *on = json_member(o->args, "on");
    o->server->v6 = !cJSON_IsFalse(on);
    return NULL;
}

const struct order_kind orders_world[] = {
    {"reset_counters", reset_counters},
    {"system_post", system_post},
    {"webhook_post", webhook_post},
    {"raw_post", raw_post},
    {"big_post", big_post},
    {"max_post_size", max_post_size},
    {"deactivate_user", deactivate_user},
    {"activate_user", activate_user},
    {"remove_from_team", remove_from_team},
    {"add_to_team", add_to_team},
    {"kick", kick},
    {"add", add},
    {"make_channel", make_channel},
    {"archive_channel", archive_channel},
    {"v6", v6},
    {NULL, NULL},
};
