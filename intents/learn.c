#include "intents/learn.h"

#include "intents/ask.h"
#include "intents/assess.h"
#include "intents/gap_view.h"
#include "intents/growth.h"
#include "intents/menu.h"
#include "intents/plan.h"
#include "intents/who.h"

/* What is only shown, beside whatever is open. */
static bool show(struct talk *t, const struct understood *u) {
    if (u->intent == INTENT_WISH && u->label == LABEL_GAP) {
        gap_show(t);
        return true;
    }
    if (u->intent != INTENT_PHRASE) {
        return false;
    }
    switch (u->phrase) {
    case PHRASE_GAP:
        gap_show(t);
        return true;
    case PHRASE_GAP_ALL:
        gap_show_all(t);
        return true;
    case PHRASE_WHO:
        who_show(t);
        return true;
    case PHRASE_GROWTH:
        growth_show(t);
        return true;
    default:
        return false;
    }
}

/* "How far am I?" is about the questions while there are any, otherwise about learning. */
static bool asks_growth(const struct talk *t, const struct understood *u) {
    return u->intent == INTENT_PHRASE && u->phrase == PHRASE_PROGRESS && !ask_under_way(t->s) &&
           t->s->learning.n_levels > 0;
}

static bool wants(const struct understood *u, enum phrase_intent phrase, enum label label) {
    return (u->intent == INTENT_PHRASE && u->phrase == phrase) ||
           (u->intent == INTENT_WISH && u->label == label);
}

bool learn_answer(struct talk *t, const struct understood *u) {
    bool target = u->intent == INTENT_WISH && u->label == LABEL_SET_TARGET;
    if ((!target && who_set(t, t->event->text)) || show(t, u)) {
        menu_return(t);
        return true;
    }
    if (asks_growth(t, u)) {
        growth_show(t);
        return true;
    }
    if (wants(u, PHRASE_SELF_ASSESS, LABEL_SELF_ASSESS)) {
        if (!assess_start(t)) {
            menu_return(t);
        }
        return true;
    }
    return plan_answer(t, u);
}
