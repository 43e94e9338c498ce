/*
 * Measurements: bench KIZUKI_BINARY, from the project's root. Prints one table and writes
 * build/bench.json. Ends with 0 unless something could not be run; a missed target is marked.
 * Children are measured first: their peak memory begins with ours (it survives fork and exec).
 */
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/text.h"
#include "bot/engine.h"
#include "bot/reading.h"
#include "content/search.h"
#include "intents/conflicts.h"
#include "intents/meaning.h"
#include "intents/shipped.h"
#include "intents/step.h"
#include "store/store.h"
#include "tests/support/bare_commit.h"
#include "tests/support/report.h"

#define ROUNDS       REPORT_ROUNDS
#define TURNS        2000
#define PEOPLE       50
#define STARTS       21
#define MEMORY_TURNS 5000
#define QUERIES_MAX  (ROUNDS * TURNS / 2 / QUERY_ROUNDS)
#define QUERIES_MIN  200
#define QUERY_ROUNDS 5

#define TURN_EXTRA_MS  0.2
#define LOOKUP_MS      1.0
#define MEANING_MS     0.1
#define MODELS_MB      4.0
#define LOAD_MS        100.0
#define MEANING_ROUNDS 10
#define SITE_SENTENCES 200
#define START_MS       50.0
#define MEMORY_MB      20.0

/* One person's messages in turn; everyone begins at another place of it. */
static char talk_lines[] =
    "こんにちは\n診断\n非IT部門\n1と3\n戻る\n3を外す\n決定\nSIEMとは\nスキップ\nわからない\n"
    "わからない\n1問目を直したい\nITシステム\n1と2\n中断\nK-006\n役割7の知識\n再開\n2\n"
    "4問目を直したい\n1\n1\n私の結果\n結果を変える\n2\n検索 ログ\n知識一覧\nもっと\n用語集\n"
    "English\nhelp\nwhat is phishing\nsearch log\nroles\nmy result\n日本語\nデータの扱い\n"
    "明日の天気は?\n最初から\n1";
static const char *talk[64];
static size_t n_talk;

struct bench {
    const char *binary;
    char dir[64];
    struct report report;
    size_t sent;
    size_t sent_bytes;
    double per_s[ROUNDS];
    struct figures commit[ROUNDS];
    struct figures turn[ROUNDS];
};

/* ---- processes ---- */

static pid_t start(const struct bench *b, const char *db, int in, int out) {
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        execl(b->binary, b->binary, "chat", "--db", db, "--json", (char *)NULL);
        perror(b->binary);
        _exit(127);
    }
    return pid;
}

static bool ended_well(pid_t pid, struct rusage *usage) {
    int status;
    return pid > 0 && wait4(pid, &status, 0, usage) == pid && status == 0;
}

/* From before the fork to the first byte of the first reply. */
static bool time_start(const struct bench *b, const char *db, double *ret_ms) {
    static const char line[] = "こんにちは\n";
    char chunk[4096];
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        return false;
    }
    bool ok = write(in[1], line, sizeof(line) - 1) == (ssize_t)sizeof(line) - 1;
    double begin = report_now_ms();
    pid_t pid = start(b, db, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    ok = read(out[0], chunk, sizeof(chunk)) > 0 && ok;
    *ret_ms = report_now_ms() - begin;
    close(in[1]);
    close(out[0]); /* it ignores SIGPIPE and still ends well */
    struct rusage usage;
    return ended_well(pid, &usage) && ok;
}

static bool bench_starts(struct bench *b) {
    static const char *const names[] = {"start to first reply, new database",
                                        "start to first reply, existing database"};
    static struct samples times[ARRAY_LEN(names)];
    double p50[ARRAY_LEN(names)];
    for (size_t k = 0; k < ARRAY_LEN(names); k++) {
        for (size_t i = 0; i < STARTS; i++) {
            char db[128];
            snprintf(db, sizeof(db), "%s/start%zu.db", b->dir, k == 0 ? i : 0);
            if (!time_start(b, db, &times[k].ms[times[k].n++])) {
                return false;
            }
        }
        struct figures f = report_figures(&times[k]);
        report_row(&b->report, names[k], f, times[k].n);
        p50[k] = f.v[P50];
    }
    report_target(&b->report, p50[0] > p50[1] ? p50[0] : p50[1], START_MS,
                  "start p50 %.1f ms (new), %.1f ms (existing) <= %.0f ms", p50[0], p50[1],
                  START_MS);
    return true;
}

