#include "intents/plan.h"

#include <stdlib.h>
#include <string.h>

#include "intents/ask.h"
#include "intents/calendar.h"
#include "intents/exam.h"
#include "intents/menu.h"
#include "intents/own.h"
#include "intents/plan_export.h"
#include "intents/plan_words.h"

#define PUT_OFF_DAYS 7

/* ---- the gaps it is made of ---- */

static bool find_gaps(struct talk *t, struct gaps *ret) {
    const struct expectation *e = own_expectation(t);
    struct own own[ASSESS_MAX_ITEMS];
    if (!e) {
        talk_line(t, MSG_ASSESS_NO_PERSONA);
        return false;
    }
    own_fill(t->s, e, own);
    gaps_find(&t->pack->assess, e, own, ret);
    for (size_t i = 0; i < ret->n; i++) {
        if (ret->items[i].current >= 0) {
            return true;
        }
    }
    talk_line(t, MSG_GAP_NONE);
    return false;
}

/* ---- showing ---- */

static void say_resource(struct talk *t, const struct resource *r, const struct plan_step *step) {
    const char *provider = talk_l10n(t, r->provider);
    const struct exam_row *field = exam_field(t->pack, r->id, step->item);
    talk_line(t, *provider ? MSG_PLAN_RESOURCE_FROM : MSG_PLAN_RESOURCE, "name",
              talk_l10n(t, r->label), "provider", provider);
    if (field) {
        talk_line(t, MSG_PLAN_FIELD, "field", talk_l10n(t, field->field));
    }
    if (r->url) {
        talk_line(t, r->url_confidence == CONF_SOURCE ? MSG_PLAN_URL : MSG_PLAN_URL_OURS, "url",
                  r->url);
    }
}

/* The one chosen first, then the best of the others. */
static void say_resources(struct talk *t, const struct plan_step *step, const struct tks *item) {
    size_t all[PLAN_RESOURCES + 1];
    size_t n = item ? gap_resources(t->pack, item, all, PLAN_RESOURCES + 1) : 0;
    int own = plan_resource(t->pack, step->resource);
    size_t shown = 0;
    if (own >= 0) {
        say_resource(t, &t->pack->resources[own], step);
        shown++;
    }
    for (size_t i = 0; i < n && shown < PLAN_RESOURCES; i++) {
        if ((int)all[i] != own) {
            say_resource(t, &t->pack->resources[all[i]], step);
            shown++;
        }
    }
}

static void say_step(struct talk *t, size_t number, const struct plan_step *step) {
    const struct tks *item = plan_item(t, step);
    const char *label = item ? talk_l10n(t, item->label) : talk_string(t, MSG_PLAN_RETIRED);
    const char *n = talk_number(t, (int64_t)number);
    if (step->state == STEP_DONE) {
        talk_line(t, MSG_PLAN_STEP_DONE, "number", n, "id", step->item, "label", label);
        return;
    }
    talk_line(t, MSG_PLAN_STEP, "number", n, "id", step->item, "label", label, "level",
              own_level_name(t, step->to_level), "date", calendar_date(t, step->due_day));
    say_resources(t, step, item);
    talk_line(t, MSG_PLAN_FIRST, "step", plan_first_step(t, step));
}

static void show(struct talk *t) {
    struct plan_list list;
    plan_list(t, &list);
    int pace = t->s->learning.weekly_minutes;
    talk_line(t, MSG_PLAN_HEAD, "minutes",
              talk_number(t, pace > 0 ? pace : t->pack->assess.plan.default_pace));
    for (size_t i = 0; i < list.n; i++) {
        say_step(t, i + 1, list.items[i]);
    }
    talk_line(t, MSG_PLAN_FOOT);
    talk_line(t, MSG_PLAN_FOOT_EXPORT);
    talk_attribution(t);
}

/* ---- making ---- */

