/* Two bots that talk with each other: when a conversation is muted, for how long, and which. */
/* LDFLAGS: -Wl,--wrap=loop_now_ms */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "bot/breaker.h"

#define MINUTE_MS INT64_C(60000)
#define LIMIT     5

static struct breaker b;
static int64_t now_ms;
static char *log_text;
static size_t log_len;
static FILE *log_file;

int64_t __wrap_loop_now_ms(void);
int64_t __wrap_loop_now_ms(void) {
    return now_ms;
}

static int begin(UNUSED void **state) {
    log_file = open_memstream(&log_text, &log_len);
    log_setup(log_file, LOG_DEBUG, LOG_JSON);
    now_ms = 12345678;
    breaker_init(&b, LIMIT);
    return log_file ? 0 : -1;
}

static int end(UNUSED void **state) {
    log_setup(stderr, LOG_INFO, LOG_AUTO);
    fclose(log_file);
    free(log_text);
    return 0;
}

static void say(const char *conversation, int times) {
    for (int i = 0; i < times; i++) {
        breaker_count(&b, conversation, "acme");
    }
}

static size_t log_lines(void) {
    fflush(log_file);
    size_t n = 0;
    for (const char *p = log_text; p && (p = strchr(p, '\n')) != NULL; p++) {
        n++;
    }
    return n;
}

static void test_limit(UNUSED void **state) {
    assert_false(breaker_muted(&b, "one"));
    say("one", LIMIT);
    assert_false(breaker_muted(&b, "one"));
    assert_int_equal(log_lines(), 0);
    say("one", 1);
    assert_true(breaker_muted(&b, "one"));
    assert_false(breaker_muted(&b, "another"));
    assert_int_equal(log_lines(), 1);
    assert_non_null(strstr(log_text, "\"one\""));
    assert_non_null(strstr(log_text, "\"acme\""));
    assert_non_null(strstr(log_text, "\"minutes\":\"1\""));
    now_ms += MINUTE_MS - 1;
    assert_true(breaker_muted(&b, "one"));
    now_ms += 1;
    assert_false(breaker_muted(&b, "one"));
}

/* The limit is of a minute, not of ever. */
static void test_slow_talk(UNUSED void **state) {
    for (int minute = 0; minute < 600; minute++) {
        say("one", LIMIT);
        assert_false(breaker_muted(&b, "one"));
        now_ms += MINUTE_MS;
    }
    say("one", LIMIT);
    now_ms += MINUTE_MS - 1;
    say("one", 1);
    assert_true(breaker_muted(&b, "one"));
}

/* Whoever goes on at once is muted for twice as long each time, up to half an hour. */
static void test_longer_each_time(UNUSED void **state) {
    static const int minutes[] = {1, 2, 4, 8, 16, 32, 32, 32};
    for (size_t i = 0; i < ARRAY_LEN(minutes); i++) {
        say("one", LIMIT + 1);
        now_ms += minutes[i] * MINUTE_MS - 1;
        if (!breaker_muted(&b, "one")) {
            fail_msg("time %zu: not muted for %d minutes", i, minutes[i]);
        }
        now_ms += 1;
        if (breaker_muted(&b, "one")) {
            fail_msg("time %zu: muted for more than %d minutes", i, minutes[i]);
        }
    }
}

/* After a calm hour it counts as the first time again. */
static void test_calm(UNUSED void **state) {
    for (int i = 0; i < 3; i++) {
        say("one", LIMIT + 1);
        now_ms += (MINUTE_MS << i);
    }
    now_ms += 60 * MINUTE_MS;
    say("one", LIMIT + 1);
    now_ms += MINUTE_MS - 1;
    assert_true(breaker_muted(&b, "one"));
    now_ms += 1;
    assert_false(breaker_muted(&b, "one"));
}

/* More conversations than places: nobody is muted for what others said. */
static void test_others(UNUSED void **state) {
    enum { OTHERS = 4 * BREAKER_SLOTS };
    char name[32];
    for (int i = 0; i < OTHERS; i++) {
        snprintf(name, sizeof(name), "conversation%d", i);
        assert_false(breaker_muted(&b, name));
        say(name, LIMIT);
        assert_false(breaker_muted(&b, name));
        say(name, 1);
        assert_true(breaker_muted(&b, name));
    }
    assert_int_equal(log_lines(), OTHERS);
}

static void test_every_limit(UNUSED void **state) {
    for (int limit = 1; limit <= 60; limit++) {
        breaker_init(&b, limit);
        assert_false(breaker_muted(&b, "one"));
        say("one", limit);
        assert_false(breaker_muted(&b, "one"));
        say("one", 1);
        assert_true(breaker_muted(&b, "one"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_limit, begin, end),
        cmocka_unit_test_setup_teardown(test_slow_talk, begin, end),
        cmocka_unit_test_setup_teardown(test_longer_each_time, begin, end),
        cmocka_unit_test_setup_teardown(test_calm, begin, end),
        cmocka_unit_test_setup_teardown(test_others, begin, end),
        cmocka_unit_test_setup_teardown(test_every_limit, begin, end),
    };
    return cmocka_run_group_tests_name("breaker", tests, NULL, NULL);
}
