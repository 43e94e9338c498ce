#include "content/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "content/exams.h"
#include "content/score.h"

PRINTF_LIKE(2, 3) static const char *at(struct faults *f, const char *fmt, ...) {
    char path[160];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(path, sizeof(path), fmt, ap);
    va_end(ap);
    return arena_strdup(&f->arena, path);
}

/* Ids of one list, for duplicates: `get` names the id of the i-th item. */
static void check_unique(struct faults *f, const char *file, const char *list, size_t n,
                         const char *(*get)(const struct pack *pack, size_t i),
                         const struct pack *pack) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(get(pack, i), get(pack, j)) == 0) {
                fault_add(f, file, at(f, "$.%s[%zu].id", list, i), "duplicate id \"%s\"",
                          get(pack, i));
                break;
            }
        }
    }
}

static const char *tks_id(const struct pack *p, size_t i) {
    return p->tks[i].id;
}

static const char *persona_id(const struct pack *p, size_t i) {
    return p->personas[i].id;
}

static const char *term_id(const struct pack *p, size_t i) {
    return p->terms[i].id;
}

static const char *link_id(const struct pack *p, size_t i) {
    return p->links[i].id;
}

static const char *resource_type_id(const struct pack *p, size_t i) {
    return p->resource_types[i].id;
}

static const char *resource_id(const struct pack *p, size_t i) {
    return p->resources[i].id;
}

static const char *topic_id(const struct pack *p, size_t i) {
    return p->topics[i].id;
}

static const char *reader_id(const struct pack *p, size_t i) {
    return p->readers[i].id;
}

static const char *handbook_id(const struct pack *p, size_t i) {
    return p->handbooks[i].id;
}

static void check_duplicates(const struct pack *p, struct faults *f) {
    check_unique(f, "tks.json", "items", p->n_tks, tks_id, p);
    check_unique(f, "personas.json", "personas", p->n_personas, persona_id, p);
    check_unique(f, "glossary.json", "terms", p->n_terms, term_id, p);
    check_unique(f, "links.json", "links", p->n_links, link_id, p);
    check_unique(f, "resources.json", "types", p->n_resource_types, resource_type_id, p);
    check_unique(f, "resources.json", "resources", p->n_resources, resource_id, p);
    check_unique(f, "basics.json", "topics", p->n_topics, topic_id, p);
    check_unique(f, "basics.json", "readers", p->n_readers, reader_id, p);
    check_unique(f, "basics.json", "handbooks", p->n_handbooks, handbook_id, p);
}

static void need_tks(const struct pack *p, struct faults *f, const char *file, const char *where,
                     const char *id) {
    if (!pack_tks(p, id)) {
        fault_add(f, file, where, "unknown id \"%s\": no such task, knowledge or skill", id);
    }
}

static void need_persona(const struct pack *p, struct faults *f, const char *file,
                         const char *where, const char *id) {
    if (!pack_persona(p, id)) {
        fault_add(f, file, where, "unknown id \"%s\": no such persona", id);
    }
}

static void check_roles(const struct pack *p, struct faults *f) {
    for (size_t i = 0; i < PACK_ROLES; i++) {
        const struct role *r = &p->roles[i];
        for (size_t k = 0; k < r->tks.n; k++) {
            need_tks(p, f, "roles.json", at(f, "$.roles[%zu].tks[%zu].id", i, k),
                     r->tks.items[k].id);
        }
        for (size_t k = 0; k < r->personas.n; k++) {
            need_persona(p, f, "roles.json", at(f, "$.roles[%zu].personas[%zu].id", i, k),
                         r->personas.items[k].id);
        }
    }
}

static void check_tks(const struct pack *p, struct faults *f) {
    static const char prefix[TKS__COUNT] = {'T', 'K', 'S'};
    for (size_t i = 0; i < p->n_tks; i++) {
        const struct tks *t = &p->tks[i];
        if (t->id[0] != prefix[t->kind]) {
            fault_add(f, "tks.json", at(f, "$.items[%zu].kind", i),
                      "the id \"%s\" belongs to another kind", t->id);
        }
        for (size_t k = 0; k < t->personas.n; k++) {
            need_persona(p, f, "tks.json", at(f, "$.items[%zu].personas[%zu].id", i, k),
                         t->personas.items[k].id);
        }
    }
}

static void check_personas(const struct pack *p, struct faults *f) {
    for (size_t i = 0; i < p->n_personas; i++) {
        const struct persona *x = &p->personas[i];
        for (size_t k = 0; k < x->n_items; k++) {
            need_tks(p, f, "personas.json", at(f, "$.personas[%zu].items[%zu].tks", i, k),
                     x->items[k].tks);
        }
        for (size_t k = 0; k < x->n_around; k++) {
            need_persona(p, f, "personas.json", at(f, "$.personas[%zu].around[%zu].with", i, k),
                         x->around[k].with);
        }
    }
}

static void check_terms(const struct pack *p, struct faults *f) {
    for (size_t i = 0; i < p->n_terms; i++) {
        for (size_t k = 0; k < p->terms[i].tks.n; k++) {
            need_tks(p, f, "glossary.json", at(f, "$.terms[%zu].tks[%zu]", i, k),
                     p->terms[i].tks.items[k]);
        }
    }
}

static void check_resources(const struct pack *p, struct faults *f) {
    for (size_t i = 0; i < p->n_resources; i++) {
        const struct resource *r = &p->resources[i];
        for (size_t k = 0; k < r->closes.n; k++) {
            need_tks(p, f, "resources.json", at(f, "$.resources[%zu].closes[%zu].tks", i, k),
                     r->closes.items[k].id);
        }
        for (size_t k = 0; k < r->personas.n; k++) {
            need_persona(p, f, "resources.json", at(f, "$.resources[%zu].personas[%zu].id", i, k),
                         r->personas.items[k].id);
        }
    }
}

