#include "intents/answer.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"

#define MAX_NUMBERS 32

/* Words around numbers, in folded form; longer ones first where one begins with another. */
static const char *const joins[] = {"も", "および", "それから", "あと", "and", "plus", "や",
                                    "と", "、",     "。",       ",",    ".",   "/",    "・",
                                    "&",  "+",      ";",        ":",    " "};
static const char *const ors[] = {"もしくは", "あるいは", "または", "or", "か"};
static const char *const ranges[] = {"から", "~", "-", "to", "through"};
static const char *const fillers[] = {
    "でおねがいします",
    "でお願いします",
    "おねがいします",
    "お願いします",
    "だとおもいます",
    "だと思います",
    "とおもいます",
    "と思います",
    "ですかね",
    "ですね",
    "です",
    "だとおもう",
    "だと思う",
    "かもしれません",
    "かもしれない",
    "かもです",
    "かも",
    "かな",
    "だね",
    "だよ",
    "番目",
    "番",
    "ばん",
    "つ目",
    "つめ",
    "個目",
    "選択します",
    "選択",
    "選びます",
    "選ぶ",
    "を選",
    "だけ",
    "のみ",
    "どちらかというと",
    "かなあ",
    "かなぁ",
    "only",
    "probably",
    "にします",
    "にする",
    "のほう",
    "の方",
    "えっと",
    "えーと",
    "たぶん",
    "多分",
    "いちおう",
    "一応",
    "きっと",
    "まあ",
    "まで",
    "れべる",
    "level",
    "lv",
    "くらい",
    "ぐらい",
    "option",
    "options",
    "number",
    "numbers",
    "choice",
    "choices",
    "answer",
    "please",
    "both",
    "i think",
    "maybe",
    "just",
    "i'd say",
    "the",
    "it's",
    "で",
    "だ",
    "を",
    "が",
    "の",
    "は",
    "ね",
    "!",
    "?",
    "(",
    ")",
    "「",
    "」",
    "…",
    "\"",
    "'",
    "#",
};

