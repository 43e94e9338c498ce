/* The store's file: upgrades, and every way in which files, disks and other processes fail it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/store_fixture.h"

static const char *at(const char *name) {
    return arena_printf(&arena, "%s/%s", dir, name);
}

static void open_fails(const char *path, int err, const char *words) {
    store_close(s);
    EQ(store_open(path, &s), err);
    assert_message(words);
    EQ(store_begin(s), -EIO); /* unusable, but not dangerous */
    store_rollback(s);
}

/* ---- migrations ---- */

#define STEP(v, text)                                                                              \
    { .version = (v), .sql = (text), .len = sizeof(text) - 1 }
static const struct migration *embedded(void) {
    static struct migration list[MIGRATIONS_MAX];
    EQ(migrate_embedded(list), LATEST);
    return list;
}

static int migrate_further(struct migration next) {
    struct migration list[LATEST + 1];
    memcpy(list, embedded(), LATEST * sizeof(*list));
    list[LATEST] = next;
    store_close(s);
    return store_open_with(db, list, LATEST + 1, &s);
}

static void test_upgrade_keeps_copy(void **state) {
    (void)state;
    const char *id = person("U1");
    run_of(id, "r1");
    /* Rebuilding a parent table: with foreign keys on, its children would go. */
    EQ(migrate_further((struct migration)STEP(
           LATEST + 1, "CREATE TABLE p2 (id TEXT NOT NULL PRIMARY KEY, lang TEXT NOT NULL,"
                       " greeted INTEGER NOT NULL, created_ms INTEGER NOT NULL, tz TEXT) STRICT;"
                       "INSERT INTO p2 SELECT id, lang, greeted, created_ms, 'JST' FROM person;"
                       "DROP TABLE person; ALTER TABLE p2 RENAME TO person;")),
       0);
    HAS("SELECT count(*) FROM run JOIN person p ON p.id = person_id"
        " WHERE tz = 'JST'",
        1);
    HAS("PRAGMA user_version", LATEST + 1);
    int64_t on;
    EQ(store_int(s, "PRAGMA foreign_keys", &on), 0);
    EQ(on, 1);
    EQ(store_result_add(s, "nobody", "", "owl", true, 1), -ENOENT);
    const char *bak = at("k.db.v" LATEST_TEXT ".bak");
    EQ(raw_int(bak, "PRAGMA user_version"), LATEST);
    EQ(raw_int(bak, "SELECT count(*) FROM run"), 1);
    EQ(access(at("k.db.v" LATEST_TEXT ".bak.part"), F_OK), -1);
    struct stat st;
    EQ(stat(bak, &st), 0);
    EQ(st.st_mode & 0777, 0600);
    /* The program of before does not touch it. */
    open_fails(db, -EBADMSG,
               "newer Kizuki (database version " NEXT_TEXT ", this one knows up to " LATEST_TEXT
               ")");
}

static void upgrade_from(int version) {
    store_close(s);
    EQ(unlink(db), 0);
    EQ(store_open_with(db, embedded(), (size_t)version, &s), 0);
    store_close(s);
    raw_exec(db,
             "INSERT INTO person (id, lang, created_ms) VALUES ('p1', 'en', 1);"
             "INSERT INTO identity (platform, workspace, external_id, person_id, created_ms)"
             " VALUES ('console', 'w', 'U1', 'p1', 1);"
             "INSERT INTO form_version (hash, form_id, body, created_ms) VALUES ('h', 'f', '', 1);"
             "INSERT INTO run (id, person_id, form_hash, started_ms) VALUES ('r1', 'p1', 'h', 1);"
             "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel,"
             " text, choices, question, due_ms, created_ms) VALUES (1, 'k', 'p1', 'console', 'w',"
             " 'U1', '', 'hello', '', 'r1/q1', 0, 5)");
    EQ(store_open(db, &s), 0);
    HAS("PRAGMA user_version", LATEST);
    char copy[32];
    snprintf(copy, sizeof(copy), "k.db.v%d.bak", version);
    EQ(raw_int(at(copy), "PRAGMA user_version"), version);
    struct store_person p;
    EQ(store_person_get(s, &arena, "console", "w", "U1", "ja", 2, &p), 0);
    assert_string_equal(p.id, "p1");
    assert_string_equal(p.lang, "en");
    assert_true(p.lang_chosen);
    assert_string_equal(p.home, "");
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, 1, 10, &rows, &n), 0);
    EQ(n, 1);
    assert_string_equal(rows->thread, "");
    assert_false(rows->closes);
    assert_string_equal(rows->replaces, "");
    EQ(rows->kind, STORE_SAY);
    EQ(rows->created_ms, 5);
    HAS("SELECT count(*) FROM run", 1);
}

