#include "tests/support/mm_fixture.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/private.h"
#include "tests/support/recorded.h"

#define CALLS_MAX  64
#define TIMERS_MAX 256

struct mattermost mm;
struct store *mm_store;
struct arena mm_arena;
bool mm_authorized;
struct mm_event mm_events[256];
size_t mm_n_events;
int mm_take_fails;
const char *mm_poison;
struct mm_sent mm_ends[64];
size_t mm_n_ends;
struct mm_sent mm_posted[64];
size_t mm_n_posted;

static struct mm_asked calls[CALLS_MAX];
static size_t n_calls;
static struct loop_timer *timers[TIMERS_MAX];
static int64_t now_ms;

/* ---- calls ---- */

void __wrap_mm_call(struct mattermost *m, const struct mm_request *r, mm_done done, void *ctx);
void __wrap_mm_call(struct mattermost *m, const struct mm_request *r, mm_done done, void *ctx) {
    assert_ptr_equal(m, &mm);
    assert_true(n_calls < CALLS_MAX);
    calls[n_calls++] = (struct mm_asked){.method = arena_strdup(&mm_arena, r->method),
                                         .path = arena_strdup(&mm_arena, r->path),
                                         .body = arena_strdup(&mm_arena, r->body ? r->body : ""),
                                         .text = r->text,
                                         .done = done,
                                         .ctx = ctx};
}

void __wrap_mm_call_json(struct mattermost *m, const char *method, const char *path, cJSON *body,
                         mm_done done, void *ctx);
void __wrap_mm_call_json(struct mattermost *m, const char *method, const char *path, cJSON *body,
                         mm_done done, void *ctx) {
    const char *text = body ? printed(&mm_arena, body) : "";
    cJSON_Delete(body);
    __wrap_mm_call(m, &(struct mm_request){.method = method, .path = path, .body = text}, done,
                   ctx);
}

bool __wrap_mm_socket_authorized(const struct mattermost *m);
bool __wrap_mm_socket_authorized(const struct mattermost *m) {
    assert_ptr_equal(m, &mm);
    return mm_authorized;
}

size_t mm_waiting(void) {
    return n_calls;
}

struct mm_asked mm_take(const char *method, const char *path) {
    size_t n = strcspn(path, "*");
    if (n_calls == 0) {
        fail_msg("nobody asked for %s %s", method, path);
    }
    struct mm_asked first = calls[0];
    bool same = path[n] ? strncmp(first.path, path, n) == 0 : strcmp(first.path, path) == 0;
    bool right = *method == '*' || strcmp(first.method, method) == 0;
    if (!right || !same) {
        fail_msg("not %s %s but %s %s was asked", method, path, first.method, first.path);
    }
    memmove(calls, calls + 1, --n_calls * sizeof(*calls));
    return first;
}

static enum mm_outcome outcome_of(int status) {
    return status < 0      ? MM_UNSENT
           : status == 0   ? MM_UNKNOWN
           : status < 300  ? MM_OK
           : status == 401 ? MM_UNAUTHORIZED
           : status < 500  ? MM_REFUSED
                           : MM_UNKNOWN;
}

void mm_answer(const struct mm_asked *asked, int status, const char *said) {
    struct json_error err;
    struct mm_reply reply = {.outcome = outcome_of(status),
                             .status = status > 0 ? status : 0,
                             .error_id = "",
                             .error = "",
                             .text = ""};
    bool good = reply.outcome == MM_OK;
    const char *text =
        status <= 0 ? ""
        : good      ? said
                    : arena_printf(&mm_arena, "{\"id\":\"%s\",\"status_code\":%d}", said, status);
    cJSON *json = NULL;
    reply.text = text;
    reply.len = strlen(text);
    if (!asked->text && *text) {
        json = json_parse(text, strlen(text), (size_t)32 * 1024 * 1024, &err);
        assert_non_null(json);
    }
    reply.json = json; /* api.c leaves it there for errors too */
    if (!good) {
        reply.error_id = status > 0 ? said : "";
        reply.error = status > 0    ? arena_printf(&mm_arena, "HTTP %d %s", status, said)
                      : status == 0 ? "no reply in time"
                                    : "connection refused";
    }
    asked->done(asked->ctx, &reply);
    cJSON_Delete(json);
}

void mm_answer_cut(const struct mm_asked *asked, const char *beginning) {
    struct mm_reply reply = {.outcome = MM_OK,
                             .status = 200,
                             .error_id = "",
                             .error = "",
                             .unreadable = true,
                             .text = beginning,
                             .len = strlen(beginning)};
    asked->done(asked->ctx, &reply);
}

void mm_expect(const char *method, const char *path, int status, const char *said) {
    struct mm_asked asked = mm_take(method, path);
    mm_answer(&asked, status, said);
}

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
    (void)below;
    return 0;
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

void mm_pass(int64_t ms) {
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
    assert_true(mm_n_events < ARRAY_LEN(mm_events));
    struct mm_event *taken = &mm_events[mm_n_events++];
    taken->event = *event;
    const char **texts[] = {&taken->event.user,   &taken->event.id,    &taken->event.channel,
                            &taken->event.thread, &taken->event.text,  &taken->event.shown,
                            &taken->event.mark,   &taken->event.locale};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = arena_strdup(&mm_arena, *texts[i] ? *texts[i] : "");
    }
    bool fails = mm_take_fails > 0 || (mm_poison && strcmp(mm_poison, taken->event.id) == 0);
    mm_take_fails -= mm_take_fails > 0;
    taken->rc = fails ? -EIO : __real_engine_take(e, event);
    return taken->rc;
}

