#include "intents/ask.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "intents/assess.h"
#include "intents/question.h"
#include "intents/result.h"
#include "intents/slot.h"

const struct form_question *ask_open(const struct session *s) {
    return s->run.phase == RUN_ASKING ? &s->form->questions[s->run.current] : NULL;
}

static bool is_assessment(const struct session *s) {
    return s->form->purpose == FORM_ASSESSMENT;
}

bool ask_under_way(const struct session *s) {
    return s->run.phase == RUN_ASKING || s->run.phase == RUN_REVIEW || s->run.phase == RUN_PARKED;
}

const char *ask_reference(struct talk *t) {
    const struct form_question *q = ask_open(t->s);
    if (!q && t->s->run.phase != RUN_REVIEW) {
        return "";
    }
    return arena_printf(t->arena, "%s/%s", t->s->run_id, q ? q->id : "review");
}

void ask_show(struct talk *t) {
    if (talk_menu_waits(t->s)) {
        t->s->menu = MENU_NONE; /* what is shown last is what numbers mean */
    }
    const struct form_question *q = ask_open(t->s);
    t->question = ask_reference(t);
    if (q) {
        t->closes = q->kind == FORM_MULTI || t->s->run.ticks != 0;
        question_show(t, q);
    } else if (t->s->run.phase == RUN_REVIEW) {
        t->closes = true;
        question_review(t);
    }
}

void ask_return(struct talk *t) {
    if (ask_open(t->s) || t->s->run.phase == RUN_REVIEW) {
        talk_line(t, MSG_ASK_RETURN);
        ask_show(t);
    }
}

/* A run's id follows from the event that began it, so that the step stays a pure function. */
static void new_run_id(struct talk *t) {
    const char *seed =
        arena_printf(t->arena, "%s/%s/%s/%s/%lld", t->event->platform, t->event->workspace,
                     t->event->user, t->event->id, (long long)t->event->at_ms);
    char hex[HASH_HEX_LEN + 1];
    hash_hex(seed, strlen(seed), hex);
    snprintf(t->s->run_id, sizeof(t->s->run_id), "%.*s", RUN_ID_LEN, hex);
}

static const char *total_questions(struct talk *t, const struct form *form) {
    struct form_run fresh;
    run_begin(form, &fresh);
    size_t total;
    run_place(form, &fresh, fresh.current, &total);
    return talk_number(t, (int64_t)total);
}

struct counts {
    const char *done;
    const char *total;
    const char *left;
};

static struct counts count(struct talk *t) {
    size_t total;
    run_place(t->s->form, &t->s->run, t->s->run.current, &total);
    size_t done = run_answered(t->s->form, &t->s->run);
    return (struct counts){.done = talk_number(t, (int64_t)done),
                           .total = talk_number(t, (int64_t)total),
                           .left = talk_number(t, (int64_t)(total - done))};
}

void ask_begin(struct talk *t, const struct form *form) {
    if (ask_under_way(t->s)) {
        talk_change(t, CHANGE_RUN_LEFT);
    }
    t->s->form = form;
    new_run_id(t);
    run_begin(form, &t->s->run);
    talk_change(t, CHANGE_RUN_BEGIN);
}

void ask_bring(struct talk *t, enum form_purpose purpose) {
    if (t->s->form->purpose == purpose) {
        return;
    }
    if (ask_under_way(t->s)) {
        struct counts c = count(t);
        run_park(&t->s->run);
        talk_line(t, purpose == FORM_ASSESSMENT ? MSG_ASK_GAVE_WAY : MSG_ASSESS_GAVE_WAY, "done",
                  c.done, "total", c.total);
    }
    (void)slot_bring(t->s, purpose, t->pack->form);
}

void ask_go_on(struct talk *t) {
    if (t->s->run.phase == RUN_PARKED) {
        run_resume(&t->s->run);
    }
    talk_line(t, MSG_ASK_ALREADY_OPEN);
    ask_show(t);
}

