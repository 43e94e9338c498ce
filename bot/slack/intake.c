#include "bot/slack/intake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/breaker.h"
#include "bot/emoji.h"
#include "bot/slack/blocks.h"
#include "bot/slack/catchup.h"
#include "bot/slack/forms.h"
#include "bot/slack/markup.h"
#include "bot/slack/outgoing.h"
#include "bot/slack/people.h"
#include "bot/slack/private.h"
#include "bot/slack/views.h"

#define WAITING_MAX  8192 /* what is not acknowledged comes again */
#define AT_ONCE      256  /* of one commit */
#define BLOCKED_MAX  64   /* people looked past in one turn */
#define REFUSALS_MAX 5    /* commits that fail because of one entry alone */
#define COUNTED_MS   ((int64_t)60 * 1000)
#define TOO_OLD_MS   ((int64_t)29 * 24 * 60 * 60 * 1000) /* what was handled is known for 30 days */
/* An answer is due soon, and an acknowledgement within three seconds. */
#define PERSON_WAIT_MS  ((int64_t)1200)
#define HISTORY_WAIT_MS ((int64_t)1500)
#define POSTED_WAIT_MS  ((int64_t)60 * 1000) /* then it comes again, or is read back */

enum kind { EVENT, CURSOR };

struct entry {
    struct entry *next;
    struct arena arena;
    enum kind kind;
    struct event event;
    const char *ts; /* when it was said or reacted to something, "" for anything else */
    bool missed;    /* was read back */
    struct store_cursor cursor;
    slack_link_id link; /* where it is to be acknowledged */
    const char *envelope;
    const char *trigger;      /* of a click that asks for a form, "" otherwise */
    const char *response_url; /* where it may be answered directly, "" for nowhere */
    cJSON *payload;           /* of the acknowledgement */
    cJSON *view;              /* the form to be shown */
    int64_t arrived_ms;
    bool counted; /* as an answer, in a turn that may have failed */
    int refusals; /* failed turns in which it was alone */
    bool calm;    /* looked at while nothing could be stored: it can wait */
    bool cry;     /* heard though the conversation is muted */
};

struct slack_intake {
    struct slack *s;
    struct entry *waiting;
    struct entry *taken; /* of the turn, until it is committed */
    size_t n_waiting;
    size_t n_taken;
    bool full;
    struct loop_timer *wake; /* something has waited long enough */
    struct breaker breaker;
};

static void on_wake(void *ctx) {
    (void)ctx; /* the end of this turn looks again */
}

struct slack_intake *slack_intake_create(struct slack *s) {
    struct slack_intake *in = xmalloc(sizeof(*in));
    *in = (struct slack_intake){.s = s};
    in->wake = loop_timer_create(s->setup.loop, on_wake, in);
    breaker_init(&in->breaker, s->setup.max_answers_a_minute);
    return in;
}

static void free_entry(struct entry *e) {
    cJSON_Delete(e->payload);
    cJSON_Delete(e->view);
    arena_free(&e->arena);
    free(e);
}

static void free_all(struct entry **list, size_t *n) {
    while (*list) {
        struct entry *next = (*list)->next;
        free_entry(*list);
        *list = next;
    }
    *n = 0;
}

void slack_intake_destroy(struct slack_intake *in) {
    if (in) {
        free_all(&in->waiting, &in->n_waiting);
        free_all(&in->taken, &in->n_taken);
        loop_timer_destroy(in->wake);
        free(in);
    }
}

void slack_intake_wake(struct slack_intake *in) {
    loop_timer_set(in->wake, 0);
}

/* ---- what comes ---- */

static bool has_room(struct slack_intake *in) {
    bool full = in->n_waiting >= WAITING_MAX;
    if (full && !in->full) {
        log_warn("too much waits at once; the rest is delivered again, or read back, later",
                 "workspace", in->s->setup.name);
    }
    in->full = full;
    return !full;
}

/* Behind everything; but what was said earlier in a conversation comes before what was said later.
 */
static void insert(struct slack_intake *in, struct entry *e) {
    struct entry **p = &in->waiting;
    for (; *p; p = &(*p)->next) {
        bool later = *e->ts && *(*p)->ts && strcmp((*p)->event.channel, e->event.channel) == 0 &&
                     slack_ts_later((*p)->ts, e->ts);
        if (later) {
            break;
        }
    }
    e->next = *p;
    *p = e;
    in->n_waiting++;
}

