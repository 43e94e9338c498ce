#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/xalloc.h"

#define REPLACEMENT       0xfffd
#define PROLONGED         0x30fc
#define MAX_COMBINING_RUN 4 /* enough for every living script; a flood is longer */

int32_t text_next(const char **s) {
    utf8proc_int32_t c;
    if (**s == '\0') {
        return 0;
    }
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)*s, -1, &c);
    if (n < 1) {
        (*s)++;
        return REPLACEMENT;
    }
    *s += n;
    return c;
}

size_t text_put(char *out, int32_t c) {
    utf8proc_ssize_t n = utf8proc_encode_char(c, (utf8proc_uint8_t *)out);
    return n > 0 ? (size_t)n : 0;
}

size_t text_valid_prefix(const char *s, size_t n) {
    size_t i = 0;
    while (i < n) {
        utf8proc_int32_t c;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i), &c);
        if (step < 1 || c == 0) {
            return i;
        }
        i += (size_t)step;
    }
    return n;
}

bool text_valid(const char *s, size_t n) {
    return text_valid_prefix(s, n) == n;
}

static bool is_bidi_control(int32_t c) {
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static bool is_unwanted(int32_t c) {
    if (c == '\n' || c == '\t') {
        return false;
    }
    /* U+200D joins emoji and stays. */
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || is_bidi_control(c) || c == 0x200b ||
           c == 0x200c || c == 0x2028 || c == 0x2029 || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff;
}

static bool is_combining(int32_t c) {
    utf8proc_category_t k = utf8proc_category(c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME || k == UTF8PROC_CATEGORY_MC;
}

/* The next code point of possibly broken text; a bad byte reads as U+FFFD. */
static int32_t read_any(const char *s, size_t n, size_t *at) {
    utf8proc_int32_t c;
    utf8proc_ssize_t step =
        utf8proc_iterate((const utf8proc_uint8_t *)s + *at, (utf8proc_ssize_t)(n - *at), &c);
    *at += step < 1 ? 1 : (size_t)step;
    return step < 1 ? REPLACEMENT : c;
}

char *text_clean(struct arena *a, const char *s, size_t n, size_t max_bytes, bool *ret_cut) {
    char *out = arena_alloc(a, (n < max_bytes ? n * 3 : max_bytes) + 4);
    size_t len = 0;
    size_t run = 0;
    size_t i = 0;
    bool cut = false;
    while (i < n) {
        int32_t c = read_any(s, n, &i);
        if (is_unwanted(c)) {
            continue;
        }
        run = is_combining(c) ? run + 1 : 0;
        if (run > MAX_COMBINING_RUN) {
            continue;
        }
        char one[4];
        size_t k = text_put(one, c);
        cut = len + k > max_bytes;
        if (cut) {
            break;
        }
        memcpy(out + len, one, k);
        len += k;
    }
    if (ret_cut) {
        *ret_cut = cut;
    }
    out[len] = '\0';
    return out;
}

static bool is_hiragana(int32_t c) {
    return c >= 0x3041 && c <= 0x3096;
}

static bool is_katakana(int32_t c) {
    return (c >= 0x30a1 && c <= 0x30fa) || c == PROLONGED;
}

static bool is_kana(int32_t c) {
    return is_hiragana(c) || is_katakana(c);
}

static bool is_dash(int32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500;
}

static int32_t peek(const char *s) {
    return text_next(&s);
}

/*
 * What NFKC leaves undone: it would split the spacing voice marks off with a space (the combining
 * ones compose), and it does not know the dark circled numbers.
 */
static int32_t premap_one(int32_t c) {
    if (c == 0x309b) {
        return 0x3099;
    }
    if (c >= 0x2776 && c <= 0x277e) {
        return '1' + (c - 0x2776);
    }
    return c == 0x309c ? 0x309a : c;
}

/* Circled and keycap numbers: "①③" must not become thirteen. */
static bool is_enclosed_number(int32_t c) {
    return (c >= 0x2460 && c <= 0x2473) || (c >= 0x2776 && c <= 0x2793) || c == 0x20e3;
}

static char *premap(struct arena *a, const char *s) {
    char *out = arena_alloc(a, strlen(s) * 3 + 4); /* a broken byte becomes three */
    size_t len = 0;
    for (int32_t c; (c = text_next(&s)) != 0;) {
        len += text_put(out + len, premap_one(c));
        int32_t next = peek(s);
        if (is_enclosed_number(c) && (is_enclosed_number(next) || (next >= '0' && next <= '9'))) {
            out[len++] = ' ';
        }
    }
    return out;
}

static char *nfkc_casefold(struct arena *a, const char *s) {
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s, 0, &mapped,
                                      UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                          UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    char *out = arena_strndup(a, n > 0 ? (const char *)mapped : "", n > 0 ? (size_t)n : 0);
    free(mapped);
    return out;
}

static bool is_space(int32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == 0x3000 || c == 0xa0;
}

/* One folded character for c, or 0 to drop it. `prev` and `next` are its unfolded neighbours. */
static int32_t fold_one(int32_t prev, int32_t c, int32_t next) {
    if (is_dash(c) && is_kana(prev) && (is_kana(next) || next == 0)) {
        c = PROLONGED;
    }
    if (c == PROLONGED) {
        bool word_goes_on = is_hiragana(prev) ? is_kana(next) : is_katakana(next);
        return word_goes_on ? PROLONGED : 0;
    }
    if (c == 0x301c || c == 0xff5e || c == 0x223c) {
        return '~';
    }
    if (c == 0x20e3 || c == 0xfe0f || c == 0xfe0e) {
        return 0;
    }
    if (c >= 0x30a1 && c <= 0x30f6) {
        return c - 0x60;
    }
    return is_dash(c) ? '-' : c;
}

char *text_fold(struct arena *a, const char *s) {
    const char *in = nfkc_casefold(a, premap(a, s));
    char *out = arena_alloc(a, strlen(in) * 2 + 8);
    size_t len = 0;
    int32_t prev = 0;
    bool gap = false;
    for (int32_t c; (c = text_next(&in)) != 0;) {
        if (is_space(c)) {
            gap = len > 0;
            prev = c;
            continue;
        }
        int32_t folded = fold_one(prev, c, peek(in));
        prev = c;
        if (!folded) {
            continue;
        }
        if (gap) {
            out[len++] = ' ';
            gap = false;
        }
        len += text_put(out + len, folded);
    }
    out[len] = '\0';
    return out;
}

static bool is_punctuation(int32_t c) {
    static const int32_t wide[] = {
        0x3001, 0x3002, 0x300c, 0x300d, 0x300e, 0x300f, 0x3010, 0x3011, 0x30fb,
        0x2026, 0x2025, 0x201c, 0x201d, 0x2018, 0x2032, 0x266a, 0x2192,
    };
    if (c < 0x80) {
        return c > 0 && strchr("!?\"#$%&()*+,-./:;<=>@[\\]^_`{|}~", (int)c) != NULL;
    }
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (c == wide[i]) {
            return true;
        }
    }
    return false;
}

static char *without_punctuation(struct arena *a, const char *folded, bool keep_spaces) {
    char *out = arena_alloc(a, strlen(folded) + 4);
    size_t len = 0;
    bool gap = false;
    for (int32_t c; (c = text_next(&folded)) != 0;) {
        if (is_space(c) || is_punctuation(c)) {
            gap = len > 0;
            continue;
        }
        if (gap && keep_spaces) {
            out[len++] = ' ';
        }
        gap = false;
        len += text_put(out + len, c == 0x2019 ? '\'' : c);
    }
    out[len] = '\0';
    return out;
}

char *text_words(struct arena *a, const char *folded) {
    return without_punctuation(a, folded, true);
}

char *text_bare(struct arena *a, const char *folded) {
    return without_punctuation(a, folded, false);
}

static bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
}

