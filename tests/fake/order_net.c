/* Commands about connections, events on their way and HTTP. */
#include <string.h>

#include "base/json.h"
#include "tests/fake/order.h"
#include "tests/fake/posts.h"
#include "tests/fake/ws.h"

/* ---- sockets ---- */

static struct user *whose(const struct order *o) {
    return json_string(o->args, "user") ? order_user(o, "user") : o->server->world.bot;
}

static const char *drop_sockets(const struct order *o) {
    const struct user *u = whose(o);
    if (!u) {
        return "no such user";
    }
    for (struct socket *s = o->server->sockets; s; s = s->next) {
        if (s->session && s->session->user == u) {
            ws_drop(s);
        }
    }
    return NULL;
}

static const char *send_close(const struct order *o) {
    const struct user *u = whose(o);
    for (struct socket *s = o->server->sockets; s; s = s->next) {
        if (s->session && s->session->user == u) {
            s->close_code = (int)order_int(o, "code", 1001);
            lws_callback_on_writable(s->wsi);
        }
    }
    return NULL;
}

/* Away sessions go at once; open ones when their socket is gone. */
static void forget_sessions(struct user *u) {
    for (struct session *s = u->sessions, *next; s; s = next) {
        next = s->next;
        if (s->wsi) {
            s->broken = true;
        } else {
            session_forget(s);
        }
    }
}

static const char *forget_away(const struct order *o) {
    for (struct session *s = o->server->world.bot->sessions, *next; s; s = next) {
        next = s->next;
        if (!s->wsi) {
            session_forget(s);
        }
    }
    return NULL;
}

static const char *restart(const struct order *o) {
    struct server *sv = o->server;
    http_drop_all(o->net, o->wsi);
    for (size_t i = 0; i < sv->world.n_users; i++) {
        forget_sessions(sv->world.users[i]);
        sv->world.users[i]->status = "offline";
    }
    for (size_t i = 0; i < sv->world.pending.cap; i++) {
        struct pending *p = sv->world.pending.slots[i].value;
        if (p) {
            *p = (struct pending){0};
        }
    }
    o->net->down_until_us = lws_now_usecs() + order_int(o, "down_ms", 0) * LWS_US_PER_MS;
    return NULL;
}

/* ---- deaf ---- */

static const char *deaf_zombie(const struct order *o) {
    for (struct session *s = o->server->world.bot->sessions; s; s = s->next) {
        s->zombie = s->wsi != NULL;
    }
    return NULL;
}

static const char *disable_bot(const struct order *o) {
    struct user *bot = o->server->world.bot;
    event_status(o->server, bot, "offline");
    bot->disabled = true;
    world_touch_user(bot);
    for (struct session *s = bot->sessions; s; s = s->next) {
        s->not_authenticated = true;
    }
    return forget_away(o);
}

static const char *enable_bot(const struct order *o) {
    o->server->world.bot->disabled = false;
    world_touch_user(o->server->world.bot);
    return NULL;
}

static const char *revoke_token(const struct order *o) {
    o->server->world.bot->revoked = true;
    return NULL;
}

static const char *restore_token(const struct order *o) {
    o->server->world.bot->revoked = false;
    return NULL;
}

/* ---- frames ---- */

static const char *send_frame(const struct order *o) {
    struct frame *f = order_frame(o);
    if (!f) {
        return "text or hex is missing";
    }
    for (int64_t i = order_int(o, "times", 1); i > 0; i--) {
        event_push_to_bot(o->server, f);
    }
    frame_unref(f);
    return NULL;
}

static const char *repeat_event(const struct order *o) {
    struct frame *f = o->server->gate.last_posted;
    if (!f) {
        return "nothing has been posted";
    }
    for (int64_t i = order_int(o, "times", 1); i > 0; i--) {
        event_push_to_bot(o->server, f);
    }
    return NULL;
}

static const char *repeat_hello(const struct order *o) {
    for (struct session *s = o->server->world.bot->sessions; s; s = s->next) {
        if (s->wsi) {
            event_hello(o->server, s);
        }
    }
    return NULL;
}

static const char *double_events(const struct order *o) {
    o->server->gate.double_times = (int)order_int(o, "times", 1);
    return NULL;
}

static const char *skip_seq(const struct order *o) {
    for (struct session *s = o->server->world.bot->sessions; s; s = s->next) {
        s->next_seq += order_int(o, "n", 1);
        s->replay_seq = s->next_seq;
    }
    return NULL;
}

static const char *hold_events(const struct order *o) {
    o->server->gate.hold = true;
    return NULL;
}

static const char *release_events(const struct order *o) {
    event_release(o->server, strcmp(order_string(o, "order", ""), "reverse") == 0);
    return NULL;
}

const struct order_kind orders_net[] = {
    {"drop_sockets", drop_sockets},
    {"send_close", send_close},
    {"restart", restart},
    {"forget_away", forget_away},
    {"deaf_zombie", deaf_zombie},
    {"disable_bot", disable_bot},
    {"enable_bot", enable_bot},
    {"revoke_token", revoke_token},
    {"restore_token", restore_token},
    {"send_frame", send_frame},
    {"repeat_event", repeat_event},
    {"repeat_hello", repeat_hello},
    {"double_events", double_events},
    {"skip_seq", skip_seq},
    {"hold_events", hold_events},
    {"release_events", release_events},
    {NULL, NULL},
};
