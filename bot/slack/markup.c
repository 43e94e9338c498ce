#include "bot/slack/markup.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

#define KEYCAP      "\uFE0F\u20E3" /* behind a digit */
#define ELLIPSIS    "…"
#define ZERO_WIDTH  "\u200B"
#define SOFT_HYPHEN "\u00AD"
#define WIDE_SPACE  "\u3000"
#define SPARE_BYTES ((size_t)64)

static bool begins(const char *s, const char *with) {
    return strncmp(s, with, strlen(with)) == 0;
}

/* The bytes of one character of UTF-8. */
static size_t char_len(const char *s) {
    size_t n = 1;
    while (((unsigned char)s[n] & 0xC0) == 0x80) {
        n++;
    }
    return n;
}

static const char *taken(struct arena *a, struct buf *b) {
    const char *text = arena_strdup(a, buf_text(b));
    buf_free(b);
    return text;
}

/* ---- from Slack ---- */

static const struct emoji {
    const char *name;
    const char *is;
} emojis[] = {
    {"zero", "0" KEYCAP},
    {"one", "1" KEYCAP},
    {"two", "2" KEYCAP},
    {"three", "3" KEYCAP},
    {"four", "4" KEYCAP},
    {"five", "5" KEYCAP},
    {"six", "6" KEYCAP},
    {"seven", "7" KEYCAP},
    {"eight", "8" KEYCAP},
    {"nine", "9" KEYCAP},
    {"keycap_ten", "🔟"},
    {"+1", "👍"},
    {"thumbsup", "👍"},
    {"-1", "👎"},
    {"thumbsdown", "👎"},
    {"ok_hand", "👌"},
    {"wave", "👋"},
    {"clap", "👏"},
    {"pray", "🙏"},
    {"raised_hands", "🙌"},
    {"hand", "✋"},
    {"raised_hand", "✋"},
    {"ok_woman", "🙆"},
    {"ok_man", "🙆"},
    {"woman-gesturing-ok", "🙆"},
    {"man-gesturing-ok", "🙆"},
    {"no_good", "🙅"},
    {"woman-gesturing-no", "🙅"},
    {"man-gesturing-no", "🙅"},
    {"o", "⭕"},
    {"x", "❌"},
    {"white_check_mark", "✅"},
    {"heavy_check_mark", "✔"},
    {"ballot_box_with_check", "☑"},
};

/* The bytes of an emoji's name in colons, with the colour of its skin; 0 where there is none. */
static size_t add_emoji(struct buf *b, const char *s) {
    static const char skin[] = ":skin-tone-";
    size_t n = strcspn(s + 1, ": \n");
    if (s[n + 1] != ':') {
        return 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(emojis); i++) {
        if (strlen(emojis[i].name) == n && strncmp(s + 1, emojis[i].name, n) == 0) {
            buf_adds(b, emojis[i].is);
            const char *after = s + n + 2;
            size_t more = sizeof(skin) - 1;
            bool tone = begins(after, skin) && isdigit((unsigned char)after[more]) &&
                        after[more + 1] == ':';
            return n + 2 + (tone ? more + 2 : 0);
        }
    }
    return 0;
}

/* The bytes of an entity, 0 where there is none: Slack has these three and no others. */
static size_t add_entity(struct buf *b, const char *s, size_t n) {
    static const struct {
        const char *name;
        const char *is;
    } entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
    for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
        size_t len = strlen(entities[i].name);
        if (len <= n && memcmp(s, entities[i].name, len) == 0) {
            buf_adds(b, entities[i].is);
            return len;
        }
    }
    return 0;
}

static void add_decoded(struct buf *b, const char *s, size_t n) {
    for (size_t i = 0; i < n;) {
        size_t len = s[i] == '&' ? add_entity(b, s + i, n - i) : 0;
        if (len == 0) {
            buf_add(b, s + i, 1);
        }
        i += len > 0 ? len : 1;
    }
}

/* What stands between < and >: its part in front of the bar and its label, which may be missing. */
struct token {
    const char *what;
    size_t n;
    const char *label;
    size_t n_label;
};

/* The bytes of a token with its brackets, 0 for none: a real bracket would have been escaped. */
static size_t token_at(const char *s, struct token *ret) {
    size_t n = strcspn(s + 1, "<>\n");
    if (n == 0 || s[1] == ' ' || s[n + 1] != '>') {
        return 0;
    }
    const char *bar = memchr(s + 1, '|', n);
    ret->what = s + 1;
    ret->n = bar ? (size_t)(bar - ret->what) : n;
    ret->label = bar ? bar + 1 : s + 1 + n;
    ret->n_label = (size_t)(s + 1 + n - ret->label);
    return n + 2;
}

