/* The two languages, and texts that exist in both. */
#ifndef KIZUKI_CONTENT_LANG_H
#define KIZUKI_CONTENT_LANG_H

#include <stdbool.h>

enum lang { LANG_JA, LANG_EN, LANG__COUNT };

struct l10n {
    const char *in[LANG__COUNT]; /* never NULL in a checked pack */
};

extern const char *const lang_codes[LANG__COUNT]; /* "ja", "en" */

bool lang_parse(const char *code, enum lang *ret);

#endif
