/*
 * Guarded reading of JSON: cJSON accepts bad UTF-8, NUL escapes and bytes behind the value, finds
 * keys regardless of case and hands out NULL strings; these helpers do not.
 */
#ifndef KIZUKI_BASE_JSON_H
#define KIZUKI_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/attr.h"

struct json_error {
    int line;         /* from 1 */
    int column;       /* from 1, in bytes */
    const char *what; /* static text */
};

/* The whole text as one value, or NULL with *err filled. Free with cJSON_Delete. */
cJSON *json_parse(const char *text, size_t n, size_t max_bytes, struct json_error *err) WARN_UNUSED;

/* The member of that exact name (a string: and type), or NULL. `object` may be NULL. */
const cJSON *json_member(const cJSON *object, const char *key);
const char *json_string(const cJSON *object, const char *key);

#endif
