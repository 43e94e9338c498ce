#include "tests/support/dialogue_driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/text.h"
#include "intents/guess.h"
#include "intents/talk.h"
#include "intents/understand.h"

#define MAX_CHARS 16000
#define START_MS  ((int64_t)1795424400000)

/* What platforms can show of a form and under a message, in characters. */
#define TITLE_CHARS  24
#define LABEL_CHARS  2000
#define INTRO_CHARS  3000
#define OPTION_CHARS 75
#define OPTIONS_MAX  100
#define FIELD_CHARS  3000

struct pack *pack;
struct session session;
struct step step;
size_t places;
bool desk;
enum link_result link_result;
const char *asked_code;
int64_t now_ms;

static struct phrases *phrases;
static struct guesser *guesser;
static const struct site site = {{{"内線1234", "extension 1234"}}, {{"会社の約束", "our promise"}}};

/* Two arenas take turns: a session's strings outlive the step that made them by one step. */
static struct arena arenas[2];
static struct arena again;
static struct arena lists;
static int turn;

int load_pack(void **state) {
    (void)state;
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    if (!pack || !f) {
        return -1;
    }
    phrases = phrases_load(f->data, (size_t)(f->end - f->data), f->path, &faults);
    guesser = guesser_load();
    int err = faults.n == 0 ? 0 : -1;
    faults_free(&faults);
    return err;
}

int unload_pack(void **state) {
    (void)state;
    phrases_free(phrases);
    guesser_free(guesser);
    pack_free(pack);
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    arena_free(&again);
    arena_free(&lists);
    return 0;
}

struct texts split(const char *list) {
    struct texts t = {.n = 0};
    for (const char *p = list;; p++) {
        size_t n = strcspn(p, "\t");
        assert_true(t.n < ARRAY_LEN(t.items));
        t.items[t.n++] = arena_strndup(&lists, p, n);
        p += n;
        if (*p == '\0') {
            return t;
        }
    }
}

int fresh(void **state) {
    (void)state;
    session = (struct session){
        .lang = LANG_JA, .locale = "", .form = pack->form, .menu_arg = "", .result = ""};
    now_ms = START_MS;
    places = 1;
    desk = true;
    link_result = LINK_REFUSED;
    turn = 0;
    return 0;
}

/* ---- what holds for every step ---- */

static void same(const char *a, const char *b) {
    assert_string_equal(a, b);
}

static void check_same_step(const struct step *a, const struct step *b) {
    assert_int_equal(a->n_replies, b->n_replies);
    for (size_t i = 0; i < a->n_replies; i++) {
        const struct reply *x = &a->replies[i];
        const struct reply *y = &b->replies[i];
        assert_int_equal(x->audience, y->audience);
        same(x->text, y->text);
        same(x->question, y->question);
        assert_int_equal(x->n_choices, y->n_choices);
        for (size_t k = 0; k < x->n_choices; k++) {
            assert_int_equal(x->choices[k].number, y->choices[k].number);
            assert_int_equal(x->choices[k].ticked, y->choices[k].ticked);
            same(x->choices[k].label, y->choices[k].label);
        }
    }
    assert_int_equal(a->n_changes, b->n_changes);
    for (size_t i = 0; i < a->n_changes; i++) {
        assert_int_equal(a->changes[i].kind, b->changes[i].kind);
        assert_int_equal(a->changes[i].question, b->changes[i].question);
        assert_memory_equal(&a->changes[i].reply, &b->changes[i].reply, sizeof(struct form_reply));
        assert_int_equal(a->changes[i].by_hand, b->changes[i].by_hand);
        same(a->changes[i].run_id, b->changes[i].run_id);
        same(a->changes[i].persona, b->changes[i].persona);
        same(a->changes[i].code, b->changes[i].code);
    }
    assert_int_equal(a->sheet != NULL, b->sheet != NULL);
    assert_int_equal(a->n_errors, b->n_errors);
    assert_memory_equal(&a->next.run, &b->next.run, sizeof(a->next.run));
    assert_int_equal(a->next.lang, b->next.lang);
    assert_int_equal(a->next.greeted, b->next.greeted);
    assert_int_equal(a->next.menu, b->next.menu);
    assert_int_equal(a->next.misses, b->next.misses);
    assert_int_equal(a->next.last_event_ms, b->next.last_event_ms);
    assert_ptr_equal(a->next.form, b->next.form);
    same(a->next.run_id, b->next.run_id);
    same(a->next.menu_arg, b->next.menu_arg);
    same(a->next.result, b->next.result);
}

