#include "tests/fake/slack/act.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "tests/fake/slack/blocks.h"
#include "tests/fake/slack/hook.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"
#include "tests/fake/slack/state.h"

/* ---- finding ---- */

static bool fits(const char *wanted, const char *there) {
    return !wanted || (there && strcmp(wanted, there) == 0);
}

/* A label may be given in part, where none is that as a whole. */
static bool is_labelled(const struct act_aim *aim, const char *there) {
    return aim->loose ? there && strstr(there, aim->label) != NULL : fits(aim->label, there);
}

static const char *text_of(const cJSON *o) {
    return json_string(json_member(o, "text"), "text");
}

static bool hit_option(const cJSON *element, const cJSON *options, const struct act_aim *aim,
                       struct act_hit *ret) {
    const cJSON *o;
    cJSON_ArrayForEach(o, options) {
        if (is_labelled(aim, text_of(o)) && fits(aim->value, json_string(o, "value"))) {
            ret->element = element;
            ret->option = o;
            return true;
        }
    }
    return false;
}

static bool hit_element(const cJSON *element, const struct act_aim *aim, struct act_hit *ret) {
    if (!element || !fits(aim->action, json_string(element, "action_id"))) {
        return false;
    }
    if (hit_option(element, json_member(element, "options"), aim, ret)) {
        return true;
    }
    const cJSON *group;
    cJSON_ArrayForEach(group, json_member(element, "option_groups")) {
        if (hit_option(element, json_member(group, "options"), aim, ret)) {
            return true;
        }
    }
    const char *type = json_string(element, "type");
    bool is_button = type && strcmp(type, "button") == 0;
    if (is_button && is_labelled(aim, text_of(element)) &&
        fits(aim->value, json_string(element, "value"))) {
        ret->element = element;
        return true;
    }
    return false;
}

static bool find(const cJSON *blocks, const struct act_aim *aim, struct act_hit *ret) {
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        *ret = (struct act_hit){.block = b};
        if (!fits(aim->block, json_string(b, "block_id"))) {
            continue;
        }
        const cJSON *e;
        cJSON_ArrayForEach(e, json_member(b, "elements")) {
            if (hit_element(e, aim, ret)) {
                return true;
            }
        }
        if (hit_element(json_member(b, "accessory"), aim, ret) ||
            hit_element(json_member(b, "element"), aim, ret)) {
            return true;
        }
    }
    return false;
}

bool act_find(const cJSON *blocks, const struct act_aim *aim, struct act_hit *ret) {
    struct act_aim loose = *aim;
    loose.loose = true;
    return find(blocks, aim, ret) || (aim->label && find(blocks, &loose, ret));
}

struct message *act_find_message(struct channel *c, const struct user *u,
                                 const struct act_aim *aim) {
    for (size_t i = c->n_messages; i > 0; i--) {
        struct message *m = c->messages[i - 1];
        struct act_hit hit;
        if (!m->deleted && (!m->only || m->only == u) &&
            act_find(json_member(m->json, "blocks"), aim, &hit)) {
            return m;
        }
    }
    return NULL;
}

/* ---- payloads ---- */

static cJSON *begin(struct server *sv, const char *type, struct user *u) {
    cJSON *p = cJSON_CreateObject();
    cJSON_AddStringToObject(p, "type", type);
    cJSON_AddItemToObject(p, "user", shape_actor(u));
    cJSON_AddStringToObject(p, "api_app_id", APP_ID);
    cJSON_AddStringToObject(p, "token", "verificationtoken");
    (void)sv;
    return p;
}

static void add_team(const struct server *sv, cJSON *p) {
    cJSON *team = shape_object(p, "team");
    cJSON_AddStringToObject(team, "id", TEAM_ID);
    cJSON_AddStringToObject(team, "domain", DOMAIN);
    if (sv->web.enterprise) {
        cJSON_AddStringToObject(shape_object(p, "enterprise"), "id", "E0KIZUKI1");
    } else {
        cJSON_AddNullToObject(p, "enterprise");
    }
    cJSON_AddBoolToObject(p, "is_enterprise_install", sv->web.enterprise);
}

static void add_trigger(struct server *sv, cJSON *p, struct user *u) {
    char id[TRIGGER_MAX];
    trigger_make(sv, u, id);
    cJSON_AddStringToObject(p, "trigger_id", id);
}

static void copy_member(cJSON *to, const cJSON *from, const char *name) {
    const cJSON *m = json_member(from, name);
    if (m) {
        cJSON_AddItemToObject(to, name, cJSON_Duplicate(m, 1));
    }
}

