/* The events of the Events API: their JSON, and whether the app gets them. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_EVENT_H
#define KIZUKI_TESTS_FAKE_SLACK_EVENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/fake/slack/message.h"

struct server;

void event_message(struct server *sv, const struct message *m);                /* and app_mention */
void event_changed(struct server *sv, const struct message *m, cJSON *before); /* takes it over */
void event_deleted(struct server *sv, const struct message *m);
void event_reaction(struct server *sv, const struct message *m, const struct user *u,
                    const char *emoji, bool added);
void event_user(struct server *sv, const char *type, const struct user *u);
void event_joined(struct server *sv, const struct channel *c, const struct user *u);
void event_home_opened(struct server *sv, const struct user *u, const struct channel *c,
                       const char *tab);
void event_rate_limited(struct server *sv);

/* Anything at all: what the payload's "event" is; taken over. */
void event_send(struct server *sv, cJSON *event, const char *channel_id);

#endif