void ask_start(struct talk *t, bool over) {
    if (over && t->s->form->purpose == FORM_ASSESSMENT) {
        talk_line(t, MSG_ASK_RESTARTED);
        assess_again(t);
        return;
    }
    ask_bring(t, FORM_PERSONA);
    if (ask_under_way(t->s) && !over) {
        ask_go_on(t);
        return;
    }
    if (ask_under_way(t->s)) {
        talk_line(t, MSG_ASK_RESTARTED);
    } else {
        const struct persona *p = pack_persona(t->pack, t->s->result);
        if (p) {
            talk_line(t, MSG_ASK_BEGIN_AGAIN, "persona", talk_l10n(t, p->brief));
        }
        talk_line(t, MSG_ASK_BEGIN, "total", total_questions(t, t->pack->form));
    }
    ask_begin(t, t->pack->form);
    t->s->result_of_run = false;
    ask_show(t);
}

void ask_resume(struct talk *t) {
    if (!ask_under_way(t->s) && slot_waits(t->s, FORM_PERSONA)) {
        ask_bring(t, FORM_PERSONA);
    }
    if (!ask_under_way(t->s) && slot_waits(t->s, FORM_ASSESSMENT)) {
        ask_bring(t, FORM_ASSESSMENT);
    }
    if (!ask_under_way(t->s)) {
        talk_line(t, MSG_ASK_NOTHING_OPEN);
        return;
    }
    if (t->s->run.phase == RUN_PARKED) {
        run_resume(&t->s->run);
    }
    talk_line(t, MSG_ASK_RESUMED);
    ask_show(t);
}

void ask_pause(struct talk *t) {
    if (!ask_under_way(t->s)) {
        talk_line(t, MSG_ASK_NOTHING_OPEN);
        return;
    }
    run_park(&t->s->run);
    t->s->menu = MENU_NONE;
    struct counts c = count(t);
    talk_line(t, MSG_ASK_PAUSED, "done", c.done, "total", c.total);
}

void ask_progress(struct talk *t) {
    if (!ask_under_way(t->s)) {
        talk_line(t, MSG_ASK_NOTHING_OPEN);
        return;
    }
    struct counts c = count(t);
    talk_line(t, MSG_ASK_PROGRESS, "done", c.done, "total", c.total, "left", c.left);
    ask_return(t);
}

void ask_say_closed(struct talk *t) {
    struct counts c = count(t);
    if (t->s->run.phase == RUN_PARKED) {
        talk_line(t, MSG_ASK_PARKED, "done", c.done, "total", c.total);
    } else {
        talk_line(t, MSG_ASK_NOTHING_OPEN);
    }
}

/* What was answered last, by place on the path: there is no other order people would recognise. */
static int last_answered(const struct session *s) {
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(s->form, &s->run, path);
    int last = -1;
    for (size_t i = 0; i < n; i++) {
        if (s->run.replies[path[i]].kind != REPLY_OPEN) {
            last = path[i];
        }
    }
    return last;
}

void ask_welcome_back(struct talk *t) {
    struct counts c = count(t);
    int last = last_answered(t->s);
    if (last < 0) {
        talk_line(t, MSG_GREET_BACK_NONE, "total", c.total);
    } else {
        talk_line(t, MSG_GREET_BACK, "done", c.done, "total", c.total, "title",
                  talk_l10n(t, t->s->form->questions[last].title), "answer",
                  question_reply(t, last));
    }
    talk_choice(t, 1, talk_string(t, MSG_GREET_CONTINUE), false);
    talk_choice(t, 2, talk_string(t, MSG_GREET_RESTART), false);
    t->s->menu = MENU_WELCOME_BACK;
}

void ask_confirm_restart(struct talk *t) {
    if (!ask_under_way(t->s)) {
        ask_start(t, false);
        return;
    }
    if (run_answered(t->s->form, &t->s->run) == 0) {
        ask_start(t, true);
        return;
    }
    talk_line(t, MSG_ASK_RESTART, "done", count(t).done);
    talk_choice(t, 1, talk_string(t, MSG_ASK_RESTART_YES), false);
    talk_choice(t, 2, talk_string(t, MSG_ASK_RESTART_NO), false);
    t->s->menu = MENU_RESTART;
}

static void record(struct talk *t, int question) {
    struct change *c = talk_change(t, CHANGE_REPLY);
    c->question = question;
    c->reply = t->s->run.replies[question];
}

