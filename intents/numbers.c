#include "intents/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"

/* Words around numbers, in folded form; longer ones first where one begins with another. */
static const char *const joins[] = {"も", "および", "それから", "あと", "and", "plus", "や",
                                    "と", "、",     "。",       ",",    ".",   "/",    "・",
                                    "&",  "+",      ";",        ":",    " "};
static const char *const ors[] = {"もしくは", "あるいは", "それとも", "または", "or", "か"};
/* "1と2で迷う", "between 1 and 2": one of them, and it is not said which. */
static const char *const doubts[] = {
    "迷っています", "迷ってます",  "迷ってる",         "迷います", "迷う",    "迷い中",
    "悩んでいます", "悩んでます",  "悩んでる",         "悩みます", "悩む",    "どちらか",
    "どっちか",     "どっち",      "どちら",           "either",   "between", "can't decide",
    "torn",         "not sure if", "not sure whether", "not sure"};
/* Places in the list; from its end where negative. */
static const struct {
    const char *word;
    int number;
} places[] = {
    {"一番上", 1},        {"1番上", 1},       {"いちばん上", 1},   {"一番最初", 1},
    {"1番最初", 1},       {"最初", 1},        {"先頭", 1},         {"一番下", -1},
    {"1番下", -1},        {"いちばん下", -1}, {"一番最後", -1},    {"1番最後", -1},
    {"いちばん最後", -1}, {"最後", -1},       {"first", 1},        {"second", 2},
    {"third", 3},         {"fourth", 4},      {"fifth", 5},        {"sixth", 6},
    {"seventh", 7},       {"eighth", 8},      {"ninth", 9},        {"last", -1},
    {"bottom", -1},       {"top", 1},         {"いちばんうえ", 1}, {"いちばんした", -1},
};
/* Places of which there must be two. */
static const char *const formers[] = {"前者", "former"};
static const char *const latters[] = {"後者", "latter"};
/* "The top two": with the number, that many places. */
static const char *const tops[] = {"上から", "上の", "うえの", "最初の", "top ", "first "};
static const char *const ends[] = {"下から", "下の", "したの", "最後の", "bottom ", "last "};
static const char *const from_top[] = {"上から", "うえから", "最初から", "はじめから"};
static const char *const from_end[] = {"下から", "したから", "最後から", "後ろから"};
static const char *const wholes[] = {"全部",        "ぜんぶ",    "すべて",     "全て",
                                     "all of them", "all of it", "everything", "all"};
static const char *const excepts[] = {"以外",   "を除いて",   "を除く",     "を除き", "except for",
                                      "except", "apart from", "other than", "but"};
static const char *const ranges[] = {"から", "~", "-", "to", "through"};
static const char *const fillers[] = {
    "ありがとうございます",
    "ありがとうございました",
    "ありがとう",
    "ありがと",
    "よろしくおねがいします",
    "よろしくお願いします",
    "よろしく",
    "すみません",
    "thank you",
    "thanks",
    "thx",
    "cheers",
    "sorry",
    "のやつ",
    "やつ",
    "選択肢",
    "項目",
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
    "ばん目",
    "ばんめ",
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
    "is it",
    "nd",
    "rd",
    "st",
    "th",
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

/* Spelt as they sound, where nothing else is meant ("いちおう"), and as in contracts. */
static size_t match_spelt(const char *s, int *ret) {
    static const struct {
        const char *word;
        int number;
    } spelt[] = {{"いち", 1},   {"にばん", 2}, {"さんばん", 3}, {"よんばん", 4},
                 {"ごばん", 5}, {"壱", 1},     {"弐", 2},       {"参", 3}};
    static const char *const others[] = {"いちお", "いちぶ", "いちど", "いちいち"};
    size_t n = 0;
    for (size_t i = 0; n == 0 && i < ARRAY_LEN(spelt); i++) {
        n = strncmp(s, spelt[i].word, strlen(spelt[i].word)) == 0 ? strlen(spelt[i].word) : 0;
        *ret = n > 0 ? spelt[i].number : *ret;
    }
    static const char *const ordinals[] = {"目", "め"};
    n += n > 0 ? text_match(s + n, ordinals, ARRAY_LEN(ordinals)) : 0;
    return text_match(s, others, ARRAY_LEN(others)) > 0 ? 0 : n;
}

bool numbers_signed(const char *folded) {
    static const char *const signs[] = {"-", "+", "−"};
    size_t n = text_match(folded, signs, ARRAY_LEN(signs));
    return n > 0 && folded[n] >= '0' && folded[n] <= '9';
}

size_t numbers_match(const char *s, int *ret) {
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
    return match_spelt(s, ret);
}

struct number_reading {
    const char *s;
    struct numbers *out;
    bool range;
    bool whole;
    bool beside; /* a number stands right before, with nothing but a blank between */
    enum counted counted;
};

static bool add_range(struct numbers *out, int from, int to, enum counted counted) {
    if (to < from || to - from >= NUMBERS_MAX) {
        return false;
    }
    for (int i = from; i <= to; i++) {
        if (out->n == NUMBERS_MAX) {
            return false;
        }
        out->counted[out->n] = counted;
        out->items[out->n++] = i;
    }
    return true;
}

/* "First", "the last one", but neither "the first two" nor "one second"; 0 where there is none. */
static size_t match_place(const struct number_reading *r, int *ret, enum counted *ret_counted) {
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        size_t n = strlen(places[i].word);
        if (strncmp(r->s, places[i].word, n) != 0) {
            continue;
        }
        static const char *const between[] = {" ", "の"};
        int count;
        size_t one = strncmp(r->s + n, " one", 4) == 0 ? 4 : 0;
        const char *next = r->s + n + text_match(r->s + n, between, ARRAY_LEN(between));
        *ret = abs(places[i].number);
        *ret_counted = places[i].number < 0 ? FROM_END : FROM_TOP;
        return r->beside || (one == 0 && numbers_match(next, &count) > 0) ? 0 : n + one;
    }
    return 0;
}

