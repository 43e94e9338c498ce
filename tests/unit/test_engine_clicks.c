/*
 * What platforms with buttons hand to the engine: words clicked twice count once, forms that come
 * back mended are taken, and whatever was written in one is made safe first.
 */
/* LDFLAGS: @tests/support/sqlite_faults.flags */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/clicks.h"
#include "bot/engine.h"
#include "tests/support/sqlite_faults.h"

#define START_MS INT64_C(1795400000000)
#define SAID_MAX 16

static struct store *store;
static struct engine *engine;
static struct arena arena; /* of what was said */
static const char *said[SAID_MAX];
static size_t n_said;

static enum sent take_row(UNUSED void *ctx, const struct store_out *row, UNUSED bool doubtful) {
    assert_true(n_said < SAID_MAX);
    said[n_said++] = arena_strdup(&arena, row->text);
    return SENT_OK;
}

static int start(UNUSED void **state) {
    struct faults faults = {.n = 0};
    clock_freeze_at_ms(START_MS);
    n_said = 0;
    struct engine_setup setup = {
        .site = {.security_contact = {{"内線1234", "extension 1234"}}, .privacy_text = {{"", ""}}}};
    if (store_open(":memory:", &store) != 0) {
        return -1;
    }
    setup.store = store;
    engine = engine_create(&setup, &faults);
    faults_free(&faults);
    struct outlet outlet = {.platform = "test", .workspace = "w", .send = take_row};
    return engine ? engine_attach(engine, &outlet) : -1;
}

static int stop(UNUSED void **state) {
    engine_destroy(engine);
    store_close(store);
    arena_free(&arena);
    return 0;
}

static struct event event_of(enum event_kind kind, const char *user, const char *id,
                             const char *text) {
    return (struct event){.kind = kind,
                          .platform = "test",
                          .workspace = "w",
                          .user = user,
                          .id = id,
                          .place = PLACE_DIRECT,
                          .text = text,
                          .question = "",
                          .at_ms = clock_now_ms()};
}

/* How many messages follow on that. */
static size_t answers(struct event event) {
    size_t before = n_said;
    assert_int_equal(engine_take(engine, &event), 0);
    assert_int_equal(engine_commit(engine), 0);
    return n_said - before;
}

static size_t click(const char *user, const char *id, const char *word) {
    return answers(event_of(EVENT_WORD, user, id, word));
}

static void test_twice(UNUSED void **state) {
    assert_int_equal(answers(event_of(EVENT_MESSAGE, "u", "0", "ヘルプ")), 2);
    assert_int_equal(click("u", "1", "ヘルプ"), 1); /* what is typed is no click */
    assert_int_equal(click("u", "2", "ヘルプ"), 0);
    assert_int_equal(click("u", "3", "役割"), 1);
    clock_shift_ms(2999);
    assert_int_equal(click("u", "4", "ヘルプ"), 0);
    clock_shift_ms(1);
    assert_int_equal(click("u", "5", "ヘルプ"), 1);
    assert_true(click("v", "6", "ヘルプ") > 0); /* somebody else */
    /* Also the one that was left out is known when it comes again. */
    struct event again = event_of(EVENT_WORD, "u", "4", "ヘルプ");
    assert_int_equal(engine_event(engine, &again), -EEXIST);
}

/* The second one may come in the same turn. */
static void test_one_turn(UNUSED void **state) {
    assert_true(answers(event_of(EVENT_MESSAGE, "u", "0", "こんにちは")) > 0);
    struct event first = event_of(EVENT_WORD, "u", "1", "ヘルプ");
    struct event second = event_of(EVENT_WORD, "u", "2", "ヘルプ");
    size_t before = n_said;
    assert_int_equal(engine_take(engine, &first), 0);
    assert_int_equal(engine_take(engine, &second), 0);
    assert_int_equal(engine_commit(engine), 0);
    assert_int_equal(n_said - before, 1);
}

/* A click that could not be stored was none: the next one, as soon as it may come, counts. */
static void test_not_kept(UNUSED void **state) {
    FILE *nowhere = fopen("/dev/null", "we");
    assert_non_null(nowhere);
    log_setup(nowhere, LOG_ERR, LOG_JSON);
    assert_true(answers(event_of(EVENT_MESSAGE, "u", "0", "こんにちは")) > 0);
    size_t failed = 0;
    for (int n = 1; n == 1 || fault.fired; n++) {
        struct event first =
            event_of(EVENT_WORD, "u", arena_printf(&arena, "first-%d", n), "ヘルプ");
        sqlite_fault_arm(n, n, false);
        int rc = engine_take(engine, &first);
        fault.armed = false;
        n_said = 0;
        size_t heard = click("u", arena_printf(&arena, "second-%d", n), "ヘルプ");
        assert_int_equal(heard, 1); /* of the two, one is answered */

        failed += rc != 0;
        clock_shift_ms(3000);
    }
    assert_true(failed > 10);
    log_setup(stderr, LOG_INFO, LOG_HUMAN);
    fclose(nowhere);
}

