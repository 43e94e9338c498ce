/*
 * What the double knows: people, bots, one team, channels and who is in them. Everything lives in
 * one arena until the end of the process. Ids are made from counters and names, so the same calls
 * give the same ids in every run.
 */
#ifndef KIZUKI_TESTS_FAKE_WORLD_H
#define KIZUKI_TESTS_FAKE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "tests/fake/common/map.h"

#define ID_LEN       26
#define POSTS_MAX    200000
#define USERS_MAX    20000
#define CHANNELS_MAX 50000

struct channel;
struct post;
struct session;

struct user {
    char id[ID_LEN + 1];
    const char *username;
    const char *first_name;
    const char *last_name;
    const char *nickname;
    const char *locale;
    const char *zone;
    const char *token;
    const char *status; /* static: "online", "offline", "away", "dnd" */
    bool is_bot;
    bool is_admin;
    bool in_team;
    bool disabled; /* as a bot account is: its token is worth nothing */
    bool revoked;  /* only the token */
    int64_t create_at;
    int64_t update_at;
    int64_t delete_at;
    int64_t active_at;
    struct channel **channels; /* malloc'd, in the order of joining, without those left */
    size_t n_channels;
    struct session *sessions; /* owned by session.c */
};

struct channel {
    char id[ID_LEN + 1];
    char type; /* O, P, D, G */
    const char *name;
    const char *display_name;
    const char *creator_id;
    int64_t create_at;
    int64_t update_at;
    int64_t delete_at;
    int64_t last_post_at;
    int64_t n_messages;
    int64_t n_roots;
    struct user **members; /* malloc'd */
    size_t n_members;
    struct post **posts; /* malloc'd, by create_at */
    size_t n_posts;
    size_t cap_posts;
};

struct member {
    bool in;
};

struct file {
    char id[ID_LEN + 1];
    struct user *user;
    struct post *post; /* NULL: not attached yet */
    struct file *next;
};

struct world {
    struct arena arena;
    struct user *users[USERS_MAX];
    size_t n_users;
    struct channel *channels[CHANNELS_MAX];
    size_t n_channels;
    struct map user_by_id;
    struct map user_by_name;
    struct map user_by_token;
    struct map channel_by_id;
    struct map channel_by_name;
    struct map members; /* channel id and user id in one key */
    struct map posts;
    struct map pending; /* pending_post_id */
    struct map keys;    /* props.kizuki_key of the bot's posts */
    struct user *bot;
    struct user *admin;
    char team_id[ID_LEN + 1];
    int64_t start_ms;
    uint64_t n_ids;
    struct file *files;
    size_t n_posts;
    size_t n_bot_posts;
    size_t n_duplicates;
    int max_post_size;
};

void world_init(struct world *w);
void world_free(struct world *w);

/* A new id; `kind` and the number of ids made so far decide which. */
void world_make_id(struct world *w, const char *kind, char out[ID_LEN + 1]);
bool world_is_id(const char *s);

/* The owner of the token, made on the fly for user-N-token; NULL when unknown. */
struct user *world_user_by_token(struct world *w, const char *token);
struct user *world_user(const struct world *w, const char *id);
struct user *world_user_named(const struct world *w, const char *username);

void world_touch_user(struct user *u); /* something about the person changed now */

struct channel *world_channel(const struct world *w, const char *id);
struct channel *world_channel_named(const struct world *w, const char *name);

/* Of that name, made when there is none; NULL when there are too many. *ret_new may be NULL. */
struct channel *world_open_channel(struct world *w, char type, const char *name,
                                   const char *display_name, const struct user *creator,
                                   bool *ret_new);
struct channel *world_open_direct(struct world *w, struct user *a, struct user *b, bool *ret_new);

bool world_is_member(const struct world *w, const struct channel *c, const struct user *u);
void world_join(struct world *w, struct channel *c, struct user *u);
void world_leave(struct world *w, struct channel *c, struct user *u);

#endif
