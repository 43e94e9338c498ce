/*
 * A Mattermost server for tests, after what a real 5.37 was seen to do:
 *
 *   mattermost [--port N] [--cert FILE --key FILE] [--port-file FILE] [--clock-ms MS]
 *
 * Listens on 127.0.0.1, says "listening PORT", ends at SIGTERM, with its parent, or after half an
 * hour. One team "kizuki"; channels "general" and "office"; the bot kizuki and otherbot; hanako,
 * taro, john, admin; userN for whoever comes with user-N-token. GET /control/state tells what
 * happened; POST /control takes {"do":NAME,...}, answers {}, {"id":...} or {"error":...}:
 *
 *   drop_sockets user?           send_close user? code?        restart down_ms?
 *   forget_away                  refuse_upgrade status times? location? retry_after?
 *   deaf_zombie                  disable_bot  enable_bot       revoke_token  restore_token
 *   send_frame text|hex fragments? times?                      repeat_event times?
 *   repeat_hello                 double_events times           skip_seq n
 *   hold_events                  release_events order?="reverse"
 *   rate_limit per_second burst  (without per_second: off)     lose_answers percent seed
 *   http_fault kind path? method? times? after? status? body? content_type? retry_after? ms?
 *       kind: status html empty cut slow endless drop_before drop_after slow_after
 *   clear_faults                 reset_counters                advance_clock ms
 *   system_post channel user type? text?                       webhook_post channel user text name?
 *   raw_post channel user text type? props? root_id?           big_post channel user bytes text?
 *   max_post_size n              deactivate_user username      activate_user username
 *   remove_from_team             add_to_team                   kick channel user?
 *   add channel user?            make_channel name type members display_name?
 *   archive_channel channel      v6 on?
 *
 * A channel is an id, a name or "@name" (the bot's direct one); a user a name or an id, the bot
 * where it may be left out. times is 1 where left out; -1: until cleared.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xalloc.h"
#include "tests/fake/common/program.h"
#include "tests/fake/control.h"
#include "tests/fake/posts.h"
#include "tests/fake/rest.h"
#include "tests/fake/server.h"
#include "tests/fake/shape.h"
#include "tests/fake/ws.h"

/* ---- what is particular about its HTTP ---- */

static void add_head(const struct call *c, struct buf *b) {
    if (c->request_id[0]) {
        buf_addf(b, "X-Request-Id: %s\r\nX-Version-Id: " SERVER_BUILD "\r\n", c->request_id);
    }
}

static bool limit(struct call *c) {
    if (fault_rate_pass(&c->server->net.faults.rate, &c->headers)) {
        return false;
    }
    c->status = 429;
    c->content_type = "text/plain; charset=utf-8";
    buf_adds(&c->out, "limit exceeded\n");
    return true;
}

static void refuse_size(struct call *c) {
    rest_error(c, 413, "api.context.request_body_too_large.app_error", "Too large.");
}

static bool may_be_lost(const struct call *c) {
    return strcmp(c->method, "POST") == 0 &&
           (strcmp(c->path, "/api/v4/posts") == 0 || strcmp(c->path, "/api/v4/reactions") == 0);
}

/* A page of another site may not connect; no Origin at all is best. */
static bool same_origin(struct lws *wsi) {
    char origin[256] = "";
    char host[256] = "";
    if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0) {
        return true;
    }
    if (lws_hdr_copy(wsi, origin, sizeof(origin), WSI_TOKEN_ORIGIN) < 0 ||
        lws_hdr_copy(wsi, host, sizeof(host), WSI_TOKEN_HOST) < 0) {
        return false;
    }
    const char *slashes = strstr(origin, "//");
    return slashes && strcasecmp(slashes + 2, host) == 0;
}

static int upgrade(struct server *sv, struct lws *wsi, const char *path, struct buf *headers) {
    if (!fault_rate_pass(&sv->net.faults.rate, headers)) {
        return 429;
    }
    if (!same_origin(wsi)) {
        return 403;
    }
    bool right = strcmp(path, "/api/v4/websocket") == 0 || strcmp(path, "/api/v4/websocket/") == 0;
    return right ? 0 : 404;
}

static void stop(struct server *sv) {
    (void)sv;
}

static const struct http_ops ops = {
    .init = rest_init,
    .free = rest_free,
    .handle = rest_handle,
    .reserve = rest_reserve,
    .control = control_handle,
    .limit = limit,
    .refuse_size = refuse_size,
    .may_be_lost = may_be_lost,
    .add_head = add_head,
    .upgrade = upgrade,
    .stop = stop,
    .socket = ws_callback,
};

/* The server pings after 60 s and gives up 100 s after the last pong. */
static const lws_retry_bo_t liveness = {
    .secs_since_valid_ping = 60,
    .secs_since_valid_hangup = 100,
};

static void end(struct server *sv) {
    for (size_t i = 0; i < sv->world.n_users; i++) {
        while (sv->world.users[i]->sessions) {
            session_forget(sv->world.users[i]->sessions);
        }
    }
    event_gate_free(&sv->gate);
    fault_clear(&sv->net.faults);
    posts_free(&sv->world);
    world_free(&sv->world);
    free(sv);
}

int main(int argc, char **argv) {
    struct server *sv = xmalloc(sizeof(*sv));
    memset(sv, 0, sizeof(*sv));
    sv->net.server = sv;
    sv->net.ops = &ops;
    struct program p = {.net = &sv->net, .name = "mattermost", .liveness = &liveness};
    if (!program_begin(&p, argc, argv)) {
        free(sv);
        return 2;
    }
    world_init(&sv->world);
    int status = program_serve(&p);
    end(sv);
    return status;
}