static struct entry *new_entry(enum kind kind) {
    struct entry *e = xmalloc(sizeof(*e));
    *e = (struct entry){.kind = kind,
                        .ts = "",
                        .envelope = "",
                        .trigger = "",
                        .response_url = "",
                        .arrived_ms = loop_now_ms()};
    return e;
}

static int64_t late_ms(const struct slack *s, int64_t said_ms) {
    int64_t late = said_ms > 0 ? slack_server_ms(s) - said_ms : 0;
    return late > 0 ? late : 0;
}

/* What all events have in common; texts are in the entry's arena. */
static void begin_event(struct slack_intake *in, struct entry *e, enum event_kind kind,
                        const char *user, const char *id) {
    e->event = (struct event){.kind = kind,
                              .platform = SLACK_PLATFORM,
                              .workspace = in->s->setup.name,
                              .user = arena_strdup(&e->arena, user),
                              .id = id,
                              .place = PLACE_DIRECT,
                              .channel = "",
                              .thread = "",
                              .text = "",
                              .question = "",
                              .shown = "",
                              .mark = "",
                              .locale = "",
                              .tz = ""};
}

/* False where the message is not for us. */
static bool read_message(struct slack_intake *in, const struct slack_message *m, struct entry *e) {
    struct slack *s = in->s;
    bool foreign = *m->user_team && strcmp(m->user_team, s->team) != 0;
    bool too_old = late_ms(s, slack_ts_ms(m->ts)) > TOO_OLD_MS;
    if (m->automatic || m->past || m->system || foreign || too_old || !*m->user ||
        strcmp(m->user, s->me) == 0) {
        return false;
    }
    bool mentioned = false;
    const char *text = slack_plain(&e->arena, m->text, s->me, &mentioned);
    if (m->place != SLACK_IM && !m->mention && !mentioned) {
        return false;
    }
    /* The time first: what comes together lies together in the database. */
    begin_event(in, e, EVENT_MESSAGE, m->user, arena_printf(&e->arena, "%s/%s", m->ts, m->channel));
    e->ts = arena_strdup(&e->arena, m->ts);
    e->event.place = m->place == SLACK_IM ? PLACE_DIRECT : PLACE_CHANNEL;
    e->event.channel = arena_strdup(&e->arena, m->channel);
    e->event.thread = arena_strdup(&e->arena, m->thread);
    e->event.text = text;
    e->event.late_ms = late_ms(s, slack_ts_ms(m->ts));
    return true;
}

static bool read_reaction(struct slack_intake *in, const struct slack_reaction *r,
                          struct entry *e) {
    int number = emoji_number(r->name);
    if (number == EMOJI_NONE || strcmp(r->user, in->s->me) == 0 || *r->channel != 'D') {
        return false;
    }
    enum event_kind kind = !r->added               ? EVENT_UNTICK
                           : number == EMOJI_CHECK ? EVENT_CLOSE
                                                   : EVENT_TICK;
    begin_event(in, e, kind, r->user, "");
    e->ts = arena_strdup(&e->arena, r->event_ts);
    e->event.choice = number;
    e->event.channel = arena_strdup(&e->arena, r->channel);
    e->event.shown = arena_printf(&e->arena, "%s/%s", r->channel, r->ts);
    e->event.mark = arena_strdup(&e->arena, r->name);
    e->event.late_ms = late_ms(in->s, slack_ts_ms(r->event_ts));
    return true;
}

/* One that is delivered anew may be outdated by now; how it is, the history tells. */
static bool read_late_reaction(struct slack_intake *in, const struct slack_frame *f,
                               struct entry *e) {
    bool good = read_reaction(in, &f->reaction, e);
    if (good && f->retry > 0) {
        e->event.again = true;
        slack_catchup_soon(in->s->catchup);
    }
    return good;
}

static bool read_click(struct slack_intake *in, const struct slack_click *c, struct entry *e) {
    struct event what;
    bool foreign = *c->user_team && strcmp(c->user_team, in->s->team) != 0;
    if (foreign || !slack_click_read(&e->arena, c, &what)) {
        return false;
    }
    const char *id = arena_printf(&e->arena, "click/%s/%s/%s/%s/%s/%s", c->user,
                                  *c->channel ? c->channel : c->view, c->ts, c->done.block,
                                  c->done.action, c->action_ts);
    begin_event(in, e, what.kind, c->user, id);
    e->event.choice = what.choice;
    e->event.has_selected = what.has_selected;
    e->event.selected = what.selected;
    e->event.n_selected = what.n_selected;
    e->event.question = what.question ? what.question : "";
    e->event.text = what.text ? what.text : "";
    e->event.channel = *c->channel == 'D' ? arena_strdup(&e->arena, c->channel) : "";
    e->event.thread = arena_strdup(&e->arena, c->thread);
    if (what.kind == EVENT_TICK || what.kind == EVENT_CLOSE) {
        e->response_url = arena_strdup(&e->arena, c->response_url);
    }
    if (what.kind == EVENT_SHEET) {
        e->trigger = arena_strdup(&e->arena, c->trigger);
        slack_forms_expect(in->s->forms, e->trigger);
    }
    return true;
}

