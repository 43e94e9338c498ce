#include "intents/doubt.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "intents/ask.h"
#include "intents/meaning.h"
#include "intents/menu.h"

#define READINGS_MAX 4

/* How likely a reading has to be to be offered; more where a question is open. */
#define LIKELY_MIN      0.15f
#define LIKELY_MIN_OPEN 0.30f
#define SECOND_MIN      0.08f
#define NONE_MAX        0.60f
#define CRY_MIN         0.12f /* something may have happened: rather asked once too often */

struct reading {
    enum label label;
    struct found found; /* what it is about */
    int tks_kind;       /* or -1 */
};

struct readings {
    struct reading items[READINGS_MAX];
    size_t n;
};

/* What can be offered, in the words of the choice. Small talk is not. */
static const struct {
    enum label label;
    enum msg msg;
} offers[] = {
    {LABEL_START, MSG_MEANT_START},
    {LABEL_RESUME, MSG_MEANT_RESUME},
    {LABEL_RESTART, MSG_MEANT_RESTART},
    {LABEL_BACK, MSG_MEANT_BACK},
    {LABEL_SKIP, MSG_MEANT_SKIP},
    {LABEL_PAUSE, MSG_MEANT_PAUSE},
    {LABEL_PROGRESS, MSG_MEANT_PROGRESS},
    {LABEL_EXPLAIN, MSG_MEANT_EXPLAIN},
    {LABEL_ROLE_LIST, MSG_MEANT_ROLE_LIST},
    {LABEL_ROLE, MSG_MEANT_ROLE},
    {LABEL_TKS, MSG_MEANT_TKS},
    {LABEL_TERM, MSG_MEANT_TERM},
    {LABEL_SOURCE, MSG_MEANT_SOURCE},
    {LABEL_MY_RESULT, MSG_MEANT_RESULT},
    {LABEL_SELF_ASSESS, MSG_MEANT_SELF_ASSESS},
    {LABEL_SET_TARGET, MSG_MEANT_SET_TARGET},
    {LABEL_GAP, MSG_MEANT_GAP},
    {LABEL_PLAN, MSG_MEANT_PLAN},
    {LABEL_PLAN_DONE, MSG_MEANT_PLAN_DONE},
    {LABEL_RESOURCE, MSG_MEANT_RESOURCE},
    {LABEL_SNOOZE, MSG_MEANT_SNOOZE},
    {LABEL_NUDGE_OFF, MSG_MEANT_NUDGE_OFF},
    {LABEL_NUDGE_ON, MSG_MEANT_NUDGE_ON},
    {LABEL_NUDGE_SETTINGS, MSG_MEANT_NUDGE_SETTINGS},
    {LABEL_QUIZ, MSG_MEANT_QUIZ},
    {LABEL_QUIZ_EXPLAIN, MSG_MEANT_QUIZ_EXPLAIN},
    {LABEL_DIGEST, MSG_MEANT_DIGEST},
    {LABEL_PREVIEW, MSG_MEANT_PREVIEW},
    {LABEL_IMPORT, MSG_MEANT_IMPORT},
    {LABEL_PRIVACY, MSG_MEANT_PRIVACY},
    {LABEL_EXPORT, MSG_MEANT_EXPORT},
    {LABEL_DELETE, MSG_MEANT_DELETE},
    {LABEL_LANGUAGE, MSG_MEANT_LANGUAGE},
    {LABEL_HELP, MSG_MEANT_HELP},
    {LABEL_HUMAN, MSG_MEANT_HUMAN},
    {LABEL_INCIDENT, MSG_MEANT_INCIDENT},
    {LABEL_INCIDENT_HOWTO, MSG_MEANT_INCIDENT_HOWTO},
    {LABEL_INCIDENT_STATUS, MSG_MEANT_INCIDENT_STATUS},
    {LABEL_INCIDENT_WITHDRAW, MSG_MEANT_INCIDENT_WITHDRAW},
};

static bool find_offer(enum label label, enum msg *ret) {
    for (size_t i = 0; i < ARRAY_LEN(offers); i++) {
        if (offers[i].label == label) {
            *ret = offers[i].msg;
            return true;
        }
    }
    return false;
}

