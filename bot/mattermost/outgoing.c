#include "bot/mattermost/outgoing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/emoji.h"
#include "bot/mattermost/catchup.h"
#include "bot/mattermost/history.h"
#include "bot/mattermost/markup.h"
#include "bot/mattermost/people.h"
#include "bot/mattermost/private.h"
#include "bot/mattermost/socket.h"
#include "bot/owed.h"

#define KEY_LEN        32
#define PART_KEY       (KEY_LEN + 24)           /* with the number of the part */
#define LOOK_BACK_MS   ((int64_t)5 * 60 * 1000) /* clocks and queues */
#define RETRY_FIRST_MS ((int64_t)500)
#define RETRY_MAX_MS   ((int64_t)30 * 1000)
#define EXTRA_TRIES    5  /* for what a message can do without */
#define ERRORS_MAX     30 /* about a quarter of an hour */

/* What is to be done next for a message. */
enum phase { ADDRESS, NAME, LOOK, CHANGE, UPLOAD, POST, REACT, OVER };

struct message {
    struct message *next;
    struct mm_outgoing *o;
    struct arena arena;
    const struct store_out *row; /* the sender's, until it is told the end */
    char channel[MM_ID_LEN + 1];
    char key[KEY_LEN + 1];
    const char *thread;
    const char *parts[MM_PARTS_MAX];
    size_t n_parts;
    const char *posted[MM_PARTS_MAX];     /* ids, NULL for parts not there yet */
    int reactions[EMOJI_NUMBERS_MAX + 2]; /* numbers, or EMOJI_CHECK */
    size_t n_reactions;
    size_t reacted;
    bool doubtful;            /* parts may be there that we do not know of */
    bool replace;             /* row->replaces is to be tried */
    bool nameless;            /* whose message it is still has to stand in front of it */
    bool picture;             /* is to be uploaded */
    char file[MM_ID_LEN + 1]; /* the uploaded picture, to go with the first part */
    bool busy;                /* a call is under way */
    size_t part;              /* the one under way */
    bool asleep;              /* waits for mm_outgoing_wake */
    int tries;                /* failed ones in a row */
    int errors;               /* times the server failed over this very message */
    struct loop_timer *timer;
};

struct mm_outgoing {
    struct mattermost *m;
    struct message *first;
};

static void go_on(struct message *g);

struct mm_outgoing *mm_outgoing_create(struct mattermost *m) {
    struct mm_outgoing *o = xmalloc(sizeof(*o));
    *o = (struct mm_outgoing){.m = m};
    return o;
}

static void free_message(struct message *g) {
    loop_timer_destroy(g->timer);
    arena_free(&g->arena);
    free(g);
}

void mm_outgoing_destroy(struct mm_outgoing *o) {
    if (!o) {
        return;
    }
    while (o->first) {
        struct message *next = o->first->next;
        free_message(o->first);
        o->first = next;
    }
    free(o);
}

static void end_message(struct message *g, enum sent sent, const char *reason) {
    struct mm_outgoing *o = g->o;
    struct message **p = &o->first;
    while (*p != g) {
        p = &(*p)->next;
    }
    *p = g->next;
    if (sent == SENT_DEAD) {
        log_error(owed_loss(g->row), "workspace", o->m->setup.name, "key", g->row->key, "why",
                  reason);
    }
    engine_sent(o->m->setup.engine, g->row, sent, reason);
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
    log_debug("a message waits", "workspace", g->o->m->setup.name, "why", why);
    loop_timer_set(g->timer, (ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS) + loop_random(RETRY_FIRST_MS));
}

/*
 * True where the reply is not about the message itself: it waits. `once`: the same again would be
 * seen twice, so that we first have to look whether it happened.
 */
static bool put_off(struct message *g, const struct mm_reply *reply, bool once) {
    switch (reply->outcome) {
    case MM_UNAUTHORIZED:
        g->asleep = true;
        return true;
    case MM_UNSENT:
        later(g, reply->error);
        return true;
    case MM_UNKNOWN:
        g->doubtful = g->doubtful || once;
        later(g, reply->error);
        return true;
    default:
        g->tries = 0;
        return false;
    }
}

/*
 * The server failed over this very message too often: it tried and could not, and not because an
 * earlier try of ours is still running.
 */
static bool is_hopeless(struct message *g, const struct mm_reply *reply) {
    bool failed = reply->status == 500 && *reply->error_id && !strstr(reply->error_id, "pending");
    return failed && ++g->errors >= ERRORS_MAX;
}

/* ---- where to ---- */