static size_t match_any(const char *s, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(words[i]);
        if (strncmp(s, words[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

/* A number at s: digits (at most four), or one to twelve as kanji numerals. */
static size_t match_number(const char *s, int *ret) {
    static const char *const kanji[] = {"十二", "十一", "十", "九", "八", "七",
                                        "六",   "五",   "四", "三", "二", "一"};
    static const char *const english[] = {"one", "two",   "three", "four", "five",
                                          "six", "seven", "eight", "nine"};
    size_t n = 0;
    int value = 0;
    while (s[n] >= '0' && s[n] <= '9' && n < 4) {
        value = value * 10 + (s[n] - '0');
        n++;
    }
    if (n > 0) {
        *ret = value;
        return s[n] >= '0' && s[n] <= '9' ? 0 : n;
    }
    for (size_t i = 0; i < ARRAY_LEN(kanji); i++) {
        size_t len = strlen(kanji[i]);
        if (strncmp(s, kanji[i], len) == 0) {
            *ret = 12 - (int)i;
            return len;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(english); i++) {
        size_t len = strlen(english[i]);
        if (strncmp(s, english[i], len) == 0) {
            *ret = (int)i + 1;
            return len;
        }
    }
    return 0;
}

struct numbers {
    int items[MAX_NUMBERS];
    size_t n;
    bool either;
};

static bool add_range(struct numbers *out, int from, int to) {
    if (to < from || to - from >= MAX_NUMBERS) {
        return false;
    }
    for (int i = from; i <= to; i++) {
        if (out->n == MAX_NUMBERS) {
            return false;
        }
        out->items[out->n++] = i;
    }
    return true;
}

/* True if the whole text is numbers and the small words around them, with at least one number. */
static bool read_numbers(const char *s, struct numbers *out) {
    *out = (struct numbers){0};
    bool range = false;
    while (*s) {
        int value = 0;
        size_t n = match_number(s, &value);
        if (n > 0) {
            bool ok = range && out->n > 0 ? add_range(out, out->items[out->n - 1] + 1, value)
                                          : add_range(out, value, value);
            if (!ok) {
                return false;
            }
            range = false;
        } else if ((n = match_any(s, fillers, ARRAY_LEN(fillers))) == 0) {
            if ((n = match_any(s, ranges, ARRAY_LEN(ranges))) > 0) {
                range = true;
            } else if ((n = match_any(s, joins, ARRAY_LEN(joins))) == 0) {
                n = match_any(s, ors, ARRAY_LEN(ors));
                out->either = out->either || n > 0;
            }
        }
        if (n == 0) {
            return false;
        }
        s += n;
    }
    /* An "or" with nothing behind it ("2かな" is caught by the fillers) changes nothing; a range
     * without its end ("一から", from scratch) is no answer. */
    out->either = out->either && out->n > 1;
    return out->n > 0 && !range;
}

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

static struct answer from_numbers(const struct form_question *q, const struct numbers *numbers) {
    uint32_t mask = 0;
    for (size_t i = 0; i < numbers->n; i++) {
        int n = numbers->items[i];
        int option = q->from_zero ? n : n - 1;
        if (option < 0 || option >= (int)q->n_options) {
            return (struct answer){.kind = ANSWER_OUT_OF_RANGE, .number = n, .rest = ""};
        }
        mask |= 1u << option;
    }
    return from_mask(q, mask, numbers->either);
}

/* A segment and how it is written without spaces, both without leading and trailing fillers. */
struct segment {
    const char *spaced;
    const char *tight;
};

static bool cut_tail(char *s) {
    static const char *const tails[] = {
        "をやっています", "をやってます",
        "をしています",   "をしてます",
        "をしている",     "の担当です",
        "の仕事です",     "担当です",
        "の担当",         "の仕事",
        "があります",     "がある",
        "かな",           "です",
        "だと思います",   "と思います",
        "ですね",         "かも",
        "もあります",     "をお願いします",
        "でお願いします", " please",
        "で働いています", "で働いてます",
        "に勤めています", "に所属しています",
        "にいます",       "所属です",
        " department",    " dept",
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
    const char *rest = s + match_any(s, heads, ARRAY_LEN(heads));
    return *rest ? rest : s;
}

static struct segment make_segment(struct arena *arena, const char *s, size_t n) {
    char *words = text_words(arena, arena_strndup(arena, s, n));
    while (cut_tail(words)) {
    }
    const char *rest = skip_head(words);
    return (struct segment){.spaced = rest, .tight = text_bare(arena, rest)};
}

/*
 * How well a segment names an option: exactly (3), by a part of its label (2), or by holding one of
 * its words that makes up a third or more of what was written (1). *ret_len breaks ties.
 */
static int rate_key(const struct segment *seg, const char *key, bool is_label, size_t *ret_len) {
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
    return at && !pronoun ? 1 : 0;
}

/* The option a segment names at least that well, or -1 for none or more than one. */
static int match_segment(const struct form_question *q, const struct segment *seg, int min_rate) {
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
            int rate = rate_key(seg, q->options[o].keys.items[k], k < FORM_LABEL_KEYS, &len);
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

static size_t match_split(const char *s) {
    static const char *const splits[] = {"、", ",",     "・",     "/",  "&",
                                         "+",  " and ", "それと", "と", "や"};
    return match_any(s, splits, ARRAY_LEN(splits));
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

static struct answer from_words(struct arena *arena, const struct form_question *q,
                                const char *folded) {
    struct answer a = {.kind = ANSWER_NOT, .rest = ""};
    struct segment whole = make_segment(arena, folded, strlen(folded));
    int option = match_segment(q, &whole, 3);
    if (option < 0 && is_denied(arena, folded)) {
        return a;
    }
    option = option < 0 ? match_segment(q, &whole, 2) : option;
    if (option >= 0) {
        return from_mask(q, 1u << option, false);
    }
    const char *start = folded;
    size_t parts = 0;
    const char *rest = NULL;
    for (const char *p = folded;; p++) {
        size_t n = *p ? match_split(p) : 0;
        if (*p && n == 0) {
            continue;
        }
        struct segment seg = make_segment(arena, start, (size_t)(p - start));
        if (*seg.tight) {
            parts++;
            option = match_segment(q, &seg, 1);
            a.mask |= option >= 0 ? 1u << option : 0;
            rest = option < 0 && !rest ? seg.spaced : rest;
        }
        if (!*p) {
            break;
        }
        start = p + n;
        p = start - 1;
    }
    if (a.mask == 0 || parts < 2) {
        option = match_segment(q, &whole, 1);
        return option >= 0 ? from_mask(q, 1u << option, false)
                           : (struct answer){.kind = ANSWER_NOT, .rest = ""};
    }
    if (rest) {
        a.kind = ANSWER_PARTLY;
        a.rest = rest;
        return a;
    }
    return from_mask(q, a.mask, false);
}

struct answer answer_read(struct arena *arena, const struct form_question *q, const char *text) {
    const char *folded = text_fold(arena, text);
    struct numbers numbers;
    if (read_numbers(folded, &numbers)) {
        return from_numbers(q, &numbers);
    }
    return from_words(arena, q, folded);
}

int answer_number(struct arena *arena, const char *text) {
    struct numbers numbers;
    if (!read_numbers(text_fold(arena, text), &numbers) || numbers.n != 1) {
        return 0;
    }
    return numbers.items[0];
}

/* The one number in digits that stands in the text and counts nothing; -1 for none or several. */
static int only_number(const char *s) {
    static const char digits[] = "0123456789";
    static const char *const counted[] = {"年", "か月", "ヶ月", "月", "人", "回", "日",
                                          "時", "分",   "件",   "台", "社", "万"};
    int number = -1;
    for (s = strpbrk(s, digits); s; s = strpbrk(s, digits)) {
        int value;
        size_t n = match_number(s, &value);
        if (n == 0 || number >= 0 || match_any(s + n, counted, ARRAY_LEN(counted)) > 0) {
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
