/*
 * The embedded workspace: a chat with the bot on standard input and output, for newcomers and for
 * tests. Lines in, replies out; lines that begin with ':' steer the simulation (see --help).
 * Ends at end of input, on :quit, and on SIGTERM or SIGINT after finishing the turn at hand.
 */
#ifndef KIZUKI_BOT_CONSOLE_CONSOLE_H
#define KIZUKI_BOT_CONSOLE_CONSOLE_H

#include <stdbool.h>

#include "bot/engine.h"

struct console_options {
    const char *user; /* external id of the person typing */
    bool json;        /* one JSON object a reply */
    bool echo;        /* repeat each line in front of its replies: a transcript */
    const char *png;  /* every picture is painted into this file, the last one stays; NULL: none */
    bool cards;       /* show what platforms with buttons do: words, pages, answered questions */
};

/* The settings a reload may change; called on SIGHUP and ":reload". */
struct console_reload {
    bool (*reload)(void *ctx, struct engine *engine);
    void *ctx;
};

struct console;

struct console *console_create(const struct console_options *options);
void console_destroy(struct console *c);

/* Runs until the end; the exit code of the process. */
int console_run(struct console *c, struct engine *engine, struct store *store,
                const struct console_reload *reload);

#endif
