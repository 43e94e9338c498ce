#include "bot/slack/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "bot/owed.h"
#include "bot/slack/api.h"
#include "bot/slack/markup.h"

#define TRIES_MAX    5
#define RETRY_MS     ((int64_t)2000)
#define RETRY_MAX_MS ((int64_t)60 * 1000)
#define ALT_CHARS    1000 /* more is refused: alt_txt_too_large */

enum stage { ASK, UPLOAD, SHARE, LOOK };

struct slack_picture {
    struct slack *s;
    struct arena arena;
    const struct store_out *row;
    const char *channel;
    const char *thread;
    const char *file; /* Slack's id of it, "" before there is one */
    const char *url;  /* where its bytes go */
    enum stage stage;
    int tries;       /* refused ones */
    int64_t wait_ms; /* after the last one that was not answered */
    struct loop_timer *timer;
    void (*done)(void *ctx, bool shown, const char *why);
    void *ctx;
};

static void go_on(struct slack_picture *p);

void slack_picture_forget(struct slack_picture *p) {
    if (p) {
        loop_timer_destroy(p->timer);
        arena_free(&p->arena);
        free(p);
    }
}

static void end(struct slack_picture *p, bool shown, const char *why) {
    p->done(p->ctx, shown, why);
    slack_picture_forget(p);
}

static void on_timer(void *ctx) {
    go_on(ctx);
}

static void take_stage(struct slack_picture *p, enum stage stage) {
    p->stage = stage;
    go_on(p);
}

/* That step again, or another way to the same end; the text stands alone in the end. */
static void again(struct slack_picture *p, enum stage stage, const char *why) {
    if (++p->tries > TRIES_MAX) {
        end(p, false, why);
        return;
    }
    p->stage = stage;
    loop_timer_set(p->timer, RETRY_MS);
}

/* The same where Slack said no; what it did not answer is no try, however long that takes. */
static void again_after(struct slack_picture *p, enum stage stage,
                        const struct slack_reply *reply) {
    if (reply->outcome == SLACK_DONE || reply->outcome == SLACK_REFUSED) {
        again(p, stage, *reply->error ? reply->error : "a reply that says nothing");
        return;
    }
    p->wait_ms = p->wait_ms ? p->wait_ms * 2 : RETRY_MS;
    p->wait_ms = p->wait_ms < RETRY_MAX_MS ? p->wait_ms : RETRY_MAX_MS;
    p->stage = stage;
    loop_timer_set(p->timer, p->wait_ms);
}

static void on_address(void *ctx, const struct slack_reply *reply) {
    struct slack_picture *p = ctx;
    const char *url = json_string(reply->json, "upload_url");
    const char *file = json_string(reply->json, "file_id");
    if (reply->outcome == SLACK_REFUSED) {
        end(p, false, reply->error);
        return;
    }
    if (reply->outcome != SLACK_DONE || !url || !file || !slack_is_id(file)) {
        again_after(p, ASK, reply);
        return;
    }
    p->url = arena_strdup(&p->arena, url);
    p->file = arena_strdup(&p->arena, file);
    if (engine_uploaded(p->s->setup.engine, p->row, p->file) != 0) {
        again(p, ASK, "its id cannot be written down");
        return;
    }
    take_stage(p, UPLOAD);
}

static void ask_address(struct slack_picture *p) {
    struct arena a = {0};
    char length[24];
    snprintf(length, sizeof(length), "%zu", p->row->picture_len);
    const char *form = slack_form(&a, "", "filename", owed_file_name(p->row));
    form = slack_form(&a, form, "length", length);
    bool cut;
    if (*p->row->picture_alt) {
        const char *alt = slack_clip(&a, p->row->picture_alt, ALT_CHARS, &cut);
        form = slack_form(&a, form, "alt_txt", alt);
    }
    struct slack_request request = {
        .method = "files.getUploadURLExternal", .form = form, .urgency = SLACK_LATER};
    slack_call(p->s, &request, on_address, p);
    arena_free(&a);
}

static void on_upload(void *ctx, const struct slack_reply *reply) {
    struct slack_picture *p = ctx;
    if (reply->outcome == SLACK_DONE) {
        take_stage(p, SHARE);
    } else {
        again_after(p, ASK, reply); /* the address may be used up; nobody sees half a file */
    }
}