/* What earlier versions left behind is there in this one, and works. */
static void test_upgrade_from_earlier(void **state) {
    (void)state;
    for (int version = 1; version < LATEST; version++) {
        upgrade_from(version);
    }
}

static void test_bad_migrations(void **state) {
    (void)state;
    static const struct {
        struct migration step;
        int err;
        const char *words;
    } cases[] = {
        {STEP(LATEST + 1, "DELETE FROM person;"), -EBADMSG, "refer to nothing"},
        {STEP(LATEST + 1, "CREATE TABLE x (a); CREATE TABEL y (a);"), -EIO,
         "migration " NEXT_TEXT " failed"},
        {STEP(LATEST + 1, "CREATE TABLE x (a); COMMIT;"), -EIO, "not authorized"},
        {STEP(LATEST + 1, "INSERT INTO person SELECT * FROM person;"), -EIO, "UNIQUE"},
    };
    run_of(person("U1"), "r1");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        EQ(migrate_further(cases[i].step), cases[i].err);
        assert_message(cases[i].words);
        HAS("PRAGMA user_version", LATEST);
        HAS("SELECT count(*) FROM sqlite_schema WHERE name = 'x'", 0);
        reopen();
        EQ(store_run_begin(s, "r1", person("U1"), "h1", 1), -EEXIST);
    }
    store_close(s);
    EQ(store_open_with(db, NULL, 0, &s), -EIO);
    assert_message("without its schema");
    /* No copy, no migration. */
    EQ(unlink(at("k.db.v" LATEST_TEXT ".bak")), 0);
    EQ(mkdir(at("k.db.v" LATEST_TEXT ".bak"), 0700), 0);
    EQ(migrate_further((struct migration)STEP(LATEST + 1, "CREATE TABLE x (a);")), -EBADMSG);
    HAS("PRAGMA user_version", LATEST);
}

/* ---- files ---- */

static void test_creates_files(void **state) {
    (void)state;
    struct stat st;
    const char *path = at("a/b/c.db");
    EQ(store_open(path, &s), 0);
    EQ(stat(at("a/b"), &st), 0);
    EQ(st.st_mode & 0777, 0700);
    const char *const files[] = {"a/b/c.db", "a/b/c.db-wal", "a/b/c.db-shm", "a/b/c.db.lock"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        EQ(stat(at(files[i]), &st), 0);
        EQ(st.st_mode & 0777, 0600);
    }
    store_close(s);
    /* A name that looks like an address is a name; beside it in the folder we are in. */
    EQ(chdir(dir), 0);
    EQ(store_open("file:x?mode=memory", &s), 0);
    EQ(access(at("file:x?mode=memory"), F_OK), 0);
    EQ(chdir("/"), 0);
}

static void test_lock(void **state) {
    (void)state;
    EQ(symlink(db, at("link.db")), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *other = NULL;
        char words[32];
        snprintf(words, sizeof(words), "process %ld uses", (long)getppid());
        bool good = store_open(db, &other) == -EBUSY && strstr(store_message(other), words);
        store_close(other);
        good = good && store_open(at("link.db"), &other) == -EBUSY;
        _exit(good ? 0 : 1);
    }
    int status;
    EQ(waitpid(child, &status, 0), child);
    EQ(status, 0);
    struct store *same;
    EQ(store_open(db, &same), -EBUSY);
    store_close(same);
    EQ(truncate(at("k.db.lock"), 0), 0);
    EQ(store_open(db, &same), -EBUSY);
    assert_non_null(strstr(store_message(same), "another process"));
    store_close(same);
    reopen(); /* the lock goes with the process or the store, not with the file */
}

