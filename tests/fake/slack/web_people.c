/* Who there is, and who we are. */
#include <stdio.h>
#include <string.h>

#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

#define PAGE 200

const char *web_api_test(struct web *w) {
    const char *error = web_arg(w, "error");
    cJSON *args = cJSON_Duplicate(w->args, 1);
    cJSON_AddItemToObject(*error ? w->detail : w->reply, "args", args);
    return *error ? cJSON_GetObjectItemCaseSensitive(args, "error")->valuestring : NULL;
}

const char *web_connections_open(struct web *w) {
    struct server *sv = w->server;
    if (strcmp(w->call->method, "POST") != 0) {
        return "insecure_request";
    }
    if (sv->sockets.link_disabled) {
        return "not_allowed"; /* what Slack says then is not documented */
    }
    char url[512];
    snprintf(sv->host, sizeof(sv->host), "%s", w->call->host);
    socket_make_url(sv, w->call->host, url, sizeof(url));
    cJSON_AddStringToObject(w->reply, "url", url);
    return NULL;
}

const char *web_auth_test(struct web *w) {
    const struct user *bot = w->server->world.bot;
    bool enterprise = w->server->web.enterprise;
    cJSON_AddStringToObject(w->reply, "url", "https://" DOMAIN ".slack.com/");
    cJSON_AddStringToObject(w->reply, "team", TEAM_NAME);
    cJSON_AddStringToObject(w->reply, "user", bot->name);
    cJSON_AddStringToObject(w->reply, "team_id", TEAM_ID);
    cJSON_AddStringToObject(w->reply, "user_id", bot->id);
    cJSON_AddStringToObject(w->reply, "bot_id", bot->bot_id);
    if (enterprise) {
        cJSON_AddStringToObject(w->reply, "enterprise_id", "E0KIZUKI1");
    }
    cJSON_AddBoolToObject(w->reply, "is_enterprise_install", enterprise);
    return NULL;
}

const char *web_team_info(struct web *w) {
    cJSON *team = shape_object(w->reply, "team");
    cJSON_AddStringToObject(team, "id", TEAM_ID);
    cJSON_AddStringToObject(team, "name", TEAM_NAME);
    cJSON_AddStringToObject(team, "domain", DOMAIN);
    cJSON_AddStringToObject(team, "email_domain", "");
    cJSON_AddStringToObject(shape_object(team, "icon"), "image_34",
                            "https://a.slack-edge.com/34.png");
    return NULL;
}

const char *web_bots_info(struct web *w) {
    const char *id = web_arg(w, "bot");
    const struct world *world = &w->server->world;
    for (size_t i = 0; i < world->n_users; i++) {
        const struct user *u = world->users[i];
        if (*u->bot_id && strcmp(u->bot_id, id) == 0) {
            cJSON *bot = shape_object(w->reply, "bot");
            cJSON_AddStringToObject(bot, "id", u->bot_id);
            cJSON_AddBoolToObject(bot, "deleted", false);
            cJSON_AddStringToObject(bot, "name", u->real_name);
            cJSON_AddNumberToObject(bot, "updated", SINCE_S);
            cJSON_AddStringToObject(bot, "app_id", u == world->bot ? APP_ID : "A0OTHER01");
            cJSON_AddStringToObject(bot, "user_id", u->id);
            return NULL;
        }
    }
    return "bot_not_found";
}

static void put_user(struct web *w, const struct user *u) {
    const struct shape_rights may = {.email = web_has_scope(w->server, "users:read.email"),
                                     .locale = web_arg_flag(w, "include_locale", false)};
    cJSON_AddItemToObject(w->reply, "user", shape_user(u, &may));
}

const char *web_users_info(struct web *w) {
    const struct user *u = world_user(&w->server->world, web_arg(w, "user"));
    if (!u) {
        return "user_not_found";
    }
    put_user(w, u);
    return NULL;
}

const char *web_users_lookup(struct web *w) {
    const char *email = web_arg(w, "email");
    const struct world *world = &w->server->world;
    for (size_t i = 0; i < world->n_users; i++) {
        const struct user *u = world->users[i];
        char address[128];
        snprintf(address, sizeof(address), "%s@example.test", u->name);
        if (!*u->bot_id && !u->deleted && strcmp(address, email) == 0) {
            put_user(w, u);
            return NULL;
        }
    }
    return "users_not_found";
}

const char *web_users_list(struct web *w) {
    const struct world *world = &w->server->world;
    const struct shape_rights may = {.email = web_has_scope(w->server, "users:read.email"),
                                     .locale = web_arg_flag(w, "include_locale", false)};
    size_t from = 0;
    size_t to = 0;
    if (w->server->web.enterprise && !*web_arg(w, "team_id")) {
        return "missing_argument";
    }
    if (!web_page(w, world->n_users, PAGE, &from, &to)) {
        return "invalid_cursor";
    }
    cJSON *members = shape_array(w->reply, "members");
    for (size_t i = from; i < to; i++) {
        cJSON_AddItemToArray(members, shape_user(world->users[i], &may));
    }
    cJSON_AddNumberToObject(w->reply, "cache_ts", (double)world_now_s());
    web_add_cursor(w, to, world->n_users);
    return NULL;
}

const char *web_users_presence(struct web *w) {
    if (!world_user(&w->server->world, web_arg(w, "user"))) {
        return "user_not_found";
    }
    cJSON_AddStringToObject(w->reply, "presence", "active");
    return NULL;
}
