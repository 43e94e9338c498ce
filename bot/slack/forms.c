#include "bot/slack/forms.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/slack/api.h"
#include "bot/slack/private.h"
#include "bot/slack/views.h"

#define TRIGGER_MS ((int64_t)2800) /* of three seconds, some are gone when we hear of it */
#define LOADING_MS ((int64_t)1000) /* then something is shown, whatever */
#define OPEN_MAX   64

/* A click that asked for a form, until it has it; trigger NULL: free. */
struct asked {
    struct slack_forms *f;
    char *trigger;
    char *view;       /* the id of the empty one, NULL as long as there is none */
    cJSON *form;      /* waits for the empty one to be there */
    bool given_up;    /* there is no form after all */
    bool loading;     /* the empty one is under way or there */
    int64_t until_ms; /* of loop_now_ms: the trigger is good until then */
    struct loop_timer *timer;
};

struct slack_forms {
    struct slack *s;
    struct asked asked[OPEN_MAX];
};

static void free_asked(struct asked *q) {
    loop_timer_clear(q->timer);
    free(q->trigger);
    free(q->view);
    cJSON_Delete(q->form);
    q->trigger = NULL;
    q->view = NULL;
    q->form = NULL;
    q->loading = false;
    q->given_up = false;
}

static void on_shown(void *ctx, const struct slack_reply *reply) {
    const struct slack_forms *f = ctx;
    if (reply->outcome != SLACK_DONE) { /* not repeated: the click was a while ago */
        log_warn("a form could not be shown", "workspace", f->s->setup.name, "why", reply->error);
    }
}

static void fill(struct asked *q) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "view_id", q->view);
    cJSON_AddItemToObject(body, "view", q->form);
    q->form = NULL;
    struct slack_request request = {
        .method = "views.update", .json = body, .urgency = SLACK_AT_ONCE};
    slack_call(q->f->s, &request, on_shown, q->f);
    cJSON_Delete(body);
    free_asked(q);
}

static void on_loading(void *ctx, const struct slack_reply *reply) {
    struct asked *q = ctx;
    const char *id = json_string(json_member(reply->json, "view"), "id");
    if (reply->outcome != SLACK_DONE || !id) {
        on_shown(q->f, reply);
        free_asked(q);
        return;
    }
    q->view = xstrdup(id);
    if (q->given_up) {
        free_asked(q);
    } else if (q->form) {
        fill(q);
    }
}

static void open_view(struct asked *q, cJSON *view, slack_done done, void *ctx) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "trigger_id", q->trigger);
    cJSON_AddItemToObject(body, "view", view);
    int64_t left = q->until_ms - loop_now_ms();
    struct slack_request request = {.method = "views.open",
                                    .json = body,
                                    .urgency = SLACK_AT_ONCE,
                                    .within_ms = left > 1 ? left : 1,
                                    .once = true};
    slack_call(q->f->s, &request, done, ctx);
    cJSON_Delete(body);
}

/* It takes long: an empty form now, since the trigger does not wait. */
static void on_timer(void *ctx) {
    struct asked *q = ctx;
    struct engine *e = q->f->s->setup.engine;
    struct arena a = {0};
    q->loading = true;
    open_view(q,
              slack_loading(&a, engine_message(e, MSG_SHEET_LOADING_TITLE),
                            engine_message(e, MSG_SHEET_LOADING)),
              on_loading, q);
    arena_free(&a);
}

struct slack_forms *slack_forms_create(struct slack *s) {
    struct slack_forms *f = xmalloc(sizeof(*f));
    *f = (struct slack_forms){.s = s};
    for (size_t i = 0; i < OPEN_MAX; i++) {
        f->asked[i].f = f;
        f->asked[i].timer = loop_timer_create(s->setup.loop, on_timer, &f->asked[i]);
    }
    return f;
}

void slack_forms_destroy(struct slack_forms *f) {
    if (!f) {
        return;
    }
    for (size_t i = 0; i < OPEN_MAX; i++) {
        free_asked(&f->asked[i]);
        loop_timer_destroy(f->asked[i].timer);
    }
    free(f);
}

static struct asked *find(struct slack_forms *f, const char *trigger) {
    for (size_t i = 0; i < OPEN_MAX; i++) {
        if (f->asked[i].trigger && strcmp(f->asked[i].trigger, trigger) == 0) {
            return &f->asked[i];
        }
    }
    return NULL;
}

void slack_forms_expect(struct slack_forms *f, const char *trigger) {
    if (find(f, trigger)) {
        return; /* delivered twice */
    }
    for (size_t i = 0; i < OPEN_MAX; i++) {
        struct asked *q = &f->asked[i];
        if (!q->trigger) {
            q->trigger = xstrdup(trigger);
            q->until_ms = loop_now_ms() + TRIGGER_MS;
            loop_timer_set(q->timer, LOADING_MS);
            return;
        }
    }
    log_warn("too many forms are asked for at once", "workspace", f->s->setup.name);
}

void slack_forms_show(struct slack_forms *f, const char *trigger, const cJSON *view) {
    struct asked *q = find(f, trigger);
    if (!q) {
        return;
    }
    if (!view && (!q->loading || q->view)) {
        free_asked(q);
        return;
    }
    if (!view) {
        q->given_up = true;
        return;
    }
    loop_timer_clear(q->timer);
    if (!q->loading) {
        open_view(q, cJSON_Duplicate(view, true), on_shown, f);
        free_asked(q);
        return;
    }
    cJSON_Delete(q->form);
    q->form = cJSON_Duplicate(view, true);
    if (q->view) {
        fill(q);
    }
}
