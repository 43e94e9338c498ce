#include "tests/fake/posts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"

static void insert_into_channel(struct channel *c, struct post *p) {
    if (c->n_posts == c->cap_posts) {
        c->cap_posts = c->cap_posts ? c->cap_posts * 2 : 16;
        c->posts = xrealloc(c->posts, c->cap_posts * sizeof(struct post *));
    }
    size_t i = c->n_posts++;
    /* Nearly always the newest; not when the clock was set back, and not for archived copies. */
    for (; i > 0 && c->posts[i - 1]->create_at > p->create_at; i--) {
        c->posts[i] = c->posts[i - 1];
    }
    c->posts[i] = p;
}

static struct post *new_post(struct world *w) {
    if (w->n_posts == POSTS_MAX) {
        return NULL;
    }
    struct post *p = arena_alloc(&w->arena, sizeof(*p));
    world_make_id(w, "post", p->id);
    w->n_posts++;
    map_put(&w->posts, p->id, p);
    return p;
}

static void add_to_thread(struct post *root, struct post *p) {
    if ((root->n_replies & (root->n_replies - 1)) == 0) {
        size_t cap = root->n_replies ? root->n_replies * 2 : 1;
        root->replies = xrealloc(root->replies, cap * sizeof(struct post *));
    }
    root->replies[root->n_replies++] = p;
    root->n_live_replies++;
    root->update_at = p->create_at;
}

static void count(struct world *w, const struct draft *d, struct post *p) {
    struct channel *c = d->channel;
    c->last_post_at = p->create_at;
    c->n_messages++;
    c->n_roots += !d->root;
    if (d->user != w->bot) {
        return;
    }
    w->n_bot_posts++;
    if (d->key && map_get(&w->keys, d->key)) {
        w->n_duplicates++;
    } else if (d->key) {
        map_put(&w->keys, arena_strdup(&w->arena, d->key), p);
    }
}

struct post *posts_add(struct world *w, const struct draft *d) {
    struct post *p = new_post(w);
    if (!p) {
        return NULL;
    }
    p->user = d->user;
    p->channel = d->channel;
    p->root = d->root;
    p->message = arena_strdup(&w->arena, d->message);
    p->props = arena_strdup(&w->arena, d->props);
    p->type = arena_strdup(&w->arena, d->type);
    p->create_at = p->update_at = clock_now_ms();
    insert_into_channel(d->channel, p);
    if (d->root) {
        add_to_thread(d->root, p);
    }
    count(w, d, p);
    return p;
}

struct post *posts_find(const struct world *w, const char *id) {
    return map_get(&w->posts, id);
}

int64_t posts_count_replies(const struct post *p) {
    return p->root ? p->root->n_live_replies : p->n_live_replies;
}

static void archive(struct world *w, struct post *p, int64_t now) {
    struct post *old = new_post(w);
    if (!old) {
        return;
    }
    char id[ID_LEN + 1];
    memcpy(id, old->id, sizeof(id));
    *old = *p;
    memcpy(old->id, id, sizeof(id));
    old->original = p;
    old->update_at = old->delete_at = now;
    old->reactions = NULL;
    old->n_reactions = 0;
    old->replies = NULL;
    old->n_replies = 0;
    old->n_live_replies = 0;
    insert_into_channel(p->channel, old);
}

void posts_edit(struct world *w, struct post *p, const char *message, const char *props,
                const bool *pinned) {
    int64_t now = clock_now_ms();
    archive(w, p, now);
    p->update_at = now;
    if (message && strcmp(message, p->message) != 0) {
        p->message = arena_strdup(&w->arena, message);
        p->edit_at = now;
    }
    if (props) {
        p->props = arena_strdup(&w->arena, props);
    }
    if (pinned) {
        p->is_pinned = *pinned;
    }
}

static void delete_one(struct post *p, int64_t now, const char *props) {
    p->delete_at = p->update_at = now;
    p->props = props;
}

void posts_delete(struct world *w, struct post *p, const struct user *by) {
    int64_t now = clock_now_ms();
    const char *props = arena_printf(&w->arena, "{\"deleteBy\":\"%s\"}", by->id);
    if (p->root) {
        p->root->n_live_replies--;
    }
    delete_one(p, now, props);
    for (size_t i = 0; i < p->n_replies; i++) {
        delete_one(p->replies[i], now, props);
    }
    p->n_live_replies = 0;
}

static struct reaction *find_reaction(const struct post *p, const struct user *u,
                                      const char *emoji) {
    for (struct reaction *r = p->reactions; r; r = r->next) {
        if (r->user == u && strcmp(r->emoji, emoji) == 0) {
            return r;
        }
    }
    return NULL;
}

struct reaction *posts_react(struct world *w, struct post *p, struct user *u, const char *emoji) {
    struct reaction *r = find_reaction(p, u, emoji);
    int64_t now = clock_now_ms();
    if (!r) {
        r = arena_alloc(&w->arena, sizeof(*r));
        r->user = u;
        r->emoji = arena_strdup(&w->arena, emoji);
        struct reaction **end = &p->reactions;
        while (*end) {
            end = &(*end)->next;
        }
        *end = r;
    }
    if (!r->create_at) {
        r->create_at = now;
        p->n_reactions++;
    }
    p->update_at = now;
    return r;
}

bool posts_unreact(struct post *p, const struct user *u, const char *emoji) {
    struct reaction *r = find_reaction(p, u, emoji);
    if (!r || !r->create_at) {
        return false;
    }
    r->create_at = 0;
    p->n_reactions--;
    p->update_at = clock_now_ms();
    return true;
}

struct pending *posts_pending(struct world *w, const char *id) {
    struct pending *e = map_get(&w->pending, id);
    if (!e) {
        e = arena_alloc(&w->arena, sizeof(*e));
        map_put(&w->pending, arena_strdup(&w->arena, id), e);
    }
    if (e->post && clock_now_ms() - e->at_ms >= PENDING_MS) {
        e->post = NULL;
    }
    return e;
}

void posts_free(struct world *w) {
    for (size_t i = 0; i < w->posts.cap; i++) {
        if (w->posts.slots[i].key) {
            const struct post *p = w->posts.slots[i].value;
            free(p->replies);
        }
    }
}
