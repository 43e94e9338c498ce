/*
 * The configuration file (libconfuse syntax; config.example shows every key). Loading may read the
 * secret files named in it, blocks, and is not re-entrant: call it from one thread. Strings live in
 * the arena inside and are never NULL. Error texts repeat no value (but the path of a secret file),
 * since a secret may have been put into the wrong place.
 */
#ifndef KIZUKI_BOT_CONFIG_H
#define KIZUKI_BOT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/log.h"
#include "content/lang.h"

#define CONFIG_WORKSPACES_MAX 16

enum config_platform { CONFIG_MATTERMOST, CONFIG_SLACK, CONFIG_PLATFORM__COUNT };

struct config_workspace {
    enum config_platform platform;
    const char *name;         /* 1-32 of [a-z0-9-], once a platform */
    const char *url;          /* http(s)://host[:port][/path], without a slash at the end */
    char *token;              /* secret: for the Authorization header only */
    char *app_token;          /* secret, of Slack: opens the connection; "" elsewhere */
    int max_answers_a_minute; /* in one conversation; more is taken for two bots talking */
    const char *desk_channel; /* where people read what is passed on; "": nowhere */
    bool rich_blocks;         /* Slack: tables and charts in results, which old clients lack */
};

struct config {
    const char *database;    /* "": config_default_database(); ":memory:" */
    enum lang language;      /* of people who have not chosen one */
    const char *content_dir; /* "": the pack inside the binary */
    const char *intents_dir; /* "": no example sentences of the site's own */
    enum log_level log_level;
    enum log_format log_format;
    const char *ca_file;          /* PEM: the authorities trusted in TLS */
    const char *proxy;            /* "": as the environment says; "none"; http://… */
    struct l10n security_contact; /* "": none given */
    struct l10n privacy_text;     /* "": none given */
    struct config_workspace workspaces[CONFIG_WORKSPACES_MAX];
    size_t n_workspaces;
    struct arena arena;
};

/*
 * Path NULL: defaults only. 0, or -EBADMSG with a line for every error appended to `errors`:
 * "FILE:LINE: key 'x': what is wrong; allowed: …". *ret is untouched on failure.
 */
int config_load(const char *path, struct config *ret, struct buf *errors) WARN_UNUSED;

/* Wipes the secrets. A zeroed struct is fine. */
void config_free(struct config *config);

/*
 * $XDG_DATA_HOME/kizuki/kizuki.db or ~/.local/share/kizuki/kizuki.db; NULL where neither variable
 * holds an absolute path. Creates nothing.
 */
char *config_default_database(struct arena *a);

#endif
