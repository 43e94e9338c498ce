/*
 * What the files of store/ share: the connection, prepared statements kept for the life of the
 * store, and the one place where an error becomes an errno and a message. Not for other floors.
 */
#ifndef KIZUKI_STORE_PRIVATE_H
#define KIZUKI_STORE_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "store/migrate.h"
#include "store/store.h"

#define STORE_APPLICATION_ID 0x4b5a4b49 /* "KZKI" in the file's header */

struct store_stmt {
    const char *sql; /* a literal: its address is the name of the statement */
    sqlite3_stmt *st;
};

struct store {
    sqlite3 *db;   /* NULL where opening failed */
    char *path;    /* as given, for messages */
    char *file;    /* absolute; NULL for ":memory:" */
    int lock_fd;   /* -1 for none */
    bool in_txn;   /* between store_begin and the end of it, whatever SQLite did meanwhile */
    int txn_error; /* the first error that makes the transaction worthless, 0 for none */
    struct store_stmt *stmts;
    size_t n_stmts;
    char message[512];
};

/* As store_open, with a list of migrations instead of the embedded one. */
int store_open_with(const char *path, const struct migration *list, size_t n,
                    struct store **ret) WARN_UNUSED;

/* Values for ?1, ?2 …; the texts must stay until the statement is reset. A NULL text is NULL. */
enum bind_kind { BIND_INT, BIND_TEXT, BIND_BLOB };
struct bind {
    enum bind_kind kind;
    int64_t num;
    const void *text; /* or bytes, of which there are num */
};
#define INT(v)                                                                                     \
    { .kind = BIND_INT, .num = (v) }
#define TEXT(v)                                                                                    \
    { .kind = BIND_TEXT, .text = (v) }
#define BLOB(v, n)                                                                                 \
    { .kind = BIND_BLOB, .num = (int64_t)(n), .text = (v) }
#define BINDS(...)                                                                                 \
    (const struct bind[]){__VA_ARGS__},                                                            \
        sizeof((const struct bind[]){__VA_ARGS__}) / sizeof(struct bind)
#define NO_BINDS NULL, 0

/* The statement, prepared and bound. To be given back with store_reset on every path. */
int store_prepare(struct store *s, const char *sql, const struct bind *binds, size_t n,
                  sqlite3_stmt **ret) WARN_UNUSED;
/* 1: there is a row; 0: there is none (any more); or an error. */
int store_step(struct store *s, sqlite3_stmt *st) WARN_UNUSED;
void store_reset(sqlite3_stmt *st);

/* Runs to the end. */
int store_run(struct store *s, const char *sql, const struct bind *binds, size_t n) WARN_UNUSED;
/* Runs to the end; if_none (-EEXIST or -ENOENT) where no row was written. */
int store_run_hit(struct store *s, int if_none, const char *sql, const struct bind *binds,
                  size_t n) WARN_UNUSED;
/* The first column of the first row; -ENOENT if there is none or it is NULL. */
int store_int(struct store *s, const char *sql, int64_t *ret) WARN_UNUSED;
int store_int_of(struct store *s, const char *sql, const struct bind *binds, size_t n,
                 int64_t *ret) WARN_UNUSED;

/* A column as text in the arena; "" for NULL. */
const char *store_text(struct arena *arena, sqlite3_stmt *st, int column);
/* A column's n bytes in the arena. */
const void *store_bytes(struct arena *arena, sqlite3_stmt *st, int column, size_t n);
/* NULL for "" and NULL, for columns where NULL means none. */
const char *store_or_null(const char *text);
/* Room for one more item behind the n there are; moves them where *cap is reached. */
void *store_grow(struct arena *arena, void *items, size_t n, size_t *cap, size_t size);

/*
 * Several statements as one: opens a transaction unless the caller has one, and ends what it
 * opened. store_scope_end returns err, or the error of committing.
 */
int store_scope_begin(struct store *s, bool *ret_own) WARN_UNUSED;
int store_scope_end(struct store *s, bool own, int err) WARN_UNUSED;

/* All that `from` learns is of `to`, too: of what both have said the later word counts. */
int store_learning_join(struct store *s, const char *from, const char *to,
                        int64_t now_ms) WARN_UNUSED;

/* 32 hex digits that nobody can guess. */
int store_random_id(struct store *s, char out[33]) WARN_UNUSED;

/* Each sets the message, remembers what breaks a transaction, and returns the negative errno. */
int store_fail(struct store *s, sqlite3 *db, int rc);
int store_fail_errno(struct store *s, const char *file, int os_error);
int store_refuse(struct store *s, int err, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