/* "@" or "#" with the label where there is one; Slack writes the sign in some labels already. */
static void add_name(struct buf *b, const char *sign, const struct token *t, size_t skip) {
    bool signed_label = t->n_label > 0 && t->label[0] == sign[0];
    buf_adds(b, signed_label ? "" : sign);
    if (t->n_label > 0) {
        add_decoded(b, t->label, t->n_label);
    } else {
        add_decoded(b, t->what + skip, t->n - skip);
    }
}

static bool says(const struct token *t, const char *with) {
    return t->n >= strlen(with) && begins(t->what, with);
}

static void add_special(struct buf *b, const struct token *t) {
    static const char group[] = "!subteam^";
    static const char *const crowds[] = {"!here", "!channel", "!everyone", "!group"};
    if (says(t, group)) {
        add_name(b, "@", t, sizeof(group) - 1);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(crowds); i++) {
        if (says(t, crowds[i])) {
            buf_adds(b, "@");
            buf_adds(b, crowds[i] + 1);
            return;
        }
    }
    add_decoded(b, t->label, t->n_label); /* a date and what may come: what is shown instead */
}

static void add_link(struct buf *b, const struct token *t) {
    static const char *const schemes[] = {"mailto:", "tel:"};
    size_t skip = 0;
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        skip = says(t, schemes[i]) ? strlen(schemes[i]) : skip;
    }
    if (t->n_label > 0) {
        add_decoded(b, t->label, t->n_label);
    } else {
        add_decoded(b, t->what + skip, t->n - skip);
    }
}

/* What polite people and commas put between a name and what they say to it. */
static size_t address_at(const char *s) {
    static const char *const words[] = {"さん", "ちゃん", "くん", "様", "、", ",", ":", "：", " "};
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        n += begins(s + n, words[i]) ? strlen(words[i]) : 0;
    }
    return n;
}

/* The bytes of the token at s, and of what belongs to it; 0 where there is none. */
static size_t add_token(struct buf *b, const char *s, const char *bot_user, bool *mentioned) {
    struct token t;
    size_t n = token_at(s, &t);
    if (n == 0) {
        return 0;
    }
    size_t len = strlen(bot_user);
    if (*t.what == '@' && len > 0 && t.n == len + 1 && memcmp(t.what + 1, bot_user, len) == 0) {
        *mentioned = true;
        buf_adds(b, " ");
        return n + address_at(s + n);
    }
    switch (*t.what) {
    case '@':
        add_name(b, "@", &t, 1);
        break;
    case '#':
        add_name(b, "#", &t, 1);
        break;
    case '!':
        add_special(b, &t);
        break;
    default:
        add_link(b, &t);
    }
    return n;
}

const char *slack_plain(struct arena *a, const char *text, const char *bot_user,
                        bool *ret_mentioned) {
    struct buf b;
    buf_init(&b, 2 * strlen(text) + SPARE_BYTES);
    *ret_mentioned = false;
    for (const char *s = text; *s;) {
        size_t n = 0;
        if (*s == '<') {
            n = add_token(&b, s, bot_user, ret_mentioned);
        } else if (*s == '&') {
            n = add_entity(&b, s, strnlen(s, 5));
        } else if (*s == ':') {
            n = add_emoji(&b, s);
        }
        if (n == 0) {
            buf_add(&b, s, 1);
        }
        s += n > 0 ? n : 1;
    }
    return text_trim(a, taken(a, &b));
}

/* ---- to Slack ---- */

/* Most texts: the only control characters are new lines. */
static bool is_clean(const char *text) {
    const char *p = text;
    while ((unsigned char)*p >= ' ' ? *p != 0x7f && (unsigned char)*p != 0xC2 : *p == '\n') {
        p++;
    }
    return *p == '\0' && !strstr(text, "****");
}

/*
 * Without control characters, which say nothing and may be refused, and without bold text that is
 * empty: what stands on both sides of it would meet afterwards.
 */
static const char *cleaned(struct arena *a, const char *text) {
    if (is_clean(text)) {
        return text;
    }
    char *copy = arena_strdup(a, text);
    char *to = copy;
    for (const char *p = text; *p;) {
        size_t n = char_len(p);
        unsigned char c = (unsigned char)*p;
        bool c1 = c == 0xC2 && (unsigned char)p[1] < 0xA0;
        if (c >= ' ' ? c != 0x7f && !c1 : c == '\t' || c == '\n') {
            memmove(to, p, n);
            to += n;
        }
        if (to - copy >= 4 && memcmp(to - 4, "****", 4) == 0) {
            to -= 4;
        }
        p += n;
    }
    *to = '\0';
    return copy;
}

