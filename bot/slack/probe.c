#include "bot/slack/probe.h"
#include "bot/slack/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "bot/slack/scopes.h"
#include "bot/slack/wire.h"

#define APP "api.slack.com/apps > the app"

struct visit {
    struct probe p;
    const struct config_workspace *workspace;
    const char *bot;   /* the bot's id, "" for not known */
    const char *app;   /* the app's id as the websocket tells it, "" for not known */
    bool reads_people; /* the scope that telling the bot's app takes */
    bool clock_known;
    int64_t ahead_ms; /* Slack's clock */
};

static struct probe_answer ask(struct visit *v, const char *method, const char *token,
                               const char *form, const char *header) {
    struct probe_question question = {.method = "POST",
                                      .path = arena_printf(&v->p.arena, "/%s", method),
                                      .token = token,
                                      .form = form,
                                      .header = header};
    return probe_ask(&v->p, &question);
}

static bool is_good(const struct probe_answer *a) {
    return a->status == 200 && cJSON_IsTrue(json_member(a->json, "ok"));
}

/* Slack's name of the error, "" for none. */
static const char *code_of(const struct probe_answer *a) {
    const char *code = json_string(a->json, "error");
    return code ? code : "";
}

/* What a reply that is not the one asked for was. */
static const char *name_answer(struct visit *v, const struct probe_answer *a) {
    if (a->status == 0) {
        return a->error;
    }
    return arena_printf(&v->p.arena, "HTTP %d%s%.60s%s", a->status, *code_of(a) ? " " : "",
                        code_of(a), a->json ? "" : ", not JSON");
}

static const char *advise_status(int status) {
    if (status >= 300 && status < 400) {
        return "a redirect is not followed, since it would take the token elsewhere: correct key "
               "'api_url'";
    }
    if (status == 401 || status == 403 || status == 407) {
        return "a gateway or proxy in between wants to be told who asks: let this machine pass";
    }
    if (status == 429) {
        return "Slack was asked too often: try again in a minute";
    }
    if (status >= 500) {
        return "Slack is not well: look at status.slack.com and try again";
    }
    return "key 'api_url' is https://slack.com/api, and is best left out";
}

/* ---- the address ---- */

static void take_clock(struct visit *v, const char *date) {
    int64_t ms = slack_date_ms(date);
    v->clock_known = ms > 0;
    v->ahead_ms = v->clock_known ? ms - clock_now_ms() : 0;
}

static bool try_address(struct visit *v) {
    struct probe_answer a = ask(v, "api.test", "", "", "Date");
    bool good = is_good(&a);
    take_clock(v, a.header);
    if (good) {
        probe_tell_address(&v->p);
    } else if (a.status == 0) {
        probe_tell_no_address(&v->p, a.error,
                              "does this machine reach the internet, or only through a proxy (key "
                              "'proxy')? Is a firewall in between?");
    } else {
        probe_fail(&v->p, "address", "%.300s: Slack does not answer there (%s); %s",
                   v->workspace->url, name_answer(v, &a), advise_status(a.status));
    }
    cJSON_Delete(a.json);
    return good;
}

/* ---- the tokens ---- */

struct trouble {
    const char *code;
    const char *what;
};

#define BOT_TOKEN APP " > OAuth & Permissions > Bot User OAuth Token"
#define NEW_BOT   "install it with " APP " > Install App, and put the new token into the file"
#define APP_TOKEN APP " > Basic Information > App-Level Tokens"
#define NEW_APP   "make one with " APP_TOKEN " > Generate, scope " SLACK_APP_SCOPE
#define CLOSED    "the workspace lets no app in: ask its administrators"

