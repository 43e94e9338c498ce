/* Writing messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "tests/fake/slack/blocks.h"
#include "tests/fake/slack/message.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

#define TEXT_MAX_CHARS     40000
#define UPDATE_MAX_CHARS   4000
#define METADATA_MAX_BYTES 8000
#define POSTS_BURST        4

/* What a request wants to say; text points into it. */
struct words {
    const char *text;
    char *cut; /* malloc'd; the text where it was too long */
    cJSON *blocks;
    cJSON *metadata;
    bool has_blocks;
};

static void free_words(struct words *words) {
    free(words->cut);
    cJSON_Delete(words->blocks);
    cJSON_Delete(words->metadata);
}

static bool is_flat(const cJSON *payload) {
    const cJSON *value;
    cJSON_ArrayForEach(value, payload) {
        const cJSON *inner;
        cJSON_ArrayForEach(inner, value) {
            if (cJSON_IsObject(inner) || cJSON_IsArray(inner)) {
                return false;
            }
        }
    }
    return true;
}

static const char *read_metadata(struct web *w, struct words *words) {
    bool bad = false;
    words->metadata = web_arg_json(w, "metadata", &bad);
    if (bad) {
        return "invalid_metadata_format";
    }
    if (!words->metadata) {
        return NULL;
    }
    const cJSON *payload = json_member(words->metadata, "event_payload");
    const char *type = json_string(words->metadata, "event_type");
    if (!type || !*type || !cJSON_IsObject(payload) || !is_flat(payload)) {
        return "invalid_metadata_schema";
    }
    char *text = cJSON_PrintUnformatted(words->metadata);
    size_t len = strlen(text);
    free(text);
    return len > METADATA_MAX_BYTES ? "metadata_too_large" : NULL;
}

static const char *read_blocks(struct web *w, struct words *words) {
    bool bad = false;
    words->blocks = web_arg_json(w, "blocks", &bad);
    words->has_blocks = words->blocks != NULL;
    if (bad || (words->blocks && !cJSON_IsArray(words->blocks))) {
        return "invalid_blocks_format";
    }
    if (words->blocks && !blocks_check(w, words->blocks, BLOCKS_MESSAGE, "/blocks")) {
        return "invalid_blocks";
    }
    if (cJSON_GetArraySize(words->blocks) == 0) {
        cJSON_Delete(words->blocks);
        words->blocks = NULL;
    }
    blocks_fill(&w->server->world, words->blocks);
    return NULL;
}

static void cut_text(struct web *w, struct words *words) {
    size_t n = 0;
    const char *p = words->text;
    for (; *p && n < TEXT_MAX_CHARS; n++) {
        do {
            p++;
        } while (((unsigned char)*p & 0xc0) == 0x80);
    }
    if (*p) {
        words->cut = strndup(words->text, (size_t)(p - words->text));
        words->text = words->cut;
        w->warning = "message_truncated";
    }
}

static const char *read_words(struct web *w, struct words *words) {
    words->text = web_arg(w, "text");
    const char *wrong = read_blocks(w, words);
    wrong = wrong ? wrong : read_metadata(w, words);
    if (wrong) {
        return wrong;
    }
    if (!*words->text && !words->blocks) {
        return "no_text";
    }
    cut_text(w, words);
    return NULL;
}

/* ---- where it goes ---- */

/* A channel's id or name, or a person's id. */
static struct channel *destination(struct web *w) {
    struct world *world = &w->server->world;
    const char *which = web_arg(w, "channel");
    struct user *u = world_user(world, which);
    if (u && u != world->bot && !u->deleted) {
        bool is_new;
        return world_open_im(world, u, &is_new);
    }
    struct channel *c = world_find_channel(world, *which == '#' ? which + 1 : which);
    bool hidden = c && c->place != PLACE_CHANNEL && !world_is_member(c, world->bot);
    return hidden ? NULL : c;
}

static const char *check_place(struct web *w, const struct channel *c) {
    if (!c) {
        return "channel_not_found";
    }
    if (!world_is_member(c, w->server->world.bot)) {
        return "not_in_channel";
    }
    if (c->place == PLACE_IM && world_im_user(&w->server->world, c)->deleted) {
        return "channel_not_found";
    }
    return c->archived ? "is_archived" : NULL;
}

/* One message a second and channel, short bursts allowed. */
static bool too_fast(struct web *w, struct channel *c) {
    if (!w->server->web.limits) {
        return false;
    }
    struct rate r = {.per_second = w->server->web.limit_scale,
                     .burst = POSTS_BURST,
                     .level = c->post_level,
                     .at_ms = c->next_post_ms};
    int wait = 0;
    bool pass = fault_rate_take(&r, &wait);
    c->post_level = r.level;
    c->next_post_ms = r.at_ms;
    return !pass;
}

static const char *find_root(struct web *w, const struct channel *c, struct message **ret_root) {
    const char *ts = web_arg(w, "thread_ts");
    *ret_root = *ts ? message_find(&w->server->world, c, ts) : NULL;
    return *ts && !*ret_root ? "thread_not_found" : NULL;
}

static void put_message(struct web *w, const struct message *m) {
    cJSON_AddStringToObject(w->reply, "channel", m->channel->id);
    cJSON_AddStringToObject(w->reply, "ts", m->ts);
}

