/*
 * What Slack sends, read from JSON: frames of Socket Mode with what is inside their envelopes, and
 * messages and people as the Web API has them. Pure. Strings live in the arena, are valid UTF-8 and
 * never NULL; ids have Slack's form, so that they may stand in addresses. Unknown keys are ignored
 * everywhere.
 */
#ifndef KIZUKI_BOT_SLACK_WIRE_H
#define KIZUKI_BOT_SLACK_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"

#define SLACK_FRAME_MAX_BYTES ((size_t)1024 * 1024) /* its fragments joined */
#define SLACK_ID_MAX          32
#define SLACK_TS_MAX          32

enum slack_kind {
    SLACK_HELLO,
    SLACK_DISCONNECT,
    SLACK_MESSAGE,  /* message and app_mention */
    SLACK_REACTION, /* added or removed */
    SLACK_USER,     /* user_change, team_join */
    SLACK_HOME,     /* app_home_opened on the home tab */
    SLACK_CLICK,    /* block_actions: a button, a choice, a tick */
    SLACK_SUBMIT,   /* view_submission */
    SLACK_COMMAND,  /* a slash command */
    SLACK_LIMITED,  /* app_rate_limited: events were dropped */
    SLACK_OTHER,    /* nothing for us; to be acknowledged where it has an envelope */
};

enum slack_reason {
    SLACK_WARNING,
    SLACK_REFRESH,
    SLACK_LINK_DISABLED,
    SLACK_TOO_MANY,
    SLACK_REASON_OTHER,
};

enum slack_place { SLACK_IM, SLACK_CHANNEL, SLACK_GROUP }; /* GROUP: several people's direct one */

struct slack_message {
    const char *channel;
    const char *user; /* "" for some automatic ones, and where past or system */
    const char *ts;
    const char *thread;    /* the parent's ts, "" outside threads and for the parent itself */
    const char *text;      /* as sent: escaped, with <@U…> and the like */
    const char *key;       /* metadata.event_payload.key of our own outbox, "" for none */
    const char *user_team; /* of the author, "" where it is not said */
    enum slack_place place;
    bool mention;   /* came as app_mention */
    bool automatic; /* a bot's or an app's, ours too */
    bool past;   /* an edit, a deletion, or another word about an earlier message, not its text */
    bool system; /* joined, topic changed …: nothing a person said */
};

struct slack_reaction {
    const char *user;
    const char *name; /* "one", "white_check_mark" */
    const char *channel;
    const char *ts;       /* of the message reacted to */
    const char *event_ts; /* of the reaction */
    bool added;
};

struct slack_user {
    const char *id;
    const char *team;
    const char *locale; /* "ja-JP", "" where it is not said */
    const char *tz;     /* in the form of IANA names, "" where it is not said */
    bool bot;           /* and Slackbot */
    bool guest;         /* restricted, a single channel's, too */
    bool deactivated;
};

/* What an input of a message or view holds: none, one or several values. */
struct slack_value {
    const char *block;
    const char *action;
    const char *const *values; /* a text, a date, the values of options */
    size_t n;
};

struct slack_click {
    const char *user;
    const char *user_team;
    const char *channel; /* "" on the home tab and in views */
    const char *ts;      /* of the message clicked in, "" likewise */
    const char *thread;  /* the message's thread, "" outside threads */
    const char *view;    /* the view's id, "" in messages */
    const char *trigger;
    const char *response_url;        /* "" where there is none; its host is not checked */
    const char *action_ts;           /* "" where it is not said */
    struct slack_value done;         /* what was done; a button's value */
    const struct slack_value *state; /* what all inputs hold */
    size_t n_state;
};

struct slack_submit {
    const char *user;
    const char *user_team;
    const char *view;
    const char *callback; /* which form it is */
    const char *hash;
    const char *private; /* private_metadata */
    const struct slack_value *state;
    size_t n_state;
};

struct slack_command {
    const char *user;
    const char *channel;
    const char *channel_name; /* "directmessage" in anyone's direct one */
    const char *command;      /* "/kizuki" */
    const char *text;         /* escaped, as messages */
    const char *trigger;
    const char *response_url;
};

struct slack_frame {
    enum slack_kind kind;
    const char *envelope;  /* id to acknowledge, "" for none */
    bool takes_payload;    /* the acknowledgement may answer */
    int retry;             /* deliveries before this one, as far as said */
    const char *team;      /* whose installation it came for, "" where it is not said */
    bool enterprise;       /* of an org-wide installation */
    const char *event_id;  /* events: the same for every delivery, "" for none */
    int64_t event_ms;      /* when it happened, 0 where it is not said */
    int connections;       /* HELLO: sockets of the app, 0: not said */
    int64_t life_s;        /* HELLO: how long it will live about, 0: not said */
    enum slack_reason why; /* DISCONNECT */
    union {
        struct slack_message message;
        struct slack_reaction reaction;
        struct slack_user user;
        struct {
            const char *user;
            const char *channel;
        } home;
        struct slack_click click;
        struct slack_submit submit;
        struct slack_command command;
    };
};

/* Capital letters and digits, 2 to SLACK_ID_MAX of them. */
bool slack_is_id(const char *s);
/* Digits, a point, digits. */
bool slack_is_ts(const char *s);
/* Whether the first one is later; both must be ts. */
bool slack_ts_later(const char *a, const char *b);
/* Milliseconds of a ts; 0 for anything else. */
int64_t slack_ts_ms(const char *ts);

/*
 * False with *why where the frame cannot be used; it may be cut, deep or not JSON at all. Even then
 * ret->envelope is its id where one could be read, so that it can be acknowledged; nothing else of
 * *ret may be used.
 */
bool slack_frame_read(struct arena *a, const char *text, size_t n, struct slack_frame *ret,
                      const char **why);

/* An element of conversations.history or .replies, which names neither channel nor place. */
bool slack_message_read(struct arena *a, const cJSON *json, const char *channel,
                        struct slack_message *ret);
/* The user object of users.info and events. */
bool slack_user_read(struct arena *a, const cJSON *json, struct slack_user *ret);

#endif
