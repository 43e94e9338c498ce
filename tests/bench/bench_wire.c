/*
 * Measurements over the wire: bench_wire KIZUKI_BINARY PLATFORM, from the project's root. The bot
 * answers people who write over a websocket, on loopback with TLS; beside it, in the same run, a
 * loop that only reads frames and posts a fixed text over the same two libraries, and a bare
 * commit. Prints a table and writes build/bench_PLATFORM.json.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/bare_commit.h"
#include "tests/support/load_platform.h"
#include "tests/support/pair.h"
#include "tests/support/report.h"

#define TURNS      2000
#define SATURATED  8000
#define PEOPLE     64
#define PER_SECOND 200
#define STEADY     2000
#define ROUNDS     REPORT_ROUNDS
#define IDLE_S     5
#define EXTRA_MS   0.5
#define ACK_MS     5.0
#define SHARE      0.40
#define MEMORY_MB  20.0
#define HELLO_MS   100.0

/* What the rounds are told apart by; the bot begins each with a database of its own. */
enum { ALONE = 0, STEADILY = ROUNDS, AT_ONCE = 2 * ROUNDS, IDLE = 3 * ROUNDS };

struct bench {
    struct pair_setup setup;
    struct report report;
};

static bool time_commits(const struct bench *b, int round, struct samples *s) {
    char path[128];
    char body[600];
    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    snprintf(path, sizeof(path), "%s/bare%d.db", b->setup.dir, round);
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
        bool ok = time_commits(b, i, &commits) &&
                  pair_measure(&b->setup, &alone, PAIR_BOT, ALONE + i, &p);
        hello[i] = p.result.hello_ms - p.started_ms;
        pair_end(&p);
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

/* People write by the clock, not one after the other's answer. */
static bool bench_acks(struct bench *b) {
    static struct pair p;
    struct figures ack[ROUNDS];
    struct figures reply[ROUNDS];
    double late[ROUNDS];
    const struct load_setup steady = {
        .people = PEOPLE, .per_second = PER_SECOND, .warm_up = PER_SECOND, .messages = STEADY};
    for (int i = 0; i < ROUNDS; i++) {
        bool ok = pair_measure(&b->setup, &steady, PAIR_BOT, STEADILY + i, &p);
        pair_end(&p);
        if (!ok) {
            return false;
        }
        ack[i] = report_figures(&p.result.acks);
        reply[i] = report_figures(&p.result.latency);
        late[i] = p.result.late_ms;
    }
    struct figures f = report_median_figures(ack);
    report_row(&b->report, "200 a second, envelope to its ack", f, ROUNDS * STEADY);
    report_row(&b->report, "200 a second, envelope to POST there", report_median_figures(reply),
               ROUNDS * STEADY);
    report_number(&b->report, "200 a second, latest sending", "ms", report_median(late, ROUNDS),
                  ROUNDS);
    report_target(&b->report, f.v[P99], ACK_MS,
                  "ack p99 %.2f ms <= %.0f ms at %d envelopes a second", f.v[P99], ACK_MS,
                  PER_SECOND);
    return true;
}

/* What a message takes of the processors, in microseconds. */
struct costs {
    double server[ROUNDS];
    double bare[ROUNDS];
    double bot[ROUNDS];
};

static void report_costs(struct bench *b, struct costs *c) {
    double server = report_median(c->server, ROUNDS);
    double bare = report_median(c->bare, ROUNDS);
    report_number(&b->report, "processor a message, the measuring server", "us", server, ROUNDS);
    report_number(&b->report, "processor a message, loop without state", "us", bare, ROUNDS);
    report_number(&b->report, "processor a message, the bot", "us", report_median(c->bot, ROUNDS),
                  ROUNDS);
    report_target(&b->report, server, bare,
                  "the measuring server holds nobody up: %.0f us a message <= %.0f us of the loop",
                  server, bare);
}

static bool bench_saturation(struct bench *b) {
    static struct pair p;
    struct costs costs;
    double bare[ROUNDS];
    double bot[ROUNDS];
    double share[ROUNDS];
    double memory[ROUNDS];
    struct figures waiting[ROUNDS];
    const struct load_setup many = {.people = PEOPLE, .warm_up = 1000, .messages = SATURATED};
    const double us = 1e6 / (double)(many.warm_up + many.messages);
    for (int i = 0; i < ROUNDS; i++) {
        bool ok = pair_measure(&b->setup, &many, PAIR_BARE, 0, &p);
        bare[i] = SATURATED / p.result.seconds;
        costs.bare[i] = pair_cpu_s(&p) * us;
        costs.server[i] = p.result.cpu_s * 1e6 / SATURATED;
        pair_end(&p);
        if (!ok) {
            return false;
        }
        ok = pair_measure(&b->setup, &many, PAIR_BOT, AT_ONCE + i, &p);
        memory[i] = (double)pair_status(&p, "VmHWM:") / 1024;
        costs.bot[i] = pair_cpu_s(&p) * us;
        pair_end(&p);
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
    report_costs(b, &costs);
    report_floor(&b->report, middle, SHARE, "share of the loop without state %.2f >= %.2f", middle,
                 SHARE);
    report_target(&b->report, most, MEMORY_MB, "peak memory %.1f MB <= %.0f MB", most, MEMORY_MB);
    return true;
}

/* Nothing to do: how often it wakes up. Pings and checks come less often than that. */
static bool bench_idle(struct bench *b) {
    static struct pair p;
    const struct load_setup alone = {.people = 1, .warm_up = 1, .messages = 10};
    bool ok = pair_measure(&b->setup, &alone, PAIR_BOT, IDLE, &p);
    sleep(1); /* what was sent is written down */
    long before = pair_status(&p, "voluntary_ctxt_switches:");
    sleep(IDLE_S);
    long after = pair_status(&p, "voluntary_ctxt_switches:");
    pair_end(&p);
    if (ok) {
        report_number(&b->report, "wake-ups in 5 s of silence", "", (double)(after - before), 1);
        report_target(&b->report, (double)(after - before), 1, "wake-ups in 5 s of silence: %ld",
                      after - before);
    }
    return ok;
}

int main(int argc, char **argv) {
    static struct bench b = {.setup.dir = "build/bench.XXXXXX"};
    bool slack = argc == 3 && strcmp(argv[2], "slack") == 0;
    if (argc != 3 || (!slack && strcmp(argv[2], "mattermost") != 0)) {
        fputs("Usage: bench_wire KIZUKI_BINARY mattermost|slack (in the project's root)\n", stderr);
        return 2;
    }
    b.setup.binary = argv[1];
    b.setup.platform = slack ? &load_slack : &load_mattermost;
    signal(SIGPIPE, SIG_IGN);
    if (!pair_prepare(&b.setup)) {
        return 1;
    }
    report_machine(&b.report);
    printf("\n%s over loopback, TLS, one websocket and at most 4 connections for HTTP:\n", argv[2]);
    bool ok =
        bench_latency(&b) && (!slack || bench_acks(&b)) && bench_saturation(&b) && bench_idle(&b);
    if (!ok) {
        fputs("bench_wire: not everything could be run; the table ends where it failed\n", stderr);
    }
    ok =
        report_print(&b.report, slack ? "build/bench_slack.json" : "build/bench_mattermost.json") &&
        ok;
    pair_clean_up(&b.setup);
    return ok ? 0 : 1;
}
