#include "tests/support/wire_story.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "bot/split.h"
#include "tests/support/wire_platform.h"

#define ROWS_MAX    1024
#define SETTLED_MAX 3 /* the newest posts of a question show its answer */

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
    enum story_part part; /* the least that has it */
} compared[] = {
    {"person",
     WHO "SELECT n, lang, lang_chosen, greeted FROM who JOIN person USING (id) ORDER BY 1",
     STORY_ANSWERS},
    {"run",
     WHO "SELECT who.n, runs.n, form_hash, state FROM run JOIN runs USING (id)"
         " JOIN who ON who.id = person_id ORDER BY 1, 2",
     STORY_ANSWERS},
    {"answer",
     WHO "SELECT who.n, runs.n, question_id, value FROM answer"
         " JOIN run ON run.id = run_id JOIN runs ON runs.id = run_id"
         " JOIN who ON who.id = person_id ORDER BY 1, 2, 3",
     STORY_ANSWERS},
    {"answer_history",
     WHO "SELECT who.n, runs.n, seq, question_id, value FROM answer_history"
         " JOIN run ON run.id = run_id JOIN runs ON runs.id = run_id"
         " JOIN who ON who.id = person_id ORDER BY 1, 2, 3",
     STORY_ALL},
    {"place",
     WHO "SELECT who.n, runs.n, phase, question_id FROM session JOIN who ON who.id = person_id"
         " LEFT JOIN runs ON runs.id = run_id ORDER BY 1",
     STORY_ANSWERS},
    {"session",
     WHO "SELECT who.n, runs.n, phase, question_id, ticks, hinted, misses, menu, menu_arg"
         " FROM session JOIN who ON who.id = person_id LEFT JOIN runs ON runs.id = run_id"
         " ORDER BY 1",
     STORY_ALL},
    {"result",
     WHO "SELECT who.n, seq, runs.n, persona, by_hand FROM result"
         " JOIN who ON who.id = person_id LEFT JOIN runs ON runs.id = run_id ORDER BY 1, 2",
     STORY_ANSWERS},
    {"outbox",
     WHO "SELECT who.n, kind, iif(channel = '', 'direct', 'channel'), text, choices, controls,"
         " coalesce((SELECT replace(question, r.id, 'run ' || r.n) FROM runs r"
         " WHERE instr(question, r.id)), question), closes, state FROM outbox"
         " JOIN who ON who.id = person_id ORDER BY ord",
     STORY_ALL},
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

bool story_dump(const char *db, const char *external_id, enum story_part part, struct buf *out) {
    sqlite3 *handle = NULL;
    bool ok = sqlite3_open_v2(db, &handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < ARRAY_LEN(compared); i++) {
        ok = compared[i].part < part ||
             add_rows(handle, compared[i].name, compared[i].sql, external_id, out);
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

static const char *column(sqlite3_stmt *st, int i) {
    return (const char *)sqlite3_column_text(st, i);
}

/* A row of the outbox that people see. */
struct said {
    const char *id;
    const char *replaces;
    const char *thread;
    const char *kind;
    struct wire_row row;
};

struct expected {
    const struct wire *w;
    struct arena arena;
    struct said *rows;
    size_t n;
};

static void read_row(struct expected *x, sqlite3_stmt *st) {
    struct arena *a = &x->arena;
    x->rows[x->n++] = (struct said){.id = arena_strdup(a, column(st, 0)),
                                    .replaces = arena_strdup(a, column(st, 1)),
                                    .thread = arena_strdup(a, column(st, 2)),
                                    .kind = arena_strdup(a, column(st, 3)),
                                    .row = {.text = arena_strdup(a, column(st, 4)),
                                            .choices = arena_strdup(a, column(st, 5)),
                                            .controls = arena_strdup(a, column(st, 6)),
                                            .question = arena_strdup(a, column(st, 7)),
                                            .closes = sqlite3_column_int(st, 8) != 0}};
}

/* All of a channel, or of a person's direct one and what changes there. */
static void read_rows(struct expected *x, const char *channel, const char *recipient) {
    static const char sql[] =
        "SELECT remote_id, replaces, thread, kind, text, choices, controls, question, closes"
        " FROM outbox WHERE iif(?2, recipient = ?1 AND (channel = '' OR kind = 'settle'),"
        " channel = ?1) ORDER BY ord";
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    x->rows = arena_alloc(&x->arena, ROWS_MAX * sizeof(*x->rows));
    int rc = sqlite3_open_v2(wire_db(x->w), &db, SQLITE_OPEN_READONLY, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    }
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(st, 1, recipient ? recipient : channel, -1, SQLITE_STATIC);
        sqlite3_bind_int(st, 2, recipient != NULL);
        while ((rc = sqlite3_step(st)) == SQLITE_ROW && x->n < ROWS_MAX) {
            read_row(x, st);
        }
    }
    if (rc != SQLITE_DONE) {
        wire_fail(x->w, "the outbox: %s", rc == SQLITE_ROW ? "too long" : sqlite3_errmsg(db));
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static bool is_kind(const struct said *s, const char *kind) {
    return strcmp(s->kind, kind) == 0;
}

/* The newest posts of the question in front of row `at` show its answer. */
static void settle(struct expected *x, size_t at) {
    int left = SETTLED_MAX;
    for (size_t i = at; i > 0 && left > 0; i--) {
        struct said *s = &x->rows[i - 1];
        bool asks =
            is_kind(s, "say") && *s->id && strcmp(s->row.question, x->rows[at].row.question) == 0;
        if (asks) {
            s->row.settled = x->rows[at].row.text;
            left--;
        }
    }
}

/* A post that was changed looks like the row that changed it. */
static void replace(struct expected *x, size_t at) {
    const struct said *by = &x->rows[at];
    for (size_t i = 0; i < at; i++) {
        struct said *s = &x->rows[i];
        if (strcmp(s->id, by->replaces) == 0 && is_kind(s, "say")) {
            s->row = by->row;
        }
    }
}

/* What the outbox says that should be there. */
static void expect_posts(struct wire *w, const char *channel, const char *recipient,
                         struct wire_posts *ret) {
    struct expected x = {.w = w};
    *ret = (struct wire_posts){.n = 0};
    read_rows(&x, channel, recipient);
    for (size_t i = 0; i < x.n; i++) {
        if (is_kind(&x.rows[i], "settle")) {
            settle(&x, i);
        } else if (*x.rows[i].replaces && !*x.rows[i].id) {
            replace(&x, i);
        }
    }
    for (size_t i = 0; i < x.n; i++) {
        const struct said *s = &x.rows[i];
        const char *parts[SPLIT_PARTS_MAX];
        const char *offers;
        bool own = !is_kind(s, "settle") && (*s->id || !*s->replaces);
        size_t n = own ? wire_platform(w)->expect(&x.arena, &s->row, parts, &offers) : 0;
        for (size_t k = 0; k < n; k++) {
            bool last = k + 1 == n;
            wire_add_post(ret, last ? s->id : "", parts[k], s->thread, last ? offers : "");
        }
    }
    arena_free(&x.arena);
}

static void compare(const struct wire *w, size_t number, const struct wire_post *expected,
                    const struct wire_post *found, bool all_offers) {
    const struct {
        const char *what;
        const char *expected;
        const char *found;
    } parts[] = {{"id", *expected->id ? expected->id : found->id, found->id},
                 {"text", expected->text, found->text},
                 {"thread", expected->thread, found->thread},
                 {"offer", expected->offers, found->offers}};
    bool some = strncmp(expected->offers, found->offers, strlen(found->offers)) == 0;
    size_t n = ARRAY_LEN(parts) - (!all_offers && some);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(parts[i].expected, parts[i].found) != 0) {
            wire_fail(w, "post %zu of the bot has another %s\n--- expected\n%s\n--- found\n%s\n---",
                      number, parts[i].what, parts[i].expected, parts[i].found);
        }
    }
}

size_t story_check_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                         const char *recipient, bool all_offers) {
    struct wire_posts expected;
    struct wire_posts found;
    expect_posts(w, channel, recipient, &expected);
    wire_read_posts(w, reader, channel, &found);
    for (size_t i = 0; i < expected.n && i < found.n; i++) {
        compare(w, i + 1, &expected.list[i], &found.list[i], all_offers);
    }
    size_t n = found.n;
    if (n != expected.n) {
        wire_fail(w, "the bot made %zu posts in a channel, the outbox says %zu", n, expected.n);
    }
    wire_free_posts(&expected);
    wire_free_posts(&found);
    return n;
}

size_t story_view(struct wire *w, const struct wire_person *p, struct buf *view, size_t index,
                  char ret_id[WIRE_ID_LEN + 1]) {
    struct wire_posts seen;
    wire_read_posts(w, p, p->direct, &seen);
    size_t n = seen.n;
    *ret_id = '\0';
    for (size_t i = 0; i < n; i++) {
        buf_addf(view, "%s\n----\n", seen.list[i].text);
    }
    if (index < n) {
        snprintf(ret_id, WIRE_ID_LEN + 1, "%s", seen.list[index].id);
    }
    wire_free_posts(&seen);
    return n;
}

void story_question(const struct wire *w, const struct wire_person *p,
                    char ret_id[WIRE_ID_LEN + 1]) {
    static const char sql[] =
        "SELECT iif(remote_id <> '', remote_id, replaces) FROM outbox"
        " WHERE recipient = ?1 AND question <> '' AND kind = 'say' ORDER BY ord DESC LIMIT 1";
    wire_text(wire_db(w), sql, (const char *[]){p->id, NULL}, ret_id, WIRE_ID_LEN + 1);
}

/* Events that are no messages: clicks, forms, and what Slack says of accounts and pages. */
#define MESSAGES                                                                                   \
    " FROM inbox AS i WHERE event_id NOT LIKE 'click/%' AND event_id NOT LIKE 'submit/%'"          \
    " AND event_id NOT GLOB 'Ev*'"

int64_t story_messages_in(const char *db) {
    return wire_int(db, "SELECT count(*)" MESSAGES, NULL);
}

int64_t story_messages(const struct wire *w) {
    return story_messages_in(wire_db(w));
}

int64_t story_unanswered(const struct wire *w) {
    static const char sql[] =
        "SELECT count(*)" MESSAGES " AND NOT EXISTS (SELECT 1 FROM outbox AS o"
        " WHERE o.key = ?1 || '/fake/' || i.event_id || ':0')";
    return wire_int(wire_db(w), sql, (const char *[]){wire_platform_name(w), NULL});
}

const char *story_word(const struct wire *w, const struct wire_person *p, const char *word,
                       char ret_post[WIRE_ID_LEN + 1]) {
    static const char *const offers[] = {"word:1", "word:2", "word:3", "word:4"};
    static const char post[] = "SELECT remote_id FROM outbox WHERE recipient = ?1 AND kind = 'say'"
                               " AND remote_id <> '' ORDER BY ord DESC LIMIT 1";
    static const char place[] = "SELECT c.key FROM outbox AS o, json_each(o.controls, '$.words')"
                                " AS c WHERE o.remote_id = ?1 AND o.kind = 'say'"
                                " AND o.controls <> '' AND json_extract(c.value, '$.text') = ?2";
    wire_text(wire_db(w), post, (const char *[]){p->id, NULL}, ret_post, WIRE_ID_LEN + 1);
    int64_t i = wire_int(wire_db(w), place, (const char *[]){ret_post, word, NULL});
    if (i < 0 || i >= (int64_t)ARRAY_LEN(offers)) {
        wire_fail(w, "\"%s\" cannot be clicked", word);
    }
    return offers[i];
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
