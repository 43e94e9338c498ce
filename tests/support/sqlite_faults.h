/*
 * Lets the n-th call of SQLite fail once. For tests that are linked with the flags of
 * sqlite_faults.flags, which they name in their LDFLAGS line; in every other binary the calls go
 * straight to SQLite and nothing of this is linked.
 */
#ifndef KIZUKI_TESTS_SUPPORT_SQLITE_FAULTS_H
#define KIZUKI_TESTS_SUPPORT_SQLITE_FAULTS_H

#include <stdbool.h>

#define SQLITE_FAULT_CODES 4

struct sqlite_fault {
    bool armed;        /* calls count, and may fail, only then */
    int target;        /* the call that fails, from 1 */
    int calls;         /* so far */
    bool after;        /* it does its work and then says it failed, where it can */
    int rc;            /* what it says; a full disk also ends the transaction, as SQLite may */
    int err;           /* what the store has to make of that */
    const char *fired; /* the function that failed, NULL for none yet */
    char sql[64];      /* the beginning of the statement, if it has one */
    bool two_sided;    /* `after` made or would have made a difference */
    bool may_pass;     /* its failure needs not be reported */
};

extern struct sqlite_fault fault;

/* Counts from 0 again. The code is the one whose turn it is; no call fails for target 0. */
void sqlite_fault_arm(int target, int turn, bool after);

#endif
