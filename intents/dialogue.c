/*
 * The top of the conversation: what kind of message this is, where it may be answered, and who of
 * the parts (questionnaire, result, lookup) answers it.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "intents/about.h"
#include "intents/ask.h"
#include "intents/click.h"
#include "intents/doubt.h"
#include "intents/gap_view.h"
#include "intents/handoff.h"
#include "intents/incident.h"
#include "intents/language.h"
#include "intents/learn.h"
#include "intents/link.h"
#include "intents/listing.h"
#include "intents/lookup.h"
#include "intents/meaning.h"
#include "intents/menu.h"
#include "intents/result.h"
#include "intents/settings.h"
#include "intents/sheets.h"
#include "intents/step.h"
#include "intents/talk.h"
#include "intents/target.h"
#include "intents/wish.h"

/* After this much silence a greeting gets "welcome back" rather than the bare question. */
#define AWAY_MS (12 * HOUR_MS)
#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* An answer later than this apologizes. */
#define LATE_MS (HOUR_MS / 12)

static void greet_first(struct talk *t) {
    struct form_run fresh;
    run_begin(t->pack->form, &fresh);
    size_t total;
    run_place(t->pack->form, &fresh, fresh.current, &total);
    talk_line(t, MSG_GREET_FIRST, "total", talk_number(t, (int64_t)total));
    t->s->greeted = true;
    talk_send(t, AUDIENCE_DIRECT);
}

static bool was_away(const struct talk *t, const struct session *before) {
    return before->last_event_ms > 0 && t->event->at_ms - before->last_event_ms >= AWAY_MS;
}

static void greet(struct talk *t, const struct session *before) {
    const struct persona *p = pack_persona(t->pack, t->s->result);
    if (t->s->run.phase == RUN_PARKED || (ask_under_way(t->s) && was_away(t, before))) {
        ask_welcome_back(t);
    } else if (ask_under_way(t->s)) {
        talk_line(t, MSG_GREET_OPEN);
        menu_return(t);
    } else if (p) {
        talk_line(t, MSG_GREET_DONE, "persona", talk_l10n(t, p->brief));
        menu_return(t);
    } else {
        talk_line(t, MSG_GREET_AGAIN);
        menu_return(t);
    }
}

/* ---- not understood ---- */

static void miss(struct talk *t, const struct understood *u, const struct session *before) {
    t->s->misses = before->misses + 1;
    if (!talk_menu_waits(t->s) && ask_under_way(t->s) && was_away(t, before)) {
        ask_welcome_back(t);
    } else {
        doubt_say(t, u);
    }
}

/* ---- one message in the direct conversation ---- */

/* Words that only mean something to an open question, and none is open. */
static bool say_closed(struct talk *t, enum phrase_intent phrase) {
    switch (phrase) {
    case PHRASE_WRONG:
        if (t->s->run.phase == RUN_DONE) {
            talk_line(t, MSG_RESULT_WRONG);
            return true;
        }
        break;
    case PHRASE_WHY: /* after the result: what decided it */
        if (t->s->run.phase == RUN_DONE && t->s->form->purpose == FORM_ASSESSMENT) {
            gap_show(t);
            return true;
        }
        if (t->s->run.phase == RUN_DONE) {
            (void)result_show(t);
            return true;
        }
        break;
    case PHRASE_BACK:
    case PHRASE_SKIP:
    case PHRASE_REVIEW:
    case PHRASE_CLOSE:
    case PHRASE_ALL:
    case PHRASE_NONE_OF:
    case PHRASE_UNSURE:
    case PHRASE_YES:
    case PHRASE_NO:
    case PHRASE_EXAMPLE:
        break;
    default:
        return false;
    }
    ask_say_closed(t);
    return true;
}

/* Phrases that are not about the open question and not lookups. */
static bool say_phrase(struct talk *t, enum phrase_intent phrase, const struct session *before) {
    switch (phrase) {
    case PHRASE_START:
        ask_start(t, false);
        return true;
    case PHRASE_RESUME:
        ask_resume(t);
        return true;
    case PHRASE_RESTART:
        ask_confirm_restart(t);
        return true;
    case PHRASE_PAUSE:
        ask_pause(t);
        return true;
    case PHRASE_PROGRESS:
        ask_progress(t);
        return true;
    case PHRASE_EDIT:
        ask_which_to_edit(t);
        return true;
    case PHRASE_MY_RESULT:
        if (!result_show(t)) {
            menu_return(t);
        }
        return true;
    case PHRASE_CHANGE_RESULT:
        result_change(t);
        return true;
    case PHRASE_SCORES:
        result_scores(t);
        menu_return(t);
        return true;
    case PHRASE_VAGUE: /* with nothing open that it could answer */
        talk_line(t, MSG_VAGUE);
        return true;
    case PHRASE_GREET:
        greet(t, before);
        return true;
    case PHRASE_BYE:
        talk_line(t, ask_under_way(t->s) ? MSG_BYE_OPEN : MSG_BYE);
        return true;
    case PHRASE_UNLINK:
        link_ask_leave(t);
        return true;
    case PHRASE_MORE:
        listing_more(t);
        menu_return(t);
        return true;
    default:
        return !talk_menu_waits(t->s) && say_closed(t, phrase);
    }
}

