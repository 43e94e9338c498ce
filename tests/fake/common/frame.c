#include "tests/fake/common/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct frame *frame_new(const char *text, size_t len, bool is_event) {
    struct frame *f = xmalloc(sizeof(*f) + len + 1);
    f->refs = 1;
    f->is_event = is_event;
    f->is_binary = false;
    f->fragments = 1;
    f->len = len;
    memcpy(f->text, text, len);
    f->text[len] = '\0';
    return f;
}

struct frame *frame_ref(struct frame *f) {
    f->refs++;
    return f;
}

void frame_unref(struct frame *f) {
    if (f && --f->refs == 0) {
        free(f);
    }
}

void frame_queue_push(struct frame_queue *q, struct frame *f) {
    if (q->n == q->cap) {
        size_t cap = q->cap ? q->cap * 2 : 16;
        struct frame **ring = xmalloc(cap * sizeof(struct frame *));
        for (size_t i = 0; i < q->n; i++) {
            ring[i] = q->ring[(q->head + i) % q->cap];
        }
        free(q->ring);
        q->ring = ring;
        q->cap = cap;
        q->head = 0;
    }
    q->ring[(q->head + q->n++) % q->cap] = frame_ref(f);
    q->bytes += f->len;
}

struct frame *frame_queue_pop(struct frame_queue *q) {
    if (q->n == 0) {
        return NULL;
    }
    struct frame *f = q->ring[q->head];
    q->head = (q->head + 1) % q->cap;
    q->n--;
    q->bytes -= f->len;
    return f;
}

void frame_queue_free(struct frame_queue *q) {
    for (struct frame *f; (f = frame_queue_pop(q)) != NULL;) {
        frame_unref(f);
    }
    free(q->ring);
    *q = (struct frame_queue){0};
}

struct frame *frame_new_in_parts(const char *bytes, size_t n, int64_t parts) {
    struct frame *f = frame_new(bytes, n, false);
    f->fragments = parts < 1 ? 1 : parts > (int64_t)n ? (int)n + !n : (int)parts;
    return f;
}
