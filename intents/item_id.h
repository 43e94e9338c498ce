/* Ids of tasks, knowledge and skills in what people write: "K-006", "k6", "ｔ－０１７". */
#ifndef KIZUKI_INTENTS_ITEM_ID_H
#define KIZUKI_INTENTS_ITEM_ID_H

#include <stddef.h>

#include "base/arena.h"

#define ITEM_ID_SIZE 8

/*
 * The folded text with blanks in place of its ids (in the arena); the first of them as "K-006", ""
 * for none; how many there are.
 */
char *item_id_take(struct arena *arena, const char *folded, char item[ITEM_ID_SIZE], size_t *ret_n);

#endif
