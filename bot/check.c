/* "check-config" and "content check": what is wrong, where, and what to do. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bot/command.h"
#include "bot/intents_check.h"
#include "bot/mattermost/probe.h"
#include "bot/proxy.h"
#include "bot/reading.h"
#include "bot/slack/probe.h"
#include "bot/startup.h"
#include "content/pack.h"

static const char config_help[] =
    "Usage: kizuki check-config [--online] [--config FILE]\n"
    "Check a configuration file. Every error is named with file, line and key.\n"
    "\n"
    "Options:\n"
    "  -c, --config FILE   the file to check (default: \"config\" in this directory)\n"
    "  -o, --online        then try each workspace for real: address, tokens, what they may do,\n"
    "                      websocket, clock. A line each, \"ok\", \"note\", \"warning\" or\n"
    "                      \"FAILED\", with what to do; what depends on a failed step is left "
    "out.\n"
    "                      Nothing is changed on the server. At most half a minute a workspace.\n"
    "  -h, --help          this text\n"
    "\n"
    "Exit status: 0 all is well, 1 something FAILED online, 2 the configuration has errors.\n";

/* Facts a site should know before going live, beyond errors. */
static void advise(const struct config *config) {
    if (!*config->security_contact.in[LANG_JA] || !*config->security_contact.in[LANG_EN]) {
        puts("note: security_contact is not set in both languages; people who report an incident "
             "are told that no contact has been entered");
    }
    if (!*config->privacy_text.in[LANG_JA] || !*config->privacy_text.in[LANG_EN]) {
        puts("note: privacy_text is not set in both languages; people who ask about their data are "
             "told that the company has entered no text yet");
    }
}

void command_print_faults(const struct faults *faults) {
    for (size_t i = 0; i < faults->n; i++) {
        fprintf(stderr, "%s: %s: %s\n", faults->items[i].file, faults->items[i].where,
                faults->items[i].what);
    }
    if (faults->dropped > 0) {
        fprintf(stderr, "... and %zu more\n", faults->dropped);
    }
}

/* The pack the configuration names, as the start would load it. */
static bool check_content(const char *path, const struct config *config) {
    if (!*config->content_dir) {
        return true;
    }
    struct faults faults = {.n = 0};
    struct pack *pack = pack_load(config->content_dir, &faults);
    if (!pack) {
        fprintf(stderr, "%s: key 'content_dir': the content in %s has faults:\n", path,
                config->content_dir);
        command_print_faults(&faults);
    }
    bool good = pack != NULL;
    pack_free(pack);
    faults_free(&faults);
    return good;
}

/* The site's sentences, as the start would read them; the content has been found good. */
static bool check_sentences(const char *path, const struct config *config) {
    if (!*config->intents_dir) {
        return true;
    }
    struct faults faults = {.n = 0};
    struct reading reading;
    bool good = reading_load(&reading, config->content_dir, config->intents_dir, &faults);
    if (good) {
        size_t n = guesser_site(reading.guesser)->n;
        size_t conflicts = intents_check_print(&reading, config->intents_dir, "warning: ");
        printf("note: intents_dir has %zu sentences and %zu conflicts\n", n, conflicts);
        reading_free(&reading);
    } else {
        fprintf(stderr, "%s: key 'intents_dir': the sentences in %s have faults:\n", path,
                config->intents_dir);
        command_print_faults(&faults);
    }
    faults_free(&faults);
    return good;
}

/* ---- for real ---- */

struct online {
    const struct config_workspace *workspace;
    int n_failed;
};

static void print_step(void *ctx, enum probe_outcome outcome, const char *step, const char *text) {
    static const char *const words[PROBE__COUNT] = {"ok", "note", "warning", "FAILED"};
    struct online *o = ctx;
    o->n_failed += outcome == PROBE_FAILED;
    printf("%-8s %s: %s: %s\n", words[outcome], o->workspace->name, step, text);
    fflush(stdout);
}

static int try_workspaces(const struct config *config, struct loop *loop) {
    struct online o = {.n_failed = 0};
    struct http *http = http_create(loop);
    for (size_t i = 0; i < config->n_workspaces; i++) {
        struct arena a = {0};
        o.workspace = &config->workspaces[i];
        print_step(&o, PROBE_OK, "proxy", proxy_describe(&a, config->proxy, o.workspace->url));
        arena_free(&a);
        struct probe_setup setup = {.workspace = o.workspace,
                                    .proxied = startup_proxied(loop, config, o.workspace),
                                    .loop = loop,
                                    .http = http,
                                    .tell = print_step,
                                    .ctx = &o};
        if (o.workspace->platform == CONFIG_SLACK) {
            slack_probe(&setup);
        } else {
            mattermost_probe(&setup);
        }
    }
    http_destroy(http);
    return o.n_failed > 0 ? EXIT_FAILED : EXIT_OK;
}

static int check_config(const char *path, bool online) {
    struct config config = {0};
    struct loop *loop = NULL;
    if (!startup_load_config(path, &config)) {
        return EXIT_USAGE;
    }
    bool good = check_content(path, &config) && check_sentences(path, &config);
    int code = good ? EXIT_OK : EXIT_USAGE;
    if (code == EXIT_OK && config.n_workspaces > 0) {
        code = startup_loop(&config, &loop); /* as "run" would */
    }
    if (code == EXIT_OK) {
        printf("%s: no errors\n", path);
        advise(&config);
    }
    if (code == EXIT_OK && online && loop) {
        code = try_workspaces(&config, loop);
    } else if (code == EXIT_OK && online) {
        puts("note: there is no workspace to try; a mattermost or slack section adds one");
    }
    loop_destroy(loop);
    config_free(&config);
    return code;
}

int command_check_config(int argc, char **argv) {
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"online", no_argument, NULL, 'o'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *path = "config";
    bool online = false;
    int opt;
    while ((opt = getopt_long(argc, argv, "c:oh", options, NULL)) != -1) {
        if (opt == 'h') {
            fputs(config_help, stdout);
            return EXIT_OK;
        }
        if (opt != 'c' && opt != 'o') {
            return EXIT_USAGE;
        }
        online = online || opt == 'o';
        path = opt == 'c' ? optarg : path;
    }
    if (optind < argc) {
        fprintf(stderr, "kizuki: check-config does not take \"%s\"\n", argv[optind]);
        return EXIT_USAGE;
    }
    return check_config(path, online);
}