/* What may be said anywhere, to anyone. */
static bool say_general(struct talk *t, enum phrase_intent phrase) {
    switch (phrase) {
    case PHRASE_SOURCE:
        about_source(t);
        return true;
    case PHRASE_SEARCH:
        talk_line(t, MSG_SEARCH_HOW);
        return true;
    case PHRASE_HELP:
        talk_line(t, t->event->place == PLACE_CHANNEL ? MSG_HELP_CHANNEL : MSG_HELP);
        return true;
    case PHRASE_THANKS:
        talk_line(t, MSG_THANKS);
        return true;
    case PHRASE_HUMAN:
    case PHRASE_PASS_ON:
        handoff_contact(t);
        return true;
    case PHRASE_FORGOT:
        talk_line(t, MSG_FORGOT);
        return true;
    case PHRASE_LATER:
        talk_line(t, MSG_LATER);
        return true;
    default:
        return false;
    }
}

/* What is the person's own: settings and data. */
static bool say_personal(struct talk *t, enum phrase_intent phrase) {
    switch (phrase) {
    case PHRASE_LANGUAGE_EN:
    case PHRASE_LANGUAGE_JA:
        settings_choose(t, phrase == PHRASE_LANGUAGE_EN ? LANG_EN : LANG_JA);
        talk_line(t, MSG_LANGUAGE);
        return true;
    case PHRASE_LANGUAGE_ACCOUNT:
        settings_follow(t);
        return true;
    case PHRASE_SETTINGS:
        settings_show(t);
        return true;
    case PHRASE_LINK:
        link_offer(t);
        return true;
    case PHRASE_PRIVACY:
        about_privacy(t);
        return true;
    default:
        return false;
    }
}

/* Side matters: answered, then back to what was open. */
static bool answer_aside(struct talk *t, const struct understood *u) {
    bool phrase = u->intent == INTENT_PHRASE;
    if (u->intent == INTENT_LINK_CODE) {
        talk_line(t, MSG_LINK_SHAPE);
    } else if (u->intent == INTENT_WISH && u->label == LABEL_SET_TARGET) {
        target_set(t, t->event->text);
    } else if (u->intent == INTENT_WISH) {
        if (!wish_answer(t, u->label)) {
            return false;
        }
    } else if (!lookup_answer(t, u) &&
               !(phrase && (say_personal(t, u->phrase) || say_general(t, u->phrase)))) {
        return false;
    }
    menu_return(t);
    return true;
}

/* Something happened, or how to report it if it did: before everything else. */
static bool is_cry(const struct understood *u) {
    return u->intent == INTENT_INCIDENT ||
           (u->intent == INTENT_PHRASE &&
            (u->phrase == PHRASE_REPORT || u->phrase == PHRASE_REPORT_HOW));
}

static bool answer_incident(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_INCIDENT_HOWTO) {
        incident_what_if(t, u->happened);
    } else if (u->intent == INTENT_INCIDENT) {
        incident_said(t, u->happened);
    } else if (is_cry(u)) {
        incident_report(t);
    } else {
        return false;
    }
    t->urgent = true;
    t->s->misses = 0;
    if (t->s->menu == MENU_MEANT) {
        t->s->menu = MENU_NONE;
    }
    menu_return(t);
    return true;
}

static bool answer_question(struct talk *t, const struct understood *u) {
    switch (u->intent) {
    case INTENT_ANSWER:
        ask_answer(t, &u->answer);
        return true;
    case INTENT_TICK:
    case INTENT_UNTICK:
        ask_tick_words(t, &u->answer, u->intent == INTENT_TICK);
        return true;
    case INTENT_EDIT:
        ask_edit_words(t, u->number, u->query);
        return true;
    case INTENT_NUMBER:
        if (ask_review_number(t, u->number)) {
            return true;
        }
        if (t->s->menu == MENU_ROLES || lookup_is_mark(t, t->event->text)) {
            lookup_role(t, u->number);
            return true;
        }
        ask_say_closed(t);
        return true;
    case INTENT_PHRASE:
        return ask_phrase(t, u->phrase);
    default:
        return false;
    }
}

/* Lists are forgotten with the next thing said, unless that goes on with them. */
static bool carries_list_on(const struct session *s, const struct understood *u) {
    return (s->menu == MENU_ROLES && u->intent == INTENT_NUMBER) ||
           (s->menu == MENU_LIST && u->intent == INTENT_PHRASE && u->phrase == PHRASE_MORE);
}

