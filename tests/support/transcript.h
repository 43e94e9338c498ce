/*
 * Golden conversations as tests read them: what people say and do, and what the terminal leaves of
 * it. The lines and their meaning are those of tests/golden/run.sh.
 */
#ifndef KIZUKI_TESTS_SUPPORT_TRANSCRIPT_H
#define KIZUKI_TESTS_SUPPORT_TRANSCRIPT_H

#include "tests/support/wire.h"

#define TRANSCRIPT_LINES_MAX 512

struct transcript {
    const char *path;
    char *lines[TRANSCRIPT_LINES_MAX]; /* "> ..." and "! ..." only */
    size_t n;
    char *text;
};

/* False where there is nothing to play. Free with transcript_free either way. */
bool transcript_read(const char *path, struct transcript *ret);
void transcript_free(struct transcript *t);

bool transcript_begins(const char *line, const char *with);
bool transcript_has(const struct transcript *t, const char *beginning);

/*
 * Plays it in the terminal, each life a process of its own, into a new database; with `cards` as a
 * chat with buttons.
 */
void transcript_play(const struct wire *w, const char *kizuki, const struct transcript *t,
                     const char *db, bool cards);

/* PACK in the directory of w: the pack with this done to its questionnaire. */
void transcript_edit_pack(const struct wire *w, const char *sed);

#endif
