/* What the commands that talk share: configuration, database and engine, with their messages. */
#ifndef KIZUKI_BOT_STARTUP_H
#define KIZUKI_BOT_STARTUP_H

#include "bot/config.h"
#include "bot/engine.h"
#include "bot/net/loop.h"

/* Path NULL: defaults only. False after printing what is wrong. */
bool startup_load_config(const char *path, struct config *ret) WARN_UNUSED;

/* Opens the configured or default database; an exit code, not EXIT_OK after saying why. *ret may
 * be a store then, too, to be closed. */
int startup_store(struct config *config, struct store **ret) WARN_UNUSED;

/* NULL after printing what is wrong with the content or the site's sentences. */
struct engine *startup_engine(struct store *store, const char *content_dir, enum lang lang,
                              const struct config *config);

/* False after saying that, and why, the old content stays. */
bool startup_reload(struct engine *engine, const char *content_dir, enum lang lang,
                    const struct config *config) WARN_UNUSED;

/* The loop as configured, with authorities and proxy; an exit code, not EXIT_OK after saying why.
 */
int startup_loop(const struct config *config, struct loop **ret) WARN_UNUSED;

/* Whether the way to this workspace leads through the loop's proxy. */
bool startup_proxied(const struct loop *loop, const struct config *config,
                     const struct config_workspace *workspace);

/* Of chat.c: "run" without a workspace. */
int chat_at_run(const char *config_path, struct config *config);

#endif