/* What was understood is answered; `waits` for whether a menu waited for it. */
static void answer_understood(struct talk *t, const struct understood *u, bool waits,
                              const struct session *before) {
    t->s->misses = 0;
    if (waits && menu_take(t, u)) {
        return;
    }
    if (!waits && !carries_list_on(t->s, u)) {
        t->s->menu = MENU_NONE;
    }
    if (u->intent == INTENT_LINK_CODE && *u->query) {
        link_enter(t, u->query);
        return;
    }
    if (handoff_wanted(u)) {
        handoff_say(t);
        return;
    }
    bool answered = learn_answer(t, u) || answer_aside(t, u) || (!waits && answer_question(t, u)) ||
                    (u->intent == INTENT_PHRASE && say_phrase(t, u->phrase, before));
    if (!answered) {
        miss(t, u, before);
    }
}

static void read_words(struct talk *t, struct understood *ret) {
    const struct form_question *open = talk_menu_waits(t->s) ? NULL : ask_open(t->s);
    meaning_of(t->pack, t->phrases, t->in->guesser, t->arena, open, t->event->text, ret);
}

/* An answer to "which of these?"; false where *u, read again, is to be answered as anything else.
 */
static bool answer_meant(struct talk *t, struct understood *u) {
    switch (doubt_take(t, u)) {
    case DOUBT_OTHER:
        read_words(t, u);
        return false;
    case DOUBT_CHOSEN:
        return answer_incident(t, u);
    default:
        return true;
    }
}

static void answer_direct(struct talk *t, const struct session *before) {
    struct understood u;
    read_words(t, &u);
    if (handoff_hear(t, &u) || answer_incident(t, &u) ||
        (t->s->menu == MENU_MEANT && answer_meant(t, &u))) {
        return;
    }
    answer_understood(t, &u, talk_menu_waits(t->s), before);
}

/* The same by a click. */
static bool click_meant(struct talk *t, const struct session *before) {
    const struct event *e = t->event;
    if (t->s->menu != MENU_MEANT || e->kind != EVENT_TICK ||
        strcmp(e->question, menu_reference(t)) != 0) {
        return false;
    }
    struct understood u = {.intent = INTENT_NUMBER, .number = e->choice, .query = ""};
    if (!answer_meant(t, &u)) {
        answer_understood(t, &u, false, before);
    }
    return true;
}

/* ---- in a channel: general things there, the rest by direct message ---- */

static void answer_channel(struct talk *t, const struct session *before) {
    struct understood u;
    meaning_of(t->pack, t->phrases, t->in->guesser, t->arena, NULL, t->event->text, &u);
    bool offers = t->in->desk && handoff_wanted(&u); /* that goes on in private */
    bool general = u.intent == INTENT_PHRASE && !offers && say_general(t, u.phrase);
    if (general || lookup_answer(t, &u)) {
        talk_send(t, AUDIENCE_HERE);
        return;
    }
    if (u.intent == INTENT_PHRASE && (u.phrase == PHRASE_GREET || u.phrase == PHRASE_BYE)) {
        talk_line(t, u.phrase == PHRASE_GREET ? MSG_HELP_CHANNEL : MSG_BYE);
        talk_send(t, AUDIENCE_HERE);
        return;
    }
    bool nothing =
        u.intent == INTENT_UNKNOWN || u.intent == INTENT_EMPTY || u.intent == INTENT_NUMBER;
    if (nothing) {
        /* A number here is no answer: the question was asked elsewhere. */
        talk_line(t, MSG_HELP_CHANNEL);
        talk_send(t, AUDIENCE_HERE);
        return;
    }
    bool cry = is_cry(&u) || u.intent == INTENT_INCIDENT_HOWTO;
    if (is_cry(&u)) {
        talk_line(t, MSG_PRIVATE_INCIDENT);
        talk_send_urgent(t, AUDIENCE_HERE);
    } else {
        talk_line(t, MSG_PRIVATE);
        talk_send(t, AUDIENCE_HERE);
    }
    if (!t->s->greeted && !cry && u.intent != INTENT_LINK_CODE) { /* introductions can wait */
        greet_first(t);
    }
    answer_direct(t, before);
}

/* The first message is answered by the greeting alone unless it asks for something. */
static void answer_message(struct talk *t, const struct session *before) {
    if (!t->s->greeted) {
        struct understood u;
        meaning_of(t->pack, t->phrases, t->in->guesser, t->arena, NULL, t->event->text, &u);
        if (is_cry(&u) || u.intent == INTENT_LINK_CODE) {
            answer_direct(t, before);
            return;
        }
        greet_first(t);
        if (u.intent == INTENT_EMPTY || u.intent == INTENT_UNKNOWN || u.intent == INTENT_NUMBER ||
            (u.intent == INTENT_PHRASE && u.phrase == PHRASE_GREET)) {
            return;
        }
    }
    answer_direct(t, before);
}

