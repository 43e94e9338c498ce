/*
 * The conversation as a function: what is known of a person plus one event gives what changes and
 * what is said. No clock, no I/O, no platform; the same input always gives the same step.
 * Everything a step points to lives in the arena of the turn or in the pack.
 */
#ifndef KIZUKI_INTENTS_STEP_H
#define KIZUKI_INTENTS_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/event.h"
#include "content/gap.h"
#include "content/pack.h"
#include "intents/form_run.h"
#include "intents/phrases.h"

/* What the site itself says; "" where it has said nothing. */
struct site {
    struct l10n security_contact;
    struct l10n privacy_text;
};

/* What a bare number or yes/no means besides an answer to the open question. */
enum menu {
    MENU_NONE,
    MENU_WELCOME_BACK, /* 1 continue, 2 start over */
    MENU_RESTART,      /* 1 yes, 2 no */
    MENU_EDIT,         /* the number of a question */
    MENU_PICK,         /* one of the personas offered after the questions */
    MENU_CHANGE,       /* one of all personas */
    MENU_ROLES,        /* the number of a role */
    MENU_LIST,         /* "more" goes on; menu_arg says where */
    MENU_LINK,         /* 1 yes, 2 no; menu_arg says where and with which code (link.c) */
    MENU_UNLINK,       /* the same, without a code */
    MENU_MEANT,        /* what may have been meant; menu_arg has the readings (doubt.c) */
    MENU_HANDOFF,      /* 1 leave a message, 2 not now; menu_arg says where (handoff.c) */
    MENU_HANDOFF_TEXT, /* the next message is that message */
    MENU_HANDOFF_SEND, /* 1 send, 2 rewrite, 3 stop; menu_arg has the message, too */
    MENU_ASSESS,       /* the ways of a self-assessment */
    MENU_PACE,         /* minutes a week for learning */
    MENU_LEVEL_UP,     /* 1 yes, 2 not yet; menu_arg says which item and level (plan.c) */
    MENU__COUNT
};

extern const char *const menu_names[MENU__COUNT];

#define RUN_ID_LEN 32

/* A level that the person set as required of them. */
struct target {
    const char *item; /* T-001, K-001, S-001 */
    int level;
};

/* What the person says they can do. */
struct own_level {
    const char *item;
    int level; /* 0 to LEVEL_MAX, CURRENT_UNSURE */
    int64_t said_ms;
    int first; /* the first level ever said, as corrected; CURRENT_UNSURE for none */
    int64_t first_ms;
    bool only; /* all that was said since corrects it */
};

struct own_involvement {
    const char *item;
    enum involvement who;
};

enum step_state { STEP_OPEN, STEP_DONE, STEP_LEFT };

/* One step of the learning plan: an item, one level up. */
struct plan_step {
    const char *item;
    int to_level;
    const char *resource; /* id, "" for none */
    int due_day;          /* from 1970-01-01, in the person's calendar */
    enum step_state state;
    int64_t set_ms; /* when it came into that state */
};

/* What the person said of themselves besides the answers of a run. */
struct learning {
    const struct target *targets;
    size_t n_targets;
    const struct own_level *levels;
    size_t n_levels;
    const struct own_involvement *involvements;
    size_t n_involvements;
    const struct plan_step *steps; /* in the order they were planned */
    size_t n_steps;
    int weekly_minutes; /* 0: not chosen */
};

/* A form on its way. */
struct other_form {
    const struct form *form;
    char run_id[RUN_ID_LEN + 1];
    struct form_run run; /* RUN_NONE: there is none */
};