static bool read_submit(struct slack_intake *in, const struct slack_submit *v, struct entry *e) {
    struct event what;
    bool foreign = *v->user_team && strcmp(v->user_team, in->s->team) != 0;
    if (foreign || !slack_submit_read(&e->arena, v, &what)) {
        return false;
    }
    /* The same form handed in again after a lost acknowledgement is the same. */
    begin_event(in, e, EVENT_SUBMIT, v->user, arena_printf(&e->arena, "submit/%s", v->view));
    e->event.text = what.text;
    e->event.entries = what.entries;
    e->event.n_entries = what.n_entries;
    return true;
}

/* In the direct conversation with us as if written there; elsewhere for the person's eyes only. */
static bool read_command(struct slack_intake *in, const struct slack_frame *f, struct entry *e) {
    const struct slack_command *c = &f->command;
    const struct slack_person *person = slack_people_get(in->s->people, c->user);
    bool mentioned;
    begin_event(in, e, EVENT_MESSAGE, c->user, arena_printf(&e->arena, "command/%s", f->envelope));
    bool ours = person->channel[0] && strcmp(person->channel, c->channel) == 0;
    e->event.place = ours ? PLACE_DIRECT : PLACE_CHANNEL;
    e->event.whisper = !ours;
    e->event.channel = arena_strdup(&e->arena, c->channel);
    e->event.text = slack_plain(&e->arena, c->text, in->s->me, &mentioned);
    e->response_url = ours ? "" : arena_strdup(&e->arena, c->response_url);
    return true;
}

static bool read_account(struct slack_intake *in, const struct slack_frame *f, struct entry *e) {
    const struct slack_user *u = &f->user;
    if (*u->team && strcmp(u->team, in->s->team) != 0) {
        return false;
    }
    slack_people_update(in->s->people, u);
    char language[SLACK_LOCALE_MAX];
    slack_language(u->locale, language);
    begin_event(in, e, EVENT_ACCOUNT, u->id, arena_strdup(&e->arena, f->event_id));
    e->event.locale = arena_strdup(&e->arena, language);
    e->event.tz = arena_strdup(&e->arena, u->tz);
    return !u->bot && !u->deactivated;
}

static bool read_frame(struct slack_intake *in, const struct slack_frame *f, struct entry *e) {
    bool elsewhere = *f->team && strcmp(f->team, in->s->team) != 0;
    if (f->enterprise || elsewhere) {
        log_warn("an event of another workspace is left out", "workspace", in->s->setup.name);
        return false;
    }
    switch (f->kind) {
    case SLACK_MESSAGE:
        (void)slack_outgoing_echo(in->s->outgoing, &f->message);
        return read_message(in, &f->message, e);
    case SLACK_REACTION:
        return read_late_reaction(in, f, e);
    case SLACK_USER:
        return read_account(in, f, e);
    case SLACK_HOME:
        begin_event(in, e, EVENT_HOME, f->home.user, arena_strdup(&e->arena, f->event_id));
        e->event.channel = arena_strdup(&e->arena, f->home.channel);
        return true;
    case SLACK_CLICK:
        return read_click(in, &f->click, e);
    case SLACK_SUBMIT:
        return read_submit(in, &f->submit, e);
    case SLACK_COMMAND:
        return read_command(in, f, e);
    case SLACK_LIMITED:
        log_warn("Slack left out events: too many in an hour", "workspace", in->s->setup.name);
        slack_catchup_soon(in->s->catchup);
        return false;
    default:
        return false;
    }
}

void slack_intake_frame(struct slack_intake *in, const struct slack_frame *f, slack_link_id link) {
    if (!has_room(in)) {
        slack_catchup_soon(in->s->catchup); /* Slack does not repeat it for ever */
        return;
    }
    struct entry *e = new_entry(EVENT);
    if (read_frame(in, f, e)) {
        e->link = link;
        e->envelope = arena_strdup(&e->arena, f->envelope);
        slack_socket_hold(in->s->socket, link, true);
        insert(in, e);
    } else {
        slack_socket_ack(in->s->socket, link, f->envelope, NULL);
        free_entry(e);
    }
}

