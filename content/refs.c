#include "content/refs.h"

struct ref_list refs_read(struct node list, const char *key) {
    size_t n = node_length(list);
    struct ref *items = arena_alloc(list.reader->arena, (n + 1) * sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        struct node at = node_item(list, i);
        items[i].id = node_text(node_member(at, key));
        items[i].confidence = node_confidence(node_member(at, "confidence"));
    }
    return (struct ref_list){.items = items, .n = n};
}

struct ref_list refs_read_roles(struct node list) {
    size_t n = node_length(list);
    struct ref *items = arena_alloc(list.reader->arena, (n + 1) * sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        struct node at = node_item(list, i);
        items[i].id = "";
        items[i].number = node_int(node_member(at, "id"), 1, PACK_ROLES);
        items[i].confidence = node_confidence(node_member(at, "confidence"));
    }
    return (struct ref_list){.items = items, .n = n};
}

enum confidence refs_provenance(struct node n) {
    enum confidence c = node_confidence(node_member(n, "confidence"));
    struct node pages = node_member(n, "source_page");
    size_t count = node_array(pages);
    if (c == CONF_SOURCE && count == 0) {
        node_fault(pages, "missing source: what is marked as source names its page");
    }
    for (size_t i = 0; i < count; i++) {
        node_int(node_item(pages, i), 1, 1000);
    }
    return c;
}
