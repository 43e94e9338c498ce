/*
 * A server that only measures: it lets people write to a bot and times the posts that come back.
 * Just enough of Mattermost, or of Slack in Socket Mode, for that; nothing is kept or checked.
 */
#ifndef KIZUKI_TESTS_SUPPORT_LOAD_H
#define KIZUKI_TESTS_SUPPORT_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/support/report.h"

#define LOAD_PEOPLE_MAX 64

struct load_platform;

struct load_setup {
    const struct load_platform *platform;
    const char *cert; /* PEM files for TLS, NULL for none */
    const char *key;
    int people;      /* who write at once; each goes on as soon as the answer is there … */
    int per_second;  /* … or, where not 0, so many write in a second, whatever the bot does */
    size_t warm_up;  /* messages not measured, at least one a person */
    size_t messages; /* measured; with those before at most LOAD_MESSAGES_MAX */
};

#define LOAD_MESSAGES_MAX 20000

struct load_result {
    bool done;
    double hello_ms; /* when the hello was sent, by report_now_ms */
    double seconds;  /* for the measured messages */
    double cpu_s;    /* this server's, in that time */
    double late_ms;  /* the latest of the measured messages, where they go out by the clock */
    struct samples latency; /* from sending a frame to having the whole POST */
    struct samples acks;    /* to having its acknowledgement; Slack */
};

/*
 * Serves on loopback until all is measured, at most two minutes: writes the port (an int) to `out`,
 * then the struct load_result, then waits until `in` is closed. For a process of its own.
 */
void load_serve(const struct load_setup *setup, int out, int in);

#endif
