#include "bot/slack/outgoing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/owed.h"
#include "bot/slack/asides.h"
#include "bot/slack/blocks.h"
#include "bot/slack/catchup.h"
#include "bot/slack/history.h"
#include "bot/slack/markup.h"
#include "bot/slack/people.h"
#include "bot/slack/picture.h"
#include "bot/slack/private.h"
#include "bot/slack/socket.h"

#define KEY_LEN        32
#define PART_KEY       (KEY_LEN + 24)           /* with the number of the part */
#define LOOK_BACK_MS   ((int64_t)5 * 60 * 1000) /* clocks and queues */
#define CLOCKS_MS      ((int64_t)1000)
#define LOOK_AFTER_MS  ((int64_t)3 * 1000) /* what was sent takes a while to be seen */
#define RETRY_FIRST_MS ((int64_t)500)
#define RETRY_MAX_MS   ((int64_t)30 * 1000)
#define EXTRA_TRIES    5  /* for what a message can do without */
#define ERRORS_MAX     30 /* about a quarter of an hour */

/* What is to be done next for a message. */
enum phase { ADDRESS, LOOK, CHANGE, POST, PICTURE, OVER };

struct message {
    struct message *next;
    struct slack_outgoing *o;
    struct arena arena;
    const struct store_out *row; /* the sender's, until it is told the end */
    char channel[SLACK_ID_MAX + 1];
    char key[KEY_LEN + 1];
    const char *thread;
    const char *parts[SPLIT_PARTS_MAX];
    size_t n_parts;
    const char *posted[SPLIT_PARTS_MAX]; /* "channel/ts", NULL for parts not there yet */
    bool doubtful;                       /* parts may be there that we do not know of */
    bool replace;                        /* row->replaces is to be tried */
    bool plain;                          /* Slack does not like the blocks */
    bool picture;                        /* is to be shown */
    bool busy;                           /* a call is under way */
    size_t part;                         /* the one under way */
    bool asleep;                         /* waits for slack_outgoing_wake */
    int tries;                           /* failed ones in a row */
    int errors;                          /* times Slack failed over this very message */
    int64_t sent_ms;                     /* of loop_now_ms: the last try that may have arrived */
    struct slack_walk *walk;
    struct slack_picture *upload;
    struct loop_timer *timer;
};

struct slack_outgoing {
    struct slack *s;
    struct message *first;
    struct slack_asides *asides;
    int64_t since_ms; /* of loop_now_ms: this process began */
};

static void go_on(struct message *g);

struct slack_outgoing *slack_outgoing_create(struct slack *s) {
    struct slack_outgoing *o = xmalloc(sizeof(*o));
    *o = (struct slack_outgoing){.s = s, .since_ms = loop_now_ms()};
    o->asides = slack_asides_create(s);
    return o;
}

static void free_message(struct message *g) {
    slack_history_forget(g->walk);
    slack_picture_forget(g->upload);
    loop_timer_destroy(g->timer);
    arena_free(&g->arena);
    free(g);
}

void slack_outgoing_destroy(struct slack_outgoing *o) {
    if (!o) {
        return;
    }
    while (o->first) {
        struct message *next = o->first->next;
        free_message(o->first);
        o->first = next;
    }
    slack_asides_destroy(o->asides);
    free(o);
}

static void end_message(struct message *g, enum sent sent, const char *reason) {
    struct slack_outgoing *o = g->o;
    struct message **p = &o->first;
    while (*p != g) {
        p = &(*p)->next;
    }
    *p = g->next;
    if (sent == SENT_DEAD) {
        log_error(owed_loss(g->row), "workspace", o->s->setup.name, "key", g->row->key, "why",
                  reason);
    }
    engine_sent(o->s->setup.engine, g->row, sent, reason);
    free_message(g);
}

/* ---- trying again ---- */

static void on_timer(void *ctx) {
    go_on(ctx);
}

/* The next step again after a while. */
static void later(struct message *g, const char *why) {
    int64_t ms = RETRY_FIRST_MS << (g->tries < 6 ? g->tries : 6);
    g->tries++;
    log_debug("a message waits", "workspace", g->o->s->setup.name, "why", why);
    loop_timer_set(g->timer, (ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS) + loop_random(RETRY_FIRST_MS));
}

