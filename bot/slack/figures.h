/*
 * The outbox' tables and charts as blocks that newer clients of Slack show. Pure; blocks are the
 * caller's to delete.
 */
#ifndef KIZUKI_BOT_SLACK_FIGURES_H
#define KIZUKI_BOT_SLACK_FIGURES_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* NULL where there is none, or Slack would not take it as a whole. */
cJSON *slack_table(struct arena *a, const cJSON *table);
cJSON *slack_chart(struct arena *a, const cJSON *chart);

#endif
