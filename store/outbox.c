#include <errno.h>
#include <string.h>

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

int store_inbox_drop(struct store *s, const char *platform, const char *workspace,
                     const char *event_id) {
    return store_run(s,
                     "DELETE FROM inbox WHERE platform = ?1 AND workspace = ?2 AND event_id = ?3",
                     BINDS(TEXT(platform), TEXT(workspace), TEXT(event_id)));
}

static int prune(struct store *s, int64_t before_ms) {
    int err = store_run(s, "DELETE FROM inbox WHERE received_ms < ?1", BINDS(INT(before_ms)));
    if (err) {
        return err;
    }
    err = store_run(s, "DELETE FROM tick WHERE changed_ms < ?1", BINDS(INT(before_ms)));
    if (!err) {
        err = store_run(s, "DELETE FROM link_code WHERE made_ms < ?1", BINDS(INT(before_ms)));
    }
    if (!err) {
        err = store_run(s, "DELETE FROM link_try WHERE tried_ms < ?1", BINDS(INT(before_ms)));
    }
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

static const char *const kinds[STORE_OUT__COUNT] = {"say", "settle", "home", "whisper"};

static enum store_out_kind find_kind(const char *name) {
    for (int i = 0; i < STORE_OUT__COUNT; i++) {
        if (strcmp(kinds[i], name) == 0) {
            return (enum store_out_kind)i;
        }
    }
    return STORE_SAY;
}

static const char *given(const char *text) {
    return text ? text : "";
}

int store_outbox_add(struct store *s, const struct store_out *row, int64_t now_ms) {
    return store_run_hit(
        s, -EEXIST,
        "INSERT INTO outbox (key, ord, person_id, platform, workspace, recipient, channel, thread,"
        " text, choices, question, closes, replaces, due_ms, created_ms, picture, picture_alt,"
        " kind, controls, drawing, file_name)"
        " VALUES (?1, (SELECT coalesce(max(ord), 0) + 1 FROM outbox), ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
        " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) ON CONFLICT (key) DO NOTHING",
        BINDS(TEXT(row->key), TEXT(row->person_id), TEXT(row->platform), TEXT(row->workspace),
              TEXT(row->recipient), TEXT(row->channel), TEXT(given(row->thread)), TEXT(row->text),
              TEXT(row->choices), TEXT(row->question), INT(row->closes), TEXT(given(row->replaces)),
              INT(row->due_ms), INT(now_ms), BLOB(row->picture, row->picture_len),
              TEXT(given(row->picture_alt)), TEXT(kinds[row->kind]), TEXT(given(row->controls)),
              TEXT(given(row->drawing)), TEXT(given(row->file_name))));
}

static struct store_out read_out(struct arena *arena, sqlite3_stmt *st) {
    size_t len = (size_t)sqlite3_column_bytes(st, 17);
    return (struct store_out){
        .key = store_text(arena, st, 0),
        .person_id = store_text(arena, st, 1),
        .platform = store_text(arena, st, 2),
        .workspace = store_text(arena, st, 3),
        .recipient = store_text(arena, st, 4),
        .channel = store_text(arena, st, 5),
        .thread = store_text(arena, st, 6),
        .text = store_text(arena, st, 7),
        .choices = store_text(arena, st, 8),
        .question = store_text(arena, st, 9),
        .closes = sqlite3_column_int(st, 10) != 0,
        .due_ms = sqlite3_column_int64(st, 11),
        .tries = sqlite3_column_int(st, 12),
        .remote_id = store_text(arena, st, 13),
        .created_ms = sqlite3_column_int64(st, 14),
        .ord = sqlite3_column_int64(st, 15),
        .replaces = store_text(arena, st, 16),
        .picture = len > 0 ? store_bytes(arena, st, 17, len) : NULL,
        .picture_len = len,
        .picture_alt = store_text(arena, st, 18),
        .kind = find_kind((const char *)sqlite3_column_text(st, 19)),
        .controls = store_text(arena, st, 20),
        .file = store_text(arena, st, 21),
        .drawing = store_text(arena, st, 22),
        .file_name = store_text(arena, st, 23),
    };
}

/*
 * The pending rows o that may go. One that comes later, or waits, holds back those behind it in
 * its conversation, or they would overtake it.
 */
#define FREE_ROWS                                                                                  \
    " FROM outbox o WHERE o.state = 'pending' AND o.platform = ?1 AND o.workspace = ?2"            \
    " AND ?3 IN (2, o.kind IN ('settle', 'home'))"                                                 \
    " AND NOT EXISTS (SELECT 1 FROM outbox e"                                                      \
    "  WHERE e.state = 'pending' AND CASE e.channel WHEN '' THEN e.recipient ELSE e.channel END"   \
    "  = CASE o.channel WHEN '' THEN o.recipient ELSE o.channel END"                               \
    "  AND e.ord < o.ord AND e.due_ms > o.due_ms"                                                  \
    "  AND e.platform = o.platform AND e.workspace = o.workspace)"

int store_outbox_due(struct store *s, struct arena *arena, const char *platform,
                     const char *workspace, enum store_part part, int64_t now_ms, size_t max,
                     const struct store_out **ret, size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(
        s,
        "SELECT o.key, o.person_id, o.platform, o.workspace, o.recipient, o.channel, o.thread,"
        " o.text, o.choices, o.question, o.closes, o.due_ms, o.tries, o.remote_id, o.created_ms,"
        " o.ord, o.replaces, o.picture, o.picture_alt, o.kind, o.controls, o.file,"
        " o.drawing, o.file_name" FREE_ROWS " AND o.due_ms <= ?4 ORDER BY o.due_ms, o.ord LIMIT ?5",
        BINDS(TEXT(platform), TEXT(workspace), INT(part), INT(now_ms),
              INT((int64_t)(max < INT32_MAX ? max : INT32_MAX))),
        &st);
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

int store_outbox_next_ms(struct store *s, const char *platform, const char *workspace,
                         enum store_part part, int64_t *ret_ms) {
    return store_int_of(s, "SELECT o.due_ms" FREE_ROWS " ORDER BY o.due_ms, o.ord LIMIT 1",
                        BINDS(TEXT(platform), TEXT(workspace), INT(part)), ret_ms);
}

int store_outbox_outdated(struct store *s, const struct store_out *row, bool *ret) {
    int64_t one;
    int err = store_int_of(
        s,
        "SELECT 1 FROM outbox WHERE state = 'pending' AND kind = 'home'"
        " AND CASE channel WHEN '' THEN recipient ELSE channel END = ?1"
        " AND ord > ?2 AND platform = ?3 AND workspace = ?4 LIMIT 1",
        BINDS(TEXT(row->channel), INT(row->ord), TEXT(row->platform), TEXT(row->workspace)), &one);
    if (err == 0 || err == -ENOENT) {
        *ret = err == 0;
        return 0;
    }
    return err;
}

int store_outbox_last_ord(struct store *s, int64_t *ret) {
    return store_int(s, "SELECT coalesce(max(ord), 0) FROM outbox", ret);
}

int store_outbox_posted(struct store *s, const char *key, const char *remote_id) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE outbox SET remote_id = ?2 WHERE key = ?1 AND state = 'pending'",
                         BINDS(TEXT(key), TEXT(remote_id)));
}

