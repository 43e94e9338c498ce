#include <errno.h>

#include "store/private.h"

/* ---- what came in ---- */

int store_inbox_add(struct store *s, const char *platform, const char *workspace,
                    const char *event_id, int64_t now_ms) {
    return store_run_hit(s, -EEXIST,
                         "INSERT INTO inbox (platform, workspace, event_id, received_ms)"
                         " VALUES (?1, ?2, ?3, ?4)"
                         " ON CONFLICT (platform, workspace, event_id) DO NOTHING",
                         BINDS(TEXT(platform), TEXT(workspace), TEXT(event_id), INT(now_ms)));
}

static int prune(struct store *s, int64_t before_ms) {
    int err = store_run(s, "DELETE FROM inbox WHERE received_ms < ?1", BINDS(INT(before_ms)));
    if (err) {
        return err;
    }
    return store_run(s, "DELETE FROM outbox WHERE state <> 'pending' AND ended_ms < ?1",
                     BINDS(INT(before_ms)));
}

int store_prune(struct store *s, int64_t before_ms) {
    bool own;
    int err = store_scope_begin(s, &own);
    if (err) {
        return err;
    }
    err = prune(s, before_ms);
    return store_scope_end(s, own, err);
}

/* ---- what goes out ---- */

int store_outbox_add(struct store *s, const struct store_out *row, int64_t now_ms) {
    return store_run_hit(
        s, -EEXIST,
        "INSERT INTO outbox (key, ord, person_id, platform, workspace, recipient, channel, text,"
        " choices, question, due_ms, created_ms)"
        " VALUES (?1, (SELECT coalesce(max(ord), 0) + 1 FROM outbox), ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
        " ?9, ?10, ?11) ON CONFLICT (key) DO NOTHING",
        BINDS(TEXT(row->key), TEXT(row->person_id), TEXT(row->platform), TEXT(row->workspace),
              TEXT(row->recipient), TEXT(row->channel), TEXT(row->text), TEXT(row->choices),
              TEXT(row->question), INT(row->due_ms), INT(now_ms)));
}

static struct store_out read_out(struct arena *arena, sqlite3_stmt *st) {
    return (struct store_out){
        .key = store_text(arena, st, 0),
        .person_id = store_text(arena, st, 1),
        .platform = store_text(arena, st, 2),
        .workspace = store_text(arena, st, 3),
        .recipient = store_text(arena, st, 4),
        .channel = store_text(arena, st, 5),
        .text = store_text(arena, st, 6),
        .choices = store_text(arena, st, 7),
        .question = store_text(arena, st, 8),
        .due_ms = sqlite3_column_int64(st, 9),
        .tries = sqlite3_column_int(st, 10),
    };
}

/*
 * The pending rows o that may go. One that comes later, or waits, holds back those behind it in
 * its conversation, or they would overtake it.
 */
#define FREE_ROWS                                                                                  \
    " FROM outbox o WHERE o.state = 'pending' AND NOT EXISTS (SELECT 1 FROM outbox e"              \
    "  WHERE e.state = 'pending' AND e.recipient = o.recipient AND e.channel = o.channel"          \
    "  AND e.ord < o.ord AND e.due_ms > o.due_ms"                                                  \
    "  AND e.platform = o.platform AND e.workspace = o.workspace)"

int store_outbox_due(struct store *s, struct arena *arena, int64_t now_ms, size_t max,
                     const struct store_out **ret, size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(
        s,
        "SELECT o.key, o.person_id, o.platform, o.workspace, o.recipient, o.channel, o.text,"
        " o.choices, o.question, o.due_ms, o.tries" FREE_ROWS
        " AND o.due_ms <= ?1 ORDER BY o.due_ms, o.ord LIMIT ?2",
        BINDS(INT(now_ms), INT((int64_t)(max < INT32_MAX ? max : INT32_MAX))), &st);
    if (err) {
        return err;
    }
    struct store_out *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] = read_out(arena, st);
    }
    store_reset(st);
    if (!err) {
        *ret = items;
        *ret_n = n;
    }
    return err;
}

int store_outbox_next_ms(struct store *s, int64_t *ret_ms) {
    return store_int(s, "SELECT o.due_ms" FREE_ROWS " ORDER BY o.due_ms, o.ord LIMIT 1", ret_ms);
}

int store_outbox_sent(struct store *s, const char *key, const char *remote_id, int64_t now_ms) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE outbox SET state = 'sent', remote_id = ?2, ended_ms = ?3"
                         " WHERE key = ?1 AND state = 'pending'",
                         BINDS(TEXT(key), TEXT(remote_id ? remote_id : ""), INT(now_ms)));
}

int store_outbox_retry(struct store *s, const char *key, int64_t due_ms) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE outbox SET due_ms = ?2, tries = tries + 1"
                         " WHERE key = ?1 AND state = 'pending'",
                         BINDS(TEXT(key), INT(due_ms)));
}

int store_outbox_dead(struct store *s, const char *key, const char *reason, int64_t now_ms) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE outbox SET state = 'dead', reason = ?2, ended_ms = ?3"
                         " WHERE key = ?1 AND state = 'pending'",
                         BINDS(TEXT(key), TEXT(reason), INT(now_ms)));
}
