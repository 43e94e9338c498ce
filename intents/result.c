#include "intents/result.h"

#include <string.h>

#include "intents/ask.h"
#include "intents/lookup.h"
#include "intents/slot.h"

#define DECIDED_MAX  3
#define BRIEF_LABELS 3

/* The persona of an outcome; NULL when the pack no longer has it (an older questionnaire). */
static const struct persona *outcome_persona(const struct talk *t, int outcome) {
    return outcome < 0 ? NULL : pack_persona(t->pack, t->s->form->outcomes[outcome]);
}

static const char *brief(struct talk *t, const struct persona *p) {
    return talk_l10n(t, p->brief);
}

static const char *join_briefs(struct talk *t, const int *outcomes, size_t n) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < n; i++) {
        const struct persona *p = outcome_persona(t, outcomes[i]);
        if (p) {
            talk_join_quoted(t, &b, brief(t, p));
        }
    }
    return talk_take(t, &b);
}

static void set_result(struct talk *t, const struct persona *p, bool by_hand) {
    t->s->result = p->id;
    t->s->result_by_hand = by_hand;
    t->s->result_of_run = *t->s->run_id != '\0';
    struct change *c = talk_change(t, CHANGE_RESULT);
    c->persona = p->id;
    c->by_hand = by_hand;
}

/* ---- what decided it, and what would change it ---- */

struct reason {
    const char *label;
    int points;
};

static int points_for(const struct form_option *o, int outcome) {
    for (size_t w = 0; w < o->n_weights; w++) {
        if (o->weights[w].outcome == (size_t)outcome) {
            return o->weights[w].points;
        }
    }
    return 0;
}

/* The chosen options that speak most for the outcome, at most DECIDED_MAX. */
static const char *deciding_labels(struct talk *t, int outcome) {
    struct reason best[DECIDED_MAX + 1];
    size_t n = 0;
    int path[FORM_MAX_QUESTIONS];
    size_t steps = run_path(t->s->form, &t->s->run, path);
    for (size_t i = 0; i < steps; i++) {
        const struct form_question *q = &t->s->form->questions[path[i]];
        const struct form_reply *r = &t->s->run.replies[path[i]];
        for (size_t o = 0; r->kind == REPLY_CHOSEN && o < q->n_options; o++) {
            int points = points_for(&q->options[o], outcome);
            if (!(r->mask & (1u << o)) || points == 0) {
                continue;
            }
            size_t at = n;
            for (; at > 0 && best[at - 1].points < points; at--) {
                best[at] = best[at - 1];
            }
            best[at] = (struct reason){talk_l10n(t, q->options[o].brief), points};
            n = n < DECIDED_MAX ? n + 1 : n;
        }
    }
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < n; i++) {
        talk_join_quoted(t, &b, best[i].label);
    }
    return talk_take(t, &b);
}

/* Something the person could have answered otherwise: one option of one question. */
struct flip {
    int question;
    size_t option;
};

#define MAX_FLIPS (FORM_MAX_QUESTIONS * FORM_MAX_OPTIONS)

/* Options of questions with several answers that were (not) chosen. */
static size_t collect_flips(const struct session *s, bool chosen, struct flip *out) {
    int path[FORM_MAX_QUESTIONS];
    size_t steps = run_path(s->form, &s->run, path);
    size_t n = 0;
    for (size_t i = 0; i < steps; i++) {
        const struct form_question *q = &s->form->questions[path[i]];
        const struct form_reply *r = &s->run.replies[path[i]];
        uint32_t mask = r->kind == REPLY_CHOSEN ? r->mask : 0;
        for (size_t o = 0; q->kind == FORM_MULTI && o < q->n_options; o++) {
            if ((int)o != q->none_option && ((mask & (1u << o)) != 0) == chosen) {
                out[n++] = (struct flip){path[i], o};
            }
        }
    }
    return n;
}

