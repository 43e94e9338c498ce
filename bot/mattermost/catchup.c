#include "bot/mattermost/catchup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/mattermost/history.h"
#include "bot/mattermost/intake.h"
#include "bot/mattermost/outgoing.h"
#include "bot/mattermost/private.h"
#include "bot/mattermost/reactions.h"
#include "bot/mattermost/socket.h"

#define EVERY_MS       ((int64_t)5 * 60 * 1000)
#define SOON_MS        ((int64_t)1000)
#define WAIT_MS        ((int64_t)50)
#define WAITS_MAX      60
#define RETRY_MS       ((int64_t)5 * 1000)
#define BEHIND_MS      ((int64_t)60 * 1000)      /* the cursor stays that far back: late commits */
#define BEFORE_US_MS   ((int64_t)60 * 60 * 1000) /* of what was written before we first came */
#define LIST_MAX_BYTES ((size_t)32 * 1024 * 1024)

struct channel {
    char id[MM_ID_LEN + 1];
    char type;
    int64_t create_ms;
    int64_t last_post_ms;
};

struct mm_catchup {
    struct mattermost *m;
    struct arena arena; /* of one run */
    bool running;
    int waits;     /* for messages of which it is not known whether they were posted */
    bool again;    /* asked for while running … */
    bool holding;  /* … with live messages waiting until then */
    bool thorough; /* we were away: questions of long ago, too */
    bool by_team;  /* the server is older than 6.1: channels come team by team */
    struct channel *channels;
    size_t n_channels;
    size_t cap_channels;
    size_t at; /* the channel being read */
    const char **teams;
    size_t n_teams;
    size_t cap_teams;
    size_t team; /* the team being asked for */
    struct mm_reactions *reactions;
    /* Of the channel being read: */
    struct store_cursor cursor;  /* as stored; message "" where there is none */
    bool unseen;                 /* nothing is stored yet */
    const char *page_after;      /* the post before the page asked for */
    struct store_cursor reached; /* where the next run begins */
    int64_t first_ms;            /* when we first saw this workspace */
    struct loop_timer *timer;
};

static void next_channel(struct mm_catchup *c);

/* ---- a run, and when ---- */

static void begin(struct mm_catchup *c);

static void on_timer(void *ctx) {
    begin(ctx);
}

struct mm_catchup *mm_catchup_create(struct mattermost *m) {
    struct mm_catchup *c = xmalloc(sizeof(*c));
    *c = (struct mm_catchup){.m = m};
    c->timer = loop_timer_create(m->setup.loop, on_timer, c);
    c->reactions = mm_reactions_create(m);
    return c;
}

void mm_catchup_destroy(struct mm_catchup *c) {
    if (c) {
        loop_timer_destroy(c->timer);
        mm_reactions_destroy(c->reactions);
        free(c->channels);
        free(c->teams);
        arena_free(&c->arena);
        free(c);
    }
}

static void end(struct mm_catchup *c, int64_t next_ms) {
    bool again = c->again;
    c->running = false;
    c->again = false;
    if (c->holding) {
        c->holding = false;
        begin(c);
        return;
    }
    mm_intake_hold(c->m->intake, false);
    if (mm_socket_authorized(c->m)) { /* else the next connection begins anew */
        loop_timer_set(c->timer, again ? SOON_MS : next_ms);
    }
}

static void fail(struct mm_catchup *c, const char *doing, const char *why) {
    log_warn("what was missed cannot be read", "workspace", c->m->setup.name, "doing", doing, "why",
             why);
    c->holding = false; /* who writes now is not to wait for what cannot be had */
    end(c, RETRY_MS + loop_random(RETRY_MS));
}

static void fail_store(struct mm_catchup *c) {
    fail(c, "looking up what is known", "the database cannot be read");
}

/* ---- the channels we are in ---- */

static void take_channel(void *ctx, const cJSON *json) {
    struct mm_catchup *c = ctx;
    const char *id = json_string(json, "id");
    const char *type = json_string(json, "type");
    if (!id || !mm_is_id(id) || !type || mm_number(json, "delete_at", 0) > 0) {
        return;
    }
    if (c->n_channels == c->cap_channels) {
        c->cap_channels = c->cap_channels ? c->cap_channels * 2 : 64;
        c->channels = xrealloc(c->channels, c->cap_channels * sizeof(*c->channels));
    }
    struct channel *ch = &c->channels[c->n_channels++];
    *ch = (struct channel){.type = *type,
                           .create_ms = mm_number(json, "create_at", 0),
                           .last_post_ms = mm_number(json, "last_post_at", 0)};
    snprintf(ch->id, sizeof(ch->id), "%s", id);
}

static int by_id(const void *a, const void *b) {
    return strcmp(((const struct channel *)a)->id, ((const struct channel *)b)->id);
}

/* The list is complete. Direct channels are in every team's. */
static void begin_reading(struct mm_catchup *c) {
    if (c->n_channels > 1) {
        qsort(c->channels, c->n_channels, sizeof(*c->channels), by_id);
    }
    size_t n = 0;
    for (size_t i = 0; i < c->n_channels; i++) {
        if (n == 0 || by_id(&c->channels[n - 1], &c->channels[i]) != 0) {
            c->channels[n++] = c->channels[i];
        }
    }
    c->n_channels = n;
    next_channel(c);
}

