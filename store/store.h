/*
 * Everything that outlives the process: one SQLite file (WAL, synchronous=FULL, foreign keys,
 * STRICT tables), used by one process at a time. All SQL of the project is in this folder.
 *
 * Errors: 0 or one of
 *   -EEXIST  seen before            -ENOENT   no such row or file
 *   -EBUSY   another process uses the database or holds a lock
 *   -ENOSPC  the disk is full       -EROFS    the file or disk is read-only
 *   -EBADMSG not a Kizuki database, damaged, or of a newer version
 *   -EIO     anything else
 * store_message() then says in one line what happened and what to do. Within a transaction any
 * error but -EEXIST and -ENOENT means: roll back. Strings returned live in the given arena.
 * Not thread-safe.
 */
#ifndef KIZUKI_STORE_STORE_H
#define KIZUKI_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

struct store;

/*
 * Opens or creates the database (":memory:" for one that vanishes), takes the lock, migrates.
 * Before a migration of an existing file a copy is kept beside it (FILE.v<N>.bak). On failure
 * *ret is still a store whose store_message() explains, to be closed like any other.
 */
int store_open(const char *path, struct store **ret) WARN_UNUSED;
/*
 * The same where another process may be using the database: then without the lock, and only if it
 * is of our version. For imports, in short transactions.
 */
int store_open_beside(const char *path, struct store **ret) WARN_UNUSED;
void store_close(struct store *s); /* NULL is fine */
const char *store_message(const struct store *s);

/* One transaction at a time; store_begin takes the write lock at once. */
int store_begin(struct store *s) WARN_UNUSED;
int store_commit(struct store *s) WARN_UNUSED;
void store_rollback(struct store *s); /* fine outside a transaction */

/* Inbox: -EEXIST if this event was committed before. */
int store_inbox_add(struct store *s, const char *platform, const char *workspace,
                    const char *event_id, int64_t now_ms) WARN_UNUSED;
int store_inbox_drop(struct store *s, const char *platform, const char *workspace,
                     const char *event_id) WARN_UNUSED;
/* Forgets inbox ids, link codes and tries older than before_ms, and messages delivered or given up
 * before then. */
int store_prune(struct store *s, int64_t before_ms) WARN_UNUSED;

/* People. The id is random, 32 hex digits. */
struct store_person {
    const char *id;
    const char *lang; /* "ja", "en" */
    bool lang_chosen; /* by the person; otherwise it may follow the platform's account */
    bool greeted;
    bool learns;               /* store_learning_get finds something; ignored by put */
    const char *result;        /* persona id of the newest result, "" for none */
    const char *result_run_id; /* the run it belongs to, "" for none */
    bool result_by_hand;       /* chosen by the person */
    /* What is known of the identity asked for; ignored by put. */
    const char *channel; /* the platform's id of the direct conversation, "" where not known */
    const char *locale;  /* as the platform has them, "" where it does not say */
    const char *tz;
    const char *home; /* what their own page shows: a hash of it, "" where it was never opened */
    size_t places;    /* how many identities the person has */
    bool used_last;   /* this one was */
};
/* Where the direct conversation with that identity is, "" where that is not known; creates nothing:
 * -ENOENT for somebody unknown. */
int store_identity_channel(struct store *s, struct arena *arena, const char *platform,
                           const char *workspace, const char *external_id,
                           const char **ret) WARN_UNUSED;
/* Finds the person behind a platform identity, creating one on first contact. */
int store_person_get(struct store *s, struct arena *arena, const char *platform,
                     const char *workspace, const char *external_id, const char *lang,
                     int64_t now_ms, struct store_person *ret) WARN_UNUSED;
int store_person_put(struct store *s,
                     const struct store_person *p) WARN_UNUSED; /* lang, lang_chosen, greeted */
/* What the platform says of an identity: channel, locale, tz of p. */
int store_identity_put(struct store *s, const char *platform, const char *workspace,
                       const char *external_id, const struct store_person *p) WARN_UNUSED;
