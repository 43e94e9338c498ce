#include "tests/support/slack_shown.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"

#define TEXT_MAX_BYTES ((size_t)256 * 1024)
#define CHECKBOXES_MAX 10
#define OPTIONS_MAX    100
#define WORDS_MAX      25

static const char *taken(struct arena *a, struct buf *b) {
    const char *text = arena_strdup(a, buf_text(b));
    buf_free(b);
    return text;
}

const char *shown_plain(struct arena *a, const char *text, bool escaped) {
    static const char *const known[][2] = {
        {"*", ""},      {"∗", ""},     {"＊", ""},    {"﹡", ""},     {"\u200B", ""},
        {"\u00AD", ""}, {"ˍ", "_"},    {"＿", "_"},   {"∼", "~"},     {"ˋ", "`"},
        {"｀", "`"},    {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"},
    };
    size_t n = ARRAY_LEN(known) - (escaped ? 0 : 3);
    struct buf b;
    buf_init(&b, TEXT_MAX_BYTES);
    while (*text) {
        size_t i = 0;
        while (i < n && strncmp(text, known[i][0], strlen(known[i][0])) != 0) {
            i++;
        }
        buf_add(&b, i < n ? known[i][1] : text, i < n ? strlen(known[i][1]) : 1);
        text += i < n ? strlen(known[i][0]) : 1;
    }
    return taken(a, &b);
}

/* ---- what is offered ---- */

static bool begins(const char *s, const char *with) {
    return s && strncmp(s, with, strlen(with)) == 0;
}

static const cJSON *blocks_of(const cJSON *message) {
    return json_member(message, "blocks");
}

static void add_element(struct buf *b, const char *block_id, const cJSON *element) {
    const char *action = json_string(element, "action_id");
    const cJSON *o;
    cJSON_ArrayForEach(o, json_member(element, "options")) {
        buf_addf(b, "%s ", json_string(o, "value"));
    }
    if (json_member(element, "options") || !action) {
        return;
    }
    bool close = strcmp(action, "close") == 0;
    bool word = begins(block_id, "w:");
    buf_addf(b, "%s ", close ? SHOWN_CLOSE : word ? action : json_string(element, "value"));
}

const char *shown_offers(struct arena *a, const cJSON *message) {
    struct buf b;
    buf_init(&b, TEXT_MAX_BYTES);
    const cJSON *block;
    cJSON_ArrayForEach(block, blocks_of(message)) {
        const cJSON *e;
        cJSON_ArrayForEach(e, json_member(block, "elements")) {
            if (json_member(e, "action_id")) {
                add_element(&b, json_string(block, "block_id"), e);
            }
        }
    }
    return taken(a, &b);
}

const char *shown_expected(struct arena *a, const char *choices, const char *controls,
                           const char *question) {
    struct buf b;
    buf_init(&b, TEXT_MAX_BYTES);
    cJSON *list = *question && *choices ? cJSON_Parse(choices) : NULL;
    cJSON *beside = *controls ? cJSON_Parse(controls) : NULL;
    bool close = json_member(beside, "close") != NULL;
    int n = cJSON_GetArraySize(list);
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        if (n <= (close ? CHECKBOXES_MAX : OPTIONS_MAX)) {
            buf_addf(&b, "%d ", json_member(item, "number")->valueint);
        }
    }
    buf_adds(&b, close && n > 0 ? SHOWN_CLOSE " " : "");
    int words = 0;
    cJSON_ArrayForEach(item, json_member(beside, "words")) {
        const char *sheet = json_string(item, "sheet");
        if (words++ < WORDS_MAX) {
            buf_addf(&b, "%s:%d ", sheet && *sheet ? "sheet" : "word", words);
        }
    }
    cJSON_Delete(list);
    cJSON_Delete(beside);
    return taken(a, &b);
}

/* ---- lines ---- */

/* The number of "3. label", 0 for other lines; *ret_rest: "label", without a tick. */
static int number_of(const char *line, const char **ret_rest) {
    static const char tick[] = "✓ ";
    char *end;
    long n = *line >= '1' && *line <= '9' ? strtol(line, &end, 10) : 0;
    if (n <= 0 || n > 999 || end[0] != '.' || end[1] != ' ') {
        return 0;
    }
    *ret_rest = end + 2 + (begins(end + 2, tick) ? sizeof(tick) - 1 : 0);
    return (int)n;
}

