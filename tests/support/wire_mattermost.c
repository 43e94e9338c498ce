/* Mattermost for tests over the wire: people talk over its REST API, as clients do. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "bot/emoji.h"
#include "bot/mattermost/markup.h"
#include "tests/support/wire_platform.h"

#define BOT_TOKEN  "bot-token-0000000000000000"
#define PAGE       200
#define POST_CHARS 16383

static cJSON *call(struct wire *w, const char *token, const char *method, const char *path,
                   cJSON *body) {
    char whole[400];
    snprintf(whole, sizeof(whole), "/api/v4%s", path);
    return wire_request(w, token, method, whole, body);
}

static cJSON *call_as(struct wire *w, const struct wire_person *p, const char *method,
                      const char *path, cJSON *body) {
    static const char user[] = "user";
    bool numbered = strncmp(p->name, user, sizeof(user) - 1) == 0;
    char token[64];
    snprintf(token, sizeof(token), "%s%s%s-token", numbered ? user : "", numbered ? "-" : "",
             p->name + (numbered ? sizeof(user) - 1 : 0));
    return call(w, token, method, path, body);
}

static void begin(struct wire *w) {
    char id[WIRE_ID_LEN + 1];
    wire_write_file(w, "token", BOT_TOKEN "\n");
    cJSON *me = call(w, BOT_TOKEN, "GET", "/users/me", NULL);
    wire_copy_id(w, me, "id", id);
    wire_note_bot(w, id);
    cJSON_Delete(me);
}

static void configure(const struct wire *w, struct buf *out) {
    buf_addf(out, "    url = \"%s\"\n    token_file = \"%s/token\"\n", wire_url(w), wire_dir(w));
}

/* ---- people ---- */

static void meet(struct wire *w, struct wire_person *p) {
    cJSON *me = call_as(w, p, "GET", "/users/me", NULL);
    wire_copy_id(w, me, "id", p->id);
    cJSON_Delete(me);
}

static void set_locale(struct wire *w, const struct wire_person *p, const char *locale) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "locale", locale);
    cJSON_Delete(call_as(w, p, "PUT", "/users/me/patch", body));
}

static void direct(struct wire *w, struct wire_person *p) {
    const char *ids[] = {p->id, wire_bot(w)};
    cJSON *channel =
        call_as(w, p, "POST", "/channels/direct", cJSON_CreateStringArray(ids, ARRAY_LEN(ids)));
    wire_copy_id(w, channel, "id", p->direct);
    cJSON_Delete(channel);
}

static void find_channel(struct wire *w, const char *name, char ret_id[WIRE_ID_LEN + 1]) {
    char path[160];
    snprintf(path, sizeof(path), "/teams/name/kizuki/channels/name/%s", name);
    cJSON *channel = call(w, BOT_TOKEN, "GET", path, NULL);
    wire_copy_id(w, channel, "id", ret_id);
    cJSON_Delete(channel);
}

static void note_time(struct wire_person *p, const cJSON *made) {
    const cJSON *at = json_member(made, "create_at");
    p->acted_ms = cJSON_IsNumber(at) ? (int64_t)at->valuedouble : wire_wall_ms();
}

static void say(struct wire *w, struct wire_person *p, const char *channel, const char *text,
                char ret_id[WIRE_ID_LEN + 1]) {
    char pending[96];
    char addressed[1024];
    snprintf(pending, sizeof(pending), "%s:%lld", p->id, (long long)wire_wall_ms());
    snprintf(addressed, sizeof(addressed), "@kizuki %s", text);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "channel_id", channel);
    cJSON_AddStringToObject(body, "message", strcmp(channel, p->direct) == 0 ? text : addressed);
    cJSON_AddStringToObject(body, "pending_post_id", pending);
    cJSON *post = call_as(w, p, "POST", "/posts", body);
    wire_copy_id(w, post, "id", ret_id);
    note_time(p, post);
    cJSON_Delete(post);
}

static void react(struct wire *w, struct wire_person *p, const char *post, const char *emoji,
                  bool on) {
    char path[160];
    cJSON *body = NULL;
    if (on) {
        snprintf(path, sizeof(path), "/reactions");
        body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "user_id", p->id);
        cJSON_AddStringToObject(body, "post_id", post);
        cJSON_AddStringToObject(body, "emoji_name", emoji);
    } else {
        snprintf(path, sizeof(path), "/users/me/posts/%s/reactions/%s", post, emoji);
    }
    cJSON *made = call_as(w, p, on ? "POST" : "DELETE", path, body);
    note_time(p, made);
    cJSON_Delete(made);
}

