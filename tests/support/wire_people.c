/* People of a test over the wire, and what they see: whatever the platform makes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/support/wire_platform.h"

void wire_copy_id(const struct wire *w, const cJSON *json, const char *key,
                  char ret[WIRE_ID_LEN + 1]) {
    const char *id = json_string(json, key);
    if (!id || !*id || strlen(id) > WIRE_ID_LEN) {
        wire_fail(w, "a reply without \"%s\"", key);
    }
    memcpy(ret, id, strlen(id) + 1);
}

int64_t wire_wall_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void wire_person(struct wire *w, const char *name, struct wire_person *ret) {
    *ret = (struct wire_person){.acted_ms = 0};
    snprintf(ret->name, sizeof(ret->name), "%s", name);
    wire_platform(w)->meet(w, ret);
}

void wire_set_locale(struct wire *w, const struct wire_person *p, const char *locale) {
    wire_platform(w)->set_locale(w, p, locale);
}

void wire_direct(struct wire *w, struct wire_person *p) {
    if (!*p->direct) {
        wire_platform(w)->direct(w, p);
    }
}

void wire_channel(struct wire *w, const char *name, char ret_id[WIRE_ID_LEN + 1]) {
    wire_platform(w)->channel(w, name, ret_id);
}

/* Nobody does two things in one millisecond, and what they did has an order. */
static void await_next_ms(const struct wire_person *p) {
    while (wire_wall_ms() <= p->acted_ms) {
        wire_pause_ms(1);
    }
}

void wire_say(struct wire *w, struct wire_person *p, const char *channel, const char *text,
              char ret_id[WIRE_ID_LEN + 1]) {
    await_next_ms(p);
    wire_platform(w)->say(w, p, channel, text, ret_id);
}

void wire_react(struct wire *w, struct wire_person *p, const char *post, const char *emoji,
                bool on) {
    await_next_ms(p);
    wire_platform(w)->react(w, p, post, emoji, on);
}

bool wire_click(struct wire *w, struct wire_person *p, const char *post, const char *offer,
                int times, char ret_token[WIRE_ID_LEN + 1]) {
    await_next_ms(p);
    return wire_platform(w)->click(w, p, post, offer, times, ret_token);
}

void wire_open_home(struct wire *w, struct wire_person *p) {
    wire_platform(w)->open_home(w, p);
}

bool wire_home(struct wire *w, const struct wire_person *p, struct buf *out) {
    return wire_platform(w)->home(w, p, out);
}

enum wire_fate wire_fate(struct wire *w, const char *token) {
    return wire_platform(w)->fate(w, token);
}

void wire_read_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                     struct wire_posts *ret) {
    *ret = (struct wire_posts){.n = 0};
    wire_platform(w)->read_posts(w, reader, channel, ret);
}

void wire_add_post(struct wire_posts *posts, const char *id, const char *text, const char *thread,
                   const char *offers) {
    if (posts->n == posts->cap) {
        posts->cap = posts->cap ? posts->cap * 2 : 64;
        posts->list = xrealloc(posts->list, posts->cap * sizeof(*posts->list));
    }
    struct wire_post *post = &posts->list[posts->n++];
    *post = (struct wire_post){
        .text = xstrdup(text), .thread = xstrdup(thread), .offers = xstrdup(offers)};
    snprintf(post->id, sizeof(post->id), "%s", id);
}

void wire_free_posts(struct wire_posts *posts) {
    for (size_t i = 0; i < posts->n; i++) {
        free(posts->list[i].text);
        free(posts->list[i].thread);
        free(posts->list[i].offers);
    }
    free(posts->list);
    *posts = (struct wire_posts){.n = 0};
}
