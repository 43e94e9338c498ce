/* Response URLs: they need no token, but are good for five uses and thirty minutes. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_HOOK_H
#define KIZUKI_TESTS_FAKE_SLACK_HOOK_H

#include <stdbool.h>

#include "tests/fake/common/http.h"
#include "tests/fake/slack/message.h"

struct server;

/* `message` is the one clicked in, or NULL. "actions" or "commands" is the kind. */
const char *hook_make(struct server *sv, const char *kind, struct user *u, struct channel *c,
                      struct message *message);

/* False: the path is none of them. */
bool hook_handle(struct call *c);

/* What an app says without a token, to a person or a channel; NULL or an error. */
const char *hook_say(struct server *sv, const cJSON *body, struct user *u, struct channel *c,
                     struct message *original);

#endif
