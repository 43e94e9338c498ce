/* "chat": the conversation in this terminal, with or without a configuration file. */
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
#include "bot/startup.h"
#include "store/store.h"

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
    "      --png FILE      paint the last picture of a reply into FILE\n"
    "      --cards         as a chat with buttons: words to click, the page of one's own\n"
    "  -c, --config FILE   take the other settings from this configuration\n"
    "      --content DIR   use the content pack in DIR\n"
    "      --at TIME       stop the clock at TIME (UTC, 2026-11-23 or 2026-11-23T09:00); the same\n"
    "                      lines then get the same replies, link codes included\n"
    "  -h, --help          this text\n"
    "\n"
    "Lines that begin with ':' steer the simulation:\n";

struct chat_setup {
    const char *config_path; /* NULL: none */
    const char *database;    /* NULL: as configured */
    const char *content_dir; /* NULL: as configured */
    enum lang lang;
    bool lang_given;
    bool at_given;
    bool at_run; /* "run": log as configured */
    struct console_options console;
};

/* What a reload needs to know; site texts live in the configuration. */
struct reloader {
    const struct chat_setup *setup;
    struct config *config;
};

static const char *content_dir(const struct chat_setup *setup, const struct config *config) {
    return setup->content_dir ? setup->content_dir : config->content_dir;
}

static enum lang default_lang(const struct chat_setup *setup, const struct config *config) {
    return setup->lang_given ? setup->lang : config->language;
}

static bool reload(void *ctx, struct engine *engine) {
    struct reloader *r = ctx;
    struct config fresh = {0};
    if (!startup_load_config(r->setup->config_path, &fresh)) {
        log_error("configuration not reloaded, the old one stays");
        return false;
    }
    if (!startup_reload(engine, content_dir(r->setup, &fresh), default_lang(r->setup, &fresh),
                        &fresh)) {
        config_free(&fresh);
        return false;
    }
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
    struct engine *engine =
        startup_engine(store, content_dir(setup, config), default_lang(setup, config), config);
    int code = EXIT_USAGE;
    if (engine) {
        if (setup->at_given) {
            engine_fix_codes(engine);
        }
        struct reloader reloader = {.setup = setup, .config = config};
        struct console_reload on_reload = {.reload = reload, .ctx = &reloader};
        code = console_run(console, engine, store, &on_reload);
        log_info("stopped", "status", LOG_N(code));
    }
    engine_destroy(engine);
    console_destroy(console);
    return code;
}

static int open_and_talk(const struct chat_setup *setup, struct config *config) {
    if (setup->database) {
        config->database = setup->database;
    }
    struct store *store = NULL;
    int code = startup_store(config, &store);
    if (code == EXIT_OK) {
        code = talk(setup, config, store);
    }
    store_close(store);
    return code;
}

int chat_at_run(const char *config_path, struct config *config) {
    struct chat_setup setup = {
        .config_path = config_path, .at_run = true, .console = {.user = "user1"}};
    return open_and_talk(&setup, config);
}

enum { OPT_CONTENT = 256, OPT_AT, OPT_CARDS, OPT_PNG };

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
    case OPT_PNG:
        setup->console.png = optarg;
        return true;
    case OPT_CARDS:
        setup->console.cards = true;
        return true;
    case OPT_CONTENT:
        setup->content_dir = optarg;
        return true;
    case OPT_AT:
        if (clock_parse_iso(optarg, &at_ms)) {
            clock_freeze_at_ms(at_ms);
            setup->at_given = true;
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
                                            {"png", required_argument, NULL, OPT_PNG},
                                            {"cards", no_argument, NULL, OPT_CARDS},
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
    struct config config = {0};
    if (!startup_load_config(setup.config_path, &config)) {
        return EXIT_USAGE;
    }
    int code = open_and_talk(&setup, &config);
    config_free(&config);
    return code;
}