/* Slack tried, and failed over this very message, too often: others wait behind it. */
static bool is_hopeless(struct message *g, const struct slack_reply *reply) {
    bool failed =
        strcmp(reply->code, "internal_error") == 0 || strcmp(reply->code, "fatal_error") == 0;
    return failed && ++g->errors >= ERRORS_MAX;
}

/*
 * True where the reply is not about the message itself: it waits. `once`: the same again would be
 * seen twice, so that we first have to look whether it happened.
 */
static bool put_off(struct message *g, const struct slack_reply *reply, bool once) {
    switch (reply->outcome) {
    case SLACK_UNAUTHORIZED:
        g->asleep = true;
        return true;
    case SLACK_UNSENT:
        later(g, reply->error);
        return true;
    case SLACK_UNKNOWN:
        if (is_hopeless(g, reply)) {
            end_message(g, SENT_DEAD, reply->error);
            return true;
        }
        g->doubtful = g->doubtful || once;
        g->sent_ms = once ? loop_now_ms() : g->sent_ms;
        later(g, reply->error);
        return true;
    default:
        break;
    }
    if (reply->outcome == SLACK_REFUSED && (strcmp(reply->code, "missing_scope") == 0 ||
                                            strcmp(reply->code, "messages_tab_disabled") == 0)) {
        if (g->tries == 0) {
            log_error("the app may not do that; what is owed is kept: give it the scope, or switch "
                      "its messages tab on, and install it again (check-config --online tells what "
                      "is missing)",
                      "workspace", g->o->s->setup.name, "why", reply->error);
        }
        later(g, reply->error);
        return true;
    }
    return false; /* whether that is a step ahead, the caller knows */
}

/* ---- where to ---- */

static void on_channel(void *ctx, const struct slack_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (put_off(g, reply, false)) {
        return;
    }
    const char *id = json_string(json_member(reply->json, "channel"), "id");
    if (reply->outcome != SLACK_DONE) {
        end_message(g, SENT_DEAD, reply->error);
        return;
    }
    if (!id || !slack_is_id(id)) {
        later(g, "a reply without an id");
        return;
    }
    snprintf(g->channel, sizeof(g->channel), "%s", id);
    struct slack_person *person = slack_people_get(g->o->s->people, g->row->recipient);
    snprintf(person->channel, sizeof(person->channel), "%s", id);
    g->tries = 0;
    go_on(g);
}

static void find_channel(struct message *g) {
    struct slack *s = g->o->s;
    const struct slack_person *person = slack_people_get(s->people, g->row->recipient);
    if (person->deactivated) {
        end_message(g, SENT_DEAD, "the person's account is deactivated");
        return;
    }
    if (person->channel[0]) {
        memcpy(g->channel, person->channel, sizeof(g->channel));
        go_on(g);
        return;
    }
    struct arena a = {0};
    struct slack_request request = {.method = "conversations.open",
                                    .form = slack_form(&a, "", "users", g->row->recipient),
                                    .urgency = SLACK_SOON};
    g->busy = true;
    slack_call(s, &request, on_channel, g);
    arena_free(&a);
}

/* ---- is it there already? ---- */

static void part_key(const struct message *g, size_t part, char out[PART_KEY]) {
    snprintf(out, PART_KEY, "%s-%zu", g->key, part);
}

/* The part of that key is there; true where that was news. */
static bool found(struct message *g, const char *key, const char *channel, const char *ts) {
    bool news = false;
    for (size_t i = 0; i < g->n_parts; i++) {
        char mine[PART_KEY];
        part_key(g, i, mine);
        if (!g->posted[i] && strcmp(mine, key) == 0) {
            g->posted[i] = arena_printf(&g->arena, "%s/%s", channel, ts);
            g->tries = 0;
            news = true;
        }
    }
    if (news && g->posted[g->n_parts - 1]) {
        engine_posted(g->o->s->setup.engine, g->row, g->posted[g->n_parts - 1]);
    }
    return news;
}

