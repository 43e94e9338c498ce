#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static void locate(const char *text, const char *at, struct json_error *err) {
    err->line = 1;
    err->column = 1;
    for (const char *p = text; p < at && *p; p++) {
        if (*p == '\n') {
            err->line++;
            err->column = 1;
        } else {
            err->column++;
        }
    }
}

static cJSON *fail(const char *text, const char *at, const char *what, struct json_error *err) {
    locate(text, at, err);
    err->what = what;
    return NULL;
}

/* "\u0000" would silently cut the string it stands in. */
static const char *find_nul_escape(const char *text) {
    for (const char *p = text; (p = strstr(p, "\\u0000")) != NULL; p++) {
        size_t backslashes = 0;
        for (const char *q = p; q >= text && *q == '\\'; q--) {
            backslashes++;
        }
        if (backslashes % 2 == 1) {
            return p;
        }
    }
    return NULL;
}

cJSON *json_parse(const char *text, size_t n, size_t max_bytes, struct json_error *err) {
    if (n > max_bytes) {
        return fail("", "", "the text is longer than allowed", err);
    }
    char *copy = xmalloc(n + 1);
    memcpy(copy, text, n);
    copy[n] = '\0';
    cJSON *root = NULL;
    const char *nul_escape;
    size_t good = text_valid_prefix(copy, n);
    if (good < n) {
        fail(copy, copy + good, "the text is not valid UTF-8", err);
    } else if ((nul_escape = find_nul_escape(copy)) != NULL) {
        fail(copy, nul_escape, "\\u0000 is not allowed", err);
    } else {
        const char *end = NULL;
        root = cJSON_ParseWithLengthOpts(copy, n + 1, &end, 1);
        if (!root) {
            fail(copy, end ? end : copy, "this is not JSON", err);
        }
    }
    free(copy);
    return root;
}

const cJSON *json_member(const cJSON *object, const char *key) {
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const char *json_string(const cJSON *object, const char *key) {
    const cJSON *m = json_member(object, key);
    return cJSON_IsString(m) ? m->valuestring : NULL;
}