const char *web_chat_post(struct web *w) {
    struct words words = {0};
    struct channel *c = destination(w);
    struct draft d = {.user = w->server->world.bot, .channel = c};
    const char *wrong = check_place(w, c);
    wrong = wrong ? wrong : read_words(w, &words);
    wrong = wrong ? wrong : find_root(w, c, &d.root);
    if (!wrong && too_fast(w, c)) {
        web_answer_limited(w->call, 1);
        wrong = WEB_ANSWERED;
    }
    if (!wrong) {
        d.text = words.text;
        d.blocks = words.blocks;
        d.metadata = words.metadata;
        d.subtype = d.root && web_arg_flag(w, "reply_broadcast", false) ? "thread_broadcast" : NULL;
        words.blocks = words.metadata = NULL;
        struct message *m = message_post(w->server, &d);
        put_message(w, m);
        cJSON_AddItemToObject(w->reply, "message", message_copy(m, true));
    }
    free_words(&words);
    return wrong;
}

const char *web_chat_ephemeral(struct web *w) {
    struct words words = {0};
    struct channel *c = destination(w);
    struct user *u = world_user(&w->server->world, web_arg(w, "user"));
    struct draft d = {.user = w->server->world.bot, .channel = c, .only = u};
    const char *wrong = check_place(w, c);
    if (!wrong && (!u || !world_is_member(c, u))) {
        wrong = "user_not_in_channel";
    }
    wrong = wrong ? wrong : read_words(w, &words);
    wrong = wrong ? wrong : find_root(w, c, &d.root);
    if (!wrong) {
        d.text = words.text;
        d.blocks = words.blocks;
        words.blocks = NULL;
        const struct message *m = message_post(w->server, &d);
        cJSON_AddStringToObject(w->reply, "message_ts", m->ts);
    }
    free_words(&words);
    return wrong;
}

/* ---- changes ---- */

/* A message of the bot; NULL with *ret_wrong. */
static struct message *own_message(struct web *w, const char **ret_wrong) {
    struct channel *c = web_channel(w, "channel");
    struct message *m = c ? message_find(&w->server->world, c, web_arg(w, "ts")) : NULL;
    if (!c) {
        *ret_wrong = "channel_not_found";
    } else if (!m || m->only) {
        *ret_wrong = "message_not_found";
    } else if (m->user != w->server->world.bot) {
        *ret_wrong = "cant_update_message";
    } else {
        *ret_wrong = c->archived ? "is_archived" : NULL;
    }
    return *ret_wrong ? NULL : m;
}

const char *web_chat_update(struct web *w) {
    struct words words = {0};
    const char *wrong = NULL;
    struct message *m = own_message(w, &wrong);
    if (m && blocks_chars(web_arg(w, "text")) > UPDATE_MAX_CHARS) {
        wrong = "msg_too_long";
    }
    wrong = wrong ? wrong : read_words(w, &words);
    if (!wrong) {
        if (!words.blocks && *words.text) {
            /* Text alone takes the place of the blocks. */
            words.blocks = cJSON_CreateArray();
            cJSON_AddItemToArray(words.blocks, shape_rich_text(&w->server->world, words.text));
        }
        message_edit(w->server, m, words.text, words.blocks, words.metadata);
        words.blocks = words.metadata = NULL;
        w->server->n_bot_updates++;
        put_message(w, m);
        cJSON_AddStringToObject(w->reply, "text", words.text);
        cJSON_AddItemToObject(w->reply, "message", message_copy(m, true));
    }
    free_words(&words);
    return wrong;
}

const char *web_chat_delete(struct web *w) {
    const char *wrong = NULL;
    struct message *m = own_message(w, &wrong);
    if (!m) {
        return strcmp(wrong, "cant_update_message") == 0 ? "cant_delete_message" : wrong;
    }
    put_message(w, m);
    message_delete(w->server, m);
    return NULL;
}

/* A message anybody wrote, by those names of arguments. */
static struct message *any_message(struct web *w, const char *ts_name, const char **ret_wrong) {
    struct channel *c = web_channel(w, "channel");
    struct message *m = c ? message_find(&w->server->world, c, web_arg(w, ts_name)) : NULL;
    *ret_wrong = !c ? "channel_not_found" : !m || m->only ? "message_not_found" : NULL;
    return *ret_wrong ? NULL : m;
}

const char *web_chat_permalink(struct web *w) {
    const char *wrong = NULL;
    const struct message *m = any_message(w, "message_ts", &wrong);
    if (!m) {
        return wrong;
    }
    char link[160];
    snprintf(link, sizeof(link), "https://" DOMAIN ".slack.com/archives/%s/p%.10s%s",
             m->channel->id, m->ts, strchr(m->ts, '.') + 1);
    cJSON_AddStringToObject(w->reply, "channel", m->channel->id);
    cJSON_AddStringToObject(w->reply, "permalink", link);
    return NULL;
}

/* ---- reactions ---- */

static bool is_emoji(const char *name) {
    return *name && strlen(name) <= 100 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-':") == strlen(name);
}

const char *web_reactions_add(struct web *w) {
    const char *wrong = NULL;
    struct message *m = any_message(w, "timestamp", &wrong);
    if (!m) {
        return wrong;
    }
    const char *name = web_arg(w, "name");
    if (!is_emoji(name)) {
        return "invalid_name";
    }
    return message_react(w->server, m, w->server->world.bot, name) ? NULL : "already_reacted";
}

const char *web_reactions_remove(struct web *w) {
    const char *wrong = NULL;
    struct message *m = any_message(w, "timestamp", &wrong);
    if (!m) {
        return wrong;
    }
    bool done = message_unreact(w->server, m, w->server->world.bot, web_arg(w, "name"));
    return done ? NULL : "no_reaction";
}

const char *web_reactions_get(struct web *w) {
    const char *wrong = NULL;
    const struct message *m = any_message(w, "timestamp", &wrong);
    if (!m) {
        return wrong;
    }
    cJSON_AddStringToObject(w->reply, "type", "message");
    cJSON_AddStringToObject(w->reply, "channel", m->channel->id);
    cJSON_AddItemToObject(w->reply, "message", message_copy(m, false));
    return NULL;
}
