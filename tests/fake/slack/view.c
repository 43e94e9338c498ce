#include "tests/fake/slack/view.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/slack/blocks.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

struct trigger {
    struct trigger *next;
    char id[TRIGGER_MAX];
    struct user *user;
    int64_t made_ms;
    bool used;
};

/* ---- triggers ---- */

void trigger_make(struct server *sv, struct user *u, char out[TRIGGER_MAX]) {
    struct trigger *t = arena_alloc(&sv->world.arena, sizeof(*t));
    char hex[33];
    world_make_hex(&sv->world, 32, hex);
    snprintf(t->id, sizeof(t->id), "%lld.%llu.%s", (long long)clock_now_ms(),
             214997061314 + (unsigned long long)sv->world.n_ids, hex);
    t->user = u;
    t->made_ms = clock_now_ms();
    t->next = sv->triggers;
    sv->triggers = t;
    memcpy(out, t->id, TRIGGER_MAX);
}

const char *trigger_take(struct server *sv, const char *id, struct user **ret_user) {
    struct trigger *t = sv->triggers;
    while (t && strcmp(t->id, id) != 0) {
        t = t->next;
    }
    if (!t) {
        return "invalid_trigger_id";
    }
    if (t->used) {
        return "exchanged_trigger_id";
    }
    if (clock_now_ms() - t->made_ms > sv->web.trigger_ms) {
        return "expired_trigger_id";
    }
    t->used = true;
    *ret_user = t->user;
    return NULL;
}

/* ---- views ---- */

struct view *view_find(const struct server *sv, const char *id) {
    for (struct view *v = sv->views; v; v = v->next) {
        const char *external = json_string(v->json, "external_id");
        if (strcmp(v->id, id) == 0 || (external && *external && strcmp(external, id) == 0)) {
            return v;
        }
    }
    return NULL;
}

static void add_text(cJSON *o, const cJSON *from, const char *name) {
    const cJSON *m = json_member(from, name);
    cJSON_AddItemToObject(o, name, m ? cJSON_Duplicate(m, 1) : cJSON_CreateNull());
}

static void add_title(cJSON *o, const struct view *v) {
    if (!v->is_home) {
        add_text(o, v->json, "title");
        return;
    }
    cJSON *title = shape_object(o, "title");
    cJSON_AddStringToObject(title, "type", "plain_text");
    cJSON_AddStringToObject(title, "text", "View Title");
    cJSON_AddBoolToObject(title, "emoji", true);
}

static const struct view *bottom(const struct view *v) {
    while (v->below) {
        v = v->below;
    }
    return v;
}

cJSON *view_json(const struct view *v, const cJSON *values) {
    static const char *const texts[] = {"private_metadata", "callback_id"};
    static const char *const flags[] = {"clear_on_close", "notify_on_close"};
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", v->id);
    cJSON_AddStringToObject(o, "team_id", TEAM_ID);
    cJSON_AddStringToObject(o, "type", v->is_home ? "home" : "modal");
    add_text(o, v->json, "blocks");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        const char *text = json_string(v->json, texts[i]);
        cJSON_AddStringToObject(o, texts[i], text ? text : "");
    }
    cJSON *state = shape_object(o, "state");
    cJSON_AddItemToObject(state, "values",
                          values ? cJSON_Duplicate(values, 1) : cJSON_CreateObject());
    cJSON_AddStringToObject(o, "hash", v->hash);
    add_title(o, v);
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        cJSON_AddBoolToObject(o, flags[i], cJSON_IsTrue(json_member(v->json, flags[i])));
    }
    add_text(o, v->json, "close");
    add_text(o, v->json, "submit");
    if (v->below) {
        cJSON_AddStringToObject(o, "previous_view_id", v->below->id);
    } else {
        cJSON_AddNullToObject(o, "previous_view_id");
    }
    cJSON_AddStringToObject(o, "root_view_id", bottom(v)->id);
    cJSON_AddStringToObject(o, "app_id", APP_ID);
    const char *external = json_string(v->json, "external_id");
    cJSON_AddStringToObject(o, "external_id", external ? external : "");
    cJSON_AddStringToObject(o, "app_installed_team_id", TEAM_ID);
    cJSON_AddStringToObject(o, "bot_id", BOT_ID);
    return o;
}

static void give(struct server *sv, struct view *v, cJSON *json) {
    char hex[9];
    world_make_hex(&sv->world, 8, hex);
    snprintf(v->hash, sizeof(v->hash), "%lld.%s", (long long)world_now_s(), hex);
    blocks_fill(&sv->world, cJSON_GetObjectItemCaseSensitive(json, "blocks"));
    cJSON_Delete(v->json);
    cJSON_Delete(v->errors);
    v->json = json;
    v->errors = NULL;
}

static struct view *new_view(struct server *sv, struct user *u, cJSON *json) {
    struct view *v = arena_alloc(&sv->world.arena, sizeof(*v));
    world_make_id(&sv->world, 'V', v->id);
    v->user = u;
    v->open = true;
    v->state = cJSON_CreateObject();
    v->next = sv->views;
    sv->views = v;
    give(sv, v, json);
    return v;
}

struct view *view_open(struct server *sv, struct user *u, cJSON *json, bool on_top) {
    if (!on_top) {
        view_close_all(u);
    }
    struct view *v = new_view(sv, u, json);
    v->below = u->modal;
    u->modal = v;
    return v;
}

void view_set(struct server *sv, struct view *v, cJSON *json) {
    give(sv, v, json);
    v->n_updates++;
}

void view_publish(struct server *sv, struct user *u, cJSON *json) {
    if (u->home) {
        view_set(sv, u->home, json);
    } else {
        u->home = new_view(sv, u, json);
        u->home->is_home = true;
    }
    u->n_published++;
    sv->n_published++;
}

void view_close(struct view *v) {
    v->open = false;
    if (v->user->modal == v) {
        v->user->modal = v->below;
    }
}

void view_close_all(struct user *u) {
    while (u->modal) {
        view_close(u->modal);
    }
}

void view_free_all(struct server *sv) {
    for (struct view *v = sv->views; v; v = v->next) {
        cJSON_Delete(v->json);
        cJSON_Delete(v->state);
        cJSON_Delete(v->errors);
    }
}
