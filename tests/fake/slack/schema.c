#include "tests/fake/slack/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/blocks.h"

#define POINTER_MAX 160

void schema_complain(struct schema *s, const char *what, const char *pointer) {
    s->n_wrong++;
    web_complain(s->web, what, pointer, s->is_view);
}

static void complain_of(struct schema *s, const char *format, const char *name,
                        const char *pointer) {
    char what[128];
    snprintf(what, sizeof(what), "%s: %.80s", format, name);
    schema_complain(s, what, pointer);
}

static void check_length(struct schema *s, const struct schema_rule *r, const char *text,
                         const char *pointer) {
    char what[64];
    size_t n = blocks_chars(text);
    if (n < (size_t)r->min) {
        snprintf(what, sizeof(what), "must be more than %d characters", r->min - 1);
        schema_complain(s, what, pointer);
    } else if (r->max && n > (size_t)r->max) {
        snprintf(what, sizeof(what), "must be less than %d characters", r->max + 1);
        schema_complain(s, what, pointer);
    }
}

static void check_string(struct schema *s, const struct schema_rule *r, const cJSON *value,
                         const char *pointer) {
    if (!cJSON_IsString(value)) {
        schema_complain(s, "must be a string", pointer);
        return;
    }
    if (r->kind == SCHEMA_URL && !strstr(value->valuestring, "://") &&
        strncmp(value->valuestring, "mailto:", 7) != 0) {
        schema_complain(s, "must be a valid URL", pointer);
    }
    check_length(s, r, value->valuestring, pointer);
}

static void check_choice(struct schema *s, const struct schema_rule *r, const cJSON *value,
                         const char *pointer) {
    const char *given = cJSON_IsString(value) ? value->valuestring : "";
    size_t n = strlen(given);
    for (const char *p = r->choices; *p;) {
        size_t len = strcspn(p, " ");
        if (len == n && strncmp(p, given, n) == 0) {
            return;
        }
        p += len + (p[len] == ' ');
    }
    schema_complain(s, "value is not one of the allowed ones", pointer);
}

static void check_number(struct schema *s, const struct schema_rule *r, const cJSON *value,
                         const char *pointer) {
    bool good = cJSON_IsNumber(value) && value->valuedouble >= r->min &&
                (!r->max || value->valuedouble <= r->max);
    if (!good) {
        schema_complain(s, "must be a number in the allowed range", pointer);
    }
}

/* A text object: its type, what belongs to that type, and how long it is. */
static void check_words(struct schema *s, const struct schema_rule *r, const cJSON *value,
                        const char *pointer) {
    const char *type = json_string(value, "type");
    bool plain = type && strcmp(type, "plain_text") == 0;
    bool mrkdwn = type && strcmp(type, "mrkdwn") == 0 && r->kind == SCHEMA_WORDS;
    char at[POINTER_MAX];
    if (!plain && !mrkdwn) {
        snprintf(at, sizeof(at), "%.130s/type", pointer);
        complain_of(s, "unsupported type", type ? type : "", at);
        return;
    }
    const cJSON *m;
    cJSON_ArrayForEach(m, value) {
        bool known = strcmp(m->string, "type") == 0 || strcmp(m->string, "text") == 0 ||
                     strcmp(m->string, plain ? "emoji" : "verbatim") == 0;
        if (!known) {
            complain_of(s, "invalid additional property", m->string, pointer);
        }
    }
    snprintf(at, sizeof(at), "%.130s/text", pointer);
    if (!json_string(value, "text")) {
        complain_of(s, "missing required field", "text", pointer);
    } else {
        check_length(s, r, json_string(value, "text"), at);
    }
}

static bool check_count(struct schema *s, const struct schema_rule *r, const cJSON *value,
                        const char *pointer) {
    char what[64];
    int n = cJSON_GetArraySize(value);
    if (!cJSON_IsArray(value)) {
        schema_complain(s, "must provide an array", pointer);
        return false;
    }
    if (n < r->min) {
        snprintf(what, sizeof(what), "no fewer than %d items allowed", r->min);
        schema_complain(s, what, pointer);
    } else if (r->max && n > r->max) {
        snprintf(what, sizeof(what), "no more than %d items allowed", r->max);
        schema_complain(s, what, pointer);
    }
    return true;
}

