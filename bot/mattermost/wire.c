#include "bot/mattermost/wire.h"

#include <math.h>
#include <string.h>

#define INNER_MAX_BYTES MM_MESSAGE_MAX_BYTES

bool mm_is_id(const char *s) {
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789") == MM_ID_LEN && s[MM_ID_LEN] == '\0';
}

int64_t mm_number(const cJSON *object, const char *key, int64_t otherwise) {
    const cJSON *v = json_member(object, key);
    bool fits = cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= 9007199254740992.0 &&
                floor(v->valuedouble) == v->valuedouble;
    return fits ? (int64_t)v->valuedouble : otherwise;
}

static const char *text_of(struct arena *a, const cJSON *object, const char *key) {
    const char *s = json_string(object, key);
    return s ? arena_strdup(a, s) : "";
}

/* An id; "" where there is none. False for anything else. */
static bool take_id(struct arena *a, const cJSON *object, const char *key, const char **ret) {
    *ret = text_of(a, object, key);
    return **ret == '\0' || mm_is_id(*ret);
}

static bool need_id(struct arena *a, const cJSON *object, const char *key, const char **ret) {
    return take_id(a, object, key, ret) && **ret;
}

static bool is_set(const cJSON *props, const char *key) {
    const cJSON *v = json_member(props, key);
    return v && !cJSON_IsFalse(v) && !cJSON_IsNull(v) &&
           !(cJSON_IsString(v) && strcmp(v->valuestring, "false") == 0);
}

bool mm_post_read(struct arena *a, const cJSON *json, struct mm_post *ret) {
    struct mm_post p = {.message = text_of(a, json, "message")};
    const char *original;
    const char *message = json_string(json, "message");
    if (!cJSON_IsObject(json) || !message || !need_id(a, json, "id", &p.id) ||
        !need_id(a, json, "user_id", &p.user) || !need_id(a, json, "channel_id", &p.channel) ||
        !take_id(a, json, "root_id", &p.root) || !take_id(a, json, "original_id", &original)) {
        return false;
    }
    const cJSON *props = json_member(json, "props");
    p.create_ms = mm_number(json, "create_at", 0);
    p.system = *text_of(a, json, "type") != '\0';
    p.past = *original || mm_number(json, "delete_at", 0) > 0;
    p.automatic = is_set(props, "from_bot") || is_set(props, "from_webhook") ||
                  is_set(props, "from_plugin") || is_set(props, "from_oauth_app");
    p.key = text_of(a, props, "kizuki_key");
    *ret = p;
    return p.create_ms > 0;
}

bool mm_reaction_read(struct arena *a, const cJSON *json, struct mm_reaction *ret) {
    struct mm_reaction r = {.emoji = text_of(a, json, "emoji_name"),
                            .create_ms = mm_number(json, "create_at", 0)};
    if (!cJSON_IsObject(json) || !need_id(a, json, "user_id", &r.user) ||
        !need_id(a, json, "post_id", &r.post) || !*r.emoji) {
        return false;
    }
    *ret = r;
    return true;
}

bool mm_user_read(struct arena *a, const cJSON *json, struct mm_user *ret) {
    struct mm_user u = {.username = text_of(a, json, "username"),
                        .locale = text_of(a, json, "locale"),
                        .bot = cJSON_IsTrue(json_member(json, "is_bot")),
                        .deactivated = mm_number(json, "delete_at", 0) > 0};
    if (!cJSON_IsObject(json) || !need_id(a, json, "id", &u.id)) {
        return false;
    }
    *ret = u;
    return true;
}

/* ---- frames ---- */

/* A member that is an object, or a string that holds one; free with cJSON_Delete. */
static cJSON *inner(const cJSON *data, const char *key) {
    const cJSON *v = json_member(data, key);
    if (cJSON_IsString(v)) {
        struct json_error err;
        return json_parse(v->valuestring, strlen(v->valuestring), INNER_MAX_BYTES, &err);
    }
    return cJSON_IsObject(v) ? cJSON_Duplicate(v, true) : NULL;
}

static bool read_posted(struct arena *a, const cJSON *data, struct mm_frame *f) {
    cJSON *post = inner(data, "post");
    const char *type = json_string(data, "channel_type");
    bool good = post && type && *type && mm_post_read(a, post, &f->post);
    f->channel_type = '\0';
    if (good) {
        f->channel_type = *type;
    }
    cJSON_Delete(post);
    return good;
}

