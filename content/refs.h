/* Reading what most files of a pack have: references to other items, and where a statement is from.
 */
#ifndef KIZUKI_CONTENT_REFS_H
#define KIZUKI_CONTENT_REFS_H

#include "content/pack.h"

/* A list of {KEY: id, "confidence": …} that may be missing. */
struct ref_list refs_read(struct node list, const char *key);

/* The same of roles: {"id": number, "confidence": …}. */
struct ref_list refs_read_roles(struct node list);

/* How sure the item is; a fault where what is said to be from the source names no page of it. */
enum confidence refs_provenance(struct node n);

#endif
