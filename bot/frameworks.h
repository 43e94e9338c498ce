/*
 * What a site took in from files, read from the store into memory; anew whenever it has changed.
 * Errors as in store.h.
 */
#ifndef KIZUKI_BOT_FRAMEWORKS_H
#define KIZUKI_BOT_FRAMEWORKS_H

#include "content/imported.h"
#include "store/store.h"

struct frameworks {
    struct imported *current; /* NULL: nothing was taken in */
    char version[64];         /* of the store, see store_import_version */
};

/* Looks whether other sets are current by now, and reads them if so. */
int frameworks_refresh(struct frameworks *f, struct store *s, struct arena *scratch) WARN_UNUSED;
void frameworks_free(struct frameworks *f);

#endif
