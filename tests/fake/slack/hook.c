#include "tests/fake/slack/hook.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/slack/blocks.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

#define USES    5
#define LIFE_MS ((int64_t)30 * 60 * 1000)

struct hook {
    struct hook *next;
    const char *path;
    struct user *user;
    struct channel *channel;
    struct message *message;
    int64_t made_ms;
    int uses;
};

const char *hook_make(struct server *sv, const char *kind, struct user *u, struct channel *c,
                      struct message *message) {
    struct arena *a = &sv->world.arena;
    struct hook *h = arena_alloc(a, sizeof(*h));
    char hex[25];
    world_make_hex(&sv->world, 24, hex);
    *h = (struct hook){.user = u, .channel = c, .message = message, .next = sv->hooks};
    h->path = arena_printf(a, "/%s/" TEAM_ID "/%s", kind, hex);
    h->made_ms = clock_now_ms();
    sv->hooks = h;
    return arena_printf(a, "%s://%s%s", sv->net.tls ? "https" : "http", sv->host, h->path);
}

/* With the checks of a message; the web is only there to be complained to. */
static const char *take_blocks(struct server *sv, const cJSON *body, cJSON **ret) {
    const cJSON *given = json_member(body, "blocks");
    *ret = given && !cJSON_IsNull(given) ? cJSON_Duplicate(given, 1) : NULL;
    struct web w = {.server = sv, .method = "response", .detail = cJSON_CreateObject()};
    bool good = !*ret || blocks_check(&w, *ret, BLOCKS_MESSAGE, "/blocks");
    cJSON_Delete(w.detail);
    if (!good) {
        sv->web.n_bad_blocks++;
        cJSON_Delete(*ret);
        *ret = NULL;
        return "invalid_blocks";
    }
    blocks_fill(&sv->world, *ret);
    return NULL;
}

static const char *replace(struct server *sv, struct message *m, const char *text, cJSON *blocks) {
    if (!blocks && *text) {
        blocks = cJSON_CreateArray();
        cJSON_AddItemToArray(blocks, shape_rich_text(&sv->world, text));
    }
    message_edit(sv, m, text, blocks, NULL);
    return NULL;
}

const char *hook_say(struct server *sv, const cJSON *body, struct user *u, struct channel *c,
                     struct message *original) {
    cJSON *blocks = NULL;
    web_note_sent(sv, "response", body);
    const char *text = json_string(body, "text");
    const char *type = json_string(body, "response_type");
    const char *thread = json_string(body, "thread_ts");
    const char *wrong = take_blocks(sv, body, &blocks);
    if (wrong) {
        return wrong;
    }
    if (cJSON_IsTrue(json_member(body, "delete_original")) && original) {
        cJSON_Delete(blocks);
        message_delete(sv, original);
        return NULL;
    }
    if (!blocks && (!text || !*text)) {
        return "no_text";
    }
    text = text ? text : "";
    if (cJSON_IsTrue(json_member(body, "replace_original")) && original) {
        return replace(sv, original, text, blocks);
    }
    bool all = type && strcmp(type, "in_channel") == 0;
    struct draft d = {.user = sv->world.bot, .channel = c, .only = all ? NULL : u, .text = text};
    d.blocks = blocks;
    d.root = thread ? message_find(&sv->world, c, thread) : NULL;
    message_post(sv, &d);
    return NULL;
}

static void answer(struct call *c, int status, const char *error) {
    c->status = status;
    buf_addf(&c->out, "{\"ok\":false,\"error\":\"%s\"}", error);
}

bool hook_handle(struct call *c) {
    struct server *sv = c->server;
    if (strncmp(c->path, "/actions/", 9) != 0 && strncmp(c->path, "/commands/", 10) != 0) {
        return false;
    }
    struct hook *h = sv->hooks;
    while (h && strcmp(h->path, c->path) != 0) {
        h = h->next;
    }
    struct json_error err;
    c->json = json_parse(buf_text(&c->body), c->body.len, BODY_MAX_BYTES, &err);
    if (!h) {
        answer(c, 404, "no_such_url");
    } else if (clock_now_ms() - h->made_ms > LIFE_MS) {
        answer(c, 404, "expired_url");
    } else if (h->uses >= USES) {
        answer(c, 404, "used_url");
    } else if (!cJSON_IsObject(c->json)) {
        answer(c, 400, "invalid_payload");
    } else {
        h->uses++;
        const char *wrong = hook_say(sv, c->json, h->user, h->channel, h->message);
        sv->n_hook_posts += !wrong;
        if (wrong) {
            answer(c, 400, wrong);
        } else {
            c->content_type = "text/html";
            buf_adds(&c->out, "ok");
        }
    }
    return true;
}
