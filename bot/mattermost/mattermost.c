#include "bot/mattermost/mattermost.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/catchup.h"
#include "bot/mattermost/history.h"
#include "bot/mattermost/intake.h"
#include "bot/mattermost/outgoing.h"
#include "bot/mattermost/people.h"
#include "bot/mattermost/private.h"
#include "bot/mattermost/socket.h"

#define POST_CHARS 16383 /* of a server that does not say */

static void free_token(struct mattermost *m) {
    explicit_bzero(m->token, strlen(m->token));
    free(m->token);
}

static void destroy(void *self) {
    struct mattermost *m = self;
    mm_api_destroy(m->api); /* first: nothing is called back any more */
    mm_history_forget(m);
    mm_socket_destroy(m->socket);
    mm_catchup_destroy(m->catchup);
    mm_intake_destroy(m->intake);
    mm_outgoing_destroy(m->outgoing);
    mm_people_destroy(m->people);
    free_token(m);
    free(m->username);
    free(m->setup.name);
    free(m->setup.url);
    free(m->setup.desk);
    free(m);
}

static const char *desk(const void *self) {
    const struct mattermost *m = self;
    return m->setup.desk;
}

static int start(void *self) {
    struct mattermost *m = self;
    struct outlet outlet = {.platform = MM_PLATFORM,
                            .workspace = m->setup.name,
                            .send = mm_outgoing_send,
                            .desk = desk,
                            .ctx = m};
    mm_socket_start(m->socket);
    return engine_attach(m->setup.engine, &outlet);
}

static int hand_in(void *self, bool one) {
    const struct mattermost *m = self;
    return mm_intake_hand_in(m->intake, one);
}

static void look_for_cries(void *self) {
    struct mattermost *m = self;
    mm_intake_alarm(m->intake);
}

static size_t committed(void *self, int rc) {
    const struct mattermost *m = self;
    return mm_intake_committed(m->intake, rc);
}

static bool busy(const void *self) {
    const struct mattermost *m = self;
    return mm_api_busy(m->api);
}

static bool is(const void *self, const struct config_workspace *config) {
    const struct mattermost *m = self;
    return config->platform == CONFIG_MATTERMOST && strcmp(m->setup.name, config->name) == 0 &&
           strcmp(m->setup.url, config->url) == 0;
}

static void renew(void *self, const struct config_workspace *config) {
    struct mattermost *m = self;
    free(m->setup.desk);
    m->setup.desk = xstrdup(config->desk_channel);
    if (strcmp(m->token, config->token) == 0) {
        return;
    }
    free_token(m);
    m->token = xstrdup(config->token);
    mm_socket_start(m->socket);
}

struct workspace mattermost_create(const struct workspace_setup *setup) {
    static const struct workspace_ops ops = {.destroy = destroy,
                                             .start = start,
                                             .hand_in = hand_in,
                                             .committed = committed,
                                             .alarm = look_for_cries,
                                             .busy = busy,
                                             .is = is,
                                             .renew = renew};
    struct mattermost *m = xmalloc(sizeof(*m));
    *m = (struct mattermost){
        .token = xstrdup(setup->config->token), .username = xstrdup(""), .post_chars = POST_CHARS};
    m->setup =
        (struct mattermost_setup){.name = xstrdup(setup->config->name),
                                  .url = xstrdup(setup->config->url),
                                  .proxied = setup->proxied,
                                  .max_answers_a_minute = setup->config->max_answers_a_minute,
                                  .desk = xstrdup(setup->config->desk_channel),
                                  .engine = setup->engine,
                                  .loop = setup->loop,
                                  .http = setup->http};
    m->api = mm_api_create(m);
    m->people = mm_people_create(m);
    m->socket = mm_socket_create(m);
    m->catchup = mm_catchup_create(m);
    m->intake = mm_intake_create(m);
    m->outgoing = mm_outgoing_create(m);
    return (struct workspace){.ops = &ops, .self = m};
}

int64_t mm_server_ms(const struct mattermost *m) {
    return clock_now_ms() + m->skew_ms;
}
