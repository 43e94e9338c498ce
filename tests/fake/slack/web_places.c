/* Channels and what was said in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/slack/message.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

#define PAGE       100
#define HISTORY_US ((int64_t)1000000)

/* ---- channels ---- */

static const char *open_with(struct web *w, struct user *u) {
    struct world *world = &w->server->world;
    if (!u || strcmp(u->id, "USLACKBOT") == 0) {
        return "user_not_found";
    }
    if (u->deleted) {
        return "user_disabled";
    }
    if (*u->bot_id) {
        return "cannot_dm_bot";
    }
    if (!u->im && web_arg_flag(w, "prevent_creation", false)) {
        return "channel_not_found";
    }
    bool is_new = false;
    struct channel *c = world_open_im(world, u, &is_new);
    bool was_open = !is_new && !c->closed;
    c->closed = false;
    if (was_open) {
        cJSON_AddBoolToObject(w->reply, "no_op", true);
        cJSON_AddBoolToObject(w->reply, "already_open", true);
    }
    if (web_arg_flag(w, "return_im", false)) {
        cJSON_AddItemToObject(w->reply, "channel", shape_channel(world, c));
    } else {
        cJSON_AddStringToObject(shape_object(w->reply, "channel"), "id", c->id);
    }
    return NULL;
}

const char *web_conversations_open(struct web *w) {
    struct world *world = &w->server->world;
    const char *channel = web_arg(w, "channel");
    const char *users = web_arg(w, "users");
    if (*channel) {
        const struct channel *c = web_channel(w, "channel");
        return c && c->place == PLACE_IM ? open_with(w, world_im_user(world, c))
                                         : "channel_not_found";
    }
    if (!*users) {
        return "users_list_not_supplied";
    }
    return strchr(users, ',') ? "method_not_supported_for_channel_type"
                              : open_with(w, world_user(world, users));
}

const char *web_conversations_info(struct web *w) {
    const struct channel *c = web_channel(w, "channel");
    const char *wrong = c ? web_need_place_scope(w, c, "read") : "channel_not_found";
    if (!wrong) {
        cJSON_AddItemToObject(w->reply, "channel", shape_channel(&w->server->world, c));
    }
    return wrong;
}

static bool is_wanted(const struct channel *c, const char *types, bool no_archived) {
    static const char *const names[] = {"im", "public_channel", "private_channel", "mpim"};
    size_t n = strlen(names[c->place]);
    for (const char *p = types; *p;) {
        size_t len = strcspn(p, ",");
        if (len == n && strncmp(p, names[c->place], n) == 0) {
            return !(no_archived && c->archived);
        }
        p += len + (p[len] == ',');
    }
    return false;
}

/* Those the bot may see; with `u` those both are in. */
static const char *list(struct web *w, const struct user *u) {
    const struct world *world = &w->server->world;
    const char *types = web_arg(w, "types");
    types = *types ? types : "public_channel";
    bool no_archived = web_arg_flag(w, "exclude_archived", false);
    const struct channel **found = xmalloc((world->n_channels + 1) * sizeof(struct channel *));
    size_t n = 0;
    for (size_t i = 0; i < world->n_channels; i++) {
        const struct channel *c = world->channels[i];
        bool in = world_is_member(c, world->bot);
        bool seen = u ? in && world_is_member(c, u) : in || c->place == PLACE_CHANNEL;
        if (seen && is_wanted(c, types, no_archived)) {
            found[n++] = c;
        }
    }
    size_t from = 0;
    size_t to = 0;
    bool good = web_page(w, n, PAGE, &from, &to);
    cJSON *channels = shape_array(w->reply, "channels");
    for (size_t i = from; good && i < to; i++) {
        cJSON_AddItemToArray(channels, shape_channel(world, found[i]));
    }
    free(found);
    if (!good) {
        return "invalid_cursor";
    }
    web_add_cursor(w, to, n);
    return NULL;
}

/* Every type asked for wants its scope. */
static const char *check_types(struct web *w) {
    static const char *const scopes[][2] = {
        {"im", "im:read"}, {"public_channel", "channels:read"}, {"private_channel", "groups:read"}};
    const char *types = web_arg(w, "types");
    const char *wrong = NULL;
    for (size_t i = 0; !wrong && i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        bool wanted = *types ? strstr(types, scopes[i][0]) != NULL : i == 1;
        wrong = wanted ? web_need_scope(w, scopes[i][1]) : NULL;
    }
    return wrong;
}

const char *web_conversations_list(struct web *w) {
    if (w->server->web.enterprise && !*web_arg(w, "team_id")) {
        return "missing_argument";
    }
    const char *wrong = check_types(w);
    return wrong ? wrong : list(w, NULL);
}

const char *web_users_conversations(struct web *w) {
    const char *id = web_arg(w, "user");
    const struct user *u = *id ? world_user(&w->server->world, id) : w->server->world.bot;
    const char *wrong = check_types(w);
    return wrong ? wrong : u ? list(w, u) : "user_not_found";
}

