/*
 * Somebody who clicks rather than writes, where the platform has buttons: lines of a transcript as
 * clicks on what the bot's messages, its page and its forms offer. Every call waits until all of it
 * is answered.
 */
#ifndef KIZUKI_TESTS_SUPPORT_CLICKER_H
#define KIZUKI_TESTS_SUPPORT_CLICKER_H

#include "tests/support/wire.h"

struct clicker {
    struct wire *w;
    struct wire_person *p;
    char card[WIRE_ID_LEN + 1]; /* the question whose choices are ticked … */
    unsigned ticked;            /* … and which … */
    unsigned last;              /* … and what was ticked last */
    char word[2 * WIRE_ID_LEN]; /* clicked last, under which question … */
    int64_t word_ms;            /* … and when */
    bool nervous;               /* every third click is two */
    size_t n_clicks;
    size_t n_double;
};

/* Answers and words; false where the newest message does not offer that. */
bool clicker_say(struct clicker *c, const char *text);

/* ":react", ":unreact": a choice of the newest question, or "ok". */
bool clicker_tick(struct clicker *c, const char *what, bool on);

/* ":select 1,3"; what is not offered is left out. */
bool clicker_select(struct clicker *c, const char *numbers);

/*
 * ":word N", ":home [N]", ":sheet NAME" and ":submit NAME FIELD=TEXT|…", without the colon; `twice`
 * as by a nervous finger. False where nobody can do that on Slack.
 */
bool clicker_do(struct clicker *c, const char *line, bool twice);

#endif
