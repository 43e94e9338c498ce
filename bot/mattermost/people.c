#include "bot/mattermost/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/outgoing.h"
#include "bot/mattermost/private.h"
#include "bot/mattermost/socket.h"

#define WANTED_MAX 100
#define PEOPLE_MAX ((size_t)200000) /* then the cache begins anew */
#define RETRY_MS   ((int64_t)2000)

struct mm_people {
    struct mattermost *m;
    struct mm_person *slots; /* open addressing; an empty id is a free slot */
    size_t n;
    size_t cap; /* a power of two */
    char wanted[WANTED_MAX][MM_ID_LEN + 1];
    size_t n_wanted;
    size_t n_asked; /* the first of wanted are under way, 0: none */
    bool pausing;   /* after a failure */
    struct loop_timer *retry;
};

static void retry(void *ctx) {
    struct mm_people *p = ctx;
    p->pausing = false;
    mm_people_ask(p);
}

struct mm_people *mm_people_create(struct mattermost *m) {
    struct mm_people *p = xmalloc(sizeof(*p));
    *p = (struct mm_people){.m = m};
    p->retry = loop_timer_create(m->setup.loop, retry, p);
    return p;
}

void mm_people_destroy(struct mm_people *p) {
    if (p) {
        loop_timer_destroy(p->retry);
        free(p->slots);
        free(p);
    }
}

static struct mm_person *slot_of(const struct mm_people *p, const char *id) {
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

const struct mm_person *mm_people_find(const struct mm_people *p, const char *id) {
    const struct mm_person *s = p->cap > 0 ? slot_of(p, id) : NULL;
    return s && s->id[0] ? s : NULL;
}

static void grow(struct mm_people *p) {
    struct mm_person *old = p->slots;
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

static void put(struct mm_people *p, const struct mm_person *person) {
    if (p->n >= PEOPLE_MAX) {
        mm_people_forget(p);
    }
    if (p->n * 2 >= p->cap) {
        grow(p);
    }
    struct mm_person *s = slot_of(p, person->id);
    p->n += s->id[0] == '\0';
    *s = *person;
}

void mm_people_talk_in(struct mm_people *p, const char *id, const char *channel) {
    struct mm_person *s = p->cap > 0 ? slot_of(p, id) : NULL;
    if (s && s->id[0]) {
        snprintf(s->channel, sizeof(s->channel), "%s", channel);
    }
}

void mm_people_update(struct mm_people *p, const struct mm_user *user) {
    const struct mm_person *before = mm_people_find(p, user->id);
    struct mm_person person = {.bot = user->bot, .deactivated = user->deactivated};
    if (before) {
        memcpy(person.channel, before->channel, sizeof(person.channel));
    }
    snprintf(person.id, sizeof(person.id), "%s", user->id);
    snprintf(person.username, sizeof(person.username), "%.64s", user->username);
    snprintf(person.locale, sizeof(person.locale), "%.2s", user->locale); /* "en-AU" is English */
    put(p, &person);
}

void mm_people_forget(struct mm_people *p) {
    free(p->slots);
    p->slots = NULL;
    p->n = 0;
    p->cap = 0;
}

void mm_people_want(struct mm_people *p, const char *id) {
    for (size_t i = 0; i < p->n_wanted; i++) {
        if (strcmp(p->wanted[i], id) == 0) {
            return;
        }
    }
    if (p->n_wanted < WANTED_MAX) {
        snprintf(p->wanted[p->n_wanted++], sizeof(p->wanted[0]), "%s", id);
    }
}

/* Whom the server left out is nobody it knows: no bot, and no language. */
static void settle_asked(struct mm_people *p, const cJSON *users) {
    struct arena a = {0};
    const cJSON *json;
    cJSON_ArrayForEach(json, users) {
        struct mm_user user;
        if (mm_user_read(&a, json, &user)) {
            mm_people_update(p, &user);
        }
    }
    for (size_t i = 0; i < p->n_asked; i++) {
        if (!mm_people_find(p, p->wanted[i])) {
            struct mm_user nobody = {.id = p->wanted[i], .username = "", .locale = ""};
            mm_people_update(p, &nobody);
        }
    }
    arena_free(&a);
}

static void on_users(void *ctx, const struct mm_reply *reply) {
    struct mm_people *p = ctx;
    bool settled =
        (reply->outcome == MM_OK && cJSON_IsArray(reply->json)) || reply->outcome == MM_REFUSED;
    if (reply->outcome != MM_OK) {
        log_warn("people could not be looked up", "workspace", p->m->setup.name, "why",
                 reply->error);
    }
    size_t asked = p->n_asked;
    if (settled) {
        settle_asked(p, reply->json);
        memmove(p->wanted, p->wanted + asked, (p->n_wanted - asked) * sizeof(p->wanted[0]));
        p->n_wanted -= asked;
    }
    p->n_asked = 0;
    if (settled) {
        mm_people_ask(p);
        mm_outgoing_wake(p->m->outgoing);
    } else {
        p->pausing = true;
        loop_timer_set(p->retry, RETRY_MS);
    }
}

void mm_people_ask(struct mm_people *p) {
    if (p->n_asked > 0 || p->n_wanted == 0 || p->pausing || !mm_socket_authorized(p->m)) {
        return; /* without a token, asked again once there is one */
    }
    cJSON *ids = cJSON_CreateArray();
    for (size_t i = 0; i < p->n_wanted; i++) {
        cJSON_AddItemToArray(ids, cJSON_CreateString(p->wanted[i]));
    }
    p->n_asked = p->n_wanted;
    mm_call_json(p->m, "POST", "/users/ids", ids, on_users, p);
}
