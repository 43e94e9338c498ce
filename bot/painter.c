#include "bot/painter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/paint/child.h"

#define AT_ONCE 2

struct job {
    struct job *next;
    char *json;
    painter_done *done;
    void *ctx;
    int64_t id;
};

/* A place for a child. */
struct easel {
    struct painter *painter;
    struct job *job; /* NULL: free */
    struct paint_child child;
    struct loop_timer *limit;
};

struct painter {
    char *program;
    int64_t limit_ms;
    int epoll; /* the loop closes it */
    struct easel easels[AT_ONCE];
    struct job *first; /* those that wait, in turn */
    struct job **last;
    struct loop_timer *begin;
    const char *told; /* which package is missing, as was said already */
};

static void begin_jobs(void *ctx);

static void free_job(struct job *job) {
    free(job->json);
    free(job);
}

/* ---- one job ---- */

/* What a package would mend fails every time and is said once. */
static void log_failure(struct painter *p, const char *why) {
    bool known = p->told == why;
    if (paint_wants_package(why)) {
        p->told = why;
    }
    if (!known) {
        log_warn("a picture cannot be painted; its text goes out alone", "why", why);
    }
}

/* The job is over before anybody hears of it: they may ask for the next one. */
static void end_job(struct painter *p, struct job *job, const struct buf *png, const char *why) {
    if (why) {
        log_failure(p, why);
    }
    job->done(job->ctx, job->id, why ? NULL : png->p, why ? 0 : png->len);
    free_job(job);
}

static void finish(struct easel *e) {
    struct job *job = e->job;
    struct painter *p = e->painter;
    loop_timer_clear(e->limit);
    const char *why = paint_child_end(&e->child); /* closed, it leaves the epoll, too */
    struct buf png = e->child.out;
    e->job = NULL;
    end_job(p, job, &png, why);
    buf_free(&png);
    loop_timer_set(p->begin, 0);
}

static void on_limit(void *ctx) {
    struct easel *e = ctx;
    paint_child_kill(&e->child);
}

static bool watch(const struct painter *p, int fd, uint64_t what) {
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = what};
    return epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev) == 0;
}

/* Each child is two descriptors: 2 i for its picture and 2 i + 1 for its end. */
static bool begin_job(struct painter *p, size_t i, struct job *job) {
    struct easel *e = &p->easels[i];
    if (paint_child_start(p->program, job->json, &e->child) != 0) {
        return false;
    }
    e->job = job;
    loop_timer_set(e->limit, p->limit_ms);
    if (!watch(p, e->child.png, 2 * i) || !watch(p, e->child.ended, 2 * i + 1)) {
        loop_timer_clear(e->limit);
        paint_child_kill(&e->child);
        (void)paint_child_end(&e->child);
        buf_free(&e->child.out);
        e->job = NULL;
        return false;
    }
    return true;
}

static void on_ready(void *ctx) {
    struct painter *p = ctx;
    struct epoll_event ev[2 * AT_ONCE];
    int n = epoll_wait(p->epoll, ev, 2 * AT_ONCE, 0);
    for (int k = 0; k < n; k++) {
        struct easel *e = &p->easels[ev[k].data.u64 / 2];
        if (!e->job) {
            continue; /* its end was told before its picture */
        }
        if (ev[k].data.u64 % 2 == 1) {
            finish(e);
        } else if (!paint_child_read(&e->child) && e->child.out.overflow) {
            paint_child_kill(&e->child);
        }
    }
}

/* ---- all of them ---- */

static void begin_jobs(void *ctx) {
    struct painter *p = ctx;
    for (size_t i = 0; i < AT_ONCE && p->first; i++) {
        if (p->easels[i].job) {
            continue;
        }
        struct job *job = p->first;
        p->first = job->next;
        p->last = p->first ? p->last : &p->first;
        if (!begin_job(p, i, job)) {
            end_job(p, job, NULL, "painting cannot be started");
            loop_timer_set(p->begin, 0);
        }
    }
}

struct painter *painter_create(const struct painter_setup *setup) {
    struct painter *p = xmalloc(sizeof(*p));
    *p = (struct painter){.program = setup->program ? xstrdup(setup->program) : NULL,
                          .limit_ms = setup->limit_ms > 0 ? setup->limit_ms : PAINT_LIMIT_MS,
                          .epoll = epoll_create1(EPOLL_CLOEXEC)};
    p->last = &p->first;
    if (p->epoll < 0 || !loop_watch(setup->loop, p->epoll, on_ready, p)) {
        xalloc_die();
    }
    p->begin = loop_timer_create(setup->loop, begin_jobs, p);
    for (size_t i = 0; i < AT_ONCE; i++) {
        p->easels[i].painter = p;
        p->easels[i].limit = loop_timer_create(setup->loop, on_limit, &p->easels[i]);
    }
    return p;
}

void painter_destroy(struct painter *p) {
    if (!p) {
        return;
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        struct easel *e = &p->easels[i];
        if (e->job) {
            paint_child_kill(&e->child);
            (void)paint_child_end(&e->child);
            buf_free(&e->child.out);
            free_job(e->job);
        }
        loop_timer_destroy(e->limit);
    }
    while (p->first) {
        struct job *next = p->first->next;
        free_job(p->first);
        p->first = next;
    }
    loop_timer_destroy(p->begin);
    free(p->program);
    free(p);
}

void painter_paint(struct painter *p, const char *json, painter_done *done, void *ctx, int64_t id) {
    struct job *job = xmalloc(sizeof(*job));
    *job = (struct job){.json = xstrdup(json), .done = done, .ctx = ctx, .id = id};
    *p->last = job;
    p->last = &job->next;
    loop_timer_set(p->begin, 0);
}
