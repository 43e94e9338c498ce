#include "bot/profile.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/log.h"
#include "bot/learner.h"

static const char *const phase_names[RUN__COUNT] = {"none", "asking", "review", "parked", "done"};

#define UNSURE  ":unsure"
#define SKIPPED ":skipped"

static int find_name(const char *const *names, size_t n, const char *word) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], word) == 0) {
            return (int)i;
        }
    }
    return 0;
}

void profile_forms_clear(struct profile_forms *forms) {
    for (size_t i = 0; i < forms->n; i++) {
        form_free(forms->items[i]);
    }
    forms->n = 0;
}

/* NULL where the text is not the one asked, or no form to this program. */
static struct form *read_form(const char *body, const char *hash) {
    char found[HASH_HEX_LEN + 1];
    hash_hex(body, strlen(body), found);
    if (strcmp(found, hash) != 0) {
        return NULL;
    }
    struct faults faults = {.n = 0};
    struct form *form = form_read(body, strlen(body), "stored questionnaire", &faults);
    bool bad = faults.n > 0;
    faults_free(&faults);
    if (bad) {
        form_free(form);
        return NULL;
    }
    memcpy(form->hash, found, sizeof(found)); /* form_read names what it would print itself */
    return form;
}

/* Keeps the form for the next turn; the oldest has to go where there are too many. */
static void keep_form(struct profile_forms *forms, struct form *form) {
    if (forms->n == PROFILE_OLD_FORMS) {
        form_free(forms->items[0]);
        memmove(forms->items, forms->items + 1, (forms->n - 1) * sizeof(struct form *));
        forms->n--;
    }
    forms->items[forms->n++] = form;
}

/*
 * The form of that hash: the pack's, one read before, or one from the store. NULL, which is no
 * error, where the stored one cannot be read.
 */
static int find_form(struct store *s, struct profile_forms *forms, const struct pack *pack,
                     struct arena *arena, const char *hash, const struct form **ret) {
    if (*hash == '\0' || strcmp(hash, pack->form->hash) == 0) {
        *ret = pack->form;
        return 0;
    }
    for (size_t i = 0; i < forms->n; i++) {
        if (strcmp(forms->items[i]->hash, hash) == 0) {
            *ret = forms->items[i];
            return 0;
        }
    }
    const char *body = "";
    int rc = store_form_get(s, arena, hash, &body);
    if (rc != 0 && rc != -ENOENT) {
        return rc;
    }
    struct form *form = read_form(body, hash);
    if (form) {
        keep_form(forms, form);
    }
    *ret = form;
    return 0;
}

static uint32_t read_mask(const struct form_question *q, const char *ids) {
    uint32_t mask = 0;
    while (*ids) {
        size_t n = strcspn(ids, " ");
        for (size_t o = 0; o < q->n_options; o++) {
            if (strlen(q->options[o].id) == n && strncmp(q->options[o].id, ids, n) == 0) {
                mask |= 1u << o;
            }
        }
        ids += n + (ids[n] == ' ');
    }
    return mask;
}

static const char *write_mask(struct arena *arena, const struct form_question *q, uint32_t mask) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t o = 0; o < q->n_options; o++) {
        if (mask & (1u << o)) {
            buf_addf(&b, "%s%s", b.len > 0 ? " " : "", q->options[o].id);
        }
    }
    const char *s = arena_strdup(arena, buf_text(&b));
    buf_free(&b);
    return s;
}

static struct form_reply read_reply(const struct form_question *q, const char *value) {
    if (strcmp(value, UNSURE) == 0) {
        return (struct form_reply){.kind = REPLY_UNSURE};
    }
    if (strcmp(value, SKIPPED) == 0) {
        return (struct form_reply){.kind = REPLY_SKIPPED};
    }
    return (struct form_reply){.kind = REPLY_CHOSEN, .mask = read_mask(q, value)};
}

/* NULL for an answer that was taken away. */
static const char *write_reply(struct arena *arena, const struct form_question *q,
                               const struct form_reply *r) {
    switch (r->kind) {
    case REPLY_UNSURE:
        return UNSURE;
    case REPLY_SKIPPED:
        return SKIPPED;
    case REPLY_CHOSEN:
        return write_mask(arena, q, r->mask);
    default:
        return NULL;
    }
}

