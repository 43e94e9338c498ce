#include "intents/slot.h"

#include <string.h>

bool slot_waits(const struct session *s, enum form_purpose purpose) {
    const struct other_form *o = &s->other;
    return o->run.phase != RUN_NONE && o->run.phase != RUN_DONE && o->form->purpose == purpose;
}

bool slot_bring(struct session *s, enum form_purpose purpose, const struct form *fresh) {
    if (s->form->purpose == purpose) {
        return false;
    }
    struct other_form now = {.form = s->form, .run = s->run};
    memcpy(now.run_id, s->run_id, sizeof(now.run_id));
    bool there = s->other.run.phase != RUN_NONE && s->other.form->purpose == purpose;
    const struct other_form none = {.form = fresh, .run = {.phase = RUN_NONE, .current = -1}};
    const struct other_form *next = there ? &s->other : &none;
    s->form = next->form;
    s->run = next->run;
    memcpy(s->run_id, next->run_id, sizeof(s->run_id));
    s->other = now;
    return true;
}
