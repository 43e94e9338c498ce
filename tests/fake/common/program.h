/*
 * The life of a double as a process: options, the port on 127.0.0.1, "listening PORT", the end at
 * SIGTERM, with the parent, or after half an hour.
 */
#ifndef KIZUKI_TESTS_FAKE_COMMON_PROGRAM_H
#define KIZUKI_TESTS_FAKE_COMMON_PROGRAM_H

#include <stdint.h>

#include "tests/fake/common/http.h"

struct program {
    struct net *net;
    const char *name;
    const lws_retry_bo_t *liveness; /* of connections; NULL: lws leaves them alone */
    int port;
    const char *cert; /* NULL: no TLS */
    const char *key;
    const char *port_file;
    const char *manifest; /* Slack: of the app; NULL: it may do anything */
    int signals;
    bool ending;
    lws_sorted_usec_list_t life;
};

/* Reads the options and sets the clock; false with the usage said. */
bool program_begin(struct program *p, int argc, char **argv);

/* Serves until the end; the exit status. All connections are closed then. */
int program_serve(struct program *p);

#endif