void ask_fill(struct talk *t, int question, uint32_t mask) {
    run_fill(t->s->form, &t->s->run, question,
             (struct form_reply){.kind = REPLY_CHOSEN, .mask = mask});
    record(t, question);
}

/* Stores what an answer did, says which others it touches, and goes on. */
static void go_on(struct talk *t, const struct run_effect *e) {
    record(t, e->answered);
    if (is_assessment(t->s)) {
        assess_took(t, e->answered, e->had_answer);
    }
    t->out->settled = (struct settled){
        .question =
            arena_printf(t->arena, "%s/%s", t->s->run_id, t->s->form->questions[e->answered].id),
        .text = talk_string(t, MSG_ASK_SETTLED, "answer", question_reply(t, e->answered))};
    for (size_t i = 0; i < e->n_dropped; i++) {
        record(t, e->dropped[i]);
    }
    if (e->n_dropped > 0) {
        talk_line(t, MSG_ASK_DROPPED, "titles", question_titles(t, e->dropped, e->n_dropped));
    }
    if (e->n_again > 0) {
        talk_line(t, MSG_ASK_AGAIN, "titles", question_titles(t, e->again, e->n_again));
    }
    ask_show(t);
}

static void take(struct talk *t, enum reply_kind kind, uint32_t mask) {
    struct run_effect e;
    const struct form_question *q = ask_open(t->s);
    struct form_reply reply = {.kind = kind, .mask = mask};
    run_answer(t->s->form, &t->s->run, reply, &e);
    if (kind == REPLY_UNSURE) {
        talk_line(t, is_assessment(t->s) ? MSG_ASSESS_UNSURE : MSG_ASK_UNSURE);
    } else {
        talk_line(t, MSG_ASK_CHOSEN, "labels", question_labels(t, q, mask));
    }
    go_on(t, &e);
}

static void skip(struct talk *t) {
    struct run_effect e;
    bool kept = t->s->run.replies[t->s->run.current].kind != REPLY_OPEN;
    run_skip(t->s->form, &t->s->run, &e);
    if (kept) {
        talk_line(t, MSG_ASK_KEPT);
    } else {
        size_t place = run_place(t->s->form, &t->s->run, e.answered, NULL);
        talk_line(t, MSG_ASK_SKIPPED, "place", talk_number(t, (int64_t)place));
    }
    go_on(t, &e);
}

/* The first "I don't know" is met with something concrete, the second one is taken as the answer.
 */
static void unsure(struct talk *t, const struct form_question *q) {
    bool again = t->s->run.replies[t->s->run.current].kind == REPLY_UNSURE;
    if (t->s->run.hinted || again || is_assessment(t->s)) { /* where it is as good as a level */
        take(t, REPLY_UNSURE, 0);
        return;
    }
    t->s->run.hinted = true;
    talk_line(t, MSG_ASK_HINT, "example", talk_l10n(t, q->example));
    ask_return(t);
}

/* A list lets people tick "none of these" together with others. */
static bool contradicts(const struct form_question *q, uint32_t ticks) {
    return q->none_option >= 0 && (ticks & (1u << q->none_option)) != 0 &&
           (ticks & (ticks - 1)) != 0;
}

static void close_ticks(struct talk *t, const struct form_question *q) {
    if (t->s->run.ticks == 0 && t->s->run.replies[t->s->run.current].kind != REPLY_OPEN) {
        skip(t); /* "not sure" stays what it was */
        return;
    }
    if (t->s->run.ticks == 0) {
        talk_line(t, MSG_ASK_NOTHING_CHOSEN);
        ask_show(t);
        return;
    }
    if (contradicts(q, t->s->run.ticks)) {
        t->s->run.ticks = 0; /* as after the same in words */
        ask_answer(t, &(struct answer){.kind = ANSWER_CONFLICT});
        return;
    }
    take(t, REPLY_CHOSEN, t->s->run.ticks);
}

static uint32_t all_but_none(const struct form_question *q) {
    uint32_t mask = (1u << q->n_options) - 1;
    return q->none_option >= 0 ? mask & ~(1u << q->none_option) : mask;
}

static void take_none(struct talk *t, const struct form_question *q) {
    if (q->none_option >= 0) {
        take(t, REPLY_CHOSEN, 1u << q->none_option);
    } else {
        talk_line(t, MSG_ASK_NEITHER);
        ask_show(t);
    }
}

