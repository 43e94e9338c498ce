/*
 * What Slack shows beside messages: a person's own page (the home tab) and forms (modals), and what
 * was filled in there. Pure. JSON is the caller's to delete; the rest lives in the arena.
 */
#ifndef KIZUKI_BOT_SLACK_VIEWS_H
#define KIZUKI_BOT_SLACK_VIEWS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/sheet.h"
#include "bot/slack/wire.h"
#include "store/store.h"

/* The view of a STORE_HOME row, for views.publish. */
cJSON *slack_home(struct arena *a, const struct store_out *row);

/* The form, which comes back with its name and with private_metadata; "" for none. */
cJSON *slack_modal(struct arena *a, const struct sheet *sheet, const char *private_metadata);

/* What is opened at once, while the form is made. */
cJSON *slack_loading(struct arena *a, const char *title, const char *text);

/*
 * A form that was handed in: kind, text (its name) and entries of *ret are set. False, with *ret
 * left alone, for any other view.
 */
bool slack_submit_read(struct arena *a, const struct slack_submit *submit, struct event *ret);

/* What to acknowledge it with so that the errors are shown at their fields; NULL for none. */
cJSON *slack_errors(const struct sheet_error *errors, size_t n);

#endif
