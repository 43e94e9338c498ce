/* The page of the person's own: where they stand, and what is next. */
#include "intents/ask.h"
#include "intents/step.h"
#include "intents/talk.h"

void dialogue_home(const struct step_input *in, struct arena *arena, struct reply *ret) {
    struct step out = {.next = *in->session};
    struct talk t;
    talk_begin(&t, in, arena, &out);
    const struct persona *p = pack_persona(t.pack, t.s->result);
    if (p) {
        talk_line(&t, MSG_HOME_PERSONA, "persona", talk_l10n(&t, p->name));
    } else {
        talk_line(&t, MSG_HOME_NO_PERSONA);
    }
    talk_send(&t, AUDIENCE_DIRECT);
    *ret = out.replies[0];
    talk_end(&t);
}
