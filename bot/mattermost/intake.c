#include "bot/mattermost/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/breaker.h"
#include "bot/emoji.h"
#include "bot/mattermost/catchup.h"
#include "bot/mattermost/markup.h"
#include "bot/mattermost/people.h"
#include "bot/mattermost/private.h"

#define WAITING_MAX  8192 /* more is fetched again later */
#define AT_ONCE      256  /* of one commit */
#define REFUSALS_MAX 5    /* commits that fail because of one entry alone */
#define TOO_OLD_MS   ((int64_t)29 * 24 * 60 * 60 * 1000) /* what was handled is known for 30 days */
#define COUNTED_MS   ((int64_t)60 * 1000)
#define LOOK_AHEAD   200

enum kind { POST, REACTION, CURSOR };

struct entry {
    struct entry *next;
    struct arena arena;
    enum kind kind;
    struct mm_post post;
    char channel_type;
    struct mm_reaction reaction;
    bool on;
    struct store_cursor cursor;
    int refusals; /* failed turns in which it was alone */
    bool calm;    /* looked at while nothing could be stored: it can wait */
    bool cry;     /* heard though the conversation is muted */
};

struct queue {
    struct entry *first;
    struct entry **last;
    size_t n;
};

struct mm_intake {
    struct mattermost *m;
    struct queue waiting;
    struct queue held;  /* live things while older ones are being fetched */
    struct queue taken; /* of the turn, until it is committed */
    bool hold;
    struct breaker breaker;
};

static void init_queue(struct queue *q) {
    *q = (struct queue){.first = NULL};
    q->last = &q->first;
}

static void push(struct queue *q, struct entry *e) {
    e->next = NULL;
    *q->last = e;
    q->last = &e->next;
    q->n++;
}

static struct entry *pop(struct queue *q) {
    struct entry *e = q->first;
    q->first = e->next;
    q->n--;
    if (!q->first) {
        q->last = &q->first;
    }
    return e;
}

/* All of `from` in front of, or behind, all of `to`. */
static void move_all(struct queue *from, struct queue *to, bool in_front) {
    if (!from->first) {
        return;
    }
    if (in_front) {
        *from->last = to->first;
        to->last = to->first ? to->last : from->last;
        to->first = from->first;
    } else {
        *to->last = from->first;
        to->last = from->last;
    }
    to->n += from->n;
    init_queue(from);
}

static void free_entry(struct entry *e) {
    arena_free(&e->arena);
    free(e);
}

static void free_all(struct queue *q) {
    while (q->first) {
        free_entry(pop(q));
    }
}

struct mm_intake *mm_intake_create(struct mattermost *m) {
    struct mm_intake *in = xmalloc(sizeof(*in));
    *in = (struct mm_intake){.m = m};
    init_queue(&in->waiting);
    init_queue(&in->held);
    init_queue(&in->taken);
    breaker_init(&in->breaker, m->setup.max_answers_a_minute);
    return in;
}

void mm_intake_destroy(struct mm_intake *in) {
    if (in) {
        free_all(&in->waiting);
        free_all(&in->held);
        free_all(&in->taken);
        free(in);
    }
}

/* ---- what comes ---- */

static struct entry *add(struct mm_intake *in, enum kind kind, bool live) {
    struct queue *q = live && in->hold ? &in->held : &in->waiting;
    if (in->waiting.n + in->held.n >= WAITING_MAX) {
        log_warn("too much waits at once; the rest is fetched later", "workspace",
                 in->m->setup.name);
        mm_catchup_soon(in->m->catchup);
        return NULL;
    }
    struct entry *e = xmalloc(sizeof(*e));
    *e = (struct entry){.kind = kind};
    push(q, e);
    return e;
}

/* What was heard to be reacted to before that time does not wait for what was read back. */
static void release_earlier(struct mm_intake *in, const char *user, int64_t until_ms) {
    struct queue rest;
    init_queue(&rest);
    while (in->held.first) {
        struct entry *e = pop(&in->held);
        bool earlier = e->kind == REACTION && e->reaction.create_ms > 0 &&
                       e->reaction.create_ms < until_ms && strcmp(e->reaction.user, user) == 0;
        push(earlier ? &in->waiting : &rest, e);
    }
    move_all(&rest, &in->held, false);
}