bool text_is_latin(const char *folded) {
    return is_word_byte(*folded);
}

const char *text_find(const char *in, const char *word, bool whole) {
    size_t len = strlen(word);
    for (const char *at = in; (at = strstr(at, word)) != NULL; at++) {
        if (!text_is_latin(word)) {
            return at;
        }
        bool begins = at == in || !is_word_byte(at[-1]);
        if (begins && (!whole || !is_word_byte(at[len]))) {
            return at;
        }
    }
    return NULL;
}

char *text_trim(struct arena *a, const char *s) {
    const char *at = s;
    const char *begin = NULL;
    const char *end = s;
    for (const char *here = at; *here; here = at) {
        if (!is_space(text_next(&at))) {
            begin = begin ? begin : here;
            end = at;
        }
    }
    return begin ? arena_strndup(a, begin, (size_t)(end - begin)) : arena_strdup(a, "");
}

/* Calls for the byte length of the first max clusters; *ret_all tells whether that is everything.
 */
static size_t grapheme_prefix(const char *s, size_t max, size_t *ret_count, bool *ret_all) {
    const char *at = s;
    const char *end = s;
    utf8proc_int32_t state = 0;
    int32_t prev = 0;
    size_t count = 0;
    for (int32_t c; (c = text_next(&at)) != 0; prev = c) {
        if (end == s || utf8proc_grapheme_break_stateful(prev, c, &state)) {
            if (count == max) {
                *ret_count = count;
                *ret_all = false;
                return (size_t)(end - s);
            }
            count++;
        }
        end = at;
    }
    *ret_count = count;
    *ret_all = true;
    return (size_t)(end - s);
}

size_t text_graphemes(const char *s) {
    size_t count;
    bool all;
    grapheme_prefix(s, SIZE_MAX, &count, &all);
    return count;
}

char *text_clip(struct arena *a, const char *s, size_t max_graphemes) {
    size_t count;
    bool all;
    size_t n = grapheme_prefix(s, max_graphemes, &count, &all);
    if (all || max_graphemes == 0) {
        return arena_strndup(a, s, n);
    }
    n = grapheme_prefix(s, max_graphemes - 1, &count, &all);
    return arena_printf(a, "%.*s…", (int)n, s);
}

char *text_quote(struct arena *a, const char *s, size_t max_graphemes) {
    static const char live[] = "@<>*_`~[]#!&|\\:/{}()$^+=";
    const char *in = text_clip(a, text_clean(a, s, strlen(s), 4096, NULL), max_graphemes);
    char *out = arena_alloc(a, strlen(in) * 3 + 4);
    size_t len = 0;
    for (int32_t c; (c = text_next(&in)) != 0;) {
        if (c == '\n' || c == '\t') {
            c = ' ';
        } else if (c < 0x7f && strchr(live, (int)c)) {
            c += 0xfee0; /* the full-width forms mirror ASCII */
        }
        len += text_put(out + len, c);
    }
    out[len] = '\0';
    return out;
}
