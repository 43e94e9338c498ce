/*
 * The kill test: the same conversation, once undisturbed and many times with SIGKILL at random
 * instants, must leave the same database and say the same things in the same order.
 * Usage: test_kill KIZUKI_BINARY [KILLS] [SEED]. What a killed process may cost: the one reply
 * that was printed but not yet marked as sent is printed again (a console knows no idempotency).
 */
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/xalloc.h"

#define DEFAULT_KILLS 20
#define MAX_KILLS     100000
#define LATE_MAX      10
#define STARTS_MAX    3                          /* kills of one database */
#define RUN_LIMIT_NS  ((int64_t)60 * 1000000000) /* a process that takes longer hangs */
#define SNAPSHOT_MAX  ((size_t)1024 * 1024)
#define PIPE_HOLDS    ((size_t)60 * 1024) /* less than Linux' default of 64 KiB */
#define REACH         1.2                 /* instants go a bit beyond the end */

/*
 * One reply a line, and less than 64 of them: positions are kept as bits. "ITシステム" leads to
 * another branch: an answer falls away, two questions come up.
 */
static const char script[] =
    "こんにちは\n診断\n非IT部門\n1と3\n戻る\n3を外す\n4も\n決定\n検索 ログ\n"
    "スキップ\nわからない\nわからない\n1問目を直したい\nITシステム\n1と2\n"
    "中断\nK-006\n再開\n2\n確認\n4問目を直したい\n1\n進み具合\n1\n"
    "私の結果\n結果を変える\n6\nありがとう\n";
#define LINES_MAX 63

struct query {
    const char *name;
    const char *sql;
};

/* What must be true of the undisturbed run; the script is there to bring these about. */
static const struct query covered[] = {
    {"a skipped question", "SELECT count(*) FROM answer WHERE value = ':skipped'"},
    {"an unsure answer", "SELECT count(*) FROM answer_history WHERE value = ':unsure'"},
    {"an answer taken away", "SELECT count(*) FROM answer_history WHERE value IS NULL"},
    {"an answer that was edited", "SELECT count(*) FROM answer a JOIN answer_history h"
                                  " USING (run_id, question_id) WHERE a.value <> h.value"},
    {"a finished run", "SELECT count(*) FROM run WHERE state = 'done'"},
    {"a result found by scoring", "SELECT count(*) FROM result WHERE by_hand = 0"},
    {"a result chosen by hand", "SELECT count(*) FROM result WHERE by_hand = 1"},
    {"sent messages only", "SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE state <> 'sent')"},
    {"a whole database",
     "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"},
};

/* All that must be equal: everything but times and the random ids of people. */
static const struct query compared[] = {
    {"answer", "SELECT run_id, question_id, value FROM answer ORDER BY 1, 2"},
    {"answer_history", "SELECT run_id, seq, question_id, value FROM answer_history ORDER BY 1, 2"},
    {"run", "SELECT id, form_hash, state FROM run ORDER BY 1"},
    {"form_version", "SELECT hash, form_id, body FROM form_version ORDER BY 1"},
    {"session", "SELECT run_id, phase, question_id, ticks, hinted, misses, menu, menu_arg"
                " FROM session ORDER BY 1"},
    {"result", "SELECT seq, run_id, persona, by_hand FROM result ORDER BY 1, 2"},
    {"person", "SELECT lang, greeted FROM person"},
    {"identity", "SELECT platform, workspace, external_id FROM identity ORDER BY 1, 2, 3"},
    {"inbox", "SELECT platform, workspace, event_id FROM inbox ORDER BY 1, 2, 3"},
    {"outbox", "SELECT ord, key, platform, workspace, recipient, channel, text, choices, question,"
               " state, tries, reason FROM outbox ORDER BY ord"},
    {"due_work", "SELECT kind, subject FROM due_work ORDER BY 1, 2"},
    {"integrity_check", "PRAGMA integrity_check"},
    {"foreign_key_check", "PRAGMA foreign_key_check"},
};

struct texts {
    char *items[8 * LINES_MAX];
    size_t n;
};

/* One life of the bot. */
struct life {
    bool killed; /* by us, before it ended */
    int status;
    int64_t ns;
    struct texts said;
};

struct setup {
    const char *binary;
    char dir[64];
    char out[96];
    struct buf input;
    size_t n_lines;
    uint64_t random;
    int64_t start_ns; /* of a process without input */
    int64_t whole_ns; /* of the undisturbed conversation */
    double reach;     /* share of the expected time within which kills fall */
    double silent;    /* share of start_ns before the first reply; the rest is its end */
    struct buf expected;
    struct texts owed;
};

