#include "intents/labels.h"

#include <string.h>

const char *const label_names[LABEL__COUNT] = {
#define X(name, word) word,
    LABELS(X)
#undef X
};

const char *const incident_kind_names[KIND__COUNT] = {
#define X(name, word) word,
    INCIDENT_KINDS(X)
#undef X
};

enum label label_find(const char *name, size_t n) {
    size_t i = 0;
    while (i < LABEL__COUNT &&
           (strlen(label_names[i]) != n || memcmp(label_names[i], name, n) != 0)) {
        i++;
    }
    return (enum label)i;
}