static void add_escaped(struct buf *b, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        switch (s[i]) {
        case '&':
            buf_adds(b, "&amp;");
            break;
        case '<':
            buf_adds(b, "&lt;");
            break;
        case '>':
            buf_adds(b, "&gt;");
            break;
        default:
            buf_add(b, s + i, 1);
        }
    }
}

/*
 * What looks like a mark of Slack's and means nothing, "" where there is no mark. There is no
 * escape for them, U+200B beside them does not stop them, and some work in full width, too.
 */
static const char *lookalike(const char *s) {
    static const char *const pairs[][2] = {{"*", "∗"}, {"＊", "﹡"}, {"_", "ˍ"}, {"＿", "ˍ"},
                                           {"~", "∼"}, {"`", "ˋ"},   {"｀", "ˋ"}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (begins(s, pairs[i][0])) {
            return pairs[i][1];
        }
    }
    return "";
}

/* An underscore in a name like this_one is no mark. */
static bool is_inside(const char *line, const char *s) {
    return *s == '_' && s > line && isalnum((unsigned char)s[-1]) && isalnum((unsigned char)s[1]);
}

/* The bytes of a web address, which has to stay as it is; 0 for none. */
static size_t address_len(const char *s) {
    size_t scheme = begins(s, "https://") ? 8 : begins(s, "http://") ? 7 : 0;
    size_t n = scheme;
    while (scheme > 0 && s[n] > ' ' && s[n] < 0x7f && !strchr("<>\"'`*|\\^{}", s[n])) {
        n++;
    }
    return n > scheme ? n : 0;
}

