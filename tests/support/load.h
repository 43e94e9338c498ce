/*
 * A server that only measures: it lets people write to a bot and times the posts that come back.
 * Just enough of Mattermost's websocket and REST for that; nothing is kept or checked.
 */
#ifndef KIZUKI_TESTS_SUPPORT_LOAD_H
#define KIZUKI_TESTS_SUPPORT_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/support/report.h"

#define LOAD_PEOPLE_MAX 64

struct load_setup {
    const char *cert; /* PEM files for TLS, NULL for none */
    const char *key;
    int people;      /* who write at once; each goes on as soon as the answer is there */
    size_t warm_up;  /* messages not measured, at least one a person */
    size_t messages; /* measured, at most REPORT_SAMPLES */
};

struct load_result {
    bool done;
    double hello_ms;        /* when the hello was sent, by report_now_ms */
    double seconds;         /* for the measured messages */
    struct samples latency; /* from sending a frame to having the whole POST */
};

/*
 * Serves on loopback until all is measured, at most two minutes: writes the port (an int) to `out`,
 * then the struct load_result, then waits until `in` is closed. For a process of its own.
 */
void load_serve(const struct load_setup *setup, int out, int in);

#endif
