#include "intents/gap_view.h"

#include <string.h>

#include "content/gap.h"
#include "intents/calendar.h"
#include "intents/gap_drawing.h"
#include "intents/lookup.h"
#include "intents/own.h"
#include "intents/plan_steps.h"

#define DAY_MS        ((int64_t)24 * 60 * 60 * 1000)
#define STRENGTHS_MAX 3

/* What is asked of the person's persona against what they said; NULL where that is nothing. */
static const struct expectation *compare(struct talk *t, struct gaps *ret) {
    struct own own[ASSESS_MAX_ITEMS];
    const struct expectation *e = own_expectation(t);
    if (!e) {
        return NULL;
    }
    own_fill(t->s, e, own);
    gaps_find(&t->pack->assess, e, own, ret);
    for (size_t i = 0; i < ret->n; i++) {
        if (ret->items[i].current != CURRENT_OPEN) {
            return e;
        }
    }
    return NULL;
}

/* False, with what is missing said, where there is nothing to compare. */
static bool find(struct talk *t, const struct expectation **ret_e, struct gaps *ret) {
    *ret_e = compare(t, ret);
    if (!*ret_e) {
        talk_line(t, own_expectation(t) ? MSG_GAP_NONE : MSG_ASSESS_NO_PERSONA);
    }
    return *ret_e != NULL;
}

/* ---- the first few ---- */

static const char *who_name(struct talk *t, const struct gap *g) {
    return g->who == INVOLVED_UNKNOWN ? talk_string(t, MSG_WHO_UNKNOWN)
                                      : talk_l10n(t, t->pack->assess.involvements[g->who].name);
}

/* Why it comes so early: who does it, what it serves, how far it is. */
static const char *reason(struct talk *t, const struct gap *g) {
    struct buf b;
    buf_init(&b, 1024);
    if (g->who != INVOLVED_UNKNOWN) {
        buf_adds(&b, talk_string(t, MSG_GAP_BECAUSE_WHO, "who", who_name(t, g)));
    }
    if (g->reasons & GAP_BECAUSE_INCIDENT) {
        buf_adds(&b, talk_string(t, MSG_GAP_BECAUSE_INCIDENT));
    }
    if (g->reasons & GAP_BECAUSE_BASE) {
        buf_adds(&b, talk_string(t, MSG_GAP_BECAUSE_BASE));
    }
    buf_adds(&b, talk_string(t, MSG_GAP_BECAUSE_STEPS, "n", talk_number(t, g->gap)));
    return talk_take(t, &b);
}

static const char *required_name(struct talk *t, const struct gap *g) {
    return talk_string(t, g->required_own ? MSG_GAP_REQUIRED_OWN : MSG_GAP_REQUIRED, "level",
                       own_level_name(t, g->required));
}

static void say_gap(struct talk *t, size_t place, const struct gap *g) {
    talk_line(t, MSG_GAP_LINE, "place", talk_number(t, (int64_t)place), "id", g->tks->id, "label",
              talk_l10n(t, g->tks->label), "current", own_level_name(t, g->current), "required",
              required_name(t, g));
    talk_line(t, MSG_GAP_REASON, "reason", reason(t, g));
}

static bool is_strong(const struct gap *g) {
    return g->current > 0 && g->current >= g->required;
}

static bool is_unsure(const struct gap *g) {
    return g->current == CURRENT_UNSURE;
}

static bool is_unanswered(const struct gap *g) {
    return g->current == CURRENT_OPEN;
}

/* One line that quotes the labels of those items, the first few of them. */
static void say_those(struct talk *t, const struct gaps *gaps, bool (*is)(const struct gap *),
                      enum msg msg, size_t max) {
    struct buf labels;
    buf_init(&labels, 4096);
    size_t n = 0;
    for (size_t i = 0; i < gaps->n; i++) {
        if (!is(&gaps->items[i])) {
            continue;
        }
        if (n++ < max) {
            talk_join_quoted(t, &labels, talk_l10n(t, gaps->items[i].tks->label));
        }
    }
    const char *joined = talk_take(t, &labels);
    if (n > 0) {
        talk_line(t, msg, "labels", joined, "count", talk_number(t, (int64_t)n));
    }
}

static void say_age(struct talk *t, const struct expectation *e) {
    int64_t newest = 0;
    for (size_t i = 0; i < e->n_items; i++) {
        const struct own_level *l = own_level(t->s, e->items[i].tks->id);
        newest = l && l->said_ms > newest ? l->said_ms : newest;
    }
    int64_t days = (t->event->at_ms - newest) / DAY_MS;
    if (newest > 0 && days >= t->pack->assess.plan.reassess_days) {
        talk_line(t, MSG_GAP_OLD, "days", talk_number(t, days));
    }
}

