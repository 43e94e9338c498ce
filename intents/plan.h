/*
 * The learning plan: for the first few gaps one level up each, with what to learn it from, a first
 * step of a quarter of an hour, and a day it is due at the pace the person chose. Done, undone,
 * swapped, put off, exported.
 */
#ifndef KIZUKI_INTENTS_PLAN_H
#define KIZUKI_INTENTS_PLAN_H

#include "intents/talk.h"
#include "intents/understand.h"

/* Answers if it is about the plan; false if it is something else. */
bool plan_answer(struct talk *t, const struct understood *u);

/* The menu of paces: shows it, takes a number of it (false: there is none of that number). */
void plan_offer_pace(struct talk *t);
bool plan_pick_pace(struct talk *t, int number);

/* Whether the step that was done, named in menu_arg, brought the person a level up. */
void plan_ask_level(struct talk *t);
void plan_level_up(struct talk *t, bool yes);

#endif
