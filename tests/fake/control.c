#include "tests/fake/control.h"

#include <inttypes.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/order.h"
#include "tests/fake/posts.h"
#include "tests/fake/shape.h"

int64_t order_int(const struct order *o, const char *name, int64_t otherwise) {
    const cJSON *m = json_member(o->args, name);
    return cJSON_IsNumber(m) ? (int64_t)m->valuedouble : otherwise;
}

const char *order_string(const struct order *o, const char *name, const char *otherwise) {
    const char *s = json_string(o->args, name);
    return s ? s : otherwise;
}

struct user *order_user(const struct order *o, const char *name) {
    const char *who = order_string(o, name, "");
    struct user *u = world_user_named(&o->server->world, who);
    return u ? u : world_user(&o->server->world, who);
}

struct channel *order_channel(const struct order *o) {
    struct world *w = &o->server->world;
    const char *which = order_string(o, "channel", "");
    if (*which == '@') {
        struct user *u = world_user_named(w, which + 1);
        bool is_new = false;
        struct channel *c = u ? world_open_direct(w, u, w->bot, &is_new) : NULL;
        if (is_new) {
            event_opened_direct(o->server, c, u);
        }
        return c;
    }
    struct channel *c = world_channel(w, which);
    return c ? c : world_channel_named(w, which);
}

static const char *run(struct order *o) {
    const struct order_kind *const tables[] = {orders_net, orders_world};
    const char *name = order_string(o, "do", "");
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        for (const struct order_kind *k = tables[i]; k->name; k++) {
            if (strcmp(k->name, name) == 0) {
                return k->run(o);
            }
        }
    }
    return "no such command";
}

static size_t sockets_of_bot(const struct server *sv) {
    size_t n = 0;
    for (const struct session *s = sv->world.bot->sessions; s; s = s->next) {
        n += s->wsi != NULL;
    }
    return n;
}

static void put_state(struct call *c) {
    const struct server *sv = c->server;
    const struct world *w = &sv->world;
    buf_addf(&c->out,
             "{\"now_ms\":%" PRId64 ",\"connections_open\":%zu,\"connections_ever\":%zu"
             ",\"bot_connections\":%zu,\"tcp_ever\":%zu,\"posts_total\":%zu,\"posts_by_bot\":%zu"
             ",\"duplicates\":%zu,\"users\":%zu,\"channels\":%zu,\"held_events\":%zu"
             ",\"unknown_routes\":%zu,\"unknown_route\":",
             clock_now_ms(), sv->n_sockets, sv->n_sockets_ever, sockets_of_bot(sv),
             sv->n_connections_ever, w->n_posts, w->n_bot_posts, w->n_duplicates, w->n_users,
             w->n_channels, sv->gate.held.n, sv->n_unknown_routes);
    shape_string(&c->out, sv->unknown_route);
    buf_adds(&c->out, ",\"requests\":");
    rest_put_counters(&c->out, sv->n_requests);
    buf_adds(&c->out, ",\"bot_requests\":");
    rest_put_counters(&c->out, sv->n_bot_requests);
    buf_adds(&c->out, "}");
}

void control_handle(struct call *c, const struct lws *wsi) {
    c->status = 200;
    c->content_type = "application/json";
    if (strcmp(c->path, "/control/state") == 0) {
        put_state(c);
        return;
    }
    struct json_error err;
    c->json = json_parse(buf_text(&c->body), c->body.len, BODY_MAX_BYTES, &err);
    struct order o = {c->server, c->json, wsi, &c->out};
    const char *wrong = c->json ? run(&o) : "the body is no JSON";
    if (wrong) {
        c->status = 400;
        buf_clear(&c->out);
        buf_addf(&c->out, "{\"error\":\"%s\"}", wrong);
    } else if (c->out.len == 0) {
        buf_adds(&c->out, "{}");
    }
}
