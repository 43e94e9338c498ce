/*
 * Between store and conversation: turns rows into the session a step needs, and a step's changes
 * back into rows. Remembers questionnaires of earlier packs by their hash.
 */
#ifndef KIZUKI_BOT_PROFILE_H
#define KIZUKI_BOT_PROFILE_H

#include "base/event.h"
#include "intents/step.h"
#include "store/store.h"

#define PROFILE_OLD_FORMS 8

struct profile_forms {
    struct form *items[PROFILE_OLD_FORMS]; /* of other packs than the current one */
    size_t n;
};

struct profile {
    const char *person_id;
    const char *channel; /* of the identity, see struct store_person */
    const char *locale;
    const char *tz;
    const char *home;
    size_t places;
    bool used_last; /* in this place */
    bool left;      /* the stored session could not go on and is to be replaced */
    struct session session;
};

/*
 * Loads the person behind the event, creating one on first contact. Must run in a transaction.
 * Errors as in store.h. Where the questionnaire of the person's run cannot be read any more, the
 * run is marked as left and the session has none.
 */
int profile_load(struct store *s, struct profile_forms *forms, const struct pack *pack,
                 struct arena *arena, const struct event *e, enum lang lang,
                 struct profile *ret) WARN_UNUSED;

/* Of a newcomer who is not in the store, and not to be. */
void profile_of_nobody(const struct pack *pack, const struct event *e, enum lang lang,
                       struct profile *ret);

/*
 * Enters the code of a step. All that the person had may then be somebody else's, and *p is loaded
 * anew. Other arguments and errors as for profile_load.
 */
int profile_link(struct store *s, struct profile_forms *forms, const struct pack *pack,
                 struct arena *arena, const struct event *e, const char *code, struct profile *p,
                 enum link_result *ret) WARN_UNUSED;

/* Applies the changes of a step, stores the session it leaves and what the event tells of the
 * identity. The person may be a new one then. */
int profile_save(struct store *s, struct arena *arena, struct profile *p, const struct step *step,
                 const struct event *e) WARN_UNUSED;

void profile_forms_clear(struct profile_forms *forms);

#endif
