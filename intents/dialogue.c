/*
 * The top of the conversation: what kind of message this is, where it may be answered, and who of
 * the parts (questionnaire, result, lookup) answers it.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "intents/about.h"
#include "intents/ask.h"
#include "intents/incident.h"
#include "intents/listing.h"
#include "intents/lookup.h"
#include "intents/menu.h"
#include "intents/result.h"
#include "intents/settings.h"
#include "intents/sheets.h"
#include "intents/step.h"
#include "intents/talk.h"
#include "intents/understand.h"

/* After this much silence a greeting gets "welcome back" rather than the bare question. */
#define AWAY_MS (12 * HOUR_MS)
#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* Clicks on what was just answered are a nervous finger for that long. */
#define DOUBLE_CLICK_MS ((int64_t)3000)

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

/* Back to what was open before a side question: the waiting menu, the question or the review. */
static void show_open(struct talk *t) {
    if (talk_menu_waits(t->s)) {
        talk_line(t, MSG_MENU_RETURN);
        menu_show(t);
    } else {
        ask_return(t);
    }
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
        show_open(t);
    } else if (p) {
        talk_line(t, MSG_GREET_DONE, "persona", talk_l10n(t, p->brief));
        show_open(t);
    } else {
        talk_line(t, MSG_GREET_AGAIN);
        show_open(t);
    }
}

/* ---- not understood ---- */

/* The words differ from miss to miss, so that the bot never repeats itself. */
static enum msg miss_message(const struct talk *t, const struct understood *u) {
    bool again = t->s->misses % 2 == 0;
    if (u->intent == INTENT_EMPTY) {
        return MSG_EMPTY;
    }
    if (talk_menu_waits(t->s) || ask_open(t->s) || t->s->run.phase == RUN_REVIEW) {
        return again ? MSG_MISS_QUESTION_AGAIN : MSG_MISS_QUESTION;
    }
    return again ? MSG_MISS_AGAIN : MSG_MISS;
}

static void miss(struct talk *t, const struct understood *u, const struct session *before) {
    t->s->misses++;
    if (!talk_menu_waits(t->s) && ask_under_way(t->s) && was_away(t, before)) {
        ask_welcome_back(t);
        return;
    }
    enum msg msg = miss_message(t, u);
    if (msg == MSG_MISS || msg == MSG_MISS_QUESTION) {
        talk_line(t, msg, "said", talk_quote(t, t->event->text));
    } else {
        talk_line(t, msg);
    }
    if (talk_menu_waits(t->s)) {
        menu_show(t);
    } else if (ask_open(t->s) || t->s->run.phase == RUN_REVIEW) {
        ask_show(t);
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
            show_open(t);
        }
        return true;
    case PHRASE_CHANGE_RESULT:
        result_change(t);
        return true;
    case PHRASE_SCORES:
        result_scores(t);
        show_open(t);
        return true;
    case PHRASE_GREET:
        greet(t, before);
        return true;
    case PHRASE_MORE:
        listing_more(t);
        show_open(t);
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
    if (!lookup_answer(t, u) &&
        !(phrase && (say_personal(t, u->phrase) || say_general(t, u->phrase)))) {
        return false;
    }
    show_open(t);
    return true;
}

/* Something happened, or how to report it if it did: before everything else. */
static bool is_cry(const struct understood *u) {
    return u->intent == INTENT_INCIDENT ||
           (u->intent == INTENT_PHRASE && u->phrase == PHRASE_REPORT);
}

static bool answer_incident(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_INCIDENT_HOWTO) {
        incident_what_if(t);
    } else if (u->intent == INTENT_INCIDENT) {
        incident_said(t);
    } else if (is_cry(u)) {
        incident_report(t);
    } else {
        return false;
    }
    show_open(t);
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
        if (t->s->run.phase == RUN_PARKED) {
            ask_say_closed(t);
            return true;
        }
        return false;
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

/*
 * Names the menu shown: a click on an older one, or on another list, is not taken for this one.
 * However long the list, the name is short: platforms carry it in ids.
 */
static const char *menu_reference(struct talk *t) {
    char list[HASH_HEX_LEN + 1];
    hash_hex(t->s->menu_arg, strlen(t->s->menu_arg), list);
    return arena_printf(t->arena, "menu/%s/%s/%.16s", menu_names[t->s->menu], t->s->run_id, list);
}

/* What showed the menu shows from now on what was chosen there. */
static bool answer_menu(struct talk *t, const struct understood *u) {
    const char *asked = menu_reference(t);
    const char *label = u->intent == INTENT_NUMBER ? menu_label(t, u->number) : "";
    if (!menu_answer(t, u)) {
        return false;
    }
    if (*label && !t->out->settled.question && strcmp(menu_reference(t), asked) != 0) {
        t->out->settled = (struct settled){
            .question = asked, .text = talk_string(t, MSG_ASK_SETTLED, "answer", label)};
    }
    return true;
}

