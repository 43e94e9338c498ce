#include "intents/menu.h"

#include <string.h>

#include "base/hash.h"
#include "intents/ask.h"
#include "intents/assess.h"
#include "intents/doubt.h"
#include "intents/handoff.h"
#include "intents/link.h"
#include "intents/plan.h"
#include "intents/result.h"

void menu_show(struct talk *t) {
    switch (t->s->menu) {
    case MENU_WELCOME_BACK:
        ask_welcome_back(t);
        break;
    case MENU_RESTART:
        ask_confirm_restart(t);
        break;
    case MENU_EDIT:
        ask_which_to_edit(t);
        break;
    case MENU_LINK:
        link_ask_again(t);
        break;
    case MENU_UNLINK:
        link_ask_leave(t);
        break;
    case MENU_MEANT:
        doubt_show(t);
        break;
    case MENU_HANDOFF:
    case MENU_HANDOFF_TEXT:
    case MENU_HANDOFF_SEND:
        handoff_show(t);
        break;
    case MENU_ASSESS:
        assess_offer(t);
        break;
    case MENU_PACE:
        plan_offer_pace(t);
        break;
    case MENU_LEVEL_UP:
        plan_ask_level(t);
        break;
    case MENU_PICK:
    case MENU_CHANGE:
        result_offer_again(t);
        break;
    default:
        break;
    }
}

void menu_return(struct talk *t) {
    if (talk_menu_waits(t->s)) {
        talk_line(t, MSG_MENU_RETURN);
        menu_show(t);
    } else {
        ask_return(t);
    }
}

/* The label of that number on the waiting menu, "" for none. Only before anything is said. */
static const char *label_of(struct talk *t, int number) {
    struct session before = *t->s;
    menu_show(t);
    const char *label = "";
    for (size_t i = 0; i < t->n_choices; i++) {
        label = t->choices[i].number == number ? t->choices[i].label : label;
    }
    talk_clear(t);
    *t->s = before;
    return label;
}

static bool is_phrase(const struct understood *u, enum phrase_intent phrase) {
    return u->intent == INTENT_PHRASE && u->phrase == phrase;
}

/* "No" and "that is wrong" are the same to what a menu asks. */
static bool is_no(const struct understood *u) {
    return is_phrase(u, PHRASE_NO) || is_phrase(u, PHRASE_WRONG);
}

static bool is_number(const struct understood *u, int number) {
    return u->intent == INTENT_NUMBER && u->number == number;
}

/* A number that is not on the menu is no answer to anything else either. */
static bool refuse_number(struct talk *t, const struct understood *u) {
    if (u->intent != INTENT_NUMBER) {
        return false;
    }
    talk_line(t, MSG_MENU_NUMBER, "number", talk_number(t, u->number));
    menu_show(t);
    return true;
}

static bool answer_welcome(struct talk *t, const struct understood *u) {
    if (is_number(u, 1) || is_phrase(u, PHRASE_YES) || is_phrase(u, PHRASE_RESUME) ||
        is_phrase(u, PHRASE_START)) {
        t->s->menu = MENU_NONE;
        ask_resume(t);
        return true;
    }
    if (is_number(u, 2) || is_phrase(u, PHRASE_RESTART)) {
        t->s->menu = MENU_NONE;
        ask_start(t, true);
        return true;
    }
    return refuse_number(t, u);
}

static bool answer_restart(struct talk *t, const struct understood *u) {
    if (is_number(u, 1) || is_phrase(u, PHRASE_YES) || is_phrase(u, PHRASE_RESTART)) {
        t->s->menu = MENU_NONE;
        ask_start(t, true);
        return true;
    }
    if (is_number(u, 2) || is_no(u) || is_phrase(u, PHRASE_RESUME) || is_phrase(u, PHRASE_BACK) ||
        is_phrase(u, PHRASE_START)) {
        t->s->menu = MENU_NONE;
        ask_resume(t);
        return true;
    }
    return refuse_number(t, u);
}

/* By number, by title, or back to where we were. */
static bool answer_edit(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_NUMBER) {
        ask_edit(t, u->number);
        return true;
    }
    if (is_phrase(u, PHRASE_BACK) || is_no(u) || is_phrase(u, PHRASE_CLOSE) ||
        is_phrase(u, PHRASE_RESUME)) {
        t->s->menu = MENU_NONE;
        talk_line(t, MSG_ASK_KEPT);
        ask_show(t);
        return true;
    }
    return ask_edit_named(t, t->event->text);
}

static bool answer_pick(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_NUMBER && result_pick(t, u->number)) {
        ask_return(t);
        return true;
    }
    if (u->intent == INTENT_THING && u->found.kind == FOUND_PERSONA) {
        result_set(t, &t->pack->personas[u->found.index]);
        ask_return(t);
        return true;
    }
    if (is_phrase(u, PHRASE_PAUSE) || is_no(u) || is_phrase(u, PHRASE_BACK) ||
        is_phrase(u, PHRASE_CLOSE) || is_phrase(u, PHRASE_SKIP) || is_phrase(u, PHRASE_UNSURE) ||
        is_phrase(u, PHRASE_NONE_OF)) {
        t->s->menu = MENU_NONE;
        talk_line(t, MSG_RESULT_LEFT);
        ask_return(t);
        return true;
    }
    return refuse_number(t, u);
}

