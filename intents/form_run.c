#include "intents/form_run.h"

void run_begin(const struct form *form, struct form_run *run) {
    *run = (struct form_run){.phase = RUN_ASKING};
    int path[FORM_MAX_QUESTIONS];
    run->current = run_path(form, run, path) > 0 ? path[0] : -1;
}

/*
 * Whether a question is asked, given the answers so far. Someone who skips the deciding question
 * or does not know may be asked both branches rather than neither; the form says which.
 */
static bool is_asked(const struct form *form, const struct form_run *run, size_t question) {
    const struct form_question *q = &form->questions[question];
    if (q->depends_on < 0) {
        return true;
    }
    const struct form_reply *on = &run->replies[q->depends_on];
    switch (on->kind) {
    case REPLY_CHOSEN:
        return (on->mask & q->depends_mask) != 0;
    case REPLY_UNSURE:
    case REPLY_SKIPPED:
        return q->when_unknown;
    default:
        return false;
    }
}

/* While a deciding question is open the shortest continuation counts: totals only ever grow. */
static size_t shortest_branch(const struct form *form, const struct form_run *run, int deciding) {
    size_t best = 0;
    const struct form_question *q = &form->questions[deciding];
    for (size_t o = 0; o < q->n_options; o++) {
        struct form_run tried = *run;
        tried.replies[deciding] = (struct form_reply){.kind = REPLY_CHOSEN, .mask = 1u << o};
        size_t n = 0;
        for (size_t i = 0; i < form->n_questions; i++) {
            n += form->questions[i].depends_on == deciding && is_asked(form, &tried, i);
        }
        best = o == 0 || n < best ? n : best;
    }
    return best;
}

size_t run_path(const struct form *form, const struct form_run *run, int path[FORM_MAX_QUESTIONS]) {
    size_t n = 0;
    for (size_t i = 0; i < form->n_questions; i++) {
        if (is_asked(form, run, i)) {
            path[n++] = (int)i;
        }
    }
    return n;
}

size_t run_place(const struct form *form, const struct form_run *run, int question,
                 size_t *ret_total) {
    int path[FORM_MAX_QUESTIONS];
    size_t total = run_path(form, run, path);
    size_t place = 0;
    for (size_t i = 0; i < total; i++) {
        if (path[i] == question) {
            place = i + 1;
        }
    }
    for (size_t i = 0; i < form->n_questions; i++) {
        bool decides = false;
        for (size_t k = i + 1; k < form->n_questions; k++) {
            decides = decides || form->questions[k].depends_on == (int)i;
        }
        if (decides && run->replies[i].kind == REPLY_OPEN && is_asked(form, run, i)) {
            total += shortest_branch(form, run, (int)i);
        }
    }
    if (ret_total) {
        *ret_total = total;
    }
    return place;
}

size_t run_answered(const struct form *form, const struct form_run *run) {
    int path[FORM_MAX_QUESTIONS];
    size_t total = run_path(form, run, path);
    size_t n = 0;
    for (size_t i = 0; i < total; i++) {
        n += run->replies[path[i]].kind != REPLY_OPEN;
    }
    return n;
}

/* Opens a question with what was answered before as its ticks. */
static void open_question(struct form_run *run, int question) {
    const struct form_reply *r = &run->replies[question];
    run->phase = RUN_ASKING;
    run->current = question;
    run->ticks = r->kind == REPLY_CHOSEN ? r->mask : 0;
    run->hinted = false;
}

static void advance(const struct form *form, struct form_run *run) {
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(form, run, path);
    for (size_t i = 0; i < n; i++) {
        if (run->replies[path[i]].kind == REPLY_OPEN) {
            open_question(run, path[i]);
            return;
        }
    }
    run->phase = RUN_REVIEW;
    run->current = -1;
    run->ticks = 0;
    run->hinted = false;
}

/*
 * Drops answers off the path and lists what must be asked because of the change; `before` is the
 * path as it was. A question first reached in the normal course is no consequence of an edit.
 */
static void follow_up(const struct form *form, struct form_run *run, bool was_changed,
                      struct run_effect *ret) {
    for (size_t i = 0; i < form->n_questions; i++) {
        bool asked = is_asked(form, run, i);
        if (!asked && run->replies[i].kind != REPLY_OPEN) {
            run->replies[i] = (struct form_reply){.kind = REPLY_OPEN};
            ret->dropped[ret->n_dropped++] = (int)i;
        }
        bool depends = form->questions[i].depends_on == ret->answered;
        if (asked && depends && was_changed && run->replies[i].kind == REPLY_OPEN) {
            ret->again[ret->n_again++] = (int)i;
        }
    }
}

void run_answer(const struct form *form, struct form_run *run, struct form_reply reply,
                struct run_effect *ret) {
    struct form_reply before = run->replies[run->current];
    *ret = (struct run_effect){.answered = run->current, .had_answer = before.kind != REPLY_OPEN};
    bool changed = before.kind != reply.kind || before.mask != reply.mask;
    run->replies[run->current] = reply;
    follow_up(form, run, changed && before.kind != REPLY_OPEN, ret);
    advance(form, run);
}

void run_fill(const struct form *form, struct form_run *run, int question,
              struct form_reply reply) {
    run->replies[question] = reply;
    advance(form, run);
}

void run_skip(const struct form *form, struct form_run *run, struct run_effect *ret) {
    struct form_reply kept = run->replies[run->current];
    if (kept.kind == REPLY_OPEN) {
        kept = (struct form_reply){.kind = REPLY_SKIPPED};
    }
    run_answer(form, run, kept, ret);
}

void run_set_tick(const struct form_question *q, struct form_run *run, int option, bool on) {
    uint32_t bit = 1u << option;
    if (!on) {
        run->ticks &= ~bit;
    } else if (q->kind == FORM_SINGLE || option == q->none_option) {
        run->ticks = bit;
    } else {
        run->ticks |= bit;
        if (q->none_option >= 0) {
            run->ticks &= ~(1u << q->none_option);
        }
    }
}

bool run_back(const struct form *form, struct form_run *run) {
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(form, run, path);
    size_t place = run->phase == RUN_REVIEW ? n + 1 : run_place(form, run, run->current, NULL);
    if (place < 2) {
        return false;
    }
    open_question(run, path[place - 2]);
    return true;
}

bool run_edit(const struct form *form, struct form_run *run, size_t place) {
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(form, run, path);
    if (place < 1 || place > n) {
        return false;
    }
    int question = path[place - 1];
    if (run->replies[question].kind == REPLY_OPEN && question != run->current) {
        return false;
    }
    open_question(run, question);
    return true;
}

void run_park(struct form_run *run) {
    run->phase = RUN_PARKED;
}

void run_resume(struct form_run *run) {
    run->phase = run->current < 0 ? RUN_REVIEW : RUN_ASKING;
}

void run_score(const struct form *form, const struct form_run *run, struct score *ret) {
    struct score_input in = {{0}};
    int path[FORM_MAX_QUESTIONS];
    size_t n = run_path(form, run, path);
    for (size_t i = 0; i < n; i++) {
        const struct form_reply *r = &run->replies[path[i]];
        in.chosen[path[i]] = r->kind == REPLY_CHOSEN ? r->mask : 0;
    }
    score_answers(form, &in, ret);
}
