#include "bot/engine.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "bot/profile.h"

#define TEXT_MAX_BYTES   ((size_t)8 * 1024) /* a chat message; more is not read */
#define SEND_BATCH       32
#define KEEP_ENDED_MS    (30 * DAY_MS)
#define DAY_MS           ((int64_t)24 * 60 * 60 * 1000)
#define WORK_LEASE_MS    ((int64_t)60 * 1000)
#define RETRY_FIRST_MS   ((int64_t)1000)
#define RETRY_LONGEST_MS ((int64_t)5 * 60 * 1000)

static const char phrases_path[] = "intents/phrases.tsv";

/* What was handed to the platform but is not yet marked in the database. */
struct mark {
    char *key;
    enum sent sent;
    int64_t due_ms;
};

struct engine {
    struct store *store;
    struct site site;
    enum lang lang;
    enum sent (*send)(void *ctx, const struct store_out *row);
    void *ctx;
    struct pack *pack;
    struct phrases *phrases;
    struct profile_forms forms;
    struct arena arena; /* of the turn */
    struct mark *marks;
    size_t n_marks;
    size_t cap_marks;
};

static struct phrases *load_phrases(struct faults *faults) {
    const struct embedded_file *f = embed_find(phrases_path);
    if (!f) {
        fault_add(faults, phrases_path, "file", "the file is missing in this binary");
        return NULL;
    }
    return phrases_load(f->data, (size_t)(f->end - f->data), phrases_path, faults);
}

struct engine *engine_create(const struct engine_setup *setup, struct faults *faults) {
    struct engine *e = xmalloc(sizeof(*e));
    *e = (struct engine){.store = setup->store,
                         .site = setup->site,
                         .lang = setup->lang,
                         .send = setup->send,
                         .ctx = setup->ctx};
    e->phrases = load_phrases(faults);
    e->pack = pack_load(setup->content_dir, faults);
    if (!e->phrases || !e->pack || faults->n > 0) {
        engine_destroy(e);
        return NULL;
    }
    return e;
}

void engine_destroy(struct engine *e) {
    if (!e) {
        return;
    }
    for (size_t i = 0; i < e->n_marks; i++) {
        free(e->marks[i].key);
    }
    free(e->marks);
    profile_forms_clear(&e->forms);
    phrases_free(e->phrases);
    pack_free(e->pack);
    arena_free(&e->arena);
    free(e);
}

bool engine_reload(struct engine *e, const char *content_dir, const struct site *site,
                   enum lang lang, struct faults *faults) {
    struct pack *pack = pack_load(content_dir, faults);
    if (!pack) {
        return false;
    }
    profile_forms_clear(&e->forms);
    pack_free(e->pack);
    e->pack = pack;
    e->site = *site;
    e->lang = lang;
    return true;
}

const char *engine_message(const struct engine *e, enum msg msg) {
    return e->pack->messages[msg].in[e->lang];
}

/* ---- what was sent ---- */

static void remember(struct engine *e, const char *key, enum sent sent, int64_t due_ms) {
    if (e->n_marks == e->cap_marks) {
        e->cap_marks = e->cap_marks ? e->cap_marks * 2 : 16;
        e->marks = xrealloc(e->marks, e->cap_marks * sizeof(*e->marks));
    }
    e->marks[e->n_marks++] = (struct mark){.key = xstrdup(key), .sent = sent, .due_ms = due_ms};
}

