/* The examples that the models in the binary were made from, for comparing a site's with them. */
#ifndef KIZUKI_INTENTS_SHIPPED_H
#define KIZUKI_INTENTS_SHIPPED_H

#include "intents/examples.h"

/* Appends all of them: 1.5 MB of text, some 10 ms. */
void shipped_examples(struct examples *ret, struct faults *faults);

#endif