/* Whoever creates the file through a symbolic link locks the file itself. */
static void test_lock_through_dangling_link(void **state) {
    (void)state;
    const char *link = at("link.db");
    EQ(symlink(db, link), 0);
    EQ(store_open(link, &s), 0);
    struct store *other;
    EQ(store_open(db, &other), -EBUSY);
    store_close(other);
    EQ(access(at("k.db.lock"), F_OK), 0);
    EQ(access(at("link.db.lock"), F_OK), -1);
    EQ(unlink(link), 0);
    EQ(symlink(at("nowhere/k.db"), link), 0);
    open_fails(link, -ENOENT, "check the path");
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void test_strange_files(void **state) {
    (void)state;
    const char *text = arena_printf(&arena, "%0800d", 7);
    write_file(db, text);
    open_fails(db, -EBADMSG, "not a Kizuki database");
    open_fails(dir, -EBADMSG, "a folder");
    open_fails(at("no/"), -EBADMSG, "a folder");
    open_fails("/dev/null", -EBADMSG, "not a regular file");
    open_fails(at("k.db/x/k.db"), -ENOENT, "check the path");
    open_fails("", -ENOENT, "check the path");
    const char *other = at("other.db");
    raw_exec(other, "CREATE TABLE t (a)");
    open_fails(other, -EBADMSG, "another program");
    raw_exec(other, "DROP TABLE t; PRAGMA application_id = 7");
    open_fails(other, -EBADMSG, "another program");
    EQ(raw_int(other, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"), 1);
    const char *newer = at("newer.db");
    raw_exec(newer, "PRAGMA application_id = 0x4b5a4b49; PRAGMA user_version = 99");
    open_fails(newer, -EBADMSG, "database version 99");
    write_file(at("empty.db"), "");
    store_close(s);
    EQ(store_open(at("empty.db"), &s), 0);
}

static void test_corrupt_page(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) {
        person(arena_printf(&arena, "a long name of nobody in particular, number %d", i));
    }
    int64_t page = raw_int(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'person'");
    store_close(s);
    s = NULL;
    int fd = open(db, O_WRONLY | O_CLOEXEC);
    char junk[4096];
    memset(junk, 0x5a, sizeof(junk));
    EQ(pwrite(fd, junk, sizeof(junk), (page - 1) * 4096), sizeof(junk));
    close(fd);
    reopen();
    struct store_person p = {.id = "x", .lang = "ja"};
    EQ(store_begin(s), 0);
    EQ(store_person_get(s, &arena, "console", "w", "new", "ja", 1, &p), -EBADMSG);
    assert_message("damaged");
    store_rollback(s);
    store_close(s);
    s = NULL;
    EQ(truncate(db, 4096 * 2 + 100), 0);
    open_fails(db, -EBADMSG, "restore a copy");
}

/* Root may write everywhere, so a child gives its rights up. */
static void test_read_only(void **state) {
    (void)state;
    EQ(chmod(dir, 0755), 0);
    EQ(mkdir(at("ro"), 0555), 0);
    EQ(store_open(db, &s), 0);
    store_close(s);
    s = NULL;
    const char *const paths[] = {at("ro/k.db"), at("ro/sub/k.db"), db};
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) < 0) {
            _exit(77);
        }
        int bad = 0;
        for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
            struct store *ro;
            bad += store_open(paths[i], &ro) != -EROFS || !strstr(store_message(ro), "permission");
            store_close(ro);
        }
        _exit(bad);
    }
    int status;
    EQ(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        print_message("skipped: root that cannot become anyone else\n");
        skip();
    }
    EQ(status, 0);
}

/* ---- a full disk and a busy one ---- */

static int64_t budget = -1; /* calls that still work; -1: no limit */
static sqlite3_syscall_ptr real_calls[4];
static const char *const call_names[] = {"write", "pwrite", "pwrite64", "ftruncate"};

static int full_errno = ENOSPC;

static bool full(void) {
    if (budget > 0) {
        budget--;
        return false;
    }
    if (budget == 0) {
        errno = full_errno;
    }
    return budget == 0;
}

static ssize_t full_write(int fd, const void *p, size_t n) {
    return full() ? -1 : ((ssize_t(*)(int, const void *, size_t))real_calls[0])(fd, p, n);
}

static ssize_t full_pwrite(int fd, const void *p, size_t n, off_t to) {
    return full() ? -1
                  : ((ssize_t(*)(int, const void *, size_t, off_t))real_calls[1])(fd, p, n, to);
}

static ssize_t full_pwrite64(int fd, const void *p, size_t n, off_t to) {
    return full() ? -1
                  : ((ssize_t(*)(int, const void *, size_t, off_t))real_calls[2])(fd, p, n, to);
}

static int full_ftruncate(int fd, off_t n) {
    return full() ? -1 : ((int (*)(int, off_t))real_calls[3])(fd, n);
}

static int full_fallocate(int fd, off_t from, off_t n) {
    (void)fd;
    (void)from;
    (void)n;
    return full() ? full_errno : 0;
}

static void hook_disk(bool on) {
    sqlite3_syscall_ptr const fakes[] = {
        (sqlite3_syscall_ptr)full_write, (sqlite3_syscall_ptr)full_pwrite,
        (sqlite3_syscall_ptr)full_pwrite64, (sqlite3_syscall_ptr)full_ftruncate};
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (size_t i = 0; i < ARRAY_LEN(fakes); i++) {
        sqlite3_syscall_ptr now = vfs->xGetSystemCall(vfs, call_names[i]);
        if (now && on) {
            real_calls[i] = now;
        }
        if (now) {
            vfs->xSetSystemCall(vfs, call_names[i], on ? fakes[i] : NULL);
        }
    }
    if (vfs->xGetSystemCall(vfs, "fallocate")) {
        vfs->xSetSystemCall(vfs, "fallocate", on ? (sqlite3_syscall_ptr)full_fallocate : NULL);
    }
    budget = -1;
}

