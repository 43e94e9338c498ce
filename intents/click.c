#include "intents/click.h"

#include <string.h>

#include "intents/ask.h"
#include "intents/menu.h"
#include "intents/understand.h"

/* Clicks on what was just answered are a nervous finger for that long. */
#define DOUBLE_CLICK_MS ((int64_t)3000)

/* The answer that a click on that question gave, as it is stored; 0 for none. */
static uint32_t stored_choice(const struct session *s, const char *question) {
    const char *id = strrchr(question, '/');
    size_t n = id ? (size_t)(id - question) : 0;
    int q = id && strlen(s->run_id) == n && strncmp(question, s->run_id, n) == 0
                ? form_find_question(s->form, id + 1)
                : -1;
    return q >= 0 && s->run.replies[q].kind == REPLY_CHOSEN ? s->run.replies[q].mask : 0;
}

/* The choices that a click answers its question with; 0 where that is not to be told. */
static uint32_t clicked(const struct event *e) {
    if (e->kind == EVENT_TICK) {
        return e->choice >= 1 && e->choice <= FORM_MAX_OPTIONS ? 1u << (e->choice - 1) : 0;
    }
    uint32_t mask = 0;
    for (size_t i = 0; i < e->n_selected; i++) {
        int number = e->selected[i];
        mask |= number >= 1 && number <= FORM_MAX_OPTIONS ? 1u << (number - 1) : 0;
    }
    return mask;
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
    uint32_t mask = clicked(e);
    uint32_t stored = stored_choice(before, e->question);
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
    if (e->kind == EVENT_UNTICK && e->choice == 0) {
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
