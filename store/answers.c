#include <errno.h>

#include "store/private.h"

/* ---- forms ---- */

int store_form_add(struct store *s, const char *hash, const char *form_id, const char *body,
                   int64_t now_ms) {
    return store_run(s,
                     "INSERT INTO form_version (hash, form_id, body, created_ms)"
                     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (hash) DO NOTHING",
                     BINDS(TEXT(hash), TEXT(form_id), TEXT(body), INT(now_ms)));
}

int store_form_get(struct store *s, struct arena *arena, const char *hash, const char **ret_body) {
    sqlite3_stmt *st;
    int err =
        store_prepare(s, "SELECT body FROM form_version WHERE hash = ?1", BINDS(TEXT(hash)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret_body = store_text(arena, st, 0);
    }
    store_reset(st);
    if (err == 0) {
        return store_refuse(s, -ENOENT, "%s: no such form", s->path);
    }
    return err < 0 ? err : 0;
}

/* ---- runs ---- */

static const char *const run_states[] = {
    [STORE_RUN_OPEN] = "open",
    [STORE_RUN_DONE] = "done",
    [STORE_RUN_LEFT] = "left",
};

int store_run_begin(struct store *s, const char *run_id, const char *person_id,
                    const char *form_hash, int64_t now_ms) {
    return store_run(s,
                     "INSERT INTO run (id, person_id, form_hash, started_ms)"
                     " VALUES (?1, ?2, ?3, ?4)",
                     BINDS(TEXT(run_id), TEXT(person_id), TEXT(form_hash), INT(now_ms)));
}

/* STORE_RUN_OPEN takes a run up again that was ended. */
int store_run_end(struct store *s, const char *run_id, enum store_run_state state, int64_t now_ms) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE run SET state = ?2,"
                         " ended_ms = CASE WHEN ?2 = 'open' THEN NULL ELSE ?3 END WHERE id = ?1",
                         BINDS(TEXT(run_id), TEXT(run_states[state]), INT(now_ms)));
}

/* ---- answers ---- */

/* The history first: it refuses an unknown run before anything was written. */
static int put_answer(struct store *s, const char *run_id, const char *question_id,
                      const char *value, int64_t now_ms) {
    int err = store_run(s,
                        "INSERT INTO answer_history (run_id, seq, question_id, value, answered_ms)"
                        " VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM answer_history"
                        "              WHERE run_id = ?1), ?2, ?3, ?4)",
                        BINDS(TEXT(run_id), TEXT(question_id), TEXT(value), INT(now_ms)));
    if (err) {
        return err;
    }
    if (!value) {
        return store_run(s, "DELETE FROM answer WHERE run_id = ?1 AND question_id = ?2",
                         BINDS(TEXT(run_id), TEXT(question_id)));
    }
    return store_run(s,
                     "INSERT INTO answer (run_id, question_id, value, answered_ms)"
                     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (run_id, question_id)"
                     " DO UPDATE SET value = excluded.value, answered_ms = excluded.answered_ms",
                     BINDS(TEXT(run_id), TEXT(question_id), TEXT(value), INT(now_ms)));
}

int store_answer_put(struct store *s, const char *run_id, const char *question_id,
                     const char *value, int64_t now_ms) {
    bool own;
    int err = store_scope_begin(s, &own);
    if (err) {
        return err;
    }
    err = put_answer(s, run_id, question_id, value, now_ms);
    return store_scope_end(s, own, err);
}

int store_answers_get(struct store *s, struct arena *arena, const char *run_id,
                      const struct store_answer **ret, size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT question_id, value FROM answer WHERE run_id = ?1"
                            " ORDER BY question_id",
                            BINDS(TEXT(run_id)), &st);
    if (err) {
        return err;
    }
    struct store_answer *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] = (struct store_answer){
            .question_id = store_text(arena, st, 0),
            .value = store_text(arena, st, 1),
        };
    }
    store_reset(st);
    if (!err) {
        *ret = items;
        *ret_n = n;
    }
    return err;
}
