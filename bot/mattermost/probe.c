#include "bot/mattermost/probe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "bot/mattermost/wire.h"
#include "bot/net/ws.h"

#define STEP_MS        ((int64_t)10 * 1000)
#define ALL_MS         ((int64_t)30 * 1000)
#define BACKSTOP_MS    ((int64_t)500) /* curl's own limit comes first, with a better text */
#define SKEW_MAX_MS    ((int64_t)60 * 1000)
#define REPLY_BYTES    ((size_t)1024 * 1024)
#define TEXT_BYTES     ((size_t)2048)
#define TRIED_VERSION  5037 /* the oldest that was run */
#define CHANNELS_KNOWN 6001 /* from here a server lists a bot's channels without a team */

#define BOT_ACCOUNTS "main menu > Integrations > Bot Accounts"

struct probe {
    const struct probe_setup *setup;
    struct loop_timer *limit;
    int64_t until_ms; /* of loop_now_ms */
    struct arena arena;
    bool done; /* what is waited for has come */
    bool authorized;
    int version;     /* 5.37 is 5037, 0: not known */
    int64_t skew_ms; /* the server's clock is ahead by that much */
};

/* ---- telling ---- */

static void tell(struct probe *p, enum probe_outcome outcome, const char *step, const char *fmt,
                 ...) PRINTF_LIKE(4, 5);

/* One line that is harmless in a terminal, whatever a server put into it. */
static void tell(struct probe *p, enum probe_outcome outcome, const char *step, const char *fmt,
                 ...) {
    char text[TEXT_BYTES];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    char *line = text_clean(&p->arena, text, strlen(text), TEXT_BYTES, NULL);
    for (char *c = line; *c; c++) {
        if (*c == '\n' || *c == '\t') {
            *c = ' ';
        }
    }
    p->setup->tell(p->setup->ctx, outcome, step, line);
}

/* ---- waiting ---- */

static void on_limit(void *ctx) {
    struct probe *p = ctx;
    loop_stop(p->setup->loop);
}

static int64_t time_left(const struct probe *p) {
    int64_t left = p->until_ms - loop_now_ms();
    return left < STEP_MS ? left : STEP_MS;
}

static void finish(struct probe *p) {
    p->done = true;
    loop_stop(p->setup->loop);
}

/* False: the time was up before it was done. */
static bool wait_for(struct probe *p, int64_t ms) {
    loop_timer_set(p->limit, ms);
    loop_run(p->setup->loop);
    loop_timer_clear(p->limit);
    return p->done;
}

/* ---- asking ---- */

struct answer {
    struct probe *p;
    int status;        /* 0: none came, and `error` says why */
    const char *error; /* "" where one came */
    bool too_long;
    cJSON *json; /* NULL where it is not JSON; the caller's */
};

static void on_answer(void *ctx, const struct http_reply *r) {
    struct answer *a = ctx;
    struct json_error err;
    a->status = r->status;
    a->error = arena_strdup(&a->p->arena, r->error);
    a->too_long = r->too_long;
    a->json = r->too_long || r->len == 0 ? NULL : json_parse(r->body, r->len, REPLY_BYTES, &err);
    finish(a->p);
}

static struct answer get(struct probe *p, const char *path, bool with_token) {
    struct answer a = {.p = p, .error = "no reply came in time"};
    int64_t ms = time_left(p);
    if (ms <= 0) {
        a.error = "not tried: half a minute was over before; the server is too slow";
        return a;
    }
    struct http_request request = {
        .method = "GET",
        .url = arena_printf(&p->arena, "%s/api/v4%s", p->setup->url, path),
        .bearer = with_token ? p->setup->token : "",
        .body = "",
        .max_bytes = REPLY_BYTES,
        .timeout_ms = ms,
        .proxied = p->setup->proxied,
    };
    p->done = false;
    struct http_call *call = http_start(p->setup->http, &request, on_answer, &a);
    if (!wait_for(p, ms + BACKSTOP_MS)) {
        http_forget(call);
    }
    return a;
}

/* What a reply that is not the one asked for was. */
static const char *name_answer(struct probe *p, const struct answer *a) {
    const char *id = json_string(a->json, "id");
    if (a->status == 0) {
        return a->error;
    }
    return arena_printf(&p->arena, "HTTP %d%s%.80s%s", a->status, id ? " " : "", id ? id : "",
                        a->json ? "" : ", not JSON");
}

/* ---- the address ---- */

