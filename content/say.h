/* Fills a message template of the catalogue. */
#ifndef KIZUKI_CONTENT_SAY_H
#define KIZUKI_CONTENT_SAY_H

#include <stdarg.h>

#include "base/attr.h"
#include "base/buf.h"
#include "content/pack.h"

/*
 * Appends the message in that language with {name} replaced. The pairs are const char *name,
 * const char *value, ended by NULL; values are inserted as they are (never filled again).
 */
void say(struct buf *out, const struct pack *pack, enum lang lang, enum msg msg, ...) SENTINEL;

/* The same with the pairs as a list. */
void say_list(struct buf *out, const struct pack *pack, enum lang lang, enum msg msg,
              va_list pairs);

/* The same for any template, e.g. the attribution's {date}. */
void say_template(struct buf *out, const char *template, ...) SENTINEL;

/* The pack's date of use as people write it: "2026年11月23日", "23 November 2026". */
void say_date(struct buf *out, const struct pack *pack, enum lang lang);

#endif
