/*
 * A Slack workspace for tests, as an app in Socket Mode sees it, after Slack's documentation:
 *
 *   slack [--port N] [--cert FILE --key FILE] [--port-file FILE] [--clock-ms MS] [--manifest FILE]
 *
 * With an app's manifest its token has the scopes and gets the events listed there, else all.
 * Listens on 127.0.0.1, says "listening PORT", ends at SIGTERM, with its parent, or after half an
 * hour. The API is at /api/; tokens are xoxb-000000000000-000000000000-kizuki and
 * xapp-1-A0KIZUKI1-000000000000-kizuki. People: hanako, taro, john (en-US, New York), guest and
 * visitor (guests), gone (deactivated), stranger (of another workspace), otherbot, userN on demand;
 * channels general and office (private, without john). GET /control/state tells what happened;
 * /control/messages?channel=@hanako, /control/home?user=hanako and /control/views what there is,
 * /control/sent what the app said, as it said it, /control/envelope?id= what became of an envelope.
 * POST /control takes {"do":NAME,...}, answers {...} or {"error":...}:
 *
 *   say user text channel? thread_ts? raw? file? content? times?       gives ts and channel
 *   mention user text channel     edit user ts text channel?           delete user ts channel?
 *   react user ts emoji channel?  unreact user ts emoji channel?
 *   click user ts? channel? action? block? label? value? double? times?   (also: press, select)
 *       a button by its text (or a part of it) or value, an option by its own; without ts the
 * newest message that has it command user text channel?    open_home user tab? press_home user
 * label... press_view user label...      submit user values{block_id:value}   close_view user
 *   user_change user zone? locale? real_name? deleted? restricted?     find_user user
 *   team_join name real_name? locale? zone?
 *   join channel user?            leave channel user?                  archive_channel channel
 *   make_channel name private? members?
 *
 *   drop_sockets  deaf  mute on?  disconnect reason  send_close code?  (socket?: one by its number)
 *   ghosts n  forget_ghosts  restart down_ms?  link_disabled on?
 *   refuse_upgrade status times? location? retry_after?
 *   send_frame text|hex|bytes fragments? binary? times?
 *   send_envelope type payload    send_event event channel?            repeat_event times?
 *   app_rate_limited              double_envelopes times               copies n times?
 *   hold_events                   release_events order?="reverse"
 *   set ack_ms? retry_ms?=[3] lose_offline? ping_ms? hello_ms? no_hello? life_ms? warning_ms?
 *       life_said_s? max_sockets? fragments? trigger_ms? history_max? no_home? enterprise?
 *   limits on? scale?             rate_limit per_second burst          lose_answers percent seed
 *   http_fault kind path? method? times? after? status? body? content_type? retry_after? ms?
 *       kind: status html empty cut slow endless drop_before drop_after slow_after
 *   clear_faults                  reset_counters                       advance_clock ms
 *   token_error error? token?="bot"|"app"                              missing_scope name
 *   grant_scope name              unsubscribe name                     subscribe name
 *
 * A channel is an id, a name or "@name" (the bot's direct one), by default the direct one of the
 * user; a user a name or an id. times is 1 where left out; -1: until cleared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/fake/common/program.h"
#include "tests/fake/slack/control.h"
#include "tests/fake/slack/file.h"
#include "tests/fake/slack/install.h"
#include "tests/fake/slack/message.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/view.h"

static void nothing(struct call *c) {
    (void)c;
}

static const struct http_ops ops = {
    .init = nothing,
    .free = nothing,
    .handle = web_handle,
    .reserve = nothing,
    .control = control_handle,
    .limit = web_limit,
    .refuse_size = web_refuse_size,
    .may_be_lost = web_may_be_lost,
    .add_head = web_add_head,
    .upgrade = socket_upgrade,
    .stop = delivery_stop,
    .socket = socket_callback,
};

static void end(struct server *sv) {
    delivery_free(&sv->deliveries);
    socket_free(sv);
    message_free_all(sv);
    view_free_all(sv);
    file_free_all(sv);
    web_free(sv);
    fault_clear(&sv->net.faults);
    world_free(&sv->world);
    free(sv);
}

int main(int argc, char **argv) {
    struct server *sv = xmalloc(sizeof(*sv));
    memset(sv, 0, sizeof(*sv));
    sv->net.server = sv;
    sv->net.ops = &ops;
    struct program p = {.net = &sv->net, .name = "slack"};
    if (!program_begin(&p, argc, argv)) {
        free(sv);
        return 2;
    }
    world_init(&sv->world);
    delivery_init(&sv->deliveries);
    socket_init(&sv->sockets);
    sv->web.trigger_ms = 3000;
    sv->web.limit_scale = 1;
    if (p.manifest && !install_manifest(sv, p.manifest)) {
        fprintf(stderr, "slack: no scopes or no events in %s\n", p.manifest);
        end(sv);
        return 2;
    }
    int status = program_serve(&p);
    end(sv);
    return status;
}
