/*
 * What a self-assessment compares: levels with a behaviour each, who does what, the levels asked
 * of each persona, how gaps are ranked, and what closes them. The handbook names four levels and
 * the shapes of involvement; all numbers and wordings here are Kizuki's own and are shown as a
 * guide (目安).
 */
#ifndef KIZUKI_CONTENT_ASSESS_H
#define KIZUKI_CONTENT_ASSESS_H

#include <stdbool.h>
#include <stddef.h>

#include "content/lang.h"
#include "content/node.h"

#define LEVEL_MAX        4 /* 0 is "not yet", 1 to 4 are levels */
#define LEVELS           (LEVEL_MAX + 1)
#define ASSESS_MAX_ITEMS 32 /* of a persona: what one form can ask */

struct pack;
struct tks;

/* Who does it. The handbook's "lead" is INVOLVED_SELF with a higher level. */
enum involvement {
    INVOLVED_SELF,
    INVOLVED_SUPPORT,
    INVOLVED_OUTSOURCE,
    INVOLVED_INCIDENT_SELF,
    INVOLVED_INCIDENT_OUTSOURCE,
    INVOLVEMENT__COUNT,
    INVOLVED_UNKNOWN = INVOLVEMENT__COUNT /* the handbook says nothing, nor did the person */
};

extern const char *const involvement_names[INVOLVEMENT__COUNT]; /* "self", … in files and store */

struct level_words {
    struct l10n name;
    struct l10n behaviour[3]; /* by enum tks_kind */
};

struct involvement_words {
    struct l10n name;
    struct string_list aliases;
    int weight; /* in the priority */
};

struct expected {
    const struct tks *tks;
    enum involvement involvement; /* proposed */
    int level;                    /* asked for while that involvement stands */
};

/* What is asked of one persona. */
struct expectation {
    int required[INVOLVEMENT__COUNT][3]; /* by enum tks_kind: where the person says who does it */
    const struct expected *items;        /* at most ASSESS_MAX_ITEMS, in the persona's order */
    size_t n_items;
    const struct tks *const *quick; /* the key items */
    size_t n_quick;
};

struct bonus {
    int points;
    unsigned kinds;  /* bit: enum tks_kind */
    unsigned themes; /* bit: index of the pack's theme */
};

struct priority_rule {
    int per_gap;
    int default_weight; /* where who does it is not known */
    struct bonus incident;
    struct bonus base;
    size_t show_top;
};

/* Which resources close gaps of a sort, best first. */
struct remedy {
    unsigned kinds;
    unsigned themes; /* 0: all */
    const size_t *resources;
    size_t n_resources;
};

#define ASSESS_MAX_PACES 6

struct plan_rule {
    size_t parallel;             /* steps at the same time */
    int minutes_per_step;        /* how long one level takes: a guess of ours */
    int paces[ASSESS_MAX_PACES]; /* minutes a week that are offered */
    size_t n_paces;
    int default_pace;
    int reassess_days;
};

struct assess {
    struct level_words levels[LEVELS];
    struct involvement_words involvements[INVOLVEMENT__COUNT];
    const struct expectation *personas; /* by index of the pack's personas */
    struct priority_rule priority;
    const struct remedy *remedies;
    size_t n_remedies;
    struct l10n *first_steps; /* by index of the pack's resources, "" where there is none */
    struct l10n first_step;   /* where no resource is known; with {name} */
    struct plan_rule plan;
};

/* Reads assessment.json into pack->assess; tasks, personas and resources are there already. */
void assess_read(struct pack *pack, struct node root);

/* INVOLVEMENT__COUNT where there is none of that name. */
enum involvement involvement_find(const char *name);

#endif
