/*
 * The simulation behind the terminal chat: who is typing, where, which question was shown last, and
 * the lines that steer all that (":as", ":channel", ":react", ":advance", …).
 */
#ifndef KIZUKI_BOT_CONSOLE_DIRECTIVE_H
#define KIZUKI_BOT_CONSOLE_DIRECTIVE_H

#include "base/event.h"
#include "store/store.h"

#define SIMULATION_NAME_MAX   64 /* bytes */
#define SIMULATION_PEOPLE_MAX 64

/* The last question a person was shown. */
struct shown {
    char user[SIMULATION_NAME_MAX + 1];
    char *question;
};

struct simulation {
    char user[SIMULATION_NAME_MAX + 1];
    char channel[SIMULATION_NAME_MAX + 1];     /* "" for the direct conversation */
    char next_id[SIMULATION_NAME_MAX + 1];     /* id of the next message, "" for a fresh one */
    struct shown shown[SIMULATION_PEOPLE_MAX]; /* who was shown one last comes last */
    size_t n_shown;
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

/* A reply was shown: remembers its question for ":react". */
void simulation_saw(struct simulation *sim, const struct store_out *row);

/* Carries out one line that begins with ':'. The event's question lives until the next call. */
enum directive simulation_directive(struct simulation *sim, const char *line, struct event *event,
                                    const char **why);

#endif