static void add_action(struct server *sv, cJSON *p, const struct act_hit *hit,
                       const cJSON *chosen) {
    static const char *const own[] = {"placeholder", "action_id"};
    static const char *const button[] = {"text", "value", "style", "url"};
    static const char *const choice[] = {"selected_option", "selected_options", "selected_date",
                                         "value"};
    cJSON *a = cJSON_CreateObject();
    cJSON_AddItemToArray(shape_array(p, "actions"), a);
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        copy_member(a, hit->element, own[i]);
    }
    copy_member(a, hit->block, "block_id");
    for (size_t i = 0; i < ARRAY_LEN(button) && !hit->option; i++) {
        copy_member(a, hit->element, button[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(choice); i++) {
        copy_member(a, chosen, choice[i]);
    }
    copy_member(a, hit->element, "type");
    char ts[TS_MAX];
    world_make_ts(&sv->world, ts);
    cJSON_AddStringToObject(a, "action_ts", ts);
}

static void add_container(cJSON *p, const struct message *m) {
    cJSON *c = shape_object(p, "container");
    cJSON_AddStringToObject(c, "type", "message");
    cJSON_AddStringToObject(c, "message_ts", m->ts);
    cJSON_AddStringToObject(c, "channel_id", m->channel->id);
    cJSON_AddBoolToObject(c, "is_ephemeral", m->only != NULL);
    copy_member(c, m->json, "thread_ts");
}

static void add_channel(cJSON *p, const struct channel *c) {
    cJSON *o = shape_object(p, "channel");
    cJSON_AddStringToObject(o, "id", c->id);
    cJSON_AddStringToObject(o, "name",
                            c->place == PLACE_IM      ? "directmessage"
                            : c->place == PLACE_GROUP ? "privategroup"
                                                      : c->name);
}

void act_in_message(struct server *sv, struct user *u, struct message *m,
                    const struct act_hit *hit) {
    cJSON *stored = message_state(m, u);
    cJSON *chosen = state_use(stored, hit->block, hit->element, hit->option);
    cJSON *values = state_values(json_member(m->json, "blocks"), stored);
    cJSON *p = begin(sv, "block_actions", u);
    add_container(p, m);
    add_trigger(sv, p, u);
    add_team(sv, p);
    add_channel(p, m->channel);
    if (!m->only) {
        cJSON_AddItemToObject(p, "message", message_copy(m, true));
    }
    cJSON_AddStringToObject(p, "response_url", hook_make(sv, "actions", u, m->channel, m));
    cJSON_AddItemToObject(shape_object(p, "state"), "values", values);
    add_action(sv, p, hit, chosen);
    cJSON_Delete(chosen);
    delivery_interactive(sv, p, false, NULL);
}

void act_in_view(struct server *sv, struct user *u, struct view *v, const struct act_hit *hit) {
    cJSON *chosen = state_use(v->state, hit->block, hit->element, hit->option);
    cJSON *values = state_values(json_member(v->json, "blocks"), v->state);
    cJSON *p = begin(sv, "block_actions", u);
    cJSON *container = shape_object(p, "container");
    cJSON_AddStringToObject(container, "type", "view");
    cJSON_AddStringToObject(container, "view_id", v->id);
    add_trigger(sv, p, u);
    add_team(sv, p);
    cJSON_AddItemToObject(p, "view", view_json(v, values));
    cJSON_Delete(values);
    add_action(sv, p, hit, chosen);
    cJSON_Delete(chosen);
    delivery_interactive(sv, p, false, NULL);
}

/* ---- modals ---- */

const char *act_submit(struct server *sv, struct user *u, const cJSON *values) {
    struct view *v = u->modal;
    if (!v) {
        return "no modal is open";
    }
    if (!json_member(v->json, "submit")) {
        return "the modal has nothing to submit";
    }
    const char *wrong = state_fill(v->state, json_member(v->json, "blocks"), values);
    if (wrong) {
        return wrong;
    }
    cJSON_Delete(v->errors);
    v->errors = NULL;
    cJSON *state = state_values(json_member(v->json, "blocks"), v->state);
    cJSON *p = begin(sv, "view_submission", u);
    add_team(sv, p);
    add_trigger(sv, p, u);
    cJSON_AddItemToObject(p, "view", view_json(v, state));
    shape_array(p, "response_urls");
    cJSON_Delete(state);
    delivery_interactive(sv, p, true, &(struct delivery_use){.user = u, .view = v});
    return NULL;
}

void act_close(struct server *sv, struct user *u) {
    struct view *v = u->modal;
    if (!v) {
        return;
    }
    view_close(v);
    if (!cJSON_IsTrue(json_member(v->json, "notify_on_close"))) {
        return;
    }
    cJSON *p = begin(sv, "view_closed", u);
    add_team(sv, p);
    cJSON_AddItemToObject(p, "view", view_json(v, NULL));
    cJSON_AddBoolToObject(p, "is_cleared", false);
    delivery_interactive(sv, p, false, NULL);
}

void act_command(struct server *sv, struct user *u, struct channel *c, const char *command,
                 const char *text) {
    cJSON *p = cJSON_CreateObject();
    cJSON_AddStringToObject(p, "token", "verificationtoken");
    cJSON_AddStringToObject(p, "team_id", TEAM_ID);
    cJSON_AddStringToObject(p, "team_domain", DOMAIN);
    cJSON_AddStringToObject(p, "channel_id", c->id);
    cJSON_AddStringToObject(p, "channel_name",
                            c->place == PLACE_IM      ? "directmessage"
                            : c->place == PLACE_GROUP ? "privategroup"
                                                      : c->name);
    cJSON_AddStringToObject(p, "user_id", u->id);
    cJSON_AddStringToObject(p, "user_name", u->name);
    cJSON_AddStringToObject(p, "command", command);
    cJSON_AddStringToObject(p, "text", text);
    cJSON_AddStringToObject(p, "api_app_id", APP_ID);
    if (sv->web.enterprise) {
        cJSON_AddStringToObject(p, "enterprise_id", "E0KIZUKI1");
    }
    cJSON_AddStringToObject(p, "is_enterprise_install", sv->web.enterprise ? "true" : "false");
    cJSON_AddStringToObject(p, "response_url", hook_make(sv, "commands", u, c, NULL));
    add_trigger(sv, p, u);
    delivery_command(sv, p, &(struct delivery_use){.user = u, .channel = c});
}
