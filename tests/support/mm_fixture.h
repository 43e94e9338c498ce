/*
 * A Mattermost workspace without a network: the real people, intake, catch-up and outgoing with a
 * real engine and a database in memory. Calls wait until the test answers them, timers until it
 * lets time pass. For tests with the line: LDFLAGS: @tests/support/mm_fixture.flags
 */
#ifndef KIZUKI_TESTS_SUPPORT_MM_FIXTURE_H
#define KIZUKI_TESTS_SUPPORT_MM_FIXTURE_H

#include "bot/mattermost/api.h"
#include "bot/mattermost/catchup.h"
#include "bot/mattermost/intake.h"
#include "bot/mattermost/outgoing.h"
#include "bot/mattermost/people.h"
#include "bot/mattermost/private.h"
#include "tests/support/adapter_fixture.h"

#define ME     "i1rndzru8tbgfdy8okha7jwtga"
#define HANAKO "63h78fij6jy93x8fkj69nb14sy"
#define TARO   "7n48dpsxr7fq9kkbikydee3qdy"
#define DM     "ionu3jspb7fjiyqeoyrfiscafw"
#define PUBLIC "ngcmi4rgojrbpnikh1cnm1xkrh"
#define TEAM   "og84bgyg3t8nucyog85wr9pm7h"

#define WITH_WORKSPACE(f) cmocka_unit_test_setup_teardown(f, mm_begin, mm_end)

extern struct mattermost mm;
extern bool mm_authorized; /* the server takes our token */

int mm_begin(void **state);
/* Fails where a call is left that nobody answered. */
int mm_end(void **state);

/* An id: that number behind zeros. */
const char *mm_id(int n);

/* ---- calls, oldest first ---- */

struct mm_asked {
    const char *method;
    const char *path;
    const char *body;
    bool text;
    mm_done done;
    void *ctx;
};

size_t mm_waiting(void);
/* The oldest call, taken away; it must be that one, in full or, for "…*", in its beginning;
 * method "*": whatever it is. */
struct mm_asked mm_take(const char *method, const char *path);
/* What the server said to it, understood as api.c does: 2xx is JSON text; for others `said` is the
 * error's id. 0: a timeout; -1: not sent. */
void mm_answer(const struct mm_asked *asked, int status, const char *said);
void mm_answer_cut(const struct mm_asked *asked, const char *beginning);
/* Both at once. */
void mm_expect(const char *method, const char *path, int status, const char *said);

/* ---- what becomes of it ---- */

/* A turn's end, as in run.c; what handing in or committing said. */
int mm_turn(bool one);

/* ---- things to say ---- */

/* {"order":[…],"posts":{…},"next_post_id":"…"} */
const char *mm_page(const struct mm_post *posts, size_t n, const char *next);
const char *mm_user_list(const char *const *ids, size_t n, const char *bot);
/* That person is known. */
void mm_know(const char *id, bool bot);

#endif
