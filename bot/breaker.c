#include "bot/breaker.h"

#include <string.h>

#include "base/log.h"
#include "bot/net/loop.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define TRIPS_MAX 6 /* half an hour */
#define CALM_MS   (60 * MINUTE_MS)
#define CRIES_MAX 3 /* two bots would cry for ever */

void breaker_init(struct breaker *b, int limit) {
    memset(b, 0, sizeof(*b));
    b->limit = limit;
}

static uint64_t hash(const char *s) {
    uint64_t h = 1469598103934665603u; /* FNV-1a */
    for (; *s; s++) {
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    }
    return h;
}

static struct breaker_slot *slot_of(struct breaker *b, const char *conversation) {
    uint64_t key = hash(conversation);
    struct breaker_slot *s = &b->slots[key % BREAKER_SLOTS];
    if (s->key != key) { /* what was counted for another one there is forgotten */
        *s = (struct breaker_slot){.key = key, .since_ms = loop_now_ms()};
    }
    return s;
}

bool breaker_muted(struct breaker *b, const char *conversation) {
    return loop_now_ms() < slot_of(b, conversation)->muted_until_ms;
}

bool breaker_hears_cry(struct breaker *b, const char *conversation) {
    return slot_of(b, conversation)->cries++ < CRIES_MAX;
}

void breaker_count(struct breaker *b, const char *conversation, const char *workspace) {
    struct breaker_slot *s = slot_of(b, conversation);
    int64_t now = loop_now_ms();
    if (now - s->since_ms >= MINUTE_MS) {
        s->trips = now - s->since_ms < CALM_MS ? s->trips : 0;
        s->since_ms = now;
        s->n = 0;
    }
    if (++s->n <= b->limit) {
        return;
    }
    s->trips += s->trips < TRIPS_MAX;
    s->muted_until_ms = now + (MINUTE_MS << (s->trips - 1));
    s->n = 0;
    s->cries = 0;
    log_error("too many answers in one conversation: muted, perhaps another bot talks there",
              "workspace", workspace, "conversation", conversation, "minutes",
              LOG_N(1 << (s->trips - 1)));
}
