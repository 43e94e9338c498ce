/* Opening the one file: its folder, the lock, what SQLite is to do, whose file it is. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "store/private.h"

#define BUSY_TIMEOUT_MS 500 /* the loop stands still meanwhile; what failed is tried again */

/* ---- the file ---- */

static int make_folder(struct store *s, const char *folder) {
    struct stat st;
    if (stat(folder, &st) == 0) {
        return S_ISDIR(st.st_mode) ? 0 : store_fail_errno(s, folder, ENOTDIR);
    }
    if (errno != ENOENT || (mkdir(folder, 0700) < 0 && errno != EEXIST)) {
        return store_fail_errno(s, folder, errno);
    }
    return 0;
}

static int make_folders(struct store *s) {
    char *copy = xstrdup(s->path);
    int err = 0;
    for (char *p = copy; !err && *p && (p = strchr(p + 1, '/')) != NULL;) {
        *p = '\0';
        err = make_folder(s, copy);
        *p = '/';
    }
    free(copy);
    return err;
}

/* With our mode; -wal and -shm get the same from SQLite. */
static int create_file(struct store *s) {
    int fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return store_fail_errno(s, s->path, errno);
    }
    close(fd);
    return 0;
}

/*
 * Absolute and without symbolic links: one file has one lock, and "file:x" is no URI. What is not
 * there is created first, since only then a symbolic link to it can be followed. A file that is
 * there must not be opened here: closing any descriptor of a database drops the locks SQLite has
 * on it in this process.
 */
