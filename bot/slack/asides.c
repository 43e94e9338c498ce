#include "bot/slack/asides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/slack/api.h"
#include "bot/slack/blocks.h"
#include "bot/slack/markup.h"
#include "bot/slack/outgoing.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"
#include "bot/slack/views.h"

#define CARDS_MAX      3    /* of one question: shown again after side questions */
#define ADDRESSES_MAX  1024 /* the oldest gives way */
#define ADDRESS_MS     ((int64_t)29 * 60 * 1000)
#define ADDRESS_USES   5
#define RETRY_FIRST_MS ((int64_t)250)
#define RETRY_MAX_MS   ((int64_t)60 * 1000)

struct aside {
    struct aside *next;
    struct slack_asides *a;
    struct arena arena;
    const struct store_out *row;
    const struct store_card *cards; /* STORE_SETTLE: the messages to change … */
    size_t n;
    size_t at;
    bool by_address; /* the address that came with the click is being tried */
    bool by_channel; /* it is used up or lost */
    bool doubtful;   /* an earlier process may have said it already */
    bool busy;
    bool asleep;
    int tries;
    struct loop_timer *timer;
};

struct address {
    char *event_id;
    char *url;
    int64_t until_ms; /* of loop_now_ms */
    int uses;
};

struct slack_asides {
    struct slack *s;
    struct aside *first;
    struct address addresses[ADDRESSES_MAX];
    size_t next_address;
};

static void go_on(struct aside *d);

struct slack_asides *slack_asides_create(struct slack *s) {
    struct slack_asides *a = xmalloc(sizeof(*a));
    *a = (struct slack_asides){.s = s};
    return a;
}

static void free_aside(struct aside *d) {
    loop_timer_destroy(d->timer);
    arena_free(&d->arena);
    free(d);
}

void slack_asides_destroy(struct slack_asides *a) {
    if (!a) {
        return;
    }
    while (a->first) {
        struct aside *next = a->first->next;
        free_aside(a->first);
        a->first = next;
    }
    for (size_t i = 0; i < ADDRESSES_MAX; i++) {
        free(a->addresses[i].event_id);
        free(a->addresses[i].url);
    }
    free(a);
}

static void unlink_aside(struct aside *d) {
    struct aside **p = &d->a->first;
    while (*p != d) {
        p = &(*p)->next;
    }
    *p = d->next;
}

static void end_aside(struct aside *d, enum sent sent, const char *reason) {
    unlink_aside(d);
    engine_sent(d->a->s->setup.engine, d->row, sent, reason);
    free_aside(d);
}

static void on_timer(void *ctx) {
    go_on(ctx);
}

static void later(struct aside *d) {
    int64_t ms = RETRY_FIRST_MS << (d->tries < 8 ? d->tries : 8);
    d->tries++;
    loop_timer_set(d->timer, ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS);
}

/* True where it is to be tried again: all of it can be repeated. */
static bool put_off(struct aside *d, const struct slack_reply *reply) {
    if (reply->outcome == SLACK_UNAUTHORIZED) {
        d->asleep = true;
        return true;
    }
    if (reply->outcome == SLACK_UNSENT || reply->outcome == SLACK_UNKNOWN) {
        later(d);
        return true;
    }
    d->tries = 0;
    return false;
}

/* ---- addresses that a click or command came with ---- */

void slack_asides_remember(struct slack_asides *a, const char *event_id, const char *url) {
    struct address *to = &a->addresses[a->next_address];
    a->next_address = (a->next_address + 1) % ADDRESSES_MAX;
    free(to->event_id);
    free(to->url);
    *to = (struct address){
        .event_id = xstrdup(event_id), .url = xstrdup(url), .until_ms = loop_now_ms() + ADDRESS_MS};
}

/* The key of a row is made of platform, workspace and event. */
static struct address *address_of(struct slack_asides *a, const struct store_out *row) {
    const char *event = row->key + strlen(row->platform) + strlen(row->workspace) + 2;
    for (size_t i = 0; i < ADDRESSES_MAX; i++) {
        struct address *to = &a->addresses[i];
        size_t n = to->event_id ? strlen(to->event_id) : 0;
        bool good = n > 0 && to->uses < ADDRESS_USES && loop_now_ms() < to->until_ms;
        if (good && strncmp(event, to->event_id, n) == 0 && event[n] == ':') {
            return to;
        }
    }
    return NULL;
}

/* ---- a question shows its answer ---- */

static void settle(struct aside *d);

static void on_settled(void *ctx, const struct slack_reply *reply) {
    struct aside *d = ctx;
    d->busy = false;
    if (put_off(d, reply)) {
        return;
    }
    if (reply->outcome == SLACK_REFUSED && d->by_address) {
        d->by_address = false;
        d->by_channel = true;
        go_on(d);
        return;
    }
    d->by_address = false;
    if (reply->outcome == SLACK_REFUSED) { /* deleted, or too old to be changed */
        log_debug("a message cannot be changed", "workspace", d->a->s->setup.name, "why",
                  reply->error);
    }
    d->at++;
    go_on(d);
}

