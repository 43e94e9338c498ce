#include "bot/slack/elements.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "bot/slack/markup.h"
#include "bot/split.h"

#define MESSAGE_BLOCKS 50
#define VIEW_BLOCKS    100
/*
 * All blocks of a message together: undocumented; refused (msg_blocks_too_long) were some with
 * 11,341 characters of text, others from about 13,200 characters of JSON on.
 */
#define MESSAGE_CHARS  12000
#define VIEW_CHARS     60000 /* 250 kB, of up to four bytes */
#define ESCAPES_GROW   6     /* "&amp;" and some more */
#define JSON_MAX_BYTES ((size_t)256 * 1024)
#define MORE           "…"
#define CELLS          5 /* of the progress bar */
#define PLACES_MAX     999

/* ---- there and back ---- */

/* What may get lost on the way, or come back as something else. */
static bool is_escaped(unsigned char c) {
    return c <= ' ' || c == 0x7f || strchr("%&<>\"\\", c) != NULL;
}

const char *slack_carry(struct arena *a, const char *prefix, const char *text, size_t max_chars) {
    struct buf b;
    buf_init(&b, strlen(prefix) + 3 * strlen(text) + 1);
    buf_adds(&b, prefix);
    for (const char *s = text; *s; s++) {
        buf_addf(&b, is_escaped((unsigned char)*s) ? "%%%02X" : "%c", (unsigned char)*s);
    }
    const char *id = text_chars(buf_text(&b)) <= max_chars ? arena_strdup(a, buf_text(&b)) : NULL;
    buf_free(&b);
    return id;
}

/* The byte that two digits stand for, 0 for anything else. */
static unsigned char escaped_byte(const char *s) {
    static const char digits[] = "0123456789ABCDEF";
    const char *high = s[0] ? strchr(digits, s[0]) : NULL;
    const char *low = high && s[1] ? strchr(digits, s[1]) : NULL;
    unsigned char c = low ? (unsigned char)((high - digits) * 16 + (low - digits)) : 0;
    return c && is_escaped(c) ? c : 0;
}

const char *slack_carried(struct arena *a, const char *prefix, const char *id) {
    size_t n = strlen(prefix);
    if (strncmp(id, prefix, n) != 0) {
        return NULL;
    }
    char *text = arena_strdup(a, id + n);
    char *to = text;
    for (const char *s = id + n; *s; s++) {
        unsigned char c = *s == '%' ? escaped_byte(s + 1) : (unsigned char)*s;
        if (c == 0 || (*s != '%' && is_escaped(c))) {
            return NULL;
        }
        *to++ = (char)c;
        s += *s == '%' ? 2 : 0;
    }
    *to = '\0';
    return text;
}

/* ---- elements ---- */

const char *slack_bare(struct arena *a, const char *text, size_t n) {
    char *line = arena_strndup(a, text, n);
    char *to = line;
    for (const char *p = line; *p;) {
        bool mark = p[0] == '*' && p[1] == '*';
        if (!mark) {
            *to++ = (char)((unsigned char)*p < ' ' || *p == 0x7f ? ' ' : *p);
        }
        p += mark ? 2 : 1;
    }
    *to = '\0';
    return text_trim(a, line);
}

cJSON *slack_json(const char *json) {
    struct json_error err;
    return *json ? json_parse(json, strlen(json), JSON_MAX_BYTES, &err) : NULL;
}

static cJSON *text_object(const char *type, const char *text) {
    cJSON *t = cJSON_CreateObject();
    cJSON_AddStringToObject(t, "type", type);
    cJSON_AddStringToObject(t, "text", text);
    return t;
}

cJSON *slack_line(struct arena *a, const char *text, size_t max_chars, bool *ret_whole) {
    const char *line = slack_bare(a, text, strlen(text));
    const char *shown = slack_literal(a, line);
    bool cut = false;
    size_t max = text_chars(line);
    size_t over = 0;
    do {
        size_t n = text_chars(shown);
        over = n > max_chars ? (n - max_chars + ESCAPES_GROW - 1) / ESCAPES_GROW : 0;
        max -= over < max ? over : max;
        shown = over > 0 ? slack_literal(a, slack_clip(a, line, max, &cut)) : shown;
    } while (over > 0 && max > 0);
    bool nothing = text_is_blank(shown);
    cJSON *t = text_object("plain_text", nothing ? MORE : shown);
    cJSON_AddBoolToObject(t, "emoji", true);
    if (ret_whole) {
        *ret_whole = !cut && !nothing;
    }
    return t;
}

cJSON *slack_option(cJSON *text, const char *value, cJSON *description) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToObject(o, "text", text);
    cJSON_AddStringToObject(o, "value", value);
    if (description) {
        cJSON_AddItemToObject(o, "description", description);
    }
    return o;
}

cJSON *slack_input(const char *type, const char *action) {
    cJSON *e = cJSON_CreateObject();
    cJSON_AddStringToObject(e, "type", type);
    cJSON_AddStringToObject(e, "action_id", action);
    return e;
}

cJSON *slack_button(cJSON *text, const char *action, const char *value) {
    cJSON *e = slack_input("button", action);
    cJSON_AddItemToObject(e, "text", text);
    cJSON_AddStringToObject(e, "value", value);
    return e;
}

/* ---- blocks ---- */

struct slack_blocks slack_blocks_of_message(void) {
    return (struct slack_blocks){
        .list = cJSON_CreateArray(), .room = MESSAGE_BLOCKS, .chars = MESSAGE_CHARS};
}

