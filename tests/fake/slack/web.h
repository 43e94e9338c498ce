/*
 * The Web API: POST /api/METHOD. web_handle reads the arguments in whichever form they come, checks
 * token and scope, and runs the method, which fills the reply or names an error. What is no error
 * of HTTP is answered with 200, as Slack does.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_WEB_H
#define KIZUKI_TESTS_FAKE_SLACK_WEB_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tests/fake/common/fault.h"
#include "tests/fake/common/http.h"
#include "tests/fake/common/map.h"

#define METHODS_MAX 64
#define SENT_MAX    5000
#define BOT_TOKEN   "xoxb-000000000000-000000000000-kizuki"
#define APP_TOKEN   "xapp-1-A0KIZUKI1-000000000000-kizuki"

struct channel;

struct web_state {
    struct map unsubscribed; /* names of events the app does not get */
    struct map missing;      /* scopes the bot's token lacks */
    bool enterprise;         /* an org-wide installation */
    const char *bot_error;   /* what the tokens are worth instead; NULL: all is well */
    const char *app_error;
    bool no_home;       /* the home tab is switched off */
    int64_t trigger_ms; /* the life of trigger ids */
    size_t history_max; /* messages in a page of history; 0: as asked for */
    bool limits;        /* the tiers and the pace of posts count */
    double limit_scale;
    struct rate rates[METHODS_MAX];
    int64_t not_before_us[METHODS_MAX]; /* what the last Retry-After asked for */
    size_t n_requests[METHODS_MAX];
    size_t n_limited;
    size_t n_impatient; /* came before Retry-After was over */
    size_t n_unknown;
    char unknown[64]; /* the last one */
    size_t n_bad_blocks;
    char bad_blocks[256]; /* the last violation */
    size_t n_errors;
    char last_error[128]; /* "chat.update: message_not_found" */
    size_t n_warnings;
    cJSON *sent; /* what the app said: {"method","blocks","view",...}, the first SENT_MAX */
};

/* One call of a method. */
struct web {
    struct server *server;
    struct call *call;
    cJSON *args;        /* by name: strings, or whatever the JSON had */
    cJSON *reply;       /* of a success */
    cJSON *detail;      /* of an error, beyond its name */
    const char *method; /* its name */
    const char *warning;
};

void web_handle(struct call *c);
bool web_limit(struct call *c);
void web_refuse_size(struct call *c);
bool web_may_be_lost(const struct call *c);
void web_add_head(const struct call *c, struct buf *b);

extern const char *const web_scopes[]; /* all there are, ended by NULL */
bool web_has_scope(const struct server *sv, const char *scope);
void web_put_state(const struct server *sv, struct buf *b);
void web_free(struct server *sv);

/* The arguments of a request, by Content-Type; NULL: they cannot be read. args.c */
cJSON *args_read(const struct call *c, bool reads_json);

/* ---- for methods: they return NULL or the name of an error ---- */

#define WEB_ANSWERED "-" /* instead of an error: the answer is complete */

/* 429; always true. */
bool web_answer_limited(struct call *c, int seconds);

const char *web_arg(const struct web *w, const char *name); /* "" when missing */
bool web_arg_flag(const struct web *w, const char *name, bool otherwise);
int64_t web_arg_int(const struct web *w, const char *name, int64_t otherwise);

/* A structure: NULL when missing; *ret_bad when it cannot be read. The caller's. */
cJSON *web_arg_json(const struct web *w, const char *name, bool *ret_bad);

/* Keeps what is said, under the name of the way it came. */
void web_note_sent(struct server *sv, const char *how, const cJSON *said);

/* Remembers a violation for errors[] and response_metadata.messages[]. */
void web_complain(struct web *w, const char *what, const char *pointer, bool is_view);

/* A page of what `n` things there are: from where, how many; false: a bad cursor. */
bool web_page(struct web *w, size_t n, size_t usual, size_t *ret_from, size_t *ret_to);
void web_add_cursor(struct web *w, size_t to, size_t n);

/* NULL where the bot may not see it. */
struct channel *web_channel(struct web *w, const char *name);
const char *web_need_scope(struct web *w, const char *scope);
const char *web_need_place_scope(struct web *w, const struct channel *c, const char *what);

const char *web_api_test(struct web *w);
const char *web_connections_open(struct web *w);
const char *web_auth_test(struct web *w);
const char *web_team_info(struct web *w);
const char *web_bots_info(struct web *w);
const char *web_users_info(struct web *w);
const char *web_users_list(struct web *w);
const char *web_users_lookup(struct web *w);
const char *web_users_conversations(struct web *w);
const char *web_users_presence(struct web *w);
const char *web_conversations_open(struct web *w);
const char *web_conversations_info(struct web *w);
const char *web_conversations_list(struct web *w);
const char *web_conversations_members(struct web *w);
const char *web_conversations_history(struct web *w);
const char *web_conversations_replies(struct web *w);
const char *web_chat_post(struct web *w);
const char *web_chat_update(struct web *w);
const char *web_chat_delete(struct web *w);
const char *web_chat_ephemeral(struct web *w);
const char *web_chat_permalink(struct web *w);
const char *web_reactions_add(struct web *w);
const char *web_reactions_remove(struct web *w);
const char *web_reactions_get(struct web *w);
const char *web_views_open(struct web *w);
const char *web_views_push(struct web *w);
const char *web_views_update(struct web *w);
const char *web_views_publish(struct web *w);
const char *web_files_get_url(struct web *w);
const char *web_files_complete(struct web *w);
const char *web_files_info(struct web *w);

#endif
