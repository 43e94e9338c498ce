#include "content/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "content/check.h"
#include "content/load.h"
#include "content/search.h"

const char *const tks_kind_names[TKS__COUNT] = {"task", "knowledge", "skill"};

const char *const resource_kind_names[RESOURCE__COUNT] = {"exam", "course", "exercise", "document",
                                                          "video"};

struct pack *pack_load(const char *dir, struct faults *faults) {
    struct pack *pack = xmalloc(sizeof(*pack));
    *pack = (struct pack){0};
    size_t before = faults->n + faults->dropped;
    load_files(pack, dir, faults);
    if (faults->n + faults->dropped == before) {
        size_t first = faults->n;
        check_pack(pack, faults);
        for (size_t i = first; dir && *dir && i < faults->n; i++) {
            struct fault *f = &faults->items[i];
            f->file = arena_printf(&faults->arena, "%s/%s", dir, f->file);
        }
    }
    if (faults->n + faults->dropped == before) {
        load_assessment(pack, dir, faults);
    }
    if (faults->n + faults->dropped != before) {
        pack_free(pack);
        return NULL;
    }
    pack->search = search_build(pack);
    pack->assess_forms = arena_alloc(&pack->arena, 2 * pack->n_personas * sizeof(struct form *));
    return pack;
}

void pack_free(struct pack *pack) {
    if (!pack) {
        return;
    }
    search_free(pack->search);
    form_free(pack->form);
    for (size_t i = 0; pack->assess_forms && i < 2 * pack->n_personas; i++) {
        form_free(pack->assess_forms[i]);
    }
    arena_free(&pack->arena);
    free(pack);
}

const struct tks *pack_tks(const struct pack *pack, const char *id) {
    for (size_t i = 0; i < pack->n_tks; i++) {
        if (strcmp(pack->tks[i].id, id) == 0) {
            return &pack->tks[i];
        }
    }
    return NULL;
}

const struct persona *pack_persona(const struct pack *pack, const char *id) {
    for (size_t i = 0; i < pack->n_personas; i++) {
        if (strcmp(pack->personas[i].id, id) == 0) {
            return &pack->personas[i];
        }
    }
    return NULL;
}

const struct role *pack_role(const struct pack *pack, int number) {
    return number >= 1 && number <= PACK_ROLES ? &pack->roles[number - 1] : NULL;
}

const struct resource *pack_resource(const struct pack *pack, const char *id) {
    for (size_t i = 0; i < pack->n_resources; i++) {
        if (strcmp(pack->resources[i].id, id) == 0) {
            return &pack->resources[i];
        }
    }
    return NULL;
}