static void apply_flip(const struct form *form, struct form_run *run, const struct flip *f) {
    struct form_reply *r = &run->replies[f->question];
    uint32_t mask = r->kind == REPLY_CHOSEN ? r->mask : 0;
    const struct form_question *q = &form->questions[f->question];
    if (q->none_option >= 0) {
        mask &= ~(1u << q->none_option);
    }
    *r = (struct form_reply){.kind = REPLY_CHOSEN, .mask = mask ^ (1u << f->option)};
}

/* The other outcome that these flips would lead to, or -1. */
static int outcome_after(const struct session *s, int now, const struct flip *a,
                         const struct flip *b) {
    struct form_run tried = s->run;
    struct score score;
    apply_flip(s->form, &tried, a);
    if (b) {
        apply_flip(s->form, &tried, b);
    }
    run_score(s->form, &tried, &score);
    return score.primary >= 0 && score.primary != now && score.n_tied == 0 ? score.primary : -1;
}

static const char *flip_labels(struct talk *t, const struct flip *a, const struct flip *b) {
    struct buf out;
    buf_init(&out, 1024);
    const struct form *form = t->s->form;
    talk_join_quoted(t, &out, talk_l10n(t, form->questions[a->question].options[a->option].brief));
    if (b) {
        talk_join_quoted(t, &out,
                         talk_l10n(t, form->questions[b->question].options[b->option].brief));
    }
    return talk_take(t, &out);
}

static bool say_flip(struct talk *t, enum msg msg, int outcome, const struct flip *a,
                     const struct flip *b) {
    const struct persona *p = outcome_persona(t, outcome);
    if (!p) {
        return false;
    }
    talk_line(t, msg, "labels", flip_labels(t, a, b), "persona", brief(t, p));
    return true;
}

static bool try_single(struct talk *t, int now, bool chosen, enum msg msg) {
    struct flip flips[MAX_FLIPS];
    size_t n = collect_flips(t->s, chosen, flips);
    for (size_t i = 0; i < n; i++) {
        int outcome = outcome_after(t->s, now, &flips[i], NULL);
        if (outcome >= 0 && say_flip(t, msg, outcome, &flips[i], NULL)) {
            return true;
        }
    }
    return false;
}

/* Nothing small changes the result: which one more answer brings which persona closest? */
static void say_what_comes_closer(struct talk *t, int now, const struct flip *flips, size_t n) {
    struct score score;
    run_score(t->s->form, &t->s->run, &score);
    const struct flip *best = NULL;
    int best_outcome = -1;
    int best_points = 0;
    for (size_t i = 0; i < n; i++) {
        const struct form_option *o =
            &t->s->form->questions[flips[i].question].options[flips[i].option];
        for (size_t w = 0; w < o->n_weights; w++) {
            int outcome = (int)o->weights[w].outcome;
            int points = score.points[outcome] + o->weights[w].points;
            if (outcome != now && points > best_points) {
                best = &flips[i];
                best_outcome = outcome;
                best_points = points;
            }
        }
    }
    if (!best || !say_flip(t, MSG_RESULT_CLOSER, best_outcome, best, NULL)) {
        talk_line(t, MSG_RESULT_FIRM);
    }
}

/* The smallest change of answers that would change the result: one more, one less, two more. */
static void say_what_would_change(struct talk *t, int now) {
    if (try_single(t, now, false, MSG_RESULT_IF_ALSO) ||
        try_single(t, now, true, MSG_RESULT_IF_NOT)) {
        return;
    }
    struct flip flips[MAX_FLIPS];
    size_t n = collect_flips(t->s, false, flips);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            int outcome = outcome_after(t->s, now, &flips[i], &flips[k]);
            if (outcome >= 0 && say_flip(t, MSG_RESULT_IF_ALSO, outcome, &flips[i], &flips[k])) {
                return;
            }
        }
    }
    say_what_comes_closer(t, now, flips, n);
}

/* ---- the persona in short ---- */

