/* The id of a task, knowledge or skill that a message names. */
#ifndef KIZUKI_INTENTS_TKS_ID_H
#define KIZUKI_INTENTS_TKS_ID_H

#include "base/arena.h"
#include "intents/phrases.h"

/*
 * "K-006" where the message has that, or "k6" standing on its own, or is a kind in words with a
 * number behind it; NULL for none. Whether there is such an item is not looked at.
 */
const char *tks_id_in(struct arena *arena, const struct wording *w);

#endif
