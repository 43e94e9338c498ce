/* What messages are read with: the content's names, the rules and the guesses. */
#ifndef KIZUKI_BOT_READING_H
#define KIZUKI_BOT_READING_H

#include "content/pack.h"
#include "intents/guess.h"
#include "intents/phrases.h"

struct reading {
    struct pack *pack;
    struct phrases *phrases;
    struct guesser *guesser;
};

/*
 * The content of that folder, and the site's sentences of the other one ("" or NULL: only what is
 * in the binary). False with *faults filled and *ret empty where something is wrong.
 */
bool reading_load(struct reading *ret, const char *content_dir, const char *intents_dir,
                  struct faults *faults) WARN_UNUSED;

/* A zeroed one is fine. */
void reading_free(struct reading *r);

#endif