static void say_roles(struct talk *t, const struct persona *p) {
    if (p->roles.n == 0) {
        talk_line(t, MSG_RESULT_NO_ROLES);
        return;
    }
    bool inferred = false;
    for (size_t i = 0; i < p->roles.n; i++) {
        inferred = inferred || p->roles.items[i].confidence != CONF_SOURCE;
    }
    talk_line(t, inferred ? MSG_RESULT_ROLES_INFERRED : MSG_RESULT_ROLES, "roles",
              lookup_role_names(t, &p->roles));
}

/* The first few labels of each kind, and how many there are in all. */
static void say_tks(struct talk *t, const struct persona *p) {
    for (int k = 0; k < TKS__COUNT; k++) {
        struct buf labels;
        buf_init(&labels, 2048);
        size_t n = 0;
        for (size_t i = 0; i < p->n_items; i++) {
            const struct tks *item = pack_tks(t->pack, p->items[i].tks);
            if ((int)item->kind != k || (p->core && !p->items[i].core)) {
                continue;
            }
            if (n < BRIEF_LABELS) {
                talk_join_quoted(t, &labels, talk_l10n(t, item->label));
            }
            n++;
        }
        if (n > 0) {
            talk_line(t, MSG_RESULT_KIND, "kind", lookup_kind_name(t, k), "labels",
                      talk_take(t, &labels), "count", talk_number(t, (int64_t)n));
        }
        buf_free(&labels);
    }
    if (!p->core) {
        talk_line(t, MSG_RESULT_KIND_OURS);
    }
}

static void say_around(struct talk *t, const struct persona *p) {
    if (p->n_around == 0) {
        return;
    }
    talk_line(t, MSG_RESULT_AROUND);
    for (size_t i = 0; i < p->n_around; i++) {
        talk_line(t, MSG_RESULT_AROUND_LINE, "persona",
                  brief(t, pack_persona(t->pack, p->around[i].with)), "what",
                  talk_l10n(t, p->around[i].what));
    }
}

static void say_next(struct talk *t, const struct persona *p) {
    const char *tks = "";
    for (size_t i = 0; i < p->n_items && *tks == '\0'; i++) {
        if (pack_tks(t->pack, p->items[i].tks)->kind == TKS_KNOWLEDGE) {
            tks = p->items[i].tks;
        }
    }
    if (*tks) {
        talk_line(t, MSG_RESULT_NEXT, "persona", lookup_persona_word(t, p), "tks", tks);
        talk_word(t, talk_string(t, MSG_WORD_ASSESS));
    }
}

static void say_persona(struct talk *t, const struct persona *p) {
    talk_break(t);
    talk_text(t, talk_l10n(t, p->summary));
}

static void say_rest(struct talk *t, const struct persona *p) {
    say_roles(t, p);
    say_tks(t, p);
    say_around(t, p);
    say_next(t, p);
    talk_attribution(t);
}

/* ---- the result ---- */

/* Offers personas to choose from; the ids go into menu_arg in the order of the numbers. */
static void offer(struct talk *t, const struct persona *const *list, size_t n, enum menu menu) {
    struct buf ids;
    buf_init(&ids, 1024);
    for (size_t i = 0; i < n; i++) {
        const char *text = talk_string(t, MSG_RESULT_OPTION, "persona", brief(t, list[i]),
                                       "summary", talk_l10n(t, list[i]->summary));
        talk_break(t);
        talk_text(t, talk_number(t, (int64_t)i + 1));
        talk_text(t, ". ");
        talk_text(t, text);
        talk_choice(t, (int)i + 1, brief(t, list[i]), false);
        buf_addf(&ids, "%s%s", i > 0 ? " " : "", list[i]->id);
    }
    t->s->menu = menu;
    t->s->menu_arg = talk_take(t, &ids);
}

