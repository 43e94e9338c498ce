#include "tests/fake/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/xalloc.h"

/* Well mixed bits from a counter (the finalizer of splitmix64). */
static uint64_t mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static void id_from(uint64_t seed, char out[ID_LEN + 1]) {
    static const char alphabet[] = "abcdefghijkmnopqrstuwxyz13456789";
    uint64_t bits = 0;
    for (int i = 0; i < ID_LEN; i++) {
        if (i % 12 == 0) {
            bits = mix(seed + (uint64_t)i);
        }
        out[i] = alphabet[bits & 31];
        bits >>= 5;
    }
    out[ID_LEN] = '\0';
}

void world_make_id(struct world *w, const char *kind, char out[ID_LEN + 1]) {
    id_from(map_hash(kind) ^ mix(++w->n_ids), out);
}

bool world_is_id(const char *s) {
    return strlen(s) == ID_LEN && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ID_LEN;
}

/* ---- people ---- */

struct start_user {
    const char *username;
    const char *token;
    const char *first_name;
    const char *last_name;
    const char *locale;
    const char *zone;
    bool is_bot;
    bool is_admin;
};

static const struct start_user start_users[] = {
    {"admin", "admin-token", "管理", "者", "ja", "", false, true},
    {"kizuki", "bot-token-0000000000000000", "きづき", "", "en", "", true, false},
    {"hanako", "hanako-token", "花子", "山田", "ja", "Asia/Tokyo", false, false},
    {"taro", "taro-token", "太郎", "鈴木", "ja", "Asia/Tokyo", false, false},
    {"john", "john-token", "John", "Smith", "en", "America/New_York", false, false},
    {"otherbot", "otherbot-token", "Other Bot", "", "en", "", true, false},
};

static struct user *add_user(struct world *w, const struct start_user *s) {
    if (w->n_users == USERS_MAX) {
        return NULL;
    }
    struct user *u = arena_alloc(&w->arena, sizeof(*u));
    u->username = arena_strdup(&w->arena, s->username);
    u->token = arena_strdup(&w->arena, s->token);
    u->first_name = s->first_name;
    u->last_name = s->last_name;
    u->nickname = "";
    u->locale = s->locale;
    u->zone = s->zone;
    u->is_bot = s->is_bot;
    u->is_admin = s->is_admin;
    u->in_team = true;
    u->status = "offline";
    u->create_at = u->update_at = u->active_at = clock_now_ms();
    /* By name alone: a person made on the fly has the same id whoever came before. */
    id_from(map_hash(u->username) ^ map_hash("user"), u->id);
    w->users[w->n_users++] = u;
    map_put(&w->user_by_id, u->id, u);
    map_put(&w->user_by_name, u->username, u);
    map_put(&w->user_by_token, u->token, u);
    struct channel *general = world_channel_named(w, "general");
    if (general) {
        world_join(w, general, u);
    }
    return u;
}

/* "user-7-token" is the token of user7. */
static struct user *user_on_the_fly(struct world *w, const char *token) {
    static const char head[] = "user-";
    static const char tail[] = "-token";
    if (strncmp(token, head, sizeof(head) - 1) != 0) {
        return NULL;
    }
    const char *number = token + sizeof(head) - 1;
    size_t digits = strspn(number, "0123456789");
    if (digits == 0 || digits > 9 || strcmp(number + digits, tail) != 0) {
        return NULL;
    }
    char name[16];
    snprintf(name, sizeof(name), "user%.*s", (int)digits, number);
    struct start_user s = {name, token, "User", "", "ja", "Asia/Tokyo", false, false};
    return add_user(w, &s);
}

struct user *world_user_by_token(struct world *w, const char *token) {
    struct user *u = map_get(&w->user_by_token, token);
    return u ? u : user_on_the_fly(w, token);
}

struct user *world_user(const struct world *w, const char *id) {
    return map_get(&w->user_by_id, id);
}

struct user *world_user_named(const struct world *w, const char *username) {
    return map_get(&w->user_by_name, username);
}

void world_touch_user(struct user *u) {
    u->update_at = clock_now_ms();
}

/* ---- channels ---- */

struct channel *world_channel(const struct world *w, const char *id) {
    return map_get(&w->channel_by_id, id);
}

struct channel *world_channel_named(const struct world *w, const char *name) {
    return map_get(&w->channel_by_name, name);
}