/* A word under a message is as good as typed, unless the question it stood under is over. */
static void answer_word(struct talk *t, const struct session *before) {
    const char *question = t->event->question;
    bool current = strcmp(question, ask_reference(t)) == 0 ||
                   (talk_menu_waits(t->s) && strcmp(question, menu_reference(t)) == 0);
    if (*question && !current) {
        click_answer_old(t, before);
    } else {
        answer_message(t, before);
    }
}

/* The platform says something new of the person: the language follows where none was chosen. */
static void take_account(struct talk *t) {
    enum lang lang;
    if (!t->s->lang_chosen && settings_account(t, &lang)) {
        t->s->lang = lang;
    }
}

/* What came of a code, wherever it was said or confirmed. */
static void answer_code(struct talk *t) {
    if (t->event->place == PLACE_CHANNEL) {
        talk_line(t, MSG_PRIVATE);
        talk_send(t, AUDIENCE_HERE);
    }
    link_say(t);
    menu_return(t);
}

/* A form was handed in: what was open is shown again below the answer, or in the new language. */
static void answer_submit(struct talk *t, const struct session *before) {
    if (sheets_take(t) && (t->out->n_replies > 0 || t->s->lang != before->lang)) {
        menu_return(t);
    }
}

static void answer_event(struct talk *t, const struct session *before) {
    if (t->in->link != LINK_NONE) {
        answer_code(t);
        return;
    }
    switch (t->event->kind) {
    case EVENT_MESSAGE:
        if (t->event->place == PLACE_CHANNEL) {
            answer_channel(t, before);
        } else {
            answer_message(t, before);
        }
        break;
    case EVENT_TICK:
    case EVENT_UNTICK:
    case EVENT_SELECT:
    case EVENT_CLOSE:
        if (!click_meant(t, before)) {
            t->s->misses = 0;
            click_answer(t, before);
        }
        break;
    case EVENT_WORD:
        answer_word(t, before);
        break;
    case EVENT_SHEET:
        sheets_show(t);
        break;
    case EVENT_SUBMIT:
        answer_submit(t, before);
        break;
    case EVENT_HOME:    /* the page is what answers: dialogue_home */
    case EVENT_ACCOUNT: /* looked at already */
        break;
    }
}

static void reference_menu(struct talk *t) {
    if (*t->question == '\0' && t->n_choices > 0 && talk_menu_waits(t->s)) {
        t->question = menu_reference(t);
    }
}

/* An answer that comes late begins with saying so. */
static void say_late(struct talk *t, struct reply *first, int64_t late_ms) {
    static const struct {
        int64_t from_ms;
        int64_t unit_ms;
        enum msg msg;
    } spans[] = {{48 * HOUR_MS, 24 * HOUR_MS, MSG_LATE_DAYS},
                 {2 * HOUR_MS, HOUR_MS, MSG_LATE_HOURS},
                 {LATE_MS, HOUR_MS / 60, MSG_LATE_MINUTES}};
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        if (late_ms >= spans[i].from_ms) {
            const char *line =
                talk_string(t, spans[i].msg, "n", talk_number(t, late_ms / spans[i].unit_ms));
            first->text = arena_printf(t->arena, "%s\n%s", line, first->text);
            return;
        }
    }
}

/* Whether the person said or did something, rather than only looked at something. */
static bool is_said(const struct event *e, const struct step *step) {
    return e->kind != EVENT_ACCOUNT && e->kind != EVENT_HOME && e->kind != EVENT_SHEET &&
           step->n_errors == 0;
}

void dialogue_step(const struct step_input *in, struct arena *arena, struct step *ret) {
    *ret = (struct step){.next = *in->session};
    struct talk t;
    talk_begin(&t, in, arena, ret);
    link_forget_elsewhere(&t);
    if (in->event->kind != EVENT_SUBMIT) { /* a faulty one changes nothing */
        take_account(&t);
    }
    answer_event(&t, in->session);
    if (in->event->cut && is_said(in->event, ret)) {
        talk_line(&t, MSG_TOO_LONG);
    }
    if (in->event->kind == EVENT_MESSAGE) {
        language_hear(&t);
    }
    reference_menu(&t);
    handoff_forget(&t);
    talk_send(&t, AUDIENCE_DIRECT);
    for (size_t i = 0; i < ret->n_replies; i++) {
        if (ret->replies[i].audience != AUDIENCE_DESK) {
            say_late(&t, &ret->replies[i], in->event->late_ms);
            break;
        }
    }
    if (is_said(in->event, ret)) {
        ret->next.last_event_ms = in->event->at_ms;
    }
    talk_end(&t);
}