static void check_session(const struct session *s) {
    int path[FORM_MAX_QUESTIONS];
    size_t total;
    assert_true(s->lang < LANG__COUNT && s->menu < MENU__COUNT && s->run.phase < RUN__COUNT);
    assert_non_null(s->menu_arg);
    assert_true(s->misses >= 0);
    assert_true(*s->result == '\0' || pack_persona(pack, s->result));
    if (s->run.phase == RUN_NONE) {
        return;
    }
    size_t n = run_path(s->form, &s->run, path);
    size_t place = run_place(s->form, &s->run, s->run.current, &total);
    assert_true(place <= total && run_answered(s->form, &s->run) <= total);
    assert_true(n <= total && strlen(s->run_id) == RUN_ID_LEN);
    assert_true(s->run.phase != RUN_ASKING || place > 0);
    assert_true(s->run.phase != RUN_REVIEW || s->run.current == -1);
    for (size_t i = 0; i < s->form->n_questions; i++) {
        const struct form_reply *r = &s->run.replies[i];
        bool asked = run_place(s->form, &s->run, (int)i, NULL) > 0;
        assert_true(asked || r->kind == REPLY_OPEN);
        assert_true(r->mask >> s->form->questions[i].n_options == 0);
        assert_true((r->kind == REPLY_CHOSEN) == (r->mask != 0));
    }
}

const struct form_question *open_question(const struct session *s) {
    return s->run.phase == RUN_ASKING ? &s->form->questions[s->run.current] : NULL;
}

/* The reference is that of what is asked, and what asks has one. */
static void check_reference(const struct reply *r, const struct session *s) {
    const struct form_question *q = open_question(s);
    char want[128];
    snprintf(want, sizeof(want), "%s/%s", s->run_id, q ? q->id : "review");
    if (strncmp(r->question, "menu/", 5) == 0) {
        const char *name = menu_names[s->menu];
        assert_int_equal(strncmp(r->question + 5, name, strlen(name)), 0);
        assert_true(talk_menu_waits(s));
    } else if (*r->question) {
        assert_true(q || s->run.phase == RUN_REVIEW);
        assert_string_equal(r->question, want);
    }
    bool asks = q && strstr(r->text, q->text.in[s->lang]);
    if (r->n_choices > 0 || asks) {
        if (*r->question == '\0') {
            fail_msg("asks without a reference: %s", r->text);
        }
    }
}

bool is_understood(const char *text) {
    struct understood u;
    understand(pack, phrases, &again, open_question(&session), text, &u);
    return u.intent == INTENT_PHRASE || u.intent == INTENT_INCIDENT ||
           u.intent == INTENT_INCIDENT_HOWTO;
}

void check_words(const struct reply *r) {
    assert_true(r->n_words <= TALK_MAX_WORDS);
    for (size_t i = 0; i < r->n_words; i++) {
        const struct word *w = &r->words[i];
        assert_true(*w->label && text_graphemes(w->label) <= OPTION_CHARS);
        same(w->text, *w->sheet ? "" : w->label);
        if (!is_understood(w->label)) {
            fail_msg("\"%s\" is offered and not understood", w->label);
        }
    }
}

