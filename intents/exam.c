#include "intents/exam.h"

#include <string.h>

#include "base/text.h"
#include "content/search.h"
#include "intents/listing.h"
#include "intents/lookup.h"

#define FIELDS_PAGE   5
#define RESOURCES_MAX 3 /* on a card */

const char *exam_mark(struct talk *t, enum confidence confidence) {
    return confidence == CONF_SOURCE     ? ""
           : confidence == CONF_INFERRED ? talk_string(t, MSG_INFERRED)
                                         : talk_string(t, MSG_RESOURCE_OURS);
}

const struct exam *exam_of(const struct pack *pack, const char *resource) {
    for (size_t i = 0; i < pack->n_exams; i++) {
        if (strcmp(pack->exams[i].resource, resource) == 0) {
            return &pack->exams[i];
        }
    }
    return NULL;
}

static const char *exam_name(struct talk *t, const char *resource) {
    return talk_l10n(t, pack_resource(t->pack, resource)->name);
}

/* ---- from the exam to the items ---- */

/* "K-016 Threats (③⑤) / S-018 …" */
static const char *name_entries(struct talk *t, const struct exam_row *row) {
    struct buf b;
    buf_init(&b, 8192);
    for (size_t i = 0; i < row->n_entries; i++) {
        const struct exam_entry *e = &row->entries[i];
        const struct tks *item = pack_tks(t->pack, e->tks);
        buf_addf(&b, "%s%s %s", i > 0 ? " / " : "", item->id, talk_l10n(t, item->label));
        for (size_t k = 0; k < e->roles.n; k++) {
            buf_addf(&b, "%s%s", k > 0 ? "" : " (",
                     pack_role(t->pack, e->roles.items[k].number)->mark);
        }
        buf_adds(&b, e->roles.n > 0 ? ")" : "");
        buf_adds(&b, exam_mark(t, e->confidence));
    }
    return talk_take(t, &b);
}

static bool names_roles(const struct exam *exam) {
    for (size_t i = 0; i < exam->n_rows; i++) {
        for (size_t k = 0; k < exam->rows[i].n_entries; k++) {
            if (exam->rows[i].entries[k].roles.n > 0) {
                return true;
            }
        }
    }
    return false;
}

/* Nothing but the code was said, which is a word of something else, too. */
static bool is_other_word(struct talk *t, const struct exam *exam) {
    const size_t *items;
    const char *code = text_fold(t->arena, exam->code);
    const char *said = text_bare(t->arena, text_fold(t->arena, t->event->text));
    return strcmp(said, code) == 0 && search_tks(t->pack->search, t->arena, code, &items) > 0;
}

void exam_table(struct talk *t, const struct exam *exam, size_t from) {
    struct listing_page page = {.again = arena_printf(t->arena, "exam %s", exam->resource),
                                .from = from,
                                .count = exam->n_rows,
                                .size = FIELDS_PAGE};
    if (from >= page.count) {
        talk_line(t, MSG_MORE_NOTHING);
        return;
    }
    size_t end = listing_page_end(&page);
    talk_line(t, MSG_EXAM_HEAD, "name", exam_name(t, exam->resource), "count",
              talk_number(t, (int64_t)page.count), "from", talk_number(t, (int64_t)from + 1), "to",
              talk_number(t, (int64_t)end));
    for (size_t i = from; i < end; i++) {
        const struct exam_row *row = &exam->rows[i];
        talk_line(t, MSG_EXAM_ROW, "field", talk_l10n(t, row->field), "examples",
                  talk_l10n(t, row->examples), "items", name_entries(t, row));
    }
    if (end == page.count && *talk_l10n(t, exam->beside)) {
        talk_break(t);
        talk_text(t, talk_l10n(t, exam->beside));
    }
    if (names_roles(exam)) {
        talk_line(t, MSG_EXAM_ROLES);
    }
    if (exam->rows[from].source_page > 0) {
        talk_line(t, MSG_EXAM_PAGE, "page", talk_number(t, exam->rows[from].source_page));
    }
    if (from == 0 && is_other_word(t, exam)) {
        talk_line(t, MSG_EXAM_WORD, "exam", exam->code);
    }
    talk_line(t, MSG_EXAM_ITEM, "id", exam->rows[from].entries[0].tks);
    listing_end_page(t, &page, "");
}

/* ---- from the item to the exams and resources ---- */

static bool has_entry(const struct exam_row *row, const char *tks) {
    for (size_t i = 0; i < row->n_entries; i++) {
        if (strcmp(row->entries[i].tks, tks) == 0) {
            return true;
        }
    }
    return false;
}

/* The next field that has the item, counted over all exams; NULL after the last one. */
static const struct exam_row *next_field(const struct pack *pack, const char *tks, size_t *at) {
    size_t n = 0;
    for (size_t i = 0; i < pack->n_exams; i++) {
        for (size_t k = 0; k < pack->exams[i].n_rows; k++, n++) {
            if (n >= *at && has_entry(&pack->exams[i].rows[k], tks)) {
                *at = n + 1;
                return &pack->exams[i].rows[k];
            }
        }
    }
    return NULL;
}

