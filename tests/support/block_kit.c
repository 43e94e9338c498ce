#include "tests/support/block_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"
#include "tests/support/slack_frames.h"

enum surface { MESSAGE, HOME, MODAL };

struct scene {
    enum surface surface;
    size_t tables;
};

size_t chars(const char *s) {
    size_t n = 0;
    for (; *s; s++) {
        n += (*s & 0xC0) != 0x80;
    }
    return n;
}

/* ---- what Slack takes ---- */

static void refuse(const cJSON *at, const char *why) {
    char *json = cJSON_Print(at);
    print_error("%.4000s\n", json ? json : "nothing");
    cJSON_free(json);
    fail_msg("%s", why);
}

static void need(bool good, const cJSON *at, const char *why) {
    if (!good) {
        refuse(at, why);
    }
}

/* Only these keys, parted by spaces. */
static void check_keys(const cJSON *object, const char *known) {
    need(cJSON_IsObject(object), object, "no object");
    const cJSON *m;
    cJSON_ArrayForEach(m, object) {
        char key[64];
        snprintf(key, sizeof(key), " %s ", m->string);
        char all[256];
        snprintf(all, sizeof(all), " %s ", known);
        need(strstr(all, key) != NULL, object, m->string);
        for (const cJSON *n = m->next; n; n = n->next) {
            need(strcmp(n->string, m->string) != 0, object, "a key twice");
        }
    }
}

static const char *string_in(const cJSON *object, const char *key) {
    const char *s = json_string(object, key);
    need(s != NULL, object, key);
    return s ? s : "";
}

static void check_string(const cJSON *object, const char *key, size_t min, size_t max) {
    const char *s = string_in(object, key);
    need(text_valid(s, strlen(s)), object, key);
    need(chars(s) >= min && chars(s) <= max, object, key);
}

