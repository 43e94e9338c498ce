#include "intents/handoff.h"

#include <string.h>

#include "base/text.h"
#include "intents/ask.h"
#include "intents/menu.h"

static bool is_handoff(enum menu menu) {
    return menu == MENU_HANDOFF || menu == MENU_HANDOFF_TEXT || menu == MENU_HANDOFF_SEND;
}

bool handoff_wanted(const struct understood *u) {
    return u->intent == INTENT_PHRASE && (u->phrase == PHRASE_HUMAN || u->phrase == PHRASE_PASS_ON);
}

static void say_contact(struct talk *t) {
    const char *contact = talk_l10n(t, t->site->security_contact);
    if (*contact) {
        talk_line(t, MSG_WISH_HUMAN, "contact", contact);
    } else {
        talk_line(t, MSG_WISH_HUMAN_NONE);
    }
}

void handoff_contact(struct talk *t) {
    say_contact(t);
    if (!t->in->desk) {
        talk_line(t, MSG_HANDOFF_NONE);
    }
}

/* ---- what waits, behind where it was asked ---- */

static void wait_with(struct talk *t, enum menu menu, const char *text) {
    t->s->menu = menu;
    t->s->menu_arg = arena_printf(t->arena, "%s/%s", talk_here(t), text);
}

static void end_wait(struct talk *t) {
    t->s->menu = MENU_NONE;
    t->s->menu_arg = "";
}

/* What is to be passed on. */
static const char *draft(const struct talk *t) {
    const char *slash = strchr(t->s->menu_arg, '/');
    return slash ? slash + 1 : "";
}

static const char *most(struct talk *t) {
    return talk_number(t, HANDOFF_MAX_CHARS);
}

void handoff_show(struct talk *t) {
    switch (t->s->menu) {
    case MENU_HANDOFF:
        talk_line(t, MSG_HANDOFF_OFFER);
        talk_choice_line(t, 1, talk_string(t, MSG_HANDOFF_YES), false);
        talk_choice_line(t, 2, talk_string(t, MSG_HANDOFF_NO), false);
        break;
    case MENU_HANDOFF_TEXT:
        talk_line(t, MSG_HANDOFF_WRITE, "max", most(t));
        break;
    case MENU_HANDOFF_SEND:
        talk_line(t, MSG_HANDOFF_CHECK, "said", text_defuse(t->arena, draft(t)));
        talk_choice_line(t, 1, talk_string(t, MSG_HANDOFF_SEND), false);
        talk_choice_line(t, 2, talk_string(t, MSG_HANDOFF_REWRITE), false);
        talk_choice_line(t, 3, talk_string(t, MSG_HANDOFF_STOP), false);
        break;
    default:
        break;
    }
}

void handoff_say(struct talk *t) {
    handoff_contact(t);
    if (t->in->desk && t->s->menu != MENU_HANDOFF_SEND) {
        wait_with(t, MENU_HANDOFF, "");
        handoff_show(t);
    } else {
        menu_return(t); /* a message that waits already is not given up for the offer */
    }
}

/* ---- answers ---- */

static void leave(struct talk *t) {
    end_wait(t);
    talk_line(t, MSG_HANDOFF_LEFT);
    ask_return(t);
}

static void ask_for_text(struct talk *t) {
    wait_with(t, MENU_HANDOFF_TEXT, "");
    handoff_show(t);
}

/* The desk was there when the message was begun. */
static void say_gone(struct talk *t) {
    end_wait(t);
    talk_line(t, MSG_HANDOFF_GONE);
    say_contact(t);
    ask_return(t);
}

static void pass_on(struct talk *t) {
    const char *text = text_defuse(t->arena, draft(t));
    end_wait(t);
    talk_line(t, MSG_HANDOFF_DESK, "said", text);
    talk_send(t, AUDIENCE_DESK);
    talk_line(t, MSG_HANDOFF_SENT);
    ask_return(t);
}

/* The number of the choice that is meant, 0 for none. */
static int chosen(const struct talk *t, const struct understood *u) {
    bool sends = t->s->menu == MENU_HANDOFF_SEND;
    if (u->intent == INTENT_NUMBER) {
        return u->number;
    }
    if (u->intent != INTENT_PHRASE) {
        return 0;
    }
    switch (u->phrase) {
    case PHRASE_YES:
        return 1;
    case PHRASE_SEND:
        return sends ? 1 : 0;
    case PHRASE_PASS_ON:
        return sends ? 0 : 1;
    case PHRASE_REWRITE:
        return sends ? 2 : 0;
    case PHRASE_BACK:
        return 2;
    case PHRASE_NO:
    case PHRASE_WRONG:
    case PHRASE_PAUSE:
        return sends ? 3 : 2;
    default:
        return 0;
    }
}

static bool take_offer(struct talk *t, int number) {
    if (number == 1 && t->in->desk) {
        ask_for_text(t);
    } else if (number == 1) {
        say_gone(t);
    } else if (number == 2) {
        leave(t);
    }
    return number == 1 || number == 2;
}

static bool take_check(struct talk *t, int number) {
    if (number == 1 && t->in->desk) {
        pass_on(t);
    } else if (number == 1) {
        say_gone(t);
    } else if (number == 2) {
        ask_for_text(t);
    } else if (number == 3) {
        leave(t);
    }
    return number >= 1 && number <= 3;
}

bool handoff_take(struct talk *t, const struct understood *u) {
    int number = chosen(t, u);
    switch (t->s->menu) {
    case MENU_HANDOFF:
        return take_offer(t, number);
    case MENU_HANDOFF_SEND:
        return take_check(t, number);
    default: /* said elsewhere than where the text is awaited: only its end is meant here */
        if (u->intent == INTENT_PHRASE && number == 2 && u->phrase != PHRASE_REWRITE) {
            leave(t);
            return true;
        }
        return false;
    }
}

/* ---- the message itself ---- */

static bool is_stop(enum phrase_intent phrase) {
    return phrase == PHRASE_PAUSE || phrase == PHRASE_BACK || phrase == PHRASE_NO;
}

bool handoff_hear(struct talk *t, const struct understood *u) {
    const struct event *e = t->event;
    if (t->s->menu != MENU_HANDOFF_TEXT || e->kind != EVENT_MESSAGE || e->place != PLACE_DIRECT ||
        u->intent == INTENT_EMPTY) {
        return false;
    }
    struct wording w = phrases_wording(t->phrases, t->arena, e->text);
    enum phrase_intent whole = phrases_whole(t->phrases, &w);
    bool urgent = u->intent == INTENT_INCIDENT || u->intent == INTENT_INCIDENT_HOWTO ||
                  (u->intent == INTENT_PHRASE && u->phrase == PHRASE_REPORT);
    size_t n = text_chars(e->text);
    t->s->misses = 0;
    if (is_stop(whole)) {
        leave(t);
        return true;
    }
    if (n <= HANDOFF_MAX_CHARS && whole != PHRASE_REPORT) {
        wait_with(t, MENU_HANDOFF_SEND, e->text);
    }
    if (urgent) {
        return false;
    }
    if (n > HANDOFF_MAX_CHARS) {
        talk_line(t, MSG_HANDOFF_LONG, "count", talk_number(t, (int64_t)n), "max", most(t));
    } else {
        handoff_show(t);
    }
    return true;
}

void handoff_forget(struct talk *t) {
    if (is_handoff(t->in->session->menu) && !is_handoff(t->s->menu) &&
        t->s->menu_arg == t->in->session->menu_arg) {
        t->s->menu_arg = "";
    }
}
