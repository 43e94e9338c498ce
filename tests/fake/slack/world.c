#include "tests/fake/slack/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/xalloc.h"

/* ---- ids and times ---- */

static uint64_t mix(uint64_t x) {
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdu;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53u;
    return x ^ (x >> 33);
}

static uint64_t next_bits(struct world *w) {
    return mix(++w->n_ids * 0x9e3779b97f4a7c15u);
}

void world_make_hex(struct world *w, size_t n, char *out) {
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits = i % 16 ? bits >> 4 : next_bits(w);
        out[i] = "0123456789abcdef"[bits & 15];
    }
    out[n] = '\0';
}

void world_make_id(struct world *w, char letter, char out[ID_MAX]) {
    snprintf(out, ID_MAX, "%c%010llX", letter, (unsigned long long)(next_bits(w) >> 24));
}

void world_make_uuid(struct world *w, char out[UUID_MAX]) {
    uint64_t a = next_bits(w);
    uint64_t b = next_bits(w);
    snprintf(out, UUID_MAX, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
             (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
             (unsigned)(0x8000 | (b >> 48 & 0x3fff)), (unsigned long long)(b & 0xffffffffffffu));
}

void world_make_ts(struct world *w, char out[TS_MAX]) {
    int64_t us = clock_now_ms() * 1000;
    us = us <= w->last_ts_us ? w->last_ts_us + 1 : us;
    w->last_ts_us = us;
    snprintf(out, TS_MAX, "%lld.%06d", (long long)(us / 1000000), (int)(us % 1000000));
}

int64_t world_now_s(void) {
    return clock_now_ms() / 1000;
}

int world_zone_offset(const char *zone, char *ret_label, size_t size) {
    static const struct {
        const char *zone;
        const char *label;
        const char *summer;
    } labels[] = {
        {"Asia/Tokyo", "Japan Standard Time", ""},
        {"America/New_York", "Eastern Standard Time", "Eastern Daylight Time"},
        {"Europe/Berlin", "Central European Time", "Central European Summer Time"},
    };
    setenv("TZ", zone, 1);
    tzset();
    time_t now = (time_t)world_now_s();
    struct tm there = {0};
    localtime_r(&now, &there);
    unsetenv("TZ");
    tzset();
    snprintf(ret_label, size, "%s", zone);
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        if (strcmp(labels[i].zone, zone) == 0) {
            snprintf(ret_label, size, "%s",
                     there.tm_isdst > 0 ? labels[i].summer : labels[i].label);
        }
    }
    return (int)there.tm_gmtoff;
}

/* ---- people ---- */

static struct user *put_user(struct world *w, const struct user *like) {
    if (w->n_users == USERS_MAX || map_get(&w->user_by_name, like->name) ||
        map_get(&w->user_by_id, like->id)) {
        return NULL;
    }
    struct user *u = arena_alloc(&w->arena, sizeof(*u));
    *u = *like;
    u->name = arena_strdup(&w->arena, like->name);
    u->real_name = arena_strdup(&w->arena, like->real_name);
    u->locale = arena_strdup(&w->arena, like->locale);
    u->zone = arena_strdup(&w->arena, like->zone);
    u->team_id = like->team_id ? like->team_id : TEAM_ID;
    u->bot_id = like->bot_id ? like->bot_id : "";
    u->updated = SINCE_S;
    w->users[w->n_users++] = u;
    map_put(&w->user_by_id, u->id, u);
    map_put(&w->user_by_name, u->name, u);
    return u;
}

struct user *world_add_user(struct world *w, const char *name, const char *real_name,
                            const char *locale, const char *zone) {
    struct user u = {.name = name, .real_name = real_name, .locale = locale, .zone = zone};
    world_make_id(w, 'U', u.id);
    struct user *made = put_user(w, &u);
    struct channel *general = world_find_channel(w, "general");
    if (made && general) {
        world_join(general, made);
    }
    return made;
}

struct user *world_user(const struct world *w, const char *id) {
    return map_get(&w->user_by_id, id);
}

struct user *world_find_user(struct world *w, const char *which) {
    struct user *u = map_get(&w->user_by_name, which);
    u = u ? u : world_user(w, which);
    if (u || strncmp(which, "user", 4) != 0) {
        return u;
    }
    size_t digits = strspn(which + 4, "0123456789");
    if (digits == 0 || digits > 8 || which[4 + digits] != '\0') {
        return NULL;
    }
    struct user like = {.name = which, .real_name = "User", .locale = "ja-JP"};
    like.zone = "Asia/Tokyo";
    snprintf(like.id, sizeof(like.id), "U1%08ld", strtol(which + 4, NULL, 10));
    u = put_user(w, &like);
    if (u) {
        world_join(world_find_channel(w, "general"), u);
    }
    return u;
}

/* ---- channels ---- */

struct channel *world_channel(const struct world *w, const char *id) {
    return map_get(&w->channel_by_id, id);
}

struct channel *world_find_channel(const struct world *w, const char *which) {
    struct channel *c = world_channel(w, which);
    return c ? c : map_get(&w->channel_by_name, which);
}

