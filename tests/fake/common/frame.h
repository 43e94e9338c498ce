/* Text frames shared by all who get them, and queues of them. */
#ifndef KIZUKI_TESTS_FAKE_COMMON_FRAME_H
#define KIZUKI_TESTS_FAKE_COMMON_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
    unsigned refs;
    bool is_event;  /* Mattermost: the text ends where its number goes */
    bool is_binary; /* Slack: not a text frame */
    int fragments;
    size_t len;
    char text[];
};

struct frame_queue {
    struct frame **ring;
    size_t head;
    size_t n;
    size_t cap;
    size_t bytes;
};

struct frame *frame_new(const char *text, size_t len, bool is_event); /* one reference */
struct frame *frame_ref(struct frame *f);
void frame_unref(struct frame *f); /* f may be NULL */

void frame_queue_push(struct frame_queue *q, struct frame *f); /* takes its own reference */
struct frame *frame_queue_pop(struct frame_queue *q);          /* NULL when empty */
void frame_queue_free(struct frame_queue *q);

/* A frame of these bytes, in that many parts where there are as many bytes. */
struct frame *frame_new_in_parts(const char *bytes, size_t n, int64_t parts);

#endif
