/*
 * What a Mattermost server sends, read from JSON: frames of the websocket, posts, reactions,
 * people. Pure. Strings live in the arena, are valid UTF-8 and never NULL; ids have the server's
 * form, so that they may stand in paths. Unknown keys are ignored everywhere.
 */
#ifndef KIZUKI_BOT_MATTERMOST_WIRE_H
#define KIZUKI_BOT_MATTERMOST_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"

#define MM_ID_LEN            26
#define MM_MESSAGE_MAX_BYTES ((size_t)1024 * 1024) /* of a frame, its fragments joined */

struct mm_post {
    const char *id;
    const char *user;
    const char *channel;
    const char *root; /* "" outside threads */
    const char *message;
    const char *key; /* props.kizuki_key: of our own outbox, "" for none */
    int64_t create_ms;
    bool system;    /* has a type: the server or a plugin speaks */
    bool automatic; /* by a bot, webhook, plugin or app */
    bool past;      /* deleted, or the archived text of an edited post */
};

struct mm_reaction {
    const char *user;
    const char *post;
    const char *emoji;
    int64_t create_ms;
};

struct mm_user {
    const char *id;
    const char *username;
    const char *locale;
    bool bot;
    bool deactivated;
};

enum mm_frame_kind {
    MM_FRAME_REPLY,
    MM_FRAME_HELLO,
    MM_FRAME_POSTED,
    MM_FRAME_REACTION,
    MM_FRAME_CHANNEL, /* we came into a channel, or somebody opened one with us */
    MM_FRAME_USER,    /* somebody's account changed */
    MM_FRAME_OTHER,
};

struct mm_frame {
    enum mm_frame_kind kind;
    int64_t seq;            /* of an event */
    int64_t seq_reply;      /* MM_FRAME_REPLY, 0: none */
    bool ok;                /* MM_FRAME_REPLY */
    int64_t server_ms;      /* MM_FRAME_REPLY to a ping, 0: not said */
    const char *connection; /* MM_FRAME_HELLO */
    const char *version;    /* MM_FRAME_HELLO */
    struct mm_post post;    /* MM_FRAME_POSTED */
    char channel_type;      /* MM_FRAME_POSTED: 'D', 'G', 'O', 'P', … */
    struct mm_reaction reaction;
    bool added;          /* MM_FRAME_REACTION: false when it was taken back */
    struct mm_user user; /* MM_FRAME_USER; MM_FRAME_CHANNEL: whose id, "" for anyone's */
};

bool mm_is_id(const char *s);

/* False with *why where the frame cannot be used; it may be cut, deep or not JSON at all. */
bool mm_frame_read(struct arena *a, const char *text, size_t n, struct mm_frame *ret,
                   const char **why);

/* False where something needed is missing or of the wrong type. */
bool mm_post_read(struct arena *a, const cJSON *json, struct mm_post *ret);
bool mm_reaction_read(struct arena *a, const cJSON *json, struct mm_reaction *ret);
bool mm_user_read(struct arena *a, const cJSON *json, struct mm_user *ret);

/* A whole number of at least 0 under that key, or `otherwise`. */
int64_t mm_number(const cJSON *object, const char *key, int64_t otherwise);

/*
 * Calls fn for each object of a JSON array, parsed one at a time, so that a long list needs no more
 * memory than its text. False where the text is no such array.
 */
bool mm_each(const char *text, size_t n, void (*fn)(void *ctx, const cJSON *object), void *ctx);

#endif
