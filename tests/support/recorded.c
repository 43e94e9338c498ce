#include "tests/support/recorded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RECORDED_MAX ((size_t)64 * 1024)

const char *recorded_text(struct arena *a, const char *name, size_t *ret_n) {
    char path[160];
    const char *folder = strchr(name, '/') ? "" : "mattermost/";
    snprintf(path, sizeof(path), "tests/recorded/%s%s.json", folder, name);
    FILE *f = fopen(path, "re");
    if (!f) {
        fail_msg("%s is missing", path);
    }
    char *text = arena_alloc(a, RECORDED_MAX);
    *ret_n = fread(text, 1, RECORDED_MAX - 1, f);
    fclose(f);
    assert_true(*ret_n > 0 && *ret_n < RECORDED_MAX - 1);
    return text;
}

cJSON *recorded_json(const char *name) {
    struct arena a = {0};
    struct json_error err;
    size_t n;
    const char *text = recorded_text(&a, name, &n);
    cJSON *json = json_parse(text, n, RECORDED_MAX, &err);
    arena_free(&a);
    assert_non_null(json);
    return json;
}

const char *printed(struct arena *a, const cJSON *json) {
    char *text = cJSON_PrintUnformatted(json);
    assert_non_null(text);
    const char *copy = arena_strdup(a, text);
    cJSON_free(text);
    return copy;
}

const char *recorded_body(struct arena *a, const char *name) {
    cJSON *json = recorded_json(name);
    const cJSON *body = json_member(json_member(json, "response"), "body");
    assert_non_null(body);
    const char *text = printed(a, body);
    cJSON_Delete(json);
    return text;
}