/* Many messages of many people through the console; the input is a file, so no pipe fills up. */
static bool bench_memory(struct bench *b) {
    char path[128];
    char db[128];
    snprintf(path, sizeof(path), "%s/messages", b->dir);
    snprintf(db, sizeof(db), "%s/memory.db", b->dir);
    FILE *f = fopen(path, "w+e");
    int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (!f || out < 0) {
        return false;
    }
    for (size_t i = 0; i < MEMORY_TURNS; i++) {
        size_t person = i % PEOPLE;
        fprintf(f, ":as u%zu\n%s\n", person, talk[(i / PEOPLE + person) % n_talk]);
    }
    fflush(f);
    rewind(f);
    struct rusage usage;
    double begin = report_now_ms();
    bool ok = ended_well(start(b, db, fileno(f), out), &usage);
    double ms = report_now_ms() - begin;
    fclose(f);
    close(out);
    if (!ok) {
        return false;
    }
    double mb = (double)usage.ru_maxrss / 1024;
    report_number(&b->report, "peak memory of a chat process", "MB", mb, MEMORY_TURNS);
    report_number(&b->report, "messages through that process", "1/s", MEMORY_TURNS / ms * 1e3,
                  MEMORY_TURNS);
    report_target(&b->report, mb, MEMORY_MB, "peak memory %.1f MB <= %.0f MB", mb, MEMORY_MB);
    return true;
}

/* ---- turns ---- */

static const struct site silent_site = {{{"", ""}}, {{"", ""}}};

static enum sent send_nothing(void *ctx, const struct store_out *row, UNUSED bool doubtful) {
    struct bench *b = ctx;
    b->sent++;
    b->sent_bytes += strlen(row->text) + strlen(row->choices);
    return SENT_OK;
}

static struct event message(const char *id, const char *user, const char *text) {
    return (struct event){.kind = EVENT_MESSAGE,
                          .platform = "bench",
                          .workspace = "local",
                          .user = user,
                          .id = id,
                          .place = PLACE_DIRECT,
                          .channel = "",
                          .text = text,
                          .question = "",
                          .at_ms = clock_now_ms()};
}

static bool one_turn(struct engine *e, size_t number, double *ret_ms) {
    char user[16];
    char id[24];
    size_t person = number % PEOPLE;
    snprintf(user, sizeof(user), "u%zu", person);
    snprintf(id, sizeof(id), "e%zu", number);
    struct event event = message(id, user, talk[(number / PEOPLE + person) % n_talk]);
    double begin = report_now_ms();
    bool ok = engine_event(e, &event) == 0 && engine_deliver(e) == 0;
    *ret_ms = report_now_ms() - begin;
    return ok;
}

/* Turns on `db`, each behind a bare commit where `bare` is given. */
static bool run_turns(struct bench *b, const char *db, const struct bare *bare,
                      struct samples *commits, struct samples *turns) {
    static struct faults faults;
    struct store *store;
    bool ok = store_open(db, &store) == 0;
    struct engine_setup setup = {.store = store, .site = silent_site, .lang = LANG_JA};
    struct engine *e = ok ? engine_create(&setup, &faults) : NULL;
    struct outlet outlet = {
        .platform = "bench", .workspace = "local", .send = send_nothing, .ctx = b};
    ok = e != NULL && engine_attach(e, &outlet) == 0;
    commits->n = 0;
    turns->n = 0;
    for (size_t i = 0; ok && i < TURNS; i++) {
        if (bare) {
            double begin = report_now_ms();
            ok = bare_commit(bare);
            commits->ms[commits->n++] = report_now_ms() - begin;
        }
        ok = ok && one_turn(e, i, &turns->ms[turns->n++]);
    }
    ok = ok && engine_settle(e) == 0;
    if (!ok) {
        fprintf(stderr, "turns: %s\n", store_message(store));
    }
    engine_destroy(e);
    store_close(store);
    return ok;
}

static bool turn_round(struct bench *b, size_t round, const char *body) {
    static struct samples commits;
    static struct samples turns;
    char db[2][128];
    struct bare bare = {.db = NULL};
    snprintf(db[0], sizeof(db[0]), "%s/turns%zu.db", b->dir, round);
    snprintf(db[1], sizeof(db[1]), "%s/bare%zu.db", b->dir, round);
    bool ok = bare_open(&bare, db[1], body) && run_turns(b, db[0], &bare, &commits, &turns);
    bare_close(&bare);
    if (ok) {
        double ms = 0;
        for (size_t i = 0; i < turns.n; i++) {
            ms += turns.ms[i];
        }
        b->per_s[round] = (double)turns.n / ms * 1e3;
        b->commit[round] = report_figures(&commits);
        b->turn[round] = report_figures(&turns);
    }
    return ok;
}