/* What closes an item: what the handbook says first, then what is inferred, then ours. */
struct closers {
    const struct resource *resources[64];
    enum confidence how[64];
    size_t n;
};

static void take_closers(const struct pack *pack, const char *tks, enum confidence how,
                         struct closers *ret) {
    for (size_t i = 0; i < pack->n_resources; i++) {
        const struct ref_list *closes = &pack->resources[i].closes;
        for (size_t k = 0; k < closes->n && ret->n < ARRAY_LEN(ret->how); k++) {
            if (closes->items[k].confidence == how && strcmp(closes->items[k].id, tks) == 0) {
                ret->resources[ret->n] = &pack->resources[i];
                ret->how[ret->n++] = how;
            }
        }
    }
}

static void find_closers(const struct pack *pack, const char *tks, struct closers *ret) {
    ret->n = 0;
    for (int how = 0; how < CONF__COUNT; how++) { /* declared in that order */
        take_closers(pack, tks, (enum confidence)how, ret);
    }
}

static bool in_field_of(const struct pack *pack, const char *resource, const char *tks) {
    const struct exam *exam = exam_of(pack, resource);
    for (size_t i = 0; exam && i < exam->n_rows; i++) {
        if (has_entry(&exam->rows[i], tks)) {
            return true;
        }
    }
    return false;
}

/* What is no exam that was named with its field already. */
static void say_others(struct talk *t, const struct tks *item, const struct closers *c) {
    bool any = false;
    for (size_t i = 0; i < c->n; i++) {
        if (in_field_of(t->pack, c->resources[i]->id, item->id)) {
            continue;
        }
        if (!any) {
            talk_line(t, MSG_COVERS_OTHERS);
        }
        any = true;
        talk_line(t, MSG_COVERS_RESOURCE, "name", talk_l10n(t, c->resources[i]->label), "mark",
                  exam_mark(t, c->how[i]));
    }
    if (!any) {
        talk_line(t, MSG_COVERS_NONE);
    }
}

const struct exam_row *exam_field(const struct pack *pack, const char *resource, const char *item) {
    const struct exam *exam = exam_of(pack, resource);
    for (size_t i = 0; exam && i < exam->n_rows; i++) {
        for (size_t k = 0; k < exam->rows[i].n_entries; k++) {
            if (strcmp(exam->rows[i].entries[k].tks, item) == 0) {
                return &exam->rows[i];
            }
        }
    }
    return NULL;
}

void exam_covering(struct talk *t, const struct tks *item) {
    struct closers c;
    size_t at = 0;
    const struct exam_row *row = next_field(t->pack, item->id, &at);
    find_closers(t->pack, item->id, &c);
    talk_line(t, MSG_COVERS_HEAD, "id", item->id, "label", talk_l10n(t, item->label));
    talk_line(t, row ? MSG_COVERS_EXAMS : MSG_COVERS_NO_EXAM);
    for (; row; row = next_field(t->pack, item->id, &at)) {
        talk_line(t, MSG_COVERS_EXAM, "name", exam_name(t, row->exam), "field",
                  talk_l10n(t, row->field), "page", talk_number(t, row->source_page));
    }
    say_others(t, item, &c);
    const char *same = lookup_same_names(t, item);
    if (*same) {
        talk_line(t, MSG_TKS_SAME, "ids", same);
    }
    talk_line(t, MSG_TKS_FOOT, "id", item->id);
    talk_attribution(t);
}

static void say_exams(struct talk *t, const struct tks *item) {
    struct buf b;
    size_t at = 0;
    const struct exam_row *row;
    buf_init(&b, 4096);
    while ((row = next_field(t->pack, item->id, &at)) != NULL) {
        buf_addf(&b, "%s%s", b.len > 0 ? " / " : "",
                 talk_string(t, MSG_TKS_EXAM, "name", exam_name(t, row->exam), "field",
                             talk_l10n(t, row->field), "page", talk_number(t, row->source_page)));
    }
    const char *exams = talk_take(t, &b);
    if (*exams) {
        talk_line(t, MSG_TKS_EXAMS, "exams", exams);
    }
}

void exam_card_lines(struct talk *t, const struct tks *item) {
    struct closers c;
    struct buf b;
    say_exams(t, item);
    find_closers(t->pack, item->id, &c);
    buf_init(&b, 8192);
    for (size_t i = 0; i < c.n && i < RESOURCES_MAX; i++) {
        buf_addf(&b, "%s%s%s", i > 0 ? " / " : "", talk_l10n(t, c.resources[i]->label),
                 exam_mark(t, c.how[i]));
    }
    if (c.n > RESOURCES_MAX) {
        buf_adds(&b, talk_string(t, MSG_TKS_RESOURCES_MORE, "count",
                                 talk_number(t, (int64_t)(c.n - RESOURCES_MAX)), "id", item->id));
    }
    const char *names = talk_take(t, &b);
    if (*names) {
        talk_line(t, MSG_TKS_RESOURCES, "names", names);
    }
}
