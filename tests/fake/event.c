#include "tests/fake/event.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/mention.h"
#include "tests/fake/server.h"
#include "tests/fake/shape.h"

#define EVENT_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define HELD_MAX_BYTES  ((size_t)64 * 1024 * 1024)

/* Where an event goes: the fields of "broadcast". */
struct aim {
    const struct user *user;
    const struct channel *channel;
    const struct user *omit;
};

static void begin(struct buf *b, const char *name) {
    buf_init(b, EVENT_MAX_BYTES);
    buf_addf(b, "{\"event\":\"%s\",\"data\":", name);
}

/* Closes the event and frees the buffer. */
static struct frame *finish(struct buf *b, const struct aim *aim) {
    buf_adds(b, ",\"broadcast\":{\"omit_users\":");
    if (aim->omit) {
        buf_addf(b, "{\"%s\":true}", aim->omit->id);
    } else {
        buf_adds(b, "null");
    }
    buf_addf(b, ",\"user_id\":\"%s\",\"channel_id\":\"%s\",\"team_id\":\"\"},\"seq\":",
             aim->user ? aim->user->id : "", aim->channel ? aim->channel->id : "");
    struct frame *f = frame_new(buf_text(b), b->len, true);
    buf_free(b);
    return f;
}

static void push_to_sessions(struct user *u, struct frame *f) {
    for (struct session *s = u->sessions, *next; s; s = next) {
        next = s->next; /* pushing may forget s */
        session_push(s, f);
    }
}

void event_push_to_bot(struct server *sv, struct frame *f) {
    push_to_sessions(sv->world.bot, f);
}

static void push_to_user(struct server *sv, struct user *u, struct frame *f) {
    struct event_gate *g = &sv->gate;
    if (u != sv->world.bot) {
        push_to_sessions(u, f);
        return;
    }
    if (g->hold) {
        if (g->held.bytes < HELD_MAX_BYTES) {
            frame_queue_push(&g->held, f);
        }
        return;
    }
    push_to_sessions(u, f);
    if (g->double_times) {
        g->double_times -= g->double_times > 0;
        push_to_sessions(u, f);
    }
}

void event_release(struct server *sv, bool reversed) {
    struct frame_queue held = sv->gate.held;
    sv->gate.held = (struct frame_queue){0};
    sv->gate.hold = false;
    for (size_t i = 0; i < held.n; i++) {
        size_t at = reversed ? held.n - 1 - i : i;
        push_to_user(sv, sv->world.bot, held.ring[(held.head + at) % held.cap]);
    }
    frame_queue_free(&held);
}

void event_gate_free(struct event_gate *g) {
    frame_queue_free(&g->held);
    frame_unref(g->last_posted);
}

static void send_to_channel(struct server *sv, struct buf *b, const struct aim *aim) {
    struct frame *f = finish(b, aim);
    for (size_t i = 0; i < aim->channel->n_members; i++) {
        if (aim->channel->members[i] != aim->omit) {
            push_to_user(sv, aim->channel->members[i], f);
        }
    }
    frame_unref(f);
}

static void send_to_user(struct server *sv, struct buf *b, struct user *u) {
    struct frame *f = finish(b, &(struct aim){.user = u});
    push_to_user(sv, u, f);
    frame_unref(f);
}

static void send_to_all(struct server *sv, struct buf *b) {
    struct frame *f = finish(b, &(struct aim){0});
    for (size_t i = 0; i < sv->world.n_users; i++) {
        push_to_user(sv, sv->world.users[i], f);
    }
    frame_unref(f);
}

void event_hello(struct server *sv, struct session *s) {
    (void)sv;
    struct buf b;
    begin(&b, "hello");
    buf_addf(&b, "{\"connection_id\":\"%s\",\"server_version\":\"" SERVER_BUILD "\"}", s->id);
    struct frame *f = finish(&b, &(struct aim){.user = s->user});
    session_push(s, f);
    frame_unref(f);
}

/* ---- posts ---- */