static void check_cells(struct schema *s, const struct schema_shape *shapes, const cJSON *row,
                        const char *pointer) {
    const cJSON *cell;
    cJSON_ArrayForEach(cell, row) {
        schema_check(s, cell, shapes, pointer);
    }
}

static void check_list(struct schema *s, const struct schema_rule *r, const cJSON *value,
                       const char *pointer) {
    static const int cells_max = 20;
    const struct schema_rule row = {.kind = SCHEMA_LIST, .min = 1, .max = cells_max};
    if (!check_count(s, r, value, pointer)) {
        return;
    }
    int i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, value) {
        char at[POINTER_MAX];
        snprintf(at, sizeof(at), "%.130s/%d", pointer, i++);
        if (r->kind == SCHEMA_LIST) {
            schema_check(s, item, r->shapes, at);
        } else if (check_count(s, &row, item, at)) {
            check_cells(s, r->shapes, item, at);
        }
    }
}

static void check_value(struct schema *s, const struct schema_rule *r, const cJSON *value,
                        const char *pointer) {
    switch (r->kind) {
    case SCHEMA_TEXT:
    case SCHEMA_URL:
        check_string(s, r, value, pointer);
        break;
    case SCHEMA_CHOICE:
        check_choice(s, r, value, pointer);
        break;
    case SCHEMA_BOOL:
        if (!cJSON_IsBool(value)) {
            schema_complain(s, "must be a boolean", pointer);
        }
        break;
    case SCHEMA_INT:
        check_number(s, r, value, pointer);
        break;
    case SCHEMA_PLAIN:
    case SCHEMA_WORDS:
        check_words(s, r, value, pointer);
        break;
    case SCHEMA_OBJECT:
        schema_check(s, value, r->shapes, pointer);
        break;
    case SCHEMA_LIST:
    case SCHEMA_TABLE:
        check_list(s, r, value, pointer);
        break;
    case SCHEMA_ANY:
        break;
    }
}

static const struct schema_rule *rule_named(const struct schema_rule *rules, const char *name) {
    for (; rules->name; rules++) {
        if (strcmp(rules->name, name) == 0) {
            return rules;
        }
    }
    return NULL;
}

static void check_members(struct schema *s, const cJSON *o, const struct schema_rule *rules,
                          const char *pointer) {
    const cJSON *m;
    cJSON_ArrayForEach(m, o) {
        const struct schema_rule *r = rule_named(rules, m->string);
        char at[POINTER_MAX];
        snprintf(at, sizeof(at), "%.110s/%.40s", pointer, m->string);
        if (r) {
            check_value(s, r, m, at);
        } else if (strcmp(m->string, "type") != 0) {
            complain_of(s, "invalid additional property", m->string, pointer);
        }
    }
    for (const struct schema_rule *r = rules; r->name; r++) {
        if (r->required && !json_member(o, r->name)) {
            complain_of(s, "missing required field", r->name, pointer);
        }
    }
}

void schema_check(struct schema *s, const cJSON *o, const struct schema_shape *shapes,
                  const char *pointer) {
    if (!cJSON_IsObject(o)) {
        schema_complain(s, "must provide an object", pointer);
        return;
    }
    const char *type = json_string(o, "type");
    for (; shapes->rules; shapes++) {
        if (!shapes->type || (type && strcmp(shapes->type, type) == 0)) {
            check_members(s, o, shapes->rules, pointer);
            return;
        }
    }
    char at[POINTER_MAX];
    snprintf(at, sizeof(at), "%.130s/type", pointer);
    if (type) {
        complain_of(s, "unsupported type", type, at);
    } else {
        complain_of(s, "missing required field", "type", pointer);
    }
}