const char *web_conversations_members(struct web *w) {
    const struct channel *c = web_channel(w, "channel");
    const char *wrong = c ? web_need_place_scope(w, c, "read") : "channel_not_found";
    size_t from = 0;
    size_t to = 0;
    if (!wrong && !web_page(w, c->n_members, PAGE, &from, &to)) {
        wrong = "invalid_cursor";
    }
    if (wrong) {
        return wrong;
    }
    cJSON *members = shape_array(w->reply, "members");
    for (size_t i = from; i < to; i++) {
        cJSON_AddItemToArray(members, cJSON_CreateString(c->members[i]->id));
    }
    web_add_cursor(w, to, c->n_members);
    return NULL;
}

/* ---- messages ---- */

static bool read_ts(const char *s, int64_t *ret_us) {
    char *end;
    long long seconds = strtoll(s, &end, 10);
    int64_t us = 0;
    int digits = 0;
    if (end == s || seconds < 0) {
        return false;
    }
    if (*end == '.') {
        for (end++; *end >= '0' && *end <= '9' && digits < 6; end++, digits++) {
            us = us * 10 + (*end - '0');
        }
    }
    for (; digits < 6; digits++) {
        us *= 10;
    }
    *ret_us = seconds * HISTORY_US + us;
    return *end == '\0';
}

struct window {
    int64_t oldest;
    int64_t latest;
    bool inclusive;
};

static const char *read_window(struct web *w, struct window *ret) {
    const char *oldest = web_arg(w, "oldest");
    const char *latest = web_arg(w, "latest");
    *ret = (struct window){.latest = INT64_MAX, .inclusive = web_arg_flag(w, "inclusive", false)};
    ret->oldest = -1;
    if (*oldest && !read_ts(oldest, &ret->oldest)) {
        return "invalid_ts_oldest";
    }
    if (*latest && strcmp(latest, "now") != 0 && !read_ts(latest, &ret->latest)) {
        return "invalid_ts_latest";
    }
    return NULL;
}

static bool is_inside(const struct window *in, const struct message *m) {
    int64_t at = 0;
    (void)read_ts(m->ts, &at);
    bool edge = at == in->oldest || at == in->latest;
    return edge ? in->inclusive : at > in->oldest && at < in->latest;
}

/* Puts a page of the messages, which are in their order, into the reply. */
static const char *put_page(struct web *w, struct message **found, size_t n, size_t usual) {
    size_t from = 0;
    size_t to = 0;
    if (!web_page(w, n, usual, &from, &to)) {
        return "invalid_cursor";
    }
    bool with_metadata = web_arg_flag(w, "include_all_metadata", false);
    cJSON *messages = shape_array(w->reply, "messages");
    for (size_t i = from; i < to; i++) {
        cJSON_AddItemToArray(messages, message_copy(found[i], with_metadata));
    }
    if (to < n) {
        web_add_cursor(w, to, n);
    }
    cJSON_AddBoolToObject(w->reply, "has_more", to < n);
    return NULL;
}

static const char *readable(struct web *w, struct channel **ret) {
    *ret = web_channel(w, "channel");
    if (!*ret) {
        return "channel_not_found";
    }
    if (!world_is_member(*ret, w->server->world.bot)) {
        return "not_in_channel";
    }
    return web_need_place_scope(w, *ret, "history");
}

static size_t page_size(const struct web *w) {
    return w->server->web.history_max ? w->server->web.history_max : PAGE;
}

const char *web_conversations_history(struct web *w) {
    struct channel *c = NULL;
    struct window in;
    const char *wrong = readable(w, &c);
    wrong = wrong ? wrong : read_window(w, &in);
    if (wrong) {
        return wrong;
    }
    struct message **found = xmalloc((c->n_messages + 1) * sizeof(struct message *));
    size_t n = 0;
    for (size_t i = c->n_messages; i > 0; i--) {
        struct message *m = c->messages[i - 1];
        const char *subtype = json_string(m->json, "subtype");
        bool in_channel = !m->root || (subtype && strcmp(subtype, "thread_broadcast") == 0);
        if (in_channel && !m->deleted && !m->only && is_inside(&in, m)) {
            found[n++] = m;
        }
    }
    wrong = put_page(w, found, n, page_size(w));
    free(found);
    if (!wrong) {
        cJSON_AddNumberToObject(w->reply, "pin_count", 0);
    }
    return wrong;
}

const char *web_conversations_replies(struct web *w) {
    struct channel *c = NULL;
    struct window in;
    const char *wrong = readable(w, &c);
    wrong = wrong ? wrong : read_window(w, &in);
    if (wrong) {
        return wrong;
    }
    struct message *root = message_find(&w->server->world, c, web_arg(w, "ts"));
    root = root && root->root ? root->root : root;
    if (!root || root->only) {
        return "thread_not_found";
    }
    struct message **found = xmalloc((root->n_replies + 2) * sizeof(struct message *));
    size_t n = 0;
    found[n++] = root; /* whatever the window */
    for (size_t i = 0; i < root->n_replies; i++) {
        if (!root->replies[i]->deleted && is_inside(&in, root->replies[i])) {
            found[n++] = root->replies[i];
        }
    }
    wrong = put_page(w, found, n, page_size(w));
    free(found);
    return wrong;
}
