/* The cheapest durable thing there is, as a measure of the disk: one row, one SQLite commit. */
#ifndef KIZUKI_TESTS_SUPPORT_BARE_COMMIT_H
#define KIZUKI_TESTS_SUPPORT_BARE_COMMIT_H

#include <sqlite3.h>
#include <stdbool.h>

struct bare {
    sqlite3 *db;
    sqlite3_stmt *steps[3];
};

bool bare_open(struct bare *bare, const char *path, const char *body);
bool bare_commit(const struct bare *bare);
void bare_close(struct bare *bare);

#endif
