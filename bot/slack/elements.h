/*
 * What messages and views of Slack are built of: ids that carry something there and back, lines of
 * plain text, options, buttons, and lists of blocks within Slack's limits. Pure. What is carried
 * lives in the arena; JSON is the caller's to delete until a list has taken it. Lengths are counted
 * in code points, as Slack counts.
 */
#ifndef KIZUKI_BOT_SLACK_ELEMENTS_H
#define KIZUKI_BOT_SLACK_ELEMENTS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define SLACK_ID_CHARS      255 /* block_id, action_id, callback_id */
#define SLACK_VALUE_CHARS   2000
#define SLACK_OPTION_CHARS  75 /* also a button's text, and a description */
#define SLACK_OPTION_VALUE  150
#define SLACK_SECTION_CHARS 3000
#define SLACK_OPTIONS_MAX   100
#define SLACK_VISIBLE_MAX   10 /* options of radio buttons and checkboxes */
#define SLACK_ELEMENTS_MAX  25

/* Prefixes of block ids: of a question's controls, of words, of a form and its fields. */
#define SLACK_OF_QUESTION "q:"
#define SLACK_OF_WORDS    "w:"
#define SLACK_OF_FORM     "f:"

/* Action ids of words, with a number and a colon in between. */
#define SLACK_WORD  "word"
#define SLACK_SHEET "sheet"

/*
 * The text behind a prefix, in a form that comes back unchanged; NULL where that is longer than
 * max_chars.
 */
const char *slack_carry(struct arena *a, const char *prefix, const char *text, size_t max_chars);
/* The text again, NULL for an id that slack_carry does not make with that prefix. */
const char *slack_carried(struct arena *a, const char *prefix, const char *id);

/* JSON of the outbox, NULL for "" and for what is none. */
cJSON *slack_json(const char *json);

/* The first n bytes as one line, without control characters, bold marks and space around it. */
const char *slack_bare(struct arena *a, const char *text, size_t n);

/* One line of plain text, never empty; *ret_whole (may be NULL) tells that nothing is missing. */
cJSON *slack_line(struct arena *a, const char *text, size_t max_chars, bool *ret_whole);
cJSON *slack_option(cJSON *text, const char *value, cJSON *description); /* NULL for none */
cJSON *slack_button(cJSON *text, const char *action, const char *value);
cJSON *slack_input(const char *type, const char *action); /* an element that is no button */

/* Blocks of one message or view. */
struct slack_blocks {
    cJSON *list;
    size_t room;  /* how many more there may be … */
    size_t chars; /* … and how long they may be together, as JSON */
};

struct slack_blocks slack_blocks_of_message(void);
struct slack_blocks slack_blocks_of_view(void);

cJSON *slack_block(const char *type, const char *id); /* "" for no id */

/* Takes the block; false where there is no room for it. */
bool slack_blocks_add(struct slack_blocks *b, cJSON *block);
/* A text with **bold** in as many sections as it takes; false where there is no room for all. */
bool slack_blocks_say(struct arena *a, struct slack_blocks *b, const char *text);
/* Of the outbox' controls: how far it is, and words as buttons that carry the reference. */
bool slack_blocks_progress(struct slack_blocks *b, const cJSON *controls);
bool slack_blocks_words(struct arena *a, struct slack_blocks *b, const cJSON *controls,
                        const char *reference);
/* Behind what is there already, without asking for room; `more` is gone then. */
void slack_blocks_append(struct slack_blocks *b, struct slack_blocks *more);

#endif
