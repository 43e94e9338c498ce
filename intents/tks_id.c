#include "intents/tks_id.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

#define DIGITS_MAX 3

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_latin(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

static const char *make_id(struct arena *arena, char kind, const char *digits) {
    return arena_printf(arena, "%c-%03d", kind, (int)strtol(digits, NULL, 10));
}

/* The kind in words in front of the number, and nothing else. */
static const char *in_words(struct arena *arena, const char *tight) {
    static const char *const words[] = {"たすく", "知識", "すきる"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t len = strlen(words[i]);
        if (strncmp(tight, words[i], len) == 0) {
            size_t n = strspn(tight + len, "0123456789");
            bool whole = n > 0 && n <= DIGITS_MAX && tight[len + n] == '\0';
            return whole && strtol(tight + len, NULL, 10) > 0
                       ? make_id(arena, "TKS"[i], tight + len)
                       : NULL;
        }
    }
    return NULL;
}

const char *tks_id_in(struct arena *arena, const struct wording *w) {
    for (const char *p = w->folded; *p; p++) {
        bool begins = p == w->folded || !is_latin(p[-1]);
        if (!begins || (*p != 't' && *p != 'k' && *p != 's')) {
            continue;
        }
        const char *d = p + 1 + (p[1] == '-' || p[1] == ' ');
        size_t n = strspn(d, "0123456789");
        if (n > 0 && n <= DIGITS_MAX && !is_latin(d[n])) {
            return make_id(arena, (char)(*p - 'a' + 'A'), d);
        }
    }
    return in_words(arena, w->tight);
}
