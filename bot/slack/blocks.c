#include "bot/slack/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/slack/elements.h"
#include "bot/slack/figures.h"
#include "bot/slack/markup.h"

#define PART_CHARS     3000 /* one section, and a text that chat.update takes */
#define TEXT_MAX_BYTES ((size_t)256 * 1024)
#define NUMBER_MAX     999
#define BUTTONS_MAX    5
#define BUTTON_WIDTH   30 /* from about there on clients cut a button's text */
#define NOTHING        "–"

/* Action ids. Buttons of choices have their number behind a colon. */
#define PICK  "pick"
#define TICK  "tick"
#define CLOSE "close"

enum control { NO_CONTROL, BUTTONS, RADIO, SELECT, CHECKBOXES };

struct option {
    int number;
    const char *label;
    const char *description; /* "" for none */
    bool ticked;
    bool shown; /* readable in full without a click */
};

struct question {
    const char *reference;
    const char *close;      /* "" where a click on a choice is the answer */
    struct option *options; /* each with a number of its own */
    size_t n;
    enum control control;
};

/* ---- what the outbox has ---- */

static const char *string_of(struct arena *a, const cJSON *object, const char *key) {
    const char *s = json_string(object, key);
    return s ? arena_strdup(a, s) : "";
}

static int number_of(const cJSON *choice) {
    const cJSON *v = json_member(choice, "number");
    bool fits = cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= NUMBER_MAX &&
                v->valuedouble == (double)v->valueint;
    return fits ? v->valueint : -1;
}

static bool has_option(const struct question *q, int number) {
    for (size_t i = 0; i < q->n; i++) {
        if (q->options[i].number == number) {
            return true;
        }
    }
    return false;
}

static void read_options(struct arena *a, const char *choices, struct question *q) {
    cJSON *list = slack_json(choices);
    q->options = arena_alloc(a, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof(*q->options));
    const cJSON *c;
    cJSON_ArrayForEach(c, list) {
        int number = number_of(c);
        if (number >= 0 && !has_option(q, number)) {
            q->options[q->n++] = (struct option){.number = number,
                                                 .label = string_of(a, c, "label"),
                                                 .description = string_of(a, c, "description"),
                                                 .ticked = cJSON_IsTrue(json_member(c, "ticked"))};
        }
    }
    cJSON_Delete(list);
}

/* Most letters beyond these are as wide as two. */
static size_t width(const char *text) {
    size_t n = 0;
    for (int32_t c; (c = text_next(&text)) != 0;) {
        n += c < 0x1100 ? 1 : 2;
    }
    return n;
}

static const char *option_text(struct arena *a, const struct question *q, const struct option *o) {
    /* No option is chosen beforehand: a click on that one would not be told. */
    bool mark = o->ticked && q->control != CHECKBOXES;
    return arena_printf(a, "%d %s%s", o->number, mark ? "✓ " : "", o->label);
}

static enum control choose_control(struct arena *a, const struct question *q) {
    bool described = false;
    bool narrow = true;
    for (size_t i = 0; i < q->n; i++) {
        described = described || *q->options[i].description;
        narrow = narrow && width(option_text(a, q, &q->options[i])) <= BUTTON_WIDTH;
    }
    if (q->n == 0 || (*q->close && q->n > SLACK_VISIBLE_MAX) || q->n > SLACK_OPTIONS_MAX) {
        return NO_CONTROL;
    }
    if (*q->close || described) {
        return *q->close ? CHECKBOXES : SELECT;
    }
    return q->n <= BUTTONS_MAX && narrow ? BUTTONS : q->n <= SLACK_VISIBLE_MAX ? RADIO : SELECT;
}

/* ---- controls ---- */

static const char *number_text(struct arena *a, int number) {
    return arena_printf(a, "%d", number);
}

static void add_buttons(struct arena *a, cJSON *elements, struct question *q) {
    for (size_t i = 0; i < q->n; i++) {
        struct option *o = &q->options[i];
        cJSON *text = slack_line(a, option_text(a, q, o), SLACK_OPTION_CHARS, &o->shown);
        cJSON_AddItemToArray(elements, slack_button(text, arena_printf(a, PICK ":%d", o->number),
                                                    number_text(a, o->number)));
    }
}

