#include "bot/learner.h"

#include <errno.h>
#include <string.h>

static const char *const states[] = {
    [STEP_OPEN] = "open", [STEP_DONE] = "done", [STEP_LEFT] = "left"};

_Static_assert((int)STORE_UNSURE == (int)CURRENT_UNSURE, "the store has the conversation's word");

static enum step_state find_state(const char *word) {
    size_t i = 0;
    while (i < STEP_LEFT && strcmp(states[i], word) != 0) {
        i++;
    }
    return (enum step_state)i;
}

static void load_said(struct arena *arena, const struct store_learning *rows,
                      struct learning *ret) {
    struct target *targets = arena_alloc(arena, (rows->n_targets + 1) * sizeof(*targets));
    for (size_t i = 0; i < rows->n_targets; i++) {
        targets[i] =
            (struct target){.item = rows->targets[i].item, .level = rows->targets[i].level};
    }
    struct own_level *levels = arena_alloc(arena, (rows->n_levels + 1) * sizeof(*levels));
    for (size_t i = 0; i < rows->n_levels; i++) {
        const struct store_level *l = &rows->levels[i];
        levels[i] = (struct own_level){.item = l->item,
                                       .level = l->level,
                                       .said_ms = l->said_ms,
                                       .first = l->first,
                                       .first_ms = l->first_ms,
                                       .only = l->only};
    }
    struct own_involvement *who = arena_alloc(arena, (rows->n_involvements + 1) * sizeof(*who));
    size_t n = 0;
    for (size_t i = 0; i < rows->n_involvements; i++) {
        enum involvement how = involvement_find(rows->involvements[i].how);
        if (how != INVOLVEMENT__COUNT) { /* a word of a newer Kizuki: as if never said */
            who[n++] = (struct own_involvement){.item = rows->involvements[i].item, .who = how};
        }
    }
    *ret = (struct learning){.targets = targets,
                             .n_targets = rows->n_targets,
                             .levels = levels,
                             .n_levels = rows->n_levels,
                             .involvements = who,
                             .n_involvements = n,
                             .weekly_minutes = rows->weekly_minutes};
}

int learner_load(struct store *s, struct arena *arena, const char *person_id,
                 struct learning *ret) {
    struct store_learning rows;
    int rc = store_learning_get(s, arena, person_id, &rows);
    if (rc != 0) {
        return rc;
    }
    load_said(arena, &rows, ret);
    struct plan_step *steps = arena_alloc(arena, (rows.n_steps + 1) * sizeof(*steps));
    for (size_t i = 0; i < rows.n_steps; i++) {
        const struct store_plan_step *r = &rows.steps[i];
        steps[i] = (struct plan_step){.item = r->item,
                                      .to_level = r->to_level,
                                      .resource = r->resource,
                                      .due_day = r->due_day,
                                      .state = find_state(r->state),
                                      .set_ms = r->set_ms};
    }
    ret->steps = steps;
    ret->n_steps = rows.n_steps;
    return 0;
}

static int put_step(struct store *s, const char *person_id, const struct plan_step *step,
                    int64_t now_ms) {
    struct store_plan_step row = {.item = step->item,
                                  .to_level = step->to_level,
                                  .resource = step->resource,
                                  .due_day = step->due_day,
                                  .state = states[step->state]};
    return store_plan_step_put(s, person_id, &row, now_ms);
}

int learner_apply(struct store *s, const char *person_id, const struct change *c, int64_t now_ms) {
    switch (c->kind) {
    case CHANGE_TARGET:
        return store_target_put(s, person_id, c->item, c->level, now_ms);
    case CHANGE_LEVEL:
        return store_level_add(s, person_id, c->item, c->level, c->corrects, now_ms);
    case CHANGE_INVOLVEMENT:
        return store_involvement_put(
            s, person_id, c->item, c->level == INVOLVED_UNKNOWN ? "" : involvement_names[c->level],
            now_ms);
    case CHANGE_PACE:
        return store_pace_put(s, person_id, c->level, now_ms);
    case CHANGE_PLAN_STEP:
        return put_step(s, person_id, &c->plan_step, now_ms);
    default:
        return -EIO;
    }
}