static void fits(const char *text, size_t max, bool may_be_empty) {
    assert_true(may_be_empty || *text);
    if (text_graphemes(text) > max) {
        fail_msg("longer than %zu: %s", max, text);
    }
    assert_null(strpbrk(text, "{}"));
}

/* Whether a value is offered, and offered once. */
static void check_option(const struct sheet_field *f, size_t i) {
    fits(f->options[i].label, OPTION_CHARS, false);
    fits(f->options[i].value, OPTION_CHARS, false);
    for (size_t k = 0; k < i; k++) {
        assert_string_not_equal(f->options[k].value, f->options[i].value);
    }
}

static void check_sheet(const struct sheet *s) {
    fits(s->title, TITLE_CHARS, false);
    fits(s->submit, TITLE_CHARS, false);
    fits(s->cancel, TITLE_CHARS, false);
    fits(s->intro, INTRO_CHARS, true);
    assert_true(s->n_fields > 0);
    for (size_t i = 0; i < s->n_fields; i++) {
        const struct sheet_field *f = &s->fields[i];
        bool choice = f->kind == SHEET_CHOICE;
        bool found = *f->value == '\0';
        fits(f->label, LABEL_CHARS, false);
        fits(f->hint, LABEL_CHARS, true);
        assert_true(choice ? f->n_options > 1 && f->n_options <= OPTIONS_MAX
                           : f->max_chars > 0 && f->max_chars <= FIELD_CHARS);
        for (size_t k = 0; choice && k < f->n_options; k++) {
            check_option(f, k);
            found = found || strcmp(f->options[k].value, f->value) == 0;
        }
        assert_true(found || !choice);
    }
}

static void check_reply(const struct reply *r, const struct event *e, const struct session *s) {
    assert_true(*r->text != '\0');
    assert_true(text_valid(r->text, strlen(r->text)));
    assert_true(text_graphemes(r->text) <= MAX_CHARS);
    if (strpbrk(r->text, "{}") || strstr(r->text, "(null)")) {
        fail_msg("a placeholder is left: %s", r->text);
    }
    assert_true(r->audience != AUDIENCE_HERE || e->place == PLACE_CHANNEL);
    check_words(r);
    if (r->audience != AUDIENCE_DIRECT) {
        assert_int_equal(r->n_choices, 0);
        assert_int_equal(r->n_words, 0);
        same(r->question, "");
    } else {
        check_reference(r, s);
    }
    for (size_t i = 0; i < r->n_choices; i++) {
        /* From 1, or levels from 0, rising; only "which question" leaves out those not answered
         * yet. */
        bool gaps = strncmp(r->question, "menu/edit/", 10) == 0;
        int first = s->form->purpose == FORM_ASSESSMENT && r->choices[0].number == 0 ? -1 : 0;
        int before = i > 0 ? r->choices[i - 1].number : first;
        assert_true(gaps ? r->choices[i].number > before : r->choices[i].number == before + 1);
        assert_true(*r->choices[i].label != '\0');
    }
}

static void check_step(const struct event *e, const struct session *before) {
    assert_true(e->kind != EVENT_MESSAGE || step.n_replies > 0);
    assert_true(step.n_replies < STEP_MAX_REPLIES);
    assert_true(step.n_changes < STEP_MAX_CHANGES - 1);
    for (size_t i = 0; i < step.n_replies; i++) {
        check_reply(&step.replies[i], e, &step.next);
    }
    for (size_t i = 0; i < step.n_changes; i++) {
        const struct change *c = &step.changes[i];
        assert_true(c->question >= 0 && c->question < (int)step.next.form->n_questions);
        assert_true(c->kind != CHANGE_RESULT || pack_persona(pack, c->persona));
    }
    check_session(&step.next);
    if (step.sheet) {
        assert_int_equal(e->kind, EVENT_SHEET);
        check_sheet(step.sheet);
    }
    if (step.n_errors > 0) {
        assert_int_equal(e->kind, EVENT_SUBMIT);
        assert_int_equal(step.n_replies + step.n_changes, 0);
        assert_memory_equal(&step.next, before, sizeof(*before));
    }
    bool looks = e->kind == EVENT_HOME || e->kind == EVENT_SHEET || e->kind == EVENT_ACCOUNT;
    bool nothing = looks || step.n_errors > 0;
    assert_int_equal(step.next.last_event_ms, nothing ? before->last_event_ms : e->at_ms);
    assert_null(step.code);
}

