/*
 * Lengths of time in what people type: "30分", "1時間半", "half an hour".
 */
#ifndef KIZUKI_INTENTS_DURATION_H
#define KIZUKI_INTENTS_DURATION_H

#include <stdbool.h>
#include <stddef.h>

struct duration {
    size_t at; /* its place, in bytes */
    size_t len;
    int minutes;
    bool at_least; /* "1時間以上", "more than an hour" */
};

/* The first one in a folded text; false if there is none. */
bool duration_find(const char *folded, struct duration *ret);

#endif
