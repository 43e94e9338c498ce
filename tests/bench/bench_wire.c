/*
 * Measurements over the wire: bench_wire KIZUKI_BINARY, from the project's root. The bot answers
 * people who write over a websocket, on loopback with TLS; beside it, in the same run, a loop that
 * only reads frames and posts a fixed text over the same two libraries, and a bare commit.
 */
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "bot/mattermost/wire.h"
#include "bot/net/http.h"
#include "bot/net/ws.h"
#include "tests/support/bare_commit.h"
#include "tests/support/load.h"
#include "tests/support/report.h"

#define TURNS     2000
#define SATURATED 8000
#define PEOPLE    64
#define ROUNDS    REPORT_ROUNDS
#define IDLE_S    5
#define EXTRA_MS  0.5
#define SHARE     0.40
#define MEMORY_MB 20.0
#define HELLO_MS  100.0
#define BARE_TEXT 600 /* bytes of the fixed post, as many as a usual answer */

struct bench {
    const char *binary;
    char dir[64];
    char cert[96];
    char key[96];
    struct report report;
};

/* One measurement: the serving process, and the one that is measured. */
struct pair {
    pid_t server;
    pid_t client;
    int from_server;
    int to_server;
    int port;
    double started_ms;
    struct load_result result;
};

/* ---- the loop without any state ---- */

static struct bare_client {
    struct http *http;
    struct loop *loop;
    char posts[64];
    char text[BARE_TEXT + 1];
    struct ws *ws;
} bare_client;

static void on_posted(UNUSED void *ctx, UNUSED const struct http_reply *reply) {
}

/* Reads the frame, posts a fixed text to its channel, keeps nothing. */
static void on_frame(UNUSED void *ctx, const char *text, size_t n) {
    struct bare_client *c = &bare_client;
    struct arena a = {0};
    struct mm_frame frame;
    const char *why;
    if (!mm_frame_read(&a, text, n, &frame, &why) || frame.kind != MM_FRAME_POSTED) {
        arena_free(&a);
        return;
    }
    cJSON *post = cJSON_CreateObject();
    cJSON_AddStringToObject(post, "channel_id", frame.post.channel);
    cJSON_AddStringToObject(post, "message", c->text);
    char *body = cJSON_PrintUnformatted(post);
    struct http_request request = {.method = "POST",
                                   .url = c->posts,
                                   .bearer = "token",
                                   .body = body,
                                   .max_bytes = 65536,
                                   .timeout_ms = 15000};
    http_start(c->http, &request, on_posted, c);
    cJSON_free(body);
    cJSON_Delete(post);
    arena_free(&a);
}

static void on_open(UNUSED void *ctx) {
}

static void on_end(UNUSED void *ctx, UNUSED const struct ws_end *end) {
    loop_stop(bare_client.loop);
}

static int run_bare_client(const struct bench *b, int port) {
    struct bare_client *c = &bare_client;
    char error[256];
    char url[64];
    struct loop_setup setup = {.ca_file = b->cert, .proxy = ""};
    c->loop = loop_create(&setup, error);
    if (!c->loop) {
        return 1;
    }
    c->http = http_create(c->loop);
    snprintf(c->posts, sizeof(c->posts), "https://localhost:%d/api/v4/posts", port);
    snprintf(url, sizeof(url), "https://localhost:%d/api/v4/websocket", port);
    memset(c->text, 'x', BARE_TEXT);
    struct ws_setup ws = {.url = url,
                          .bearer = "token",
                          .max_bytes = (size_t)1024 * 1024,
                          .on_open = on_open,
                          .on_text = on_frame,
                          .on_end = on_end};
    c->ws = ws_open(c->loop, c->http, &ws);
    loop_run(c->loop);
    return 0;
}

/* ---- processes ---- */

static bool read_all(int fd, void *to, size_t n) {
    char *p = to;
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got <= 0) {
            return false;
        }
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool start_server(const struct bench *b, const struct load_setup *wanted, struct pair *p) {
    struct load_setup setup = *wanted;
    setup.cert = b->cert;
    setup.key = b->key;
    int out[2];
    int in[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0) {
        return false;
    }
    p->server = fork();
    if (p->server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(in[1]);
        load_serve(&setup, out[1], in[0]);
        _exit(0);
    }
    close(out[1]);
    close(in[0]);
    p->from_server = out[0];
    p->to_server = in[1];
    return p->server > 0 && read_all(p->from_server, &p->port, sizeof(p->port)) && p->port > 0;
}

static bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

static bool start_bot(const struct bench *b, int round, struct pair *p) {
    char path[128];
    char token[128];
    char config[1024];
    char at[PATH_MAX];
    if (!getcwd(at, sizeof(at))) {
        return false;
    }
    snprintf(path, sizeof(path), "%s/config", b->dir);
    snprintf(token, sizeof(token), "%s/token", b->dir);
    int n = snprintf(config, sizeof(config),
                     "database = \"%s/%s/wire%d.db\"\nlog_level = \"error\"\nca_file = \"%s/%s\"\n"
                     "mattermost load { url = \"https://localhost:%d\" token_file = \"%s/%s\""
                     " max_answers_a_minute = 1000000 }\n",
                     at, b->dir, round, at, b->cert, p->port, at, token);
    if (n >= (int)sizeof(config) || !write_file(path, config) || !write_file(token, "token\n")) {
        return false;
    }
    p->started_ms = report_now_ms();
    p->client = fork();
    if (p->client == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl(b->binary, b->binary, "run", "--config", path, (char *)NULL);
        perror(b->binary);
        _exit(127);
    }
    return p->client > 0;
}

static bool start_bare(const struct bench *b, struct pair *p) {
    p->started_ms = report_now_ms();
    p->client = fork();
    if (p->client == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(run_bare_client(b, p->port));
    }
    return p->client > 0;
}

static void end_pair(struct pair *p) {
    if (p->client > 0) {
        kill(p->client, SIGKILL);
        waitpid(p->client, NULL, 0);
    }
    close(p->to_server);
    if (p->server > 0) {
        waitpid(p->server, NULL, 0);
    }
    close(p->from_server);
}

/* A number in /proc/PID/status, -1 where there is none. */
static long status_number(pid_t pid, const char *key) {
    char path[64];
    char line[256];
    long value = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, key, strlen(key)) == 0) {
            value = strtol(line + strlen(key) + 1, NULL, 10);
        }
    }
    if (f) {
        fclose(f);
    }
    return value;
}

/* ---- what is measured ---- */

static bool measure(const struct bench *b, const struct load_setup *setup, int round, bool bare,
                    struct pair *p) {
    *p = (struct pair){.client = -1, .to_server = -1, .from_server = -1};
    bool ok = start_server(b, setup, p) && (bare ? start_bare(b, p) : start_bot(b, round, p)) &&
              read_all(p->from_server, &p->result, sizeof(p->result)) && p->result.done;
    if (!ok) {
        fprintf(stderr, "bench_wire: %s could not be measured\n",
                bare ? "the bare loop" : "the bot");
    }
    return ok;
}

static bool time_commits(const struct bench *b, int round, struct samples *s) {
    char path[128];
    char body[600];
    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    snprintf(path, sizeof(path), "%s/bare%d.db", b->dir, round);
    struct bare bare = {.db = NULL};
    bool ok = bare_open(&bare, path, body);
    for (s->n = 0; ok && s->n < TURNS; s->n++) {
        double begin = report_now_ms();
        ok = bare_commit(&bare);
        s->ms[s->n] = report_now_ms() - begin;
    }
    bare_close(&bare);
    return ok;
}

static bool bench_latency(struct bench *b) {
    static struct pair p;
    static struct samples commits;
    struct figures commit[ROUNDS];
    struct figures reply[ROUNDS];
    double hello[ROUNDS];
    const struct load_setup alone = {.people = 1, .warm_up = 50, .messages = TURNS};
    for (int i = 0; i < ROUNDS; i++) {
        bool ok = time_commits(b, i, &commits) && measure(b, &alone, i, false, &p);
        hello[i] = p.result.hello_ms - p.started_ms;
        end_pair(&p);
        if (!ok) {
            return false;
        }
        commit[i] = report_figures(&commits);
        reply[i] = report_figures(&p.result.latency);
    }
    struct figures c = report_median_figures(commit);
    struct figures f = report_median_figures(reply);
    double first = report_median(hello, ROUNDS);
    report_row(&b->report, "bare SQLite commit, one row", c, ROUNDS * TURNS);
    report_row(&b->report, "frame sent to POST there, one person", f, ROUNDS * TURNS);
    report_number(&b->report, "start to hello", "ms", first, ROUNDS);
    report_target(&b->report, f.v[P50], c.v[P50] + EXTRA_MS,
                  "reply p50 %.3f ms <= commit p50 %.3f ms + %.1f ms", f.v[P50], c.v[P50],
                  EXTRA_MS);
    report_target(&b->report, first, HELLO_MS, "start to hello %.1f ms <= %.0f ms", first,
                  HELLO_MS);
    return true;
}