static bool add_missed(struct slack_intake *in, struct entry *e, bool wanted) {
    if (wanted) {
        e->missed = true;
        insert(in, e);
    } else {
        free_entry(e);
    }
    return true;
}

bool slack_intake_message(struct slack_intake *in, const struct slack_message *m) {
    struct entry *e = has_room(in) ? new_entry(EVENT) : NULL;
    return e && add_missed(in, e, read_message(in, m, e));
}

bool slack_intake_reaction(struct slack_intake *in, const struct slack_reaction *r) {
    struct entry *e = has_room(in) ? new_entry(EVENT) : NULL;
    return e && add_missed(in, e, read_reaction(in, r, e));
}

void slack_intake_cursor(struct slack_intake *in, const struct store_cursor *cursor) {
    struct entry *e = new_entry(CURSOR);
    e->event.channel = "";
    e->cursor = (struct store_cursor){.channel = arena_strdup(&e->arena, cursor->channel),
                                      .message = arena_strdup(&e->arena, cursor->message),
                                      .message_ms = cursor->message_ms};
    insert(in, e);
}

/* ---- what becomes of it ---- */

/* Of the message that was reacted to: "channel/ts". */
static const char *shown_ts(const struct entry *e) {
    const char *slash = strchr(e->event.shown, '/');
    return slash ? slash + 1 : "";
}

/* How long it may still wait for what is not known yet, 0: it can go. */
static int64_t waits_ms(struct slack_intake *in, const struct entry *e) {
    int64_t age = loop_now_ms() - e->arrived_ms;
    bool talks = e->event.kind != EVENT_ACCOUNT;
    if (talks && age < PERSON_WAIT_MS && !slack_people_known(in->s->people, e->event.user)) {
        return PERSON_WAIT_MS - age;
    }
    if (*e->event.shown && age < POSTED_WAIT_MS &&
        slack_outgoing_awaits(in->s->outgoing, e->event.channel, shown_ts(e))) {
        return POSTED_WAIT_MS - age;
    }
    bool talk = *e->ts && e->event.place == PLACE_DIRECT; /* missed ones wait for their threads */
    if (talk && age < HISTORY_WAIT_MS && slack_catchup_pending(in->s->catchup, e->event.channel)) {
        return HISTORY_WAIT_MS - age; /* what was said before comes first */
    }
    return 0;
}

/* The event as it is handed in now. */
static struct event event_of(const struct entry *e, struct slack_person *person) {
    struct event event = e->event;
    event.at_ms = clock_now_ms();
    event.locale = *event.locale ? event.locale : person->locale;
    event.tz = *event.tz ? event.tz : person->tz;
    if (event.place == PLACE_DIRECT && *event.channel) {
        snprintf(person->channel, sizeof(person->channel), "%s", event.channel);
    }
    return event;
}

/* A muted conversation is not heard, unless somebody cries for help there. */
static bool is_muted(struct slack_intake *in, struct entry *e, const struct event *event) {
    const char *who = *event->channel ? event->channel : event->user;
    if (e->counted || e->cry || !breaker_muted(&in->breaker, who)) {
        return false;
    }
    e->cry = engine_hears_cry(in->s->setup.engine, event) && breaker_hears_cry(&in->breaker, who);
    return !e->cry;
}

static int take_event(struct slack_intake *in, struct entry *e) {
    struct slack *s = in->s;
    const char *who = *e->event.channel ? e->event.channel : e->event.user;
    struct slack_person *person = slack_people_get(s->people, e->event.user);
    bool said = e->event.kind == EVENT_MESSAGE || e->event.kind == EVENT_WORD;
    if (person->bot) {
        return 0;
    }
    struct event event = event_of(e, person);
    if (said && is_muted(in, e, &event)) {
        /* Nor is it answered later, when it is read back. */
        int passed = engine_pass(s->setup.engine, &e->event);
        return passed == -EEXIST ? 0 : passed;
    }
    if (*e->response_url) {
        slack_outgoing_remember(s->outgoing, event.id, e->response_url);
    }
    int rc = engine_take(s->setup.engine, &event);
    if (rc != 0) {
        return rc == -EEXIST || rc == -ENOENT ? 0 : rc;
    }
    /* What was missed comes all at once. */
    if (said && !e->counted && !e->missed && event.late_ms < COUNTED_MS) {
        breaker_count(&in->breaker, who, s->setup.name);
        e->counted = true;
    }
    const struct engine_taken *taken = engine_taken(s->setup.engine);
    e->payload = taken->n_errors > 0 ? slack_errors(taken->errors, taken->n_errors) : NULL;
    e->view = taken->sheet ? slack_modal(&e->arena, taken->sheet, "") : NULL;
    return 0;
}

