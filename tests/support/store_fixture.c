#include "tests/support/store_fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char dir[64];
char db[96];
struct store *s;
struct arena arena;

int make_dir(void **state) {
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/kizuki-store-XXXXXX");
    s = NULL;
    if (!mkdtemp(dir)) {
        return -1;
    }
    snprintf(db, sizeof(db), "%s/k.db", dir);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

int drop_dir(void **state) {
    (void)state;
    store_close(s);
    arena_free(&arena);
    return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void reopen(void) {
    store_close(s);
    int err = store_open(db, &s);
    if (err) {
        fail_msg("%d: %s", err, store_message(s));
    }
}

int open_store(void **state) {
    int err = make_dir(state);
    return err ? err : store_open(db, &s);
}

void assert_message(const char *words) {
    const char *m = store_message(s);
    if (!strstr(m, words) || strchr(m, '\n') || strstr(m, "(null)")) {
        fail_msg("\"%s\" lacks \"%s\"", m, words);
    }
}

void raw_exec(const char *path, const char *sql) {
    sqlite3 *raw;
    EQ(sqlite3_open(path, &raw), SQLITE_OK);
    if (sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(raw));
    }
    sqlite3_close(raw);
}

int64_t raw_int(const char *path, const char *sql) {
    sqlite3 *raw;
    sqlite3_stmt *st;
    EQ(sqlite3_open(path, &raw), SQLITE_OK);
    EQ(sqlite3_prepare_v2(raw, sql, -1, &st, NULL), SQLITE_OK);
    EQ(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(raw);
    return n;
}

const char *person(const char *external_id) {
    struct store_person p;
    EQ(store_person_get(s, &arena, "console", "w", external_id, "ja", 1, &p), 0);
    return p.id;
}

const char *run_of(const char *person_id, const char *run_id) {
    EQ(store_form_add(s, "h1", "form", "{}", 1), 0);
    EQ(store_run_begin(s, run_id, person_id, "h1", 1), 0);
    return run_id;
}

struct store_out out(const char *key, const char *person_id, int64_t due_ms) {
    return (struct store_out){.key = key,
                              .person_id = person_id,
                              .platform = "console",
                              .workspace = "w",
                              .recipient = person_id,
                              .channel = "",
                              .text = "text",
                              .choices = "[1]",
                              .question = "q1",
                              .due_ms = due_ms,
                              .tries = 7};
}

void add_out(const char *key, const char *person_id, int64_t due_ms) {
    struct store_out row = out(key, person_id, due_ms);
    EQ(store_outbox_add(s, &row, 1), 0);
}
