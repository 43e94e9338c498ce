/* Reading posts: one, a thread, and a channel's by time, by cursor or by page. */
#include <string.h>

#include "tests/fake/common/map.h"
#include "tests/fake/posts.h"
#include "tests/fake/rest.h"
#include "tests/fake/shape.h"

#define SINCE_MAX    1000
#define PER_PAGE_MAX 200
#define PER_PAGE     60

/* A list under construction: "order" and the posts it needs, each once. */
struct list {
    const struct post *order[SINCE_MAX];
    size_t n;
    struct map seen;
    struct buf posts;
};

static void list_init(struct list *l) {
    memset(l, 0, sizeof(*l));
    buf_init(&l->posts, OUT_MAX_BYTES);
}

static void add_post(struct list *l, const struct post *p) {
    if (map_get(&l->seen, p->id)) {
        return;
    }
    map_put(&l->seen, p->id, l); /* any pointer would do */
    buf_addf(&l->posts, "%s\"%s\":", l->posts.len ? "," : "", p->id);
    shape_post(&l->posts, p, POST_LISTED, "");
}

/* The rest of the threads comes along in "posts" without standing in "order". */
static void add_thread_of(struct list *l, const struct post *p) {
    const struct post *root = p->root ? p->root : p;
    if (!root->delete_at) {
        add_post(l, root);
    }
    for (size_t i = 0; i < root->n_replies; i++) {
        if (!root->replies[i]->delete_at) {
            add_post(l, root->replies[i]);
        }
    }
}

static void answer_list(struct call *c, struct list *l, const char *next, const char *prev) {
    buf_adds(&c->out, "{\"order\":[");
    for (size_t i = 0; i < l->n; i++) {
        buf_addf(&c->out, "%s\"%s\"", i ? "," : "", l->order[i]->id);
    }
    buf_adds(&c->out, "],\"posts\":{");
    buf_add(&c->out, buf_text(&l->posts), l->posts.len);
    buf_addf(&c->out, "},\"next_post_id\":\"%s\",\"prev_post_id\":\"%s\"}", next, prev);
    map_clear(&l->seen);
    buf_free(&l->posts);
}