/* ---- driving it ---- */

static const void *copy(struct arena *arena, const void *items, size_t n, size_t size) {
    return n > 0 ? memcpy(arena_alloc(arena, n * size), items, n * size) : NULL;
}

/* What the store would keep, beyond the arena of the turn; the strings are the pack's. */
static void keep_learning(struct arena *arena, struct learning *l) {
    l->targets = copy(arena, l->targets, l->n_targets, sizeof(*l->targets));
    l->levels = copy(arena, l->levels, l->n_levels, sizeof(*l->levels));
    l->involvements = copy(arena, l->involvements, l->n_involvements, sizeof(*l->involvements));
    l->steps = copy(arena, l->steps, l->n_steps, sizeof(*l->steps));
}

/* As the engine does it: a code is looked up in between. */
static void take_step(struct step_input in, struct arena *arena, struct step *ret) {
    dialogue_step(&in, arena, ret);
    asked_code = ret->code;
    if (ret->code) {
        in.link = link_result;
        dialogue_step(&in, arena, ret);
    }
}

void send_event(struct event e) {
    char id[32];
    snprintf(id, sizeof(id), "e%d", turn);
    now_ms += 1000;
    e.platform = "console";
    e.workspace = "w";
    e.user = e.user ? e.user : "u";
    e.locale = e.locale ? e.locale : "";
    e.id = id;
    e.channel = e.place == PLACE_CHANNEL ? "general" : "";
    e.text = e.text ? e.text : "";
    e.question = e.question ? e.question : "";
    e.at_ms = now_ms;
    struct step_input in = {.pack = pack,
                            .phrases = phrases,
                            .guesser = guesser,
                            .site = &site,
                            .session = &session,
                            .event = &e,
                            .places = places,
                            .desk = desk,
                            .random = (const unsigned char *)"\0\0\0\0\0\xbc\x61\x4e"};
    struct arena *arena = &arenas[turn++ % 2];
    static struct step second;
    struct session before = session;
    arena_reset(arena);
    arena_reset(&again);
    take_step(in, &again, &second);
    take_step(in, arena, &step);
    assert_memory_equal(&session, &before, sizeof(session)); /* the input is only read */
    check_same_step(&step, &second);
    session = step.next; /* what is understood depends on what is open now */
    check_step(&e, &before);
    session.menu_arg = arena_strdup(arena, session.menu_arg);
    session.result = arena_strdup(arena, session.result);
    keep_learning(arena, &session.learning);
}

void say_in(enum place place, const char *text) {
    send_event((struct event){.kind = EVENT_MESSAGE, .place = place, .text = text});
}

void write_direct(const char *text) {
    say_in(PLACE_DIRECT, text);
}

/* The last reply of the last step. */
const struct reply *heard(void) {
    assert_true(step.n_replies > 0);
    return &step.replies[step.n_replies - 1];
}

void expect_heard(const char *part) {
    if (!strstr(heard()->text, part)) {
        fail_msg("\"%s\" is not in: %s", part, heard()->text);
    }
}

void expect_question(const char *id) {
    char want[128];
    snprintf(want, sizeof(want), "%s/%s", session.run_id, id);
    assert_string_equal(heard()->question, want);
}

bool changed(enum change_kind kind) {
    for (size_t i = 0; i < step.n_changes; i++) {
        if (step.changes[i].kind == kind) {
            return true;
        }
    }
    return false;
}
