/* The JSON of things as Slack writes it. Whoever gets a tree owns it. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_SHAPE_H
#define KIZUKI_TESTS_FAKE_SLACK_SHAPE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/fake/slack/world.h"

struct shape_rights {
    bool email;
    bool locale;
};

cJSON *shape_user(const struct user *u, const struct shape_rights *may);
cJSON *shape_channel(const struct world *w, const struct channel *c);
cJSON *shape_bot_profile(void);

/* {"id","username","name","team_id"} of interactive payloads. */
cJSON *shape_actor(const struct user *u);

/* The rich_text block of a text with Slack's escapes and <@U…> tokens. */
cJSON *shape_rich_text(struct world *w, const char *text);

/* What somebody types, with & < > escaped. malloc'd. */
char *shape_escape(const char *text);

/* A block_id as Slack makes them up. */
void shape_block_id(struct world *w, char out[8]);

/* Adds an object or array, and returns it. */
cJSON *shape_object(cJSON *parent, const char *name);
cJSON *shape_array(cJSON *parent, const char *name);

#endif
