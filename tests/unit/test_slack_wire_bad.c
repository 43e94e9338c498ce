/*
 * Frames of Slack that are cut, deep, long, or wrong in one field: nothing crashes, nothing is read
 * beyond the end, and what is accepted is what was sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bot/slack/wire.h"

/* ---- forms ---- */

static void test_ids(UNUSED void **state) {
    static const char *const good[] = {"U1", "T0RIG0001", "W012A3CDE", "USLACKBOT",
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_true(slack_is_id(good[i]));
    }
    static const char *const bad[] = {
        "",     "U",     "u1",     "U1 ",     "U1\n",         "U/1",
        "../U", "U%2F1", "U1?a=b", "U1あ",    "Ev0AEAEECCCA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456",
        "U-1",  "U_1",   "<@U1>",  "U1|taro", "U1&x",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(slack_is_id(bad[i]));
    }
}

static void test_ts(UNUSED void **state) {
    static const struct {
        const char *ts;
        int64_t ms;
    } cases[] = {
        {"1795399012.090000", 1795399012090},
        {"1795399012.090999", 1795399012090},
        {"1795399012.0", 1795399012000},
        {"1795399012.9", 1795399012900},
        {"1795399012.98", 1795399012980},
        {"1795399012.987", 1795399012987},
        {"0000000000.000000", 0},
        {"0.001", 1},
        {"999999999999.999999", 999999999999999},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(slack_is_ts(cases[i].ts));
        assert_int_equal(slack_ts_ms(cases[i].ts), cases[i].ms);
    }
    static const char *const bad[] = {
        "",
        ".",
        "1",
        "1.",
        ".1",
        "1.1.1",
        "-1.1",
        "+1.1",
        " 1.1",
        "1.1 ",
        "1.1\n",
        "1,1",
        "1.1a",
        "a1.1",
        "1e5.1",
        "１.１",
        "0x1.1",
        "1795399012.-90000",
        "1234567890123.000000",
        "1795399012.0000000000000000000000",
        "1/1.1",
        "inf",
        "nan",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (slack_is_ts(bad[i]) || slack_ts_ms(bad[i]) != 0) {
            fail_msg("'%s' is taken for a ts", bad[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_ts),
    };
    return cmocka_run_group_tests_name("slack_wire_bad", tests, NULL, NULL);
}