static const struct trouble bot_troubles[] = {
    {"invalid_auth",
     "Slack does not know it: it is mistyped, cut short, or of an app that is gone; "
     "copy it again from " BOT_TOKEN},
    {"not_authed", "Slack saw none: a proxy in between has to pass the header Authorization on"},
    {"token_revoked", "it was revoked; " NEW_BOT},
    {"account_inactive", "it was revoked, or the app was removed from the workspace; " NEW_BOT},
    {"token_expired", "it has expired: the app renews its tokens, which cannot be switched off; "
                      "make a new app from bot/slack/manifest.yaml"},
    {"not_allowed_token_type", "it is not a bot's; copy " BOT_TOKEN},
    {"team_disabled", CLOSED},
    {"team_access_not_granted", CLOSED},
    {"org_login_required", CLOSED},
    {"ekm_access_denied", CLOSED},
};

static const struct trouble app_troubles[] = {
    {"invalid_auth", "Slack does not know it: it is mistyped, cut short or deleted; " NEW_APP},
    {"not_authed", "Slack saw none: a proxy in between has to pass the header Authorization on"},
    {"token_revoked", "it was revoked; " NEW_APP},
    {"account_inactive", "it was revoked, or the app was removed from the workspace; " NEW_APP},
    {"token_expired", "it has expired; " NEW_APP},
    {"missing_scope", "it may not open connections; " NEW_APP},
    {"no_permission", "it may not open connections; " NEW_APP},
    {"not_allowed_token_type", "it is not an app's; " NEW_APP},
    {"not_allowed", "Socket Mode is probably switched off: " APP " > Socket Mode > Enable"},
    {"link_disabled", "Socket Mode is switched off: " APP " > Socket Mode > Enable"},
    {"team_disabled", CLOSED},
    {"ekm_access_denied", CLOSED},
};

static const struct trouble any_troubles[] = {
    {"ratelimited", "Slack was asked too often: try again in a minute"},
    {"internal_error", "Slack is not well: look at status.slack.com and try again"},
    {"fatal_error", "Slack is not well: look at status.slack.com and try again"},
    {"service_unavailable", "Slack is not well: look at status.slack.com and try again"},
};

static const char *find_trouble(const struct trouble *troubles, size_t n, const char *code) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(troubles[i].code, code) == 0) {
            return troubles[i].what;
        }
    }
    return NULL;
}

static void tell_trouble(struct visit *v, const char *step, const struct probe_answer *a,
                         const struct trouble *troubles, size_t n) {
    const char *code = code_of(a);
    const char *what = find_trouble(troubles, n, code);
    what = what ? what : find_trouble(any_troubles, ARRAY_LEN(any_troubles), code);
    if (what) {
        probe_fail(&v->p, step, "%s (%s)", what, code);
    } else if (a->status == 0) {
        probe_fail(&v->p, step,
                   "it cannot be tried: %s; Slack answered before: the network breaks off, or "
                   "Slack is not well (status.slack.com)",
                   a->error);
    } else if (a->status == 200 && *code) {
        probe_fail(&v->p, step, "Slack refuses it: %.60s; docs.slack.dev explains the word", code);
    } else {
        probe_fail(&v->p, step, "it cannot be tried: %s; %s", name_answer(v, a),
                   advise_status(a->status));
    }
}

static bool is_needed(const struct visit *v, const struct slack_scope *scope) {
    return !scope->desk || *v->workspace->desk_channel;
}

static bool is_scope(const struct visit *v, const char *name, size_t n) {
    for (size_t i = 0; i < slack_n_scopes; i++) {
        if (is_needed(v, &slack_scopes[i]) && strlen(slack_scopes[i].name) == n &&
            strncmp(slack_scopes[i].name, name, n) == 0) {
            return true;
        }
    }
    return false;
}

static const char *text_of(const cJSON *json, const char *key) {
    const char *text = json_string(json, key);
    return text ? text : "?";
}

static bool has_word(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *p = list; *p; p += strcspn(p, ", "), p += strspn(p, ", ")) {
        if (strcspn(p, ", ") == n && strncmp(p, word, n) == 0) {
            return true;
        }
    }
    return false;
}

