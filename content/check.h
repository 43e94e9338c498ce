/* The content linter: relations between the files of a pack that loaded without faults. */
#ifndef KIZUKI_CONTENT_CHECK_H
#define KIZUKI_CONTENT_CHECK_H

#include "content/pack.h"

void check_pack(const struct pack *pack, struct faults *faults);

#endif
