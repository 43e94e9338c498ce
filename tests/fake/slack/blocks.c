#include "tests/fake/slack/blocks.h"

#include <string.h>

#include "base/json.h"
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

bool blocks_check(struct web *w, const cJSON *blocks, enum blocks_surface where,
                  const char *pointer) {
    (void)w;
    (void)where;
    (void)pointer;
    return cJSON_IsArray(blocks);
}

bool blocks_check_view(struct web *w, const cJSON *view) {
    return blocks_check(w, json_member(view, "blocks"), BLOCKS_MODAL, "/view/blocks");
}