/* Entities only, so that nothing is a mention, a link or a date. */
static void check_inert(const char *s, const cJSON *at) {
    for (const char *p = s; *p; p++) {
        need(*p != '<' && *p != '>', at, "something live");
        need(*p != '&' || strncmp(p, "&amp;", 5) == 0 || strncmp(p, "&lt;", 4) == 0 ||
                 strncmp(p, "&gt;", 4) == 0,
             at, "a bare &");
        need((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t', at, "a control character");
    }
}

static void check_text(const cJSON *text, const char *type, size_t max) {
    bool plain = strcmp(type, "plain_text") == 0;
    check_keys(text, plain ? "type text emoji" : "type text");
    need(strcmp(json_string(text, "type"), type) == 0, text, "another type of text");
    check_string(text, "text", 1, max);
    const char *s = json_string(text, "text");
    check_inert(s, text);
    need(!plain || !strchr(s, '\n'), text, "several lines");
    need(s[strspn(s, " \n\t")] != '\0', text, "only space");
}

static void check_plain(const cJSON *object, const char *key, size_t max) {
    check_text(json_member(object, key), "plain_text", max);
}

static void check_option(const cJSON *option) {
    check_keys(option, "text value description");
    check_plain(option, "text", 75);
    check_string(option, "value", 1, 150);
    if (json_member(option, "description")) {
        check_plain(option, "description", 75);
    }
}

static bool is_one_of(const cJSON *option, const cJSON *options) {
    const cJSON *o;
    cJSON_ArrayForEach(o, options) {
        if (cJSON_Compare(o, option, true)) {
            return true;
        }
    }
    return false;
}

static void check_options(const cJSON *element, int max) {
    const cJSON *options = json_member(element, "options");
    int n = cJSON_GetArraySize(options);
    need(cJSON_IsArray(options) && n >= 1 && n <= max, element, "options");
    const cJSON *o;
    cJSON_ArrayForEach(o, options) {
        check_option(o);
        for (const cJSON *p = o->next; p; p = p->next) {
            need(strcmp(json_string(o, "value"), json_string(p, "value")) != 0, element,
                 "a value twice");
        }
    }
    const cJSON *one = json_member(element, "initial_option");
    need(!one || is_one_of(one, options), element, "initial_option");
    const cJSON *several = json_member(element, "initial_options");
    need(!several || cJSON_GetArraySize(several) > 0, element, "no initial_options");
    cJSON_ArrayForEach(o, several) {
        need(is_one_of(o, options), element, "initial_options");
    }
}

static void check_button(const cJSON *e) {
    check_keys(e, "type action_id text value style");
    check_plain(e, "text", 75);
    check_string(e, "value", 1, 2000);
    const char *style = json_string(e, "style");
    need(!json_member(e, "style") ||
             (style && (strcmp(style, "primary") == 0 || strcmp(style, "danger") == 0)),
         e, "style");
}

static void check_input_text(const cJSON *e) {
    check_keys(e, "type action_id multiline max_length initial_value");
    const cJSON *max = json_member(e, "max_length");
    need(cJSON_IsNumber(max) && max->valueint >= 1 && max->valueint <= 3000, e, "max_length");
    need(cJSON_IsBool(json_member(e, "multiline")), e, "multiline");
    if (json_member(e, "initial_value")) {
        check_string(e, "initial_value", 1, (size_t)max->valueint);
    }
}

static void check_element(const cJSON *e) {
    const char *type = string_in(e, "type");
    check_string(e, "action_id", 1, 255);
    if (strcmp(type, "button") == 0) {
        check_button(e);
    } else if (strcmp(type, "plain_text_input") == 0) {
        check_input_text(e);
    } else if (strcmp(type, "static_select") == 0) {
        check_keys(e, "type action_id options initial_option placeholder");
        check_options(e, 100);
        if (json_member(e, "placeholder")) {
            check_plain(e, "placeholder", 150);
        }
    } else if (strcmp(type, "radio_buttons") == 0) {
        check_keys(e, "type action_id options initial_option");
        check_options(e, 10);
    } else if (strcmp(type, "checkboxes") == 0) {
        check_keys(e, "type action_id options initial_options");
        check_options(e, 10);
    } else {
        refuse(e, "an unknown element");
    }
}

static void check_actions(const cJSON *block, UNUSED struct scene *scene) {
    const cJSON *elements = json_member(block, "elements");
    int n = cJSON_GetArraySize(elements);
    check_keys(block, "type block_id elements");
    need(n >= 1 && n <= 25, block, "elements");
    const cJSON *e;
    cJSON_ArrayForEach(e, elements) {
        check_element(e);
        need(strcmp(json_string(e, "type"), "plain_text_input") != 0, block, "a text in actions");
        for (const cJSON *f = e->next; f; f = f->next) {
            need(strcmp(json_string(e, "action_id"), json_string(f, "action_id")) != 0, block,
                 "an action twice");
        }
    }
}

static void check_section(const cJSON *block, UNUSED struct scene *scene) {
    check_keys(block, "type block_id text");
    check_text(json_member(block, "text"), "mrkdwn", 3000);
}

static void check_context(const cJSON *block, UNUSED struct scene *scene) {
    const cJSON *elements = json_member(block, "elements");
    int n = cJSON_GetArraySize(elements);
    check_keys(block, "type block_id elements");
    need(n >= 1 && n <= 10, block, "elements");
    const cJSON *e;
    cJSON_ArrayForEach(e, elements) {
        check_text(e, "plain_text", 3000);
    }
}

static void check_divider(const cJSON *block, UNUSED struct scene *scene) {
    check_keys(block, "type block_id");
}

static void check_input(const cJSON *block, struct scene *scene) {
    need(scene->surface == MODAL, block, "an input outside forms");
    check_keys(block, "type block_id label hint optional element");
    check_string(block, "block_id", 1, 255);
    check_plain(block, "label", 2000);
    if (json_member(block, "hint")) {
        check_plain(block, "hint", 2000);
    }
    need(cJSON_IsBool(json_member(block, "optional")), block, "optional");
    check_element(json_member(block, "element"));
    need(strcmp(json_string(json_member(block, "element"), "type"), "button") != 0, block,
         "a button in an input");
}

static void check_table(const cJSON *block, struct scene *scene) {
    const cJSON *rows = json_member(block, "rows");
    int wide = cJSON_GetArraySize(cJSON_GetArrayItem(rows, 0));
    int high = cJSON_GetArraySize(rows);
    check_keys(block, "type block_id rows column_settings");
    need(scene->surface == MESSAGE && ++scene->tables == 1, block, "a table here");
    need(high >= 1 && high <= 100 && wide >= 1 && wide <= 20, block, "size of the table");
    const cJSON *row;
    cJSON_ArrayForEach(row, rows) {
        need(cJSON_GetArraySize(row) == wide, block, "rows of different length");
        const cJSON *cell;
        cJSON_ArrayForEach(cell, row) {
            check_keys(cell, "type text");
            need(strcmp(json_string(cell, "type"), "raw_text") == 0, cell, "type of the cell");
            check_string(cell, "text", 1, 3000);
        }
    }
    const cJSON *settings = json_member(block, "column_settings");
    need(cJSON_GetArraySize(settings) <= 20, block, "column_settings");
    const cJSON *s;
    cJSON_ArrayForEach(s, settings) {
        check_keys(s, "align is_wrapped");
    }
}

static void check_chart(const cJSON *block, struct scene *scene) {
    const cJSON *chart = json_member(block, "chart");
    const cJSON *series = cJSON_GetArrayItem(json_member(chart, "series"), 0);
    const cJSON *axis = json_member(chart, "axis_config");
    const cJSON *points = json_member(series, "data");
    const cJSON *categories = json_member(axis, "categories");
    int n = cJSON_GetArraySize(points);
    need(scene->surface == MESSAGE, block, "a chart here");
    check_keys(block, "type block_id title chart");
    check_string(block, "title", 1, 50);
    check_keys(chart, "type series axis_config");
    check_keys(axis, "categories");
    check_keys(series, "name data");
    check_string(series, "name", 1, 20);
    need(cJSON_GetArraySize(json_member(chart, "series")) == 1, block, "series");
    need(n >= 1 && n <= 20 && cJSON_GetArraySize(categories) == n, block, "points");
    for (int i = 0; i < n; i++) {
        const cJSON *point = cJSON_GetArrayItem(points, i);
        const char *label = json_string(point, "label");
        check_keys(point, "label value");
        check_string(point, "label", 1, 20);
        need(cJSON_IsNumber(json_member(point, "value")), block, "value");
        for (int k = 0; k < n; k++) {
            const char *category = cJSON_GetArrayItem(categories, k)->valuestring;
            need((strcmp(label, category) == 0) == (i == k), block, "categories");
        }
    }
}

static void check_block(const cJSON *block, struct scene *scene) {
    static const struct {
        const char *type;
        void (*check)(const cJSON *block, struct scene *scene);
    } known[] = {
        {"section", check_section},          {"actions", check_actions}, {"context", check_context},
        {"divider", check_divider},          {"input", check_input},     {"table", check_table},
        {"data_visualization", check_chart},
    };
    const char *type = json_string(block, "type");
    if (json_member(block, "block_id")) {
        check_string(block, "block_id", 1, 255);
    }
    for (size_t i = 0; type && i < ARRAY_LEN(known); i++) {
        if (strcmp(type, known[i].type) == 0) {
            known[i].check(block, scene);
            return;
        }
    }
    refuse(block, "an unknown block");
}

static void check_blocks(const cJSON *blocks, struct scene *scene) {
    int n = cJSON_GetArraySize(blocks);
    need(cJSON_IsArray(blocks) && n >= 1 && n <= (scene->surface == MESSAGE ? 50 : 100), blocks,
         "number of blocks");
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        check_block(b, scene);
        const char *id = json_string(b, "block_id");
        for (const cJSON *c = b->next; id && c; c = c->next) {
            const char *other = json_string(c, "block_id");
            need(!other || strcmp(id, other) != 0, blocks, "a block id twice");
        }
    }
}

void check_message(const char *text, const cJSON *blocks) {
    struct scene scene = {.surface = MESSAGE};
    assert_true(text_valid(text, strlen(text)));
    assert_true(chars(text) >= 1 && chars(text) <= 40000);
    check_inert(text, blocks);
    if (blocks) {
        check_blocks(blocks, &scene);
        char *json = cJSON_PrintUnformatted(blocks);
        assert_true(chars(json) <= 13000);
        cJSON_free(json);
    }
}

void check_view(const cJSON *view) {
    const char *type = json_string(view, "type");
    bool modal = type && strcmp(type, "modal") == 0;
    need(modal || (type && strcmp(type, "home") == 0), view, "type of the view");
    struct scene scene = {.surface = modal ? MODAL : HOME};
    check_keys(view, modal ? "type title submit close callback_id private_metadata blocks"
                           : "type blocks private_metadata callback_id");
    if (modal) {
        static const char *const texts[] = {"title", "submit", "close"};
        bool fill = find_block(json_member(view, "blocks"), "input", 0) != NULL;
        for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
            if (i == 0 || (i == 1 && fill) || json_member(view, texts[i])) {
                check_plain(view, texts[i], 24);
            }
        }
    }
    if (json_member(view, "callback_id")) {
        check_string(view, "callback_id", 1, 255);
    }
    if (json_member(view, "private_metadata")) {
        check_string(view, "private_metadata", 1, 3000);
    }
    check_blocks(json_member(view, "blocks"), &scene);
    char *json = cJSON_PrintUnformatted(view);
    assert_true(strlen(json) <= (size_t)250 * 1000);
    cJSON_free(json);
}

