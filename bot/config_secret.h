/*
 * Secrets of the configuration: read from a file of their own that only its owner may open, or
 * from the environment. What is wrong with one is told without repeating it. Reading blocks.
 */
#ifndef KIZUKI_BOT_CONFIG_SECRET_H
#define KIZUKI_BOT_CONFIG_SECRET_H

#include "base/arena.h"
#include "base/attr.h"

/* NULL, or why a secret cannot be one. */
const char *config_secret_problem(const char *secret);

/* Reads the file into an arena string; NULL, or what is wrong, which lives in `texts`. */
const char *config_secret_read(const char *path, struct arena *texts, struct arena *a,
                               char **ret_secret) WARN_UNUSED;

#endif
