#include "intents/language.h"

#include <string.h>

#include "base/text.h"

#define LINES_MIN 2 /* in a row */
#define WORDS_MIN 2
#define KANJI_MIN 4 /* fewer may be a name that is looked up */

static bool is_letter(int32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'';
}

static bool is_kana(int32_t c) {
    return (c >= 0x3041 && c <= 0x30ff) || (c >= 0xff66 && c <= 0xff9f);
}

static bool is_kanji(int32_t c) {
    return c >= 0x4e00 && c <= 0x9fff;
}

bool language_of(const char *text, enum lang *ret) {
    bool markup = strpbrk(text, "<>{}`") != NULL;
    size_t kana = 0;
    size_t kanji = 0;
    size_t words = 0;
    size_t letters = 0;
    size_t small = 0; /* letters that are not capitals, as in "PC" */
    size_t plain = 0;
    for (int32_t c; (c = text_next(&text)) != 0;) {
        kana += is_kana(c);
        kanji += is_kanji(c);
        letters = is_letter(c) ? letters + 1 : 0;
        words += letters == 2;
        small = c >= 'a' && c <= 'z' ? small + 1 : 0;
        plain += small == 2;
    }
    if (kana > 0 && plain >= WORDS_MIN) {
        return false;
    }
    *ret = kana + kanji > 0 ? LANG_JA : LANG_EN;
    return kana > 0 || kanji >= KANJI_MIN || (kanji == 0 && words >= WORDS_MIN && !markup);
}

void language_hear(struct talk *t) {
    enum lang lang;
    struct session *s = t->s;
    if (s->other_lines == LANGUAGE_SUGGESTED || !language_of(t->event->text, &lang)) {
        return;
    }
    s->other_lines = lang == s->lang ? 0 : s->other_lines + 1;
    if (s->other_lines >= LINES_MIN && !t->urgent) {
        talk_line(t, MSG_LANGUAGE_SUGGEST);
        s->other_lines = LANGUAGE_SUGGESTED;
    }
}