static bool question_open(const struct talk *t) {
    return ask_open(t->s) != NULL || t->s->run.phase == RUN_REVIEW;
}

/* Words about an open question mean nothing without one. */
static bool is_about_question(enum label label) {
    return label == LABEL_BACK || label == LABEL_SKIP || label == LABEL_EXPLAIN ||
           label == LABEL_PROGRESS || label == LABEL_PAUSE;
}

/* … and to begin, or go on, nothing amid one. */
static bool is_out_of_place(const struct talk *t, enum label label) {
    bool begins = label == LABEL_START || label == LABEL_RESUME;
    return question_open(t) ? begins : is_about_question(label);
}

/* ---- the readings as they are kept while they wait ---- */

static const char found_letters[] = "-orptk"; /* in the order of enum found_kind */

static const char *write_readings(struct talk *t, const struct readings *r) {
    struct buf b;
    buf_init(&b, 512);
    for (size_t i = 0; i < r->n; i++) {
        buf_addf(&b, "%s%s:%c:%zu:%d", i > 0 ? " " : "", label_names[r->items[i].label],
                 found_letters[r->items[i].found.kind], r->items[i].found.index,
                 r->items[i].tks_kind);
    }
    return talk_take(t, &b);
}

static size_t count_of(const struct pack *pack, enum found_kind kind) {
    switch (kind) {
    case FOUND_ROLE:
        return PACK_ROLES;
    case FOUND_TERM:
        return pack->n_terms;
    case FOUND_PERSONA:
        return pack->n_personas;
    default:
        return 0;
    }
}

/* The part up to the next ':' or blank, in the arena; *s moves behind it. */
static const char *take_part(struct talk *t, const char **s) {
    size_t n = strcspn(*s, ": ");
    const char *part = arena_strndup(t->arena, *s, n);
    *s += n + ((*s)[n] == ':');
    return part;
}

/* False for what an earlier version or another pack wrote and nobody understands any more. */
static bool read_one(struct talk *t, const char *s, struct reading *ret) {
    enum msg msg;
    const char *name = take_part(t, &s);
    const char *letter = take_part(t, &s);
    const char *at = *letter ? strchr(found_letters, *letter) : NULL;
    size_t index = strtoul(take_part(t, &s), NULL, 10);
    long kind = strtol(take_part(t, &s), NULL, 10);
    *ret = (struct reading){
        .label = label_find(name, strlen(name)),
        .found = {.kind = at ? (enum found_kind)(at - found_letters) : FOUND_NOTHING,
                  .index = index},
        .tks_kind = kind >= 0 && kind < TKS__COUNT ? (int)kind : -1,
    };
    return ret->label != LABEL__COUNT && find_offer(ret->label, &msg) &&
           (ret->found.kind == FOUND_NOTHING || index < count_of(t->pack, ret->found.kind));
}

static void read_readings(struct talk *t, struct readings *r) {
    r->n = 0;
    for (const char *s = t->s->menu_arg; *s && r->n < READINGS_MAX; s += strspn(s, " ")) {
        r->n += read_one(t, s, &r->items[r->n]);
        s += strcspn(s, " ");
    }
}

/* ---- which are offered ---- */

static void add(struct readings *r, struct reading reading) {
    for (size_t i = 0; i < r->n; i++) {
        if (r->items[i].label == reading.label) {
            return;
        }
    }
    if (r->n < READINGS_MAX) {
        r->items[r->n++] = reading;
    }
}

static void add_label(struct readings *r, enum label label) {
    add(r, (struct reading){.label = label, .found = {.kind = FOUND_NOTHING}, .tks_kind = -1});
}

/* A lookup that does not say of what leads to the list. */
static void add_guess(struct talk *t, struct readings *r, enum label label) {
    struct understood u;
    enum msg msg;
    if (!find_offer(label, &msg) || is_out_of_place(t, label)) {
        return;
    }
    if (meaning_under(t->pack, t->phrases, t->arena, label, t->event->text, &u)) {
        add(r, (struct reading){.label = label, .found = u.found, .tks_kind = u.kind});
    } else if (label == LABEL_ROLE || label == LABEL_TKS) {
        add_label(r, LABEL_ROLE_LIST);
    }
}

