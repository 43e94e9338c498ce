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

enum found_kind { FOUND_NOTHING, FOUND_TOPIC, FOUND_ROLE, FOUND_PERSONA, FOUND_TERM, FOUND_TKS };

struct found {
    enum found_kind kind;
    size_t index; /* into the pack's list of that kind; roles: number - 1 */
};

struct search *search_build(const struct pack *pack);
void search_free(struct search *s);

/* The thing of exactly this folded name (spaces and punctuation ignored), or FOUND_NOTHING. */
struct found search_name(const struct search *s, const char *folded);

/* The longest name or alias of a role, or of a term, that stands in the folded text. */
struct found search_within(const struct search *s, const char *folded, bool role);

/*
 * The role whose name or alias of five or more characters stands in the folded text with at most
 * one mistake in five characters: the one with the fewest, then the longest.
 */
struct found search_near(const struct search *s, const char *folded);

/*
 * Topics, roles, personas and terms with a name that holds the folded words, or an alias that
 * begins with them; in that order, each once. *ret_names lives in the arena.
 */
size_t search_names(const struct search *s, struct arena *arena, const char *folded,
                    const struct found **ret_names);

/*
 * Tasks, knowledge and skills whose texts hold the folded query, best first: exact > prefix >
 * substring of name or label, then English, hint and theme. Returns how many; *ret_items (indexes
 * into pack.tks) lives in the arena. An empty query finds nothing.
 */
size_t search_tks(const struct search *s, struct arena *arena, const char *folded,
                  const size_t **ret_items);

#endif
