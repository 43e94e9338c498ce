/* What people say they can do, what is asked of them, and what they plan to learn. */
#include <errno.h>
#include <string.h>

#include "store/private.h"

/* ---- writing ---- */

/* There is something to look up from now on. */
static int mark(struct store *s, const char *person_id) {
    return store_run(s, "UPDATE person SET learns = 1 WHERE id = ?1 AND learns = 0",
                     BINDS(TEXT(person_id)));
}

int store_level_add(struct store *s, const char *person_id, const char *item, int level,
                    bool corrects, int64_t now_ms) {
    int err = mark(s, person_id);
    return err ? err
               : store_run(
                     s,
                     "INSERT INTO level (person_id, item, seq, level, corrects, said_ms)"
                     " VALUES (?1, ?2, (SELECT coalesce(max(seq), 0) + 1 FROM level"
                     "  WHERE person_id = ?1 AND item = ?2), nullif(?3, -1), ?4, ?5)",
                     BINDS(TEXT(person_id), TEXT(item), INT(level), INT(corrects), INT(now_ms)));
}

int store_target_put(struct store *s, const char *person_id, const char *item, int level,
                     int64_t now_ms) {
    if (level < 0) {
        return store_run(s, "DELETE FROM target WHERE person_id = ?1 AND item = ?2",
                         BINDS(TEXT(person_id), TEXT(item)));
    }
    int err = mark(s, person_id);
    return err ? err
               : store_run(
                     s,
                     "INSERT INTO target (person_id, item, level, set_ms) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (person_id, item) DO UPDATE SET level = excluded.level,"
                     " set_ms = excluded.set_ms",
                     BINDS(TEXT(person_id), TEXT(item), INT(level), INT(now_ms)));
}

int store_involvement_put(struct store *s, const char *person_id, const char *item, const char *how,
                          int64_t now_ms) {
    if (*how == '\0') {
        return store_run(s, "DELETE FROM involvement WHERE person_id = ?1 AND item = ?2",
                         BINDS(TEXT(person_id), TEXT(item)));
    }
    int err = mark(s, person_id);
    return err ? err
               : store_run(s,
                           "INSERT INTO involvement (person_id, item, how, set_ms)"
                           " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (person_id, item)"
                           " DO UPDATE SET how = excluded.how, set_ms = excluded.set_ms",
                           BINDS(TEXT(person_id), TEXT(item), TEXT(how), INT(now_ms)));
}

int store_pace_put(struct store *s, const char *person_id, int weekly_minutes, int64_t now_ms) {
    int err = mark(s, person_id);
    return err ? err
               : store_run(
                     s,
                     "INSERT INTO pace (person_id, weekly_minutes, set_ms) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (person_id) DO UPDATE SET"
                     " weekly_minutes = excluded.weekly_minutes, set_ms = excluded.set_ms",
                     BINDS(TEXT(person_id), INT(weekly_minutes), INT(now_ms)));
}

int store_plan_step_put(struct store *s, const char *person_id, const struct store_plan_step *step,
                        int64_t now_ms) {
    int err = mark(s, person_id);
    return err ? err
               : store_run(
                     s,
                     "INSERT INTO plan_step (person_id, item, to_level, place, resource, due_day,"
                     " state, set_ms) VALUES (?1, ?2, ?3, (SELECT coalesce(max(place), 0) + 1"
                     "  FROM plan_step WHERE person_id = ?1), ?4, ?5, ?6, ?7)"
                     " ON CONFLICT (person_id, item, to_level) DO UPDATE SET"
                     " resource = excluded.resource, due_day = excluded.due_day,"
                     " set_ms = CASE WHEN state = excluded.state THEN set_ms"
                     "  ELSE excluded.set_ms END, state = excluded.state",
                     BINDS(TEXT(person_id), TEXT(step->item), INT(step->to_level),
                           TEXT(step->resource), INT(step->due_day), TEXT(step->state),
                           INT(now_ms)));
}

/* ---- reading ---- */

static int get_targets(struct store *s, struct arena *arena, const char *person_id,
                       struct store_learning *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s, "SELECT item, level FROM target WHERE person_id = ?1 ORDER BY item",
                            BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    struct store_target *items = NULL;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, ret->n_targets, &cap, sizeof(*items));
        items[ret->n_targets++] = (struct store_target){.item = store_text(arena, st, 0),
                                                        .level = sqlite3_column_int(st, 1)};
    }
    store_reset(st);
    ret->targets = items;
    return err;
}