static bool answer_assess(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_NUMBER && assess_pick(t, u->number)) {
        return true;
    }
    if (is_phrase(u, PHRASE_QUICK) || is_phrase(u, PHRASE_ALL)) {
        return assess_pick_length(t, is_phrase(u, PHRASE_QUICK));
    }
    if (is_phrase(u, PHRASE_PAUSE) || is_no(u) || is_phrase(u, PHRASE_BACK) ||
        is_phrase(u, PHRASE_CLOSE) || is_phrase(u, PHRASE_SKIP)) {
        t->s->menu = MENU_NONE;
        talk_line(t, MSG_ASSESS_LEFT);
        ask_return(t);
        return true;
    }
    return refuse_number(t, u);
}

static bool answer_pace(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_NUMBER && plan_pick_pace(t, u->number)) {
        return true;
    }
    if (is_phrase(u, PHRASE_PAUSE) || is_no(u) || is_phrase(u, PHRASE_BACK) ||
        is_phrase(u, PHRASE_CLOSE) || is_phrase(u, PHRASE_SKIP)) {
        t->s->menu = MENU_NONE;
        talk_line(t, MSG_PLAN_LATER);
        ask_return(t);
        return true;
    }
    return refuse_number(t, u);
}

static void level_up(struct talk *t) {
    plan_level_up(t, true);
}

static void level_stays(struct talk *t) {
    plan_level_up(t, false);
}

static bool answer_yes_no(struct talk *t, const struct understood *u, void (*yes)(struct talk *),
                          void (*no)(struct talk *)) {
    if (is_number(u, 1) || is_phrase(u, PHRASE_YES)) {
        yes(t);
        return true;
    }
    if (is_number(u, 2) || is_no(u) || is_phrase(u, PHRASE_BACK) || is_phrase(u, PHRASE_PAUSE)) {
        no(t);
        return true;
    }
    return refuse_number(t, u);
}

/* Words that end any menu, since they say where to go instead. */
static bool leave(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_EDIT) {
        t->s->menu = MENU_NONE;
        ask_edit_words(t, u->number, u->query);
        return true;
    }
    if (u->intent != INTENT_PHRASE) {
        return false;
    }
    switch (u->phrase) {
    case PHRASE_PAUSE:
        t->s->menu = MENU_NONE;
        ask_pause(t);
        return true;
    case PHRASE_START:
        t->s->menu = MENU_NONE;
        ask_start(t, false);
        return true;
    case PHRASE_RESTART:
        ask_confirm_restart(t);
        return true;
    case PHRASE_CHANGE_RESULT:
        result_change(t);
        return true;
    default:
        return false;
    }
}

static bool answer(struct talk *t, const struct understood *u) {
    bool answered = false;
    if (is_phrase(u, PHRASE_VAGUE)) { /* may mean yes or no: never guessed */
        talk_line(t, MSG_ASK_VAGUE);
        menu_show(t);
        return true;
    }
    switch (t->s->menu) {
    case MENU_WELCOME_BACK:
        answered = answer_welcome(t, u);
        break;
    case MENU_RESTART:
        answered = answer_restart(t, u);
        break;
    case MENU_EDIT:
        answered = answer_edit(t, u);
        break;
    case MENU_PICK:
    case MENU_CHANGE:
        answered = answer_pick(t, u);
        break;
    case MENU_ASSESS:
        answered = answer_assess(t, u);
        break;
    case MENU_PACE:
        answered = answer_pace(t, u);
        break;
    case MENU_LEVEL_UP:
        answered = answer_yes_no(t, u, level_up, level_stays);
        break;
    case MENU_LINK:
        answered = answer_yes_no(t, u, link_confirm, link_stay_apart);
        break;
    case MENU_UNLINK:
        answered = answer_yes_no(t, u, link_leave, link_stay);
        break;
    case MENU_HANDOFF:
    case MENU_HANDOFF_TEXT:
    case MENU_HANDOFF_SEND:
        answered = handoff_take(t, u) || refuse_number(t, u);
        break;
    default:
        break;
    }
    return answered || leave(t, u);
}

const char *menu_reference(struct talk *t) {
    char list[HASH_HEX_LEN + 1];
    hash_hex(t->s->menu_arg, strlen(t->s->menu_arg), list);
    return arena_printf(t->arena, "menu/%s/%s/%.16s", menu_names[t->s->menu], t->s->run_id, list);
}

bool menu_take(struct talk *t, const struct understood *u) {
    const char *asked = menu_reference(t);
    const char *label = u->intent == INTENT_NUMBER ? label_of(t, u->number) : "";
    if (!answer(t, u)) {
        return false;
    }
    if (*label && !t->out->settled.question && strcmp(menu_reference(t), asked) != 0) {
        /* What showed the menu shows from now on what was chosen there. */
        t->out->settled = (struct settled){
            .question = asked, .text = talk_string(t, MSG_ASK_SETTLED, "answer", label)};
    }
    return true;
}
