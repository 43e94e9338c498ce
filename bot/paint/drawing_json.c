#include "bot/paint/drawing_json.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"

/* ---- bounds ---- */

static bool text_fits(const char *s) {
    size_t n = strlen(s);
    for (const char *p = s; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            return false;
        }
    }
    return n <= DRAWING_TEXT_MAX && text_valid(s, n);
}

static bool value_fits(const struct drawing *d, int value) {
    return value == DRAWING_NOTHING || (value >= 0 && value <= d->max);
}

static const char *bar_fault(struct arena *a, const struct drawing *d, size_t i) {
    const struct drawing_bar *bar = &d->bars[i];
    const char *field = !text_fits(bar->label)        ? "label"
                        : !value_fits(d, bar->value)  ? "value"
                        : !value_fits(d, bar->before) ? "before"
                        : !value_fits(d, bar->goal)   ? "goal"
                                                      : NULL;
    return field ? arena_printf(a, "bars[%zu].%s is out of bounds", i, field) : NULL;
}

/* What is wrong, NULL for nothing. */
static const char *fault_of(struct arena *a, const struct drawing *d) {
    const struct {
        const char *field;
        const char *text;
    } texts[] = {{"title", d->title},    {"value", d->value_name},     {"before", d->before_name},
                 {"goal", d->goal_name}, {"unknown", d->unknown_name}, {"source", d->source}};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!text_fits(texts[i].text)) {
            return arena_printf(a, "%s is longer than %d bytes, or no line of text", texts[i].field,
                                DRAWING_TEXT_MAX);
        }
    }
    if (d->max < 1 || d->max > DRAWING_SCALE_MAX) {
        return arena_printf(a, "max is not between 1 and %d", DRAWING_SCALE_MAX);
    }
    if (d->n < 1 || d->n > DRAWING_MAX_BARS) {
        return arena_printf(a, "bars are not between 1 and %d", DRAWING_MAX_BARS);
    }
    const char *fault = NULL;
    for (size_t i = 0; i < d->n && !fault; i++) {
        fault = bar_fault(a, d, i);
    }
    return fault;
}

/* ---- writing ---- */

static void add_value(cJSON *json, const char *name, int value) {
    if (value != DRAWING_NOTHING) {
        cJSON_AddNumberToObject(json, name, value);
    }
}

const char *drawing_json_write(struct arena *a, const struct drawing *d, const char **ret_why) {
    const char *fault = fault_of(a, d);
    if (fault) {
        *ret_why = fault;
        return NULL;
    }
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "title", d->title);
    cJSON_AddStringToObject(json, "value", d->value_name);
    cJSON_AddStringToObject(json, "before", d->before_name);
    cJSON_AddStringToObject(json, "goal", d->goal_name);
    cJSON_AddStringToObject(json, "unknown", d->unknown_name);
    cJSON_AddStringToObject(json, "source", d->source);
    cJSON_AddNumberToObject(json, "max", d->max);
    cJSON *bars = cJSON_AddArrayToObject(json, "bars");
    for (size_t i = 0; i < d->n; i++) {
        cJSON *bar = cJSON_CreateObject();
        cJSON_AddStringToObject(bar, "label", d->bars[i].label);
        add_value(bar, "value", d->bars[i].value);
        add_value(bar, "before", d->bars[i].before);
        add_value(bar, "goal", d->bars[i].goal);
        cJSON_AddItemToArray(bars, bar);
    }
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text) {
        xalloc_die();
    }
    const char *copy = arena_strdup(a, text);
    cJSON_free(text);
    return copy;
}

/* ---- reading ---- */

static bool take_text(struct arena *a, const cJSON *json, const char *name, const char **ret) {
    const char *s = json_string(json, name);
    *ret = arena_strdup(a, s ? s : "");
    return s != NULL;
}

static bool take_whole(const cJSON *member, int *ret) {
    double number = cJSON_IsNumber(member) ? member->valuedouble : -2;
    if (!(number >= 0 && number <= DRAWING_SCALE_MAX) || (double)(int)number != number) {
        return false;
    }
    *ret = (int)number;
    return true;
}

static bool take_value(const cJSON *bar, const char *name, int *ret) {
    const cJSON *member = json_member(bar, name);
    *ret = DRAWING_NOTHING;
    return !member || take_whole(member, ret);
}

static const char *read_bars(struct arena *a, const cJSON *list, struct drawing *d) {
    int n = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    if (n < 1 || n > DRAWING_MAX_BARS) {
        return arena_printf(a, "bars are not between 1 and %d", DRAWING_MAX_BARS);
    }
    struct drawing_bar *bars = arena_alloc(a, (size_t)n * sizeof(*bars));
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        struct drawing_bar *bar = &bars[d->n];
        if (!take_text(a, item, "label", &bar->label) || !take_value(item, "value", &bar->value) ||
            !take_value(item, "before", &bar->before) || !take_value(item, "goal", &bar->goal)) {
            return arena_printf(a, "bars[%zu] is no bar", d->n);
        }
        d->n++;
    }
    d->bars = bars;
    return NULL;
}

static const char *read_drawing(struct arena *a, const cJSON *json, struct drawing *d) {
    if (!take_text(a, json, "title", &d->title) || !take_text(a, json, "value", &d->value_name) ||
        !take_text(a, json, "before", &d->before_name) ||
        !take_text(a, json, "goal", &d->goal_name) ||
        !take_text(a, json, "unknown", &d->unknown_name) ||
        !take_text(a, json, "source", &d->source)) {
        return "title, value, before, goal, unknown and source have to be texts";
    }
    if (!take_whole(json_member(json, "max"), &d->max)) {
        return "max is no whole number of a scale";
    }
    const char *fault = read_bars(a, json_member(json, "bars"), d);
    return fault ? fault : fault_of(a, d);
}

bool drawing_json_read(struct arena *a, const char *json, size_t n, struct drawing *ret,
                       const char **ret_why) {
    struct json_error err = {.what = ""};
    cJSON *root = json_parse(json, n, DRAWING_JSON_MAX, &err);
    if (!root) {
        *ret_why = err.what;
        return false;
    }
    struct drawing d = {.alt = ""};
    const char *fault = read_drawing(a, root, &d);
    cJSON_Delete(root);
    if (fault) {
        *ret_why = fault;
        return false;
    }
    *ret = d;
    return true;
}