static int load_run(struct store *s, struct arena *arena, const struct store_session *row,
                    const struct form *form, struct form_run *run) {
    run->phase = (enum run_phase)find_name(phase_names, RUN__COUNT, row->phase);
    run->current = form_find_question(form, row->question_id);
    run->hinted = row->hinted;
    if (run->current >= 0) {
        run->ticks = read_mask(&form->questions[run->current], row->ticks);
    } else if (run->phase == RUN_ASKING) {
        run->phase = RUN_REVIEW; /* cannot happen with a form kept by hash; never crash on it */
    }
    const struct store_answer *answers;
    size_t n;
    int rc = *row->run_id ? store_answers_get(s, arena, row->run_id, &answers, &n) : -ENOENT;
    if (rc != 0) {
        return rc == -ENOENT ? 0 : rc;
    }
    for (size_t i = 0; i < n; i++) {
        int q = form_find_question(form, answers[i].question_id);
        if (q >= 0) {
            run->replies[q] = read_reply(&form->questions[q], answers[i].value);
        }
    }
    return 0;
}

/*
 * The questions of the run cannot be read any more: it ends, and the person can begin another one.
 * A result stays.
 */
static int leave_run(struct store *s, const char *person_id, const struct store_session *row,
                     int64_t now_ms) {
    log_error("a stored questionnaire cannot be read, its run is left", "hash", row->form_hash,
              "person", person_id);
    bool over = strcmp(row->phase, phase_names[RUN_DONE]) == 0;
    return over ? 0 : store_run_end(s, row->run_id, STORE_RUN_LEFT, now_ms);
}

static void copy_id(char to[RUN_ID_LEN + 1], const char *id) {
    size_t n = strlen(id);
    memcpy(to, id, n < RUN_ID_LEN ? n : RUN_ID_LEN);
}

/* What is kept about the conversation, into a session that is that of a newcomer. */
static int load_session(struct store *s, struct profile_forms *forms, const struct pack *pack,
                        struct arena *arena, const struct store_session *row, int64_t now_ms,
                        struct profile *profile) {
    struct session *session = &profile->session;
    session->last_event_ms = row->last_event_ms;
    session->misses = row->misses;
    session->other_lines = row->other_lines;
    const struct form *form;
    int rc = find_form(s, forms, pack, arena, row->form_hash, &form);
    if (rc != 0) {
        return rc;
    }
    if (!form) {
        profile->left = true;
        return leave_run(s, profile->person_id, row, now_ms);
    }
    session->form = form;
    session->menu = (enum menu)find_name(menu_names, MENU__COUNT, row->menu);
    session->menu_arg = row->menu_arg;
    copy_id(session->run_id, row->run_id);
    return load_run(s, arena, row, form, &session->run);
}

/* The form that gave way to the one at hand, if there is one. */
static int load_aside(struct store *s, struct profile_forms *forms, const struct pack *pack,
                      struct arena *arena, int64_t now_ms, struct profile *profile) {
    struct other_form *aside = &profile->session.other;
    struct store_session row;
    int rc = store_aside_get(s, arena, profile->person_id, &row);
    if (rc != 0) {
        return rc == -ENOENT ? 0 : rc;
    }
    rc = find_form(s, forms, pack, arena, row.form_hash, &aside->form);
    if (rc != 0 || !aside->form) {
        return rc != 0 ? rc : leave_run(s, profile->person_id, &row, now_ms);
    }
    copy_id(aside->run_id, row.run_id);
    return load_run(s, arena, &row, aside->form, &aside->run);
}

static const char *newer(const char *said, const char *known) {
    return *said ? said : known;
}

void profile_of_nobody(const struct pack *pack, const struct event *e, enum lang lang,
                       struct profile *ret) {
    *ret = (struct profile){.person_id = "", .channel = "", .locale = "", .tz = "", .home = ""};
    ret->places = 1;
    ret->session.lang = lang;
    ret->session.locale = e->locale;
    ret->session.result = "";
    ret->session.form = pack->form;
    ret->session.menu_arg = "";
}

/* Whether that is the run of the form for that purpose. */
static bool is_run(const struct session *s, enum form_purpose purpose, const char *run_id) {
    const char *own = s->form->purpose == purpose ? s->run_id : s->other.run_id;
    return *own && strcmp(own, run_id) == 0;
}

