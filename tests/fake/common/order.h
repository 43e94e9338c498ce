/*
 * One command of a test, POST /control {"do":NAME,...}: its arguments, the tables of what can be
 * commanded, and the commands every double knows: those about HTTP and the clock.
 */
#ifndef KIZUKI_TESTS_FAKE_COMMON_ORDER_H
#define KIZUKI_TESTS_FAKE_COMMON_ORDER_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/buf.h"
#include "tests/fake/common/frame.h"
#include "tests/fake/common/http.h"

struct order {
    struct server *server;
    struct net *net;
    const cJSON *args;
    const struct lws *wsi; /* the connection it came on */
    struct buf *out;       /* the answer, where it is more than {} */
};

struct order_kind {
    const char *name;
    const char *(*run)(const struct order *o); /* NULL or what is wrong: static text */
};

extern const struct order_kind orders_common[]; /* ended by a NULL name */

int64_t order_int(const struct order *o, const char *name, int64_t otherwise);
const char *order_string(const struct order *o, const char *name, const char *otherwise);
bool order_flag(const struct order *o, const char *name, bool otherwise);

/* -1: it is none. */
int order_hex_digit(char c);

/* The frame of "text" or "hex" in as many parts as "fragments" says; NULL when both are missing. */
struct frame *order_frame(const struct order *o);

/* Runs the command of the call by the first table that knows it, and leaves the answer. */
void order_run(struct call *c, struct net *net, const struct lws *wsi,
               const struct order_kind *const tables[]);

#endif