/* What to do when no reply came at all, by a part of curl's text. */
static const char *advise_error(const struct probe *p, const char *error) {
    static const struct {
        const char *part;
        const char *advice;
    } known[] = {
        {"resolve proxy", "correct the proxy's host (key 'proxy' or HTTPS_PROXY)"},
        {"CONNECT", "the proxy does not let it through: have it allow this host and port, or take "
                    "the host out with NO_PROXY"},
        {"resolve host", "correct the host in key 'url', or this machine's DNS"},
        {"Resolving timed out", "this machine's DNS does not answer"},
        {"expired", "have the server's certificate renewed; if it is new, set this machine's "
                    "clock"},
        {"not yet valid", "set this machine's clock, or have the server's certificate replaced"},
        {"subject name", "the host in key 'url' has to be one that the server's certificate names"},
        {"certificate", "name a PEM file with the authority that signed the server's certificate "
                        "in key 'ca_file'; behind an intermediate authority the server has to send "
                        "that one's certificate, too"},
        {"wrong version number", "no TLS is spoken there: correct the port in key 'url', or write "
                                 "http:// if that is meant"},
        {"HTTP/0.9", "TLS is probably spoken there: write https:// in key 'url'"},
        {"Empty reply", "TLS is probably spoken there: write https:// in key 'url'"},
        {"Connection reset", "a firewall or another service is there: correct host, port and "
                             "https:// in key 'url'"},
        {"timed out", "nothing answers: a firewall in between, or a server too busy; correct host "
                      "and port in key 'url'"},
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strstr(error, known[i].part)) {
            return known[i].advice;
        }
    }
    return p->setup->proxied
               ? "is the proxy running, and are its host and port right (key 'proxy' or "
                 "HTTPS_PROXY)?"
               : "is the server running, are host and port in key 'url' right, is a firewall in "
                 "between?";
}

/* What to do about a reply that is not Mattermost's. */
static const char *advise_status(int status) {
    if (status >= 300 && status < 400) {
        return "a redirect is not followed, since it would take the token elsewhere: write the "
               "address the browser ends at, without the team's name, in key 'url'";
    }
    if (status == 400) {
        return "is https:// missing in key 'url'?";
    }
    if (status == 401 || status == 403 || status == 407) {
        return "a gateway or proxy in front of the server wants to be told who asks: let this "
               "machine pass without";
    }
    if (status == 429) {
        return "too many requests come from this address: wait, or raise System Console > "
               "Environment > Rate Limiting";
    }
    if (status >= 500) {
        return "the server, or what stands behind the reverse proxy, is not up: look at "
               "Mattermost's log";
    }
    return "key 'url' is to be the server's address as in the browser, without the team's name and "
           "without /api/v4 (a path only where Mattermost itself lives below one)";
}

/* Whether token and messages would travel for everybody to read. */
static bool is_exposed(const char *url) {
    static const char *const here[] = {"localhost", "127.", "[::1]"};
    bool exposed = strncmp(url, "http://", 7) == 0;
    for (size_t i = 0; exposed && i < ARRAY_LEN(here); i++) {
        exposed = strncmp(url + 7, here[i], strlen(here[i])) != 0;
    }
    return exposed;
}

static void tell_address(struct probe *p, const char *health) {
    const char *url = p->setup->url;
    if (strcmp(health, "OK") != 0) {
        tell(p, PROBE_WARNING, "address",
             "%.300s answers, but does not feel well (status %.40s); look at Mattermost's log", url,
             health);
    } else if (is_exposed(url)) {
        tell(p, PROBE_WARNING, "address",
             "%.300s answers, but token and messages travel unencrypted; write https:// in key "
             "'url' if the server can",
             url);
    } else {
        tell(p, PROBE_OK, "address", "%.300s answers", url);
    }
}

static bool try_address(struct probe *p) {
    const char *url = p->setup->url;
    struct answer a = get(p, "/system/ping", false);
    const char *health = json_string(a.json, "status");
    bool good = a.status == 200 && health;
    if (good) {
        tell_address(p, health);
    } else if (a.status == 0) {
        tell(p, PROBE_FAILED, "address", "%.300s: %s; %s", url, a.error, advise_error(p, a.error));
    } else {
        tell(p, PROBE_FAILED, "address", "%.300s: no Mattermost answers there (%s); %s", url,
             name_answer(p, &a), advise_status(a.status));
    }
    cJSON_Delete(a.json);
    return good;
}

/* ---- the account ---- */

/* What to do about a reply that is not the one asked for, after the address was good. */
static const char *advise_later(const struct answer *a) {
    return a->status
               ? advise_status(a->status)
               : "it answered before: the server is too busy, or the network breaks off; look "
                 "at Mattermost's log and try again";
}