static bool allows(const struct message_key *key, const char *name, size_t n) {
    for (const char *w = key->placeholders; *w;) {
        size_t len = strcspn(w, " ");
        if (len == n && strncmp(w, name, n) == 0) {
            return true;
        }
        w += len + (w[len] == ' ');
    }
    return false;
}

static bool uses(const char *template, const char *name, size_t n) {
    for (const char *open = template; (open = strchr(open, '{')) != NULL; open++) {
        const char *close = strchr(open, '}');
        if (close && (size_t)(close - open - 1) == n && strncmp(open + 1, name, n) == 0) {
            return true;
        }
    }
    return false;
}

/* A placeholder must be known to the code; both languages must use the same ones. */
static void check_placeholders(const struct message_key *key, const struct l10n *text,
                               struct faults *f) {
    for (int i = 0; i < LANG__COUNT; i++) {
        const char *path = at(f, "$.%s.%s", key->key, lang_codes[i]);
        for (const char *open = text->in[i]; (open = strchr(open, '{')) != NULL; open++) {
            const char *close = strchr(open, '}');
            size_t n = close ? (size_t)(close - open - 1) : 0;
            if (!close || !allows(key, open + 1, n)) {
                fault_add(f, "messages.json", path,
                          "unknown placeholder \"{%.*s}\", this message has: %s", (int)n, open + 1,
                          *key->placeholders ? key->placeholders : "none");
            } else if (!uses(text->in[1 - i], open + 1, n)) {
                fault_add(f, "messages.json", path,
                          "placeholder \"{%.*s}\" is used in one language only", (int)n, open + 1);
            }
        }
    }
}

static void check_messages(const struct pack *p, struct faults *f) {
    for (int i = 0; i < MSG__COUNT; i++) {
        check_placeholders(&message_keys[i], &p->messages[i], f);
    }
    const struct l10n *const texts[] = {&p->attribution.citation, &p->attribution.brief};
    static const char *const names[] = {"citation", "short"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        for (int k = 0; k < LANG__COUNT; k++) {
            if (!uses(texts[i]->in[k], "date", 4)) {
                fault_add(f, "attribution.json", at(f, "$.%s.%s", names[i], lang_codes[k]),
                          "missing source: the date of use, {date}, must be shown");
            }
        }
    }
}

static int points_for(const struct form_option *o, size_t outcome) {
    for (size_t w = 0; w < o->n_weights; w++) {
        if (o->weights[w].outcome == outcome) {
            return o->weights[w].points;
        }
    }
    return 0;
}

/* The answers that speak most for an outcome: of each question what helps it, nothing else. */
static void favour(const struct form *form, size_t outcome, struct score_input *in) {
    for (size_t q = 0; q < form->n_questions; q++) {
        const struct form_question *question = &form->questions[q];
        int best = 0;
        bool open = question->depends_on < 0 ||
                    (in->chosen[question->depends_on] & question->depends_mask) != 0;
        for (size_t o = 0; open && o < question->n_options; o++) {
            int points = points_for(&question->options[o], outcome);
            if (question->kind == FORM_MULTI && points > 0) {
                in->chosen[q] |= 1u << o;
            } else if (question->kind == FORM_SINGLE && points > best) {
                best = points;
                in->chosen[q] = 1u << o;
            }
        }
    }
}

/* Whether any branch leads to the outcome: each answer of each deciding question is tried. */
static bool is_reachable(const struct form *form, size_t outcome) {
    struct score score;
    struct score_input in = {{0}};
    favour(form, outcome, &in);
    score_answers(form, &in, &score);
    bool found = score.primary == (int)outcome;
    for (size_t q = 0; !found && q < form->n_questions; q++) {
        for (size_t o = 0; !found && o < form->questions[q].n_options; o++) {
            in = (struct score_input){{0}};
            in.chosen[q] = 1u << o;
            favour(form, outcome, &in);
            score_answers(form, &in, &score);
            found = score.primary == (int)outcome;
        }
    }
    return found;
}

static void check_form(const struct pack *p, struct faults *f) {
    const struct form *form = p->form;
    for (size_t i = 0; i < form->n_outcomes; i++) {
        const char *where = at(f, "$.outcomes[%zu]", i);
        need_persona(p, f, "questionnaire.json", where, form->outcomes[i]);
        if (!is_reachable(form, i)) {
            fault_add(f, "questionnaire.json", where,
                      "unreachable persona: no answers lead to \"%s\"", form->outcomes[i]);
        }
    }
    for (size_t i = 0; i < p->n_personas; i++) {
        bool listed = false;
        for (size_t k = 0; k < form->n_outcomes; k++) {
            listed = listed || strcmp(form->outcomes[k], p->personas[i].id) == 0;
        }
        if (!listed) {
            fault_add(f, "questionnaire.json", "$.outcomes",
                      "unreachable persona: \"%s\" is not among the outcomes", p->personas[i].id);
        }
    }
}

void check_pack(const struct pack *pack, struct faults *faults) {
    check_duplicates(pack, faults);
    check_roles(pack, faults);
    check_tks(pack, faults);
    check_personas(pack, faults);
    check_terms(pack, faults);
    check_resources(pack, faults);
    exams_check(pack, faults);
    check_messages(pack, faults);
    check_form(pack, faults);
}