static void on_channel(void *ctx, const struct mm_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (is_hopeless(g, reply)) {
        end_message(g, SENT_DEAD, reply->error);
        return;
    }
    if (put_off(g, reply, false)) {
        return;
    }
    const char *id = json_string(reply->json, "id");
    if (reply->outcome != MM_OK) {
        end_message(g, SENT_DEAD, reply->error);
        return;
    }
    if (!id || !mm_is_id(id)) {
        later(g, "a reply without an id");
        return;
    }
    snprintf(g->channel, sizeof(g->channel), "%s", id);
    mm_people_talk_in(g->o->m->people, g->row->recipient, id);
    go_on(g);
}

/* NULL where the server is asked first: then the message sleeps until it is known. */
static const struct mm_person *find_person(struct message *g) {
    struct mattermost *m = g->o->m;
    const struct mm_person *person = mm_people_find(m->people, g->row->recipient);
    if (!person) {
        g->asleep = true;
        mm_people_want(m->people, g->row->recipient);
        mm_people_ask(m->people);
    }
    return person;
}

static void find_channel(struct message *g) {
    struct mattermost *m = g->o->m;
    const struct mm_person *person = find_person(g);
    if (!person) {
        return;
    }
    if (person->deactivated) {
        end_message(g, SENT_DEAD, "the person's account is deactivated");
        return;
    }
    if (*person->channel) {
        memcpy(g->channel, person->channel, sizeof(g->channel));
        go_on(g);
        return;
    }
    cJSON *ids = cJSON_CreateArray();
    cJSON_AddItemToArray(ids, cJSON_CreateString(m->me));
    cJSON_AddItemToArray(ids, cJSON_CreateString(g->row->recipient));
    g->busy = true;
    mm_call_json(m, "POST", "/channels/direct", ids, on_channel, g);
}

/* ---- whose message it is, for the desk ---- */

static void split(struct message *g, const char *text) {
    g->n_parts = mm_split(&g->arena, mm_markup(&g->arena, text, g->row->choices),
                          g->o->m->post_chars, g->parts);
}

/* A name the server does not know any more is better than none. */
static void name_person(struct message *g) {
    const struct mm_person *person = find_person(g);
    if (!person) {
        return;
    }
    bool known = *person->username != '\0';
    split(g, arena_printf(&g->arena, "%s%s %s", known ? "@" : "",
                          known ? person->username : g->row->recipient, g->row->text));
    g->nameless = false;
    go_on(g);
}

/* ---- is it there already? ---- */

static void part_key(const struct message *g, size_t part, char out[PART_KEY]) {
    snprintf(out, PART_KEY, "%s-%zu", g->key, part);
}

/* The part of that key is there; true where that was news. */
static bool found(struct message *g, const char *key, const char *post) {
    bool news = false;
    for (size_t i = 0; i < g->n_parts; i++) {
        char mine[PART_KEY];
        part_key(g, i, mine);
        if (!g->posted[i] && strcmp(mine, key) == 0) {
            g->posted[i] = arena_strdup(&g->arena, post);
            news = true;
        }
    }
    g->tries = 0;
    if (g->posted[g->n_parts - 1]) {
        engine_posted(g->o->m->setup.engine, g->row, g->posted[g->n_parts - 1]);
    }
    return news;
}

static void on_history(void *ctx, const struct mm_history *history) {
    struct message *g = ctx;
    g->busy = false;
    struct mm_reply reply = {.outcome = history->outcome, .error = history->error, .error_id = ""};
    if (put_off(g, &reply, false)) {
        return;
    }
    for (size_t i = 0; i < history->n; i++) {
        const struct mm_post *post = &history->posts[i];
        if (*post->key && strcmp(post->user, g->o->m->me) == 0 && found(g, post->key, post->id)) {
            mm_catchup_soon(g->o->m->catchup); /* people may have reacted to it already */
        }
    }
    g->doubtful = false; /* refused: we are not in that channel, which sending will tell */
    go_on(g);
}

static void look(struct message *g) {
    g->busy = true;
    mm_history_since(g->o->m, g->channel, g->row->created_ms + g->o->m->skew_ms - LOOK_BACK_MS,
                     on_history, g);
}

/* ---- the picture ---- */

static void on_file(void *ctx, const struct mm_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (g->tries < EXTRA_TRIES && put_off(g, reply, false)) {
        return; /* a file that no post has is nothing anyone sees */
    }
    g->picture = false;
    g->tries = 0;
    const cJSON *info = cJSON_GetArrayItem(json_member(reply->json, "file_infos"), 0);
    const char *id = json_string(info, "id");
    if (id && mm_is_id(id)) {
        snprintf(g->file, sizeof(g->file), "%s", id);
    } else {
        log_warn("a picture cannot be sent; its text is", "workspace", g->o->m->setup.name, "why",
                 reply->error);
    }
    go_on(g);
}

