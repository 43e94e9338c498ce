#include "bot/slack/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/slack/api.h"
#include "bot/slack/intake.h"
#include "bot/slack/private.h"

#define PEOPLE_MAX ((size_t)200000) /* then the cache begins anew */
#define ASKING_MAX 32

/* One of users.info under way; id "": free. */
struct question {
    struct slack_people *p;
    char id[SLACK_ID_MAX + 1];
};

struct slack_people {
    struct slack *s;
    struct slack_person *slots; /* open addressing; an empty id is a free slot */
    size_t n;
    size_t cap; /* a power of two */
    struct question asking[ASKING_MAX];
};

struct slack_people *slack_people_create(struct slack *s) {
    struct slack_people *p = xmalloc(sizeof(*p));
    *p = (struct slack_people){.s = s};
    for (size_t i = 0; i < ASKING_MAX; i++) {
        p->asking[i].p = p;
    }
    return p;
}

void slack_people_destroy(struct slack_people *p) {
    if (p) {
        free(p->slots);
        free(p);
    }
}

static struct slack_person *slot_of(const struct slack_people *p, const char *id) {
    size_t h = 5381;
    for (const char *c = id; *c; c++) {
        h = h * 33 + (unsigned char)*c;
    }
    for (size_t i = h & (p->cap - 1);; i = (i + 1) & (p->cap - 1)) {
        if (p->slots[i].id[0] == '\0' || strcmp(p->slots[i].id, id) == 0) {
            return &p->slots[i];
        }
    }
}

static void make_room(struct slack_people *p) {
    if (p->n >= PEOPLE_MAX) {
        memset(p->slots, 0, p->cap * sizeof(*p->slots));
        p->n = 0;
    }
    if (p->cap > 0 && (p->n + 1) * 4 <= p->cap * 3) {
        return;
    }
    struct slack_person *old = p->slots;
    size_t old_cap = p->cap;
    p->cap = old_cap ? old_cap * 2 : 64;
    p->slots = xmalloc(p->cap * sizeof(*p->slots));
    memset(p->slots, 0, p->cap * sizeof(*p->slots));
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i].id[0]) {
            *slot_of(p, old[i].id) = old[i];
        }
    }
    free(old);
}

/* Whoever is in the database is known: their language was settled when they came. */
static void recall(struct slack_people *p, struct slack_person *person) {
    struct arena a = {0};
    const char *channel;
    int rc = engine_known(p->s->setup.engine, &a, SLACK_PLATFORM, p->s->setup.name, person->id,
                          &channel);
    if (rc == 0) {
        person->asked = true;
        snprintf(person->channel, sizeof(person->channel), "%s",
                 slack_is_id(channel) ? channel : "");
    }
    arena_free(&a);
}

struct slack_person *slack_people_get(struct slack_people *p, const char *id) {
    if (p->cap > 0 && slot_of(p, id)->id[0]) {
        return slot_of(p, id);
    }
    make_room(p);
    struct slack_person *person = slot_of(p, id);
    *person = (struct slack_person){.asked = false};
    snprintf(person->id, sizeof(person->id), "%s", id);
    p->n++;
    recall(p, person);
    return person;
}

void slack_language(const char *locale, char out[SLACK_LOCALE_MAX]) {
    snprintf(out, SLACK_LOCALE_MAX, "%.*s", (int)strcspn(locale, "-_"), locale);
}

void slack_people_update(struct slack_people *p, const struct slack_user *user) {
    struct slack_person *person = slack_people_get(p, user->id);
    if (*user->locale) {
        slack_language(user->locale, person->locale);
        person->asked = true;
    }
    if (*user->tz) {
        snprintf(person->tz, sizeof(person->tz), "%s", user->tz);
    }
    person->bot = user->bot;
    person->deactivated = user->deactivated;
}

static void on_user(void *ctx, const struct slack_reply *reply) {
    struct question *q = ctx;
    struct slack_people *p = q->p;
    struct arena a = {0};
    struct slack_user user;
    if (reply->outcome == SLACK_DONE &&
        slack_user_read(&a, json_member(reply->json, "user"), &user) &&
        strcmp(user.id, q->id) == 0) {
        slack_people_update(p, &user);
    } else {
        log_warn("nothing is known of somebody who writes; the language of newcomers is used",
                 "workspace", p->s->setup.name, "why",
                 *reply->error ? reply->error : "a reply without the person");
    }
    slack_people_get(p, q->id)->asked = true; /* an answer is worth more than a language */
    q->id[0] = '\0';
    arena_free(&a);
    slack_intake_wake(p->s->intake);
}

/* The question under way about that person, or a free place for one; NULL where there is neither.
 */
static struct question *place_for(struct slack_people *p, const char *id) {
    struct question *empty = NULL;
    for (size_t i = 0; i < ASKING_MAX; i++) {
        if (strcmp(p->asking[i].id, id) == 0) {
            return &p->asking[i];
        }
        empty = p->asking[i].id[0] == '\0' ? &p->asking[i] : empty;
    }
    return empty;
}

bool slack_people_known(struct slack_people *p, const char *id) {
    if (slack_people_get(p, id)->asked) {
        return true;
    }
    struct question *q = place_for(p, id);
    if (!q || q->id[0]) {
        return false; /* asked already, or later */
    }
    snprintf(q->id, sizeof(q->id), "%s", id);
    struct arena a = {0};
    const char *form = slack_form(&a, slack_form(&a, "", "user", id), "include_locale", "true");
    struct slack_request request = {.method = "users.info", .form = form, .urgency = SLACK_SOON};
    slack_call(p->s, &request, on_user, q);
    arena_free(&a);
    return false;
}
