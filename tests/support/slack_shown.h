/*
 * What a person sees of a Slack message as the server has it: its text without what mrkdwn needs,
 * and what can be clicked. Not made with the bot's own code. Texts live in the arena.
 */
#ifndef KIZUKI_TESTS_SUPPORT_SLACK_SHOWN_H
#define KIZUKI_TESTS_SUPPORT_SLACK_SHOWN_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

#define SHOWN_CLOSE "ok" /* the offer to end an answer */

/*
 * The text without asterisks and invisible characters, with the signs that others stand for; with
 * `escaped`, entities decoded. Equal for a text of ours and for what Slack has of it.
 */
const char *shown_plain(struct arena *a, const char *text, bool escaped);

/* The message's text, plain. *ret_wrong is a line that its blocks do not show; else left alone. */
const char *shown_text(struct arena *a, const cJSON *message, const char **ret_wrong);

/* All it has in sections, plain; NULL where it has only what Slack makes of a text by itself. */
const char *shown_sections(struct arena *a, const cJSON *message);

/* What can be clicked: numbers of choices, "ok", "word:N" and "sheet:N", a space behind each. */
const char *shown_offers(struct arena *a, const cJSON *message);

/* The same as a row of the outbox has it. */
const char *shown_expected(struct arena *a, const char *choices, const char *controls,
                           const char *question);

/* The text without the lines that say a choice. */
const char *shown_without_choices(struct arena *a, const char *text, const char *choices);

#endif