void plan_offer_pace(struct talk *t) {
    const struct plan_rule *rule = &t->pack->assess.plan;
    talk_line(t, MSG_PLAN_PACE_WHICH);
    for (size_t i = 0; i < rule->n_paces; i++) {
        talk_choice_line(t, (int)i + 1,
                         talk_string(t, MSG_PLAN_PACE, "minutes", talk_number(t, rule->paces[i])),
                         false);
    }
    t->s->menu = MENU_PACE;
}

/* New steps from today's gaps, unless there is nothing to make them of. */
static void make(struct talk *t) {
    struct gaps gaps;
    if (!find_gaps(t, &gaps)) {
        return;
    }
    if (gaps.n_ranked == 0) {
        talk_line(t, MSG_PLAN_NO_GAPS);
        return;
    }
    if (t->s->learning.weekly_minutes == 0) {
        plan_offer_pace(t);
        return;
    }
    size_t added = plan_make(t, &gaps);
    talk_line(t, added > 0 ? MSG_PLAN_MADE : MSG_PLAN_SAME, "n", talk_number(t, (int64_t)added));
    show(t);
}

bool plan_pick_pace(struct talk *t, int number) {
    const struct plan_rule *rule = &t->pack->assess.plan;
    if (number < 1 || (size_t)number > rule->n_paces) {
        return false;
    }
    t->s->menu = MENU_NONE;
    plan_set_pace(t, rule->paces[number - 1]);
    if (plan_open(t->s) > 0) {
        show(t);
    } else {
        make(t);
    }
    return true;
}

/* ---- changing ---- */

static const char *name_of(struct talk *t, const struct plan_step *step) {
    const struct tks *item = plan_item(t, step);
    return item ? talk_l10n(t, item->label) : step->item;
}

/* One level up is a question, not a consequence: only the person knows. */
static void done(struct talk *t, const struct plan_step *step) {
    if (step->state == STEP_DONE) {
        talk_line(t, MSG_PLAN_DONE_ALREADY, "label", name_of(t, step));
        return;
    }
    plan_set_state(t, step, STEP_DONE);
    talk_line(t, MSG_PLAN_DONE, "label", name_of(t, step));
    const struct own_level *level = own_level(t->s, step->item);
    if (plan_item(t, step) && (!level || level->level < step->to_level)) {
        t->s->menu_arg = arena_printf(t->arena, "%s %d", step->item, step->to_level);
        plan_ask_level(t);
    }
}

void plan_ask_level(struct talk *t) {
    const char *space = strchr(t->s->menu_arg, ' ');
    const char *id =
        space ? arena_strndup(t->arena, t->s->menu_arg, (size_t)(space - t->s->menu_arg)) : "";
    const struct tks *item = pack_tks(t->pack, id);
    int level = space ? (int)strtol(space, NULL, 10) : 0;
    if (!item || level < 1 || level > LEVEL_MAX) {
        t->s->menu = MENU_NONE;
        return;
    }
    talk_line(t, MSG_PLAN_LEVEL_UP, "label", talk_l10n(t, item->label), "level",
              own_level_name(t, level));
    talk_choice_line(t, 1, talk_string(t, MSG_PLAN_LEVEL_YES), false);
    talk_choice_line(t, 2, talk_string(t, MSG_PLAN_LEVEL_NO), false);
    t->s->menu = MENU_LEVEL_UP;
}

void plan_level_up(struct talk *t, bool yes) {
    const char *space = strchr(t->s->menu_arg, ' ');
    const struct tks *item =
        space ? pack_tks(t->pack,
                         arena_strndup(t->arena, t->s->menu_arg, (size_t)(space - t->s->menu_arg)))
              : NULL;
    int level = space ? (int)strtol(space, NULL, 10) : 0;
    t->s->menu = MENU_NONE;
    if (yes && item && level >= 1 && level <= LEVEL_MAX) {
        own_set_level(t, item, level, false);
        talk_line(t, MSG_PLAN_LEVEL_SET, "label", talk_l10n(t, item->label), "level",
                  own_level_name(t, level));
    } else {
        talk_line(t, MSG_PLAN_LEVEL_KEPT);
    }
    talk_line(t, plan_open(t->s) > 0 ? MSG_PLAN_NEXT : MSG_PLAN_ALL_DONE);
}

