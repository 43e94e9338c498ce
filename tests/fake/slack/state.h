/* What inputs hold: {block_id:{action_id:{...}}}, as in state.values of payloads. Pure. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_STATE_H
#define KIZUKI_TESTS_FAKE_SLACK_STATE_H

#include <cjson/cJSON.h>

/*
 * What the element holds once that option of it was used; kept in `stored`. The result is a copy;
 * NULL for buttons, which hold nothing. An overflow menu is not kept.
 */
cJSON *state_use(cJSON *stored, const cJSON *block, const cJSON *element, const cJSON *option);

/* Of all inputs of the blocks, with what they began with where nothing was done. */
cJSON *state_values(const cJSON *blocks, const cJSON *stored);

/* Puts values into inputs, as a client would take them: NULL or what is wrong, static text. */
const char *state_fill(cJSON *stored, const cJSON *blocks, const cJSON *values);

#endif
