/* The levels that people set as required of them. */
#include "store/private.h"

int store_target_put(struct store *s, const char *person_id, const char *item, int level,
                     int64_t now_ms) {
    if (level < 0) {
        return store_run(s, "DELETE FROM target WHERE person_id = ?1 AND item = ?2",
                         BINDS(TEXT(person_id), TEXT(item)));
    }
    return store_run(s,
                     "INSERT INTO target (person_id, item, level, set_ms) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (person_id, item) DO UPDATE SET level = excluded.level,"
                     " set_ms = excluded.set_ms",
                     BINDS(TEXT(person_id), TEXT(item), INT(level), INT(now_ms)));
}

int store_targets_get(struct store *s, struct arena *arena, const char *person_id,
                      const struct store_target **ret, size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s, "SELECT item, level FROM target WHERE person_id = ?1 ORDER BY item",
                            BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    struct store_target *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] = (struct store_target){.item = store_text(arena, st, 0),
                                           .level = (int)sqlite3_column_int64(st, 1)};
    }
    store_reset(st);
    if (!err) {
        *ret = items;
        *ret_n = n;
    }
    return err;
}