struct tally {
    unsigned kills;
    unsigned early; /* before the first reply */
    unsigned mid;
    unsigned late;   /* everything was said already */
    unsigned missed; /* ended before the instant came */
    unsigned disturbed;
    unsigned repeats;
    unsigned passed;
    unsigned failed;
};

/* ---- small things ---- */

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t next_random(uint64_t *state) { /* splitmix64 */
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double random_share(uint64_t *state) {
    return (double)(next_random(state) >> 11) / (double)(UINT64_C(1) << 53);
}

static void clear_texts(struct texts *t) {
    for (size_t i = 0; i < t->n; i++) {
        free(t->items[i]);
    }
    t->n = 0;
}

static void remove_database(const char *db) {
    static const char *const ends[] = {"", "-wal", "-shm", "-journal", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char path[160];
        snprintf(path, sizeof(path), "%s%s", db, ends[i]);
        unlink(path);
    }
}

/* ---- one life ---- */

/* Text and choices of every whole line; a line cut off by the kill was not said. */
static bool read_said(const char *path, struct texts *said) {
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    bool ok = f != NULL;
    while (ok && (n = getline(&line, &cap, f)) > 0 && line[n - 1] == '\n') {
        cJSON *o = cJSON_Parse(line);
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(o, "text"));
        char *choices = cJSON_PrintUnformatted(cJSON_GetObjectItem(o, "choices"));
        ok = text && choices && said->n < ARRAY_LEN(said->items);
        if (ok) {
            size_t size = strlen(text) + strlen(choices) + 2;
            said->items[said->n] = xmalloc(size);
            snprintf(said->items[said->n++], size, "%s\n%s", text, choices);
        }
        cJSON_free(choices);
        cJSON_Delete(o);
    }
    free(line);
    if (f) {
        fclose(f);
    }
    return ok;
}

/* The whole input waits in the pipe before the process begins; it never waits for us. */
static int filled_pipe(const struct buf *input) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
        return -1;
    }
    bool ok = input->len == 0 || write(fds[1], input->p, input->len) == (ssize_t)input->len;
    close(fds[1]);
    if (ok) {
        return fds[0];
    }
    close(fds[0]);
    return -1;
}

static pid_t start_bot(const struct setup *s, const char *db, const struct buf *input) {
    int in = filled_pipe(input);
    int out = open(s->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    pid_t pid = in >= 0 && out >= 0 ? fork() : -1;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        /* The clock stands still: ids of runs follow from event and time, and must be equal. */
        execl(s->binary, s->binary, "chat", "--db", db, "--json", "--at", "2026-11-23T09:00",
              (char *)NULL);
        perror(s->binary);
        _exit(127);
    }
    close(in); /* -1 where it could not be opened, which does no harm */
    close(out);
    return pid;
}

/* Lets the bot live for limit_ns at most; false if that could not be arranged. */
static bool live(const struct setup *s, const char *db, const struct buf *input, int64_t limit_ns,
                 struct life *ret) {
    *ret = (struct life){.killed = false};
    int64_t begin = now_ns();
    pid_t pid = start_bot(s, db, input);
    if (pid < 0) {
        perror("starting the bot");
        return false;
    }
    struct pollfd end = {.fd = pidfd_open(pid, 0), .events = POLLIN};
    int64_t left = begin + limit_ns - now_ns();
    left = left > 0 ? left : 0;
    struct timespec wait = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    bool ended = end.fd >= 0 && ppoll(&end, 1, &wait, NULL) > 0;
    if (!ended) {
        kill(pid, SIGKILL);
    }
    waitpid(pid, &ret->status, 0);
    ret->ns = now_ns() - begin;
    ret->killed = WIFSIGNALED(ret->status) && WTERMSIG(ret->status) == SIGKILL;
    close(end.fd);
    return read_said(s->out, &ret->said);
}

/* ---- the database ---- */

static bool dump(sqlite3 *db, const char *name, const char *sql, struct buf *out) {
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
        buf_addf(out, "%s: %s\n", name, sqlite3_errmsg(db));
        return false;
    }
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        buf_addf(out, "%s:", name);
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *text = (const char *)sqlite3_column_text(st, i);
            buf_adds(out, " | ");
            for (const char *p = text ? text : "NULL"; *p; p++) {
                buf_add(out, *p == '\n' ? "\\n" : p, *p == '\n' ? 2 : 1);
            }
        }
        buf_adds(out, "\n");
    }
    sqlite3_finalize(st);
    return rc == SQLITE_DONE;
}

