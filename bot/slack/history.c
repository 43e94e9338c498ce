#include "bot/slack/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/slack/private.h"

#define PAGE "200"

struct slack_walk {
    struct slack *s;
    struct arena arena;
    const char *channel;
    const char *thread;
    const char *oldest;
    const char *cursor;
    enum slack_urgency urgency;
    struct slack_past *messages;
    size_t n;
    size_t cap;
    slack_history_done done;
    void *ctx;
};

void slack_history_forget(struct slack_walk *w) {
    if (w) {
        free(w->messages);
        arena_free(&w->arena);
        free(w);
    }
}

static int by_time(const void *a, const void *b) {
    const struct slack_past *x = a;
    const struct slack_past *y = b;
    return slack_ts_later(x->message.ts, y->message.ts) -
           slack_ts_later(y->message.ts, x->message.ts);
}

static void end(struct slack_walk *w, const struct slack_reply *reply, bool cut) {
    if (w->n > 1) {
        qsort(w->messages, w->n, sizeof(*w->messages), by_time);
    }
    struct slack_history history = {.outcome = reply->outcome,
                                    .code = reply->code,
                                    .error = reply->error,
                                    .messages = w->messages,
                                    .n = w->n,
                                    .cut = cut};
    w->done(w->ctx, &history);
    slack_history_forget(w);
}

static size_t count_reactions(const cJSON *list) {
    size_t n = 0;
    const cJSON *r;
    cJSON_ArrayForEach(r, list) {
        n += (size_t)cJSON_GetArraySize(json_member(r, "users"));
    }
    return n;
}

/* [{"name":…,"users":[…]}] */
static void read_reactions(struct slack_walk *w, const cJSON *list, struct slack_past *past) {
    size_t n = count_reactions(list);
    struct slack_reaction *found = arena_alloc(&w->arena, (n + 1) * sizeof(*found));
    const cJSON *r;
    cJSON_ArrayForEach(r, list) {
        const char *name = json_string(r, "name");
        const cJSON *user;
        cJSON_ArrayForEach(user, json_member(r, "users")) {
            if (name && cJSON_IsString(user) && slack_is_id(user->valuestring)) {
                found[past->n_reactions++] =
                    (struct slack_reaction){.user = arena_strdup(&w->arena, user->valuestring),
                                            .name = arena_strdup(&w->arena, name),
                                            .channel = w->channel,
                                            .ts = past->message.ts,
                                            .event_ts = past->message.ts,
                                            .added = true};
            }
        }
    }
    past->reactions = found;
}

static void keep(struct slack_walk *w, const cJSON *json) {
    struct slack_past past = {.latest_reply = ""};
    if (!slack_message_read(&w->arena, json, w->channel, &past.message)) {
        log_warn("a message that cannot be read", "workspace", w->s->setup.name);
        return;
    }
    read_reactions(w, json_member(json, "reactions"), &past);
    const char *latest = json_string(json, "latest_reply");
    past.latest_reply = latest && slack_is_ts(latest) ? arena_strdup(&w->arena, latest) : "";
    if (w->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 64;
        w->messages = xrealloc(w->messages, w->cap * sizeof(*w->messages));
    }
    w->messages[w->n++] = past;
}

static void ask(struct slack_walk *w);

static void on_page(void *ctx, const struct slack_reply *reply) {
    struct slack_walk *w = ctx;
    const cJSON *messages = json_member(reply->json, "messages");
    if (reply->outcome != SLACK_DONE) {
        end(w, reply, false);
        return;
    }
    if (!cJSON_IsArray(messages)) {
        struct slack_reply odd = {
            .outcome = SLACK_UNKNOWN, .code = "", .error = "a reply that is no list of messages"};
        end(w, &odd, false);
        return;
    }
    const cJSON *json;
    cJSON_ArrayForEach(json, messages) {
        keep(w, json);
    }
    const char *next = json_string(json_member(reply->json, "response_metadata"), "next_cursor");
    if (!next || !*next || w->n >= SLACK_HISTORY_MAX) {
        end(w, reply, next && *next);
        return;
    }
    w->cursor = arena_strdup(&w->arena, next);
    ask(w);
}

static void ask(struct slack_walk *w) {
    struct arena a = {0};
    const char *form = slack_form(&a, "", "channel", w->channel);
    form = slack_form(&a, form, "oldest", w->oldest);
    form = slack_form(&a, form, "inclusive", "true");
    form = slack_form(&a, form, "limit", PAGE);
    form = slack_form(&a, form, "include_all_metadata", "true");
    form = *w->thread ? slack_form(&a, form, "ts", w->thread) : form;
    form = *w->cursor ? slack_form(&a, form, "cursor", w->cursor) : form;
    struct slack_request request = {.method = *w->thread ? "conversations.replies"
                                                         : "conversations.history",
                                    .form = form,
                                    .urgency = w->urgency};
    slack_call(w->s, &request, on_page, w);
    arena_free(&a);
}

struct slack_walk *slack_history(struct slack *s, const char *channel, const char *thread,
                                 int64_t since_ms, enum slack_urgency urgency,
                                 slack_history_done done, void *ctx) {
    struct slack_walk *w = xmalloc(sizeof(*w));
    *w = (struct slack_walk){.s = s, .urgency = urgency, .cursor = "", .done = done, .ctx = ctx};
    int64_t since = since_ms > 0 ? since_ms : 0;
    w->channel = arena_strdup(&w->arena, channel);
    w->thread = arena_strdup(&w->arena, thread);
    w->oldest = arena_printf(&w->arena, "%" PRId64 ".%03d000", since / 1000, (int)(since % 1000));
    ask(w);
    return w;
}