static bool has_reply(const struct session *s) {
    return s->run.ticks != 0 || s->run.replies[s->run.current].kind != REPLY_OPEN;
}

/* "That is wrong" may mean this question or the echo of the last answer: ask, store nothing. */
static void object(struct talk *t) {
    bool none = t->s->form->questions[t->s->run.current].none_option >= 0;
    talk_line(t, none ? MSG_ASK_WRONG : MSG_ASK_WRONG_SINGLE);
    ask_show(t);
}

static void back(struct talk *t) {
    if (!run_back(t->s->form, &t->s->run)) {
        talk_line(t, MSG_ASK_FIRST);
    }
    ask_show(t);
}

static void finish(struct talk *t) {
    if (t->s->run.phase == RUN_REVIEW) {
        t->out->settled =
            (struct settled){.question = ask_reference(t),
                             .text = talk_string(t, MSG_ASK_SETTLED, "answer", question_done(t))};
    }
    if (is_assessment(t->s)) {
        assess_finish(t);
    } else {
        result_finish(t);
    }
}

static bool review_phrase(struct talk *t, enum phrase_intent phrase) {
    switch (phrase) {
    case PHRASE_YES:
    case PHRASE_CLOSE:
    case PHRASE_MY_RESULT:
        finish(t);
        return true;
    case PHRASE_NO:
    case PHRASE_WRONG:
    case PHRASE_EDIT:
        ask_which_to_edit(t);
        return true;
    case PHRASE_UNSURE:
    case PHRASE_WHY:
    case PHRASE_EXAMPLE:
    case PHRASE_ALL:
    case PHRASE_NONE_OF:
        talk_line(t, MSG_REVIEW_COMPLETE);
        ask_show(t);
        return true;
    case PHRASE_BACK:
        back(t);
        return true;
    case PHRASE_REVIEW:
    case PHRASE_SKIP:
        ask_show(t);
        return true;
    default:
        return false;
    }
}

static bool question_phrase(struct talk *t, const struct form_question *q,
                            enum phrase_intent phrase) {
    switch (phrase) {
    case PHRASE_BACK:
        back(t);
        return true;
    case PHRASE_SKIP:
        skip(t);
        return true;
    case PHRASE_UNSURE:
        unsure(t, q);
        return true;
    case PHRASE_CLOSE:
        close_ticks(t, q);
        return true;
    case PHRASE_ALL:
        ask_answer(t,
                   &(struct answer){.kind = q->kind == FORM_MULTI ? ANSWER_CHOSEN : ANSWER_SEVERAL,
                                    .mask = all_but_none(q)});
        return true;
    case PHRASE_NONE_OF:
        take_none(t, q);
        return true;
    case PHRASE_NO:
        if (has_reply(t->s)) {
            object(t); /* to what is ticked: that is not "none of these" */
        } else {
            take_none(t, q);
        }
        return true;
    case PHRASE_WRONG:
        object(t);
        return true;
    case PHRASE_YES:
        talk_line(t, MSG_ASK_YES_WHICH);
        ask_show(t);
        return true;
    case PHRASE_WHY:
        talk_line(t, MSG_ASK_WHY, "why", talk_l10n(t, q->why));
        ask_return(t);
        return true;
    case PHRASE_EXAMPLE:
        talk_line(t, MSG_ASK_EXAMPLE, "example", talk_l10n(t, q->example));
        ask_return(t);
        return true;
    case PHRASE_EDIT:
        ask_which_to_edit(t);
        return true;
    case PHRASE_REVIEW:
        talk_line(t, run_answered(t->s->form, &t->s->run) > 0 ? MSG_REVIEW_SO_FAR
                                                              : MSG_ASK_NO_ANSWERS);
        question_replies(t);
        ask_return(t);
        return true;
    default:
        return false;
    }
}

bool ask_phrase(struct talk *t, enum phrase_intent phrase) {
    const struct form_question *q = ask_open(t->s);
    if (!q && t->s->run.phase != RUN_REVIEW) {
        return false;
    }
    if (phrase == PHRASE_VAGUE) { /* may mean yes or no: never guessed */
        talk_line(t, MSG_ASK_VAGUE);
        ask_show(t);
        return true;
    }
    return q ? question_phrase(t, q, phrase) : review_phrase(t, phrase);
}