static void add_post_string(struct buf *b, const struct post *p, enum post_form form,
                            const char *pending_id) {
    struct buf inner;
    buf_init(&inner, EVENT_MAX_BYTES);
    shape_post(&inner, p, form, pending_id);
    shape_string(b, buf_text(&inner));
    buf_free(&inner);
}

static const char *sender_of(const struct post *p, struct buf *out) {
    struct json_error err;
    cJSON *props = json_parse(p->props, strlen(p->props), EVENT_MAX_BYTES, &err);
    const char *override = json_string(props, "override_username");
    if (strncmp(p->type, "system_", 7) == 0) {
        buf_adds(out, "System");
    } else if (override && json_string(props, "from_webhook")) {
        buf_adds(out, override);
    } else {
        buf_addf(out, "@%s", p->user->username);
    }
    cJSON_Delete(props);
    return buf_text(out);
}

void event_posted(struct server *sv, const struct post *p, const char *pending_id) {
    const struct channel *c = p->channel;
    struct buf b;
    struct buf sender;
    struct buf mentions;
    buf_init(&sender, EVENT_MAX_BYTES);
    buf_init(&mentions, EVENT_MAX_BYTES);
    sender_of(p, &sender);
    mention_list(&mentions, &sv->world, p);
    begin(&b, "posted");
    buf_adds(&b, "{\"channel_display_name\":");
    shape_string(&b, c->type == 'D' ? buf_text(&sender) : c->display_name);
    buf_adds(&b, ",\"channel_name\":");
    shape_string(&b, c->name);
    buf_addf(&b, ",\"channel_type\":\"%c\"", c->type);
    if (mentions.len) {
        buf_adds(&b, ",\"mentions\":");
        shape_string(&b, buf_text(&mentions));
    }
    buf_adds(&b, ",\"post\":");
    add_post_string(&b, p, POST_FULL, pending_id);
    buf_adds(&b, ",\"sender_name\":");
    shape_string(&b, buf_text(&sender));
    buf_addf(&b, ",\"set_online\":true,\"team_id\":\"%s\"}",
             c->type == 'O' || c->type == 'P' ? sv->world.team_id : "");
    struct frame *f = finish(&b, &(struct aim){.channel = c});
    frame_unref(sv->gate.last_posted);
    sv->gate.last_posted = frame_ref(f);
    for (size_t i = 0; i < c->n_members; i++) {
        push_to_user(sv, c->members[i], f);
    }
    frame_unref(f);
    buf_free(&sender);
    buf_free(&mentions);
}

static void post_event(struct server *sv, const char *name, const struct post *p) {
    struct buf b;
    begin(&b, name);
    buf_adds(&b, "{\"post\":");
    add_post_string(&b, p, POST_FULL, "");
    buf_adds(&b, "}");
    send_to_channel(sv, &b, &(struct aim){.channel = p->channel});
}

void event_post_edited(struct server *sv, const struct post *p) {
    post_event(sv, "post_edited", p);
}

void event_post_deleted(struct server *sv, const struct post *p) {
    post_event(sv, "post_deleted", p);
}

void event_reaction(struct server *sv, const struct post *p, const struct user *u,
                    const char *emoji, int64_t create_at) {
    struct buf b;
    struct buf inner;
    begin(&b, create_at ? "reaction_added" : "reaction_removed");
    buf_init(&inner, EVENT_MAX_BYTES);
    shape_reaction(&inner, p, u, emoji, create_at, create_at ? create_at : clock_now_ms());
    buf_adds(&b, "{\"reaction\":");
    shape_string(&b, buf_text(&inner));
    buf_adds(&b, "}");
    buf_free(&inner);
    send_to_channel(sv, &b, &(struct aim){.channel = p->channel});
}

/* ---- channels and people ---- */

