/* Block Kit: what Slack would refuse, and what it fills in. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_BLOCKS_H
#define KIZUKI_TESTS_FAKE_SLACK_BLOCKS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "tests/fake/slack/web.h"
#include "tests/fake/slack/world.h"

enum blocks_surface { BLOCKS_MESSAGE, BLOCKS_MODAL, BLOCKS_HOME };

/* False with all violations complained of; `pointer` is where they stand: "/blocks", "/view". */
bool blocks_check(struct web *w, const cJSON *blocks, enum blocks_surface where,
                  const char *pointer);

/* A whole modal or home tab. */
bool blocks_check_view(struct web *w, const cJSON *view);

/* Adds block_id, action_id, emoji and verbatim where they are missing. */
void blocks_fill(struct world *w, cJSON *blocks);

/* Code points of a text. */
size_t blocks_chars(const char *text);

#endif
