#include "tests/support/adapter_fixture.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "bot/net/loop.h"
#include "store/private.h"

#define TIMERS_MAX 256

struct store *fx_store;
struct arena fx_arena;
struct fx_event fx_events[256];
size_t fx_n_events;
int fx_take_fails;
const char *fx_poison;
bool fx_unlucky;
struct fx_sent fx_ends[64];
size_t fx_n_ends;
struct fx_sent fx_posted[64];
size_t fx_n_posted;

static struct loop_timer *timers[TIMERS_MAX];
static int64_t now_ms;

/* ---- time ---- */

struct loop_timer {
    void (*fn)(void *ctx);
    void *ctx;
    int64_t at_ms; /* 0: not set */
};

struct loop_timer *__wrap_loop_timer_create(struct loop *l, void (*fn)(void *ctx), void *ctx);
struct loop_timer *__wrap_loop_timer_create(struct loop *l, void (*fn)(void *ctx), void *ctx) {
    (void)l;
    struct loop_timer *t = xmalloc(sizeof(*t));
    *t = (struct loop_timer){fn, ctx, 0};
    for (size_t i = 0; i < TIMERS_MAX; i++) {
        if (!timers[i]) {
            timers[i] = t;
            return t;
        }
    }
    fail_msg("more than %d timers", TIMERS_MAX);
    return NULL;
}

void __wrap_loop_timer_destroy(struct loop_timer *t);
void __wrap_loop_timer_destroy(struct loop_timer *t) {
    for (size_t i = 0; t && i < TIMERS_MAX; i++) {
        if (timers[i] == t) {
            timers[i] = NULL;
        }
    }
    free(t);
}

void __wrap_loop_timer_set(struct loop_timer *t, int64_t ms);
void __wrap_loop_timer_set(struct loop_timer *t, int64_t ms) {
    t->at_ms = now_ms + (ms > 0 ? ms : 0);
}

void __wrap_loop_timer_clear(struct loop_timer *t);
void __wrap_loop_timer_clear(struct loop_timer *t) {
    t->at_ms = 0;
}

int64_t __wrap_loop_now_ms(void);
int64_t __wrap_loop_now_ms(void) {
    return now_ms;
}

int64_t __wrap_loop_random(int64_t below);
int64_t __wrap_loop_random(int64_t below) {
    return fx_unlucky ? below - 1 : 0;
}

static struct loop_timer *next_timer(int64_t until_ms) {
    struct loop_timer *next = NULL;
    for (size_t i = 0; i < TIMERS_MAX; i++) {
        struct loop_timer *t = timers[i];
        if (t && t->at_ms && t->at_ms <= until_ms && (!next || t->at_ms < next->at_ms)) {
            next = t;
        }
    }
    return next;
}

static void move_to(int64_t ms) {
    clock_shift_ms(ms - now_ms);
    now_ms = ms;
}

void fx_pass(int64_t ms) {
    int64_t until = now_ms + ms;
    for (struct loop_timer *t; (t = next_timer(until)) != NULL;) {
        move_to(t->at_ms);
        t->at_ms = 0;
        t->fn(t->ctx);
    }
    move_to(until);
}

/* ---- the engine ---- */

int __real_engine_take(struct engine *e, const struct event *event);
int __wrap_engine_take(struct engine *e, const struct event *event);
int __wrap_engine_take(struct engine *e, const struct event *event) {
    assert_true(fx_n_events < ARRAY_LEN(fx_events));
    struct fx_event *taken = &fx_events[fx_n_events++];
    taken->event = *event;
    const char **texts[] = {&taken->event.user,   &taken->event.id,       &taken->event.channel,
                            &taken->event.thread, &taken->event.text,     &taken->event.mark,
                            &taken->event.shown,  &taken->event.question, &taken->event.locale,
                            &taken->event.tz};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = arena_strdup(&fx_arena, *texts[i] ? *texts[i] : "");
    }
    bool fails = fx_take_fails > 0 || (fx_poison && strcmp(fx_poison, taken->event.id) == 0);
    fx_take_fails -= fx_take_fails > 0;
    taken->rc = fails ? -EIO : __real_engine_take(e, event);
    return taken->rc;
}

static void note(struct fx_sent *list, size_t *n, const char *key, enum sent sent,
                 const char *reason) {
    assert_true(*n < ARRAY_LEN(fx_ends));
    list[(*n)++] = (struct fx_sent){arena_strdup(&fx_arena, key), sent,
                                    arena_strdup(&fx_arena, reason ? reason : "")};
}

void __real_engine_posted(struct engine *e, const struct store_out *row, const char *id);
void __wrap_engine_posted(struct engine *e, const struct store_out *row, const char *id);
void __wrap_engine_posted(struct engine *e, const struct store_out *row, const char *id) {
    note(fx_posted, &fx_n_posted, row->key, SENT_OK, id);
    __real_engine_posted(e, row, id);
}

void __real_engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                        const char *reason);
void __wrap_engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                        const char *reason);
void __wrap_engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                        const char *reason) {
    note(fx_ends, &fx_n_ends, row->key, sent, reason);
    __real_engine_sent(e, row, sent, reason);
}

int64_t fx_sql(const char *sql) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(fx_store->db, sql, -1, &st, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(fx_store->db));
    }
    int64_t n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    return n;
}

/* ---- begin and end ---- */

struct engine *fx_begin(void) {
    static struct faults faults;
    log_setup(stderr, LOG_ERR, LOG_HUMAN);
    clock_freeze_at_ms(NOW_MS);
    now_ms = 1000;
    fx_n_events = 0;
    fx_n_ends = 0;
    fx_n_posted = 0;
    fx_take_fails = 0;
    fx_poison = NULL;
    fx_unlucky = false;
    if (store_open(":memory:", &fx_store) != 0) {
        return NULL;
    }
    struct engine_setup setup = {.store = fx_store,
                                 .site = {{{"内線1234", "extension 1234"}}, {{"約束", "promise"}}}};
    return engine_create(&setup, &faults);
}

size_t fx_end(struct engine *e) {
    size_t left = 0;
    engine_destroy(e);
    store_close(fx_store);
    arena_free(&fx_arena);
    for (size_t i = 0; i < TIMERS_MAX; i++) {
        left += timers[i] != NULL;
        timers[i] = NULL;
    }
    return left;
}