static bool may_be_cry(const struct understood *u) {
    for (size_t i = 0; i < GUESSES; i++) {
        if (u->maybe[i].label == LABEL_INCIDENT && u->maybe[i].share >= CRY_MIN) {
            return true;
        }
    }
    return false;
}

/* "Actually, 1": rather of the question before than of the one that just came. */
static bool may_revise(const struct talk *t) {
    struct wording w = phrases_wording(t->phrases, t->arena, t->event->text);
    struct form_run tried = t->s->run;
    return question_open(t) && phrases_has(t->phrases, &w, PHRASE_REVISES) &&
           run_back(t->s->form, &tried);
}

/* The two likeliest, and a cry for help always first. */
static void find_readings(struct talk *t, const struct understood *u, struct readings *r) {
    float least = question_open(t) ? LIKELY_MIN_OPEN : LIKELY_MIN;
    r->n = 0;
    if (may_be_cry(u)) {
        add_label(r, LABEL_INCIDENT);
    }
    if (may_revise(t)) {
        add_label(r, LABEL_BACK);
    }
    bool nothing = u->maybe[0].label == LABEL_NONE && u->maybe[0].share >= NONE_MAX;
    for (size_t i = 0; i < GUESSES && r->n < 2 && !nothing; i++) {
        if (u->maybe[i].share >= (r->n == 0 ? least : SECOND_MIN)) {
            add_guess(t, r, u->maybe[i].label);
        }
    }
}

/* ---- what is shown ---- */

static const char *name_of(struct talk *t, struct found found) {
    switch (found.kind) {
    case FOUND_ROLE:
        return talk_l10n(t, t->pack->roles[found.index].name);
    case FOUND_TERM:
        return talk_l10n(t, t->pack->terms[found.index].name);
    case FOUND_PERSONA:
        return talk_l10n(t, t->pack->personas[found.index].name);
    default:
        return "";
    }
}

static const char *choice_of(struct talk *t, const struct reading *r) {
    enum msg msg = MSG_MEANT_HELP;
    (void)find_offer(r->label, &msg);
    return talk_string(t, msg, "name", name_of(t, r->found));
}

static const char *last_choice(struct talk *t) {
    return talk_string(t, question_open(t) ? MSG_MEANT_RETURN : MSG_MEANT_OTHER);
}

static void show(struct talk *t, const struct readings *r) {
    for (size_t i = 0; i < r->n; i++) {
        talk_choice_line(t, (int)i + 1, choice_of(t, &r->items[i]), false);
    }
    talk_choice_line(t, (int)r->n + 1, last_choice(t), false);
}

void doubt_show(struct talk *t) {
    struct readings r;
    read_readings(t, &r);
    talk_line(t, MSG_MEANT_WHICH);
    show(t, &r);
}

static void wait_for(struct talk *t, const struct readings *r) {
    t->s->menu = MENU_MEANT;
    t->s->menu_arg = write_readings(t, r);
    show(t, r);
}

static void show_open(struct talk *t) {
    if (talk_menu_waits(t->s)) {
        menu_show(t);
    } else if (question_open(t)) {
        ask_show(t);
    }
}

/* The two likeliest readings, where there are any. */
static bool offer_readings(struct talk *t, const struct understood *u, bool first) {
    struct readings r = {.n = 0};
    if (talk_menu_waits(t->s)) {
        return false;
    }
    find_readings(t, u, &r);
    if (r.n == 0) {
        return false;
    }
    if (first) {
        talk_line(t, r.n > 1 ? MSG_MEANT_ASK : MSG_MEANT_ASK_ONE, "said",
                  talk_quote(t, t->event->text));
    }
    wait_for(t, &r);
    return true;
}

/* Where nothing is open that could be shown: the main ways on. */
static void offer_ways(struct talk *t) {
    struct readings r = {.n = 0};
    if (talk_menu_waits(t->s) || question_open(t)) {
        show_open(t);
        talk_word(t, talk_string(t, MSG_WORD_HUMAN));
        return;
    }
    add_label(&r, ask_under_way(t->s) ? LABEL_RESUME : LABEL_START);
    add_label(&r, LABEL_ROLE_LIST);
    add_label(&r, LABEL_HELP);
    add_label(&r, LABEL_HUMAN);
    wait_for(t, &r);
}