static bool bench_turns(struct bench *b) {
    static struct samples none;
    static struct samples in_memory;
    char body[4096];
    if (!run_turns(b, ":memory:", NULL, &none, &in_memory) || b->sent == 0) {
        return false;
    }
    size_t n = b->sent_bytes / b->sent; /* the mean reply */
    snprintf(body, sizeof(body), "%0*d", (int)n, 0);
    for (size_t i = 0; i < ROUNDS; i++) {
        if (!turn_round(b, i, body)) {
            return false;
        }
    }
    struct figures commit = report_median_figures(b->commit);
    struct figures turn = report_median_figures(b->turn);
    report_row(&b->report, "bare SQLite commit, one row", commit, ROUNDS * TURNS);
    report_row(&b->report, "turn without a platform", turn, ROUNDS * TURNS);
    report_row(&b->report, "the same in memory, without a disk", report_figures(&in_memory),
               in_memory.n);
    report_number(&b->report, "turns a second", "1/s", report_median(b->per_s, ROUNDS),
                  ROUNDS * TURNS);
    report_number(&b->report, "mean reply, and row of the bare commit", "bytes", (double)n,
                  b->sent);
    report_target(&b->report, turn.v[P50], commit.v[P50] + TURN_EXTRA_MS,
                  "turn p50 %.3f ms <= commit p50 %.3f ms + %.1f ms", turn.v[P50], commit.v[P50],
                  TURN_EXTRA_MS);
    return true;
}

/* ---- lookups ---- */

struct queries {
    const char *items[QUERIES_MAX];
    size_t n;
};

static void add_query(struct queries *q, const char *text) {
    for (size_t i = 0; i < q->n; i++) {
        if (strcmp(q->items[i], text) == 0) {
            return;
        }
    }
    if (*text && q->n < QUERIES_MAX) {
        q->items[q->n++] = text;
    }
}

/* What people look up: ids, names in both languages, parts of names, questions, nonsense. */
static void gather_queries(struct queries *q, const struct pack *pack, struct arena *arena) {
    for (size_t i = 0; i < pack->n_tks; i++) {
        const struct tks *t = &pack->tks[i];
        add_query(q, t->id);
        add_query(q, t->label.in[LANG_JA]);
        add_query(q, arena_printf(arena, "検索 %s", text_clip(arena, t->name.in[LANG_JA], 4)));
        add_query(q, arena_printf(arena, "what is %s", t->label.in[LANG_EN]));
        add_query(q, arena_printf(arena, "which exam covers %s", t->id));
    }
    for (size_t i = 0; i < pack->n_resources; i++) {
        add_query(q, arena_printf(arena, "検索 %s", pack->resources[i].label.in[LANG_JA]));
    }
    for (size_t i = 0; i < pack->n_exams; i++) {
        add_query(q, arena_printf(arena, "%sの範囲", pack->exams[i].code));
    }
    add_query(q, "検索 リスクマネジメソト"); /* nothing but similar ones */
    add_query(q, "search risk mamagement");
    add_query(q, "検索 ぬるぽぬるぽぬるぽ");
    for (size_t i = 0; i < pack->n_terms; i++) {
        add_query(q, arena_printf(arena, "%sとは", pack->terms[i].name.in[LANG_JA]));
        add_query(q, pack->terms[i].name.in[LANG_EN]);
    }
    for (size_t i = 0; i < n_talk; i++) {
        add_query(q, talk[i]);
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        add_query(q, pack->roles[i].name.in[LANG_JA]);
        add_query(q, arena_printf(arena, "%sの知識", pack->roles[i].name.in[LANG_JA]));
    }
}

/* parts: searching alone, the step alone, both. */
static void run_lookups(const struct step_input *in, struct event *event, const struct queries *q,
                        struct samples parts[3]) {
    struct arena arena = {0};
    for (size_t i = 0; i < QUERY_ROUNDS * q->n; i++) {
        arena_reset(&arena);
        event->text = q->items[i % q->n];
        const size_t *items;
        double begin = report_now_ms();
        const char *folded = text_fold(&arena, event->text);
        (void)search_name(in->pack->search, folded);
        (void)search_tks(in->pack->search, &arena, folded, &items);
        double between = report_now_ms();
        struct step *step = arena_alloc(&arena, sizeof(*step));
        dialogue_step(in, &arena, step);
        double end = report_now_ms();
        parts[0].ms[parts[0].n++] = between - begin;
        parts[1].ms[parts[1].n++] = end - between;
        parts[2].ms[parts[2].n++] = end - begin;
    }
    arena_free(&arena);
}

