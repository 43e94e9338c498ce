#include "intents/plan_steps.h"

#include <string.h>

#include "intents/calendar.h"

#define DAY_MS        ((int64_t)24 * 60 * 60 * 1000)
#define SHOW_DONE_MS  (30 * DAY_MS)
#define DAYS_PER_WEEK 7
#define ALL_RESOURCES 32

size_t plan_open(const struct session *s) {
    size_t n = 0;
    for (size_t i = 0; i < s->learning.n_steps; i++) {
        n += s->learning.steps[i].state == STEP_OPEN;
    }
    return n;
}

void plan_list(const struct talk *t, struct plan_list *ret) {
    const struct learning *l = &t->s->learning;
    ret->n = 0;
    for (size_t i = 0; i < l->n_steps && ret->n < PLAN_MAX_SHOWN; i++) {
        const struct plan_step *s = &l->steps[i];
        bool lately = s->state == STEP_DONE && t->event->at_ms - s->set_ms < SHOW_DONE_MS;
        if (s->state == STEP_OPEN || lately) {
            ret->items[ret->n++] = s;
        }
    }
}

const struct tks *plan_item(const struct talk *t, const struct plan_step *step) {
    return pack_tks(t->pack, step->item);
}

int plan_resource(const struct pack *pack, const char *id) {
    for (size_t i = 0; i < pack->n_resources; i++) {
        if (strcmp(pack->resources[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Changes the step with that item and level, or adds it behind the others. */
static void put(struct talk *t, const struct plan_step *step) {
    struct learning *l = &t->s->learning;
    struct plan_step *steps = arena_alloc(t->arena, (l->n_steps + 1) * sizeof(*steps));
    size_t at = l->n_steps;
    for (size_t i = 0; i < l->n_steps; i++) {
        steps[i] = l->steps[i];
        bool same = strcmp(steps[i].item, step->item) == 0 && steps[i].to_level == step->to_level;
        at = same ? i : at;
    }
    struct plan_step changed = *step;
    bool stays = at < l->n_steps && steps[at].state == step->state;
    changed.set_ms = stays ? steps[at].set_ms : t->event->at_ms;
    l->n_steps += at == l->n_steps;
    steps[at] = changed;
    l->steps = steps;
    talk_change(t, CHANGE_PLAN_STEP)->plan_step = changed;
}

/* The day the n-th open step is due, from 0: as many weeks as the pace takes for it. */
static int due_day(const struct talk *t, size_t n) {
    const struct plan_rule *rule = &t->pack->assess.plan;
    int pace =
        t->s->learning.weekly_minutes > 0 ? t->s->learning.weekly_minutes : rule->default_pace;
    int64_t minutes = (int64_t)(n + 1) * rule->minutes_per_step;
    int64_t weeks = (minutes + pace - 1) / pace;
    return calendar_today(t) + (int)weeks * DAYS_PER_WEEK;
}

static bool is_wanted(const struct plan_step *step, const struct gaps *gaps, size_t top) {
    for (size_t i = 0; i < gaps->n_ranked && i < top; i++) {
        const struct gap *g = &gaps->items[gaps->ranked[i]];
        if (strcmp(g->tks->id, step->item) == 0 && step->to_level == g->current + 1) {
            return true;
        }
    }
    return false;
}

/* The step there is already for that gap, open or not. */
static const struct plan_step *find(const struct session *s, const struct gap *g) {
    for (size_t i = 0; i < s->learning.n_steps; i++) {
        const struct plan_step *step = &s->learning.steps[i];
        if (strcmp(step->item, g->tks->id) == 0 && step->to_level == g->current + 1) {
            return step;
        }
    }
    return NULL;
}

size_t plan_make(struct talk *t, const struct gaps *gaps) {
    size_t top = t->pack->assess.priority.show_top;
    for (size_t i = 0; i < t->s->learning.n_steps; i++) {
        struct plan_step step = t->s->learning.steps[i];
        if (step.state == STEP_OPEN && !is_wanted(&step, gaps, top)) {
            step.state = STEP_LEFT;
            put(t, &step);
        }
    }
    size_t added = 0;
    for (size_t i = 0; i < gaps->n_ranked && i < top; i++) {
        const struct gap *g = &gaps->items[gaps->ranked[i]];
        const struct plan_step *there = find(t->s, g);
        size_t best;
        bool any = gap_resources(t->pack, g->tks, &best, 1) > 0;
        struct plan_step step = {.item = g->tks->id,
                                 .to_level = g->current + 1,
                                 .resource = there ? there->resource
                                             : any ? t->pack->resources[best].id
                                                   : "",
                                 .due_day = due_day(t, i),
                                 .state = STEP_OPEN};
        if (!there || there->state != STEP_OPEN) {
            put(t, &step);
            added++;
        }
    }
    return added;
}

void plan_set_pace(struct talk *t, int weekly_minutes) {
    t->s->learning.weekly_minutes = weekly_minutes;
    talk_change(t, CHANGE_PACE)->level = weekly_minutes;
    size_t open = 0;
    for (size_t i = 0; i < t->s->learning.n_steps; i++) {
        struct plan_step step = t->s->learning.steps[i];
        if (step.state == STEP_OPEN) {
            step.due_day = due_day(t, open++);
            put(t, &step);
        }
    }
}

void plan_set_state(struct talk *t, const struct plan_step *step, enum step_state state) {
    struct plan_step changed = *step;
    changed.state = state;
    put(t, &changed);
}

void plan_put_off(struct talk *t, const struct plan_step *step, int days) {
    struct plan_step changed = *step;
    int today = calendar_today(t);
    changed.due_day = (changed.due_day > today ? changed.due_day : today) + days;
    put(t, &changed);
}

bool plan_swap(struct talk *t, const struct plan_step *step) {
    const struct tks *item = plan_item(t, step);
    size_t all[ALL_RESOURCES];
    size_t n = item ? gap_resources(t->pack, item, all, ALL_RESOURCES) : 0;
    size_t at = 0;
    while (at < n && strcmp(t->pack->resources[all[at]].id, step->resource) != 0) {
        at++;
    }
    if (n < 2) {
        return false;
    }
    struct plan_step changed = *step;
    changed.resource = t->pack->resources[all[(at + 1) % n]].id;
    put(t, &changed);
    return true;
}

const char *plan_first_step(struct talk *t, const struct plan_step *step) {
    const struct tks *item = plan_item(t, step);
    int r = plan_resource(t->pack, step->resource);
    if (r >= 0 && *talk_l10n(t, t->pack->assess.first_steps[r])) {
        return talk_l10n(t, t->pack->assess.first_steps[r]);
    }
    struct buf b;
    buf_init(&b, 1024);
    say_template(&b, talk_l10n(t, t->pack->assess.first_step), "name",
                 item ? talk_l10n(t, item->label) : step->item, (char *)NULL);
    return talk_take(t, &b);
}
