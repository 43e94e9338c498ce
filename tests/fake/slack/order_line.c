/* Commands about sockets, envelopes on their way and the tokens. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/slack/control.h"
#include "tests/fake/slack/event.h"

#define BIG_MAX ((int64_t)16 * 1024 * 1024)

/* All sockets, or the one whose number is given. */
static bool is_meant(const struct order *o, const struct socket *s) {
    int64_t number = order_int(o, "socket", 0);
    return s->wsi && (number == 0 || number == s->number);
}

static const char *drop_sockets(const struct order *o) {
    for (struct socket *s = o->server->sockets.list; s; s = s->next) {
        if (is_meant(o, s)) {
            socket_drop(s);
        }
    }
    return NULL;
}

static const char *deaf(const struct order *o) {
    for (struct socket *s = o->server->sockets.list; s; s = s->next) {
        if (is_meant(o, s)) {
            socket_make_deaf(s);
        }
    }
    return NULL;
}

static const char *mute(const struct order *o) {
    for (struct socket *s = o->server->sockets.list; s; s = s->next) {
        if (is_meant(o, s)) {
            s->mute = order_flag(o, "on", true);
        }
    }
    return NULL;
}

static const char *disconnect(const struct order *o) {
    const char *reason = order_string(o, "reason", "refresh_requested");
    for (struct socket *s = o->server->sockets.list; s; s = s->next) {
        if (is_meant(o, s)) {
            socket_say_goodbye(s, reason);
        }
    }
    return NULL;
}

static const char *send_close(const struct order *o) {
    for (struct socket *s = o->server->sockets.list; s; s = s->next) {
        if (is_meant(o, s)) {
            s->close_code = (int)order_int(o, "code", 1001);
            s->ends = s->leaving = true;
            lws_callback_on_writable(s->wsi);
        }
    }
    return NULL;
}

static const char *ghosts(const struct order *o) {
    for (int64_t i = order_int(o, "n", 1); i > 0; i--) {
        socket_add_ghost(o->server);
    }
    return NULL;
}

static const char *forget_ghosts(const struct order *o) {
    socket_forget_ghosts(o->server);
    return NULL;
}

static const char *restart(const struct order *o) {
    socket_forget_ghosts(o->server);
    http_drop_all(o->net, o->wsi);
    o->net->down_until_us = lws_now_usecs() + order_int(o, "down_ms", 0) * LWS_US_PER_MS;
    return NULL;
}

static const char *link_disabled(const struct order *o) {
    o->server->sockets.link_disabled = order_flag(o, "on", true);
    for (struct socket *s = o->server->sockets.list; s; s = s->next) {
        if (s->wsi && o->server->sockets.link_disabled) {
            socket_say_goodbye(s, "link_disabled");
        }
    }
    return NULL;
}

/* ---- frames and envelopes ---- */

static struct frame *big_frame(int64_t bytes) {
    size_t n = (size_t)bytes;
    char *text = xmalloc(n + 1);
    memset(text, 'x', n);
    text[n] = '\0';
    struct frame *f = frame_new(text, n, false);
    free(text);
    return f;
}

static const char *send_frame(const struct order *o) {
    int64_t bytes = order_int(o, "bytes", 0);
    if (bytes < 0 || bytes > BIG_MAX) {
        return "bytes is out of range";
    }
    struct frame *f = bytes ? big_frame(bytes) : order_frame(o);
    if (!f) {
        return "text, hex or bytes is missing";
    }
    f->is_binary = order_flag(o, "binary", false);
    for (int64_t i = order_int(o, "times", 1); i > 0; i--) {
        for (struct socket *s = o->server->sockets.list; s; s = s->next) {
            if (is_meant(o, s)) {
                socket_push(s, f);
            }
        }
    }
    frame_unref(f);
    return NULL;
}

static const char *send_envelope(const struct order *o) {
    const cJSON *payload = json_member(o->args, "payload");
    if (!payload) {
        return "payload is missing";
    }
    delivery_other(o->server, order_string(o, "type", "hermes"), cJSON_Duplicate(payload, 1));
    return NULL;
}

static const char *send_event(const struct order *o) {
    const cJSON *event = json_member(o->args, "event");
    if (!json_string(event, "type")) {
        return "event is missing, or its type";
    }
    event_send(o->server, cJSON_Duplicate(event, 1), order_string(o, "channel", ""));
    return NULL;
}

static const char *repeat_event(const struct order *o) {
    const char *last = o->server->deliveries.last_event;
    if (!last) {
        return "there was no message";
    }
    for (int64_t i = order_int(o, "times", 1); i > 0; i--) {
        struct json_error err;
        delivery_event(o->server, json_parse(last, strlen(last), BODY_MAX_BYTES, &err));
    }
    return NULL;
}

static const char *app_rate_limited(const struct order *o) {
    event_rate_limited(o->server);
    return NULL;
}

static const char *hold_events(const struct order *o) {
    o->server->deliveries.hold = true;
    return NULL;
}

static const char *release_events(const struct order *o) {
    delivery_release(o->server, strcmp(order_string(o, "order", ""), "reverse") == 0);
    return NULL;
}

