#include "intents/duration.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"

#define HOUR 60
#define DAY  (8 * HOUR) /* of work */

struct time_word {
    const char *text;
    int minutes;
};

static size_t match_time_word(const char *s, const struct time_word *list, size_t n, int *ret) {
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i].text);
        if (strncmp(s, list[i].text, len) == 0 &&
            !(text_is_latin(list[i].text) && text_is_latin(s + len))) {
            *ret = list[i].minutes;
            return len;
        }
    }
    return 0;
}

/* Whole lengths of time that have no number, longer ones first. */
static size_t match_whole_time(const char *s, int *ret) {
    static const struct time_word list[] = {
        {"an hour and a half", HOUR + HOUR / 2},
        {"a quarter of an hour", HOUR / 4},
        {"half an hour", HOUR / 2},
        {"half a day", DAY / 2},
        {"half-day", DAY / 2},
        {"half day", DAY / 2},
        {"half hour", HOUR / 2},
        {"an hour", HOUR},
        {"半日", DAY / 2},
    };
    return match_time_word(s, list, ARRAY_LEN(list), ret);
}

static size_t match_unit(const char *s, int *ret) {
    static const struct time_word list[] = {
        {"minutes", 1}, {"minute", 1}, {"mins", 1},  {"min", 1},     {"hours", HOUR},
        {"hour", HOUR}, {"hrs", HOUR}, {"hr", HOUR}, {"h", HOUR},    {"days", DAY},
        {"day", DAY},   {"分間", 1},   {"分", 1},    {"時間", HOUR},
    };
    size_t gap = *s == ' ' || *s == '-';
    size_t n = match_time_word(s + gap, list, ARRAY_LEN(list), ret);
    return n > 0 ? gap + n : 0;
}

/* Kanji numerals up to 99: "十五", "四十". */
static size_t match_kanji(const char *s, int *ret) {
    static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    size_t n = 0;
    int value = 0;
    int digit = 0;
    for (bool more = true; more;) {
        more = strncmp(s + n, "十", strlen("十")) == 0;
        if (more) {
            value += (digit > 0 ? digit : 1) * 10;
            digit = 0;
            n += strlen("十");
        }
        for (size_t i = 0; !more && digit == 0 && i < ARRAY_LEN(digits); i++) {
            if (strncmp(s + n, digits[i], strlen(digits[i])) == 0) {
                digit = (int)i + 1;
                n += strlen(digits[i]);
                more = true;
            }
        }
    }
    *ret = value + digit;
    return n;
}

static size_t match_english(const char *s, int *ret) {
    static const struct time_word list[] = {
        {"forty-five", 45}, {"forty five", 45}, {"one", 1},      {"two", 2},
        {"three", 3},       {"four", 4},        {"five", 5},     {"six", 6},
        {"eight", 8},       {"ten", 10},        {"fifteen", 15}, {"twenty", 20},
        {"thirty", 30},     {"forty", 40},      {"sixty", 60},   {"ninety", 90},
    };
    return match_time_word(s, list, ARRAY_LEN(list), ret);
}

/* A number in tenths, for "1.5時間". */
static size_t match_tenths(const char *s, int *ret) {
    int value = 0;
    size_t n = 0;
    for (; s[n] >= '0' && s[n] <= '9' && n < 4; n++) {
        value = value * 10 + (s[n] - '0');
    }
    if (n == 0) {
        n = match_kanji(s, &value);
        n = n > 0 ? n : match_english(s, &value);
    } else if (s[n] == '.' && s[n + 1] >= '0' && s[n + 1] <= '9') {
        *ret = value * 10 + (s[n + 1] - '0');
        return n + 2;
    }
    *ret = value * 10;
    return n;
}

static bool begins_with_any(const char *s, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strncmp(s, list[i], strlen(list[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* "十分な" is no time at all. */
static bool is_enough(const char *s, size_t len) {
    static const char *const tails[] = {"な", "に", "だ"};
    return strncmp(s, "十分", strlen("十分")) == 0 && len == strlen("十分") &&
           begins_with_any(s + len, tails, ARRAY_LEN(tails));
}

/* A number with its unit, and what may follow an hour: "半", "30分". */
static size_t match_time(const char *s, int *ret) {
    size_t n = match_whole_time(s, ret);
    if (n > 0) {
        return n;
    }
    int tenths = 0;
    int unit = 0;
    size_t number = match_tenths(s, &tenths);
    n = number > 0 ? match_unit(s + number, &unit) : 0;
    if (n == 0 || tenths == 0 || is_enough(s, number + n)) {
        return 0;
    }
    n += number;
    *ret = tenths * unit / 10;
    int rest = 0;
    if (unit == HOUR && strncmp(s + n, "半", strlen("半")) == 0) {
        *ret += HOUR / 2;
        n += strlen("半");
    } else if (unit == HOUR && (number = match_tenths(s + n, &rest)) > 0) {
        size_t more = match_unit(s + n + number, &unit);
        *ret += more > 0 && unit == 1 ? rest / 10 : 0;
        n += more > 0 && unit == 1 ? number + more : 0;
    }
    return n;
}

static bool ends_with_any(const char *s, size_t n, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(list[i]);
        if (n >= len && strncmp(s + n - len, list[i], len) == 0) {
            return true;
        }
    }
    return false;
}

/* Cheap, for every place of every message: inside a character and at kana nothing begins. */
static bool may_begin(const char *s) {
    unsigned char c = (unsigned char)*s;
    return c < 0x80 ? c != ' ' : c > 0xe3;
}

bool duration_find(const char *folded, struct duration *ret) {
    static const char *const before[] = {"more than ", "longer than ", "over ", "at least "};
    for (const char *s = folded; *s; s++) {
        bool inside = s > folded && text_is_latin(s) && text_is_latin(s - 1);
        int minutes;
        size_t len = may_begin(s) && !inside ? match_time(s, &minutes) : 0;
        if (len == 0) {
            continue;
        }
        size_t at = (size_t)(s - folded);
        *ret = (struct duration){
            .at = at,
            .len = len,
            .minutes = minutes > 0 ? minutes : 1,
            .at_least = strncmp(s + len, "以上", strlen("以上")) == 0 ||
                        ends_with_any(folded, at, before, ARRAY_LEN(before)),
        };
        return true;
    }
    return false;
}