/* Complains; to be closed in any case. */
static bool open_database(const char *path, sqlite3 **ret) {
    bool ok = sqlite3_open_v2(path, ret, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    if (!ok) {
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(*ret));
    }
    return ok;
}

static bool snapshot(const char *path, struct buf *out) {
    sqlite3 *db;
    bool ok = open_database(path, &db);
    buf_init(out, SNAPSHOT_MAX);
    for (size_t i = 0; ok && i < ARRAY_LEN(compared); i++) {
        ok = dump(db, compared[i].name, compared[i].sql, out);
    }
    sqlite3_close(db);
    return ok && !out->overflow;
}

/* The texts owed, in order, spelt as read_said spells them. */
static bool read_owed(const char *path, struct texts *owed) {
    sqlite3 *db;
    sqlite3_stmt *st = NULL;
    bool ok = open_database(path, &db);
    sqlite3_prepare_v2(db,
                       "SELECT text || char(10) || CASE choices WHEN '' THEN '[]' ELSE choices END"
                       " FROM outbox ORDER BY ord",
                       -1, &st, NULL);
    while (ok && sqlite3_step(st) == SQLITE_ROW && owed->n < ARRAY_LEN(owed->items)) {
        owed->items[owed->n++] = xstrdup((const char *)sqlite3_column_text(st, 0));
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return ok;
}

static bool covers_all(const char *path) {
    sqlite3 *db;
    bool ok = open_database(path, &db);
    for (size_t i = 0; ok && i < ARRAY_LEN(covered); i++) {
        sqlite3_stmt *st = NULL;
        sqlite3_prepare_v2(db, covered[i].sql, -1, &st, NULL);
        if (sqlite3_step(st) != SQLITE_ROW || sqlite3_column_int(st, 0) < 1) {
            fprintf(stderr, "the undisturbed run does not bring about %s\n", covered[i].name);
            ok = false;
        }
        sqlite3_finalize(st);
    }
    sqlite3_close(db);
    return ok;
}

/* Shows the first line in which the snapshots differ. */
static void print_difference(const char *expected, const char *actual) {
    while (*expected || *actual) {
        size_t n = strcspn(expected, "\n");
        size_t m = strcspn(actual, "\n");
        if (n != m || memcmp(expected, actual, n) != 0) {
            printf("  expected  %.*s\n  found     %.*s\n", (int)n, expected, (int)m, actual);
            return;
        }
        expected += n + (expected[n] == '\n');
        actual += m + (actual[m] == '\n');
    }
}

/* ---- what was said ---- */

static bool is_slice(const struct texts *owed, size_t from, const struct texts *said) {
    if (from + said->n > owed->n) {
        return false;
    }
    for (size_t i = 0; i < said->n; i++) {
        if (strcmp(owed->items[from + i], said->items[i]) != 0) {
            return false;
        }
    }
    return true;
}

/*
 * Bit p of a position: the first p owed texts have been said. A life goes on where the last one
 * stopped, or one text earlier. Equal neighbours leave several positions possible.
 */
static uint64_t follow(uint64_t positions, const struct texts *owed, const struct texts *said) {
    uint64_t next = 0;
    for (size_t p = 0; p <= owed->n; p++) {
        if (!(positions >> p & 1)) {
            continue;
        }
        if (is_slice(owed, p, said)) {
            next |= UINT64_C(1) << (p + said->n);
        }
        if (p > 0 && said->n > 0 && is_slice(owed, p - 1, said)) {
            next |= UINT64_C(1) << (p - 1 + said->n);
        }
    }
    return next;
}

static size_t furthest(uint64_t positions) {
    return positions ? 63 - (size_t)__builtin_clzll(positions) : 0;
}

/* ---- one disturbed conversation ---- */

struct disturbed {
    char db[96];
    uint64_t positions;
    size_t said; /* texts over all lives */
    unsigned starts;
    unsigned kills;
    bool hit;
    const char *wrong; /* NULL while all is well */
};

static void note_life(const struct setup *s, struct disturbed *d, const struct life *l) {
    d->positions = follow(d->positions, &s->owed, &l->said);
    d->said += l->said.n;
    if (!d->positions) {
        d->wrong = "what was said is not what is owed, in order, with one repeat a kill at most";
        const char *first = l->said.n > 0 ? l->said.items[0] : "nothing";
        printf("  that life began with: %.*s\n", (int)strcspn(first, "\n"), first);
    }
}

static bool is_lagging(const struct tally *t) {
    return t->disturbed * 4 < (t->passed + t->failed) * 3;
}

/*
 * When to kill, from what is left to say. Anywhere from the fork to a bit beyond the end, unless
 * too few conversations were hit mid-way so far: then not while it starts.
 */
static int64_t choose_instant(struct setup *s, const struct disturbed *d, const struct tally *t) {
    double left = (double)(s->owed.n - furthest(d->positions)) / (double)s->owed.n;
    double start = (double)s->start_ns;
    double speaks = left * (double)(s->whole_ns - s->start_ns);
    double share = random_share(&s->random) * s->reach;
    return (int64_t)(is_lagging(t) ? start * s->silent + share * speaks : share * (start + speaks));
}

/* Starts the bot and kills it; false if it ended before. */
static bool kill_once(struct setup *s, struct disturbed *d, struct tally *tally) {
    int64_t instant = choose_instant(s, d, tally);
    struct life l;
    if (!live(s, d->db, &s->input, instant, &l) || (!l.killed && l.status != 0)) {
        d->wrong = "the bot failed by itself, or its output cannot be read";
        clear_texts(&l.said);
        return false;
    }
    note_life(s, d, &l);
    size_t at = furthest(d->positions);
    if (l.killed) {
        *(at == 0 ? &tally->early : at < s->owed.n ? &tally->mid : &tally->late) += 1;
        tally->kills++;
        d->kills++;
        d->hit = d->hit || (at > 0 && at < s->owed.n);
    } else {
        tally->missed++;
    }
    /* The machine may be faster than it was: aim earlier after coming too late, then back. */
    s->reach = at == s->owed.n ? s->reach * 0.95 : s->reach < REACH ? s->reach * 1.05 : REACH;
    s->silent += at > 0 ? -0.02 : s->silent < 1 ? 0.05 : 0;
    clear_texts(&l.said);
    return l.killed;
}

static bool same_database(const struct setup *s, const char *db) {
    struct buf actual;
    bool same = snapshot(db, &actual) && actual.len == s->expected.len &&
                memcmp(actual.p, s->expected.p, actual.len) == 0;
    if (!same) {
        print_difference(buf_text(&s->expected), buf_text(&actual));
    }
    buf_free(&actual);
    return same;
}

static void finish(const struct setup *s, struct disturbed *d) {
    struct life l;
    bool ok = live(s, d->db, &s->input, RUN_LIMIT_NS, &l);
    if (!ok || l.status != 0) {
        d->wrong = "the last run did not end with status 0";
    } else {
        note_life(s, d, &l);
    }
    clear_texts(&l.said);
    if (d->wrong) {
        return;
    }
    if (!(d->positions >> s->owed.n & 1)) {
        d->wrong = "not everything owed was said";
    } else if (d->said > s->owed.n + d->kills) {
        d->wrong = "more repeats than kills";
    } else if (!same_database(s, d->db)) {
        d->wrong = "the database differs";
    }
}

static void disturb(struct setup *s, unsigned number, uint64_t seed, struct tally *tally) {
    struct disturbed d = {.positions = 1};
    snprintf(d.db, sizeof(d.db), "%s/%u.db", s->dir, number);
    unsigned starts = 1 + (unsigned)(next_random(&s->random) % STARTS_MAX);
    unsigned late = 0;
    while (!d.wrong &&
           (d.starts < starts || (!d.hit && is_lagging(tally) && d.starts < STARTS_MAX))) {
        d.starts++;
        if (!kill_once(s, &d, tally) && d.kills == 0 && late++ < LATE_MAX && !d.wrong) {
            remove_database(d.db); /* nothing was disturbed: from the beginning */
            d.positions = 1;
            d.said = 0;
            d.starts = 0;
        }
    }
    if (!d.wrong) {
        finish(s, &d);
    }
    tally->disturbed += d.hit;
    tally->repeats += d.said > s->owed.n ? (unsigned)(d.said - s->owed.n) : 0;
    if (d.wrong) {
        printf("FAIL seed %" PRIu64 ", kill %u: %s (database: %s)\n", seed, number, d.wrong, d.db);
        tally->failed++;
    } else {
        tally->passed++;
        remove_database(d.db);
    }
    fflush(stdout);
}

/* ---- the undisturbed conversation ---- */

/* The shortest of three lives with that input; *ret is the last one, its database stays. */
static bool measure(const struct setup *s, const char *db, const struct buf *input, int64_t *ret_ns,
                    struct life *ret) {
    *ret_ns = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        clear_texts(&ret->said);
        remove_database(db);
        if (!live(s, db, input, RUN_LIMIT_NS, ret) || ret->status != 0) {
            return false;
        }
        *ret_ns = ret->ns < *ret_ns ? ret->ns : *ret_ns;
    }
    return true;
}