static void upload(struct message *g) {
    struct arena a = {0};
    struct mm_request request = {.method = "POST",
                                 .path = arena_printf(&a, "/files?channel_id=%s&filename=%s",
                                                      g->channel, owed_file_name(g->row)),
                                 .file = g->row->picture,
                                 .file_len = g->row->picture_len};
    g->busy = true;
    mm_call(g->o->m, &request, on_file, g);
    arena_free(&a);
}

/* ---- sending ---- */

static size_t next_part(const struct message *g) {
    size_t part = 0;
    while (part < g->n_parts && g->posted[part]) {
        part++;
    }
    return part;
}

static void on_post(void *ctx, const struct mm_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (is_hopeless(g, reply)) {
        end_message(g, SENT_DEAD, reply->error);
        return;
    }
    if (put_off(g, reply, true)) {
        return;
    }
    if (reply->outcome == MM_REFUSED) {
        if (*g->thread && strstr(reply->error_id, "root_id")) {
            g->thread = ""; /* the thread is gone; the answer is not */
            go_on(g);
            return;
        }
        end_message(g, SENT_DEAD, reply->error);
        return;
    }
    const char *id = json_string(reply->json, "id");
    char key[PART_KEY];
    part_key(g, g->part, key);
    if (id && mm_is_id(id)) {
        found(g, key, id);
        go_on(g);
    } else {
        g->doubtful = true;
        later(g, "a reply without an id");
    }
}

static void post(struct message *g) {
    size_t part = next_part(g);
    g->part = part;
    char key[PART_KEY];
    char pending[MM_ID_LEN + 2 + PART_KEY];
    part_key(g, part, key);
    snprintf(pending, sizeof(pending), "%s:%s", g->o->m->me, key);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "channel_id", g->channel);
    cJSON_AddStringToObject(body, "message", g->parts[part]);
    cJSON_AddStringToObject(body, "pending_post_id", pending);
    if (*g->thread) {
        cJSON_AddStringToObject(body, "root_id", g->thread);
    }
    if (part == 0 && g->file[0]) {
        cJSON *files = cJSON_AddArrayToObject(body, "file_ids");
        cJSON_AddItemToArray(files, cJSON_CreateString(g->file));
    }
    cJSON *props = cJSON_AddObjectToObject(body, "props");
    cJSON_AddStringToObject(props, "kizuki_key", key);
    g->busy = true;
    char *text = cJSON_PrintUnformatted(body);
    if (!text) {
        xalloc_die();
    }
    struct mm_request request = {.method = "POST", .path = "/posts", .body = text, .once = true};
    mm_call(g->o->m, &request, on_post, g);
    cJSON_free(text);
    cJSON_Delete(body);
}

/* ---- the same question with other ticks: its message changes ---- */

static void on_changed(void *ctx, const struct mm_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (g->tries < EXTRA_TRIES && put_off(g, reply, false)) {
        return; /* changing it twice is the same */
    }
    g->replace = false;
    g->tries = 0;
    if (reply->outcome == MM_OK) {
        end_message(g, SENT_OK, "");
    } else {
        go_on(g); /* as a new message */
    }
}

static void change(struct message *g) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "message", g->parts[0]);
    struct arena a = {0};
    g->busy = true;
    mm_call_json(g->o->m, "PUT", arena_printf(&a, "/posts/%s/patch", g->row->replaces), body,
                 on_changed, g);
    arena_free(&a);
}

/* ---- reactions that stand for choices ---- */

static void on_reaction(void *ctx, const struct mm_reply *reply) {
    struct message *g = ctx;
    g->busy = false;
    if (g->tries < EXTRA_TRIES && put_off(g, reply, false)) {
        return; /* the same reaction again is the same */
    }
    if (reply->outcome == MM_OK) {
        g->reacted++;
    } else {
        log_warn("reactions cannot be added; typing works", "workspace", g->o->m->setup.name, "why",
                 reply->error);
        g->reacted = g->n_reactions;
    }
    go_on(g);
}

static void react(struct message *g) {
    int number = g->reactions[g->reacted];
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "user_id", g->o->m->me);
    cJSON_AddStringToObject(body, "post_id", g->posted[g->n_parts - 1]);
    cJSON_AddStringToObject(body, "emoji_name",
                            number == EMOJI_CHECK ? EMOJI_CLOSE : emoji_of(number));
    g->busy = true;
    mm_call_json(g->o->m, "POST", "/reactions", body, on_reaction, g);
}