static const char *double_envelopes(const struct order *o) {
    o->server->deliveries.double_times = (int)order_int(o, "times", 1);
    return NULL;
}

static const char *copies(const struct order *o) {
    o->server->deliveries.copies = (int)order_int(o, "n", 2);
    o->server->deliveries.copies_times = (int)order_int(o, "times", 1);
    return NULL;
}

/* ---- settings ---- */

static void set_times(const struct order *o, struct deliveries *d) {
    const cJSON *list = json_member(o->args, "retry_ms");
    for (int i = 0; i < RETRIES; i++) {
        const cJSON *ms = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, i) : list;
        d->retry_ms[i] = cJSON_IsNumber(ms) ? (int64_t)ms->valuedouble : d->retry_ms[i];
    }
    d->ack_ms = order_int(o, "ack_ms", d->ack_ms);
    d->lose_offline = order_flag(o, "lose_offline", d->lose_offline);
}

static const char *set(const struct order *o) {
    struct sockets *s = &o->server->sockets;
    struct web_state *web = &o->server->web;
    set_times(o, &o->server->deliveries);
    socket_set_ping(o->server, order_int(o, "ping_ms", s->ping_ms));
    s->hello_ms = order_int(o, "hello_ms", s->hello_ms);
    s->life_ms = order_int(o, "life_ms", s->life_ms);
    s->warning_ms = order_int(o, "warning_ms", s->warning_ms);
    s->life_said_s = order_int(o, "life_said_s", s->life_said_s);
    s->max = (int)order_int(o, "max_sockets", s->max);
    s->fragments = (int)order_int(o, "fragments", s->fragments);
    s->no_hello = order_flag(o, "no_hello", s->no_hello);
    web->trigger_ms = order_int(o, "trigger_ms", web->trigger_ms);
    web->history_max = (size_t)order_int(o, "history_max", (int64_t)web->history_max);
    web->no_home = order_flag(o, "no_home", web->no_home);
    web->enterprise = order_flag(o, "enterprise", web->enterprise);
    return NULL;
}

static const char *limits(const struct order *o) {
    struct web_state *web = &o->server->web;
    const cJSON *scale = json_member(o->args, "scale");
    web->limits = order_flag(o, "on", true);
    web->limit_scale = cJSON_IsNumber(scale) ? scale->valuedouble : 1;
    return NULL;
}

/* "token" is "bot" or "app"; without "error" it is good again. */
static const char *token_error(const struct order *o) {
    struct web_state *web = &o->server->web;
    const char *error = json_string(o->args, "error");
    error = error ? arena_strdup(&o->server->world.arena, error) : NULL;
    const char *which = order_string(o, "token", "");
    if (strcmp(which, "app") != 0) {
        web->bot_error = error;
    }
    if (strcmp(which, "bot") != 0) {
        web->app_error = error;
    }
    return NULL;
}

static const char *mark(const struct order *o, struct map *m, bool there) {
    struct server *sv = o->server;
    const char *name = order_string(o, "name", "");
    if (!*name) {
        return "name is missing";
    }
    map_put(m, arena_strdup(&sv->world.arena, name), there ? sv : NULL);
    return NULL;
}

static const char *missing_scope(const struct order *o) {
    return mark(o, &o->server->web.missing, true);
}

static const char *grant_scope(const struct order *o) {
    return mark(o, &o->server->web.missing, false);
}

static const char *unsubscribe(const struct order *o) {
    return mark(o, &o->server->web.unsubscribed, true);
}

static const char *subscribe(const struct order *o) {
    return mark(o, &o->server->web.unsubscribed, false);
}

static const char *reset_counters(const struct order *o) {
    struct web_state *web = &o->server->web;
    memset(web->n_requests, 0, sizeof(web->n_requests));
    web->n_limited = web->n_impatient = web->n_unknown = 0;
    web->n_bad_blocks = web->n_errors = web->n_warnings = 0;
    web->unknown[0] = web->bad_blocks[0] = web->last_error[0] = '\0';
    return NULL;
}

const struct order_kind orders_line[] = {
    {"drop_sockets", drop_sockets},
    {"deaf", deaf},
    {"mute", mute},
    {"disconnect", disconnect},
    {"send_close", send_close},
    {"ghosts", ghosts},
    {"forget_ghosts", forget_ghosts},
    {"restart", restart},
    {"link_disabled", link_disabled},
    {"send_frame", send_frame},
    {"send_envelope", send_envelope},
    {"send_event", send_event},
    {"repeat_event", repeat_event},
    {"app_rate_limited", app_rate_limited},
    {"hold_events", hold_events},
    {"release_events", release_events},
    {"double_envelopes", double_envelopes},
    {"copies", copies},
    {"set", set},
    {"limits", limits},
    {"token_error", token_error},
    {"missing_scope", missing_scope},
    {"grant_scope", grant_scope},
    {"unsubscribe", unsubscribe},
    {"subscribe", subscribe},
    {"reset_counters", reset_counters},
    {NULL, NULL},
};