int profile_load(struct store *s, struct profile_forms *forms, const struct pack *pack,
                 struct arena *arena, const struct event *e, enum lang lang, struct profile *ret) {
    struct store_person person;
    int rc = store_person_get(s, arena, e->platform, e->workspace, e->user, lang_codes[lang],
                              e->at_ms, &person);
    if (rc != 0) {
        return rc;
    }
    struct session *session = &ret->session;
    *ret = (struct profile){.person_id = person.id,
                            .channel = person.channel,
                            .locale = person.locale,
                            .tz = person.tz,
                            .home = person.home,
                            .places = person.places,
                            .used_last = person.used_last};
    session->lang = LANG_JA;
    (void)lang_parse(person.lang, &session->lang); /* the schema allows nothing else */
    session->lang_chosen = person.lang_chosen;
    session->locale = newer(e->locale, person.locale);
    session->greeted = person.greeted;
    session->result = person.result;
    session->result_by_hand = person.result_by_hand;
    session->form = pack->form;
    session->menu_arg = "";
    struct store_session row;
    rc = person.learns ? learner_load(s, arena, person.id, &session->learning) : 0;
    if (rc != 0) {
        return rc;
    }
    rc = store_session_get(s, arena, person.id, &row);
    if (rc != 0) {
        return rc == -ENOENT ? 0 : rc;
    }
    rc = load_session(s, forms, pack, arena, &row, e->at_ms, ret);
    if (rc == 0 && person.learns) { /* only self-assessments make a questionnaire give way */
        rc = load_aside(s, forms, pack, arena, e->at_ms, ret);
    }
    session->result_of_run = is_run(session, FORM_PERSONA, person.result_run_id);
    return rc;
}

static struct store_side side_of(const struct event *e) {
    return (struct store_side){.platform = e->platform, .workspace = e->workspace, .user = e->user};
}

int profile_link(struct store *s, struct profile_forms *forms, const struct pack *pack,
                 struct arena *arena, const struct event *e, const char *code, struct profile *p,
                 enum link_result *ret) {
    static const enum link_result results[] = {[STORE_LINK_JOINED] = LINK_JOINED,
                                               [STORE_LINK_OWN] = LINK_OWN,
                                               [STORE_LINK_UNKNOWN] = LINK_REFUSED,
                                               [STORE_LINK_LATER] = LINK_LATER};
    struct store_side side = side_of(e);
    struct store_linked linked;
    int rc = store_link_redeem(s, &side, code, e->at_ms, &linked);
    if (rc != 0) {
        return rc;
    }
    *ret = linked.left ? LINK_JOINED_LEFT : results[linked.how];
    bool joined = linked.how == STORE_LINK_JOINED;
    return joined ? profile_load(s, forms, pack, arena, e, p->session.lang, p) : 0;
}

/* The form of a run that the step knows of. */
static const struct form *form_of(const struct session *next, const char *run_id) {
    return strcmp(next->run_id, run_id) != 0 && strcmp(next->other.run_id, run_id) == 0
               ? next->other.form
               : next->form;
}

static int apply(struct store *s, struct arena *arena, struct profile *p, const struct step *step,
                 const struct change *c, const struct event *e) {
    const char *person_id = p->person_id;
    int64_t now_ms = e->at_ms;
    struct store_side side = side_of(e);
    int rc;
    switch (c->kind) {
    case CHANGE_RUN_BEGIN: {
        const struct form *form = form_of(&step->next, c->run_id);
        rc = store_form_add(s, form->hash, form->id, form->body, now_ms);
        return rc != 0 ? rc : store_run_begin(s, c->run_id, person_id, form->hash, now_ms);
    }
    case CHANGE_REPLY: {
        const struct form *form = form_of(&step->next, c->run_id);
        const struct form_question *q = &form->questions[c->question];
        return store_answer_put(s, c->run_id, q->id, write_reply(arena, q, &c->reply), now_ms);
    }
    case CHANGE_RUN_DONE:
        return store_run_end(s, c->run_id, STORE_RUN_DONE, now_ms);
    case CHANGE_RUN_LEFT:
        return store_run_end(s, c->run_id, STORE_RUN_LEFT, now_ms);
    case CHANGE_RUN_REOPEN:
        return store_run_end(s, c->run_id, STORE_RUN_OPEN, now_ms);
    case CHANGE_RESULT:
        return store_result_add(s, person_id, c->run_id, c->persona, c->by_hand, now_ms);
    case CHANGE_TARGET:
    case CHANGE_LEVEL:
    case CHANGE_INVOLVEMENT:
    case CHANGE_PACE:
    case CHANGE_PLAN_STEP:
        return learner_apply(s, person_id, c, now_ms);
    case CHANGE_LINK_CODE:
        return store_link_code_put(s, person_id, c->code, now_ms);
    case CHANGE_UNLINK:
        return store_link_leave(s, arena, &side, now_ms, &p->person_id);
    }
    return -EIO;
}