static void test_table_of_clicks(UNUSED void **state) {
    static struct clicks clicks;
    char id[16];
    struct event e = event_of(EVENT_WORD, "u", "1", "a");
    assert_false(clicks_again(&clicks, &e));
    assert_true(clicks_again(&clicks, &e));
    e.question = "q";
    assert_false(clicks_again(&clicks, &e));
    e.at_ms -= 1; /* a clock set back is no reason to swallow anything */
    assert_false(clicks_again(&clicks, &e));
    clicks_forget(&clicks);
    assert_false(clicks_again(&clicks, &e));
    /* Parts that run together in other ways are other clicks. */
    struct event ab = e;
    ab.question = "ab";
    ab.text = "c";
    struct event bc = e;
    bc.question = "a";
    bc.text = "bc";
    assert_false(clicks_again(&clicks, &ab));
    assert_false(clicks_again(&clicks, &bc));
    for (int i = 0; i < 3 * CLICKS_MAX; i++) {
        snprintf(id, sizeof(id), "user%d", i);
        e.user = id;
        assert_false(clicks_again(&clicks, &e));
        assert_true(clicks_again(&clicks, &e));
    }
}

static struct event report(const char *id, const struct sheet_entry *entries, size_t n) {
    struct event e = event_of(EVENT_SUBMIT, "u", id, "incident");
    e.entries = entries;
    e.n_entries = n;
    return e;
}

/* What is wrong is told to whoever hands it in; the same form mended is no repetition. */
static void test_mended(UNUSED void **state) {
    struct sheet_entry entries[] = {{"what", "link"}, {"details", NULL}};
    assert_int_equal(answers(report("1", entries, ARRAY_LEN(entries))), 0);
    assert_int_equal(engine_taken(engine)->n_errors, 1);
    assert_string_equal(engine_taken(engine)->errors[0].field, "details");
    entries[1].value = "変な画面が出た";
    assert_int_equal(answers(report("1", entries, ARRAY_LEN(entries))), 2);
    assert_int_equal(engine_taken(engine)->n_errors, 0);
    assert_non_null(strstr(said[1], "変な画面が出た"));
    struct event again = report("1", entries, ARRAY_LEN(entries));
    assert_int_equal(engine_event(engine, &again), -EEXIST);
}

static void test_unsafe(UNUSED void **state) {
    static char flood[100000];
    memset(flood, 'x', sizeof(flood) - 1);
    struct sheet_entry many[100] = {{"what", "link"},
                                    {"details", "a\xff\x01\xe2\x80\xae"
                                                "b\nc"}};
    for (size_t i = 2; i < ARRAY_LEN(many); i++) {
        many[i] = (struct sheet_entry){NULL, flood};
    }
    assert_true(answers(report("1", many, ARRAY_LEN(many))) >= 2);
    assert_true(text_valid(said[1], strlen(said[1])));
    assert_non_null(strstr(said[1], "a\xef\xbf\xbd"
                                    "b\nc"));
    many[1].value = flood;
    assert_true(answers(report("2", many, 2)) >= 2);
    for (size_t i = 0; i < n_said; i++) {
        assert_true(strlen(said[i]) < 8192);
    }
}

/* A form is shown at once: it goes to whoever asked, not into the conversation. */
static void test_sheet(UNUSED void **state) {
    assert_int_equal(answers(event_of(EVENT_SHEET, "u", "1", "settings")), 0);
    assert_string_equal(engine_taken(engine)->sheet->name, "settings");
    assert_int_equal(answers(event_of(EVENT_SHEET, "u", "2", "nothing")), 0);
    assert_null(engine_taken(engine)->sheet);
    struct event english = event_of(EVENT_SHEET, "u", "3", "settings");
    english.locale = "en"; /* what the platform says is known from then on */
    assert_int_equal(answers(english), 0);
    assert_int_equal(engine_taken(engine)->sheet->fields[0].n_options, 3);
    assert_int_equal(answers(event_of(EVENT_SHEET, "u", "4", "settings")), 0);
    assert_int_equal(engine_taken(engine)->sheet->fields[0].n_options, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_twice, start, stop),
        cmocka_unit_test_setup_teardown(test_one_turn, start, stop),
        cmocka_unit_test_setup_teardown(test_not_kept, start, stop),
        cmocka_unit_test(test_table_of_clicks),
        cmocka_unit_test_setup_teardown(test_mended, start, stop),
        cmocka_unit_test_setup_teardown(test_unsafe, start, stop),
        cmocka_unit_test_setup_teardown(test_sheet, start, stop),
    };
    return cmocka_run_group_tests_name("engine clicks", tests, NULL, NULL);
}