int store_identity_home(struct store *s, const char *platform, const char *workspace,
                        const char *external_id, const char *home) WARN_UNUSED;
/*
 * Direct conversations of which the platform's id is known and in which something was said since
 * then: those with an open question first, then the latest first.
 */
struct store_direct {
    const char *user;
    const char *channel;
    bool asked; /* a question is open */
};
int store_directs_get(struct store *s, struct arena *arena, const char *platform,
                      const char *workspace, int64_t since_ms, const struct store_direct **ret,
                      size_t *ret_n) WARN_UNUSED;
int store_result_add(struct store *s, const char *person_id, const char *run_id,
                     const char *persona, bool by_hand, int64_t now_ms) WARN_UNUSED;

/*
 * Links (links.c): one person in several places. A code is good for STORE_LINK_VALID_MS and once; a
 * new one takes the place of the person's last.
 */
#define STORE_LINK_VALID_MS ((int64_t)10 * 60 * 1000)
struct store_side {
    const char *platform;
    const char *workspace;
    const char *user;
    const char *channel; /* as in store_person; only what store_side_get says */
};
int store_link_code_put(struct store *s, const char *person_id, const char *code,
                        int64_t now_ms) WARN_UNUSED;
enum store_link {
    STORE_LINK_JOINED,  /* all that the side's person had is now of the code's */
    STORE_LINK_OWN,     /* the side is of that person already; the code stays good */
    STORE_LINK_UNKNOWN, /* never given, used, or too old: counted as a wrong try */
    STORE_LINK_LATER,   /* too many wrong tries within an hour: not looked at */
};
struct store_linked {
    enum store_link how;
    bool left; /* questions under way were left: only one conversation can go on */
};
/* The code as entered by a side that is known. */
int store_link_redeem(struct store *s, const struct store_side *side, const char *code,
                      int64_t now_ms, struct store_linked *ret) WARN_UNUSED;
/* The side is a new person's from now on; -ENOENT where it is the only one of its person. */
int store_link_leave(struct store *s, struct arena *arena, const struct store_side *side,
                     int64_t now_ms, const char **ret_person_id) WARN_UNUSED;
/* The side is the one its person used last. */
int store_side_use(struct store *s, const struct store_side *side) WARN_UNUSED;
int store_side_get(struct store *s, struct arena *arena, const char *person_id,
                   struct store_side *ret) WARN_UNUSED;

/* Sessions: one per person, -ENOENT before the first one is put. */
struct store_session {
    const char *run_id;      /* "" before the first run */
    const char *form_hash;   /* of that run (from the run's row; ignored by put) */
    const char *phase;       /* the names of enum run_phase */
    const char *question_id; /* the open question, "" for none */
    const char *ticks;       /* option ids ticked but not closed, separated by spaces */
    bool hinted;
    int misses;
    int other_lines; /* in a row, in the language that was not chosen; -1: that was suggested */
    const char *menu;
    const char *menu_arg;
    int64_t last_event_ms;
};
int store_session_get(struct store *s, struct arena *arena, const char *person_id,
                      struct store_session *ret) WARN_UNUSED;
int store_session_put(struct store *s, const char *person_id,
                      const struct store_session *session) WARN_UNUSED;

/* Forms as asked, by hash. Adding one that is there changes nothing and returns 0. */
int store_form_add(struct store *s, const char *hash, const char *form_id, const char *body,
                   int64_t now_ms) WARN_UNUSED;
int store_form_get(struct store *s, struct arena *arena, const char *hash,
                   const char **ret_body) WARN_UNUSED;

/* Runs and answers. A value is option ids separated by spaces, ":unsure" or ":skipped". */
enum store_run_state { STORE_RUN_OPEN, STORE_RUN_DONE, STORE_RUN_LEFT };
int store_run_begin(struct store *s, const char *run_id, const char *person_id,
                    const char *form_hash, int64_t now_ms) WARN_UNUSED;
int store_run_end(struct store *s, const char *run_id, enum store_run_state state,
                  int64_t now_ms) WARN_UNUSED;
