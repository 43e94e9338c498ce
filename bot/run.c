/* "run": the bot in the workspaces of its configuration, or, without one, in this terminal. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bot/command.h"
#include "bot/mattermost/mattermost.h"
#include "bot/painter.h"
#include "bot/slack/slack.h"
#include "bot/startup.h"
#include "bot/workspace.h"

#define SETTLE_MS      20 /* what was sent is written down that soon, even if nobody writes */
#define GATHER_MS      10 /* longest wait for others to be committed with */
#define WORK_MAX_MS    ((int64_t)60 * 1000) /* clock jumps and sleep are noticed by then */
#define RETRY_FIRST_MS ((int64_t)1000)
#define RETRY_MAX_MS   ((int64_t)60 * 1000)

static const char help[] =
    "Usage: kizuki run [--config FILE]\n"
    "Start the bot.\n"
    "\n"
    "Without a workspace in the configuration this opens the embedded workspace: a chat with the\n"
    "bot in this terminal, kept in a SQLite file.\n"
    "\n"
    "Options:\n"
    "  -c, --config FILE   configuration (default: the file \"config\" in this directory, if any)\n"
    "  -h, --help          this text\n"
    "\n"
    "Signals: SIGTERM and SIGINT finish the turn at hand and end with status 0; SIGHUP reads the\n"
    "content, the configuration and the tokens again and keeps the old ones if the new ones are\n"
    "faulty. Workspaces come and go with a restart.\n";

struct run {
    const char *config_path;
    struct config *config;
    struct store *store;
    struct engine *engine;
    struct loop *loop;
    struct http *http;
    struct painter *painter;
    struct workspace workspaces[CONFIG_WORKSPACES_MAX];
    size_t n_workspaces;
    size_t turn_of;    /* whose turn it is while one thing at a time is stored */
    size_t idle_turns; /* since something was stored in that way */
    int64_t pause_ms;  /* after a turn that could not be stored; 0: all is well */
    bool paused;
    bool gathering; /* the gather timer is set … */
    bool gathered;  /* … and has fired */
    bool settling;  /* that timer is set */
    bool damaged;   /* the database cannot be used any more */
    int signals;
    struct loop_timer *settle;
    struct loop_timer *gather;
    struct loop_timer *work;
    struct loop_timer *again;
};

/* ---- turns ---- */

/* What failed once would fail again at once: a pause, then one thing at a time until one works. */
static void put_off(struct run *r, int rc) {
    if (rc == -EBADMSG) {
        log_error("the database cannot be used any more", "why", store_message(r->store));
        r->damaged = true;
        loop_stop(r->loop);
        return;
    }
    r->pause_ms = r->pause_ms ? r->pause_ms * 2 : RETRY_FIRST_MS;
    r->pause_ms = r->pause_ms < RETRY_MAX_MS ? r->pause_ms : RETRY_MAX_MS;
    r->paused = true;
    loop_timer_set(r->again, r->pause_ms);
}

static int hand_in(struct run *r) {
    if (r->pause_ms > 0 && r->n_workspaces > 0) {
        r->turn_of = (r->turn_of + 1) % r->n_workspaces;
        struct workspace *w = &r->workspaces[r->turn_of];
        return w->ops->hand_in(w->self, true);
    }
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < r->n_workspaces; i++) {
        rc = r->workspaces[i].ops->hand_in(r->workspaces[i].self, false);
    }
    return rc;
}

/*
 * While answers queue up, what comes in may wait for them a little: it is then committed together,
 * and nobody's answer comes later for it.
 */
static bool gathers(struct run *r) {
    bool busy = r->n_workspaces > 0;
    for (size_t i = 0; busy && i < r->n_workspaces; i++) {
        busy = r->workspaces[i].ops->busy(r->workspaces[i].self);
    }
    if (!busy || r->gathered) {
        loop_timer_clear(r->gather);
        r->gathering = false;
        r->gathered = false;
        return false;
    }
    if (!r->gathering) {
        r->gathering = true;
        loop_timer_set(r->gather, GATHER_MS);
    }
    return true;
}

