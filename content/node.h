/*
 * Typed reading of a pack file: a node is a JSON value and its path. Every reader returns something
 * usable ("" or 0) and notes a fault when the value is missing or of another kind.
 */
#ifndef KIZUKI_CONTENT_NODE_H
#define KIZUKI_CONTENT_NODE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/fault.h"
#include "content/lang.h"

/* Where a statement comes from; the words in the files are the lower-case names. */
enum confidence { CONF_SOURCE, CONF_INFERRED, CONF_PROPOSED, CONF_GENERAL, CONF__COUNT };

/*
 * Of one text. A reply is made of several of them and holds 32 KiB; the longest text of our own
 * pack has 700 bytes.
 */
#define NODE_TEXT_MAX_BYTES 4000

struct node_reader {
    const char *file;
    struct faults *faults;
    struct arena *arena; /* owns the strings read */
    struct arena *paths; /* owns the paths: of no use when all is read */
};

struct node {
    struct node_reader *reader;
    const cJSON *json; /* NULL: not there */
    const char *path;
};

struct string_list {
    const char *const *items;
    size_t n;
};

struct node node_root(struct node_reader *reader, const cJSON *json);
struct node node_member(struct node n, const char *key);
struct node node_item(struct node n, size_t i);
/* The node of a member met while walking over an object; a fault if its key was there before. */
struct node node_key(struct node object, const cJSON *member);
bool node_present(struct node n);     /* there and not null */
size_t node_length(struct node n);    /* of an array that may be missing; 0 otherwise */
size_t node_array(struct node n);     /* of an array that must be there */
const char *node_text(struct node n); /* not empty nor too long, else a fault and "" */
int node_int(struct node n, int min, int max);
struct l10n node_l10n(struct node n);           /* {"ja": …, "en": …} with both filled */
struct l10n node_l10n_opt(struct node n);       /* the same, or {"", ""} where missing or null */
struct string_list node_strings(struct node n); /* array of non-empty strings, may be missing */
enum confidence node_confidence(struct node n);
void node_fault(struct node n, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
