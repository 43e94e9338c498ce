/*
 * A form to fill in, for platforms that can show one, without a word about any. Plain data; strings
 * live in the arena of the turn and are never NULL.
 */
#ifndef KIZUKI_BASE_SHEET_H
#define KIZUKI_BASE_SHEET_H

#include <stdbool.h>
#include <stddef.h>

enum sheet_kind { SHEET_LINE, SHEET_TEXT, SHEET_CHOICE };

struct sheet_option {
    const char *value;
    const char *label;
};

struct sheet_field {
    const char *name; /* comes back with what was written */
    enum sheet_kind kind;
    const char *label;
    const char *hint;                   /* "" for none */
    const char *value;                  /* filled in already; of a choice: an option's value */
    const struct sheet_option *options; /* SHEET_CHOICE */
    size_t n_options;
    size_t max_chars; /* SHEET_LINE, SHEET_TEXT */
    bool optional;
};

struct sheet {
    const char *name; /* comes back when it is handed in */
    const char *title;
    const char *intro; /* "" for none */
    const char *submit;
    const char *cancel;
    const struct sheet_field *fields;
    size_t n_fields;
};

/* What was written into one field; a choice: the option's value; "" for nothing. */
struct sheet_entry {
    const char *field;
    const char *value;
};

/* Why a field cannot be taken, to be shown there. */
struct sheet_error {
    const char *field;
    const char *text;
};

#endif
