/* The whole double: one of these, made in main and handed to everything. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_SERVER_H
#define KIZUKI_TESTS_FAKE_SLACK_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fake/common/http.h"
#include "tests/fake/slack/delivery.h"
#include "tests/fake/slack/socket.h"
#include "tests/fake/slack/web.h"
#include "tests/fake/slack/world.h"

struct file;
struct hook;
struct trigger;

struct server {
    struct net net;
    struct world world;
    char host[160]; /* what the app calls us: its URLs begin with it */
    struct deliveries deliveries;
    struct sockets sockets;
    struct web_state web;
    struct view *views;       /* all there ever were; views.c */
    struct trigger *triggers; /* newest first; views.c */
    struct hook *hooks;       /* all response URLs; hooks.c */
    struct file *files;       /* files.c */
    struct map keys;          /* metadata keys of the bot's messages */
    size_t n_messages;
    size_t n_bot_messages;
    size_t n_bot_updates;
    size_t n_duplicates;
    size_t n_ephemeral;
    size_t n_published;
    size_t n_hook_posts;
};

#endif
