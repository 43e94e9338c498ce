/*
 * The child that paints: a drawing's JSON goes in, a PNG comes out. It is this program again,
 * started as "paint" with nothing inherited but that, and with little of the environment. Nothing
 * here waits but paint_now.
 */
#ifndef KIZUKI_BOT_PAINT_CHILD_H
#define KIZUKI_BOT_PAINT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"

#define PAINT_PNG_MAX  ((size_t)2 * 1024 * 1024)
#define PAINT_LIMIT_MS 5000

struct paint_child {
    pid_t pid;
    int ended; /* readable once it has ended */
    int png;   /* what it writes; -1 once that was closed */
    struct buf out;
};

/* `program` NULL: this very binary. 0, or a negative errno and nothing to end. */
int paint_child_start(const char *program, const char *json, struct paint_child *ret) WARN_UNUSED;

/* Takes what it has written so far. False where no more is to come: `png` is closed then, too. */
bool paint_child_read(struct paint_child *c);

/* It may go on for a moment; `ended` tells. */
void paint_child_kill(const struct paint_child *c);

/*
 * Once it has ended, or after paint_child_kill: reaps it and closes everything; NULL where c->out
 * holds a whole PNG, which is the caller's to free either way, else why there is none, static.
 */
const char *paint_child_end(struct paint_child *c);

/* Whether what paint_child_end said is mended by installing a package, which it names. */
bool paint_wants_package(const char *why);

/* All of that at once, in at most PAINT_LIMIT_MS. Says why and leaves *ret empty, or NULL. */
const char *paint_now(const char *json, struct buf *ret);

#endif