struct slack_blocks slack_blocks_of_view(void) {
    return (struct slack_blocks){
        .list = cJSON_CreateArray(), .room = VIEW_BLOCKS, .chars = VIEW_CHARS};
}

cJSON *slack_block(const char *type, const char *id) {
    cJSON *b = cJSON_CreateObject();
    cJSON_AddStringToObject(b, "type", type);
    if (*id) {
        cJSON_AddStringToObject(b, "block_id", id);
    }
    return b;
}

bool slack_blocks_add(struct slack_blocks *b, cJSON *block) {
    char *json = cJSON_PrintUnformatted(block);
    if (!json) {
        xalloc_die();
    }
    size_t n = text_chars(json) + 1; /* and a comma */
    cJSON_free(json);
    if (b->room == 0 || n > b->chars) {
        cJSON_Delete(block);
        return false;
    }
    b->room--;
    b->chars -= n;
    cJSON_AddItemToArray(b->list, block);
    return true;
}

static bool add_section(struct slack_blocks *b, const char *mrkdwn) {
    if (text_is_blank(mrkdwn)) {
        return true;
    }
    cJSON *section = slack_block("section", "");
    cJSON_AddItemToObject(section, "text", text_object("mrkdwn", mrkdwn));
    return slack_blocks_add(b, section);
}

/* A part whose markup makes it too long is parted once more, so that even the worst one fits. */
static bool say_part(struct arena *a, struct slack_blocks *b, const char *part) {
    const char *mrkdwn = slack_mrkdwn(a, part);
    if (text_chars(mrkdwn) <= SLACK_SECTION_CHARS) {
        return add_section(b, mrkdwn);
    }
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = split_text(a, part, SLACK_SECTION_CHARS / ESCAPES_GROW, parts);
    bool fits = true;
    for (size_t i = 0; fits && i < n; i++) {
        bool cut;
        fits = add_section(b, slack_clip(a, slack_mrkdwn(a, parts[i]), SLACK_SECTION_CHARS, &cut));
    }
    return fits;
}

bool slack_blocks_say(struct arena *a, struct slack_blocks *b, const char *text) {
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = split_text(a, text, SLACK_SECTION_CHARS, parts);
    bool fits = true;
    for (size_t i = 0; fits && i < n; i++) {
        fits = say_part(a, b, parts[i]);
    }
    return fits;
}

static double number_in(const cJSON *object, const char *key) {
    const cJSON *v = json_member(object, key);
    return cJSON_IsNumber(v) && v->valuedouble >= 0 ? floor(fmin(v->valuedouble, PLACES_MAX)) : 0;
}

bool slack_blocks_progress(struct slack_blocks *b, const cJSON *controls) {
    double total = number_in(controls, "total");
    double place = fmin(number_in(controls, "place"), total);
    if (total < 1) {
        return true;
    }
    int full = (int)floor(place / total * CELLS + 0.5);
    struct buf bar;
    buf_init(&bar, 64);
    for (int i = 0; i < CELLS; i++) {
        buf_adds(&bar, i < full ? "█" : "░");
    }
    buf_addf(&bar, " %.0f/%.0f", place, total);
    cJSON *context = slack_block("context", "");
    cJSON *elements = cJSON_AddArrayToObject(context, "elements");
    cJSON_AddItemToArray(elements, text_object("plain_text", buf_text(&bar)));
    buf_free(&bar);
    return slack_blocks_add(b, context);
}

/* NULL for a word that stands for nothing, or is too long to come back. */
static cJSON *word_button(struct arena *a, const cJSON *word, size_t i) {
    const char *label = json_string(word, "label");
    const char *text = json_string(word, "text");
    const char *sheet = json_string(word, "sheet");
    bool form = sheet && *sheet;
    const char *stands_for = form ? sheet : text;
    const char *value =
        stands_for && *stands_for ? slack_carry(a, "", stands_for, SLACK_VALUE_CHARS) : NULL;
    if (!label || !value) {
        return NULL;
    }
    cJSON *button =
        slack_button(slack_line(a, label, SLACK_OPTION_CHARS, NULL),
                     arena_printf(a, "%s:%zu", form ? SLACK_SHEET : SLACK_WORD, i), value);
    if (cJSON_IsTrue(json_member(word, "urgent"))) {
        cJSON_AddStringToObject(button, "style", "danger");
    }
    return button;
}

bool slack_blocks_words(struct arena *a, struct slack_blocks *b, const cJSON *controls,
                        const char *reference) {
    const char *id = slack_carry(a, SLACK_OF_WORDS, reference, SLACK_ID_CHARS);
    cJSON *block = slack_block("actions", id ? id : SLACK_OF_WORDS);
    cJSON *elements = cJSON_AddArrayToObject(block, "elements");
    size_t n = 0;
    const cJSON *word;
    cJSON_ArrayForEach(word, json_member(controls, "words")) {
        cJSON *button = n < SLACK_ELEMENTS_MAX ? word_button(a, word, n + 1) : NULL;
        n += button != NULL;
        cJSON_AddItemToArray(elements, button);
    }
    if (n == 0) {
        cJSON_Delete(block);
        return true;
    }
    return slack_blocks_add(b, block);
}

void slack_blocks_append(struct slack_blocks *b, struct slack_blocks *more) {
    while (cJSON_GetArraySize(more->list) > 0) {
        cJSON_AddItemToArray(b->list, cJSON_DetachItemFromArray(more->list, 0));
    }
    cJSON_Delete(more->list);
}
