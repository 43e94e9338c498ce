#include "intents/assess_form.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "content/gap.h"
#include "content/say.h"

#define ID_SIZE 24

static void add_l10n(cJSON *to, struct l10n text) {
    for (int i = 0; i < LANG__COUNT; i++) {
        cJSON_AddStringToObject(to, lang_codes[i], text.in[i]);
    }
}

static cJSON *add_object(cJSON *to, const char *name, struct l10n text) {
    cJSON *object = cJSON_AddObjectToObject(to, name);
    add_l10n(object, text);
    return object;
}

/* One message in both languages, with texts that differ by language. */
struct word {
    const char *name;
    struct l10n text;
};

static void add_message(cJSON *to, const char *name, const struct pack *pack, enum msg msg,
                        const struct word w[3]) {
    cJSON *object = name ? cJSON_AddObjectToObject(to, name) : to;
    for (int i = 0; i < LANG__COUNT; i++) {
        struct buf b;
        buf_init(&b, NODE_TEXT_MAX_BYTES);
        say(&b, pack, (enum lang)i, msg, w[0].name, w[0].text.in[i], w[1].name, w[1].text.in[i],
            w[2].name, w[2].text.in[i], (char *)NULL);
        cJSON_AddStringToObject(object, lang_codes[i], buf_text(&b));
        buf_free(&b);
    }
}

static struct l10n both(const char *text) {
    return (struct l10n){.in = {text, text}};
}

static void add_levels(cJSON *question, const struct pack *pack, enum tks_kind kind) {
    cJSON *options = cJSON_AddArrayToObject(question, "options");
    for (int level = 0; level <= LEVEL_MAX; level++) {
        const struct level_words *words = &pack->assess.levels[level];
        char id[ID_SIZE];
        snprintf(id, sizeof(id), "level-%d", level);
        cJSON *o = cJSON_CreateObject();
        cJSON_AddItemToArray(options, o);
        cJSON_AddStringToObject(o, "id", id);
        add_message(o, NULL, pack, MSG_ASSESS_LEVEL,
                    (struct word[]){{"name", words->name},
                                    {"behaviour", words->behaviour[kind]},
                                    {"name", words->name}});
        add_object(o, "brief", words->name);
        cJSON_AddStringToObject(o, "confidence", "proposed");
    }
}

static void question_id(const struct tks *t, char out[ID_SIZE]) {
    size_t n = 0;
    for (; t->id[n] && n + 1 < ID_SIZE; n++) {
        out[n] = (char)tolower((unsigned char)t->id[n]);
    }
    out[n] = '\0';
}

static void add_question(cJSON *questions, const struct pack *pack, const struct persona *p,
                         const struct expected *item) {
    const struct tks *t = item->tks;
    char id[ID_SIZE];
    char level[ID_SIZE];
    question_id(t, id);
    snprintf(level, sizeof(level), "%d", item->level);
    cJSON *q = cJSON_CreateObject();
    cJSON_AddItemToArray(questions, q);
    cJSON_AddStringToObject(q, "id", id);
    cJSON_AddStringToObject(q, "kind", "single");
    cJSON_AddBoolToObject(q, "from_zero", true);
    add_object(q, "title", t->label);
    add_message(q, "text", pack, MSG_ASSESS_QUESTION,
                (struct word[]){{"id", both(t->id)}, {"name", t->name}, {"hint", t->hint}});
    add_message(q, "why", pack, MSG_ASSESS_WHY,
                (struct word[]){{"persona", p->brief},
                                {"level", both(level)},
                                {"name", pack->assess.levels[item->level].name}});
    add_object(q, "example", t->hint);
    cJSON_AddStringToObject(q, "confidence", "proposed");
    cJSON_AddArrayToObject(q, "source_page");
    add_levels(q, pack, t->kind);
}

/* Whether another one that is asked already says nearly the same. */
static bool is_asked(const struct tks *const *asked, size_t n, const struct tks *t) {
    for (size_t i = 0; i < n; i++) {
        if (asked[i] == t || (t->same_group && asked[i]->same_group &&
                              strcmp(asked[i]->same_group, t->same_group) == 0)) {
            return true;
        }
    }
    return false;
}

static cJSON *form_json(const struct pack *pack, size_t persona, bool quick) {
    const struct persona *p = &pack->personas[persona];
    const struct expectation *e = &pack->assess.personas[persona];
    const struct tks *asked[ASSESS_MAX_ITEMS];
    size_t n = 0;
    char id[64];
    snprintf(id, sizeof(id), "assess-%.40s-%s", p->id, quick ? "quick" : "full");
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "id", id);
    cJSON_AddStringToObject(root, "purpose", "assessment");
    cJSON_AddStringToObject(root, "about", p->id);
    cJSON *questions = cJSON_AddArrayToObject(root, "questions");
    size_t count = quick ? e->n_quick : e->n_items;
    for (size_t i = 0; i < count; i++) {
        const struct tks *t = quick ? e->quick[i] : e->items[i].tks;
        int item = expectation_find(e, t->id);
        if (item >= 0 && !is_asked(asked, n, t)) {
            asked[n++] = t;
            add_question(questions, pack, p, &e->items[item]);
        }
    }
    return root;
}

/* Content that was checked makes a form that can be read. */
static struct form *make(const struct pack *pack, size_t persona, bool quick) {
    cJSON *root = form_json(pack, persona, quick);
    char *text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    if (!text) {
        xalloc_die();
    }
    struct faults faults = {.n = 0};
    struct form *form = form_read(text, strlen(text), "self-assessment", &faults);
    cJSON_free(text);
    faults_free(&faults);
    return form;
}

const struct form *assess_form(const struct pack *pack, size_t persona, bool quick) {
    struct form **slot = &pack->assess_forms[2 * persona + (quick ? 1 : 0)];
    if (!*slot) {
        *slot = make(pack, persona, quick);
    }
    return *slot;
}

const struct tks *assess_item(const struct pack *pack, const struct form_question *q) {
    char id[ID_SIZE];
    size_t n = 0;
    for (; q->id[n] && n + 1 < ID_SIZE; n++) {
        id[n] = (char)toupper((unsigned char)q->id[n]);
    }
    id[n] = '\0';
    return pack_tks(pack, id);
}