/* All that is kept about a person's conversation; loaded before and stored after each step. */
struct session {
    enum lang lang;
    bool lang_chosen;   /* by the person; otherwise it follows the platform's account … */
    const char *locale; /* … which says this; "" for nothing, never NULL */
    bool greeted;
    int64_t last_event_ms;       /* 0: never heard of */
    const struct form *form;     /* of the run below; the pack's for a new one */
    char run_id[RUN_ID_LEN + 1]; /* "" before the first run */
    struct form_run run;
    enum menu menu;
    const char *menu_arg;    /* never NULL */
    int misses;              /* messages in a row that were not understood */
    int other_lines;         /* … in the language that was not chosen, see language.h */
    const char *result;      /* persona id, "" for none */
    bool result_by_hand;     /* the person chose it */
    bool result_of_run;      /* it came out of, or was chosen after, the run above */
    struct other_form other; /* of the other form: the questionnaire or the self-assessment */
    struct learning learning;
};

enum change_kind {
    CHANGE_RUN_BEGIN,  /* a new run session.run_id on session.form */
    CHANGE_REPLY,      /* `question` of the run got session.run.replies[question] */
    CHANGE_RUN_DONE,   /* answered to the end */
    CHANGE_RUN_LEFT,   /* given up for another start; its answers stay as history */
    CHANGE_RUN_REOPEN, /* a finished run is open again, to change an answer */
    CHANGE_RESULT,     /* `persona`, found by scoring or chosen by hand */
    CHANGE_TARGET, /* `level` is required for `item`, by the person's own word; -1: not any more */
    CHANGE_LEVEL,  /* `level` (or CURRENT_UNSURE) is what they say of `item` */
    CHANGE_INVOLVEMENT, /* `level` is who does `item`, enum involvement; INVOLVED_UNKNOWN: as was */
    CHANGE_PACE,        /* `level` minutes a week */
    CHANGE_PLAN_STEP,   /* `plan_step` is new, or changed */
    CHANGE_LINK_CODE,   /* `code` links with this person from now on */
    CHANGE_UNLINK,      /* here somebody new begins: session.next is theirs */
};

struct change {
    enum change_kind kind;
    int question;
    struct form_reply reply;
    const char *run_id;
    const char *persona;
    bool by_hand;
    const char *code;
    const char *item;
    int level;
    bool corrects; /* CHANGE_LEVEL: what was just said */
    struct plan_step plan_step;
};

#define STEP_MAX_CHANGES 128
#define STEP_MAX_REPLIES 8

/* A question that has its answer now: where it can, what asked it shows what was understood. */
struct settled {
    const char *question; /* its reference, NULL for none */
    const char *text;
};

struct step {
    struct session next;
    struct change changes[STEP_MAX_CHANGES];
    size_t n_changes;
    struct reply replies[STEP_MAX_REPLIES];
    size_t n_replies;
    struct settled settled;
    const char *code; /* to be looked up: nothing counts but the step taken again with the result */
    const struct sheet *sheet;        /* to be shown at once, NULL for none */
    const struct sheet_error *errors; /* in the sheet handed in: then nothing was taken */
    size_t n_errors;
};

/* What came of the code that the step asked about. */
enum link_result {
    LINK_NONE,
    LINK_JOINED,      /* what is known of the person is already that of both in one */
    LINK_JOINED_LEFT, /* and the questions under way here were left */
    LINK_OWN,         /* a code of this person */
    LINK_REFUSED,     /* no such code, or not any more */
    LINK_LATER,       /* too many were wrong */
};

#define STEP_RANDOM_LEN 8

struct guesser;
struct imported;

struct step_input {
    const struct pack *pack;
    const struct phrases *phrases;
    const struct guesser *guesser;   /* NULL: nothing is guessed */
    const struct imported *imported; /* NULL: nothing was taken in from files */
    const struct site *site;
    const struct session *session;
    const struct event *event;
    int64_t utc_offset_ms; /* of the person's clock, now */
    size_t places;         /* in which the person is met, this one included */
    bool desk;             /* somebody in the workspace reads what is passed on (AUDIENCE_DESK) */
    enum link_result link;
    const unsigned char *random; /* STEP_RANDOM_LEN bytes that nobody can guess */
};

/* The page of the person's own: where they stand, what is next. The event is not looked at. */
void dialogue_home(const struct step_input *in, struct arena *arena, struct reply *ret);

void dialogue_step(const struct step_input *in, struct arena *arena, struct step *ret);

#endif
