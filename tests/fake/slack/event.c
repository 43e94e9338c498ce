#include "tests/fake/slack/event.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"
#include "tests/fake/slack/view.h"

static void add_context(cJSON *payload, const char *type, const char *channel_id) {
    char plain[160];
    char code[256];
    int n =
        snprintf(plain, sizeof(plain),
                 "{\"et\":\"%s\",\"tid\":\"" TEAM_ID "\",\"aid\":\"" APP_ID "\",\"cid\":\"%s\"}",
                 type, channel_id);
    snprintf(code, sizeof(code), "4-");
    lws_b64_encode_string(plain, n, code + 2, (int)sizeof(code) - 2);
    cJSON_AddStringToObject(payload, "event_context", code);
}

static void add_authorizations(const struct server *sv, cJSON *payload) {
    cJSON *a = cJSON_CreateObject();
    cJSON_AddItemToArray(shape_array(payload, "authorizations"), a);
    if (sv->web.enterprise) {
        cJSON_AddStringToObject(a, "enterprise_id", "E0KIZUKI1");
    } else {
        cJSON_AddNullToObject(a, "enterprise_id");
    }
    cJSON_AddStringToObject(a, "team_id", TEAM_ID);
    cJSON_AddStringToObject(a, "user_id", BOT_USER);
    cJSON_AddBoolToObject(a, "is_bot", true);
    cJSON_AddBoolToObject(a, "is_enterprise_install", sv->web.enterprise);
}

static cJSON *wrap(struct server *sv, cJSON *event, const char *channel_id) {
    char id[ID_MAX];
    world_make_id(&sv->world, 'v', id);
    char event_id[ID_MAX + 2];
    snprintf(event_id, sizeof(event_id), "E%s", id);
    cJSON *p = cJSON_CreateObject();
    cJSON_AddStringToObject(p, "token", "verificationtoken");
    cJSON_AddStringToObject(p, "team_id", TEAM_ID);
    cJSON_AddStringToObject(p, "context_team_id", TEAM_ID);
    if (sv->web.enterprise) {
        cJSON_AddStringToObject(p, "context_enterprise_id", "E0KIZUKI1");
    } else {
        cJSON_AddNullToObject(p, "context_enterprise_id");
    }
    cJSON_AddStringToObject(p, "api_app_id", APP_ID);
    cJSON_AddItemToObject(p, "event", event);
    cJSON_AddStringToObject(p, "type", "event_callback");
    cJSON_AddStringToObject(p, "event_id", event_id);
    cJSON_AddNumberToObject(p, "event_time", (double)world_now_s());
    add_authorizations(sv, p);
    cJSON_AddBoolToObject(p, "is_ext_shared_channel", false);
    add_context(p, json_string(event, "type"), channel_id);
    return p;
}

void event_send(struct server *sv, cJSON *event, const char *channel_id) {
    cJSON *p = wrap(sv, event, channel_id);
    if (strcmp(json_string(event, "type"), "message") == 0) {
        free(sv->deliveries.last_event);
        sv->deliveries.last_event = cJSON_PrintUnformatted(p);
    }
    delivery_event(sv, p);
}

static bool is_subscribed(const struct server *sv, const char *name) {
    return !map_get(&sv->web.unsubscribed, name);
}

/* ---- messages ---- */

static const char *const place_names[] = {"im", "channel", "group", "mpim"};

static bool hears(const struct server *sv, const struct channel *c) {
    static const char *const names[] = {"message.im", "message.channels", "message.groups",
                                        "message.mpim"};
    return is_subscribed(sv, names[c->place]) && world_is_member(c, sv->world.bot);
}

static void finish(const struct message *m, cJSON *event, const char *event_ts) {
    cJSON_AddStringToObject(event, "channel", m->channel->id);
    cJSON_AddStringToObject(event, "event_ts", event_ts);
}

static cJSON *bare(const struct message *m) {
    cJSON *o = message_copy(m, false);
    cJSON_DeleteItemFromObjectCaseSensitive(o, "reactions");
    return o;
}

static void send_message(struct server *sv, const struct message *m) {
    int copies = sv->deliveries.copies_times ? sv->deliveries.copies : 1;
    sv->deliveries.copies_times -= sv->deliveries.copies_times > 0;
    for (int i = 0; i < copies; i++) {
        cJSON *e = bare(m);
        finish(m, e, m->ts);
        cJSON_AddStringToObject(e, "channel_type", place_names[m->channel->place]);
        event_send(sv, e, m->channel->id);
    }
}

static bool mentions_bot(const struct message *m) {
    const char *text = json_string(m->json, "text");
    return text && (strstr(text, "<@" BOT_USER ">") || strstr(text, "<@" BOT_USER "|"));
}

/* app_mention has no subtype, and its keys stand in another order. */
static void send_mention(struct server *sv, const struct message *m) {
    cJSON *e = bare(m);
    cJSON_ReplaceItemInObjectCaseSensitive(e, "type", cJSON_CreateString("app_mention"));
    finish(m, e, m->ts);
    event_send(sv, e, m->channel->id);
}

void event_message(struct server *sv, const struct message *m) {
    if (hears(sv, m->channel)) {
        send_message(sv, m);
    }
    if (m->user != sv->world.bot && m->channel->place != PLACE_IM && mentions_bot(m) &&
        world_is_member(m->channel, sv->world.bot) && is_subscribed(sv, "app_mention")) {
        send_mention(sv, m);
    }
}

