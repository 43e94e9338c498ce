/*
 * Tries a Slack workspace for real: address, both tokens, scopes, websocket, app and clock. It asks
 * and changes nothing. The websocket is closed as soon as it has said hello; while the bot runs,
 * what people do in that moment may come here, and Slack repeats it, except for clicks.
 */
#ifndef KIZUKI_BOT_SLACK_PROBE_H
#define KIZUKI_BOT_SLACK_PROBE_H

#include "bot/probe.h"

/* Steps that depend on one that failed are left out. */
void slack_probe(const struct probe_setup *setup);

#endif