/* One thing was stored: the next one; when nothing is left that waited, all is well again. */
static void go_on_one_by_one(struct run *r, bool stored) {
    r->idle_turns = stored ? 0 : r->idle_turns + 1;
    if (r->idle_turns <= r->n_workspaces) { /* each of them has its turn */
        loop_timer_set(r->again, 0);
        return;
    }
    log_warn("what happens can be written down again");
    r->pause_ms = 0;
    r->idle_turns = 0;
}

/* Nothing can be stored for now; cries for help do not wait for it. */
static void look_for_cries(struct run *r) {
    for (size_t i = 0; i < r->n_workspaces; i++) {
        r->workspaces[i].ops->alarm(r->workspaces[i].self);
    }
}

static void end_turn(void *ctx) {
    struct run *r = ctx;
    if (r->paused) {
        look_for_cries(r);
        return;
    }
    if (gathers(r)) {
        return;
    }
    int rc = hand_in(r);
    if (rc == 0) {
        rc = engine_commit(r->engine);
    }
    size_t n = 0;
    for (size_t i = 0; i < r->n_workspaces; i++) {
        n += r->workspaces[i].ops->committed(r->workspaces[i].self, rc);
    }
    if (rc != 0) {
        put_off(r, rc);
        look_for_cries(r);
        return;
    }
    if (r->pause_ms > 0) {
        go_on_one_by_one(r, n > 0);
    }
    if (!r->settling && engine_unsettled(r->engine)) {
        r->settling = true; /* setting it at every turn would put it off for ever */
        loop_timer_set(r->settle, SETTLE_MS);
    }
}

static void on_again(void *ctx) {
    struct run *r = ctx;
    r->paused = false;
    int rc = engine_settle(r->engine);
    if (rc != 0) {
        put_off(r, rc);
    } /* else the end of this turn goes on */
}

static void on_gathered(void *ctx) {
    struct run *r = ctx;
    r->gathered = true;
}

static void on_settle(void *ctx) {
    struct run *r = ctx;
    r->settling = false;
    int rc = engine_settle(r->engine);
    if (rc == 0) {
        rc = engine_deliver(r->engine);
    }
    if (rc != 0 && !r->paused) {
        log_error("what was done cannot be written down", "why", store_message(r->store));
        put_off(r, rc);
    }
}

static void on_work(void *ctx) {
    struct run *r = ctx;
    int64_t next_ms = clock_now_ms() + WORK_MAX_MS;
    int rc = r->paused ? 0 : engine_work(r->engine, &next_ms);
    if (rc == 0 && !r->paused) {
        rc = engine_deliver(r->engine);
    }
    if (rc != 0) {
        log_error("due work failed", "why", store_message(r->store));
        put_off(r, rc);
    }
    int64_t wait_ms = next_ms - clock_now_ms();
    loop_timer_set(r->work, wait_ms < WORK_MAX_MS && rc == 0 ? wait_ms : WORK_MAX_MS);
}

/* ---- signals ---- */

/* Workspaces that are running get the token they have now; false where others are wanted. */
static bool take_tokens(struct run *r, const struct config *fresh) {
    size_t known = 0;
    for (size_t i = 0; i < r->n_workspaces; i++) {
        struct workspace *w = &r->workspaces[i];
        for (size_t k = 0; k < fresh->n_workspaces; k++) {
            if (w->ops->is(w->self, &fresh->workspaces[k])) {
                w->ops->renew(w->self, &fresh->workspaces[k]);
                known++;
            }
        }
    }
    return known == r->n_workspaces && known == fresh->n_workspaces;
}

static void reload(struct run *r) {
    struct config fresh = {0};
    if (!startup_load_config(r->config_path, &fresh)) {
        log_error("configuration not reloaded, the old one stays");
        return;
    }
    if (!startup_reload(r->engine, fresh.content_dir, fresh.language, &fresh)) {
        config_free(&fresh);
        return;
    }
    if (!take_tokens(r, &fresh)) {
        log_warn("workspaces were changed: that needs a restart; until then the old ones go on");
    }
    config_free(r->config);
    *r->config = fresh;
    log_set_level(fresh.log_level);
    log_info("content and configuration reloaded");
}

