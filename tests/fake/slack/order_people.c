/* Commands about what people do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/act.h"
#include "tests/fake/slack/control.h"
#include "tests/fake/slack/event.h"
#include "tests/fake/slack/file.h"
#include "tests/fake/slack/message.h"
#include "tests/fake/slack/shape.h"
#include "tests/fake/slack/view.h"

#define TEXT_MAX ((size_t)1024 * 1024)

static const char *const nobody = "no such user or channel";

/* ---- messages ---- */

static cJSON *make_files(const struct order *o, struct user *u) {
    const char *name = json_string(o->args, "file");
    if (!name) {
        return NULL;
    }
    const char *content = order_string(o, "content", "");
    struct file *f = file_new(o->server, u, name, strlen(content));
    buf_adds(&f->content, content);
    f->uploaded = f->completed = true;
    cJSON *files = cJSON_CreateArray();
    cJSON_AddItemToArray(files, file_json(o->server, f));
    return files;
}

static const char *post(const struct order *o, const char *before) {
    struct user *u = order_user(o, "user");
    struct channel *c = order_channel(o, u);
    if (!u || !c) {
        return nobody;
    }
    char *escaped = order_flag(o, "raw", false) ? strdup(order_string(o, "text", ""))
                                                : shape_escape(order_string(o, "text", ""));
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_addf(&text, "%s%s", before, escaped);
    free(escaped);
    const char *thread = order_string(o, "thread_ts", "");
    struct message *root = *thread ? message_find(&o->server->world, c, thread) : NULL;
    const char *wrong = *thread && !root ? "no such thread" : NULL;
    for (int64_t i = order_int(o, "times", 1); !wrong && i > 0; i--) {
        struct draft d = {.user = u, .channel = c, .root = root, .text = buf_text(&text)};
        d.files = make_files(o, u);
        d.subtype = d.files ? "file_share" : json_string(o->args, "subtype");
        const struct message *m = message_post(o->server, &d);
        buf_clear(o->out);
        buf_addf(o->out, "{\"ts\":\"%s\",\"channel\":\"%s\"}", m->ts, c->id);
    }
    buf_free(&text);
    return wrong;
}

static const char *say(const struct order *o) {
    return post(o, "");
}

static const char *mention(const struct order *o) {
    return post(o, "<@" BOT_USER "> ");
}

/* The message of the order; NULL: there is none. */
static struct message *find(const struct order *o, struct user *u) {
    const struct channel *c = order_channel(o, u);
    return c ? message_find(&o->server->world, c, order_string(o, "ts", "")) : NULL;
}

static const char *edit(const struct order *o) {
    struct message *m = find(o, order_user(o, "user"));
    if (!m) {
        return "no such message";
    }
    char *text = shape_escape(order_string(o, "text", ""));
    cJSON *blocks = cJSON_CreateArray();
    cJSON_AddItemToArray(blocks, shape_rich_text(&o->server->world, text));
    message_edit(o->server, m, text, blocks, NULL);
    free(text);
    return NULL;
}

static const char *delete_message(const struct order *o) {
    struct message *m = find(o, order_user(o, "user"));
    if (!m) {
        return "no such message";
    }
    message_delete(o->server, m);
    return NULL;
}

static const char *react(const struct order *o) {
    struct user *u = order_user(o, "user");
    struct message *m = u ? find(o, u) : NULL;
    if (!m) {
        return "no such message";
    }
    return message_react(o->server, m, u, order_string(o, "emoji", "+1")) ? NULL
                                                                          : "already reacted";
}

static const char *unreact(const struct order *o) {
    struct user *u = order_user(o, "user");
    struct message *m = u ? find(o, u) : NULL;
    if (!m) {
        return "no such message";
    }
    return message_unreact(o->server, m, u, order_string(o, "emoji", "+1")) ? NULL
                                                                            : "no such reaction";
}

/* ---- blocks ---- */

static bool read_aim(const struct order *o, struct act_aim *aim) {
    *aim = (struct act_aim){0};
    aim->block = json_string(o->args, "block");
    aim->action = json_string(o->args, "action");
    aim->label = json_string(o->args, "label");
    aim->value = json_string(o->args, "value");
    return aim->action || aim->label || aim->value;
}

static const char *click(const struct order *o) {
    struct act_aim aim;
    struct act_hit hit;
    struct user *u = order_user(o, "user");
    struct channel *c = order_channel(o, u);
    if (!u || !c) {
        return nobody;
    }
    if (!read_aim(o, &aim)) {
        return "say which: action, label or value";
    }
    struct message *m = json_string(o->args, "ts") ? find(o, u) : act_find_message(c, u, &aim);
    if (!m || !act_find(json_member(m->json, "blocks"), &aim, &hit)) {
        return "nothing to click there";
    }
    for (int64_t i = order_flag(o, "double", false) ? 2 : order_int(o, "times", 1); i > 0; i--) {
        act_in_message(o->server, u, m, &hit);
    }
    buf_addf(o->out, "{\"ts\":\"%s\",\"envelope\":\"%s\"}", m->ts, o->server->deliveries.last_id);
    return NULL;
}

static const char *click_view(const struct order *o, struct user *u, struct view *v) {
    struct act_aim aim;
    struct act_hit hit;
    if (!v || !read_aim(o, &aim) || !act_find(json_member(v->json, "blocks"), &aim, &hit)) {
        return "nothing to click there";
    }
    for (int64_t i = order_flag(o, "double", false) ? 2 : order_int(o, "times", 1); i > 0; i--) {
        act_in_view(o->server, u, v, &hit);
    }
    return NULL;
}

static const char *press_home(const struct order *o) {
    struct user *u = order_user(o, "user");
    return u ? click_view(o, u, u->home) : nobody;
}

static const char *press_view(const struct order *o) {
    struct user *u = order_user(o, "user");
    return u ? click_view(o, u, u->modal) : nobody;
}

static const char *open_home(const struct order *o) {
    struct user *u = order_user(o, "user");
    bool is_new;
    const struct channel *c = u ? world_open_im(&o->server->world, u, &is_new) : NULL;
    if (!c) {
        return nobody;
    }
    event_home_opened(o->server, u, c, order_string(o, "tab", "home"));
    return NULL;
}

static const char *submit(const struct order *o) {
    struct user *u = order_user(o, "user");
    return u ? act_submit(o->server, u, json_member(o->args, "values")) : nobody;
}

static const char *close_view(const struct order *o) {
    struct user *u = order_user(o, "user");
    if (!u || !u->modal) {
        return "no modal is open";
    }
    act_close(o->server, u);
    return NULL;
}

/* "/kizuki help" in "text", or command and text apart. */
static const char *command(const struct order *o) {
    struct user *u = order_user(o, "user");
    struct channel *c = order_channel(o, u);
    const char *text = order_string(o, "text", "");
    char name[64];
    if (!u || !c) {
        return nobody;
    }
    const char *given = json_string(o->args, "command");
    snprintf(name, sizeof(name), "%.*s", given ? 60 : (int)strcspn(text, " "),
             given ? given : text);
    if (!given) {
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    char *escaped = shape_escape(text);
    act_command(o->server, u, c, name, escaped);
    free(escaped);
    return NULL;
}

const struct order_kind orders_people[] = {
    {"say", say},
    {"mention", mention},
    {"edit", edit},
    {"delete", delete_message},
    {"react", react},
    {"unreact", unreact},
    {"click", click},
    {"press", click},
    {"select", click},
    {"press_home", press_home},
    {"press_view", press_view},
    {"open_home", open_home},
    {"submit", submit},
    {"close_view", close_view},
    {"command", command},
    {NULL, NULL},
};
