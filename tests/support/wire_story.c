#include "tests/support/wire_story.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "bot/emoji.h"
#include "bot/mattermost/markup.h"

#define POSTS_MAX  1024
#define PAGE       200
#define POST_CHARS 16383

/* ---- rows ---- */

/* ?1: a person's id on the platform, NULL for all. */
#define WHO                                                                                        \
    "WITH who (id, n) AS (SELECT p.id, row_number() OVER (ORDER BY p.rowid) FROM person p"         \
    " WHERE ?1 IS NULL OR p.id IN (SELECT person_id FROM identity WHERE external_id = ?1)),"       \
    " runs (id, n) AS (SELECT id, row_number() OVER (PARTITION BY person_id ORDER BY rowid)"       \
    " FROM run) "

static const struct {
    const char *name;
    const char *sql;
} compared[] = {
    {"person", WHO "SELECT n, lang, greeted FROM who JOIN person USING (id) ORDER BY 1"},
    {"run", WHO "SELECT who.n, runs.n, form_hash, state FROM run JOIN runs USING (id)"
                " JOIN who ON who.id = person_id ORDER BY 1, 2"},
    {"answer", WHO "SELECT who.n, runs.n, question_id, value FROM answer"
                   " JOIN run ON run.id = run_id JOIN runs ON runs.id = run_id"
                   " JOIN who ON who.id = person_id ORDER BY 1, 2, 3"},
    {"answer_history", WHO "SELECT who.n, runs.n, seq, question_id, value FROM answer_history"
                           " JOIN run ON run.id = run_id JOIN runs ON runs.id = run_id"
                           " JOIN who ON who.id = person_id ORDER BY 1, 2, 3"},
    {"session", WHO "SELECT who.n, runs.n, phase, question_id, ticks, hinted, misses, menu,"
                    " menu_arg FROM session JOIN who ON who.id = person_id"
                    " LEFT JOIN runs ON runs.id = run_id ORDER BY 1"},
    {"result", WHO "SELECT who.n, seq, runs.n, persona, by_hand FROM result"
                   " JOIN who ON who.id = person_id LEFT JOIN runs ON runs.id = run_id"
                   " ORDER BY 1, 2"},
    {"outbox", WHO "SELECT who.n, iif(channel = '', 'direct', 'channel'), text, choices,"
                   " coalesce((SELECT replace(question, r.id, 'run ' || r.n) FROM runs r"
                   " WHERE instr(question, r.id)), question), closes, state FROM outbox "
                   "JOIN who ON who.id = person_id ORDER BY ord"},
};

static void add_row(sqlite3_stmt *st, const char *name, struct buf *out) {
    buf_adds(out, name);
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        const char *text = (const char *)sqlite3_column_text(st, i);
        buf_adds(out, i == 0 ? ": " : " | ");
        for (const char *p = text ? text : "NULL"; *p; p++) {
            buf_add(out, *p == '\n' ? "\\n" : p, *p == '\n' ? 2 : 1);
        }
    }
    buf_adds(out, "\n");
}

static bool add_rows(sqlite3 *db, const char *name, const char *sql, const char *external_id,
                     struct buf *out) {
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(st, 1, external_id, -1, SQLITE_STATIC);
        while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
            add_row(st, name, out);
        }
    }
    if (rc != SQLITE_DONE) {
        printf("%s: %s\n", name, sqlite3_errmsg(db));
    }
    sqlite3_finalize(st);
    return rc == SQLITE_DONE;
}

bool story_dump(const char *db, const char *external_id, struct buf *out) {
    sqlite3 *handle = NULL;
    bool ok = sqlite3_open_v2(db, &handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < ARRAY_LEN(compared); i++) {
        ok = add_rows(handle, compared[i].name, compared[i].sql, external_id, out);
    }
    sqlite3_close(handle);
    return ok && !out->overflow;
}

const char *story_difference(const char *expected, const char *actual) {
    static char text[2048];
    while (*expected || *actual) {
        size_t n = strcspn(expected, "\n");
        size_t m = strcspn(actual, "\n");
        if (n != m || memcmp(expected, actual, n) != 0) {
            snprintf(text, sizeof(text), "\n  expected  %.*s\n  found     %.*s\n", (int)n, expected,
                     (int)m, actual);
            return text;
        }
        expected += n + (expected[n] == '\n');
        actual += m + (actual[m] == '\n');
    }
    return NULL;
}

/* ---- posts ---- */

struct seen {
    char *id;
    char *text;
    char *root;
    char *reactions; /* names with spaces behind them */
};

