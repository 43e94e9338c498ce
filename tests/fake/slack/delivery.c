#include "tests/fake/slack/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/slack/answer.h"
#include "tests/fake/slack/server.h"

#define FRAME_MAX_BYTES ((size_t)8 * 1024 * 1024)

/* One envelope that was sent, kept for ever: acknowledgements may come at any time. */
struct envelope {
    struct delivery *delivery; /* NULL: settled */
    unsigned socket;           /* its number */
    int64_t sent_us;
    bool acked;
};

void delivery_init(struct deliveries *d) {
    d->ack_ms = 3000;
    d->retry_ms[0] = 0;
    d->retry_ms[1] = 60000;
    d->retry_ms[2] = 300000;
}

static void unlink_delivery(struct delivery *d) {
    struct delivery **at = &d->server->deliveries.list;
    while (*at != d) {
        at = &(*at)->next;
    }
    *at = d->next;
}

static void settle(struct delivery *d) {
    struct envelope *e = map_get(&d->server->deliveries.envelopes, d->envelope_id);
    if (e) {
        e->delivery = NULL;
    }
    lws_sul_cancel(&d->timer);
    unlink_delivery(d);
    free(d->payload);
    free(d);
}

/* ---- sending ---- */

static void put_envelope(struct buf *b, const struct delivery *d) {
    buf_addf(b,
             "{\"envelope_id\":\"%s\",\"payload\":%s,\"type\":\"%s\""
             ",\"accepts_response_payload\":%s",
             d->envelope_id, d->payload, d->type, d->takes_payload ? "true" : "false");
    if (d->kind == DELIVERY_EVENT) {
        buf_addf(b, ",\"retry_attempt\":%d,\"retry_reason\":\"%s\"", d->attempt,
                 d->attempt ? "timeout" : "");
    }
    buf_adds(b, "}");
}

static void on_time(lws_sorted_usec_list_t *timer);

static void wait(struct delivery *d, bool for_ack, int64_t ms) {
    d->waits_for_ack = for_ack;
    lws_sul_schedule(d->server->net.lws, 0, &d->timer, on_time, ms * LWS_US_PER_MS + 1);
}

static void lose(struct delivery *d, const char *why) {
    struct deliveries *all = &d->server->deliveries;
    all->n_lost_events += d->kind == DELIVERY_EVENT;
    all->n_lost_interactive += d->kind != DELIVERY_EVENT;
    lws_strncpy(all->last_loss, why, sizeof(all->last_loss));
    settle(d);
}

/* Only events come again. */
static void fail(struct delivery *d, const char *why) {
    struct deliveries *all = &d->server->deliveries;
    bool offline = strcmp(why, "dispatch_failed") == 0;
    if (d->kind != DELIVERY_EVENT || d->attempt >= RETRIES || (offline && all->lose_offline)) {
        lose(d, why);
        return;
    }
    struct envelope *e = map_get(&all->envelopes, d->envelope_id);
    if (e) {
        e->delivery = NULL;
    }
    wait(d, false, all->retry_ms[d->attempt++]);
}

static void attempt(struct delivery *d) {
    struct server *sv = d->server;
    struct deliveries *all = &sv->deliveries;
    struct socket *s = socket_pick(sv);
    all->last_id[0] = '\0';
    if (!s) {
        fail(d, "dispatch_failed");
        return;
    }
    all->n_redelivered += d->attempt > 0;
    world_make_uuid(&sv->world, d->envelope_id);
    lws_strncpy(all->last_id, d->envelope_id, sizeof(all->last_id));
    struct envelope *e = arena_alloc(&sv->world.arena, sizeof(*e));
    *e = (struct envelope){.delivery = d, .socket = s->number, .sent_us = lws_now_usecs()};
    map_put(&all->envelopes, arena_strdup(&sv->world.arena, d->envelope_id), e);
    struct buf b;
    buf_init(&b, FRAME_MAX_BYTES);
    put_envelope(&b, d);
    struct frame *f = frame_new_in_parts(b.p, b.len, sv->sockets.fragments);
    buf_free(&b);
    bool twice = all->double_times != 0;
    all->double_times -= all->double_times > 0;
    for (int i = 0; i < 1 + twice; i++) {
        all->n_sent++;
        socket_push_envelope(s, f);
    }
    frame_unref(f);
    wait(d, true, all->ack_ms);
}

static void on_time(lws_sorted_usec_list_t *timer) {
    struct delivery *d = lws_container_of(timer, struct delivery, timer);
    if (d->waits_for_ack) {
        d->server->deliveries.n_timeouts++;
        fail(d, "operation_timeout");
    } else {
        attempt(d);
    }
}

/* A copy of `like`, with the payload, is sent or held. */
static void start(struct server *sv, const struct delivery *like, cJSON *payload) {
    struct deliveries *all = &sv->deliveries;
    struct delivery *d = xmalloc(sizeof(*d));
    *d = *like;
    d->server = sv;
    d->payload = cJSON_PrintUnformatted(payload);
    cJSON_Delete(payload);
    struct delivery **list = all->hold ? &all->held : &all->list;
    d->next = *list;
    *list = d;
    if (!all->hold) {
        attempt(d);
    }
}