/* Every query without an open question and amid the questionnaire. */
static void lookups(struct report *r, const struct pack *pack, const struct phrases *phrases,
                    const struct queries *q) {
    static struct samples parts[3];
    struct event event = message("e", "u", "");
    struct session session = {
        .greeted = true, .locale = "", .form = pack->form, .menu_arg = "", .result = ""};
    struct step_input in = {.pack = pack,
                            .phrases = phrases,
                            .site = &silent_site,
                            .session = &session,
                            .event = &event,
                            .places = 1};
    run_lookups(&in, &event, q, parts);
    run_begin(pack->form, &session.run);
    run_lookups(&in, &event, q, parts);
    struct figures together = report_figures(&parts[2]);
    report_row(r, "lookup: search_name and search_tks", report_figures(&parts[0]), parts[0].n);
    report_row(r, "lookup: the whole dialogue_step", report_figures(&parts[1]), parts[1].n);
    report_row(r, "lookup over the pack", together, parts[2].n);
    report_target(r, together.v[P99], LOOKUP_MS,
                  "lookup over the pack: p99 %.3f ms <= %.1f ms (%zu queries)", together.v[P99],
                  LOOKUP_MS, q->n);
}

static bool bench_lookups(struct bench *b) {
    static const char path[] = "intents/phrases.tsv";
    static struct faults faults;
    static struct queries queries;
    const struct embedded_file *f = embed_find(path);
    struct phrases *phrases =
        f ? phrases_load(f->data, (size_t)(f->end - f->data), path, &faults) : NULL;
    struct pack *pack = pack_load(NULL, &faults);
    struct arena arena = {0};
    if (phrases && pack) {
        gather_queries(&queries, pack, &arena);
    }
    bool ok = queries.n >= QUERIES_MIN;
    if (ok) {
        lookups(&b->report, pack, phrases, &queries);
    }
    arena_free(&arena);
    pack_free(pack);
    phrases_free(phrases);
    return ok;
}

/* ---- what is meant ---- */

/* The second fields of the lines of an evaluation file, without the head. */
static void gather_utterances(struct queries *q, struct arena *arena, const char *path) {
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    for (size_t n = 0; f && getline(&line, &cap, f) >= 0; n++) {
        char *text = strchr(line, '\t');
        if (n > 0 && text) {
            text++;
            text[strcspn(text, "\t\n")] = '\0';
            add_query(q, arena_strdup(arena, text));
        }
    }
    free(line);
    if (f) {
        fclose(f);
    }
}

static void time_meanings(const struct pack *pack, const struct phrases *phrases,
                          const struct guesser *guesser, const struct queries *q,
                          struct samples *times) {
    struct arena arena = {0};
    const struct form_question *open = &pack->form->questions[0];
    for (size_t i = 0; i < 2 * q->n * MEANING_ROUNDS && times->n < REPORT_SAMPLES; i++) {
        struct understood u;
        arena_reset(&arena);
        double begin = report_now_ms();
        meaning_of(pack, phrases, guesser, &arena, i < q->n * MEANING_ROUNDS ? NULL : open,
                   q->items[i % q->n], &u);
        times->ms[times->n++] = report_now_ms() - begin;
    }
    arena_free(&arena);
}

static bool bench_meanings(struct bench *b) {
    static const char path[] = "intents/phrases.tsv";
    static struct faults faults;
    static struct queries queries;
    static struct samples times;
    struct arena arena = {0};
    const struct embedded_file *f = embed_find(path);
    struct pack *pack = pack_load(NULL, &faults);
    double begin = report_now_ms();
    struct phrases *phrases =
        f ? phrases_load(f->data, (size_t)(f->end - f->data), path, &faults) : NULL;
    struct guesser *guesser = guesser_load();
    double load_ms = report_now_ms() - begin;
    double size =
        (double)(guesser_labels().n + guesser_kinds().n + guesser_senses().n) / 1024 / 1024;
    gather_utterances(&queries, &arena, "tests/data/utterances.tsv");
    gather_utterances(&queries, &arena, "tests/data/utterances_more.tsv");
    bool ok = pack && phrases && guesser && queries.n > 0;
    if (ok) {
        time_meanings(pack, phrases, guesser, &queries, &times);
        struct figures figures = report_figures(&times);
        report_row(&b->report, "meaning of one message", figures, times.n);
        report_target(&b->report, figures.v[P99], MEANING_MS, "meaning p99 %.3f ms <= %.1f ms",
                      figures.v[P99], MEANING_MS);
        report_target(&b->report, size, MODELS_MB, "models %.1f MB <= %.0f MB", size, MODELS_MB);
        report_target(&b->report, load_ms, LOAD_MS,
                      "phrases and models ready in %.1f ms <= %.0f ms", load_ms, LOAD_MS);
    }
    arena_free(&arena);
    guesser_free(guesser);
    phrases_free(phrases);
    pack_free(pack);
    return ok;
}