struct channel *world_add_channel(struct world *w, enum place place, const char *id,
                                  const char *name) {
    if (w->n_channels == CHANNELS_MAX || map_get(&w->channel_by_name, name)) {
        return NULL;
    }
    struct channel *c = arena_alloc(&w->arena, sizeof(*c));
    c->place = place;
    c->name = arena_strdup(&w->arena, name);
    c->created = world_now_s();
    if (id) {
        snprintf(c->id, sizeof(c->id), "%s", id);
    } else {
        world_make_id(w, place == PLACE_IM ? 'D' : 'C', c->id);
    }
    w->channels[w->n_channels++] = c;
    map_put(&w->channel_by_id, c->id, c);
    map_put(&w->channel_by_name, c->name, c);
    return c;
}

struct channel *world_open_im(struct world *w, struct user *u, bool *ret_new) {
    *ret_new = !u->im;
    if (!u->im) {
        char name[32];
        char id[ID_MAX];
        snprintf(name, sizeof(name), "@%s", u->id);
        snprintf(id, sizeof(id), "D%s", u->id + 1);
        u->im = world_add_channel(w, PLACE_IM, id, name);
        if (u->im) {
            world_join(u->im, u);
            world_join(u->im, w->bot);
        }
    }
    return u->im;
}

struct user *world_im_user(const struct world *w, const struct channel *c) {
    return c->members[0] == w->bot && c->n_members > 1 ? c->members[1] : c->members[0];
}

bool world_is_member(const struct channel *c, const struct user *u) {
    for (size_t i = 0; i < c->n_members; i++) {
        if (c->members[i] == u) {
            return true;
        }
    }
    return false;
}

void world_join(struct channel *c, struct user *u) {
    if (world_is_member(c, u)) {
        return;
    }
    if ((c->n_members & (c->n_members - 1)) == 0) {
        size_t cap = c->n_members ? c->n_members * 2 : 1;
        c->members = xrealloc(c->members, cap * sizeof(struct user *));
    }
    c->members[c->n_members++] = u;
}

void world_leave(struct channel *c, const struct user *u) {
    size_t kept = 0;
    for (size_t i = 0; i < c->n_members; i++) {
        if (c->members[i] != u) {
            c->members[kept++] = c->members[i];
        }
    }
    c->n_members = kept;
}

/* ---- start and end ---- */

static const struct user start_users[] = {
    {.id = BOT_USER, .name = "kizuki", .real_name = "きづき", .locale = "en-US", .bot_id = BOT_ID},
    {.id = "U0HANAKO1", .name = "hanako", .real_name = "山田 花子", .locale = "ja-JP"},
    {.id = "U0TARO001", .name = "taro", .real_name = "鈴木 太郎", .locale = "ja-JP"},
    {.id = "U0JOHN001", .name = "john", .real_name = "John O'Neil & Co <ops>", .locale = "en-US"},
    {.id = "U0GUEST01", .name = "guest", .real_name = "ゲスト", .is_restricted = true},
    {.id = "U0GUEST02", .name = "visitor", .is_restricted = true, .is_one_channel = true},
    {.id = "U0GONE001", .name = "gone", .real_name = "退職 者", .deleted = true},
    {.id = "U0ELSE001", .name = "stranger", .real_name = "Stranger", .team_id = "T0ELSE001"},
    {.id = "U0OTHER01", .name = "otherbot", .real_name = "Other Bot", .bot_id = "B0OTHER01"},
    {.id = "USLACKBOT", .name = "slackbot", .real_name = "Slackbot", .bot_id = "B01"},
};

static const char *zone_of(const struct user *u) {
    if (u->bot_id || u->team_id) {
        return u->bot_id ? "America/Los_Angeles" : "";
    }
    return strcmp(u->name, "john") == 0 ? "America/New_York" : "Asia/Tokyo";
}

void world_init(struct world *w) {
    for (size_t i = 0; i < ARRAY_LEN(start_users); i++) {
        struct user u = start_users[i];
        u.zone = zone_of(&u);
        u.locale = u.locale ? u.locale : "ja-JP";
        u.real_name = u.real_name ? u.real_name : u.name;
        put_user(w, &u);
    }
    w->bot = world_user(w, BOT_USER);
    struct channel *general = world_add_channel(w, PLACE_CHANNEL, "C0GENERAL", "general");
    struct channel *office = world_add_channel(w, PLACE_GROUP, "C0OFFICE1", "office");
    static const char *const in_both[] = {"kizuki", "hanako", "taro"};
    static const char *const in_general[] = {"john", "guest", "stranger", "otherbot"};
    for (size_t i = 0; i < ARRAY_LEN(in_both); i++) {
        world_join(general, world_find_user(w, in_both[i]));
        world_join(office, world_find_user(w, in_both[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(in_general); i++) {
        world_join(general, world_find_user(w, in_general[i]));
    }
}

void world_free(struct world *w) {
    for (size_t i = 0; i < w->n_channels; i++) {
        free(w->channels[i]->members);
        free(w->channels[i]->messages);
    }
    struct map *maps[] = {&w->user_by_id, &w->user_by_name, &w->channel_by_id, &w->channel_by_name,
                          &w->messages};
    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        map_clear(maps[i]);
    }
    arena_free(&w->arena);
}
