/* The JSON of things as the server writes it: same keys, same order, same escapes (Go's). */
#ifndef KIZUKI_TESTS_FAKE_SHAPE_H
#define KIZUKI_TESTS_FAKE_SHAPE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/buf.h"
#include "tests/fake/posts.h"
#include "tests/fake/world.h"

#define SERVER_VERSION "5.37.0"
#define SERVER_BUILD   SERVER_VERSION "..000000000000000000000000000000ff.false"

/* A JSON string with its quotes. */
void shape_string(struct buf *b, const char *s);

/* A parsed object with its top-level keys sorted, as Go writes a map. */
void shape_map(struct buf *b, const cJSON *object);

enum post_form {
    POST_FULL,   /* as answers and events have it */
    POST_LISTED, /* without the text of what is deleted */
    POST_BARE,   /* without metadata: the answer to a repeated pending_post_id */
};

void shape_post(struct buf *b, const struct post *p, enum post_form form, const char *pending_id);
void shape_reaction(struct buf *b, const struct post *p, const struct user *u, const char *emoji,
                    int64_t create_at, int64_t update_at);
void shape_reactions(struct buf *b, const struct post *p);
void shape_user(struct buf *b, const struct user *u, bool own);
void shape_channel(struct buf *b, const struct world *w, const struct channel *c);
void shape_team(struct buf *b, const struct world *w);

#endif
