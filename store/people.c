#include <errno.h>
#include <sys/random.h>

#include "store/private.h"

/* ---- person and identity ---- */

static int find_person(struct store *s, struct arena *arena, const char *platform,
                       const char *workspace, const char *external_id, struct store_person *ret) {
    sqlite3_stmt *st;
    int err =
        store_prepare(s,
                      "SELECT p.id, p.lang, p.greeted, r.persona, r.run_id, r.by_hand,"
                      " p.lang_chosen, i.channel, i.locale, i.tz, i.home,"
                      " (SELECT count(*) FROM identity WHERE person_id = p.id),"
                      " i.used = (SELECT max(used) FROM identity WHERE person_id = p.id), p.learns"
                      " FROM identity i JOIN person p ON p.id = i.person_id"
                      " LEFT JOIN result r ON r.person_id = p.id AND r.seq ="
                      "  (SELECT max(seq) FROM result WHERE person_id = p.id)"
                      " WHERE i.platform = ?1 AND i.workspace = ?2 AND i.external_id = ?3",
                      BINDS(TEXT(platform), TEXT(workspace), TEXT(external_id)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret = (struct store_person){
            .id = store_text(arena, st, 0),
            .lang = store_text(arena, st, 1),
            .greeted = sqlite3_column_int64(st, 2) != 0,
            .result = store_text(arena, st, 3),
            .result_run_id = store_text(arena, st, 4),
            .result_by_hand = sqlite3_column_int64(st, 5) != 0,
            .lang_chosen = sqlite3_column_int64(st, 6) != 0,
            .channel = store_text(arena, st, 7),
            .locale = store_text(arena, st, 8),
            .tz = store_text(arena, st, 9),
            .home = store_text(arena, st, 10),
            .places = (size_t)sqlite3_column_int64(st, 11),
            .used_last = sqlite3_column_int64(st, 12) != 0,
            .learns = sqlite3_column_int64(st, 13) != 0,
        };
    }
    store_reset(st);
    return err;
}

int store_random_id(struct store *s, char out[33]) {
    unsigned char bytes[16];
    /* Up to 256 bytes come whole or not at all. */
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
        return store_refuse(s, -EIO, "the system gives no random numbers: check the kernel");
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[32] = '\0';
    return 0;
}

static int create_person(struct store *s, const char *platform, const char *workspace,
                         const char *external_id, const char *lang, int64_t now_ms, char id[33]) {
    int err = store_random_id(s, id);
    if (!err) {
        err = store_run(
            s, "INSERT INTO person (id, lang, lang_chosen, created_ms) VALUES (?1, ?2, 0, ?3)",
            BINDS(TEXT(id), TEXT(lang), INT(now_ms)));
    }
    if (!err) {
        err = store_run(
            s,
            "INSERT INTO identity (platform, workspace, external_id, person_id,"
            " created_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            BINDS(TEXT(platform), TEXT(workspace), TEXT(external_id), TEXT(id), INT(now_ms)));
    }
    return err;
}

int store_person_get(struct store *s, struct arena *arena, const char *platform,
                     const char *workspace, const char *external_id, const char *lang,
                     int64_t now_ms, struct store_person *ret) {
    int found = find_person(s, arena, platform, workspace, external_id, ret);
    if (found != 0) {
        return found < 0 ? found : 0;
    }
    bool own;
    int err = store_scope_begin(s, &own);
    if (err) {
        return err;
    }
    char id[33];
    err = create_person(s, platform, workspace, external_id, lang, now_ms, id);
    err = store_scope_end(s, own, err);
    if (!err) {
        *ret = (struct store_person){.id = arena_strdup(arena, id),
                                     .lang = arena_strdup(arena, lang),
                                     .result = "",
                                     .result_run_id = "",
                                     .channel = "",
                                     .locale = "",
                                     .tz = "",
                                     .home = "",
                                     .places = 1,
                                     .used_last = true};
    }
    return err;
}

int store_person_put(struct store *s, const struct store_person *p) {
    return store_run_hit(
        s, -ENOENT, "UPDATE person SET lang = ?2, greeted = ?3, lang_chosen = ?4 WHERE id = ?1",
        BINDS(TEXT(p->id), TEXT(p->lang), INT(p->greeted), INT(p->lang_chosen)));
}

int store_identity_channel(struct store *s, struct arena *arena, const char *platform,
                           const char *workspace, const char *external_id, const char **ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT channel FROM identity WHERE platform = ?1 AND workspace = ?2"
                            " AND external_id = ?3",
                            BINDS(TEXT(platform), TEXT(workspace), TEXT(external_id)), &st);
    if (err) {
        return err;
    }
    err = store_step(s, st);
    if (err > 0) {
        *ret = store_text(arena, st, 0);
    }
    store_reset(st);
    return err > 0 ? 0 : err == 0 ? -ENOENT : err;
}

int store_identity_put(struct store *s, const char *platform, const char *workspace,
                       const char *external_id, const struct store_person *p) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE identity SET channel = ?4, locale = ?5, tz = ?6"
                         " WHERE platform = ?1 AND workspace = ?2 AND external_id = ?3",
                         BINDS(TEXT(platform), TEXT(workspace), TEXT(external_id), TEXT(p->channel),
                               TEXT(p->locale), TEXT(p->tz)));
}