/* NULL is "does not know". */
static int level_at(sqlite3_stmt *st, int column) {
    return sqlite3_column_type(st, column) == SQLITE_NULL ? STORE_UNSURE
                                                          : sqlite3_column_int(st, column);
}

/* All that was ever said, item by item, oldest first: the first and the last of each count. */
static int get_levels(struct store *s, struct arena *arena, const char *person_id,
                      struct store_learning *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT item, level, said_ms, corrects FROM level WHERE person_id = ?1"
                            " ORDER BY item, seq",
                            BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    struct store_level *items = NULL;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        const char *item = store_text(arena, st, 0);
        struct store_level *last = ret->n_levels > 0 ? &items[ret->n_levels - 1] : NULL;
        if (!last || strcmp(last->item, item) != 0) {
            items = store_grow(arena, items, ret->n_levels, &cap, sizeof(*items));
            last = &items[ret->n_levels++];
            *last = (struct store_level){.item = item, .first = STORE_UNSURE};
        }
        last->level = level_at(st, 1);
        last->said_ms = sqlite3_column_int64(st, 2);
        last->only = last->first == STORE_UNSURE ||
                     (last->only && sqlite3_column_int(st, 3) != 0 && last->level != STORE_UNSURE);
        if (last->only) {
            last->first_ms = last->first == STORE_UNSURE ? last->said_ms : last->first_ms;
            last->first = last->level;
        }
    }
    store_reset(st);
    ret->levels = items;
    return err;
}

static int get_involvements(struct store *s, struct arena *arena, const char *person_id,
                            struct store_learning *ret) {
    sqlite3_stmt *st;
    int err =
        store_prepare(s, "SELECT item, how FROM involvement WHERE person_id = ?1 ORDER BY item",
                      BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    struct store_involvement *items = NULL;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, ret->n_involvements, &cap, sizeof(*items));
        items[ret->n_involvements++] = (struct store_involvement){.item = store_text(arena, st, 0),
                                                                  .how = store_text(arena, st, 1)};
    }
    store_reset(st);
    ret->involvements = items;
    return err;
}

static int get_steps(struct store *s, struct arena *arena, const char *person_id,
                     struct store_learning *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT item, to_level, resource, due_day, state, set_ms"
                            " FROM plan_step WHERE person_id = ?1 ORDER BY place",
                            BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    struct store_plan_step *items = NULL;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, ret->n_steps, &cap, sizeof(*items));
        items[ret->n_steps++] = (struct store_plan_step){
            .item = store_text(arena, st, 0),
            .to_level = sqlite3_column_int(st, 1),
            .resource = store_text(arena, st, 2),
            .due_day = sqlite3_column_int(st, 3),
            .state = store_text(arena, st, 4),
            .set_ms = sqlite3_column_int64(st, 5),
        };
    }
    store_reset(st);
    ret->steps = items;
    return err;
}

int store_learning_get(struct store *s, struct arena *arena, const char *person_id,
                       struct store_learning *ret) {
    *ret = (struct store_learning){.weekly_minutes = 0};
    int err = get_targets(s, arena, person_id, ret);
    if (!err) {
        err = get_levels(s, arena, person_id, ret);
    }
    if (!err) {
        err = get_involvements(s, arena, person_id, ret);
    }
    if (!err) {
        err = get_steps(s, arena, person_id, ret);
    }
    int64_t minutes = 0;
    if (!err) {
        err = store_int_of(s, "SELECT weekly_minutes FROM pace WHERE person_id = ?1",
                           BINDS(TEXT(person_id)), &minutes);
        err = err == -ENOENT ? 0 : err;
    }
    ret->weekly_minutes = (int)minutes;
    return err;
}

/* ---- the run that gave way ---- */

int store_aside_get(struct store *s, struct arena *arena, const char *person_id,
                    struct store_session *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT a.run_id, r.form_hash, a.phase, a.question_id, a.ticks,"
                            " a.hinted FROM aside a JOIN run r ON r.id = a.run_id"
                            " WHERE a.person_id = ?1",
                            BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret = (struct store_session){
            .run_id = store_text(arena, st, 0),
            .form_hash = store_text(arena, st, 1),
            .phase = store_text(arena, st, 2),
            .question_id = store_text(arena, st, 3),
            .ticks = store_text(arena, st, 4),
            .hinted = sqlite3_column_int64(st, 5) != 0,
            .menu = "",
            .menu_arg = "",
        };
    }
    store_reset(st);
    if (err == 0) {
        return store_refuse(s, -ENOENT, "%s: no run stands aside", s->path);
    }
    return err < 0 ? err : 0;
}

