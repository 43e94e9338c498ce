/*
 * Lists of tasks, knowledge and skills, a page at a time: of a kind, of a role, of a persona, or
 * found by a search. "More" goes on with the last one; in a channel there is only a first page.
 */
#ifndef KIZUKI_INTENTS_LISTING_H
#define KIZUKI_INTENTS_LISTING_H

#include "intents/talk.h"

/* A page of a list that may have more of them. */
struct listing_page {
    const char *again; /* request to repeat for the next page, without the offset: listing_more */
    size_t from;       /* index of the first one shown */
    size_t count;      /* of all */
    size_t size;       /* of a page */
};

/* The index behind the last one shown. */
size_t listing_page_end(const struct listing_page *p);

/* The foot of a list: how to see the rest, the id that is to be an example ("" for none), and the
 * source line. */
void listing_end_page(struct talk *t, const struct listing_page *p, const char *example);

/* `from`: index of the first item shown. kind: enum tks_kind, or -1 for all where allowed. */
void listing_kind(struct talk *t, int kind, size_t from);
void listing_role(struct talk *t, int number, int kind, size_t from);
void listing_persona(struct talk *t, const struct persona *p, int kind);
void listing_search(struct talk *t, const char *query, size_t from);

/* The next page of the last list, as kept in the session's menu_arg. */
void listing_more(struct talk *t);

#endif
