/* What an acknowledgement says beyond having arrived. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_ANSWER_H
#define KIZUKI_TESTS_FAKE_SLACK_ANSWER_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/fake/slack/delivery.h"

struct server;

/* Does it; false: it makes no sense. NULL: a bare acknowledgement, which closes a view. */
bool answer_take(struct server *sv, const struct delivery_use *use, const cJSON *payload);

#endif