void gap_show(struct talk *t) {
    const struct expectation *e;
    struct gaps gaps;
    if (!find(t, &e, &gaps)) {
        return;
    }
    const struct persona *p = pack_persona(t->pack, t->s->result);
    talk_line(t, MSG_GAP_HEAD, "persona", talk_l10n(t, p->brief));
    size_t top = t->pack->assess.priority.show_top;
    for (size_t i = 0; i < gaps.n_ranked && i < top; i++) {
        say_gap(t, i + 1, &gaps.items[gaps.ranked[i]]);
    }
    if (gaps.n_ranked == 0) {
        talk_line(t, MSG_GAP_NOTHING);
    } else if (gaps.n_ranked > top) {
        talk_line(t, MSG_GAP_MORE, "n", talk_number(t, (int64_t)(gaps.n_ranked - top)));
    }
    say_those(t, &gaps, is_strong, MSG_GAP_STRENGTHS, STRENGTHS_MAX);
    say_those(t, &gaps, is_unsure, MSG_GAP_UNSURE, ASSESS_MAX_ITEMS);
    say_those(t, &gaps, is_unanswered, MSG_GAP_UNANSWERED, 0);
    say_age(t, e);
    talk_line(t, MSG_GAP_FOOT);
    t->drawing = gap_drawing(t, &gaps);
    talk_word(t, talk_string(t, MSG_WORD_PLAN));
    talk_word(t, talk_string(t, MSG_WORD_GAP_ALL));
    talk_attribution(t);
}

/* ---- all of it ---- */

static const char *current_name(struct talk *t, const struct gap *g) {
    return g->current == CURRENT_OPEN     ? talk_string(t, MSG_GAP_OPEN)
           : g->current == CURRENT_UNSURE ? talk_string(t, MSG_ANSWER_UNSURE)
                                          : talk_number(t, g->current);
}

static void say_item(struct talk *t, const struct gap *g) {
    enum msg msg = g->gap > 0       ? MSG_GAP_ITEM_SHORT
                   : g->current < 0 ? MSG_GAP_ITEM_OPEN
                                    : MSG_GAP_ITEM;
    talk_line(t, msg, "id", g->tks->id, "label", talk_l10n(t, g->tks->label), "current",
              current_name(t, g), "required", talk_number(t, g->required), "who", who_name(t, g),
              "gap", talk_number(t, g->gap));
}

static void say_themes(struct talk *t, const struct gaps *gaps) {
    for (size_t theme = 0; theme < t->pack->n_themes; theme++) {
        bool named = false;
        for (size_t i = 0; i < gaps->n; i++) {
            if (gaps->items[i].tks->theme != theme) {
                continue;
            }
            if (!named) {
                talk_line(t, MSG_GAP_THEME, "theme", talk_l10n(t, t->pack->themes[theme].name));
                named = true;
            }
            say_item(t, &gaps->items[i]);
        }
    }
}

static bool is_of_role(const struct tks *item, int number) {
    for (size_t i = 0; i < item->roles.n; i++) {
        if (item->roles.items[i].number == number) {
            return true;
        }
    }
    return false;
}

/* The roles whose items are here, with how many of these have a gap. */
static void say_roles(struct talk *t, const struct gaps *gaps) {
    talk_line(t, MSG_GAP_ROLES);
    for (int number = 1; number <= PACK_ROLES; number++) {
        size_t n = 0;
        size_t with_gap = 0;
        for (size_t i = 0; i < gaps->n; i++) {
            bool of_role = is_of_role(gaps->items[i].tks, number);
            n += of_role;
            with_gap += of_role && gaps->items[i].gap > 0;
        }
        if (n > 0) {
            const struct role *r = pack_role(t->pack, number);
            talk_line(t, MSG_GAP_ROLE, "mark", r->mark, "name", talk_l10n(t, r->name), "n",
                      talk_number(t, (int64_t)n), "gaps", talk_number(t, (int64_t)with_gap));
        }
    }
}

void gap_show_all(struct talk *t) {
    const struct expectation *e;
    struct gaps gaps;
    if (!find(t, &e, &gaps)) {
        return;
    }
    talk_line(t, MSG_GAP_ALL_HEAD);
    say_themes(t, &gaps);
    say_roles(t, &gaps);
    talk_line(t, MSG_GAP_ALL_FOOT);
    t->drawing = gap_drawing(t, &gaps);
    talk_attribution(t);
}

/* ---- on the page of the person's own ---- */

static void say_plan(struct talk *t) {
    const struct plan_step *next = NULL;
    for (size_t i = 0; i < t->s->learning.n_steps; i++) {
        const struct plan_step *step = &t->s->learning.steps[i];
        if (step->state == STEP_OPEN && (!next || step->due_day < next->due_day)) {
            next = step;
        }
    }
    if (next) {
        talk_line(t, MSG_HOME_PLAN, "open", talk_number(t, (int64_t)plan_open(t->s)), "date",
                  calendar_date(t, next->due_day));
    }
}

void gap_home(struct talk *t) {
    struct gaps gaps;
    talk_paragraph(t);
    if (!compare(t, &gaps)) {
        talk_say(t, MSG_HOME_GAPS);
        return;
    }
    talk_say(t, MSG_HOME_GAPS_HEAD);
    for (size_t i = 0; i < gaps.n_ranked && i < t->pack->assess.priority.show_top; i++) {
        const struct gap *g = &gaps.items[gaps.ranked[i]];
        talk_line(t, MSG_HOME_GAPS_LINE, "id", g->tks->id, "label", talk_l10n(t, g->tks->label),
                  "current", talk_number(t, g->current), "required", talk_number(t, g->required));
    }
    if (gaps.n_ranked == 0) {
        talk_line(t, MSG_HOME_GAPS_NONE);
    }
    say_plan(t);
}

void gap_home_words(struct talk *t) {
    struct gaps gaps;
    if (compare(t, &gaps)) {
        talk_word(t, talk_string(t, MSG_WORD_GAP));
        talk_word(t, talk_string(t, MSG_WORD_PLAN));
    } else if (own_expectation(t)) {
        talk_word(t, talk_string(t, MSG_WORD_ASSESS));
    }
}
