/* Commands about connections, events on their way and HTTP. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/http.h"
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
    http_drop_all(sv, o->wsi);
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
    sv->down_until_us = lws_now_usecs() + order_int(o, "down_ms", 0) * LWS_US_PER_MS;
    return NULL;
}

static const char *refuse_upgrade(const struct order *o) {
    struct refusal r = {.status = (int)order_int(o, "status", 503)};
    r.times = (int)order_int(o, "times", 1);
    r.retry_after = (int)order_int(o, "retry_after", 1);
    lws_strncpy(r.location, order_string(o, "location", ""), sizeof(r.location));
    if (r.status == 302 && !r.location[0]) {
        return "302 needs a location";
    }
    o->server->faults.refusal = r;
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

static int hex_digit(char c) {
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

static size_t decode_hex(const char *hex, char *out) {
    size_t n = 0;
    for (; hex[0] && hex[1]; hex += 2) {
        int high = hex_digit(hex[0]);
        int low = hex_digit(hex[1]);
        if (high < 0 || low < 0) {
            return 0;
        }
        out[n++] = (char)(high * 16 + low);
    }
    return n;
}

static const char *send_frame(const struct order *o) {
    const char *text = json_string(o->args, "text");
    const char *hex = json_string(o->args, "hex");
    if (!text && !hex) {
        return "text or hex is missing";
    }
    size_t n = strlen(text ? text : hex);
    char *bytes = xmalloc(n + 1);
    if (text) {
        memcpy(bytes, text, n);
    } else {
        n = decode_hex(hex, bytes);
    }
    struct frame *f = frame_new(bytes, n, false);
    int64_t parts = order_int(o, "fragments", 1);
    f->fragments = parts < 1 ? 1 : parts > (int64_t)n ? (int)n + !n : (int)parts;
    for (int64_t i = order_int(o, "times", 1); i > 0; i--) {
        event_push_to_bot(o->server, f);
    }
    frame_unref(f);
    free(bytes);
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

/* ---- HTTP ---- */

static const char *rate_limit(const struct order *o) {
    struct rate *r = &o->server->faults.rate;
    *r = (struct rate){.at_ms = clock_now_ms()};
    const cJSON *per_second = json_member(o->args, "per_second");
    r->per_second = cJSON_IsNumber(per_second) ? per_second->valuedouble : 0;
    r->burst = (double)order_int(o, "burst", 100);
    return NULL;
}

static const char *http_fault(const struct order *o) {
    struct fault f = {.after = (int)order_int(o, "after", 0)};
    const char *kind = order_string(o, "kind", "");
    for (int i = FAULT_NONE + 1; i < FAULT__COUNT; i++) {
        if (strcmp(kind, fault_names[i]) == 0) {
            f.kind = (enum fault_kind)i;
        }
    }
    if (f.kind == FAULT_NONE) {
        return "no such kind of fault";
    }
    f.times = (int)order_int(o, "times", 1);
    f.status = (int)order_int(o, "status", 500);
    f.retry_after = (int)order_int(o, "retry_after", 0);
    f.ms = order_int(o, "ms", 1000);
    lws_strncpy(f.path, order_string(o, "path", ""), sizeof(f.path));
    lws_strncpy(f.method, order_string(o, "method", ""), sizeof(f.method));
    lws_strncpy(f.content_type, order_string(o, "content_type", "application/json"),
                sizeof(f.content_type));
    f.body = xstrdup(order_string(o, "body", ""));
    if (!fault_add(&o->server->faults, &f)) {
        free(f.body);
        return "too many faults at once";
    }
    return NULL;
}

static const char *clear_faults(const struct order *o) {
    struct faults *fs = &o->server->faults;
    fault_clear(fs);
    fs->refusal.times = 0;
    fs->lose_percent = 0;
    fs->rate.per_second = 0;
    return NULL;
}

static const char *lose_answers(const struct order *o) {
    o->server->faults.lose_percent = (int)order_int(o, "percent", 0);
    /* Never 0, which the generator would not leave. */
    o->server->faults.lose_state =
        (uint64_t)order_int(o, "seed", 1) * 0x9e3779b97f4a7c15u + 0x1234567u;
    return NULL;
}

const struct order_kind orders_net[] = {
    {"drop_sockets", drop_sockets},
    {"send_close", send_close},
    {"restart", restart},
    {"forget_away", forget_away},
    {"refuse_upgrade", refuse_upgrade},
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
    {"rate_limit", rate_limit},
    {"http_fault", http_fault},
    {"clear_faults", clear_faults},
    {"lose_answers", lose_answers},
    {NULL, NULL},
};