void delivery_event(struct server *sv, cJSON *payload) {
    sv->deliveries.n_events++;
    start(sv, &(struct delivery){.kind = DELIVERY_EVENT, .type = "events_api"}, payload);
}

void delivery_interactive(struct server *sv, cJSON *payload, bool takes_payload,
                          const struct delivery_use *use) {
    struct delivery like = {.kind = DELIVERY_INTERACTIVE, .type = "interactive"};
    like.takes_payload = takes_payload;
    if (use) {
        like.use = *use;
    }
    sv->deliveries.n_interactive++;
    start(sv, &like, payload);
}

void delivery_command(struct server *sv, cJSON *payload, const struct delivery_use *use) {
    struct delivery like = {.kind = DELIVERY_COMMAND, .type = "slash_commands", .use = *use};
    like.takes_payload = true;
    sv->deliveries.n_commands++;
    start(sv, &like, payload);
}

void delivery_other(struct server *sv, const char *type, cJSON *payload) {
    struct delivery like = {.kind = DELIVERY_OTHER};
    like.type = arena_strdup(&sv->world.arena, type);
    start(sv, &like, payload);
}

static struct delivery *reverse(struct delivery *list) {
    struct delivery *turned = NULL;
    for (struct delivery *d = list, *next; d; d = next) {
        next = d->next;
        d->next = turned;
        turned = d;
    }
    return turned;
}

void delivery_release(struct server *sv, bool reversed) {
    struct deliveries *all = &sv->deliveries;
    struct delivery *d = reversed ? all->held : reverse(all->held);
    all->held = NULL;
    all->hold = false;
    for (struct delivery *next; d; d = next) {
        next = d->next;
        d->next = all->list;
        all->list = d;
        attempt(d);
    }
}

const char *delivery_fate(const struct deliveries *d, const char *envelope_id) {
    const struct envelope *e = map_get(&d->envelopes, envelope_id);
    return e && e->acked ? "acked" : e && e->delivery ? "under_way" : "lost";
}

/* ---- acknowledgements ---- */

static void note_time(struct deliveries *all, const struct envelope *e) {
    int64_t ms = (lws_now_usecs() - e->sent_us) / LWS_US_PER_MS;
    all->ack_max_ms = ms > all->ack_max_ms ? ms : all->ack_max_ms;
    all->n_acked_late += ms > all->ack_ms;
}

static void acknowledge(struct server *sv, const struct socket *s, const cJSON *frame) {
    struct deliveries *all = &sv->deliveries;
    struct envelope *e = map_get(&all->envelopes, json_string(frame, "envelope_id"));
    if (!e) {
        all->n_acked_unknown++;
        return;
    }
    all->n_acked_elsewhere += e->socket != s->number;
    if (e->acked) {
        all->n_acked_again++;
        return;
    }
    e->acked = true;
    all->n_acked++;
    note_time(all, e);
    struct delivery *d = e->delivery;
    if (!d) {
        return; /* too late: it counts as lost, or comes again */
    }
    const cJSON *payload = json_member(frame, "payload");
    payload = payload && payload->child ? payload : NULL;
    bool good = d->takes_payload ? answer_take(sv, &d->use, payload) : !payload;
    all->n_bad_payloads += !good;
    settle(d);
}

void delivery_on_frame(struct server *sv, const struct socket *s, const char *text, size_t len) {
    struct json_error err;
    cJSON *frame = json_parse(text, len, FRAME_MAX_BYTES, &err);
    if (json_string(frame, "envelope_id")) {
        acknowledge(sv, s, frame);
    } else {
        sv->sockets.n_bad_frames++;
    }
    cJSON_Delete(frame);
}

/* ---- state and end ---- */

static size_t length(const struct delivery *list) {
    size_t n = 0;
    for (; list; list = list->next) {
        n++;
    }
    return n;
}

void delivery_put_state(const struct deliveries *d, struct buf *b) {
    const struct {
        const char *name;
        size_t n;
    } numbers[] = {
        {"events", d->n_events},
        {"interactive", d->n_interactive},
        {"commands", d->n_commands},
        {"envelopes", d->n_sent},
        {"acked", d->n_acked},
        {"acked_late", d->n_acked_late},
        {"acked_again", d->n_acked_again},
        {"acked_elsewhere", d->n_acked_elsewhere},
        {"acked_unknown", d->n_acked_unknown},
        {"bad_ack_payloads", d->n_bad_payloads},
        {"ack_timeouts", d->n_timeouts},
        {"redelivered", d->n_redelivered},
        {"lost_events", d->n_lost_events},
        {"lost_interactive", d->n_lost_interactive},
        {"ack_max_ms", (size_t)d->ack_max_ms},
        {"under_way", length(d->list)},
        {"held", length(d->held)},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        buf_addf(b, ",\"%s\":%zu", numbers[i].name, numbers[i].n);
    }
    buf_addf(b, ",\"last_loss\":\"%s\"", d->last_loss);
}

void delivery_stop(struct server *sv) {
    struct deliveries *all = &sv->deliveries;
    while (all->held) {
        struct delivery *d = all->held;
        all->held = d->next;
        free(d->payload);
        free(d);
    }
    for (struct delivery *d = all->list, *next; d; d = next) {
        next = d->next;
        settle(d);
    }
}

void delivery_free(struct deliveries *d) {
    map_clear(&d->envelopes);
    free(d->last_event);
}
