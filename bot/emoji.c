#include "bot/emoji.h"

#include <stddef.h>
#include <string.h>

#include "base/attr.h"

static const char *const numbers[EMOJI_NUMBERS_MAX] = {
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten"};

const char *emoji_of(int number) {
    return number >= 1 && number <= EMOJI_NUMBERS_MAX ? numbers[number - 1] : NULL;
}

int emoji_number(const char *name) {
    static const char *const marks[] = {EMOJI_CLOSE, "heavy_check_mark", "ballot_box_with_check"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (strcmp(name, marks[i]) == 0) {
            return 0;
        }
    }
    for (int i = 0; i < EMOJI_NUMBERS_MAX; i++) {
        if (strcmp(name, numbers[i]) == 0) {
            return i + 1;
        }
    }
    return -1;
}
