/*
 * Frames of Slack damaged at random, in their bytes and in their structure: nothing crashes, and
 * what is accepted has the form that is promised.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/recorded.h"
#include "tests/support/slack_frames.h"

#ifndef ROUNDS
#define ROUNDS 150 /* for each sample */
#endif
#ifndef SEED
#define SEED 20261123
#endif
#define SAMPLES_MAX 40
#define NODES_MAX   1000

static struct arena kept; /* the samples */
static struct arena a;
static const char *samples[SAMPLES_MAX];
static size_t n_samples;
static uint32_t seed = SEED;

static int free_samples(UNUSED void **state) {
    arena_free(&kept);
    arena_free(&a);
    return 0;
}

static int is_frame(const struct dirent *entry) {
    return strncmp(entry->d_name, "in-", 3) == 0 || strncmp(entry->d_name, "socket-", 7) == 0;
}

static int load_samples(UNUSED void **state) {
    struct dirent **entries = NULL;
    int n = scandir("tests/recorded/slack", &entries, is_frame, alphasort);
    for (int i = 0; i < n; i++) {
        const char *end = strstr(entries[i]->d_name, ".json");
        if (end && n_samples < SAMPLES_MAX) {
            cJSON *json = recorded_json(arena_printf(
                &kept, "slack/%.*s", (int)(end - entries[i]->d_name), entries[i]->d_name));
            samples[n_samples++] = printed(&kept, json);
            cJSON_Delete(json);
        }
        free(entries[i]);
    }
    free(entries);
    return n_samples >= 25 ? 0 : -1;
}

static uint32_t any(size_t below) {
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((seed >> 8) % below);
}

static bool read_sound(const char *text, size_t n) {
    struct slack_frame f;
    const char *why;
    bool good = frame_reads(&a, text, n, &f, &why);
    if (good) {
        assert_sound(&f);
    }
    arena_reset(&a);
    return good;
}

/* ---- bytes ---- */

/* Changes, removes, doubles or moves some bytes; *n may grow by at most as many as there were. */
static void damage(char *text, size_t *n) {
    static const char marks[] = "\"\\{}[]:,\xff\x01 u0";
    size_t at = any(*n);
    size_t len = 1 + any(8);
    len = len > *n - at ? *n - at : len;
    switch (any(4)) {
    case 0:
        text[at] = (char)any(256);
        break;
    case 1:
        text[at] = marks[any(sizeof(marks) - 1)];
        break;
    case 2:
        memmove(text + at, text + at + len, *n - at - len);
        *n -= len;
        break;
    default:
        memmove(text + at + len, text + at, *n - at);
        *n += len;
        break;
    }
}

static void test_bytes(UNUSED void **state) {
    int accepted = 0;
    int refused = 0;
    for (size_t i = 0; i < n_samples; i++) {
        size_t whole = strlen(samples[i]);
        char *copy = malloc(whole + 64);
        assert_non_null(copy);
        for (int round = 0; round < ROUNDS; round++) {
            size_t n = whole;
            memcpy(copy, samples[i], n);
            for (uint32_t k = any(4); n > 0 && k < 4; k++) {
                damage(copy, &n);
            }
            bool good = read_sound(copy, n);
            accepted += good;
            refused += !good;
        }
        free(copy);
    }
    assert_true(accepted > (int)n_samples * ROUNDS / 20);
    assert_true(refused > (int)n_samples * ROUNDS / 20);
}

/* ---- structure ---- */

static cJSON *parsed(const char *text) {
    struct json_error err;
    cJSON *json = json_parse(text, strlen(text), 100000, &err);
    assert_non_null(json);
    return json;
}

static cJSON *any_node(cJSON *root) {
    cJSON *nodes[NODES_MAX] = {root};
    size_t n = 1;
    for (size_t i = 0; i < n; i++) {
        cJSON *child;
        cJSON_ArrayForEach(child, nodes[i]) {
            if (n < NODES_MAX) {
                nodes[n++] = child;
            }
        }
    }
    return nodes[any(n)];
}

static cJSON *any_value(void) {
    static const char *const values[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1e300",
        "\"\"",
        "\"U1\"",
        "\"1.1\"",
        "\"../\"",
        "\"im\"",
        "\"home\"",
        "\"message\"",
        "{}",
        "[]",
        "[[]]",
        "[null]",
        "{\"value\":1}",
        "{\"id\":\"\"}",
        "\"あ\\n\"",
        "\"true\"",
        "\"B1\"",
        "{\"\":{}}",
        "\"block_actions\"",
        "\"events_api\"",
        "\"view_submission\"",
        "\"app_mention\"",
        "\"reaction_removed\"",
    };
    if (any(4) > 0) {
        return parsed(values[any(ARRAY_LEN(values))]);
    }
    cJSON *other = parsed(samples[any(n_samples)]);
    cJSON *copy = cJSON_Duplicate(any_node(other), 1);
    cJSON_Delete(other);
    return copy;
}

/* Puts a value in the place of another, or takes it away. */
static void change(cJSON *root) {
    cJSON *parent = any_node(root);
    int n = cJSON_GetArraySize(parent);
    if (n == 0) {
        return;
    }
    cJSON *child = cJSON_GetArrayItem(parent, (int)any((size_t)n));
    cJSON *value = any_value();
    if (cJSON_IsObject(parent)) {
        char *key = strdup(child->string);
        assert_non_null(key);
        cJSON_Delete(cJSON_DetachItemViaPointer(parent, child));
        if (any(5) > 0) {
            cJSON_AddItemToObject(parent, key, value);
            value = NULL;
        }
        free(key);
    } else {
        cJSON_ReplaceItemViaPointer(parent, child, value);
        value = NULL;
    }
    cJSON_Delete(value);
}

static void test_structure(UNUSED void **state) {
    int accepted = 0;
    int refused = 0;
    for (size_t i = 0; i < n_samples; i++) {
        for (int round = 0; round < ROUNDS; round++) {
            cJSON *json = parsed(samples[i]);
            for (uint32_t k = any(6); k < 6; k++) {
                change(json);
            }
            const char *text = printed(&a, json);
            cJSON_Delete(json);
            bool good = read_sound(text, strlen(text));
            accepted += good;
            refused += !good;
        }
    }
    assert_true(accepted > (int)n_samples * ROUNDS / 20);
    assert_true(refused > (int)n_samples * ROUNDS / 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_structure),
    };
    return cmocka_run_group_tests_name("slack_wire_random", tests, load_samples, free_samples);
}
