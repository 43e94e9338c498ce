/* Who is mentioned in a post. */
#ifndef KIZUKI_TESTS_FAKE_MENTION_H
#define KIZUKI_TESTS_FAKE_MENTION_H

#include "base/buf.h"
#include "tests/fake/posts.h"

/* Appends a JSON array of user ids; nothing at all when nobody is mentioned. */
void mention_list(struct buf *b, const struct world *w, const struct post *p);

#endif