static void offer_core(struct talk *t) {
    const struct persona *list[TALK_MAX_CHOICES];
    size_t n = 0;
    for (size_t i = 0; i < t->pack->n_personas && n < TALK_MAX_CHOICES; i++) {
        if (t->pack->personas[i].core) {
            list[n++] = &t->pack->personas[i];
        }
    }
    talk_line(t, MSG_RESULT_UNDECIDED);
    offer(t, list, n, MENU_PICK);
    talk_attribution(t);
}

static void offer_tied(struct talk *t, const struct persona *first, const struct score *score) {
    const struct persona *list[FORM_MAX_OUTCOMES];
    size_t n = 0;
    for (size_t i = 0; i < score->n_tied; i++) {
        const struct persona *p = outcome_persona(t, score->tied[i]);
        if (p) {
            list[n++] = p;
        }
    }
    talk_line(t, MSG_RESULT_TIED, "personas", join_briefs(t, score->tied, score->n_tied), "first",
              brief(t, first));
    offer(t, list, n, MENU_PICK);
    talk_attribution(t);
}

/* The whole card: nearest, second, why, what would change it, roles, items, people around. */
static void show_scored(struct talk *t, const struct persona *p, const struct score *score) {
    talk_line(t, MSG_RESULT_NEAREST, "persona", brief(t, p));
    if (score->n_second > 0) {
        talk_line(t, MSG_RESULT_SECOND, "personas", join_briefs(t, score->second, score->n_second));
    }
    say_persona(t, p);
    const char *decided = deciding_labels(t, score->primary);
    if (*decided) {
        talk_line(t, MSG_RESULT_DECIDED, "labels", decided);
    }
    say_what_would_change(t, score->primary);
    say_rest(t, p);
}

/* A result that does not follow from the answers at hand; the head says where it comes from. */
static void show_unscored(struct talk *t, const struct persona *p, enum msg head) {
    talk_line(t, head, "persona", brief(t, p));
    say_persona(t, p);
    say_rest(t, p);
}

void result_finish(struct talk *t) {
    struct score score;
    run_score(t->s->form, &t->s->run, &score);
    t->s->run.phase = RUN_DONE;
    talk_change(t, CHANGE_RUN_DONE);
    const struct persona *p = outcome_persona(t, score.primary);
    if (!p) {
        offer_core(t);
        return;
    }
    set_result(t, p, false);
    if (score.n_tied > 1) {
        offer_tied(t, p, &score);
    } else {
        show_scored(t, p, &score);
    }
}

/* What the answers say, unless the person has chosen by hand since. */
static bool show_outcome(struct talk *t) {
    struct score score;
    run_score(t->s->form, &t->s->run, &score);
    const struct persona *p = outcome_persona(t, score.primary);
    if (!p) {
        offer_core(t);
        return true;
    }
    if (score.n_tied > 1) {
        offer_tied(t, p, &score);
        return true;
    }
    show_scored(t, p, &score);
    return false;
}

static bool show(struct talk *t) {
    bool chosen = t->s->result_by_hand && t->s->result_of_run;
    if (t->s->run.phase == RUN_DONE && !chosen) {
        return show_outcome(t);
    }
    const struct persona *p = pack_persona(t->pack, t->s->result);
    if (p) {
        show_unscored(t, p, t->s->result_by_hand ? MSG_RESULT_OWN : MSG_RESULT_LAST);
    } else if (*t->s->result) {
        talk_line(t, MSG_RESULT_GONE);
    } else {
        talk_line(t, ask_under_way(t->s) ? MSG_RESULT_NOT_YET : MSG_RESULT_NONE);
    }
    return false;
}

/*
 * Results are those of the questionnaire: while a self-assessment is at hand, it is put aside for
 * as long as that takes.
 */
static bool hold(struct talk *t) {
    return slot_bring(t->s, FORM_PERSONA, t->pack->form);
}

static void give_back(struct talk *t, bool held) {
    if (held) {
        (void)slot_bring(t->s, FORM_ASSESSMENT, t->pack->form);
    }
}

