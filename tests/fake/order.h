/* One command of a test: its arguments, and the tables of what can be commanded. */
#ifndef KIZUKI_TESTS_FAKE_ORDER_H
#define KIZUKI_TESTS_FAKE_ORDER_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/buf.h"
#include "tests/fake/server.h"

struct lws;

struct order {
    struct server *server;
    const cJSON *args;
    const struct lws *wsi; /* the connection it came on */
    struct buf *out;       /* the answer, where it is more than {} */
};

struct order_kind {
    const char *name;
    const char *(*run)(const struct order *o); /* NULL or what is wrong: static text */
};

extern const struct order_kind orders_net[]; /* ended by a NULL name */
extern const struct order_kind orders_world[];

int64_t order_int(const struct order *o, const char *name, int64_t otherwise);
const char *order_string(const struct order *o, const char *name, const char *otherwise);

/* By name or id, from the argument of that name; NULL when missing or unknown. */
struct user *order_user(const struct order *o, const char *name);

/* By name or id; "@hanako" is the bot's direct channel with her, opened when needed. */
struct channel *order_channel(const struct order *o);

#endif
