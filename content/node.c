#include "content/node.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static const char *const confidence_names[CONF__COUNT] = {"source", "inferred", "proposed",
                                                          "general"};

struct node node_root(struct node_reader *reader, const cJSON *json) {
    return (struct node){.reader = reader, .json = json, .path = "$"};
}

struct node node_member(struct node n, const char *key) {
    return (struct node){
        .reader = n.reader,
        .json = json_member(n.json, key),
        .path = arena_printf(n.reader->paths, "%s.%s", n.path, key),
    };
}

struct node node_item(struct node n, size_t i) {
    return (struct node){
        .reader = n.reader,
        .json = cJSON_IsArray(n.json) ? cJSON_GetArrayItem(n.json, (int)i) : NULL,
        .path = arena_printf(n.reader->paths, "%s[%zu]", n.path, i),
    };
}

bool node_present(struct node n) {
    return n.json && !cJSON_IsNull(n.json);
}

struct node node_key(struct node object, const cJSON *member) {
    struct node at = node_member(object, member->string);
    if (at.json != member) {
        node_fault(at, "this key is there twice");
    }
    return at;
}

void node_fault(struct node n, const char *fmt, ...) {
    char what[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    fault_add(n.reader->faults, n.reader->file, n.path, "%s", what);
}

size_t node_length(struct node n) {
    if (!node_present(n)) {
        return 0;
    }
    return node_array(n);
}

size_t node_array(struct node n) {
    if (!cJSON_IsArray(n.json)) {
        node_fault(n, node_present(n) ? "must be a list" : "this list is missing");
        return 0;
    }
    return (size_t)cJSON_GetArraySize(n.json);
}

const char *node_text(struct node n) {
    if (!node_present(n)) {
        node_fault(n, "this text is missing");
        return "";
    }
    if (!cJSON_IsString(n.json) || n.json->valuestring[0] == '\0') {
        node_fault(n, "must be a text that is not empty");
        return "";
    }
    if (strlen(n.json->valuestring) > NODE_TEXT_MAX_BYTES) {
        node_fault(n, "must be a text of at most %d bytes", NODE_TEXT_MAX_BYTES);
        return "";
    }
    return arena_strdup(n.reader->arena, n.json->valuestring);
}

int node_int(struct node n, int min, int max) {
    if (!cJSON_IsNumber(n.json) || floor(n.json->valuedouble) != n.json->valuedouble ||
        n.json->valuedouble < min || n.json->valuedouble > max) {
        node_fault(n, "must be a whole number from %d to %d", min, max);
        return min;
    }
    return (int)n.json->valuedouble;
}

struct l10n node_l10n(struct node n) {
    struct l10n t = {{"", ""}};
    if (!node_present(n)) {
        node_fault(n, "this text is missing (an object with \"ja\" and \"en\")");
        return t;
    }
    for (int i = 0; i < LANG__COUNT; i++) {
        t.in[i] = node_text(node_member(n, lang_codes[i]));
    }
    return t;
}

struct l10n node_l10n_opt(struct node n) {
    return node_present(n) ? node_l10n(n) : (struct l10n){{"", ""}};
}

struct string_list node_strings(struct node n) {
    size_t count = node_length(n);
    const char **items = arena_alloc(n.reader->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = node_text(node_item(n, i));
    }
    return (struct string_list){.items = items, .n = count};
}

enum confidence node_confidence(struct node n) {
    const char *word = cJSON_IsString(n.json) ? n.json->valuestring : "";
    for (int i = 0; i < CONF__COUNT; i++) {
        if (strcmp(word, confidence_names[i]) == 0) {
            return (enum confidence)i;
        }
    }
    node_fault(n, "the provenance must be one of source, inferred, proposed, general");
    return CONF_PROPOSED;
}
