#include "tests/fake/slack/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/slack/event.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

/* ---- finding ---- */

static void key_of(const struct channel *c, const char *ts, char *out, size_t size) {
    snprintf(out, size, "%s/%s", c->id, ts);
}

struct message *message_find(const struct world *w, const struct channel *c, const char *ts) {
    char key[ID_MAX + TS_MAX + 1];
    key_of(c, ts, key, sizeof(key));
    struct message *m = map_get(&w->messages, key);
    return m && !m->deleted ? m : NULL;
}

static void store(struct world *w, struct message *m) {
    struct channel *c = m->channel;
    char key[ID_MAX + TS_MAX + 1];
    key_of(c, m->ts, key, sizeof(key));
    map_put(&w->messages, arena_strdup(&w->arena, key), m);
    if ((c->n_messages & (c->n_messages - 1)) == 0) {
        size_t cap = c->n_messages ? c->n_messages * 2 : 1;
        c->messages = xrealloc(c->messages, cap * sizeof(struct message *));
    }
    c->messages[c->n_messages++] = m; /* timestamps only grow */
}

/* ---- what a message looks like ---- */

static void add_author(struct world *w, cJSON *o, const struct message *m) {
    cJSON_AddStringToObject(o, "user", m->user->id);
    cJSON_AddStringToObject(o, "type", "message");
    cJSON_AddStringToObject(o, "ts", m->ts);
    if (m->user == w->bot) {
        cJSON_AddStringToObject(o, "bot_id", BOT_ID);
        cJSON_AddStringToObject(o, "app_id", APP_ID);
    } else if (*m->user->bot_id) {
        cJSON_AddStringToObject(o, "bot_id", m->user->bot_id);
    } else {
        char id[UUID_MAX];
        world_make_uuid(w, id);
        cJSON_AddStringToObject(o, "client_msg_id", id);
    }
}

static cJSON *make_json(struct world *w, const struct message *m, struct draft *d) {
    cJSON *o = cJSON_CreateObject();
    add_author(w, o, m);
    cJSON_AddStringToObject(o, "text", d->text);
    cJSON_AddStringToObject(o, "team", m->user->team_id);
    if (m->user == w->bot) {
        cJSON_AddItemToObject(o, "bot_profile", shape_bot_profile());
    }
    if (!d->blocks && *d->text && !d->no_blocks) {
        d->blocks = cJSON_CreateArray();
        cJSON_AddItemToArray(d->blocks, shape_rich_text(w, d->text));
    }
    if (d->blocks) {
        cJSON_AddItemToObject(o, "blocks", d->blocks);
    }
    if (d->metadata) {
        cJSON_AddItemToObject(o, "metadata", d->metadata);
    }
    if (d->files) {
        cJSON_AddItemToObject(o, "files", d->files);
        cJSON_AddBoolToObject(o, "upload", false);
        cJSON_AddBoolToObject(o, "display_as_bot", false);
    }
    if (d->subtype) {
        cJSON_AddStringToObject(o, "subtype", d->subtype);
    }
    if (m->root) {
        cJSON_AddStringToObject(o, "thread_ts", m->root->ts);
        cJSON_AddStringToObject(o, "parent_user_id", m->root->user->id);
    }
    return o;
}

static void set(cJSON *o, const char *name, cJSON *value) {
    cJSON_DeleteItemFromObjectCaseSensitive(o, name);
    cJSON_AddItemToObject(o, name, value);
}

/* What a root shows of its thread. */
static void count_replies(struct message *root) {
    int n = 0;
    const struct message *last = NULL;
    cJSON *users = cJSON_CreateArray();
    struct map seen = {0};
    for (size_t i = 0; i < root->n_replies; i++) {
        struct message *r = root->replies[i];
        if (r->deleted) {
            continue;
        }
        n++;
        last = r;
        if (!map_get(&seen, r->user->id)) {
            map_put(&seen, r->user->id, r);
            cJSON_AddItemToArray(users, cJSON_CreateString(r->user->id));
        }
    }
    map_clear(&seen);
    set(root->json, "thread_ts", cJSON_CreateString(root->ts));
    set(root->json, "reply_count", cJSON_CreateNumber(n));
    set(root->json, "reply_users_count", cJSON_CreateNumber(cJSON_GetArraySize(users)));
    set(root->json, "reply_users", users);
    set(root->json, "latest_reply", cJSON_CreateString(last ? last->ts : root->ts));
}

static void add_to_thread(struct message *root, struct message *m) {
    if ((root->n_replies & (root->n_replies - 1)) == 0) {
        size_t cap = root->n_replies ? root->n_replies * 2 : 1;
        root->replies = xrealloc(root->replies, cap * sizeof(struct message *));
    }
    root->replies[root->n_replies++] = m;
    count_replies(root);
}

static void count_key(struct server *sv, struct message *m) {
    const cJSON *metadata = json_member(m->json, "metadata");
    const cJSON *payload = json_member(metadata, "event_payload");
    const char *key = json_string(payload, "key");
    key = key ? key : json_string(payload, "send_key");
    sv->n_bot_messages++;
    if (key && map_get(&sv->keys, key)) {
        sv->n_duplicates++;
    } else if (key) {
        map_put(&sv->keys, arena_strdup(&sv->world.arena, key), m);
    }
}

