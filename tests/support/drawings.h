/* A drawing with everything in it, for the tests of pictures. */
#ifndef KIZUKI_TESTS_SUPPORT_DRAWINGS_H
#define KIZUKI_TESTS_SUPPORT_DRAWINGS_H

#include "base/drawing.h"

/* Of n bars, the first ones: reached and more, short of it, not known, nothing at all. */
struct drawing drawing_of(size_t n);

#endif
