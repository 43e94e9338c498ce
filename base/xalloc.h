/*
 * Allocation that cannot fail: without memory the process ends with one line on stderr. All state
 * is in SQLite and the service manager starts us again, so ending loses nothing. Whatever is sized
 * by input is bounded by its caller first.
 */
#ifndef KIZUKI_BASE_XALLOC_H
#define KIZUKI_BASE_XALLOC_H

#include <stddef.h>

#include "base/attr.h"

void *xmalloc(size_t n);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
NORETURN void xalloc_die(void);

#endif
