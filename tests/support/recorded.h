/*
 * What servers say, from tests/recorded. mattermost: recorded from a real server; frames of the
 * websocket as they came, REST replies as {request, response}. slack: written after Slack's
 * documentation with people and ids of our own; frames, and bodies of replies. What cannot be read
 * fails the test.
 */
#ifndef KIZUKI_TESTS_SUPPORT_RECORDED_H
#define KIZUKI_TESTS_SUPPORT_RECORDED_H

#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"

/* The file of that name, without ".json": "slack/in-message-im"; mattermost's without a folder. */
const char *recorded_text(struct arena *a, const char *name, size_t *ret_n);

/* The same as JSON; free with cJSON_Delete. */
cJSON *recorded_json(const char *name);

/* The body of a REST reply of Mattermost, printed in one line as the server does. */
const char *recorded_body(struct arena *a, const char *name);

/* JSON in one line. */
const char *printed(struct arena *a, const cJSON *json);

#endif
