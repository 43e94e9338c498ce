#include "bot/mattermost/reactions.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/intake.h"
#include "bot/mattermost/private.h"

#define ASK_MAX 100
#define DAY_MS  ((int64_t)24 * 60 * 60 * 1000)

struct found {
    struct mm_reaction reaction; /* strings in the arena */
    bool handed_in;
};

struct mm_reactions {
    struct mattermost *m;
    struct arena arena;       /* of one reading */
    const char *const *asked; /* messages with the last question to each person */
    size_t n_asked;
    size_t at;       /* the first message not read yet */
    bool one_by_one; /* a batch was refused: one of its messages is gone, or its channel */
    struct found *found;
    size_t n;
    size_t cap;
    void (*done)(void *ctx, const char *error);
    void *ctx;
};

static void ask(struct mm_reactions *r);

struct mm_reactions *mm_reactions_create(struct mattermost *m) {
    struct mm_reactions *r = xmalloc(sizeof(*r));
    *r = (struct mm_reactions){.m = m};
    return r;
}

void mm_reactions_destroy(struct mm_reactions *r) {
    if (r) {
        free(r->found);
        arena_free(&r->arena);
        free(r);
    }
}

static bool listed(const cJSON *reactions, const struct store_tick *tick) {
    const cJSON *r;
    cJSON_ArrayForEach(r, reactions) {
        const char *user = json_string(r, "user_id");
        const char *emoji = json_string(r, "emoji_name");
        if (user && emoji && strcmp(user, tick->user) == 0 && strcmp(emoji, tick->mark) == 0) {
            return true;
        }
    }
    return false;
}

static void keep(struct mm_reactions *r, const struct mm_reaction *reaction) {
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 32;
        r->found = xrealloc(r->found, r->cap * sizeof(*r->found));
    }
    r->found[r->n++] = (struct found){.reaction = *reaction};
}

/* What is there now, and what was there before and is not any more. */
static int compare(struct mm_reactions *r, const char *post, const cJSON *reactions) {
    const struct store_tick *ticks;
    size_t n;
    int rc = engine_ticks(r->m->setup.engine, &r->arena, MM_PLATFORM, r->m->setup.name, post,
                          &ticks, &n);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (!listed(reactions, &ticks[i])) {
            struct mm_reaction gone = {
                .user = ticks[i].user, .post = post, .emoji = ticks[i].mark, .create_ms = 0};
            mm_intake_reaction(r->m->intake, &gone, false, false);
        }
    }
    const cJSON *json;
    cJSON_ArrayForEach(json, reactions) {
        struct mm_reaction reaction;
        if (rc == 0 && mm_reaction_read(&r->arena, json, &reaction)) {
            keep(r, &reaction);
        }
    }
    return rc;
}

static size_t batch(const struct mm_reactions *r) {
    size_t most = r->one_by_one ? 1 : ASK_MAX;
    size_t n = r->n_asked - r->at;
    return n < most ? n : most;
}

static void on_reactions(void *ctx, const struct mm_reply *reply) {
    struct mm_reactions *r = ctx;
    if (reply->outcome != MM_OK && reply->outcome != MM_REFUSED) {
        r->done(r->ctx, reply->error);
        return;
    }
    if (reply->outcome == MM_REFUSED && batch(r) > 1) {
        r->one_by_one = true;
        ask(r);
        return;
    }
    size_t n = batch(r);
    for (size_t i = 0; reply->json && i < n; i++) {
        const char *post = r->asked[r->at + i];
        const cJSON *reactions = json_member(reply->json, post);
        if (cJSON_IsArray(reactions) && compare(r, post, reactions) != 0) {
            r->done(r->ctx, "the database cannot be read");
            return;
        }
    }
    r->at += n;
    ask(r);
}

static int by_time(const void *a, const void *b) {
    int64_t x = ((const struct found *)a)->reaction.create_ms;
    int64_t y = ((const struct found *)b)->reaction.create_ms;
    return (x > y) - (x < y);
}

static void ask(struct mm_reactions *r) {
    if (r->at >= r->n_asked) {
        if (r->n > 1) {
            qsort(r->found, r->n, sizeof(*r->found), by_time);
        }
        r->done(r->ctx, "");
        return;
    }
    cJSON *ids = cJSON_CreateArray();
    for (size_t i = 0; i < batch(r); i++) {
        cJSON_AddItemToArray(ids, cJSON_CreateString(r->asked[r->at + i]));
    }
    mm_call_json(r->m, "POST", "/posts/ids/reactions", ids, on_reactions, r);
}

void mm_reactions_read(struct mm_reactions *r, bool thorough,
                       void (*done)(void *ctx, const char *error), void *ctx) {
    arena_reset(&r->arena);
    r->n = 0;
    r->at = 0;
    r->n_asked = 0;
    r->one_by_one = false;
    r->done = done;
    r->ctx = ctx;
    /* Written down first, since the last question may have been sent just now. */
    int rc = engine_settle(r->m->setup.engine);
    if (rc == 0) {
        rc = engine_asked(r->m->setup.engine, &r->arena, MM_PLATFORM, r->m->setup.name,
                          thorough ? 30 * DAY_MS : DAY_MS, &r->asked, &r->n_asked);
    }
    if (rc != 0) {
        done(ctx, "the database cannot be read");
        return;
    }
    ask(r);
}

static void hand_in(struct mm_reactions *r, const char *user, int64_t until_ms) {
    for (size_t i = 0; i < r->n && r->found[i].reaction.create_ms <= until_ms; i++) {
        struct found *f = &r->found[i];
        if (!f->handed_in && (!user || strcmp(f->reaction.user, user) == 0)) {
            f->handed_in = true;
            mm_intake_reaction(r->m->intake, &f->reaction, true, false);
        }
    }
}

void mm_reactions_hand_in(struct mm_reactions *r, const char *user, int64_t until_ms) {
    hand_in(r, user, until_ms);
}

void mm_reactions_hand_in_rest(struct mm_reactions *r) {
    hand_in(r, NULL, INT64_MAX);
}
