/* Writing posts. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/fake/posts.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define PROPS_MAX_RUNES 8000

static size_t runes(const char *s) {
    size_t n = 0;
    for (; *s; s++) {
        n += ((unsigned char)*s & 0xc0) != 0x80;
    }
    return n;
}

static void bad_root(struct call *c) {
    rest_error(c, 400, "api.post.create_post.root_id.app_error", "Invalid RootId parameter.");
}

/* False when the request has been answered with the reason. */
static bool find_root(struct call *c, struct draft *d) {
    const char *root_id = json_string(c->json, "root_id");
    if (!root_id || !*root_id) {
        return true;
    }
    d->root = posts_find(&c->server->world, root_id);
    if (!d->root || d->root->channel != d->channel || d->root->delete_at || d->root->root) {
        bad_root(c);
        return false;
    }
    return true;
}

/* The text of the post's props, "from_bot" of a bot included. */
static void make_props(const struct call *c, struct buf *out) {
    const cJSON *given = json_member(c->json, "props");
    cJSON *props = cJSON_IsObject(given) ? cJSON_Duplicate(given, 1) : cJSON_CreateObject();
    if (c->user->is_bot) {
        cJSON_DeleteItemFromObjectCaseSensitive(props, "from_bot");
        cJSON_AddStringToObject(props, "from_bot", "true");
    }
    shape_map(out, props);
    cJSON_Delete(props);
}

static bool text_fits(struct call *c, const char *message, const char *props) {
    if (runes(message) > (size_t)c->server->world.max_post_size) {
        rest_error(c, 400, "model.post.is_valid.msg.app_error", "Invalid message.");
        return false;
    }
    if (props && runes(props) > PROPS_MAX_RUNES) {
        rest_error(c, 400, "model.post.is_valid.props.app_error", "Invalid props.");
        return false;
    }
    if (c->has_nul) {
        rest_error(c, 500, "app.post.save.app_error", "Unable to save the Post.");
        return false;
    }
    return true;
}

static struct post *create(struct call *c, struct draft *d, const char *pending_id) {
    struct buf props;
    buf_init(&props, BODY_MAX_BYTES);
    struct post *p = NULL;
    if (find_root(c, d)) {
        make_props(c, &props);
        d->props = buf_text(&props);
        d->key = json_string(json_member(c->json, "props"), "kizuki_key");
        p = text_fits(c, d->message, d->props) ? posts_add(&c->server->world, d) : NULL;
        if (!p && c->status == 200) {
            rest_error(c, 500, "app.post.save.app_error", "Unable to save the Post.");
        }
    }
    buf_free(&props);
    if (p) {
        c->status = 201;
        rest_attach_files(c, p);
        shape_post(&c->out, p, POST_FULL, pending_id);
        event_posted(c->server, p, pending_id);
    }
    return p;
}

/* Whatever else is asked for, the first post made with this id is the answer for 30 s. */
static void create_once(struct call *c, struct draft *d, const char *pending_id) {
    struct pending *e = posts_pending(&c->server->world, pending_id);
    if (e->in_flight && e != c->pending) {
        rest_error(c, 500, "api.post.deduplicate_create_post.pending",
                   "Rejected post since another client is making the same request.");
        return;
    }
    if (e->post && e->post->delete_at) {
        rest_error(c, 500, "api.post.deduplicate_create_post.failed_to_get",
                   "Failed to fetch original post after deduplicating a client repeating the same "
                   "request.");
        return;
    }
    if (e->post) {
        c->status = 201;
        shape_post(&c->out, e->post, POST_BARE, "");
        return;
    }
    e->at_ms = clock_now_ms();
    e->post = create(c, d, pending_id);
}

void rest_create_post(struct call *c) {
    if (!cJSON_IsObject(c->json)) {
        rest_bad_body(c, "post");
        return;
    }
    const char *channel_id = json_string(c->json, "channel_id");
    const char *message = json_string(c->json, "message");
    const char *type = json_string(c->json, "type");
    const char *pending_id = json_string(c->json, "pending_post_id");
    struct draft d = {.user = c->user, .message = message ? message : ""};
    d.type = type ? type : "";
    d.channel = channel_id ? world_channel(&c->server->world, channel_id) : NULL;
    if (!d.channel ||
        (!world_is_member(&c->server->world, d.channel, c->user) && !c->user->is_admin)) {
        rest_forbidden(c);
    } else if (strncmp(d.type, "system_", 7) == 0) {
        rest_error(c, 400, "api.context.invalid_param.app_error", "Invalid post.type parameter.");
    } else if (d.channel->delete_at) {
        rest_error(c, 400, "api.post.create_post.can_not_post_to_deleted.error",
                   "Can not post to deleted channel.");
    } else if (pending_id && *pending_id) {
        create_once(c, &d, pending_id);
    } else {
        create(c, &d, "");
    }
    if (c->pending) {
        c->pending->in_flight = false;
    }
}

void rest_create_ephemeral(struct call *c) {
    rest_forbidden(c); /* nobody here may, and the bot must not try */
}

/* A post of a channel the caller is in; with `own` the caller's. Answers 403 itself. */
static struct post *writable_post(struct call *c, bool own) {
    if (!world_is_id(c->params[0])) {
        rest_bad_param(c, "post_id");
        return NULL;
    }
    const struct world *w = &c->server->world;
    struct post *p = posts_find(w, c->params[0]);
    bool may = p && !p->delete_at &&
               (world_is_member(w, p->channel, c->user) || c->user->is_admin) &&
               (!own || p->user == c->user || c->user->is_admin);
    if (!may) {
        rest_forbidden(c);
        return NULL;
    }
    return p;
}

void rest_patch_post(struct call *c) {
    if (!cJSON_IsObject(c->json)) {
        rest_bad_body(c, "post");
        return;
    }
    struct post *p = writable_post(c, true);
    if (!p) {
        return;
    }
    if (p->channel->delete_at) {
        rest_error(c, 400, "api.post.update_post.can_not_update_post_in_deleted.error",
                   "Can not update a post in a deleted channel.");
        return;
    }
    const char *message = json_string(c->json, "message");
    const cJSON *props = json_member(c->json, "props");
    const cJSON *pinned = json_member(c->json, "is_pinned");
    bool pin = cJSON_IsTrue(pinned);
    struct buf text;
    buf_init(&text, BODY_MAX_BYTES);
    if (cJSON_IsObject(props)) {
        shape_map(&text, props);
    }
    if (text_fits(c, message ? message : "", text.p)) {
        posts_edit(&c->server->world, p, message, text.p, cJSON_IsBool(pinned) ? &pin : NULL);
        shape_post(&c->out, p, POST_FULL, "");
        event_post_edited(c->server, p);
    }
    buf_free(&text);
}

void rest_delete_post(struct call *c) {
    struct post *p = writable_post(c, true);
    if (p) {
        event_post_deleted(c->server, p); /* its delete_at is still 0 there */
        posts_delete(&c->server->world, p, c->user);
        rest_ok(c);
    }
}

static void set_pinned(struct call *c, bool pinned) {
    struct post *p = writable_post(c, false);
    if (p) {
        posts_edit(&c->server->world, p, NULL, NULL, &pinned);
        event_post_edited(c->server, p);
        rest_ok(c);
    }
}

void rest_pin_post(struct call *c) {
    set_pinned(c, true);
}

void rest_unpin_post(struct call *c) {
    set_pinned(c, false);
}