static int resolve(struct store *s) {
    s->file = realpath(s->path, NULL);
    if (!s->file && errno == ENOENT) {
        int err = create_file(s);
        if (err) {
            return err;
        }
        s->file = realpath(s->path, NULL);
    }
    struct stat st;
    if (!s->file || stat(s->file, &st) < 0) {
        return store_fail_errno(s, s->path, errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return store_refuse(s, -EBADMSG, "%s: this is %s: give the path of a file", s->path,
                            S_ISDIR(st.st_mode) ? "a folder" : "not a regular file");
    }
    return 0;
}

static int refuse_locked(struct store *s) {
    char pid[24] = {0};
    if (pread(s->lock_fd, pid, sizeof(pid) - 1, 0) <= 0 || pid[strspn(pid, "0123456789\n")]) {
        return store_refuse(s, -EBUSY, "%s: another process uses this database: stop it first",
                            s->path);
    }
    pid[strcspn(pid, "\n")] = '\0';
    return store_refuse(s, -EBUSY, "%s: process %s uses this database: stop it first", s->path,
                        pid);
}

/* The file stays when we go: removing it would let two processes hold "the" lock. */
static int take_lock(struct store *s) {
    size_t size = strlen(s->file) + sizeof(".lock");
    char *name = xmalloc(size);
    snprintf(name, size, "%s.lock", s->file);
    s->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int err = 0;
    if (s->lock_fd < 0) {
        err = store_fail_errno(s, name, errno);
    } else if (flock(s->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        err = errno == EWOULDBLOCK ? refuse_locked(s) : store_fail_errno(s, name, errno);
    } else {
        char pid[24];
        int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
        /* The pid only serves a message; the lock holds without it. */
        if (ftruncate(s->lock_fd, 0) < 0 || pwrite(s->lock_fd, pid, (size_t)n, 0) != n) {
            (void)!ftruncate(s->lock_fd, 0);
        }
    }
    free(name);
    return err;
}

static int prepare_file(struct store *s) {
    int err = make_folders(s);
    if (!err) {
        err = resolve(s);
    }
    return err ? err : take_lock(s);
}

/* ---- opening ---- */

static int configure(struct store *s) {
    static const struct {
        int option;
        int value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
    };
    int rc = sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    for (size_t i = 0; rc == SQLITE_OK && i < ARRAY_LEN(options); i++) {
        rc = sqlite3_db_config(s->db, options[i].option, options[i].value, (int *)NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(s->db,
                          "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                          " PRAGMA cache_size = -1024; PRAGMA wal_autocheckpoint = 4000;",
                          NULL, NULL, NULL);
    }
    return rc == SQLITE_OK ? 0 : store_fail(s, s->db, rc);
}

static int open_db(struct store *s) {
    /* One thread: no locks between threads, no counting of memory (a no-op when too late). */
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int rc = sqlite3_open_v2(s->file ? s->file : ":memory:", &s->db, flags, NULL);
    if (rc != SQLITE_OK) {
        return store_fail(s, s->db, rc);
    }
    return configure(s);
}

/* Before anything is written, so that a stranger's file stays as it is. */
static int check_ours(struct store *s) {
    int64_t id = 0;
    int64_t version = 0;
    int64_t tables = 0;
    int err = store_int(s, "PRAGMA application_id", &id);
    if (!err) {
        err = store_int(s, "PRAGMA user_version", &version);
    }
    if (!err) {
        err = store_int(s, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (err) {
        return err;
    }
    bool fresh = id == 0 && version == 0 && tables == 0;
    if (id != STORE_APPLICATION_ID && !fresh) {
        return store_refuse(s, -EBADMSG,
                            "%s: this database belongs to another program: give the path of "
                            "another file",
                            s->path);
    }
    if (sqlite3_db_readonly(s->db, "main") == 1) {
        return store_fail_errno(s, s->path, EACCES);
    }
    return 0;
}

static int switch_to_wal(struct store *s) {
    sqlite3_stmt *st = NULL;
    int err = store_prepare(s, "PRAGMA journal_mode = WAL", NO_BINDS, &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    const char *mode = err > 0 ? (const char *)sqlite3_column_text(st, 0) : NULL;
    bool wal = mode && strcmp(mode, "wal") == 0;
    store_reset(st);
    if (err < 0) {
        return err;
    }
    return wal ? 0
               : store_refuse(s, -EIO,
                              "%s: this file system cannot share memory: put the database "
                              "on a local disk",
                              s->path);
}

/* Everything but the message, the path and the struct itself. */
static void release(struct store *s) {
    store_rollback(s);
    for (size_t i = 0; i < s->n_stmts; i++) {
        sqlite3_finalize(s->stmts[i].st);
    }
    free(s->stmts);
    s->stmts = NULL;
    s->n_stmts = 0;
    sqlite3_close(s->db);
    s->db = NULL;
    if (s->lock_fd >= 0) {
        close(s->lock_fd);
        s->lock_fd = -1;
    }
    free(s->file);
    s->file = NULL;
}

int store_open_with(const char *path, const struct migration *list, size_t n, struct store **ret) {
    struct store *s = xmalloc(sizeof(*s));
    *s = (struct store){.path = xstrdup(path), .lock_fd = -1};
    *ret = s;
    bool in_memory = strcmp(path, ":memory:") == 0;
    int err = in_memory ? 0 : prepare_file(s);
    if (!err) {
        err = open_db(s);
    }
    if (!err) {
        err = check_ours(s);
    }
    if (!err && !in_memory) {
        err = switch_to_wal(s);
    }
    if (!err) {
        err = migrate_run(s, list, n);
    }
    if (err) {
        release(s);
    }
    return err;
}

int store_open(const char *path, struct store **ret) {
    struct migration list[MIGRATIONS_MAX];
    return store_open_with(path, list, migrate_embedded(list), ret);
}

/* Nothing is migrated beside somebody at work. */
static int check_same_version(struct store *s) {
    struct migration list[MIGRATIONS_MAX];
    int64_t version = 0;
    size_t known = migrate_embedded(list);
    int err = store_int(s, "PRAGMA user_version", &version);
    if (!err && version != (int64_t)known) {
        err = store_refuse(s, -EBADMSG,
                           "%s: the process that uses it is of another version of Kizuki (database "
                           "version %" PRId64 ", here %zu): use the same one",
                           s->path, version, known);
    }
    return err;
}

int store_open_beside(const char *path, struct store **ret) {
    int err = store_open(path, ret);
    struct store *s = *ret;
    if (err != -EBUSY) {
        return err;
    }
    err = resolve(s);
    if (!err) {
        err = open_db(s);
    }
    if (!err) {
        err = check_ours(s);
    }
    if (!err) {
        err = check_same_version(s);
    }
    if (err) {
        release(s);
    }
    return err;
}

void store_close(struct store *s) {
    if (!s) {
        return;
    }
    release(s);
    free(s->path);
    free(s);
}
