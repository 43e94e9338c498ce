#include "content/score.h"

static void add_points(const struct form *form, const struct score_input *in, struct score *s) {
    for (size_t q = 0; q < form->n_questions; q++) {
        for (size_t o = 0; o < form->questions[q].n_options; o++) {
            if (!(in->chosen[q] & (1u << o))) {
                continue;
            }
            const struct form_option *option = &form->questions[q].options[o];
            for (size_t w = 0; w < option->n_weights; w++) {
                s->points[option->weights[w].outcome] += option->weights[w].points;
            }
        }
    }
}

static void find_second(const struct form *form, int top, struct score *s) {
    for (size_t i = 0; i < form->n_outcomes; i++) {
        int p = s->points[i];
        if ((int)i == s->primary || p < form->min_second || p * form->second_divisor < top) {
            continue;
        }
        size_t at = s->n_second++;
        for (; at > 0 && s->points[s->second[at - 1]] < p; at--) {
            s->second[at] = s->second[at - 1];
        }
        s->second[at] = (int)i;
    }
}

void score_answers(const struct form *form, const struct score_input *in, struct score *ret) {
    *ret = (struct score){.primary = -1};
    add_points(form, in, ret);
    int top = 0;
    for (size_t i = 0; i < form->n_outcomes; i++) {
        if (ret->points[i] > top) {
            top = ret->points[i];
            ret->primary = (int)i;
        }
    }
    if (top < form->min_top) {
        ret->primary = -1;
        return;
    }
    for (size_t i = 0; i < form->n_outcomes; i++) {
        if (ret->points[i] == top) {
            ret->tied[ret->n_tied++] = (int)i;
        }
    }
    if (ret->n_tied == 1) {
        ret->n_tied = 0;
    }
    find_second(form, top, ret);
}
