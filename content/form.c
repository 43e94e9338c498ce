#include "content/form.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"

#define FORM_MAX_BYTES ((size_t)1024 * 1024)
#define ID_MAX_BYTES   64

int form_find_question(const struct form *form, const char *id) {
    for (size_t i = 0; i < form->n_questions; i++) {
        if (strcmp(form->questions[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int form_find_option(const struct form_question *q, const char *id) {
    for (size_t i = 0; i < q->n_options; i++) {
        if (strcmp(q->options[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int form_number(const struct form_question *q, int option) {
    return q->from_zero ? option : option + 1;
}

int form_option(const struct form_question *q, int number) {
    int option = q->from_zero ? number : number - 1;
    return option >= 0 && (size_t)option < q->n_options ? option : -1;
}

static int find_outcome(const struct form *form, const char *id) {
    for (size_t i = 0; i < form->n_outcomes; i++) {
        if (strcmp(form->outcomes[i], id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Answers are stored as ids with spaces in between, and other words with a colon in front. */
static const char *read_id(struct node n) {
    const char *id = node_text(n);
    size_t len = strlen(id);
    if (*id && (len > ID_MAX_BYTES || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)) {
        node_fault(n, "an id has 1 to %d of the characters a-z, 0-9 and \"-\"", ID_MAX_BYTES);
    }
    return id;
}

static void read_weights(const struct form *form, struct node n, struct form_option *o) {
    if (!cJSON_IsObject(n.json)) {
        node_fault(n, "must be an object of persona and points (it may be empty)");
        return;
    }
    size_t count = (size_t)cJSON_GetArraySize(n.json);
    struct form_weight *w = arena_alloc(n.reader->arena, (count + 1) * sizeof(*w));
    const cJSON *m;
    cJSON_ArrayForEach(m, n.json) {
        struct node at = node_key(n, m);
        int outcome = find_outcome(form, m->string);
        if (outcome < 0) {
            node_fault(at, "unknown id \"%s\": it is not among the outcomes", m->string);
            continue;
        }
        w[o->n_weights++] =
            (struct form_weight){.outcome = (size_t)outcome, .points = node_int(at, 1, 100)};
    }
    o->weights = w;
}

/* Japanese is compared without spaces, Latin script word by word. */
static const char *make_key(struct arena *arena, const char *text) {
    const char *folded = text_fold(arena, text);
    return text_is_latin(folded) ? text_words(arena, folded) : text_bare(arena, folded);
}

static void make_keys(struct arena *arena, struct form_option *o) {
    const char **keys = arena_alloc(arena, (FORM_LABEL_KEYS + o->aliases.n) * sizeof(*keys));
    size_t n = 0;
    for (int i = 0; i < LANG__COUNT; i++) {
        keys[n++] = make_key(arena, o->label.in[i]);
        keys[n++] = make_key(arena, o->brief.in[i]);
    }
    for (size_t i = 0; i < o->aliases.n; i++) {
        keys[n++] = make_key(arena, o->aliases.items[i]);
    }
    o->keys = (struct string_list){.items = keys, .n = n};
}

static void read_option(const struct form *form, struct node n, bool weighs,
                        struct form_option *o) {
    o->id = read_id(node_member(n, "id"));
    o->label = node_l10n(n);
    o->brief = node_l10n(node_member(n, "brief"));
    o->aliases = node_strings(node_member(n, "aliases"));
    node_confidence(node_member(n, "confidence"));
    make_keys(n.reader->arena, o);
    if (weighs) {
        read_weights(form, node_member(n, "weights"), o);
    }
}

static void read_options(const struct form *form, struct node n, struct form_question *q) {
    struct node list = node_member(n, "options");
    struct node none = node_member(n, "none");
    size_t count = node_array(list);
    if (count == 0 || count > FORM_MAX_OPTIONS - 1) {
        node_fault(list, "must have 1 to %d options", FORM_MAX_OPTIONS - 1);
        return;
    }
    struct form_option *o = arena_alloc(n.reader->arena, (count + 1) * sizeof(*o));
    for (size_t i = 0; i < count; i++) {
        read_option(form, node_item(list, i), form->purpose == FORM_PERSONA, &o[i]);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(o[i].id, o[j].id) == 0) {
                node_fault(node_item(list, i), "duplicate id \"%s\"", o[i].id);
            }
        }
    }
    q->none_option = -1;
    if (node_present(none)) {
        read_option(form, none, false, &o[count]);
        q->none_option = (int)count++;
    }
    q->options = o;
    q->n_options = count;
}

/* False where it is missing. */
static bool read_flag(struct node n) {
    if (node_present(n) && !cJSON_IsBool(n.json)) {
        node_fault(n, "must be true or false");
    }
    return cJSON_IsTrue(n.json);
}

/* A question may depend on an earlier one only, so that the path is known while it is walked. */
static void read_condition(const struct form_question *questions, size_t index, struct node n,
                           struct form_question *q) {
    q->depends_on = -1;
    if (!node_present(n)) {
        return;
    }
    struct node on = node_member(n, "question");
    const char *id = node_text(on);
    struct node options = node_member(n, "options");
    size_t count = node_array(options);
    q->when_unknown = read_flag(node_member(n, "when_unknown"));
    for (size_t i = 0; i < index; i++) {
        if (strcmp(questions[i].id, id) == 0) {
            q->depends_on = (int)i;
        }
    }
    if (q->depends_on < 0) {
        node_fault(on, "unknown id \"%s\": a question can depend only on an earlier one", id);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct node at = node_item(options, i);
        const char *option = node_text(at);
        int found = form_find_option(&questions[q->depends_on], option);
        if (found < 0) {
            node_fault(at, "dead branch: question \"%s\" has no option \"%s\"", id, option);
        } else {
            q->depends_mask |= 1u << found;
        }
    }
    if (count == 0) {
        node_fault(options, "dead branch: no answer leads to this question");
    }
}

static void read_question(const struct form *form, struct form_question *questions, size_t index,
                          struct node n) {
    struct form_question *q = &questions[index];
    struct node kind = node_member(n, "kind");
    q->id = read_id(node_member(n, "id"));
    const char *word = node_text(kind);
    q->kind = strcmp(word, "multi") == 0 ? FORM_MULTI : FORM_SINGLE;
    if (q->kind == FORM_SINGLE && strcmp(word, "single") != 0) {
        node_fault(kind, "must be \"single\" or \"multi\"");
    }
    q->from_zero = read_flag(node_member(n, "from_zero"));
    q->title = node_l10n(node_member(n, "title"));
    q->text = node_l10n(node_member(n, "text"));
    q->why = node_l10n(node_member(n, "why"));
    q->example = node_l10n(node_member(n, "example"));
    enum confidence confidence = node_confidence(node_member(n, "confidence"));
    struct node pages = node_member(n, "source_page");
    if (node_array(pages) == 0 && confidence == CONF_SOURCE) {
        node_fault(pages, "missing source: what is marked as source names its page");
    }
    read_options(form, n, q);
    read_condition(questions, index, node_member(n, "ask_if"), q);
    for (size_t i = 0; i < index; i++) {
        if (strcmp(questions[i].id, q->id) == 0) {
            node_fault(node_member(n, "id"), "duplicate id \"%s\"", q->id);
        }
    }
}

static void read_outcomes(struct form *form, struct node n) {
    struct string_list ids = node_strings(n);
    if (ids.n == 0 || ids.n > FORM_MAX_OUTCOMES) {
        node_fault(n, "must have 1 to %d persona ids", FORM_MAX_OUTCOMES);
        return;
    }
    for (size_t i = 0; i < ids.n; i++) {
        if (find_outcome(form, ids.items[i]) >= 0) {
            node_fault(node_item(n, i), "duplicate id \"%s\"", ids.items[i]);
        }
        form->outcomes[form->n_outcomes++] = ids.items[i];
    }
}

/* What it is for, and how its answers are counted. */
static void read_purpose(struct form *form, struct node root) {
    struct node purpose = node_member(root, "purpose");
    if (node_present(purpose)) {
        form->purpose = FORM_ASSESSMENT;
        form->about = read_id(node_member(root, "about"));
        if (strcmp(node_text(purpose), "assessment") != 0) {
            node_fault(purpose, "must be \"assessment\", or missing for a questionnaire");
        }
        return;
    }
    form->min_top = node_int(node_member(root, "min_top"), 0, 1000);
    form->min_second = node_int(node_member(root, "min_second"), 0, 1000);
    form->second_divisor = node_int(node_member(root, "second_divisor"), 1, 100);
    read_outcomes(form, node_member(root, "outcomes"));
}

static void read_form(struct form *form, struct node root) {
    form->id = read_id(node_member(root, "id"));
    read_purpose(form, root);
    struct node list = node_member(root, "questions");
    size_t count = node_array(list);
    if (count == 0 || count > FORM_MAX_QUESTIONS) {
        node_fault(list, "must have 1 to %d questions", FORM_MAX_QUESTIONS);
        return;
    }
    struct form_question *questions = arena_alloc(&form->arena, count * sizeof(*questions));
    for (size_t i = 0; i < count; i++) {
        read_question(form, questions, i, node_item(list, i));
    }
    form->questions = questions;
    form->n_questions = count;
}

struct form *form_read(const char *json, size_t n, const char *file, struct faults *faults) {
    struct form *form = xmalloc(sizeof(*form));
    *form = (struct form){.id = "", .about = "", .body = ""};
    struct json_error err;
    cJSON *root = json_parse(json, n, FORM_MAX_BYTES, &err);
    if (!root) {
        char where[64];
        snprintf(where, sizeof(where), "line %d, column %d", err.line, err.column);
        fault_add(faults, file, where, "%s", err.what);
        return form;
    }
    struct arena paths = {0};
    struct node_reader reader = {
        .file = file, .faults = faults, .arena = &form->arena, .paths = &paths};
    read_form(form, node_root(&reader, root));
    arena_free(&paths);
    char *body = cJSON_PrintUnformatted(root);
    if (!body) {
        xalloc_die();
    }
    form->body = arena_strdup(&form->arena, body);
    hash_hex(body, strlen(body), form->hash);
    cJSON_free(body);
    cJSON_Delete(root);
    return form;
}

void form_free(struct form *form) {
    if (form) {
        arena_free(&form->arena);
        free(form);
    }
}
