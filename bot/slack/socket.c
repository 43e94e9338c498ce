#include "bot/slack/socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/net/ws.h"
#include "bot/slack/api.h"
#include "bot/slack/catchup.h"
#include "bot/slack/intake.h"
#include "bot/slack/outgoing.h"
#include "bot/slack/private.h"

#define LINKS_MAX        4                    /* one, its replacement, and those still leaving */
#define HELLO_MS         ((int64_t)10 * 1000) /* from asking for an address to hello */
#define OPEN_MS          ((int64_t)30 * 1000)
#define LEAVE_MS         ((int64_t)3 * 1000) /* for acknowledgements that are still due */
#define BACKOFF_FIRST_MS ((int64_t)1000)
#define BACKOFF_MAX_MS   ((int64_t)60 * 1000)
#define HEALTHY_MS       ((int64_t)10 * 1000) /* then the backoff begins anew */
#define EARLY_MAX        3 /* goodbyes before that after which the next one is asked for at once */
#define CROWDED_MS       ((int64_t)30 * 1000) /* too many connections: Slack forgets ghosts */
#define SWITCHED_OFF_MS  ((int64_t)5 * 60 * 1000)

/* The cursor that keeps the id of the workspace. */
#define TEAM "team"

enum state { FREE, OPENING, LIVE, LEAVING };

struct line {
    struct slack_socket *k;
    slack_link_id id;
    enum state state;
    struct ws *ws;
    size_t owed;              /* envelopes not acknowledged yet */
    struct loop_timer *timer; /* hello is due; or it has been leaving for long enough */
};

struct slack_socket {
    struct slack *s;
    struct line links[LINKS_MAX];
    slack_link_id last_id;
    bool asking;       /* who are we?, or an address, is under way */
    bool anew;         /* with tokens that have been replaced since */
    bool unauthorized; /* a token is refused, or the app is none for us */
    int failures;      /* in a row */
    int64_t live_ms;   /* when the last one came to life */
    struct loop_timer *retry;
};

static void connect_now(struct slack_socket *k);

/* ---- coming back ---- */

static void retry(void *ctx) {
    connect_now(ctx);
}

static struct line *find(struct slack_socket *k, enum state state) {
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (k->links[i].state == state) {
            return &k->links[i];
        }
    }
    return NULL;
}

static void come_back(struct slack_socket *k, int64_t at_least_ms, const char *why) {
    int64_t most = BACKOFF_FIRST_MS << (k->failures < 6 ? k->failures : 6);
    int64_t wait = loop_random(most < BACKOFF_MAX_MS ? most : BACKOFF_MAX_MS);
    wait = wait > at_least_ms ? wait : at_least_ms + loop_random(BACKOFF_FIRST_MS);
    k->failures++;
    loop_timer_set(k->retry, wait);
    log_warn(find(k, LIVE) ? "no replacement for the connection yet" : "not connected", "workspace",
             k->s->setup.name, "why", why, "again_in_ms", LOG_N(wait));
}

static void free_link(struct line *l) {
    loop_timer_clear(l->timer);
    l->state = FREE;
    l->ws = NULL;
    l->owed = 0;
    l->id = 0;
}

/* A connection that was good for a while: what failed before it is forgotten. */
static void forgive(struct line *l) {
    struct slack_socket *k = l->k;
    if (l->state == LIVE && loop_now_ms() - k->live_ms >= HEALTHY_MS) {
        k->failures = 0;
    }
}

/* A connection is over, one way or another. */
static void lose(struct line *l, int64_t at_least_ms, const char *why) {
    struct slack_socket *k = l->k;
    bool needed = l->state == OPENING || (l->state == LIVE && !find(k, OPENING) && !k->asking);
    bool was_live = l->state == LIVE;
    forgive(l);
    free_link(l);
    if (was_live && !find(k, LIVE)) {
        slack_catchup_gap(k->s->catchup);
    }
    if (needed && !k->unauthorized) {
        come_back(k, at_least_ms, why);
    }
}

static void drop(struct line *l, int64_t at_least_ms, const char *why) {
    ws_drop(l->ws);
    lose(l, at_least_ms, why);
}

static void drop_all(struct slack_socket *k) {
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (k->links[i].state != FREE) {
            ws_drop(k->links[i].ws);
            free_link(&k->links[i]);
        }
    }
    loop_timer_clear(k->retry);
}