void event_opened_direct(struct server *sv, const struct channel *c, const struct user *creator) {
    struct buf b;
    if (c->type == 'G') {
        struct buf ids;
        buf_init(&ids, EVENT_MAX_BYTES);
        for (size_t i = 0; i < c->n_members; i++) {
            buf_addf(&ids, "%s\"%s\"", i ? "," : "[", c->members[i]->id);
        }
        buf_adds(&ids, "]");
        begin(&b, "group_added");
        buf_adds(&b, "{\"teammate_ids\":");
        shape_string(&b, buf_text(&ids));
        buf_adds(&b, "}");
        buf_free(&ids);
    } else {
        const struct user *mate = c->members[0];
        if (mate == creator && c->n_members > 1) {
            mate = c->members[1];
        }
        begin(&b, "direct_added");
        buf_addf(&b, "{\"creator_id\":\"%s\",\"teammate_id\":\"%s\"}", creator->id, mate->id);
    }
    send_to_channel(sv, &b, &(struct aim){.channel = c});
}

void event_user_added(struct server *sv, const struct channel *c, const struct user *u) {
    struct buf b;
    begin(&b, "user_added");
    buf_addf(&b, "{\"team_id\":\"%s\",\"user_id\":\"%s\"}", sv->world.team_id, u->id);
    send_to_channel(sv, &b, &(struct aim){.channel = c});
}

void event_user_removed(struct server *sv, const struct channel *c, const struct user *u) {
    const char *remover = sv->world.admin->id;
    struct buf b;
    begin(&b, "user_removed");
    buf_addf(&b, "{\"remover_id\":\"%s\",\"user_id\":\"%s\"}", remover, u->id);
    send_to_channel(sv, &b, &(struct aim){.channel = c});
    begin(&b, "user_removed");
    buf_addf(&b, "{\"channel_id\":\"%s\",\"remover_id\":\"%s\"}", c->id, remover);
    send_to_user(sv, &b, world_user(&sv->world, u->id));
}

void event_channel_deleted(struct server *sv, const struct channel *c) {
    struct buf b;
    begin(&b, "channel_deleted");
    buf_addf(&b, "{\"channel_id\":\"%s\",\"delete_at\":%" PRId64 "}", c->id, c->delete_at);
    send_to_channel(sv, &b, &(struct aim){.channel = c});
}

void event_left_team(struct server *sv, const struct user *u) {
    struct buf b;
    begin(&b, "leave_team");
    buf_addf(&b, "{\"team_id\":\"%s\",\"user_id\":\"%s\"}", sv->world.team_id, u->id);
    send_to_all(sv, &b);
}

void event_new_user(struct server *sv, const struct user *u) {
    struct buf b;
    begin(&b, "new_user");
    buf_addf(&b, "{\"user_id\":\"%s\"}", u->id);
    send_to_all(sv, &b);
}

void event_user_updated(struct server *sv, const struct user *u) {
    struct buf b;
    begin(&b, "user_updated");
    buf_adds(&b, "{\"user\":");
    shape_user(&b, u, false);
    buf_adds(&b, "}");
    send_to_all(sv, &b);
}

void event_typing(struct server *sv, const struct channel *c, const struct user *u,
                  const char *parent_id) {
    struct buf b;
    begin(&b, "typing");
    buf_adds(&b, "{\"parent_id\":");
    shape_string(&b, parent_id);
    buf_addf(&b, ",\"user_id\":\"%s\"}", u->id);
    send_to_channel(sv, &b, &(struct aim){.channel = c, .omit = u});
}

void event_viewed(struct server *sv, const struct channel *c, struct user *u) {
    struct buf b;
    begin(&b, "channel_viewed");
    buf_addf(&b, "{\"channel_id\":\"%s\"}", c->id);
    send_to_user(sv, &b, u);
}

void event_status(struct server *sv, struct user *u, const char *status) {
    if (strcmp(u->status, status) == 0) {
        return;
    }
    u->status = status;
    struct buf b;
    begin(&b, "status_change");
    buf_addf(&b, "{\"status\":\"%s\",\"user_id\":\"%s\"}", status, u->id);
    send_to_user(sv, &b, u);
}
