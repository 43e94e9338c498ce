/*
 * What platforms with buttons show, as lines of text: the words under a reply and the forms to fill
 * in. Strings live in the arena.
 */
#ifndef KIZUKI_BOT_CONSOLE_LOOK_H
#define KIZUKI_BOT_CONSOLE_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/event.h"

/* The number-th word, from 1, of a row's controls; false if there is none. */
bool look_word(struct arena *a, const char *controls, int number, struct word *ret);

/* All of them in a line, those that open a form with "…"; "" where there are none. */
const char *look_words(struct arena *a, const char *controls);

const char *look_sheet(struct arena *a, const struct sheet *sheet);
const char *look_errors(struct arena *a, const struct sheet_error *errors, size_t n);

#endif
