#include "bot/split.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* The bytes of the first max code points. */
static size_t clip_chars(const char *s, size_t max) {
    size_t i = 0;
    for (size_t chars = 0; s[i] && chars < max; chars++) {
        for (i++; ((unsigned char)s[i] & 0xC0) == 0x80; i++) {
        }
    }
    return i;
}

/* Behind the last place of that mark within the first n bytes, 0 for none. */
static size_t last_place(const char *s, size_t n, const char *mark) {
    size_t m = strlen(mark);
    for (size_t i = n; i >= m; i--) {
        if (memcmp(s + i - m, mark, m) == 0) {
            return i;
        }
    }
    return 0;
}

/* Where to cut, within the first n bytes: the best place that leaves a part of a decent size. */
static size_t cut_at(const char *s, size_t n) {
    static const char *const marks[] = {"\n\n", "\n", "。", ". ", "、", " "};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        size_t place = last_place(s, n, marks[i]);
        if (place > n / 3) {
            return place;
        }
    }
    size_t whole = text_break(s, n);
    n = whole > 0 ? whole : n;
    /* Nor between the marks of bold text and code. */
    size_t cut = n;
    while (cut > 1 && s[cut] && strchr("*`", s[cut]) && s[cut - 1] == s[cut]) {
        cut--;
    }
    return cut > n / 2 ? cut : n;
}

/* Whether a code block and bold text are open behind the first n bytes; on entry: before them. */
static void scan_marks(const char *s, size_t n, bool *code, bool *bold) {
    for (size_t i = 0; i < n; i++) {
        if (n - i >= 3 && memcmp(s + i, "```", 3) == 0) {
            *code = !*code;
            i += 2;
        } else if (!*code && n - i >= 2 && memcmp(s + i, "**", 2) == 0) {
            *bold = !*bold;
            i++;
        }
    }
}

size_t split_text(struct arena *a, const char *text, size_t max_chars,
                  const char *parts[SPLIT_PARTS_MAX]) {
    static const size_t spare = 16; /* for closing and opening marks */
    max_chars = max_chars < SPLIT_CHARS_MIN ? SPLIT_CHARS_MIN : max_chars;
    bool bold = false;
    bool code = false;
    size_t n = 0;
    while (n < SPLIT_PARTS_MAX) {
        const char *open = code ? "```\n" : bold ? "**" : "";
        if (text_chars(text) + strlen(open) <= max_chars) {
            parts[n++] = *open ? arena_printf(a, "%s%s", open, text) : arena_strdup(a, text);
            break;
        }
        size_t len = cut_at(text, clip_chars(text, max_chars - spare));
        scan_marks(text, len, &code, &bold);
        size_t shown = len;
        while (shown > 0 && (text[shown - 1] == '\n' || text[shown - 1] == ' ')) {
            shown--;
        }
        parts[n++] = arena_printf(a, "%s%.*s%s", open, (int)shown, text,
                                  code   ? "\n```"
                                  : bold ? "**"
                                         : "");
        text += len;
    }
    return n;
}