int store_aside_put(struct store *s, const char *person_id, const struct store_session *aside) {
    return store_run(
        s,
        "INSERT INTO aside (person_id, run_id, phase, question_id, ticks, hinted)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (person_id) DO UPDATE SET"
        " run_id = excluded.run_id, phase = excluded.phase,"
        " question_id = excluded.question_id, ticks = excluded.ticks, hinted = excluded.hinted",
        BINDS(TEXT(person_id), TEXT(aside->run_id), TEXT(aside->phase), TEXT(aside->question_id),
              TEXT(aside->ticks), INT(aside->hinted)));
}

/* ---- two persons become one ---- */

#define TWO(from, to) BINDS(TEXT(from), TEXT(to))

/* What both said of an item stays, in the order of time. */
static int join_levels(struct store *s, const char *from, const char *to) {
    int err = store_run(s,
                        "INSERT INTO level (person_id, item, seq, level, corrects, said_ms)"
                        " SELECT ?2, item, 1000000 + row_number() OVER (PARTITION BY item"
                        "  ORDER BY said_ms, person_id = ?2, seq), level, corrects, said_ms"
                        " FROM level WHERE person_id IN (?1, ?2)",
                        TWO(from, to));
    if (!err) {
        err = store_run(s, "DELETE FROM level WHERE person_id = ?1 AND seq <= 1000000",
                        BINDS(TEXT(to)));
    }
    return err ? err
               : store_run(s, "UPDATE level SET seq = seq - 1000000 WHERE person_id = ?1",
                           BINDS(TEXT(to)));
}

static const char *const joins[] = {
    "INSERT INTO target (person_id, item, level, set_ms)"
    " SELECT ?2, item, level, set_ms FROM target WHERE person_id = ?1"
    " ON CONFLICT (person_id, item) DO UPDATE SET level = excluded.level,"
    " set_ms = excluded.set_ms WHERE excluded.set_ms > target.set_ms",

    "INSERT INTO involvement (person_id, item, how, set_ms)"
    " SELECT ?2, item, how, set_ms FROM involvement WHERE person_id = ?1"
    " ON CONFLICT (person_id, item) DO UPDATE SET how = excluded.how,"
    " set_ms = excluded.set_ms WHERE excluded.set_ms > involvement.set_ms",

    "INSERT INTO pace (person_id, weekly_minutes, set_ms)"
    " SELECT ?2, weekly_minutes, set_ms FROM pace WHERE person_id = ?1"
    " ON CONFLICT (person_id) DO UPDATE SET weekly_minutes = excluded.weekly_minutes,"
    " set_ms = excluded.set_ms WHERE excluded.set_ms > pace.set_ms",

    "INSERT INTO plan_step (person_id, item, to_level, place, resource, due_day, state, set_ms)"
    " SELECT ?2, item, to_level, place + (SELECT coalesce(max(place), 0) FROM plan_step"
    "  WHERE person_id = ?2), resource, due_day, state, set_ms"
    " FROM plan_step WHERE person_id = ?1"
    " ON CONFLICT (person_id, item, to_level) DO UPDATE SET resource = excluded.resource,"
    " due_day = excluded.due_day, state = excluded.state, set_ms = excluded.set_ms"
    " WHERE excluded.set_ms > plan_step.set_ms",

    "UPDATE person SET learns = 1 WHERE id = ?2 AND EXISTS"
    " (SELECT 1 FROM person WHERE id = ?1 AND learns = 1)",

    "UPDATE aside SET person_id = ?2 WHERE person_id = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM aside WHERE person_id = ?2)",
};

int store_learning_join(struct store *s, const char *from, const char *to, int64_t now_ms) {
    int err = join_levels(s, from, to);
    if (!err) { /* only one can stand aside */
        err =
            store_run(s,
                      "UPDATE run SET state = 'left', ended_ms = ?3 WHERE state = 'open' AND id IN"
                      " (SELECT a.run_id FROM aside a JOIN aside b"
                      "  ON a.person_id = ?1 AND b.person_id = ?2)",
                      BINDS(TEXT(from), TEXT(to), INT(now_ms)));
    }
    for (size_t i = 0; !err && i < ARRAY_LEN(joins); i++) {
        err = store_run(s, joins[i], TWO(from, to));
    }
    return err;
}
