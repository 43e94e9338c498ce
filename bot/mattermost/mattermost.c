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

struct mattermost *mattermost_create(const struct mattermost_setup *setup) {
    struct mattermost *m = xmalloc(sizeof(*m));
    *m = (struct mattermost){.setup = *setup,
                             .token = xstrdup(setup->token),
                             .username = xstrdup(""),
                             .post_chars = POST_CHARS};
    m->setup.name = xstrdup(setup->name);
    m->setup.url = xstrdup(setup->url);
    m->setup.token = NULL;
    m->api = mm_api_create(m);
    m->people = mm_people_create(m);
    m->socket = mm_socket_create(m);
    m->catchup = mm_catchup_create(m);
    m->intake = mm_intake_create(m);
    m->outgoing = mm_outgoing_create(m);
    return m;
}

static void free_token(struct mattermost *m) {
    explicit_bzero(m->token, strlen(m->token));
    free(m->token);
}

void mattermost_destroy(struct mattermost *m) {
    if (!m) {
        return;
    }
    mm_api_destroy(m->api); /* first: nothing is called back any more */
    mm_history_forget(m);
    mm_socket_destroy(m->socket);
    mm_catchup_destroy(m->catchup);
    mm_intake_destroy(m->intake);
    mm_outgoing_destroy(m->outgoing);
    mm_people_destroy(m->people);
    free_token(m);
    free(m->username);
    free((char *)m->setup.name);
    free((char *)m->setup.url);
    free(m);
}

int mattermost_start(struct mattermost *m) {
    struct outlet outlet = {
        .platform = MM_PLATFORM, .workspace = m->setup.name, .send = mm_outgoing_send, .ctx = m};
    mm_socket_start(m->socket);
    return engine_attach(m->setup.engine, &outlet);
}

int mattermost_hand_in(struct mattermost *m, bool one) {
    return mm_intake_hand_in(m->intake, one);
}

size_t mattermost_committed(struct mattermost *m, int rc) {
    return mm_intake_committed(m->intake, rc);
}

bool mattermost_busy(const struct mattermost *m) {
    return mm_api_busy(m->api);
}

bool mattermost_is(const struct mattermost *m, const char *name, const char *url) {
    return strcmp(m->setup.name, name) == 0 && strcmp(m->setup.url, url) == 0;
}

void mattermost_set_token(struct mattermost *m, const char *token) {
    if (strcmp(m->token, token) == 0) {
        return;
    }
    free_token(m);
    m->token = xstrdup(token);
    mm_socket_start(m->socket);
}

int64_t mm_server_ms(const struct mattermost *m) {
    return clock_now_ms() + m->skew_ms;
}
