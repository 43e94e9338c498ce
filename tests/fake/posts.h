/*
 * Posts, threads and reactions: what the server keeps of them and what changes when. Whether
 * somebody may is decided by the callers, as is who hears of it.
 */
#ifndef KIZUKI_TESTS_FAKE_POSTS_H
#define KIZUKI_TESTS_FAKE_POSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fake/world.h"

#define PENDING_MS 30000 /* how long a pending_post_id is remembered */

struct reaction {
    struct reaction *next; /* in the order of being added */
    struct user *user;
    const char *emoji;
    int64_t create_at; /* 0: taken back; kept for the next time */
};

struct post {
    char id[ID_LEN + 1];
    struct user *user;
    struct channel *channel;
    struct post *root;     /* NULL: not in a thread */
    struct post *original; /* of an archived copy */
    const char *message;
    const char *props; /* JSON object */
    const char *type;
    int64_t create_at;
    int64_t update_at;
    int64_t edit_at;
    int64_t delete_at;
    bool is_pinned;
    struct file *file; /* NULL: none */
    struct reaction *reactions;
    size_t n_reactions;
    struct post **replies; /* malloc'd; of a root, deleted ones included */
    size_t n_replies;
    int64_t n_live_replies; /* without deleted ones */
};

/* One pending_post_id. */
struct pending {
    struct post *post; /* NULL: still being made, or given up */
    bool in_flight;
    int64_t at_ms;
};

struct draft {
    struct user *user;
    struct channel *channel;
    struct post *root;
    const char *message;
    const char *props;
    const char *type;
    const char *key; /* props.kizuki_key or NULL */
};

/* NULL when there are POSTS_MAX of them. */
struct post *posts_add(struct world *w, const struct draft *d);
struct post *posts_find(const struct world *w, const char *id);
int64_t posts_count_replies(const struct post *p); /* of its whole thread */

/* NULL leaves a part as it is. Keeps the old text as a deleted copy, as the server does. */
void posts_edit(struct world *w, struct post *p, const char *message, const char *props,
                const bool *pinned);
void posts_delete(struct world *w, struct post *p, const struct user *by);

/* The reaction, whether it was there before or not. */
struct reaction *posts_react(struct world *w, struct post *p, struct user *u, const char *emoji);
bool posts_unreact(struct post *p, const struct user *u, const char *emoji);

/* The place of a pending_post_id, made when new and emptied when too old. */
struct pending *posts_pending(struct world *w, const char *id);

void posts_free(struct world *w);

#endif
