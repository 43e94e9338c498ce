#include "bot/emoji.h"

#include <stddef.h>
#include <string.h>

#include "base/attr.h"

static const char *const numbers[EMOJI_NUMBERS_MAX + 1] = {
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten"};

const char *emoji_of(int number) {
    return number >= 0 && number <= EMOJI_NUMBERS_MAX ? numbers[number] : NULL;
}

int emoji_number(const char *name) {
    static const char *const marks[] = {EMOJI_CLOSE, "heavy_check_mark", "ballot_box_with_check"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (strcmp(name, marks[i]) == 0) {
            return EMOJI_CHECK;
        }
    }
    for (int i = 0; i <= EMOJI_NUMBERS_MAX; i++) {
        if (strcmp(name, numbers[i]) == 0) {
            return i;
        }
    }
    return EMOJI_NONE;
}
