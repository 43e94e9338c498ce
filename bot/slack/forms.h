/*
 * Modals: opened within three seconds of the click that asks for one. Where the form is not ready
 * in time, an empty one is shown first and filled when it is.
 */
#ifndef KIZUKI_BOT_SLACK_FORMS_H
#define KIZUKI_BOT_SLACK_FORMS_H

#include "base/json.h"

struct slack;
struct slack_forms;

struct slack_forms *slack_forms_create(struct slack *s);
void slack_forms_destroy(struct slack_forms *f);

/* A click asked for a form; its trigger is good for three seconds from now. */
void slack_forms_expect(struct slack_forms *f, const char *trigger);
/* The form that click asked for; NULL where there is none after all. */
void slack_forms_show(struct slack_forms *f, const char *trigger, const cJSON *view);

#endif
