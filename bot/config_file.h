/*
 * The text of a configuration file: read, checked and cut into statements for libconfuse, and the
 * list of what is wrong with it. Knows no keys. libconfuse 3.3 counts a line with a comment three
 * times, stops at the first error, takes the end of the file for a '}', and after a string that
 * ends badly starts its next run inside it. So it is given one statement at a time, without
 * comments and with its strings and braces checked.
 */
#ifndef KIZUKI_BOT_CONFIG_FILE_H
#define KIZUKI_BOT_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define CONFIG_KEY_MAX    32 /* characters */
#define CONFIG_ERRORS_MAX 50

struct config_error {
    int line; /* 0: the file as a whole */
    const char *text;
};

/* Zeroed: nothing read and nothing wrong. */
struct config_file {
    char *at; /* what is left of the text; comments behind it are blanked out */
    int line;
    const char *statement; /* the one cut off last, and its first line */
    int statement_line;
    struct config_error errors[CONFIG_ERRORS_MAX]; /* in the order of the lines */
    size_t n_errors;
    struct arena arena; /* of all texts here; free it at the end */
};

/* Reads the whole file; false with an error where that cannot be done. Blocks. */
bool config_file_read(struct config_file *f, const char *name);

/* Cuts off the next statement; false at the end. One that is broken is noted and left empty. */
bool config_file_next(struct config_file *f);

/* Notes what is wrong in that line; a key of NULL is none. Those beyond the limit are dropped. */
void config_file_error(struct config_file *f, int line, const char *key, const char *what);

/* An errno of opening or reading a file as advice. */
const char *config_file_advice(struct arena *a, int error);

/* The key a line begins with; or NULL. */
const char *config_file_leading_key(struct config_file *f, const char *line);

#endif
