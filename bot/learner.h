/*
 * Between store and conversation, for what people say of themselves and plan: rows into struct
 * learning, changes back into rows. Errors as in store.h.
 */
#ifndef KIZUKI_BOT_LEARNER_H
#define KIZUKI_BOT_LEARNER_H

#include "intents/step.h"
#include "store/store.h"

int learner_load(struct store *s, struct arena *arena, const char *person_id,
                 struct learning *ret) WARN_UNUSED;

/* CHANGE_TARGET, CHANGE_LEVEL, CHANGE_INVOLVEMENT, CHANGE_PACE or CHANGE_PLAN_STEP. */
int learner_apply(struct store *s, const char *person_id, const struct change *c,
                  int64_t now_ms) WARN_UNUSED;

#endif
