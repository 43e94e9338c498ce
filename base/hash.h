/* SHA-256 (libcrypto), as lower-case hex. Names versions of content and derives ids. */
#ifndef KIZUKI_BASE_HASH_H
#define KIZUKI_BASE_HASH_H

#include <stddef.h>

#define HASH_HEX_LEN 64

void hash_hex(const void *data, size_t n, char out[HASH_HEX_LEN + 1]);

#endif