static void try_token(struct probe *p) {
    struct answer a = get(p, "/users/me", true);
    struct mm_user me;
    p->authorized = a.status == 200 && mm_user_read(&p->arena, a.json, &me);
    if (p->authorized && me.bot) {
        tell(p, PROBE_OK, "token", "it is the bot @%.64s's", me.username);
    } else if (p->authorized) {
        tell(p, PROBE_WARNING, "token",
             "it is the person @%.64s's, who would seem to say everything the bot says; make a bot "
             "account: " BOT_ACCOUNTS " > Add Bot Account. If that is missing: System Console > "
             "Integrations > Bot Accounts (in some versions Integration Management) > Enable Bot "
             "Account Creation",
             me.username);
    } else if (a.status == 401) {
        tell(p, PROBE_FAILED, "token",
             "the server refuses it: it is mistyped, revoked or expired, or the bot is disabled. "
             "Enable the bot, or give it a new one, in " BOT_ACCOUNTS " > Enable, Create New "
             "Token, and write that into the token file");
    } else {
        tell(p, PROBE_FAILED, "token", "whose it is cannot be asked: %s; %s", name_answer(p, &a),
             advise_later(&a));
    }
    cJSON_Delete(a.json);
}

/* "5.37.0" is 5037; 0 for anything else. */
static int read_version(const char *text) {
    char *dot;
    long major = text ? strtol(text, &dot, 10) : 0;
    if (major < 1 || major > 999 || *dot != '.') {
        return 0;
    }
    long minor = strtol(dot + 1, NULL, 10);
    return minor < 0 || minor > 999 ? 0 : (int)(major * 1000 + minor);
}

static void try_version(struct probe *p) {
    struct answer a = get(p, "/config/client?format=old", p->authorized);
    const char *version = json_string(a.json, "Version");
    const char *size = json_string(a.json, "MaxPostSize");
    const char *limit =
        size ? arena_printf(&p->arena, "; a post may have %.12s characters", size) : "";
    p->version = a.status == 200 ? read_version(version) : 0;
    if (p->version == 0) {
        tell(p, PROBE_WARNING, "version",
             "the server does not say (%s); Kizuki was run with Mattermost 5.37",
             name_answer(p, &a));
    } else if (p->version < TRIED_VERSION) {
        tell(p, PROBE_WARNING, "version",
             "Mattermost %.40s was never tried; Kizuki was run with 5.37: update the server%s",
             version, limit);
    } else if (p->version > TRIED_VERSION) {
        tell(p, PROBE_OK, "version",
             "Mattermost %.40s (5.37 was run; of newer ones the documents and the source were "
             "read)%s",
             version, limit);
    } else {
        tell(p, PROBE_OK, "version", "Mattermost %.40s, the one Kizuki was run with%s", version,
             limit);
    }
    cJSON_Delete(a.json);
}

static void try_team(struct probe *p) {
    static const char add[] = "add the bot to a team: in the team, team menu > Invite People (or "
                              "Add Members), type the bot's name";
    struct answer a = get(p, "/users/me/teams", true);
    int n = cJSON_IsArray(a.json) ? cJSON_GetArraySize(a.json) : 0;
    bool strict = p->version > 0 && p->version < CHANNELS_KNOWN;
    if (a.status != 200 || (!a.too_long && !cJSON_IsArray(a.json))) {
        tell(p, PROBE_FAILED, "team", "the bot's teams cannot be asked for: %s; %s",
             name_answer(p, &a), advise_later(&a));
    } else if (n > 0 || a.too_long) {
        tell(p, PROBE_OK, "team", "the bot is in %d team%s", n, n == 1 ? "" : "s");
    } else if (strict) {
        tell(p, PROBE_FAILED, "team",
             "the bot is in none, and this server (before 6.1) then does not list its "
             "conversations, so what was said while it was away would be missed; %s",
             add);
    } else {
        tell(p, PROBE_WARNING, "team",
             "the bot is in none, so that people may not find it and no channel can have it; %s",
             add);
    }
    cJSON_Delete(a.json);
}

/* ---- the websocket ---- */

struct line {
    struct probe *p;
    struct ws *ws;
    bool opened;
    bool hello;
    bool pong;
    bool refused; /* the ping */
    bool ended;
    int status; /* of a refused upgrade */
    const char *reason;
};

static void on_open(void *ctx) {
    struct line *l = ctx;
    l->opened = true;
    ws_send(l->ws, "{\"seq\":1,\"action\":\"ping\"}");
}

static void on_text(void *ctx, const char *text, size_t n) {
    struct line *l = ctx;
    struct arena a = {0};
    struct mm_frame f;
    const char *why;
    if (mm_frame_read(&a, text, n, &f, &why)) {
        l->hello = l->hello || f.kind == MM_FRAME_HELLO;
        if (f.kind == MM_FRAME_REPLY && f.seq_reply == 1) {
            l->pong = f.ok;
            l->refused = !f.ok;
            l->p->skew_ms = f.ok && f.server_ms > 0 ? f.server_ms - clock_now_ms() : 0;
        }
    }
    arena_free(&a);
    if ((l->hello && l->pong) || l->refused) {
        finish(l->p);
    }
}