static void take_team(void *ctx, const cJSON *json) {
    struct mm_catchup *c = ctx;
    const char *id = json_string(json, "id");
    if (!id || !mm_is_id(id)) {
        return;
    }
    if (c->n_teams == c->cap_teams) {
        c->cap_teams = c->cap_teams ? c->cap_teams * 2 : 8;
        c->teams = xrealloc(c->teams, c->cap_teams * sizeof(*c->teams));
    }
    c->teams[c->n_teams++] = arena_strdup(&c->arena, id);
}

static void list(struct mm_catchup *c, const char *path, mm_done done) {
    struct mm_request request = {
        .method = "GET", .path = path, .max_bytes = LIST_MAX_BYTES, .text = true};
    mm_call(c->m, &request, done, c);
}

static void on_team_channels(void *ctx, const struct mm_reply *reply) {
    struct mm_catchup *c = ctx;
    /* 403: we left the team meanwhile. */
    if (reply->outcome != MM_REFUSED && (reply->outcome != MM_OK || reply->unreadable ||
                                         !mm_each(reply->text, reply->len, take_channel, c))) {
        fail(c, "listing a team's channels", *reply->error ? reply->error : "no list came");
        return;
    }
    if (++c->team < c->n_teams) {
        list(c, arena_printf(&c->arena, "/users/me/teams/%s/channels", c->teams[c->team]),
             on_team_channels);
    } else {
        begin_reading(c);
    }
}

static void on_teams(void *ctx, const struct mm_reply *reply) {
    struct mm_catchup *c = ctx;
    if (reply->outcome != MM_OK || reply->unreadable ||
        !mm_each(reply->text, reply->len, take_team, c)) {
        fail(c, "listing teams", *reply->error ? reply->error : "no list came");
        return;
    }
    if (c->n_teams == 0) {
        log_warn("the bot is in no team, so this server does not list its channels: add it to one",
                 "workspace", c->m->setup.name);
        begin_reading(c);
        return;
    }
    list(c, arena_printf(&c->arena, "/users/me/teams/%s/channels", c->teams[0]), on_team_channels);
}

static void on_channels(void *ctx, const struct mm_reply *reply) {
    struct mm_catchup *c = ctx;
    if (reply->status == 404) {
        c->by_team = true;
        list(c, "/users/me/teams", on_teams);
    } else if (reply->outcome != MM_OK || reply->unreadable ||
               !mm_each(reply->text, reply->len, take_channel, c)) {
        fail(c, "listing channels", *reply->error ? reply->error : "no list came");
    } else {
        begin_reading(c);
    }
}

/* Reactions are known; they are handed in between the posts. */
static void on_reactions(void *ctx, const char *error) {
    struct mm_catchup *c = ctx;
    if (*error) {
        fail(c, "reading reactions", error);
    } else if (c->by_team) {
        list(c, "/users/me/teams", on_teams);
    } else {
        list(c, "/users/me/channels", on_channels);
    }
}

static void begin(struct mm_catchup *c) {
    if (c->running) {
        c->again = true;
        return;
    }
    if (!mm_socket_authorized(c->m)) {
        mm_intake_hold(c->m->intake, false);
        return; /* the next connection begins anew */
    }
    if (mm_outgoing_looks(c->m->outgoing) && c->waits < WAITS_MAX) {
        c->waits++; /* what people reacted to has to be known first */
        loop_timer_set(c->timer, WAIT_MS);
        return;
    }
    c->waits = 0;
    arena_reset(&c->arena);
    c->running = true;
    c->n_channels = 0;
    c->at = 0;
    c->n_teams = 0;
    c->team = 0;
    if (engine_first_ms(c->m->setup.engine, MM_PLATFORM, c->m->setup.name, &c->first_ms) != 0) {
        fail_store(c);
        return;
    }
    mm_reactions_read(c->reactions, c->thorough, on_reactions, c);
    c->thorough = false;
}

void mm_catchup_now(struct mm_catchup *c) {
    c->thorough = true;
    mm_intake_hold(c->m->intake, true);
    if (c->running) {
        c->holding = true;
        return;
    }
    loop_timer_clear(c->timer);
    begin(c);
}

void mm_catchup_soon(struct mm_catchup *c) {
    if (c->running) {
        c->again = true;
    } else {
        loop_timer_set(c->timer, SOON_MS);
    }
}

/* ---- one channel after the other ---- */

static void read_on(struct mm_catchup *c);

/* The newest post that lies far enough back is where the next run begins. */
static void reach(struct mm_catchup *c, const struct mm_post *post) {
    if (post->create_ms <= mm_server_ms(c->m) - BEHIND_MS &&
        post->create_ms >= c->reached.message_ms) {
        c->reached.message = arena_strdup(&c->arena, post->id);
        c->reached.message_ms = post->create_ms;
    }
}

