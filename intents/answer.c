#include "intents/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "intents/numbers.h"

static struct answer from_mask(const struct form_question *q, uint32_t mask, bool either) {
    struct answer a = {.kind = ANSWER_CHOSEN, .mask = mask, .rest = ""};
    bool several = (mask & (mask - 1)) != 0;
    bool has_none = q->none_option >= 0 && (mask & (1u << q->none_option));
    if (several && either) {
        a.kind = ANSWER_EITHER;
    } else if (several && has_none) {
        a.kind = ANSWER_CONFLICT;
    } else if (several && q->kind == FORM_SINGLE) {
        a.kind = ANSWER_SEVERAL;
    }
    return a;
}

/* -1 where there is no such choice. */
static int option_at(const struct form_question *q, const struct numbers *numbers, size_t i) {
    int n = numbers->items[i];
    int count = (int)q->n_options;
    int option = numbers->counted[i] == FROM_END                    ? count - n
                 : numbers->counted[i] == FROM_TOP || !q->from_zero ? n - 1
                                                                    : n;
    return option >= 0 && option < count ? option : -1;
}

static struct answer from_numbers(const struct form_question *q, const struct numbers *numbers) {
    uint32_t mask = 0;
    if (numbers->of_two && q->n_options != 2) {
        return (struct answer){.kind = ANSWER_NOT, .rest = ""};
    }
    for (size_t i = 0; i < numbers->n; i++) {
        int option = option_at(q, numbers, i);
        if (option < 0) {
            return (struct answer){
                .kind = ANSWER_OUT_OF_RANGE, .number = numbers->items[i], .rest = ""};
        }
        mask |= 1u << option;
    }
    if (numbers->except) {
        uint32_t all =
            ((1u << q->n_options) - 1) & ~(q->none_option >= 0 ? 1u << q->none_option : 0);
        mask = all & ~mask;
    }
    return mask ? from_mask(q, mask, numbers->either)
                : (struct answer){.kind = ANSWER_NOT, .rest = ""};
}

#define MISSPELT_MIN 6 /* letters */

/* A segment and how it is written without spaces, both without leading and trailing fillers. */
struct segment {
    const char *spaced;
    const char *tight;
};

static bool cut_tail(char *s) {
    static const char *const tails[] = {
        "をやっています", "をやってます",   "をしています",   "をしてます",
        "をしている",     "をやっている",   "をやってる",     "やっています",
        "やってます",     "やっている",     "やってる",       "の担当です",
        "の仕事です",     "担当です",       "の担当",         "の仕事",
        "があります",     "がある",         "かな",           "です",
        "だと思います",   "と思います",     "ですね",         "かも",
        "もあります",     "をお願いします", "でお願いします", " please",
        "で働いています", "で働いてます",   "に勤めています", "に所属しています",
        "にいます",       "所属です",       " department",    " dept",
        " team",
    };
    size_t n = strlen(s);
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        size_t k = strlen(tails[i]);
        if (n > k && strcmp(s + n - k, tails[i]) == 0) {
            s[n - k] = '\0';
            return true;
        }
    }
    return false;
}

static const char *skip_head(const char *s) {
    static const char *const heads[] = {
        "i work in ", "i work for ", "i work at ", "i am in ", "i'm in ", "i am an ",
        "i am a ",    "i'm an ",     "i'm a ",     "the ",     "私は",    "わたしは",
    };
    const char *rest = s + text_match(s, heads, ARRAY_LEN(heads));
    return *rest ? rest : s;
}

static struct segment make_segment(struct arena *arena, const char *s, size_t n) {
    char *words = text_words(arena, arena_strndup(arena, s, n));
    while (cut_tail(words)) {
    }
    const char *rest = skip_head(words);
    return (struct segment){.spaced = rest, .tight = text_bare(arena, rest)};
}

/* Whether a long Latin word of the segment is the key but for one slip of the keyboard. */
static bool is_misspelt(struct arena *arena, const char *spaced, const char *key) {
    size_t len = strlen(key);
    if (len < MISSPELT_MIN || strspn(key, "abcdefghijklmnopqrstuvwxyz") < len) {
        return false;
    }
    for (const char *s = spaced; *s; s += strcspn(s, " "), s += strspn(s, " ")) {
        size_t n = strcspn(s, " ");
        if (*s == *key && n + 1 >= len && n <= len + 1 &&
            text_one_slip(arena_strndup(arena, s, n), key)) {
            return true;
        }
    }
    return false;
}

/*
 * How well a segment names an option: exactly (3), by a part of its label (2), or by holding one of
 * its words that makes up a third or more of what was written (1). *ret_len breaks ties.
 */