static void stop(struct slack_socket *k) {
    bool live = find(k, LIVE) != NULL;
    k->unauthorized = true;
    drop_all(k);
    if (live) {
        slack_catchup_gap(k->s->catchup);
    }
}

void slack_socket_unauthorized(struct slack *s, bool app, const char *code) {
    if (!s->socket->unauthorized) {
        log_error("Slack refuses a token; what is owed is kept; nothing is tried until there is "
                  "another one: put it into its file and reload with SIGHUP (api.slack.com/apps > "
                  "the app > Basic Information > App-Level Tokens, or OAuth & Permissions)",
                  "workspace", s->setup.name, "token", app ? "app (xapp-)" : "bot (xoxb-)", "why",
                  code);
    }
    stop(s->socket);
}

bool slack_socket_authorized(const struct slack *s) {
    return !s->socket->unauthorized && s->me[0];
}

/* ---- the end of a connection that has a replacement ---- */

static void leave(struct line *l) {
    if (l->owed > 0) {
        l->state = LEAVING;
        loop_timer_set(l->timer, LEAVE_MS);
    } else {
        ws_close(l->ws);
        free_link(l);
    }
}

static void on_link_timer(void *ctx) {
    struct line *l = ctx;
    if (l->state == LEAVING) {
        ws_close(l->ws);
        free_link(l);
    } else if (l->state == OPENING) {
        drop(l, 0, "no hello came");
    }
}

static struct line *by_id(struct slack_socket *k, slack_link_id id) {
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (k->links[i].state != FREE && k->links[i].id == id) {
            return &k->links[i];
        }
    }
    return NULL;
}

void slack_socket_hold(struct slack_socket *k, slack_link_id id, bool hold) {
    struct line *l = by_id(k, id);
    if (!l) {
        return;
    }
    l->owed += hold ? 1 : 0;
    l->owed -= !hold && l->owed > 0 ? 1 : 0;
    if (l->state == LEAVING && l->owed == 0) {
        leave(l);
    }
}

void slack_socket_ack(struct slack_socket *k, slack_link_id id, const char *envelope,
                      const cJSON *payload) {
    struct line *l = by_id(k, id);
    if (!l || !*envelope) {
        return;
    }
    cJSON *ack = cJSON_CreateObject();
    cJSON_AddStringToObject(ack, "envelope_id", envelope);
    if (payload) {
        cJSON_AddItemToObject(ack, "payload", cJSON_Duplicate(payload, true));
    }
    char *text = cJSON_PrintUnformatted(ack);
    cJSON_Delete(ack);
    if (!text) {
        xalloc_die();
    }
    ws_send(l->ws, text);
    cJSON_free(text);
}

/* ---- frames ---- */

static size_t count_links(const struct slack_socket *k) {
    size_t n = 0;
    for (size_t i = 0; i < LINKS_MAX; i++) {
        n += k->links[i].state != FREE;
    }
    return n;
}

static void on_hello(struct line *l, const struct slack_frame *f) {
    struct slack_socket *k = l->k;
    struct line *before = find(k, LIVE);
    if (l->state != OPENING) {
        return;
    }
    loop_timer_clear(l->timer);
    l->state = LIVE;
    k->live_ms = loop_now_ms();
    log_info("connected", "workspace", k->s->setup.name, "how", before ? "replaced" : "afresh",
             "lives_s", LOG_N(f->life_s));
    if (f->connections > 0 && (size_t)f->connections > count_links(k)) {
        log_warn("the app has more connections than ours: another process uses the same app and "
                 "takes some of its events, or Slack remembers lost ones for a while",
                 "workspace", k->s->setup.name, "connections", LOG_N(f->connections), "ours",
                 LOG_N(count_links(k)));
    }
    if (before) {
        leave(before);
        slack_catchup_reached(k->s->catchup);
    } else {
        slack_catchup_now(k->s->catchup);
    }
}

/* It goes on for a while: the next one first; but not in a tight circle. */
static void replace(struct line *l) {
    struct slack_socket *k = l->k;
    forgive(l);
    if (k->failures >= EARLY_MAX) {
        come_back(k, 0, "sent away again soon after hello");
        return;
    }
    k->failures++;
    log_debug("the connection is to be replaced", "workspace", k->s->setup.name);
    connect_now(k);
}