static cJSON *begin_past(struct server *sv, const char *subtype) {
    (void)sv;
    cJSON *e = cJSON_CreateObject();
    cJSON_AddStringToObject(e, "type", "message");
    cJSON_AddStringToObject(e, "subtype", subtype);
    return e;
}

static void end_past(struct server *sv, const struct message *m, cJSON *e, bool deleted) {
    char ts[TS_MAX];
    char event_ts[TS_MAX];
    cJSON_AddStringToObject(e, "channel", m->channel->id);
    cJSON_AddBoolToObject(e, "hidden", true);
    if (deleted) {
        cJSON_AddStringToObject(e, "deleted_ts", m->ts);
    }
    world_make_ts(&sv->world, ts);
    world_make_ts(&sv->world, event_ts);
    cJSON_AddStringToObject(e, "ts", ts);
    cJSON_AddStringToObject(e, "event_ts", event_ts);
    cJSON_AddStringToObject(e, "channel_type", place_names[m->channel->place]);
    event_send(sv, e, m->channel->id);
}

void event_changed(struct server *sv, const struct message *m, cJSON *before) {
    if (!hears(sv, m->channel)) {
        cJSON_Delete(before);
        return;
    }
    cJSON *e = begin_past(sv, "message_changed");
    cJSON_AddItemToObject(e, "message", bare(m));
    cJSON_AddItemToObject(e, "previous_message", before);
    end_past(sv, m, e, false);
}

void event_deleted(struct server *sv, const struct message *m) {
    if (!hears(sv, m->channel)) {
        return;
    }
    cJSON *e = begin_past(sv, "message_deleted");
    cJSON_AddItemToObject(e, "previous_message", bare(m));
    end_past(sv, m, e, true);
}

/* ---- others ---- */

static void add_event_ts(struct server *sv, cJSON *e) {
    char ts[TS_MAX];
    world_make_ts(&sv->world, ts);
    cJSON_AddStringToObject(e, "event_ts", ts);
}

void event_reaction(struct server *sv, const struct message *m, const struct user *u,
                    const char *emoji, bool added) {
    const char *type = added ? "reaction_added" : "reaction_removed";
    if (!is_subscribed(sv, type) || !world_is_member(m->channel, sv->world.bot)) {
        return;
    }
    cJSON *e = cJSON_CreateObject();
    cJSON_AddStringToObject(e, "type", type);
    cJSON_AddStringToObject(e, "user", u->id);
    cJSON_AddStringToObject(e, "reaction", emoji);
    cJSON *item = shape_object(e, "item");
    cJSON_AddStringToObject(item, "type", "message");
    cJSON_AddStringToObject(item, "channel", m->channel->id);
    cJSON_AddStringToObject(item, "ts", m->ts);
    cJSON_AddStringToObject(e, "item_user", m->user->id);
    add_event_ts(sv, e);
    event_send(sv, e, "");
}

void event_user(struct server *sv, const char *type, const struct user *u) {
    if (!is_subscribed(sv, type)) {
        return;
    }
    const struct shape_rights may = {.email = web_has_scope(sv, "users:read.email"),
                                     .locale = strcmp(type, "user_change") == 0};
    cJSON *e = cJSON_CreateObject();
    cJSON_AddStringToObject(e, "type", type);
    cJSON_AddItemToObject(e, "user", shape_user(u, &may));
    cJSON_AddNumberToObject(e, "cache_ts", (double)world_now_s());
    add_event_ts(sv, e);
    event_send(sv, e, "");
}

void event_joined(struct server *sv, const struct channel *c, const struct user *u) {
    if (!is_subscribed(sv, "member_joined_channel") || !world_is_member(c, sv->world.bot)) {
        return;
    }
    cJSON *e = cJSON_CreateObject();
    cJSON_AddStringToObject(e, "type", "member_joined_channel");
    cJSON_AddStringToObject(e, "user", u->id);
    cJSON_AddStringToObject(e, "channel", c->id);
    cJSON_AddStringToObject(e, "channel_type", c->place == PLACE_CHANNEL ? "C" : "G");
    cJSON_AddStringToObject(e, "team", TEAM_ID);
    cJSON_AddStringToObject(e, "inviter", "U0HANAKO1");
    add_event_ts(sv, e);
    event_send(sv, e, c->id);
}

void event_home_opened(struct server *sv, const struct user *u, const struct channel *c,
                       const char *tab) {
    if (!is_subscribed(sv, "app_home_opened")) {
        return;
    }
    cJSON *e = cJSON_CreateObject();
    cJSON_AddStringToObject(e, "type", "app_home_opened");
    cJSON_AddStringToObject(e, "user", u->id);
    cJSON_AddStringToObject(e, "channel", c->id);
    cJSON_AddStringToObject(e, "tab", tab);
    if (u->home && strcmp(tab, "home") == 0) {
        cJSON_AddItemToObject(e, "view", view_json(u->home, NULL));
    }
    add_event_ts(sv, e);
    event_send(sv, e, c->id);
}

void event_rate_limited(struct server *sv) {
    int64_t minute = world_now_s() / 60 * 60;
    cJSON *p = cJSON_CreateObject();
    cJSON_AddStringToObject(p, "token", "verificationtoken");
    cJSON_AddStringToObject(p, "type", "app_rate_limited");
    cJSON_AddStringToObject(p, "team_id", TEAM_ID);
    cJSON_AddNumberToObject(p, "minute_rate_limited", (double)minute);
    cJSON_AddStringToObject(p, "api_app_id", APP_ID);
    delivery_event(sv, p);
}
