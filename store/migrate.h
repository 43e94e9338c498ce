/*
 * Brings a database to the version of this program: numbered SQL scripts, all that are missing in
 * one transaction, so that a failure leaves the file as it was.
 */
#ifndef KIZUKI_STORE_MIGRATE_H
#define KIZUKI_STORE_MIGRATE_H

#include <stddef.h>

#include "base/attr.h"

#define MIGRATIONS_MAX 256

struct store;

struct migration {
    int version;     /* 1, 2, … without gaps; the number the file's name starts with */
    const char *sql; /* without BEGIN and COMMIT; not NUL-terminated */
    size_t len;
};

/* The scripts store/schema/NNNN_name.sql of this binary; 0 if there are none or one is missing. */
size_t migrate_embedded(struct migration list[MIGRATIONS_MAX]);

/*
 * Runs what the database lacks of the list. A file of version N >= 1 is copied to FILE.v<N>.bak
 * first. Foreign keys are off meanwhile (tables may be rebuilt) and checked before the commit.
 */
int migrate_run(struct store *s, const struct migration *list, size_t n) WARN_UNUSED;

#endif