/* `had` is what the bot's token may do, parted by commas. */
static void try_scopes(struct visit *v, const char *had) {
    struct buf missing;
    struct buf spare;
    buf_init(&missing, 2048);
    buf_init(&spare, 512);
    for (size_t i = 0; i < slack_n_scopes; i++) {
        if (is_needed(v, &slack_scopes[i]) && !has_word(had, slack_scopes[i].name)) {
            buf_addf(&missing, "%s%s (%s)", missing.len ? ", " : "", slack_scopes[i].name,
                     slack_scopes[i].purpose);
        }
    }
    for (const char *p = had; *p; p += strcspn(p, ", "), p += strspn(p, ", ")) {
        int n = (int)strcspn(p, ", ");
        if (!is_scope(v, p, (size_t)n)) {
            buf_addf(&spare, "%s%.*s", spare.len ? ", " : "", n, p);
        }
    }
    if (!*had) {
        probe_warn(&v->p, "scopes", "Slack does not say what the token may do");
    } else if (missing.len) {
        probe_fail(&v->p, "scopes",
                   "the app lacks %s; add them in " APP " > OAuth & Permissions > Scopes > Bot "
                   "Token Scopes, then " APP " > Install App > Reinstall",
                   buf_text(&missing));
    } else if (!spare.len) {
        probe_ok(&v->p, "scopes", "the app may do what it needs, and no more");
    }
    if (spare.len) {
        probe_warn(&v->p, "scopes",
                   "the app may do more than it needs: %s; remove them in " APP " > OAuth & "
                   "Permissions > Scopes > Bot Token Scopes, unless they serve something else",
                   buf_text(&spare));
    }
    buf_free(&missing);
    buf_free(&spare);
}

static bool try_bot(struct visit *v) {
    struct probe_answer a = ask(v, "auth.test", v->workspace->token, "", "X-OAuth-Scopes");
    const char *bot = json_string(a.json, "bot_id");
    bool good = is_good(&a);
    if (!good) {
        tell_trouble(v, "bot token", &a, bot_troubles, ARRAY_LEN(bot_troubles));
    } else if (cJSON_IsTrue(json_member(a.json, "is_enterprise_install"))) {
        probe_fail(&v->p, "bot token",
                   "the app is installed for a whole organisation, which is not supported: "
                   "install one made from bot/slack/manifest.yaml (org_deploy_enabled: false) "
                   "in one workspace");
        good = false;
    } else {
        probe_ok(&v->p, "bot token", "it is the bot @%.80s's in the workspace %.80s (%.32s)",
                 text_of(a.json, "user"), text_of(a.json, "team"), text_of(a.json, "team_id"));
        try_scopes(v, a.header);
        v->bot = bot && slack_is_id(bot) ? arena_strdup(&v->p.arena, bot) : "";
        v->reads_people = has_word(a.header, "users:read");
    }
    cJSON_Delete(a.json);
    return good;
}

/* ---- where what is passed on is read ---- */

static const struct trouble desk_troubles[] = {
    {"channel_not_found",
     "there is no such channel, or the bot is not in it: correct key 'desk_channel', and write "
     "\"/invite @\" and the bot's name there"},
    {"missing_scope",
     "whether the bot is in the channel of key 'desk_channel' cannot be asked: the "
     "app lacks groups:read; and the channel has to be a private one"},
};

