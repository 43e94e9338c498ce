#include "bot/slack/slack.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "bot/slack/api.h"
#include "bot/slack/catchup.h"
#include "bot/slack/forms.h"
#include "bot/slack/intake.h"
#include "bot/slack/outgoing.h"
#include "bot/slack/people.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"

static void free_secret(char *secret) {
    explicit_bzero(secret, strlen(secret));
    free(secret);
}

static void destroy(void *self) {
    struct slack *s = self;
    slack_api_destroy(s->api); /* first: nothing is called back any more */
    slack_socket_destroy(s->socket);
    slack_catchup_destroy(s->catchup);
    slack_intake_destroy(s->intake);
    slack_outgoing_destroy(s->outgoing);
    slack_forms_destroy(s->forms);
    slack_people_destroy(s->people);
    free_secret(s->app_token);
    free_secret(s->bot_token);
    free(s->setup.name);
    free(s->setup.url);
    free(s->setup.desk);
    free(s);
}

static const char *desk(const void *self) {
    const struct slack *s = self;
    return s->setup.desk;
}

static int start(void *self) {
    struct slack *s = self;
    struct outlet outlet = {.platform = SLACK_PLATFORM,
                            .workspace = s->setup.name,
                            .cards = true,
                            .send = slack_outgoing_send,
                            .desk = desk,
                            .ctx = s};
    slack_socket_start(s->socket);
    return engine_attach(s->setup.engine, &outlet);
}

static int hand_in(void *self, bool one) {
    const struct slack *s = self;
    return slack_intake_hand_in(s->intake, one);
}

static void look_for_cries(void *self) {
    struct slack *s = self;
    slack_intake_alarm(s->intake);
}

static size_t committed(void *self, int rc) {
    const struct slack *s = self;
    return slack_intake_committed(s->intake, rc);
}

static bool busy(const void *self) {
    const struct slack *s = self;
    return slack_api_busy(s->api);
}

static bool is(const void *self, const struct config_workspace *config) {
    const struct slack *s = self;
    return config->platform == CONFIG_SLACK && strcmp(s->setup.name, config->name) == 0 &&
           strcmp(s->setup.url, config->url) == 0;
}

static void renew(void *self, const struct config_workspace *config) {
    struct slack *s = self;
    free(s->setup.desk);
    s->setup.desk = xstrdup(config->desk_channel);
    bool same =
        strcmp(s->app_token, config->app_token) == 0 && strcmp(s->bot_token, config->token) == 0;
    if (same && slack_socket_authorized(s)) {
        return; /* where Slack refused them, it may have been mended there */
    }
    free_secret(s->app_token);
    free_secret(s->bot_token);
    s->app_token = xstrdup(config->app_token);
    s->bot_token = xstrdup(config->token);
    s->tokens++;
    slack_socket_start(s->socket);
}

struct workspace slack_create(const struct workspace_setup *setup) {
    static const struct workspace_ops ops = {.destroy = destroy,
                                             .start = start,
                                             .hand_in = hand_in,
                                             .committed = committed,
                                             .alarm = look_for_cries,
                                             .busy = busy,
                                             .is = is,
                                             .renew = renew};
    const struct config_workspace *config = setup->config;
    struct slack *s = xmalloc(sizeof(*s));
    *s = (struct slack){.app_token = xstrdup(config->app_token),
                        .bot_token = xstrdup(config->token)};
    s->setup = (struct slack_settings){.name = xstrdup(config->name),
                                       .url = xstrdup(config->url),
                                       .proxied = setup->proxied,
                                       .rich = config->rich_blocks,
                                       .max_answers_a_minute = config->max_answers_a_minute,
                                       .desk = xstrdup(config->desk_channel),
                                       .engine = setup->engine,
                                       .loop = setup->loop,
                                       .http = setup->http};
    s->api = slack_api_create(s);
    s->people = slack_people_create(s);
    s->socket = slack_socket_create(s);
    s->catchup = slack_catchup_create(s);
    s->intake = slack_intake_create(s);
    s->forms = slack_forms_create(s);
    s->outgoing = slack_outgoing_create(s);
    return (struct workspace){.ops = &ops, .self = s};
}

int64_t slack_server_ms(const struct slack *s) {
    return clock_now_ms() + s->skew_ms;
}
