/* Frameworks taken in from files. */
#include <errno.h>
#include <string.h>

#include "store/private.h"

int store_import_begin(struct store *s, const struct store_import_set *set, int64_t now_ms,
                       int64_t *ret_id) {
    int err = store_begin(s);
    if (err) {
        return err;
    }
    err = store_run(s,
                    "INSERT INTO import_set (id, source, name, version, file, imported_ms)"
                    " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM import_set),"
                    "  ?1, ?2, ?3, ?4, ?5)",
                    BINDS(TEXT(set->source), TEXT(set->name), TEXT(set->version), TEXT(set->file),
                          INT(now_ms)));
    if (!err) {
        err = store_int(s, "SELECT max(id) FROM import_set", ret_id);
    }
    return store_scope_end(s, true, err);
}

int store_import_add(struct store *s, int64_t set_id, size_t first,
                     const struct store_import_item *items, size_t n) {
    int err = store_begin(s);
    if (err) {
        return err;
    }
    for (size_t i = 0; !err && i < n; i++) {
        const struct store_import_item *it = &items[i];
        err = store_run(s,
                        "INSERT INTO import_item (set_id, ord, kind, code, title, text, roles)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        BINDS(INT(set_id), INT((int64_t)(first + i)), TEXT(it->kind),
                              TEXT(it->code), TEXT(it->title), TEXT(it->text), TEXT(it->roles)));
    }
    return store_scope_end(s, true, err);
}

int store_import_swap(struct store *s, int64_t set_id) {
    int err = store_begin(s);
    if (err) {
        return err;
    }
    err = store_run(s,
                    "UPDATE import_set SET state = 'old' WHERE state = 'current' AND source ="
                    " (SELECT source FROM import_set WHERE id = ?1)",
                    BINDS(INT(set_id)));
    if (!err) {
        err = store_run_hit(s, -ENOENT, "UPDATE import_set SET state = 'current' WHERE id = ?1",
                            BINDS(INT(set_id)));
    }
    return store_scope_end(s, true, err);
}

/* Of the set with the lowest id that is of no use any more, a piece. */
int store_import_sweep(struct store *s, bool staged, size_t max, bool *ret_more) {
    int64_t id = 0;
    int err = store_begin(s);
    if (err) {
        return err;
    }
    err = store_int_of(s,
                       "SELECT min(id) FROM import_set WHERE state = 'old'"
                       " OR (?1 AND state = 'staged')",
                       BINDS(INT(staged)), &id);
    *ret_more = !err;
    if (!err) {
        err = store_run(s,
                        "DELETE FROM import_item WHERE set_id = ?1 AND ord IN"
                        " (SELECT ord FROM import_item WHERE set_id = ?1 LIMIT ?2)",
                        BINDS(INT(id), INT((int64_t)max)));
    }
    if (!err) {
        err = store_run(s,
                        "DELETE FROM import_set WHERE id = ?1 AND NOT EXISTS"
                        " (SELECT 1 FROM import_item WHERE set_id = ?1)",
                        BINDS(INT(id)));
    }
    return store_scope_end(s, true, err == -ENOENT ? 0 : err);
}

int store_import_version(struct store *s, struct arena *arena, const char **ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s, "SELECT group_concat(id) FROM import_set WHERE state = 'current'",
                            NO_BINDS, &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    *ret = err > 0 ? store_text(arena, st, 0) : "";
    store_reset(st);
    return err < 0 ? err : 0;
}

int store_import_sets(struct store *s, struct arena *arena, const struct store_import_set **ret,
                      size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT id, source, name, version, file, imported_ms FROM import_set"
                            " WHERE state = 'current' ORDER BY source DESC",
                            NO_BINDS, &st);
    if (err) {
        return err;
    }
    struct store_import_set *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] = (struct store_import_set){
            .id = sqlite3_column_int64(st, 0),
            .source = store_text(arena, st, 1),
            .name = store_text(arena, st, 2),
            .version = store_text(arena, st, 3),
            .file = store_text(arena, st, 4),
            .imported_ms = sqlite3_column_int64(st, 5),
        };
    }
    store_reset(st);
    *ret = items;
    *ret_n = n;
    return err;
}

int store_import_items(struct store *s, struct arena *arena, int64_t set_id,
                       const struct store_import_item **ret, size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT kind, code, title, text, roles FROM import_item"
                            " WHERE set_id = ?1 ORDER BY ord",
                            BINDS(INT(set_id)), &st);
    if (err) {
        return err;
    }
    struct store_import_item *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] = (struct store_import_item){
            .kind = store_text(arena, st, 0),
            .code = store_text(arena, st, 1),
            .title = store_text(arena, st, 2),
            .text = store_text(arena, st, 3),
            .roles = store_text(arena, st, 4),
        };
    }
    store_reset(st);
    *ret = items;
    *ret_n = n;
    return err;
}
