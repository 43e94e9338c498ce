/*
 * What a real Mattermost server said, from tests/recorded/mattermost: frames of the websocket as
 * they came, REST replies as {request, response}. What cannot be read fails the test.
 */
#ifndef KIZUKI_TESTS_SUPPORT_RECORDED_H
#define KIZUKI_TESTS_SUPPORT_RECORDED_H

#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"

/* The file of that name, without ".json". */
const char *recorded_text(struct arena *a, const char *name, size_t *ret_n);

/* The same as JSON; free with cJSON_Delete. */
cJSON *recorded_json(const char *name);

/* The body of a REST reply, printed in one line as the server does. */
const char *recorded_body(struct arena *a, const char *name);

/* JSON in one line. */
const char *printed(struct arena *a, const cJSON *json);

#endif