/* A message with a key of the outbox that no person made; not every server marks those of bots. */
static bool is_ours(const struct slack_outgoing *o, const struct slack_message *m) {
    return *m->key && (m->automatic || strcmp(m->user, o->s->me) == 0);
}

static void on_history(void *ctx, const struct slack_history *h) {
    struct message *g = ctx;
    struct slack_reply reply = {.outcome = h->outcome, .error = h->error, .code = h->code};
    g->busy = false;
    g->walk = NULL; /* it ends with this callback */
    /* Channels may not be read: then nobody can know, and the answer is worth more than the risk.
     */
    bool unknowable = h->outcome == SLACK_REFUSED && g->channel[0] != 'D';
    if (!unknowable && put_off(g, &reply, false)) {
        return;
    }
    for (size_t i = 0; i < h->n; i++) {
        const struct slack_message *m = &h->messages[i].message;
        if (is_ours(g->o, m)) {
            (void)found(g, m->key, m->channel, m->ts);
        }
    }
    g->doubtful = false;
    go_on(g);
}

static void look(struct message *g) {
    int64_t wait = g->sent_ms + LOOK_AFTER_MS - loop_now_ms();
    if (wait > 0) {
        loop_timer_set(g->timer, wait);
        return;
    }
    struct slack *s = g->o->s;
    g->busy = true;
    g->walk =
        slack_history(s, g->channel, g->thread, g->row->created_ms + s->skew_ms - LOOK_BACK_MS,
                      SLACK_SOON, on_history, g);
}

/* ---- sending ---- */

static size_t next_part(const struct message *g) {
    size_t part = 0;
    while (part < g->n_parts && g->posted[part]) {
        part++;
    }
    return part;
}

/* The first thing Slack says about blocks it does not take: which one, and why. */
static const char *block_problem(const cJSON *json) {
    const cJSON *said =
        cJSON_GetArrayItem(json_member(json_member(json, "response_metadata"), "messages"), 0);
    said = said ? said : cJSON_GetArrayItem(json_member(json, "errors"), 0);
    return cJSON_IsString(said) ? said->valuestring : "";
}

/* True where the message can go another way. */
static bool do_without(struct message *g, const struct slack_reply *reply) {
    static const char *const thread_codes[] = {"thread_not_found", "cannot_reply_to_message",
                                               "invalid_thread_ts", "message_not_found"};
    if (!g->plain && strstr(reply->code, "blocks")) {
        log_error("Slack refuses the blocks of a message; its text goes out", "workspace",
                  g->o->s->setup.name, "key", g->row->key, "why", reply->code, "where",
                  block_problem(reply->json));
        g->plain = true;
        return true;
    }
    for (size_t i = 0; *g->thread && i < ARRAY_LEN(thread_codes); i++) {
        if (strcmp(reply->code, thread_codes[i]) == 0) {
            g->thread = ""; /* the thread is gone; the answer is not */
            return true;
        }
    }
    return false;
}

static void on_post(void *ctx, const struct slack_reply *reply) {
    struct message *g = ctx;
    struct slack *s = g->o->s;
    g->busy = false;
    if (put_off(g, reply, true)) {
        return;
    }
    if (reply->outcome == SLACK_REFUSED) {
        if (do_without(g, reply)) {
            go_on(g);
        } else {
            end_message(g, SENT_DEAD, reply->error);
        }
        return;
    }
    const char *ts = json_string(reply->json, "ts");
    const char *channel = json_string(reply->json, "channel");
    char key[PART_KEY];
    part_key(g, g->part, key);
    if (ts && slack_is_ts(ts) && channel && slack_is_id(channel)) {
        s->skew_ms = slack_ts_ms(ts) - clock_now_ms();
        (void)found(g, key, channel, ts);
        g->tries = 0;
        go_on(g);
    } else {
        g->doubtful = true;
        g->sent_ms = loop_now_ms();
        later(g, "a reply without a time stamp");
    }
}

