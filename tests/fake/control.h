/* The switches for tests: POST /control {"do":...} and GET /control/state. */
#ifndef KIZUKI_TESTS_FAKE_CONTROL_H
#define KIZUKI_TESTS_FAKE_CONTROL_H

#include "tests/fake/rest.h"

struct lws;

/* `wsi` is the connection it came on, which is spared by what ends connections. */
void control_handle(struct call *c, const struct lws *wsi);

#endif
