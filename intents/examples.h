/*
 * Example utterances with what they mean: lines of "lang TAB text TAB slots" in a file named after
 * the label. Data, ours or a site's; nothing a user writes gets here.
 */
#ifndef KIZUKI_INTENTS_EXAMPLES_H
#define KIZUKI_INTENTS_EXAMPLES_H

#include "base/arena.h"
#include "content/fault.h"
#include "content/lang.h"
#include "intents/labels.h"

struct example {
    enum label label;
    enum lang lang;
    const char *text;
    const char *slots; /* "key=value;key=value", "" for none */
    int line;          /* of its file */
};

/* Zeroed: empty. Texts live in the arena. */
struct examples {
    struct arena arena;
    struct example *items;
    size_t n;
    size_t cap;
};

/* `file` ("…/LABEL.tsv") names the label and the faults. Lines may end as on Windows. */
void examples_read(struct examples *e, const char *tsv, size_t n, const char *file,
                   struct faults *faults);

void examples_free(struct examples *e);

/* The value of a slot, in the arena; "" where it is not there. */
const char *examples_slot(struct arena *a, const char *slots, const char *key);

/* What an incident_report says has happened; KIND__COUNT where it does not say. */
enum incident_kind examples_kind(const struct example *x);

#endif