/* Without brackets it still reaches people where Slack is told to look for names. */
static bool is_crowd(const char *s) {
    static const char *const names[] = {"here", "channel", "everyone", "group"};
    for (size_t i = 0; *s == '@' && i < ARRAY_LEN(names); i++) {
        if (strncasecmp(s + 1, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* The bytes of a space, 0 for none. */
static size_t space_at(const char *s) {
    return *s == ' ' || *s == '\t' ? 1 : begins(s, WIDE_SPACE) ? strlen(WIDE_SPACE) : 0;
}

/* The bytes of a space that ends in front of `end`, 0 for none. */
static size_t space_before(const char *start, const char *end) {
    size_t wide = strlen(WIDE_SPACE);
    if ((size_t)(end - start) >= wide && memcmp(end - wide, WIDE_SPACE, wide) == 0) {
        return wide;
    }
    return end > start && (end[-1] == ' ' || end[-1] == '\t') ? 1 : 0;
}

/* The bytes in front of the first one that needs a closer look, or of `end`. */
static size_t plain_len(const char *s, const char *end) {
    size_t n = strcspn(s, "*_~`&<>@h\n\xEF"); /* h: addresses, EF: full width */
    return n < (size_t)(end - s) ? n : (size_t)(end - s);
}

/* One character, or a web address, as it was written; the bytes of it. */
static size_t add_word(struct buf *b, const char *line, const char *s) {
    size_t address = address_len(s);
    size_t n = address > 0 ? address : char_len(s);
    const char *other = address > 0 || is_inside(line, s) ? "" : lookalike(s);
    if (*other) {
        buf_adds(b, other);
    } else {
        add_escaped(b, s, n);
    }
    if (is_crowd(s)) {
        buf_adds(b, ZERO_WIDTH);
    }
    return n;
}

/* From s to end, as it was written. *first: nothing but spaces was added to the line before. */
static void add_words(struct buf *b, const char *line, const char *s, const char *end,
                      bool *first) {
    while (s < end) {
        if (*first && (*s == '>' || begins(s, "＞"))) {
            buf_adds(b, SOFT_HYPHEN); /* or it would be a quotation */
        }
        *first = *first && space_at(s) > 0;
        size_t plain = *first ? 0 : plain_len(s, end);
        buf_add(b, s, plain);
        s += plain > 0 ? plain : add_word(b, line, s);
    }
}

/* Letters and digits; what else touches the inner side of a mark may make Slack overlook it. */
static bool is_letter(const char *s) {
    int32_t c = text_next(&s);
    bool sign = c < 0xC0 || (c >= 0x2000 && c < 0x3040 && c != 0x3005) || c == 0x30FB ||
                (c >= 0xFF00 && c < 0xFF10) || (c >= 0xFF1A && c < 0xFF21) ||
                (c >= 0xFF3B && c < 0xFF41) || (c >= 0xFF5B && c < 0xFF66) ||
                (c >= 0x1F000 && c < 0x20000);
    return c < 0x80 ? isalnum((int)c) != 0 : !sign;
}

/* From s to end in bold; `after`: what follows in the text. */
static void add_bold(struct buf *b, const char *line, const char *s, const char *end,
                     const char *after, bool *first) {
    size_t n;
    for (; s < end && (n = space_at(s)) > 0; s += n) {
        buf_add(b, s, n);
    }
    const char *last = end;
    while (last > s && (n = space_before(s, last)) > 0) {
        last -= n;
    }
    if (s == last) {
        return;
    }
    const char *all = buf_text(b);
    bool edge = b->len == 0 || all[b->len - 1] == '\n' || space_before(all, all + b->len) > 0;
    const char *letter = last - 1;
    while (((unsigned char)*letter & 0xC0) == 0x80) {
        letter--;
    }
    after = last < end ? last : after;
    buf_adds(b, edge ? "*" : ZERO_WIDTH "*"); /* Japanese has no spaces there */
    buf_adds(b, is_letter(s) ? "" : ZERO_WIDTH);
    *first = false;
    add_words(b, line, s, last, first);
    buf_adds(b, is_letter(letter) ? "*" : ZERO_WIDTH "*");
    edge = *after == '\0' || *after == '\n' || space_at(after) > 0;
    buf_adds(b, edge ? "" : ZERO_WIDTH);
    buf_add(b, last, (size_t)(end - last));
}

/* How many marks of bold text there are; a last one without a partner is none. */
static size_t count_marks(const char *text) {
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (p[0] == '*' && p[1] == '*') {
            n++;
            p++;
        }
    }
    return n - n % 2;
}

/* Bold text ends with its line on Slack, and goes on in the next one. */
static void add_line(struct buf *b, const char *line, const char *end, size_t *marks) {
    bool first = true;
    for (const char *s = line;;) {
        const char *mark = *marks > 0 ? memmem(s, (size_t)(end - s), "**", 2) : NULL;
        const char *stop = mark ? mark : end;
        const char *after = stop < end ? stop + 2 : end;
        if (*marks % 2 == 1) {
            add_bold(b, line, s, stop, after, &first);
        } else {
            add_words(b, line, s, stop, &first);
        }
        if (stop == end) {
            return;
        }
        *marks -= 1;
        s = after;
    }
}

const char *slack_mrkdwn(struct arena *a, const char *text) {
    struct buf b;
    buf_init(&b, 8 * strlen(text) + SPARE_BYTES);
    const char *line = cleaned(a, text);
    size_t marks = count_marks(line);
    for (;;) {
        const char *end = line + strcspn(line, "\n");
        add_line(&b, line, end, &marks);
        if (*end == '\0') {
            return taken(a, &b);
        }
        buf_adds(&b, "\n");
        line = end + 1;
    }
}

const char *slack_literal(struct arena *a, const char *text) {
    struct buf b;
    buf_init(&b, 5 * strlen(text) + SPARE_BYTES);
    const char *s = cleaned(a, text);
    size_t marks = count_marks(s);
    for (; *s; s++) {
        if (marks > 0 && s[0] == '*' && s[1] == '*') {
            marks--;
            s++;
        } else {
            add_escaped(&b, s, 1);
        }
    }
    return taken(a, &b);
}

/* The beginning of an entity that the first n bytes would cut, n where there is none. */
static size_t before_entity(const char *s, size_t n) {
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;"};
    for (size_t back = 1; back < 5 && back <= n; back++) {
        for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
            if (strlen(entities[i]) > back && begins(s + n - back, entities[i])) {
                return n - back;
            }
        }
    }
    return n;
}

const char *slack_clip(struct arena *a, const char *text, size_t max_chars, bool *ret_cut) {
    size_t kept = 0; /* bytes, with the ellipsis behind */
    size_t n = 0;
    size_t chars = 0;
    *ret_cut = false;
    if (strlen(text) <= max_chars) {
        return arena_strdup(a, text);
    }
    for (; text[n] && chars < max_chars; chars++) {
        kept = chars + 1 < max_chars ? n + char_len(text + n) : kept;
        n += char_len(text + n);
    }
    *ret_cut = text[n] != '\0';
    if (!*ret_cut) {
        return arena_strdup(a, text);
    }
    size_t whole = text_break(text, kept);
    kept = before_entity(text, whole > 0 ? whole : kept);
    return max_chars > 0 ? arena_printf(a, "%.*s" ELLIPSIS, (int)kept, text) : "";
}
