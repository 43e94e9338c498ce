#include "tests/fake/slack/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/slack/file.h"
#include "tests/fake/slack/message.h"
#include "tests/fake/slack/shape.h"
#include "tests/fake/slack/view.h"

struct user *order_user(const struct order *o, const char *name) {
    return world_find_user(&o->server->world, order_string(o, name, ""));
}

struct channel *order_channel_named(const struct order *o, const char *which) {
    struct world *w = &o->server->world;
    if (*which != '@') {
        return world_find_channel(w, which);
    }
    struct user *u = world_find_user(w, which + 1);
    bool is_new;
    return u ? world_open_im(w, u, &is_new) : NULL;
}

struct channel *order_channel(const struct order *o, struct user *u) {
    const char *which = order_string(o, "channel", "");
    bool is_new;
    if (*which) {
        return order_channel_named(o, which);
    }
    return u ? world_open_im(&o->server->world, u, &is_new) : NULL;
}

/* ---- what can be read ---- */

static void put_published(const struct server *sv, struct buf *b) {
    buf_adds(b, ",\"home\":{");
    const char *separator = "";
    for (size_t i = 0; i < sv->world.n_users; i++) {
        const struct user *u = sv->world.users[i];
        if (u->n_published) {
            buf_addf(b, "%s\"%s\":%zu", separator, u->name, u->n_published);
            separator = ",";
        }
    }
    buf_adds(b, "}");
}

static size_t open_views(const struct server *sv) {
    size_t n = 0;
    for (const struct view *v = sv->views; v; v = v->next) {
        n += v->open && !v->is_home;
    }
    return n;
}

static void put_state(struct call *c) {
    const struct server *sv = c->server;
    const struct sockets *s = &sv->sockets;
    buf_addf(&c->out,
             "{\"now_ms\":%" PRId64 ",\"sockets\":%d,\"sockets_ever\":%u,\"tickets\":%zu"
             ",\"sockets_refused\":%zu,\"hellos\":%zu,\"pings\":%zu,\"pongs\":%zu"
             ",\"bad_frames\":%zu,\"tcp_ever\":%zu",
             clock_now_ms(), socket_count(sv), s->n_ever, s->n_tickets, s->n_refused, s->n_hellos,
             s->n_pings, s->n_pongs, s->n_bad_frames, sv->net.n_connections_ever);
    buf_addf(&c->out,
             ",\"messages\":%zu,\"posts_by_bot\":%zu,\"updates_by_bot\":%zu,\"duplicates\":%zu"
             ",\"ephemeral\":%zu,\"response_url_posts\":%zu,\"published\":%zu,\"open_views\":%zu",
             sv->n_messages, sv->n_bot_messages, sv->n_bot_updates, sv->n_duplicates,
             sv->n_ephemeral, sv->n_hook_posts, sv->n_published, open_views(sv));
    file_put_state(sv, &c->out);
    delivery_put_state(&sv->deliveries, &c->out);
    put_published(sv, &c->out);
    web_put_state(sv, &c->out);
    buf_adds(&c->out, "}");
}

static void put_json(struct call *c, cJSON *o) {
    char *text = o ? cJSON_PrintUnformatted(o) : NULL;
    buf_adds(&c->out, text ? text : "[]");
    free(text);
    cJSON_Delete(o);
}

static cJSON *message_of(const struct message *m) {
    cJSON *o = message_copy(m, true);
    if (m->only) {
        cJSON_AddStringToObject(o, "only", m->only->name);
    }
    if (m->deleted) {
        cJSON_AddBoolToObject(o, "deleted", true);
    }
    cJSON_AddStringToObject(o, "name", m->user->name);
    return o;
}

/* All of a channel, oldest first, with what was deleted and what only one saw. */
static bool put_messages(struct call *c) {
    const struct order o = {.server = c->server};
    char which[64] = "";
    http_query_value(c->query, "channel", which, sizeof(which));
    const struct channel *ch = order_channel_named(&o, which);
    if (!ch) {
        return false;
    }
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < ch->n_messages; i++) {
        cJSON_AddItemToArray(list, message_of(ch->messages[i]));
    }
    put_json(c, list);
    return true;
}

static bool put_home(struct call *c) {
    char which[64] = "";
    http_query_value(c->query, "user", which, sizeof(which));
    const struct user *u = world_find_user(&c->server->world, which);
    if (!u) {
        return false;
    }
    put_json(c, u->home ? view_json(u->home, u->home->state) : cJSON_CreateNull());
    return true;
}

static void put_views(struct call *c) {
    cJSON *list = cJSON_CreateArray();
    for (const struct view *v = c->server->views; v; v = v->next) {
        if (v->is_home) {
            continue;
        }
        cJSON *o = view_json(v, v->state);
        cJSON_AddStringToObject(o, "user", v->user->name);
        cJSON_AddBoolToObject(o, "open", v->open);
        cJSON_AddBoolToObject(o, "on_top", v->user->modal == v);
        cJSON_AddNumberToObject(o, "updates", (double)v->n_updates);
        cJSON_AddItemToObject(o, "errors",
                              v->errors ? cJSON_Duplicate(v->errors, 1) : cJSON_CreateNull());
        cJSON_AddItemToArray(list, o);
    }
    put_json(c, list);
}

static void put_fate(struct call *c) {
    char id[UUID_MAX] = "";
    http_query_value(c->query, "id", id, sizeof(id));
    buf_addf(&c->out, "{\"state\":\"%s\"}", delivery_fate(&c->server->deliveries, id));
}

static bool put(struct call *c) {
    const char *what = c->path + strlen("/control");
    if (strcmp(what, "/state") == 0) {
        put_state(c);
        return true;
    }
    if (strcmp(what, "/sent") == 0) {
        put_json(c, cJSON_Duplicate(c->server->web.sent, 1));
        return true;
    }
    if (strcmp(what, "/envelope") == 0) {
        put_fate(c);
        return true;
    }
    if (strcmp(what, "/views") == 0) {
        put_views(c);
        return true;
    }
    if (strcmp(what, "/messages") == 0) {
        return put_messages(c);
    }
    return strcmp(what, "/home") == 0 && put_home(c);
}

void control_handle(struct call *c, const struct lws *wsi) {
    static const struct order_kind *const tables[] = {orders_common, orders_people, orders_line,
                                                      orders_workspace, NULL};
    if (!c->server->host[0]) {
        lws_strncpy(c->server->host, c->host, sizeof(c->server->host));
    }
    if (strcmp(c->method, "POST") == 0) {
        order_run(c, &c->server->net, wsi, tables);
        return;
    }
    c->status = 200;
    c->content_type = "application/json";
    if (!put(c)) {
        c->status = 404;
        buf_adds(&c->out, "{\"error\":\"no such thing\"}");
    }
}
