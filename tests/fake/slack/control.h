/* The switches for tests: POST /control {"do":...} and GET /control/... */
#ifndef KIZUKI_TESTS_FAKE_SLACK_CONTROL_H
#define KIZUKI_TESTS_FAKE_SLACK_CONTROL_H

#include "tests/fake/common/order.h"
#include "tests/fake/slack/server.h"

/* `wsi` is the connection it came on, which is spared by what ends connections. */
void control_handle(struct call *c, const struct lws *wsi);

extern const struct order_kind orders_people[]; /* ended by a NULL name */
extern const struct order_kind orders_line[];
extern const struct order_kind orders_workspace[];

/* By name or id, from the argument of that name; NULL when unknown. */
struct user *order_user(const struct order *o, const char *name);

/* By name or id; "@hanako" is the bot's direct channel with her, opened when needed. */
struct channel *order_channel_named(const struct order *o, const char *which);

/* From the argument "channel"; the direct one with the user where that is missing. */
struct channel *order_channel(const struct order *o, struct user *u);

#endif
