/*
 * One Mattermost workspace: its websocket, its REST interface, and the way from frames to events
 * and from the outbox to posts. Never blocks.
 */
#ifndef KIZUKI_BOT_MATTERMOST_MATTERMOST_H
#define KIZUKI_BOT_MATTERMOST_MATTERMOST_H

#include "bot/workspace.h"

struct workspace mattermost_create(const struct workspace_setup *setup);

#endif
