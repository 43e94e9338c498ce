/* The lessons for each model: examples turned into what the trainer takes. */
#ifndef KIZUKI_INTENTS_LESSONS_H
#define KIZUKI_INTENTS_LESSONS_H

#include "intents/examples.h"
#include "intents/train.h"

struct lessons {
    struct arena arena;
    struct train_item *items;
    size_t n;
    const struct example **of; /* each item's */
};

/* What a message means (enum label). Each label counts about as much as another one. */
void lessons_labels(const struct examples *e, struct lessons *ret);

/* What happened (enum incident_kind), from the reports that tell. */
void lessons_kinds(const struct examples *e, struct lessons *ret);

/* What an answer says (enum sense). */
void lessons_senses(const struct examples *e, struct lessons *ret);

void lessons_free(struct lessons *l);

/* How the models of the binary are made. */
extern const struct training lessons_labels_how;
extern const struct training lessons_kinds_how;
extern const struct training lessons_senses_how;

#endif
