#include "tests/fake/slack/state.h"

#include <stdbool.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "tests/fake/slack/blocks.h"

/* How the value of each kind of element is called. */
static const struct kind {
    const char *type;
    const char *key;
    const char *initial;
    bool many;
    bool options;
} kinds[] = {
    {"radio_buttons", "selected_option", "initial_option", false, true},
    {"static_select", "selected_option", "initial_option", false, true},
    {"checkboxes", "selected_options", "initial_options", true, true},
    {"multi_static_select", "selected_options", "initial_options", true, true},
    {"plain_text_input", "value", "initial_value", false, false},
    {"email_text_input", "value", "initial_value", false, false},
    {"number_input", "value", "initial_value", false, false},
    {"datepicker", "selected_date", "initial_date", false, false},
    {"timepicker", "selected_time", "initial_time", false, false},
    {"users_select", "selected_user", "initial_user", false, false},
};

static const struct kind *kind_of(const cJSON *element) {
    const char *type = json_string(element, "type");
    for (size_t i = 0; type && i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i].type, type) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static cJSON *place(cJSON *stored, const cJSON *block, const cJSON *element) {
    const char *block_id = json_string(block, "block_id");
    const char *action_id = json_string(element, "action_id");
    cJSON *b = cJSON_GetObjectItemCaseSensitive(stored, block_id);
    b = b ? b : cJSON_AddObjectToObject(stored, block_id);
    cJSON *a = cJSON_GetObjectItemCaseSensitive(b, action_id);
    return a ? a : cJSON_AddObjectToObject(b, action_id);
}

/* The element's value in the state: what is stored, or what it began with. */
static cJSON *value_of(const cJSON *stored, const cJSON *block, const cJSON *element) {
    const struct kind *k = kind_of(element);
    const cJSON *b = json_member(stored, json_string(block, "block_id"));
    const cJSON *value = json_member(json_member(b, json_string(element, "action_id")), k->key);
    value = value ? value : json_member(element, k->initial);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "type", k->type);
    if (value) {
        cJSON_AddItemToObject(o, k->key, cJSON_Duplicate(value, 1));
    } else {
        cJSON_AddItemToObject(o, k->key, k->many ? cJSON_CreateArray() : cJSON_CreateNull());
    }
    return o;
}

/* An option as payloads have it: without its description. */
static cJSON *bare_option(const cJSON *option) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToObject(o, "text", cJSON_Duplicate(json_member(option, "text"), 1));
    cJSON_AddItemToObject(o, "value", cJSON_Duplicate(json_member(option, "value"), 1));
    return o;
}

static int index_of(const cJSON *options, const cJSON *option) {
    int i = 0;
    const cJSON *o;
    cJSON_ArrayForEach(o, options) {
        if (strcmp(json_string(o, "value"), json_string(option, "value")) == 0) {
            return i;
        }
        i++;
    }
    return -1;
}

/* In the order of the element's options, as clients send them. */
static cJSON *toggled(const cJSON *element, const cJSON *before, const cJSON *option) {
    cJSON *after = cJSON_CreateArray();
    const cJSON *o;
    cJSON_ArrayForEach(o, json_member(element, "options")) {
        bool was = index_of(before, o) >= 0;
        if (was != (o == option)) {
            cJSON_AddItemToArray(after, bare_option(o));
        }
    }
    return after;
}

static void put(cJSON *at, const char *key, cJSON *value) {
    cJSON_DeleteItemFromObjectCaseSensitive(at, key);
    cJSON_AddItemToObject(at, key, value);
}

cJSON *state_use(cJSON *stored, const cJSON *block, const cJSON *element, const cJSON *option) {
    const struct kind *k = kind_of(element);
    if (!k) { /* a button or an overflow menu */
        cJSON *o = option ? cJSON_CreateObject() : NULL;
        if (o) {
            cJSON_AddItemToObject(o, "selected_option", bare_option(option));
        }
        return o;
    }
    cJSON *now = value_of(stored, block, element);
    cJSON *value =
        k->many ? toggled(element, json_member(now, k->key), option) : bare_option(option);
    put(place(stored, block, element), k->key, cJSON_Duplicate(value, 1));
    put(now, k->key, value);
    return now;
}