/* The number of posts with create_at <= at (or < at). */
static size_t count_until(const struct channel *ch, int64_t at, bool inclusive) {
    size_t low = 0;
    size_t high = ch->n_posts;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int64_t t = ch->posts[mid]->create_at;
        if (t < at || (inclusive && t == at)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static const char *id_after(const struct channel *ch, const struct post *p) {
    for (size_t i = count_until(ch, p->create_at, true); i < ch->n_posts; i++) {
        if (!ch->posts[i]->delete_at) {
            return ch->posts[i]->id;
        }
    }
    return "";
}

static const char *id_before(const struct channel *ch, const struct post *p) {
    for (size_t i = count_until(ch, p->create_at, false); i > 0; i--) {
        if (!ch->posts[i - 1]->delete_at) {
            return ch->posts[i - 1]->id;
        }
    }
    return "";
}

/* Everything touched later than that, deleted posts and archived copies too; newest 1000. */
static void answer_since(struct call *c, const struct channel *ch, int64_t since) {
    struct list l;
    list_init(&l);
    for (size_t i = ch->n_posts; i > 0 && l.n < SINCE_MAX; i--) {
        const struct post *p = ch->posts[i - 1];
        if (p->update_at > since) {
            l.order[l.n++] = p;
            add_post(&l, p);
            if (p->root) {
                add_post(&l, p->root);
            }
        }
    }
    answer_list(c, &l, "", "");
}

struct page {
    int64_t skip;
    size_t size;
};

/* The page right behind the cursor, newest first. */
static void answer_after(struct call *c, const struct channel *ch, const char *cursor_id,
                         const struct page *page) {
    struct list l;
    list_init(&l);
    const struct post *cursor = posts_find(&c->server->world, cursor_id);
    size_t i = cursor ? count_until(ch, cursor->create_at, true) : ch->n_posts;
    int64_t skip = page->skip;
    for (; i < ch->n_posts && l.n < page->size; i++) {
        if (!ch->posts[i]->delete_at && skip-- <= 0) {
            l.order[l.n++] = ch->posts[i];
        }
    }
    for (size_t k = 0; k < l.n / 2; k++) {
        const struct post *p = l.order[k];
        l.order[k] = l.order[l.n - 1 - k];
        l.order[l.n - 1 - k] = p;
    }
    for (size_t k = 0; k < l.n; k++) {
        add_post(&l, l.order[k]);
    }
    for (size_t k = 0; k < l.n; k++) {
        add_thread_of(&l, l.order[k]);
    }
    const char *next = l.n == page->size && l.n ? id_after(ch, l.order[0]) : "";
    const char *prev = page->skip == 0 ? cursor_id : l.n ? id_before(ch, l.order[l.n - 1]) : "";
    answer_list(c, &l, next, prev);
}

/* Newest first from the end of the channel, or from right before the cursor. */
static void answer_page(struct call *c, const struct channel *ch, const char *before_id,
                        const struct page *page) {
    struct list l;
    list_init(&l);
    const struct post *cursor = posts_find(&c->server->world, before_id);
    size_t i = cursor ? count_until(ch, cursor->create_at, false) : ch->n_posts;
    i = *before_id && !cursor ? 0 : i;
    int64_t skip = page->skip;
    for (; i > 0 && l.n < page->size; i--) {
        if (!ch->posts[i - 1]->delete_at && skip-- <= 0) {
            l.order[l.n++] = ch->posts[i - 1];
            add_post(&l, ch->posts[i - 1]);
        }
    }
    for (size_t k = 0; k < l.n; k++) {
        add_thread_of(&l, l.order[k]);
    }
    const char *next = l.n ? id_after(ch, l.order[0]) : "";
    if (*before_id && page->skip == 0) {
        next = before_id;
    }
    answer_list(c, &l, next, l.n ? id_before(ch, l.order[l.n - 1]) : "");
}

void rest_channel_posts(struct call *c) {
    const struct channel *ch = rest_my_channel(c, c->params[0]);
    if (!ch) {
        return;
    }
    char cursor[ID_LEN + 2] = "";
    int64_t since = rest_query_int(c, "since", 0);
    int64_t size = rest_query_int(c, "per_page", PER_PAGE);
    size = size > PER_PAGE_MAX || size < 0 ? PER_PAGE_MAX : size;
    int64_t number = rest_query_int(c, "page", 0);
    struct page page = {(number < 0 ? 0 : number) * size, (size_t)size};
    if (since > 0) {
        answer_since(c, ch, since);
    } else if (rest_query(c, "after", cursor, sizeof(cursor))) {
        if (!world_is_id(cursor)) {
            rest_bad_param(c, "after");
            return;
        }
        answer_after(c, ch, cursor, &page);
    } else {
        bool before = rest_query(c, "before", cursor, sizeof(cursor));
        if (before && !world_is_id(cursor)) {
            rest_bad_param(c, "before");
            return;
        }
        answer_page(c, ch, cursor, &page);
    }
}

/* ---- single posts ---- */

static const struct post *readable_post(struct call *c) {
    if (!world_is_id(c->params[0])) {
        rest_bad_param(c, "post_id");
        return NULL;
    }
    const struct world *w = &c->server->world;
    const struct post *p = posts_find(w, c->params[0]);
    if (!p || p->delete_at) {
        rest_error(c, 404, "app.post.get.app_error", "Unable to get the post.");
        return NULL;
    }
    if (!world_is_member(w, p->channel, c->user) && p->channel->type != 'O' && !c->user->is_admin) {
        rest_forbidden(c);
        return NULL;
    }
    return p;
}

void rest_get_post(struct call *c) {
    const struct post *p = readable_post(c);
    if (p) {
        shape_post(&c->out, p, POST_LISTED, "");
    }
}

/* The root stands in "order" twice when a reply was asked for or there are any, as in the real
 * server. */
void rest_thread(struct call *c) {
    const struct post *p = readable_post(c);
    if (!p) {
        return;
    }
    const struct post *root = p->root ? p->root : p;
    struct list l;
    list_init(&l);
    l.order[l.n++] = p;
    add_post(&l, p);
    add_thread_of(&l, root);
    l.order[l.n++] = root;
    for (size_t i = 0; i < root->n_replies && l.n < SINCE_MAX; i++) {
        if (!root->replies[i]->delete_at) {
            l.order[l.n++] = root->replies[i];
        }
    }
    answer_list(c, &l, "", "");
}