static void upload(struct slack_picture *p) {
    struct slack_request request = {.method = "upload",
                                    .url = p->url,
                                    .file = p->row->picture,
                                    .file_len = p->row->picture_len,
                                    .urgency = SLACK_LATER};
    slack_call(p->s, &request, on_upload, p);
}

static void on_share(void *ctx, const struct slack_reply *reply) {
    struct slack_picture *p = ctx;
    if (reply->outcome == SLACK_DONE) {
        end(p, true, "");
    } else if (reply->outcome == SLACK_REFUSED) {
        end(p, false, reply->error);
    } else {
        again_after(p, reply->outcome == SLACK_UNSENT ? SHARE : LOOK, reply);
    }
}

static void share(struct slack_picture *p) {
    cJSON *body = cJSON_CreateObject();
    cJSON *files = cJSON_AddArrayToObject(body, "files");
    cJSON *file = cJSON_CreateObject();
    cJSON_AddStringToObject(file, "id", p->file);
    cJSON_AddStringToObject(file, "title", owed_file_name(p->row));
    cJSON_AddItemToArray(files, file);
    cJSON_AddStringToObject(body, "channel_id", p->channel);
    if (*p->thread) {
        cJSON_AddStringToObject(body, "thread_ts", p->thread);
    }
    struct slack_request request = {.method = "files.completeUploadExternal",
                                    .json = body,
                                    .urgency = SLACK_LATER,
                                    .once = true};
    slack_call(p->s, &request, on_share, p);
    cJSON_Delete(body);
}

/* {"shares":{"public":{"C…":[…]},"private":{"D…":[…]}}}, or the ids of direct ones in "ims". */
static bool is_shared(const cJSON *file, const char *channel) {
    const cJSON *shares = json_member(file, "shares");
    const cJSON *im;
    cJSON_ArrayForEach(im, json_member(file, "ims")) {
        if (cJSON_IsString(im) && strcmp(im->valuestring, channel) == 0) {
            return true;
        }
    }
    return json_member(json_member(shares, "public"), channel) ||
           json_member(json_member(shares, "private"), channel);
}

static void on_look(void *ctx, const struct slack_reply *reply) {
    struct slack_picture *p = ctx;
    if (reply->outcome == SLACK_DONE) {
        if (is_shared(json_member(reply->json, "file"), p->channel)) {
            end(p, true, "");
        } else {
            again(p, SHARE, "it is not shared");
        }
    } else if (reply->outcome == SLACK_REFUSED && strcmp(reply->code, "missing_scope") == 0) {
        end(p, false, reply->error); /* it may be there: not twice */
    } else if (reply->outcome == SLACK_REFUSED) {
        again(p, ASK, reply->error); /* it never arrived */
    } else {
        again_after(p, LOOK, reply);
    }
}

static void look(struct slack_picture *p) {
    struct arena a = {0};
    struct slack_request request = {.method = "files.info",
                                    .form = slack_form(&a, "", "file", p->file),
                                    .urgency = SLACK_LATER};
    slack_call(p->s, &request, on_look, p);
    arena_free(&a);
}

static void go_on(struct slack_picture *p) {
    switch (p->stage) {
    case ASK:
        ask_address(p);
        break;
    case UPLOAD:
        upload(p);
        break;
    case SHARE:
        share(p);
        break;
    case LOOK:
        look(p);
        break;
    }
}

struct slack_picture *slack_picture(struct slack *s, const struct store_out *row,
                                    const char *channel, const char *thread,
                                    void (*done)(void *ctx, bool shown, const char *why),
                                    void *ctx) {
    struct slack_picture *p = xmalloc(sizeof(*p));
    *p = (struct slack_picture){.s = s, .row = row, .url = "", .done = done, .ctx = ctx};
    p->channel = arena_strdup(&p->arena, channel);
    p->thread = arena_strdup(&p->arena, thread);
    p->file = arena_strdup(&p->arena, row->file);
    p->timer = loop_timer_create(s->setup.loop, on_timer, p);
    take_stage(p, slack_is_id(p->file) ? LOOK : ASK);
    return p;
}
