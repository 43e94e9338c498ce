/*
 * One person in several places. Two people become one in a single transaction: what both have goes
 * over to the one who made the code, and nobody else's rows are touched.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "store/private.h"

#define TRIES_MAX     5
#define TRIES_MS      ((int64_t)60 * 60 * 1000)
#define ID_SIZE       64
#define SIDE(side)    TEXT((side)->platform), TEXT((side)->workspace), TEXT((side)->user)
#define TWO(from, to) BINDS(TEXT(from), TEXT(to))

static int get_id(struct store *s, const char *sql, const struct bind *binds, size_t n,
                  char ret[ID_SIZE]) {
    sqlite3_stmt *st;
    int err = store_prepare(s, sql, binds, n, &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        snprintf(ret, ID_SIZE, "%s", (const char *)sqlite3_column_text(st, 0));
    }
    store_reset(st);
    if (err == 0) {
        return store_refuse(s, -ENOENT, "%s: no such row", s->path);
    }
    return err < 0 ? err : 0;
}

static int person_at(struct store *s, const struct store_side *side, char ret[ID_SIZE]) {
    return get_id(s,
                  "SELECT person_id FROM identity WHERE platform = ?1 AND workspace = ?2"
                  " AND external_id = ?3",
                  BINDS(SIDE(side)), ret);
}

/* ---- sides ---- */

int store_side_use(struct store *s, const struct store_side *side) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE identity SET used = 1 + (SELECT max(o.used) FROM identity o"
                         " WHERE o.person_id = identity.person_id)"
                         " WHERE platform = ?1 AND workspace = ?2 AND external_id = ?3",
                         BINDS(SIDE(side)));
}

int store_side_get(struct store *s, struct arena *arena, const char *person_id,
                   struct store_side *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT platform, workspace, external_id, channel FROM identity"
                            " WHERE person_id = ?1"
                            " ORDER BY used DESC, platform, workspace, external_id LIMIT 1",
                            BINDS(TEXT(person_id)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret = (struct store_side){.platform = store_text(arena, st, 0),
                                   .workspace = store_text(arena, st, 1),
                                   .user = store_text(arena, st, 2),
                                   .channel = store_text(arena, st, 3)};
    }
    store_reset(st);
    if (err == 0) {
        return store_refuse(s, -ENOENT, "%s: no such person", s->path);
    }
    return err < 0 ? err : 0;
}

/* ---- codes ---- */

static void hash_code(const char *person_id, const char *code, char out[HASH_HEX_LEN + 1]) {
    char text[ID_SIZE + 32];
    int n = snprintf(text, sizeof(text), "%s/%s", person_id, code);
    hash_hex(text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1, out);
}

int store_link_code_put(struct store *s, const char *person_id, const char *code, int64_t now_ms) {
    char hash[HASH_HEX_LEN + 1];
    hash_code(person_id, code, hash);
    return store_run(s,
                     "INSERT INTO link_code (person_id, hash, made_ms) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash,"
                     " made_ms = excluded.made_ms",
                     BINDS(TEXT(person_id), TEXT(hash), INT(now_ms)));
}

/*
 * Whose code that is. The salts differ, so all codes of these minutes are looked through; after a
 * clock was set back, those of the minutes to come are not for ever. That two people have the same
 * one is next to impossible, and then it is nobody's.
 */
static int find_code(struct store *s, const char *code, int64_t now_ms, char ret[ID_SIZE]) {
    sqlite3_stmt *st;
    int err = store_prepare(
        s, "SELECT person_id, hash FROM link_code WHERE made_ms > ?1 AND made_ms < ?2",
        BINDS(INT(now_ms - STORE_LINK_VALID_MS), INT(now_ms + STORE_LINK_VALID_MS)), &st);
    if (err) {
        return err;
    }
    char found[ID_SIZE] = "";
    size_t n = 0;
    while ((err = store_step(s, st)) > 0) {
        char hash[HASH_HEX_LEN + 1];
        const char *person_id = (const char *)sqlite3_column_text(st, 0);
        hash_code(person_id, code, hash);
        if (strcmp(hash, (const char *)sqlite3_column_text(st, 1)) == 0) {
            snprintf(found, sizeof(found), "%s", person_id);
            n++;
        }
    }
    store_reset(st);
    if (!err) {
        snprintf(ret, ID_SIZE, "%s", n == 1 ? found : "");
    }
    return err;
}

/* Tries in the future are of a clock that was wrong. */
static int count_tries(struct store *s, const struct store_side *side, int64_t now_ms,
                       int64_t *ret) {
    int err = store_run(s,
                        "DELETE FROM link_try WHERE platform = ?1 AND workspace = ?2"
                        " AND external_id = ?3 AND (tried_ms <= ?4 OR tried_ms >= ?5)",
                        BINDS(SIDE(side), INT(now_ms - TRIES_MS), INT(now_ms + TRIES_MS)));
    return err ? err
               : store_int_of(s,
                              "SELECT count(*) FROM link_try WHERE platform = ?1"
                              " AND workspace = ?2 AND external_id = ?3",
                              BINDS(SIDE(side)), ret);
}

