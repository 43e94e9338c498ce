#include "bot/mattermost/probe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bot/mattermost/wire.h"

#define TRIED_VERSION  5037 /* the oldest that was run */
#define CHANNELS_KNOWN 6001 /* from here a server lists a bot's channels without a team */

#define BOT_ACCOUNTS "main menu > Integrations > Bot Accounts"

struct visit {
    struct probe p;
    const char *url;
    const char *token;
    bool authorized;
    int version;     /* 5.37 is 5037, 0: not known */
    int64_t skew_ms; /* the server's clock is ahead by that much */
};

static struct probe_answer get(struct visit *v, const char *path, bool with_token) {
    struct probe_question question = {.method = "GET",
                                      .path = arena_printf(&v->p.arena, "/api/v4%s", path),
                                      .token = with_token ? v->token : "",
                                      .form = ""};
    return probe_ask(&v->p, &question);
}

/* What a reply that is not the one asked for was. */
static const char *name_answer(struct visit *v, const struct probe_answer *a) {
    const char *id = json_string(a->json, "id");
    if (a->status == 0) {
        return a->error;
    }
    return arena_printf(&v->p.arena, "HTTP %d%s%.80s%s", a->status, id ? " " : "", id ? id : "",
                        a->json ? "" : ", not JSON");
}

/* ---- the address ---- */

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

static bool try_address(struct visit *v) {
    struct probe_answer a = get(v, "/system/ping", false);
    const char *health = json_string(a.json, "status");
    bool good = a.status == 200 && health;
    if (good && strcmp(health, "OK") != 0) {
        probe_warn(&v->p, "address",
                   "%.300s answers, but does not feel well (status %.40s); look at Mattermost's "
                   "log",
                   v->url, health);
    } else if (good) {
        probe_tell_address(&v->p);
    } else if (a.status == 0) {
        probe_tell_no_address(&v->p, a.error,
                              "is the server running, are host and port in @ right, is a "
                              "firewall in between?");
    } else {
        probe_fail(&v->p, "address", "%.300s: no Mattermost answers there (%s); %s", v->url,
                   name_answer(v, &a), advise_status(a.status));
    }
    cJSON_Delete(a.json);
    return good;
}

/* ---- the account ---- */

/* What to do about a reply that is not the one asked for, after the address was good. */
static const char *advise_later(const struct probe_answer *a) {
    return a->status
               ? advise_status(a->status)
               : "it answered before: the server is too busy, or the network breaks off; look "
                 "at Mattermost's log and try again";
}

