/*
 * The story that people live through in the kill test over the wire: what they say, react to and
 * click, what somebody sees of it whom nothing disturbs, and when the others may go on.
 */
#ifndef KIZUKI_TESTS_SUPPORT_PLAYER_H
#define KIZUKI_TESTS_SUPPORT_PLAYER_H

#include "tests/support/wire.h"

#define STORY_STEPS 31

/* How people do what is no writing. */
enum manner { REACTING, CLICKING, MANNERS };

/* The server with all who came, and what they did. */
struct stage {
    struct wire *w;
    unsigned n_came;
    int64_t n_said;   /* messages */
    int64_t n_marked; /* reactions given and taken back */
    unsigned n_clicks;
    int64_t n_posts; /* the bot's, as far as checked */
};

struct player {
    struct wire_person wire;
    enum manner manner;
    size_t at;                    /* the next step */
    char target[WIRE_ID_LEN + 1]; /* the post that is reacted to or clicked */
    char click[WIRE_ID_LEN + 1];  /* what became of it is not known yet; "": none */
    int64_t n_clicks;             /* that the bot has taken */
};

/* The undisturbed conversation, at each step. */
struct reference {
    char *views[STORY_STEPS + 1];    /* what there is to see before it; at last at the end */
    size_t targets[STORY_STEPS];     /* which of the bot's posts a reaction or click goes to … */
    const char *offers[STORY_STEPS]; /* … and what is clicked there, NULL: nothing */
    bool ticks[STORY_STEPS];         /* a click that nothing follows yet */
    size_t n_posts;                  /* of the bot, in the end */
    char *home;                      /* the page of their own in the end, "" for none */
    char *dump;
};

/* Whoever comes is somebody else. */
void player_join(struct stage *s, struct player *p, enum manner manner);
/* The step they are at, without waiting; `offer` as the reference has it. */
void player_do(struct stage *s, struct player *p, const char *offer);
void player_say(struct stage *s, struct player *p, const char *text);
const char *player_step(const struct player *p); /* for messages */

/* How many clicks of theirs the bot has taken. */
int64_t player_clicks(const struct stage *s, const struct player *p);
/* They opened the page of their own just now, and it is not there. */
bool player_lacks_home(const struct stage *s, const struct player *p);
/* What the page shows, "" where they never open it; to be freed. */
char *player_home(const struct stage *s, const struct player *p);

/* Everything that was said and reacted to is taken, and nothing owed. Fails after a while. */
void stage_await(struct stage *s, const char *what);

/* Somebody plays it while nothing goes wrong. To be freed. */
void reference_make(struct stage *s, enum manner manner, struct reference *ret);
void reference_free(struct reference *ref);
/* Fails where what the story is there for did not happen. */
void reference_check(const struct stage *s);

/* Whether the player sees what was to be seen at that step; notes where to react. */
bool reference_seen(const struct stage *s, const struct reference *ref, struct player *p);
/* Whether they have to, before they go on; `patient`: they would like to. */
bool reference_must_see(const struct reference *ref, const struct player *p, bool patient);

#endif
