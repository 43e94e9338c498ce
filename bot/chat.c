/* "run" and "chat": the conversation in this terminal, with or without a configuration file. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bot/command.h"
#include "bot/config.h"
#include "bot/console/console.h"
#include "bot/console/directive.h"
#include "bot/engine.h"
#include "store/store.h"

#define CONFIG_ERRORS_BYTES ((size_t)16 * 1024)

static const char run_help[] =
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
    "content and the configuration again and keeps the old ones if the new ones are faulty.\n";

static const char chat_help[] =
    "Usage: kizuki chat [OPTION]...\n"
    "Talk to the bot in this terminal, or through a pipe: lines in, replies out.\n"
    "\n"
    "Options:\n"
    "  -d, --db FILE       database (default: $XDG_DATA_HOME/kizuki/kizuki.db, else\n"
    "                      ~/.local/share/kizuki/kizuki.db; \":memory:\" keeps nothing)\n"
    "  -a, --as NAME       who is typing (default: user1)\n"
    "  -l, --lang ja|en    language of people who have not chosen one (default: ja)\n"
    "  -j, --json          one JSON object a reply: to, channel, text, choices, attachments\n"
    "  -e, --echo          repeat each line in front of its replies, as a transcript\n"
    "  -c, --config FILE   take the other settings from this configuration\n"
    "      --content DIR   use the content pack in DIR\n"
    "      --at TIME       stop the clock at TIME (UTC, 2026-11-23 or 2026-11-23T09:00)\n"
    "  -h, --help          this text\n"
    "\n"
    "Lines that begin with ':' steer the simulation:\n";

struct chat_setup {
    const char *config_path; /* NULL: none */
    const char *database;    /* NULL: as configured */
    const char *content_dir; /* NULL: as configured */
    enum lang lang;
    bool lang_given;
    bool at_run; /* "run": log as configured */
    struct console_options console;
};

/* What a reload needs to know; site texts live in the configuration. */
struct reloader {
    const struct chat_setup *setup;
    struct config *config;
};

static int load_config(const char *path, struct config *config) {
    struct buf errors;
    buf_init(&errors, CONFIG_ERRORS_BYTES);
    int rc = config_load(path, config, &errors);
    if (rc != 0) {
        fprintf(stderr, "%s", buf_text(&errors));
    }
    buf_free(&errors);
    return rc;
}

static const char *content_dir(const struct chat_setup *setup, const struct config *config) {
    return setup->content_dir ? setup->content_dir : config->content_dir;
}

static enum lang default_lang(const struct chat_setup *setup, const struct config *config) {
    return setup->lang_given ? setup->lang : config->language;
}

static struct site site_of(const struct config *config) {
    return (struct site){.security_contact = config->security_contact,
                         .privacy_text = config->privacy_text};
}

static bool reload(void *ctx, struct engine *engine) {
    struct reloader *r = ctx;
    struct config fresh = {0};
    if (load_config(r->setup->config_path, &fresh) != 0) {
        log_error("configuration not reloaded, the old one stays");
        return false;
    }
    struct faults faults = {.n = 0};
    struct site site = site_of(&fresh);
    bool ok = engine_reload(engine, content_dir(r->setup, &fresh), &site,
                            default_lang(r->setup, &fresh), &faults);
    if (!ok) {
        command_print_faults(&faults);
        faults_free(&faults);
        config_free(&fresh);
        log_error("content not reloaded, the old one stays");
        return false;
    }
    faults_free(&faults);
    config_free(r->config);
    *r->config = fresh;
    if (r->setup->at_run) {
        log_set_level(fresh.log_level);
    }
    log_info("content and configuration reloaded");
    return true;
}

static int talk(const struct chat_setup *setup, struct config *config, struct store *store) {
    struct console *console = console_create(&setup->console);
    struct engine_setup engine_setup = {
        .store = store,
        .content_dir = content_dir(setup, config),
        .site = site_of(config),
        .lang = default_lang(setup, config),
    };
    struct faults faults = {.n = 0};
    struct engine *engine = engine_create(&engine_setup, &faults);
    int code = EXIT_USAGE;
    if (engine) {
        struct reloader reloader = {.setup = setup, .config = config};
        struct console_reload on_reload = {.reload = reload, .ctx = &reloader};
        log_info("started", "version", KIZUKI_VERSION, "content",
                 *engine_setup.content_dir ? engine_setup.content_dir : "built in");
        code = console_run(console, engine, store, &on_reload);
        log_info("stopped", "status", LOG_N(code));
    } else {
        command_print_faults(&faults);
    }
    faults_free(&faults);
    engine_destroy(engine);
    console_destroy(console);
    return code;
}