/* ---- a site's own sentences ---- */

/* Like the shipped ones, each with a word that these do not know. */
static bool write_site(const char *dir) {
    static struct faults faults;
    struct examples shipped = {.n = 0};
    shipped_examples(&shipped, &faults);
    bool ok = mkdir(dir, 0700) == 0 && shipped.n >= SITE_SENTENCES;
    for (size_t i = 0; ok && i < SITE_SENTENCES; i++) {
        const struct example *x = &shipped.items[i * shipped.n / SITE_SENTENCES];
        char path[256];
        snprintf(path, sizeof(path), "%s/%s.tsv", dir, label_names[x->label]);
        FILE *f = fopen(path, "ae");
        ok = f && fprintf(f, "%s\t%s%s\t\n", lang_codes[x->lang],
                          x->lang == LANG_JA ? "まもるの件で" : "about mamoru ", x->text) > 0;
        ok = f && fclose(f) == 0 && ok;
    }
    examples_free(&shipped);
    return ok;
}

/* What a start does, from files to the count of conflicts. */
static bool load_site(struct reading *r, const char *dir, double *ret_ms) {
    static struct faults faults;
    double begin = report_now_ms();
    if (!reading_load(r, NULL, dir, &faults)) {
        return false;
    }
    struct conflicts_setup setup = {.pack = r->pack, .phrases = r->phrases, .guesser = r->guesser};
    (void)conflicts_find(&setup);
    *ret_ms = report_now_ms() - begin;
    return true;
}

static bool bench_site(struct bench *b) {
    static struct queries queries;
    static struct samples loads[2];
    static struct samples times;
    struct arena arena = {0};
    struct reading r;
    char dir[128];
    snprintf(dir, sizeof(dir), "%s/ours", b->dir);
    bool ok = write_site(dir);
    for (size_t i = 0; ok && i < (size_t)2 * STARTS; i++) {
        struct samples *s = &loads[i % 2];
        ok = load_site(&r, i % 2 ? dir : NULL, &s->ms[s->n++]);
        if (ok && i + 1 < (size_t)2 * STARTS) {
            reading_free(&r);
        }
    }
    gather_utterances(&queries, &arena, "tests/data/utterances.tsv");
    gather_utterances(&queries, &arena, "tests/data/utterances_more.tsv");
    if (ok) {
        time_meanings(r.pack, r.phrases, r.guesser, &queries, &times);
        struct figures without = report_figures(&loads[0]);
        struct figures with = report_figures(&loads[1]);
        struct figures meaning = report_figures(&times);
        report_row(&b->report, "content, rules and guesses ready", without, loads[0].n);
        report_row(&b->report, "the same with 200 sentences of a site", with, loads[1].n);
        report_row(&b->report, "meaning of one message, with these", meaning, times.n);
        report_target(&b->report, with.v[P50] - without.v[P50], LOAD_MS,
                      "a site's 200 sentences %.1f ms more <= %.0f ms",
                      with.v[P50] - without.v[P50], LOAD_MS);
        report_target(&b->report, meaning.v[P99], MEANING_MS,
                      "meaning p99 with these %.3f ms <= %.1f ms", meaning.v[P99], MEANING_MS);
        reading_free(&r);
    }
    arena_free(&arena);
    return ok;
}

/* ---- report ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

int main(int argc, char **argv) {
    static struct bench b = {.dir = "build/bench.XXXXXX"};
    if (argc != 2) {
        fputs("Usage: bench KIZUKI_BINARY (in the project's root)\n", stderr);
        return 2;
    }
    b.binary = argv[1];
    if (!mkdtemp(b.dir)) {
        perror("build/bench.XXXXXX");
        return 1;
    }
    for (char *save, *line = strtok_r(talk_lines, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        talk[n_talk++] = line;
    }
    report_machine(&b.report);
    bool ok = bench_starts(&b) && bench_memory(&b) && bench_turns(&b) && bench_lookups(&b) &&
              bench_meanings(&b) && bench_site(&b);
    if (!ok) {
        fputs("bench: not everything could be run; the table ends where it failed\n", stderr);
    }
    ok = report_print(&b.report, "build/bench.json") && ok;
    nftw(b.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return ok ? 0 : 1;
}