static void on_end(void *ctx, const struct ws_end *end) {
    struct line *l = ctx;
    l->ws = NULL;
    l->ended = true;
    l->status = end->status;
    l->reason = arena_strdup(&l->p->arena, end->reason);
    finish(l->p);
}

static const char *advise_upgrade(int status) {
    if (status == 401) {
        return "it refuses the token there, though it took it before: does the reverse proxy pass "
               "the header Authorization on?";
    }
    if (status == 429 || status >= 500 || (status >= 300 && status < 400)) {
        return advise_status(status);
    }
    return "a reverse proxy in between has to pass websockets on: for /api/v4/websocket HTTP/1.1 "
           "with the headers Upgrade and Connection";
}

static const char *advise_no_line(const struct probe *p, const char *reason) {
    if (strstr(reason, "SSL")) {
        return "the websocket meets another certificate than the address did: look at what stands "
               "in between";
    }
    return p->setup->proxied ? "the proxy has to allow CONNECT to the server's host and port"
                             : advise_upgrade(0);
}

static void tell_broken_line(struct probe *p, const struct line *l) {
    if (l->status) {
        tell(p, PROBE_FAILED, "websocket", "the upgrade was refused with HTTP %d; %s", l->status,
             advise_upgrade(l->status));
    } else if (l->refused) {
        tell(p, PROBE_FAILED, "websocket",
             "the server refuses a ping: it forgot who the connection belongs to; try again, and "
             "restart Mattermost if it stays so");
    } else if (l->opened && !l->hello) {
        tell(p, PROBE_FAILED, "websocket",
             "it opened, but the server said nothing%s: the token did not arrive; a reverse proxy "
             "has to pass the header Authorization on",
             l->ended ? " and closed it" : " within 10 s");
    } else if (l->opened) {
        tell(p, PROBE_FAILED, "websocket",
             "%s: look at Mattermost's log, and at the time limits of a reverse proxy in between",
             l->ended ? "the connection was closed at once" : "a ping was not answered");
    } else {
        const char *reason = l->ended ? l->reason : "no connection in time";
        tell(p, PROBE_FAILED, "websocket", "%s; %s", reason, advise_no_line(p, reason));
    }
}

static bool try_websocket(struct probe *p) {
    struct line l = {.p = p, .reason = ""};
    int64_t ms = time_left(p);
    if (ms <= 0) {
        tell(p, PROBE_FAILED, "websocket",
             "not tried: half a minute was over before; the server is too slow");
        return false;
    }
    struct ws_setup setup = {
        .url = arena_printf(&p->arena, "%s/api/v4/websocket", p->setup->url),
        .bearer = p->setup->token,
        .proxied = p->setup->proxied,
        .max_bytes = MM_MESSAGE_MAX_BYTES,
        .on_open = on_open,
        .on_text = on_text,
        .on_end = on_end,
        .ctx = &l,
    };
    int64_t began_ms = loop_now_ms();
    p->done = false;
    l.ws = ws_open(p->setup->loop, p->setup->http, &setup);
    wait_for(p, ms);
    ws_drop(l.ws);
    bool good = l.hello && l.pong;
    if (good) {
        tell(p, PROBE_OK, "websocket", "open, and a ping is answered (%" PRId64 " ms)",
             loop_now_ms() - began_ms);
    } else {
        tell_broken_line(p, &l);
    }
    return good;
}

static void tell_clock(struct probe *p) {
    int64_t off_ms = p->skew_ms < 0 ? -p->skew_ms : p->skew_ms;
    if (off_ms > SKEW_MAX_MS) {
        tell(p, PROBE_WARNING, "clock",
             "the server's is %" PRId64 " s %s of this machine's: have both set by NTP",
             off_ms / 1000, p->skew_ms > 0 ? "ahead" : "behind");
    } else {
        tell(p, PROBE_OK, "clock", "%" PRId64 " s off the server's", off_ms / 1000);
    }
}

void mattermost_probe(const struct probe_setup *setup) {
    struct probe p = {.setup = setup, .until_ms = loop_now_ms() + ALL_MS};
    p.limit = loop_timer_create(setup->loop, on_limit, &p);
    if (try_address(&p)) {
        try_token(&p);
        try_version(&p);
        if (p.authorized) {
            try_team(&p);
        }
        if (p.authorized && try_websocket(&p)) {
            tell_clock(&p);
        }
    }
    loop_timer_destroy(p.limit);
    arena_free(&p.arena);
}
