/*
 * One line an event on stderr: for people on a terminal, JSON otherwise. A line has a fixed event
 * name and pairs of key and value. Message texts, tokens and addresses with tickets are never
 * passed here; people appear by their internal id. Layers below bot/ log at debug only.
 */
#ifndef KIZUKI_BASE_LOG_H
#define KIZUKI_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"

enum log_level { LOG_ERR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG__COUNT };
enum log_format { LOG_AUTO, LOG_HUMAN, LOG_JSON, LOG_FORMAT__COUNT };

extern const char *const log_level_names[LOG__COUNT];         /* "error", "warning", … */
extern const char *const log_format_names[LOG_FORMAT__COUNT]; /* "auto", "human", "json" */

/* The stream stays the caller's. LOG_AUTO asks whether it is a terminal. */
void log_setup(FILE *stream, enum log_level max, enum log_format format);
void log_set_level(enum log_level max);

/* Pairs of const char *key, const char *value, ended by NULL. A NULL value ends the list early. */
void log_event(enum log_level level, const char *event, ...) SENTINEL;

/* For numbers among the pairs: log_num((char[24]){0}, 42). */
const char *log_num(char out[24], int64_t n);
#define LOG_N(n) log_num((char[24]){0}, (int64_t)(n))

#define log_error(...) log_event(LOG_ERR, __VA_ARGS__, (char *)NULL)
#define log_warn(...)  log_event(LOG_WARN, __VA_ARGS__, (char *)NULL)
#define log_info(...)  log_event(LOG_INFO, __VA_ARGS__, (char *)NULL)
#define log_debug(...) log_event(LOG_DEBUG, __VA_ARGS__, (char *)NULL)

#endif