/* Nothing but the time of the last event, which matters in hours, and not a minute of it. */
static bool same_session(const struct session *a, const struct session *b) {
    int64_t passed_ms = b->last_event_ms - a->last_event_ms;
    return a->last_event_ms > 0 && passed_ms >= 0 && passed_ms < 60000 &&
           strcmp(a->run_id, b->run_id) == 0 && a->run.phase == b->run.phase &&
           a->run.current == b->run.current && a->run.ticks == b->run.ticks &&
           a->run.hinted == b->run.hinted && a->misses == b->misses &&
           a->other_lines == b->other_lines && a->menu == b->menu &&
           strcmp(a->menu_arg, b->menu_arg) == 0;
}

/* Where the person is to be written to, and what the platform says of them. */
static int save_identity(struct store *s, const struct profile *before, const struct event *e) {
    bool direct = e->place == PLACE_DIRECT;
    struct store_person p = {.channel =
                                 direct ? newer(e->channel, before->channel) : before->channel,
                             .locale = newer(e->locale, before->locale),
                             .tz = newer(e->tz, before->tz)};
    bool same = strcmp(p.channel, before->channel) == 0 && strcmp(p.locale, before->locale) == 0 &&
                strcmp(p.tz, before->tz) == 0;
    int rc = same ? 0 : store_identity_put(s, e->platform, e->workspace, e->user, &p);
    if (rc != 0 || before->used_last || e->kind == EVENT_ACCOUNT) {
        return rc;
    }
    struct store_side side = side_of(e);
    return store_side_use(s, &side);
}

static struct store_session run_row(struct arena *arena, const struct form *form,
                                    const struct form_run *run, const char *run_id) {
    const struct form_question *q =
        run->current >= 0 && run->phase != RUN_NONE ? &form->questions[run->current] : NULL;
    return (struct store_session){
        .run_id = run_id,
        .form_hash = "",
        .phase = phase_names[run->phase],
        .question_id = q ? q->id : "",
        .ticks = q ? write_mask(arena, q, run->ticks) : "",
        .hinted = run->hinted,
    };
}

static int save_aside(struct store *s, struct arena *arena, const struct profile *p,
                      const struct session *next) {
    const struct other_form *before = &p->session.other;
    const struct other_form *aside = &next->other;
    if (aside->run.phase == RUN_NONE ||
        (strcmp(before->run_id, aside->run_id) == 0 && before->run.phase == aside->run.phase &&
         before->run.current == aside->run.current)) {
        return 0;
    }
    struct store_session row = run_row(arena, aside->form, &aside->run, aside->run_id);
    return store_aside_put(s, p->person_id, &row);
}

int profile_save(struct store *s, struct arena *arena, struct profile *p, const struct step *step,
                 const struct event *e) {
    const struct session *before = &p->session;
    int rc = save_identity(s, p, e);
    if (rc != 0) {
        return rc;
    }
    for (size_t i = 0; i < step->n_changes; i++) {
        rc = apply(s, arena, p, step, &step->changes[i], e);
        if (rc != 0) {
            return rc;
        }
    }
    const struct session *next = &step->next;
    if (next->lang != before->lang || next->greeted != before->greeted ||
        next->lang_chosen != before->lang_chosen) {
        struct store_person person = {.id = p->person_id,
                                      .lang = lang_codes[next->lang],
                                      .lang_chosen = next->lang_chosen,
                                      .greeted = next->greeted,
                                      .result = ""};
        rc = store_person_put(s, &person);
        if (rc != 0) {
            return rc;
        }
    }
    rc = save_aside(s, arena, p, next);
    if (rc != 0 || (!p->left && same_session(before, next))) {
        return rc;
    }
    struct store_session row = run_row(arena, next->form, &next->run, next->run_id);
    row.misses = next->misses;
    row.other_lines = next->other_lines;
    row.menu = menu_names[next->menu];
    row.menu_arg = next->menu_arg;
    row.last_event_ms = next->last_event_ms;
    return store_session_put(s, p->person_id, &row);
}
