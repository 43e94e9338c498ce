/* Tries a Mattermost workspace for real: address, token, version, team, websocket and clock. */
#ifndef KIZUKI_BOT_MATTERMOST_PROBE_H
#define KIZUKI_BOT_MATTERMOST_PROBE_H

#include "bot/probe.h"

/* Steps that depend on one that failed are left out. */
void mattermost_probe(const struct probe_setup *setup);

#endif