/* Sets the answer and adds it to the history; NULL takes the answer away (history keeps that). */
int store_answer_put(struct store *s, const char *run_id, const char *question_id,
                     const char *value, int64_t now_ms) WARN_UNUSED;
struct store_answer {
    const char *question_id;
    const char *value;
};
int store_answers_get(struct store *s, struct arena *arena, const char *run_id,
                      const struct store_answer **ret, size_t *ret_n) WARN_UNUSED;

/*
 * Learning (learning.c): what people say of themselves and what they plan. Items are T-001, K-001,
 * S-001; one that the content has no longer stays.
 */
enum { STORE_UNSURE = -1 }; /* instead of a level */
/* Says the level anew, or corrects the last one; what was said before stays as history. */
int store_level_add(struct store *s, const char *person_id, const char *item, int level,
                    bool corrects, int64_t now_ms) WARN_UNUSED;
/* The level required by the person's own word; below zero takes it back. */
int store_target_put(struct store *s, const char *person_id, const char *item, int level,
                     int64_t now_ms) WARN_UNUSED;
/* Who does it; "" takes it back. */
int store_involvement_put(struct store *s, const char *person_id, const char *item, const char *how,
                          int64_t now_ms) WARN_UNUSED;
int store_pace_put(struct store *s, const char *person_id, int weekly_minutes,
                   int64_t now_ms) WARN_UNUSED;
struct store_plan_step {
    const char *item;
    int to_level;
    const char *resource; /* "" for none */
    int due_day;          /* from 1970-01-01 */
    const char *state;    /* "open", "done", "left" */
    int64_t set_ms;       /* when it came into that state */
};
/* Adds a step behind the others, or changes the one with that item and level. */
int store_plan_step_put(struct store *s, const char *person_id, const struct store_plan_step *step,
                        int64_t now_ms) WARN_UNUSED;

struct store_target {
    const char *item;
    int level;
};
struct store_level {
    const char *item;
    int level; /* or STORE_UNSURE */
    int64_t said_ms;
    int first; /* the first level ever said, as corrected; STORE_UNSURE for none */
    bool only; /* all that was said since corrects it */
    int64_t first_ms;
};
struct store_involvement {
    const char *item;
    const char *how;
};
struct store_learning {
    const struct store_target *targets;
    size_t n_targets;
    const struct store_level *levels;
    size_t n_levels;
    const struct store_involvement *involvements;
    size_t n_involvements;
    const struct store_plan_step *steps; /* in the order they were added */
    size_t n_steps;
    int weekly_minutes; /* 0: not chosen */
};
int store_learning_get(struct store *s, struct arena *arena, const char *person_id,
                       struct store_learning *ret) WARN_UNUSED;

/* The run that gave way to the session's, -ENOENT for none; menu and the like are not filled. */
int store_aside_get(struct store *s, struct arena *arena, const char *person_id,
                    struct store_session *ret) WARN_UNUSED;
int store_aside_put(struct store *s, const char *person_id,
                    const struct store_session *aside) WARN_UNUSED;

/*
 * Frameworks taken in from files (imported.c). A set is staged in small pieces, each a transaction
 * of its own, then takes the place of the current one of its source at once; what is left of old
 * ones is swept in pieces, too, so that nobody waits long. Not within a transaction.
 */
struct store_import_set {
    int64_t id;         /* ignored by begin, as is imported_ms */
    const char *source; /* "nice", "framework" */
    const char *name;
    const char *version;
    const char *file;
    int64_t imported_ms;
};
struct store_import_item {
    const char *kind; /* "work_role", "task", "knowledge", "skill" */
    const char *code;
    const char *title;
    const char *text;
    const char *roles;
};
int store_import_begin(struct store *s, const struct store_import_set *set, int64_t now_ms,
                       int64_t *ret_id) WARN_UNUSED;
int store_import_add(struct store *s, int64_t set_id, size_t first,
                     const struct store_import_item *items, size_t n) WARN_UNUSED;
