/*
 * What differs between the platforms a load is put on: frames, replies and where things stand in
 * them. For tests/support/load.c; nothing here is kept or checked.
 */
#ifndef KIZUKI_TESTS_SUPPORT_LOAD_PLATFORM_H
#define KIZUKI_TESTS_SUPPORT_LOAD_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

struct load_request {
    const char *path;
    const char *body; /* "" for none */
    int port;         /* the server's own */
};

/* Texts are written as snprintf does, and their length is returned. */
struct load_platform {
    const char *post;  /* the path answers are posted to */
    int post_status;   /* of the reply to it */
    const char *hello; /* the first frame */
    bool acks;         /* every message is acknowledged */
    /* The nth message of all, from that person. */
    int (*say)(int person, size_t nth, const char *line, char *out, size_t size);
    /* The message that is acknowledged, -1 for anything else; an answer to it, 0 for none. */
    long (*hear)(const char *text, char *answer, size_t size);
    /* Whom a post is for, -1 where that is not to be seen. */
    int (*person)(const char *body);
    int (*reply)(const struct load_request *request, char *out, size_t size);
};

extern const struct load_platform load_mattermost;
extern const struct load_platform load_slack;

/* The whole number behind `key`, -1 where that is not. */
long load_number(const char *text, const char *key, int base);

#endif
