/*
 * Messages as Slack shows them: a row of the outbox as text and Block Kit, and what a click in it
 * means. Pure. Everything is within Slack's limits, and nothing in a text is live (no mention, no
 * link). Texts live in the arena; blocks are the caller's to delete.
 */
#ifndef KIZUKI_BOT_SLACK_BLOCKS_H
#define KIZUKI_BOT_SLACK_BLOCKS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/event.h"
#include "bot/slack/wire.h"
#include "bot/split.h"
#include "store/store.h"

#define SLACK_TEXT_CHARS   40000
#define SLACK_UPDATE_CHARS 4000 /* the text of chat.update: to be clipped there */

struct slack_look {
    bool rich; /* tables and charts, which older clients do not know */
};

struct slack_card {
    cJSON *blocks;    /* NULL where the text alone is enough, or blocks would be too long */
    const char *text; /* complete, never empty */
};

/* A text of ours in the parts that are a message each; the number of parts. */
size_t slack_split(struct arena *a, const char *text, const char *parts[SPLIT_PARTS_MAX]);

/*
 * A part of the row's text as a message; `last`: the controls belong to it. Choices that the
 * controls show in full are not repeated above them, but always in the text.
 */
void slack_card(struct arena *a, const struct store_out *row, const char *part, bool last,
                const struct slack_look *look, struct slack_card *ret);

/* The last part of a question that has its answer: without controls, with what was understood. */
void slack_card_settled(struct arena *a, const struct store_card *card, const char *understood,
                        struct slack_card *ret);

/*
 * A click in what is made here and in views.h: kind, text, choice, question and selected of *ret
 * are set. False, with *ret left alone, for a click in anything else.
 */
bool slack_click_read(struct arena *a, const struct slack_click *click, struct event *ret);

#endif
