#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/attr.h"

#define REPLACEMENT       0xfffd
#define PROLONGED         0x30fc
#define JOINER            0x200d
#define MAX_COMBINING_RUN 4    /* enough for every living script; a flood is longer */
#define MAX_FOLDED_CHARS  8192 /* as many as a message has bytes: only U+FDFA and its like grow */
#define MAX_QUOTED_BYTES  200  /* one character can be as long as its writer likes */

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
        unsigned char first = (unsigned char)s[i];
        if (first > 0 && first < 0x80) { /* most of what is read */
            i++;
            continue;
        }
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

/* Apart from the joiner, whose neighbours decide. */
static bool is_unwanted(int32_t c) {
    if (c == '\n' || c == '\t') {
        return false;
    }
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || is_bidi_control(c) || c == 0xad || c == 0x34f ||
           c == 0x180e || c == 0x200b || c == 0x200c || c == 0x2028 || c == 0x2029 ||
           (c >= 0x2060 && c <= 0x2064) || (c >= 0x206a && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb);
}

/* Also the spacing voice marks: folding makes them combining ones. */
static bool is_combining(int32_t c) {
    utf8proc_category_t k = utf8proc_category(c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME || k == UTF8PROC_CATEGORY_MC ||
           c == 0x309b || c == 0x309c || c == 0xff9e || c == 0xff9f;
}

static bool is_ignorable(int32_t c) {
    return utf8proc_get_property(c)->ignorable;
}

static bool is_variation_selector(int32_t c) {
    return c >= 0xfe00 && c <= 0xfe0f;
}

static bool is_space(int32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == 0x3000 || c == 0xa0;
}

static bool is_joinable(int32_t c) {
    return c != 0 && !is_space(c) && !is_combining(c) && !is_ignorable(c);
}

/* The next code point of possibly broken text; a bad byte reads as U+FFFD. */
static int32_t read_any(const char *s, size_t n, size_t *at) {
    utf8proc_int32_t c;
    utf8proc_ssize_t step =
        utf8proc_iterate((const utf8proc_uint8_t *)s + *at, (utf8proc_ssize_t)(n - *at), &c);
    *at += step < 1 ? 1 : (size_t)step;
    return step < 1 ? REPLACEMENT : c;
}

struct cleaning {
    char *out;
    size_t len;
    size_t max_bytes;
    size_t run;   /* marks since the last character that takes part in folding */
    int32_t base; /* the last character written, variation selectors aside */
    bool joiner;  /* one was read behind `base` and waits for what it joins */
};

/* False at the limit. What is ignored in folding must not end a run: it would grow again there. */
static bool clean_one(struct cleaning *k, int32_t c) {
    if (is_unwanted(c)) {
        return true;
    }
    if (c == JOINER) {
        k->joiner = is_joinable(k->base);
        return true;
    }
    if (is_combining(c)) {
        k->run++;
    } else if (!is_ignorable(c)) {
        k->run = 0;
    }
    if (k->run > MAX_COMBINING_RUN && is_combining(c)) {
        return true;
    }
    char bytes[8];
    size_t n = k->joiner && is_joinable(c) ? text_put(bytes, JOINER) : 0;
    n += text_put(bytes + n, c);
    if (k->len + n > k->max_bytes) {
        return false;
    }
    memcpy(k->out + k->len, bytes, n);
    k->len += n;
    k->joiner = false;
    k->base = is_variation_selector(c) ? k->base : c;
    return true;
}

char *text_clean(struct arena *a, const char *s, size_t n, size_t max_bytes, bool *ret_cut) {
    struct cleaning k = {
        .out = arena_alloc(a, (n < max_bytes ? n * 3 : max_bytes) + 4),
        .max_bytes = max_bytes,
    };
    bool fits = true;
    for (size_t i = 0; fits && i < n;) {
        fits = clean_one(&k, read_any(s, n, &i));
    }
    if (ret_cut) {
        *ret_cut = !fits;
    }
    k.out[k.len] = '\0';
    return k.out;
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

static bool is_digit(int32_t c) {
    return c >= '0' && c <= '9';
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

static bool is_emoji(int32_t c) {
    return utf8proc_get_property(c)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_skin_tone(int32_t c) {
    return c >= 0x1f3fb && c <= 0x1f3ff;
}

#define FOLD_OPTIONS (UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD)

/* How many code points NFKC makes of this one. */
static size_t folded_chars(int32_t c) {
    utf8proc_int32_t parts[32]; /* 18 is the most */
    int state = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t n =
        c < 0x80 ? 1 : utf8proc_decompose_char(c, parts, ARRAY_LEN(parts), FOLD_OPTIONS, &state);
    return n > 0 ? (size_t)n : 1;
}

/*
 * Drops what is invisible. Not left to utf8proc, because a joiner between emoji stays: folded text
 * does get shown where what was typed can no longer be told, and a family is not four people.
 */
static char *premap(struct arena *a, const char *s) {
    char *out = arena_alloc(a, strlen(s) * 3 + 4); /* a broken byte becomes three */
    size_t len = 0;
    size_t chars = 0;
    int32_t base = 0;
    for (int32_t c; (c = text_next(&s)) != 0;) {
        int32_t next = peek(s);
        if (is_ignorable(c) && !(c == JOINER && is_emoji(base) && is_emoji(next))) {
            continue;
        }
        chars += folded_chars(c);
        if (chars > MAX_FOLDED_CHARS) {
            break;
        }
        base = is_skin_tone(c) ? base : c;
        len += text_put(out + len, premap_one(c));
        if (is_enclosed_number(c) && (is_enclosed_number(next) || is_digit(next))) {
            out[len++] = ' ';
        }
    }
    return out;
}

static char *nfkc_casefold(struct arena *a, const char *s) {
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s, 0, &mapped, UTF8PROC_NULLTERM | FOLD_OPTIONS);
    char *out = arena_strndup(a, n > 0 ? (const char *)mapped : "", n > 0 ? (size_t)n : 0);
    free(mapped);
    return out;
}

/* Plain ASCII, the form of every code and command, needs no tables. */
static bool is_plain(const char *s) {
    size_t n = 0;
    for (; s[n]; n++) {
        if (s[n] < ' ' || s[n] > '~') {
            return false;
        }
    }
    return n <= MAX_FOLDED_CHARS;
}

static char *lower_case(struct arena *a, const char *s) {
    char *out = arena_strdup(a, s);
    for (char *p = out; *p; p++) {
        if (*p >= 'A' && *p <= 'Z') {
            *p = (char)(*p - 'A' + 'a');
        }
    }
    return out;
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
    if (c == 0x20e3) {
        return 0;
    }
    if (c >= 0x30a1 && c <= 0x30f6) {
        return c - 0x60;
    }
    return is_dash(c) ? '-' : c;
}

char *text_fold(struct arena *a, const char *s) {
    const char *in = is_plain(s) ? lower_case(a, s) : nfkc_casefold(a, premap(a, s));
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
        return c > 0 && strchr("!?\"#$%&()*,-./:;<=>@[\\]^_`{|}~", (int)c) != NULL;
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

bool text_one_slip(const char *a, const char *b) {
    size_t n = strlen(a);
    size_t m = strlen(b);
    size_t head = 0;
    while (a[head] && a[head] == b[head]) {
        head++;
    }
    const char *x = a + head;
    const char *y = b + head;
    if (n != m) {
        return (n + 1 == m && strcmp(x, y + 1) == 0) || (m + 1 == n && strcmp(x + 1, y) == 0);
    }
    bool swapped = *x && x[1] && x[0] == y[1] && x[1] == y[0] && strcmp(x + 2, y + 2) == 0;
    return *x && (swapped || strcmp(x + 1, y + 1) == 0);
}

size_t text_match(const char *s, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(words[i]);
        if (strncmp(s, words[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

bool text_is_latin(const char *folded) {
    return is_word_byte(*folded);
}

struct text_bytes text_bytes(const char *s) {
    struct text_bytes b = {{0}};
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        b.bits[c / 64] |= UINT64_C(1) << c % 64;
    }
    return b;
}

bool text_bytes_within(const struct text_bytes *part, const struct text_bytes *in) {
    uint64_t missing = 0;
    for (size_t i = 0; i < ARRAY_LEN(in->bits); i++) {
        missing |= part->bits[i] & ~in->bits[i];
    }
    return missing == 0;
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

bool text_is_blank(const char *s) {
    while (*s) {
        if (!is_space(text_next(&s))) {
            return false;
        }
    }
    return true;
}

/* The byte length of as many whole user-perceived characters as both limits allow. */
static size_t grapheme_prefix(const char *s, size_t max, size_t max_bytes, size_t *ret_count) {
    const char *at = s;
    utf8proc_int32_t state = 0;
    int32_t prev = 0;
    size_t count = 0;
    size_t fits = 0;
    int32_t c;
    do {
        size_t here = (size_t)(at - s);
        c = text_next(&at);
        bool ends = here > 0 && (c == 0 || utf8proc_grapheme_break_stateful(prev, c, &state));
        prev = c;
        if (ends && (count == max || here > max_bytes)) {
            break;
        }
        count += ends;
        fits = ends ? here : fits;
    } while (c != 0);
    *ret_count = count;
    return fits;
}

size_t text_chars(const char *s) {
    size_t chars = 0;
    for (; *s; s++) {
        chars += ((unsigned char)*s & 0xC0) != 0x80;
    }
    return chars;
}

size_t text_graphemes(const char *s) {
    size_t count;
    grapheme_prefix(s, SIZE_MAX, SIZE_MAX, &count);
    return count;
}

size_t text_columns(const char *s) {
    size_t columns = 0;
    for (int32_t c; (c = text_next(&s)) != 0;) {
        int width = utf8proc_charwidth(c);
        columns += width > 0 ? (size_t)width : 0;
    }
    return columns;
}

size_t text_break(const char *s, size_t max_bytes) {
    size_t count;
    return grapheme_prefix(s, SIZE_MAX, max_bytes, &count);
}

static char *clip(struct arena *a, const char *s, size_t max_graphemes, size_t max_bytes) {
    static const char more[] = "…";
    size_t count;
    size_t n = grapheme_prefix(s, max_graphemes, max_bytes, &count);
    if (s[n] == '\0' || max_graphemes == 0) {
        return arena_strndup(a, s, n);
    }
    n = grapheme_prefix(s, max_graphemes - 1, max_bytes - strlen(more), &count);
    return arena_printf(a, "%.*s%s", (int)n, s, more);
}

char *text_clip(struct arena *a, const char *s, size_t max_graphemes) {
    return clip(a, s, max_graphemes, SIZE_MAX);
}

/* Letters, marks, digits and symbols: what an address can be made of. */
static bool is_word(int32_t c) {
    utf8proc_category_t k = utf8proc_category(c);
    return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_NO) ||
           (k >= UTF8PROC_CATEGORY_SM && k <= UTF8PROC_CATEGORY_SO);
}

/* "evil.example" is a link wherever it stands; "1.5" is a number. */
static bool is_link_dot(int32_t prev, int32_t c, int32_t next) {
    return c == '.' && is_word(prev) && is_word(next) && !(is_digit(prev) && is_digit(next));
}

/* Characters that any platform takes for more than themselves, in their full-width form. */
static char *without_markup(struct arena *a, const char *in, bool lines) {
    static const char live[] = "@<>*_`~[]#!&|\\:/{}()$^+=";
    char *out = arena_alloc(a, strlen(in) * 3 + 4);
    size_t len = 0;
    int32_t prev = 0;
    for (int32_t c; (c = text_next(&in)) != 0; prev = c) {
        int32_t shown = c;
        if (c == '\t' || (c == '\n' && !lines)) {
            shown = ' ';
        } else if ((c < 0x7f && strchr(live, (int)c)) || is_link_dot(prev, c, peek(in))) {
            shown = c + 0xfee0; /* the full-width forms mirror ASCII */
        }
        len += text_put(out + len, shown);
    }
    out[len] = '\0';
    return out;
}

char *text_quote(struct arena *a, const char *s, size_t max_graphemes) {
    const char *clean = text_clean(a, s, strlen(s), 4096, NULL);
    return without_markup(a, clip(a, clean, max_graphemes, MAX_QUOTED_BYTES), false);
}

char *text_defuse(struct arena *a, const char *s) {
    size_t n = strlen(s);
    return without_markup(a, text_clean(a, s, n, n, NULL), true);
}