static void try_desk(struct visit *v) {
    if (*v->workspace->desk_channel == '\0') {
        return;
    }
    const char *form = arena_printf(&v->p.arena, "channel=%s", v->workspace->desk_channel);
    struct probe_answer a = ask(v, "conversations.info", v->workspace->token, form, NULL);
    const cJSON *channel = json_member(a.json, "channel");
    const char *name = text_of(channel, "name");
    if (!is_good(&a)) {
        tell_trouble(v, "desk", &a, desk_troubles, ARRAY_LEN(desk_troubles));
    } else if (!cJSON_IsTrue(json_member(channel, "is_member"))) {
        probe_fail(&v->p, "desk",
                   "the bot is not in the channel #%.80s: write \"/invite @\" and its name there",
                   name);
    } else if (cJSON_IsTrue(json_member(channel, "is_archived"))) {
        probe_fail(&v->p, "desk",
                   "the channel #%.80s is archived: unarchive it, or name another one in key "
                   "'desk_channel'",
                   name);
    } else if (!cJSON_IsTrue(json_member(channel, "is_private"))) {
        probe_warn(&v->p, "desk",
                   "the bot is in the channel #%.80s, but everybody in the workspace can read it: "
                   "make it a private one",
                   name);
    } else {
        probe_ok(&v->p, "desk", "the bot is in the channel #%.80s, where what is passed on is read",
                 name);
    }
    cJSON_Delete(a.json);
}

/* Where the websocket is to be opened, for the one time; NULL after telling why not. */
static const char *try_app(struct visit *v) {
    struct probe_answer a = ask(v, "apps.connections.open", v->workspace->app_token, "", NULL);
    const char *url = json_string(a.json, "url");
    const char *line = NULL;
    if (!is_good(&a)) {
        tell_trouble(v, "app token", &a, app_troubles, ARRAY_LEN(app_troubles));
    } else if (!url || (strncmp(url, "wss://", 6) != 0 && strncmp(url, "ws://", 5) != 0)) {
        probe_fail(&v->p, "app token", "Slack does not say where to connect to; try again");
    } else {
        probe_ok(&v->p, "app token", "it may open connections");
        line = arena_strdup(&v->p.arena, url);
    }
    cJSON_Delete(a.json);
    return line;
}

/* ---- the websocket ---- */

struct line {
    struct probe_line line;
    struct visit *v;
    bool hello;
    bool sent_away;
    enum slack_reason why; /* it was sent away */
    int connections;       /* of the app, this one included; 0: not said */
    int64_t life_s;
};

static void on_open(void *ctx) {
    struct line *l = ctx;
    l->line.opened = true;
}

static void take_app(struct visit *v, const char *text, size_t n) {
    struct json_error err;
    cJSON *json = json_parse(text, n, SLACK_FRAME_MAX_BYTES, &err);
    const char *app = json_string(json_member(json, "connection_info"), "app_id");
    v->app = app && slack_is_id(app) ? arena_strdup(&v->p.arena, app) : "";
    cJSON_Delete(json);
}

/* Whatever else comes is left alone: what is not acknowledged comes again. */
static void on_text(void *ctx, const char *text, size_t n) {
    struct line *l = ctx;
    struct arena a = {0};
    struct slack_frame f;
    const char *why;
    bool good = slack_frame_read(&a, text, n, &f, &why);
    if (good && f.kind == SLACK_HELLO) {
        l->hello = true;
        l->connections = f.connections;
        l->life_s = f.life_s;
        take_app(l->v, text, n);
        probe_finish(&l->v->p);
    } else if (good && f.kind == SLACK_DISCONNECT) {
        l->sent_away = true;
        l->why = f.why;
        probe_finish(&l->v->p);
    }
    arena_free(&a);
}

static void tell_broken_line(struct visit *v, const struct line *l) {
    static const char pass_on[] = "a proxy or firewall in between has to let websockets through, "
                                  "to wss-primary.slack.com and wss-backup.slack.com";
    const struct probe_line *line = &l->line;
    if (line->status) {
        probe_fail(&v->p, "websocket", "the upgrade was refused with HTTP %d; %s", line->status,
                   line->status >= 500 ? advise_status(line->status) : pass_on);
    } else if (l->sent_away && l->why == SLACK_LINK_DISABLED) {
        probe_fail(&v->p, "websocket",
                   "Socket Mode is switched off: " APP " > Socket Mode > "
                   "Enable");
    } else if (l->sent_away && l->why == SLACK_TOO_MANY) {
        probe_fail(&v->p, "websocket",
                   "the app has too many connections: other processes use the same app, or "
                   "Slack still counts lost ones; end them and try again in some minutes");
    } else if (l->sent_away || (line->opened && !line->ws)) {
        probe_fail(&v->p, "websocket", "Slack closed it at once: try again");
    } else if (line->opened) {
        probe_fail(&v->p, "websocket", "it opened, but Slack said nothing within 10 s: %s",
                   pass_on);
    } else {
        const char *reason = line->ws ? "no connection in time" : line->reason;
        probe_fail(&v->p, "websocket", "%s; %s", reason, probe_advise_line(&v->p, reason, pass_on));
    }
}

