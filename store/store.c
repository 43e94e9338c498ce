#include "store/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "store/private.h"

/* ---- errors ---- */

PRINTF_LIKE(3, 0)
static int set_message(struct store *s, int err, const char *fmt, va_list ap) {
    vsnprintf(s->message, sizeof(s->message), fmt, ap);
    for (char *p = s->message; *p; p++) {
        if (*p == '\n' || *p == '\r') {
            *p = ' ';
        }
    }
    if (s->in_txn && !s->txn_error && err != -EEXIST && err != -ENOENT) {
        s->txn_error = err;
    }
    return err;
}

int store_refuse(struct store *s, int err, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    set_message(s, err, fmt, ap);
    va_end(ap);
    return err;
}

int store_fail_errno(struct store *s, const char *file, int os_error) {
    static const struct {
        int os_error;
        int err;
        const char *advice;
    } table[] = {
        {EACCES, -EROFS, "check the owner and permissions of the file and its folder"},
        {EPERM, -EROFS, "check the owner and permissions of the file and its folder"},
        {EROFS, -EROFS, "put the database on a disk that can be written"},
        {ENOSPC, -ENOSPC, "make room on the disk; nothing that was committed is lost"},
        {EDQUOT, -ENOSPC, "make room on the disk; nothing that was committed is lost"},
        {EFBIG, -ENOSPC, "make room on the disk; nothing that was committed is lost"},
        {ENOENT, -ENOENT, "check the path"},
        {ENOTDIR, -ENOENT, "check the path"},
        {EISDIR, -EBADMSG, "give the path of a file"},
    };
    char buf[128];
    const char *why = strerror_r(os_error, buf, sizeof(buf));
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (table[i].os_error == os_error) {
            return store_refuse(s, table[i].err, "%s: %s: %s", file, why, table[i].advice);
        }
    }
    return store_refuse(s, -EIO, "%s: %s: check the disk and the system's log", file, why);
}

static const struct {
    int rc;
    int err;
    const char *advice;
} sqlite_errors[] = {
    {SQLITE_CONSTRAINT_UNIQUE, -EEXIST, "seen before"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, -EEXIST, "seen before"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, -ENOENT, "a row that is referred to is not there"},
    {SQLITE_CONSTRAINT, -EIO, "a value was refused, which is a fault of this program: report it"},
    {SQLITE_BUSY, -EBUSY,
     "another program holds a lock: close it (a sqlite3 shell, a backup) and try again"},
    {SQLITE_LOCKED, -EBUSY,
     "another program holds a lock: close it (a sqlite3 shell, a backup) and try again"},
    {SQLITE_FULL, -ENOSPC, "make room on the disk; nothing that was committed is lost"},
    {SQLITE_READONLY, -EROFS, "check the owner and permissions of the file and its folder"},
    {SQLITE_PERM, -EROFS, "check the owner and permissions of the file and its folder"},
    {SQLITE_CORRUPT, -EBADMSG, "the database is damaged: stop, keep the file, restore a copy"},
    {SQLITE_NOTADB, -EBADMSG, "this is not a Kizuki database: give the path of another file"},
    {SQLITE_FORMAT, -EBADMSG, "this is not a Kizuki database: give the path of another file"},
};

/* The system's error behind an I/O error. A COMMIT does not tell it; the log it wrote to does. */
static int system_error(sqlite3 *db) {
    int os_error = sqlite3_system_errno(db);
    sqlite3_file *wal = NULL;
    if (!os_error &&
        sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal &&
        wal->pMethods) {
        wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &os_error);
    }
    return os_error;
}

/* db: where the error came from (not ours while copying); rc: of the call, an extended code. */
int store_fail(struct store *s, sqlite3 *db, int rc) {
    bool fresh = db && sqlite3_extended_errcode(db) == rc;
    const char *why = fresh ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    int primary = rc & 0xff;
    if (fresh && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)) {
        int os_error = system_error(db);
        if (os_error) {
            return store_fail_errno(s, s->path, os_error);
        }
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < ARRAY_LEN(sqlite_errors); i++) {
            if (sqlite_errors[i].rc == (pass == 0 ? rc : primary)) {
                return store_refuse(s, sqlite_errors[i].err, "%s: %s: %s", s->path, why,
                                    sqlite_errors[i].advice);
            }
        }
    }
    return store_refuse(s, -EIO, "%s: %s: check the disk and the system's log", s->path, why);
}

const char *store_message(const struct store *s) {
    return s->message;
}

/* ---- statements ---- */

/* SQLite may have rolled back by itself; what follows must not slip into a commit of its own. */
static int check_usable(struct store *s) {
    if (!s->db) {
        return store_refuse(s, -EIO, "%s: the database is not open", s->path);
    }
    if (!s->in_txn && !sqlite3_get_autocommit(s->db)) {
        /* An earlier rollback failed: what is written now would never be committed. */
        store_rollback(s);
        if (!sqlite3_get_autocommit(s->db)) {
            return store_refuse(s, -EIO, "%s: a transaction cannot be rolled back: start again",
                                s->path);
        }
    }
    if (s->in_txn && s->txn_error) {
        return s->txn_error; /* the message of the first error stays */
    }
    if (s->in_txn && sqlite3_get_autocommit(s->db)) {
        return store_refuse(s, -EIO, "%s: the transaction was rolled back: begin again", s->path);
    }
    return 0;
}