static void add_value(cJSON *values, const cJSON *stored, const cJSON *block,
                      const cJSON *element) {
    if (!element || !kind_of(element)) {
        return;
    }
    const char *block_id = json_string(block, "block_id");
    cJSON *b = cJSON_GetObjectItemCaseSensitive(values, block_id);
    b = b ? b : cJSON_AddObjectToObject(values, block_id);
    cJSON_AddItemToObject(b, json_string(element, "action_id"), value_of(stored, block, element));
}

cJSON *state_values(const cJSON *blocks, const cJSON *stored) {
    cJSON *values = cJSON_CreateObject();
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const char *type = json_string(b, "type");
        const cJSON *e;
        if (type && strcmp(type, "actions") == 0) {
            cJSON_ArrayForEach(e, json_member(b, "elements")) {
                add_value(values, stored, b, e);
            }
        }
        add_value(values, stored, b, json_member(b, "accessory"));
        add_value(values, stored, b, json_member(b, "element"));
    }
    return values;
}

/* ---- modals ---- */

static const cJSON *option_valued(const cJSON *element, const char *value) {
    const cJSON *o;
    cJSON_ArrayForEach(o, json_member(element, "options")) {
        if (strcmp(json_string(o, "value"), value) == 0) {
            return o;
        }
    }
    return NULL;
}

static cJSON *options_valued(const cJSON *element, const cJSON *values) {
    cJSON *list = cJSON_CreateArray();
    const cJSON *v;
    cJSON_ArrayForEach(v, values) {
        const cJSON *o = cJSON_IsString(v) ? option_valued(element, v->valuestring) : NULL;
        if (!o) {
            cJSON_Delete(list);
            return NULL;
        }
        cJSON_AddItemToArray(list, bare_option(o));
    }
    return list;
}

static const char *check_length(const cJSON *element, const char *text) {
    const cJSON *max = json_member(element, "max_length");
    const cJSON *min = json_member(element, "min_length");
    double n = (double)blocks_chars(text);
    if (n > (cJSON_IsNumber(max) ? max->valuedouble : 3000)) {
        return "the text is too long";
    }
    return cJSON_IsNumber(min) && n < min->valuedouble ? "the text is too short" : NULL;
}

static const char *fill_one(cJSON *stored, const cJSON *block, const cJSON *element,
                            const cJSON *given) {
    const struct kind *k = kind_of(element);
    cJSON *value = NULL;
    if (!k) {
        return "the element takes no value";
    }
    if (k->many) {
        value = options_valued(element, given);
    } else if (k->options && cJSON_IsString(given)) {
        const cJSON *o = option_valued(element, given->valuestring);
        value = o ? bare_option(o) : NULL;
    } else if (cJSON_IsString(given)) {
        const char *wrong = check_length(element, given->valuestring);
        if (wrong) {
            return wrong;
        }
        value = cJSON_CreateString(given->valuestring);
    }
    if (!value) {
        return "no such option";
    }
    put(place(stored, block, element), k->key, value);
    return NULL;
}

static bool is_empty(const cJSON *value) {
    return !value || cJSON_IsNull(value) || (cJSON_IsArray(value) && !value->child) ||
           (cJSON_IsString(value) && !*value->valuestring);
}

const char *state_fill(cJSON *stored, const cJSON *blocks, const cJSON *values) {
    const cJSON *given;
    cJSON_ArrayForEach(given, values) {
        bool known = false;
        const cJSON *b;
        cJSON_ArrayForEach(b, blocks) {
            const char *id = json_string(b, "block_id");
            const cJSON *element = json_member(b, "element");
            if (element && id && strcmp(id, given->string) == 0) {
                const char *wrong = fill_one(stored, b, element, given);
                known = true;
                if (wrong) {
                    return wrong;
                }
            }
        }
        if (!known) {
            return "no such input";
        }
    }
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const cJSON *element = json_member(b, "element");
        const struct kind *k = element ? kind_of(element) : NULL;
        if (!k || cJSON_IsTrue(json_member(b, "optional"))) {
            continue;
        }
        cJSON *now = value_of(stored, b, element);
        bool empty = is_empty(json_member(now, k->key));
        cJSON_Delete(now);
        if (empty) {
            return "a required input is empty";
        }
    }
    return NULL;
}
