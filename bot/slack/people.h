/*
 * What is known of the people of one workspace: language, time zone, whether they are gone, and
 * where their direct conversation is. Asked for once each and kept until they change.
 */
#ifndef KIZUKI_BOT_SLACK_PEOPLE_H
#define KIZUKI_BOT_SLACK_PEOPLE_H

#include <stdbool.h>

#include "bot/slack/wire.h"

struct slack;
struct slack_people;

#define SLACK_LOCALE_MAX 16
#define SLACK_TZ_MAX     48

struct slack_person {
    char id[SLACK_ID_MAX + 1];
    char channel[SLACK_ID_MAX + 1]; /* of the direct conversation, "" where it is not known */
    char locale[SLACK_LOCALE_MAX];  /* its language only: "ja" */
    char tz[SLACK_TZ_MAX];
    bool asked; /* Slack told, or had nothing to tell */
    bool bot;
    bool deactivated;
};

struct slack_people *slack_people_create(struct slack *s);
void slack_people_destroy(struct slack_people *p);

/* Never NULL; lives until the next call. What the database knows of them is in it already. */
struct slack_person *slack_people_get(struct slack_people *p, const char *id);

/* Whether enough is known of that person to answer; where not, Slack is asked. */
bool slack_people_known(struct slack_people *p, const char *id);

/* An account as Slack has it now. */
void slack_people_update(struct slack_people *p, const struct slack_user *user);

/* The language alone of a locale: "ja" of "ja-JP". */
void slack_language(const char *locale, char out[SLACK_LOCALE_MAX]);

#endif