struct all_seen {
    struct seen posts[POSTS_MAX];
    size_t n;
};

static struct seen *add_seen(const struct wire *w, struct all_seen *all, const char *id,
                             const char *text, const char *root, const char *reactions) {
    if (all->n == POSTS_MAX) {
        wire_fail(w, "more than %d posts in one channel", POSTS_MAX);
    }
    struct seen *s = &all->posts[all->n++];
    *s = (struct seen){xstrdup(id), xstrdup(text), xstrdup(root), xstrdup(reactions)};
    return s;
}

static void free_seen(struct all_seen *all) {
    for (size_t i = 0; i < all->n; i++) {
        free(all->posts[i].id);
        free(all->posts[i].text);
        free(all->posts[i].root);
        free(all->posts[i].reactions);
    }
    all->n = 0;
}

static void change_text(char **text, const char *to) {
    free(*text);
    *text = xstrdup(to);
}

/* The reactions that offer what the row asks. */
static void offered(const char *choices, const char *question, bool closes, struct buf *out) {
    cJSON *list = *choices && *question ? cJSON_Parse(choices) : NULL;
    const cJSON *c;
    bool any = false;
    cJSON_ArrayForEach(c, list) {
        const cJSON *n = json_member(c, "number");
        const char *name = cJSON_IsNumber(n) ? emoji_of(n->valueint) : NULL;
        if (name) {
            buf_addf(out, "%s ", name);
            any = true;
        }
    }
    if (closes && any) {
        buf_adds(out, EMOJI_CLOSE " ");
    }
    cJSON_Delete(list);
}

static const char *column(sqlite3_stmt *st, int i) {
    return (const char *)sqlite3_column_text(st, i);
}

/* One row of the outbox: another post, or a new text of an earlier one. */
static void expect_row(const struct wire *w, sqlite3_stmt *st, struct all_seen *all) {
    struct arena a = {0};
    struct buf reactions;
    buf_init(&reactions, 1024);
    const char *id = column(st, 0);
    const char *replaces = column(st, 1);
    const char *parts[MM_PARTS_MAX];
    const char *text = mm_markup(&a, column(st, 2), column(st, 3));
    if (mm_split(&a, text, POST_CHARS, parts) != 1) {
        wire_fail(w, "a reply of more than one part, which is not looked at here");
    }
    struct seen *old = NULL;
    for (size_t i = 0; *replaces && !*id && i < all->n; i++) {
        old = strcmp(all->posts[i].id, replaces) == 0 ? &all->posts[i] : old;
    }
    if (old) {
        change_text(&old->text, text);
    } else {
        offered(column(st, 3), column(st, 4), sqlite3_column_int(st, 5) != 0, &reactions);
        add_seen(w, all, id, text, column(st, 6), buf_text(&reactions));
    }
    buf_free(&reactions);
    arena_free(&a);
}

/* What the outbox says that should be there. */
static void expect_posts(const struct wire *w, const char *channel, const char *recipient,
                         struct all_seen *all) {
    static const char direct[] = "SELECT remote_id, replaces, text, choices, question, closes,"
                                 " thread FROM outbox WHERE channel = '' AND recipient = ?1"
                                 " ORDER BY ord";
    static const char public[] = "SELECT remote_id, replaces, text, choices, question, closes,"
                                 " thread FROM outbox WHERE channel = ?1 ORDER BY ord";
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_open_v2(wire_db(w), &db, SQLITE_OPEN_READONLY, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_prepare_v2(db, recipient ? direct : public, -1, &st, NULL);
    }
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(st, 1, recipient ? recipient : channel, -1, SQLITE_STATIC);
        while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
            expect_row(w, st, all);
        }
    }
    if (rc != SQLITE_DONE) {
        wire_fail(w, "the outbox: %s", sqlite3_errmsg(db));
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
}

/* The bot's own reactions, in the order of being added. */
static void own_reactions(const struct wire *w, const cJSON *post, struct buf *out) {
    const cJSON *r;
    cJSON_ArrayForEach(r, json_member(json_member(post, "metadata"), "reactions")) {
        const char *user = json_string(r, "user_id");
        const char *name = json_string(r, "emoji_name");
        if (user && name && strcmp(user, wire_bot_id(w)) == 0) {
            buf_addf(out, "%s ", name);
        }
    }
}

