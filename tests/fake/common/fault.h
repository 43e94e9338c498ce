/* What is made to go wrong with HTTP: planned faults, lost answers, refusals and the rate limit. */
#ifndef KIZUKI_TESTS_FAKE_COMMON_FAULT_H
#define KIZUKI_TESTS_FAKE_COMMON_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FAULTS_MAX 32

enum fault_kind {
    FAULT_NONE,
    FAULT_STATUS,      /* this status and body instead */
    FAULT_HTML,        /* a proxy's 502 page instead */
    FAULT_EMPTY,       /* the status without the body */
    FAULT_CUT,         /* less body than announced, then the end */
    FAULT_SLOW,        /* everything happens later */
    FAULT_ENDLESS,     /* a body without end */
    FAULT_DROP_BEFORE, /* closed, nothing done */
    FAULT_DROP_AFTER,  /* done, closed without an answer */
    FAULT_SLOW_AFTER,  /* done at once, answered later */
    FAULT__COUNT
};

extern const char *const fault_names[FAULT__COUNT];

struct fault {
    enum fault_kind kind; /* FAULT_NONE: a free place */
    char path[128];       /* part of the path; "" is in every one */
    char method[8];       /* "" is every one */
    int after;            /* so many matching requests pass first */
    int times;            /* -1: until cleared */
    int status;
    int retry_after; /* seconds; 0: none */
    int64_t ms;
    char content_type[64];
    char *body; /* malloc'd or NULL */
};

struct refusal {
    int status;
    int times;
    int retry_after;
    char location[256];
};

struct rate {
    double per_second; /* 0: off */
    double burst;
    double level; /* what is used of burst + 1 */
    int64_t at_ms;
};

struct faults {
    struct fault list[FAULTS_MAX];
    struct refusal refusal; /* of upgrades */
    struct rate rate;
    int lose_percent;
    uint64_t lose_state;
};

/* Plans it; false when there is no place left. Takes over f->body then. */
bool fault_add(struct faults *fs, const struct fault *f);
void fault_clear(struct faults *fs);

/* The fault that hits this request, used up once; the result is valid until the next change. */
const struct fault *fault_hit(struct faults *fs, const char *method, const char *path);

/* True for that part of the answers that is to be lost. */
bool fault_lose(struct faults *fs);

/* Takes one token; false: none is there for that many seconds. */
bool fault_rate_take(struct rate *r, int *ret_wait_s);

/* The same in Mattermost's words: appends the X-Ratelimit headers; false: refuse with 429. */
bool fault_rate_pass(struct rate *r, struct buf *headers);

#endif