static int rate_key(struct arena *arena, const struct segment *seg, const char *key, bool is_label,
                    size_t *ret_len) {
    bool latin = text_is_latin(key);
    const char *in = latin ? seg->spaced : seg->tight;
    size_t n = strlen(in);
    size_t len = strlen(key);
    *ret_len = len;
    if (strcmp(in, key) == 0) {
        return 3;
    }
    if (is_label && n >= 6 && strstr(key, in)) {
        *ret_len = n;
        return 2;
    }
    const char *at = len * 3 >= n && len >= 2 ? text_find(in, key, true) : NULL;
    bool pronoun = latin && len == 2 && at == in; /* "it rained": no department */
    return (at && !pronoun) || (len * 3 >= n && is_misspelt(arena, in, key)) ? 1 : 0;
}

/* The option a segment names at least that well, or -1 for none or more than one. */
static int match_segment(struct arena *arena, const struct form_question *q,
                         const struct segment *seg, int min_rate) {
    int best = -1;
    int best_rate = 0;
    size_t best_len = 0;
    bool tie = false;
    if (*seg->tight == '\0') {
        return -1;
    }
    for (size_t o = 0; o < q->n_options; o++) {
        for (size_t k = 0; k < q->options[o].keys.n; k++) {
            size_t len;
            int rate = rate_key(arena, seg, q->options[o].keys.items[k], k < FORM_LABEL_KEYS, &len);
            if (rate < min_rate) {
                continue;
            }
            if (rate > best_rate || (rate == best_rate && len > best_len)) {
                tie = false;
                best = (int)o;
                best_rate = rate;
                best_len = len;
            } else if (rate == best_rate && len == best_len && best != (int)o) {
                tie = true;
            }
        }
    }
    return tie ? -1 : best;
}

/* Between the choices, and thanks around them. */
static size_t match_split(const char *s) {
    static const char *const splits[] = {"ありがとうございます",
                                         "ありがとう",
                                         "thanks",
                                         "thank you",
                                         "よろしく",
                                         "、",
                                         ",",
                                         "・",
                                         "/",
                                         "&",
                                         "+",
                                         " and ",
                                         "それと",
                                         "と",
                                         "や"};
    return text_match(s, splits, ARRAY_LEN(splits));
}

/* The bytes of a choice's word that begins at s: nothing within is a split ("と" in "アカウント").
 */
static size_t match_key(const struct form_question *q, const char *s) {
    size_t best = 0;
    for (size_t o = 0; o < q->n_options && !text_is_latin(s); o++) {
        const struct string_list *keys = &q->options[o].keys;
        for (size_t k = 0; k < keys->n; k++) {
            const char *key = keys->items[k];
            size_t n = *key == *s ? strlen(key) : 0;
            best = n > best && strncmp(s, key, n) == 0 ? n : best;
        }
    }
    return best;
}

/* "Not procurement", "why accounts": the word of a choice stands there, but is not chosen. */
static bool is_denied(struct arena *arena, const char *folded) {
    static const char *const words[] = {
        "じゃない", "ではない", "でない", "じゃなく", "以外",       "なぜ",    "なんで", "どうして",
        "ません",   "ないです", "しない", "してない", "やってない", "not",     "no",     "don't",
        "doesn't",  "isn't",    "aren't", "never",    "except",     "without", "why",    "nothing",
    };
    const char *text = text_words(arena, folded);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (text_find(text, words[i], true)) {
            return true;
        }
    }
    return false;
}

/* A number among words: "2 and accounts". */
static int numbered(struct arena *arena, const struct form_question *q, const char *segment) {
    struct numbers numbers;
    bool one = numbers_read(text_trim(arena, segment), &numbers) && numbers.n == 1;
    return one && !numbers.except && !numbers.of_two ? option_at(q, &numbers, 0) : -1;
}

/* "Ⅱ", which is folded to letters: on its own. */
static int roman(const char *folded, const char *typed) {
    static const char *const digits[] = {"i", "ii", "iii", "iv", "v", "vi"};
    for (size_t i = 0; i < ARRAY_LEN(digits); i++) {
        if (strcmp(folded, digits[i]) == 0) {
            return folded[1] || (*typed & 0x80) ? (int)i + 1 : 0;
        }
    }
    return 0;
}

