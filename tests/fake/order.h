/* What a test can command a Mattermost server. */
#ifndef KIZUKI_TESTS_FAKE_ORDER_H
#define KIZUKI_TESTS_FAKE_ORDER_H

#include "tests/fake/common/order.h"
#include "tests/fake/server.h"

extern const struct order_kind orders_net[]; /* ended by a NULL name */
extern const struct order_kind orders_world[];

/* By name or id, from the argument of that name; NULL when missing or unknown. */
struct user *order_user(const struct order *o, const char *name);

/* By name or id; "@hanako" is the bot's direct channel with her, opened when needed. */
struct channel *order_channel(const struct order *o);

#endif