int store_identity_home(struct store *s, const char *platform, const char *workspace,
                        const char *external_id, const char *home) {
    return store_run_hit(s, -ENOENT,
                         "UPDATE identity SET home = ?4"
                         " WHERE platform = ?1 AND workspace = ?2 AND external_id = ?3",
                         BINDS(TEXT(platform), TEXT(workspace), TEXT(external_id), TEXT(home)));
}

int store_directs_get(struct store *s, struct arena *arena, const char *platform,
                      const char *workspace, int64_t since_ms, const struct store_direct **ret,
                      size_t *ret_n) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT i.external_id, i.channel, s.phase IN ('asking', 'review')"
                            " FROM identity i JOIN session s ON s.person_id = i.person_id"
                            " WHERE i.platform = ?1 AND i.workspace = ?2 AND i.channel <> ''"
                            " AND s.last_event_ms >= ?3 ORDER BY 3 DESC, s.last_event_ms DESC",
                            BINDS(TEXT(platform), TEXT(workspace), INT(since_ms)), &st);
    if (err) {
        return err;
    }
    struct store_direct *items = NULL;
    size_t n = 0;
    size_t cap = 0;
    while ((err = store_step(s, st)) > 0) {
        items = store_grow(arena, items, n, &cap, sizeof(*items));
        items[n++] = (struct store_direct){.user = store_text(arena, st, 0),
                                           .channel = store_text(arena, st, 1),
                                           .asked = sqlite3_column_int64(st, 2) != 0};
    }
    store_reset(st);
    if (!err) {
        *ret = items;
        *ret_n = n;
    }
    return err;
}

/* ---- results ---- */

int store_result_add(struct store *s, const char *person_id, const char *run_id,
                     const char *persona, bool by_hand, int64_t now_ms) {
    return store_run(s,
                     "INSERT INTO result (person_id, seq, run_id, persona, by_hand, created_ms)"
                     " VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM result"
                     "              WHERE person_id = ?1), ?2, ?3, ?4, ?5)",
                     BINDS(TEXT(person_id), TEXT(store_or_null(run_id)), TEXT(persona),
                           INT(by_hand), INT(now_ms)));
}

/* ---- sessions ---- */

int store_session_get(struct store *s, struct arena *arena, const char *person_id,
                      struct store_session *ret) {
    sqlite3_stmt *st;
    int err = store_prepare(s,
                            "SELECT s.run_id, r.form_hash, s.phase, s.question_id, s.ticks,"
                            " s.menu, s.menu_arg, s.hinted, s.misses, s.last_event_ms,"
                            " s.other_lines"
                            " FROM session s LEFT JOIN run r ON r.id = s.run_id"
                            " WHERE s.person_id = ?1",
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
            .menu = store_text(arena, st, 5),
            .menu_arg = store_text(arena, st, 6),
            .hinted = sqlite3_column_int64(st, 7) != 0,
            .misses = sqlite3_column_int(st, 8),
            .last_event_ms = sqlite3_column_int64(st, 9),
            .other_lines = sqlite3_column_int(st, 10),
        };
    }
    store_reset(st);
    if (err == 0) {
        return store_refuse(s, -ENOENT, "%s: no session yet", s->path);
    }
    return err < 0 ? err : 0;
}

int store_session_put(struct store *s, const char *person_id, const struct store_session *session) {
    return store_run(
        s,
        "INSERT INTO session (person_id, run_id, phase, question_id, ticks, hinted, misses, menu,"
        " menu_arg, last_event_ms, other_lines)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        " ON CONFLICT (person_id) DO UPDATE SET run_id = excluded.run_id, phase = excluded.phase,"
        " question_id = excluded.question_id, ticks = excluded.ticks, hinted = excluded.hinted,"
        " misses = excluded.misses, menu = excluded.menu, menu_arg = excluded.menu_arg,"
        " last_event_ms = excluded.last_event_ms, other_lines = excluded.other_lines",
        BINDS(TEXT(person_id), TEXT(store_or_null(session->run_id)), TEXT(session->phase),
              TEXT(session->question_id), TEXT(session->ticks), INT(session->hinted),
              INT(session->misses), TEXT(session->menu), TEXT(session->menu_arg),
              INT(session->last_event_ms), INT(session->other_lines)));
}