static void on_disconnect(struct line *l, const struct slack_frame *f) {
    struct slack_socket *k = l->k;
    switch (f->why) {
    case SLACK_LINK_DISABLED:
        log_error("Socket Mode is switched off for the app: switch it on at api.slack.com/apps > "
                  "the app > Socket Mode",
                  "workspace", k->s->setup.name);
        drop(l, SWITCHED_OFF_MS, "Socket Mode is switched off");
        break;
    case SLACK_TOO_MANY: {
        int64_t wait = CROWDED_MS << (k->failures < 4 ? k->failures : 4);
        drop(l, wait, "the app has too many connections");
        break;
    }
    default:
        if (l->state == LIVE) {
            replace(l);
        } else if (l->state == OPENING) {
            drop(l, 0, "sent away before hello");
        }
        break;
    }
}

static void on_text(void *ctx, const char *text, size_t n) {
    struct line *l = ctx;
    struct slack_socket *k = l->k;
    struct arena a = {0};
    struct slack_frame f;
    const char *why;
    bool good = slack_frame_read(&a, text, n, &f, &why);
    if (!good) {
        log_warn("a frame that cannot be read", "workspace", k->s->setup.name, "why", why);
        slack_socket_ack(k, l->id, f.envelope, NULL); /* it would only come again */
        slack_catchup_soon(k->s->catchup);            /* it may have been a message */
    } else if (f.kind == SLACK_HELLO) {
        on_hello(l, &f);
    } else if (f.kind == SLACK_DISCONNECT) {
        on_disconnect(l, &f);
    } else {
        slack_intake_frame(k->s->intake, &f, l->id);
    }
    arena_free(&a);
}

static void on_long(void *ctx) {
    const struct line *l = ctx;
    log_error("a frame over 1 MiB was left out", "workspace", l->k->s->setup.name);
    slack_catchup_soon(l->k->s->catchup);
}

static void on_open(void *ctx) {
    (void)ctx; /* hello is what counts */
}

static void on_end(void *ctx, const struct ws_end *end) {
    struct line *l = ctx;
    char why[256];
    if (end->status) {
        snprintf(why, sizeof(why), "the upgrade was refused with HTTP %d", end->status);
    } else {
        snprintf(why, sizeof(why), "%.200s", end->reason);
    }
    lose(l, end->retry_after_ms > 0 ? end->retry_after_ms : 0, why);
}

/* ---- connecting ---- */

static void open_link(struct slack_socket *k, const char *url) {
    struct line *l = find(k, FREE);
    if (!l) { /* never more than one opening, one live and some leaving */
        come_back(k, BACKOFF_FIRST_MS, "connections are still being closed");
        return;
    }
    l->id = ++k->last_id;
    l->state = OPENING;
    struct ws_setup setup = {.url = url,
                             .bearer = "",
                             .proxied = k->s->setup.proxied,
                             .quick = true,
                             .max_bytes = SLACK_FRAME_MAX_BYTES,
                             .on_open = on_open,
                             .on_text = on_text,
                             .on_long = on_long,
                             .on_end = on_end,
                             .ctx = l};
    loop_timer_set(l->timer, HELLO_MS);
    l->ws = ws_open(k->s->setup.loop, k->s->setup.http, &setup);
}

/* There is a reply; true where it is about tokens of before, and it is asked again. */
static bool is_outdated(struct slack_socket *k) {
    bool outdated = k->anew;
    k->asking = false;
    k->anew = false;
    if (outdated) {
        connect_now(k);
    }
    return outdated;
}

static bool is_address(const char *url) {
    return url && strlen(url) < 4000 &&
           (strncmp(url, "wss://", 6) == 0 || strncmp(url, "ws://", 5) == 0);
}

static void on_address(void *ctx, const struct slack_reply *reply) {
    struct slack_socket *k = ctx;
    const char *url = json_string(reply->json, "url");
    if (is_outdated(k) || reply->outcome == SLACK_UNAUTHORIZED || k->unauthorized) {
        return;
    }
    if (reply->outcome == SLACK_DONE && is_address(url)) {
        open_link(k, url);
        return;
    }
    if (strcmp(reply->code, "missing_scope") == 0) {
        slack_socket_unauthorized(k->s, true, "missing_scope connections:write");
        return;
    }
    come_back(k, strcmp(reply->code, "link_disabled") == 0 ? SWITCHED_OFF_MS : 0,
              *reply->error ? reply->error : "Slack does not say where to connect to");
}