static int find_or_prepare(struct store *s, const char *sql, sqlite3_stmt **ret) {
    for (size_t i = 0; i < s->n_stmts; i++) {
        if (s->stmts[i].sql == sql) {
            *ret = s->stmts[i].st;
            return 0;
        }
    }
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
    if (rc != SQLITE_OK) {
        return store_fail(s, s->db, rc);
    }
    s->stmts = xrealloc(s->stmts, (s->n_stmts + 1) * sizeof(*s->stmts));
    s->stmts[s->n_stmts++] = (struct store_stmt){.sql = sql, .st = st};
    *ret = st;
    return 0;
}

static int bind_one(sqlite3_stmt *st, int i, const struct bind *b) {
    if (b->kind == BIND_INT) {
        return sqlite3_bind_int64(st, i, b->num);
    }
    if (!b->text) {
        return sqlite3_bind_null(st, i);
    }
    if (b->kind == BIND_BLOB) {
        return sqlite3_bind_blob64(st, i, b->text, (sqlite3_uint64)b->num, SQLITE_STATIC);
    }
    return sqlite3_bind_text(st, i, b->text, -1, SQLITE_STATIC);
}

int store_prepare(struct store *s, const char *sql, const struct bind *binds, size_t n,
                  sqlite3_stmt **ret) {
    int err = check_usable(s);
    if (err) {
        return err;
    }
    sqlite3_stmt *st = NULL;
    err = find_or_prepare(s, sql, &st);
    if (err) {
        return err;
    }
    for (size_t i = 0; i < n; i++) {
        int rc = bind_one(st, (int)i + 1, &binds[i]);
        if (rc != SQLITE_OK) {
            store_reset(st);
            return store_fail(s, s->db, rc);
        }
    }
    *ret = st;
    return 0;
}

int store_step(struct store *s, sqlite3_stmt *st) {
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        return 1;
    }
    return rc == SQLITE_DONE ? 0 : store_fail(s, s->db, rc);
}

void store_reset(sqlite3_stmt *st) {
    sqlite3_reset(st); /* only repeats the error of the step */
    sqlite3_clear_bindings(st);
}

int store_run(struct store *s, const char *sql, const struct bind *binds, size_t n) {
    sqlite3_stmt *st = NULL;
    int err = store_prepare(s, sql, binds, n, &st);
    if (err) {
        return err;
    }
    do {
        err = store_step(s, st);
    } while (err > 0);
    store_reset(st);
    return err;
}

int store_run_hit(struct store *s, int if_none, const char *sql, const struct bind *binds,
                  size_t n) {
    int err = store_run(s, sql, binds, n);
    if (!err && sqlite3_changes(s->db) == 0) {
        return store_refuse(s, if_none, "%s: %s", s->path,
                            if_none == -EEXIST ? "seen before" : "no such row");
    }
    return err;
}

int store_int(struct store *s, const char *sql, int64_t *ret) {
    return store_int_of(s, sql, NO_BINDS, ret);
}

int store_int_of(struct store *s, const char *sql, const struct bind *binds, size_t n,
                 int64_t *ret) {
    sqlite3_stmt *st = NULL;
    int err = store_prepare(s, sql, binds, n, &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    bool found = err > 0 && sqlite3_column_type(st, 0) != SQLITE_NULL;
    int64_t value = found ? sqlite3_column_int64(st, 0) : 0;
    store_reset(st);
    if (err < 0) {
        return err;
    }
    if (!found) {
        return store_refuse(s, -ENOENT, "%s: no such row", s->path);
    }
    *ret = value;
    return 0;
}

const void *store_bytes(struct arena *arena, sqlite3_stmt *st, int column, size_t n) {
    void *copy = arena_alloc(arena, n);
    const void *bytes = sqlite3_column_blob(st, column);
    if (bytes) {
        memcpy(copy, bytes, n);
    }
    return copy;
}

const char *store_text(struct arena *arena, sqlite3_stmt *st, int column) {
    if (sqlite3_column_type(st, column) == SQLITE_NULL) {
        return "";
    }
    const char *text = (const char *)sqlite3_column_text(st, column);
    if (!text) {
        xalloc_die();
    }
    return arena_strdup(arena, text);
}

const char *store_or_null(const char *text) {
    return text && *text ? text : NULL;
}

void *store_grow(struct arena *arena, void *items, size_t n, size_t *cap, size_t size) {
    if (n < *cap) {
        return items;
    }
    *cap = *cap ? *cap * 2 : 16;
    void *more = arena_alloc(arena, *cap * size);
    if (n > 0) {
        memcpy(more, items, n * size);
    }
    return more;
}

/* ---- transactions ---- */

int store_begin(struct store *s) {
    if (s->in_txn) {
        return store_refuse(s, -EIO, "%s: a transaction is open already", s->path);
    }
    int err = store_run(s, "BEGIN IMMEDIATE", NO_BINDS);
    if (err) {
        store_rollback(s);
        return err;
    }
    s->in_txn = true;
    return 0;
}

int store_commit(struct store *s) {
    if (!s->in_txn) {
        return store_refuse(s, -EIO, "%s: there is no transaction to commit", s->path);
    }
    int err = store_run(s, "COMMIT", NO_BINDS);
    if (err) {
        store_rollback(s);
        return err;
    }
    s->in_txn = false;
    return 0;
}

void store_rollback(struct store *s) {
    if (s->db && !sqlite3_get_autocommit(s->db)) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
    s->in_txn = false;
    s->txn_error = 0;
}

int store_scope_begin(struct store *s, bool *ret_own) {
    bool own = !s->in_txn;
    int err = own ? store_begin(s) : 0;
    if (!err) {
        *ret_own = own;
    }
    return err;
}

int store_scope_end(struct store *s, bool own, int err) {
    if (!own) {
        return err;
    }
    if (err) {
        store_rollback(s);
        return err;
    }
    return store_commit(s);
}
