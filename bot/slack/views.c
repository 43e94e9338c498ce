#include "bot/slack/views.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "bot/slack/elements.h"
#include "bot/slack/markup.h"

#define TITLE_CHARS     24 /* also of the buttons of a form */
#define METADATA_CHARS  3000
#define LABEL_CHARS     2000
#define ERROR_CHARS     300 /* our own limit */
#define INPUT_CHARS_MAX 3000
#define RADIO_MAX       5 /* above that a list to choose from is shorter */
#define TEXT            "text"
#define OPTION          "option"

/* ---- the person's own page ---- */

/* A line that is bold as a whole. */
static bool is_head(const char *line, size_t n) {
    return n > 4 && memcmp(line, "**", 2) == 0 && memcmp(line + n - 2, "**", 2) == 0;
}

/* The bytes of the first paragraph: up to a blank line or to the next head. */
static size_t paragraph_length(const char *text) {
    size_t at = 0;
    while (text[at]) {
        size_t n = strcspn(text + at, "\n");
        if (at > 0 && (n == 0 || is_head(text + at, n))) {
            break;
        }
        at += n + (text[at + n] == '\n');
    }
    return at;
}

/* A line above each paragraph with a head but the first; what does not fit is left out. */
static void add_paragraphs(struct arena *a, struct slack_blocks *b, const char *text) {
    bool fits = true;
    text += strspn(text, "\n");
    for (bool first = true; fits && *text; first = false) {
        size_t n = paragraph_length(text);
        size_t shown = n;
        while (shown > 0 && text[shown - 1] == '\n') {
            shown--;
        }
        if (!first && is_head(text, strcspn(text, "\n"))) {
            fits = slack_blocks_add(b, slack_block("divider", ""));
        }
        fits = fits && slack_blocks_say(a, b, arena_strndup(a, text, shown));
        text += n;
        text += strspn(text, "\n");
    }
}

/* A view needs a block. */
static void end_blocks(struct slack_blocks *b, cJSON *view) {
    if (cJSON_GetArraySize(b->list) == 0) {
        (void)slack_blocks_add(b, slack_block("divider", ""));
    }
    cJSON_AddItemToObject(view, "blocks", b->list);
}

cJSON *slack_home(struct arena *a, const struct store_out *row) {
    cJSON *controls = slack_json(row->controls);
    struct slack_blocks below = slack_blocks_of_view();
    (void)slack_blocks_progress(&below, controls);
    (void)slack_blocks_words(a, &below, controls, "");
    cJSON_Delete(controls);
    struct slack_blocks b = below;
    b.list = cJSON_CreateArray();
    add_paragraphs(a, &b, row->text);
    slack_blocks_append(&b, &below);
    cJSON *view = cJSON_CreateObject();
    cJSON_AddStringToObject(view, "type", "home");
    end_blocks(&b, view);
    return view;
}

/* ---- forms ---- */

