/* The bot's database as tests over the wire look at it. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/wire.h"

#define COPY_MAX ((size_t)1024 * 1024 * 1024)

/* Opened for every question: a connection that stays would change what a start finds. */
static bool first_row(const char *path, const char *sql, const char *const *params, int64_t *n,
                      char *text, size_t size) {
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(db, 2000);
        rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    }
    for (int i = 0; rc == SQLITE_OK && params && params[i]; i++) {
        rc = sqlite3_bind_text(st, i + 1, params[i], -1, SQLITE_STATIC);
    }
    rc = rc == SQLITE_OK ? sqlite3_step(st) : rc;
    bool row = rc == SQLITE_ROW;
    if (row && n) {
        *n = sqlite3_column_int64(st, 0);
    } else if (row) {
        const char *value = (const char *)sqlite3_column_text(st, 0);
        snprintf(text, size, "%s", value ? value : "");
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return row;
}

int64_t wire_int(const char *db, const char *sql, const char *const *params) {
    int64_t n = -1;
    first_row(db, sql, params, &n, NULL, 0);
    return n;
}

void wire_text(const char *db, const char *sql, const char *const *params, char *ret, size_t size) {
    *ret = '\0';
    first_row(db, sql, params, NULL, ret, size);
}

bool wire_settled(const struct wire *w) {
    return wire_int(wire_db(w), "SELECT count(*) = 0 FROM outbox WHERE state = 'pending'", NULL) ==
           1;
}

static void copy_file(const struct wire *w, const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n = 1;
    while (in >= 0 && out >= 0 && n > 0) {
        n = copy_file_range(in, NULL, out, NULL, COPY_MAX, 0);
    }
    if (out < 0 || n < 0) {
        wire_fail(w, "copying %s: %s", from, strerrordesc_np(errno));
    }
    close(in); /* -1 where there is none, which does no harm */
    close(out);
}

void wire_copy_db(const struct wire *w, const char *path) {
    char from[128];
    char to[128];
    snprintf(from, sizeof(from), "%s-wal", wire_db(w));
    snprintf(to, sizeof(to), "%s-wal", path);
    copy_file(w, wire_db(w), path);
    copy_file(w, from, to);
    snprintf(to, sizeof(to), "%s-shm", path);
    unlink(to); /* of the last copy */
}