static bool says_choice(struct arena *a, const char *line, const cJSON *choices) {
    const char *rest;
    int number = number_of(line, &rest);
    const cJSON *c;
    cJSON_ArrayForEach(c, choices) {
        const cJSON *n = json_member(c, "number");
        if (number > 0 && cJSON_IsNumber(n) && n->valueint == number &&
            begins(rest, shown_plain(a, json_string(c, "label"), false))) {
            return true;
        }
    }
    return false;
}

const char *shown_without_choices(struct arena *a, const char *text, const char *choices) {
    struct buf b;
    buf_init(&b, TEXT_MAX_BYTES);
    cJSON *list = *choices ? cJSON_Parse(choices) : NULL;
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\n");
        if (!says_choice(a, shown_plain(a, arena_strndup(a, at, n), false), list)) {
            buf_add(&b, at, n + (at[n] == '\n'));
        }
        at += n + (at[n] == '\n');
    }
    while (b.len > 0 && b.p[b.len - 1] == '\n') {
        b.p[--b.len] = '\0';
    }
    cJSON_Delete(list);
    return taken(a, &b);
}

/* ---- what blocks show ---- */

const char *shown_sections(struct arena *a, const cJSON *message) {
    struct buf b;
    buf_init(&b, TEXT_MAX_BYTES);
    bool own = false;
    const cJSON *block;
    cJSON_ArrayForEach(block, blocks_of(message)) {
        const char *type = json_string(block, "type");
        const char *text = json_string(json_member(block, "text"), "text");
        own = own || (type && strcmp(type, "rich_text") != 0);
        if (type && text && strcmp(type, "section") == 0) {
            buf_addf(&b, "%s\n", shown_plain(a, text, true));
        }
    }
    const char *all = taken(a, &b);
    return own ? all : NULL;
}

/* The text of an option or a button of that value, NULL for none. */
static const char *label_in(const cJSON *element, const char *value) {
    const char *own = json_string(element, "value");
    if (own && strcmp(own, value) == 0) {
        return json_string(json_member(element, "text"), "text");
    }
    const cJSON *o;
    cJSON_ArrayForEach(o, json_member(element, "options")) {
        if (strcmp(json_string(o, "value"), value) == 0) {
            return json_string(json_member(o, "text"), "text");
        }
    }
    return NULL;
}

/* The label under which that number can be clicked, NULL for none. */
static const char *label_of(struct arena *a, const cJSON *message, int number) {
    const char *value = arena_printf(a, "%d", number);
    const char *label = NULL;
    const cJSON *block;
    const cJSON *e;
    cJSON_ArrayForEach(block, blocks_of(message)) {
        cJSON_ArrayForEach(e, json_member(block, "elements")) {
            label = label ? label : label_in(e, value);
        }
    }
    return label;
}

/* "3 ✓ label" stands for "3. ✓ label: and more". */
static bool is_offered(struct arena *a, const cJSON *message, const char *line) {
    const char *rest;
    int number = number_of(line, &rest);
    const char *label = number > 0 ? label_of(a, message, number) : NULL;
    if (!label) {
        return false;
    }
    const char *shown = shown_plain(a, label, true);
    const char *dotted =
        arena_printf(a, "%.*s. %s", (int)strcspn(shown, " "), shown, strchr(shown, ' ') + 1);
    const char *said;
    return number_of(dotted, &said) == number && begins(rest, said);
}

const char *shown_text(struct arena *a, const cJSON *message, const char **ret_wrong) {
    const char *said = json_string(message, "text");
    const char *text = shown_plain(a, said ? said : "", true);
    const char *shown = shown_sections(a, message);
    for (const char *at = text; shown && *at;) {
        size_t n = strcspn(at, "\n");
        shown += strspn(shown, "\n");
        bool same = strncmp(shown, at, n) == 0 && shown[n] == '\n';
        const char *line = arena_strndup(a, at, n);
        if (n > 0 && !same && !is_offered(a, message, line)) {
            *ret_wrong = line;
        }
        shown += n > 0 && same ? n : 0;
        at += n + (at[n] == '\n');
    }
    if (shown && shown[strspn(shown, "\n")] != '\0') {
        *ret_wrong = shown;
    }
    return text;
}