int store_import_swap(struct store *s, int64_t set_id) WARN_UNUSED;
/* `staged`: those that were never finished, too. *ret_more: call again. */
int store_import_sweep(struct store *s, bool staged, size_t max, bool *ret_more) WARN_UNUSED;
/* Another text whenever another set is current, "" while none is. */
int store_import_version(struct store *s, struct arena *arena, const char **ret) WARN_UNUSED;
int store_import_sets(struct store *s, struct arena *arena, const struct store_import_set **ret,
                      size_t *ret_n) WARN_UNUSED;
int store_import_items(struct store *s, struct arena *arena, int64_t set_id,
                       const struct store_import_item **ret, size_t *ret_n) WARN_UNUSED;

/* Outbox: what we owe people, in order per conversation. */
enum store_out_kind {
    STORE_SAY,     /* a message */
    STORE_SETTLE,  /* the messages that asked `question` are to show the text from now on */
    STORE_HOME,    /* the page of the recipient's own */
    STORE_WHISPER, /* a message in the channel that only the recipient sees */
    STORE_OUT__COUNT
};
struct store_out {
    enum store_out_kind kind;
    int64_t ord;     /* order of saying; set by the store */
    const char *key; /* unique: event id and number of the reply */
    const char *person_id;
    const char *platform;
    const char *workspace;
    const char *recipient; /* external id */
    const char *channel;   /* "" for the direct conversation */
    const char *thread;    /* the platform's id of the thread, "" for none */
    const char *text;
    const char *choices;  /* JSON, "" for none */
    const char *question; /* reference of the question asked, "" for none */
    bool closes;          /* the question's answer may be ended with a check mark */
    const char *replaces; /* id of the message to change instead of a new one, "" for none */
    const void *picture;  /* a PNG to be shown with the text, or a file; NULL for none */
    size_t picture_len;
    const char *picture_alt; /* what it shows, in words; "" for a file */
    const char *file_name;   /* of a file, "" for a picture */
    const char *drawing;     /* JSON of a picture still to be painted, "" for none */
    const char *controls;    /* JSON of words, progress, table, chart (engine.h), "" for none */
    int64_t due_ms;
    int tries;             /* ignored by add, as are the next three */
    const char *remote_id; /* the platform's id of the message, "" while it has none */
    const char *file;      /* and of the uploaded picture, "" while it has none */
    int64_t created_ms;
};
/* -EEXIST if the key is there already. */
int store_outbox_add(struct store *s, const struct store_out *row, int64_t now_ms) WARN_UNUSED;
/* What people are to read, and what changes beside it (STORE_SETTLE, STORE_HOME): each part has
 * its own way out, since the second may wait long. */
enum store_part { STORE_TALK, STORE_BESIDE, STORE_ALL };
/*
 * Up to max pending rows of the workspace that are due, most urgent first and otherwise in the
 * order they were added. A row that is still to come or less urgent holds back the later ones of
 * its conversation, which is a channel or a person's direct one: nothing is ever overtaken there.
 */
int store_outbox_due(struct store *s, struct arena *arena, const char *platform,
                     const char *workspace, enum store_part part, int64_t now_ms, size_t max,
                     const struct store_out **ret, size_t *ret_n) WARN_UNUSED;
/* When the next pending row that none holds back is due, -ENOENT if none is pending. */
int store_outbox_next_ms(struct store *s, const char *platform, const char *workspace,
                         enum store_part part, int64_t *ret_ms) WARN_UNUSED;
/* Whether a later row of its lane is pending, so that this one's page need not be shown. */
int store_outbox_outdated(struct store *s, const struct store_out *row, bool *ret) WARN_UNUSED;
/* The highest ord there is, 0 for none. */
int store_outbox_last_ord(struct store *s, int64_t *ret) WARN_UNUSED;
/* The message is there under that id, but not all that goes with it; the row stays pending. */
int store_outbox_posted(struct store *s, const char *key, const char *remote_id) WARN_UNUSED;
/* What was asked of whom in that message, and in which thread; -ENOENT if nothing was. */
struct store_asked {
    const char *question;
    const char *recipient;
    const char *thread;
};
int store_outbox_question(struct store *s, struct arena *arena, const char *platform,
                          const char *workspace, const char *remote_id,
                          struct store_asked *ret) WARN_UNUSED;