/* Slack does not say what it does with it; it is harmless, and may save a repetition. */
static void add_client_id(cJSON *body, const char *key) {
    char hex[HASH_HEX_LEN + 1];
    hash_hex(key, strlen(key), hex);
    char uuid[37];
    snprintf(uuid, sizeof(uuid), "%.8s-%.4s-5%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15,
             hex + 18);
    cJSON_AddStringToObject(body, "client_msg_id", uuid);
}

static cJSON *card_body(struct message *g, size_t part, size_t max_chars) {
    struct slack_card card;
    struct slack_look look = {.rich = g->o->s->setup.rich};
    bool last = part + 1 == g->n_parts;
    slack_card(&g->arena, g->row, g->parts[part], last, &look, &card);
    if (part == 0 && owed_is_for_desk(g->row)) { /* it has no blocks */
        card.text = arena_printf(&g->arena, "<@%s> %s", g->row->recipient, card.text);
    }
    bool cut;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "text", slack_clip(&g->arena, card.text, max_chars, &cut));
    if (card.blocks && !g->plain) {
        cJSON_AddItemToObject(body, "blocks", card.blocks);
    } else {
        cJSON_Delete(card.blocks);
    }
    return body;
}

static void post(struct message *g) {
    size_t part = next_part(g);
    g->part = part;
    char key[PART_KEY];
    part_key(g, part, key);
    cJSON *body = card_body(g, part, SLACK_TEXT_CHARS);
    cJSON_AddStringToObject(body, "channel", g->channel);
    cJSON_AddBoolToObject(body, "unfurl_links", false);
    cJSON_AddBoolToObject(body, "unfurl_media", false);
    if (*g->thread) {
        cJSON_AddStringToObject(body, "thread_ts", g->thread);
    }
    cJSON *metadata = cJSON_AddObjectToObject(body, "metadata");
    cJSON_AddStringToObject(metadata, "event_type", "kizuki_message");
    cJSON *payload = cJSON_AddObjectToObject(metadata, "event_payload");
    cJSON_AddStringToObject(payload, "key", key);
    add_client_id(body, key);
    struct slack_request request = {.method = "chat.postMessage",
                                    .json = body,
                                    .channel = g->channel,
                                    .urgency = g->row->due_ms == 0 ? SLACK_SOON : SLACK_LATER,
                                    .once = true};
    g->busy = true;
    slack_call(g->o->s, &request, on_post, g);
    cJSON_Delete(body);
}

/* ---- the same question with other ticks: its message changes ---- */

static void on_changed(void *ctx, const struct slack_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (g->tries < EXTRA_TRIES && put_off(g, reply, false)) {
        return; /* changing it twice is the same */
    }
    g->replace = false;
    g->tries = 0;
    if (reply->outcome == SLACK_DONE) {
        end_message(g, SENT_OK, "");
    } else {
        go_on(g); /* as a new message */
    }
}

static void change(struct message *g) {
    const char *slash = strchr(g->row->replaces, '/');
    struct arena a = {0};
    const char *channel = arena_strndup(&a, g->row->replaces, (size_t)(slash - g->row->replaces));
    cJSON *body = card_body(g, 0, SLACK_UPDATE_CHARS);
    cJSON_AddStringToObject(body, "channel", channel);
    cJSON_AddStringToObject(body, "ts", slash + 1);
    struct slack_request request = {
        .method = "chat.update", .json = body, .channel = channel, .urgency = SLACK_SOON};
    g->busy = true;
    slack_call(g->o->s, &request, on_changed, g);
    cJSON_Delete(body);
    arena_free(&a);
}

/* ---- the picture ---- */

static void on_picture(void *ctx, bool done, const char *why) {
    struct message *g = ctx;
    g->busy = false;
    g->upload = NULL; /* it ends with this callback */
    g->picture = false;
    if (!done) {
        log_warn("a picture cannot be sent; its text is", "workspace", g->o->s->setup.name, "why",
                 why);
    }
    go_on(g);
}

static void show_picture(struct message *g) {
    g->busy = true;
    g->upload = slack_picture(g->o->s, g->row, g->channel, g->thread, on_picture, g);
}

/* ---- step by step ---- */

