/*
 * Block Kit as Slack documents it, for tests: whether a message or a view would be taken, what
 * clients send back for a click in it, and where samples of ours are kept for other checkers.
 * Written apart from the code under test: numbers are Slack's, not taken from its headers.
 */
#ifndef KIZUKI_TESTS_SUPPORT_BLOCK_KIT_H
#define KIZUKI_TESTS_SUPPORT_BLOCK_KIT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "bot/slack/wire.h"

/*
 * Fail the test where Slack would refuse it, or where something in it is live (a mention, a link).
 * `blocks` may be NULL.
 */
void check_message(const char *text, const cJSON *blocks);
void check_view(const cJSON *view);

/* Code points. */
size_t chars(const char *s);

/* The element of that action in that block, NULL for none; "" for any block. */
const cJSON *find_element(const cJSON *blocks, const char *block, const char *action);
const cJSON *find_block(const cJSON *blocks, const char *type, size_t nth);
/* The text of all sections, in order, with a line break behind each. */
const char *sections(struct arena *a, const cJSON *blocks);
/* A text object's text as people see it. */
const char *seen(struct arena *a, const cJSON *text);

/*
 * A click of a person in a message, read back from the frame that Slack would send: of a button, or
 * of the options with these values (a select or radio button takes one). Other inputs hold what
 * they show at first, but `ticked` is what the checkboxes hold (NULL: what they show at first).
 */
void click_in(struct arena *a, const cJSON *blocks, const char *block, const char *action,
              const char *const *values, size_t n, struct slack_click *ret);
void click_with(struct arena *a, const cJSON *blocks, const char *block, const char *action,
                const char *const *ticked, size_t n, struct slack_click *ret);

/* The view handed in: values[i] was written into, or chosen in, the i-th input; NULL: nothing. */
void submit_view(struct arena *a, const cJSON *view, const char *const *values, size_t n,
                 struct slack_submit *ret);

/*
 * Keeps the blocks of a message with that text, or a view (text NULL), as NAME.json in the folder
 * that KIZUKI_BLOCKS names, if it does, the way tests/official/types.js reads them.
 */
void keep_sample(const char *name, const char *text, const cJSON *json);

#endif
