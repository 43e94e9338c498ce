/* Log lines in both formats: levels, escaping, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

static char *written;
static size_t n_written;
static FILE *stream;

static void open_log(enum log_level max, enum log_format format) {
    stream = open_memstream(&written, &n_written);
    assert_non_null(stream);
    log_setup(stream, max, format);
}

/* What was logged since; the caller frees it. */
static char *close_log(void) {
    log_setup(stderr, LOG_ERR, LOG_HUMAN);
    assert_int_equal(fclose(stream), 0);
    return written;
}

static int freeze(UNUSED void **state) {
    clock_freeze_at_ms(INT64_C(1795392000007)); /* 2026-11-23T00:00:00.007Z */
    return 0;
}

static void test_formats(UNUSED void **state) {
    open_log(LOG_DEBUG, LOG_HUMAN);
    log_error("store failed", "id", "E-1", "n", LOG_N(-5));
    log_info("started");
    char *got = close_log();
    assert_string_equal(got, "2026-11-23T00:00:00 error   store failed id=\"E-1\" n=\"-5\"\n"
                             "2026-11-23T00:00:00 info    started\n");
    free(got);
    open_log(LOG_DEBUG, LOG_JSON);
    log_warn("late", "id", "E-1", "n", LOG_N(INT64_MIN));
    log_debug("step");
    got = close_log();
    assert_string_equal(
        got, "{\"at\":\"2026-11-23T00:00:00.007Z\",\"level\":\"warning\",\"event\":\"late\","
             "\"id\":\"E-1\",\"n\":\"-9223372036854775808\"}\n"
             "{\"at\":\"2026-11-23T00:00:00.007Z\",\"level\":\"debug\",\"event\":\"step\"}\n");
    free(got);
}

static void test_levels(UNUSED void **state) {
    static const struct {
        enum log_level max;
        const char *words; /* the events that get through */
    } cases[] = {{LOG_ERR, "e"}, {LOG_WARN, "ew"}, {LOG_INFO, "ewi"}, {LOG_DEBUG, "ewid"}};
    for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
        size_t k = i / 2;
        open_log(i % 2 ? LOG_ERR : cases[k].max, LOG_JSON);
        if (i % 2) {
            log_set_level(cases[k].max);
        }
        log_error("e");
        log_warn("w");
        log_info("i");
        log_debug("d");
        char *got = close_log();
        char words[8] = {0};
        size_t n = 0;
        for (const char *p = got; (p = strstr(p, "\"event\":\"")) != NULL && n < 7; p += 9) {
            words[n++] = p[9];
        }
        assert_string_equal(words, cases[k].words);
        free(got);
    }
}

static void test_names(UNUSED void **state) {
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    static const char *const formats[] = {"auto", "human", "json"};
    assert_int_equal(ARRAY_LEN(levels), LOG__COUNT);
    assert_int_equal(ARRAY_LEN(formats), LOG_FORMAT__COUNT);
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        assert_string_equal(log_level_names[i], levels[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        assert_string_equal(log_format_names[i], formats[i]);
    }
}

/* A pipe or a file is no terminal. */
static void test_auto(UNUSED void **state) {
    stream = tmpfile();
    assert_non_null(stream);
    log_setup(stream, LOG_INFO, LOG_AUTO);
    log_info("x");
    log_setup(stderr, LOG_ERR, LOG_HUMAN);
    rewind(stream);
    assert_int_equal(fgetc(stream), '{');
    fclose(stream);
}

/* One event is one line of valid UTF-8 without control characters, and JSON gives the value back.
 */
static void test_escaping(UNUSED void **state) {
    static const struct {
        const char *value;
        const char *back; /* what a reader of the JSON gets */
    } cases[] = {
        {"", ""},
        {"plain あ😀", "plain あ😀"},
        {"quote \" backslash \\", "quote \" backslash \\"},
        {"two\nlines\r\ttab", "two\nlines\r\ttab"},
        {"\x1b[31mred\x7f\x01", "\x1b[31mred\x7f\x01"},
        {"c1 \xc2\x9b"
         "31m\xc2\x85",
         "c1 \xc2\x9b"
         "31m\xc2\x85"},
        {"bad \xff\xe3\x81", "bad ���"},
        {"}{\",\"level\":\"error", "}{\",\"level\":\"error"},
        {"%s%n%d", "%s%n%d"},
    };
    for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
        bool json = i % 2;
        open_log(LOG_INFO, json ? LOG_JSON : LOG_HUMAN);
        log_info("event", "key", cases[i / 2].value, "after", "z");
        char *got = close_log();
        size_t n = strlen(got);
        assert_true(n > 0 && got[n - 1] == '\n');
        got[n - 1] = '\0';
        assert_true(text_valid(got, n - 1));
        for (const char *p = got; *p;) {
            int32_t c = text_next(&p);
            if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
                fail_msg("case %zu: a control character in %s", i / 2, got);
            }
        }
        if (json) {
            struct json_error err;
            cJSON *root = json_parse(got, n - 1, 10000, &err);
            assert_non_null(root);
            assert_string_equal(json_string(root, "key"), cases[i / 2].back);
            assert_string_equal(json_string(root, "after"), "z");
            assert_string_equal(json_string(root, "level"), "info");
            cJSON_Delete(root);
        } else {
            assert_non_null(strstr(got, " after=\"z\""));
        }
        free(got);
    }
}

static void test_null_value(UNUSED void **state) {
    const char *none = NULL;
    open_log(LOG_INFO, LOG_JSON);
    log_info("event", "a", "1", "b", none, "c", "3");
    char *got = close_log();
    assert_non_null(strstr(got, "\"a\":\"1\"}\n"));
    free(got);
}

/* However long the values are: one bounded line, and JSON to its end. */
static void test_long_values(UNUSED void **state) {
    static const char *const units[] = {"x", "\"", "\n", "あ", "\xff", "\xc2\x9b"};
    static char big[100001];
    for (size_t i = 0; i < 6 * ARRAY_LEN(units); i++) {
        static const size_t sizes[] = {7000, 7900, 8000, 8100, 8200, 100000};
        const char *unit = units[i / 6];
        size_t size = sizes[i % 6];
        for (size_t at = 0; at < size; at++) {
            big[at] = unit[at % strlen(unit)];
        }
        big[size] = '\0';
        open_log(LOG_INFO, LOG_JSON);
        log_info("event", "first", "1", "big", big, "again", big, "last", "2");
        log_info("next");
        char *got = close_log();
        size_t n = strcspn(got, "\n");
        assert_true(n < 9000);
        struct json_error err;
        cJSON *root = json_parse(got, n, 10000, &err);
        if (!root) {
            fail_msg("unit %zu, %zu bytes: %d %s", i / 6, size, err.column, err.what);
        }
        assert_string_equal(json_string(root, "first"), "1");
        assert_true(json_string(root, "big") && strlen(json_string(root, "big")) > 1000);
        cJSON_Delete(root);
        assert_non_null(strstr(got + n, "\"event\":\"next\"}\n")); /* the next one is whole */
        free(got);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),    cmocka_unit_test(test_levels),
        cmocka_unit_test(test_names),      cmocka_unit_test(test_auto),
        cmocka_unit_test(test_escaping),   cmocka_unit_test(test_null_value),
        cmocka_unit_test(test_long_values)};
    return cmocka_run_group_tests_name("log", tests, freeze, NULL);
}
