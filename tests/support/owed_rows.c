#include "tests/support/owed_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "bot/owed.h"

#define PLATFORM  "slack"
#define WORKSPACE "acme"
#define USER      "U0TARO001"
#define NOW_MS    ((int64_t)1795399013000)

static struct store *store;
static struct store_person person;
static struct arena kept;
static int n_events;

int open_rows(void **state) {
    (void)state;
    return store_open(":memory:", &store) != 0 ||
                   store_person_get(store, &kept, PLATFORM, WORKSPACE, USER, "ja", NOW_MS,
                                    &person) != 0
               ? -1
               : 0;
}

int close_rows(void **state) {
    (void)state;
    store_close(store);
    arena_free(&kept);
    return 0;
}

static struct store_out only_row(struct arena *a) {
    const struct store_out *rows;
    size_t n;
    assert_int_equal(
        store_outbox_due(store, a, PLATFORM, WORKSPACE, STORE_ALL, NOW_MS, 2, &rows, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(store_outbox_sent(store, rows[0].key, "D1/1.1", NOW_MS), 0);
    return rows[0];
}

static struct event next_event(struct arena *a) {
    return (struct event){.platform = PLATFORM,
                          .workspace = WORKSPACE,
                          .user = USER,
                          .id = arena_printf(a, "e%d", n_events++),
                          .channel = "",
                          .thread = "",
                          .shown = "",
                          .at_ms = NOW_MS};
}

struct store_out row_of(struct arena *a, const struct reply *reply) {
    struct event e = next_event(a);
    struct owed o = {
        .store = store, .arena = a, .event = &e, .person_id = person.id, .cards = true};
    struct step *step = arena_alloc(a, sizeof(*step));
    step->replies[0] = *reply;
    step->n_replies = 1;
    assert_int_equal(owed_add(&o, step), 0);
    return only_row(a);
}

struct store_out row_of_home(struct arena *a, const struct reply *home) {
    struct event e = next_event(a);
    struct owed o = {
        .store = store, .arena = a, .event = &e, .person_id = person.id, .cards = true};
    const char *shown;
    assert_int_equal(owed_add_home(&o, home, "", &shown), 0);
    return only_row(a);
}