static bool has_value(const struct sheet_field *f, size_t n, const char *value) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(f->options[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

static cJSON *options_of(struct arena *a, const struct sheet_field *f, cJSON **ret_initial) {
    cJSON *list = cJSON_CreateArray();
    *ret_initial = NULL;
    for (size_t i = 0; i < f->n_options && cJSON_GetArraySize(list) < SLACK_OPTIONS_MAX; i++) {
        const char *value = slack_carry(a, SLACK_OF_FORM, f->options[i].value, SLACK_OPTION_VALUE);
        if (!value || has_value(f, i, f->options[i].value)) {
            continue; /* it could not come back, or not as itself */
        }
        cJSON *option =
            slack_option(slack_line(a, f->options[i].label, SLACK_OPTION_CHARS, NULL), value, NULL);
        cJSON_AddItemToArray(list, option);
        if (!*ret_initial && strcmp(f->options[i].value, f->value) == 0) {
            *ret_initial = cJSON_Duplicate(option, true);
        }
    }
    return list;
}

/* NULL where there is nothing to choose from. */
static cJSON *choice_element(struct arena *a, const struct sheet_field *f) {
    cJSON *initial;
    cJSON *options = options_of(a, f, &initial);
    int n = cJSON_GetArraySize(options);
    if (n == 0) {
        cJSON_Delete(options);
        return NULL;
    }
    cJSON *element = slack_input(n <= RADIO_MAX ? "radio_buttons" : "static_select", OPTION);
    cJSON_AddItemToObject(element, "options", options);
    if (initial) {
        cJSON_AddItemToObject(element, "initial_option", initial);
    }
    return element;
}

static cJSON *text_element(struct arena *a, const struct sheet_field *f) {
    size_t max =
        f->max_chars > 0 && f->max_chars < INPUT_CHARS_MAX ? f->max_chars : INPUT_CHARS_MAX;
    bool cut;
    const char *value =
        f->kind == SHEET_LINE ? slack_bare(a, f->value, strlen(f->value)) : f->value;
    cJSON *element = slack_input("plain_text_input", TEXT);
    cJSON_AddBoolToObject(element, "multiline", f->kind == SHEET_TEXT);
    cJSON_AddNumberToObject(element, "max_length", (double)max);
    if (*value) {
        cJSON_AddStringToObject(element, "initial_value", slack_clip(a, value, max, &cut));
    }
    return element;
}

/* NULL for a field that cannot be filled in. */
static cJSON *input_block(struct arena *a, const struct sheet_field *f) {
    const char *id = slack_carry(a, SLACK_OF_FORM, f->name, SLACK_ID_CHARS);
    cJSON *element = !id                       ? NULL
                     : f->kind == SHEET_CHOICE ? choice_element(a, f)
                                               : text_element(a, f);
    if (!element) {
        return NULL;
    }
    cJSON *block = slack_block("input", id);
    cJSON_AddItemToObject(block, "label", slack_line(a, f->label, LABEL_CHARS, NULL));
    if (*f->hint) {
        cJSON_AddItemToObject(block, "hint", slack_line(a, f->hint, LABEL_CHARS, NULL));
    }
    cJSON_AddBoolToObject(block, "optional", f->optional);
    cJSON_AddItemToObject(block, "element", element);
    return block;
}

static cJSON *modal(struct arena *a, const char *title) {
    cJSON *view = cJSON_CreateObject();
    cJSON_AddStringToObject(view, "type", "modal");
    cJSON_AddItemToObject(view, "title", slack_line(a, title, TITLE_CHARS, NULL));
    return view;
}

static bool has_field(const struct sheet *sheet, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(sheet->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

cJSON *slack_modal(struct arena *a, const struct sheet *sheet, const char *private_metadata) {
    cJSON *view = modal(a, sheet->title);
    const char *name = slack_carry(a, SLACK_OF_FORM, sheet->name, SLACK_ID_CHARS);
    cJSON_AddStringToObject(view, "callback_id", name ? name : SLACK_OF_FORM);
    cJSON_AddItemToObject(view, "submit", slack_line(a, sheet->submit, TITLE_CHARS, NULL));
    cJSON_AddItemToObject(view, "close", slack_line(a, sheet->cancel, TITLE_CHARS, NULL));
    if (*private_metadata && text_chars(private_metadata) <= METADATA_CHARS) {
        cJSON_AddStringToObject(view, "private_metadata", private_metadata);
    }
    struct slack_blocks b = slack_blocks_of_view();
    (void)slack_blocks_say(a, &b, sheet->intro);
    for (size_t i = 0; i < sheet->n_fields; i++) {
        cJSON *block =
            has_field(sheet, i, sheet->fields[i].name) ? NULL : input_block(a, &sheet->fields[i]);
        if (block) {
            (void)slack_blocks_add(&b, block);
        }
    }
    end_blocks(&b, view);
    return view;
}

cJSON *slack_loading(struct arena *a, const char *title, const char *text) {
    cJSON *view = modal(a, title);
    struct slack_blocks b = slack_blocks_of_view();
    (void)slack_blocks_say(a, &b, text);
    end_blocks(&b, view);
    return view;
}

/* ---- back ---- */

static bool read_entry(struct arena *a, const struct slack_value *v, struct sheet_entry *ret) {
    const char *value = v->n > 0 ? v->values[0] : "";
    bool choice = strcmp(v->action, OPTION) == 0;
    ret->field = slack_carried(a, SLACK_OF_FORM, v->block);
    ret->value =
        choice && v->n > 0 ? slack_carried(a, SLACK_OF_FORM, value) : arena_strdup(a, value);
    return ret->field && ret->value && v->n <= 1 && (choice || strcmp(v->action, TEXT) == 0);
}

bool slack_submit_read(struct arena *a, const struct slack_submit *submit, struct event *ret) {
    const char *name = slack_carried(a, SLACK_OF_FORM, submit->callback);
    struct sheet_entry *entries = arena_alloc(a, (submit->n_state + 1) * sizeof(*entries));
    for (size_t i = 0; i < submit->n_state; i++) {
        if (!read_entry(a, &submit->state[i], &entries[i])) {
            return false;
        }
    }
    if (!name || !*name) {
        return false;
    }
    ret->kind = EVENT_SUBMIT;
    ret->text = name;
    ret->entries = entries;
    ret->n_entries = submit->n_state;
    return true;
}

cJSON *slack_errors(const struct sheet_error *errors, size_t n) {
    struct arena a = {0};
    cJSON *at = cJSON_CreateObject();
    for (size_t i = 0; i < n; i++) {
        const char *id = slack_carry(&a, SLACK_OF_FORM, errors[i].field, SLACK_ID_CHARS);
        const char *text = slack_bare(&a, errors[i].text, strlen(errors[i].text));
        bool cut;
        if (id && *text && !json_member(at, id)) {
            cJSON_AddStringToObject(at, id, slack_clip(&a, text, ERROR_CHARS, &cut));
        }
    }
    arena_free(&a);
    if (cJSON_GetArraySize(at) == 0) {
        cJSON_Delete(at);
        return NULL;
    }
    cJSON *payload = cJSON_CreateObject();
    cJSON_AddStringToObject(payload, "response_action", "errors");
    cJSON_AddItemToObject(payload, "errors", at);
    return payload;
}