static bool is_marked(const struct engine *e, const char *key) {
    for (size_t i = 0; i < e->n_marks; i++) {
        if (strcmp(e->marks[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

/* Within a transaction. The marks are forgotten only after its commit. */
static int write_marks(struct engine *e, int64_t now_ms) {
    for (size_t i = 0; i < e->n_marks; i++) {
        const struct mark *m = &e->marks[i];
        int rc = 0;
        switch (m->sent) {
        case SENT_OK:
            rc = store_outbox_sent(e->store, m->key, "", now_ms);
            break;
        case SENT_RETRY:
            rc = store_outbox_retry(e->store, m->key, m->due_ms);
            break;
        case SENT_DEAD:
            rc = store_outbox_dead(e->store, m->key, "refused by the platform", now_ms);
            break;
        }
        if (rc != 0 && rc != -ENOENT) { /* -ENOENT: marked already, or gone with its person */
            return rc;
        }
    }
    return 0;
}

static void forget_marks(struct engine *e) {
    for (size_t i = 0; i < e->n_marks; i++) {
        free(e->marks[i].key);
    }
    e->n_marks = 0;
}

/* ---- one turn ---- */

static const char *choices_json(struct arena *arena, const struct reply *r) {
    if (r->n_choices == 0) {
        return "";
    }
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < r->n_choices; i++) {
        cJSON *c = cJSON_CreateObject();
        cJSON_AddNumberToObject(c, "number", r->choices[i].number);
        cJSON_AddStringToObject(c, "label", r->choices[i].label);
        cJSON_AddBoolToObject(c, "ticked", r->choices[i].ticked);
        cJSON_AddItemToArray(list, c);
    }
    char *text = cJSON_PrintUnformatted(list);
    cJSON_Delete(list);
    if (!text) {
        xalloc_die();
    }
    const char *copy = arena_strdup(arena, text);
    cJSON_free(text);
    return copy;
}

static int owe(struct engine *e, const struct event *event, const char *person_id,
               const struct step *step) {
    for (size_t i = 0; i < step->n_replies; i++) {
        const struct reply *r = &step->replies[i];
        struct store_out row = {
            .key = arena_printf(&e->arena, "%s/%s/%s:%zu", event->platform, event->workspace,
                                event->id, i),
            .person_id = person_id,
            .platform = event->platform,
            .workspace = event->workspace,
            .recipient = event->user,
            .channel = r->audience == AUDIENCE_HERE ? event->channel : "",
            .text = r->text,
            .choices = choices_json(&e->arena, r),
            .question = r->question,
            .due_ms = 0, /* at once, whatever the clock does meanwhile */
        };
        int rc = store_outbox_add(e->store, &row, event->at_ms);
        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}

/* The same event with text that is safe to work with. */
static struct event clean_event(struct engine *e, const struct event *event) {
    struct event clean = *event;
    clean.text =
        text_clean(&e->arena, event->text, strlen(event->text), TEXT_MAX_BYTES, &clean.cut);
    return clean;
}

/* What an event that was not seen before brings about. */
static int answer(struct engine *e, const struct event *event) {
    struct store *s = e->store;
    struct profile profile;
    int rc = profile_load(s, &e->forms, e->pack, &e->arena, event, e->lang, &profile);
    if (rc != 0) {
        return rc;
    }
    struct step_input in = {
        .pack = e->pack,
        .phrases = e->phrases,
        .site = &e->site,
        .session = &profile.session,
        .event = event,
    };
    struct step *step = arena_alloc(&e->arena, sizeof(*step));
    dialogue_step(&in, &e->arena, step);
    rc = profile_save(s, &e->arena, &profile, step, event->at_ms);
    if (rc != 0) {
        return rc;
    }
    log_debug("event handled", "person", profile.person_id, "replies", LOG_N(step->n_replies));
    return owe(e, event, profile.person_id, step);
}

static int turn(struct engine *e, const struct event *event) {
    int rc = write_marks(e, event->at_ms);
    if (rc == 0) {
        rc = store_inbox_add(e->store, event->platform, event->workspace, event->id, event->at_ms);
    }
    if (rc != 0) {
        return rc;
    }
    rc = answer(e, event);
    /* Only the inbox knows a redelivery; any other row that is there already is a fault. */
    return rc == -EEXIST ? -EIO : rc;
}

int engine_event(struct engine *e, const struct event *event) {
    arena_reset(&e->arena);
    struct event clean = clean_event(e, event);
    int rc = store_begin(e->store);
    if (rc == 0) {
        rc = turn(e, &clean);
    }
    if (rc == 0) {
        rc = store_commit(e->store);
    }
    if (rc != 0) {
        store_rollback(e->store);
        if (rc != -EEXIST) {
            log_error("event not stored", "why", store_message(e->store));
        }
        return rc;
    }
    forget_marks(e);
    return 0;
}

/* ---- what is owed ---- */

static int64_t retry_delay_ms(int tries) {
    int64_t delay = RETRY_FIRST_MS << (tries < 10 ? tries : 10);
    return delay < RETRY_LONGEST_MS ? delay : RETRY_LONGEST_MS;
}

int engine_deliver(struct engine *e) {
    int64_t now = clock_now_ms();
    for (;;) {
        const struct store_out *rows;
        size_t n;
        arena_reset(&e->arena);
        int rc = store_outbox_due(e->store, &e->arena, now, SEND_BATCH, &rows, &n);
        if (rc != 0) {
            return rc;
        }
        bool held_back = false;
        for (size_t i = 0; i < n && !held_back; i++) {
            if (is_marked(e, rows[i].key)) {
                continue;
            }
            enum sent sent = e->send(e->ctx, &rows[i]);
            remember(e, rows[i].key, sent, now + retry_delay_ms(rows[i].tries));
            held_back = sent == SENT_RETRY; /* once marked, it holds back what follows there */
        }
        if (n < SEND_BATCH && !held_back) {
            return 0;
        }
        rc = engine_settle(e); /* marked rows make room for the next ones */
        if (rc != 0) {
            return rc;
        }
    }
}

int engine_settle(struct engine *e) {
    if (e->n_marks == 0) {
        return 0;
    }
    int rc = store_begin(e->store);
    if (rc == 0) {
        rc = write_marks(e, clock_now_ms());
    }
    if (rc == 0) {
        rc = store_commit(e->store);
    }
    if (rc != 0) {
        store_rollback(e->store);
        return rc;
    }
    forget_marks(e);
    return 0;
}

/* ---- due work ---- */

static int prune(struct engine *e, const char *subject, int64_t now_ms) {
    int rc = store_prune(e->store, now_ms - KEEP_ENDED_MS);
    return rc == 0 ? store_work_set(e->store, "prune", subject, now_ms + DAY_MS) : rc;
}

/* Each does its work for the subject and plans its next time, or removes the job. */
static const struct job {
    const char *kind;
    int (*run)(struct engine *e, const char *subject, int64_t now_ms);
} jobs[] = {{"prune", prune}};

static int do_work(struct engine *e, const char *kind, const char *subject, int64_t now_ms) {
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        if (strcmp(jobs[i].kind, kind) == 0) {
            return jobs[i].run(e, subject, now_ms);
        }
    }
    log_error("due work of an unknown kind, put off for a day", "kind", kind);
    return store_work_set(e->store, kind, subject, now_ms + DAY_MS);
}

/* Claims one job and does it in the same transaction; -ENOENT if none is due. */
static int work_once(struct engine *e, int64_t now_ms) {
    const char *kind;
    const char *subject;
    int rc = store_begin(e->store);
    if (rc == 0) {
        rc = store_work_claim(e->store, &e->arena, now_ms, now_ms + WORK_LEASE_MS, &kind, &subject);
    }
    if (rc == 0) {
        rc = do_work(e, kind, subject, now_ms);
        rc = rc == -ENOENT ? -EIO : rc; /* a row that a job misses is not the end of the work */
    }
    if (rc == 0) {
        rc = store_commit(e->store);
    }
    if (rc != 0) {
        store_rollback(e->store);
    }
    return rc;
}

int engine_work(struct engine *e, int64_t *ret_next_ms) {
    arena_reset(&e->arena);
    int64_t now = clock_now_ms();
    int rc;
    while ((rc = work_once(e, now)) == 0) {
        log_debug("due work done");
    }
    if (rc != -ENOENT) {
        return rc;
    }
    int64_t next_ms = now + DAY_MS;
    rc = store_work_next_ms(e->store, &next_ms);
    if (rc == -ENOENT) {
        rc = store_work_set(e->store, "prune", "", next_ms);
    }
    int64_t owed_ms = next_ms;
    if (rc == 0) {
        rc = store_outbox_next_ms(e->store, &owed_ms);
    }
    if (rc != 0 && rc != -ENOENT) {
        return rc;
    }
    *ret_next_ms = owed_ms < next_ms ? owed_ms : next_ms;
    return 0;
}
