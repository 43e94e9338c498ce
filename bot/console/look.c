#include "bot/console/look.h"

#include <cjson/cJSON.h>

#include "base/buf.h"

#define LOOK_MAX ((size_t)64 * 1024)

static const char *take(struct arena *a, struct buf *b) {
    const char *s = arena_strdup(a, buf_text(b));
    buf_free(b);
    return s;
}

static const char *text_of(struct arena *a, const cJSON *word, const char *name) {
    const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(word, name));
    return arena_strdup(a, s ? s : "");
}

bool look_word(struct arena *a, const char *controls, int number, struct word *ret) {
    cJSON *json = cJSON_Parse(controls);
    const cJSON *words = cJSON_GetObjectItemCaseSensitive(json, "words");
    const cJSON *word = number > 0 ? cJSON_GetArrayItem(words, number - 1) : NULL;
    if (word) {
        *ret = (struct word){.label = text_of(a, word, "label"),
                             .text = text_of(a, word, "text"),
                             .sheet = text_of(a, word, "sheet")};
    }
    cJSON_Delete(json);
    return word != NULL;
}

const char *look_words(struct arena *a, const char *controls) {
    struct buf b;
    struct word word;
    buf_init(&b, LOOK_MAX);
    for (int i = 1; look_word(a, controls, i, &word); i++) {
        buf_addf(&b, "%s[%d %s%s]", i > 1 ? " " : "", i, word.label, *word.sheet ? "…" : "");
    }
    return take(a, &b);
}

/* "when (line, at most 100, may be empty): label / hint", and the options of a choice. */
static void add_field(struct buf *b, const struct sheet_field *f) {
    static const char *const kinds[] = {
        [SHEET_LINE] = "line", [SHEET_TEXT] = "text", [SHEET_CHOICE] = "choice"};
    buf_addf(b, "\n%s (%s", f->name, kinds[f->kind]);
    if (f->kind != SHEET_CHOICE) {
        buf_addf(b, ", at most %zu", f->max_chars);
    }
    buf_addf(b, "%s%s%s): %s%s%s", f->optional ? ", may be empty" : "", *f->value ? ", now " : "",
             f->value, f->label, *f->hint ? " / " : "", f->hint);
    for (size_t i = 0; i < f->n_options; i++) {
        buf_addf(b, "\n- %s: %s", f->options[i].value, f->options[i].label);
    }
}

const char *look_sheet(struct arena *a, const struct sheet *sheet) {
    struct buf b;
    buf_init(&b, LOOK_MAX);
    buf_addf(&b, "[sheet %s] %s%s%s", sheet->name, sheet->title, *sheet->intro ? "\n" : "",
             sheet->intro);
    for (size_t i = 0; i < sheet->n_fields; i++) {
        add_field(&b, &sheet->fields[i]);
    }
    buf_addf(&b, "\n[%s] [%s]", sheet->submit, sheet->cancel);
    return take(a, &b);
}

const char *look_errors(struct arena *a, const struct sheet_error *errors, size_t n) {
    struct buf b;
    buf_init(&b, LOOK_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_addf(&b, "%s[at %s] %s", i > 0 ? "\n" : "", errors[i].field, errors[i].text);
    }
    return take(a, &b);
}