static int turn(const char *event) {
    static char text[20000]; /* several pages, so that the disk can be full in the middle */
    memset(text, 'x', sizeof(text) - 1);
    struct store_person p;
    int err = store_begin(s);
    if (!err) {
        err = store_inbox_add(s, "p", "w", event, 1);
    }
    if (!err) {
        err = store_person_get(s, &arena, "p", "w", event, "ja", 1, &p);
    }
    if (!err) {
        struct store_out row = out(event, p.id, 1);
        row.text = text;
        err = store_outbox_add(s, &row, 1);
    }
    if (!err) {
        err = store_commit(s);
    }
    if (err) {
        store_rollback(s);
    }
    return err;
}

static void test_disk_full(void **state) {
    (void)state;
    hook_disk(true);
    int failed = 0;
    for (int room = 0;; room++) {
        budget = room;
        store_close(s);
        int err = store_open(db, &s);
        budget = -1;
        if (!err) {
            break;
        }
        EQ(err, -ENOSPC);
        assert_message("make room");
        failed++;
    }
    reopen();
    for (int room = 0;; room++) {
        budget = room;
        int err = turn("e");
        budget = -1;
        int64_t rows = raw_int(db, "SELECT (SELECT count(*) FROM inbox)"
                                   " + (SELECT count(*) FROM person)"
                                   " + (SELECT count(*) FROM identity)"
                                   " + (SELECT count(*) FROM outbox)");
        EQ(rows, err ? 0 : 4);
        if (!err) {
            break;
        }
        EQ(err, -ENOSPC);
        assert_message("make room");
        failed++;
    }
    assert_true(failed > 5);
    EQ(turn("e2"), 0);
    /* Without room for the copy or the migration: the version of before, no half copy. */
    struct migration second = STEP(LATEST + 1, "CREATE TABLE x (a);");
    int copying = 0;
    for (int room = 0;; room++) {
        budget = room;
        int err = migrate_further(second);
        budget = -1;
        assert_int_equal(access(at("k.db.v" LATEST_TEXT ".bak.part"), F_OK), -1);
        assert_int_equal(access(at("k.db.v2.bak.part-journal"), F_OK), -1);
        HAS("PRAGMA user_version", err ? LATEST : LATEST + 1);
        if (!err) {
            break;
        }
        EQ(err, -ENOSPC);
        copying += access(at("k.db.v" LATEST_TEXT ".bak"), F_OK) < 0;
    }
    assert_true(copying > 5);
    hook_disk(false);
    HAS("SELECT count(*) FROM pragma_integrity_check"
        " WHERE integrity_check = 'ok'",
        1);
}

/* What a limit on the size of files says. */
static void test_file_too_big(void **state) {
    (void)state;
    hook_disk(true);
    full_errno = EFBIG;
    budget = 0;
    int err = turn("e");
    full_errno = ENOSPC;
    hook_disk(false);
    EQ(err, -ENOSPC);
    assert_message("make room");
    EQ(turn("e"), 0);
}

static void test_locked_by_another_program(void **state) {
    (void)state;
    sqlite3 *other;
    EQ(sqlite3_open(db, &other), SQLITE_OK);
    EQ(sqlite3_busy_timeout(s->db, 20), SQLITE_OK);
    EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    EQ(store_begin(s), -EBUSY);
    assert_message("another program holds a lock");
    EQ(store_inbox_add(s, "p", "w", "e", 1), -EBUSY);
    EQ(store_prune(s, 1), -EBUSY);
    const struct store_out *rows;
    size_t n;
    EQ(store_outbox_due(s, &arena, "console", "w", STORE_ALL, 1, 1, &rows, &n),
       0); /* reading goes on */
    EQ(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    EQ(turn("e"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_upgrade_keeps_copy),
        WITH_STORE(test_upgrade_from_earlier),
        WITH_STORE(test_bad_migrations),
        WITH_DIR(test_creates_files),
        WITH_STORE(test_lock),
        WITH_DIR(test_lock_through_dangling_link),
        WITH_DIR(test_strange_files),
        WITH_STORE(test_corrupt_page),
        WITH_DIR(test_read_only),
        WITH_DIR(test_disk_full),
        WITH_STORE(test_file_too_big),
        WITH_STORE(test_locked_by_another_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
