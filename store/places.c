/* What we know of a chat server: since when, how far its channels were read, its reactions. */
#include <errno.h>

#include "store/private.h"

int store_workspace_first_ms(struct store *s, const char *platform, const char *name,
                             int64_t now_ms, int64_t *ret_ms) {
    int err = store_run(s,
                        "INSERT INTO workspace (platform, name, first_ms) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (platform, name) DO NOTHING",
                        BINDS(TEXT(platform), TEXT(name), INT(now_ms)));
    return err ? err
               : store_int_of(s, "SELECT first_ms FROM workspace WHERE platform = ?1 AND name = ?2",
                              BINDS(TEXT(platform), TEXT(name)), ret_ms);
}

int store_cursor_put(struct store *s, const char *platform, const char *workspace,
                     const struct store_cursor *cursor) {
    return store_run(
        s,
        "INSERT INTO channel_cursor (platform, workspace, channel, message, message_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (platform, workspace, channel)"
        " DO UPDATE SET message = excluded.message, message_ms = excluded.message_ms",
        BINDS(TEXT(platform), TEXT(workspace), TEXT(cursor->channel), TEXT(cursor->message),
              INT(cursor->message_ms)));
}

int store_cursor_get(struct store *s, struct arena *arena, const char *platform,
                     const char *workspace, const char *channel, struct store_cursor *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT channel, message, message_ms FROM channel_cursor"
                            " WHERE platform = ?1 AND workspace = ?2 AND channel = ?3",
                            BINDS(TEXT(platform), TEXT(workspace), TEXT(channel)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret = (struct store_cursor){.channel = store_text(arena, st, 0),
                                     .message = store_text(arena, st, 1),
                                     .message_ms = sqlite3_column_int64(st, 2)};
    }
    store_reset(st);
    return err > 0 ? 0 : err == 0 ? -ENOENT : err;
}

int store_tick_set(struct store *s, const char *platform, const char *workspace,
                   const char *message, const struct store_tick *tick, bool on, int64_t now_ms,
                   int64_t *ret_changes) {
    /* A reaction taken back that was never seen is kept as that, so that it is not seen later. */
    int err = store_run_hit(
        s, -EEXIST,
        "INSERT INTO tick (platform, workspace, message, external_id, mark, is_on, changes,"
        " changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)"
        " ON CONFLICT (platform, workspace, message, external_id, mark) DO UPDATE SET"
        " is_on = excluded.is_on, changes = changes + 1, changed_ms = excluded.changed_ms"
        " WHERE is_on <> excluded.is_on",
        BINDS(TEXT(platform), TEXT(workspace), TEXT(message), TEXT(tick->user), TEXT(tick->mark),
              INT(on), INT(now_ms)));
    return err ? err
               : store_int_of(s,
                              "SELECT changes FROM tick WHERE platform = ?1 AND workspace = ?2"
                              " AND message = ?3 AND external_id = ?4 AND mark = ?5",
                              BINDS(TEXT(platform), TEXT(workspace), TEXT(message),
                                    TEXT(tick->user), TEXT(tick->mark)),
                              ret_changes);
}

int store_ticks_get(struct store *s, struct arena *arena, const char *platform,
                    const char *workspace, const char *message, const struct store_tick **ret,
                    size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT external_id, mark FROM tick WHERE platform = ?1"
                            " AND workspace = ?2 AND message = ?3 AND is_on = 1",
                            BINDS(TEXT(platform), TEXT(workspace), TEXT(message)), &st);
    if (err) {
        return err;
    }
    struct store_tick *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] =
            (struct store_tick){.user = store_text(arena, st, 0), .mark = store_text(arena, st, 1)};
    }
    store_reset(st);
    if (!err) {
        *ret = items;
        *ret_n = n;
    }
    return err;
}