static void say_first(struct talk *t, const struct understood *u) {
    bool open = talk_menu_waits(t->s) || question_open(t);
    if (u->intent == INTENT_EMPTY) {
        talk_line(t, MSG_EMPTY);
    } else if (!offer_readings(t, u, true)) {
        talk_line(t, open ? MSG_MISS_QUESTION : MSG_MISS, "said", talk_quote(t, t->event->text));
    }
    if (!open && t->s->run.phase == RUN_PARKED) {
        ask_say_closed(t); /* how to go on */
    }
    if (t->s->menu != MENU_MEANT) {
        show_open(t);
    }
}

void doubt_say(struct talk *t, const struct understood *u) {
    int misses = t->s->misses;
    bool open = talk_menu_waits(t->s) || question_open(t);
    if (misses <= 1) {
        say_first(t, u);
        return;
    }
    if (misses == 2) {
        talk_line(t, open ? MSG_MISS_QUESTION_AGAIN : MSG_MISS_AGAIN);
    } else {
        talk_line(t, MSG_MISS_MANY, "n", talk_number(t, misses));
    }
    bool readings =
        (misses > 2 || open || may_be_cry(u)) && offer_readings(t, u, open && misses == 2);
    if (!readings) {
        offer_ways(t);
    }
}

/* ---- what is answered ---- */

/* The number a message chooses: itself, or the words of a choice; 0 for none. */
static int chosen(struct talk *t, const struct readings *r, const struct understood *u) {
    if (u->intent == INTENT_NUMBER) {
        return u->number;
    }
    const char *said = text_bare(t->arena, text_fold(t->arena, t->event->text));
    for (size_t i = 0; i <= r->n; i++) {
        const char *label = i < r->n ? choice_of(t, &r->items[i]) : last_choice(t);
        if (strcmp(text_bare(t->arena, text_fold(t->arena, label)), said) == 0) {
            return (int)i + 1;
        }
    }
    if (u->intent != INTENT_PHRASE) {
        return 0;
    }
    switch (u->phrase) {
    case PHRASE_YES:
        return r->n == 1 ? 1 : 0;
    case PHRASE_NO:
    case PHRASE_WRONG:
        return (int)r->n + 1;
    case PHRASE_NONE_OF: /* with a question open it is an answer to that */
        return question_open(t) ? 0 : (int)r->n + 1;
    default:
        return 0;
    }
}

static void settle(struct talk *t, const char *asked, const char *label) {
    t->out->settled = (struct settled){.question = asked,
                                       .text = talk_string(t, MSG_ASK_SETTLED, "answer", label)};
}

static enum doubt_answer take_neither(struct talk *t) {
    t->s->menu = MENU_NONE;
    if (question_open(t)) {
        t->s->misses = 0; /* that was understood */
        ask_return(t);
    } else {
        t->s->misses++;
        doubt_say(t, &(struct understood){.intent = INTENT_UNKNOWN});
    }
    return DOUBT_NEITHER;
}

enum doubt_answer doubt_take(struct talk *t, struct understood *u) {
    struct readings r;
    read_readings(t, &r);
    int number = chosen(t, &r, u);
    const char *asked = menu_reference(t);
    if (number == 0) {
        t->s->menu = MENU_NONE;
        return DOUBT_OTHER;
    }
    if (number > (int)r.n + 1) {
        talk_line(t, MSG_MENU_NUMBER, "number", talk_number(t, number));
        doubt_show(t);
        return DOUBT_NUMBER;
    }
    if (number == (int)r.n + 1) {
        settle(t, asked, last_choice(t));
        return take_neither(t);
    }
    struct reading *it = &r.items[number - 1];
    settle(t, asked, choice_of(t, it));
    t->s->menu = MENU_NONE;
    *u = (struct understood){
        .phrase = PHRASE_NOTHING, .kind = -1, .query = "", .firm = true, .happened = KIND__COUNT};
    (void)meaning_made(it->label, it->found, it->tks_kind, u);
    return DOUBT_CHOSEN;
}
