#include "bot/owed.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/paint/drawing_json.h"

#define DESK_SUFFIX "desk"

static const char *print_json(struct arena *arena, cJSON *json) {
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text) {
        xalloc_die();
    }
    const char *copy = arena_strdup(arena, text);
    cJSON_free(text);
    return copy;
}

static const char *choices_json(struct arena *arena, const struct reply *r) {
    if (r->n_choices == 0) {
        return "";
    }
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < r->n_choices; i++) {
        const struct choice *choice = &r->choices[i];
        cJSON *c = cJSON_CreateObject();
        cJSON_AddNumberToObject(c, "number", choice->number);
        cJSON_AddStringToObject(c, "label", choice->label);
        cJSON_AddBoolToObject(c, "ticked", choice->ticked);
        if (choice->description && *choice->description) {
            cJSON_AddStringToObject(c, "description", choice->description);
        }
        cJSON_AddItemToArray(list, c);
    }
    return print_json(arena, list);
}

static void add_words(cJSON *json, const struct reply *r) {
    if (r->n_words == 0) {
        return;
    }
    cJSON *list = cJSON_AddArrayToObject(json, "words");
    for (size_t i = 0; i < r->n_words; i++) {
        const struct word *word = &r->words[i];
        cJSON *w = cJSON_CreateObject();
        cJSON_AddStringToObject(w, "label", word->label);
        cJSON_AddStringToObject(w, "text", word->text);
        cJSON_AddStringToObject(w, "sheet", word->sheet);
        cJSON_AddBoolToObject(w, "urgent", word->urgent);
        cJSON_AddItemToArray(list, w);
    }
}

static void add_table(cJSON *json, const struct table *table) {
    if (!table) {
        return;
    }
    cJSON *t = cJSON_AddObjectToObject(json, "table");
    cJSON_AddNumberToObject(t, "columns", (double)table->columns);
    cJSON_AddItemToObject(
        t, "cells", cJSON_CreateStringArray(table->cells, (int)(table->columns * table->rows)));
}

static void add_chart(cJSON *json, const struct chart *chart) {
    if (!chart) {
        return;
    }
    cJSON *c = cJSON_AddObjectToObject(json, "chart");
    cJSON_AddStringToObject(c, "title", chart->title);
    cJSON_AddItemToObject(c, "labels", cJSON_CreateStringArray(chart->labels, (int)chart->n));
    cJSON_AddItemToObject(c, "values", cJSON_CreateIntArray(chart->values, (int)chart->n));
}

/* {"close":…,"place":…,"total":…,"words":[…],"table":{…},"chart":{…}}, each where there is one.
 */
static const char *controls_json(struct arena *arena, const struct reply *r) {
    bool closing = r->close && *r->close;
    if (r->n_words == 0 && r->total == 0 && !closing && !r->table && !r->chart) {
        return "";
    }
    cJSON *json = cJSON_CreateObject();
    if (closing) {
        cJSON_AddStringToObject(json, "close", r->close);
    }
    if (r->total > 0) {
        cJSON_AddNumberToObject(json, "place", r->place);
        cJSON_AddNumberToObject(json, "total", r->total);
    }
    add_words(json, r);
    add_table(json, r->table);
    add_chart(json, r->chart);
    return print_json(arena, json);
}

static struct store_out row_of(const struct owed *o, const struct reply *r, const char *suffix) {
    const struct event *e = o->event;
    return (struct store_out){
        .key = arena_printf(o->arena, "%s/%s/%s:%s", e->platform, e->workspace, e->id, suffix),
        .person_id = o->person_id,
        .platform = e->platform,
        .workspace = e->workspace,
        .recipient = e->user,
        .channel = "",
        .thread = "",
        .text = r->text,
        .choices = choices_json(o->arena, r),
        .controls = o->cards ? controls_json(o->arena, r) : "",
        .question = r->question ? r->question : "",
        .closes = r->closes,
        .due_ms = 0, /* at once, whatever the clock does meanwhile */
    };
}

/* A lane of its own, as any channel: the person's conversation does not wait for it. */
static int add_for_desk(const struct owed *o, const struct reply *r) {
    struct store_out row = row_of(o, r, DESK_SUFFIX);
    row.channel = o->desk;
    return *o->desk ? store_outbox_add(o->store, &row, o->event->at_ms) : 0;
}

