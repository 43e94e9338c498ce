/*
 * The simulation behind the terminal chat: who is typing, where, what was shown last and can be
 * clicked, and the lines that steer all that (":as", ":channel", ":react", ":advance", …).
 */
#ifndef KIZUKI_BOT_CONSOLE_DIRECTIVE_H
#define KIZUKI_BOT_CONSOLE_DIRECTIVE_H

#include "base/arena.h"
#include "base/event.h"
#include "store/store.h"

#define SIMULATION_NAME_MAX   64 /* bytes */
#define SIMULATION_PEOPLE_MAX 64
#define SIMULATION_FIELDS_MAX 16

/* What a person sees. */
struct shown {
    char user[SIMULATION_NAME_MAX + 1];
    char *question; /* the last one asked, NULL for none */
    char *under;    /* the question of the last reply, "" for none … */
    char *controls; /* … and what can be clicked under it: words as JSON */
    char *home;     /* and on the page of their own */
};

struct simulation {
    char user[SIMULATION_NAME_MAX + 1];
    char channel[SIMULATION_NAME_MAX + 1];     /* "" for the direct conversation */
    char next_id[SIMULATION_NAME_MAX + 1];     /* id of the next message, "" for a fresh one */
    bool cards;                                /* words and pages are shown */
    struct shown shown[SIMULATION_PEOPLE_MAX]; /* who was shown something last comes last */
    size_t n_shown;
    struct arena arena; /* of the event being made */
    struct event last;  /* what was clicked last, EVENT_MESSAGE for nothing yet … */
    struct arena kept;  /* … with all it points to */
};

enum directive {
    DIRECTIVE_DONE,
    DIRECTIVE_EVENT,  /* *event was filled: something was clicked */
    DIRECTIVE_CLOCK,  /* the clock moved: due work may happen */
    DIRECTIVE_RELOAD, /* as SIGHUP */
    DIRECTIVE_CRASH,  /* die at once, as by kill -9 */
    DIRECTIVE_QUIT,
    DIRECTIVE_BAD, /* *why says what is wrong */
};

extern const char directive_help[];

void simulation_init(struct simulation *sim, const char *user);
void simulation_free(struct simulation *sim);

/* Whether it can name a person, channel or message: short, and nothing but visible UTF-8. */
bool simulation_name_fits(const char *name);

/* A reply was shown: remembers its question for ":react", its words for ":word". */
void simulation_saw(struct simulation *sim, const struct store_out *row);

/* Carries out one line that begins with ':'. What the event points to lives until the next call. */
enum directive simulation_directive(struct simulation *sim, const char *line, struct event *event,
                                    const char **why);

#endif