static bool read_reaction(struct arena *a, const cJSON *data, struct mm_frame *f) {
    cJSON *reaction = inner(data, "reaction");
    bool good = reaction && mm_reaction_read(a, reaction, &f->reaction);
    cJSON_Delete(reaction);
    return good;
}

static bool read_event(struct arena *a, const char *name, const cJSON *data, struct mm_frame *f) {
    if (strcmp(name, "hello") == 0) {
        f->kind = MM_FRAME_HELLO;
        f->version = text_of(a, data, "server_version");
        return need_id(a, data, "connection_id", &f->connection);
    }
    if (strcmp(name, "posted") == 0) {
        f->kind = MM_FRAME_POSTED;
        return read_posted(a, data, f);
    }
    if (strcmp(name, "reaction_added") == 0 || strcmp(name, "reaction_removed") == 0) {
        f->kind = MM_FRAME_REACTION;
        f->added = name[strlen("reaction_")] == 'a';
        return read_reaction(a, data, f);
    }
    if (strcmp(name, "direct_added") == 0 || strcmp(name, "group_added") == 0 ||
        strcmp(name, "user_added") == 0) {
        f->kind = MM_FRAME_CHANNEL;
        return take_id(a, data, "user_id", &f->user.id);
    }
    if (strcmp(name, "user_updated") == 0) {
        f->kind = MM_FRAME_USER;
        cJSON *user = inner(data, "user");
        bool good = user && mm_user_read(a, user, &f->user);
        cJSON_Delete(user);
        return good;
    }
    f->kind = MM_FRAME_OTHER;
    return true;
}

static bool read_frame(struct arena *a, const cJSON *json, struct mm_frame *f, const char **why) {
    const char *event = json_string(json, "event");
    const cJSON *data = json_member(json, "data");
    if (event && *event) {
        f->seq = mm_number(json, "seq", -1);
        *why = f->seq < 0 ? "an event without a number" : "an event with wrong or missing fields";
        return read_event(a, event, data, f) && f->seq >= 0;
    }
    const char *status = json_string(json, "status");
    *why = "neither an event nor a reply";
    f->kind = MM_FRAME_REPLY;
    f->ok = status && strcmp(status, "OK") == 0;
    f->seq_reply = mm_number(json, "seq_reply", 0);
    f->server_ms = mm_number(data, "server_time", 0);
    return status != NULL;
}

bool mm_frame_read(struct arena *a, const char *text, size_t n, struct mm_frame *ret,
                   const char **why) {
    *ret = (struct mm_frame){.connection = "", .version = "", .seq = -1};
    ret->user.id = "";
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r')) {
        n--;
    }
    struct json_error err = {.what = ""};
    cJSON *json = json_parse(text, n, MM_MESSAGE_MAX_BYTES, &err);
    *why = err.what;
    bool good = json && read_frame(a, json, ret, why);
    if (!good && ret->seq < 0) {
        ret->seq = mm_number(json, "seq", -1); /* it counts even so */
    }
    cJSON_Delete(json);
    return good;
}

/* ---- long lists ---- */

/* The end of the object that begins at text[i], or 0. */
static size_t object_end(const char *text, size_t n, size_t i) {
    int depth = 0;
    bool quoted = false;
    for (; i < n; i++) {
        if (quoted) {
            quoted = text[i] != '"';
            i += text[i] == '\\';
        } else if (text[i] == '"') {
            quoted = true;
        } else if (text[i] == '{' || text[i] == '[') {
            depth++;
        } else if ((text[i] == '}' || text[i] == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

bool mm_each(const char *text, size_t n, void (*fn)(void *ctx, const cJSON *object), void *ctx) {
    static const char space[] = " \t\r\n";
    size_t i = strspn(text, space);
    if (i >= n || text[i] != '[') {
        return false;
    }
    for (bool first = true; i < n; first = false) {
        i += first ? 1 : 0;
        i += strspn(text + i, space);
        if (i < n && text[i] == ']') {
            return true;
        }
        if (!first && (i >= n || text[i++] != ',')) {
            return false;
        }
        i += strspn(text + i, space);
        size_t end = i < n && text[i] == '{' ? object_end(text, n, i) : 0;
        struct json_error err;
        cJSON *object = end > 0 ? json_parse(text + i, end - i, INNER_MAX_BYTES, &err) : NULL;
        if (!object) {
            return false;
        }
        fn(ctx, object);
        cJSON_Delete(object);
        i = end;
    }
    return false;
}
