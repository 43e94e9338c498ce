#include "tests/support/bare_commit.h"

#include <stddef.h>

#include "base/attr.h"

bool bare_open(struct bare *bare, const char *path, const char *body) {
    static const char *const steps[] = {"BEGIN IMMEDIATE", "INSERT INTO bare (body) VALUES (?1)",
                                        "COMMIT"};
    bool ok = sqlite3_open(path, &bare->db) == SQLITE_OK &&
              sqlite3_exec(bare->db,
                           "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                           "CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)",
                           NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < ARRAY_LEN(steps); i++) {
        ok = sqlite3_prepare_v2(bare->db, steps[i], -1, &bare->steps[i], NULL) == SQLITE_OK;
    }
    return ok && sqlite3_bind_text(bare->steps[1], 1, body, -1, SQLITE_TRANSIENT) == SQLITE_OK;
}

bool bare_commit(const struct bare *bare) {
    bool ok = true;
    for (size_t i = 0; ok && i < ARRAY_LEN(bare->steps); i++) {
        ok = sqlite3_step(bare->steps[i]) == SQLITE_DONE;
        sqlite3_reset(bare->steps[i]);
    }
    return ok;
}

void bare_close(struct bare *bare) {
    for (size_t i = 0; i < ARRAY_LEN(bare->steps); i++) {
        sqlite3_finalize(bare->steps[i]);
    }
    sqlite3_close(bare->db);
}