bool result_show(struct talk *t) {
    bool held = hold(t);
    bool waits = show(t);
    give_back(t, held);
    return waits;
}

void result_change(struct talk *t) {
    const struct persona *list[TALK_MAX_CHOICES];
    size_t n = 0;
    for (size_t i = 0; i < t->pack->n_personas && n < TALK_MAX_CHOICES; i++) {
        list[n++] = &t->pack->personas[i];
    }
    talk_line(t, MSG_RESULT_PICK);
    offer(t, list, n, MENU_CHANGE);
}

void result_set(struct talk *t, const struct persona *p) {
    bool held = hold(t);
    set_result(t, p, true);
    t->s->menu = MENU_NONE;
    show_unscored(t, p, MSG_RESULT_CHOSEN);
    give_back(t, held);
}

/* The personas offered, in the order of their numbers. */
static size_t offered(struct talk *t, const struct persona *list[TALK_MAX_CHOICES]) {
    size_t n = 0;
    for (const char *id = t->s->menu_arg; *id && n < TALK_MAX_CHOICES;) {
        size_t len = strcspn(id, " ");
        const struct persona *p = pack_persona(t->pack, arena_strndup(t->arena, id, len));
        if (p) {
            list[n++] = p;
        }
        id += len + (id[len] == ' ');
    }
    return n;
}

void result_offer_again(struct talk *t) {
    const struct persona *list[TALK_MAX_CHOICES];
    size_t n = offered(t, list);
    talk_line(t, MSG_RESULT_PICK);
    offer(t, list, n, t->s->menu);
}

bool result_pick(struct talk *t, int number) {
    const struct persona *list[TALK_MAX_CHOICES];
    size_t n = offered(t, list);
    if (number < 1 || (size_t)number > n) {
        return false;
    }
    result_set(t, list[number - 1]);
    return true;
}

/* For platforms that can show one. */
static const struct chart *scores_chart(struct talk *t, const struct score *score,
                                        const int order[FORM_MAX_OUTCOMES]) {
    const char **labels = arena_alloc(t->arena, FORM_MAX_OUTCOMES * sizeof(*labels));
    int *values = arena_alloc(t->arena, FORM_MAX_OUTCOMES * sizeof(*values));
    size_t n = 0;
    for (size_t i = 0; i < t->s->form->n_outcomes; i++) {
        const struct persona *p = outcome_persona(t, order[i]);
        if (p) {
            labels[n] = brief(t, p);
            values[n++] = score->points[order[i]];
        }
    }
    struct chart *chart = arena_alloc(t->arena, sizeof(*chart));
    *chart = (struct chart){
        .title = talk_string(t, MSG_SCORES_CHART), .labels = labels, .values = values, .n = n};
    return n > 0 ? chart : NULL;
}

static void show_scores(struct talk *t) {
    if (t->s->run.phase != RUN_DONE) {
        talk_line(t, ask_under_way(t->s) ? MSG_RESULT_NOT_YET : MSG_SCORES_NONE);
        return;
    }
    struct score score;
    run_score(t->s->form, &t->s->run, &score);
    talk_line(t, MSG_SCORES_HEAD);
    int order[FORM_MAX_OUTCOMES] = {0};
    for (size_t i = 0; i < t->s->form->n_outcomes; i++) {
        size_t at = i;
        for (; at > 0 && score.points[order[at - 1]] < score.points[i]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = (int)i;
    }
    for (size_t i = 0; i < t->s->form->n_outcomes; i++) {
        const struct persona *p = outcome_persona(t, order[i]);
        if (p) {
            talk_line(t, MSG_SCORES_LINE, "persona", brief(t, p), "points",
                      talk_number(t, score.points[order[i]]));
        }
    }
    t->chart = scores_chart(t, &score, order);
    talk_line(t, MSG_SCORES_FOOT);
}

void result_scores(struct talk *t) {
    bool held = hold(t);
    show_scores(t);
    give_back(t, held);
}
