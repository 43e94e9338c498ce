/*
 * The event loop: libwebsockets' own, with timers, watched descriptors and a hook at the end of
 * each turn. One loop, one thread. Callbacks run inside loop_run and may use everything here.
 */
#ifndef KIZUKI_BOT_NET_LOOP_H
#define KIZUKI_BOT_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

struct loop;
struct loop_timer;

struct loop_setup {
    const char *ca_file; /* PEM; the only authorities websocket and HTTP trust */
    const char *proxy;   /* "http://[USER:PASSWORD@]HOST:PORT" for those who ask for it, "" none */
};

/* NULL with a line in error[] where the CA file cannot be used. Texts are copied. */
struct loop *loop_create(const struct loop_setup *setup, char error[256]);
void loop_destroy(struct loop *l); /* NULL is fine; timers of the loop must be gone */

bool loop_has_proxy(const struct loop *l);

/* Runs until loop_stop. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);

/* Called at the end of every turn, after all that was ready was handled. */
void loop_on_turn_end(struct loop *l, void (*fn)(void *ctx), void *ctx);

/* Calls fn whenever fd can be read. The loop closes fd at its end. False: out of descriptors. */
bool loop_watch(struct loop *l, int fd, void (*fn)(void *ctx), void *ctx) WARN_UNUSED;

/* A timer fires once each time it is set; setting it again moves it. */
struct loop_timer *loop_timer_create(struct loop *l, void (*fn)(void *ctx), void *ctx);
void loop_timer_destroy(struct loop_timer *t); /* NULL is fine */
void loop_timer_set(struct loop_timer *t, int64_t ms);
void loop_timer_clear(struct loop_timer *t);

/* Milliseconds that never jump, for measuring. */
int64_t loop_now_ms(void);

/* A whole number in [0, below), for jitter. */
int64_t loop_random(int64_t below);

#endif
