/* Reactions: everybody's can be read, only one's own added and taken back. */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/posts.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define EMOJI_MAX_LEN 64

static bool is_emoji_name(const char *s) {
    size_t n = 0;
    for (; s[n]; n++) {
        if (!isalnum((unsigned char)s[n]) && !strchr("-+_", s[n])) {
            return false;
        }
    }
    return n > 0 && n <= EMOJI_MAX_LEN;
}

static bool sees(const struct call *c, const struct post *p) {
    return p && (world_is_member(&c->server->world, p->channel, c->user) || c->user->is_admin);
}

/* The post to react to; answers 403 or 404 itself. */
static struct post *find(struct call *c, const char *post_id) {
    struct post *p = posts_find(&c->server->world, post_id);
    if (!sees(c, p)) {
        rest_forbidden(c);
        return NULL;
    }
    if (p->delete_at) {
        rest_error(c, 404, "app.post.get.app_error", "Unable to get the post.");
        return NULL;
    }
    return p;
}

void rest_add_reaction(struct call *c) {
    if (!cJSON_IsObject(c->json)) {
        rest_bad_body(c, "reaction");
        return;
    }
    const char *user_id = json_string(c->json, "user_id");
    const char *post_id = json_string(c->json, "post_id");
    const char *emoji = json_string(c->json, "emoji_name");
    if (!user_id || !world_is_id(user_id) || !post_id || !world_is_id(post_id) || !emoji ||
        !is_emoji_name(emoji)) {
        rest_error(c, 400, "api.reaction.save_reaction.invalid.app_error",
                   "Reaction is not valid.");
        return;
    }
    if (strcmp(user_id, c->user->id) != 0) {
        rest_error(c, 403, "api.reaction.save_reaction.user_id.app_error",
                   "You cannot save reaction for the other user.");
        return;
    }
    struct post *p = find(c, post_id);
    if (!p) {
        return;
    }
    if (p->channel->delete_at) {
        rest_error(c, 403, "api.reaction.save.archived_channel.app_error",
                   "You cannot react in an archived channel.");
        return;
    }
    const struct reaction *r = posts_react(&c->server->world, p, c->user, emoji);
    shape_reaction(&c->out, p, c->user, r->emoji, r->create_at, r->create_at);
    event_reaction(c->server, p, c->user, r->emoji, r->create_at);
}

void rest_remove_reaction(struct call *c) {
    const struct user *u = rest_user(c, c->params[0]);
    if (!u) {
        return;
    }
    if (u != c->user) {
        rest_forbidden(c);
        return;
    }
    struct post *p = find(c, c->params[1]);
    if (!p) {
        return;
    }
    if (posts_unreact(p, u, c->params[2])) {
        event_reaction(c->server, p, u, c->params[2], 0);
    }
    rest_ok(c);
}

void rest_get_reactions(struct call *c) {
    const struct post *p = posts_find(&c->server->world, c->params[0]);
    if (!sees(c, p)) {
        rest_forbidden(c);
        return;
    }
    if (p->delete_at) {
        rest_error(c, 404, "app.post.get.app_error", "Unable to get the post.");
        return;
    }
    shape_reactions(&c->out, p);
}

void rest_reactions_by_ids(struct call *c) {
    if (!cJSON_IsArray(c->json)) {
        rest_bad_body(c, "post_ids");
        return;
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, c->json) {
        const char *id = cJSON_IsString(item) ? item->valuestring : "";
        if (!sees(c, posts_find(&c->server->world, id))) {
            rest_forbidden(c);
            return;
        }
    }
    buf_adds(&c->out, "{");
    cJSON_ArrayForEach(item, c->json) {
        const struct post *p = posts_find(&c->server->world, item->valuestring);
        buf_addf(&c->out, "%s\"%s\":", c->out.len > 1 ? "," : "", p->id);
        shape_reactions(&c->out, p);
    }
    buf_adds(&c->out, "}");
}