static void on_signal(void *ctx) {
    struct run *r = ctx;
    struct signalfd_siginfo si;
    while (read(r->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
        if (si.ssi_signo == SIGHUP) {
            reload(r);
        } else {
            loop_stop(r->loop);
        }
    }
}

static int block_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)
                                                   : -1;
}

/* ---- up and down ---- */

static bool create_workspaces(struct run *r) {
    const struct config *c = r->config;
    for (size_t i = 0; i < c->n_workspaces; i++) {
        const struct config_workspace *w = &c->workspaces[i];
        struct workspace_setup setup = {.config = w,
                                        .proxied = startup_proxied(r->loop, c, w),
                                        .engine = r->engine,
                                        .loop = r->loop,
                                        .http = r->http};
        r->workspaces[r->n_workspaces++] =
            w->platform == CONFIG_SLACK ? slack_create(&setup) : mattermost_create(&setup);
    }
    for (size_t i = 0; i < r->n_workspaces; i++) {
        if (r->workspaces[i].ops->start(r->workspaces[i].self) != 0) {
            fprintf(stderr, "kizuki: %s\n", store_message(r->store));
            return false;
        }
    }
    return true;
}

static int serve(struct run *r) {
    r->settle = loop_timer_create(r->loop, on_settle, r);
    r->gather = loop_timer_create(r->loop, on_gathered, r);
    r->work = loop_timer_create(r->loop, on_work, r);
    r->again = loop_timer_create(r->loop, on_again, r);
    r->http = http_create(r->loop);
    r->painter = painter_create(&(struct painter_setup){.loop = r->loop});
    engine_paint_with(r->engine, r->painter);
    bool good = r->signals >= 0 && loop_watch(r->loop, r->signals, on_signal, r);
    if (good && create_workspaces(r)) {
        loop_on_turn_end(r->loop, end_turn, r);
        loop_timer_set(r->work, 0);
        loop_run(r->loop);
        loop_on_turn_end(r->loop, NULL, NULL);
        good = !r->damaged && engine_settle(r->engine) == 0;
    } else {
        good = false;
    }
    for (size_t i = 0; i < r->n_workspaces; i++) {
        r->workspaces[i].ops->destroy(r->workspaces[i].self);
    }
    engine_paint_with(r->engine, NULL);
    painter_destroy(r->painter);
    http_destroy(r->http);
    loop_timer_destroy(r->settle);
    loop_timer_destroy(r->gather);
    loop_timer_destroy(r->work);
    loop_timer_destroy(r->again);
    return good ? EXIT_OK : EXIT_FAILED;
}

static int open_loop(struct run *r) {
    int code = startup_loop(r->config, &r->loop);
    if (code == EXIT_OK) {
        code = serve(r);
        loop_destroy(r->loop);
    }
    return code;
}

static int run(const char *config_path, struct config *config) {
    struct run r = {.config_path = config_path, .config = config};
    r.signals = block_signals(); /* first: one that comes early waits for the loop */
    int code = startup_store(config, &r.store);
    if (code == EXIT_OK) {
        r.engine = startup_engine(r.store, config->content_dir, config->language, config);
        code = r.engine ? open_loop(&r) : EXIT_USAGE;
        log_info("stopped", "status", LOG_N(code));
    }
    engine_destroy(r.engine);
    store_close(r.store);
    return code;
}

int command_run(int argc, char **argv) {
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *path = NULL;
    int opt;
    while ((opt = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (opt) {
        case 'c':
            path = optarg;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_OK;
        default:
            fputs("\"kizuki run --help\" explains the options\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "kizuki: run does not take \"%s\"\n", argv[optind]);
        return EXIT_USAGE;
    }
    if (!path && access("config", F_OK) == 0) {
        path = "config";
    }
    struct config config = {0};
    if (!startup_load_config(path, &config)) {
        return EXIT_USAGE;
    }
    log_setup(stderr, config.log_level, config.log_format);
    int code = config.n_workspaces > 0 ? run(path, &config) : chat_at_run(path, &config);
    config_free(&config);
    return code;
}
