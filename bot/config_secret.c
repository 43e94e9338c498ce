#include "bot/config_secret.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot/config_file.h"

#define SECRET_MAX_BYTES ((size_t)4 * 1024)

const char *config_secret_problem(const char *secret) {
    if (!*secret) {
        return "the secret is empty; allowed: one word of ASCII";
    }
    while (isgraph((unsigned char)*secret)) {
        secret++;
    }
    return *secret ? "white space or an unprintable byte in the secret; allowed: one word of ASCII"
                   : NULL;
}

/* Reads an open file into bytes, without the newline at its end; NULL, or what is wrong. */
static const char *take_secret(int fd, const char *path, struct arena *texts, char *bytes) {
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return S_ISDIR(st.st_mode) ? config_file_advice(texts, EISDIR)
                                   : "this is not a regular file";
    }
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        return arena_printf(texts, "the file is open to others than its owner; run: chmod 600 %s",
                            path);
    }
    ssize_t n = read(fd, bytes, SECRET_MAX_BYTES + 1);
    if (n < 0) {
        return config_file_advice(texts, errno);
    }
    if ((size_t)n > SECRET_MAX_BYTES) {
        return "the file is too large; allowed: at most 4 KiB";
    }
    while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r')) {
        n--;
    }
    bytes[n] = '\0';
    return strlen(bytes) < (size_t)n ? "a NUL byte in the secret; allowed: one word of ASCII"
                                     : config_secret_problem(bytes);
}

const char *config_secret_read(const char *path, struct arena *texts, struct arena *a,
                               char **ret_secret) {
    /* O_NONBLOCK: a named pipe must not hold up the start. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return arena_printf(texts, "%s: %s", path, config_file_advice(texts, errno));
    }
    char bytes[SECRET_MAX_BYTES + 2];
    const char *problem = take_secret(fd, path, texts, bytes);
    close(fd);
    if (!problem) {
        *ret_secret = arena_strdup(a, bytes);
    }
    explicit_bzero(bytes, sizeof(bytes));
    return problem ? arena_printf(texts, "%s: %s", path, problem) : NULL;
}
