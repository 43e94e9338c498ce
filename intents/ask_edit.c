/* Changing an answer: which one, by place on the path or by title. */
#include <string.h>

#include "base/text.h"
#include "intents/ask.h"
#include "intents/question.h"

/* Answers can be changed as long as their run is there, also after the result. */
static bool has_run(const struct session *s) {
    return s->run.phase != RUN_NONE && *s->run_id;
}

static void offer_places(struct talk *t) {
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(t->s->form, &t->s->run, path);
    for (size_t i = 0; i < n; i++) {
        if (t->s->run.replies[path[i]].kind != REPLY_OPEN) {
            talk_choice(t, (int)i + 1, talk_l10n(t, t->s->form->questions[path[i]].title), false);
        }
    }
}

void ask_which_to_edit(struct talk *t) {
    if (!has_run(t->s) || run_answered(t->s->form, &t->s->run) == 0) {
        talk_line(t, MSG_ASK_NO_ANSWERS);
        ask_return(t);
        return;
    }
    talk_line(t, MSG_REVIEW_WHICH);
    question_replies(t);
    offer_places(t);
    t->s->menu = MENU_EDIT;
}

void ask_edit(struct talk *t, int place) {
    struct form_run tried = t->s->run;
    if (!has_run(t->s)) {
        talk_line(t, MSG_ASK_NOTHING_OPEN);
        return;
    }
    if (place < 1 || !run_edit(t->s->form, &tried, (size_t)place)) {
        talk_line(t, MSG_ASK_CANNOT_EDIT, "place", talk_number(t, place), "total",
                  question_total(t));
        if (t->s->menu == MENU_EDIT) {
            ask_which_to_edit(t);
        } else {
            ask_return(t);
        }
        return;
    }
    if (t->s->run.phase == RUN_DONE) {
        talk_change(t, CHANGE_RUN_REOPEN);
        const struct persona *p = pack_persona(t->pack, t->s->result);
        if (p && t->s->result_by_hand) {
            talk_line(t, MSG_ASK_BEGIN_AGAIN, "persona", talk_l10n(t, p->brief));
        }
    }
    t->s->run = tried;
    talk_line(t, MSG_ASK_EDIT, "place", talk_number(t, place), "title",
              talk_l10n(t, ask_open(t->s)->title));
    ask_show(t);
}

bool ask_edit_named(struct talk *t, const char *words) {
    const char *wanted = text_bare(t->arena, text_fold(t->arena, words));
    int path[FORM_MAX_QUESTIONS];
    size_t n = has_run(t->s) ? run_path(t->s->form, &t->s->run, path) : 0;
    for (size_t i = 0; i < n; i++) {
        const struct l10n *title = &t->s->form->questions[path[i]].title;
        for (int k = 0; k < LANG__COUNT; k++) {
            if (strcmp(text_bare(t->arena, text_fold(t->arena, title->in[k])), wanted) == 0) {
                ask_edit(t, (int)i + 1);
                return true;
            }
        }
    }
    return false;
}

void ask_edit_words(struct talk *t, int place, const char *words) {
    if (place > 0) {
        ask_edit(t, place);
    } else if (!ask_edit_named(t, words)) {
        ask_which_to_edit(t);
    }
}
