#include "content/lang.h"

#include <string.h>

const char *const lang_codes[LANG__COUNT] = {"ja", "en"};

bool lang_parse(const char *code, enum lang *ret) {
    for (int i = 0; i < LANG__COUNT; i++) {
        if (strcmp(code, lang_codes[i]) == 0) {
            *ret = (enum lang)i;
            return true;
        }
    }
    return false;
}