struct message *message_post(struct server *sv, struct draft *d) {
    struct world *w = &sv->world;
    struct message *m = arena_alloc(&w->arena, sizeof(*m));
    world_make_ts(w, m->ts);
    m->user = d->user;
    m->channel = d->channel;
    m->root = d->root && d->root->root ? d->root->root : d->root;
    m->only = d->only;
    m->json = make_json(w, m, d);
    m->states = cJSON_CreateObject();
    store(w, m);
    sv->n_messages++;
    if (m->only) {
        sv->n_ephemeral++;
        cJSON_AddBoolToObject(m->json, "is_ephemeral", true);
        return m;
    }
    if (m->user == w->bot) {
        count_key(sv, m);
    }
    if (m->root) {
        add_to_thread(m->root, m);
    }
    event_message(sv, m);
    return m;
}

/* ---- changes ---- */

cJSON *message_copy(const struct message *m, bool with_metadata) {
    cJSON *o = cJSON_Duplicate(m->json, 1);
    if (!with_metadata) {
        cJSON_DeleteItemFromObjectCaseSensitive(o, "metadata");
    }
    return o;
}

void message_edit(struct server *sv, struct message *m, const char *text, cJSON *blocks,
                  cJSON *metadata) {
    struct world *w = &sv->world;
    cJSON *before = message_copy(m, false);
    if (text) {
        cJSON_ReplaceItemInObjectCaseSensitive(m->json, "text", cJSON_CreateString(text));
    }
    if (blocks) {
        set(m->json, "blocks", blocks);
    }
    if (metadata) {
        set(m->json, "metadata", metadata);
    }
    char ts[TS_MAX];
    world_make_ts(w, ts);
    cJSON *edited = cJSON_CreateObject();
    cJSON_AddStringToObject(edited, "user", m->user->id);
    cJSON_AddStringToObject(edited, "ts", ts);
    set(m->json, "edited", edited);
    event_changed(sv, m, before);
}

void message_delete(struct server *sv, struct message *m) {
    m->deleted = true;
    if (m->root) {
        count_replies(m->root);
    }
    if (!m->only) {
        event_deleted(sv, m);
    }
}

cJSON *message_state(struct message *m, const struct user *u) {
    cJSON *state = cJSON_GetObjectItemCaseSensitive(m->states, u->id);
    return state ? state : cJSON_AddObjectToObject(m->states, u->id);
}

/* ---- reactions ---- */

static cJSON *find_reaction(const struct message *m, const char *emoji) {
    cJSON *r;
    cJSON_ArrayForEach(r, cJSON_GetObjectItemCaseSensitive(m->json, "reactions")) {
        if (strcmp(json_string(r, "name"), emoji) == 0) {
            return r;
        }
    }
    return NULL;
}

static int index_of(const cJSON *users, const struct user *u) {
    int i = 0;
    const cJSON *id;
    cJSON_ArrayForEach(id, users) {
        if (strcmp(id->valuestring, u->id) == 0) {
            return i;
        }
        i++;
    }
    return -1;
}

bool message_react(struct server *sv, struct message *m, struct user *u, const char *emoji) {
    cJSON *r = find_reaction(m, emoji);
    cJSON *users = r ? cJSON_GetObjectItemCaseSensitive(r, "users") : NULL;
    if (r && index_of(users, u) >= 0) {
        return false;
    }
    if (!r) {
        cJSON *all = cJSON_GetObjectItemCaseSensitive(m->json, "reactions");
        all = all ? all : shape_array(m->json, "reactions");
        r = cJSON_CreateObject();
        cJSON_AddItemToArray(all, r);
        cJSON_AddStringToObject(r, "name", emoji);
        users = shape_array(r, "users");
    }
    cJSON_AddItemToArray(users, cJSON_CreateString(u->id));
    set(r, "count", cJSON_CreateNumber(cJSON_GetArraySize(users)));
    event_reaction(sv, m, u, emoji, true);
    return true;
}

bool message_unreact(struct server *sv, struct message *m, struct user *u, const char *emoji) {
    cJSON *r = find_reaction(m, emoji);
    cJSON *users = r ? cJSON_GetObjectItemCaseSensitive(r, "users") : NULL;
    int at = r ? index_of(users, u) : -1;
    if (at < 0) {
        return false;
    }
    cJSON_DeleteItemFromArray(users, at);
    int left = cJSON_GetArraySize(users);
    set(r, "count", cJSON_CreateNumber(left));
    cJSON *all = cJSON_GetObjectItemCaseSensitive(m->json, "reactions");
    if (left == 0) {
        cJSON_Delete(cJSON_DetachItemViaPointer(all, r));
    }
    if (cJSON_GetArraySize(all) == 0) {
        cJSON_DeleteItemFromObjectCaseSensitive(m->json, "reactions");
    }
    event_reaction(sv, m, u, emoji, false);
    return true;
}

void message_free_all(struct server *sv) {
    for (size_t i = 0; i < sv->world.messages.cap; i++) {
        if (sv->world.messages.slots[i].key) {
            struct message *m = sv->world.messages.slots[i].value;
            cJSON_Delete(m->json);
            cJSON_Delete(m->states);
            free(m->replies);
        }
    }
    map_clear(&sv->keys);
}