/* The element with all options; ticked ones as initial_options where it takes several. */
static cJSON *options_element(struct arena *a, const char *type, const char *action,
                              struct question *q) {
    cJSON *element = slack_input(type, action);
    cJSON *list = cJSON_AddArrayToObject(element, "options");
    cJSON *initial = cJSON_CreateArray();
    for (size_t i = 0; i < q->n; i++) {
        struct option *o = &q->options[i];
        bool whole = true;
        cJSON *text = slack_line(a, option_text(a, q, o), SLACK_OPTION_CHARS, &o->shown);
        cJSON *more =
            *o->description ? slack_line(a, o->description, SLACK_OPTION_CHARS, &whole) : NULL;
        cJSON *option = slack_option(text, number_text(a, o->number), more);
        cJSON_AddItemToArray(list, option);
        if (o->ticked) {
            cJSON_AddItemToArray(initial, cJSON_Duplicate(option, true));
        }
        o->shown = o->shown && whole && q->control != SELECT;
    }
    if (q->control == CHECKBOXES && cJSON_GetArraySize(initial) > 0) {
        cJSON_AddItemToObject(element, "initial_options", initial);
    } else {
        cJSON_Delete(initial);
    }
    return element;
}

static cJSON *select_element(struct arena *a, struct question *q) {
    cJSON *element = options_element(a, "static_select", PICK, q);
    const char *range =
        arena_printf(a, "%d" NOTHING "%d", q->options[0].number, q->options[q->n - 1].number);
    cJSON_AddItemToObject(element, "placeholder", slack_line(a, range, SLACK_OPTION_CHARS, NULL));
    return element;
}

static cJSON *close_button(struct arena *a, const struct question *q) {
    cJSON *button = slack_button(slack_line(a, q->close, SLACK_OPTION_CHARS, NULL), CLOSE, CLOSE);
    cJSON_AddStringToObject(button, "style", "primary");
    return button;
}

/* The block with the controls, NULL where there are none; marks the options that it shows. */
static cJSON *controls_block(struct arena *a, struct question *q) {
    const char *id = slack_carry(a, SLACK_OF_QUESTION, q->reference, SLACK_ID_CHARS);
    if (!*q->reference || !id || q->n == 0) {
        return NULL; /* a click could not tell what it is about */
    }
    q->control = choose_control(a, q);
    cJSON *block = slack_block("actions", id);
    cJSON *elements = cJSON_AddArrayToObject(block, "elements");
    if (q->control == BUTTONS) {
        add_buttons(a, elements, q);
    } else if (q->control == RADIO) {
        cJSON_AddItemToArray(elements, options_element(a, "radio_buttons", PICK, q));
    } else if (q->control == SELECT) {
        cJSON_AddItemToArray(elements, select_element(a, q));
    } else if (q->control == CHECKBOXES) {
        cJSON_AddItemToArray(elements, options_element(a, "checkboxes", TICK, q));
    }
    if (*q->close) {
        cJSON_AddItemToArray(elements, close_button(a, q));
    }
    if (cJSON_GetArraySize(elements) > 0) {
        return block;
    }
    cJSON_Delete(block);
    return NULL;
}

/* ---- the text without the choices ---- */