/* The database's path: given, configured or the default; NULL with a message if there is none. */
static const char *database_path(const struct chat_setup *setup, struct config *config) {
    if (setup->database) {
        return setup->database;
    }
    if (*config->database) {
        return config->database;
    }
    const char *path = config_default_database(&config->arena);
    if (!path) {
        fputs("kizuki: neither XDG_DATA_HOME nor HOME names a folder for the database; "
              "give one with --db or \"database\" in the configuration\n",
              stderr);
    }
    return path;
}

static int open_and_talk(const struct chat_setup *setup) {
    struct config config = {0};
    if (load_config(setup->config_path, &config) != 0) {
        return EXIT_USAGE;
    }
    if (setup->at_run) {
        log_setup(stderr, config.log_level, config.log_format);
    }
    int code = EXIT_USAGE;
    const char *path = database_path(setup, &config);
    if (setup->at_run && config.n_workspaces > 0) {
        fputs("kizuki: the configuration is right, but this version cannot connect to Mattermost "
              "yet; \"kizuki chat\" talks in this terminal\n",
              stderr);
    } else if (path) {
        struct store *store;
        if (store_open(path, &store) == 0) {
            code = talk(setup, &config, store);
        } else {
            fprintf(stderr, "kizuki: %s\n", store_message(store));
            code = EXIT_FAILED;
        }
        store_close(store);
    }
    config_free(&config);
    return code;
}

int command_run(int argc, char **argv) {
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct chat_setup setup = {.at_run = true, .console = {.user = "user1"}};
    int opt;
    while ((opt = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (opt) {
        case 'c':
            setup.config_path = optarg;
            break;
        case 'h':
            fputs(run_help, stdout);
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
    if (!setup.config_path && access("config", F_OK) == 0) {
        setup.config_path = "config";
    }
    return open_and_talk(&setup);
}

enum { OPT_CONTENT = 256, OPT_AT };

static bool take_chat_option(int opt, struct chat_setup *setup) {
    int64_t at_ms;
    switch (opt) {
    case 'd':
        setup->database = optarg;
        return true;
    case 'a':
        setup->console.user = optarg;
        if (simulation_name_fits(optarg)) {
            return true;
        }
        fputs("kizuki: --as needs a name without spaces and control characters, at most 64 bytes "
              "of UTF-8\n",
              stderr);
        return false;
    case 'l':
        setup->lang_given = true;
        if (lang_parse(optarg, &setup->lang)) {
            return true;
        }
        fprintf(stderr, "kizuki: --lang must be ja or en, not \"%s\"\n", optarg);
        return false;
    case 'j':
        setup->console.json = true;
        return true;
    case 'e':
        setup->console.echo = true;
        return true;
    case 'c':
        setup->config_path = optarg;
        return true;
    case OPT_CONTENT:
        setup->content_dir = optarg;
        return true;
    case OPT_AT:
        if (clock_parse_iso(optarg, &at_ms)) {
            clock_freeze_at_ms(at_ms);
            return true;
        }
        fprintf(stderr, "kizuki: --at needs a time like 2026-11-23T09:00, not \"%s\"\n", optarg);
        return false;
    default:
        fputs("\"kizuki chat --help\" explains the options\n", stderr);
        return false;
    }
}

int command_chat(int argc, char **argv) {
    static const struct option options[] = {{"db", required_argument, NULL, 'd'},
                                            {"as", required_argument, NULL, 'a'},
                                            {"lang", required_argument, NULL, 'l'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"echo", no_argument, NULL, 'e'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"content", required_argument, NULL, OPT_CONTENT},
                                            {"at", required_argument, NULL, OPT_AT},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct chat_setup setup = {.console = {.user = "user1"}};
    int opt;
    while ((opt = getopt_long(argc, argv, "d:a:l:jec:h", options, NULL)) != -1) {
        if (opt == 'h') {
            printf("%s%s", chat_help, directive_help);
            return EXIT_OK;
        }
        if (!take_chat_option(opt, &setup)) {
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "kizuki: chat does not take \"%s\"\n", argv[optind]);
        return EXIT_USAGE;
    }
    return open_and_talk(&setup);
}
