/*
 * Unicode text as people type it: validation, cleaning, folding for comparison, clipping, and
 * making it harmless before it is echoed. Results live in the given arena.
 */
#ifndef KIZUKI_BASE_TEXT_H
#define KIZUKI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* True for well-formed UTF-8 without NUL bytes. */
bool text_valid(const char *s, size_t n);

/* The bytes in front of the first broken sequence or NUL; n where there is none. */
size_t text_valid_prefix(const char *s, size_t n);

/*
 * What may enter dialogue and database: valid UTF-8 of at most max_bytes, cut between code points.
 * Broken sequences become U+FFFD. Dropped are: control characters but newline and tab; the
 * bidirectional controls U+061C, U+200E-200F, U+202A-202E, U+2066-2069; what is invisible:
 * U+00AD, U+034F, U+180E, U+200B-200C, U+2028-2029, U+2060-2064, U+206A-206F, U+FEFF, U+FFF9-FFFB;
 * U+200D where it does not stand between two visible characters that are no marks (variation
 * selectors in between aside); and of a run of combining marks, half- and full-width voice marks
 * counted in, all but four. Ignorable characters that stay do not end such a run. *ret_cut (may
 * be NULL) tells whether something was cut off at the end.
 */
char *text_clean(struct arena *a, const char *s, size_t n, size_t max_bytes, bool *ret_cut);

/*
 * Folds cleaned text for comparison: NFKC and case (utf8proc), katakana to hiragana, dashes between
 * kana to the prolonged sound mark, that mark dropped at the end of a word, wave dashes to '~',
 * keycaps and all ignorable characters dropped but joiners between emoji, white space collapsed and
 * trimmed. Ends where NFKC reaches 8192 code points.
 */
char *text_fold(struct arena *a, const char *s);

/*
 * The words of a folded text: punctuation becomes a space (an apostrophe inside a word stays), or
 * spaces and punctuation go altogether. For comparing names and phrases.
 */
char *text_words(struct arena *a, const char *folded);
char *text_bare(struct arena *a, const char *folded);

/* Which bytes occur in a text. What has a byte that the text has not is not to be found there. */
struct text_bytes {
    uint64_t bits[4];
};

struct text_bytes text_bytes(const char *s);

/* Whether all bytes of `part` occur in `in`. */
bool text_bytes_within(const struct text_bytes *part, const struct text_bytes *in);

/*
 * The first place of a folded word in a folded text, or NULL. Japanese is found anywhere; in Latin
 * script a word begins where it is found and, with `whole`, ends there too.
 */
const char *text_find(const char *in, const char *word, bool whole);
/* Whether a byte too many, too few, wrong, or two in the wrong order tell a from b. */
bool text_one_slip(const char *a, const char *b);

/* The bytes of the first of the words that s begins with; 0 for none. */
size_t text_match(const char *s, const char *const *words, size_t n);
bool text_is_latin(const char *folded); /* begins with a-z, 0-9 or an apostrophe */

/* Without white space at both ends; whether nothing would be left. */
char *text_trim(struct arena *a, const char *s);
bool text_is_blank(const char *s);

/* Code points, and user-perceived characters. */
size_t text_chars(const char *s);
size_t text_graphemes(const char *s);

/* Columns on a terminal, one or two a character; what is ambiguous counts one. */
size_t text_columns(const char *s);

/* The end of the last whole user-perceived character within the first max_bytes bytes. */
size_t text_break(const char *s, size_t max_bytes);

/* Clips to max user-perceived characters, with "…" as the last one where something was cut. */
char *text_clip(struct arena *a, const char *s, size_t max_graphemes);

/*
 * Echoed user text: one line, cleaned, clipped to that many user-perceived characters and to 200
 * bytes (whole characters, with "…" where something was cut), then every character that any
 * platform reads as markup, mention, link or emoji code replaced by its full-width form, which is
 * up to three times as long. A dot inside a word is one of these ("evil.example"), unless it
 * stands between two digits.
 */
char *text_quote(struct arena *a, const char *s, size_t max_graphemes);

/*
 * A text of a person's given back in full: as text_quote, but with its lines and nothing cut off.
 */
char *text_defuse(struct arena *a, const char *s);

/* Reads the code point at *s (valid UTF-8) and moves *s behind it; 0 at the end. */
int32_t text_next(const char **s);

/* Appends the code point to a buffer of at least 4 bytes; the number of bytes written. */
size_t text_put(char *out, int32_t c);

#endif
