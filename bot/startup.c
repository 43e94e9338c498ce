#include "bot/startup.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "bot/command.h"
#include "bot/proxy.h"
#include "bot/reading.h"
#include "intents/conflicts.h"

#define CONFIG_ERRORS_BYTES ((size_t)64 * 1024)
#define SENTENCES_LOOKED_AT 500 /* for conflicts, at start; "intents check" looks at all */

bool startup_load_config(const char *path, struct config *ret) {
    struct buf errors;
    buf_init(&errors, CONFIG_ERRORS_BYTES);
    int rc = config_load(path, ret, &errors);
    if (rc != 0) {
        fprintf(stderr, "%s", buf_text(&errors));
    }
    buf_free(&errors);
    return rc == 0;
}

int startup_store(struct config *config, struct store **ret) {
    const char *path =
        *config->database ? config->database : config_default_database(&config->arena);
    if (!path) {
        fputs("kizuki: neither XDG_DATA_HOME nor HOME names a folder for the database; "
              "give one with --db or \"database\" in the configuration\n",
              stderr);
        return EXIT_USAGE;
    }
    if (store_open(path, ret) != 0) {
        fprintf(stderr, "kizuki: %s\n", store_message(*ret));
        return EXIT_FAILED;
    }
    return EXIT_OK;
}

static struct engine_setup setup_of(struct store *store, const char *content_dir, enum lang lang,
                                    const struct config *config) {
    return (struct engine_setup){.store = store,
                                 .content_dir = content_dir,
                                 .intents_dir = config->intents_dir,
                                 .site = {.security_contact = config->security_contact,
                                          .privacy_text = config->privacy_text},
                                 .lang = lang};
}

/* Conflicts keep nobody from starting, but should not go unseen. Looking for them takes time. */
static void tell_sentences(const struct engine *engine, const struct config *config) {
    const struct reading *r = engine_reading(engine);
    if (!*config->intents_dir) {
        return;
    }
    struct conflicts_setup setup = {
        .pack = r->pack, .phrases = r->phrases, .guesser = r->guesser, .most = SENTENCES_LOOKED_AT};
    size_t n = conflicts_find(&setup);
    log_info("the site's sentences are known", "folder", config->intents_dir, "sentences",
             LOG_N(guesser_site(r->guesser)->n));
    if (n > 0) {
        log_warn("some of the site's sentences conflict; \"kizuki intents check\" names them",
                 "conflicts", LOG_N(n));
    }
}

struct engine *startup_engine(struct store *store, const char *content_dir, enum lang lang,
                              const struct config *config) {
    struct engine_setup setup = setup_of(store, content_dir, lang, config);
    struct faults faults = {.n = 0};
    struct engine *engine = engine_create(&setup, &faults);
    if (engine) {
        log_info("started", "version", KIZUKI_VERSION, "content",
                 *content_dir ? content_dir : "built in");
        tell_sentences(engine, config);
    } else {
        command_print_faults(&faults);
    }
    malloc_trim(0); /* reading the content took several times what it needs */
    faults_free(&faults);
    return engine;
}

bool startup_reload(struct engine *engine, const char *content_dir, enum lang lang,
                    const struct config *config) {
    struct engine_setup setup = setup_of(NULL, content_dir, lang, config);
    struct faults faults = {.n = 0};
    bool good = engine_reload(engine, &setup, &faults);
    if (good) {
        tell_sentences(engine, config);
    } else {
        command_print_faults(&faults);
        log_error("content not reloaded, the old one stays");
    }
    faults_free(&faults);
    return good;
}

int startup_loop(const struct config *config, struct loop **ret) {
    const char *why;
    char error[256];
    const char *proxy = proxy_find(config->proxy, &why);
    if (why) {
        fprintf(stderr, "kizuki: %s\n", why);
        return EXIT_USAGE;
    }
    signal(SIGPIPE, SIG_IGN); /* a connection that went away is an error, not the end */
    struct loop_setup setup = {.ca_file = config->ca_file, .proxy = proxy};
    struct loop *loop = loop_create(&setup, error);
    if (!loop) {
        fprintf(stderr, "kizuki: %s\n", error);
        return EXIT_USAGE;
    }
    *ret = loop;
    return EXIT_OK;
}

bool startup_proxied(const struct loop *loop, const struct config *config,
                     const struct config_workspace *workspace) {
    return loop_has_proxy(loop) && !proxy_skips(config->proxy, workspace->url);
}
