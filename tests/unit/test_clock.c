/* The clock: reading and writing of times, and moving it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"

#define DAY   INT64_C(86400000)
#define NONE  INT64_MIN
#define NOV23 INT64_C(1795392000000) /* 2026-11-23T00:00:00Z, by date(1) */

static void test_parse_iso(UNUSED void **state) {
    static const struct {
        const char *in;
        int64_t ms; /* NONE: refused */
    } cases[] = {
        {"1970-01-01", 0},
        {"2026-11-23", NOV23},
        {"2026-11-23T09:00", NOV23 + 9 * INT64_C(3600000)},
        {"2026-11-23T09:00Z", NOV23 + 9 * INT64_C(3600000)},
        {"2026-11-23T23:59:59", NOV23 + DAY - 1000},
        {"2026-11-23T23:59:59Z", NOV23 + DAY - 1000},
        {"2024-02-29", INT64_C(1709164800000)},
        {"1969-12-31T23:59:59", -1000},
        {"", NONE},
        {"2026", NONE},
        {"2026-11", NONE},
        {"26-11-23", NONE},
        {"2026-11-31", NONE}, /* there is no such day */
        {"2026-02-29", NONE},
        {"2026-13-01", NONE},
        {"2026-00-10", NONE},
        {"2026-11-00", NONE},
        {"2026-11-23T24:00", NONE},
        {"2026-11-23T09:60", NONE},
        {"2026-11-23T09:00:60", NONE},
        {"2026-11-23T", NONE},
        {"2026-11-23T09", NONE},
        {"2026-11-23 09:00", NONE},
        {"2026-11-23T09:00:00.5", NONE},
        {"2026-11-23T09:00+09:00", NONE},
        {"2026-11-23x", NONE},
        {" 2026-11-23", NONE},
        {"2026-11-23 ", NONE},
        {"2026-1-2", NONE},
        {"2026- 1- 2", NONE},
        {"-2026-11-23", NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t got = NONE;
        bool fine = clock_parse_iso(cases[i].in, &got);
        if (got != cases[i].ms || fine != (got != NONE)) {
            fail_msg("'%s': %d, %lld", cases[i].in, fine, (long long)got);
        }
    }
}

static void test_parse_span(UNUSED void **state) {
    static const struct {
        const char *in;
        int64_t ms;
    } cases[] = {
        {"90s", 90000},
        {"15m", 900000},
        {"2h", 7200000},
        {"6d", 6 * DAY},
        {"1w", 7 * DAY},
        {"-2h", -7200000},
        {"0d", 0},
        {"100000w", 700000 * DAY},
        {"100001w", NONE},
        {"-100001w", NONE},
        {"99999999999999999999s", NONE},
        {"", NONE},
        {"s", NONE},
        {"5", NONE},
        {"5x", NONE},
        {"5S", NONE},
        {"5sx", NONE},
        {"5 s", NONE},
        {" 5s", NONE},
        {"5s ", NONE},
        {"1.5h", NONE},
        {"0x5s", NONE},
        {"--5s", NONE},
        {"1h30m", NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t got = NONE;
        bool fine = clock_parse_span(cases[i].in, &got);
        if (got != cases[i].ms || fine != (got != NONE)) {
            fail_msg("'%s': %d, %lld", cases[i].in, fine, (long long)got);
        }
    }
}

static void test_format_iso(UNUSED void **state) {
    static const struct {
        int64_t ms;
        const char *out;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {NOV23 + 9 * INT64_C(3600000), "2026-11-23T09:00:00.000Z"},
        {NOV23 + 7, "2026-11-23T00:00:00.007Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-1000, "1969-12-31T23:59:59.000Z"},
        {-1001, "1969-12-31T23:59:58.999Z"},
        {INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
        {INT64_C(253402300800000), "10000-01-01T00:00:00.000Z"},
        {INT64_MAX, "292278994-08-17T07:12:55.807Z"},
        {INT64_MIN, "-292275055-05-16T16:47:04.192Z"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char got[32];
        memset(got, 'x', sizeof(got));
        clock_format_iso(cases[i].ms, got);
        assert_string_equal(got, cases[i].out);
    }
}

/* What is written is read back, to the second. */
static void test_round_trip(UNUSED void **state) {
    for (int64_t ms = 0; ms < 80 * 365 * DAY; ms += 13 * DAY + 12345000) {
        char text[32];
        clock_format_iso(ms, text);
        text[19] = '\0';
        int64_t back;
        assert_true(clock_parse_iso(text, &back));
        assert_int_equal(back, ms);
        text[10] = '\0';
        assert_true(clock_parse_iso(text, &back));
        assert_int_equal(back, ms / DAY * DAY);
    }
}

/* The zone of the machine changes nothing. */
static void test_zone(UNUSED void **state) {
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    int64_t got;
    assert_true(clock_parse_iso("2026-11-23", &got));
    assert_int_equal(got, NOV23);
    char text[32];
    clock_format_iso(got, text);
    assert_string_equal(text, "2026-11-23T00:00:00.000Z");
}

static int64_t real_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* In this order: a frozen clock cannot be thawed. */
static void test_moving(UNUSED void **state) {
    int64_t real = real_ms();
    int64_t now = clock_now_ms();
    assert_true(now >= real && now < real + 60000);
    clock_shift_ms(DAY);
    clock_shift_ms(-2 * DAY);
    now = clock_now_ms();
    assert_true(now >= real - DAY && now < real - DAY + 60000);
    clock_freeze_at_ms(NOV23);
    assert_int_equal(clock_now_ms(), NOV23); /* the shift is forgotten */
    int64_t before = real_ms();
    while (real_ms() == before) {
    }
    assert_int_equal(clock_now_ms(), NOV23);
    clock_shift_ms(1500);
    assert_int_equal(clock_now_ms(), NOV23 + 1500);
    clock_shift_ms(-3000);
    assert_int_equal(clock_now_ms(), NOV23 - 1500);
    clock_freeze_at_ms(7);
    assert_int_equal(clock_now_ms(), 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_iso),  cmocka_unit_test(test_parse_span),
        cmocka_unit_test(test_format_iso), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_zone),       cmocka_unit_test(test_moving)};
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