/* "The latter", "the top two"; 0 where there is none. */
static size_t take_places(struct number_reading *r) {
    static const char *const counts[] = {"つ", "個", "こ"};
    static const char *const ordinals[] = {"目", "め"};
    size_t n = text_match(r->s, latters, ARRAY_LEN(latters));
    size_t former = text_match(r->s, formers, ARRAY_LEN(formers));
    if (n + former > 0) {
        r->out->of_two = true;
        n += strncmp(r->s + n + former, " one", 4) == 0 ? 4 : 0;
        return add_range(r->out, 1, 1, former > 0 ? FROM_TOP : FROM_END) ? n + former : 0;
    }
    enum counted counted = FROM_TOP;
    if ((n = text_match(r->s, tops, ARRAY_LEN(tops))) == 0) {
        counted = FROM_END;
        n = text_match(r->s, ends, ARRAY_LEN(ends));
    }
    int value = 0;
    size_t number = n > 0 ? numbers_match(r->s + n, &value) : 0;
    bool latin = text_is_latin(r->s);
    size_t word = latin ? 0 : text_match(r->s + n + number, counts, ARRAY_LEN(counts));
    const char *next = r->s + n + number + word;
    bool several = latin ? !text_is_latin(next)
                         : word > 0 && text_match(next, ordinals, ARRAY_LEN(ordinals)) == 0;
    return number > 0 && several && add_range(r->out, 1, value, counted) ? n + number + word : 0;
}

/* The number at r->s, in any spelling, goes to what is read. */
static size_t take_number(struct number_reading *r) {
    struct numbers *out = r->out;
    int value;
    enum counted counted = r->counted;
    size_t n = match_place(r, &value, &counted);
    n = n > 0 ? n : numbers_match(r->s, &value);
    if (n == 0) {
        return 0;
    }
    bool range = r->range && out->n > 0 && counted == BY_NUMBER;
    int from = range ? out->items[out->n - 1] + 1 : value;
    r->range = false;
    r->beside = true;
    r->counted = BY_NUMBER;
    return add_range(out, from, value, counted) ? n : 0;
}

/* A word that says how the numbers are meant. */
static size_t take_sign(struct number_reading *r) {
    size_t n = text_match(r->s, from_top, ARRAY_LEN(from_top));
    if (n > 0) {
        r->counted = FROM_TOP;
    } else if ((n = text_match(r->s, from_end, ARRAY_LEN(from_end))) > 0) {
        r->counted = FROM_END;
    } else if ((n = text_match(r->s, wholes, ARRAY_LEN(wholes))) > 0) {
        r->whole = true;
    } else if ((n = text_match(r->s, excepts, ARRAY_LEN(excepts))) > 0) {
        r->out->except = true;
    }
    return n;
}