bool owed_is_for_desk(const struct store_out *row) {
    const char *suffix = row->key ? strrchr(row->key, ':') : NULL;
    return suffix && strcmp(suffix + 1, DESK_SUFFIX) == 0;
}

const char *owed_file_name(const struct store_out *row) {
    return row->file_name && *row->file_name ? row->file_name : "kizuki.png";
}

const char *owed_loss(const struct store_out *row) {
    return owed_is_for_desk(row)
               ? "what somebody asked to be passed on cannot be sent to the desk: invite the bot "
                 "to "
                 "that channel, or correct key 'desk_channel' (check-config --online tries it); "
                 "this message is not sent again"
               : "a message cannot be sent";
}

/* What is drawn is a bonus to a text that stands alone: a fault in it is no reason to fail. */
static void add_drawing(const struct owed *o, const struct drawing *d, struct store_out *row) {
    const char *why = "";
    const char *json = drawing_json_write(o->arena, d, &why);
    if (json) {
        row->drawing = json;
        row->picture_alt = d->alt;
    } else {
        log_warn("a drawing is not sent; its text is", "why", why);
    }
}

struct store_out owed_row(const struct owed *o, const struct reply *r, size_t i) {
    const struct event *e = o->event;
    bool here = r->audience == AUDIENCE_HERE;
    struct store_out row = row_of(o, r, arena_printf(o->arena, "%zu", i));
    row.kind = here && e->whisper ? STORE_WHISPER : STORE_SAY;
    row.channel = here ? e->channel : "";
    row.thread = here || e->place == PLACE_DIRECT ? e->thread : "";
    row.replaces = r->refreshes ? e->shown : "";
    row.picture = r->picture ? r->picture->png : NULL;
    row.picture_len = r->picture ? r->picture->n : 0;
    row.picture_alt = r->picture ? r->picture->alt : "";
    row.drawing = "";
    row.file_name = "";
    if (r->file) {
        row.picture = r->file->data;
        row.picture_len = r->file->n;
        row.file_name = r->file->name;
    }
    if (r->drawing && !row.picture) {
        add_drawing(o, r->drawing, &row);
    }
    return row;
}

static int add_reply(const struct owed *o, const struct reply *r, size_t i) {
    if (r->audience == AUDIENCE_DESK) {
        return add_for_desk(o, r);
    }
    struct store_out row = owed_row(o, r, i);
    return store_outbox_add(o->store, &row, o->event->at_ms);
}

/*
 * Both kinds below have a lane of their own beside the conversation: whatever keeps them waiting,
 * the next question is not to wait for it.
 */
static int add_settled(const struct owed *o, const struct settled *settled) {
    struct reply r = {.text = settled->text, .question = settled->question};
    struct store_out row = row_of(o, &r, "settled");
    row.kind = STORE_SETTLE;
    row.channel = arena_printf(o->arena, "card:%s", o->event->user);
    return store_outbox_add(o->store, &row, o->event->at_ms);
}

int owed_add(const struct owed *o, const struct step *step) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < step->n_replies; i++) {
        bool said = o->alarmed && step->replies[i].urgent;
        rc = said ? 0 : add_reply(o, &step->replies[i], i);
    }
    if (rc == 0 && o->cards && step->settled.question) {
        rc = add_settled(o, &step->settled);
    }
    return rc;
}

int owed_add_home(const struct owed *o, const struct reply *home, const char *shown,
                  const char **ret_shown) {
    struct store_out row = row_of(o, home, "home");
    row.kind = STORE_HOME;
    row.channel = arena_printf(o->arena, "home:%s", o->event->user);
    const char *all = arena_printf(o->arena, "%s\n%s\n%s", row.text, row.choices, row.controls);
    char hash[HASH_HEX_LEN + 1];
    hash_hex(all, strlen(all), hash);
    *ret_shown = arena_strdup(o->arena, hash);
    return strcmp(hash, shown) == 0 ? 0 : store_outbox_add(o->store, &row, o->event->at_ms);
}
