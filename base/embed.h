/*
 * Files built into the binary: the content pack, the schema, the phrase rules. The table is made
 * by the Makefile from the files named there; paths are relative to the project's root.
 */
#ifndef KIZUKI_BASE_EMBED_H
#define KIZUKI_BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
    const char *path; /* NULL ends the table */
    const char *data; /* not NUL-terminated */
    const char *end;
};

extern const struct embedded_file embedded_files[];

/* The file of that path, or NULL. */
const struct embedded_file *embed_find(const char *path);

#endif
