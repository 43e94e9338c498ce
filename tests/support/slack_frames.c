#include "tests/support/slack_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/recorded.h"

bool frame_reads(struct arena *a, const char *text, size_t n, struct slack_frame *ret,
                 const char **why) {
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    *why = "untouched";
    bool good = slack_frame_read(a, copy, n, ret, why);
    free(copy);
    if (!good && (!*why || !**why || strcmp(*why, "untouched") == 0)) {
        fail_msg("no reason for %.80s", text);
    }
    return good;
}

void frame_recorded(struct arena *a, const char *name, struct slack_frame *ret) {
    size_t n;
    const char *why;
    const char *text = recorded_text(a, arena_printf(a, "slack/%s", name), &n);
    if (!frame_reads(a, text, n, ret, &why)) {
        fail_msg("%s: %s", name, why);
    }
}

void assert_texts(const char *name, const char *const pairs[][2], size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!pairs[i][0] || strcmp(pairs[i][0], pairs[i][1]) != 0) {
            fail_msg("%s, text %zu: '%s' and not '%s'", name, i, pairs[i][0], pairs[i][1]);
        }
    }
}