static struct answer from_words(struct arena *arena, const struct form_question *q,
                                const char *folded) {
    struct answer a = {.kind = ANSWER_NOT, .rest = ""};
    struct segment whole = make_segment(arena, folded, strlen(folded));
    int option = match_segment(arena, q, &whole, 3);
    if (option < 0 && is_denied(arena, folded)) {
        return a;
    }
    option = option < 0 ? match_segment(arena, q, &whole, 2) : option;
    if (option >= 0) {
        return from_mask(q, 1u << option, false);
    }
    const char *start = folded;
    size_t parts = 0;
    uint32_t beside = 0; /* by number, which alone would have been read as one */
    const char *rest = NULL;
    for (const char *p = folded;; p++) {
        size_t n = *p ? match_split(p) : 0;
        if (*p && n == 0) {
            size_t key = match_key(q, p);
            p += key > 0 ? key - 1 : 0;
            continue;
        }
        struct segment seg = make_segment(arena, start, (size_t)(p - start));
        if (*seg.tight) {
            parts++;
            option = match_segment(arena, q, &seg, 1);
            a.mask |= option >= 0 ? 1u << option : 0;
            int number = option < 0 ? numbered(arena, q, seg.spaced) : -1;
            beside |= number >= 0 ? 1u << number : 0;
            option = number >= 0 ? number : option;
            rest = option < 0 && !rest ? seg.spaced : rest;
        }
        if (!*p) {
            break;
        }
        start = p + n;
        p = start - 1;
    }
    if (a.mask == 0 || parts < 2) { /* digits in code are none */
        option = match_segment(arena, q, &whole, 1);
        uint32_t mask = option >= 0 ? 1u << option : a.mask;
        return mask ? from_mask(q, mask, false) : (struct answer){.kind = ANSWER_NOT, .rest = ""};
    }
    a.mask |= beside;
    if (rest) {
        a.kind = ANSWER_PARTLY;
        a.rest = rest;
        return a;
    }
    return from_mask(q, a.mask, false);
}

struct answer answer_read(struct arena *arena, const struct form_question *q, const char *text) {
    const char *folded = text_fold(arena, text);
    struct numbers numbers = {.n = 1};
    numbers.items[0] = roman(folded, text);
    if (numbers.items[0] > 0 || numbers_read(folded, &numbers)) {
        return from_numbers(q, &numbers);
    }
    if (numbers_signed(folded)) {
        return (struct answer){.kind = ANSWER_NOT, .rest = ""};
    }
    return from_words(arena, q, folded);
}

int answer_number(struct arena *arena, const char *text) {
    struct numbers numbers;
    if (!numbers_read(text_fold(arena, text), &numbers) || numbers.n != 1 || numbers.except) {
        return 0;
    }
    return numbers.counted[0] == BY_NUMBER ? numbers.items[0] : 0;
}

/* The one number in digits that stands in the text and counts nothing; -1 for none or several. */
static int only_number(const char *s) {
    static const char digits[] = "0123456789";
    static const char *const counted[] = {"年", "か月", "ヶ月", "月", "人", "回", "日",
                                          "時", "分",   "件",   "台", "社", "万"};
    int number = -1;
    if (numbers_signed(s)) {
        return number;
    }
    for (s = strpbrk(s, digits); s; s = strpbrk(s, digits)) {
        int value;
        size_t n = numbers_match(s, &value);
        if (n == 0 || number >= 0 || text_match(s + n, counted, ARRAY_LEN(counted)) > 0) {
            return -1;
        }
        number = value;
        s += n;
    }
    return number;
}

/* The choices for people in IT and for others, in the questionnaire of the pack. */
static int option_of_job(const struct form_question *q, enum sense sense) {
    return form_find_option(q, sense == SENSE_IT ? "q1-it" : "q1-nonit");
}

struct answer answer_sensed(const struct form_question *q, enum sense sense, const char *folded) {
    struct answer none = {.kind = ANSWER_NOT, .rest = ""};
    int option = -1;
    if (sense == SENSE_IT || sense == SENSE_NON_IT) {
        option = option_of_job(q, sense);
    } else if (sense == SENSE_NUMBER) {
        int number = only_number(folded);
        option = q->from_zero ? number : number - 1;
    } else if (sense >= SENSE_LEVEL && sense < SENSE__COUNT && q->from_zero) {
        option = (int)sense - SENSE_LEVEL;
    }
    return option >= 0 && option < (int)q->n_options ? from_mask(q, 1u << option, false) : none;
}

bool answer_names(const struct form_question *q, const char *folded) {
    for (size_t o = 0; o < q->n_options; o++) {
        const struct string_list *keys = &q->options[o].keys;
        for (size_t k = 0; (int)o != q->none_option && k < keys->n; k++) {
            if (strlen(keys->items[k]) > 3 && text_find(folded, keys->items[k], true)) {
                return true;
            }
        }
    }
    return false;
}