int store_outbox_question(struct store *s, struct arena *arena, const char *platform,
                          const char *workspace, const char *remote_id, struct store_asked *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT question, recipient, thread FROM outbox WHERE remote_id = ?3"
                            " AND remote_id <> '' AND platform = ?1 AND workspace = ?2"
                            " AND question <> '' AND kind = 'say'",
                            BINDS(TEXT(platform), TEXT(workspace), TEXT(remote_id)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret = (struct store_asked){.question = store_text(arena, st, 0),
                                    .recipient = store_text(arena, st, 1),
                                    .thread = store_text(arena, st, 2)};
    }
    store_reset(st);
    return err > 0 ? 0 : err == 0 ? -ENOENT : err;
}

int store_outbox_asked(struct store *s, struct arena *arena, const char *platform,
                       const char *workspace, int64_t since_ms, const char *const **ret,
                       size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT remote_id FROM (SELECT remote_id, ord, question,"
                            " first_value(question) OVER (PARTITION BY recipient ORDER BY ord DESC)"
                            " AS last FROM outbox WHERE platform = ?1 AND workspace = ?2"
                            " AND question <> '' AND kind = 'say' AND created_ms >= ?3)"
                            " WHERE question = last AND remote_id <> '' ORDER BY ord",
                            BINDS(TEXT(platform), TEXT(workspace), INT(since_ms)), &st);
    if (err) {
        return err;
    }
    const char **ids = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        ids = store_grow(arena, ids, n, &cap, sizeof(*ids));
        ids[n++] = store_text(arena, st, 0);
    }
    store_reset(st);
    if (!err) {
        *ret = ids;
        *ret_n = n;
    }
    return err;
}

int store_outbox_cards(struct store *s, struct arena *arena, const struct store_out *row,
                       size_t max, const struct store_card **ret, size_t *ret_n,
                       bool *ret_pending) {
    sqlite3_stmt *st;
    /* A message that was changed meanwhile is one card: what it shows by now. */
    int err = store_prepare(
        s,
        "SELECT message, text, choices, controls, max(ord) FROM (SELECT"
        " CASE WHEN remote_id = '' AND state = 'sent' THEN replaces ELSE remote_id END AS message,"
        " text, choices, controls, ord FROM outbox WHERE recipient = ?1 AND question = ?2"
        " AND question <> '' AND ord < ?3 AND platform = ?4 AND workspace = ?5 AND kind = 'say'"
        " AND state <> 'dead') GROUP BY message ORDER BY max(ord) DESC LIMIT ?6",
        BINDS(TEXT(row->recipient), TEXT(row->question), INT(row->ord), TEXT(row->platform),
              TEXT(row->workspace), INT((int64_t)max)),
        &st);
    if (err) {
        return err;
    }
    struct store_card *cards = NULL;
    size_t n = 0;
    size_t cap = 0;
    bool pending = false;
    while ((err = store_step(s, st)) > 0) {
        struct store_card card = {.remote_id = store_text(arena, st, 0),
                                  .text = store_text(arena, st, 1),
                                  .choices = store_text(arena, st, 2),
                                  .controls = store_text(arena, st, 3)};
        pending = pending || *card.remote_id == '\0';
        if (*card.remote_id) {
            cards = store_grow(arena, cards, n, &cap, sizeof(*cards));
            cards[n++] = card;
        }
    }
    store_reset(st);
    if (!err) {
        *ret = cards;
        *ret_n = n;
        *ret_pending = pending;
    }
    return err;
}

int store_outbox_uploaded(struct store *s, const char *key, const char *file) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE outbox SET file = ?2 WHERE key = ?1 AND state = 'pending'",
                         BINDS(TEXT(key), TEXT(file)));
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