static int add_try(struct store *s, const struct store_side *side, int64_t now_ms) {
    return store_run(s,
                     "INSERT INTO link_try (platform, workspace, external_id, seq, tried_ms)"
                     " VALUES (?1, ?2, ?3, (SELECT coalesce(max(seq), 0) + 1 FROM link_try"
                     "  WHERE platform = ?1 AND workspace = ?2 AND external_id = ?3), ?4)",
                     BINDS(SIDE(side), INT(now_ms)));
}

/* ---- two become one ---- */

/* The language of the one who goes counts only where the other never chose one. */
static int join_settings(struct store *s, const char *from, const char *to) {
    int err = store_run(s,
                        "UPDATE person SET lang_chosen = 1,"
                        " lang = (SELECT lang FROM person WHERE id = ?1) WHERE id = ?2"
                        " AND lang_chosen = 0"
                        " AND (SELECT lang_chosen FROM person WHERE id = ?1) = 1",
                        TWO(from, to));
    return err ? err
               : store_run(s,
                           "UPDATE person SET greeted ="
                           " (SELECT max(greeted) FROM person WHERE id IN (?1, ?2))"
                           " WHERE id = ?2",
                           TWO(from, to));
}

struct standing {
    bool under_way;    /* with questions */
    int64_t result_ms; /* of the newest result, INT64_MIN for none */
};

static int get_standing(struct store *s, const char *person_id, struct standing *ret) {
    int64_t under_way;
    int err = store_int_of(s,
                           "SELECT count(*) FROM session WHERE person_id = ?1"
                           " AND phase IN ('asking', 'review', 'parked')",
                           BINDS(TEXT(person_id)), &under_way);
    if (err) {
        return err;
    }
    *ret = (struct standing){.under_way = under_way != 0, .result_ms = INT64_MIN};
    err = store_int_of(s, "SELECT max(created_ms) FROM result WHERE person_id = ?1",
                       BINDS(TEXT(person_id)), &ret->result_ms);
    return err == -ENOENT ? 0 : err;
}

/*
 * One conversation goes on: that of the one who made the code, unless the other one has the newest
 * result, or questions under way, and there is nothing here. Questions under way in the one that
 * ends are left.
 */
static int join_sessions(struct store *s, const char *from, const char *to, int64_t now_ms,
                         bool *ret_left) {
    struct standing here;
    struct standing there;
    int err = get_standing(s, to, &here);
    if (!err) {
        err = get_standing(s, from, &there);
    }
    if (err) {
        return err;
    }
    bool nothing = here.result_ms == INT64_MIN;
    bool take =
        !here.under_way && (there.result_ms > here.result_ms || (nothing && there.under_way));
    const char *ends = take ? to : from;
    err = store_run(s,
                    "UPDATE run SET state = 'left', ended_ms = ?2 WHERE state = 'open'"
                    " AND id = (SELECT run_id FROM session WHERE person_id = ?1)",
                    BINDS(TEXT(ends), INT(now_ms)));
    *ret_left = !err && sqlite3_changes(s->db) > 0;
    if (!err) {
        err = store_run(s, "DELETE FROM session WHERE person_id = ?1", BINDS(TEXT(ends)));
    }
    return err || !take ? err
                        : store_run(s, "UPDATE session SET person_id = ?2 WHERE person_id = ?1",
                                    TWO(from, to));
}

/*
 * The results of both in the order they came about, without changing the order of either: where a
 * clock was set back, one counts as not older than the one before it. The new numbers are above all
 * old ones.
 */
static int join_results(struct store *s, const char *from, const char *to) {
    int64_t base;
    int err = store_int_of(s, "SELECT coalesce(max(seq), 0) FROM result WHERE person_id = ?1",
                           BINDS(TEXT(to)), &base);
    if (!err) {
        err = store_run(s,
                        "INSERT INTO result (person_id, seq, run_id, persona, by_hand, created_ms)"
                        " SELECT ?2, ?3 + row_number() OVER (ORDER BY at_ms, person_id = ?2, seq),"
                        " run_id, persona, by_hand, created_ms FROM (SELECT *, max(created_ms)"
                        "  OVER (PARTITION BY person_id ORDER BY seq) AS at_ms"
                        "  FROM result WHERE person_id IN (?1, ?2))",
                        BINDS(TEXT(from), TEXT(to), INT(base)));
    }
    return err ? err
               : store_run(s,
                           "DELETE FROM result WHERE person_id = ?1"
                           " OR (person_id = ?2 AND seq <= ?3)",
                           BINDS(TEXT(from), TEXT(to), INT(base)));
}