struct channel *world_open_channel(struct world *w, char type, const char *name,
                                   const char *display_name, const struct user *creator,
                                   bool *ret_new) {
    struct channel *c = world_channel_named(w, name);
    if (ret_new) {
        *ret_new = !c;
    }
    if (c || w->n_channels == CHANNELS_MAX) {
        return c;
    }
    c = arena_alloc(&w->arena, sizeof(*c));
    c->type = type;
    c->name = arena_strdup(&w->arena, name);
    c->display_name = arena_strdup(&w->arena, display_name);
    c->creator_id = creator ? creator->id : "";
    c->create_at = c->update_at = clock_now_ms();
    id_from(map_hash(c->name) ^ map_hash("channel"), c->id);
    w->channels[w->n_channels++] = c;
    map_put(&w->channel_by_id, c->id, c);
    map_put(&w->channel_by_name, c->name, c);
    return c;
}

struct channel *world_open_direct(struct world *w, struct user *a, struct user *b, bool *ret_new) {
    bool in_order = strcmp(a->id, b->id) < 0;
    char name[2 * ID_LEN + 3];
    snprintf(name, sizeof(name), "%s__%s", in_order ? a->id : b->id, in_order ? b->id : a->id);
    struct channel *c = world_open_channel(w, 'D', name, "", a, ret_new);
    if (c) {
        world_join(w, c, a);
        world_join(w, c, b);
    }
    return c;
}

static void member_key(const struct channel *c, const struct user *u, char out[2 * ID_LEN + 1]) {
    memcpy(out, c->id, ID_LEN);
    memcpy(out + ID_LEN, u->id, ID_LEN + 1);
}

bool world_is_member(const struct world *w, const struct channel *c, const struct user *u) {
    char key[2 * ID_LEN + 1];
    member_key(c, u, key);
    const struct member *m = map_get(&w->members, key);
    return m && m->in;
}

/* Grows an array of pointers at every power of two. */
static void *with_room(void *array, size_t n) {
    return (n & (n - 1)) == 0 ? xrealloc(array, (n ? n * 2 : 1) * sizeof(void *)) : array;
}

void world_join(struct world *w, struct channel *c, struct user *u) {
    char key[2 * ID_LEN + 1];
    member_key(c, u, key);
    struct member *m = map_get(&w->members, key);
    if (!m) {
        m = arena_alloc(&w->arena, sizeof(*m));
        map_put(&w->members, arena_strdup(&w->arena, key), m);
    }
    if (m->in) {
        return;
    }
    m->in = true;
    c->members = with_room(c->members, c->n_members);
    c->members[c->n_members++] = u;
    u->channels = with_room(u->channels, u->n_channels);
    u->channels[u->n_channels++] = c;
}

static void drop_member(struct channel *c, const struct user *u) {
    size_t kept = 0;
    for (size_t i = 0; i < c->n_members; i++) {
        if (c->members[i] != u) {
            c->members[kept++] = c->members[i];
        }
    }
    c->n_members = kept;
}

static void drop_channel(struct user *u, const struct channel *c) {
    size_t kept = 0;
    for (size_t i = 0; i < u->n_channels; i++) {
        if (u->channels[i] != c) {
            u->channels[kept++] = u->channels[i];
        }
    }
    u->n_channels = kept;
}

void world_leave(struct world *w, struct channel *c, struct user *u) {
    char key[2 * ID_LEN + 1];
    member_key(c, u, key);
    struct member *m = map_get(&w->members, key);
    if (!m || !m->in) {
        return;
    }
    m->in = false;
    drop_member(c, u);
    drop_channel(u, c);
}

/* ---- start and end ---- */

void world_init(struct world *w) {
    w->start_ms = clock_now_ms();
    w->max_post_size = 16383;
    id_from(map_hash("team"), w->team_id);
    struct channel *general = world_open_channel(w, 'O', "general", "気づき共有", NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(start_users); i++) {
        add_user(w, &start_users[i]);
    }
    w->bot = world_user_named(w, "kizuki");
    w->admin = world_user_named(w, "admin");
    general->creator_id = w->admin->id;
    struct channel *office = world_open_channel(w, 'P', "office", "事務所", w->admin, NULL);
    static const char *const office_members[] = {"hanako", "taro", "kizuki"};
    for (size_t i = 0; i < ARRAY_LEN(office_members); i++) {
        world_join(w, office, world_user_named(w, office_members[i]));
    }
}

void world_free(struct world *w) {
    for (size_t i = 0; i < w->n_users; i++) {
        free(w->users[i]->channels);
    }
    for (size_t i = 0; i < w->n_channels; i++) {
        free(w->channels[i]->members);
        free(w->channels[i]->posts);
    }
    struct map *maps[] = {&w->user_by_id,    &w->user_by_name,    &w->user_by_token,
                          &w->channel_by_id, &w->channel_by_name, &w->members,
                          &w->posts,         &w->pending,         &w->keys};
    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        map_clear(maps[i]);
    }
    arena_free(&w->arena);
}