static bool bench_saturation(struct bench *b) {
    static struct pair p;
    double bare[ROUNDS];
    double bot[ROUNDS];
    double share[ROUNDS];
    double memory[ROUNDS];
    struct figures waiting[ROUNDS];
    const struct load_setup many = {.people = PEOPLE, .warm_up = 1000, .messages = SATURATED};
    for (int i = 0; i < ROUNDS; i++) {
        bool ok = measure(b, &many, 0, true, &p);
        bare[i] = SATURATED / p.result.seconds;
        end_pair(&p);
        ok = ok && measure(b, &many, ROUNDS + i, false, &p);
        memory[i] = ok ? (double)status_number(p.client, "VmHWM:") / 1024 : 0;
        end_pair(&p);
        if (!ok) {
            return false;
        }
        bot[i] = SATURATED / p.result.seconds;
        waiting[i] = report_figures(&p.result.latency);
        share[i] = bot[i] / bare[i];
    }
    double middle = report_median(share, ROUNDS);
    double most = report_median(memory, ROUNDS);
    report_number(&b->report, "64 people, loop without state", "1/s", report_median(bare, ROUNDS),
                  ROUNDS * SATURATED);
    report_number(&b->report, "64 people, the bot", "1/s", report_median(bot, ROUNDS),
                  ROUNDS * SATURATED);
    report_row(&b->report, "64 people, frame sent to POST there", report_median_figures(waiting),
               ROUNDS * SATURATED);
    report_number(&b->report, "peak memory of the bot", "MB", most, ROUNDS);
    report_floor(&b->report, middle, SHARE, "share of the loop without state %.2f >= %.2f", middle,
                 SHARE);
    report_target(&b->report, most, MEMORY_MB, "peak memory %.1f MB <= %.0f MB", most, MEMORY_MB);
    return true;
}

/* Nothing to do: how often it wakes up. Pings and checks come every 25 s or less often. */
static bool bench_idle(struct bench *b) {
    static struct pair p;
    const struct load_setup alone = {.people = 1, .warm_up = 1, .messages = 10};
    bool ok = measure(b, &alone, 2 * ROUNDS, false, &p);
    sleep(1); /* what was sent is written down */
    long before = status_number(p.client, "voluntary_ctxt_switches:");
    sleep(IDLE_S);
    long after = status_number(p.client, "voluntary_ctxt_switches:");
    end_pair(&p);
    if (ok) {
        report_number(&b->report, "wake-ups in 5 s of silence", "", (double)(after - before), 1);
        report_target(&b->report, (double)(after - before), 1, "wake-ups in 5 s of silence: %ld",
                      after - before);
    }
    return ok;
}

static bool make_certificate(struct bench *b) {
    char command[512];
    snprintf(b->cert, sizeof(b->cert), "%s/cert.pem", b->dir);
    snprintf(b->key, sizeof(b->key), "%s/key.pem", b->dir);
    snprintf(command, sizeof(command),
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1"
             " -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout %s -out %s"
             " 2>/dev/null",
             b->key, b->cert);
    return system(command) == 0;
}

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *ftw) {
    return remove(path);
}

int main(int argc, char **argv) {
    static struct bench b = {.dir = "build/bench.XXXXXX"};
    if (argc != 2) {
        fputs("Usage: bench_wire KIZUKI_BINARY (in the project's root)\n", stderr);
        return 2;
    }
    b.binary = argv[1];
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(b.dir) || !make_certificate(&b)) {
        perror("build/bench.XXXXXX");
        return 1;
    }
    report_machine(&b.report);
    puts("\nover loopback, TLS, one websocket and at most 4 connections for HTTP:");
    bool ok = bench_latency(&b) && bench_saturation(&b) && bench_idle(&b);
    if (!ok) {
        fputs("bench_wire: not everything could be run; the table ends where it failed\n", stderr);
    }
    ok = report_print(&b.report, "build/bench_wire.json") && ok;
    nftw(b.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return ok ? 0 : 1;
}