static int take(struct slack_intake *in, struct entry *e) {
    cJSON_Delete(e->payload);
    cJSON_Delete(e->view);
    e->payload = NULL;
    e->view = NULL;
    return e->kind == EVENT ? take_event(in, e)
                            : engine_take_cursor(in->s->setup.engine, SLACK_PLATFORM,
                                                 in->s->setup.name, &e->cursor);
}

/* People of whom something waits: what else they said waits behind it. */
struct blocked {
    const char *users[BLOCKED_MAX];
    size_t n;
    int64_t next_ms; /* the first of them may go then, -1: none waits */
};

static bool is_blocked(struct slack_intake *in, struct blocked *b, const struct entry *e) {
    if (e->kind == CURSOR) {
        return b->n > 0;
    }
    for (size_t i = 0; i < b->n; i++) {
        if (strcmp(b->users[i], e->event.user) == 0) {
            return true;
        }
    }
    int64_t ms = waits_ms(in, e);
    if (ms > 0) {
        b->users[b->n++] = e->event.user;
        b->next_ms = b->next_ms < 0 || ms < b->next_ms ? ms : b->next_ms;
    }
    return ms > 0;
}

int slack_intake_hand_in(struct slack_intake *in, bool one) {
    size_t most = one ? 1 : AT_ONCE;
    struct blocked b = {.next_ms = -1};
    struct entry **p = &in->waiting;
    struct entry **last = &in->taken;
    int rc = 0;
    while (rc == 0 && *p && in->n_taken < most && b.n < BLOCKED_MAX) {
        struct entry *e = *p;
        if (is_blocked(in, &b, e)) {
            p = &e->next;
            continue;
        }
        *p = e->next;
        e->next = NULL;
        in->n_waiting--;
        *last = e;
        last = &e->next;
        in->n_taken++;
        rc = take(in, e);
    }
    if (b.next_ms >= 0) {
        loop_timer_set(in->wake, b.next_ms);
    } else if (rc == 0 && *p) {
        loop_timer_set(in->wake, 0);
    }
    return rc;
}

void slack_intake_alarm(struct slack_intake *in) {
    for (struct entry *e = in->waiting; e; e = e->next) {
        if (e->kind == CURSOR || e->calm || waits_ms(in, e) > 0) {
            continue;
        }
        struct slack_person *person = slack_people_get(in->s->people, e->event.user);
        struct event event = event_of(e, person);
        e->calm =
            person->bot || is_muted(in, e, &event) || engine_alarm(in->s->setup.engine, &event);
    }
}

static void finish(struct slack_intake *in, struct entry *e) {
    struct slack *s = in->s;
    slack_socket_ack(s->socket, e->link, e->envelope, e->payload);
    slack_socket_hold(s->socket, e->link, false);
    if (*e->trigger) {
        slack_forms_show(s->forms, e->trigger, e->view);
    }
    free_entry(e);
}

/* In front of everything again, in their order. */
static void put_back(struct slack_intake *in) {
    struct entry **last = &in->taken;
    while (*last) {
        last = &(*last)->next;
    }
    *last = in->waiting;
    in->waiting = in->taken;
    in->n_waiting += in->n_taken;
    in->taken = NULL;
    in->n_taken = 0;
}

size_t slack_intake_committed(struct slack_intake *in, int rc) {
    size_t n = in->n_taken;
    struct entry *alone = n == 1 ? in->taken : NULL;
    bool hopeless = rc == -EIO && alone && ++alone->refusals >= REFUSALS_MAX;
    if (rc != 0 && !hopeless) {
        put_back(in);
        return n;
    }
    if (hopeless) {
        log_error("something cannot be stored and is left out", "workspace", in->s->setup.name,
                  "id", alone->event.id ? alone->event.id : "");
    }
    while (in->taken) {
        struct entry *next = in->taken->next;
        finish(in, in->taken);
        in->taken = next;
    }
    in->n_taken = 0;
    return n;
}
