/*
 * Finding things by what people call them: exact names and aliases first, free text over tasks,
 * knowledge and skills second. Everything is folded once at load (see text_fold) and held in
 * memory; a linear scan of it takes microseconds, and two-character words work.
 */
#ifndef KIZUKI_CONTENT_SEARCH_H
#define KIZUKI_CONTENT_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct pack;
struct search;

/* Of things that share a name an earlier kind wins. */
enum found_kind {
    FOUND_NOTHING,
    FOUND_TOPIC,
    FOUND_ROLE,
    FOUND_PERSONA,
    FOUND_TERM,
    FOUND_TKS,
    FOUND_RESOURCE,
    FOUND_LINK,
    FOUND_EXAM
};

struct found {
    enum found_kind kind;
    size_t index; /* into the pack's list of that kind; roles: number - 1 */
};

struct search *search_build(const struct pack *pack);
void search_free(struct search *s);

/*
 * The topic, role, persona, term, or task, knowledge or skill of exactly this folded name (spaces
 * and punctuation ignored), or FOUND_NOTHING.
 */
struct found search_name(const struct search *s, const char *folded);

/* The longest name or alias of a role, or of a term, that stands in the folded text. */
struct found search_within(const struct search *s, const char *folded, bool role);

/*
 * The role whose name or alias of five or more characters stands in the folded text with at most
 * one mistake in five characters: the one with the fewest, then the longest.
 */
struct found search_near(const struct search *s, const char *folded);

/*
 * The longest name, alias or code of an exam that stands in the folded text, as it stands there;
 * NULL for none. *ret_exam is its index in pack.exams.
 */
const char *search_exam(const struct search *s, const char *folded, size_t *ret_exam);

/*
 * Topics, roles, personas, terms, resources and links with a name that holds the folded words, or
 * an alias that begins with them, each once: those called just so, then those whose name begins
 * with the words, then those that have them inside; of equals in the order of the kinds and of the
 * pack. *ret_names lives in the arena.
 */
size_t search_names(const struct search *s, struct arena *arena, const char *folded,
                    const struct found **ret_names);

/*
 * Where nothing else is found: the things of all kinds (but FOUND_EXAM) in whose name or alias the
 * folded words stand with at most one mistake in five characters, each once; the fewest mistakes
 * first, then as above. Nothing for fewer than five characters. *ret_found lives in the arena.
 */
size_t search_similar(const struct search *s, struct arena *arena, const char *folded,
                      const struct found **ret_found);

/*
 * Tasks, knowledge and skills whose texts hold the folded query, best first: a text that is the
 * query, then one that begins with it, then one that has it inside; of equals the name, then the
 * label, the hint and the theme; then in the order of the pack. Returns how many; *ret_items
 * (indexes into pack.tks) lives in the arena. An empty query finds nothing.
 */
size_t search_tks(const struct search *s, struct arena *arena, const char *folded,
                  const size_t **ret_items);

#endif
