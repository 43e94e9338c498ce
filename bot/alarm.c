#include "bot/alarm.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/xalloc.h"

#define ALARMS_MAX     64
#define RETRY_FIRST_MS ((int64_t)1000)
#define TRIES_MAX      8

struct alarm {
    struct arena arena;
    const char *platform;
    const char *workspace;
    const char *id; /* of the event; NULL for a free place */
    struct store_out rows[ALARM_ROWS_MAX];
    enum sent sent[ALARM_ROWS_MAX];
    size_t n;
    int tries;
    int64_t again_ms;
};

struct alarms {
    struct alarm items[ALARMS_MAX];
    size_t next; /* the place of the oldest */
    int64_t last_ord;
};

struct alarms *alarms_create(void) {
    struct alarms *a = xmalloc(sizeof(*a));
    *a = (struct alarms){.next = 0};
    return a;
}

void alarms_destroy(struct alarms *a) {
    for (size_t i = 0; a && i < ALARMS_MAX; i++) {
        arena_free(&a->items[i].arena);
    }
    free(a);
}

static struct alarm *find(const struct alarms *a, const struct event *event) {
    for (size_t i = 0; i < ALARMS_MAX; i++) {
        const struct alarm *it = &a->items[i];
        if (it->id && strcmp(it->id, event->id) == 0 &&
            strcmp(it->workspace, event->workspace) == 0 &&
            strcmp(it->platform, event->platform) == 0) {
            return (struct alarm *)it;
        }
    }
    return NULL;
}

static bool has(const struct alarm *it, enum sent sent) {
    for (size_t i = 0; i < it->n; i++) {
        if (it->sent[i] == sent) {
            return true;
        }
    }
    return false;
}

enum alarm_state alarms_state(const struct alarms *a, const struct event *event, int64_t now_ms) {
    const struct alarm *it = find(a, event);
    if (!it) {
        return ALARM_UNKNOWN;
    }
    if (has(it, SENT_UNDER_WAY)) {
        return ALARM_UNDER_WAY;
    }
    if (!has(it, SENT_RETRY) || it->tries >= TRIES_MAX) {
        return ALARM_OVER;
    }
    return now_ms < it->again_ms ? ALARM_UNDER_WAY : ALARM_AGAIN;
}

bool alarms_answered(const struct alarms *a, const struct event *event) {
    const struct alarm *it = find(a, event);
    return it && !has(it, SENT_UNDER_WAY) && !has(it, SENT_RETRY) && !has(it, SENT_DEAD);
}

static void note(struct alarm *it, size_t i, enum sent sent, int64_t now_ms) {
    it->sent[i] = sent;
    if (sent == SENT_RETRY) {
        it->again_ms = now_ms + (RETRY_FIRST_MS << it->tries);
    }
}

static void hand_over(struct alarm *it, const struct sender *sender, int64_t now_ms) {
    it->tries++;
    for (size_t i = 0; i < it->n; i++) {
        if (it->sent[i] != SENT_RETRY) {
            continue;
        }
        it->sent[i] = SENT_UNDER_WAY; /* the outlet may tell the end before it returns */
        enum sent sent = sender_send_unstored(sender, &it->rows[i], it->tries > 1);
        if (sent != SENT_UNDER_WAY && it->sent[i] == SENT_UNDER_WAY) {
            note(it, i, sent, now_ms);
        }
    }
}

/* Another arena's strings may be gone before the row has left. */
static struct store_out copy_of(struct arena *arena, const struct store_out *row) {
    struct store_out copy = *row;
    const char **texts[] = {&copy.key,       &copy.person_id,   &copy.platform, &copy.workspace,
                            &copy.recipient, &copy.channel,     &copy.thread,   &copy.text,
                            &copy.choices,   &copy.question,    &copy.replaces, &copy.remote_id,
                            &copy.controls,  &copy.picture_alt, &copy.file,     &copy.drawing};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = arena_strdup(arena, *texts[i] ? *texts[i] : "");
    }
    copy.picture = NULL;
    copy.picture_len = 0;
    return copy;
}

bool alarms_sound(struct alarms *a, const struct event *event, const struct sender *sender,
                  const struct store_out *rows, size_t n, int64_t now_ms) {
    struct alarm *it = &a->items[a->next];
    if (it->id && has(it, SENT_UNDER_WAY)) {
        return false;
    }
    a->next = (a->next + 1) % ALARMS_MAX;
    arena_free(&it->arena);
    *it = (struct alarm){.n = n < ALARM_ROWS_MAX ? n : ALARM_ROWS_MAX};
    it->platform = arena_strdup(&it->arena, event->platform);
    it->workspace = arena_strdup(&it->arena, event->workspace);
    it->id = arena_strdup(&it->arena, event->id);
    for (size_t i = 0; i < it->n; i++) {
        it->rows[i] = copy_of(&it->arena, &rows[i]);
        it->rows[i].ord = --a->last_ord;
        it->sent[i] = SENT_RETRY;
    }
    hand_over(it, sender, now_ms);
    return true;
}

void alarms_again(struct alarms *a, const struct event *event, const struct sender *sender,
                  int64_t now_ms) {
    struct alarm *it = find(a, event);
    if (it) {
        hand_over(it, sender, now_ms);
    }
}

bool alarms_done(struct alarms *a, const struct store_out *row, enum sent sent, int64_t now_ms) {
    for (size_t k = 0; row->ord < 0 && k < ALARMS_MAX; k++) {
        struct alarm *it = &a->items[k];
        for (size_t i = 0; it->id && i < it->n; i++) {
            if (it->rows[i].ord == row->ord && it->sent[i] == SENT_UNDER_WAY) {
                note(it, i, sent, now_ms);
            }
        }
    }
    return row->ord < 0;
}