/*
 * The ids of the messages that ask people what they were asked last, none older than since. A
 * question may have been shown several times.
 */
int store_outbox_asked(struct store *s, struct arena *arena, const char *platform,
                       const char *workspace, int64_t since_ms, const char *const **ret,
                       size_t *ret_n) WARN_UNUSED;
/*
 * The messages in which the row's question was asked of its recipient before it, newest first, at
 * most max. *ret_pending: one of them is still to be sent.
 */
struct store_card {
    const char *remote_id;
    const char *text;
    const char *choices;
    const char *controls;
};
int store_outbox_cards(struct store *s, struct arena *arena, const struct store_out *row,
                       size_t max, const struct store_card **ret, size_t *ret_n,
                       bool *ret_pending) WARN_UNUSED;
/* The picture is at the platform under that id, though nobody sees it yet. */
int store_outbox_uploaded(struct store *s, const char *key, const char *file) WARN_UNUSED;
int store_outbox_sent(struct store *s, const char *key, const char *remote_id,
                      int64_t now_ms) WARN_UNUSED;
/* Tries again at due_ms. */
int store_outbox_retry(struct store *s, const char *key, int64_t due_ms) WARN_UNUSED;
/* Given up for good; the row and the reason stay until store_prune takes them. */
int store_outbox_dead(struct store *s, const char *key, const char *reason,
                      int64_t now_ms) WARN_UNUSED;

/* Chat servers (places.c). When this workspace was first seen; now_ms if it never was. */
int store_workspace_first_ms(struct store *s, const char *platform, const char *name,
                             int64_t now_ms, int64_t *ret_ms) WARN_UNUSED;
struct store_cursor {
    const char *channel;
    const char *message; /* "" where nothing was read yet */
    int64_t message_ms;
};
int store_cursor_put(struct store *s, const char *platform, const char *workspace,
                     const struct store_cursor *cursor) WARN_UNUSED;
/* -ENOENT for a channel that was never read. */
int store_cursor_get(struct store *s, struct arena *arena, const char *platform,
                     const char *workspace, const char *channel,
                     struct store_cursor *ret) WARN_UNUSED;
/*
 * A reaction to a message of ours was added or taken back: -EEXIST if that is known already, else
 * *ret_changes counts how often this one changed, from 1.
 */
struct store_tick {
    const char *user;
    const char *mark; /* the platform's name of the reaction */
};
int store_tick_set(struct store *s, const char *platform, const char *workspace,
                   const char *message, const struct store_tick *tick, bool on, int64_t now_ms,
                   int64_t *ret_changes) WARN_UNUSED;
/* The reactions that are on. */
int store_ticks_get(struct store *s, struct arena *arena, const char *platform,
                    const char *workspace, const char *message, const struct store_tick **ret,
                    size_t *ret_n) WARN_UNUSED;

/*
 * Due work: named jobs with one next time each. A claim lasts until lease_ms; after a crash the job
 * is due again then. Done or set anew in the transaction of its effects, it has them exactly once.
 */
int store_work_set(struct store *s, const char *kind, const char *subject,
                   int64_t due_ms) WARN_UNUSED;
/* Claims the oldest job that is due and not claimed until lease_ms; -ENOENT if there is none. */
int store_work_claim(struct store *s, struct arena *arena, int64_t now_ms, int64_t lease_ms,
                     const char **ret_kind, const char **ret_subject) WARN_UNUSED;
int store_work_done(struct store *s, const char *kind, const char *subject) WARN_UNUSED;
/* When the next job can be claimed, -ENOENT if there is none. */
int store_work_next_ms(struct store *s, int64_t *ret_ms) WARN_UNUSED;

#endif
