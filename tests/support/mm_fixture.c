#include "tests/support/mm_fixture.h"

#include "base/xalloc.h"
#include "tests/support/recorded.h"

#define CALLS_MAX 64

struct mattermost mm;
bool mm_authorized;

static struct mm_asked calls[CALLS_MAX];
static size_t n_calls;

/* ---- calls ---- */

void __wrap_mm_call(struct mattermost *m, const struct mm_request *r, mm_done done, void *ctx);
void __wrap_mm_call(struct mattermost *m, const struct mm_request *r, mm_done done, void *ctx) {
    assert_ptr_equal(m, &mm);
    assert_true(n_calls < CALLS_MAX);
    calls[n_calls++] = (struct mm_asked){.method = arena_strdup(&fx_arena, r->method),
                                         .path = arena_strdup(&fx_arena, r->path),
                                         .body = arena_strdup(&fx_arena, r->body ? r->body : ""),
                                         .text = r->text,
                                         .done = done,
                                         .ctx = ctx};
}

void __wrap_mm_call_json(struct mattermost *m, const char *method, const char *path, cJSON *body,
                         mm_done done, void *ctx);
void __wrap_mm_call_json(struct mattermost *m, const char *method, const char *path, cJSON *body,
                         mm_done done, void *ctx) {
    const char *text = body ? printed(&fx_arena, body) : "";
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
                    : arena_printf(&fx_arena, "{\"id\":\"%s\",\"status_code\":%d}", said, status);
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
        reply.error = status > 0    ? arena_printf(&fx_arena, "HTTP %d %s", status, said)
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

/* ---- a turn ---- */

int mm_turn(bool one) {
    int rc = mm_intake_hand_in(mm.intake, one);
    if (rc == 0) {
        rc = engine_commit(mm.setup.engine);
    }
    mm_intake_committed(mm.intake, rc);
    return rc;
}

/* ---- begin and end ---- */

int mm_begin(void **state) {
    (void)state;
    mm = (struct mattermost){.setup = {.name = "acme", .max_answers_a_minute = 20},
                             .me = ME,
                             .username = xstrdup("kizuki"),
                             .post_chars = 16383};
    mm.setup.engine = fx_begin();
    if (!mm.setup.engine) {
        return -1;
    }
    mm.people = mm_people_create(&mm);
    mm.catchup = mm_catchup_create(&mm);
    mm.intake = mm_intake_create(&mm);
    mm.outgoing = mm_outgoing_create(&mm);
    mm_authorized = true;
    return 0;
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
    free(mm.username);
    left += fx_end(mm.setup.engine);
    return left == 0 ? 0 : -1;
}

/* ---- things to say ---- */

const char *mm_id(int n) {
    return arena_printf(&fx_arena, "%026d", n);
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
    const char *text = printed(&fx_arena, page);
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
    const char *text = printed(&fx_arena, list);
    cJSON_Delete(list);
    return text;
}

void mm_know(const char *id, bool bot) {
    mm_people_update(
        mm.people, &(struct mm_user){.id = id, .username = "somebody", .locale = "ja", .bot = bot});
}
