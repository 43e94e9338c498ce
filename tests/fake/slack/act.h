/*
 * What people do with blocks: finding the element somebody means, what is chosen in it afterwards,
 * and the payload that makes of it.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_ACT_H
#define KIZUKI_TESTS_FAKE_SLACK_ACT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/fake/slack/message.h"
#include "tests/fake/slack/view.h"

/* Which element is meant; NULL: any. */
struct act_aim {
    const char *block;
    const char *action;
    const char *label; /* of a button or an option */
    const char *value;
    bool loose; /* a part of the label is enough */
};

/* An element, and the option of it where it has some. */
struct act_hit {
    const cJSON *block;
    const cJSON *element;
    const cJSON *option;
};

bool act_find(const cJSON *blocks, const struct act_aim *aim, struct act_hit *ret);

/* The newest message of the channel in which the element is found. */
struct message *act_find_message(struct channel *c, const struct user *u,
                                 const struct act_aim *aim);

/* The element is used: a button pressed, an option chosen, ticked or unticked. */
void act_in_message(struct server *sv, struct user *u, struct message *m,
                    const struct act_hit *hit);
void act_in_view(struct server *sv, struct user *u, struct view *v, const struct act_hit *hit);

/*
 * Fills in the inputs by block_id (a text, the value of an option, or an array of those) and sends
 * the modal off; NULL or what a client would object to.
 */
const char *act_submit(struct server *sv, struct user *u, const cJSON *values);
void act_close(struct server *sv, struct user *u);

/* A slash command. */
void act_command(struct server *sv, struct user *u, struct channel *c, const char *command,
                 const char *text);

#endif