/* Whether that stands between a label and its description and says nothing itself. */
static bool is_link(const char *s, size_t n) {
    static const char *const links[] = {"", " ", ":", ": ", " : ", "：", " - ", " — ", "—"};
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        if (strlen(links[i]) == n && memcmp(s, links[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the text behind the number is that option's, and says no more than it. */
static bool says_no_more(struct arena *a, const char *text, const struct option *o) {
    const char *label = slack_bare(a, o->label, strlen(o->label));
    const char *more = slack_bare(a, o->description, strlen(o->description));
    size_t n = strlen(text);
    size_t rest = strlen(more);
    if (strncmp(text, label, strlen(label)) != 0) {
        return false;
    }
    text += strlen(label);
    n -= strlen(label);
    return n >= rest && strcmp(text + n - rest, more) == 0 &&
           (rest == 0 ? n == 0 : is_link(text, n - rest));
}

/* The option that a line "3. label" or "3. ✓ label" is about, NULL for none; *ret_text: "label". */
static const struct option *option_of(struct arena *a, const struct question *q, const char *line,
                                      size_t n, const char **ret_text) {
    static const char tick[] = "✓ ";
    size_t digits = strspn(line, "0123456789");
    if (digits == 0 || digits > 3 || n < digits + 2 || line[digits] != '.' ||
        line[digits + 1] != ' ' || (*line == '0' && digits > 1)) {
        return NULL;
    }
    int number = (int)strtol(line, NULL, 10);
    size_t at = digits + 2;
    at += n - at >= sizeof(tick) - 1 && strncmp(line + at, tick, sizeof(tick) - 1) == 0
              ? sizeof(tick) - 1
              : 0;
    *ret_text = slack_bare(a, line + at, n - at);
    for (size_t i = 0; i < q->n; i++) {
        if (q->options[i].number == number) {
            return &q->options[i];
        }
    }
    return NULL;
}

typedef bool option_test(struct arena *a, const char *text, const struct option *o);

/* The text without the lines of options that go. */
static const char *without_choices(struct arena *a, const struct question *q, const char *text,
                                   option_test *goes) {
    struct buf out;
    buf_init(&out, TEXT_MAX_BYTES);
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        const char *said;
        const struct option *o = option_of(a, q, line, n, &said);
        size_t whole = n + (line[n] == '\n');
        if (!o || !goes(a, said, o)) {
            buf_add(&out, line, whole);
        }
        line += whole;
    }
    while (out.len > 0 && out.p[out.len - 1] == '\n') {
        out.p[--out.len] = '\0';
    }
    const char *copy = arena_strdup(a, buf_text(&out));
    buf_free(&out);
    return copy;
}

static bool is_shown(struct arena *a, const char *text, const struct option *o) {
    return o->shown && says_no_more(a, text, o);
}

/* Once it is settled: whatever is said of an option. */
static bool is_offered(struct arena *a, const char *text, const struct option *o) {
    const char *label = slack_bare(a, o->label, strlen(o->label));
    return strncmp(text, label, strlen(label)) == 0;
}

/* ---- messages ---- */

size_t slack_split(struct arena *a, const char *text, const char *parts[SPLIT_PARTS_MAX]) {
    return split_text(a, text, PART_CHARS, parts);
}

static const char *message_text(struct arena *a, const char *text, size_t max_chars) {
    bool cut;
    const char *mrkdwn = slack_mrkdwn(a, text);
    return text_is_blank(mrkdwn) ? NOTHING : slack_clip(a, mrkdwn, max_chars, &cut);
}

/* What is below the text whatever happens; false where there is no room for it. */
static bool add_below(struct arena *a, struct slack_blocks *b, struct question *q,
                      const cJSON *controls) {
    cJSON *block = controls_block(a, q);
    return (!block || slack_blocks_add(b, block)) &&
           slack_blocks_words(a, b, controls, q->reference) && slack_blocks_progress(b, controls);
}

/* What fits; the text has it all anyway. */
static bool add_figures(struct arena *a, struct slack_blocks *b, const cJSON *controls) {
    cJSON *figures[] = {slack_table(a, json_member(controls, "table")),
                        slack_chart(a, json_member(controls, "chart"))};
    bool any = false;
    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        any = (figures[i] && slack_blocks_add(b, figures[i])) || any;
    }
    return any;
}

/* NULL where none are needed, or there is no room for them. */
static cJSON *card_blocks(struct arena *a, struct question *q, const char *part,
                          const cJSON *controls, const struct slack_look *look) {
    struct slack_blocks below = slack_blocks_of_message();
    bool fits = add_below(a, &below, q, controls);
    bool figures = json_member(controls, "table") || json_member(controls, "chart");
    if (cJSON_GetArraySize(below.list) == 0 && !(look->rich && figures)) {
        cJSON_Delete(below.list);
        return NULL; /* as most answers */
    }
    struct slack_blocks b = below;
    b.list = cJSON_CreateArray();
    fits = fits && slack_blocks_say(a, &b, without_choices(a, q, part, is_shown));
    bool needed = fits && look->rich && add_figures(a, &b, controls);
    needed = fits && (needed || cJSON_GetArraySize(below.list) > 0);
    slack_blocks_append(&b, &below);
    if (!needed) {
        cJSON_Delete(b.list);
    }
    return needed ? b.list : NULL;
}

void slack_card(struct arena *a, const struct store_out *row, const char *part, bool last,
                const struct slack_look *look, struct slack_card *ret) {
    *ret = (struct slack_card){.text = message_text(a, part, SLACK_TEXT_CHARS)};
    if (!last) {
        return;
    }
    cJSON *controls = slack_json(row->controls);
    struct question q = {.reference = row->question, .close = string_of(a, controls, "close")};
    read_options(a, row->choices, &q);
    ret->blocks = card_blocks(a, &q, part, controls, look);
    cJSON_Delete(controls);
}

void slack_card_settled(struct arena *a, const struct store_card *card, const char *understood,
                        struct slack_card *ret) {
    const char *parts[SPLIT_PARTS_MAX];
    size_t n = slack_split(a, card->text, parts);
    struct question q = {.reference = "", .close = ""};
    read_options(a, card->choices, &q);
    const char *asked = without_choices(a, &q, parts[n - 1], is_offered);
    const char *text =
        arena_printf(a, "%s%s%s", asked, *asked && *understood ? "\n" : "", understood);
    *ret = (struct slack_card){.text = message_text(a, text, SLACK_UPDATE_CHARS)};
    struct slack_blocks b = slack_blocks_of_message();
    if (slack_blocks_say(a, &b, text) && cJSON_GetArraySize(b.list) > 0) {
        ret->blocks = b.list;
    } else {
        cJSON_Delete(b.list);
    }
}

/* ---- back ---- */

/* A number as we write it, -1 for anything else. */
static int read_number(const char *s) {
    size_t n = strspn(s, "0123456789");
    bool ours = n >= 1 && n <= 3 && s[n] == '\0' && (*s != '0' || n == 1);
    return ours ? (int)strtol(s, NULL, 10) : -1;
}

/* The number behind the action's name, -1 where the name is another or none follows. */
static int read_numbered(const char *action, const char *name) {
    size_t n = strlen(name);
    return strncmp(action, name, n) == 0 && action[n] == ':' ? read_number(action + n + 1) : -1;
}

static bool read_selected(struct arena *a, const struct slack_value *v, struct event *e) {
    int *numbers = arena_alloc(a, (SLACK_VISIBLE_MAX + 1) * sizeof(*numbers));
    if (v->n > SLACK_VISIBLE_MAX) {
        return false;
    }
    for (size_t i = 0; i < v->n; i++) {
        numbers[i] = read_number(v->values[i]);
        bool good = numbers[i] >= 0;
        for (size_t k = 0; k < i; k++) {
            good = good && numbers[k] != numbers[i];
        }
        if (!good) {
            return false;
        }
    }
    e->has_selected = true;
    e->selected = numbers;
    e->n_selected = v->n;
    return true;
}

/* With what is ticked now, where the click says so. */
static bool read_close(struct arena *a, const struct slack_click *click, struct event *e) {
    e->kind = EVENT_CLOSE;
    for (size_t i = 0; i < click->n_state; i++) {
        const struct slack_value *v = &click->state[i];
        if (strcmp(v->block, click->done.block) == 0 && strcmp(v->action, TICK) == 0) {
            return read_selected(a, v, e);
        }
    }
    return true;
}

static bool read_choice(struct arena *a, const struct slack_click *click, struct event *e) {
    const struct slack_value *done = &click->done;
    const char *value = done->n == 1 ? done->values[0] : "";
    if (strcmp(done->action, TICK) == 0) {
        e->kind = EVENT_SELECT;
        return read_selected(a, done, e);
    }
    if (strcmp(done->action, CLOSE) == 0) {
        return strcmp(value, CLOSE) == 0 && read_close(a, click, e);
    }
    e->kind = EVENT_TICK;
    e->choice = read_number(value);
    return e->choice >= 0 &&
           (strcmp(done->action, PICK) == 0 || read_numbered(done->action, PICK) == e->choice);
}

static bool read_word(struct arena *a, const struct slack_value *done, struct event *e) {
    bool form = read_numbered(done->action, SLACK_SHEET) >= 0;
    const char *text = done->n == 1 ? slack_carried(a, "", done->values[0]) : NULL;
    e->kind = form ? EVENT_SHEET : EVENT_WORD;
    e->text = text;
    return text && *text && (form || read_numbered(done->action, SLACK_WORD) > 0);
}

bool slack_click_read(struct arena *a, const struct slack_click *click, struct event *ret) {
    const char *of_question = slack_carried(a, SLACK_OF_QUESTION, click->done.block);
    const char *of_words = slack_carried(a, SLACK_OF_WORDS, click->done.block);
    struct event e = {.question = of_question ? of_question : of_words, .text = ""};
    if (!(of_question && *of_question && read_choice(a, click, &e)) &&
        !(of_words && read_word(a, &click->done, &e))) {
        return false;
    }
    ret->kind = e.kind;
    ret->text = e.text;
    ret->choice = e.choice;
    ret->question = e.question;
    ret->has_selected = e.has_selected;
    ret->selected = e.selected;
    ret->n_selected = e.n_selected;
    return true;
}