bool mm_intake_post(struct mm_intake *in, const struct mm_post *post, char channel_type,
                    bool live) {
    bool ours = strcmp(post->user, in->m->me) == 0;
    const char *text = post->message;
    bool direct = channel_type == 'D';
    if (ours || post->system || post->automatic || post->past ||
        mm_server_ms(in->m) - post->create_ms > TOO_OLD_MS) {
        return true;
    }
    struct arena a = {0};
    bool mentioned = mm_mention(&a, post->message, in->m->username, &text);
    bool ignored = !direct && !mentioned;
    if (!live && !ignored) {
        release_earlier(in, post->user, post->create_ms);
    }
    struct entry *e = ignored ? NULL : add(in, POST, live);
    if (e) {
        e->post = (struct mm_post){.id = arena_strdup(&e->arena, post->id),
                                   .user = arena_strdup(&e->arena, post->user),
                                   .channel = arena_strdup(&e->arena, post->channel),
                                   .root = arena_strdup(&e->arena, post->root),
                                   .message = arena_strdup(&e->arena, text),
                                   .create_ms = post->create_ms};
        e->channel_type = channel_type;
    }
    arena_free(&a);
    return e || ignored;
}

bool mm_intake_reaction(struct mm_intake *in, const struct mm_reaction *reaction, bool on,
                        bool live) {
    if (strcmp(reaction->user, in->m->me) == 0 || emoji_number(reaction->emoji) == EMOJI_NONE) {
        return true;
    }
    struct entry *e = add(in, REACTION, live);
    if (e) {
        e->reaction = (struct mm_reaction){.user = arena_strdup(&e->arena, reaction->user),
                                           .post = arena_strdup(&e->arena, reaction->post),
                                           .emoji = arena_strdup(&e->arena, reaction->emoji),
                                           .create_ms = reaction->create_ms};
        e->on = on;
    }
    return e != NULL;
}

void mm_intake_cursor(struct mm_intake *in, const struct store_cursor *cursor) {
    struct entry *e = add(in, CURSOR, false);
    if (e) {
        e->cursor = (struct store_cursor){.channel = arena_strdup(&e->arena, cursor->channel),
                                          .message = arena_strdup(&e->arena, cursor->message),
                                          .message_ms = cursor->message_ms};
    }
}

void mm_intake_hold(struct mm_intake *in, bool hold) {
    in->hold = hold;
    if (!hold) {
        move_all(&in->held, &in->waiting, false);
    }
}

/* ---- what becomes of it ---- */

static const char *author(const struct entry *e) {
    return e->kind == POST ? e->post.user : e->kind == REACTION ? e->reaction.user : "";
}

/* Whether we know who it is; those behind are asked for in the same breath. */
static bool author_known(struct mm_intake *in, const struct entry *first) {
    struct mm_people *people = in->m->people;
    if (!*author(first) || mm_people_find(people, author(first))) {
        return true;
    }
    int n = 0;
    for (const struct entry *e = first; e && n < LOOK_AHEAD; e = e->next, n++) {
        if (*author(e) && !mm_people_find(people, author(e))) {
            mm_people_want(people, author(e));
        }
    }
    mm_people_ask(people);
    return false;
}

static int64_t late_ms(const struct mattermost *m, int64_t said_ms) {
    int64_t late = said_ms > 0 ? mm_server_ms(m) - said_ms : 0;
    return late > 0 ? late : 0;
}

static int take_counted(struct mm_intake *in, const struct event *event, const char *who) {
    int rc = engine_take(in->m->setup.engine, event);
    if (rc == 0 && event->late_ms < COUNTED_MS) { /* what was missed comes all at once */
        breaker_count(&in->breaker, who, in->m->setup.name);
    }
    return rc;
}

static struct event post_event(const struct mattermost *m, const struct entry *e,
                               const struct mm_person *person) {
    return (struct event){
        .kind = EVENT_MESSAGE,
        .platform = MM_PLATFORM,
        .workspace = m->setup.name,
        .user = e->post.user,
        .id = e->post.id,
        .place = e->channel_type == 'D' ? PLACE_DIRECT : PLACE_CHANNEL,
        .channel = e->post.channel,
        .thread = e->post.root,
        .text = e->post.message,
        .locale = person->locale,
        .at_ms = clock_now_ms(),
        .late_ms = late_ms(m, e->post.create_ms),
    };
}

/* A muted conversation is not heard, unless somebody cries for help there. */
static bool is_heard(struct mm_intake *in, struct entry *e, const struct mm_person *person) {
    if (person->bot || e->cry || !breaker_muted(&in->breaker, e->post.channel)) {
        return !person->bot;
    }
    struct event event = post_event(in->m, e, person);
    e->cry = engine_hears_cry(in->m->setup.engine, &event) &&
             breaker_hears_cry(&in->breaker, e->post.channel);
    return e->cry;
}

