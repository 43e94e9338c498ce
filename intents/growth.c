#include "intents/growth.h"

#include "content/gap.h"
#include "intents/calendar.h"
#include "intents/gap_drawing.h"
#include "intents/own.h"

static void say_change(struct talk *t, const struct tks *item, const struct own_level *l) {
    talk_line(t, l->level > l->first ? MSG_GROWTH_UP : MSG_GROWTH_DOWN, "id", item->id, "label",
              talk_l10n(t, item->label), "first", talk_number(t, l->first), "level",
              own_level_name(t, l->level));
}

static void say_steps(struct talk *t) {
    size_t done = 0;
    size_t open = 0;
    for (size_t i = 0; i < t->s->learning.n_steps; i++) {
        done += t->s->learning.steps[i].state == STEP_DONE;
        open += t->s->learning.steps[i].state == STEP_OPEN;
    }
    if (done + open > 0) {
        talk_line(t, MSG_GROWTH_STEPS, "done", talk_number(t, (int64_t)done), "open",
                  talk_number(t, (int64_t)open));
    }
}

/* When the first level was said that is still compared with. */
static int64_t first_ms(const struct session *s) {
    int64_t first = 0;
    for (size_t i = 0; i < s->learning.n_levels; i++) {
        const struct own_level *l = &s->learning.levels[i];
        first = l->first >= 0 && (first == 0 || l->first_ms < first) ? l->first_ms : first;
    }
    return first;
}

static void say_reached(struct talk *t, const struct gaps *gaps) {
    size_t reached = 0;
    size_t total = 0;
    for (size_t i = 0; i < gaps->n; i++) {
        total += gaps->items[i].current >= 0;
        reached += gaps->items[i].current >= 0 && gaps->items[i].gap == 0;
    }
    talk_line(t, MSG_GROWTH_REACHED, "reached", talk_number(t, (int64_t)reached), "total",
              talk_number(t, (int64_t)total));
}

void growth_show(struct talk *t) {
    const struct expectation *e = own_expectation(t);
    if (!e || first_ms(t->s) == 0) {
        talk_line(t, MSG_GROWTH_NONE);
        return;
    }
    struct own own[ASSESS_MAX_ITEMS];
    struct gaps gaps;
    own_fill(t->s, e, own);
    gaps_find(&t->pack->assess, e, own, &gaps);
    size_t same = 0;
    size_t changed = 0;
    talk_line(t, MSG_GROWTH_HEAD, "date", calendar_date(t, calendar_day(t, first_ms(t->s))));
    for (size_t i = 0; i < gaps.n; i++) {
        const struct own_level *l = own_level(t->s, gaps.items[i].tks->id);
        if (l && l->first >= 0 && l->level >= 0 && l->level != l->first) {
            say_change(t, gaps.items[i].tks, l);
            changed++;
        } else {
            same += l && l->level >= 0;
        }
    }
    if (changed == 0) {
        talk_line(t, MSG_GROWTH_NONE);
    }
    talk_line(t, MSG_GROWTH_SAME, "count", talk_number(t, (int64_t)same));
    say_reached(t, &gaps);
    say_steps(t);
    talk_line(t, MSG_GROWTH_FOOT);
    t->drawing = growth_drawing(t, &gaps);
    talk_attribution(t);
}
