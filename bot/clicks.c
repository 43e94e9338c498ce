#include "bot/clicks.h"

#include "base/attr.h"

#define AGAIN_MS ((int64_t)3000)

static uint64_t key_of(const struct event *e) {
    const char *const parts[] = {e->platform, e->workspace, e->user, e->question, e->text};
    uint64_t h = 1469598103934665603u; /* FNV-1a, the end of each part counted in */
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const char *p = parts[i];
        do {
            h = (h ^ (unsigned char)*p) * 1099511628211u;
        } while (*p++);
    }
    return h;
}

bool clicks_again(struct clicks *c, const struct event *event) {
    uint64_t key = key_of(event);
    for (size_t i = 0; i < c->n; i++) {
        int64_t since_ms = event->at_ms - c->items[i].at_ms;
        if (c->items[i].key == key && since_ms >= 0 && since_ms < AGAIN_MS) {
            return true;
        }
    }
    c->items[c->next] = (struct click){.key = key, .at_ms = event->at_ms};
    c->next = (c->next + 1) % CLICKS_MAX;
    c->n = c->n < CLICKS_MAX ? c->n + 1 : c->n;
    return false;
}

void clicks_forget(struct clicks *c) {
    *c = (struct clicks){.n = 0};
}
