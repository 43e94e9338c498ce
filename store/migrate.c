#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/xalloc.h"
#include "store/private.h"

#define FOLDER "store/schema/"

size_t migrate_embedded(struct migration list[MIGRATIONS_MAX]) {
    memset(list, 0, MIGRATIONS_MAX * sizeof(*list));
    size_t count = 0;
    for (const struct embedded_file *f = embedded_files; f->path; f++) {
        if (strncmp(f->path, FOLDER, sizeof(FOLDER) - 1) != 0) {
            continue;
        }
        unsigned long v = strtoul(f->path + sizeof(FOLDER) - 1, NULL, 10);
        if (v < 1 || v > MIGRATIONS_MAX || list[v - 1].sql) {
            return 0;
        }
        list[v - 1] = (struct migration){
            .version = (int)v, .sql = f->data, .len = (size_t)(f->end - f->data)};
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        if (!list[i].sql) {
            return 0;
        }
    }
    return count;
}

/* ---- the copy beside the file ---- */

static int copy_into(struct store *s, const char *part) {
    sqlite3 *to = NULL;
    int err = 0;
    int rc = sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc != SQLITE_OK) {
        err = store_fail(s, to, rc);
        goto out;
    }
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", s->db, "main");
    if (!copy) {
        rc = sqlite3_extended_errcode(to);
        err = store_fail(s, to, rc == SQLITE_OK ? SQLITE_NOMEM : rc);
        goto out;
    }
    rc = sqlite3_backup_step(copy, -1);
    int end = sqlite3_backup_finish(copy);
    if (rc != SQLITE_DONE || end != SQLITE_OK) {
        err = store_fail(s, to, rc != SQLITE_DONE && rc != SQLITE_OK ? rc : end);
    }
out:
    sqlite3_close(to);
    return err;
}

/* Makes the new name last through a power cut. */
static int sync_folder(struct store *s) {
    char *folder = xstrdup(s->file);
    *(strrchr(folder, '/') + 1) = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = fd < 0 || fsync(fd) < 0 ? store_fail_errno(s, folder, errno) : 0;
    if (fd >= 0) {
        close(fd);
    }
    free(folder);
    return err;
}

/* With its journal: a stale one would be played back into the next copy. */
static void drop_part(const char *part) {
    size_t size = strlen(part) + sizeof("-journal");
    char *journal = xmalloc(size);
    snprintf(journal, size, "%s-journal", part);
    unlink(part);
    unlink(journal);
    free(journal);
}

/* A copy that ends half-way must not look like one: it gets its name at the end. */
static int keep_copy(struct store *s, int64_t version) {
    size_t size = strlen(s->file) + 48;
    char *bak = xmalloc(size);
    char *part = xmalloc(size);
    snprintf(bak, size, "%s.v%" PRId64 ".bak", s->file, version);
    snprintf(part, size, "%s.part", bak);
    int err = 0;
    drop_part(part);
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        err = store_fail_errno(s, part, errno);
        goto out;
    }
    close(fd);
    err = copy_into(s, part);
    if (!err && rename(part, bak) < 0) {
        err = store_fail_errno(s, bak, errno);
    }
    if (err) {
        drop_part(part);
        goto out;
    }
    err = sync_folder(s);
out:
    free(part);
    free(bak);
    return err;
}

/* ---- the scripts ---- */

/* A script that commits by itself would break "all or nothing". */
static int no_transactions(void *ctx, int action, const char *a, const char *b, const char *db,
                           const char *trigger) {
    (void)ctx;
    (void)a;
    (void)b;
    (void)db;
    (void)trigger;
    return action == SQLITE_TRANSACTION || action == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK;
}

static int run_script(struct store *s, const struct migration *m) {
    char *sql = xmalloc(m->len + 1);
    memcpy(sql, m->sql, m->len);
    sql[m->len] = '\0';
    int rc = sqlite3_set_authorizer(s->db, no_transactions, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    }
    int err = 0;
    if (rc != SQLITE_OK) {
        err = store_fail(s, s->db, rc);
        if (err == -EEXIST || err == -ENOENT) {
            err = -EIO; /* a row the script wanted to write; "seen before" means something else */
        }
        char *why = xstrdup(s->message);
        store_refuse(s, err, "migration %d failed and changed nothing: %s", m->version, why);
        free(why);
    }
    sqlite3_set_authorizer(s->db, NULL, NULL);
    free(sql);
    return err;
}

static int check_references(struct store *s) {
    sqlite3_stmt *st;
    int err = store_prepare(s, "PRAGMA foreign_key_check", NO_BINDS, &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        err =
            store_refuse(s, -EBADMSG,
                         "%s: migrating would leave rows of \"%s\" that refer to nothing; nothing "
                         "was changed: report it",
                         s->path, (const char *)sqlite3_column_text(st, 0));
    }
    store_reset(st);
    return err;
}

static int set_version(struct store *s, int version) {
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             STORE_APPLICATION_ID, version);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : store_fail(s, s->db, rc);
}

static int run_all(struct store *s, const struct migration *list, size_t from, size_t to) {
    int err = store_begin(s);
    if (err) {
        return err;
    }
    for (size_t i = from; !err && i < to; i++) {
        err = run_script(s, &list[i]);
    }
    if (!err) {
        err = check_references(s);
    }
    if (!err) {
        err = set_version(s, (int)to);
    }
    return store_scope_end(s, true, err);
}

/* Without effect inside a transaction, hence around it; checked because SQLite says nothing then.
 */
static int set_foreign_keys(struct store *s, bool on) {
    int rc = sqlite3_exec(s->db, on ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF",
                          NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        return store_fail(s, s->db, rc);
    }
    int64_t now;
    int err = store_int(s, "PRAGMA foreign_keys", &now);
    if (!err && (now != 0) != on) {
        err = store_refuse(s, -EIO, "%s: foreign keys cannot be switched: report it", s->path);
    }
    return err;
}

int migrate_run(struct store *s, const struct migration *list, size_t n) {
    if (n == 0) {
        return store_refuse(s, -EIO, "this program was built without its schema: build it again");
    }
    int64_t version;
    int err = store_int(s, "PRAGMA user_version", &version);
    if (err || version == (int64_t)n) {
        return err;
    }
    if (version < 0 || version > (int64_t)n) {
        return store_refuse(s, -EBADMSG,
                            "%s: written by a newer Kizuki (database version %" PRId64
                            ", this one knows up to %zu): install the newer one",
                            s->path, version, n);
    }
    if (version > 0 && s->file) {
        err = keep_copy(s, version);
        if (err) {
            return err;
        }
    }
    err = set_foreign_keys(s, false);
    if (!err) {
        err = run_all(s, list, (size_t)version, n);
    }
    /* On again in any case, but the first error is the one to tell. */
    if (err) {
        sqlite3_exec(s->db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
        return err;
    }
    return set_foreign_keys(s, true);
}
