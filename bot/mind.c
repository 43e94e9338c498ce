#include "bot/mind.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/zone.h"

#define TEXT_MAX_BYTES ((size_t)8 * 1024) /* a chat message; more is not read */
#define ENTRIES_MAX    32                 /* of a sheet handed in; more are not read */

bool mind_load(struct mind *m, const char *content_dir, const char *intents_dir,
               struct faults *faults) {
    return reading_load(&m->reading, content_dir, intents_dir, faults);
}

bool mind_reload(struct mind *m, const char *content_dir, const char *intents_dir,
                 struct faults *faults) {
    struct reading fresh;
    if (!reading_load(&fresh, content_dir, intents_dir, faults)) {
        return false;
    }
    profile_forms_clear(&m->forms);
    reading_free(&m->reading);
    m->reading = fresh;
    return true;
}

void mind_free(struct mind *m) {
    frameworks_free(&m->frameworks);
    profile_forms_clear(&m->forms);
    reading_free(&m->reading);
}

/* ---- what is said ---- */

static const char *clean_text(struct arena *arena, const char *text, bool *cut) {
    bool over = false;
    const char *clean = text ? text_clean(arena, text, strlen(text), TEXT_MAX_BYTES, &over) : "";
    *cut = *cut || over;
    return clean;
}

static void clean_entries(struct arena *arena, struct event *event) {
    size_t n = event->n_entries < ENTRIES_MAX ? event->n_entries : ENTRIES_MAX;
    struct sheet_entry *entries = arena_alloc(arena, (n + 1) * sizeof(*entries));
    for (size_t i = 0; i < n; i++) {
        entries[i].field = clean_text(arena, event->entries[i].field, &event->cut);
        entries[i].value = clean_text(arena, event->entries[i].value, &event->cut);
    }
    event->entries = entries;
    event->n_entries = n;
}

struct event mind_clean(struct arena *arena, const struct event *event) {
    struct event clean = *event;
    const char **texts[] = {&clean.channel,  &clean.thread, &clean.text, &clean.id,    &clean.tz,
                            &clean.question, &clean.shown,  &clean.mark, &clean.locale};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = *texts[i] ? *texts[i] : "";
    }
    clean.text = clean_text(arena, clean.text, &clean.cut);
    clean_entries(arena, &clean);
    return clean;
}

/* ---- what it comes to ---- */

static int draw(struct mind *m, struct arena *arena, const struct event *event,
                unsigned char out[STEP_RANDOM_LEN]) {
    if (!m->fixed_codes) {
        return getrandom(out, STEP_RANDOM_LEN, 0) == STEP_RANDOM_LEN ? 0 : -EIO;
    }
    const char *seed = arena_printf(arena, "%s/%lld", event->user, (long long)event->at_ms);
    char hex[HASH_HEX_LEN + 1];
    hash_hex(seed, strlen(seed), hex);
    memcpy(out, hex, STEP_RANDOM_LEN);
    return 0;
}

/* A code is looked up in between: the step is then taken as the person whose it was. */
static int redeem(struct mind *m, struct arena *arena, struct thought *t) {
    struct settled settled = t->step.settled;
    int rc = profile_link(m->store, &m->forms, m->reading.pack, arena, t->in.event, t->step.code,
                          &t->profile, &t->in.link);
    t->in.places = t->profile.places;
    if (rc == 0) {
        dialogue_step(&t->in, arena, &t->step);
        t->step.settled = settled;
    }
    return rc;
}

static enum lang language_of(const struct mind *m, const struct event *event) {
    enum lang lang = m->lang;
    (void)lang_parse(event->locale, &lang);
    return lang;
}

/* The conversation's turn, for the profile that is in *t. */
static int converse(struct mind *m, struct arena *arena, const struct event *event, bool desk,
                    struct thought *t) {
    unsigned char *random = arena_alloc(arena, STEP_RANDOM_LEN);
    t->in = (struct step_input){
        .pack = m->reading.pack,
        .phrases = m->reading.phrases,
        .guesser = m->reading.guesser,
        .imported = m->frameworks.current,
        .site = &m->site,
        .session = &t->profile.session,
        .event = event,
        .utc_offset_ms = zone_offset_ms(*event->tz ? event->tz : t->profile.tz, event->at_ms),
        .places = t->profile.places,
        .desk = desk,
        .random = random,
    };
    int rc = draw(m, arena, event, random);
    if (rc == 0) {
        dialogue_step(&t->in, arena, &t->step);
    }
    return rc;
}

int mind_think(struct mind *m, struct arena *arena, const struct event *event, bool desk,
               struct thought *ret) {
    int rc = profile_load(m->store, &m->forms, m->reading.pack, arena, event, language_of(m, event),
                          &ret->profile);
    rc = rc == 0 ? frameworks_refresh(&m->frameworks, m->store, arena) : rc;
    rc = rc == 0 ? converse(m, arena, event, desk, ret) : rc;
    return rc == 0 && ret->step.code ? redeem(m, arena, ret) : rc;
}

int mind_think_alone(struct mind *m, struct arena *arena, const struct event *event,
                     struct thought *ret) {
    profile_of_nobody(m->reading.pack, event, language_of(m, event), &ret->profile);
    return converse(m, arena, event, false, ret);
}
