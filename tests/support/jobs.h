/*
 * Parts of a test at once, each in a process of its own, so that a failure is one failure. A part
 * says in one line what it did; what ends badly is named here.
 */
#ifndef KIZUKI_TESTS_SUPPORT_JOBS_H
#define KIZUKI_TESTS_SUPPORT_JOBS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define JOBS_AT_ONCE 3  /* most of the time of tests over the wire is waiting */
#define JOB_SKIPPED  77 /* the exit status of a part that is none */

struct jobs {
    struct job {
        pid_t pid;
        const char *name;
        int64_t begin_ms;
    } list[JOBS_AT_ONCE];
    size_t n;
    size_t passed;
    size_t failed;
    size_t skipped;
};

/* The exit status; the name is kept, not copied. */
typedef int job_run(const char *name);
void jobs_begin(struct jobs *j, job_run *run, const char *name);
/* Waits for all of them. */
void jobs_finish(struct jobs *j);

#endif