static enum phase next_phase(const struct message *g) {
    if (g->replace) {
        return CHANGE;
    }
    bool there = g->posted[g->n_parts - 1] != NULL;
    if (!g->channel[0]) {
        return ADDRESS;
    }
    if (!there) {
        return g->doubtful ? LOOK : POST;
    }
    return g->picture ? PICTURE : OVER;
}

static void go_on(struct message *g) {
    if (g->busy) {
        return;
    }
    g->asleep = !slack_socket_authorized(g->o->s);
    if (g->asleep) {
        return;
    }
    switch (next_phase(g)) {
    case ADDRESS:
        find_channel(g);
        break;
    case LOOK:
        look(g);
        break;
    case CHANGE:
        change(g);
        break;
    case POST:
        post(g);
        break;
    case PICTURE:
        show_picture(g);
        break;
    case OVER:
        end_message(g, SENT_OK, "");
        break;
    }
}

/* Known from an earlier process: the last part is there. */
static void recall_posted(struct message *g) {
    const char *slash = strchr(g->row->remote_id, '/');
    if (!slash) {
        return;
    }
    for (size_t i = 0; i < g->n_parts; i++) {
        g->posted[i] = arena_strdup(&g->arena, g->row->remote_id);
    }
    snprintf(g->channel, sizeof(g->channel), "%.*s", (int)(slash - g->row->remote_id),
             g->row->remote_id);
}

void slack_outgoing_say(struct slack_outgoing *o, const struct store_out *row, bool doubtful) {
    struct message *g = xmalloc(sizeof(*g));
    *g = (struct message){.o = o, .row = row, .doubtful = doubtful, .next = o->first};
    o->first = g;
    g->sent_ms = o->since_ms;
    g->timer = loop_timer_create(o->s->setup.loop, on_timer, g);
    g->thread = row->kind == STORE_SAY ? row->thread : "";
    g->picture = row->picture != NULL;
    g->n_parts = slack_split(&g->arena, row->text, g->parts);
    g->replace = g->n_parts == 1 && strchr(row->replaces, '/') != NULL;
    char hex[HASH_HEX_LEN + 1];
    hash_hex(row->key, strlen(row->key), hex);
    snprintf(g->key, sizeof(g->key), "%.*s", KEY_LEN, hex);
    if (*row->channel && row->kind == STORE_SAY) {
        snprintf(g->channel, sizeof(g->channel), "%s", row->channel);
    }
    recall_posted(g);
    go_on(g);
}

enum sent slack_outgoing_send(void *slack, const struct store_out *row, bool doubtful) {
    struct slack_outgoing *o = ((struct slack *)slack)->outgoing;
    if (row->kind == STORE_SAY) {
        slack_outgoing_say(o, row, doubtful);
    } else {
        slack_asides_send(o->asides, row, doubtful);
    }
    return SENT_UNDER_WAY;
}

bool slack_outgoing_echo(struct slack_outgoing *o, const struct slack_message *m) {
    bool news = false;
    if (!is_ours(o, m)) {
        return false;
    }
    for (struct message *g = o->first; g && !news; g = g->next) {
        if (strncmp(g->key, m->key, KEY_LEN) == 0) {
            news = found(g, m->key, m->channel, m->ts);
            break;
        }
    }
    return news;
}

/* None of those known already is that young, but for some that waited in line. */
bool slack_outgoing_awaits(const struct slack_outgoing *o, const char *channel, const char *ts) {
    int64_t ts_ms = slack_ts_ms(ts) - o->s->skew_ms + CLOCKS_MS;
    for (const struct message *g = o->first; g; g = g->next) {
        bool there = g->posted[g->n_parts - 1] != NULL;
        if (!there && !g->replace && strcmp(g->channel, channel) == 0 &&
            ts_ms >= g->row->created_ms) {
            return true;
        }
    }
    return false;
}

void slack_outgoing_remember(struct slack_outgoing *o, const char *event_id, const char *url) {
    slack_asides_remember(o->asides, event_id, url);
}

void slack_outgoing_wake(struct slack_outgoing *o) {
    for (struct message *g = o->first, *next; g; g = next) {
        next = g->next;
        if (g->asleep) {
            go_on(g);
        }
    }
    slack_asides_wake(o->asides);
}
