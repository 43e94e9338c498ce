#include "intents/assess.h"

#include <string.h>

#include "intents/ask.h"
#include "intents/assess_form.h"
#include "intents/gap_view.h"
#include "intents/own.h"
#include "intents/slot.h"

enum way { WAY_QUICK, WAY_FULL, WAY_OPEN, WAYS };

#define SECONDS_PER_QUESTION 15

/* The persona that the run at hand is about. */
static int persona_index(const struct pack *pack, const char *id) {
    const struct persona *p = pack_persona(pack, id);
    return p ? (int)(p - pack->personas) : -1;
}

static bool is_open(const struct talk *t, const struct form_question *q) {
    const struct tks *item = assess_item(t->pack, q);
    const struct own_level *level = item ? own_level(t->s, item->id) : NULL;
    return !level || level->level == CURRENT_UNSURE;
}

static size_t count_open(const struct talk *t, const struct form *form) {
    size_t n = 0;
    for (size_t i = 0; i < form->n_questions; i++) {
        n += is_open(t, &form->questions[i]);
    }
    return n;
}

/* The ways there are, under the numbers 1, 2, …: those that would ask the same are left out. */
struct offer {
    enum way ways[WAYS];
    size_t n_questions[WAYS];
    size_t n;
    const struct form *quick;
    const struct form *full;
};

static void add_way(struct offer *o, enum way way, size_t n_questions) {
    o->ways[o->n] = way;
    o->n_questions[o->n++] = n_questions;
}

static struct offer offer_for(const struct talk *t, size_t persona) {
    struct offer o = {.quick = assess_form(t->pack, persona, true),
                      .full = assess_form(t->pack, persona, false)};
    size_t open = count_open(t, o.full);
    add_way(&o, WAY_QUICK, o.quick->n_questions);
    if (o.full->n_questions > o.quick->n_questions) {
        add_way(&o, WAY_FULL, o.full->n_questions);
    }
    if (open > 0 && open < o.full->n_questions) {
        add_way(&o, WAY_OPEN, open);
    }
    return o;
}

void assess_offer(struct talk *t) {
    static const enum msg names[WAYS] = {MSG_ASSESS_QUICK, MSG_ASSESS_FULL, MSG_ASSESS_OPEN};
    int persona = persona_index(t->pack, t->s->result);
    if (persona < 0) {
        t->s->menu = MENU_NONE;
        talk_line(t, MSG_ASSESS_NO_PERSONA);
        return;
    }
    struct offer o = offer_for(t, (size_t)persona);
    talk_line(t, MSG_ASSESS_OFFER, "persona", talk_l10n(t, t->pack->personas[persona].brief));
    for (size_t i = 0; i < o.n; i++) {
        size_t minutes = (o.n_questions[i] * SECONDS_PER_QUESTION + 59) / 60;
        const char *text =
            talk_string(t, names[o.ways[i]], "n", talk_number(t, (int64_t)o.n_questions[i]),
                        "minutes", talk_number(t, (int64_t)minutes));
        talk_choice_line(t, (int)i + 1, text, false);
    }
    t->s->menu = MENU_ASSESS;
}

bool assess_start(struct talk *t) {
    bool mine = slot_waits(t->s, FORM_ASSESSMENT)
                    ? strcmp(t->s->other.form->about, t->s->result) == 0
                    : t->s->form->purpose == FORM_ASSESSMENT && ask_under_way(t->s) &&
                          strcmp(t->s->form->about, t->s->result) == 0;
    if (!mine) {
        assess_offer(t);
        return t->s->menu == MENU_ASSESS;
    }
    ask_bring(t, FORM_ASSESSMENT);
    ask_go_on(t);
    return true;
}

/* What is known already is taken over as answers, so that only the rest is asked. */
static void take_over(struct talk *t) {
    const struct form *form = t->s->form;
    for (size_t i = 0; i < form->n_questions; i++) {
        const struct tks *item = assess_item(t->pack, &form->questions[i]);
        const struct own_level *level = item ? own_level(t->s, item->id) : NULL;
        if (level && level->level >= 0) {
            ask_fill(t, (int)i, 1u << level->level);
        }
    }
}

static void begin(struct talk *t, const struct form *form, enum way way) {
    ask_bring(t, FORM_ASSESSMENT);
    ask_begin(t, form);
    if (way == WAY_OPEN) {
        take_over(t);
    }
    talk_line(t, MSG_ASSESS_BEGIN);
    ask_show(t);
}

static bool pick(struct talk *t, const struct offer *o, size_t at) {
    t->s->menu = MENU_NONE;
    begin(t, o->ways[at] == WAY_QUICK ? o->quick : o->full, o->ways[at]);
    return true;
}

bool assess_pick(struct talk *t, int number) {
    int persona = persona_index(t->pack, t->s->result);
    if (persona < 0) {
        return false;
    }
    struct offer o = offer_for(t, (size_t)persona);
    return number >= 1 && (size_t)number <= o.n && pick(t, &o, (size_t)number - 1);
}

bool assess_pick_length(struct talk *t, bool quick) {
    int persona = persona_index(t->pack, t->s->result);
    if (persona < 0) {
        return false;
    }
    struct offer o = offer_for(t, (size_t)persona);
    return pick(t, &o, quick || o.ways[1] != WAY_FULL ? 0 : 1);
}

void assess_again(struct talk *t) {
    const char *end = strrchr(t->s->form->id, '-');
    int persona = persona_index(t->pack, t->s->form->about);
    bool quick = end && strcmp(end, "-quick") == 0;
    ask_begin(t, persona < 0 ? t->s->form : assess_form(t->pack, (size_t)persona, quick));
    ask_show(t);
}

/* A skipped item stays what it was; an option is a level. */
void assess_took(struct talk *t, int question, bool corrects) {
    const struct form_question *q = &t->s->form->questions[question];
    const struct form_reply *r = &t->s->run.replies[question];
    const struct tks *item = assess_item(t->pack, q);
    if (!item || (r->kind != REPLY_CHOSEN && r->kind != REPLY_UNSURE)) {
        return;
    }
    int level = CURRENT_UNSURE;
    for (int i = 0; r->kind == REPLY_CHOSEN && i <= LEVEL_MAX; i++) {
        level = (r->mask & (1u << i)) ? i : level;
    }
    own_set_level(t, item, level, corrects);
}

void assess_say_earlier(struct talk *t, const struct form_question *q) {
    const struct tks *item = assess_item(t->pack, q);
    const struct own_level *level = item ? own_level(t->s, item->id) : NULL;
    if (level && level->level >= 0) {
        talk_line(t, MSG_ASSESS_EARLIER, "level", own_level_name(t, level->level));
    }
}

void assess_finish(struct talk *t) {
    t->s->run.phase = RUN_DONE;
    talk_change(t, CHANGE_RUN_DONE);
    talk_line(t, MSG_ASSESS_DONE);
    gap_show(t);
    if (slot_waits(t->s, FORM_PERSONA)) {
        talk_line(t, MSG_ASSESS_BACK_TO_QUESTIONS);
    }
}
