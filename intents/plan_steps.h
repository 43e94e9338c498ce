/*
 * The steps of a learning plan as data: made from the gaps, found by what people call them,
 * changed. Notes each change for the store; says nothing.
 */
#ifndef KIZUKI_INTENTS_PLAN_STEPS_H
#define KIZUKI_INTENTS_PLAN_STEPS_H

#include "content/gap.h"
#include "intents/talk.h"

#define PLAN_MAX_SHOWN 12
#define PLAN_RESOURCES 2 /* for each step, unless more are asked for */

/* The steps shown under the numbers 1, 2, …: what is open, and what was done of late. */
struct plan_list {
    const struct plan_step *items[PLAN_MAX_SHOWN];
    size_t n;
};
void plan_list(const struct talk *t, struct plan_list *ret);
size_t plan_open(const struct session *s); /* how many steps are open */

/* The item of a step; NULL where the content has it no longer. */
const struct tks *plan_item(const struct talk *t, const struct plan_step *step);

/* Index into the pack's resources, or -1. */
int plan_resource(const struct pack *pack, const char *id);

/*
 * The first few gaps become steps, one level up each; what is open and no longer among them is
 * left. How many steps are new.
 */
size_t plan_make(struct talk *t, const struct gaps *gaps);

/* The days of the open steps follow from the pace, from today on. */
void plan_set_pace(struct talk *t, int weekly_minutes);

void plan_set_state(struct talk *t, const struct plan_step *step, enum step_state state);
void plan_put_off(struct talk *t, const struct plan_step *step, int days);
/* The next resource for that item; false where there is no other. */
bool plan_swap(struct talk *t, const struct plan_step *step);

/* What to begin with, a quarter of an hour at most. */
const char *plan_first_step(struct talk *t, const struct plan_step *step);

#endif
