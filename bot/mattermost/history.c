#include "bot/mattermost/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/mattermost/private.h"

/* Each divides the one before it, so that an offset stays at the beginning of a page. */
static const int page_sizes[] = {60, 20, 5, 1};

struct mm_walk {
    struct mm_walk *next;
    struct mattermost *m;
    struct arena arena;
    char channel[MM_ID_LEN + 1];
    char after[MM_ID_LEN + 1]; /* "" when walking back */
    int64_t since_ms;
    size_t size;           /* index into page_sizes */
    int offset;            /* walking back: posts passed already */
    struct mm_post *posts; /* as found, newest first in each page */
    size_t n;
    size_t cap;
    char newest[MM_ID_LEN + 1]; /* walking on: where to go on */
    int64_t newest_ms;
    bool stepped_back;
    mm_history_done done;
    void *ctx;
};

static void ask(struct mm_walk *w);

static int by_time(const void *a, const void *b) {
    const struct mm_post *x = a;
    const struct mm_post *y = b;
    if (x->create_ms != y->create_ms) {
        return x->create_ms < y->create_ms ? -1 : 1;
    }
    return strcmp(x->id, y->id);
}

static void free_walk(struct mm_walk *w) {
    free(w->posts);
    arena_free(&w->arena);
    free(w);
}

static void end(struct mm_walk *w, enum mm_outcome outcome, const char *error, bool more) {
    if (w->n > 1) {
        qsort(w->posts, w->n, sizeof(*w->posts), by_time);
    }
    struct mm_history history = {.outcome = outcome,
                                 .error = error,
                                 .posts = w->posts,
                                 .n = w->n,
                                 .newest = w->newest,
                                 .more = more};
    struct mm_walk **p = &w->m->walks;
    while (*p != w) {
        p = &(*p)->next;
    }
    *p = w->next;
    w->done(w->ctx, &history);
    free_walk(w);
}

void mm_history_forget(struct mattermost *m) {
    while (m->walks) {
        struct mm_walk *next = m->walks->next;
        free_walk(m->walks);
        m->walks = next;
    }
}

static void keep(struct mm_walk *w, const struct mm_post *post) {
    if (w->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 64;
        w->posts = xrealloc(w->posts, w->cap * sizeof(*w->posts));
    }
    w->posts[w->n++] = *post;
}

/* The first id of "order", which the server writes before the posts: all that is to be had of a
 * post too long to be read. */
static bool first_id(const char *text, char id[MM_ID_LEN + 1]) {
    const char *order = strstr(text, "\"order\":[\"");
    const char *p = order ? order + strlen("\"order\":[\"") : "";
    size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
    if (n != MM_ID_LEN) {
        return false;
    }
    memcpy(id, p, n);
    id[n] = '\0';
    return true;
}

/* A smaller page, or past the one post that is too long or nested too deep. */
static void unreadable(struct mm_walk *w, const struct mm_reply *reply) {
    if (w->size + 1 < ARRAY_LEN(page_sizes)) {
        w->size++;
        ask(w);
        return;
    }
    char id[MM_ID_LEN + 1] = "";
    if (!first_id(reply->text, id)) {
        end(w, MM_UNKNOWN, "a reply that cannot be read", false);
        return;
    }
    log_error("a post cannot be read and is left out", "workspace", w->m->setup.name, "channel",
              w->channel, "post", id);
    w->offset++;
    if (*w->after) {
        memcpy(w->newest, id, sizeof(id));
        end(w, MM_OK, "", true);
    } else {
        ask(w);
    }
}

/*
 * Where the next page begins. The server leaves out what has the very millisecond of the post asked
 * after, so it is, where there is one, an earlier one than the newest: what comes twice is known.
 */
static void go_on_after(struct mm_walk *w, const struct mm_post *post, bool newest) {
    if (newest || (!w->stepped_back && post->create_ms < w->newest_ms)) {
        snprintf(w->newest, sizeof(w->newest), "%s", post->id);
        w->stepped_back = !newest;
        w->newest_ms = newest ? post->create_ms : w->newest_ms;
    }
}

/* The posts of a page; false where it is not one. *ret_old: walking back, far enough. */
static bool take_page(struct mm_walk *w, const cJSON *json, int *ret_n, bool *ret_old) {
    const cJSON *order = json_member(json, "order");
    const cJSON *posts = json_member(json, "posts");
    const cJSON *id;
    *ret_n = 0;
    *ret_old = false;
    if (!cJSON_IsArray(order)) {
        return false;
    }
    cJSON_ArrayForEach(id, order) {
        struct mm_post post;
        const cJSON *one = cJSON_IsString(id) ? json_member(posts, id->valuestring) : NULL;
        if (!one || !mm_post_read(&w->arena, one, &post)) {
            log_warn("a post that cannot be read", "workspace", w->m->setup.name);
            (*ret_n)++;
            continue;
        }
        go_on_after(w, &post, (*ret_n)++ == 0);
        *ret_old = *ret_old || post.create_ms <= w->since_ms;
        if (post.create_ms > w->since_ms) {
            keep(w, &post);
        }
    }
    return true;
}

static void on_page(void *ctx, const struct mm_reply *reply) {
    struct mm_walk *w = ctx;
    int n;
    bool old;
    if (reply->outcome == MM_OK && reply->unreadable) {
        unreadable(w, reply);
    } else if (reply->outcome != MM_OK) {
        end(w, reply->outcome, reply->error, false);
    } else if (!take_page(w, reply->json, &n, &old)) {
        end(w, MM_UNKNOWN, "a reply that is no list of posts", false);
    } else if (*w->after) {
        const char *next = json_string(reply->json, "next_post_id");
        end(w, MM_OK, "", n > 0 && next && *next);
    } else if (n < page_sizes[w->size] || old || w->n >= MM_HISTORY_MAX) {
        end(w, MM_OK, "", w->n >= MM_HISTORY_MAX && !old);
    } else {
        w->offset += n;
        ask(w);
    }
}

static void ask(struct mm_walk *w) {
    struct arena a = {0};
    int size = page_sizes[w->size];
    const char *path = *w->after
                           ? arena_printf(&a, "/channels/%s/posts?after=%s&per_page=%d&page=0",
                                          w->channel, w->after, size)
                           : arena_printf(&a, "/channels/%s/posts?per_page=%d&page=%d", w->channel,
                                          size, w->offset / size);
    struct mm_request request = {.method = "GET", .path = path, .any = true};
    mm_call(w->m, &request, on_page, w);
    arena_free(&a);
}

static struct mm_walk *begin(struct mattermost *m, const char *channel, mm_history_done done,
                             void *ctx) {
    struct mm_walk *w = xmalloc(sizeof(*w));
    *w = (struct mm_walk){.m = m, .done = done, .ctx = ctx, .next = m->walks};
    m->walks = w;
    snprintf(w->channel, sizeof(w->channel), "%s", channel);
    return w;
}

void mm_history_after(struct mattermost *m, const char *channel, const char *post,
                      mm_history_done done, void *ctx) {
    struct mm_walk *w = begin(m, channel, done, ctx);
    snprintf(w->after, sizeof(w->after), "%s", post);
    ask(w);
}

void mm_history_since(struct mattermost *m, const char *channel, int64_t since_ms,
                      mm_history_done done, void *ctx) {
    struct mm_walk *w = begin(m, channel, done, ctx);
    w->since_ms = since_ms;
    ask(w);
}
