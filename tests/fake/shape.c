#include "tests/fake/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The escape of the character at s, or NULL; *ret_n is set to the bytes it stands for. */
static const char *escape_of(const char *s, char out[8], size_t *ret_n) {
    unsigned char c = (unsigned char)*s;
    *ret_n = 1;
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        break;
    }
    if (c < 0x20 || c == '<' || c == '>' || c == '&') {
        snprintf(out, 8, "\\u%04x", c);
        return out;
    }
    if (c == 0xe2 && (unsigned char)s[1] == 0x80 && ((unsigned char)s[2] & 0xfe) == 0xa8) {
        *ret_n = 3; /* U+2028, U+2029 */
        return s[2] & 1 ? "\\u2029" : "\\u2028";
    }
    return NULL;
}

void shape_string(struct buf *b, const char *s) {
    buf_add(b, "\"", 1);
    const char *from = s;
    while (*s) {
        char out[8];
        size_t n;
        const char *escape = escape_of(s, out, &n);
        if (escape) {
            buf_add(b, from, (size_t)(s - from));
            buf_adds(b, escape);
            from = s + n;
        }
        s += n;
    }
    buf_add(b, from, (size_t)(s - from));
    buf_add(b, "\"", 1);
}

/* cJSON's text with what Go escapes in addition; these characters stand in strings only. */
static void add_value(struct buf *b, const cJSON *value) {
    char *text = cJSON_PrintUnformatted(value);
    for (const char *p = text; p && *p;) {
        size_t plain = strcspn(p, "<>&\xe2");
        buf_add(b, p, plain);
        p += plain;
        if (*p) {
            char out[8];
            size_t n;
            const char *escape = escape_of(p, out, &n);
            buf_add(b, escape ? escape : p, escape ? strlen(escape) : 1);
            p += n;
        }
    }
    cJSON_free(text);
}

static const cJSON *next_by_name(const cJSON *object, const char *after) {
    const cJSON *best = NULL;
    const cJSON *item;
    cJSON_ArrayForEach(item, object) {
        if ((!after || strcmp(item->string, after) > 0) &&
            (!best || strcmp(item->string, best->string) < 0)) {
            best = item;
        }
    }
    return best;
}

void shape_map(struct buf *b, const cJSON *object) {
    const char *separator = "{";
    for (const cJSON *m = next_by_name(object, NULL); m; m = next_by_name(object, m->string)) {
        buf_adds(b, separator);
        shape_string(b, m->string);
        buf_adds(b, ":");
        add_value(b, m);
        separator = ",";
    }
    buf_adds(b, *separator == '{' ? "{}" : "}");
}

static void add_metadata(struct buf *b, const struct post *p) {
    buf_adds(b, ",\"metadata\":{");
    if (p->n_reactions) {
        buf_adds(b, "\"reactions\":");
        shape_reactions(b, p);
    }
    buf_adds(b, "}");
}

void shape_post(struct buf *b, const struct post *p, enum post_form form, const char *pending_id) {
    const char *root = p->root ? p->root->id : "";
    bool hidden = form == POST_LISTED && p->delete_at;
    buf_addf(b,
             "{\"id\":\"%s\",\"create_at\":%" PRId64 ",\"update_at\":%" PRId64
             ",\"edit_at\":%" PRId64 ",\"delete_at\":%" PRId64
             ",\"is_pinned\":%s,\"user_id\":\"%s\""
             ",\"channel_id\":\"%s\",\"root_id\":\"%s\",\"parent_id\":\"%s\",\"original_id\":\"%s\""
             ",\"message\":",
             p->id, p->create_at, p->update_at, p->edit_at, p->delete_at,
             p->is_pinned ? "true" : "false", p->user->id, p->channel->id, root, root,
             p->original ? p->original->id : "");
    shape_string(b, hidden ? "" : p->message);
    buf_adds(b, ",\"type\":");
    shape_string(b, p->type);
    buf_adds(b, ",\"props\":");
    buf_adds(b, p->props);
    buf_adds(b, ",\"hashtags\":\"\",\"pending_post_id\":");
    shape_string(b, pending_id);
    if (p->file) {
        buf_addf(b, ",\"file_ids\":[\"%s\"]", p->file->id);
    }
    buf_addf(b, "%s,\"reply_count\":%" PRId64 ",\"last_reply_at\":0,\"participants\":null",
             p->n_reactions ? ",\"has_reactions\":true" : "", posts_count_replies(p));
    if (form != POST_BARE) {
        add_metadata(b, p);
    }
    buf_adds(b, "}");
}

