#include "content/assess.h"

#include <string.h>

#include "content/pack.h"

const char *const involvement_names[INVOLVEMENT__COUNT] = {"self", "support", "outsource",
                                                           "incident-self", "incident-outsource"};

_Static_assert(TKS__COUNT == 3, "behaviours and levels are kept by kind");

enum involvement involvement_find(const char *name) {
    int i = 0;
    while (i < INVOLVEMENT__COUNT && strcmp(involvement_names[i], name) != 0) {
        i++;
    }
    return (enum involvement)i;
}

static void read_levels(struct assess *a, struct node list) {
    if (node_array(list) != LEVELS) {
        node_fault(list, "must have %d entries, levels 0 to %d", LEVELS, LEVEL_MAX);
        return;
    }
    for (int i = 0; i < LEVELS; i++) {
        struct node n = node_item(list, (size_t)i);
        node_int(node_member(n, "level"), i, i);
        node_confidence(node_member(n, "confidence"));
        a->levels[i].name = node_l10n(node_member(n, "name"));
        struct node by_kind = node_member(n, "behaviour");
        for (int k = 0; k < TKS__COUNT; k++) {
            a->levels[i].behaviour[k] = node_l10n(node_member(by_kind, tks_kind_names[k]));
        }
    }
}

static enum involvement read_involvement(struct node n) {
    const char *name = node_text(n);
    enum involvement i = involvement_find(name);
    if (*name && i == INVOLVEMENT__COUNT) {
        node_fault(n, "unknown id \"%s\": it is none of the involvements", name);
    }
    return i;
}

static void read_involvements(struct assess *a, struct node list) {
    if (node_array(list) != INVOLVEMENT__COUNT) {
        node_fault(list, "must have %d entries", INVOLVEMENT__COUNT);
        return;
    }
    for (int i = 0; i < INVOLVEMENT__COUNT; i++) {
        struct node n = node_item(list, (size_t)i);
        if (read_involvement(node_member(n, "id")) != (enum involvement)i) {
            node_fault(node_member(n, "id"), "must be \"%s\" here", involvement_names[i]);
        }
        node_confidence(node_member(n, "confidence"));
        a->involvements[i] =
            (struct involvement_words){.name = node_l10n(node_member(n, "name")),
                                       .aliases = node_strings(node_member(n, "aliases")),
                                       .weight = node_int(node_member(n, "weight"), 0, 10)};
    }
}

static const struct tks *read_tks_id(const struct pack *pack, struct node n) {
    const char *id = node_text(n);
    const struct tks *t = pack_tks(pack, id);
    if (*id && !t) {
        node_fault(n, "unknown id \"%s\": it is not in tks.json", id);
    }
    return t;
}

static void read_required(struct expectation *e, struct node list) {
    if (node_array(list) != INVOLVEMENT__COUNT) {
        node_fault(list, "must have %d entries, one for each involvement", INVOLVEMENT__COUNT);
        return;
    }
    for (int i = 0; i < INVOLVEMENT__COUNT; i++) {
        struct node n = node_item(list, (size_t)i);
        if (read_involvement(node_member(n, "involvement")) != (enum involvement)i) {
            node_fault(node_member(n, "involvement"), "must be \"%s\" here", involvement_names[i]);
        }
        for (int k = 0; k < TKS__COUNT; k++) {
            e->required[i][k] = node_int(node_member(n, tks_kind_names[k]), 0, LEVEL_MAX);
        }
    }
}

