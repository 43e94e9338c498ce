/* The gap as bars: what is there against what is asked for. */
#ifndef KIZUKI_INTENTS_GAP_DRAWING_H
#define KIZUKI_INTENTS_GAP_DRAWING_H

#include "content/gap.h"
#include "intents/talk.h"

/* Of what was answered: gaps in their order, then the rest. In the arena; NULL where nothing was.
 */
const struct drawing *gap_drawing(struct talk *t, const struct gaps *gaps);

/* The same with what was said first, of what has changed since; NULL where nothing has. */
const struct drawing *growth_drawing(struct talk *t, const struct gaps *gaps);

#endif