void shape_reaction(struct buf *b, const struct post *p, const struct user *u, const char *emoji,
                    int64_t create_at, int64_t update_at) {
    buf_addf(b, "{\"user_id\":\"%s\",\"post_id\":\"%s\",\"emoji_name\":", u->id, p->id);
    shape_string(b, emoji);
    buf_addf(b,
             ",\"create_at\":%" PRId64 ",\"update_at\":%" PRId64
             ",\"delete_at\":0,\"remote_id\":\"\"}",
             create_at, update_at);
}

void shape_reactions(struct buf *b, const struct post *p) {
    buf_adds(b, "[");
    const char *separator = "";
    for (const struct reaction *r = p->reactions; r; r = r->next) {
        if (r->create_at) {
            buf_adds(b, separator);
            shape_reaction(b, p, r->user, r->emoji, r->create_at, r->create_at);
            separator = ",";
        }
    }
    buf_adds(b, "]");
}

static void add_named(struct buf *b, const char *name, const char *value) {
    buf_addf(b, ",\"%s\":", name);
    shape_string(b, value);
}

void shape_user(struct buf *b, const struct user *u, bool own) {
    buf_addf(b,
             "{\"id\":\"%s\",\"create_at\":%" PRId64 ",\"update_at\":%" PRId64
             ",\"delete_at\":%" PRId64,
             u->id, u->create_at, u->update_at, u->delete_at);
    add_named(b, "username", u->username);
    buf_addf(b, ",\"auth_data\":\"\",\"auth_service\":\"\",\"email\":\"%s@%s\"", u->username,
             u->is_bot ? "localhost" : "example.test");
    add_named(b, "nickname", u->nickname);
    add_named(b, "first_name", u->first_name);
    add_named(b, "last_name", u->last_name);
    buf_addf(b, ",\"position\":\"\",\"roles\":\"%s\"",
             u->is_admin ? "system_admin system_user" : "system_user");
    if (own) {
        buf_addf(b,
                 ",\"notify_props\":{\"channel\":\"true\",\"comments\":\"never\",\"desktop\":"
                 "\"mention\",\"desktop_sound\":\"true\",\"email\":\"true\",\"first_name\":"
                 "\"false\",\"mention_keys\":\"\",\"push\":\"mention\",\"push_status\":\"away\"}"
                 ",\"last_password_update\":%" PRId64,
                 u->create_at);
    }
    add_named(b, "locale", u->locale);
    buf_adds(b, ",\"timezone\":{\"automaticTimezone\":");
    shape_string(b, u->zone);
    buf_adds(b, ",\"manualTimezone\":\"\",\"useAutomaticTimezone\":\"true\"}");
    if (u->is_bot) {
        buf_adds(b, ",\"is_bot\":true,\"bot_description\":\"\"");
    }
    buf_adds(b, ",\"disable_welcome_email\":false}");
}

void shape_channel(struct buf *b, const struct world *w, const struct channel *c) {
    bool in_team = c->type == 'O' || c->type == 'P';
    buf_addf(b,
             "{\"id\":\"%s\",\"create_at\":%" PRId64 ",\"update_at\":%" PRId64
             ",\"delete_at\":%" PRId64 ",\"team_id\":\"%s\",\"type\":\"%c\",\"display_name\":",
             c->id, c->create_at, c->update_at, c->delete_at, in_team ? w->team_id : "", c->type);
    shape_string(b, c->display_name);
    add_named(b, "name", c->name);
    buf_addf(b,
             ",\"header\":\"\",\"purpose\":\"\",\"last_post_at\":%" PRId64
             ",\"total_msg_count\":%" PRId64 ",\"extra_update_at\":0,\"creator_id\":\"%s\""
             ",\"scheme_id\":null,\"props\":null,\"group_constrained\":null,\"shared\":false"
             ",\"total_msg_count_root\":%" PRId64 ",\"policy_id\":null}",
             c->last_post_at, c->n_messages, c->creator_id, c->n_roots);
}

void shape_team(struct buf *b, const struct world *w) {
    buf_addf(b,
             "{\"id\":\"%s\",\"create_at\":%" PRId64 ",\"update_at\":%" PRId64
             ",\"delete_at\":0,\"display_name\":\"気づきチーム\",\"name\":\"kizuki\""
             ",\"description\":\"\",\"email\":\"\",\"type\":\"O\",\"company_name\":\"\""
             ",\"allowed_domains\":\"\",\"invite_id\":\"%s\",\"allow_open_invite\":false"
             ",\"scheme_id\":null,\"group_constrained\":null,\"policy_id\":null}",
             w->team_id, w->start_ms, w->start_ms, w->team_id);
}
