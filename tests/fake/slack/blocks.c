#include "tests/fake/slack/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/schema.h"
#include "tests/fake/slack/shape.h"

size_t blocks_chars(const char *text) {
    size_t n = 0;
    for (; *text; text++) {
        n += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return n;
}

/* ---- what Slack fills in ---- */

static void fill_text(cJSON *text) {
    const char *type = json_string(text, "type");
    if (type && strcmp(type, "plain_text") == 0 && !json_member(text, "emoji")) {
        cJSON_AddBoolToObject(text, "emoji", true);
    } else if (type && strcmp(type, "mrkdwn") == 0 && !json_member(text, "verbatim")) {
        cJSON_AddBoolToObject(text, "verbatim", false);
    }
}

static bool is_interactive(const cJSON *o) {
    static const char *const types[] = {
        "button",     "checkboxes",   "radio_buttons",       "static_select",
        "overflow",   "datepicker",   "multi_static_select", "plain_text_input",
        "timepicker", "users_select", "number_input",        "email_text_input",
    };
    const char *type = json_string(o, "type");
    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i], type) == 0) {
            return true;
        }
    }
    return false;
}

#define DEPTH_MAX 16

/* Everything below the value, by a walk with a stack of its own. */
static void fill_below(struct world *w, cJSON *top) {
    cJSON *path[DEPTH_MAX];
    size_t depth = 0;
    path[depth++] = top->child;
    while (depth > 0) {
        cJSON *o = path[depth - 1];
        if (!o) {
            depth--;
            continue;
        }
        path[depth - 1] = o->next;
        if (cJSON_IsObject(o)) {
            fill_text(o);
        }
        if (is_interactive(o) && !json_member(o, "action_id")) {
            char id[8];
            shape_block_id(w, id);
            cJSON_AddStringToObject(o, "action_id", id);
        }
        if (o->child && depth < DEPTH_MAX) {
            path[depth++] = o->child;
        }
    }
}

void blocks_fill(struct world *w, cJSON *blocks) {
    cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const char *type = json_string(b, "type");
        if (!json_member(b, "block_id")) {
            char id[8];
            shape_block_id(w, id);
            cJSON_AddStringToObject(b, "block_id", id);
        }
        if (!type || strcmp(type, "rich_text") != 0) {
            fill_below(w, b);
        }
    }
}

/* ---- what no table says ---- */

#define MARKDOWN_MAX_CHARS 12000
#define VIEW_MAX_BYTES     256000
#define AT_MAX             160

/* What is said twice though it may be said only once. */
static void check_unique(struct schema *s, const cJSON *blocks, const char *pointer) {
    struct map seen = {0};
    int i = 0;
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const char *id = json_string(b, "block_id");
        char at[AT_MAX];
        snprintf(at, sizeof(at), "%.130s/%d/block_id", pointer, i++);
        if (id && map_get(&seen, id)) {
            schema_complain(s, "block_id already exists", at);
        } else if (id) {
            map_put(&seen, id, s);
        }
    }
    map_clear(&seen);
}

static bool same_option(const cJSON *a, const cJSON *b) {
    const char *text = json_string(json_member(a, "text"), "text");
    const char *other = json_string(json_member(b, "text"), "text");
    const char *value = json_string(a, "value");
    const char *other_value = json_string(b, "value");
    return text && other && value && other_value && strcmp(text, other) == 0 &&
           strcmp(value, other_value) == 0;
}

static bool has_option(const cJSON *options, const cJSON *wanted) {
    const cJSON *o;
    cJSON_ArrayForEach(o, options) {
        if (same_option(o, wanted)) {
            return true;
        }
    }
    return false;
}

static bool offers(const cJSON *element, const cJSON *wanted) {
    const cJSON *g;
    if (has_option(json_member(element, "options"), wanted)) {
        return true;
    }
    cJSON_ArrayForEach(g, json_member(element, "option_groups")) {
        if (has_option(json_member(g, "options"), wanted)) {
            return true;
        }
    }
    return false;
}

static void check_options(struct schema *s, const cJSON *element, const char *pointer) {
    struct map seen = {0};
    const cJSON *o;
    cJSON_ArrayForEach(o, json_member(element, "options")) {
        const char *value = json_string(o, "value");
        if (value && map_get(&seen, value)) {
            schema_complain(s, "options have the same value", pointer);
        } else if (value) {
            map_put(&seen, value, s);
        }
    }
    map_clear(&seen);
    const cJSON *first = json_member(element, "initial_option");
    if (first && !offers(element, first)) {
        schema_complain(s, "initial_option is not one of the options", pointer);
    }
    cJSON_ArrayForEach(o, json_member(element, "initial_options")) {
        if (!offers(element, o)) {
            schema_complain(s, "initial_options are not among the options", pointer);
        }
    }
}

