#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t shift_ms;
static bool frozen;
static int64_t frozen_ms;

int64_t clock_now_ms(void) {
    if (frozen) {
        return frozen_ms + shift_ms;
    }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + shift_ms;
}

void clock_shift_ms(int64_t ms) {
    shift_ms += ms;
}

void clock_freeze_at_ms(int64_t at_ms) {
    frozen = true;
    frozen_ms = at_ms;
    shift_ms = 0;
}

bool clock_parse_iso(const char *s, int64_t *ret_ms) {
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct tm tm = {0};
        const char *end = strptime(s, forms[i], &tm);
        if (!end || (*end != '\0' && strcmp(end, "Z") != 0)) {
            continue;
        }
        /* strptime takes spaces, short numbers and the 31st of any month: compare. */
        int64_t at_ms = (int64_t)timegm(&tm) * 1000;
        char back[32];
        clock_format_iso(at_ms, back);
        if (back[4] == '-' && strncmp(s, back, (size_t)(end - s)) == 0) {
            *ret_ms = at_ms;
            return true;
        }
    }
    return false;
}

bool clock_parse_span(const char *s, int64_t *ret_ms) {
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}, {'w', 604800000}};
    const int64_t max_n = 100000;
    char *end;
    long long n = strtoll(s, &end, 10);
    if (end == s || isspace((unsigned char)*s) || n > max_n || n < -max_n) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (end[0] == units[i].unit && end[1] == '\0') {
            *ret_ms = (int64_t)n * units[i].ms;
            return true;
        }
    }
    return false;
}

void clock_format_iso(int64_t at_ms, char out[32]) {
    int64_t ms = at_ms % 1000;
    time_t s = (time_t)(at_ms / 1000);
    if (ms < 0) {
        ms += 1000;
        s--;
    }
    struct tm tm;
    if (!gmtime_r(&s, &tm)) {
        memset(&tm, 0, sizeof(tm));
    }
    char head[27]; /* for years of nine digits and a sign */
    strftime(head, sizeof(head), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, 32, "%s.%03dZ", head, (int)ms);
}
