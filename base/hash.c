#include "base/hash.h"

#include <openssl/sha.h>

void hash_hex(const void *data, size_t n, char out[HASH_HEX_LEN + 1]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char md[SHA256_DIGEST_LENGTH];
    SHA256(data, n, md);
    for (size_t i = 0; i < sizeof(md); i++) {
        out[2 * i] = digits[md[i] >> 4];
        out[2 * i + 1] = digits[md[i] & 15];
    }
    out[HASH_HEX_LEN] = '\0';
}
