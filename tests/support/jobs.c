#include "tests/support/jobs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/wire.h"

static void finish_one(struct jobs *j) {
    int status = 1;
    pid_t pid = wait(&status);
    size_t i = 0;
    while (j->list[i].pid != pid) {
        i++;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    if (code != 0) {
        printf("%s: %s\n", j->list[i].name, code == JOB_SKIPPED ? "skipped" : "FAILED");
        fflush(stdout);
    }
    *(code == 0 ? &j->passed : code == JOB_SKIPPED ? &j->skipped : &j->failed) += 1;
    j->list[i] = j->list[--j->n];
}

void jobs_begin(struct jobs *j, job_run *run, const char *name) {
    if (j->n == JOBS_AT_ONCE) {
        finish_one(j);
    }
    fflush(stdout);
    struct job *job = &j->list[j->n++];
    *job = (struct job){.name = name, .begin_ms = wire_now_ms()};
    job->pid = fork();
    if (job->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int code = run(name);
        if (code == 0) {
            printf(" (%lld ms)\n", (long long)(wire_now_ms() - job->begin_ms));
        }
        exit(code);
    }
}

void jobs_finish(struct jobs *j) {
    while (j->n > 0) {
        finish_one(j);
    }
}
