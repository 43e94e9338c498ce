#include "content/messages.h"

#include <string.h>

const struct message_key message_keys[MSG__COUNT] = {
#define X(name, key, placeholders) {key, placeholders},
    MESSAGES(X)
#undef X
};

int message_find(const char *key) {
    for (int i = 0; i < MSG__COUNT; i++) {
        if (strcmp(message_keys[i].key, key) == 0) {
            return i;
        }
    }
    return -1;
}