int mm_turn(bool one) {
    int rc = mm_intake_hand_in(mm.intake, one);
    if (rc == 0) {
        rc = engine_commit(mm.setup.engine);
    }
    mm_intake_committed(mm.intake, rc);
    return rc;
}

static void note(struct mm_sent *list, size_t *n, const char *key, enum sent sent,
                 const char *reason) {
    assert_true(*n < ARRAY_LEN(mm_ends));
    list[(*n)++] = (struct mm_sent){arena_strdup(&mm_arena, key), sent,
                                    arena_strdup(&mm_arena, reason ? reason : "")};
}

void __real_engine_posted(struct engine *e, const struct store_out *row, const char *id);
void __wrap_engine_posted(struct engine *e, const struct store_out *row, const char *id);
void __wrap_engine_posted(struct engine *e, const struct store_out *row, const char *id) {
    note(mm_posted, &mm_n_posted, row->key, SENT_OK, id);
    __real_engine_posted(e, row, id);
}

void __real_engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                        const char *reason);
void __wrap_engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                        const char *reason);
void __wrap_engine_sent(struct engine *e, const struct store_out *row, enum sent sent,
                        const char *reason) {
    note(mm_ends, &mm_n_ends, row->key, sent, reason);
    __real_engine_sent(e, row, sent, reason);
}

int64_t mm_sql(const char *sql) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(mm_store->db, sql, -1, &st, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(mm_store->db));
    }
    int64_t n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    return n;
}

/* ---- begin and end ---- */

int mm_begin(void **state) {
    (void)state;
    static struct faults faults;
    log_setup(stderr, LOG_ERR, LOG_HUMAN);
    clock_freeze_at_ms(NOW_MS);
    now_ms = 1000;
    if (store_open(":memory:", &mm_store) != 0) {
        return -1;
    }
    struct engine_setup setup = {.store = mm_store,
                                 .site = {{{"内線1234", "extension 1234"}}, {{"約束", "promise"}}}};
    mm = (struct mattermost){.setup = {.name = "acme", .max_answers_a_minute = 20},
                             .me = ME,
                             .username = xstrdup("kizuki"),
                             .post_chars = 16383};
    mm.setup.engine = engine_create(&setup, &faults);
    mm.people = mm_people_create(&mm);
    mm.catchup = mm_catchup_create(&mm);
    mm.intake = mm_intake_create(&mm);
    mm.outgoing = mm_outgoing_create(&mm);
    mm_authorized = true;
    mm_n_events = 0;
    mm_n_ends = 0;
    mm_n_posted = 0;
    mm_take_fails = 0;
    mm_poison = NULL;
    return mm.setup.engine ? 0 : -1;
}

int mm_end(void **state) {
    (void)state;
    size_t left = n_calls;
    for (size_t i = 0; i < left; i++) {
        fprintf(stderr, "never answered: %s %s\n", calls[i].method, calls[i].path);
    }
    n_calls = 0;
    mm_catchup_destroy(mm.catchup);
    mm_intake_destroy(mm.intake);
    mm_outgoing_destroy(mm.outgoing);
    mm_people_destroy(mm.people);
    engine_destroy(mm.setup.engine);
    store_close(mm_store);
    free(mm.username);
    arena_free(&mm_arena);
    for (size_t i = 0; i < TIMERS_MAX; i++) {
        left += timers[i] != NULL;
        timers[i] = NULL;
    }
    return left == 0 ? 0 : -1;
}

/* ---- things to say ---- */

const char *mm_id(int n) {
    return arena_printf(&mm_arena, "%026d", n);
}

const char *mm_page(const struct mm_post *posts, size_t n, const char *next) {
    cJSON *page = cJSON_CreateObject();
    cJSON *order = cJSON_AddArrayToObject(page, "order");
    cJSON *map = cJSON_AddObjectToObject(page, "posts");
    for (size_t i = 0; i < n; i++) {
        const struct mm_post *p = &posts[i];
        cJSON_AddItemToArray(order, cJSON_CreateString(p->id));
        cJSON *json = cJSON_AddObjectToObject(map, p->id);
        cJSON_AddStringToObject(json, "id", p->id);
        cJSON_AddStringToObject(json, "user_id", p->user ? p->user : HANAKO);
        cJSON_AddStringToObject(json, "channel_id", p->channel ? p->channel : DM);
        cJSON_AddStringToObject(json, "message", p->message ? p->message : "ヘルプ");
        cJSON_AddNumberToObject(json, "create_at", (double)p->create_ms);
        cJSON *props = cJSON_AddObjectToObject(json, "props");
        if (p->key) {
            cJSON_AddStringToObject(props, "kizuki_key", p->key);
        }
    }
    cJSON_AddStringToObject(page, "next_post_id", next);
    cJSON_AddStringToObject(page, "prev_post_id", "");
    const char *text = printed(&mm_arena, page);
    cJSON_Delete(page);
    return text;
}

const char *mm_user_list(const char *const *ids, size_t n, const char *bot) {
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        cJSON *user = cJSON_CreateObject();
        cJSON_AddStringToObject(user, "id", ids[i]);
        cJSON_AddStringToObject(user, "username", "somebody");
        cJSON_AddStringToObject(user, "locale", "ja");
        if (strcmp(ids[i], bot) == 0) {
            cJSON_AddTrueToObject(user, "is_bot");
        }
        cJSON_AddItemToArray(list, user);
    }
    const char *text = printed(&mm_arena, list);
    cJSON_Delete(list);
    return text;
}

void mm_know(const char *id, bool bot) {
    mm_people_update(
        mm.people, &(struct mm_user){.id = id, .username = "somebody", .locale = "ja", .bot = bot});
}
