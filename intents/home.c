/*
 * The page of the person's own: where they stand, and what is next. It says the same for the same
 * session, whatever happened last and whenever.
 */
#include <string.h>

#include "intents/ask.h"
#include "intents/gap_view.h"
#include "intents/settings.h"
#include "intents/sheets.h"
#include "intents/step.h"
#include "intents/talk.h"

/* A part of the page with its head, a blank line in front. */
#define part(t, ...) (talk_paragraph(t), talk_say(t, __VA_ARGS__))

static void say_persona(struct talk *t) {
    const struct persona *p = pack_persona(t->pack, t->s->result);
    if (!p) {
        part(t, *t->s->result ? MSG_HOME_PERSONA_GONE : MSG_HOME_NO_PERSONA);
        return;
    }
    const char *brief = talk_l10n(t, p->brief);
    const char *name = talk_l10n(t, p->name);
    part(t, MSG_HOME_PERSONA, "persona", brief);
    if (strcmp(brief, name) != 0) {
        talk_line(t, MSG_HOME_PERSONA_SOURCE, "persona", name);
    }
    if (t->s->result_by_hand) {
        talk_line(t, MSG_HOME_OWN);
    }
}

static void say_progress(struct talk *t) {
    size_t total;
    run_place(t->s->form, &t->s->run, t->s->run.current, &total);
    size_t done = run_answered(t->s->form, &t->s->run);
    const char *of = talk_number(t, (int64_t)total);
    const char *answered = talk_number(t, (int64_t)done);
    switch (t->s->run.phase) {
    case RUN_ASKING:
        part(t, MSG_HOME_ASKING, "done", answered, "total", of);
        break;
    case RUN_PARKED:
        part(t, MSG_HOME_PARKED, "done", answered, "total", of);
        break;
    case RUN_REVIEW:
        part(t, MSG_HOME_REVIEW, "total", of);
        break;
    case RUN_DONE:
        part(t, MSG_HOME_DONE);
        return;
    default:
        return;
    }
    t->place = done;
    t->total = total;
}

static void say_next_start(struct talk *t) {
    struct form_run fresh;
    size_t total;
    run_begin(t->pack->form, &fresh);
    run_place(t->pack->form, &fresh, fresh.current, &total);
    part(t, MSG_HOME_NEXT_START, "total", talk_number(t, (int64_t)total));
    talk_word(t, talk_string(t, MSG_WORD_START));
}

static void say_next(struct talk *t) {
    const struct persona *p = pack_persona(t->pack, t->s->result);
    if (ask_under_way(t->s)) {
        bool review = t->s->run.phase == RUN_REVIEW;
        part(t, review ? MSG_HOME_NEXT_REVIEW : MSG_HOME_NEXT_RESUME);
        talk_word(t, talk_string(t, MSG_WORD_RESUME));
    } else if (p) {
        part(t, MSG_HOME_NEXT_RESULT);
        talk_word(t, talk_string(t, MSG_WORD_RESULT));
        talk_word(t, talk_string(t, MSG_WORD_CHANGE_RESULT));
    } else if (t->s->run.phase == RUN_DONE) {
        part(t, MSG_HOME_NEXT_PICK);
        talk_word(t, talk_string(t, MSG_WORD_RESULT));
    } else {
        say_next_start(t);
    }
}

static void say_urgent(struct talk *t) {
    const char *contact = talk_l10n(t, t->site->security_contact);
    if (*contact) {
        part(t, MSG_HOME_URGENT, "contact", contact);
    } else {
        part(t, MSG_HOME_URGENT_ANYONE);
    }
    talk_sheet_word(t, talk_string(t, MSG_WORD_REPORT), SHEETS_INCIDENT, true);
}

void dialogue_home(const struct step_input *in, struct arena *arena, struct reply *ret) {
    struct step *out = arena_alloc(arena, sizeof(*out));
    *out = (struct step){.next = *in->session};
    struct talk t;
    talk_begin(&t, in, arena, out);
    say_persona(&t);
    say_progress(&t);
    gap_home(&t);
    say_next(&t);
    talk_word(&t, talk_string(&t, MSG_WORD_HELP));
    part(&t, MSG_SETTINGS_HEAD);
    settings_state(&t);
    talk_sheet_word(&t, talk_string(&t, MSG_WORD_SETTINGS), SHEETS_SETTINGS, false);
    say_urgent(&t);
    gap_home_words(&t);
    part(&t, MSG_HOME_FOOT);
    talk_attribution(&t);
    talk_send(&t, AUDIENCE_DIRECT);
    *ret = out->replies[0];
    talk_end(&t);
}
