/*
 * One Slack workspace: its Socket Mode connections, the Web API, and the way from envelopes to
 * events and from the outbox to messages. Never blocks.
 */
#ifndef KIZUKI_BOT_SLACK_SLACK_H
#define KIZUKI_BOT_SLACK_SLACK_H

#include "bot/workspace.h"

struct workspace slack_create(const struct workspace_setup *setup);

#endif
