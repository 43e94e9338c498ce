/* What the files of bot/slack share: one workspace and its parts. Not for other folders. */
#ifndef KIZUKI_BOT_SLACK_PRIVATE_H
#define KIZUKI_BOT_SLACK_PRIVATE_H

#include "bot/slack/slack.h"
#include "bot/slack/wire.h"

#define SLACK_PLATFORM "slack"

/* Texts are its own. */
struct slack_settings {
    char *name; /* of the workspace */
    char *url;  /* of the Web API, without a slash at the end */
    bool proxied;
    bool rich; /* newer blocks are allowed */
    int max_answers_a_minute;
    char *desk; /* the channel for what is passed on, "" for none */
    struct engine *engine;
    struct loop *loop;
    struct http *http;
};

struct slack {
    struct slack_settings setup;
    char *app_token;
    char *bot_token;
    unsigned tokens;             /* counts how often there were other ones */
    char me[SLACK_ID_MAX + 1];   /* the bot's user, "" until Slack said who we are */
    char team[SLACK_ID_MAX + 1]; /* the workspace's id */
    int64_t skew_ms;             /* Slack's clock is ahead by that much */
    struct slack_api *api;
    struct slack_people *people;
    struct slack_socket *socket;
    struct slack_intake *intake;
    struct slack_outgoing *outgoing;
    struct slack_catchup *catchup;
    struct slack_forms *forms;
};

/* Slack's time, as far as we know it. */
int64_t slack_server_ms(const struct slack *s);

#endif