static void take_post(const struct wire *w, const cJSON *post, struct all_seen *all) {
    const char *user = json_string(post, "user_id");
    const cJSON *deleted = json_member(post, "delete_at");
    if (!user || strcmp(user, wire_bot_id(w)) != 0 || deleted->valuedouble > 0) {
        return;
    }
    struct buf reactions;
    buf_init(&reactions, 1024);
    own_reactions(w, post, &reactions);
    add_seen(w, all, json_string(post, "id"), json_string(post, "message"),
             json_string(post, "root_id"), buf_text(&reactions));
    buf_free(&reactions);
}

/* Newest first. */
static void read_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                       struct all_seen *all) {
    int got = PAGE;
    for (int page = 0; got == PAGE; page++) {
        char path[128];
        snprintf(path, sizeof(path), "/channels/%s/posts?page=%d&per_page=%d", channel, page, PAGE);
        cJSON *list = wire_call(w, reader->token, "GET", path, NULL);
        const cJSON *order = json_member(list, "order");
        const cJSON *id;
        got = cJSON_GetArraySize(order);
        cJSON_ArrayForEach(id, order) {
            take_post(w, json_member(json_member(list, "posts"), id->valuestring), all);
        }
        cJSON_Delete(list);
    }
}

static void compare(const struct wire *w, size_t number, const struct seen *expected,
                    const struct seen *found, bool all_reactions) {
    const struct {
        const char *what;
        const char *expected;
        const char *found;
    } parts[] = {{"id", expected->id, found->id},
                 {"text", expected->text, found->text},
                 {"thread", expected->root, found->root},
                 {"reactions", expected->reactions, found->reactions}};
    bool some = strncmp(expected->reactions, found->reactions, strlen(found->reactions)) == 0;
    size_t n = ARRAY_LEN(parts) - (!all_reactions && some);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(parts[i].expected, parts[i].found) != 0) {
            wire_fail(w, "post %zu of the bot has another %s\n--- expected\n%s\n--- found\n%s\n---",
                      number, parts[i].what, parts[i].expected, parts[i].found);
        }
    }
}

size_t story_check_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                         const char *recipient, bool all_reactions) {
    static struct all_seen expected;
    static struct all_seen found;
    expect_posts(w, channel, recipient, &expected);
    read_posts(w, reader, channel, &found);
    for (size_t i = 0; i < expected.n && i < found.n; i++) {
        compare(w, i + 1, &expected.posts[i], &found.posts[found.n - 1 - i], all_reactions);
    }
    size_t n = found.n;
    if (n != expected.n) {
        wire_fail(w, "the bot made %zu posts in a channel, the outbox says %zu", n, expected.n);
    }
    free_seen(&expected);
    free_seen(&found);
    return n;
}

size_t story_view(struct wire *w, const struct wire_person *p, struct buf *view, size_t index,
                  char ret_id[WIRE_ID_LEN + 1]) {
    static struct all_seen seen;
    read_posts(w, p, p->direct, &seen);
    size_t n = seen.n;
    *ret_id = '\0';
    for (size_t i = 0; i < n; i++) {
        buf_addf(view, "%s\n----\n", seen.posts[n - 1 - i].text);
    }
    if (index < n) {
        snprintf(ret_id, WIRE_ID_LEN + 1, "%s", seen.posts[n - 1 - index].id);
    }
    free_seen(&seen);
    return n;
}

void story_question(const struct wire *w, const struct wire_person *p,
                    char ret_id[WIRE_ID_LEN + 1]) {
    static const char sql[] = "SELECT iif(remote_id <> '', remote_id, replaces) FROM outbox"
                              " WHERE recipient = ?1 AND question <> '' ORDER BY ord DESC LIMIT 1";
    wire_text(wire_db(w), sql, (const char *[]){p->id, NULL}, ret_id, WIRE_ID_LEN + 1);
}

void story_check_whole(const struct wire *w) {
    static const struct {
        const char *what;
        const char *sql;
    } empty[] = {
        {"a damaged database", "SELECT count(*) FROM pragma_integrity_check"
                               " WHERE integrity_check <> 'ok'"},
        {"a dangling row", "SELECT count(*) FROM pragma_foreign_key_check"},
        {"a reply not sent", "SELECT count(*) FROM outbox WHERE state <> 'sent'"},
        {"a post said by two rows", "SELECT count(*) - count(DISTINCT remote_id) FROM outbox"
                                    " WHERE remote_id <> ''"},
    };
    for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
        int64_t n = wire_int(wire_db(w), empty[i].sql, NULL);
        if (n != 0) {
            wire_fail(w, "%s (%lld)", empty[i].what, (long long)n);
        }
    }
}
