#include "tests/fake/control.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "tests/fake/order.h"
#include "tests/fake/posts.h"
#include "tests/fake/shape.h"

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
             sv->net.n_connections_ever, w->n_posts, w->n_bot_posts, w->n_duplicates, w->n_users,
             w->n_channels, sv->gate.held.n, sv->n_unknown_routes);
    shape_string(&c->out, sv->unknown_route);
    buf_adds(&c->out, ",\"requests\":");
    rest_put_counters(&c->out, sv->n_requests);
    buf_adds(&c->out, ",\"bot_requests\":");
    rest_put_counters(&c->out, sv->n_bot_requests);
    buf_adds(&c->out, "}");
}

void control_handle(struct call *c, const struct lws *wsi) {
    if (strcmp(c->path, "/control/state") == 0) {
        c->status = 200;
        c->content_type = "application/json";
        put_state(c);
        return;
    }
    static const struct order_kind *const tables[] = {orders_common, orders_net, orders_world,
                                                      NULL};
    order_run(c, &c->server->net, wsi, tables);
}