static void tell_line(struct visit *v, const struct line *l, int64_t took_ms) {
    if (l->connections > 1) {
        probe_warn(&v->p, "websocket",
                   "open (%" PRId64 " ms), but it is one of %d of the same app, among which Slack "
                   "shares out what people do. A bot that runs has one of its own; any other "
                   "process needs an app of its own",
                   took_ms, l->connections);
    } else {
        probe_ok(&v->p, "websocket", "open, and Slack says hello (%" PRId64 " ms)", took_ms);
    }
}

static bool try_websocket(struct visit *v, const char *url) {
    struct line l = {.v = v};
    struct ws_setup setup = {.url = url,
                             .bearer = "",
                             .max_bytes = SLACK_FRAME_MAX_BYTES,
                             .on_open = on_open,
                             .on_text = on_text};
    int64_t began_ms = loop_now_ms();
    if (!probe_try_line(&v->p, &l.line, &setup)) {
        return false;
    }
    ws_close(l.line.ws); /* with a word, so that Slack does not count it any longer */
    if (l.hello) {
        tell_line(v, &l, loop_now_ms() - began_ms);
    } else {
        tell_broken_line(v, &l);
    }
    return l.hello;
}

/* Tokens of two apps: the bot would speak as one and hear what is said to the other. */
static void try_same(struct visit *v) {
    const char *form = arena_printf(&v->p.arena, "bot=%s", v->bot);
    struct probe_answer a = ask(v, "bots.info", v->workspace->token, form, NULL);
    const char *app = json_string(json_member(a.json, "bot"), "app_id");
    if (!is_good(&a) || !app) {
        probe_warn(&v->p, "app",
                   "whose the bot is cannot be asked: %s; both tokens have to be of the same app",
                   name_answer(v, &a));
    } else if (strcmp(app, v->app) != 0) {
        probe_fail(&v->p, "app",
                   "the bot token is of the app %.32s, the app token of %.32s: take both from "
                   "the same one",
                   app, v->app);
    } else {
        probe_ok(&v->p, "app", "both tokens are of the app %.32s", app);
    }
    cJSON_Delete(a.json);
}

/* What no token may ask; said once more, since nothing works without it. */
static void tell_unseen(struct visit *v) {
    probe_note(&v->p, "settings",
               "cannot be seen from here: home tab, messages tab, events, interactivity, "
               "/kizuki; an app made from bot/slack/manifest.yaml has them, another one "
               "gets them by pasting "
               "that into " APP " > App Manifest");
}

void slack_probe(const struct probe_setup *setup) {
    struct visit v = {.workspace = setup->workspace, .bot = "", .app = ""};
    probe_begin(&v.p, setup, "api_url");
    if (try_address(&v)) {
        bool authorized = try_bot(&v);
        if (authorized) {
            try_desk(&v);
        }
        const char *url = try_app(&v);
        bool open = url && try_websocket(&v, url);
        if (open && *v.bot && *v.app && v.reads_people) {
            try_same(&v);
        }
        if (authorized && open) {
            tell_unseen(&v);
        }
        if (v.clock_known) {
            probe_tell_clock(&v.p, v.ahead_ms);
        }
    }
    probe_end(&v.p);
}