/* ---- step by step ---- */

static enum phase next_phase(const struct message *g) {
    if (g->replace) {
        return CHANGE;
    }
    if (!g->posted[g->n_parts - 1] && !g->channel[0]) {
        return ADDRESS;
    }
    if (!g->posted[g->n_parts - 1] && g->nameless) {
        return NAME;
    }
    if (next_part(g) < g->n_parts && !g->posted[g->n_parts - 1]) {
        return g->doubtful ? LOOK : g->picture && next_part(g) == 0 ? UPLOAD : POST;
    }
    return g->reacted < g->n_reactions ? REACT : OVER;
}

static void go_on(struct message *g) {
    if (g->busy) {
        return;
    }
    g->asleep = !mm_socket_authorized(g->o->m);
    if (g->asleep) {
        return;
    }
    switch (next_phase(g)) {
    case ADDRESS:
        find_channel(g);
        break;
    case NAME:
        name_person(g);
        break;
    case LOOK:
        look(g);
        break;
    case CHANGE:
        change(g);
        break;
    case UPLOAD:
        upload(g);
        break;
    case POST:
        post(g);
        break;
    case REACT:
        react(g);
        break;
    case OVER:
        end_message(g, SENT_OK, "");
        break;
    }
}

static void plan_reactions(struct message *g) {
    struct json_error err;
    const char *text = g->row->choices;
    cJSON *list =
        *text && *g->row->question ? json_parse(text, strlen(text), (size_t)64 * 1024, &err) : NULL;
    const cJSON *c;
    cJSON_ArrayForEach(c, list) {
        int64_t n = mm_number(c, "number", -1);
        if (n >= 0 && n <= EMOJI_NUMBERS_MAX && g->n_reactions <= EMOJI_NUMBERS_MAX) {
            g->reactions[g->n_reactions++] = (int)n;
        }
    }
    cJSON_Delete(list);
    if (g->row->closes && g->n_reactions > 0) {
        g->reactions[g->n_reactions++] = EMOJI_CHECK;
    }
}

enum sent mm_outgoing_send(void *mattermost, const struct store_out *row, bool doubtful) {
    struct mattermost *m = mattermost;
    struct message *g = xmalloc(sizeof(*g));
    *g = (struct message){.o = m->outgoing,
                          .row = row,
                          .thread = row->thread,
                          .doubtful = doubtful,
                          .replace = *row->replaces && mm_is_id(row->replaces),
                          .next = m->outgoing->first};
    m->outgoing->first = g;
    g->timer = loop_timer_create(m->setup.loop, on_timer, g);
    char hex[HASH_HEX_LEN + 1];
    hash_hex(row->key, strlen(row->key), hex);
    snprintf(g->key, sizeof(g->key), "%.*s", KEY_LEN, hex);
    snprintf(g->channel, sizeof(g->channel), "%s", mm_is_id(row->channel) ? row->channel : "");
    g->picture = row->picture && row->picture_len > 0;
    bool worded = g->picture && *row->picture_alt && !strstr(row->text, row->picture_alt);
    const char *text =
        worded ? arena_printf(&g->arena, "%s\n%s", row->text, row->picture_alt) : row->text;
    split(g, text);
    g->nameless = owed_is_for_desk(row);
    g->replace = g->replace && g->n_parts == 1;
    if (*row->remote_id) {
        g->posted[g->n_parts - 1] = row->remote_id; /* only reactions may be missing */
    }
    plan_reactions(g);
    go_on(g);
    return SENT_UNDER_WAY;
}

bool mm_outgoing_echo(struct mm_outgoing *o, const char *key, const char *post_id) {
    for (struct message *g = o->first; g; g = g->next) {
        if (strncmp(g->key, key, KEY_LEN) == 0) {
            return found(g, key, post_id);
        }
    }
    return false;
}

bool mm_outgoing_looks(const struct mm_outgoing *o) {
    for (const struct message *g = o->first; g; g = g->next) {
        if (g->doubtful && !g->posted[g->n_parts - 1]) {
            return true;
        }
    }
    return engine_doubts(o->m->setup.engine, MM_PLATFORM, o->m->setup.name);
}

void mm_outgoing_wake(struct mm_outgoing *o) {
    for (struct message *g = o->first; g;) {
        struct message *next = g->next;
        if (g->asleep) {
            go_on(g);
        }
        g = next;
    }
}