/* Rows that only have to change hands. Work of a kind that is planned already stays as it is. */
static int join_rows(struct store *s, const char *from, const char *to) {
    int err =
        store_run(s, "UPDATE identity SET person_id = ?2 WHERE person_id = ?1", TWO(from, to));
    if (!err) {
        err = store_run(s, "UPDATE run SET person_id = ?2 WHERE person_id = ?1", TWO(from, to));
    }
    if (!err) {
        err = store_run(s, "UPDATE outbox SET person_id = ?2 WHERE person_id = ?1", TWO(from, to));
    }
    if (!err) {
        err = store_run(s,
                        "UPDATE due_work SET subject = ?2 WHERE subject = ?1 AND NOT EXISTS"
                        " (SELECT 1 FROM due_work o WHERE o.kind = due_work.kind"
                        "  AND o.subject = ?2)",
                        TWO(from, to));
    }
    return err ? err : store_run(s, "DELETE FROM due_work WHERE subject = ?1", BINDS(TEXT(from)));
}

static int join(struct store *s, const char *from, const char *to, int64_t now_ms, bool *ret_left) {
    int err = join_settings(s, from, to);
    if (!err) {
        err = join_sessions(s, from, to, now_ms, ret_left);
    }
    if (!err) {
        err = join_results(s, from, to);
    }
    if (!err) {
        err = store_learning_join(s, from, to, now_ms);
    }
    if (!err) {
        err = join_rows(s, from, to);
    }
    if (!err) {
        err = store_run(s, "DELETE FROM link_code WHERE person_id = ?1", BINDS(TEXT(to)));
    }
    return err ? err : store_run(s, "DELETE FROM person WHERE id = ?1", BINDS(TEXT(from)));
}

static int redeem(struct store *s, const struct store_side *side, const char *code, int64_t now_ms,
                  struct store_linked *ret) {
    char from[ID_SIZE];
    char to[ID_SIZE];
    int64_t tries;
    *ret = (struct store_linked){.how = STORE_LINK_LATER};
    int err = person_at(s, side, from);
    if (!err) {
        err = count_tries(s, side, now_ms, &tries);
    }
    if (err || tries >= TRIES_MAX) {
        return err;
    }
    err = find_code(s, code, now_ms, to);
    if (err) {
        return err;
    }
    if (*to == '\0') {
        ret->how = STORE_LINK_UNKNOWN;
        return add_try(s, side, now_ms);
    }
    if (strcmp(from, to) == 0) {
        ret->how = STORE_LINK_OWN;
        return 0;
    }
    ret->how = STORE_LINK_JOINED;
    err = join(s, from, to, now_ms, &ret->left);
    return err ? err : store_side_use(s, side);
}

int store_link_redeem(struct store *s, const struct store_side *side, const char *code,
                      int64_t now_ms, struct store_linked *ret) {
    bool own;
    int err = store_scope_begin(s, &own);
    if (err) {
        return err;
    }
    struct store_linked linked;
    err = redeem(s, side, code, now_ms, &linked);
    err = store_scope_end(s, own, err);
    if (!err) {
        *ret = linked;
    }
    return err;
}

/* ---- one becomes two ---- */

static int leave(struct store *s, const struct store_side *side, int64_t now_ms, char id[33]) {
    char old[ID_SIZE];
    int err = get_id(s,
                     "SELECT person_id FROM identity i WHERE platform = ?1 AND workspace = ?2"
                     " AND external_id = ?3 AND EXISTS (SELECT 1 FROM identity o"
                     "  WHERE o.person_id = i.person_id AND (o.platform <> ?1"
                     "  OR o.workspace <> ?2 OR o.external_id <> ?3))",
                     BINDS(SIDE(side)), old);
    if (!err) {
        err = store_random_id(s, id);
    }
    if (!err) {
        err = store_run(s,
                        "INSERT INTO person (id, lang, lang_chosen, greeted, created_ms)"
                        " SELECT ?2, lang, lang_chosen, greeted, ?3 FROM person WHERE id = ?1",
                        BINDS(TEXT(old), TEXT(id), INT(now_ms)));
    }
    if (!err) {
        err = store_run(s, "DELETE FROM link_code WHERE person_id = ?1", BINDS(TEXT(old)));
    }
    return err ? err
               : store_run(s,
                           "UPDATE identity SET person_id = ?4, used = 0 WHERE platform = ?1"
                           " AND workspace = ?2 AND external_id = ?3",
                           BINDS(SIDE(side), TEXT(id)));
}

int store_link_leave(struct store *s, struct arena *arena, const struct store_side *side,
                     int64_t now_ms, const char **ret_person_id) {
    bool own;
    int err = store_scope_begin(s, &own);
    if (err) {
        return err;
    }
    char id[33];
    err = leave(s, side, now_ms, id);
    err = store_scope_end(s, own, err);
    if (!err) {
        *ret_person_id = arena_strdup(arena, id);
    }
    return err;
}
