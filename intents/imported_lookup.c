#include "intents/imported_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "content/imported.h"
#include "intents/lookup.h"

#define PAGE     10
#define HITS_MAX 5

static const struct imported *imported(const struct talk *t) {
    return t->in->imported;
}

static bool has_nice(const struct talk *t) {
    return imported(t) && imported(t)->nice.n_items > 0;
}

static void say_nice_source(struct talk *t) {
    talk_line(t, MSG_NICE_SOURCE, "name", imported(t)->nice.name, "version",
              imported(t)->nice.version, "day", imported(t)->nice_day);
}

static void say_sheet_source(struct talk *t) {
    talk_line(t, MSG_SHEET_SOURCE, "file", talk_quote(t, imported(t)->framework_file), "day",
              imported(t)->framework_day);
}

static const char *kind_name(struct talk *t, enum import_kind kind) {
    return kind == IMPORT_WORK_ROLE ? talk_string(t, MSG_NICE_WORK_ROLE)
                                    : lookup_kind_name(t, (int)kind - IMPORT_TASK);
}

/* How many are left, and what "more" goes on with. */
static void end_page(struct talk *t, size_t end, size_t count, const char *again) {
    if (end >= count) {
        return;
    }
    if (t->event->place == PLACE_CHANNEL) {
        talk_line(t, MSG_LIST_MORE_DIRECT, "left", talk_number(t, (int64_t)(count - end)));
    } else if (!talk_menu_waits(t->s)) {
        talk_line(t, MSG_LIST_MORE, "left", talk_number(t, (int64_t)(count - end)));
        t->s->menu = MENU_LIST;
        t->s->menu_arg = arena_printf(t->arena, "%zu %s", end, again);
    }
}

static void say_item(struct talk *t, const struct import_item *it) {
    const char *text = *it->title ? it->title : it->text;
    if (*it->code) {
        talk_line(t, MSG_NICE_LINE, "id", it->code, "text", text);
    } else {
        talk_line(t, MSG_SHEET_LINE, "text", text);
    }
}

/* ---- NICE ---- */

static void list_work_roles(struct talk *t, size_t from) {
    const struct import_set *set = &imported(t)->nice;
    size_t count = set->counts[IMPORT_WORK_ROLE];
    size_t at = 0;
    size_t end = from + PAGE < count ? from + PAGE : count;
    if (from == 0) {
        talk_line(t, MSG_NICE_HEAD, "roles", talk_number(t, (int64_t)count), "tasks",
                  talk_number(t, (int64_t)set->counts[IMPORT_TASK]), "knowledge",
                  talk_number(t, (int64_t)set->counts[IMPORT_KNOWLEDGE]), "skills",
                  talk_number(t, (int64_t)set->counts[IMPORT_SKILL]));
    }
    for (size_t i = 0; i < set->n_items; i++) {
        if (set->items[i].kind == IMPORT_WORK_ROLE) {
            if (at >= from && at < end) {
                say_item(t, &set->items[i]);
            }
            at++;
        }
    }
    end_page(t, end, count, "nice-roles");
    say_nice_source(t);
}

static void list_statements(struct talk *t, const struct import_item *role, size_t from) {
    const struct import_set *set = &imported(t)->nice;
    size_t count = 0;
    for (size_t i = 0; i < set->n_items; i++) {
        if (imported_of_role(&set->items[i], role->code)) {
            if (count >= from && count < from + PAGE) {
                say_item(t, &set->items[i]);
            }
            count++;
        }
    }
    size_t end = from + PAGE < count ? from + PAGE : count;
    end_page(t, end, count, arena_printf(t->arena, "nice %s", role->code));
    say_nice_source(t);
}

/* The work roles a statement belongs to, by name. */
static const char *role_names(struct talk *t, const struct import_item *item) {
    const struct import_set *set = &imported(t)->nice;
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < set->n_items; i++) {
        const struct import_item *role = &set->items[i];
        if (role->kind == IMPORT_WORK_ROLE && imported_of_role(item, role->code)) {
            buf_addf(&b, "%s%s", b.len > 0 ? " / " : "", role->title);
        }
    }
    return talk_take(t, &b);
}

static void show_item(struct talk *t, const struct import_item *it) {
    if (it->kind == IMPORT_WORK_ROLE) {
        talk_line(t, MSG_NICE_CARD, "id", it->code, "kind", kind_name(t, it->kind), "title",
                  it->title, "text", it->text);
        list_statements(t, it, 0);
        return;
    }
    talk_line(t, MSG_NICE_STATEMENT, "id", it->code, "kind", kind_name(t, it->kind), "text",
              it->text);
    const char *roles = role_names(t, it);
    if (*roles) {
        talk_line(t, MSG_NICE_ROLES, "roles", roles);
    }
    say_nice_source(t);
}

static const struct import_item *find_title(const struct import_set *set, const char *folded) {
    size_t n = strlen(folded);
    for (size_t i = 0; i < set->n_items; i++) {
        const char *title = set->items[i].folded;
        if (set->items[i].kind == IMPORT_WORK_ROLE && strncmp(title, folded, n) == 0 &&
            title[n] == '\n') {
            return &set->items[i];
        }
    }
    return NULL;
}

