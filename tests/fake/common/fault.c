#include "tests/fake/common/fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

const char *const fault_names[FAULT__COUNT] = {
    [FAULT_NONE] = "none",
    [FAULT_STATUS] = "status",
    [FAULT_HTML] = "html",
    [FAULT_EMPTY] = "empty",
    [FAULT_CUT] = "cut",
    [FAULT_SLOW] = "slow",
    [FAULT_ENDLESS] = "endless",
    [FAULT_DROP_BEFORE] = "drop_before",
    [FAULT_DROP_AFTER] = "drop_after",
    [FAULT_SLOW_AFTER] = "slow_after",
};

bool fault_add(struct faults *fs, const struct fault *f) {
    for (size_t i = 0; i < FAULTS_MAX; i++) {
        if (fs->list[i].kind == FAULT_NONE || fs->list[i].times == 0) {
            free(fs->list[i].body);
            fs->list[i] = *f;
            return true;
        }
    }
    return false;
}

void fault_clear(struct faults *fs) {
    for (size_t i = 0; i < FAULTS_MAX; i++) {
        free(fs->list[i].body);
        fs->list[i] = (struct fault){0};
    }
}

const struct fault *fault_hit(struct faults *fs, const char *method, const char *path) {
    for (size_t i = 0; i < FAULTS_MAX; i++) {
        struct fault *f = &fs->list[i];
        if (f->kind == FAULT_NONE || f->times == 0 || !strstr(path, f->path) ||
            (f->method[0] && strcmp(f->method, method) != 0)) {
            continue;
        }
        if (f->after > 0) {
            f->after--;
            continue;
        }
        f->times -= f->times > 0;
        return f;
    }
    return NULL;
}

bool fault_lose(struct faults *fs) {
    if (fs->lose_percent == 0) {
        return false;
    }
    uint64_t x = fs->lose_state; /* xorshift64: the same seed loses the same answers */
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    fs->lose_state = x;
    return (int)((x >> 33) % 100) < fs->lose_percent;
}

static int whole_up(double x) {
    int n = (int)x;
    return (double)n < x ? n + 1 : n;
}

bool fault_rate_take(struct rate *r, int *ret_wait_s) {
    if (r->per_second <= 0) {
        return true;
    }
    double limit = r->burst + 1;
    int64_t now = clock_now_ms();
    if (now > r->at_ms) {
        r->level -= (double)(now - r->at_ms) / 1000.0 * r->per_second;
        r->level = r->level < 0 ? 0 : r->level;
    }
    r->at_ms = now;
    if (r->level + 1 <= limit) {
        r->level += 1;
        return true;
    }
    int wait = whole_up((r->level + 1 - limit) / r->per_second);
    *ret_wait_s = wait < 1 ? 1 : wait;
    return false;
}

bool fault_rate_pass(struct rate *r, struct buf *headers) {
    int wait = 0;
    bool pass = fault_rate_take(r, &wait);
    if (r->per_second > 0) {
        double limit = r->burst + 1;
        buf_addf(headers, "X-Ratelimit-Limit: %d\r\nX-Ratelimit-Remaining: %d\r\n", (int)limit,
                 (int)(limit - r->level));
        buf_addf(headers, "X-Ratelimit-Reset: %d\r\n", whole_up(r->level / r->per_second));
    }
    if (!pass) {
        buf_addf(headers, "Retry-After: %d\r\n", wait);
    }
    return pass;
}
