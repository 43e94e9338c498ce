#include "intents/question.h"

#include <string.h>

#include "intents/assess.h"

static const char *join(struct talk *t, const char *const *items, size_t n) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < n; i++) {
        talk_join_quoted(t, &b, items[i]);
    }
    return talk_take(t, &b);
}

const char *question_labels(struct talk *t, const struct form_question *q, uint32_t mask) {
    const char *items[FORM_MAX_OPTIONS];
    size_t n = 0;
    for (size_t o = 0; o < q->n_options; o++) {
        if (mask & (1u << o)) {
            items[n++] = talk_l10n(t, q->options[o].brief);
        }
    }
    return join(t, items, n);
}

const char *question_titles(struct talk *t, const int *questions, size_t n) {
    const char *items[FORM_MAX_QUESTIONS];
    for (size_t i = 0; i < n; i++) {
        items[i] = talk_l10n(t, t->s->form->questions[questions[i]].title);
    }
    return join(t, items, n);
}

const char *question_numbers(struct talk *t, const struct form_question *q, uint32_t mask) {
    struct buf b;
    buf_init(&b, 256);
    for (int o = 0; o < FORM_MAX_OPTIONS; o++) {
        if (mask & (1u << o)) {
            buf_addf(&b, "%s%d", b.len > 0 ? "," : "", form_number(q, o));
        }
    }
    return talk_take(t, &b);
}

const char *question_done(struct talk *t) {
    return talk_string(t, t->s->form->purpose == FORM_ASSESSMENT ? MSG_ASSESS_REVIEW_DONE
                                                                 : MSG_REVIEW_DONE);
}

const char *question_total(struct talk *t) {
    size_t total;
    run_place(t->s->form, &t->s->run, t->s->run.current, &total);
    return talk_number(t, (int64_t)total);
}

const char *question_reply(struct talk *t, int question) {
    const struct form_reply *r = &t->s->run.replies[question];
    switch (r->kind) {
    case REPLY_CHOSEN:
        return question_labels(t, &t->s->form->questions[question], r->mask);
    case REPLY_UNSURE:
        return talk_string(t, MSG_ANSWER_UNSURE);
    case REPLY_SKIPPED:
        return talk_string(t, MSG_ANSWER_SKIPPED);
    default:
        return "";
    }
}

/* How to answer is explained with the first question of each kind only. */
static bool is_first_of_kind(const struct session *s, enum form_question_kind kind) {
    for (size_t i = 0; i < s->form->n_questions; i++) {
        if (s->form->questions[i].kind == kind && s->run.replies[i].kind != REPLY_OPEN) {
            return false;
        }
    }
    return true;
}

static void say_how(struct talk *t, const struct form_question *q) {
    if (t->s->form->purpose == FORM_ASSESSMENT) {
        talk_line(t, MSG_ASSESS_HOW);
    } else {
        talk_line(t, q->kind == FORM_MULTI ? MSG_ASK_HOW_MULTI : MSG_ASK_HOW_SINGLE);
    }
}

void question_show(struct talk *t, const struct form_question *q) {
    bool assessment = t->s->form->purpose == FORM_ASSESSMENT;
    size_t total;
    size_t place = run_place(t->s->form, &t->s->run, t->s->run.current, &total);
    talk_line(t, MSG_ASK_HEAD, "place", talk_number(t, (int64_t)place), "total",
              talk_number(t, (int64_t)total), "text", talk_l10n(t, q->text));
    t->place = place;
    t->total = total;
    t->close = q->kind == FORM_MULTI ? talk_string(t, MSG_WORD_CLOSE) : "";
    for (size_t o = 0; o < q->n_options; o++) {
        talk_choice_line(t, form_number(q, (int)o), talk_l10n(t, q->options[o].label),
                         (t->s->run.ticks & (1u << o)) != 0);
    }
    if (t->s->run.ticks) {
        uint32_t first = t->s->run.ticks & -t->s->run.ticks;
        uint32_t open = ~t->s->run.ticks & ((1u << q->n_options) - 1);
        uint32_t other = open ? open & -open : first;
        talk_line(t, q->kind == FORM_MULTI ? MSG_ASK_TICKED : MSG_ASK_TICKED_SINGLE, "numbers",
                  question_numbers(t, q, t->s->run.ticks), "first", question_numbers(t, q, first),
                  "other", question_numbers(t, q, other));
    } else if (t->s->run.replies[t->s->run.current].kind != REPLY_OPEN) {
        talk_line(t, MSG_ASK_EARLIER, "answer", question_reply(t, t->s->run.current));
    } else if (is_first_of_kind(t->s, q->kind)) {
        say_how(t, q);
    }
    if (assessment && t->s->run.replies[t->s->run.current].kind == REPLY_OPEN) {
        assess_say_earlier(t, q);
    }
    if (place > 1) {
        talk_word(t, talk_string(t, MSG_WORD_BACK));
    }
    if (assessment) {
        talk_word(t, talk_string(t, MSG_ANSWER_UNSURE));
    }
    talk_word(t, talk_string(t, MSG_WORD_SKIP));
    talk_word(t, talk_string(t, MSG_WORD_PAUSE));
}

void question_replies(struct talk *t) {
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(t->s->form, &t->s->run, path);
    for (size_t i = 0; i < n; i++) {
        if (t->s->run.replies[path[i]].kind == REPLY_OPEN) {
            continue;
        }
        talk_line(t, MSG_REVIEW_LINE, "place", talk_number(t, (int64_t)i + 1), "title",
                  talk_l10n(t, t->s->form->questions[path[i]].title), "answer",
                  question_reply(t, path[i]));
    }
}

/* The answers side by side, for platforms that can show a table. */
static const struct table *replies_table(struct talk *t) {
    const char **cells = arena_alloc(t->arena, sizeof(*cells) * 2 * (FORM_MAX_QUESTIONS + 1));
    struct table *table = arena_alloc(t->arena, sizeof(*table));
    *table = (struct table){.cells = cells, .columns = 2, .rows = 1};
    cells[0] = talk_string(t, MSG_REVIEW_QUESTION);
    cells[1] = talk_string(t, MSG_REVIEW_ANSWER);
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(t->s->form, &t->s->run, path);
    for (size_t i = 0; i < n; i++) {
        if (t->s->run.replies[path[i]].kind != REPLY_OPEN) {
            cells[2 * table->rows] = talk_l10n(t, t->s->form->questions[path[i]].title);
            cells[2 * table->rows + 1] = question_reply(t, path[i]);
            table->rows++;
        }
    }
    return table;
}

void question_review(struct talk *t) {
    talk_line(t, MSG_REVIEW_HEAD);
    question_replies(t);
    t->table = replies_table(t);
    talk_choice_line(t, 1, question_done(t), false);
    talk_choice_line(t, 2, talk_string(t, MSG_REVIEW_EDIT), false);
    talk_choice_line(t, 3, talk_string(t, MSG_REVIEW_RESTART), false);
    talk_line(t, MSG_REVIEW_FOOT);
}