static int take_post(struct mm_intake *in, struct entry *e, const struct mm_person *person) {
    if (!is_heard(in, e, person)) {
        return 0;
    }
    struct event event = post_event(in->m, e, person);
    if (event.place == PLACE_DIRECT) {
        mm_people_talk_in(in->m->people, e->post.user, e->post.channel);
    }
    return take_counted(in, &event, e->post.channel);
}

static int take_reaction(struct mm_intake *in, const struct entry *e,
                         const struct mm_person *person) {
    struct mattermost *m = in->m;
    int number = emoji_number(e->reaction.emoji);
    if (person->bot || breaker_muted(&in->breaker, e->reaction.user)) {
        return 0;
    }
    struct event event = {
        .kind = !e->on                  ? EVENT_UNTICK
                : number == EMOJI_CHECK ? EVENT_CLOSE
                                        : EVENT_TICK,
        .platform = MM_PLATFORM,
        .workspace = m->setup.name,
        .user = e->reaction.user,
        .place = PLACE_DIRECT,
        .choice = number,
        .shown = e->reaction.post,
        .mark = e->reaction.emoji,
        .locale = person->locale,
        .at_ms = clock_now_ms(),
        .late_ms = late_ms(m, e->reaction.create_ms),
    };
    return take_counted(in, &event, e->reaction.user);
}

static int take(struct mm_intake *in, struct entry *e) {
    const struct mm_person *person = mm_people_find(in->m->people, author(e));
    int rc = 0;
    switch (e->kind) {
    case POST:
        rc = take_post(in, e, person);
        break;
    case REACTION:
        rc = take_reaction(in, e, person);
        break;
    case CURSOR:
        rc = engine_take_cursor(in->m->setup.engine, MM_PLATFORM, in->m->setup.name, &e->cursor);
        break;
    }
    return rc == -EEXIST || rc == -ENOENT ? 0 : rc;
}

int mm_intake_hand_in(struct mm_intake *in, bool one) {
    size_t most = one ? 1 : AT_ONCE;
    while (in->waiting.first && in->taken.n < most && author_known(in, in->waiting.first)) {
        struct entry *e = pop(&in->waiting);
        push(&in->taken, e);
        int rc = take(in, e);
        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}

static void look_for_cries(struct mm_intake *in, const struct queue *q) {
    for (struct entry *e = q->first; e; e = e->next) {
        if (e->kind != POST || e->calm) {
            continue;
        }
        const struct mm_person *person = mm_people_find(in->m->people, e->post.user);
        if (!person) {
            mm_people_want(in->m->people, e->post.user);
        } else if (!is_heard(in, e, person)) {
            e->calm = true;
        } else {
            struct event event = post_event(in->m, e, person);
            e->calm = engine_alarm(in->m->setup.engine, &event);
        }
    }
}

void mm_intake_alarm(struct mm_intake *in) {
    look_for_cries(in, &in->waiting);
    look_for_cries(in, &in->held);
    mm_people_ask(in->m->people);
}

static void drop_cursors(struct mm_intake *in) {
    struct queue kept;
    init_queue(&kept);
    while (in->waiting.first) {
        struct entry *e = pop(&in->waiting);
        if (e->kind == CURSOR) {
            free_entry(e);
        } else {
            push(&kept, e);
        }
    }
    move_all(&kept, &in->waiting, false);
}

size_t mm_intake_committed(struct mm_intake *in, int rc) {
    size_t n = in->taken.n;
    if (rc == 0) {
        free_all(&in->taken);
        return n;
    }
    struct entry *alone = in->taken.n == 1 ? in->taken.first : NULL;
    if (!alone || rc != -EIO || ++alone->refusals % REFUSALS_MAX != 0) {
        move_all(&in->taken, &in->waiting, true);
    } else if (alone->refusals < REFUSALS_MAX * REFUSALS_MAX) {
        drop_cursors(in);                          /* they would pass it */
        move_all(&in->taken, &in->waiting, false); /* others are not to wait for it */
    } else {
        log_error("something cannot be stored and is left out", "workspace", in->m->setup.name,
                  "post", alone->kind == POST ? alone->post.id : "");
        free_all(&in->taken);
    }
    return n;
}