static void ask_address(struct slack_socket *k) {
    struct slack_request request = {
        .method = "apps.connections.open", .app = true, .urgency = SLACK_AT_ONCE};
    k->asking = true;
    slack_call(k->s, &request, on_address, k);
}

/* What is stored under the name of this workspace is not for the people of another one. */
static bool is_same_team(struct slack_socket *k) {
    struct slack *s = k->s;
    struct arena a = {0};
    struct store_cursor known;
    int rc = engine_cursor(s->setup.engine, &a, SLACK_PLATFORM, s->setup.name, TEAM, &known);
    bool same = rc != 0 || strcmp(known.message, s->team) == 0;
    if (!same) {
        log_error("the token is of another workspace than before, whose people are in the "
                  "database: put the right token into its file, or give the section another name",
                  "workspace", s->setup.name, "team", s->team, "before", known.message);
    } else if (rc == -ENOENT) {
        slack_intake_cursor(s->intake, &(struct store_cursor){.channel = TEAM,
                                                              .message = s->team,
                                                              .message_ms = clock_now_ms()});
    }
    arena_free(&a);
    return same;
}

static bool take_me(struct slack_socket *k, const cJSON *json) {
    struct slack *s = k->s;
    const char *user = json_string(json, "user_id");
    const char *team = json_string(json, "team_id");
    if (!user || !slack_is_id(user) || !team || !slack_is_id(team)) {
        return false;
    }
    if (strcmp(s->me, user) != 0) {
        const char *name = json_string(json, "team");
        log_info("we are", "workspace", s->setup.name, "user", user, "team", name ? name : "");
    }
    snprintf(s->me, sizeof(s->me), "%s", user);
    snprintf(s->team, sizeof(s->team), "%s", team);
    return true;
}

static void on_me(void *ctx, const struct slack_reply *reply) {
    struct slack_socket *k = ctx;
    if (is_outdated(k) || reply->outcome == SLACK_UNAUTHORIZED || k->unauthorized) {
        return;
    }
    if (reply->outcome == SLACK_DONE &&
        cJSON_IsTrue(json_member(reply->json, "is_enterprise_install"))) {
        log_error("the app is installed for a whole organisation, which Kizuki does not support: "
                  "install it in one workspace (org_deploy_enabled: false in the manifest)",
                  "workspace", k->s->setup.name);
        stop(k);
        return;
    }
    bool known = reply->outcome == SLACK_DONE && take_me(k, reply->json);
    if (known && !is_same_team(k)) {
        stop(k);
    } else if (known) {
        slack_outgoing_wake(k->s->outgoing);
        ask_address(k);
    } else {
        come_back(k, 0, *reply->error ? reply->error : "Slack does not say who we are");
    }
}

static void connect_now(struct slack_socket *k) {
    if (k->asking || k->unauthorized || find(k, OPENING)) {
        return;
    }
    loop_timer_clear(k->retry);
    if (k->s->me[0]) {
        ask_address(k);
        return;
    }
    struct slack_request request = {.method = "auth.test", .urgency = SLACK_AT_ONCE};
    k->asking = true;
    slack_call(k->s, &request, on_me, k);
}

struct slack_socket *slack_socket_create(struct slack *s) {
    struct slack_socket *k = xmalloc(sizeof(*k));
    *k = (struct slack_socket){.s = s};
    k->retry = loop_timer_create(s->setup.loop, retry, k);
    for (size_t i = 0; i < LINKS_MAX; i++) {
        k->links[i].k = k;
        k->links[i].timer = loop_timer_create(s->setup.loop, on_link_timer, &k->links[i]);
    }
    return k;
}

void slack_socket_destroy(struct slack_socket *k) {
    if (!k) {
        return;
    }
    drop_all(k);
    for (size_t i = 0; i < LINKS_MAX; i++) {
        loop_timer_destroy(k->links[i].timer);
    }
    loop_timer_destroy(k->retry);
    free(k);
}

void slack_socket_start(struct slack_socket *k) {
    k->failures = 0;
    k->unauthorized = false;
    k->s->me[0] = '\0';
    k->anew = k->asking;
    struct line *opening = find(k, OPENING);
    if (opening) { /* for whom, nobody has asked yet */
        ws_drop(opening->ws);
        free_link(opening);
    }
    connect_now(k);
}
