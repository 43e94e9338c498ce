/*
 * One measurement over the wire: a process that serves (tests/support/load.h) and one that is
 * measured, the bot or the loop without state. Both end with the pair, or with this process.
 */
#ifndef KIZUKI_TESTS_SUPPORT_PAIR_H
#define KIZUKI_TESTS_SUPPORT_PAIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/support/load.h"

struct pair_setup {
    const struct load_platform *platform;
    const char *binary; /* of the bot */
    char dir[64];       /* where everything is, below the working directory */
    char cert[96];
    char key[96];
};

struct pair {
    pid_t server;
    pid_t client;
    int from_server;
    int to_server;
    int port;
    double started_ms;
    struct load_result result;
};

enum pair_who { PAIR_BOT, PAIR_BARE };

/* Makes the directory, whose name ends in XXXXXX, and a certificate in it. */
bool pair_prepare(struct pair_setup *setup);
void pair_clean_up(const struct pair_setup *setup);

/*
 * Measures; `nth` tells the bot's databases apart. On return both processes are there, until
 * pair_end, also where it went wrong.
 */
bool pair_measure(const struct pair_setup *setup, const struct load_setup *load, enum pair_who who,
                  int nth, struct pair *ret);
void pair_end(struct pair *p);

/* A number in the measured process' /proc/PID/status, -1 where there is none. */
long pair_status(const struct pair *p, const char *key);

/* What the measured process has had of the processors since it began. */
double pair_cpu_s(const struct pair *p);

#endif
