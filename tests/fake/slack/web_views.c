/* Opening, changing and publishing views. */
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/blocks.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/view.h"

/* The good view of the request, of that type; NULL with what is wrong. */
static cJSON *read_view(struct web *w, const char *type, const char **ret_wrong) {
    bool bad = false;
    cJSON *view = web_arg_json(w, "view", &bad);
    *ret_wrong = "invalid_arguments";
    if (!view) {
        web_complain(w, bad ? "view is not valid JSON" : "missing required field: view", "", true);
        return NULL;
    }
    const char *given = json_string(view, "type");
    if (!given || strcmp(given, type) != 0) {
        web_complain(w, "invalid type of view", "/view/type", true);
    } else if (blocks_check_view(w, view)) {
        *ret_wrong = NULL;
        return view;
    }
    cJSON_Delete(view);
    return NULL;
}

static void put_view(struct web *w, const struct view *v) {
    cJSON_AddItemToObject(w->reply, "view", view_json(v, NULL));
}

static const char *open_view(struct web *w, bool on_top) {
    const char *wrong = NULL;
    struct user *u = NULL;
    cJSON *view = read_view(w, "modal", &wrong);
    wrong = wrong ? wrong : trigger_take(w->server, web_arg(w, "trigger_id"), &u);
    size_t depth = 0;
    for (const struct view *v = u && on_top ? u->modal : NULL; v; v = v->below) {
        depth++;
    }
    if (!wrong && depth >= STACK_MAX) {
        wrong = "push_limit_reached";
    }
    if (wrong) {
        cJSON_Delete(view);
        return wrong;
    }
    put_view(w, view_open(w->server, u, view, on_top));
    return NULL;
}

const char *web_views_open(struct web *w) {
    return open_view(w, false);
}

const char *web_views_push(struct web *w) {
    return open_view(w, true);
}

static bool conflicts(struct web *w, const struct view *v) {
    const char *hash = web_arg(w, "hash");
    return *hash && (!v || strcmp(hash, v->hash) != 0);
}

const char *web_views_update(struct web *w) {
    const char *wrong = NULL;
    const char *id = web_arg(w, "view_id");
    struct view *v = view_find(w->server, *id ? id : web_arg(w, "external_id"));
    cJSON *view = read_view(w, v && v->is_home ? "home" : "modal", &wrong);
    if (!wrong && (!v || !v->open)) {
        wrong = "not_found";
    }
    if (!wrong && conflicts(w, v)) {
        wrong = "hash_conflict";
    }
    if (wrong) {
        cJSON_Delete(view);
        return wrong;
    }
    view_set(w->server, v, view);
    put_view(w, v);
    return NULL;
}

const char *web_views_publish(struct web *w) {
    const char *wrong = NULL;
    struct user *u = world_user(&w->server->world, web_arg(w, "user_id"));
    cJSON *view = read_view(w, "home", &wrong);
    if (!wrong && !u) {
        web_complain(w, "invalid user_id", "/user_id", true);
        wrong = "invalid_arguments";
    }
    if (!wrong && w->server->web.no_home) {
        wrong = "not_enabled";
    }
    if (!wrong && conflicts(w, u->home)) {
        wrong = "hash_conflict";
    }
    if (wrong) {
        cJSON_Delete(view);
        return wrong;
    }
    view_publish(w->server, u, view);
    put_view(w, u->home);
    return NULL;
}