static void read_items(struct pack *pack, struct expectation *e, const struct persona *p,
                       struct node list) {
    size_t n = node_array(list);
    if (n != p->n_items || n > ASSESS_MAX_ITEMS) {
        node_fault(list, "must have the %zu items of the persona in personas.json, at most %d",
                   p->n_items, ASSESS_MAX_ITEMS);
        return;
    }
    struct expected *items = arena_alloc(&pack->arena, (n + 1) * sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        struct node at = node_item(list, i);
        struct node who = node_member(at, "involvement");
        items[i].tks = read_tks_id(pack, node_member(at, "tks"));
        items[i].involvement = node_present(who) ? read_involvement(who) : INVOLVED_UNKNOWN;
        items[i].level = node_int(node_member(at, "level"), 1, LEVEL_MAX);
        node_confidence(node_member(at, "confidence"));
        if (items[i].tks && strcmp(items[i].tks->id, p->items[i].tks) != 0) {
            node_fault(node_member(at, "tks"), "must be \"%s\", as in personas.json",
                       p->items[i].tks);
        }
    }
    e->items = items;
    e->n_items = n;
}

static bool is_expected(const struct expectation *e, const struct tks *t) {
    for (size_t i = 0; i < e->n_items; i++) {
        if (e->items[i].tks == t) {
            return true;
        }
    }
    return false;
}

static void read_quick(struct pack *pack, struct expectation *e, struct node list) {
    size_t n = node_array(list);
    if (n < 4 || n > 7) {
        node_fault(list, "must have 4 to 7 items: the short way takes two minutes");
    }
    const struct tks **quick = arena_alloc(&pack->arena, (n + 1) * sizeof(*quick));
    for (size_t i = 0; i < n; i++) {
        quick[i] = read_tks_id(pack, node_item(list, i));
        if (quick[i] && !is_expected(e, quick[i])) {
            node_fault(node_item(list, i), "\"%s\" is not among the items", quick[i]->id);
        }
    }
    e->quick = quick;
    e->n_quick = n;
}

static void read_personas(struct pack *pack, struct node list) {
    struct expectation *all = arena_alloc(&pack->arena, (pack->n_personas + 1) * sizeof(*all));
    pack->assess.personas = all;
    if (node_array(list) != pack->n_personas) {
        node_fault(list, "must have %zu entries, one for each persona", pack->n_personas);
        return;
    }
    for (size_t i = 0; i < pack->n_personas; i++) {
        struct node n = node_item(list, i);
        if (strcmp(node_text(node_member(n, "id")), pack->personas[i].id) != 0) {
            node_fault(node_member(n, "id"), "must be \"%s\": the order is that of personas.json",
                       pack->personas[i].id);
        }
        read_required(&all[i], node_member(n, "required"));
        read_items(pack, &all[i], &pack->personas[i], node_member(n, "items"));
        read_quick(pack, &all[i], node_member(n, "quick"));
    }
}

static unsigned read_kinds(struct node list) {
    unsigned kinds = 0;
    size_t n = node_array(list);
    for (size_t i = 0; i < n; i++) {
        const char *word = node_text(node_item(list, i));
        int k = 0;
        while (k < TKS__COUNT && strcmp(tks_kind_names[k], word) != 0) {
            k++;
        }
        if (k == TKS__COUNT) {
            node_fault(node_item(list, i), "must be \"task\", \"knowledge\" or \"skill\"");
        }
        kinds |= 1u << k;
    }
    return kinds;
}

static unsigned read_themes(const struct pack *pack, struct node list) {
    unsigned themes = 0;
    size_t n = node_array(list);
    for (size_t i = 0; i < n; i++) {
        const char *id = node_text(node_item(list, i));
        size_t at = 0;
        while (at < pack->n_themes && strcmp(pack->themes[at].id, id) != 0) {
            at++;
        }
        if (at == pack->n_themes || at >= 32) {
            node_fault(node_item(list, i), "unknown id \"%s\": no such theme", id);
        } else {
            themes |= 1u << at;
        }
    }
    return themes;
}

static struct bonus read_bonus(const struct pack *pack, struct node n) {
    return (struct bonus){.points = node_int(node_member(n, "points"), 0, 10),
                          .kinds = read_kinds(node_member(n, "kinds")),
                          .themes = read_themes(pack, node_member(n, "themes"))};
}