static void check_element(struct schema *s, const cJSON *element, const char *pointer) {
    const char *type = json_string(element, "type");
    if (!type) {
        return;
    }
    bool selects = strcmp(type, "static_select") == 0 || strcmp(type, "multi_static_select") == 0;
    bool options = json_member(element, "options") != NULL;
    if (selects && options == (json_member(element, "option_groups") != NULL)) {
        schema_complain(s, "either options or option_groups, not both", pointer);
    }
    bool shows = strcmp(type, "image") == 0;
    if (shows && !json_member(element, "image_url") && !json_member(element, "slack_file")) {
        schema_complain(s, "missing required field: image_url", pointer);
    }
    check_options(s, element, pointer);
}

static void check_elements(struct schema *s, const cJSON *block, const char *pointer) {
    struct map seen = {0};
    int i = 0;
    const cJSON *e;
    char at[AT_MAX];
    cJSON_ArrayForEach(e, json_member(block, "elements")) {
        const char *id = json_string(e, "action_id");
        snprintf(at, sizeof(at), "%.130s/elements/%d", pointer, i++);
        if (id && map_get(&seen, id)) {
            schema_complain(s, "action_id already exists", at);
        } else if (id) {
            map_put(&seen, id, s);
        }
        check_element(s, e, at);
    }
    map_clear(&seen);
    snprintf(at, sizeof(at), "%.130s/accessory", pointer);
    check_element(s, json_member(block, "accessory"), at);
    snprintf(at, sizeof(at), "%.130s/element", pointer);
    check_element(s, json_member(block, "element"), at);
}

static void check_block(struct schema *s, const cJSON *block, const char *pointer) {
    const char *type = json_string(block, "type");
    schema_check(s, block, schema_blocks, pointer);
    if (!type) {
        return;
    }
    bool says = json_member(block, "text") || json_member(block, "fields");
    if (strcmp(type, "section") == 0 && !says) {
        schema_complain(s, "missing required field: text", pointer);
    }
    if (strcmp(type, "image") == 0) {
        check_element(s, block, pointer);
    }
    check_elements(s, block, pointer);
}

static void check_all(struct schema *s, const cJSON *blocks, enum blocks_surface where,
                      const char *pointer) {
    int i = 0;
    int tables = 0;
    size_t markdown = 0;
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const char *type = json_string(b, "type");
        const char *text = json_string(b, "text");
        char at[AT_MAX];
        snprintf(at, sizeof(at), "%.130s/%d", pointer, i++);
        check_block(s, b, at);
        bool is_markdown = type && strcmp(type, "markdown") == 0;
        bool is_table = type && strcmp(type, "table") == 0;
        if ((is_markdown || is_table) && where != BLOCKS_MESSAGE) {
            schema_complain(s, "block is not allowed on this surface", at);
        }
        markdown += is_markdown && text ? blocks_chars(text) : 0;
        tables += is_table;
    }
    if (markdown > MARKDOWN_MAX_CHARS) {
        schema_complain(s, "markdown blocks are too long together", pointer);
    }
    if (tables > 1) {
        schema_complain(s, "only one table is allowed", pointer);
    }
}

bool blocks_check(struct web *w, const cJSON *blocks, enum blocks_surface where,
                  const char *pointer) {
    struct schema s = {.web = w, .is_view = where != BLOCKS_MESSAGE};
    int most = where == BLOCKS_MESSAGE ? 50 : 100;
    if (!cJSON_IsArray(blocks)) {
        schema_complain(&s, "must provide an array", pointer);
        return false;
    }
    if (cJSON_GetArraySize(blocks) > most) {
        char what[64];
        snprintf(what, sizeof(what), "no more than %d items allowed", most);
        schema_complain(&s, what, pointer);
    }
    check_all(&s, blocks, where, pointer);
    check_unique(&s, blocks, pointer);
    return s.n_wrong == 0;
}

static bool has_input(const cJSON *blocks) {
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const char *type = json_string(b, "type");
        if (type && strcmp(type, "input") == 0) {
            return true;
        }
    }
    return false;
}

bool blocks_check_view(struct web *w, const cJSON *view) {
    struct schema s = {.web = w, .is_view = true};
    const cJSON *blocks = json_member(view, "blocks");
    const char *type = json_string(view, "type");
    bool is_home = type && strcmp(type, "home") == 0;
    schema_check(&s, view, is_home ? schema_home : schema_modal, "/view");
    if (!is_home && has_input(blocks) && !json_member(view, "submit")) {
        schema_complain(&s, "missing required field: submit", "/view");
    }
    char *text = cJSON_PrintUnformatted(view);
    if (strlen(text) > VIEW_MAX_BYTES) {
        schema_complain(&s, "view is too large", "/view");
    }
    free(text);
    bool good = s.n_wrong == 0;
    enum blocks_surface where = is_home ? BLOCKS_HOME : BLOCKS_MODAL;
    return (!blocks || blocks_check(w, blocks, where, "/view/blocks")) && good;
}