bool imported_answer(struct talk *t, const char *text) {
    const char *said = text_trim(t->arena, text);
    const char *folded = text_fold(t->arena, said);
    bool about = strcmp(folded, "nice") == 0 || strcmp(folded, "nice framework") == 0;
    if (!has_nice(t)) {
        if (about) {
            talk_line(t, MSG_NICE_NONE);
        }
        return about;
    }
    if (about) {
        list_work_roles(t, 0);
        return true;
    }
    const struct import_item *it = imported_find(&imported(t)->nice, folded);
    it = it || !*folded ? it : find_title(&imported(t)->nice, folded);
    if (it) {
        show_item(t, it);
    }
    return it != NULL;
}

size_t imported_say_hits(struct talk *t, const char *folded) {
    if (!imported(t)) {
        return 0;
    }
    size_t found[HITS_MAX];
    const struct import_set *sets[] = {&imported(t)->framework, &imported(t)->nice};
    size_t all = 0;
    for (size_t k = 0; k < sizeof(sets) / sizeof(*sets); k++) {
        size_t n = imported_search(sets[k], folded, found, HITS_MAX);
        if (n > 0) {
            talk_line(t, sets[k] == &imported(t)->nice ? MSG_NICE_HITS : MSG_SHEET_HITS);
        }
        for (size_t i = 0; i < n; i++) {
            say_item(t, &sets[k]->items[found[i]]);
        }
        if (n > 0 && sets[k] == &imported(t)->nice) {
            say_nice_source(t);
        } else if (n > 0) {
            say_sheet_source(t);
        }
        all += n;
    }
    return all;
}

/* ---- the framework's sheet ---- */

static bool is_listed(const struct import_item *it, const char *role, int kind) {
    return imported_of_role(it, role) && (kind < 0 || (int)it->kind - IMPORT_TASK == kind);
}

static size_t count_listed(struct talk *t, const char *role, int kind) {
    const struct import_set *set = &imported(t)->framework;
    size_t n = 0;
    for (size_t i = 0; i < set->n_items; i++) {
        n += is_listed(&set->items[i], role, kind);
    }
    return n;
}

bool imported_list_role(struct talk *t, int number, int kind, size_t from) {
    const struct role *r = pack_role(t->pack, number);
    const char *role = talk_number(t, number);
    size_t count = imported(t) && r ? count_listed(t, role, kind) : 0;
    if (count == 0) {
        return false;
    }
    const struct import_set *set = &imported(t)->framework;
    size_t end = from + PAGE < count ? from + PAGE : count;
    size_t at = 0;
    talk_line(t, MSG_SHEET_HEAD, "mark", r->mark, "name", talk_l10n(t, r->name), "kind",
              lookup_kind_name(t, kind), "count", talk_number(t, (int64_t)count));
    for (size_t i = 0; i < set->n_items; i++) {
        if (is_listed(&set->items[i], role, kind)) {
            if (at >= from && at < end) {
                say_item(t, &set->items[i]);
            }
            at++;
        }
    }
    end_page(t, end, count, arena_printf(t->arena, "sheet %d %d", number, kind));
    say_sheet_source(t);
    return true;
}

bool imported_say_role(struct talk *t, int number) {
    const char *role = talk_number(t, number);
    if (!imported(t) || count_listed(t, role, -1) == 0) {
        return false;
    }
    talk_line(t, MSG_SHEET_ROLE, "tasks", talk_number(t, (int64_t)count_listed(t, role, TKS_TASK)),
              "knowledge", talk_number(t, (int64_t)count_listed(t, role, TKS_KNOWLEDGE)), "skills",
              talk_number(t, (int64_t)count_listed(t, role, TKS_SKILL)));
    say_sheet_source(t);
    return true;
}

void imported_say_candidates(struct talk *t, const struct role *role) {
    if (!has_nice(t)) {
        return;
    }
    struct buf b;
    buf_init(&b, 2048);
    for (size_t i = 0; i < role->nice.n; i++) {
        const struct import_item *it = imported_find(&imported(t)->nice, role->nice.items[i]);
        buf_addf(&b, "%s%s%s%s", i > 0 ? " / " : "", role->nice.items[i], it ? " " : "",
                 it ? it->title : "");
    }
    const char *names = talk_take(t, &b);
    if (*names) {
        talk_line(t, MSG_NICE_CANDIDATES, "names", names);
    }
}

bool imported_more(struct talk *t, const char *request, size_t from) {
    if (strcmp(request, "nice-roles") == 0 && has_nice(t)) {
        list_work_roles(t, from);
        return true;
    }
    if (strncmp(request, "nice ", 5) == 0 && has_nice(t)) {
        const struct import_item *it = imported_find(&imported(t)->nice, request + 5);
        if (it) {
            list_statements(t, it, from);
        }
        return it != NULL;
    }
    if (strncmp(request, "sheet ", 6) == 0) {
        char *kind;
        int number = (int)strtol(request + 6, &kind, 10);
        return imported_list_role(t, number, (int)strtol(kind, NULL, 10), from);
    }
    return false;
}