static void undo(struct talk *t, const struct plan_step *step) {
    if (step->state == STEP_OPEN) {
        talk_line(t, MSG_PLAN_OPEN_ALREADY, "label", name_of(t, step));
        return;
    }
    plan_set_state(t, step, STEP_OPEN);
    talk_line(t, MSG_PLAN_UNDONE, "label", name_of(t, step));
}

static void swap(struct talk *t, const struct plan_step *step) {
    if (!plan_swap(t, step)) {
        talk_line(t, MSG_PLAN_NO_OTHER, "label", name_of(t, step));
        return;
    }
    talk_line(t, MSG_PLAN_SWAPPED);
    show(t);
}

static void put_off(struct talk *t, const struct plan_step *step) {
    plan_put_off(t, step, PUT_OFF_DAYS);
    struct plan_list list;
    plan_list(t, &list);
    for (size_t i = 0; i < list.n; i++) {
        if (strcmp(list.items[i]->item, step->item) == 0 &&
            list.items[i]->to_level == step->to_level) {
            talk_line(t, MSG_PLAN_PUT_OFF, "label", name_of(t, step), "date",
                      calendar_date(t, list.items[i]->due_day));
        }
    }
}

/* The only open one, where it was not said which. */
static const struct plan_step *only_open(struct talk *t) {
    struct plan_list list;
    plan_list(t, &list);
    const struct plan_step *only = NULL;
    for (size_t i = 0; i < list.n; i++) {
        if (list.items[i]->state == STEP_OPEN) {
            if (only) {
                return NULL;
            }
            only = list.items[i];
        }
    }
    return only;
}

static void change(struct talk *t, const struct plan_wish *w) {
    const struct plan_step *step = w->step || w->unknown ? w->step : only_open(t);
    if (t->s->learning.n_steps == 0) {
        talk_line(t, MSG_PLAN_DONE_NONE);
        return;
    }
    if (!step) {
        talk_line(t, w->unknown ? MSG_PLAN_UNKNOWN : MSG_PLAN_WHICH);
        struct plan_list list;
        plan_list(t, &list);
        for (size_t i = 0; i < list.n; i++) {
            talk_line(t, MSG_PLAN_WHICH_LINE, "number", talk_number(t, (int64_t)i + 1), "label",
                      name_of(t, list.items[i]));
        }
        return;
    }
    switch (w->verb) {
    case PLAN_DONE:
        done(t, step);
        break;
    case PLAN_UNDO:
        undo(t, step);
        break;
    case PLAN_SWAP:
        swap(t, step);
        break;
    default:
        put_off(t, step);
        break;
    }
}

static void set_pace(struct talk *t, int minutes) {
    if (minutes < 5 || minutes > 2000) {
        plan_offer_pace(t);
        return;
    }
    plan_set_pace(t, minutes);
    talk_line(t, MSG_PLAN_PACE_SET, "minutes", talk_number(t, minutes));
    show(t);
}

bool plan_answer(struct talk *t, const struct understood *u) {
    struct plan_wish w = plan_read(t, u, t->event->text);
    switch (w.verb) {
    case PLAN_NOTHING:
        return false;
    case PLAN_SHOW:
        if (plan_open(t->s) > 0) {
            show(t);
        } else {
            make(t);
        }
        break;
    case PLAN_AGAIN:
        make(t);
        break;
    case PLAN_PACE:
        set_pace(t, w.minutes);
        break;
    case PLAN_CALENDAR:
        plan_export_calendar(t);
        break;
    case PLAN_DOCUMENT:
        plan_export_document(t);
        break;
    default:
        change(t, &w);
        break;
    }
    if (!talk_menu_waits(t->s)) {
        menu_return(t);
    }
    return true;
}