/* ---- posts ---- */

/* The bot's own reactions, in the order of being added. */
static void add_reactions(const struct wire *w, const cJSON *post, struct buf *out) {
    const cJSON *r;
    cJSON_ArrayForEach(r, json_member(json_member(post, "metadata"), "reactions")) {
        const char *user = json_string(r, "user_id");
        const char *name = json_string(r, "emoji_name");
        if (user && name && strcmp(user, wire_bot(w)) == 0) {
            buf_addf(out, "%s ", name);
        }
    }
}

static void take_post(const struct wire *w, const cJSON *post, struct wire_posts *posts) {
    const char *user = json_string(post, "user_id");
    const cJSON *deleted = json_member(post, "delete_at");
    if (!user || strcmp(user, wire_bot(w)) != 0 || deleted->valuedouble > 0) {
        return;
    }
    struct buf reactions;
    buf_init(&reactions, 1024);
    add_reactions(w, post, &reactions);
    wire_add_post(posts, json_string(post, "id"), json_string(post, "message"),
                  json_string(post, "root_id"), buf_text(&reactions));
    buf_free(&reactions);
}

static void read_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                       struct wire_posts *ret) {
    int got = PAGE;
    for (int page = 0; got == PAGE; page++) { /* newest first */
        char path[128];
        snprintf(path, sizeof(path), "/channels/%s/posts?page=%d&per_page=%d", channel, page, PAGE);
        cJSON *list = call_as(w, reader, "GET", path, NULL);
        const cJSON *order = json_member(list, "order");
        const cJSON *id;
        got = cJSON_GetArraySize(order);
        cJSON_ArrayForEach(id, order) {
            take_post(w, json_member(json_member(list, "posts"), id->valuestring), ret);
        }
        cJSON_Delete(list);
    }
    for (size_t i = 0; i < ret->n / 2; i++) {
        struct wire_post other = ret->list[i];
        ret->list[i] = ret->list[ret->n - 1 - i];
        ret->list[ret->n - 1 - i] = other;
    }
}

/* The reactions that offer what the row asks. */
static const char *offered(struct arena *a, const struct wire_row *row) {
    cJSON *list = *row->choices && *row->question ? cJSON_Parse(row->choices) : NULL;
    const char *all = "";
    const cJSON *c;
    cJSON_ArrayForEach(c, list) {
        const cJSON *n = json_member(c, "number");
        const char *name = cJSON_IsNumber(n) ? emoji_of(n->valueint) : NULL;
        all = name ? arena_printf(a, "%s%s ", all, name) : all;
    }
    cJSON_Delete(list);
    return row->closes && *all ? arena_printf(a, "%s%s ", all, EMOJI_CLOSE) : all;
}

static size_t expect(struct arena *a, const struct wire_row *row, const char **parts,
                     const char **ret_offers) {
    *ret_offers = offered(a, row);
    return mm_split(a, mm_markup(a, row->text, row->choices), POST_CHARS, parts);
}

static const char *const options[] = {NULL};
static const char *const breaking[] = {"{\"do\":\"drop_sockets\"}", "{\"do\":\"forget_away\"}",
                                       NULL};
static const char *const never[] = {"unknown_routes", NULL};
static const struct wire_mishap mishaps[] = {
    {"restart", "{\"do\":\"restart\",\"down_ms\":100}"},
    {"lost change", "{\"do\":\"http_fault\",\"kind\":\"drop_after\",\"method\":\"PUT\","
                    "\"path\":\"/patch\",\"times\":1}"},
    {"drop", "{\"do\":\"drop_sockets\"}"},
    {"drop", "{\"do\":\"drop_sockets\"}"},
};

const struct wire_platform wire_mattermost = {
    .name = "mattermost",
    .options = options,
    .mishaps = mishaps,
    .n_mishaps = ARRAY_LEN(mishaps),
    .doubling = "{\"do\":\"double_events\",\"times\":1}",
    .breaking = breaking,
    .never = never,
    .counted = "bot_requests",
    .reads = "GET /channels/*/posts",
    .begin = begin,
    .configure = configure,
    .meet = meet,
    .set_locale = set_locale,
    .channel = find_channel,
    .direct = direct,
    .say = say,
    .react = react,
    .read_posts = read_posts,
    .expect = expect,
};
