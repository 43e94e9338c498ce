#include <errno.h>

#include "store/private.h"

/* Setting a job gives its claim back: whoever had it has planned the next time. */
int store_work_set(struct store *s, const char *kind, const char *subject, int64_t due_ms) {
    return store_run(s,
                     "INSERT INTO due_work (kind, subject, due_ms) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (kind, subject)"
                     " DO UPDATE SET due_ms = excluded.due_ms, lease_ms = 0",
                     BINDS(TEXT(kind), TEXT(subject), INT(due_ms)));
}

static int claim(struct store *s, struct arena *arena, int64_t now_ms, int64_t lease_ms,
                 const char **ret_kind, const char **ret_subject) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT kind, subject FROM due_work"
                            " WHERE due_ms <= ?1 AND lease_ms <= ?1"
                            " ORDER BY due_ms, kind, subject LIMIT 1",
                            BINDS(INT(now_ms)), &st);
    if (err) {
        return err;
    }
    const char *kind = NULL;
    const char *subject = NULL;
    err = store_step(s, st);
    if (err > 0) {
        kind = store_text(arena, st, 0);
        subject = store_text(arena, st, 1);
    }
    store_reset(st);
    if (err < 0) {
        return err;
    }
    if (!kind) {
        return store_refuse(s, -ENOENT, "%s: no work is due", s->path);
    }
    err = store_run(s, "UPDATE due_work SET lease_ms = ?3 WHERE kind = ?1 AND subject = ?2",
                    BINDS(TEXT(kind), TEXT(subject), INT(lease_ms)));
    if (!err) {
        *ret_kind = kind;
        *ret_subject = subject;
    }
    return err;
}

int store_work_claim(struct store *s, struct arena *arena, int64_t now_ms, int64_t lease_ms,
                     const char **ret_kind, const char **ret_subject) {
    bool own;
    int err = store_scope_begin(s, &own);
    if (err) {
        return err;
    }
    const char *kind = NULL;
    const char *subject = NULL;
    err = claim(s, arena, now_ms, lease_ms, &kind, &subject);
    err = store_scope_end(s, own, err);
    if (!err) {
        *ret_kind = kind;
        *ret_subject = subject;
    }
    return err;
}

int store_work_done(struct store *s, const char *kind, const char *subject) {
    return store_run_hit(s, -ENOENT, "DELETE FROM due_work WHERE kind = ?1 AND subject = ?2",
                         BINDS(TEXT(kind), TEXT(subject)));
}

/* A claimed job is due again when its lease ends: asking for it earlier would be in vain. */
int store_work_next_ms(struct store *s, int64_t *ret_ms) {
    return store_int(s,
                     "SELECT min(CASE WHEN lease_ms > due_ms THEN lease_ms ELSE due_ms END)"
                     " FROM due_work",
                     ret_ms);
}