static void read_priority(struct pack *pack, struct node n) {
    pack->assess.priority = (struct priority_rule){
        .per_gap = node_int(node_member(n, "gap"), 1, 100),
        .default_weight = node_int(node_member(n, "default_weight"), 0, 10),
        .incident = read_bonus(pack, node_member(n, "incident_bonus")),
        .base = read_bonus(pack, node_member(n, "base_bonus")),
        .show_top = (size_t)node_int(node_member(n, "show_top"), 1, 10),
    };
    node_confidence(node_member(n, "confidence"));
}

static bool read_resource(const struct pack *pack, struct node n, const char *id, size_t *ret) {
    for (size_t i = 0; i < pack->n_resources; i++) {
        if (strcmp(pack->resources[i].id, id) == 0) {
            *ret = i;
            return true;
        }
    }
    node_fault(n, "unknown id \"%s\": it is not in resources.json", id);
    return false;
}

static void read_remedies(struct pack *pack, struct node list) {
    size_t n = node_array(list);
    struct remedy *remedies = arena_alloc(&pack->arena, (n + 1) * sizeof(*remedies));
    for (size_t i = 0; i < n; i++) {
        struct node at = node_item(list, i);
        struct node ids = node_member(at, "resources");
        size_t count = node_array(ids);
        size_t *resources = arena_alloc(&pack->arena, (count + 1) * sizeof(*resources));
        size_t used = 0;
        for (size_t k = 0; k < count; k++) {
            struct node id = node_item(ids, k);
            used += read_resource(pack, id, node_text(id), &resources[used]);
        }
        node_confidence(node_member(at, "confidence"));
        remedies[i] = (struct remedy){.kinds = read_kinds(node_member(at, "kinds")),
                                      .themes = read_themes(pack, node_member(at, "themes")),
                                      .resources = resources,
                                      .n_resources = used};
    }
    pack->assess.remedies = remedies;
    pack->assess.n_remedies = n;
}

static void read_first_steps(struct pack *pack, struct node n) {
    struct assess *a = &pack->assess;
    a->first_steps = arena_alloc(&pack->arena, (pack->n_resources + 1) * sizeof(*a->first_steps));
    for (size_t i = 0; i < pack->n_resources; i++) {
        a->first_steps[i] = node_l10n_opt(node_member(n, pack->resources[i].id));
    }
    const cJSON *m;
    cJSON_ArrayForEach(m, n.json) {
        struct node at = node_key(n, m);
        size_t index;
        (void)read_resource(pack, at, m->string, &index);
    }
}

static void read_plan(struct pack *pack, struct node n) {
    struct plan_rule *p = &pack->assess.plan;
    struct node paces = node_member(n, "weekly_minutes");
    p->parallel = (size_t)node_int(node_member(n, "parallel"), 1, 10);
    p->minutes_per_step = node_int(node_member(n, "minutes_per_step"), 15, 6000);
    p->default_pace = node_int(node_member(n, "default_minutes"), 5, 2000);
    p->reassess_days = node_int(node_member(n, "reassess_days"), 7, 1000);
    p->n_paces = node_array(paces);
    if (p->n_paces < 1 || p->n_paces > ASSESS_MAX_PACES) {
        node_fault(paces, "must have 1 to %d entries", ASSESS_MAX_PACES);
        p->n_paces = 0;
    }
    for (size_t i = 0; i < p->n_paces; i++) {
        p->paces[i] = node_int(node_item(paces, i), 5, 2000);
    }
}

void assess_read(struct pack *pack, struct node root) {
    read_levels(&pack->assess, node_member(root, "levels"));
    read_involvements(&pack->assess, node_member(root, "involvements"));
    read_personas(pack, node_member(root, "personas"));
    read_priority(pack, node_member(root, "priority"));
    read_remedies(pack, node_member(root, "remedies"));
    read_first_steps(pack, node_member(root, "first_steps"));
    pack->assess.first_step = node_l10n(node_member(root, "first_step"));
    read_plan(pack, node_member(root, "plan"));
}