static bool undisturbed(struct setup *s) {
    char db[96];
    struct life l = {.killed = false};
    const struct buf nothing = {.len = 0};
    snprintf(db, sizeof(db), "%s/whole.db", s->dir);
    bool ok = measure(s, db, &nothing, &s->start_ns, &l) &&
              measure(s, db, &s->input, &s->whole_ns, &l) && snapshot(db, &s->expected) &&
              read_owed(db, &s->owed) && covers_all(db);
    s->start_ns = s->start_ns < s->whole_ns ? s->start_ns : s->whole_ns;
    if (ok &&
        (s->owed.n != s->n_lines || l.said.n != s->n_lines || !is_slice(&s->owed, 0, &l.said))) {
        fprintf(stderr, "the undisturbed run owes %zu and said %zu texts for %zu lines\n",
                s->owed.n, l.said.n, s->n_lines);
        ok = false;
    }
    clear_texts(&l.said);
    remove_database(db);
    return ok;
}

static bool prepare(struct setup *s, const char *binary) {
    const char *tmp = getenv("TMPDIR");
    s->binary = binary;
    int n = snprintf(s->dir, sizeof(s->dir), "%s/kizuki-kill.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (n >= (int)sizeof(s->dir) || !mkdtemp(s->dir)) {
        perror("a temporary directory");
        return false;
    }
    snprintf(s->out, sizeof(s->out), "%s/out", s->dir);
    buf_init(&s->input, PIPE_HOLDS);
    for (const char *line = script; *line; line += strcspn(line, "\n") + 1) {
        int len = (int)strcspn(line, "\n");
        buf_addf(&s->input, ":id k%zu\n%.*s\n", ++s->n_lines, len, line);
    }
    return !s->input.overflow && s->n_lines <= LINES_MAX;
}