/*
 * The first post that may want an answer. In a channel of which nothing is known, though we spoke
 * there (the database was lost), what was said before our last word has had its answer.
 */
static size_t first_open(const struct mm_catchup *c, const struct mm_history *h) {
    size_t first = 0;
    int64_t first_ms = c->first_ms + c->m->skew_ms; /* of this database */
    for (size_t i = 0; c->unseen && i < h->n && h->posts[i].create_ms < first_ms; i++) {
        first = strcmp(h->posts[i].user, c->m->me) == 0 ? i : first;
    }
    return first;
}

/* False where not all of them fit in: then the channel is read again from its cursor. */
static bool take_posts(struct mm_catchup *c, const struct mm_history *h) {
    const struct channel *ch = &c->channels[c->at];
    for (size_t i = first_open(c, h); i < h->n; i++) {
        const struct mm_post *post = &h->posts[i];
        if (strcmp(post->user, c->m->me) == 0 && *post->key &&
            mm_outgoing_echo(c->m->outgoing, post->key, post->id)) {
            c->again = true; /* people may have reacted to it already */
        }
        mm_reactions_hand_in(c->reactions, post->user, post->create_ms);
        if (!mm_intake_post(c->m->intake, &h->posts[i], ch->type, false)) {
            fail(c, "reading a channel", "too much waits to be answered");
            return false;
        }
        reach(c, &h->posts[i]);
    }
    return true;
}

static void leave_channel(struct mm_catchup *c) {
    if (c->unseen || strcmp(c->reached.message, c->cursor.message) != 0) {
        mm_intake_cursor(c->m->intake, &c->reached);
    }
    c->at++;
    next_channel(c);
}

static void on_since(void *ctx, const struct mm_history *h) {
    struct mm_catchup *c = ctx;
    if (h->outcome != MM_OK && h->outcome != MM_REFUSED) {
        fail(c, "reading a channel", h->error);
        return;
    }
    if (h->more) {
        log_error("more was missed in a channel than is read back", "workspace", c->m->setup.name,
                  "channel", c->channels[c->at].id);
    }
    if (take_posts(c, h)) {
        leave_channel(c);
    }
}

static void read_since(struct mm_catchup *c, int64_t since_ms) {
    mm_history_since(c->m, c->channels[c->at].id, since_ms, on_since, c);
}

static void on_after(void *ctx, const struct mm_history *h) {
    struct mm_catchup *c = ctx;
    if (h->outcome == MM_REFUSED) { /* we left it meanwhile */
        leave_channel(c);
    } else if (h->outcome != MM_OK) {
        fail(c, "reading a channel", h->error);
    } else if (!*h->newest && c->page_after == c->cursor.message) {
        /* Nothing, though something is newer: the server does not know our cursor any more. */
        read_since(c, c->cursor.message_ms - BEHIND_MS);
    } else if (take_posts(c, h)) {
        if (h->more && *h->newest) {
            c->page_after = arena_strdup(&c->arena, h->newest);
            read_on(c);
        } else {
            leave_channel(c);
        }
    }
}

static void read_on(struct mm_catchup *c) {
    mm_history_after(c->m, c->channels[c->at].id, c->page_after, on_after, c);
}

/* A channel seen for the first time: from when it began with us, or from now where others talk. */
static int64_t first_look_ms(const struct mm_catchup *c, const struct channel *ch) {
    if (ch->type != 'D' && ch->type != 'G') {
        return mm_server_ms(c->m);
    }
    int64_t from = c->first_ms + c->m->skew_ms - BEFORE_US_MS;
    return ch->create_ms > from ? ch->create_ms - 1 : from;
}

/* True where reading has begun; false where there is nothing to read. */
static bool read_channel(struct mm_catchup *c, const struct channel *ch, int *ret_rc) {
    int rc = engine_cursor(c->m->setup.engine, &c->arena, MM_PLATFORM, c->m->setup.name, ch->id,
                           &c->cursor);
    c->unseen = rc == -ENOENT;
    *ret_rc = c->unseen ? 0 : rc;
    if (c->unseen) {
        c->cursor = (struct store_cursor){.message = "", .message_ms = first_look_ms(c, ch)};
    }
    if (*ret_rc != 0) {
        return false;
    }
    c->cursor.channel = ch->id;
    c->reached = c->cursor;
    c->page_after = c->cursor.message;
    if (ch->last_post_ms <= c->cursor.message_ms) {
        if (c->unseen) {
            mm_intake_cursor(c->m->intake, &c->cursor); /* to be read from here on */
        }
        return false;
    }
    if (*c->cursor.message) {
        read_on(c);
    } else {
        read_since(c, c->cursor.message_ms);
    }
    return true;
}

static void next_channel(struct mm_catchup *c) {
    for (; c->at < c->n_channels; c->at++) {
        int rc;
        if (read_channel(c, &c->channels[c->at], &rc)) {
            return;
        }
        if (rc != 0) {
            fail_store(c);
            return;
        }
    }
    mm_reactions_hand_in_rest(c->reactions);
    log_debug("caught up", "workspace", c->m->setup.name, "channels", LOG_N(c->n_channels));
    end(c, EVERY_MS);
}
