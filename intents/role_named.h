/* The role that a request for one names by a part of its name, or by its number in words. */
#ifndef KIZUKI_INTENTS_ROLE_NAMED_H
#define KIZUKI_INTENTS_ROLE_NAMED_H

#include "base/arena.h"
#include "content/pack.h"
#include "content/search.h"

/*
 * "開発の役割", "the development role", "role number nine": of a folded message; FOUND_NOTHING
 * where several roles are called so, or none.
 */
struct found role_named(const struct pack *pack, struct arena *arena, const char *folded);

#endif
