/*
 * The least a bot has to do, as a measure of the libraries: reads frames as JSON, acknowledges them
 * where the platform wants that, and posts a fixed text to where each came from. Keeps nothing.
 */
#ifndef KIZUKI_TESTS_SUPPORT_BARE_LOOP_H
#define KIZUKI_TESTS_SUPPORT_BARE_LOOP_H

#include "tests/support/load_platform.h"

/* Until the server's websocket ends; for a process of its own. The port is one on localhost. */
int bare_loop_run(const struct load_platform *platform, const char *ca_file, int port);

#endif
