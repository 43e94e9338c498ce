/*
 * A site's own example sentences: the folder `intents_dir` with files named like the shipped ones,
 * help.tsv, term_lookup.tsv and so on. Reads files, blocks.
 */
#ifndef KIZUKI_BOT_SITE_EXAMPLES_H
#define KIZUKI_BOT_SITE_EXAMPLES_H

#include "intents/examples.h"

#define SITE_EXAMPLES_MAX 2000
#define SITE_EXAMPLES_CHARS_MAX                                                                    \
    250 /* of a sentence: of a longer one the middle is not looked at                              \
         */
#define SITE_EXAMPLES_FILE_MAX ((size_t)1024 * 1024)

/*
 * Appends to *ret; what is wrong becomes a fault with its file and line. Names that begin with a
 * dot are passed over; an empty folder is fine.
 */
void site_examples_read(const char *dir, struct examples *ret, struct faults *faults);

#endif