static bool both_possible(const struct form_question *q, uint32_t mask) {
    return q->kind == FORM_MULTI && (q->none_option < 0 || !(mask & (1u << q->none_option)));
}

void ask_answer(struct talk *t, const struct answer *a) {
    const struct form_question *q = ask_open(t->s);
    switch (a->kind) {
    case ANSWER_CHOSEN:
        take(t, REPLY_CHOSEN, a->mask);
        return;
    case ANSWER_OUT_OF_RANGE:
        talk_line(t, MSG_ASK_RANGE, "number", talk_number(t, a->number), "min",
                  talk_number(t, form_number(q, 0)), "max",
                  talk_number(t, form_number(q, (int)q->n_options - 1)));
        break;
    case ANSWER_EITHER:
        talk_line(t, both_possible(q, a->mask) ? MSG_ASK_EITHER_MULTI : MSG_ASK_EITHER, "labels",
                  question_labels(t, q, a->mask), "numbers", question_numbers(t, q, a->mask));
        break;
    case ANSWER_SEVERAL:
        talk_line(t, MSG_ASK_SEVERAL, "labels", question_labels(t, q, a->mask));
        break;
    case ANSWER_CONFLICT:
        talk_line(t, MSG_ASK_CONFLICT, "label", talk_l10n(t, q->options[q->none_option].label));
        break;
    case ANSWER_PARTLY:
        talk_line(t, MSG_ASK_PARTLY, "labels", question_labels(t, q, a->mask));
        break;
    default:
        break;
    }
    ask_show(t);
}

void ask_tick_words(struct talk *t, const struct answer *a, bool on) {
    const struct form_question *q = ask_open(t->s);
    bool several_of_one = a->kind == ANSWER_SEVERAL && on;
    if ((a->kind != ANSWER_CHOSEN && a->kind != ANSWER_SEVERAL) || several_of_one) {
        ask_answer(t, a);
        return;
    }
    uint32_t before = t->s->run.ticks;
    for (size_t o = 0; o < q->n_options; o++) {
        if (a->mask & (1u << o)) {
            run_set_tick(q, &t->s->run, (int)o, on);
        }
    }
    uint32_t changed = on ? a->mask : a->mask & before;
    enum msg msg = on ? MSG_ASK_ADDED : changed ? MSG_ASK_UNTICKED : MSG_ASK_NOT_TICKED;
    talk_line(t, msg, "labels", question_labels(t, q, changed ? changed : a->mask));
    ask_show(t);
}

void ask_tick(struct talk *t, int number, bool on) {
    const struct form_question *q = ask_open(t->s);
    int option = form_option(q, number);
    if (option < 0) {
        ask_answer(t, &(struct answer){.kind = ANSWER_OUT_OF_RANGE, .number = number});
        return;
    }
    if (q->kind == FORM_SINGLE && on) {
        take(t, REPLY_CHOSEN, 1u << option);
        return;
    }
    run_set_tick(q, &t->s->run, option, on);
    ask_show(t);
    t->refreshes = true;
}

uint32_t ask_mask(const struct form_question *q, const int *numbers, size_t n) {
    uint32_t mask = 0;
    for (size_t i = 0; i < n; i++) {
        int option = form_option(q, numbers[i]);
        mask |= option >= 0 ? 1u << option : 0;
    }
    return mask;
}

void ask_select(struct talk *t, const int *numbers, size_t n) {
    const struct form_question *q = ask_open(t->s);
    if (q) {
        t->s->run.ticks = ask_mask(q, numbers, n);
    }
}

bool ask_review_number(struct talk *t, int number) {
    if (t->s->run.phase != RUN_REVIEW) {
        return false;
    }
    switch (number) {
    case 1:
        finish(t);
        return true;
    case 2:
        ask_which_to_edit(t);
        return true;
    case 3:
        ask_confirm_restart(t);
        return true;
    default:
        talk_line(t, MSG_ASK_RANGE, "number", talk_number(t, number), "min", "1", "max", "3");
        ask_show(t);
        return true;
    }
}
