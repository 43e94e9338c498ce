#include "intents/click.h"

#include <string.h>

#include "intents/ask.h"
#include "intents/menu.h"
#include "intents/understand.h"

/* Clicks on what was just answered are a nervous finger for that long. */
#define DOUBLE_CLICK_MS ((int64_t)3000)

/* The question of the run that the reference names, or -1. */
static int question_at(const struct session *s, const char *reference) {
    const char *id = strrchr(reference, '/');
    size_t n = id ? (size_t)(id - reference) : 0;
    return id && strlen(s->run_id) == n && strncmp(reference, s->run_id, n) == 0
               ? form_find_question(s->form, id + 1)
               : -1;
}

/* The choices that a click answers its question with; 0 where that is not to be told. */
static uint32_t clicked(const struct form_question *q, const struct event *e) {
    if (e->kind == EVENT_TICK) {
        return ask_mask(q, &e->choice, 1);
    }
    return ask_mask(q, e->selected, e->n_selected);
}

/* Whether that is the review, and what it offers has been chosen: it is over, or a menu came up. */
static bool is_left_review(struct talk *t, const struct session *before) {
    const char *review = arena_printf(t->arena, "%s/review", before->run_id);
    return strcmp(t->event->question, review) == 0 &&
           (before->run.phase != RUN_REVIEW || talk_menu_waits(before));
}

/* The second click of two on what the first one has answered already. */
static bool is_double_click(struct talk *t, const struct session *before) {
    const struct event *e = t->event;
    bool soon = before->last_event_ms > 0 && e->at_ms - before->last_event_ms < DOUBLE_CLICK_MS;
    int q = question_at(before, e->question);
    uint32_t mask = q >= 0 ? clicked(&before->form->questions[q], e) : 0;
    uint32_t stored =
        q >= 0 && before->run.replies[q].kind == REPLY_CHOSEN ? before->run.replies[q].mask : 0;
    bool menu = e->kind == EVENT_TICK && strncmp(e->question, "menu/", 5) == 0;
    bool closed = e->kind == EVENT_CLOSE && !e->has_selected && stored != 0;
    return soon && (e->kind == EVENT_WORD || menu || closed || (mask != 0 && mask == stored) ||
                    is_left_review(t, before));
}

void click_answer_old(struct talk *t, const struct session *before) {
    if (t->event->kind == EVENT_UNTICK || is_double_click(t, before)) {
        return; /* tidying up behind an answer says nothing */
    }
    if (*ask_reference(t) || talk_menu_waits(t->s)) {
        talk_line(t, MSG_ASK_OLD);
        menu_return(t);
    } else {
        ask_say_closed(t);
    }
}

static void answer_review(struct talk *t) {
    if (t->event->kind == EVENT_CLOSE || t->event->kind == EVENT_TICK) {
        ask_review_number(t, t->event->kind == EVENT_CLOSE ? 1 : t->event->choice);
    }
}

void click_answer(struct talk *t, const struct session *before) {
    const struct event *e = t->event;
    const char *now = ask_reference(t);
    if (talk_menu_waits(t->s) && e->kind == EVENT_TICK &&
        strcmp(e->question, menu_reference(t)) == 0) {
        struct understood u = {.intent = INTENT_NUMBER, .number = e->choice, .query = ""};
        (void)menu_take(t, &u); /* a number always is an answer to a menu */
        return;
    }
    if (*now == '\0' || strcmp(e->question, now) != 0) {
        click_answer_old(t, before);
        return;
    }
    if (talk_menu_waits(before) && is_double_click(t, before)) {
        return;
    }
    if (e->kind == EVENT_UNTICK && e->choice < 0) {
        return;
    }
    t->s->menu = MENU_NONE; /* the click says what it is about */
    if (t->s->run.phase == RUN_REVIEW) {
        answer_review(t);
        return;
    }
    if (e->kind == EVENT_SELECT || e->has_selected) {
        ask_select(t, e->selected, e->n_selected);
    }
    if (e->kind == EVENT_CLOSE) {
        ask_phrase(t, PHRASE_CLOSE);
    } else if (e->kind != EVENT_SELECT) {
        ask_tick(t, e->choice, e->kind == EVENT_TICK);
    }
}
