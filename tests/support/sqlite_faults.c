#include "tests/support/sqlite_faults.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What may pass by itself: a bad disk, a full one, another program's lock, no memory. */
static const struct {
    int rc;
    int err;
} codes[SQLITE_FAULT_CODES] = {
    {SQLITE_IOERR, -EIO}, {SQLITE_FULL, -ENOSPC}, {SQLITE_BUSY, -EBUSY}, {SQLITE_NOMEM, -EIO}};

struct sqlite_fault fault;

void sqlite_fault_arm(int target, int turn, bool after) {
    fault = (struct sqlite_fault){.armed = true,
                                  .target = target,
                                  .after = after,
                                  .rc = codes[turn % SQLITE_FAULT_CODES].rc,
                                  .err = codes[turn % SQLITE_FAULT_CODES].err};
}

static bool fails(const char *function, const char *sql) {
    if (!fault.armed || ++fault.calls != fault.target) {
        return false;
    }
    fault.fired = function;
    snprintf(fault.sql, sizeof(fault.sql), "%s", sql ? sql : "");
    return true;
}

/* For a call that can do its work and then say it failed. */
static bool fails_either_way(const char *function, const char *sql) {
    bool bad = fails(function, sql);
    fault.two_sided = fault.two_sided || bad;
    return bad;
}

int __real_sqlite3_open_v2(const char *file, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *file, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *file, sqlite3 **db, int flags, const char *vfs) {
    bool bad = fails_either_way("sqlite3_open_v2", NULL);
    if (bad && !fault.after) {
        *db = NULL; /* as without memory; otherwise there is a handle to close */
        return fault.rc;
    }
    int rc = __real_sqlite3_open_v2(file, db, flags, vfs);
    return bad ? fault.rc : rc;
}

int __real_sqlite3_busy_timeout(sqlite3 *db, int ms);
int __wrap_sqlite3_busy_timeout(sqlite3 *db, int ms);
int __wrap_sqlite3_busy_timeout(sqlite3 *db, int ms) {
    return fails("sqlite3_busy_timeout", NULL) ? fault.rc : __real_sqlite3_busy_timeout(db, ms);
}

int __real_sqlite3_db_config(sqlite3 *db, int option, ...);
int __wrap_sqlite3_db_config(sqlite3 *db, int option, ...);
int __wrap_sqlite3_db_config(sqlite3 *db, int option, ...) {
    va_list ap;
    va_start(ap, option);
    int value = va_arg(ap, int);
    int *now = va_arg(ap, int *);
    va_end(ap);
    return fails("sqlite3_db_config", NULL) ? fault.rc
                                            : __real_sqlite3_db_config(db, option, value, now);
}

typedef int (*exec_cb)(void *ctx, int n, char **values, char **names);
int __real_sqlite3_exec(sqlite3 *db, const char *sql, exec_cb cb, void *ctx, char **msg);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, exec_cb cb, void *ctx, char **msg);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, exec_cb cb, void *ctx, char **msg) {
    bool bad = fails_either_way("sqlite3_exec", sql);
    if (bad) {
        fault.may_pass = strcmp(sql, "ROLLBACK") == 0; /* made good with the next call */
    }
    int rc = bad && !fault.after ? 0 : __real_sqlite3_exec(db, sql, cb, ctx, msg);
    return bad ? fault.rc : rc;
}

typedef int (*auth_cb)(void *ctx, int action, const char *a, const char *b, const char *c,
                       const char *d);
int __real_sqlite3_set_authorizer(sqlite3 *db, auth_cb cb, void *ctx);
int __wrap_sqlite3_set_authorizer(sqlite3 *db, auth_cb cb, void *ctx);
int __wrap_sqlite3_set_authorizer(sqlite3 *db, auth_cb cb, void *ctx) {
    bool bad = cb && fails("sqlite3_set_authorizer", NULL); /* taking it away cannot fail */
    return bad ? fault.rc : __real_sqlite3_set_authorizer(db, cb, ctx);
}

int __real_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned flags,
                              sqlite3_stmt **st, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned flags,
                              sqlite3_stmt **st, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned flags,
                              sqlite3_stmt **st, const char **tail) {
    if (fails("sqlite3_prepare_v3", sql)) {
        *st = NULL;
        return fault.rc;
    }
    return __real_sqlite3_prepare_v3(db, sql, n, flags, st, tail);
}

typedef void (*free_cb)(void *p);
int __real_sqlite3_bind_text(sqlite3_stmt *st, int i, const char *text, int n, free_cb cb);
int __wrap_sqlite3_bind_text(sqlite3_stmt *st, int i, const char *text, int n, free_cb cb);
int __wrap_sqlite3_bind_text(sqlite3_stmt *st, int i, const char *text, int n, free_cb cb) {
    return fails("sqlite3_bind_text", sqlite3_sql(st))
               ? fault.rc
               : __real_sqlite3_bind_text(st, i, text, n, cb);
}

int __real_sqlite3_bind_int64(sqlite3_stmt *st, int i, sqlite3_int64 n);
int __wrap_sqlite3_bind_int64(sqlite3_stmt *st, int i, sqlite3_int64 n);
int __wrap_sqlite3_bind_int64(sqlite3_stmt *st, int i, sqlite3_int64 n) {
    return fails("sqlite3_bind_int64", sqlite3_sql(st)) ? fault.rc
                                                        : __real_sqlite3_bind_int64(st, i, n);
}

int __real_sqlite3_bind_null(sqlite3_stmt *st, int i);
int __wrap_sqlite3_bind_null(sqlite3_stmt *st, int i);
int __wrap_sqlite3_bind_null(sqlite3_stmt *st, int i) {
    return fails("sqlite3_bind_null", sqlite3_sql(st)) ? fault.rc : __real_sqlite3_bind_null(st, i);
}

int __real_sqlite3_step(sqlite3_stmt *st);
int __wrap_sqlite3_step(sqlite3_stmt *st);
int __wrap_sqlite3_step(sqlite3_stmt *st) {
    bool bad = fails_either_way("sqlite3_step", sqlite3_sql(st));
    sqlite3 *db = sqlite3_db_handle(st);
    if (bad && !fault.after && fault.rc == SQLITE_FULL && !sqlite3_get_autocommit(db)) {
        __real_sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); /* as SQLite may do by itself */
    }
    int rc = bad && !fault.after ? 0 : __real_sqlite3_step(st);
    return bad ? fault.rc : rc;
}

sqlite3_backup *__real_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name) {
    if (fails("sqlite3_backup_init", NULL)) {
        fault.err = -EIO; /* it has no code to give */
        return NULL;
    }
    return __real_sqlite3_backup_init(to, to_name, from, from_name);
}

int __real_sqlite3_backup_step(sqlite3_backup *b, int pages);
int __wrap_sqlite3_backup_step(sqlite3_backup *b, int pages);
int __wrap_sqlite3_backup_step(sqlite3_backup *b, int pages) {
    bool bad = fails_either_way("sqlite3_backup_step", NULL);
    int rc = bad && !fault.after ? 0 : __real_sqlite3_backup_step(b, pages);
    return bad ? fault.rc : rc;
}

int __real_sqlite3_backup_finish(sqlite3_backup *b);
int __wrap_sqlite3_backup_finish(sqlite3_backup *b);
int __wrap_sqlite3_backup_finish(sqlite3_backup *b) {
    int rc = __real_sqlite3_backup_finish(b);
    return fails("sqlite3_backup_finish", NULL) ? fault.rc : rc;
}
