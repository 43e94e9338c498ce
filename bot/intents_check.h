/* What is in conflict with a site's example sentences, as lines for people. */
#ifndef KIZUKI_BOT_INTENTS_CHECK_H
#define KIZUKI_BOT_INTENTS_CHECK_H

#include <stddef.h>

#include "bot/reading.h"

/*
 * Compares the sentences in `r`, which were read from that folder, with the rules, each other and
 * the shipped ones. Prints a line for each conflict to stdout, `lead` in front: file, line, the
 * sentence, what it is in conflict with, what to do. Returns how many. Blocks for about a second.
 */
size_t intents_check_print(const struct reading *r, const char *dir, const char *lead);

#endif