static void settle(struct aside *d) {
    const struct store_card *card = &d->cards[d->at];
    const char *slash = strchr(card->remote_id, '/');
    struct slack_card shown;
    bool cut;
    const char *channel =
        arena_strndup(&d->arena, card->remote_id, slash ? (size_t)(slash - card->remote_id) : 0);
    slack_card_settled(&d->arena, card, d->row->text, &shown);
    /* Whoever clicked gave us an address for that message, which no rate limit of ours counts. */
    bool clicked = !d->by_channel && slash && strstr(d->row->key, card->remote_id);
    struct address *to = clicked ? address_of(d->a, d->row) : NULL;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "text",
                            slack_clip(&d->arena, shown.text, SLACK_UPDATE_CHARS, &cut));
    cJSON_AddItemToObject(body, "blocks", shown.blocks ? shown.blocks : cJSON_CreateArray());
    struct slack_request request = {
        .method = "chat.update", .json = body, .channel = channel, .urgency = SLACK_LATER};
    if (to) {
        to->uses++;
        d->by_address = true;
        request.method = "response_url";
        request.url = to->url;
        cJSON_AddBoolToObject(body, "replace_original", true);
    } else {
        cJSON_AddStringToObject(body, "channel", channel);
        cJSON_AddStringToObject(body, "ts", slash ? slash + 1 : "");
    }
    d->busy = true;
    slack_call(d->a->s, &request, on_settled, d);
    cJSON_Delete(body);
}

/* Which messages; some may still be on their way. */
static bool find_cards(struct aside *d) {
    bool pending = false;
    if (d->cards) {
        return true;
    }
    int rc = engine_cards(d->a->s->setup.engine, &d->arena, d->row, CARDS_MAX, &d->cards, &d->n,
                          &pending);
    if (rc != 0 || pending) {
        d->cards = NULL;
        later(d);
        return false;
    }
    return true;
}

static void go_on_settling(struct aside *d) {
    if (!find_cards(d)) {
        return;
    }
    if (d->at >= d->n) {
        end_aside(d, SENT_OK, "");
    } else {
        settle(d);
    }
}

/* ---- the home tab ---- */

static void on_published(void *ctx, const struct slack_reply *reply) {
    struct aside *d = ctx;
    d->busy = false;
    if (put_off(d, reply)) {
        return;
    }
    if (reply->outcome == SLACK_REFUSED) {
        log_error("the home tab cannot be shown: switch it on at api.slack.com/apps > the app > "
                  "App Home if that is why",
                  "workspace", d->a->s->setup.name, "why", reply->error);
        end_aside(d, SENT_DEAD, reply->error);
    } else {
        end_aside(d, SENT_OK, "");
    }
}

static void publish(struct aside *d) {
    bool outdated = false;
    if (engine_outdated(d->a->s->setup.engine, d->row, &outdated) == 0 && outdated) {
        end_aside(d, SENT_OK, ""); /* a newer one follows */
        return;
    }
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "user_id", d->row->recipient);
    cJSON_AddItemToObject(body, "view", slack_home(&d->arena, d->row));
    struct slack_request request = {
        .method = "views.publish", .json = body, .urgency = SLACK_LATER};
    d->busy = true;
    slack_call(d->a->s, &request, on_published, d);
    cJSON_Delete(body);
}

/* ---- whispers ---- */

static void on_whispered(void *ctx, const struct slack_reply *reply) {
    struct aside *d = ctx;
    struct slack *s = d->a->s;
    d->busy = false;
    if (reply->outcome != SLACK_REFUSED && put_off(d, reply)) {
        return;
    }
    if (reply->outcome == SLACK_DONE) {
        end_aside(d, SENT_OK, "");
    } else if (!d->by_channel) {
        d->by_channel = true;
        go_on(d);
    } else { /* we are not in that channel: the person is told directly */
        const struct store_out *row = d->row;
        bool doubtful = d->doubtful;
        unlink_aside(d);
        free_aside(d);
        slack_outgoing_say(s->outgoing, row, doubtful);
    }
}

static void whisper(struct aside *d) {
    struct slack *s = d->a->s;
    struct address *to = d->by_channel ? NULL : address_of(d->a, d->row);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "text", slack_mrkdwn(&d->arena, d->row->text));
    struct slack_request request = {.json = body, .urgency = SLACK_SOON};
    if (to) {
        to->uses++;
        cJSON_AddStringToObject(body, "response_type", "ephemeral");
        cJSON_AddBoolToObject(body, "replace_original", false);
        request.method = "response_url";
        request.url = to->url;
    } else {
        d->by_channel = true;
        cJSON_AddStringToObject(body, "channel", d->row->channel);
        cJSON_AddStringToObject(body, "user", d->row->recipient);
        request.method = "chat.postEphemeral";
        request.channel = d->row->channel;
    }
    d->busy = true;
    slack_call(s, &request, on_whispered, d);
    cJSON_Delete(body);
}

/* ---- step by step ---- */

static void go_on(struct aside *d) {
    if (d->busy) {
        return;
    }
    d->asleep = !slack_socket_authorized(d->a->s);
    if (d->asleep) {
        return;
    }
    switch (d->row->kind) {
    case STORE_SETTLE:
        go_on_settling(d);
        break;
    case STORE_HOME:
        publish(d);
        break;
    default:
        whisper(d);
        break;
    }
}

void slack_asides_send(struct slack_asides *a, const struct store_out *row, bool doubtful) {
    struct aside *d = xmalloc(sizeof(*d));
    *d = (struct aside){.a = a, .row = row, .doubtful = doubtful, .next = a->first};
    a->first = d;
    d->timer = loop_timer_create(a->s->setup.loop, on_timer, d);
    go_on(d);
}

void slack_asides_wake(struct slack_asides *a) {
    for (struct aside *d = a->first, *next; d; d = next) {
        next = d->next;
        if (d->asleep) {
            go_on(d);
        }
    }
}
