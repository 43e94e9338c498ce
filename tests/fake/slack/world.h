/*
 * What the double knows: one workspace with people, bots, channels and who is in them, and how its
 * ids and timestamps are made. Everything but grown arrays lives in one arena until the end of the
 * process. Ids come from names and counters: the same calls give the same ids in every run.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_WORLD_H
#define KIZUKI_TESTS_FAKE_SLACK_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "tests/fake/common/map.h"

#define ID_MAX       16 /* with the NUL */
#define TS_MAX       24
#define UUID_MAX     40
#define USERS_MAX    20000
#define CHANNELS_MAX 40000

#define TEAM_ID   "T0KIZUKI1"
#define APP_ID    "A0KIZUKI1"
#define BOT_ID    "B0KIZUKI1"
#define BOT_USER  "U0KIZUKI1"
#define TEAM_NAME "気づきチーム"
#define DOMAIN    "kizuki-test"
#define SINCE_S   1767225600 /* when everything was set up */

struct channel;
struct message;
struct view;

struct user {
    char id[ID_MAX];
    const char *name;
    const char *real_name;
    const char *locale; /* "ja-JP" */
    const char *zone;   /* IANA name; "" is left out of answers */
    const char *team_id;
    const char *bot_id;    /* "" for people */
    bool is_restricted;    /* a guest */
    bool is_one_channel;   /* a guest of a single channel */
    bool deleted;          /* deactivated */
    int64_t updated;       /* seconds */
    struct view *home;     /* owned by views.c */
    struct view *modal;    /* the one on top; owned by views.c */
    size_t n_published;    /* of the home tab */
    struct channel *im;    /* with the bot; NULL: not opened yet */
    int64_t last_modal_ms; /* when a view was opened last */
};

enum place { PLACE_IM, PLACE_CHANNEL, PLACE_GROUP, PLACE_MPIM };

struct channel {
    char id[ID_MAX];
    enum place place;
    const char *name;
    int64_t created; /* seconds */
    bool archived;
    bool closed;           /* im: no longer shown to the person */
    struct user **members; /* malloc'd */
    size_t n_members;
    struct message **messages; /* malloc'd, by ts */
    size_t n_messages;
    int64_t next_post_ms; /* rate limit of posts */
    double post_level;
};

struct world {
    struct arena arena;
    struct user *users[USERS_MAX];
    size_t n_users;
    struct channel *channels[CHANNELS_MAX];
    size_t n_channels;
    struct map user_by_id;
    struct map user_by_name;
    struct map channel_by_id;
    struct map channel_by_name;
    struct map messages; /* channel id and ts in one key */
    struct user *bot;
    int64_t last_ts_us;
    uint64_t n_ids;
};

void world_init(struct world *w);
void world_free(struct world *w);

/* Hexadecimal capitals behind the letter: "D36BF7D3EC". */
void world_make_id(struct world *w, char letter, char out[ID_MAX]);
void world_make_uuid(struct world *w, char out[UUID_MAX]);
void world_make_hex(struct world *w, size_t n, char *out); /* n digits and a NUL */

/* Later than any before it. */
void world_make_ts(struct world *w, char out[TS_MAX]);
int64_t world_now_s(void);

struct user *world_user(const struct world *w, const char *id);

/* By name or id; userN is made on the fly. */
struct user *world_find_user(struct world *w, const char *which);

/* A new person like those made on the fly; NULL where the name is taken or there is no room. */
struct user *world_add_user(struct world *w, const char *name, const char *real_name,
                            const char *locale, const char *zone);

struct channel *world_channel(const struct world *w, const char *id);
struct channel *world_find_channel(const struct world *w, const char *which); /* id or name */

/* The direct channel of the bot with that person. */
struct channel *world_open_im(struct world *w, struct user *u, bool *ret_new);
struct channel *world_add_channel(struct world *w, enum place place, const char *id,
                                  const char *name);
struct user *world_im_user(const struct world *w, const struct channel *c);

bool world_is_member(const struct channel *c, const struct user *u);
void world_join(struct channel *c, struct user *u);
void world_leave(struct channel *c, const struct user *u);

/* Seconds east of Greenwich now, and what that is called there. */
int world_zone_offset(const char *zone, char *ret_label, size_t size);

#endif
