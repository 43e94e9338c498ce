/* What the files of bot/mattermost share: one workspace and its parts. Not for other folders. */
#ifndef KIZUKI_BOT_MATTERMOST_PRIVATE_H
#define KIZUKI_BOT_MATTERMOST_PRIVATE_H

#include "bot/mattermost/mattermost.h"
#include "bot/mattermost/wire.h"

#define MM_PLATFORM "mattermost"

/* Texts are its own. */
struct mattermost_setup {
    char *name; /* of the workspace */
    char *url;
    bool proxied;
    int max_answers_a_minute;
    char *desk; /* the channel for what is passed on, "" for none */
    struct engine *engine;
    struct loop *loop;
    struct http *http;
};

struct mattermost {
    struct mattermost_setup setup;
    char *token;
    char me[MM_ID_LEN + 1]; /* "" until the server said who we are */
    char *username;
    size_t post_chars; /* limit of a post */
    int64_t skew_ms;   /* the server's clock is ahead by that much */
    struct mm_api *api;
    struct mm_people *people;
    struct mm_socket *socket;
    struct mm_catchup *catchup;
    struct mm_intake *intake;
    struct mm_outgoing *outgoing;
    struct mm_walk *walks; /* of history.c, under way */
};

/* The server's time, as far as we know it. */
int64_t mm_server_ms(const struct mattermost *m);

#endif