static void print_summary(const struct setup *s, const struct tally *t, unsigned kills) {
    printf("%u of %u conversations hit mid-way; %u kills: %u before the first reply, %u mid-way, "
           "%u after the last; %u came too late; %u repeats; undisturbed %.1f ms, start %.1f ms\n",
           t->disturbed, kills, t->kills, t->early, t->mid, t->late, t->missed, t->repeats,
           (double)s->whole_ns / 1e6, (double)s->start_ns / 1e6);
}

int main(int argc, char **argv) {
    static struct setup s = {.reach = REACH, .silent = 0.7};
    char *end = NULL;
    uint64_t asked = argc > 2 ? strtoull(argv[2], &end, 10) : DEFAULT_KILLS;
    bool wrong = argc < 2 || argc > 4 || (end && *end) || asked > MAX_KILLS;
    uint64_t seed = !wrong && argc > 3 ? strtoull(argv[3], &end, 10) : 0;
    if (wrong || (end && *end)) {
        fputs("Usage: test_kill KIZUKI_BINARY [KILLS] [SEED]\n", stderr);
        return 2;
    }
    if (argc < 4 && getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed)) {
        perror("a random seed");
    }
    unsigned kills = (unsigned)asked;
    printf("seed %" PRIu64 "\n", seed);
    fflush(stdout);
    s.random = seed;
    struct tally tally = {.kills = 0};
    if (prepare(&s, argv[1]) && undisturbed(&s)) {
        tally.passed++;
        for (unsigned i = 1; i <= kills; i++) {
            disturb(&s, i, seed, &tally);
        }
        bool enough = tally.disturbed * 2 >= kills;
        *(enough ? &tally.passed : &tally.failed) += 1;
        print_summary(&s, &tally, kills);
        printf("%s", enough ? "" : "FAIL too few kills came mid-way to mean anything\n");
    } else {
        tally.failed++;
    }
    unlink(s.out);
    rmdir(s.dir); /* stays while it holds the database of a failure */
    printf("%u passed, %u failed\n", tally.passed, tally.failed);
    return tally.failed > 0;
}
