#include "bot/slack/figures.h"

#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "bot/slack/elements.h"
#include "bot/slack/markup.h"

#define TABLE_ROWS    100
#define TABLE_COLUMNS 20
#define CELL_CHARS    500 /* our own limit */
#define CHART_POINTS  20
#define CHART_LABEL   20
#define CHART_TITLE   50
#define NOTHING       "–"

/* These texts are shown as they are: nothing in them is markup. "" for anything but a string. */
static const char *raw(struct arena *a, const cJSON *string, size_t max_chars) {
    bool cut;
    const char *text = cJSON_IsString(string) ? string->valuestring : "";
    return slack_clip(a, slack_bare(a, text, strlen(text)), max_chars, &cut);
}

cJSON *slack_table(struct arena *a, const cJSON *table) {
    const cJSON *cells = json_member(table, "cells");
    const cJSON *columns = json_member(table, "columns");
    int wide = cJSON_IsNumber(columns) ? columns->valueint : 0;
    int n = cJSON_IsArray(cells) ? cJSON_GetArraySize(cells) : 0;
    if (wide < 1 || wide > TABLE_COLUMNS || n == 0 || n % wide != 0 || n / wide > TABLE_ROWS) {
        return NULL;
    }
    cJSON *block = slack_block("table", "");
    cJSON *rows = cJSON_AddArrayToObject(block, "rows");
    cJSON *row = NULL;
    int i = 0;
    const cJSON *cell;
    cJSON_ArrayForEach(cell, cells) {
        if (i++ % wide == 0) {
            row = cJSON_CreateArray();
            cJSON_AddItemToArray(rows, row);
        }
        const char *text = raw(a, cell, CELL_CHARS);
        cJSON *c = cJSON_CreateObject();
        cJSON_AddStringToObject(c, "type", "raw_text");
        cJSON_AddStringToObject(c, "text", *text ? text : NOTHING);
        cJSON_AddItemToArray(row, c);
    }
    cJSON *settings = cJSON_AddArrayToObject(block, "column_settings");
    for (int k = 0; k < wide; k++) {
        cJSON *wrapped = cJSON_CreateObject();
        cJSON_AddBoolToObject(wrapped, "is_wrapped", true);
        cJSON_AddItemToArray(settings, wrapped);
    }
    return block;
}

/* Labels that are short enough and tell one point from another; NULL where they do not. */
static cJSON *chart_labels(struct arena *a, const cJSON *labels) {
    cJSON *list = cJSON_CreateArray();
    const cJSON *label;
    cJSON_ArrayForEach(label, labels) {
        const char *text = raw(a, label, CHART_LABEL);
        bool good = *text != '\0';
        const cJSON *before;
        cJSON_ArrayForEach(before, list) {
            good = good && strcmp(before->valuestring, text) != 0;
        }
        if (!good) {
            cJSON_Delete(list);
            return NULL;
        }
        cJSON_AddItemToArray(list, cJSON_CreateString(text));
    }
    return list;
}

static cJSON *chart_points(const cJSON *labels, const cJSON *values) {
    cJSON *points = cJSON_CreateArray();
    for (int i = 0; i < cJSON_GetArraySize(labels); i++) {
        const cJSON *value = cJSON_GetArrayItem(values, i);
        cJSON *point = cJSON_CreateObject();
        cJSON_AddStringToObject(point, "label", cJSON_GetArrayItem(labels, i)->valuestring);
        cJSON_AddNumberToObject(point, "value", cJSON_IsNumber(value) ? value->valuedouble : 0);
        cJSON_AddItemToArray(points, point);
    }
    return points;
}

cJSON *slack_chart(struct arena *a, const cJSON *chart) {
    const cJSON *values = json_member(chart, "values");
    const cJSON *title = json_member(chart, "title");
    int n = cJSON_GetArraySize(json_member(chart, "labels"));
    if (n < 1 || n > CHART_POINTS || cJSON_GetArraySize(values) != n ||
        *raw(a, title, CHART_TITLE) == '\0') {
        return NULL;
    }
    cJSON *labels = chart_labels(a, json_member(chart, "labels"));
    if (!labels) {
        return NULL;
    }
    cJSON *block = slack_block("data_visualization", "");
    cJSON_AddStringToObject(block, "title", raw(a, title, CHART_TITLE));
    cJSON *bars = cJSON_AddObjectToObject(block, "chart");
    cJSON_AddStringToObject(bars, "type", "bar");
    cJSON *series = cJSON_CreateObject();
    cJSON_AddStringToObject(series, "name", raw(a, title, CHART_LABEL));
    cJSON_AddItemToObject(series, "data", chart_points(labels, values));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(bars, "series"), series);
    cJSON_AddItemToObject(cJSON_AddObjectToObject(bars, "axis_config"), "categories", labels);
    return block;
}