static void answer_direct(struct talk *t, const struct session *before) {
    struct understood u;
    bool waits = talk_menu_waits(t->s);
    const struct form_question *open = waits ? NULL : ask_open(t->s);
    understand(t->pack, t->phrases, t->arena, open, t->event->text, &u);
    if (answer_incident(t, &u)) {
        return;
    }
    t->s->misses = 0;
    if (waits && answer_menu(t, &u)) {
        return;
    }
    if (!waits && !carries_list_on(t->s, &u)) {
        t->s->menu = MENU_NONE;
    }
    bool answered = answer_aside(t, &u) || (!waits && answer_question(t, &u)) ||
                    (u.intent == INTENT_PHRASE && say_phrase(t, u.phrase, before));
    if (!answered) {
        t->s->misses = before->misses;
        miss(t, &u, before);
    }
}

/* ---- choices that were clicked or reacted to ---- */

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

/* The second click of two on what the first one has answered already. */
static bool is_double_click(const struct talk *t, const struct session *before) {
    const struct event *e = t->event;
    bool soon = before->last_event_ms > 0 && e->at_ms - before->last_event_ms < DOUBLE_CLICK_MS;
    uint32_t mask = clicked(e);
    bool menu = e->kind == EVENT_TICK && strncmp(e->question, "menu/", 5) == 0;
    return soon && (e->kind == EVENT_WORD || menu ||
                    (mask != 0 && mask == stored_choice(before, e->question)));
}

static void answer_old(struct talk *t, const struct session *before) {
    if (t->event->kind == EVENT_UNTICK || is_double_click(t, before)) {
        return; /* tidying up behind an answer says nothing */
    }
    if (*ask_reference(t) || talk_menu_waits(t->s)) {
        talk_line(t, MSG_ASK_OLD);
        show_open(t);
    } else {
        ask_say_closed(t);
    }
}

static void answer_review(struct talk *t) {
    if (t->event->kind == EVENT_CLOSE || t->event->kind == EVENT_TICK) {
        ask_review_number(t, t->event->kind == EVENT_CLOSE ? 1 : t->event->choice);
    }
}

static void answer_choice(struct talk *t, const struct session *before) {
    const struct event *e = t->event;
    const char *now = ask_reference(t);
    if (talk_menu_waits(t->s) && e->kind == EVENT_TICK &&
        strcmp(e->question, menu_reference(t)) == 0) {
        struct understood u = {.intent = INTENT_NUMBER, .number = e->choice, .query = ""};
        (void)answer_menu(t, &u); /* a number always is an answer to a menu */
        return;
    }
    if (*now == '\0' || strcmp(e->question, now) != 0) {
        answer_old(t, before);
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

/* ---- in a channel: general things there, the rest by direct message ---- */

static void answer_channel(struct talk *t, const struct session *before) {
    struct understood u;
    understand(t->pack, t->phrases, t->arena, NULL, t->event->text, &u);
    bool general = u.intent == INTENT_PHRASE && say_general(t, u.phrase);
    if (general || lookup_answer(t, &u)) {
        talk_send(t, AUDIENCE_HERE);
        return;
    }
    if (u.intent == INTENT_PHRASE && u.phrase == PHRASE_GREET) {
        talk_line(t, MSG_HELP_CHANNEL);
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
    talk_line(t, MSG_PRIVATE);
    talk_send(t, AUDIENCE_HERE);
    bool cry = is_cry(&u) || u.intent == INTENT_INCIDENT_HOWTO;
    if (!t->s->greeted && !cry) { /* introductions can wait */
        greet_first(t);
    }
    answer_direct(t, before);
}

/* The first message is answered by the greeting alone unless it asks for something. */
static void answer_message(struct talk *t, const struct session *before) {
    if (!t->s->greeted) {
        struct understood u;
        understand(t->pack, t->phrases, t->arena, NULL, t->event->text, &u);
        if (is_cry(&u)) {
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
        answer_old(t, before);
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

/* A form was handed in: what was open is shown again below the answer, or in the new language. */
static void answer_submit(struct talk *t, const struct session *before) {
    if (sheets_take(t) && (t->out->n_replies > 0 || t->s->lang != before->lang)) {
        show_open(t);
    }
}

static void answer_event(struct talk *t, const struct session *before) {
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
        answer_choice(t, before);
        break;
    case EVENT_WORD:
        answer_word(t, before);
        break;
    case EVENT_ACCOUNT:
        take_account(t);
        break;
    case EVENT_SHEET:
        sheets_show(t);
        break;
    case EVENT_SUBMIT:
        answer_submit(t, before);
        break;
    case EVENT_HOME: /* the page is what answers: dialogue_home */
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
    answer_event(&t, in->session);
    if (in->event->cut && is_said(in->event, ret)) {
        talk_line(&t, MSG_TOO_LONG);
    }
    reference_menu(&t);
    talk_send(&t, AUDIENCE_DIRECT);
    if (ret->n_replies > 0) {
        say_late(&t, &ret->replies[0], in->event->late_ms);
    }
    if (is_said(in->event, ret)) {
        ret->next.last_event_ms = in->event->at_ms;
    }
    talk_end(&t);
}
