#include "bot/mattermost/markup.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/emoji.h"

#define TEXT_MAX_BYTES ((size_t)256 * 1024)
#define KEYCAP         "\xEF\xB8\x8F\xE2\x83\xA3" /* U+FE0F U+20E3, behind a digit */
#define KEYCAP_TEN     "\xF0\x9F\x94\x9F"
#define WIDE_AT        "\xEF\xBC\xA0"
#define ZERO_WIDTH     "\xE2\x80\x8B"

/* ---- mentions ---- */

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* The bytes of the "@" at s, also a full-width one; 0 where there is none. */
static size_t at_sign(const char *s) {
    return *s == '@' ? 1 : strncmp(s, WIDE_AT, 3) == 0 ? 3 : 0;
}

/* The bytes of a mention of that name at s, 0 for none. */
static size_t mention_at(const char *text, const char *s, const char *name) {
    size_t at = at_sign(s);
    size_t n = strlen(name);
    if (at == 0 || (s > text && is_name_char(s[-1])) || strncasecmp(s + at, name, n) != 0) {
        return 0;
    }
    /* Marks behind a name end it, as they end a sentence, unless more of a name follows. */
    const char *after = s + at + n;
    return isalnum((unsigned char)after[strspn(after, "._-")]) ? 0 : at + n;
}

/* What polite people and commas put between a name and what they say to it. */
static size_t address_at(const char *s) {
    static const char *const words[] = {"さん", "ちゃん", "くん", "様", "、", ",", ":", "：", " "};
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strncmp(s + n, words[i], strlen(words[i])) == 0) {
            n += strlen(words[i]);
        }
    }
    return n;
}

bool mm_mention(struct arena *a, const char *text, const char *username, const char **ret) {
    struct buf b;
    buf_init(&b, TEXT_MAX_BYTES);
    bool found = false;
    for (const char *s = text; *s;) {
        size_t n = mention_at(text, s, username);
        found = found || n > 0;
        buf_add(&b, n > 0 ? " " : s, 1);
        s += n > 0 ? n + address_at(s + n) : 1;
    }
    *ret = text_trim(a, buf_text(&b));
    buf_free(&b);
    return found;
}

/* ---- markdown ---- */

static bool is_choice(const cJSON *choices, long number) {
    const cJSON *c;
    cJSON_ArrayForEach(c, choices) {
        const cJSON *n = json_member(c, "number");
        if (cJSON_IsNumber(n) && n->valuedouble == (double)number) {
            return true;
        }
    }
    return false;
}

/* "3. text" at the start of a line; the bytes taken, 0 where it is something else. */
static size_t add_number(struct buf *out, const char *line, const cJSON *choices) {
    char *end;
    long n = *line >= '0' && *line <= '9' ? strtol(line, &end, 10) : -1;
    if (n < 0 || (*line == '0' && n > 0) || n > 999 || end[0] != '.' || end[1] != ' ') {
        return 0;
    }
    if (n <= EMOJI_NUMBERS_MAX && is_choice(choices, n)) {
        buf_adds(out, n == EMOJI_NUMBERS_MAX ? KEYCAP_TEN : "");
        if (n < EMOJI_NUMBERS_MAX) {
            buf_addf(out, "%ld" KEYCAP, n);
        }
    } else {
        buf_addf(out, "%ld" ZERO_WIDTH ".", n); /* no list, which would swallow what follows */
    }
    return (size_t)(end - line) + 1;
}

/* Stricter than for our own name: the server takes all kinds of marks around these for their end.
 */
static bool is_crowd(const char *text, const char *s) {
    static const char *const names[] = {"all", "here", "channel"};
    const char *name = s + at_sign(s);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t n = strlen(names[i]);
        if (strncasecmp(name, names[i], n) == 0 && !isalnum((unsigned char)name[n])) {
            return s == text || !isalnum((unsigned char)s[-1]);
        }
    }
    return false;
}

static void add_line(struct buf *out, const char *line, size_t n, const cJSON *choices) {
    for (size_t i = add_number(out, line, choices); i < n; i++) {
        size_t at = at_sign(line + i);
        if (at > 0 && is_crowd(line, line + i)) {
            buf_add(out, line + i, at);
            buf_adds(out, ZERO_WIDTH);
            i += at - 1;
        } else {
            buf_add(out, line + i, 1);
        }
    }
}

/* Without control characters: a NUL or its like would be refused for ever. */
static const char *without_controls(struct arena *a, const char *text) {
    char *copy = arena_strdup(a, text);
    char *to = copy;
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= ' ' ? c != 0x7f : c == '\t' || c == '\n') {
            *to++ = *p;
        }
    }
    *to = '\0';
    return copy;
}

const char *mm_markup(struct arena *a, const char *text, const char *choices) {
    struct json_error err;
    cJSON *list = *choices ? json_parse(choices, strlen(choices), TEXT_MAX_BYTES, &err) : NULL;
    struct buf out;
    buf_init(&out, TEXT_MAX_BYTES);
    for (const char *line = without_controls(a, text);;) {
        size_t n = strcspn(line, "\n");
        add_line(&out, line, n, list);
        if (line[n] == '\0') {
            break;
        }
        buf_adds(&out, "\n");
        line += n + 1;
    }
    cJSON_Delete(list);
    const char *copy = arena_strdup(a, buf_text(&out));
    buf_free(&out);
    return copy;
}

/* ---- parts ---- */

size_t mm_split(struct arena *a, const char *text, size_t max_chars,
                const char *parts[MM_PARTS_MAX]) {
    return split_text(a, text, max_chars, parts);
}