static size_t take_small_word(struct number_reading *r) {
    size_t n = text_match(r->s, fillers, ARRAY_LEN(fillers));
    if (n > 0) {
        return n;
    }
    if ((n = text_match(r->s, doubts, ARRAY_LEN(doubts))) > 0) {
        r->out->either = true;
    } else if ((n = text_match(r->s, ranges, ARRAY_LEN(ranges))) > 0) {
        r->range = true;
    } else if ((n = text_match(r->s, joins, ARRAY_LEN(joins))) == 0) {
        n = text_match(r->s, ors, ARRAY_LEN(ors));
        r->out->either = r->out->either || n > 0;
    }
    return n;
}

/* Among two, "2, I can't decide" chooses neither; "2 or" is "2" ("2か" is how people ask back). */
static bool is_torn(const char *s) {
    for (; *s; s++) {
        if (text_match(s, doubts, ARRAY_LEN(doubts)) > 0 &&
            text_match(s, fillers, ARRAY_LEN(fillers)) == 0) {
            return true;
        }
    }
    return false;
}

bool numbers_read(const char *s, struct numbers *out) {
    *out = (struct numbers){.n = 0};
    if (numbers_signed(s)) {
        return false;
    }
    struct number_reading r = {.s = s, .out = out};
    while (*r.s) {
        bool blank = *r.s == ' ';
        size_t n = take_places(&r);
        n = n > 0 ? n : take_sign(&r);
        size_t number = n == 0 ? take_number(&r) : 0;
        n = n + number;
        n = n > 0 ? n : take_small_word(&r);
        if (n == 0) {
            return false;
        }
        r.beside = number > 0 || (r.beside && blank);
        r.s += n;
    }
    if (out->n == 1 && out->either && is_torn(s)) {
        return false;
    }
    /* An "or" with nothing behind it ("2かな" is caught by the fillers) changes nothing; a range
     * without its end ("一から", from scratch) is no answer. Nor is "all but one": which? */
    out->either = out->either && out->n > 1;
    bool except = out->except == r.whole || (out->except && !out->either);
    return out->n > 0 && !r.range && except && !strstr(s, "but one") && !strstr(s, "except one");
}

static bool take_word(const char **s, const char *const *words, size_t n) {
    size_t len = text_match(*s, words, n);
    *s += len;
    return len > 0;
}

int numbers_question(const char *tight, bool *ret_clear) {
    static const char *const hesitations[] = {"やっぱり", "やはり", "actually", "then",
                                              "please",   "では",   "じゃあ"};
    static const char *const wishes[] = {"iwantto", "iwanna",   "i'dliketo", "idliketo",
                                         "letme",   "letsgoto", "canwe",     "cani"};
    static const char *const ways[] = {"goback", "answer", "goto", "jump", "return", "backto",
                                       "redo",   "see",    "show", "to",   "me"};
    static const char *const heads[] = {"myanswertoquestion", "answertoquestion", "question", "q"};
    static const char *const marks[] = {"問目", "問め"};
    static const char *const counters[] = {"番目", "番", "つ目"};
    static const char *const tails[] = {"の答え", "の回答", "の質問"};
    static const char *const goes[] = {
        "に答えたい",       "に答える",   "に答えます", "を答えたい", "に回答したい", "に行きたい",
        "へ行きたい",       "に戻りたい", "へ戻りたい", "に戻る",     "へ戻る",       "に戻って",
        "に戻してください", "に戻して",   "をやりたい", "が答えたい", "をもう一度",   "を見せて"};
    static const char *const polite[] = {"ですけど", "んですが", "です", "ください", "please"};
    const char *s = tight;
    while (take_word(&s, hesitations, ARRAY_LEN(hesitations)) ||
           take_word(&s, wishes, ARRAY_LEN(wishes))) {
    }
    while (take_word(&s, ways, ARRAY_LEN(ways))) {
    }
    *ret_clear = take_word(&s, heads, ARRAY_LEN(heads));
    int number = 0;
    s += numbers_match(s, &number);
    *ret_clear = take_word(&s, marks, ARRAY_LEN(marks)) || *ret_clear;
    take_word(&s, counters, ARRAY_LEN(counters));
    take_word(&s, tails, ARRAY_LEN(tails));
    take_word(&s, goes, ARRAY_LEN(goes));
    take_word(&s, polite, ARRAY_LEN(polite));
    return *s == '\0' && number > 0 ? number : 0;
}