static void try_token(struct visit *v) {
    struct probe_answer a = get(v, "/users/me", true);
    struct mm_user me;
    v->authorized = a.status == 200 && mm_user_read(&v->p.arena, a.json, &me);
    if (v->authorized && me.bot) {
        probe_ok(&v->p, "token", "it is the bot @%.64s's", me.username);
    } else if (v->authorized) {
        probe_warn(&v->p, "token",
                   "it is the person @%.64s's, who would seem to say everything the bot says; "
                   "make a bot account: " BOT_ACCOUNTS " > Add Bot Account. If that is missing: "
                   "System Console > Integrations > Bot Accounts (in some versions Integration "
                   "Management) > Enable Bot Account Creation",
                   me.username);
    } else if (a.status == 401) {
        probe_fail(&v->p, "token",
                   "the server refuses it: it is mistyped, revoked or expired, or the bot is "
                   "disabled. Enable the bot, or give it a new one, in " BOT_ACCOUNTS
                   " > Enable, Create New Token, and write that into the token file");
    } else {
        probe_fail(&v->p, "token", "whose it is cannot be asked: %s; %s", name_answer(v, &a),
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

static void try_version(struct visit *v) {
    struct probe_answer a = get(v, "/config/client?format=old", v->authorized);
    const char *version = json_string(a.json, "Version");
    const char *size = json_string(a.json, "MaxPostSize");
    const char *limit =
        size ? arena_printf(&v->p.arena, "; a post may have %.12s characters", size) : "";
    v->version = a.status == 200 ? read_version(version) : 0;
    if (v->version == 0) {
        probe_warn(&v->p, "version",
                   "the server does not say (%s); Kizuki was run with Mattermost 5.37",
                   name_answer(v, &a));
    } else if (v->version < TRIED_VERSION) {
        probe_warn(&v->p, "version",
                   "Mattermost %.40s was never tried; Kizuki was run with 5.37: update the "
                   "server%s",
                   version, limit);
    } else if (v->version > TRIED_VERSION) {
        probe_ok(&v->p, "version",
                 "Mattermost %.40s (5.37 was run; of newer ones the documents and the source "
                 "were read)%s",
                 version, limit);
    } else {
        probe_ok(&v->p, "version", "Mattermost %.40s, the one Kizuki was run with%s", version,
                 limit);
    }
    cJSON_Delete(a.json);
}

static void try_team(struct visit *v) {
    static const char add[] = "add the bot to a team: in the team, team menu > Invite People (or "
                              "Add Members), type the bot's name";
    struct probe_answer a = get(v, "/users/me/teams", true);
    int n = cJSON_IsArray(a.json) ? cJSON_GetArraySize(a.json) : 0;
    bool strict = v->version > 0 && v->version < CHANNELS_KNOWN;
    if (a.status != 200 || (!a.too_long && !cJSON_IsArray(a.json))) {
        probe_fail(&v->p, "team", "the bot's teams cannot be asked for: %s; %s", name_answer(v, &a),
                   advise_later(&a));
    } else if (n > 0 || a.too_long) {
        probe_ok(&v->p, "team", "the bot is in %d team%s", n, n == 1 ? "" : "s");
    } else if (strict) {
        probe_fail(&v->p, "team",
                   "the bot is in none, and this server (before 6.1) then does not list its "
                   "conversations, so what was said while it was away would be missed; %s",
                   add);
    } else {
        probe_warn(&v->p, "team",
                   "the bot is in none, so that people may not find it and no channel can have "
                   "it; %s",
                   add);
    }
    cJSON_Delete(a.json);
}

/* ---- where what is passed on is read ---- */

static void tell_no_desk(struct visit *v, const struct probe_answer *a) {
    if (a->status == 403) {
        probe_fail(
            &v->p, "desk",
            "the bot is not in the channel of key 'desk_channel': write \"/invite @\" and the "
            "bot's name there");
    } else if (a->status == 404) {
        probe_fail(&v->p, "desk",
                   "there is no such channel, or the bot is not in it: correct key 'desk_channel' "
                   "(the channel's menu > View Info > ID), and invite the bot there");
    } else {
        probe_fail(&v->p, "desk", "the channel cannot be asked for: %s; %s", name_answer(v, a),
                   advise_later(a));
    }
}

static void tell_desk(struct visit *v, const cJSON *channel) {
    const char *type = json_string(channel, "type");
    const char *name = json_string(channel, "display_name");
    if (mm_number(channel, "delete_at", 0) > 0) {
        probe_fail(&v->p, "desk",
                   "the channel %.80s is archived: unarchive it, or name another one in key "
                   "'desk_channel'",
                   name ? name : "");
    } else if (type && strcmp(type, "O") == 0) {
        probe_warn(
            &v->p, "desk",
            "the bot is in the channel %.80s, but everybody in the team can read it: make it "
            "a private one",
            name ? name : "");
    } else {
        probe_ok(&v->p, "desk", "the bot is in the channel %.80s, where what is passed on is read",
                 name ? name : "");
    }
}

static void try_desk(struct visit *v) {
    const char *desk = v->p.setup->workspace->desk_channel;
    if (*desk == '\0') {
        return;
    }
    const char *path = arena_printf(&v->p.arena, "/channels/%s", desk);
    struct probe_answer a = get(v, path, true);
    bool found = a.status == 200 && a.json;
    struct probe_answer member = {.json = NULL};
    if (found) {
        member = get(v, arena_printf(&v->p.arena, "%s/members/me", path), true);
    }
    if (found && member.status == 200) {
        tell_desk(v, a.json);
    } else {
        tell_no_desk(v, found ? &member : &a);
    }
    cJSON_Delete(a.json);
    cJSON_Delete(member.json);
}

/* ---- the websocket ---- */

struct line {
    struct probe_line line;
    struct visit *v;
    bool hello;
    bool pong;
    bool refused; /* the ping */
};

static void on_open(void *ctx) {
    struct line *l = ctx;
    l->line.opened = true;
    ws_send(l->line.ws, "{\"seq\":1,\"action\":\"ping\"}");
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
            l->v->skew_ms = f.ok && f.server_ms > 0 ? f.server_ms - clock_now_ms() : 0;
        }
    }
    arena_free(&a);
    if ((l->hello && l->pong) || l->refused) {
        probe_finish(&l->v->p);
    }
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

static void tell_broken_line(struct visit *v, const struct line *l) {
    const struct probe_line *line = &l->line;
    if (line->status) {
        probe_fail(&v->p, "websocket", "the upgrade was refused with HTTP %d; %s", line->status,
                   advise_upgrade(line->status));
    } else if (l->refused) {
        probe_fail(&v->p, "websocket",
                   "the server refuses a ping: it forgot who the connection belongs to; try "
                   "again, and restart Mattermost if it stays so");
    } else if (line->opened && !l->hello) {
        probe_fail(&v->p, "websocket",
                   "it opened, but the server said nothing%s: the token did not arrive; a "
                   "reverse proxy has to pass the header Authorization on",
                   line->ws ? " within 10 s" : " and closed it");
    } else if (line->opened) {
        probe_fail(&v->p, "websocket",
                   "%s: look at Mattermost's log, and at the time limits of a reverse proxy in "
                   "between",
                   line->ws ? "a ping was not answered" : "the connection was closed at once");
    } else {
        const char *reason = line->ws ? "no connection in time" : line->reason;
        probe_fail(&v->p, "websocket", "%s; %s", reason,
                   probe_advise_line(&v->p, reason, advise_upgrade(0)));
    }
}

static bool try_websocket(struct visit *v) {
    struct line l = {.v = v};
    struct ws_setup setup = {
        .url = arena_printf(&v->p.arena, "%s/api/v4/websocket", v->url),
        .bearer = v->token,
        .max_bytes = MM_MESSAGE_MAX_BYTES,
        .on_open = on_open,
        .on_text = on_text,
    };
    int64_t began_ms = loop_now_ms();
    if (!probe_try_line(&v->p, &l.line, &setup)) {
        return false;
    }
    ws_drop(l.line.ws);
    bool good = l.hello && l.pong;
    if (good) {
        probe_ok(&v->p, "websocket", "open, and a ping is answered (%" PRId64 " ms)",
                 loop_now_ms() - began_ms);
    } else {
        tell_broken_line(v, &l);
    }
    return good;
}

void mattermost_probe(const struct probe_setup *setup) {
    struct visit v = {.url = setup->workspace->url, .token = setup->workspace->token};
    probe_begin(&v.p, setup, "url");
    if (try_address(&v)) {
        try_token(&v);
        try_version(&v);
        if (v.authorized) {
            try_team(&v);
            try_desk(&v);
        }
        if (v.authorized && try_websocket(&v)) {
            probe_tell_clock(&v.p, v.skew_ms);
        }
    }
    probe_end(&v.p);
}