/* ---- looking into them ---- */

const cJSON *find_block(const cJSON *blocks, const char *type, size_t nth) {
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        if (strcmp(json_string(b, "type"), type) == 0 && nth-- == 0) {
            return b;
        }
    }
    return NULL;
}

const cJSON *find_element(const cJSON *blocks, const char *block, const char *action) {
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        const char *id = json_string(b, "block_id");
        const cJSON *e;
        cJSON_ArrayForEach(e, json_member(b, "elements")) {
            const char *name = json_string(e, "action_id");
            if (id && (!*block || strcmp(id, block) == 0) && name && strcmp(name, action) == 0) {
                return e;
            }
        }
    }
    return NULL;
}

const char *sections(struct arena *a, const cJSON *blocks) {
    const char *all = "";
    const cJSON *s;
    for (size_t i = 0; (s = find_block(blocks, "section", i)) != NULL; i++) {
        all = arena_printf(a, "%s%s\n", all, json_string(json_member(s, "text"), "text"));
    }
    return all;
}

const char *seen(struct arena *a, const cJSON *text) {
    static const char *const entities[][2] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    struct buf b;
    buf_init(&b, 100000);
    for (const char *s = json_string(text, "text"); *s;) {
        size_t n = 0;
        for (size_t i = 0; n == 0 && i < ARRAY_LEN(entities); i++) {
            n = strncmp(s, entities[i][0], strlen(entities[i][0])) == 0 ? strlen(entities[i][0])
                                                                        : 0;
            buf_adds(&b, n > 0 ? entities[i][1] : "");
        }
        buf_add(&b, s, n > 0 ? 0 : 1);
        s += n > 0 ? n : 1;
    }
    const char *copy = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return copy;
}

void keep_sample(const char *name, const char *text, const cJSON *json) {
    const char *dir = getenv("KIZUKI_BLOCKS");
    if (!dir || !*dir) {
        return;
    }
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.json", dir, name);
    cJSON *list = cJSON_CreateArray();
    cJSON *sent = cJSON_CreateObject();
    cJSON_AddStringToObject(sent, "method", name);
    if (text) {
        cJSON_AddStringToObject(sent, "text", text);
    }
    cJSON_AddItemToObject(sent, text ? "blocks" : "view", cJSON_Duplicate(json, true));
    cJSON_AddItemToArray(list, sent);
    char *whole = cJSON_Print(list);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(whole, f) >= 0);
    assert_int_equal(fclose(f), 0);
    cJSON_free(whole);
    cJSON_Delete(list);
}
